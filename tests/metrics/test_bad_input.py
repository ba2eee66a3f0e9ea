"""Never a silent number: what cannot be counted is refused, and the message says what to do."""

from __future__ import annotations

import math
import sys
from typing import Any

import attrs
import pandas as pd
import polars as pl
import pytest

from community_mediation import open_casebook
from community_mediation.errors import InvalidQuery, InvalidValue, MissingExtra
from community_mediation.facts.tables import CASE_SESSION
from community_mediation.metrics import Label, Metric, catalogue, col, describe, durability_at, survival, table
from tests.metrics.frames import DAY, case, in_pandas, in_polars

FRAME = in_polars([case(agreement="full", centre="east"), case(agreement="none")])


def refused(match: str | None, *frame: Any, **options: Any) -> None:
    with pytest.raises(InvalidQuery, match=match):
        table(frame[0] if frame else FRAME, **options)


def test_missing_columns_are_named_with_who_needs_them() -> None:
    refused("lacks agreement, reported, which agreement_of_reported needs",
            FRAME.drop("agreement", "reported"), metrics="agreement_of_reported")  # fmt: skip


def test_a_frame_of_another_grain_is_recognised() -> None:
    refused("looks like case_session", pl.DataFrame({name: [""] for name in CASE_SESSION.names}))


def test_a_metric_of_another_grain_is_refused() -> None:
    refused("counts the table case_party", metrics=[attrs.evolve(catalogue()["reported"], grain="case_party")])


def test_rows_that_would_count_a_case_twice_are_refused() -> None:
    """The usual slip: a join with the parties before the counting."""
    refused("4 rows for 2 cases", pl.concat([FRAME, FRAME]))


def test_all_versions_of_the_rows_are_not_the_current_rows() -> None:
    refused("all versions", FRAME.with_columns(known_from=pl.lit(1)))


def test_an_unknown_metric_is_answered_with_near_names() -> None:
    refused(r"Did you mean .*agreement_of_begun", metrics="agreement_of_begin")


@pytest.mark.parametrize("name", ["resolution_rate", "success_rate"])
def test_a_rate_without_its_denominator_is_answered_with_those_that_name_one(name: str) -> None:
    refused("named by its denominator: agreement_of_reported", metrics=[name])


def test_an_unknown_column_to_break_down_by_is_answered_with_the_possible_ones() -> None:
    refused(r"Possible: .*centre, .*dispute_type", by="center")


@pytest.mark.parametrize("name", ["center", "matter_id", "own"])
def test_a_book_names_all_columns_to_break_down_by_and_not_only_those_it_would_read(name: str) -> None:
    with open_casebook("memory:") as book, pytest.raises(InvalidQuery, match=r"the table case .*centre, .*source"):
        table(book, metrics="reported", by=name)


@pytest.mark.parametrize("days", [-5, 1.5, "30", True])
def test_a_number_of_days_that_is_none_is_refused(days: Any) -> None:
    with pytest.raises(InvalidValue, match="a whole number of days"):
        durability_at(days)


@pytest.mark.parametrize("time", [-1, "30", math.inf, math.nan, True])
def test_a_time_that_no_curve_has_is_refused_in_the_unit_of_the_curve(time: Any) -> None:
    found = survival(in_polars([case(concluded=DAY, first_concluded=DAY)]), "days_to_conclusion")
    with pytest.raises(InvalidQuery, match="a number of days, 0 or more"):
        found.at(time)


def test_a_metric_is_described_by_its_name_too() -> None:
    assert describe("agreement_of_begun") == describe(catalogue()["agreement_of_begun"])
    with pytest.raises(InvalidQuery, match="Did you mean agreement_of_begun"):
        describe("agreement_of_begin")


@pytest.mark.parametrize("name", ["matter_id", "own"])
def test_a_breakdown_into_single_cases_is_refused(name: str) -> None:
    refused("Cannot break down", by=name)


@pytest.mark.parametrize(
    "options",
    [
        {"metrics": []},
        {"metrics": ["reported", "reported"]},
        {"metrics": [3]},
        {"by": ["centre", "centre"]},
        {"period": "soon"},
        {"period": 2022},
        {"on_the_spot": "maybe"},
        {"interval": "normal"},
        {"interval": ["wilson"]},
        {"observed_through": "today"},
        {"lang": "xx"},
        {"metrics": [Metric(name="bare", label=Label("bare", "空"), source="nobody")]},
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(options: dict[str, Any]) -> None:
    refused(None, **options)


@pytest.mark.parametrize("frame", [None, 3, "cases.csv", [case()], {"reported": ["at"]}, pl.Series([1])])
def test_what_is_no_frame_is_refused(frame: Any) -> None:
    refused("not a frame", frame)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"agreement": pl.lit(1)}, "not text"),
        ({"reported_on": pl.col("reported_at")}, "instants, not local dates"),
        ({"reported_at": pl.lit(DAY).cast(pl.Datetime("us"))}, "without a zone"),
        ({"reported_at": pl.lit("2022-03-01T00:00:00Z")}, "without a zone"),
        ({"reported_on": pl.lit("1 March")}, "cannot be counted"),
    ],
)
def test_a_column_of_a_wrong_type_is_refused(change: dict[str, pl.Expr], match: str) -> None:
    refused(match, FRAME.with_columns(**change), period="2022")


def test_times_without_a_zone_are_refused_in_pandas_too() -> None:
    """Casting them would invent one."""
    frame = in_pandas([case()])
    frame["reported_at"] = pd.Series([pd.Timestamp("2022-03-01 12:00")], dtype=object)
    refused("without a zone", frame)


def test_an_engines_own_message_is_not_passed_on() -> None:
    """It may quote cells."""
    with pytest.raises(InvalidQuery) as caught:
        table(FRAME.with_columns(reported_on=pl.lit("LiMing")), period="2022")
    assert "LiMing" not in str(caught.value) and caught.value.__suppress_context__


def test_an_own_condition_of_another_type_is_refused() -> None:
    metric = attrs.evolve(catalogue()["reported"], filter=col("parties") == "two")
    for frame in (FRAME, in_pandas([case()])):
        refused("'parties' holds int", frame, metrics=[metric])


@pytest.mark.parametrize("missing", ["narwhals", "narwhals.stable.v2"])
@pytest.mark.parametrize("ask", [table, survival])
def test_a_missing_package_is_answered_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, missing: str, ask: Any
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[metrics\]"):
        ask(FRAME)


def test_scores_that_a_gap_made_floats_are_the_same_scores() -> None:
    """Beside an empty cell some engines keep whole numbers as floats; a half score is none of the scale."""
    answers = {
        "matter_id": [f"m{n}" for n in range(4)], "row": ["a"] * 4, "question": ["satisfaction"] * 4,
        "answered": ["at"] * 4, "answered_on": [DAY] * 4, "score": [5.0, 2.0, None, 4.5], "conclusion": ["settled"] * 4,
    }  # fmt: skip
    for frame in (pl.DataFrame(answers), pd.DataFrame(answers)):
        found = table(frame, metrics="satisfied_of_answers")["satisfied_of_answers"]
        assert (found.numerator, found.denominator) == (1, 2)
