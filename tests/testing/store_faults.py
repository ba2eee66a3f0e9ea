"""A store that lasts, one that only says so, and one that reads wrong: what a plugin's author sees of them."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest

from community_mediation.ports import Capability, Clock, Entry, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.testing import Opener, StoreConformance
from community_mediation.testing.stores.lasting import LastingLaws
from community_mediation.testing.stores.versions import VersionLaws


class Amnesiac(MemoryStore):
    """Says that it lasts, and forgets everything."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.PERSISTENT, Capability.PROCESSES})


class Mistaken(MemoryStore):
    """Reads every body as another."""

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        return [attrs.evolve(entry, body="seventeen") for entry in super().entries(matter_id, known_at)]


class TestAmnesiac(LastingLaws):
    @pytest.fixture
    def open_store(self) -> Opener:
        return Amnesiac


class TestMistaken(VersionLaws, LastingLaws):
    @pytest.fixture
    def open_store(self) -> Opener:
        return Mistaken


class TestElsewhere(LastingLaws):
    """Its factory opens another book each time."""

    @pytest.fixture
    def open_store(self, tmp_path_factory: pytest.TempPathFactory) -> Opener:
        def open_store(clock: Clock) -> Store:
            return SqliteStore.open(tmp_path_factory.mktemp("book") / "book.db", clock=clock)

        return open_store


class TestNothing(StoreConformance):
    """Gives nothing."""
