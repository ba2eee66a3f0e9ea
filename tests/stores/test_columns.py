"""Facts column by column: SQLite writes whole columns as texts, and the frame is the one that rows give."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import hypothesis
import polars as pl
import pytest
from hypothesis import strategies as st

import community_mediation as cm
from community_mediation.casebook.columns import WAITING, ahead
from community_mediation.casebook.reading import Facts
from community_mediation.errors import InvalidQuery, StoreDamaged, StoreUnavailable
from community_mediation.facts.schema import MATTER_ID, ROW, Cell, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import Change, ColumnBatch, FactsVersion, Filter, Op, ReadsColumns
from community_mediation.stores import _sqlite_facts
from community_mediation.stores.sqlite import SqliteStore

KINDS = tuple(ColumnType)
SCHEMA = FactsSchema("everything", (MATTER_ID, ROW, *(Column(f"{kind.value}_", kind) for kind in KINDS)))
WITHOUT_FLOATS = [name for name in SCHEMA.names if name != "float_"]

CELLS: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType.TEXT: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    ColumnType.INT: st.integers(-(2**63), 2**63 - 1),
    ColumnType.FLOAT: st.floats(allow_nan=False, allow_infinity=False),
    ColumnType.BOOL: st.booleans(),
    ColumnType.DECIMAL: st.decimals(-(10**31), 10**31, places=6) | st.integers(-99, 99).map(lambda n: Decimal(n) * 10),
    ColumnType.DATE: st.dates(),
    ColumnType.INSTANT: st.datetimes(timezones=st.just(dt.UTC)),
}
NOON = dt.datetime(1900, 1, 1, 12, tzinfo=dt.UTC)
EDGES: list[Sequence[Cell]] = [
    ("\0", 2**53 + 1, 0.1 + 0.2, True, Decimal("1E+3"), dt.date(1, 1, 1), dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
    ('"\\/\b\x1f\u2028😀调解', -(2**63), -0.0, False, Decimal("-0.00"), dt.date(9999, 12, 31), None),
    ("null", 2**63 - 1, 5e-324, None, Decimal("5E-6"), None, dt.datetime(9999, 12, 31, 23, 59, 59, 999999, dt.UTC)),
    (None,) * len(KINDS),
    (
        "",
        0,
        1.7976931348623157e308,
        True,
        Decimal(10**31),
        dt.date(1582, 10, 15),
        dt.datetime(1900, 1, 1, 0, 0, 0, 1, dt.UTC),
    ),
]
ROWS = st.lists(st.tuples(*(st.none() | CELLS[kind] for kind in KINDS)), max_size=9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore.open(tmp_path / "cases.db")
    opened.prepare([SCHEMA])
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three rows, so that a few rows fill some."""
    monkeypatch.setattr(_sqlite_facts, "COLUMN_BATCH", 3)
    monkeypatch.setattr(_sqlite_facts, "CELLS", 0)


def add(store: SqliteStore, rows: Sequence[Sequence[Cell]], matter: str) -> None:
    facts = [FactsRow(SCHEMA.table, (matter, f"{number:03}", *row)) for number, row in enumerate(rows)]
    store.commit([Change(matter_id=matter, kind="thing", expected=0, version=1, body="{}", add=facts)])


Source = Callable[[], Iterator[ColumnBatch]]


