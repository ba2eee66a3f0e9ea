"""What a table of facts looks like: flat, typed, without names, numbers of persons or free text."""

import datetime as dt
import enum
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from community_mediation.domain.frozen import frozen
from community_mediation.errors import InvalidValue

Cell = str | int | float | bool | Decimal | dt.date | dt.datetime | None
"""One value of a facts row. An instant is an aware datetime in UTC."""


class ColumnType(enum.StrEnum):
    """The plain types that every store can keep."""

    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    DECIMAL = "decimal"
    DATE = "date"
    INSTANT = "instant"


_PYTHON: Final[Mapping[ColumnType, type]] = {
    ColumnType.TEXT: str,
    ColumnType.INT: int,
    ColumnType.FLOAT: float,
    ColumnType.BOOL: bool,
    ColumnType.DECIMAL: Decimal,
    ColumnType.DATE: dt.date,
    ColumnType.INSTANT: dt.datetime,
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@frozen
class Column:
    """One column: its name, its type and what it says, in a sentence for the reference."""

    name: str
    type: ColumnType
    doc: str = ""

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidValue("a column name that is not lower_case letters, digits and underscores")


MATTER_ID: Final = Column("matter_id", ColumnType.TEXT, "The matter that the row is about.")
ROW: Final = Column("row", ColumnType.TEXT, "Which of the matter's rows this is; empty where there is only one.")


@frozen
class FactsSchema:
    """A table of facts.

    The first two columns are always ``matter_id`` and ``row``: together they name one
    current row. A table with columns ``valid_from`` and ``valid_to`` can be asked for as
    it was true at a moment by an interval filter (``valid_from <= t < valid_to``).

    Attributes:
        table: The table's name; stores show current rows under it, all versions under ``<table>_versions``.
        columns: All columns, in order.
        version: Raised whenever the columns or their meaning change; a book then rebuilds the table.
        indexed: Columns that rows are often found or sorted by. A store may keep an index on each; what is asked and
            what is answered does not depend on it, nor does ``version``.
    """

    table: str
    columns: tuple[Column, ...]
    version: int = 1
    indexed: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(self.table):
            raise InvalidValue("a table name that is not lower_case letters, digits and underscores")
        names = [column.name for column in self.columns]
        if names[:2] != ["matter_id", "row"] or len(set(names)) != len(names):
            raise InvalidValue("a facts table begins with matter_id and row, and names no column twice")
        if {"known_from", "known_to"} & set(names):
            raise InvalidValue("known_from and known_to are the store's own columns")
        if not set(self.indexed) <= set(names):
            raise InvalidValue("an index on a column that the table does not have")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of that name, or ``None``."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def is_interval(self) -> bool:
        """Whether rows say from when to when they were true."""
        return {"valid_from", "valid_to"} <= set(self.names)


@frozen
class FactsRow:
    """One row of one table, its cells in the order of the schema's columns."""

    table: str
    cells: tuple[Cell, ...]

    @property
    def ref(self) -> "RowRef":
        """What names the row among the current ones."""
        return RowRef(self.table, str(self.cells[0]), str(self.cells[1]))


@frozen
class RowRef:
    """A current row's name: table, matter and row."""

    table: str
    matter_id: str
    row: str


def check_row(schema: FactsSchema, row: FactsRow) -> None:
    """Refuse a row that its schema does not describe.

    Raises:
        InvalidValue: Wrong number of cells, a cell of another type, an integer beyond 64 bits,
            an instant that is not in UTC, no matter or row.
    """
    if len(row.cells) != len(schema.columns):
        raise InvalidValue(f"a row of {len(row.cells)} cells", remedy=f"{schema.table} has {len(schema.columns)}.")
    for column, cell in zip(schema.columns, row.cells, strict=True):
        if cell is None:
            if column.name in ("matter_id", "row"):
                raise InvalidValue("a row without its name", path=f"$.{schema.table}.{column.name}")
            continue
        if type(cell) is not _PYTHON[column.type]:
            raise InvalidValue(
                f"a {type(cell).__name__} in a column of type {column.type}", path=f"$.{schema.table}.{column.name}"
            )
        problem = _unkeepable(column.type, cell)
        if problem:
            raise InvalidValue(problem, path=f"$.{schema.table}.{column.name}")


def _unkeepable(kind: ColumnType, cell: Any) -> str:
    if kind is ColumnType.INT and not -(2**63) <= cell < 2**63:
        return "an integer beyond 64 bits"
    if kind is ColumnType.INSTANT and cell.tzinfo is not dt.UTC:
        return "an instant that is not in UTC"
    if (kind is ColumnType.FLOAT and not math.isfinite(cell)) or (kind is ColumnType.DECIMAL and not cell.is_finite()):
        return "a number that is not finite"
    if kind is ColumnType.TEXT:
        try:
            cell.encode()
        except UnicodeEncodeError:
            return "half of a character (a lone surrogate)"
    return ""
