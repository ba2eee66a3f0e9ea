"""COLUMN=VALUE on the command line, as a filter of the column's own type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import Cell, ColumnType, FactsSchema
from community_mediation.ports import Filter, Op


def _truth(text: str) -> bool:
    return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]


def _instant(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError
    return moment.astimezone(dt.UTC)


_PARSERS: Final[dict[ColumnType, tuple[Callable[[str], Cell], str]]] = {
    ColumnType.TEXT: (str, "a text"),
    ColumnType.INT: (int, "a whole number"),
    ColumnType.FLOAT: (float, "a number"),
    ColumnType.BOOL: (_truth, "yes or no"),
    ColumnType.DECIMAL: (Decimal, "a number"),
    ColumnType.DATE: (dt.date.fromisoformat, "a date such as 2022-05-14"),
    ColumnType.INSTANT: (_instant, "a moment such as 2022-05-14T23:05:00+08:00"),
}


def condition(schema: FactsSchema, text: str) -> Filter:
    """The filter that ``COLUMN=VALUE``, ``COLUMN=`` or ``COLUMN=FROM..TO`` means.

    Raises:
        InvalidQuery: It is none of these, the column is unknown, or the value does not fit it.
    """
    name, equals, value = text.partition("=")
    column = schema.column(name)
    if not equals:
        raise InvalidQuery("A condition is COLUMN=VALUE.")
    if column is None:
        raise InvalidQuery(f"Table {schema.table!r} has no column {name!r}. It has: {', '.join(schema.names)}.")
    if not value:
        return Filter(name, Op.IS_NULL, True)
    parse, what = _PARSERS[column.type]
    try:
        first, dots, last = value.partition("..")
        if dots and column.type is not ColumnType.TEXT:
            return Filter(name, Op.RANGE, (parse(first) if first else None, parse(last) if last else None))
        return Filter(name, Op.EQ, parse(value))
    except (ValueError, KeyError, InvalidOperation):
        raise InvalidQuery(f"Column {name!r} takes {what}.") from None
