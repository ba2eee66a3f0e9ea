"""Legal holds, and subjects whose values are kept and not used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from community_mediation.casebook import Casebook, erasing
from community_mediation.domain.ledger import BOOK, LegalHoldPlaced, SubjectsErased, SubjectState
from community_mediation.domain.people import Party, PersonDetails, Role
from community_mediation.domain.record import Person
from community_mediation.errors import Conflict, InvalidInput, InvalidValue, LegalHold, NotFound, StoreUnavailable
from community_mediation.registers import export_register
from tests.casebook.checks import found_in
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, Canaries, at, reported, watched

WHY = "canary-of-the-reason"


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def filled(book: Casebook, canaries: Canaries) -> Casebook:
    """A book with a canary in every personal field."""
    for matter in watched(canaries):
        book.save(matter)
    return book


def told(book: Casebook) -> str:
    """What a book holds of its cases and persons."""
    parts = [part for entry in book.store.log(0, 1000) if entry.kind != BOOK for part in entry.private.values()]
    return json.dumps(parts, ensure_ascii=False)


# ---------------------------------------------------------------- holds


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("person-1", "person-1"),
        ("person-1", "case-1/p1"),
        ("case-1/p1", "person-1"),
        ("case-1", "case-1"),
        ("case-1", "case-1/p3"),
        ("case-1", "person-1"),
        ("mediator-1", "mediator-1"),
    ],
)
def test_what_is_held_is_not_erased(filled: Casebook, held: str, asked: str) -> None:
    """Nor what goes with it: a person's parties, a case's parties. Nothing is changed, and no erasure recorded."""
    before, end = told(filled), filled.anchor()
    filled.hold(held, "2022-17", reason=WHY, by=BY)
    with pytest.raises(LegalHold) as caught:
        filled.erase(asked, reason=WHY, by=BY)
    assert caught.value.holds == ("2022-17",) and "2022-17" in str(caught.value) and WHY not in str(caught.value)
    assert told(filled) == before
    assert filled.anchor() != end and filled.verify(anchor=end).findings == ()
    assert not any(isinstance(event, SubjectsErased) for entry in filled.history(BOOK) for event in entry.events or ())


@pytest.mark.parametrize("asked", ["person-2", "case-1/p3", "case-2", "mediator-1"])
def test_a_hold_keeps_nobody_else(filled: Casebook, asked: str) -> None:
    filled.hold("person-1", "2022-17", reason=WHY, by=BY)
    assert filled.erase(asked, reason=WHY, by=BY).parts


def test_one_hold_of_two_is_not_enough_to_lift(filled: Casebook) -> None:
    """Each has its name; the same one twice is one."""
    for name in ("court-1", "archive", "court-1"):
        filled.hold("person-1", name, reason=WHY, by=BY)
    assert filled.holds() == {"person-1": ("court-1", "archive")}
    filled.lift_hold("person-1", "court-1", reason=WHY, by=BY)
    with pytest.raises(LegalHold):
        filled.erase("person-1", reason=WHY, by=BY)
    filled.lift_hold("person-1", "archive", reason=WHY, by=BY)
    assert filled.holds() == {}
    assert filled.erase("person-1", reason=WHY, by=BY).parts


def test_a_hold_needs_somebody_to_stand_on_and_a_name(filled: Casebook) -> None:
    end = filled.anchor()
    with pytest.raises(NotFound):
        filled.hold("nobody", "2022-17", reason=WHY, by=BY)
    with pytest.raises(InvalidValue):
        filled.hold("person-1", " ", reason=WHY, by=BY)
    with pytest.raises(NotFound):
        filled.lift_hold("person-1", "2022-17", reason=WHY, by=BY)
    with pytest.raises(NotFound):
        filled.restrict("nobody", reason=WHY, by=BY)
    with pytest.raises(NotFound):
        filled.lift_restriction("person-1", reason=WHY, by=BY)
    assert filled.anchor() == end


def test_a_hold_that_another_program_places_first_counts(
    sqlite: Shelf, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at what goes and the record of the erasure."""
    with sqlite.new() as book:
        for matter in watched(canaries):
            book.save(matter)
        other, look = sqlite.again(book), erasing.subjects_of

        def looked(*asked: object) -> tuple[str, ...]:
            found = look(*asked)  # type: ignore[arg-type]
            monkeypatch.setattr(erasing, "subjects_of", look)
            other.hold("person-1", "2022-17", reason=WHY, by=BY)
            return found

        monkeypatch.setattr(erasing, "subjects_of", looked)
        with pytest.raises(LegalHold):
            book.erase("person-1", reason=WHY, by=BY)


