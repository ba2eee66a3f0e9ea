"""Stores in memory with one planted fault each, and the law that each of them breaks."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from community_mediation.errors import KeyTaken, MediationError, VersionConflict
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import (
    Change,
    Clock,
    Committed,
    Entry,
    Filter,
    Key,
    Lease,
    Matches,
    Page,
    RecordBatch,
    Sort,
    system_clock,
)
from community_mediation.stores import MemoryStore

# Law 1


class InTwoParts(MemoryStore):
    """Commits every change by itself."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        given = [super(InTwoParts, self).commit([one]) for one in changes] or [super().commit([])]
        return attrs.evolve(given[0], last=given[-1].last)


class WithoutFacts(MemoryStore):
    """Writes the entry, and not its facts."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(attrs.evolve(one, add=(), close=()) for one in changes)


class Swallowing(MemoryStore):
    """Says that all is well, and has written nothing."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        try:
            return super().commit(changes)
        except MediationError:
            return super().commit([])


class Reentrant(MemoryStore):
    """Takes all changes before it begins, and so a commit inside another."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(list(changes))


class Waiting(MemoryStore):
    """Waits for the writing that it stands in itself."""

    def __init__(self, clock: Clock = system_clock) -> None:
        super().__init__(clock)
        self._writing = threading.Lock()

    def commit(self, changes: Iterable[Change]) -> Committed:
        with self._writing:
            return super().commit(changes)


# Law 2


class LostUpdate(MemoryStore):
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


class Renaming(MemoryStore):
    """Takes a change of another kind as one of the kind that the matter has."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        kinds = {entry.matter_id: entry.kind for entry in self.log(limit=100_000)}
        return super().commit(attrs.evolve(one, kind=kinds.get(one.matter_id, one.kind)) for one in batch)


class RacyKeys(MemoryStore):
    """Looks whether a key is free, and takes it a moment later, whoever has it by then."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        names = [(key.kind, key.value) for one in batch for key in one.keys if isinstance(key.value, str)]
        free = [name for name in names if self.key(*name) is None]
        threading.Event().wait(0.001)
        with self._lock:
            for name in free:
                self._contents.keys.pop(name, None)
            return super().commit(batch)


class ReleaseIgnored(MemoryStore):
    """Keeps for ever what was taken once."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(attrs.evolve(one, release=()) for one in changes)


class ReleaseLate(MemoryStore):
    """Lets a matter give up its keys after it has taken others."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        return super().commit(
            attrs.evolve(one, keys=[key for key in one.keys if (key.kind, key.value) not in given_up(one)])
            for one in changes
        )


def given_up(change: Change) -> set[tuple[str, str]]:
    return {(key.kind, key.value) for key in change.release}


class Robbing(MemoryStore):
    """Lets a matter give up what is another's."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        given = super().commit(batch)
        for one in batch:
            for name in given_up(one) - {(key.kind, key.value) for key in one.keys}:
                self._contents.keys.pop(name, None)
        return given


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


# Law 4


class Rounding(MemoryStore):
    """Keeps instants to the second."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        def rounded(cell: Any) -> Any:
            return cell.replace(microsecond=0) if isinstance(cell, dt.datetime) else cell

        return super().commit(
            attrs.evolve(one, add=[FactsRow(row.table, tuple(map(rounded, row.cells))) for row in one.add])
            for one in changes
        )


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


class WithoutSubjects(MemoryStore):
    """Lists keys without those that they are erased with."""

    def keys(self, matter_id: str) -> Sequence[Key]:
        return [Key(key.kind, key.value) for key in super().keys(matter_id)]


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


# Law 7


class Quoting(MemoryStore):
    """Errors that say what was in the change."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        try:
            return super().commit(batch)
        except KeyTaken as error:
            raise KeyTaken(batch[-1].keys[-1].value, error.holder) from error


class Forgiving(MemoryStore):
    """Goes on answering after it was closed."""

    def key(self, kind: str, value: str) -> str | None:
        return None if self._closed else super().key(kind, value)


# Law 8


class LeavingSalt(MemoryStore):
    """Erases the words of a private part and leaves the rest of it, by which they can be guessed."""

    def erase(self, subject: str) -> int:
        before = {entry.position for entry in self.log(limit=100_000) if subject in entry.private}
        parts = super().erase(subject)
        for position in before:
            entry = self._contents.entries[position - 1]
            self._contents.entries[position - 1] = attrs.evolve(entry, private={**entry.private, subject: "salt"})
        return parts


class LeavingKeys(MemoryStore):
    """Forgets to erase keys."""

    def erase(self, subject: str) -> int:
        keys = dict(self._contents.keys)
        parts = super().erase(subject)
        self._contents.keys = keys
        return parts


# SEARCH


class SearchWildcards(MemoryStore):
    """Reads ``%`` as anything."""

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        return super().search(text.strip("%") or "e", limit, cursor) if text == "%" else super().search(text, limit, cursor)


class SearchByThree(MemoryStore):
    """Finds texts of three characters and more, as an index of threes does."""

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        found = super().search(text, limit, cursor)
        return found if len(text) > 2 else Matches([], None)


