"""What the kit is run on: a class of tests for each store in a file with a fault, and one for the store without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.ports import Store
from community_mediation.stores import SqliteStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import Address, Opener
from tests.stores.mutant_plugin import STORES


def tests_of(kind: type[SqliteStore]) -> type[StoreConformance]:
    """The kit, for one store."""

    class Tests(StoreConformance):
        machine_examples = 12

        @pytest.fixture
        def open_store(self, tmp_path: Path) -> Opener:
            return lambda clock: kind.open(tmp_path / "book.db", clock=clock)

        @pytest.fixture
        def store_url(self, tmp_path: Path) -> Address:
            return f"mutant://{kind.__name__}{tmp_path}/other.db", ["mutants"]

        @pytest.fixture
        def stored_bytes(self, tmp_path: Path) -> Callable[[], bytes]:
            return lambda: b"".join(path.read_bytes() for path in tmp_path.glob("book.db*"))

        @pytest.fixture
        def open_copy(self) -> Callable[[str], Store]:
            return lambda path: kind.open(path, create=False)

    return Tests


for name, each in STORES.items():
    globals()[f"Test{name}"] = tests_of(each)
