"""Stores in memory that write or erase wrong: laws 1, 2, 4, 7 and 8, each with one planted fault."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from community_mediation.errors import KeyTaken, MediationError, VersionConflict
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import Change, Clock, Committed, Key, system_clock
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
        names = [(key.kind, key.value) for one in batch for key in one.keys]
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
