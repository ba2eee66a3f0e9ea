"""The store in a SQLite file keeps the laws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.ports import Store
from community_mediation.stores import SqliteStore
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores import Address, Opener


class TestSqliteStore(StoreConformance):
    """All of them."""

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Opener:
        return lambda clock: SqliteStore.open(tmp_path / "book.db", clock=clock)

    @pytest.fixture
    def new_books(self, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Opener]:
        def new_book() -> Opener:
            folder = tmp_path_factory.mktemp("life")
            return lambda clock: SqliteStore.open(folder / "book.db", clock=clock)

        return new_book

    @pytest.fixture
    def store_url(self, tmp_path: Path) -> Address:
        return f"sqlite:///{tmp_path}/other.db", []

    @pytest.fixture
    def stored_bytes(self, tmp_path: Path) -> Callable[[], bytes]:
        return lambda: b"".join(path.read_bytes() for path in tmp_path.glob("book.db*"))

    @pytest.fixture
    def open_copy(self) -> Callable[[str], Store]:
        return lambda path: SqliteStore.open(path, create=False)
