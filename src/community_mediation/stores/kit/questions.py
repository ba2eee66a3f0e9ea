"""What is asked of a facts table, checked against its schema.

``Condition.met_by`` meets it in Python; ``kit.sql`` writes it for a database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import Cell, Column, ColumnType, FactsSchema
from community_mediation.ports import Filter, Op, Page, Sort
from community_mediation.stores.kit.cells import PYTHON, keep
from community_mediation.stores.kit.cursor import Cursor

VALUES_AT_MOST: Final = 30_000
"""How many values the filters of one question may hold: databases bound the number of parameters."""

ROWS_AT_MOST: Final = 1_000_000


@attrs.frozen
class Condition:
    """A filter whose column and values are known to fit."""

    column: Column
    index: int
    op: Op
    values: tuple[Any, ...]

    def met_by(self, cells: Sequence[Any]) -> bool:
        """Whether a row meets it."""
        cell = cells[self.index]
        if self.op is Op.IS_NULL:
            return (cell is None) is self.values[0]
        if cell is None:
            return False
        match self.op:
            case Op.CONTAINS:
                return self.values[0] in cell
            case Op.RANGE:
                low, high = self.values
                return (low is None or low <= cell) and (high is None or cell < high)
            case _:
                return cell in self.values


def check_filters(schema: FactsSchema, filters: Sequence[Filter]) -> tuple[Condition, ...]:
    """The filters as conditions.

    Raises:
        InvalidQuery: A column that is not there, a value that does not fit its column, too many values.
    """
    conditions = tuple(_condition(schema, asked) for asked in filters)
    if sum(len(condition.values) for condition in conditions) > VALUES_AT_MOST:
        raise InvalidQuery(f"More than {VALUES_AT_MOST} values in one question. Ask in parts.")
    return conditions


def column_at(schema: FactsSchema, name: str) -> tuple[int, Column]:
    """A column and its place.

    Raises:
        InvalidQuery: There is none; the message names those that there are.
    """
    for index, column in enumerate(schema.columns):
        if column.name == name:
            return index, column
    raise InvalidQuery(f"Table {schema.table} has no such column. It has: {', '.join(schema.names)}.")


def check_sort(schema: FactsSchema, sort: Sort | None) -> tuple[int, Column] | None:
    """The column to sort by and its place, if any.

    Raises:
        InvalidQuery: There is no such column.
    """
    return None if sort is None else column_at(schema, sort.column)


def check_columns(schema: FactsSchema, names: Sequence[str] | None) -> tuple[tuple[int, ...], tuple[Column, ...]]:
    """The columns asked for, and their places; all of them for ``None``.

    Raises:
        InvalidQuery: There is no such column.
    """
    found = [column_at(schema, name) for name in (schema.names if names is None else names)]
    return tuple(index for index, _ in found), tuple(column for _, column in found)


def check_limit(limit: int) -> int:
    """How many rows to give at most.

    Raises:
        InvalidQuery: Not a number of rows.
    """
    if type(limit) is not int or not 1 <= limit <= ROWS_AT_MOST:
        raise InvalidQuery(f"A limit is a whole number from 1 to {ROWS_AT_MOST}.")
    return limit


def check_moment(moment: Any) -> dt.datetime:
    """A moment in UTC.

    Raises:
        InvalidQuery: A moment without a zone, or beyond what a calendar holds.
    """
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None and moment.utcoffset() is not None:
        try:
            return dt.datetime.astimezone(moment, dt.UTC)
        except OverflowError:
            pass
    raise InvalidQuery("A point in time needs a zone, and lies between the years 1 and 9999.")


def check_position(position: int | None, head: int) -> int:
    """The position to read at: *head* for ``None``.

    Raises:
        InvalidQuery: Not a position.
    """
    if position is None:
        return head
    if type(position) is not int or position < 0:
        raise InvalidQuery("A position is a whole number, 0 or more.")
    return min(position, head)


def keepable(*texts: str) -> bool:
    """Whether texts can be kept at all: a lone surrogate cannot."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    return True


