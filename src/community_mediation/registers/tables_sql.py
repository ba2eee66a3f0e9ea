"""Tables in a file of DuckDB or SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from community_mediation.casebook.reading import DECIMAL_DIGITS, DECIMAL_PLACES
from community_mediation.errors import MissingExtra, StoreFull, StoreUnavailable
from community_mediation.facts.schema import ColumnType
from community_mediation.registers.tables import Rows, Table, Take
from community_mediation.registers.tables_parquet import arrow_rows, arrow_schema
from community_mediation.stores.kit.cells import keep

if TYPE_CHECKING:
    import duckdb

_OF_DUCKDB: Final = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INT: "BIGINT",
    ColumnType.FLOAT: "DOUBLE",
    ColumnType.BOOL: "BOOLEAN",
    ColumnType.DECIMAL: f"DECIMAL({DECIMAL_DIGITS}, {DECIMAL_PLACES})",
    ColumnType.DATE: "DATE",
    ColumnType.INSTANT: "TIMESTAMPTZ",
}
_OF_SQLITE: Final = {
    ColumnType.TEXT: "TEXT",
    ColumnType.INT: "INTEGER",
    ColumnType.FLOAT: "REAL",
    ColumnType.BOOL: "INTEGER",
    ColumnType.DECIMAL: "TEXT",
    ColumnType.DATE: "TEXT",
    ColumnType.INSTANT: "TEXT",
}


def _columns(table: Table, types: dict[ColumnType, str]) -> str:
    return ", ".join(f'"{column.name}" {types[column.type]}' for column in table.columns)


class _DuckDb:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def table(self, table: Table) -> Take:
        """Rows go in as Arrow has them: one by one they take a hundred times as long."""
        schema = arrow_schema(table, "duckdb", "Writing DuckDB")
        connection = self._connection
        connection.execute(f'CREATE TABLE "{table.name}" ({_columns(table, _OF_DUCKDB)})')

        def take(rows: Rows) -> None:
            connection.register("_rows", arrow_rows(table, schema, rows))
            connection.execute(f'INSERT INTO "{table.name}" SELECT * FROM _rows')
            connection.unregister("_rows")

        return take


@contextmanager
def open_duckdb(path: Path) -> Iterator[_DuckDb]:
    """A DuckDB database at *path*.

    Raises:
        MissingExtra: DuckDB is not installed.
        StoreFull, StoreUnavailable: It cannot be written.
    """
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("Writing DuckDB", "duckdb") from None
    failed = ""
    try:
        with closing(duckdb.connect(str(path))) as connection:
            yield _DuckDb(connection)
    except duckdb.Error as error:
        failed = str(error)
    if failed:
        # Outside the handler: what the driver says may hold values and paths.
        raise _unwritable(is_full="No space left" in failed)


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def table(self, table: Table) -> Take:
        """Cells are kept as a casebook in SQLite keeps them."""
        connection = self._connection
        names = ", ".join(f'"{column.name}"' for column in table.columns[: table.named_by])
        key = f", PRIMARY KEY ({names})" if names else ""
        connection.execute(f'CREATE TABLE "{table.name}" ({_columns(table, _OF_SQLITE)}{key})')
        holes = ", ".join("?" * len(table.columns))
        types = [column.type for column in table.columns]

        def take(rows: Rows) -> None:
            kept: Iterator[list[Any]] = ([keep(*each) for each in zip(types, row, strict=True)] for row in rows)
            connection.executemany(f'INSERT INTO "{table.name}" VALUES ({holes})', kept)

        return take


@contextmanager
def open_sqlite(path: Path) -> Iterator[_Sqlite]:
    """A SQLite database at *path*.

    Raises:
        StoreFull, StoreUnavailable: It cannot be written.
    """
    failed: sqlite3.Error | None = None
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # Whoever makes the place keeps or removes the whole, and sees to it that it is on the disk.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            yield _Sqlite(connection)
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        failed = error
    if failed is not None:
        raise _unwritable(is_full=getattr(failed, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL)


def _unwritable(*, is_full: bool) -> StoreFull | StoreUnavailable:
    if is_full:
        return StoreFull("There is no room for the tables. Nothing was written; make room and try again.")
    return StoreUnavailable("The tables cannot be written. Nothing was written; check the folder and the disk.")
