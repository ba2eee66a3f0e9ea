"""Stores in memory that do wrong what they declare: searches and leases, each with one planted fault."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable

import attrs

from community_mediation.ports import Change, Clock, Committed, Entry, Lease, Matches, system_clock
from community_mediation.stores import MemoryStore

# SEARCH


class SearchWildcards(MemoryStore):
    """Reads ``%`` as anything."""

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        return super().search("e" if text == "%" else text, limit, cursor)


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
