"""A book, used at random, beside a model of a few lines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import settings
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
from community_mediation.errors import IllegalMove, InvalidValue, KeyTaken, MediationError, NotFound, VersionConflict
from tests import strategies
from tests.casebook.checks import all_facts, folded_facts, moments
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, new

IDS = ("case-1", "case-2", "case-3")


def blank(event: Any, ids: set[str]) -> Any:
    """An event as it reads after the erasure of some subjects: ``""`` stands for what the case tells in words."""
    return _blank(event, ids, "")


def _blank(value: Any, ids: set[str], subject: str) -> Any:
    from community_mediation.domain.validators import SENSITIVITY, Sensitivity

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
        birth = attrs.evolve(case.events[0], reference=number, external=None)
        case = new(Case.fold(id, (birth,)))
        holder = self.keys.get((case.centre, number)) if number else None
        try:
            self.book.save(case)
        except VersionConflict:
            assert id in self.entries
        except KeyTaken as error:
            assert error.holder == holder != id
        else:
            assert id not in self.entries
            assert holder in (None, id)
            self.note(case)

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), late=st.booleans(), stale=st.booleans())
    def go_on(self, data: st.DataObject, late: bool, stale: bool) -> None:
        """One or two moves, or a correction, perhaps of long ago; built on the present or on an older version."""
        id = data.draw(st.sampled_from(sorted(self.entries)))
        known_at = data.draw(st.sampled_from([position for position, _ in self.entries[id]])) if stale else None
        case: Case = self.book.get(id, known_at=known_at)
        for _ in range(data.draw(st.integers(1, 2))):
            move = data.draw(st.sampled_from(list(Move) if late else list(case.possible)))
            when = strategies.START + dt.timedelta(hours=data.draw(st.integers(0, 300) if late else st.just(400)))
            try:
                mover = data.draw(strategies.movers(case, move))
                case = mover(case, data.draw(strategies.times_after(when)))
            except (IllegalMove, InvalidValue):
                continue
        if not case.pending:
            return
        is_stale = case.version != len(self.events(id))
        try:
            saved = self.book.save(case)
        except VersionConflict:
            assert is_stale
        except KeyTaken as error:
            assert self.keys.get((case.centre, case.reference or "")) == error.holder != id
        else:
            assert not is_stale
            assert saved == self.book.get(id)
            self.note(case)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        """At any position and moment the book gives what the model's events fold to."""
        id = data.draw(st.sampled_from(sorted(self.entries)))
        known_at = data.draw(st.integers(0, self.position))
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
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        """The words of a case, or one of its parties."""
        id = data.draw(st.sampled_from(sorted(self.entries)))
        party = data.draw(st.sampled_from(["", *strategies.PARTY_IDS]))
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
    tries = max(8, settings().max_examples // 8)
    run_state_machine_as_test(Machine, settings=settings(max_examples=tries, stateful_step_count=15))  # type: ignore[no-untyped-call]


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
    with pytest.raises((AssertionError, MediationError)):
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            Machine, settings=settings(max_examples=40, stateful_step_count=15, report_multiple_bugs=False, phases=[])
        )
