"""Spark gives the very figures that the other engines give, whatever clock its session shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import _collected, _unique, catalogue, col, survival, table
from tests.metrics.frames import BOOKS, DAY, Cells, case, in_polars, sample

THROUGH = dt.date(2022, 5, 1)
InSpark = Callable[[pl.DataFrame], Any]
# Each example costs some seconds.
DOZEN = settings(
    max_examples=min(60, max(6, settings().max_examples // 20)),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@given(BOOKS, st.sampled_from([(), ("centre", "on_the_spot"), ("reported_on",)]), st.sampled_from([None, "2022-03"]))
@DOZEN
def test_spark_gives_the_same_table(in_spark: InSpark, book: list[Cells], by: Any, period: str | None) -> None:
    question: dict[str, Any] = {"by": by, "period": period, "observed_through": THROUGH}
    expected = table(in_polars(book), **question)
    assert table(in_spark(in_polars(book)), **question).rows == expected.rows


@given(BOOKS)
@DOZEN
def test_spark_gives_the_same_curve(in_spark: InSpark, book: list[Cells]) -> None:
    one = survival(in_polars(book), by="centre", observed_through=THROUGH)
    assert survival(in_spark(in_polars(book)), by="centre", observed_through=THROUGH).figures == one.figures


def test_spark_gives_the_same_figures_of_the_sample(in_spark: InSpark) -> None:
    facts = in_polars(sample())
    given = in_spark(facts)
    question: dict[str, Any] = {"by": ("centre", "dispute_type"), "period": "2022-05-01..2022-05-01"}
    assert table(given, **question).rows == table(facts, **question).rows
    assert survival(given, unit="minutes", by="centre").figures == survival(facts, unit="minutes", by="centre").figures


def test_a_shifted_clock_would_be_seen(in_spark: InSpark) -> None:
    """The control: a session that lent the instants its own hours would give other figures."""
    facts = in_polars(sample())
    shifted = facts.with_columns(pl.col("reported_at").dt.offset_by("8h"))
    assert survival(facts, unit="minutes").figures != survival(in_spark(shifted), unit="minutes").figures


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.with_columns(pl.selectors.date().dt.to_string("%Y-%m-%d")),
        lambda frame: frame.with_columns(pl.selectors.date().cast(pl.Datetime("us"))),
    ],
    ids=["text", "midnights without a zone"],
)
def test_dates_may_be_written_otherwise(in_spark: InSpark, change: Any) -> None:
    book = in_polars([case(begun=DAY, first_concluded=DAY), case(begun=DAY + dt.timedelta(days=31), centre="west")])
    question: dict[str, Any] = {"period": "2022-03", "by": "centre", "observed_through": THROUGH}
    assert table(in_spark(change(book)), **question).rows == table(book, **question).rows


def test_a_time_of_day_without_a_zone_keeps_its_microseconds(in_spark: InSpark) -> None:
    """In a column of dates, where it has no business: but no engine may round what another keeps."""
    book = in_polars([case(first_concluded=DAY)])
    odd = dt.datetime(2022, 3, 1, 3, 4, 5, 678_901, tzinfo=dt.UTC).replace(tzinfo=None)
    book = book.with_columns(first_concluded_on=pl.lit(odd))
    assert survival(in_spark(book)).figures == survival(book).figures


def test_an_instant_that_names_a_group_is_shown_in_utc(in_spark: InSpark) -> None:
    noon = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
    found = table(in_spark(in_polars([case(reported=noon)])), by="reported_at", metrics="reported")
    assert found.rows[0].group == (noon,)


def test_results_are_frames_of_polars(in_spark: InSpark) -> None:
    given = in_spark(in_polars([case(agreement="full")]))
    assert isinstance(table(given).to_frame(), pl.DataFrame)
    assert isinstance(survival(given).to_frame(), pl.DataFrame)


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda frame: frame.drop("agreement"), {}),
        (lambda frame: pl.concat([frame, frame]), {}),
        (lambda frame: frame, {"by": "center"}),
        (lambda frame: frame.with_columns(on_the_spot=pl.lit("true")), {}),
        (lambda frame: frame.with_columns(reported_at=pl.lit(DAY).cast(pl.Datetime("us"))), {}),
        (lambda frame: frame.with_columns(reported_on=pl.lit("1 March")), {"period": "2022"}),
    ],
    ids=["a column is missing", "twice", "no such group", "text for a flag", "no zone", "no date"],
)
def test_spark_refuses_what_the_others_refuse(in_spark: InSpark, change: Any, options: Any) -> None:
    changed = change(in_polars([case(agreement="full", centre="east"), case(agreement="none")]))
    with pytest.raises(InvalidQuery) as expected:
        table(changed, **options)
    with pytest.raises(InvalidQuery) as caught:
        table(in_spark(changed), **options)
    # What an engine calls its own error is its own.
    assert str(caught.value).partition("(")[0] == str(expected.value).partition("(")[0]


def test_a_number_written_as_text_is_no_number(in_spark: InSpark) -> None:
    metric = attrs.evolve(catalogue()["reported"], filter=col("own_code") == 7)
    with pytest.raises(InvalidQuery, match="compared with something else"):
        table(in_spark(in_polars([case()]).with_columns(own_code=pl.lit("7"))), metrics=[metric])


def test_a_frame_without_rows_gives_noughts_and_no_share(in_spark: InSpark) -> None:
    empty = in_polars([])
    assert table(in_spark(empty), by="centre").rows == table(empty, by="centre").rows


def test_more_groups_than_a_table_holds_are_refused(monkeypatch: pytest.MonkeyPatch, in_spark: InSpark) -> None:
    many = in_spark(in_polars([case(centre=f"centre {number}") for number in range(3)]))
    monkeypatch.setattr(_collected, "MOST_GROUPS", 2)
    with pytest.raises(InvalidQuery, match="more than 2 groups"):
        table(many, by="centre", metrics="reported")


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_cases_that_stand_twice_are_found_on_the_cluster_or_after_it(
    monkeypatch: pytest.MonkeyPatch, in_spark: InSpark, most: int
) -> None:
    monkeypatch.setattr(_unique, "MOST_FROM_AFAR", most)
    facts = in_polars([case(), case(), case()])
    assert table(in_spark(facts), metrics="reported").rows == table(facts, metrics="reported").rows
    with pytest.raises(InvalidQuery, match="4 rows for 3 cases"):
        table(in_spark(pl.concat([facts, facts[:1]])), metrics="reported")
