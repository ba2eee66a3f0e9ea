"""Questions to a facts table as SQL, in the words of one database.

All versions of a table's rows lie in one table, ``known_from`` and ``known_to`` beside the cells. A ``Dialect`` says
what a database calls things; what is asked, in what order it comes and where a page goes on is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from community_mediation.facts.schema import Column, ColumnType, FactsSchema
from community_mediation.ports import Op, Sort
from community_mediation.stores.kit.cells import keep
from community_mediation.stores.kit.cursor import Cursor
from community_mediation.stores.kit.questions import Condition

NAME_ORDER: Final = 'matter_id, "row"'


def _quoted(column: Column) -> str:
    return f'"{column.name}"'


@attrs.frozen(kw_only=True)
class Dialect:
    """How a database says what a question needs.

    Attributes:
        hole: The mark of a parameter.
        select: A column as it is read; by default its name.
        operand: A column as it is compared and sorted; by default its name.
        hole_for: The parameter that is compared with a column's ``operand``; by default ``hole``.
        contains: A condition: the first text holds the second, case counts, nothing is a wildcard.
        keep: A cell as the database is given it; by default as ``kit.cells.keep`` does.
    """

    hole: str = "?"
    select: Callable[[Column], str] = _quoted
    operand: Callable[[Column], str] = _quoted
    hole_for: Callable[[Column], str] | None = None
    contains: Callable[[str, str], str]
    keep: Callable[[ColumnType, Any], Any] = keep

    def parameter(self, column: Column) -> str:
        """The parameter that is compared with ``operand``."""
        return self.hole if self.hole_for is None else self.hole_for(column)

    def condition(self, condition: Condition) -> tuple[str, list[Any]]:
        """A condition, and its parameters."""
        column = condition.column
        name, here, hole = _quoted(column), self.operand(column), self.parameter(column)
        if condition.op is Op.IS_NULL:
            return f"{name} IS {'NULL' if condition.values[0] else 'NOT NULL'}", []
        kept = [self.keep(column.type, value) for value in condition.values if value is not None]
        match condition.op:
            case Op.CONTAINS:
                return self.contains(name, self.hole), kept
            case Op.RANGE:
                signs = [sign for sign, bound in zip((">=", "<"), condition.values, strict=True) if bound is not None]
                return " AND ".join([f"{name} IS NOT NULL", *(f"{here} {sign} {hole}" for sign in signs)]), kept
            case _ if not kept:
                return "1 = 0", []
            case _:
                return f"{here} IN ({', '.join([hole] * len(kept))})", kept

    def known(self, conditions: Sequence[Condition], position: int) -> tuple[str, list[Any]]:
        """The condition for rows that were known at *position* and meet all *conditions*."""
        parts = [f"known_from <= {self.hole} AND (known_to IS NULL OR known_to > {self.hole})"]
        values: list[Any] = [position, position]
        for condition in conditions:
            sql, more = self.condition(condition)
            parts.append(f"({sql})")
            values += more
        return " AND ".join(parts), values

    def order(self, column: Column | None, *, descending: bool) -> str:
        """The order of a page: by *column*, nulls last either way, then by matter and row."""
        if column is None:
            return NAME_ORDER
        return f"{_quoted(column)} IS NULL, {self.operand(column)} {'DESC' if descending else 'ASC'}, {NAME_ORDER}"

    def behind_name(self) -> str:
        """The condition for rows behind a matter and row, its two parameters, in the order of ``NAME_ORDER``."""
        return f"({NAME_ORDER}) > ({self.hole}, {self.hole})"

    def behind(self, last: Cursor, column: Column | None, *, descending: bool) -> tuple[str, list[Any]]:
        """The condition for rows behind *last* in the order of the page."""
        name = [self.keep(ColumnType.TEXT, text) for text in (last.matter_id, last.row)]
        later = self.behind_name()
        if column is None:
            return later, name
        if last.value is None:
            return f"{_quoted(column)} IS NULL AND {later}", name
        value = self.keep(column.type, last.value)
        here, hole = self.operand(column), self.parameter(column)
        sign = "<" if descending else ">"
        sql = f"({here} {sign} {hole} OR ({here} = {hole} AND {later}) OR {_quoted(column)} IS NULL)"
        return sql, [value, value, *name]

    def page(
        self,
        table: str,
        schema: FactsSchema,
        conditions: Sequence[Condition],
        sort: Sort | None,
        last: Cursor | None,
        position: int,
        limit: int,
    ) -> tuple[str, list[Any]]:
        """The statement that reads one row more than a page of *limit* rows holds, and its parameters.

        Args:
            table: The quoted name of the table that holds all versions.
            schema: The columns to read.
            conditions: What the rows have to meet.
            sort: The order.
            last: The last row of the page before, if there is one.
            position: Where the first page was read.
            limit: How many rows the page holds at most.
        """
        column = None if sort is None else schema.column(sort.column)
        descending = sort is not None and sort.descending
        where, values = self.known(conditions, position)
        if last is not None:
            behind, more = self.behind(last, column, descending=descending)
            where, values = f"{where} AND {behind}", [*values, *more]
        names = ", ".join(map(self.select, schema.columns))
        order = self.order(column, descending=descending)
        return f"SELECT {names} FROM {table} WHERE {where} ORDER BY {order} LIMIT {self.hole}", [*values, limit + 1]
