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
from tests.metrics.frames import BOOKS, DAY, FEW, Cells, case, in_pandas, in_polars

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
    "lazy Polars": lambda book: in_polars(book).lazy(),
    "pandas of objects": in_pandas,
    "pandas from Polars": lambda book: in_polars(book).to_pandas(),
    "pandas over Arrow": lambda book: in_polars(book).to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "Arrow": lambda book: in_polars(book).to_arrow(),
    "a book's facts": lambda book: Book(in_polars(book)),
    "dates as text": lambda book: same_day_as_text(in_polars(book)),
    "another zone": lambda book: in_another_zone(in_polars(book)),
    "categories": lambda book: in_polars(book).with_columns(pl.col("agreement", "centre").cast(pl.Categorical)),
}


@pytest.mark.parametrize("shape", SHAPES)
@given(BOOKS, st.sampled_from([(), ("centre", "on_the_spot")]), st.sampled_from([None, "2022-03"]))
@settings(FEW, max_examples=FEW.max_examples // 4)
def test_every_engine_gives_the_same_table(
    shape: str, book: list[Cells], by: tuple[str, ...], period: str | None
) -> None:
    question: dict[str, Any] = {"by": by, "period": period, "observed_through": THROUGH}
    expected = table(in_polars(book), **question)
    assert table(SHAPES[shape](book), **question).to_json() == expected.to_json()


@given(BOOKS)
@settings(FEW, max_examples=FEW.max_examples // 2)
def test_both_engines_give_the_same_curve(book: list[Cells]) -> None:
    one = survival(in_polars(book), by="centre", observed_through=THROUGH)
    other = survival(in_pandas(book), by="centre", observed_through=THROUGH)
    assert one.figures == other.figures


@given(BOOKS.flatmap(lambda book: st.tuples(st.just(book), st.permutations(book))))
@FEW
def test_the_order_of_the_rows_changes_nothing(books: tuple[list[Cells], list[Cells]]) -> None:
    one, other = (table(in_polars(book), by="centre", observed_through=THROUGH).to_json() for book in books)
    assert one == other


@pytest.mark.parametrize(
    ("made", "kind"), [(in_polars, pl.DataFrame), (in_pandas, pd.DataFrame), (SHAPES["lazy Polars"], pl.DataFrame)]
)
def test_a_result_is_a_frame_of_the_kind_that_was_given(made: Any, kind: type[Any]) -> None:
    book = [case(agreement="full", centre="east"), case(agreement="none", centre=None)]
    found: Any = table(made(book), by="centre", metrics=["reported", "agreement_of_reported"]).to_frame()
    assert isinstance(found, kind)
    rows = found.to_dict("records") if isinstance(found, pd.DataFrame) else found.to_dicts()
    assert [row["total"] for row in rows] == [False] * 4 + [True] * 2
    assert (rows[0]["count"], rows[0]["centre"]) == (1, "east")
    assert (rows[-1]["numerator"], rows[-1]["denominator"]) == (1, 2)


def test_the_callers_frame_is_not_changed() -> None:
    frame = in_pandas([case(begun=DAY)])
    before = frame.copy(deep=True)
    table(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_columns_of_observation_may_be_lacking_where_no_case_is_registered() -> None:
    frame = in_polars([case(concluded="not_reached", first_concluded=DAY)]).drop("observed_at", "observed_on")
    found = table(frame, period="2022-03")
    assert found["open_at_end"].value == 1 and found["days_to_conclusion"].estimate.ended == 1
