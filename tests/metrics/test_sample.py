"""The public sample: 924 complaints, of which 480 had ended when it was taken."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from community_mediation.metrics import CountFigure, ProportionFigure, survival, table
from tests.metrics.frames import in_pandas, in_polars, sample


@pytest.fixture(scope="module")
def facts() -> pl.DataFrame:
    return in_polars(sample())


# Computed apart from this library, with R's conventions, from the same file (minutes).
MEDIANS = {
    "all": (924, 480, 32.4167, 58.7167),
    "all noise": (729, 416, 32.7, 53.8),
    "Noise - Residential": (379, 218, 34.1167, 55.4),
    "Noise - Street/Sidewalk": (159, 92, 30.2917, 54.4667),
}


def chosen(facts: pl.DataFrame, group: str) -> pl.DataFrame:
    if group == "all":
        return facts
    kind = pl.col("dispute_type")
    return facts.filter(kind.str.starts_with("Noise") if group == "all noise" else kind == group)


@pytest.mark.parametrize("group", MEDIANS)
def test_the_reference_medians_come_out(facts: pl.DataFrame, group: str) -> None:
    cases, ended, closed_only, median = MEDIANS[group]
    found = survival(chosen(facts, group), unit="minutes").total
    assert (found.estimate.cases, found.estimate.ended) == (cases, ended)
    assert round(found.closed_only_value or 0, 4) == closed_only
    assert round(found.value or 0, 4) == median
    assert (found.left_out, found.known_to_day) == ((), 0)


def test_both_medians_are_printed_and_the_short_one_is_labelled(facts: pl.DataFrame) -> None:
    text = str(survival(facts, unit="minutes"))
    assert "58.7 minutes" in text and "closed-only median 32.4" in text


def test_pandas_gives_the_same_medians() -> None:
    found = survival(in_pandas(sample()), unit="minutes", by="dispute_type")
    assert round(found.total.value or 0, 4) == 58.7167
    assert round(found["Noise - Residential"].value or 0, 4) == 55.4


@pytest.mark.parametrize("reading", ["implied", "as_recorded"])
def test_a_register_without_outcomes_gives_no_agreement_figure_on_any_rung(facts: pl.DataFrame, reading: str) -> None:
    """Not one of the 924 is taken for a settlement, or for a failure."""
    found = table(facts, on_the_spot=reading)
    shares = [row.figure for row in found.rows if isinstance(row.figure, ProportionFigure)]
    assert len(shares) == 8
    for share in shares:
        # A case that is still open is not among the cases concluded.
        unknown = 480 if "concluded" in share.metric.name else 924
        assert (share.value, share.interval, share.percent()) == (None, None, f"unknown: {unknown}")
        assert (share.numerator, share.denominator, share.outside) == (0, 0, 0)


def test_its_volumes_are_known_and_its_milestones_inside_are_not(facts: pl.DataFrame) -> None:
    found = table(facts, period="2022-05-01..2022-05-01")
    counts: dict[str, Any] = {
        row.metric.name: row.figure.value for row in found.rows if isinstance(row.figure, CountFigure)
    }
    assert counts == {
        "reported": 924, "accepted": None, "begun": None, "concluded": 480, "closed": None, "open_at_end": 444,
    }  # fmt: skip


def test_nobody_knows_which_were_open_at_the_end_of_the_month(facts: pl.DataFrame) -> None:
    """The sample was taken on the first of May."""
    assert table(facts, period="2022-05")["open_at_end"].reason == "unknown: 444"
