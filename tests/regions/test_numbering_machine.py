"""Numbers under any course of events: two books on one place, cases that come in, numbers that are voided."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from community_mediation.builtins import mediation_matters
from community_mediation.casebook import Casebook
from community_mediation.casebook.numbering import NumberUse
from community_mediation.codec import Codec
from community_mediation.domain.matter import Event
from community_mediation.domain.numbering import NUMBERING_EVENTS, SHEET
from community_mediation.errors import IllegalMove
from community_mediation.plugins import Plugins
from community_mediation.regions import ReferencePattern
from community_mediation.stores import MemoryStore
from community_mediation.testing import strategies
from tests.regions.numbering_driver import AT
from tests.regions.samples import BY, reported

PATTERN = ReferencePattern(
    name="case", template="[{year}]{serial:02}", alternatives=("〔{year}〕{serial:02}",), source="a test"
)
CENTRES = st.sampled_from(["centre-1", "centre-2"])
SETTINGS = settings(max_examples=max(12, settings().max_examples // 8), stateful_step_count=15)
# A fault is looked for, not made small.
FAULTS = settings(max_examples=60, stateful_step_count=15, phases=[Phase.generate], print_blob=False)


def made(kind: Any) -> st.SearchStrategy[Event]:
    """Any event of that class."""
    return strategies.made(kind)


class Numbers(RuleBasedStateMachine):
    """What is expected is kept beside the books: who was given which number, and which numbers cases have."""

    book_class: type[Casebook] = Casebook

    def __init__(self) -> None:
        super().__init__()
        store = MemoryStore()
        self.books = [self.book_class(store, Plugins().kinds().values()) for _ in range(2)]
        self.given: dict[str, list[int]] = {"centre-1": [], "centre-2": []}
        self.taken: dict[str, set[int]] = {"centre-1": set(), "centre-2": set()}
        self.voided: dict[str, set[int]] = {"centre-1": set(), "centre-2": set()}
        self.cases = 0

    @initialize(centre=CENTRES, count=st.sampled_from([0, SHEET - 2, SHEET]))
    def register(self, centre: str, count: int) -> None:
        """An old register came in first."""
        cases = (
            reported(AT, id=f"old-{each}", centre=centre, reference=f"[2026]{each}") for each in range(1, count + 1)
        )
        self.books[0].add_many(cases)
        self.taken[centre].update(range(1, count + 1))

    @rule(who=st.integers(0, 1), centre=CENTRES, count=st.integers(1, 4))
    def reserve(self, who: int, centre: str, count: int) -> None:
        """The next number: the first after the last that neither was given out nor stands on a case."""
        for _ in range(count):
            text = self.books[who].reserve_reference(centre, PATTERN, at=AT, by=BY)
            wanted = max([0, *self.given[centre]]) + 1
            while wanted in self.taken[centre]:
                wanted += 1
            assert PATTERN.parse(text).serial == wanted
            assert PATTERN.print(PATTERN.parse(text)) == text
            self.given[centre].append(wanted)

    def _case(self, book: Casebook, centre: str, serial: int, spelling: int, width: int) -> None:
        made = PATTERN.make(serial=serial, year=2026)
        text = PATTERN._filled(made, spelling, width)
        self.cases += 1
        book.save(reported(AT, id=f"case-{self.cases}", centre=centre, reference=text))
        self.taken[centre].add(serial)

    @rule(
        who=st.integers(0, 1),
        centre=CENTRES,
        ahead=st.integers(1, 5),
        spelling=st.integers(0, 1),
        width=st.integers(1, 4),
    )
    def comes_in(self, who: int, centre: str, ahead: int, spelling: int, width: int) -> None:
        """A case with a number that is still to be given out, in any spelling."""
        serial = max([0, *self.given[centre]]) + ahead
        if serial not in self.taken[centre]:
            self._case(self.books[who], centre, serial, spelling, width)

    @precondition(lambda self: any(self.given.values()))
    @rule(who=st.integers(0, 1), data=st.data())
    def use(self, who: int, data: st.DataObject) -> None:
        """A number that was given out goes on a case."""
        centre = data.draw(st.sampled_from([each for each, given_ in self.given.items() if given_]))
        serial = data.draw(st.sampled_from(self.given[centre]))
        if serial not in self.taken[centre] | self.voided[centre]:
            self._case(self.books[who], centre, serial, 0, 2)

    @precondition(lambda self: any(self.given.values()))
    @rule(who=st.integers(0, 1), data=st.data())
    def void(self, who: int, data: st.DataObject) -> None:
        """A number that was given out will not be used; one that is, or was voided, cannot be."""
        centre = data.draw(st.sampled_from([each for each, given_ in self.given.items() if given_]))
        serial = data.draw(st.sampled_from(self.given[centre]))
        text = PATTERN.print(PATTERN.make(serial=serial, year=2026))
        if serial in self.taken[centre] | self.voided[centre]:
            with pytest.raises(IllegalMove):
                self.books[who].void_reference(centre, PATTERN, text, at=AT, by=BY)
        else:
            self.books[who].void_reference(centre, PATTERN, text, at=AT, by=BY)
            self.voided[centre].add(serial)

    @invariant()
    def no_number_twice(self) -> None:
        """Each number was given out once."""
        for given_ in self.given.values():
            assert len(set(given_)) == len(given_)

    def teardown(self) -> None:
        """Every number up to the last is accounted for, none left out, each with what became of it."""
        for centre, given_ in self.given.items():
            counted = list(self.books[1].counted_references(centre, PATTERN, 2026))
            assert [each.serial for each in counted] == list(range(1, max([0, *given_]) + 1))
            for each in counted:
                if each.serial not in given_:
                    wanted = NumberUse.TAKEN
                elif each.serial in self.voided[centre]:
                    wanted = NumberUse.VOIDED
                else:
                    wanted = NumberUse.USED if each.serial in self.taken[centre] else NumberUse.OPEN
                assert each.use is wanted


def test_numbers_hold_under_any_course_of_events() -> None:
    run_state_machine_as_test(Numbers, settings=SETTINGS)


class Blind(Casebook):
    """Planted fault: it does not look whether a case has the number, in every spelling."""

    def _case_with(self, centre: str, pattern: ReferencePattern, reference: Any) -> str | None:
        return self.store.key(
            "case_no", f"{len(centre)}:{centre}{len(pattern.print(reference))}:{pattern.print(reference)}"
        )


class Forgetful(Casebook):
    """Planted fault: a number that was voided is given out once more."""

    def reserve_reference(self, centre: str, pattern: ReferencePattern, **given_: Any) -> str:
        """The first that was voided, if there is any."""
        for each in self.counted_references(centre, pattern, 2026):
            if each.use is NumberUse.VOIDED and each.reference is not None:
                return each.reference
        return super().reserve_reference(centre, pattern, **given_)


@pytest.mark.parametrize("faulty", [Blind, Forgetful])
def test_a_book_with_a_planted_fault_is_caught(faulty: type[Casebook]) -> None:
    machine = type(faulty.__name__, (Numbers,), {"book_class": faulty})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=FAULTS)


# ---------------------------------------------------------------- on the wire


@given(event=st.sampled_from(list(NUMBERING_EVENTS.values())).flatmap(made))
def test_what_happens_to_a_counter_is_written_and_read_as_it_was(event: Event) -> None:
    """Its note, which may name people, is kept in the private part."""
    codec = Codec(NUMBERING_EVENTS)
    encoded = codec.encode("numbers:a:0", [event], salt=lambda: "0" * 32)
    assert codec.decode(encoded.body, encoded.private).events == (event,)
    assert bool(encoded.private) is (getattr(event, "note", None) is not None)


def test_the_core_brings_counters_as_a_kind_of_matter() -> None:
    assert [each.name for each in mediation_matters()].count("numbering") == 1
