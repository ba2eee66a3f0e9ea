"""Cells in columns of their own types, for whoever reads the tables; and exact, for whoever reads the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from community_mediation_postgres.store import PostgresStore
from community_mediation_postgres.tables import LONGEST_NAME

from community_mediation.errors import InvalidValue
from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsSchema
from community_mediation.ports import Filter, Op, Sort
from community_mediation.testing.stores.gardens import NOON, PLOT, TOOL, change, plot, ref, rows_of, tool


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore.open(url)
    store.prepare([PLOT, TOOL])
    yield store
    store.close()


@pytest.fixture
def schema(url: str) -> str:
    return url.partition("schema=")[2].partition("&")[0]


def test_other_programs_read_current_rows_in_types_of_their_own(
    store: PostgresStore, schema: str, sql: psycopg.Connection[Any]
) -> None:
    """By plain SQL on a view of the table's name; closed versions stand beside it."""
    cells: dict[str, Any] = {
        "crop": "白菜",
        "beds": 3,
        "slope": 0.1,
        "fenced": True,
        "rent": Decimal("1.50"),
        "sown_on": dt.date(2024, 3, 1),
        "watered_at": NOON,
    }
    store.commit([change("m1", add=[plot(beds=1)])])
    store.commit([change("m1", 1, close=[ref()], add=[plot(**cells)])])
    names = ", ".join(cells)
    assert sql.execute(f"SELECT {names} FROM {schema}.plot").fetchall() == [tuple(cells.values())]
    query = f"SELECT beds, known_from, known_to FROM {schema}.plot_versions ORDER BY known_from"
    assert sql.execute(query).fetchall() == [(1, 1, 2), (3, 2, None)]


RENTS = [
    Decimal(text)
    for text in (
        *("0", "-0", "-0.00", "0E+3", "0E-9", "1", "1.00", "1E+3", "1000", "-1E+3", "1E-30", "-9.990", "123.4500"),
        *("9" * 60, "-" + "9" * 60 + "." + "1" * 60, "1E+131071", "-1E+131071", "1E-16383", "-1E-16383"),
    )
]


def test_decimals_are_exact_and_in_order(store: PostgresStore) -> None:
    """Exponents, signs of zeros and the largest and smallest that the server holds."""
    store.commit([change(f"m{n:02}", add=[plot(f"m{n:02}", rent=rent)]) for n, rent in enumerate(RENTS)])
    found: list[Any] = [rent for (rent,) in rows_of(store, columns=["rent"])]
    assert [rent.as_tuple() for rent in found] == [rent.as_tuple() for rent in RENTS]
    for descending in (False, True):
        page = store.find("plot", sort=Sort("rent", descending), limit=100)
        assert [row[6] for row in page.rows] == sorted(RENTS, reverse=descending)
    for rent in RENTS:
        filters = [Filter("rent", Op.EQ, rent)]
        assert {row[0] for row in rows_of(store, filters=filters, columns=["rent"])} == {rent}
        below = rows_of(store, filters=[Filter("rent", Op.RANGE, (None, rent))])
        assert len(below) == sum(other < rent for other in RENTS)


@pytest.mark.parametrize("text", ["1E+131072", "-1E+131072", "1E-16384", "1E+999999", "-1E-999999"])
def test_a_decimal_that_the_server_cannot_hold_is_refused_and_can_be_compared_with(
    store: PostgresStore, text: str
) -> None:
    """Nothing is rounded in silence; a question about it is answered by what numbers are."""
    number = Decimal(text)
    with pytest.raises(InvalidValue, match="131,072 digits"):
        store.commit([change("m1", add=[plot(rent=number)])])
    store.commit([change(f"m{n:02}", add=[plot(f"m{n:02}", rent=rent)]) for n, rent in enumerate(RENTS)])
    assert rows_of(store, filters=[Filter("rent", Op.EQ, number)]) == []
    assert len(rows_of(store, filters=[Filter("rent", Op.IN, (number, Decimal(1)))])) == 2
    for bounds, wanted in (
        ((number, None), sum(rent >= number for rent in RENTS)),
        ((None, number), sum(rent < number for rent in RENTS)),
    ):
        assert len(rows_of(store, filters=[Filter("rent", Op.RANGE, bounds)])) == wanted


@pytest.mark.parametrize("sort", [None, Sort("crop"), Sort("crop", descending=True), Sort("beds")])
def test_the_four_rare_characters_sort_and_page_like_others(store: PostgresStore, sort: Sort | None) -> None:
    """Also at the end of a page, where they stand in its cursor, in cells as in names."""
    texts = ["\0", "\1", "\2", "\3", "\4", "a\0", "a", "a\3b", "汉\0"]
    store.commit([change(text, add=[plot(text, row, crop=row) for row in texts]) for text in texts])
    rows = [row[:3] for row in rows_of(store)]
    assert rows == sorted((name, row, row) for name in texts for row in texts)
    found, cursor = [], None
    while True:
        page = store.find("plot", sort=sort, limit=4, cursor=cursor)
        found += [row[:3] for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
    if sort is not None and sort.column == "crop":
        rows.sort(key=lambda row: str(row[2]), reverse=sort.descending)
    assert found == rows


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_zone_of_the_session_changes_nothing(url: str, zone: str) -> None:
    """Moments are read in UTC, the first of the calendar too."""
    store = PostgresStore.open(f"{url}&options=-c%20TimeZone%3D{zone}")
    store.prepare([PLOT])
    first = dt.datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)
    last = dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC)
    store.commit([change(m, add=[plot(m, watered_at=at)]) for m, at in (("m1", first), ("m2", last))])
    assert rows_of(store, columns=["watered_at"]) == [(first,), (last,)]
    head = store.head()
    assert head.recorded_at == store.entries("m1")[0].recorded_at
    store.close()


def test_many_rows_and_few_are_written_alike(store: PostgresStore) -> None:
    """By COPY and by INSERT."""
    store.commit([change("m1", add=[tool("m1", str(n), "\0汉", n) for n in range(500)])])
    store.commit([change("m2", add=[tool("m2", str(n), "\0汉", n) for n in range(5)])])
    rows = rows_of(store, "tool")
    assert sorted(rows) == sorted(
        [("m1", str(n), "\0汉", n) for n in range(500)] + [("m2", str(n), "\0汉", n) for n in range(5)]
    )


@pytest.mark.parametrize("name", ["entry", "store", "private", "lease_token", "x" * (LONGEST_NAME + 1)])
def test_a_table_that_would_take_another_name_is_refused(store: PostgresStore, name: str) -> None:
    """Of the store's own, or cut off by the server."""
    with pytest.raises(InvalidValue):
        store.prepare([FactsSchema(name, (MATTER_ID, ROW))])
    with pytest.raises(InvalidValue):
        store.prepare([FactsSchema("a", (MATTER_ID, ROW)), FactsSchema("a_versions", (MATTER_ID, ROW))])


def test_the_longest_names_fit(store: PostgresStore) -> None:
    """Tables and columns, those of decimals too."""
    long = FactsSchema(
        "t" * LONGEST_NAME,
        (MATTER_ID, ROW, Column("c" * 60, ColumnType.DECIMAL), Column("c" * 59, ColumnType.DECIMAL)),
        indexed=("c" * 60,),
    )
    assert store.prepare([long]) == ()


def test_a_name_that_is_too_long_for_an_index_is_refused(store: PostgresStore) -> None:
    """With words, and without the name."""
    name = "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))
    with pytest.raises(InvalidValue, match="too long") as caught:
        store.commit([change(name)])
    assert name[:3] not in str(caught.value)
    assert store.head().position == 0
