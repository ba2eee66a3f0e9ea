"""What cannot be counted is refused alike by every engine, in the same words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

import attrs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import _collected, _risk_table, _unique, catalogue, col, survival, table
from tests.metrics.engines import ENGINES
from tests.metrics.frames import DAY, case, in_pandas, in_polars

FRAME: Final = in_polars([case(agreement="full", centre="east"), case(agreement="none")])
NOON: Final = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
ALL: Final[dict[str, Callable[[pl.DataFrame], Any]]] = {"Polars": lambda frame: frame, **ENGINES}

every_engine = pytest.mark.parametrize("name", ALL)


def refusal(frame: Any, **options: Any) -> str:
    with pytest.raises(InvalidQuery) as caught:
        table(frame, **options)
    return str(caught.value)


@every_engine
@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda frame: frame.drop("agreement", "reported"), {}),
        (lambda frame: pl.concat([frame, frame]), {}),
        (lambda frame: frame.with_columns(known_from=pl.lit(1)), {}),
        (lambda frame: frame, {"by": "center"}),
        (lambda frame: frame, {"by": "own"}),
        (lambda frame: pl.DataFrame({"anything": [1]}), {}),
    ],
)
def test_a_refusal_is_worded_alike(name: str, change: Callable[[pl.DataFrame], pl.DataFrame], options: Any) -> None:
    changed = change(FRAME)
    assert refusal(ALL[name](changed), **options) == refusal(changed, **options)


@every_engine
@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"agreement": pl.lit(1)}, "'agreement' holds .* not text"),
        ({"agreement": pl.lit(True)}, "'agreement' holds .* not text"),
        ({"on_the_spot": pl.lit("true")}, "'on_the_spot' holds .* not bool"),
        ({"parties": pl.lit("2")}, "'parties' holds .* not int"),
        ({"reported_on": pl.lit(3)}, "'reported_on' holds .* not date"),
        ({"reported_at": pl.lit(NOON.replace(tzinfo=None))}, "without a zone"),
        ({"reported_at": pl.lit("2022-03-01T00:00:00Z")}, "without a zone"),
        ({"reported_on": pl.lit("1 March")}, "cannot be counted"),
    ],
)
def test_a_column_of_a_wrong_type_is_refused(name: str, change: dict[str, pl.Expr], match: str) -> None:
    """DuckDB would take the text "true" for a yes, and pandas "1 March" for a day of this year."""
    few = attrs.evolve(catalogue()["agreement_of_reported"], filter=~(col("parties") == 9))
    given = ALL[name](FRAME.with_columns(**change))
    assert re.search(match, refusal(given, metrics=[few, "days_to_conclusion"], period="2022"))


@every_engine
@pytest.mark.parametrize(
    ("condition", "own"),
    [
        (col("own_code") == 7, pl.lit("7")),
        (col("own_code") == "7", pl.lit(7)),
        (col("own_code") == True, pl.lit("true")),  # noqa: E712 - a condition, not a truth value
        (col("own_code").between(DAY, None), pl.lit("20220301")),
        (col("own_code").between(DAY, None), pl.lit(20_220_301)),
    ],
)
def test_a_column_of_ones_own_is_compared_with_its_own_type_only(name: str, condition: Any, own: pl.Expr) -> None:
    """Some engines would turn the text "7" into the number, and answer."""
    metric = attrs.evolve(catalogue()["reported"], filter=condition)
    refusal(ALL[name](FRAME.with_columns(own_code=own)), metrics=[metric])


@every_engine
@pytest.mark.parametrize(
    ("condition", "own"),
    [
        (col("own_code") == 7, pl.Series([7, None])),
        (col("own_code") == "7", pl.Series(["7", None])),
        (col("own_code") == True, pl.Series([True, None])),  # noqa: E712 - a condition, not a truth value
        (col("own_code").between(DAY, DAY), pl.Series([DAY, None])),
    ],
)
def test_a_column_of_ones_own_can_be_asked_for(name: str, condition: Any, own: pl.Series) -> None:
    """The control of the refusals."""
    metric = attrs.evolve(catalogue()["reported"], filter=condition)
    assert table(ALL[name](FRAME.with_columns(own_code=own)), metrics=[metric])["reported"].value == 1


@every_engine
def test_columns_that_hold_nothing_at_all_are_unknown_and_no_error(name: str) -> None:
    bare = in_polars([case(reported="unknown", reported_on=None, on_the_spot=None) | {"agreement": None}] * 2)
    bare = bare.with_columns(matter_id=pl.Series(["m1", "m2"]))
    assert table(ALL[name](bare), observed_through=DAY).rows == table(bare, observed_through=DAY).rows


def test_columns_without_even_a_type_are_unknown_and_no_error() -> None:
    """Arrow made from Python's own objects has such columns; pandas calls them objects."""
    row = case(agreement="full") | {"matter_id": "m1"}
    expected = table(in_polars([row]), observed_through=DAY).rows
    assert table(pa.Table.from_pylist([row]), observed_through=DAY).rows == expected
    assert table(pl.DataFrame([row]), observed_through=DAY).rows == expected
    assert table(in_pandas([row]), observed_through=DAY).rows == expected


