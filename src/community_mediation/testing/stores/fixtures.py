"""What the laws of a store are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from community_mediation.ports import Capability, Clock, Store
from community_mediation.testing._missing import missing
from community_mediation.testing.stores.gardens import PLOT, TOOL, HandClock

Opener = Callable[[Clock], Store]
"""Opens the store of one test on a clock; of a store that is ``PERSISTENT``, always the same book."""


class StoreFixtures:
    """The fixtures of the laws; authors of a store override ``open_store``."""

    @pytest.fixture
    def open_store(self) -> Opener:
        """Opens the store: empty at first. A store that is ``PERSISTENT`` opens the same book when called again."""
        raise missing(self, "open_store", "a function that takes a clock and opens the store, empty at first")

    @pytest.fixture
    def clock(self) -> HandClock:
        """The clock that the store is on."""
        return HandClock()

    @pytest.fixture
    def store(self, open_store: Opener, clock: HandClock) -> Iterator[Store]:
        """An empty store on ``clock``."""
        store = open_store(clock)
        yield store
        store.close()

    @pytest.fixture
    def book(self, store: Store) -> Store:
        """The store with its tables."""
        assert tuple(store.prepare([PLOT, TOOL])) == ()
        return store


def need(store: Store, capability: Capability) -> None:
    """Skip the test, by name, for a store that does not declare *capability*."""
    if capability not in store.capabilities:
        pytest.skip(f"{type(store).__name__} does not declare {capability.name}")
