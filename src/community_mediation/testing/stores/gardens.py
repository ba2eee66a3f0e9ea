"""Invented garden plots: facts tables with every type of column, and changes to fill them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from community_mediation.facts.schema import MATTER_ID, ROW, Cell, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import GENESIS, Change, Entry, Filter, Key, Store, entry_hash

PLOT: Final = FactsSchema(
    "plot",
    (
        MATTER_ID,
        ROW,
        Column("crop", ColumnType.TEXT, "What grows."),
        Column("beds", ColumnType.INT, "How many beds."),
        Column("slope", ColumnType.FLOAT, "How steep."),
        Column("fenced", ColumnType.BOOL, "Whether there is a fence."),
        Column("rent", ColumnType.DECIMAL, "What it costs."),
        Column("sown_on", ColumnType.DATE, "When it was sown."),
        Column("watered_at", ColumnType.INSTANT, "When it was last watered."),
    ),
)
TOOL: Final = FactsSchema("tool", (MATTER_ID, ROW, Column("group", ColumnType.TEXT), Column("order", ColumnType.INT)))
NOON: Final = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def plot(matter: str = "m1", row: str = "", **cells: Cell) -> FactsRow:
    """A plot; cells that are not named are empty."""
    return FactsRow("plot", (matter, row, *(cells.get(name) for name in PLOT.names[2:])))


def tool(matter: str = "m1", row: str = "", group: str = "spade", order: int = 1) -> FactsRow:
    """A tool."""
    return FactsRow("tool", (matter, row, group, order))


def change(
    matter: str = "m1",
    expected: int = 0,
    *,
    version: int | None = None,
    kind: str = "garden",
    body: str = "{}",
    private: Mapping[str, str] | None = None,
    close: Sequence[RowRef] = (),
    add: Sequence[FactsRow] = (),
    keys: Sequence[Key] = (),
    release: Sequence[Key] = (),
) -> Change:
    """A change to a garden."""
    return Change(
        matter_id=matter,
        kind=kind,
        expected=expected,
        version=expected + 1 if version is None else version,
        body=body,
        private=private or {},
        close=close,
        add=add,
        keys=keys,
        release=release,
    )


def ref(matter: str = "m1", row: str = "", table: str = "plot") -> RowRef:
    """The name of a row."""
    return RowRef(table, matter, row)


def rows_of(store: Store, table: str = "plot", filters: Sequence[Filter] = (), **asked: Any) -> list[tuple[Cell, ...]]:
    """All rows that ``facts`` gives."""
    return [row for batch in store.facts(table, filters, **asked) for row in batch.rows]


def chain_fault(entries: Iterable[Entry]) -> int | None:
    """The position at which the chain breaks, or ``None``."""
    previous = GENESIS
    for position, entry in enumerate(entries, 1):
        wanted = entry_hash(
            previous,
            position,
            entry.matter_id,
            entry.kind,
            entry.expected,
            entry.version,
            entry.recorded_at,
            entry.body,
        )
        if (entry.position, entry.previous, entry.hash) != (position, previous, wanted):
            return position
        previous = entry.hash
    return None


class HandClock:
    """A clock that shows what it was set to."""

    def __init__(self, now: dt.datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        """The moment that it shows."""
        return self.now


CROPS: Final = ("beans", "kale", "白菜", "عدس", "🌽", "a\0b", "", "Kale", "k_le", "50%")
RENTS: Final = tuple(map(Decimal, ("0", "-0.0", "1", "1.00", "1E+3", "1000", "-12", "-123", "9.99", "1E-30", "-1E-30")))
