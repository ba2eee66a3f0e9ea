"""The store in a SQLite file keeps the laws."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_mediation.stores import SqliteStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import Opener


class TestSqliteStore(StoreConformance):
    """All of them."""

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Opener:
        return lambda clock: SqliteStore.open(tmp_path / "book.db", clock=clock)
