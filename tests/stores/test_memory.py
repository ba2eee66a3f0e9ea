"""The store in memory keeps the laws."""

from __future__ import annotations

import pytest

from community_mediation.stores import MemoryStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import Opener


class TestMemoryStore(StoreConformance):
    """All of them."""

    @pytest.fixture
    def open_store(self) -> Opener:
        return MemoryStore


def test_memory_is_healthy_and_promises_nothing() -> None:
    """It ends with the program, and says so by declaring no capability."""
    store = MemoryStore()
    assert list(store.health()) == []
    assert store.capabilities == frozenset()
