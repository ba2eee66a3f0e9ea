"""The store in a SQLite file keeps the laws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from community_mediation.ports import Store
from community_mediation.stores import SqliteStore
from tests.stores.laws import StoreLaws
from tests.stores.samples import HandClock


class TestSqliteStore(StoreLaws):
    """All of them."""

    @pytest.fixture
    def store(self, clock: HandClock, tmp_path: Path) -> Iterator[Store]:
        store = SqliteStore.open(tmp_path / "book.db", clock=clock)
        yield store
        store.close()
