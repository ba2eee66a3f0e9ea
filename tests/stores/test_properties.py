"""What holds for any text, moment and number."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import ColumnType
from community_mediation.ports import Filter, Key, Op, Sort, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.stores.kit.cells import decimal_key, instant_text, keep, read
from community_mediation.stores.kit.cursor import Cursor
from community_mediation.testing.stores.gardens import CROPS, PLOT, RENTS, change, plot, rows_of

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(CROPS)
ints = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(RENTS)
moments = st.datetimes(timezones=st.just(dt.UTC))
cells = st.fixed_dictionaries(
    {},
    optional={
        "crop": texts,
        "beds": ints,
        "slope": floats,
        "fenced": st.booleans(),
        "rent": decimals,
        "sown_on": st.dates(),
        "watered_at": moments,
    },
)


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that all examples share, each with a matter of its own."""
    path = tmp_path_factory.mktemp("store") / "book.db"
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore.open(path)
    made.prepare([PLOT])
    yield made
    made.close()


numbers = itertools.count()


@given(text=texts, body=texts, private=st.dictionaries(texts, texts, max_size=3), row=cells)
def test_what_is_written_is_what_is_read(
    store: Store, text: str, body: str, private: dict[str, str], row: dict[str, Any]
) -> None:
    """Law 4: body, private parts, keys and cells, to the last character, microsecond and exponent."""
    matter = f"{text}#{next(numbers)}"
    given_row = plot(matter, text, **row)
    store.commit([change(matter, body=body, private=private, keys=[Key(text, matter)], add=[given_row])])
    (entry,) = store.entries(matter)
    (found,) = rows_of(store, filters=[Filter("matter_id", Op.EQ, matter)])
    assert (entry.matter_id, entry.body, entry.private) == (matter, body, private)
    assert store.key(text, matter) == matter
    assert found == given_row.cells
    assert [str(cell) for cell in found if isinstance(cell, Decimal)] == [
        str(cell) for cell in given_row.cells if isinstance(cell, Decimal)
    ]
    assert list(map(type, found)) == list(map(type, given_row.cells))


@given(
    rows=st.lists(cells, max_size=12),
    column=st.sampled_from(PLOT.names),
    descending=st.booleans(),
    limit=st.integers(1, 5),
)
def test_pages_together_are_all_rows_in_order(
    store: Store, rows: list[dict[str, Any]], column: str, descending: bool, limit: int
) -> None:
    """Law 6: none is lost, none comes twice, whatever the column holds."""
    matter = f"pages#{next(numbers)}"
    added = [plot(matter, f"{number:02}", **row) for number, row in enumerate(rows)]
    store.commit([change(matter, add=added)])
    index = PLOT.names.index(column)
    filled: list[tuple[Any, ...]] = [row.cells for row in added if row.cells[index] is not None]
    wanted = sorted(filled, key=lambda row: row[index], reverse=descending)
    wanted += [row.cells for row in added if row.cells[index] is None]
    own, sort = [Filter("matter_id", Op.EQ, matter)], Sort(column, descending)
    page = store.find("plot", own, sort, limit)
    found = list(page.rows)
    while page.cursor is not None:
        store.commit([change(f"other#{next(numbers)}")])
        page = store.find("plot", own, sort, limit, page.cursor)
        found += page.rows
    assert found == wanted


@given(rows=st.lists(cells, max_size=8), low=cells, high=cells, part=texts)
def test_filters_find_just_what_meets_them(
    store: Store, rows: list[dict[str, Any]], low: dict[str, Any], high: dict[str, Any], part: str
) -> None:
    """Law 6: each operator, on values of every type."""
    matter = f"filters#{next(numbers)}"
    added = [plot(matter, f"{number:02}", **row).cells for number, row in enumerate(rows)]
    store.commit([change(matter, add=[plot(matter, f"{number:02}", **row) for number, row in enumerate(rows)])])

    def found(asked: Filter) -> list[tuple[Any, ...]]:
        return rows_of(store, filters=[Filter("matter_id", Op.EQ, matter), asked])

    for index, name in enumerate(PLOT.names):
        a, b = low.get(name), high.get(name)
        filled: list[Any] = [row for row in added if row[index] is not None]
        assert found(Filter(name, Op.RANGE, (a, b))) == [
            row for row in filled if (a is None or a <= row[index]) and (b is None or row[index] < b)
        ]
        if a is not None:
            assert found(Filter(name, Op.EQ, a)) == [row for row in filled if row[index] == a]
    assert found(Filter("crop", Op.CONTAINS, part)) == [
        row for row in added if part in str(row[2] or "") and row[2] is not None
    ]


# The forms that cells are kept in


@given(one=decimals, other=decimals)
def test_the_keys_of_decimals_are_in_the_order_of_the_numbers(one: Decimal, other: Decimal) -> None:
    """Equal for equal numbers, however they are written."""
    first, second = decimal_key(str(one)), decimal_key(str(other))
    assert first is not None
    assert second is not None
    assert (first < second, first == second) == (one < other, one == other)


@pytest.mark.parametrize("kind", list(ColumnType))
def test_an_empty_cell_is_kept_empty(kind: ColumnType) -> None:
    """Whatever its column."""
    assert keep(kind, None) is None
    assert read(kind, None) is None
    assert decimal_key(None) is None


@given(one=moments, other=moments)
def test_the_texts_of_moments_are_in_the_order_of_time(one: dt.datetime, other: dt.datetime) -> None:
    """All of one width, exact, and read back as UTC."""
    first, second = instant_text(one), instant_text(other)
    assert len(first) == 27
    assert (first < second, first == second) == (one < other, one == other)
    assert read(ColumnType.INSTANT, first) == one


@given(text=st.text(), head=st.integers(0, 5))
def test_no_text_passes_for_a_cursor(text: str, head: int) -> None:
    """Law 7: anything else is an invalid question."""
    with pytest.raises(InvalidQuery):
        Cursor.parse(text, question="q", column=PLOT.columns[2], head=head)


@given(value=texts | st.none(), matter=texts, row=texts, position=st.integers(0, 9))
def test_a_cursor_is_read_as_it_was_written(value: str | None, matter: str, row: str, position: int) -> None:
    """For its own question, and a journal that reaches so far."""
    cursor = Cursor("q", position, value, matter, row)
    text = cursor.text(PLOT.columns[2])
    assert Cursor.parse(text, question="q", column=PLOT.columns[2], head=9) == cursor
    for question, head in (("p", 9), ("q", position - 1)):
        with pytest.raises(InvalidQuery):
            Cursor.parse(text, question=question, column=PLOT.columns[2], head=head)
