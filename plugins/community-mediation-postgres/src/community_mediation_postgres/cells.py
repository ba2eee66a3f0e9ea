"""Cells as PostgreSQL keeps them: in columns of their own types, and as they were when read back.

A decimal is kept as ``numeric``, for whoever reads the tables, and that keeps neither an exponent above zero nor the
sign of a zero: the digits of such a one stand beside it as text, in a column named ``amount=`` for ``amount``.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Context, Decimal, InvalidOperation
from typing import Any, Final

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.facts.schema import Cell, Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import Op
from community_mediation.stores.kit import Condition, Reader, check_row
from community_mediation_postgres.texts import given, kept

SQL_TYPES: Final[dict[ColumnType, str]] = {
    ColumnType.TEXT: "text",
    ColumnType.INT: "bigint",
    ColumnType.FLOAT: "double precision",
    ColumnType.BOOL: "boolean",
    ColumnType.DECIMAL: "numeric",
    ColumnType.DATE: "date",
    ColumnType.INSTANT: "timestamptz",
}

DIGITS_BEFORE: Final = 131_072
DIGITS_BEHIND: Final = 16_383
"""What ``numeric`` holds, before and behind the point."""

REMEMBERED: Final = 8192


def _int(number: int) -> int:
    if not -(2**63) <= number < 2**63:
        raise ValueError("beyond 64 bits")
    return number


def _float(number: float) -> float:
    if number - number != 0:
        raise ValueError("not finite")
    return number


def holds(number: Decimal) -> bool:
    """Whether ``numeric`` holds the number."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DIGITS_BEHIND and number.adjusted() < DIGITS_BEFORE


def _decimal(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("not finite")
    if not holds(number):
        raise InvalidValue(
            "a number that PostgreSQL cannot hold",
            remedy=f"It holds {DIGITS_BEFORE:,} digits before the point, and {DIGITS_BEHIND:,} behind it.",
        )
    return number


def _instant(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is not dt.UTC:
        raise ValueError("not in UTC")
    return moment


def exact(number: Decimal | None) -> str | None:
    """The digits of a decimal that ``numeric`` would not give back as they were; ``None`` for all others."""
    if number is None:
        return None
    exponent = number.as_tuple().exponent
    plain = isinstance(exponent, int) and exponent <= 0 and (number != 0 or not number.is_signed())
    return None if plain else str(number)


_PYTHON: Final[dict[ColumnType, tuple[type, Callable[[Any], Any] | None]]] = {
    # The codes and ids of one matter stand in many of its rows.
    ColumnType.TEXT: (str, functools.lru_cache(REMEMBERED)(kept)),
    ColumnType.INT: (int, _int),
    ColumnType.FLOAT: (float, _float),
    ColumnType.BOOL: (bool, None),
    ColumnType.DECIMAL: (Decimal, _decimal),
    ColumnType.DATE: (dt.date, None),
    ColumnType.INSTANT: (dt.datetime, _instant),
}


class Writer:
    """Checks the rows of one table and turns them into what is kept."""

    def __init__(self, schema: FactsSchema) -> None:
        self.schema = schema
        # Column by column: type of cell -> what to do with it; None where it is kept as it is.
        self._plan: list[dict[type, Callable[[Any], Any] | None]] = []
        self._decimals: list[int] = []
        for index, column in enumerate(schema.columns):
            python, convert = _PYTHON[column.type]
            self._plan.append({python: convert, **({type(None): None} if index > 1 else {})})
            if column.type is ColumnType.DECIMAL:
                self._decimals.append(index)
        self.columns = columns_kept(schema)

    def __call__(self, row: FactsRow) -> list[Any]:
        """The row as it is kept. Whether its texts can be kept is seen when they are written.

        Raises:
            InvalidValue: As ``check_row`` says; a number that is too large.
        """
        cells: tuple[Any, ...] = row.cells
        try:
            found = [
                cell if (converter := ways[type(cell)]) is None else converter(cell)
                for ways, cell in zip(self._plan, cells, strict=True)
            ]
        except InvalidValue:
            raise
        except (KeyError, ValueError):
            found = []
        if found:
            for index in self._decimals:
                found.append(exact(cells[index]))
            return found
        check_row(self.schema, row)
        raise InvalidValue("a cell that cannot be kept", path=f"$.{self.schema.table}")


def columns_kept(schema: FactsSchema) -> tuple[tuple[str, str], ...]:
    """The names of the columns in which a table's cells are kept, and their types."""
    named = [(column.name, SQL_TYPES[column.type]) for column in schema.columns]
    digits = [(f"{column.name}=", "text") for column in schema.columns if column.type is ColumnType.DECIMAL]
    return (*named, *digits)


def select(column: Column) -> str:
    """SQL for a column as ``reader`` wants it. Instants come in UTC, whatever the zone of the session."""
    match column.type:
        case ColumnType.DECIMAL:
            return f'COALESCE("{column.name}=", "{column.name}"::text)'
        case ColumnType.INSTANT:
            return f"\"{column.name}\" AT TIME ZONE 'UTC'"
        case _:
            return f'"{column.name}"'


def _in_utc(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC)


_READ: Final[dict[ColumnType, Callable[[Any], Cell]]] = {
    ColumnType.TEXT: given,
    ColumnType.DECIMAL: functools.lru_cache(REMEMBERED)(Decimal),
    ColumnType.INSTANT: _in_utc,
}


def reader(columns: Sequence[Column]) -> Reader:
    """What turns rows of some columns, selected as ``select`` says, into rows of cells."""
    return Reader(columns, _READ)


_GRID: Final = Decimal(1).scaleb(-DIGITS_BEHIND)
_WIDE: Final = Context(prec=2 * DIGITS_BEFORE, Emax=10**9, Emin=-(10**9), rounding=ROUND_CEILING)


def asked(kind: ColumnType, value: Any) -> Any:
    """A value of a question, as it is compared with what is kept."""
    if kind is ColumnType.TEXT:
        return kept(value)
    return _on_grid(value) if kind is ColumnType.DECIMAL else value


def _on_grid(number: Decimal) -> Decimal:
    """A number that ``numeric`` holds, and which parts those that it holds into smaller and not smaller ones alike."""
    if not number.is_finite() or holds(number):
        return number
    if number and number.adjusted() >= DIGITS_BEFORE:
        return Decimal("-Infinity" if number.is_signed() else "Infinity")
    try:
        return number.quantize(_GRID, context=_WIDE)
    except InvalidOperation:
        return Decimal(0)


def can_meet(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions without values that no row can equal, since ``numeric`` holds no such number."""
    return tuple(
        attrs.evolve(one, values=tuple(filter(holds, one.values)))
        if one.column.type is ColumnType.DECIMAL and one.op in (Op.EQ, Op.IN)
        else one
        for one in conditions
    )