def test_the_checks_find_a_book_that_does_not_ask_for_holds(filled: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the look at the holds left out, what is held goes."""
    monkeypatch.setattr(Casebook, "_holding", lambda *_: [])
    before = told(filled)
    filled.hold("person-1", "2022-17", reason=WHY, by=BY)
    filled.erase("person-1", reason=WHY, by=BY)
    assert told(filled) != before


def test_reasons_stand_in_the_private_part_only(filled: Casebook) -> None:
    filled.hold("person-1", "2022-17", reason=WHY, by=BY)
    filled.restrict("person-1", reason=WHY, by=BY)
    entries = filled.store.entries(BOOK)
    assert not any(WHY in entry.body for entry in entries)
    assert sum(WHY in part for entry in entries for part in entry.private.values()) == 2
    (held,) = [event for event in filled.history(BOOK)[0].events or () if isinstance(event, LegalHoldPlaced)]
    assert held.reason == WHY and WHY not in repr(held)


# ---------------------------------------------------------------- states


def test_the_three_states(filled: Casebook) -> None:
    """A party is in the state of the person that it is linked to; what is recorded after an erasure is kept again."""
    both = ("person-1", "case-1/p1")

    def states(expected: SubjectState) -> bool:
        return [filled.state_of(each) for each in both] == [expected, expected]

    assert states(SubjectState.ACTIVE)
    filled.restrict("person-1", reason=WHY, by=BY)
    assert states(SubjectState.RESTRICTED) and filled.state_of("person-2") is SubjectState.ACTIVE
    filled.lift_restriction("person-1", reason=WHY, by=BY)
    assert states(SubjectState.ACTIVE)
    filled.restrict("person-1", reason=WHY, by=BY)
    filled.erase("person-1", reason=WHY, by=BY)
    assert states(SubjectState.ERASED) and filled.state_of("person-2") is SubjectState.ACTIVE
    with pytest.raises(NotFound):
        filled.state_of("nobody")


def test_somebody_is_not_erased_because_a_party_is(book: Casebook) -> None:
    """Of whom nothing personal was ever kept, and whose party alone was erased."""
    book.save(Person.create(id="person-9", at=at(), by=BY, details=PersonDetails()))
    party = Party(id="p1", side="A", role=Role.APPLICANT, name="孙某", person="person-9")
    book.save(reported("case-9", parties=(party,)))
    book.erase("case-9/p1", reason=WHY, by=BY)
    assert book.state_of("case-9/p1") is SubjectState.ERASED
    assert book.state_of("person-9") is SubjectState.ACTIVE


def test_a_restricted_subject_leaves_the_book_by_no_search(filled: Casebook, canaries: Canaries) -> None:
    """It was found before, and is again when the restriction is lifted; others are found all the while."""
    name = canaries.of["person-1"][0]
    other = canaries.of["person-2"][0]

    def found(text: str) -> bool:
        return bool(filled.search(text, reason=WHY, by=BY).matches)

    assert found(name) and found(other)
    filled.restrict("person-1", reason=WHY, by=BY)
    assert not found(name) and found(other)
    filled.lift_restriction("person-1", reason=WHY, by=BY)
    assert found(name)


def test_a_restricted_subject_leaves_the_book_by_no_export(
    filled: Casebook, canaries: Canaries, tmp_path: Path
) -> None:
    """Not with a reason either. Others are in the file as before."""

    def exported(name: str) -> str:
        path = tmp_path / name
        export_register(filled, path, identified=WHY)
        return path.read_text("utf-8")

    before = exported("before.jsonl")
    mine = found_in(before, canaries.of["person-1"])
    others = found_in(before, [*canaries.of["person-2"], *canaries.of["nobody"]])
    assert mine and others
    filled.restrict("person-1", reason=WHY, by=BY)
    after = exported("after.jsonl")
    assert found_in(after, mine) == [] and found_in(after, others) == others


def test_what_is_left_out_reads_as_nothing_and_nothing_else_does(filled: Casebook) -> None:
    """``without`` gives the case as it would be read after an erasure."""
    before = filled.get("case-1")
    filled.restrict("person-1", reason=WHY, by=BY)
    case = filled.get("case-1", without=filled.restricted())
    assert [party.name is None for party in case.parties] == [True, False, False, True]
    assert filled.get("case-1") == before
    filled.erase("person-1", reason=WHY, by=BY)
    assert filled.get("case-1") == case


# ---------------------------------------------------------------- reasons, and erasures that were cut off


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_of_this_is_done_without_a_reason(filled: Casebook, reason: str) -> None:
    """It is recorded, and a blank says nothing."""
    filled.hold("person-1", "court", reason=WHY, by=BY)
    filled.restrict("person-2", reason=WHY, by=BY)
    end = filled.anchor()
    for act in (
        lambda: filled.erase("person-2", reason=reason, by=BY),
        lambda: filled.search("x", reason=reason, by=BY),
        lambda: filled.record_disclosure("show", reason=reason, by=BY),
        lambda: filled.hold("person-2", "court", reason=reason, by=BY),
        lambda: filled.lift_hold("person-1", "court", reason=reason, by=BY),
        lambda: filled.restrict("person-1", reason=reason, by=BY),
        lambda: filled.lift_restriction("person-2", reason=reason, by=BY),
    ):
        with pytest.raises(InvalidInput, match="reason"):
            act()
    assert filled.anchor() == end


def test_no_hold_is_placed_on_what_is_going(filled: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure that was cut off between its record and the deed is ended first; then there is nothing to hold."""
    store = type(filled.store)
    with monkeypatch.context() as patch:
        patch.setattr(store, "erase", lambda *_: (_ for _ in ()).throw(StoreUnavailable("away")))
        with pytest.raises(StoreUnavailable):
            filled.erase("person-1", reason=WHY, by=BY)
    for subject in ("person-1", "case-1/p1"):
        with pytest.raises(Conflict):
            filled.hold(subject, "court", reason=WHY, by=BY)
    filled.erase("person-1", reason=WHY, by=BY)
    filled.hold("person-1", "court", reason=WHY, by=BY)
    assert filled.holds() == {"person-1": ("court",)}
