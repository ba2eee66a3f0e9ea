"""How cells are kept: plain text and numbers that any program reads, equal when read back, ordered as they should be.

Instants are ISO text of one width, so that the order of the texts is the order of time; dates are ISO text;
decimals are their own text, exponent included; truth is 0 or 1.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from community_mediation.errors import InvalidValue, StoreDamaged
from community_mediation.facts.schema import Cell, Column, ColumnType, FactsRow, FactsSchema, check_row

Kept = str | int | float | None
"""A cell as it is kept."""

Plan = tuple[tuple[int, Callable[[Any], Kept]], ...]
"""The cells of a row that are kept in another form than they come in, each by its place."""

REMEMBERED: Final = 8192

PYTHON: Final[dict[ColumnType, type]] = {
    ColumnType.TEXT: str,
    ColumnType.INT: int,
    ColumnType.FLOAT: float,
    ColumnType.BOOL: bool,
    ColumnType.DECIMAL: Decimal,
    ColumnType.DATE: dt.date,
    ColumnType.INSTANT: dt.datetime,
}
"""The Python type of each type of column."""


def instant_text(moment: dt.datetime) -> str:
    """A moment in UTC, to the microsecond, always 27 characters."""
    if moment.tzinfo is not dt.UTC:
        raise ValueError("not in UTC")
    return _utc_text(moment)


# The moments and days of one matter stand in many of its rows.
@functools.lru_cache(REMEMBERED)
def _utc_text(m: dt.datetime) -> str:
    text = m.isoformat()
    # A given timespec takes twice as long; without one, whole seconds stand without their microseconds.
    return f"{text[:26]}Z" if m.microsecond else f"{text[:19]}.000000Z"


def _float(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _decimal(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError("not finite")
    return str(number)


_KEEP: Final[dict[ColumnType, Callable[[Any], Kept]]] = {
    ColumnType.FLOAT: _float,
    ColumnType.BOOL: int,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: functools.lru_cache(REMEMBERED)(dt.date.isoformat),
    ColumnType.INSTANT: instant_text,
}
_READ: Final[dict[ColumnType, Callable[[Any], Cell]]] = {
    ColumnType.BOOL: bool,
    ColumnType.DECIMAL: Decimal,
    ColumnType.DATE: functools.lru_cache(REMEMBERED)(dt.date.fromisoformat),
    ColumnType.INSTANT: functools.lru_cache(REMEMBERED)(dt.datetime.fromisoformat),
}


def keep(kind: ColumnType, cell: Cell) -> Kept:
    """A cell as it is kept; the cell has the type of its column."""
    converter = _KEEP.get(kind)
    return cell if cell is None or converter is None else converter(cell)  # type: ignore[return-value]


def read(kind: ColumnType, kept: Kept) -> Cell:
    """The cell that ``keep`` kept.

    Raises:
        ValueError, TypeError, ArithmeticError: It is not what ``keep`` gives.
    """
    converter = _READ.get(kind)
    return kept if kept is None or converter is None else converter(kept)


class Reader:
    """Turns kept rows of some columns into rows of cells.

    Args:
        columns: The columns.
        converters: What makes a cell of what is kept, by type, for a database that keeps cells in a form of its own;
            by default as ``keep`` kept them.
    """

    def __init__(
        self, columns: Sequence[Column], converters: Mapping[ColumnType, Callable[[Any], Cell]] | None = None
    ) -> None:
        known = _READ if converters is None else converters
        self._plan = [(index, known[column.type]) for index, column in enumerate(columns) if column.type in known]

    def __call__(self, kept: Sequence[Any]) -> tuple[Cell, ...]:
        """A row of cells.

        Raises:
            StoreDamaged: A cell is not of its column's form.
        """
        cells = list(kept)
        try:
            for index, converter in self._plan:
                if (cell := cells[index]) is not None:
                    cells[index] = converter(cell)
        except (ValueError, TypeError, AttributeError, ArithmeticError):
            pass
        else:
            return tuple(cells)
        raise StoreDamaged("A facts row holds something else than its column says. Rebuild the facts.")


class Writer:
    """Checks the rows of one table and turns them into what is kept, with one look at each cell."""

    def __init__(self, schema: FactsSchema) -> None:
        self.schema = schema
        # Column by column: type of cell -> what to do with it; None where it is kept as it is.
        self._ways: list[dict[type, Callable[[Any], Kept] | None]] = [
            {PYTHON[column.type]: _KEEP.get(column.type), **({type(None): None} if index > 1 else {})}
            for index, column in enumerate(schema.columns)
        ]
        # Rows come in few shapes: which cells are empty decides what is to be done.
        self._plans: dict[tuple[type, ...], Plan] = {}

    def __call__(self, row: FactsRow) -> list[Kept]:
        """The row as it is kept. Whether its texts and integers fit is seen when they are written.

        Raises:
            InvalidValue: As ``check_row`` says.
        """
        cells: list[Any] = list(row.cells)
        try:
            shape = tuple(map(type, cells))
            plan = self._plans.get(shape)
            if plan is None:
                plan = self._plan(shape)
            for index, converter in plan:
                cells[index] = converter(cells[index])
            return cells
        except (KeyError, ValueError):
            pass
        check(self.schema, row)
        raise InvalidValue("a cell that cannot be kept", path=f"$.{self.schema.table}")

    def _plan(self, shape: tuple[type, ...]) -> Plan:
        ways = [ways[kind] for ways, kind in zip(self._ways, shape, strict=True)]
        if len(self._plans) >= REMEMBERED:
            self._plans.clear()
        self._plans[shape] = plan = tuple((index, way) for index, way in enumerate(ways) if way is not None)
        return plan


def same_shape(one: FactsSchema, other: FactsSchema) -> bool:
    """Whether rows of the one can stand in the table of the other."""
    shapes = [[(column.name, column.type) for column in schema.columns] for schema in (one, other)]
    return one.version == other.version and shapes[0] == shapes[1]


def check(schema: FactsSchema, row: FactsRow) -> None:
    """``check_row``, also for a decimal that cannot be compared.

    Raises:
        InvalidValue: As ``check_row`` says.
    """
    try:
        return check_row(schema, row)
    except InvalidOperation:
        pass
    raise InvalidValue("a number that is not finite", path=f"$.{schema.table}")


_NINES: Final = str.maketrans("0123456789", "9876543210")
_BIAS: Final = 10**19


def decimal_key(text: str | None) -> str | None:
    """A text whose order is the order of the numbers, and which is equal for equal numbers (1.0 and 1.00).

    Sign, then exponent, then digits without trailing zeros; for negative numbers everything is turned round.
    """
    if text is None:
        return None
    sign, digits, _ = (number := Decimal(text)).as_tuple()
    if not number:
        return "1"
    significant = "".join(map(str, digits)).rstrip("0")
    key = f"{number.adjusted() + _BIAS:020d}{significant}"
    # The closing mark stands above every digit: of two negative numbers the longer one is the smaller.
    return f"0{key.translate(_NINES)}~" if sign else f"2{key}"
