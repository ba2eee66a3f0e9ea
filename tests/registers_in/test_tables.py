"""Tables of facts in Parquet, DuckDB and SQLite: what other programs read is what the book says, and names no one."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import community_mediation as cm
from community_mediation.casebook import Casebook, Facts
from community_mediation.domain.values import When
from community_mediation.errors import (
    InvalidInput,
    InvalidQuery,
    MediationError,
    MissingExtra,
    StoreFull,
    StoreUnavailable,
)
from community_mediation.facts.schema import MATTER_ID, ROW, Cell, Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import Kind, RecordBatch
from community_mediation.registers import export_tables, tables, tables_parquet
from community_mediation.stores import MemoryStore
from community_mediation.stores.kit import Reader
from tests.casebook.checks import found_in
from tests.casebook.hazard import HAZARD, found
from tests.casebook.moving import Steps, Writer, steps, with_hazards
from tests.casebook.samples import FEW, NOON, Canaries, at, cut, reported, settled, watched

KINDS: Final = ("parquet", "duckdb", "sqlite")
Row = tuple[Any, ...]

# ---------------------------------------------------------------- other programs


def with_pyarrow(path: Path, table: str) -> list[Row]:
    return [tuple(row.values()) for row in pq.read_table(path / table).to_pylist()]


def with_polars(path: Path, table: str) -> list[Row]:
    return pl.read_parquet(path / table / "*.parquet").rows()


def duckdb_over_parquet(path: Path, table: str) -> list[Row]:
    with closing(duckdb.connect()) as connection:
        return connection.sql(f"SELECT * FROM '{path / table}/*.parquet'").fetchall()


def with_duckdb(path: Path, table: str) -> list[Row]:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        return connection.sql(f'SELECT * FROM "{table}"').fetchall()


def with_sqlite(path: Path, table: str) -> list[Row]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
        if table.startswith("_"):
            return rows
        types = connection.execute(
            'SELECT column_name, type FROM "_columns" WHERE table_name = ? ORDER BY number', (table,)
        ).fetchall()
    # What is text in the file is read by the types that the file tells of.
    return [*map(Reader([Column(name, ColumnType(type)) for name, type in types]), rows)]


READERS: Final[dict[str, Sequence[Callable[[Path, str], list[Row]]]]] = {
    "parquet": (with_pyarrow, with_polars, duckdb_over_parquet),
    "duckdb": (with_duckdb,),
    "sqlite": (with_sqlite,),
}


def plain(rows: Sequence[Row]) -> list[str]:
    """Rows to compare: numbers by their value, moments in UTC, types as they are."""

    def cell(value: Any) -> Any:
        if isinstance(value, Decimal):
            return ("decimal", f"{value.normalize() + 0:f}")
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).isoformat()
        return (type(value).__name__, value)

    return sorted(repr([cell(value) for value in row]) for row in rows)


def wanted(book: Casebook, table: str, **how: Any) -> list[str]:
    return plain([tuple(row.values()) for row in book.facts(table, **how).rows()])


def versions_of(book: Casebook, table: str, known_at: int | None = None) -> list[str]:
    found = [each for each in book.versions(known_at) if each.row.table == table]
    return plain([(*each.row.cells, each.known_from, each.known_to) for each in found])


# ---------------------------------------------------------------- the same rows


@FEW
@given(steps=steps(8), kind=st.sampled_from(KINDS), back=st.integers(0, 9))
def test_what_is_read_is_what_the_book_says(
    tmp_path_factory: pytest.TempPathFactory, steps: Steps, kind: str, back: int
) -> None:
    """Every table, by every program, with all versions, as known at any position; books of any life."""
    path = tmp_path_factory.mktemp("out") / f"facts.{kind}"
    with Casebook(MemoryStore(), with_hazards().values()) as book:
        Writer(book).all(steps)
        position = max(0, book.store.head().position - back)
        result = export_tables(book, path, versions=True, known_at=position)
        count = 0
        for table in book.tables:
            for read in READERS[kind]:
                assert plain(read(path, table)) == wanted(book, table, known_at=position)
                assert plain(read(path, f"{table}_versions")) == versions_of(book, table, position)
            count += len(read(path, table)) + len(read(path, f"{table}_versions"))
        assert result.rows == count


@pytest.fixture
def book() -> Iterator[Casebook]:
    """A book of some cases."""
    with Casebook(MemoryStore(), with_hazards().values()) as book:
        for number in range(3):
            for part in cut(settled(f"case-{number}"), 3, 6):
                book.save(part)
        book.save(found("hazard-1"))
        yield book


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_true_at_a_moment_is_read(book: Casebook, tmp_path: Path, kind: str) -> None:
    """In the middle of the lives of the cases."""
    then = at(27)
    export_tables(book, tmp_path / "out", kind=kind, valid_at=then)
    for table in book.tables:
        for read in READERS[kind]:
            assert plain(read(tmp_path / "out", table)) == wanted(book, table, valid_at=then)
    assert wanted(book, "case", valid_at=then) != wanted(book, "case")
    assert READERS[kind][0](tmp_path / "out", "_book")[0][4] is not None


@pytest.mark.parametrize("kind", KINDS)
def test_some_tables_alone_can_be_had(book: Casebook, tmp_path: Path, kind: str) -> None:
    export_tables(book, tmp_path / "out", kind=kind, tables=["case", "hazard"])
    described = READERS[kind][0](tmp_path / "out", "_columns")
    assert {row[0] for row in described} == {"case", "hazard"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_says_of_which_state_of_the_book_it_tells(book: Casebook, tmp_path: Path, kind: str) -> None:
    """Its position and hash are an anchor, which the book keeps; the columns are described with their versions."""
    export_tables(book, tmp_path / "now", kind=kind)
    export_tables(book, tmp_path / "then", kind=kind, known_at=4)
    for read in READERS[kind]:
        for name, position in (("now", book.store.head().position), ("then", 4)):
            ((library, told, digest, recorded_at, valid_at),) = read(tmp_path / name, "_book")
            assert (library, told, valid_at) == (cm.__version__, position, None)
            assert book.verify(anchor=f"{told}:{digest}").findings == ()
            assert str(recorded_at)[:10] == str(book.store.log(position - 1, 1)[0].recorded_at)[:10]
        described = sorted(read(tmp_path / "now", "_columns"))
        assert described == sorted(
            (schema.table, schema.version, number, column.name, column.type.value, column.doc)
            for schema in book.tables.values()
            for number, column in enumerate(schema.columns, 1)
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_book_without_entries_gives_tables_without_rows(tmp_path: Path, kind: str) -> None:
    """With their columns, so that a program that is written for them goes on."""
    with Casebook(MemoryStore(), with_hazards().values()) as book:
        assert export_tables(book, tmp_path / "out", kind=kind, versions=True).rows == 0
        assert [read(tmp_path / "out", "case") for read in READERS[kind]] == [[]] * len(READERS[kind])
        assert READERS[kind][0](tmp_path / "out", "_book")[0][1:3] == (0, "0" * 64)


# ---------------------------------------------------------------- every cell


COLUMNS: Final = (
    MATTER_ID,
    ROW,
    *(Column(each.value, each) for each in ColumnType),
)
EXTREME: Final = FactsSchema("extreme", COLUMNS)
CELLS: Final[Sequence[tuple[Cell, ...]]] = [
    ("", 0, 0.0, False, Decimal(0), dt.date(1, 1, 1), dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
    (
        "a\0b'\"\\\n🙂 שלום 汉字", 2**63 - 1, 5e-324, True, Decimal("9" * 32 + ".999999"), dt.date(9999, 12, 31),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
    ),
    ("=1+1", -(2**63), -1.7976931348623157e308, None, Decimal("-0.000001"), dt.date(2024, 2, 29), NOON),
    (None, None, None, None, None, None, None),
    ("1.0", 2**53 + 1, 0.1 + 0.2, True, Decimal("1.0"), None, NOON.replace(microsecond=1)),
]  # fmt: skip


def extreme(cells: Sequence[tuple[Cell, ...]]) -> Casebook:
    """A book whose one table holds these cells."""

    def rows(matter: Any) -> list[FactsRow]:
        return [FactsRow("extreme", (matter.id, str(number), *each)) for number, each in enumerate(cells)]

    kind: Kind = attrs.evolve(HAZARD, schemas=(EXTREME,), rows=rows)
    book = Casebook(MemoryStore(), {**with_hazards(), "hazard": kind}.values())
    book.save(found("hazard-1"))
    return book


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_comes_through_exactly(tmp_path: Path, kind: str) -> None:
    """The largest and smallest of every type, texts that look like something else, and nothing at all."""
    with extreme(CELLS) as book:
        export_tables(book, tmp_path / "out", kind=kind)
        for read in READERS[kind]:
            assert plain(read(tmp_path / "out", "extreme")) == wanted(book, "extreme")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", ["1E-7", "1E+33", "123456789012345678901234567890123.5"])
def test_a_decimal_is_kept_to_the_digit_or_refused(tmp_path: Path, kind: str, number: str) -> None:
    """SQLite keeps them all; Parquet and DuckDB name the column, and nothing is left."""
    with extreme([(None, None, None, None, Decimal(number), None, None)]) as book:
        if kind == "sqlite":
            export_tables(book, tmp_path / "out", kind=kind)
            assert str(with_sqlite(tmp_path / "out", "extreme")[0][6]) == number
            return
        with pytest.raises(InvalidQuery, match="Column decimal"):
            export_tables(book, tmp_path / "out", kind=kind)
        assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- nobody is named


def everything(path: Path) -> bytes:
    """The bytes of all files, and what other programs unpack of them."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    unpacked = "".join(str(pq.read_table(each).to_pylist()) for each in files if each.suffix == ".parquet")
    return b"".join(each.read_bytes() for each in files) + unpacked.encode("utf-8", "backslashreplace")


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named(tmp_path: Path, kind: str) -> None:
    """With a canary in every personal field of cases, persons, mediators and centres."""
    canaries = Canaries()
    with Casebook(MemoryStore(), with_hazards().values()) as book:
        for matter in watched(canaries):
            book.save(matter)
        export_tables(book, tmp_path / "out", kind=kind, versions=True)
    assert found_in(everything(tmp_path / "out"), canaries.all) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_control_a_name_in_the_facts_is_found(tmp_path: Path, kind: str) -> None:
    """Otherwise the search would prove nothing."""
    with extreme([("canary-叶某某", None, None, None, None, None, None)]) as book:
        export_tables(book, tmp_path / "out", kind=kind)
    assert found_in(everything(tmp_path / "out"), ["canary-叶某某"]) == ["canary-叶某某"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_for_its_owner_only(book: Casebook, tmp_path: Path, kind: str) -> None:
    """Facts name no one, and are still confidential."""
    export_tables(book, tmp_path / "out", kind=kind)
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_in_the_middle_leaves_nothing(
    book: Casebook, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was; what was there before stays."""
    export_tables(book, tmp_path / "old", kind=kind)
    before = everything(tmp_path / "old")
    book.save(reported("late"))

    def fail(self: Casebook, known_at: object = None) -> Any:
        raise StoreFull("There is no room.")

    monkeypatch.setattr(Casebook, "versions", fail)
    for name, overwrite in (("new", False), ("old", True)):
        with pytest.raises(StoreFull):
            export_tables(book, tmp_path / name, kind=kind, versions=True, overwrite=overwrite)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert everything(tmp_path / "old") == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_not_written_over_unless_that_is_asked_for(book: Casebook, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "out"
    export_tables(book, path, kind=kind)
    before = everything(path)
    book.save(reported("late"))
    with pytest.raises(InvalidInput, match="already"):
        export_tables(book, path, kind=kind)
    assert everything(path) == before
    export_tables(book, path, kind=kind, overwrite=True)
    assert len(READERS[kind][0](path, "case")) == 4
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def own_table(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    pl.DataFrame({"mine": [1]}).write_parquet(file)


def changed(folder: Path) -> None:
    """Filtered by a program that keeps whatever the file says of itself."""
    file = folder / "case" / "part-0.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)


OTHER_THINGS: Final[dict[str, Callable[[Path], object]]] = {
    "papers": lambda folder: (folder / "mine.txt").write_text("mine"),
    "export and papers": lambda folder: (folder / "mine.txt").write_text("mine"),
    "export and a file of its sort": lambda folder: own_table(folder / "case.parquet"),
    "export and a table of one's own": lambda folder: own_table(folder / "mine" / "part-0.parquet"),
    "export and a part of one's own": lambda folder: own_table(folder / "case" / "part-1.parquet"),
    "export and a part that was changed": changed,
    "export with a link": lambda folder: (folder / "case" / "part-1.parquet").symlink_to("part-0.parquet"),
    "export with a pipe": lambda folder: os.mkfifo(folder / "case" / "part-1.parquet"),
    "export without its list": lambda folder: (folder / "_export.json").unlink(),
    "export with another list": lambda folder: (folder / "_export.json").write_text("[" * 5000),
}


def names_and_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", OTHER_THINGS)
def test_a_folder_of_other_things_is_never_replaced(book: Casebook, tmp_path: Path, kind: str, what: str) -> None:
    """Also where that was asked for, and whatever the files are called; nothing in it is touched."""
    folder = tmp_path / "out"
    if what != "papers":
        export_tables(book, folder, kind="parquet")
    folder.mkdir(exist_ok=True)
    OTHER_THINGS[what](folder)
    before = names_and_bytes(folder)
    with pytest.raises(InvalidInput, match=r"other things too.* Choose another name, or remove the folder"):
        export_tables(book, folder, kind=kind, overwrite=True)
    assert names_and_bytes(folder) == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_of_which_a_part_was_taken_away_is_replaced(book: Casebook, tmp_path: Path, kind: str) -> None:
    """Nothing of anybody else is lost, nor by a folder that is empty."""
    folder = tmp_path / "out"
    export_tables(book, folder, kind="parquet")
    (folder / "case" / "part-0.parquet").unlink()
    export_tables(book, folder, kind=kind, overwrite=True)
    assert len(READERS[kind][0](folder, "case")) == 3


def test_a_large_table_has_several_parts_which_every_reader_takes_for_one(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the rows; a part that is full is not opened again."""
    monkeypatch.setattr(tables, "TOGETHER", 2)
    monkeypatch.setattr(tables_parquet, "PART_ROWS", 4)
    for number in range(6):
        book.save(reported(f"more-{number}"))
    export_tables(book, tmp_path / "out", kind="parquet")
    names = sorted(file.name for file in (tmp_path / "out" / "case").iterdir())
    assert names == ["part-0.parquet", "part-1.parquet", "part-2.parquet"]
    assert pq.read_metadata(tmp_path / "out" / "case" / "part-0.parquet").num_rows == 4
    for read in READERS["parquet"]:
        assert plain(read(tmp_path / "out", "case")) == wanted(book, "case")
    export_tables(book, tmp_path / "out", kind="parquet", tables=["case_party"], overwrite=True)
    assert not (tmp_path / "out" / "case").exists()


def test_a_file_is_replaced_by_a_folder_only_where_that_was_asked_for(book: Casebook, tmp_path: Path) -> None:
    path = tmp_path / "out"
    export_tables(book, path, kind="sqlite")
    with pytest.raises(InvalidInput):
        export_tables(book, path, kind="parquet")
    export_tables(book, path, kind="parquet", overwrite=True)
    assert with_pyarrow(path, "case")


@pytest.mark.parametrize(
    ("how", "error", "says"),
    [
        ({"kind": "ods"}, InvalidInput, ".parquet, .duckdb or .sqlite"),
        ({}, InvalidInput, ".parquet, .duckdb or .sqlite"),
        ({"kind": "sqlite", "tables": ["nothing"]}, InvalidQuery, "There are: case"),
        (
            {"kind": "sqlite", "versions": True, "valid_at": When.on(dt.date(2024, 1, 1), "UTC")},
            InvalidInput,
            "Leave one",
        ),
        ({"kind": "sqlite", "known_at": -1}, InvalidQuery, "position"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is(
    book: Casebook, tmp_path: Path, how: dict[str, Any], error: type[MediationError], says: str
) -> None:
    with pytest.raises(error, match=says):
        export_tables(book, tmp_path / "out", **how)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "missing", "extra"),
    [("parquet", "pyarrow", "parquet"), ("duckdb", "duckdb", "duckdb"), ("duckdb", "pyarrow", "duckdb")],
)
def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, missing: str, extra: str
) -> None:
    """And nothing is left behind."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=rf"community-mediation\[{extra}\]"):
        export_tables(book, tmp_path / "out", kind=kind)
    assert list(tmp_path.iterdir()) == []


def test_sqlite_needs_no_package(book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes with Python."""
    for name in ("pyarrow", "duckdb", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    export_tables(book, tmp_path / "out", kind="sqlite")
    assert with_sqlite(tmp_path / "out", "case")


@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_a_full_disk_is_told_as_such_and_nobody_is_named(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Drivers tell of it in their own ways, with paths and values."""

    def full(*given: object, **more: object) -> Any:
        if kind == "duckdb":
            raise duckdb.IOException("Could not write file '/孙某/x': No space left on device")
        error = sqlite3.OperationalError("database or disk is full: 孙某")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(duckdb if kind == "duckdb" else sqlite3, "connect", full)
    with pytest.raises(StoreFull, match="make room") as caught:
        export_tables(book, tmp_path / "out", kind=kind)
    assert "孙" not in repr(caught.value)
    assert caught.value.__context__ is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_is_not_there_is_told_without_its_path(book: Casebook, tmp_path: Path, kind: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        export_tables(book, tmp_path / "孙某" / "out", kind=kind)
    assert "孙" not in str(caught.value)


# ---------------------------------------------------------------- bounded memory


def peak(book: Casebook, rows: int, path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How much memory an export of so many rows takes at its height, Python's and Arrow's own."""

    def batches() -> Iterator[RecordBatch]:
        for start in range(0, rows, 4096):
            part = range(start, min(start + 4096, rows))
            yield RecordBatch(("matter_id", "row", "sort", "is_open"), [(f"m{n}", "", "x" * 40, True) for n in part])

    facts = Facts(book.tables["hazard"], book.tables["hazard"].names, batches)
    monkeypatch.setattr(Casebook, "facts", lambda self, table, **how: facts)
    tracemalloc.start()
    try:
        assert export_tables(book, path, kind=kind, tables=["hazard"]).rows == rows
        return int(tracemalloc.get_traced_memory()[1] + pa.default_memory_pool().bytes_allocated())
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_five_times_the_rows_take_no_more_memory(
    book: Casebook, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, they are written some at a time."""
    few = peak(book, 17_000, tmp_path / "few", kind, monkeypatch)
    assert peak(book, 85_000, tmp_path / "many", kind, monkeypatch) < 1.3 * few


def test_the_control_rows_that_are_gathered_first_take_more(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: all rows are written together."""
    monkeypatch.setattr(tables, "TOGETHER", 10**9)
    few = peak(book, 17_000, tmp_path / "few", "sqlite", monkeypatch)
    assert peak(book, 85_000, tmp_path / "many", "sqlite", monkeypatch) > 2 * few
