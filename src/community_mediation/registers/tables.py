"""Tables of facts out: a folder of Parquet files, or a DuckDB or SQLite database, which name no one."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

import attrs

from community_mediation.casebook import Casebook
from community_mediation.casebook.asking import pinned
from community_mediation.domain.matter import moment
from community_mediation.domain.values import When
from community_mediation.errors import InvalidInput, InvalidQuery
from community_mediation.facts.schema import Cell, Column, ColumnType, FactsSchema
from community_mediation.files import atomic_place, shown
from community_mediation.ports import GENESIS
from community_mediation.registers.exporting import ExportResult
from community_mediation.registers.manifest import is_export

Rows = Sequence[tuple[Cell, ...]]
Take = Callable[[Rows], None]
Progress = Callable[[int], None]

TOGETHER: Final = 16_384
"""How many rows are written together."""


@attrs.frozen
class Table:
    """A table of a file: its name, its columns, and how many of the first of them name a row."""

    name: str
    columns: tuple[Column, ...]
    named_by: int


class TablesWriter(Protocol):
    """Makes the tables of one file or folder."""

    def table(self, table: Table) -> Take:
        """Begin a table; gives what takes its rows, some at a time."""


Opener = Callable[[Path], AbstractContextManager[TablesWriter]]


def _parquet(path: Path) -> AbstractContextManager[TablesWriter]:
    from community_mediation.registers.tables_parquet import open_parquet

    return open_parquet(path)


def _duckdb(path: Path) -> AbstractContextManager[TablesWriter]:
    from community_mediation.registers.tables_sql import open_duckdb

    return open_duckdb(path)


def _sqlite(path: Path) -> AbstractContextManager[TablesWriter]:
    from community_mediation.registers.tables_sql import open_sqlite

    return open_sqlite(path)


FORMATS: Final[Mapping[str, Opener]] = {"parquet": _parquet, "duckdb": _duckdb, "sqlite": _sqlite}
"""How each format is written."""

BOOK: Final = Table(
    "_book",
    (
        Column("library", ColumnType.TEXT, "The version of the library that wrote this."),
        Column("position", ColumnType.INT, "The last entry of the journal that is told of."),
        Column("hash", ColumnType.TEXT, "Its hash: with the position it is an anchor, which verify takes."),
        Column("recorded_at", ColumnType.INSTANT, "When it was recorded."),
        Column("valid_at", ColumnType.INSTANT, "The moment at which the rows were true; empty for the present."),
    ),
    0,
)
COLUMNS: Final = Table(
    "_columns",
    (
        Column("table_name", ColumnType.TEXT, "The table."),
        Column("version", ColumnType.INT, "The version of its definition."),
        Column("number", ColumnType.INT, "The column's place, from 1."),
        Column("column_name", ColumnType.TEXT, "The column."),
        Column("type", ColumnType.TEXT, "Its type: text, int, float, bool, decimal, date or instant."),
        Column("says", ColumnType.TEXT, "What it says."),
    ),
    0,
)
KNOWN: Final = (
    Column("known_from", ColumnType.INT, "The position from which the row was known."),
    Column("known_to", ColumnType.INT, "The position from which it was known no more; empty while it is."),
)


def export_tables(
    book: Casebook,
    path: str | os.PathLike[str],
    *,
    kind: str | None = None,
    tables: Iterable[str] | None = None,
    versions: bool = False,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ExportResult:
    """Write tables of facts, which name no one, with their types: for DuckDB, Polars, Spark, R or Datasette.

    Parquet is a folder with a folder for each table (``case/part-0.parquet``, and a part more for every million rows);
    DuckDB and SQLite are one file. The folder's ``_export.json`` names the files that were written.
    ``_book`` says of which state of which book they tell, ``_columns`` what each column is. It appears when it is
    whole. SQLite has decimals, days and moments as text, as a casebook in SQLite has them.

    Args:
        book: The book.
        path: Where to write.
        kind: ``parquet``, ``duckdb`` or ``sqlite``; by default what the path's ending says.
        tables: Which tables; by default all.
        versions: Also every row that was ever known, with the positions from and up to which it was, under
            ``case_versions`` and so on.
        valid_at: The rows that were true at that moment.
        known_at: The rows as known at that position or moment.
        overwrite: Replace a file, or a folder that holds what an export wrote, unchanged, and no other file.
        progress: Told now and then how many rows there are.

    Raises:
        InvalidInput: Something is there, the format is none of the three, or versions are asked for at a past moment.
        InvalidQuery: There is no such table, or a decimal has more digits than Parquet or DuckDB can hold.
        MissingExtra: Parquet needs the extra ``parquet``, DuckDB the extra ``duckdb``.
        StoreError: The book cannot be read, or the disk is full.
    """
    opener = _opener(path, kind)
    if versions and valid_at is not None:
        raise InvalidInput(
            "Versions say what was known when, and not what was true at a moment. Leave one of them out."
        )
    schemas = [_schema(book, name) for name in (book.tables if tables is None else dict.fromkeys(tables))]
    position = pinned(book.store, known_at)
    count = 0

    def counted(take: Take) -> Take:
        def call(rows: Rows) -> None:
            nonlocal count
            take(rows)
            count += len(rows)
            if progress is not None:
                progress(count)

        return call

    with atomic_place(path, overwrite=overwrite, replaceable=is_export) as place, opener(place) as writer:
        writer.table(BOOK)([_of_book(book, position, valid_at)])
        _describe(writer.table(COLUMNS), schemas, versions=versions)
        for schema in schemas:
            facts = book.facts(schema.table, valid_at=valid_at, known_at=position)
            _pour((row for batch in facts.batches() for row in batch.rows), counted(writer.table(_table(schema))))
        if versions:
            takes = {some.table: _Gathering(counted(writer.table(_versions_table(some)))) for some in schemas}
            for each in book.versions(position):
                if (gathering := takes.get(each.row.table)) is not None:
                    gathering.add((*each.row.cells, each.known_from, each.known_to))
            for gathering in takes.values():
                gathering.finish()
    return ExportResult(os.fspath(path), count, identified=False)


def part(number: int) -> str:
    """The name of a file of a table in Parquet; a large table has several."""
    return f"part-{number}.parquet"


def _opener(path: str | os.PathLike[str], kind: str | None) -> Opener:
    ending = Path(os.fsdecode(path)).suffix.lower().removeprefix(".")
    found = FORMATS.get(ending if kind is None else kind)
    if found is None:
        raise InvalidInput(
            f"{shown(path)}: tables of facts are written as .parquet, .duckdb or .sqlite. Choose one of these endings, "
            "or name the format."
        )
    return found


def _schema(book: Casebook, name: str) -> FactsSchema:
    schema = book.tables.get(name)
    if schema is None:
        raise InvalidQuery(f"There is no facts table {name!r}. There are: {', '.join(book.tables)}.")
    return schema


def _table(schema: FactsSchema) -> Table:
    return Table(schema.table, schema.columns, 2)


def _versions_table(schema: FactsSchema) -> Table:
    return Table(f"{schema.table}_versions", (*schema.columns, *KNOWN), 0)


def _of_book(book: Casebook, position: int, valid_at: When | dt.datetime | None) -> tuple[Cell, ...]:
    last = book.store.log(position - 1, 1)[0] if position else None
    told = (last.hash, last.recorded_at) if last is not None else (GENESIS, None)
    return (
        version("community-mediation"),
        position,
        *told,
        None if valid_at is None else moment(valid_at).astimezone(dt.UTC),
    )


def _describe(take: Take, schemas: Sequence[FactsSchema], *, versions: bool) -> None:
    described = [(schema, _table(schema)) for schema in schemas]
    if versions:
        described += [(schema, _versions_table(schema)) for schema in schemas]
    take(
        [
            (table.name, schema.version, number, column.name, column.type.value, column.doc)
            for schema, table in described
            for number, column in enumerate(table.columns, 1)
        ]
    )


class _Gathering:
    """Rows that are written some at a time."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._rows: list[tuple[Cell, ...]] = []

    def add(self, row: tuple[Cell, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) >= TOGETHER:
            self.finish()

    def finish(self) -> None:
        if self._rows:
            self._take(self._rows)
            self._rows = []


def _pour(rows: Iterator[tuple[Cell, ...]], take: Take) -> None:
    gathering = _Gathering(take)
    for row in rows:
        gathering.add(row)
    gathering.finish()
