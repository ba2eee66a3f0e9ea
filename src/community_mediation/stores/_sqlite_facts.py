"""Reading facts out of SQLite.

Versions of rows are never changed but by being closed, so a position is a consistent reading by itself: batches and
pages are asked for one by one, each from behind the last row of the one before, and nothing is held in between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from community_mediation.errors import StoreUnavailable
from community_mediation.facts.schema import Column, ColumnType, FactsSchema
from community_mediation.ports import ColumnBatch, Filter, Page, RecordBatch, Sort
from community_mediation.stores._sqlite_access import Readers
from community_mediation.stores._sqlite_commit import read_head
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import REBUILDS, versions_table
from community_mediation.stores.kit.cells import Reader
from community_mediation.stores.kit.questions import Condition, Question, check_columns, check_filters, check_position
from community_mediation.stores.kit.sql import NAME_ORDER, Dialect

T = TypeVar("T")

BATCH: Final = 4096
"""Rows of a record batch at most."""
COLUMN_BATCH: Final = 4096
CELLS: Final = 2**17
"""A batch of columns has at least so many rows, and more where they are few: up to so many cells in all."""


def _operand(column: Column) -> str:
    return f'decimal_key("{column.name}")' if column.type is ColumnType.DECIMAL else f'"{column.name}"'


SQLITE: Final = Dialect(
    # Decimals are text, and compared by their keys.
    operand=_operand,
    hole_for=lambda column: "decimal_key(?)" if column.type is ColumnType.DECIMAL else "?",
    # instr, never LIKE: no wildcards to escape, and case counts.
    contains="instr({}, {}) > 0".format,
)


def scan(
    readers: Readers,
    schema: FactsSchema,
    filters: Sequence[Filter],
    columns: Sequence[str] | None,
    known_at: int | None,
) -> Iterator[RecordBatch]:
    """Rows known at a position, in batches. The question is checked, and the position fixed, by the call.

    Raises:
        InvalidQuery: As ``Store.facts`` says.
    """
    with readers.snapshot() as connection:
        reading = _Reading.ask(connection, schema, filters, columns, known_at)
    return _batches(readers, reading)


def scan_columns(
    readers: Readers,
    schema: FactsSchema,
    filters: Sequence[Filter],
    columns: Sequence[str] | None,
    known_at: int | None,
) -> Iterator[ColumnBatch]:
    """What ``scan`` gives, column by column: SQLite writes each as one text, and no cell becomes an object.

    Raises:
        InvalidQuery: As ``Store.facts`` says.
    """
    with readers.snapshot() as connection:
        reading = _Reading.ask(connection, schema, filters, columns, known_at)
    return _column_batches(readers, reading)


def _column_batches(readers: Readers, reading: _Reading) -> Iterator[ColumnBatch]:
    names = tuple(column.name for column in reading.chosen)
    return (ColumnBatch(names, texts) for texts in _pages(readers, reading, reading.columns))


def _batches(readers: Readers, reading: _Reading) -> Iterator[RecordBatch]:
    reader = Reader(reading.chosen)
    names = tuple(column.name for column in reading.chosen)
    pages = _pages(readers, reading, reading.rows)
    return (RecordBatch(names, [reader(row[:-2]) for row in rows]) for rows in pages if rows)


def _pages(
    readers: Readers, reading: _Reading, ask: Callable[[Connection, Sequence[Any]], tuple[T, Sequence[Any] | None]]
) -> Iterator[T]:
    """Page after page, each from behind the one before, and in a reading of its own."""
    behind: Sequence[Any] | None = ()
    while behind is not None:
        with readers.snapshot() as connection:
            reading.check(connection)
            page, behind = ask(connection, behind)
        yield page


class _Reading:
    """A question to ``facts`` at a position."""

    def __init__(
        self,
        schema: FactsSchema,
        conditions: Sequence[Condition],
        chosen: Sequence[Column],
        position: int,
        rebuilds: int,
    ) -> None:
        self.chosen = chosen
        self.rebuilds = rebuilds
        where, self._values = SQLITE.known(conditions, position)
        names = [f'"{column.name}"' for column in chosen]
        table = f'FROM "{versions_table(schema.table)}"'
        self._known = f"{table} WHERE {where}"
        # The row's name is read again even where it is asked for; it comes last, to go on from.
        self._start = f"SELECT {', '.join([*names, NAME_ORDER])} {self._known}"
        # SQLite writes a float with fewer digits than it has, and before 3.38 it may know no JSON.
        self._whole = sqlite3.sqlite_version_info >= (3, 38) and all(
            each.type is not ColumnType.FLOAT for each in chosen
        )
        arrays = ", ".join(f"json_group_array({name})" for name in names)
        self._arrays = f"SELECT {arrays} FROM (SELECT {', '.join(names)} {self._known}"
        many = max(COLUMN_BATCH, CELLS // len(chosen))
        # Among all versions of rows: their names lie first in a row, and are found in less than half the time.
        self._end = f"SELECT {NAME_ORDER} {table} WHERE {{}} ORDER BY {NAME_ORDER} LIMIT 1 OFFSET {many - 1}"

    @classmethod
    def ask(
        cls,
        connection: Connection,
        schema: FactsSchema,
        filters: Sequence[Filter],
        columns: Sequence[str] | None,
        known_at: int | None,
    ) -> _Reading:
        """A question that is checked, at a position that does not move."""
        conditions = check_filters(schema, filters)
        _, chosen = check_columns(schema, columns)
        position = check_position(known_at, read_head(connection).position)
        return cls(schema, conditions, chosen, position, connection.value(REBUILDS))

    def check(self, connection: Connection) -> None:
        """Refuse to go on where the rows are no longer those of the beginning.

        Raises:
            StoreUnavailable: They were rebuilt.
        """
        if connection.value(REBUILDS) != self.rebuilds:
            raise StoreUnavailable("The facts were rebuilt while they were being read. Read them again.")

    def rows(self, connection: Connection, behind: Sequence[Any]) -> tuple[list[tuple[Any, ...]], Sequence[Any] | None]:
        """The next rows, as kept, each with its name at its end; and the name of the last, if more can come."""
        later = f" AND {SQLITE.behind_name()}" if behind else ""
        question = f"{self._start}{later} ORDER BY {NAME_ORDER} LIMIT {BATCH}"
        rows = connection.rows(question, [*self._values, *behind])
        return rows, rows[-1][-2:] if len(rows) == BATCH else None

    def columns(self, connection: Connection, behind: Sequence[Any]) -> tuple[Sequence[str], Sequence[Any] | None]:
        """The next rows as a JSON array a column, and the name of the last; ``None`` if no more can come."""
        if not self._whole:
            rows, last = self.rows(connection, behind)
            columns = [*zip(*rows, strict=True)][:-2] if rows else [()] * len(self.chosen)
            return [json.dumps(column) for column in columns], last
        later = SQLITE.behind_name() if behind else "true"
        last = connection.row(self._end.format(later), behind)
        part, values = f" AND {later}", [*self._values, *behind]
        if last is not None:
            part, values = f"{part} AND ({NAME_ORDER}) <= (?, ?)", [*values, *last]
        found = connection.row(f"{self._arrays}{part} ORDER BY {NAME_ORDER})", values)
        return found or (), last


def find_page(
    connection: Connection,
    schema: FactsSchema,
    filters: Sequence[Filter],
    sort: Sort | None,
    limit: int,
    cursor: str | None,
) -> Page:
    """A page of rows.

    Raises:
        InvalidQuery: As ``Store.find`` says.
    """
    question = Question.check(schema, filters, sort, cursor, head=read_head(connection).position)
    sql, values = SQLITE.page(
        f'"{versions_table(schema.table)}"', schema, question.conditions, sort, question.last, question.position, limit
    )
    reader = Reader(schema.columns)
    return question.page([reader(row) for row in connection.rows(sql, values)], limit)