@every_engine
def test_a_frame_without_rows_gives_noughts_and_no_share(name: str) -> None:
    empty = FRAME.clear()
    found = table(ALL[name](empty), by="centre", observed_through=DAY)
    assert {row.group for row in found.rows} == {()}
    assert found.rows == table(empty, by="centre", observed_through=DAY).rows
    assert found["agreement_of_reported"].value is None
    assert survival(ALL[name](empty), observed_through=DAY).total.value is None


def test_instants_by_several_clocks_in_one_column_are_the_same_instants() -> None:
    """In pandas: it keeps such a column as objects."""
    east, west = dt.timezone(dt.timedelta(hours=8)), dt.timezone(dt.timedelta(hours=-5))
    begins = [dt.datetime(2022, 3, 1, 12, tzinfo=zone) for zone in (east, west)]
    rows = [case(reported=begin, first_concluded=begin + dt.timedelta(hours=3)) for begin in begins]
    mixed = in_pandas(rows)
    mixed["reported_at"] = pd.Series(begins, dtype=object)
    assert survival(mixed, unit="hours").figures == survival(in_polars(rows), unit="hours").figures


def test_aware_and_naive_times_in_one_column_are_refused() -> None:
    mixed = in_pandas([case(), case()])
    mixed["reported_at"] = pd.Series([NOON, NOON.replace(tzinfo=None)], dtype=object)
    assert "without a zone" in refusal(mixed)


@every_engine
@pytest.mark.parametrize("ask", [table, survival])
def test_more_groups_than_a_table_holds_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, ask: Any) -> None:
    many = in_polars([case(centre=f"centre {number % 3}") for number in range(9)])
    monkeypatch.setattr(_collected, "MOST_GROUPS", 3)
    ask(ALL[name](many), by="centre", observed_through=DAY)
    monkeypatch.setattr(_collected, "MOST_GROUPS", 2)
    with pytest.raises(InvalidQuery, match="more than 2 groups"):
        ask(ALL[name](many), by="centre", observed_through=DAY)


@every_engine
@pytest.mark.parametrize("ask", [table, survival])
def test_more_rows_than_may_leave_the_engine_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, ask: Any) -> None:
    days = [dt.date(2022, 3, day + 1) for day in range(9)]
    many = in_polars([case(reported=days[0], first_concluded=day, centre=str(day)) for day in days])
    monkeypatch.setattr(_collected, "MOST_ROWS", 8)
    monkeypatch.setattr(_risk_table, "MOST_TIMES", 8)
    with pytest.raises(InvalidQuery, match="More than 8 different rows"):
        ask(ALL[name](many), by="centre", observed_through=days[-1])


@pytest.mark.parametrize("name", ["Polars", "Polars over a file", "DuckDB"])
def test_a_column_that_names_single_cases_is_too_many_groups(name: str) -> None:
    count = 100_001
    many = pl.select(centre=pl.int_range(count).cast(pl.String)).join(
        FRAME.head(1).drop("centre", "matter_id"), how="cross"
    )
    assert "more than 100,000 groups" in refusal(ALL[name](many), by="centre", metrics="reported")


@every_engine
@pytest.mark.parametrize("day", [dt.date(2022, 1, 31), dt.date(1969, 1, 31)])
def test_a_day_that_is_told_with_a_time_of_day_is_in_its_period(name: str, day: dt.date) -> None:
    """The last evening of a month belongs to it."""
    evening = dt.datetime.combine(day, dt.time(23))
    frame = in_polars([case(agreement="full")]).with_columns(reported_on=pl.lit(evening).cast(pl.Datetime("us")))
    found = {month: table(ALL[name](frame), metrics="reported", period=month) for month in (f"{day:%Y-%m}", "2022-02")}
    assert [each["reported"].value for each in found.values()] == [1, 0]


@every_engine
def test_what_is_no_number_is_an_empty_cell(name: str) -> None:
    """A sum over cells of which one holds NaN says that one is missing."""
    rows = in_polars([case(agreement="full", agreed=DAY), case(agreement="full", agreed=DAY)])
    frame = rows.with_columns(amount_agreed=pl.Series([2.5, float("nan")]), amount_agreed_currency=pl.lit("CNY"))
    found = table(ALL[name](frame), metrics="amount_agreed")["amount_agreed"]
    assert (found.value, found.missing) == (2.5, 1)


@every_engine
@pytest.mark.parametrize("most", [0, 1_000_000])
def test_cases_that_stand_twice_are_found_in_the_engine_or_after_it(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    """What tells rows apart leaves the engine only where it is not too much."""
    monkeypatch.setattr(_unique, "MOST_HASHES", most)
    facts = in_polars([case(), case(), case()])
    assert table(ALL[name](facts), metrics="reported").rows == table(facts, metrics="reported").rows
    assert "4 rows for 3 cases" in refusal(ALL[name](pl.concat([facts, facts[:1]])), metrics="reported")


@every_engine
def test_different_cases_of_the_same_hash_are_none_that_stand_twice(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Where two hashes are the same, the rows themselves are asked."""
    facts = in_polars([case(), case(), case()])
    expected = table(facts, metrics="reported").rows
    monkeypatch.setattr(_unique, "_hashes", lambda lazy, names, counted: (3, 2))
    assert table(ALL[name](facts), metrics="reported").rows == expected
