"""Rows of any table, with the columns of their cases: every engine gives the same bytes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Final

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import Label, catalogue, table
from community_mediation.metrics._measures import Total
from tests.metrics.frames import FEW
from tests.metrics.objects import OBJECTS
from tests.metrics.worlds import (
    WORLDS,
    World,
    a_world,
    in_duckdb,
    in_lazy,
    in_nullable,
    in_objects,
    in_pandas,
    in_polars,
)

THROUGH: Final = dt.date(2022, 4, 20)
WHOLE: Final = a_world(5, 14, 24)
MANY: Final = a_world(7, 60, 80)
ONE_OF_EACH: Final = (
    "participations",
    "left_of_parties",
    "amount_agreed",
    "procedural_justice",
    "relationship_change",
    "people_served",
    "repeat_users",
    "cases_per_mediator",
    "cases_shared",
    "durability",
    "days_to_agreement",
    "repudiation_within_10_days",
)
Frames = Callable[[World], dict[str, Any]]


@pytest.fixture(params=["lazy Polars", "pandas of objects", "pandas", "pandas over Arrow", "DuckDB"])
def frames(request: pytest.FixtureRequest) -> Iterator[Frames]:
    """The tables in one engine."""
    made: dict[str, Frames] = {
        "lazy Polars": in_lazy,
        "pandas of objects": in_objects,
        "pandas": in_pandas,
        "pandas over Arrow": in_nullable,
    }
    if request.param in made:
        yield made[request.param]
        return
    with duckdb.connect() as connection:
        yield lambda world: in_duckdb(world, connection)


def test_the_whole_catalogue_is_the_same_in_every_engine(frames: Frames) -> None:
    """All at once, by centre, in a period."""
    question: dict[str, Any] = {"metrics": list(catalogue()), "by": "centre", "observed_through": THROUGH}
    expected = table(in_polars(WHOLE), period="2022-03", **question)
    assert sum(row.figure.value is not None for row in expected.rows) > 120
    assert table(frames(WHOLE), period="2022-03", **question).to_json() == expected.to_json()


@pytest.mark.parametrize("name", OBJECTS)
def test_every_kind_of_result_is_the_same_in_every_engine(frames: Frames, name: str) -> None:
    ask = OBJECTS[name]
    expected, found = ask(in_polars(MANY)), ask(frames(MANY))
    assert str(found) == str(expected)
    assert pl.from_dataframe(found.to_frame()).rows() == pl.from_dataframe(expected.to_frame()).rows()


@given(world=WORLDS, by=st.sampled_from([(), ("agreement",)]), period=st.sampled_from([None, "2022-03"]))
@settings(FEW, max_examples=max(5, FEW.max_examples // 5), phases=(Phase.explicit, Phase.generate))
def test_one_of_each_kind_is_the_same_whatever_the_facts(world: World, by: tuple[str, ...], period: str | None) -> None:
    question: dict[str, Any] = {"metrics": ONE_OF_EACH, "by": by, "period": period, "observed_through": THROUGH}
    assert table(in_pandas(world), **question).to_json() == table(in_polars(world), **question).to_json()


FLOATING: Final = Total(
    name="hours", label=Label("Hours", "小时"), grain="case_session", milestone=None, exclusions=(), column="minutes",
    what=Label("hours", "小时"), source="invented",
)  # fmt: skip


def sessions(numbers: list[float]) -> pl.DataFrame:
    """Sessions of so many hours, noted with decimals."""
    return pl.DataFrame(
        {
            "matter_id": [f"m{i % 3}" for i in range(len(numbers))],
            "row": [str(i) for i in range(len(numbers))],
            "attempt": ["a"] * len(numbers),
            "minutes": numbers,
        }
    )


def test_numbers_with_decimals_add_up_the_same_in_any_order() -> None:
    """In floating point 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1; the bytes of a figure are."""
    numbers = [0.1, 0.2, 0.3, 1e9, -0.7, 33.333333] * 30
    shuffled = random.Random(4).sample(numbers, len(numbers))
    assert sum(numbers) != sum(shuffled), "the control: plain sums differ"
    one, other = (table(sessions(each), metrics=[FLOATING]) for each in (numbers, shuffled))
    assert one.to_json() == other.to_json()
    # 0.1 + 0.2 + 0.3 + 1e9 - 0.7 + 33.333333, thirty times.
    assert one["hours"].value == Fraction(30 * 1_000_000_033_233_333, 10**6)


def test_an_infinite_number_is_no_silent_sum() -> None:
    with pytest.raises(InvalidQuery, match="cannot be counted"):
        table(sessions([1.0, float("inf")]), metrics=[FLOATING])


def test_a_number_that_is_none_is_an_empty_cell() -> None:
    """NaN is how pandas and others write that nothing is there: it is missing, not added."""
    found = table(sessions([1.0, float("nan")]), metrics=[FLOATING])["hours"]
    assert (found.value, found.counted, found.missing) == (1, 1, 1)
