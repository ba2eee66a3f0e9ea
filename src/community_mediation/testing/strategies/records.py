"""Persons, mediators, centres and counts with a history."""

from __future__ import annotations

import datetime as dt
import typing
from typing import Any

from hypothesis import strategies as st

from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.people import MediatorDetails, PersonDetails
from community_mediation.domain.record import Centre, Mediator, Person, Record, Tally
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies.histories import loosely
from community_mediation.testing.strategies.making import make, some_text
from community_mediation.testing.strategies.values import BY, START, Random


def _record(cls: Any, details: Any, rng: Random) -> Any:
    record: Record = cls.create(id="record-1", details=make(details, rng), at=loosely(START, rng), by=BY)
    clock = START
    for _ in range(rng.randrange(4)):
        clock += dt.timedelta(hours=rng.randrange(-30, 400))
        try:
            record = record.change(details=make(details, rng), at=loosely(clock, rng), by=BY)
        except (IllegalMove, InvalidValue):
            continue
    if rng.random() < 0.5:
        record = record.end(at=When.unknown(), by=BY, reason="left", note=some_text(rng))
    return record


def some_person(rng: Random) -> Person:
    """A person with a history."""
    return typing.cast(Person, _record(Person, PersonDetails, rng))


def some_mediator(rng: Random) -> Mediator:
    """A mediator with a history."""
    return typing.cast(Mediator, _record(Mediator, MediatorDetails, rng))


def some_centre(rng: Random) -> Centre:
    """A centre with a history."""
    return typing.cast(Centre, _record(Centre, CentreDetails, rng))


def some_tally(rng: Random) -> Tally:
    """A count with a history."""
    return typing.cast(Tally, _record(Tally, TallyDetails, rng))


def tallies() -> st.SearchStrategy[Tally]:
    """A count with a history."""
    return st.integers(0, 2**32).map(lambda seed: some_tally(Random(seed)))


def persons() -> st.SearchStrategy[Person]:
    """A person with a history."""
    return st.integers(0, 2**32).map(lambda seed: some_person(Random(seed)))


def mediators() -> st.SearchStrategy[Mediator]:
    """A mediator with a history."""
    return st.integers(0, 2**32).map(lambda seed: some_mediator(Random(seed)))


def centres() -> st.SearchStrategy[Centre]:
    """A centre with a history."""
    return st.integers(0, 2**32).map(lambda seed: some_centre(Random(seed)))
