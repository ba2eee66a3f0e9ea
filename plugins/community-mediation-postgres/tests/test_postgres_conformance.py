"""The store keeps all laws that it declares."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from community_mediation_postgres.store import PostgresStore

from community_mediation.testing import Opener, StoreConformance
from community_mediation.testing.stores import Address


class TestConformance(StoreConformance):
    """On a real server."""

    machine_examples = 12
    machine_steps = 20
    kills = 4

    @pytest.fixture
    def open_store(self, url: str) -> Opener:
        return lambda clock: PostgresStore.open(url, clock=clock)

    @pytest.fixture
    def new_books(self, new_schema: Callable[[], str]) -> Callable[[], Opener]:
        def another() -> Opener:
            url = new_schema()
            return lambda clock: PostgresStore.open(url, clock=clock)

        return another

    @pytest.fixture
    def store_url(self, new_schema: Callable[[], str]) -> Address:
        return new_schema(), ["postgres"]