def frames(
    store: SqliteStore,
    columns: Sequence[str] = SCHEMA.names,
    filters: Sequence[Filter] = (),
    known_at: int | None = None,
    source: Source | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same facts as rows and as columns give them."""
    asked = (SCHEMA.table, filters, columns, known_at)
    rows = Facts(SCHEMA, tuple(columns), lambda: store.facts(*asked))
    return rows.to_polars(), attrs.evolve(rows, by_column=source or (lambda: store.columns(*asked))).to_polars()


def are_equal(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """In types, order and values; of the two zeros of a float each stays itself."""
    return one.schema == other.schema and one.equals(other, null_equal=True) and one.rows() == other.rows()


@pytest.mark.parametrize("columns", [SCHEMA.names, WITHOUT_FLOATS, ["decimal_"], ["row", "text_", "matter_id"]])
def test_columns_give_the_frame_that_rows_give_at_every_edge(store: SqliteStore, columns: Sequence[str]) -> None:
    """NUL, quotes and emoji, the largest integers, exponents, the first and the last day and microsecond."""
    add(store, EDGES, "m1")
    add(store, EDGES[:2], "m2")
    by_row, by_column = frames(store, columns)
    assert len(by_row) == 7 and are_equal(by_row, by_column)
    if "text_" in columns:
        assert by_column["text_"][:2].to_list() == ["\0", '"\\/\b\x1f\u2028😀调解']


@hypothesis.given(rows=ROWS)
@hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], max_examples=60)
def test_columns_give_the_frame_that_rows_give(rows: list[Sequence[Cell]], tmp_path_factory: Any) -> None:
    store = SqliteStore.open(tmp_path_factory.mktemp("book") / "cases.db")
    try:
        store.prepare([SCHEMA])
        if rows:
            add(store, rows, "m1")
        for columns in (SCHEMA.names, WITHOUT_FLOATS):
            assert are_equal(*frames(store, columns))
    finally:
        store.close()


@pytest.mark.parametrize("count", range(8))
def test_no_row_is_lost_or_doubled_at_the_end_of_a_batch(store: SqliteStore, count: int) -> None:
    if count:
        add(store, [EDGES[0]] * count, "m1")
    by_row, by_column = frames(store, WITHOUT_FLOATS)
    assert by_column["row"].to_list() == by_row["row"].to_list() == [f"{number:03}" for number in range(count)]
    assert by_column.schema == by_row.schema


def test_a_lost_row_is_seen(store: SqliteStore) -> None:
    """The control of the tests above."""
    add(store, EDGES, "m1")

    def losing() -> Iterator[ColumnBatch]:
        for batch in store.columns(SCHEMA.table):
            yield ColumnBatch(batch.columns, [json.dumps(json.loads(text)[:-1]) for text in batch.texts])

    assert not are_equal(*frames(store, source=losing))


def test_a_float_written_with_fewer_digits_is_seen(store: SqliteStore) -> None:
    """The control of the tests above: SQLite's own text of 0.1 + 0.2 is another number."""
    add(store, EDGES[:1], "m1")

    def rounded() -> Iterator[ColumnBatch]:
        for batch in store.columns(SCHEMA.table):
            yield ColumnBatch(batch.columns, [text.replace("0.30000000000000004", "0.3") for text in batch.texts])

    assert not are_equal(*frames(store, source=rounded))


def test_filters_and_past_positions_are_those_of_rows(store: SqliteStore) -> None:
    add(store, EDGES, "m1")
    add(store, EDGES, "m2")
    gone = [RowRef(SCHEMA.table, "m1", "001")]
    store.commit([Change(matter_id="m1", kind="thing", expected=1, version=2, body="{}", close=gone)])
    for known_at in (0, 1, 2, 3):
        for filters in ((), (Filter("bool_", Op.EQ, True),), (Filter("matter_id", Op.EQ, "m2"),)):
            assert are_equal(*frames(store, WITHOUT_FLOATS, filters, known_at))
    lengths = [len(frames(store, WITHOUT_FLOATS, known_at=known_at)[1]) for known_at in (0, 1, 2, 3)]
    assert lengths == [0, 5, 10, 9]


def test_the_position_is_fixed_by_the_call(store: SqliteStore) -> None:
    """What is committed while the batches are read is not among them."""
    add(store, EDGES, "m1")
    reading = store.columns(SCHEMA.table, columns=["matter_id"])
    first = json.loads(next(reading).texts[0])
    add(store, EDGES, "m0")
    add(store, EDGES, "m2")
    assert first + [each for batch in reading for each in json.loads(batch.texts[0])] == ["m1"] * 5


def test_facts_that_are_rebuilt_while_they_are_read_stop_the_reading(store: SqliteStore) -> None:
    add(store, EDGES, "m1")
    reading = store.columns(SCHEMA.table, columns=WITHOUT_FLOATS)
    next(reading)
    store.replace_facts([FactsVersion(FactsRow(SCHEMA.table, ("m1", "000", *EDGES[3])), 1, None)])
    with pytest.raises(StoreUnavailable):
        list(reading)


def test_a_wrong_question_is_refused_by_the_call(store: SqliteStore) -> None:
    questions: list[Callable[[], object]] = [
        lambda: store.columns("no_such"),
        lambda: store.columns(SCHEMA.table, columns=["no_such"]),
        lambda: store.columns(SCHEMA.table, known_at=-1),
    ]
    for wrong in questions:
        with pytest.raises(InvalidQuery):
            wrong()


def test_a_number_that_a_frame_cannot_hold_is_refused_and_not_rounded(store: SqliteStore) -> None:
    add(store, [(None, None, None, None, Decimal("0.0000001"), None, None)], "m1")
    with pytest.raises(InvalidQuery, match="more than 6 places"):
        frames(store, ["decimal_"], source=lambda: store.columns(SCHEMA.table, columns=["decimal_"]))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date_", '["2022-13-01"]'),
        ("instant_", '["yesterday"]'),
        ("decimal_", '["many"]'),
        ("int_", '["x"]'),
        ("text_", "["),
    ],
)
def test_what_is_not_of_its_columns_form_is_damage(name: str, text: str) -> None:
    facts = Facts(SCHEMA, (name,), lambda: iter(()), lambda: iter([ColumnBatch((name,), [text])]))
    with pytest.raises(StoreDamaged):
        facts.to_polars()


def test_a_book_in_sqlite_makes_its_frames_of_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a store that gives rows only is asked for rows."""
    with cm.open_casebook(f"sqlite:///{tmp_path}/cases.db") as book, cm.open_casebook("memory:") as other:
        assert isinstance(book.store, ReadsColumns) and not isinstance(other.store, ReadsColumns)
        facts, plain = book.facts("case"), other.facts("case")
        monkeypatch.setattr(SqliteStore, "facts", None)
        assert facts.to_polars().equals(plain.to_polars())


def test_pages_are_parsed_beside_the_reading_in_their_order_and_few_wait() -> None:
    read: list[int] = []
    taken: list[int] = []

    def pages() -> Iterator[int]:
        for number in range(20):
            assert len(read) - len(taken) <= WAITING + 1
            read.append(number)
            yield number

    for number in ahead(lambda page: page * 2, pages()):
        taken.append(number)
    assert taken == [2 * number for number in range(20)] and len(read) == 20


def test_what_goes_wrong_beside_the_reading_reaches_the_reader() -> None:
    """And what goes wrong in the reading itself, after what was parsed by then."""

    def pages() -> Iterator[int]:
        yield from (1, 2, 3)
        raise StoreDamaged("The fourth page is no page.")

    def parsed(page: int) -> int:
        if page == 2:
            raise StoreDamaged("The second page cannot be parsed.")
        return page

    with pytest.raises(StoreDamaged, match="second page"):
        list(ahead(parsed, iter((1, 2, 3))))
    with pytest.raises(StoreDamaged, match="fourth page"):
        list(ahead(lambda page: page, pages()))


def test_a_reader_that_stops_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    pages = ahead(lambda page: page, iter(range(20)))
    assert next(pages) == 0
    assert {thread.name for thread in set(threading.enumerate()) - before} == {"facts_0"}
    pages.close()
    assert set(threading.enumerate()) <= before
