"""The rows of a casebook in SQLite, as whoever has no library would read and write them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

DURABLE = ("PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536")
"""As a casebook has them."""


@attrs.frozen
class Table:
    """A table, its columns and its rows."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]

    @property
    def insert(self) -> str:
        """The statement that writes a row."""
        names = ", ".join(f'"{each}"' for each in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({", ".join("?" * len(self.columns))})'


@attrs.frozen
class Book:
    """What a casebook's file holds: how its tables are made, and what stands in those that a commit writes."""

    page_size: int
    made_by: Sequence[str]
    tables: Mapping[str, Table]

    @classmethod
    def read(cls, path: Path, rows: Mapping[str, str] | None = None) -> Book:
        """The book in a file; *rows* says which rows of which table are wanted, by default all of all."""
        with sqlite3.connect(path) as connection:
            made_by = [
                sql
                for (sql,) in connection.execute(
                    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
                )
            ]
            names = [
                name
                for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
                if not name.startswith("sqlite_") and name not in _OWN
            ]
            tables = {name: _table(connection, name) for name in names}
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.close()
        return cls(page_size, made_by, {name: table for name, table in tables.items() if table.rows})

    def empty(self, path: Path) -> None:
        """A new file with the same tables and indexes, and nothing in them."""
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"PRAGMA page_size = {self.page_size}")
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in self.made_by:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def write(self, path: Path) -> float:
        """Write the rows with ``executemany`` in one durable transaction; gives the seconds that it took."""
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in DURABLE:
            connection.execute(pragma)
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table in self.tables.values():
            connection.executemany(table.insert, table.rows)
        connection.execute("COMMIT")
        taken = time.perf_counter() - start
        connection.close()
        return taken


# What a book writes once, when it is made.
_OWN = frozenset({"store", "facts_schema"})


def _table(connection: sqlite3.Connection, name: str) -> Table:
    info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    columns = tuple(column[1] for column in info)
    keys = tuple(column[1] for column in sorted(info, key=lambda each: each[5]) if column[5])
    picked = ", ".join(f'"{each}"' for each in columns)
    return Table(name, columns, keys, connection.execute(f'SELECT {picked} FROM "{name}"').fetchall())


def total(path: Path) -> Mapping[str, int]:
    """How many rows each table of a file has."""
    return {name: len(table.rows) for name, table in Book.read(path).tables.items()}