class SearchErased(MemoryStore):
    """Finds what was erased, as an index does that nobody cleared."""

    def __init__(self, clock: Clock = system_clock) -> None:
        super().__init__(clock)
        self._index: dict[int, Entry] = {}

    def commit(self, changes: Iterable[Change]) -> Committed:
        given = super().commit(changes)
        self._index |= {entry.position: entry for entry in super().log(given.first - 1, 1_000_000)}
        return given

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        with self._lock:
            live = self._contents.entries
            self._contents.entries = [self._index[entry.position] for entry in live]
            try:
                return super().search(text, limit, cursor)
            finally:
                self._contents.entries = live


class SearchMoving(MemoryStore):
    """Pages of what is found when each is read."""

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        start = int(cursor or 0)
        # Last come, first served: what is added moves all that stands behind it.
        found = list(super().search(text, 1_000_000).matters)[::-1]
        return Matches(found[start : start + limit], str(start + limit) if len(found) > start + limit else None)


# LEASES


class TwoHolders(MemoryStore):
    """Looks who has the work, and gives it a moment later, whoever has it by then."""

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        held = self._leases.get(key)
        if held is not None and held[0].name != name and self._clock() < held[0].until:
            return None
        threading.Event().wait(0.001)
        with self._lock:
            self._leases.pop(key, None)
            return super().lease(name, key, ttl)


class RepeatingTokens(MemoryStore):
    """Counts from one again when a lease was given back."""

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        given = super().lease(name, key, ttl)
        if given is None:
            return None
        self._count = getattr(self, "_count", 0) + 1
        given = attrs.evolve(given, token=self._count)
        self._leases[key] = (given, ttl)
        return given

    def release(self, lease: Lease) -> bool:
        self._count = 0
        return super().release(lease)


class StaleRelease(MemoryStore):
    """Gives back what somebody else has by now."""

    def release(self, lease: Lease) -> bool:
        with self._lock:
            return self._leases.pop(lease.key, None) is not None


class EndlessLease(MemoryStore):
    """Waits for the end of a lease by a clock that has been set back since."""

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        held = self._leases.get(key)
        if held is not None and held[0].name != name and self._clock() < held[0].until:
            return None
        return super().lease(name, key, ttl)


FAULTS: Final[dict[type[MemoryStore], str]] = {
    InTwoParts: "test_a_change_that_is_refused_takes_the_whole_batch_with_it",
    WithoutFacts: "test_an_entry_and_its_facts_are_written_together",
    Swallowing: "test_the_second_writer_loses_and_changes_nothing",
    Reentrant: "test_a_commit_cannot_begin_inside_another",
    Waiting: "test_a_commit_cannot_begin_inside_another",
    LostUpdate: "test_the_second_writer_loses_and_changes_nothing",
    Renaming: "test_a_matter_keeps_its_kind",
    RacyKeys: "test_threads_that_race_for_a_key_have_one_winner",
    ReleaseIgnored: "test_a_key_that_was_given_up_is_free",
    ReleaseLate: "test_a_change_gives_up_before_it_takes",
    Robbing: "test_a_key_that_is_not_held_is_left_as_it_is",
    Skipping: "test_the_log_gives_every_entry_once_in_order",
    Late: "test_who_follows_the_log_misses_no_entry",
    Reordering: "test_the_log_gives_every_entry_once_in_order",
    Backwards: "test_recorded_times_never_go_back",
    Coarse: "test_an_entry_is_recorded_when_the_clock_says",
    WithoutOffset: "test_recorded_times_never_go_back",
    Rounding: "test_cells_come_back_with_their_type",
    Careless: "test_a_change_closes_rows_of_its_own_matter_only",
    WithoutSubjects: "test_the_keys_of_a_matter_come_by_kind_and_value",
    Stale: "test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it",
    Lagging: "test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it",
    Unpinned: "test_pages_do_not_move_while_rows_are_added",
    Wildcards: "test_a_filter_finds_what_meets_it",
    Quoting: "test_an_error_quotes_no_value",
    Forgiving: "test_a_closed_store_says_so",
    LeavingSalt: "test_what_is_erased_is_gone_and_the_rest_stays",
    LeavingKeys: "test_what_is_erased_is_gone_and_the_rest_stays",
    SearchWildcards: "test_no_character_is_a_wildcard_or_a_word_of_a_language",
    SearchByThree: "test_a_text_is_found_wherever_it_stands",
    SearchErased: "test_what_was_erased_is_not_found",
    SearchMoving: "test_pages_of_a_search_do_not_move_while_entries_are_added",
    TwoHolders: "test_of_threads_that_race_one_has_the_work",
    RepeatingTokens: "test_tokens_of_a_key_only_rise",
    StaleRelease: "test_a_stale_token_gives_nothing_back",
    EndlessLease: "test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_a_lease_lasts",
}
"""By the store with the fault, the test that has to fail for it."""

MACHINE: Final[frozenset[Callable[..., Any]]] = frozenset(
    {
        InTwoParts, WithoutFacts, Swallowing, LostUpdate, Renaming, ReleaseIgnored, ReleaseLate, Robbing, Late,
        Reordering, Backwards, Coarse, Rounding, WithoutSubjects, Stale, Lagging, Unpinned, LeavingSalt, LeavingKeys,
        SearchWildcards, SearchByThree, SearchErased, TwoHolders, RepeatingTokens, StaleRelease,
    }
)  # fmt: skip
"""Those that the state machine has to catch by itself."""
