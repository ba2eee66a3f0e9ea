"""The laws find what they are there to find: stores with one planted fault each fail the law that it breaks."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs
import pytest

from community_mediation.errors import VersionConflict
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import Change, Clock, Committed, Entry, Filter, Op, Page, RecordBatch, Sort, Store
from community_mediation.stores import MemoryStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import helping
from community_mediation.testing.stores.gardens import PLOT, TOOL, HandClock, change, plot, rows_of


class WithoutVersions(MemoryStore):
    """Takes a change whatever version it was made on."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        while True:
            current = []
            for one in changes:
                entries = self.entries(one.matter_id)
                version = entries[-1].version if entries else 0
                current.append(attrs.evolve(one, expected=version, version=version + 1))
            try:
                return super().commit(current)
            except VersionConflict:
                continue


class WithoutFacts(MemoryStore):
    """Writes the entry, and not its facts."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(attrs.evolve(one, add=(), close=()) for one in changes)


class OneByOne(MemoryStore):
    """Commits every change by itself."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        given = [super(OneByOne, self).commit([one]) for one in changes] or [super().commit([])]
        return attrs.evolve(given[0], last=given[-1].last)


class Rounding(MemoryStore):
    """Keeps instants to the millisecond."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        def rounded(cell: Any) -> Any:
            return cell.replace(microsecond=0) if isinstance(cell, dt.datetime) else cell

        return super().commit(
            attrs.evolve(one, add=[FactsRow(row.table, tuple(map(rounded, row.cells))) for row in one.add])
            for one in changes
        )


class Skipping(MemoryStore):
    """A log that leaves out an entry where one reading ends and the next begins."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        return super().log(after + 1 if after % 4 == 0 and after else after, limit)


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


class Quoting(MemoryStore):
    """Errors that say what was in the change."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        try:
            return super().commit(batch)
        except VersionConflict as error:
            raise VersionConflict(batch[0].body, error.expected, error.actual) from error


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


class Backwards(MemoryStore):
    """Gives the time of its clock, whatever it gave before."""

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        return [
            attrs.evolve(entry, recorded_at=entry.recorded_at - dt.timedelta(hours=entry.position))
            for entry in super().log(after, limit)
        ]


class Keeping(MemoryStore):
    """Forgets to erase keys."""

    def erase(self, subject: str) -> int:
        keys = dict(self._contents.keys)
        parts = super().erase(subject)
        self._contents.keys = keys
        return parts


class Reentrant(MemoryStore):
    """Takes all changes before it begins, and so a commit inside another."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(list(changes))


class Waiting(MemoryStore):
    """Waits for the writing that it stands in itself."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._writing = threading.Lock()

    def commit(self, changes: Iterable[Change]) -> Committed:
        with self._writing:
            return super().commit(changes)


class Careless(MemoryStore):
    """Leaves out rows of other matters without a word."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(
            attrs.evolve(
                one,
                add=[row for row in one.add if row.cells[:1] == (one.matter_id,)],
                close=[ref for ref in one.close if ref.matter_id == one.matter_id],
            )
            for one in changes
        )


class Renaming(MemoryStore):
    """Takes a change of another kind as one of the kind that the matter has."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        kinds = {entry.matter_id: entry.kind for entry in self.log()}
        return super().commit(attrs.evolve(one, kind=kinds.get(one.matter_id, one.kind)) for one in batch)


LAWS: dict[type[MemoryStore], Callable[[StoreConformance, Any, HandClock], None]] = {
    WithoutVersions: lambda law, store, _: law.test_the_second_writer_loses_and_changes_nothing(store),
    WithoutFacts: lambda law, store, _: law.test_an_entry_and_its_facts_are_written_together(store),
    OneByOne: lambda law, store, _: law.test_a_change_that_is_refused_takes_the_whole_batch_with_it(store, 3),
    Rounding: lambda law, store, _: law.test_cells_come_back_with_their_type(store),
    Skipping: lambda law, store, _: law.test_the_log_gives_every_entry_once_in_order(store),
    Unpinned: lambda law, store, _: law.test_pages_do_not_move_while_rows_are_added(garden(law, store)),
    Stale: lambda law, store, _: law.test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it(store),
    Quoting: lambda law, store, _: law.test_an_error_quotes_no_value(store, [change("m1", body=helping.CANARY)]),
    Wildcards: lambda law, store, _: law.test_a_filter_finds_what_meets_it(
        garden(law, store), Filter("crop", Op.CONTAINS, "%"), lambda row: "%" in (row[2] or "")
    ),
    Backwards: lambda law, store, clock: law.test_recorded_times_never_go_back(store, clock),
    Keeping: lambda law, store, _: law.test_what_is_erased_is_gone_and_the_rest_stays(store),
    Reentrant: lambda law, store, _: law.test_a_commit_cannot_begin_inside_another(store, 0),
    Waiting: lambda law, store, _: law.test_a_commit_cannot_begin_inside_another(store, 1),
    Careless: lambda law, store, _: law.test_a_change_closes_rows_of_its_own_matter_only(store),
    Renaming: lambda law, store, _: law.test_a_matter_keeps_its_kind(store),
}


def garden(law: StoreConformance, store: Store) -> Store:
    """The store, filled as the laws fill it."""
    for number in range(60):
        store.commit([change(f"m{number:02}", add=[plot(f"m{number:02}", crop="abc%"[number % 4])])])
    return store


@pytest.mark.parametrize("faulty", LAWS, ids=lambda store: store.__name__)
def test_a_planted_fault_breaks_its_law(faulty: type[MemoryStore], monkeypatch: pytest.MonkeyPatch) -> None:
    """And the law holds for the store without it."""
    monkeypatch.setattr(helping, "PATIENCE", 1.0)
    for kind in (MemoryStore, faulty):
        clock = HandClock()
        store = kind(clock)
        store.prepare([PLOT, TOOL])
        if kind is faulty:
            with pytest.raises((AssertionError, pytest.fail.Exception)):
                LAWS[faulty](StoreConformance(), store, clock)
        else:
            LAWS[faulty](StoreConformance(), store, clock)


def test_updates_that_are_lost_between_threads_are_found() -> None:
    """A control of the count itself."""
    store = WithoutVersions()
    assert helping.lost_updates(store, threads=8, updates=200) > 0


def test_rows_of_gives_all_batches() -> None:
    """What the laws read facts with is whole."""
    store = MemoryStore()
    store.prepare([PLOT])
    store.commit([change(add=[plot(row=str(number)) for number in range(9000)])])
    assert len(rows_of(store)) == 9000
