"""Reading facts out of PostgreSQL.

Versions of rows are never changed but by being closed, so a position is a consistent reading by itself: batches and
pages are asked for one by one, each from behind the last row of the one before, and nothing is held in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from community_mediation.errors import StoreUnavailable
from community_mediation.facts.schema import Column
from community_mediation.ports import Filter, Page, RecordBatch, Sort
from community_mediation.stores.kit import (
    NAME_ORDER,
    Condition,
    Dialect,
    Question,
    check_columns,
    check_filters,
    check_position,
)
from community_mediation_postgres.access import Access
from community_mediation_postgres.cells import asked, can_meet, reader, select
from community_mediation_postgres.tables import Table

BATCH: Final = 4096
"""Rows of a record batch at most."""

POSTGRES: Final = Dialect(
    hole="%s",
    select=select,
    # strpos, never LIKE: no wildcards to escape, and case counts.
    contains="strpos({}, {}) > 0".format,
    keep=asked,
)


def last_position(schema: str) -> str:
    """SQL for the journal's last position; 0 if there is none."""
    return f"COALESCE((SELECT position FROM {schema}.entry ORDER BY position DESC LIMIT 1), 0)"


def scan(
    access: Access,
    schema: str,
    table: Table,
    filters: Sequence[Filter],
    columns: Sequence[str] | None,
    known_at: int | None,
) -> Iterator[RecordBatch]:
    """Rows known at a position, in batches. The question is checked, and the position fixed, by the call.

    Raises:
        InvalidQuery: As ``Store.facts`` says.
    """
    conditions = check_filters(table.schema, filters)
    _, chosen = check_columns(table.schema, columns)
    head, rebuilds = access.of_store(f"{last_position(schema)}, rebuilds")
    reading = _Reading(table, conditions, chosen, check_position(known_at, head))
    return _batches(access, schema, reading, reading.rows(access), rebuilds)


def _batches(
    access: Access, schema: str, reading: _Reading, rows: list[tuple[Any, ...]], rebuilds: int
) -> Iterator[RecordBatch]:
    read = reader(reading.chosen)
    names = tuple(column.name for column in reading.chosen)
    while rows:
        yield RecordBatch(names, [read(row[:-2]) for row in rows])
        if len(rows) < BATCH:
            return
        rows = reading.rows(access, behind=rows[-1][-2:])
        # Asked behind the rows: a rebuild in between counts as one before them.
        if access.of_store("rebuilds") != (rebuilds,):
            raise StoreUnavailable("The facts were rebuilt while they were being read. Read them again.")


class _Reading:
    """A question to ``facts`` at a position."""

    def __init__(self, table: Table, conditions: Sequence[Condition], chosen: Sequence[Column], position: int) -> None:
        self.chosen = chosen
        where, self._values = POSTGRES.known(can_meet(conditions), position)
        # The row's name is read again even where it is asked for; it comes last, to go on from.
        selected = ", ".join([*map(select, chosen), NAME_ORDER])
        self._start = f"SELECT {selected} FROM {table.versions} WHERE {where}"

    def rows(self, access: Access, behind: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The next rows, each with its name, as kept, at its end."""
        later = f" AND {POSTGRES.behind_name()}" if behind else ""
        return access.rows(f"{self._start}{later} ORDER BY {NAME_ORDER} LIMIT {BATCH}", [*self._values, *behind])


def find_page(
    access: Access,
    schema: str,
    table: Table,
    filters: Sequence[Filter],
    sort: Sort | None,
    limit: int,
    cursor: str | None,
) -> Page:
    """A page of rows.

    Raises:
        InvalidQuery: As ``Store.find`` says.
    """
    [(head,)] = access.rows(f"SELECT {last_position(schema)}")
    question = Question.check(table.schema, filters, sort, cursor, head=head)
    sql, values = POSTGRES.page(
        table.versions, table.schema, can_meet(question.conditions), sort, question.last, question.position, limit
    )
    read = reader(table.schema.columns)
    return question.page([read(row) for row in access.rows(sql, values)], limit)