def digest(schema: FactsSchema, conditions: Sequence[Condition], sort: Sort | None) -> str:
    """A short name of a question, for its cursors."""
    question = [
        schema.table,
        schema.version,
        [[c.column.name, c.op, [keep(c.column.type, v) for v in c.values]] for c in conditions],
        [sort.column, sort.descending] if sort else None,
    ]
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()[:16]


@attrs.frozen
class Question:
    """A question to ``find``, known to fit its table.

    Attributes:
        conditions: What the rows have to meet.
        column: The column to sort by, and its place.
        position: The position that all pages are read at: the head when the first one was asked for.
        last: Where the page before ended.
        name: The question's short name, for its cursors.
    """

    conditions: tuple[Condition, ...]
    column: tuple[int, Column] | None
    position: int
    last: Cursor | None
    name: str

    @classmethod
    def check(
        cls, schema: FactsSchema, filters: Sequence[Filter], sort: Sort | None, cursor: str | None, *, head: int
    ) -> Question:
        """Look at what is asked, with *head* as the journal's last position.

        Raises:
            InvalidQuery: As ``Store.find`` says.
        """
        conditions = check_filters(schema, filters)
        by = check_sort(schema, sort)
        name = digest(schema, conditions, sort)
        last = None
        if cursor is not None:
            last = Cursor.parse(cursor, question=name, column=by[1] if by else None, head=head)
        return cls(conditions, by, head if last is None else last.position, last, name)

    def page(self, rows: Sequence[tuple[Cell, ...]], limit: int) -> Page:
        """The page of the first *limit* of *rows*; there is a further one if there are more of them."""
        if len(rows) <= limit:
            return Page(rows, None)
        end = rows[limit - 1]
        value = end[self.column[0]] if self.column else None
        cursor = Cursor(self.name, self.position, value, str(end[0]), str(end[1]))
        return Page(rows[:limit], cursor.text(self.column[1] if self.column else None))


def _condition(schema: FactsSchema, asked: Filter) -> Condition:
    index, column = column_at(schema, asked.column)
    given: Any = asked.value
    match asked.op:
        case Op.EQ:
            values: tuple[Any, ...] = (_fitting(column, given),)
        case Op.IN if isinstance(given, tuple | list | set | frozenset):
            values = tuple(_fitting(column, value) for value in given)
        case Op.RANGE if isinstance(given, tuple | list) and len(given) == 2:
            values = tuple(None if value is None else _fitting(column, value) for value in given)
        case Op.IS_NULL if type(given) is bool:
            return Condition(column, index, asked.op, (given,))
        case Op.CONTAINS if column.type is ColumnType.TEXT:
            values = (_fitting(column, given),)
        case Op.CONTAINS:
            texts = [c.name for c in schema.columns if c.type is ColumnType.TEXT]
            raise InvalidQuery(f"Only text columns can be asked for what they contain: {', '.join(texts)}.")
        case Op.IN | Op.RANGE | Op.IS_NULL:
            wanted = {Op.IN: "a tuple of values", Op.RANGE: "a pair (from, to)", Op.IS_NULL: "True or False"}
            raise InvalidQuery(f"The filter {asked.op} on column {column.name} takes {wanted[asked.op]}.")
        case _:
            raise InvalidQuery(f"There is no such filter. There are: {', '.join(Op)}.")
    return Condition(column, index, asked.op, values)


def _fitting(column: Column, value: Any) -> Any:
    if column.type is ColumnType.INSTANT and type(value) is dt.datetime:
        return check_moment(value)
    if type(value) is not PYTHON[column.type]:
        raise InvalidQuery(
            f"Column {column.name} is of type {column.type}, and is compared with that only, "
            f"not with a {type(value).__name__}. Ask for empty cells by is_null."
        )
    problem = _unkeepable(value)
    if problem:
        raise InvalidQuery(f"The value for column {column.name} is {problem}.")
    return value


def _unkeepable(value: Any) -> str:
    match value:
        case str() if not keepable(value):
            return "a text with half of a character (a lone surrogate)"
        case int() if not -(2**63) <= value < 2**63:
            return "an integer beyond 64 bits"
        case float() if not math.isfinite(value):
            return "not a finite number"
        case Decimal() if not value.is_finite():
            return "not a finite number"
    return ""
