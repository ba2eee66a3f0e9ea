"""Stores in memory that read wrong: laws 3, 5 and 6, each with one planted fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from community_mediation.ports import Clock, Entry, Filter, Page, RecordBatch, Sort, system_clock
from community_mediation.stores import MemoryStore

# Law 3


class Skipping(MemoryStore):
    """A log that leaves out an entry where one reading ends and the next begins."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        return super().log(after + 1 if after % 4 == 0 and after else after, limit)


class Late(MemoryStore):
    """A log that shows an entry only after the one behind it, as where positions are taken before the commit."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        head = self.head().position
        return [entry for entry in super().log(after, limit) if entry.position % 5 or entry.position != head - 1]


class Reordering(MemoryStore):
    """A log in the order of names, where times are equal."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        return sorted(super().log(after, limit), key=lambda entry: (entry.recorded_at, entry.matter_id))


class Backwards(MemoryStore):
    """Times that go back."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        return [
            attrs.evolve(entry, recorded_at=entry.recorded_at - dt.timedelta(hours=entry.position))
            for entry in super().log(after, limit)
        ]


class Coarse(MemoryStore):
    """Times to the second."""

    def __init__(self, clock: Clock = system_clock) -> None:
        super().__init__(lambda: clock().replace(microsecond=0))


class WithoutOffset(MemoryStore):
    """Takes the hour of any zone for that of UTC."""

    def __init__(self, clock: Clock = system_clock) -> None:
        super().__init__(lambda: clock().replace(tzinfo=dt.UTC))


# Law 5


class Stale(MemoryStore):
    """Facts as they are now, whenever they were asked for."""

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        return super().facts(table, filters, columns)


class Lagging(MemoryStore):
    """Facts as they were one entry ago."""

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        return super().facts(table, filters, columns, known_at - 1 if known_at else known_at)


# Law 6


class Unpinned(MemoryStore):
    """Pages of what is known when each is read."""

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        start = int(cursor or 0)
        rows = super().find(table, filters, sort, 100_000).rows
        end = start + limit
        return Page(rows[start:end], str(end) if len(rows) > end else None)


class Wildcards(MemoryStore):
    """Reads ``%`` and ``_`` as wildcards."""

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        asked = [Filter(one.column, one.op, "") if one.value in ("%", "_") else one for one in filters]
        return super().find(table, asked, sort, limit, cursor)
