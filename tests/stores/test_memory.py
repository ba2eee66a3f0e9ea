"""The store in memory keeps the laws."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from community_mediation.ports import Store
from community_mediation.stores import MemoryStore
from tests.stores.laws import StoreLaws
from tests.stores.samples import HandClock


class TestMemoryStore(StoreLaws):
    """All of them."""

    @pytest.fixture
    def store(self, clock: HandClock) -> Iterator[Store]:
        store = MemoryStore(clock)
        yield store
        store.close()


def test_memory_is_healthy_and_promises_nothing() -> None:
    """It ends with the program, and says so by declaring no capability."""
    store = MemoryStore()
    assert list(store.health()) == []
    assert store.capabilities == frozenset()
