"""Simulations that several tests look at, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import community_mediation as cm
from community_mediation import simulate
from tests.simulate.scenes import RICH, SHARES, Told, told


@pytest.fixture(scope="session")
def rich() -> list[Told]:
    """Twelve hundred cases in which everything happens."""
    return told(RICH)


LIVED = simulate.Scenario.centre(seed=9, cases=120, runs_on=0, **SHARES)


@pytest.fixture(scope="session")
def lived() -> Iterator[cm.Casebook]:
    """A book of one centre that was lived through, and breaks off with its year."""
    clock = simulate.Clock()
    with cm.open_casebook("memory:", clock=clock) as book:
        simulate.fill(book, LIVED, clock=clock)
        yield book
