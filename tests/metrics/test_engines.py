"""One definition, any engine: the same book gives the same bytes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.metrics import survival, table
from tests.metrics.engines import ENGINES, in_duckdb
from tests.metrics.frames import BOOKS, DAY, FEW, Cells, case, in_pandas, in_polars, sample

THROUGH = dt.date(2022, 5, 1)


class Book:
    """Something with ``to_polars``, as a casebook's facts are."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def to_polars(self) -> pl.DataFrame:
        return self.frame


def same_day_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as they stand in a CSV file."""
    return frame.with_columns(pl.selectors.date().dt.to_string("%Y-%m-%d"))


def in_another_zone(frame: pl.DataFrame) -> pl.DataFrame:
    """The same instants by another clock."""
    return frame.with_columns(pl.selectors.datetime().dt.convert_time_zone("Asia/Shanghai"))


SHAPES: dict[str, Any] = {
    **ENGINES,
    "a book's facts": Book,
    "dates as text": same_day_as_text,
    "dates as text in DuckDB": lambda frame: in_duckdb(same_day_as_text(frame)),
    "dates as midnights in DuckDB": lambda frame: in_duckdb(frame.with_columns(pl.selectors.date().cast(pl.Datetime))),
    "another zone": in_another_zone,
    "categories": lambda frame: frame.with_columns(pl.col("agreement", "centre").cast(pl.Categorical)),
    "categories in DuckDB": lambda frame: in_duckdb(frame.with_columns(pl.col("centre").cast(pl.Categorical))),
}
BREAKDOWNS = st.sampled_from([(), ("centre", "on_the_spot"), ("reported_on",)])


@pytest.mark.parametrize("shape", SHAPES)
@given(BOOKS, BREAKDOWNS, st.sampled_from([None, "2022-03"]))
@settings(FEW, max_examples=FEW.max_examples // 4)
def test_every_engine_gives_the_same_table(
    shape: str, book: list[Cells], by: tuple[str, ...], period: str | None
) -> None:
    question: dict[str, Any] = {"by": by, "period": period, "observed_through": THROUGH}
    expected = table(in_polars(book), **question)
    found = table(SHAPES[shape](in_polars(book)), **question)
    assert found.to_json() == expected.to_json()
    if shape in ENGINES:
        assert found.rows == expected.rows


@pytest.mark.parametrize("shape", ENGINES)
@given(BOOKS)
@settings(FEW, max_examples=FEW.max_examples // 4)
def test_every_engine_gives_the_same_curve(shape: str, book: list[Cells]) -> None:
    one = survival(in_polars(book), by="centre", observed_through=THROUGH)
    other = survival(ENGINES[shape](in_polars(book)), by="centre", observed_through=THROUGH)
    assert one.figures == other.figures


@pytest.mark.parametrize("shape", ENGINES)
def test_every_engine_gives_the_same_figures_of_the_sample(shape: str) -> None:
    facts = in_polars(sample())
    given = ENGINES[shape](facts)
    question: dict[str, Any] = {"by": ("centre", "dispute_type"), "period": "2022-05-01..2022-05-01"}
    assert table(given, **question).rows == table(facts, **question).rows
    assert survival(given, unit="minutes", by="centre").figures == survival(facts, unit="minutes", by="centre").figures


def test_a_shifted_clock_would_be_seen() -> None:
    """The control: an engine that took the zone's hours for the instant's gives other figures."""
    facts = in_polars(sample())
    shifted = facts.with_columns(pl.col("reported_at").dt.offset_by("-4h"))
    assert survival(facts, unit="minutes").figures != survival(in_duckdb(shifted), unit="minutes").figures


@pytest.mark.parametrize("shape", ["DuckDB by another clock", "pandas over NumPy", "Arrow"])
def test_an_instant_that_names_a_group_is_shown_in_utc(shape: str) -> None:
    facts = in_polars([case(reported=dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC))])
    found = table(ENGINES[shape](facts), by="reported_at", metrics="reported")
    assert found.rows[0].group == (dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC),)
    assert found.to_json() == table(facts, by="reported_at", metrics="reported").to_json()


@given(BOOKS.flatmap(lambda book: st.tuples(st.just(book), st.permutations(book))))
@FEW
def test_the_order_of_the_rows_changes_nothing(books: tuple[list[Cells], list[Cells]]) -> None:
    one, other = (table(in_polars(book), by="centre", observed_through=THROUGH).to_json() for book in books)
    assert one == other


@pytest.mark.parametrize("shape", ENGINES)
def test_a_result_is_a_pandas_frame_for_pandas_and_else_one_of_polars(shape: str) -> None:
    facts = in_polars([case(agreement="full", centre="east"), case(agreement="none", centre=None)])
    given = ENGINES[shape](facts)
    question: dict[str, Any] = {"by": "centre", "metrics": ["reported", "agreement_of_reported"]}
    found: Any = table(given, **question).to_frame()
    assert isinstance(found, pd.DataFrame if isinstance(given, pd.DataFrame) else pl.DataFrame)
    rows = found.to_dict("records") if isinstance(found, pd.DataFrame) else found.to_dicts()
    assert [row["total"] for row in rows] == [False] * 4 + [True] * 2
    assert (rows[0]["count"], rows[0]["centre"]) == (1, "east")
    assert (rows[-1]["numerator"], rows[-1]["denominator"]) == (1, 2)
    assert isinstance(survival(given).to_frame(), type(found))


def test_the_callers_frame_is_not_changed() -> None:
    frame = in_pandas([case(begun=DAY)])
    before = frame.copy(deep=True)
    table(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_columns_of_observation_may_be_lacking_where_no_case_is_registered() -> None:
    frame = in_polars([case(concluded="not_reached", first_concluded=DAY)]).drop("observed_at", "observed_on")
    found = table(frame, period="2022-03")
    assert found["open_at_end"].value == 1 and found["days_to_conclusion"].estimate.ended == 1
