"""A book, used at random, beside a model of a few lines."""

from __future__ import annotations

import contextlib
import datetime as dt
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Event
from community_mediation.domain.stages import Move
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.errors import IllegalMove, InvalidValue, KeyTaken, NotFound, VersionConflict
from community_mediation.testing import strategies
from tests.casebook.checks import all_facts, folded_facts, moments
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, new

IDS = ("case-1", "case-2", "case-3")


def blank(event: Any, ids: set[str]) -> Any:
    """An event as it reads after the erasure of some subjects: ``""`` stands for what the case tells in words."""
    return _blank(event, ids, "")


def _blank(value: Any, ids: set[str], subject: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_blank(each, ids, subject) for each in value)
    if not attrs.has(type(value)):
        return value
    mine = getattr(value, type(value).subject_field) if hasattr(type(value), "subject_field") else subject
    changes = {}
    for field in attrs.fields(type(value)):
        level = field.metadata.get(SENSITIVITY)
        if level is Sensitivity.NONE:
            changes[field.name] = _blank(getattr(value, field.name), ids, mine)
        elif level is not None and mine in ids:
            changes[field.name] = None
    return attrs.evolve(value, **changes)


class BookMachine(RuleBasedStateMachine):
    """Saves, late and corrected events, stale saves, erasures, rebuilds and reopenings, in any order."""

    shelf: Shelf

    def __init__(self) -> None:
        super().__init__()
        self.book: Casebook
        # The model: the events of each case, entry by entry, with the position of the entry.
        self.entries: dict[str, list[tuple[int, tuple[Event, ...]]]] = {}
        self.keys: dict[tuple[str, str], str] = {}
        self.position = 0

    @initialize()
    def open(self) -> None:
        self.book = self.shelf.new()

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.book.close()

    def events(self, id: str, known_at: int | None = None) -> tuple[Event, ...]:
        """What the model knows of a case."""
        found = self.entries.get(id, [])
        return tuple(each for position, events in found if known_at is None or position <= known_at for each in events)

    def note(self, case: Case) -> None:
        """A save went through."""
        self.position += 1
        self.entries.setdefault(case.id, []).append((self.position, case.pending))
        if case.reference is not None:
            self.keys[case.centre, case.reference] = case.id

    @rule(id=st.sampled_from(IDS), case=strategies.new_cases(), number=st.sampled_from([None, "No. 1", "No. 2"]))
    def save_new(self, id: str, case: Case, number: str | None) -> None:
        """A case that is not there yet, or is by now; its number may be another's."""
        birth = attrs.evolve(case.events[0], reference=number, external=None)  # type: ignore[call-arg]
        case = new(Case.fold(id, (birth,)))
        holder = self.keys.get((case.centre, number)) if number else None
        self.expect(case, stale=id in self.entries, taken=holder not in (None, id))

    def expect(self, case: Case, *, stale: bool, taken: bool) -> None:
        """Save it, and see that it goes as the model says."""
        expected = VersionConflict if stale else KeyTaken if taken else None
        if expected is not None:
            with pytest.raises(expected):
                self.book.save(case)
        else:
            assert self.book.save(case) == self.book.get(case.id)
            self.note(case)

    @precondition(lambda self: self.entries)
    @rule(
        choice=st.integers(0, 2**16),
        late=st.booleans(),
        stale=st.integers(0, 3),
        seeds=st.lists(st.integers(0, 2**16), min_size=1, max_size=3),
    )
    def go_on(self, choice: int, late: bool, stale: int, seeds: list[int]) -> None:
        """Some moves, or a correction, perhaps of long ago; built on the present or on an older version."""
        id = sorted(self.entries)[choice % len(self.entries)]
        positions = [position for position, _ in self.entries[id]]
        case: Case = self.book.get(id, known_at=positions[choice % len(positions)] if stale == 0 else None)
        for seed in seeds:
            rng = Random(seed)
            move = rng.choice(list(Move) if late else list(case.possible))
            when = strategies.START + dt.timedelta(hours=rng.randrange(300) if late else 400)
            with contextlib.suppress(IllegalMove, InvalidValue):
                case = strategies.mover(case, move, rng)(strategies.loosely(when, rng))
        if case.pending:
            holder = self.keys.get((case.centre, case.reference or ""))
            self.expect(case, stale=case.version != len(self.events(id)), taken=holder not in (None, id))

    @precondition(lambda self: self.entries)
    @rule(choice=st.integers(0, 2**16))
    def look_back(self, choice: int) -> None:
        """At any position and moment the book gives what the model's events fold to."""
        id = sorted(self.entries)[choice % len(self.entries)]
        known_at = choice % (self.position + 1)
        events = self.events(id, known_at)
        if not events:
            with pytest.raises(NotFound):
                self.book.get(id, known_at=known_at)
            return
        known = Case.fold(id, events)
        assert self.book.get(id, known_at=known_at) == known
        for moment in moments(known)[:9:2]:
            then = known.valid_at(moment)
            if then is None:
                with pytest.raises(NotFound):
                    self.book.get(id, known_at=known_at, valid_at=moment)
            else:
                assert self.book.get(id, known_at=known_at, valid_at=moment) == then

    @precondition(lambda self: self.entries)
    @rule(choice=st.integers(0, 2**16), party=st.sampled_from(["", "p1", "p2", "p3", "p4"]))
    def erase(self, choice: int, party: str) -> None:
        """The words of a case, or one of its parties."""
        id = sorted(self.entries)[choice % len(self.entries)]
        before = all_facts(self.book)
        try:
            self.book.erase(f"{id}/{party}" if party else id, reason="asked", by=BY)
        except NotFound:
            assert party
            return
        self.position += 1
        self.entries[id] = [
            (position, tuple(blank(event, {party}) for event in events)) for position, events in self.entries[id]
        ]
        assert all_facts(self.book) == before

    @rule()
    def rebuild(self) -> None:
        self.book.rebuild_facts()

    @rule()
    def reopen(self) -> None:
        """Another program goes on."""
        other = self.shelf.again(self.book)
        if self.shelf.sort == "sqlite":
            self.book.close()
        self.book = other

    @invariant()
    def the_book_says_what_the_model_says(self) -> None:
        if not hasattr(self, "book"):
            return
        assert self.book.store.head().position == self.position
        cases = [Case.fold(id, self.events(id)) for id in self.entries]
        for case in cases:
            assert self.book.get(case.id) == case
        assert all_facts(self.book) == folded_facts(self.book, cases)

    @invariant()
    def the_book_is_whole(self) -> None:
        if hasattr(self, "book"):
            assert self.book.verify().findings == ()


def test_a_book_says_what_its_model_says(shelf: Shelf) -> None:
    """Whatever is done to it, in whatever order."""

    class Machine(BookMachine):
        """Over this store."""

    Machine.shelf = shelf
    tries = max(8, settings().max_examples // 6)
    run_state_machine_as_test(Machine, settings=settings(max_examples=tries, stateful_step_count=15))


def test_a_save_that_checks_no_version_is_caught(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: every save goes on from the present version, whatever it was built on."""
    real = Casebook.save

    def careless(self: Casebook, matter: Any, **given: Any) -> Any:
        try:
            return real(self, matter, **given)
        except VersionConflict:
            history = self.get(matter.id).history
            return real(self, attrs.evolve(matter, history=history), **given)

    monkeypatch.setattr(Casebook, "save", careless)

    class Machine(BookMachine):
        """Over this store."""

    Machine.shelf = shelf
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=400, stateful_step_count=15, report_multiple_bugs=False, phases=[Phase.generate]
            ),
        )
