"""What the kit is run on: a class of tests for each store in memory with a fault, and one for the store without."""

from __future__ import annotations

import pytest

from community_mediation.ports import Store
from community_mediation.stores import MemoryStore
from community_mediation.testing import Opener, StoreConformance
from community_mediation.testing.stores import helping
from tests.stores.mutants import FAULTS

# A store that waits for itself is to be found in less time than one is waited for by authors.
helping.PATIENCE = 1.0


def tests_of(kind: type[Store]) -> type[StoreConformance]:
    """The kit, for one store."""

    class Tests(StoreConformance):
        machine_examples = 12

        @pytest.fixture
        def open_store(self) -> Opener:
            return kind

    return Tests


for each in (MemoryStore, *FAULTS):
    globals()[f"Test{each.__name__}"] = tests_of(each)
