"""What authors of formats and those who ask for a report need: rows of a book, when they are wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from community_mediation.casebook import Casebook
from community_mediation.casebook.asking import KnownAt, pinned
from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.facts.tables import CASE_TABLES
from community_mediation.ports import ReportRequest

Rows = Iterable[Mapping[str, Any]]
_CASE_TABLES = frozenset(schema.table for schema in CASE_TABLES)


def request(
    source: Casebook | Mapping[str, Rows],
    *,
    period: Period | str | None = None,
    centres: Sequence[str] = (),
    lang: str = "en",
    valid_at: When | dt.datetime | None = None,
    known_at: KnownAt = None,
    options: Mapping[str, str] | None = None,
) -> ReportRequest:
    """What a format is to render: the rows of a book, read when the format asks for them.

    All tables are read at the same point of the journal, so that a report agrees with itself while others
    write. Rows of a case of another centre are left out.

    Args:
        source: A book; or rows that are there already, by the name of their table: ``{"case": frame.to_dicts()}``.
        period: What time it covers.
        centres: The ids of the centres that it covers; none: all.
        lang: The language of its words.
        valid_at: What was true then; now, if not given.
        known_at: What the book knew then; now, if not given.
        options: What else the format takes.

    Raises:
        InvalidQuery: No such period or position; a past asked of rows that are no book's.
    """
    if isinstance(centres, str):
        raise InvalidQuery("The centres of a report are a list of ids. Pass [centre].")
    at = When.at(valid_at) if isinstance(valid_at, dt.datetime) else valid_at
    chosen = frozenset(centres)
    position: int | None = None
    rows: Callable[[str], Rows]
    if isinstance(source, Casebook):
        position = pinned(source.store, known_at)
        rows = _of_book(source, chosen, at, position)
    elif at is not None or known_at is not None:
        raise InvalidQuery("Rows that are there already have no past. Ask a book, or leave out valid_at and known_at.")
    else:
        rows = _of_tables(source, chosen)
    return ReportRequest(
        period=Period.parse(period) if isinstance(period, str) else period,
        centres=tuple(centres),
        valid_at=at,
        known_at=position,
        lang=lang,
        options=dict(options or {}),
        rows=rows,
    )


def _of_book(book: Casebook, chosen: frozenset[str], at: When | None, position: int) -> Callable[[str], Rows]:
    def read(table: str) -> Iterator[Mapping[str, Any]]:
        return book.facts(table, valid_at=at, known_at=position).rows()

    # Asked for at once, so that a wrong table is refused where it is named.
    return lambda table: _narrowed(table, read(table), chosen, lambda: read("case"))


def _of_tables(tables: Mapping[str, Rows], chosen: frozenset[str]) -> Callable[[str], Rows]:
    def rows(table: str) -> Iterator[Mapping[str, Any]]:
        if table not in tables:
            raise InvalidQuery(f"There are no rows of table {table!r}. There are: {', '.join(tables) or 'none'}.")
        return _narrowed(table, iter(tables[table]), chosen, lambda: iter(tables.get("case", ())))

    return rows


def _narrowed(
    table: str, rows: Iterator[Mapping[str, Any]], chosen: frozenset[str], cases: Callable[[], Rows]
) -> Iterator[Mapping[str, Any]]:
    if not chosen:
        return rows
    if table in _CASE_TABLES and table != "case":
        return _of_cases(rows, chosen, cases)
    return (row for row in rows if "centre" not in row or row["centre"] in chosen)


def _of_cases(
    rows: Iterator[Mapping[str, Any]], chosen: frozenset[str], cases: Callable[[], Rows]
) -> Iterator[Mapping[str, Any]]:
    mine = {row["matter_id"] for row in cases() if row["centre"] in chosen}
    yield from (row for row in rows if row["matter_id"] in mine)
