"""Books in memory to render from: lives of every kind with planted personal values, and one that knows little."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import attrs
import pytest

from community_mediation.casebook import Casebook, open_casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.matter import Matter
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.domain.values import NOT_REACHED, Code, Milestone, When
from community_mediation.ports import ReportRequest
from community_mediation.testing.strategies.records import some_centre, some_mediator, some_person
from community_mediation.testing.strategies.samples import lived_case, walked
from community_mediation.testing.strategies.values import BY, START, Random

CANARY: Final = "孙某-canary-5e1d"
"""Stands in every personal text of the sample, and must stand in nothing that names no one."""

SAMPLE_SIZE: Final = 40
"""How many cases the sample has."""

Value = TypeVar("Value")
M = TypeVar("M", bound=Matter)


def planted(value: Value, mark: str = CANARY) -> Value:
    """The same value with *mark* in the place of every personal text that it holds, however deep."""

    def change(field: attrs.Attribute[Any], now: Any) -> Any:
        public = field.metadata.get(SENSITIVITY, Sensitivity.NONE) is Sensitivity.NONE
        return now if public or not isinstance(now, str) else mark

    return walked(value, change)


def with_canaries(matter: M) -> M:
    """The matter with planted personal values in all its events, as a new one that is not saved yet."""
    events = tuple(planted(event) for event in matter.events)
    return attrs.evolve(type(matter).fold(matter.id, events), history=(), pending=events)


def sample_cases(size: int = SAMPLE_SIZE) -> list[Case]:
    """Cases of every kind of life, the same each time, with planted personal values."""
    lives = [with_canaries(lived_case(Random(number), id=f"sample-{number}")) for number in range(size)]
    return [*lives, *odd_cases()]


def odd_cases() -> list[Case]:
    """Registered cases that few random lives come to: ended nobody knows when, settled nobody knows how, void."""
    ended = Milestone.at(When.unknown())
    known: list[dict[str, Any]] = [
        {"concluded": ended},
        {"concluded": ended, "agreed": ended, "conclusion": Conclusion.SETTLED},
        {"concluded": ended, "begun": ended, "conclusion": Conclusion.NOT_SETTLED, "agreed": NOT_REACHED},
        {"concluded": NOT_REACHED, "begun": NOT_REACHED, "agreed": NOT_REACHED, "closed": NOT_REACHED},
        {"concluded": ended, "conclusion": Conclusion.VOID},
    ]
    dispute = Dispute(type=Code("moj_stat_18", "neighbour"))
    return [
        Case.register(
            id=f"odd-{number}",
            centre="centre-1",
            at=When.unknown() if number == 0 else When.on(START.date(), "Asia/Shanghai"),
            by=BY,
            snapshot=Snapshot(dispute=dispute, **cells),
        )
        for number, cells in enumerate(known)
    ]


def unknown_cases(size: int = 5) -> list[Case]:
    """Cases of a register that says when they were reported and of which type they are, and nothing else."""
    return [
        Case.register(
            id=f"unknown-{number}",
            centre="centre-1",
            at=When.on(START.date() + dt.timedelta(days=number), "Asia/Shanghai"),
            by=BY,
            snapshot=Snapshot(dispute=Dispute(type=Code("moj_stat_18", "neighbour"))),
        )
        for number in range(size)
    ]


def book_of(matters: Iterable[Matter]) -> Casebook:
    """A book in memory that holds *matters*."""
    book = open_casebook("memory:")
    for matter in matters:
        book.save(matter)
    return book


def sample_book() -> Casebook:
    """The sample cases with people, mediators and centres around them."""
    around = [make(Random(number)) for number, make in enumerate((some_person, some_mediator, some_centre))]
    named = [with_canaries(attrs.evolve(matter, id=f"around-{at}")) for at, matter in enumerate(around)]
    return book_of([*sample_cases(), *named])


class BookFixtures:
    """The books that reports and metrics are tried on."""

    @pytest.fixture
    def sample(self) -> Casebook:
        """A book with cases of every kind of life; its personal texts are canaries. It is shared: read it only."""
        return _shared_sample()

    @pytest.fixture
    def empty(self) -> Casebook:
        """A book that holds nothing."""
        return _shared_empty()

    @pytest.fixture
    def unknown(self) -> Casebook:
        """A book that knows of its cases that they were reported, and nothing else."""
        return _shared_unknown()


# Making a book takes longer than the law that reads it; they are in memory, and end with the program.
_shared_sample = functools.cache(sample_book)
_shared_empty = functools.cache(lambda: book_of([]))
_shared_unknown = functools.cache(lambda: book_of(unknown_cases()))


def request_for(book: Casebook, *, backwards: bool = False, **asked: Any) -> ReportRequest:
    """A request whose rows come from *book*, in the order of the book or the other way round."""

    def rows(table: str) -> Sequence[Mapping[str, Any]]:
        found = list(book.facts(table).rows())
        return found[::-1] if backwards else found

    return ReportRequest(rows=rows, **asked)
