"""What the laws of a store are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import pytest

from community_mediation.ports import BacksUp, Capability, Clock, Leases, Searches, Store
from community_mediation.testing._missing import missing
from community_mediation.testing.stores.gardens import PLOT, TOOL, HandClock

Opener = Callable[[Clock], Store]
"""Opens the store of one test on a clock; of a store that is ``PERSISTENT``, always the same book."""

Address = tuple[str, Sequence[str]]
"""A store's URL, and the names of the plugins that open it."""

METHODS: Final[Mapping[Capability, type[Any]]] = {
    Capability.SEARCH: Searches,
    Capability.LEASES: Leases,
    Capability.BACKUP: BacksUp,
}
"""The protocol of each capability that has methods of its own."""


class StoreFixtures:
    """The fixtures of the laws; authors of a store override ``open_store``, and others by what they declare."""

    @pytest.fixture
    def open_store(self) -> Opener:
        """Opens the store: empty at first. A store that is ``PERSISTENT`` opens the same book when called again."""
        raise missing(self, "open_store", "a function that takes a clock and opens the store, empty at first")

    @pytest.fixture
    def new_books(self) -> Callable[[], Opener] | None:
        """Gives an opener of another book, empty at first, at each call: each example of the machine has its own.

        Without it all examples share the book of ``open_store``, and what fails is told as it was met, not shrunk.
        """
        return None

    @pytest.fixture
    def store_url(self) -> Address | None:
        """Where other programs find an empty book: its URL, and the names of the plugins that open it.

        It is asked for by the laws that start programs and kill them. A store that declares ``PROCESSES`` must give
        it; one that is only ``PERSISTENT`` is skipped there by name without it.
        """
        return None

    @pytest.fixture
    def stored_bytes(self) -> Callable[[], bytes]:
        """Gives all bytes of the store's own files and logs; a store that declares ``ERASE`` must give it."""
        raise missing(self, "stored_bytes", "a function that gives all bytes of the store's own files and logs")

    @pytest.fixture
    def open_copy(self) -> Callable[[str], Store]:
        """Opens the copy that ``backup`` wrote to a path; a store that declares ``BACKUP`` must give it."""
        raise missing(self, "open_copy", "a function that takes the path of a backup and opens it like the store")

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


def need(store: Store, capability: Capability) -> Any:
    """The store, known to have the methods of *capability*; skips the test, by name, where it is not declared."""
    if capability not in store.capabilities:
        pytest.skip(f"{type(store).__name__} does not declare {capability.name}")
    wanted = METHODS.get(capability)
    if wanted is not None and not isinstance(store, wanted):
        pytest.fail(f"{type(store).__name__} declares {capability.name} and has not the methods of {wanted.__name__}")
    return store
