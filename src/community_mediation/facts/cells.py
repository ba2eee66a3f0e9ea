"""From values of the model to cells of a row."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from community_mediation.domain.making import maker
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import UNKNOWN, UTC, Milestone, Money, When
from community_mediation.facts.schema import Cell, FactsRow, FactsSchema
from community_mediation.facts.tables import CASE_TABLES, CENTRE, DELIVERY, MEDIATOR, PERSON, TALLY

Cells = dict[str, Cell]


def row(schema: FactsSchema, matter: Matter, name: str, cells: Mapping[str, Cell]) -> FactsRow:
    """A row of a table: the cells by column, every other column empty."""
    given = {**_BLANK[schema.table], **cells, "matter_id": matter.id, "row": name}
    return _row(table=schema.table, cells=tuple(given.values()))


def full(schema: FactsSchema, matter: Matter, name: str, *cells: Cell) -> FactsRow:
    """A row of a table with a cell for each column after the first two, in their order."""
    if len(cells) != _WIDTH[schema.table]:
        raise TypeError(f"{len(cells)} cells for a row of {schema.table}")
    return _row(table=schema.table, cells=(matter.id, name, *cells))


_row: Final = maker(FactsRow)


_BLANK: Final[Mapping[str, Cells]] = {
    schema.table: dict.fromkeys(schema.names) for schema in (*CASE_TABLES, PERSON, MEDIATOR, CENTRE, TALLY, DELIVERY)
}
_WIDTH: Final[Mapping[str, int]] = {table: len(blank) - 2 for table, blank in _BLANK.items()}


def code(value: Any) -> str | None:
    """A code as its text."""
    return None if value is None else str(value)


def utc(value: dt.datetime | None) -> dt.datetime | None:
    """An instant in UTC."""
    return None if value is None else value.astimezone(UTC)


def told(milestone: Milestone) -> tuple[str, dt.datetime | None, dt.date | None]:
    """The three cells of a milestone, in their order."""
    state, when = milestone.state._value_, milestone.when
    if when is None:
        return state, None, None
    instant = when.instant
    return (state, None, when.day) if instant is None else (state, instant.astimezone(UTC), instant.date())


def at(when: When | None) -> tuple[str, dt.datetime | None, dt.date | None]:
    """The three cells of a milestone that was passed then; ``None``: unknown whether."""
    return told(UNKNOWN if when is None else Milestone.at(when))


def money(name: str, currency: str, money: Money | None) -> Cells:
    """The two cells of an amount, by column."""
    return {} if money is None else {name: money.amount, currency: money.currency}


def amount(money: Money | None) -> tuple[Decimal | None, str | None]:
    """The two cells of an amount, in their order."""
    return (None, None) if money is None else (money.amount, money.currency)
