"""Reading facts out of SQLite.

Versions of rows are never changed but by being closed, so a position is a consistent reading by itself: batches and
pages are asked for one by one, each from behind the last row of the one before, and nothing is held in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from community_mediation.errors import StoreUnavailable
from community_mediation.facts.schema import Column, FactsSchema
from community_mediation.ports import Filter, Page, RecordBatch, Sort
from community_mediation.stores._cells import Kept, Reader, keep
from community_mediation.stores._cursor import Cursor
from community_mediation.stores._questions import (
    Condition,
    check_columns,
    check_filters,
    check_position,
    check_sort,
    digest,
    hole_for,
    operand,
)
from community_mediation.stores._sqlite_access import Readers
from community_mediation.stores._sqlite_commit import read_head
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import KNOWN_AT, REBUILDS, names_sql, versions_table

BATCH: Final = 4096
"""Rows of a record batch at most."""

NAME_ORDER: Final = 'matter_id, "row"'


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
    conditions = check_filters(schema, filters)
    _, chosen = check_columns(schema, columns)
    with readers.snapshot() as connection:
        position = check_position(known_at, read_head(connection).position)
        reading = _Reading(schema, conditions, chosen, position, connection.value(REBUILDS))
        first = reading.rows(connection)
    return _batches(readers, reading, first)


def _batches(readers: Readers, reading: _Reading, rows: list[tuple[Any, ...]]) -> Iterator[RecordBatch]:
    reader = Reader(reading.chosen)
    names = tuple(column.name for column in reading.chosen)
    while rows:
        yield RecordBatch(names, [reader(row[:-2]) for row in rows])
        if len(rows) < BATCH:
            return
        with readers.snapshot() as connection:
            if connection.value(REBUILDS) != reading.rebuilds:
                raise StoreUnavailable("The facts were rebuilt while they were being read. Read them again.")
            rows = reading.rows(connection, behind=rows[-1][-2:])


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
        where, self._values = _known(conditions, position)
        # The row's name is read again even where it is asked for; it comes last, to go on from.
        selected = ", ".join([*(f'"{column.name}"' for column in chosen), NAME_ORDER])
        self._start = f'SELECT {selected} FROM "{versions_table(schema.table)}" WHERE {where}'

    def rows(self, connection: Connection, behind: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The next rows, as kept, each with its name at its end."""
        later = f" AND ({NAME_ORDER}) > (?, ?)" if behind else ""
        return connection.rows(f"{self._start}{later} ORDER BY {NAME_ORDER} LIMIT {BATCH}", [*self._values, *behind])


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
    conditions = check_filters(schema, filters)
    by = check_sort(schema, sort)
    column = by[1] if by else None
    question = digest(schema, conditions, sort)
    head = read_head(connection).position
    last = None if cursor is None else Cursor.parse(cursor, question=question, column=column, head=head)
    position = head if last is None else last.position
    where, values = _known(conditions, position)
    if last is not None:
        behind, more = _behind(last, column, descending=sort is not None and sort.descending)
        where, values = f"{where} AND {behind}", [*values, *more]
    order = NAME_ORDER
    if column is not None and sort is not None:
        order = f'"{column.name}" IS NULL, {operand(column)} {"DESC" if sort.descending else "ASC"}, {NAME_ORDER}'
    found = connection.rows(
        f'SELECT {names_sql(schema)} FROM "{versions_table(schema.table)}" WHERE {where} ORDER BY {order} LIMIT ?',
        [*values, limit + 1],
    )
    reader = Reader(schema.columns)
    rows = [reader(row) for row in found[:limit]]
    if len(found) <= limit:
        return Page(rows, None)
    end = rows[-1]
    value = end[by[0]] if by else None
    return Page(rows, Cursor(question, position, value, str(end[0]), str(end[1])).text(column))


def _known(conditions: Sequence[Condition], position: int) -> tuple[str, list[Kept]]:
    parts, values = [KNOWN_AT], [position, position]
    kept: list[Kept] = [*values]
    for condition in conditions:
        sql, more = condition.sql()
        parts.append(f"({sql})")
        kept += more
    return " AND ".join(parts), kept


def _behind(last: Cursor, column: Column | None, *, descending: bool) -> tuple[str, list[Kept]]:
    """The condition for rows after *last* in the order of the page."""
    name: list[Kept] = [last.matter_id, last.row]
    later = f"({NAME_ORDER}) > (?, ?)"
    if column is None:
        return later, name
    if last.value is None:
        return f'"{column.name}" IS NULL AND {later}', name
    value = keep(column.type, last.value)
    here, hole = operand(column), hole_for(column)
    sql = f'({here} {"<" if descending else ">"} {hole} OR ({here} = {hole} AND {later}) OR "{column.name}" IS NULL)'
    return sql, [value, value, *name]
