"""Cases to measure with, as ``simulate`` makes them, the same for the same seed.

1.9-3.3 KB of JSON each; with the private parts 3.7-6.0 KB, in the mean 4.7 KB.

2-4 parties, 1-3 mediators, 1-4 sessions, an agreement with 1-3 terms, 0-3 return visits, 6-12 events, Chinese text.
They are made in blocks, each a simulation of its own, so that any case can be had without all before it.
"""

from __future__ import annotations

import datetime as dt
import functools
import pickle
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

import community_mediation as cm
from community_mediation import simulate
from community_mediation.domain.matter import Event
from community_mediation.domain.values import ExternalId
from community_mediation.plugins import Plugins
from community_mediation.ports import Change, Committed
from community_mediation.stores import MemoryStore

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
CENTRE: Final = "centre-1"
BY: Final = "account-1"
BLOCK: Final = 100
MOST_BLOCKS: Final = 2**40


@functools.lru_cache(maxsize=16)
def _block(seed: int, block: int) -> tuple[cm.Case, ...]:
    scenario = simulate.Scenario.workload(seed=seed * MOST_BLOCKS + block, cases=BLOCK, centres=1, repeat=0.0)
    return tuple(simulate.cases(scenario))


def case(number: int, seed: int = 1) -> cm.Case:
    """Case *number* of the workload that *seed* makes, unsaved: in one centre, and known to another system."""
    made = _block(seed, number // BLOCK)[number % BLOCK]
    own: dict[str, Any] = {
        "centre": CENTRE,
        "reference": f"样调字[2022]第{seed}-{number:07}号",
        "external": ExternalId("old_register", f"{seed}-{number:09}"),
    }
    reported, *others = made.pending
    return attrs.evolve(made, pending=(attrs.evolve(reported, **own), *others), **own)


def cases(count: int, *, seed: int = 1, first: int = 0) -> list[cm.Case]:
    """So many cases of the workload."""
    return [case(number, seed) for number in range(first, first + count)]


def anew(pickled: bytes) -> list[cm.Case]:
    """Pickled cases, made anew from their events.

    They know what they lived through, as does any case that was moved here or registered, and nothing else is kept with
    them from the time before.
    """
    return [cm.Case.fold(one.id, (), one.pending) for one in pickle.loads(pickled)]


def histories(count: int, *, seed: int = 1) -> list[tuple[str, Sequence[Event]]]:
    """The id and the events of so many cases."""
    return [(each.id, each.pending) for each in cases(count, seed=seed)]


def gathered(ready: Sequence[cm.Case]) -> list[Change]:
    """The changes that the book hands to a store for *ready*."""
    found: list[Change] = []

    class Gathering(MemoryStore):
        def commit(self, changes: Iterable[Change]) -> Committed:
            found.extend(changes)
            return super().commit(found)

    with cm.Casebook(Gathering(), Plugins().kinds().values()) as book:
        book.add_many(ready)
    return found
