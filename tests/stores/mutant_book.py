"""What the kit is run on: a class of tests for each store in memory with a fault, and one for the store without."""

from __future__ import annotations

import pytest

from community_mediation.stores import MemoryStore
from community_mediation.testing import Opener, StoreConformance
from community_mediation.testing.stores import helping
from tests.stores.mutants import FAULTS

# A store that waits for itself is to be found in less time than authors wait for theirs.
helping.PATIENCE = 2.0


def tests_of(kind: type[MemoryStore]) -> type[StoreConformance]:
    """The kit, for one store."""

    class Tests(StoreConformance):
        @pytest.fixture
        def open_store(self) -> Opener:
            return kind

    return Tests


STORES: list[type[MemoryStore]] = [MemoryStore, *FAULTS]
for each in STORES:
    globals()[f"Test{each.__name__}"] = tests_of(each)
