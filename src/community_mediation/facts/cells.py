"""From values of the model to cells of a row."""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any, Final

from community_mediation.domain.making import maker
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import UTC, Milestone, Money
from community_mediation.facts.schema import Cell, FactsRow, FactsSchema
from community_mediation.facts.tables import CASE_TABLES, CENTRE, DELIVERY, MEDIATOR, PERSON, TALLY

Cells = dict[str, Cell]


def row(schema: FactsSchema, matter: Matter, name: str, cells: Mapping[str, Cell]) -> FactsRow:
    """A row of a table: the cells by column, every other column empty."""
    given = {**_BLANK[schema.table], **cells, "matter_id": matter.id, "row": name}
    return _row(table=schema.table, cells=tuple(given.values()))


_row: Final = maker(FactsRow)


_BLANK: Final[Mapping[str, Cells]] = {
    schema.table: dict.fromkeys(schema.names) for schema in (*CASE_TABLES, PERSON, MEDIATOR, CENTRE, TALLY, DELIVERY)
}


def code(value: Any) -> str | None:
    """A code as its text."""
    return None if value is None else str(value)


def utc(value: dt.datetime | None) -> dt.datetime | None:
    """An instant in UTC."""
    return None if value is None else value.astimezone(UTC)


def milestone(name: str, milestone: Milestone) -> Cells:
    """The three cells of a milestone."""
    when = milestone.when
    at, on = _places(name)
    if when is None:
        return {name: str(milestone.state), at: None, on: None}
    instant = when.instant
    if instant is None:
        return {name: str(milestone.state), at: None, on: when.day}
    return {name: str(milestone.state), at: instant.astimezone(UTC), on: instant.date()}


@functools.cache
def _places(name: str) -> tuple[str, str]:
    return f"{name}_at", f"{name}_on"


def money(name: str, currency: str, money: Money | None) -> Cells:
    """The two cells of an amount."""
    return {} if money is None else {name: money.amount, currency: money.currency}
