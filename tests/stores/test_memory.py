"""The store in memory keeps the laws."""

from __future__ import annotations

import pytest

from community_mediation.ports import Capability
from community_mediation.stores import MemoryStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import Opener


class TestMemoryStore(StoreConformance):
    """All of them."""

    @pytest.fixture
    def open_store(self) -> Opener:
        return MemoryStore


def test_memory_is_healthy_and_promises_to_keep_nothing() -> None:
    """It ends with the program, and says so: it is searched and shares work, and that is all."""
    store = MemoryStore()
    assert list(store.health()) == []
    assert store.capabilities == {Capability.SEARCH, Capability.LEASES}
