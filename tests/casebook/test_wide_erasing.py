"""Erasing people who came, left, helped, or were taken for someone else: all of theirs goes, and no figure changes."""

from __future__ import annotations

import pytest

from community_mediation.casebook import Casebook
from community_mediation.domain.items import Exhibit, Helper
from community_mediation.domain.people import Party
from tests.casebook.checks import all_versions, bytes_of, found_in
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, Canaries, reported
from tests.casebook.test_erasing import everything
from tests.casebook.wide_samples import WIDE, person, tally, told, wide_case


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def fill(book: Casebook, canaries: Canaries) -> Casebook:
    for matter in (wide_case(canaries), tally(canaries), person("person-1", canaries), person("person-3", canaries)):
        book.save(matter)
    return book


@pytest.mark.parametrize(
    ("subject", "goes", "also"),
    [
        ("person-1", {"person-1"}, (f"{WIDE}/p1",)),
        ("person-3", {"person-3"}, (f"{WIDE}/h1",)),
        (f"{WIDE}/h2", {"h2"}, ()),
        (f"{WIDE}/p2", {"nobody"}, ()),
        (f"{WIDE}/p3", {"heir"}, ()),
        (WIDE, {WIDE}, ()),
        ("tally-1", {"tally-1"}, ()),
    ],
)
def test_what_is_erased_is_nowhere_and_all_else_stays(
    shelf: Shelf, canaries: Canaries, subject: str, goes: set[str], also: tuple[str, ...]
) -> None:
    """Of parties and helpers, of what was noted in words, and of counts; every fact at every position stays."""
    with shelf.new() as book:
        fill(book, canaries)
        gone = [each for owner in goes for each in canaries.of[owner]]
        others = [each for owner, mine in canaries.of.items() if owner not in goes for each in mine]
        assert set(found_in(everything(book), canaries.all)) == set(canaries.all)
        facts = all_versions(book)
        assert book.erase(subject, reason="asked", by=BY).subjects == (subject, *also)
        told_now = everything(book)
        assert found_in(told_now, gone) == []
        assert found_in(told_now, others) == others
        assert all_versions(book)[: len(facts)] == facts
        book.rebuild_facts()
        assert all_versions(book)[: len(facts)] == facts
        assert book.verify().findings == ()
        if shelf.sort == "sqlite":
            assert found_in(bytes_of(shelf.path(book)), canaries.all) == others


def party(canaries: Canaries, owner: str, link: str | None) -> Party:
    return Party(id="p1", side="A", person=link, name=canaries.text(owner, "name"))


def test_a_party_that_was_linked_by_a_change_goes_with_the_person(book: Casebook, canaries: Canaries) -> None:
    case = reported("case-1", parties=(party(canaries, "mine", None),))
    book.save(case.change_party(party(canaries, "mine", "person-1"), **told(1)))
    book.save(person("person-1", canaries))
    assert book.erase("person-1", reason="asked", by=BY).subjects == ("person-1", "case-1/p1")
    assert found_in(everything(book), canaries.all) == []


def test_a_party_that_was_unlinked_by_a_change_keeps_its_data(book: Casebook, canaries: Canaries) -> None:
    """It had been taken for someone else: a link that was taken back is none."""
    case = book.save(reported("case-1", parties=(party(canaries, "other", "person-1"),)))
    book.save(case.change_party(party(canaries, "other", None), **told(1)))
    book.save(person("person-1", canaries))
    assert book.erase("person-1", reason="asked", by=BY).subjects == ("person-1",)
    assert found_in(everything(book), canaries.of["other"]) == canaries.of["other"]


def test_a_party_that_left_goes_with_its_person(book: Casebook, canaries: Canaries) -> None:
    case = reported("case-1").join(
        Party(id="p9", side="C", person="person-1", name=canaries.text("mine", "n")), **told(1)
    )
    book.save(case.leave("p9", **told(2)))
    book.save(person("person-1", canaries))
    assert book.erase("person-1", reason="asked", by=BY).subjects == ("person-1", "case-1/p9")
    assert found_in(everything(book), canaries.all) == []


def test_a_helper_whose_noting_was_struck_is_erased(book: Casebook, canaries: Canaries) -> None:
    """The case knows it no more; the entry that was corrected still holds the name."""
    case = reported("case-1").record(
        Helper(id="h1", kind="elder", person="person-1", name=canaries.text("mine", "n")), **told(1)
    )
    book.save(case.correct(2, None, **told(2)))
    book.save(person("person-1", canaries))
    assert book.erase("person-1", reason="asked", by=BY).subjects == ("person-1", "case-1/h1")
    assert found_in(everything(book), canaries.all) == []


def test_a_helper_that_is_no_subject_of_its_own_would_be_noticed(
    book: Casebook, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: its name stands among the words of the case, and stays when the person goes."""
    from community_mediation.codec.privacy import plan_for

    monkeypatch.delattr(Helper, "subject_field")
    plan_for.cache_clear()
    try:
        fill(book, canaries)
        assert book.erase("person-3", reason="asked", by=BY).subjects == ("person-3",)
        assert [each for each in found_in(everything(book), canaries.of["person-3"]) if "-name-" in each]
    finally:
        plan_for.cache_clear()


def test_what_is_noted_in_words_goes_with_the_words_of_the_case(book: Casebook, canaries: Canaries) -> None:
    """An exhibit stays, with its kind and pages; what it says is gone."""
    case = reported("case-1").record(Exhibit(kind="photo", pages=2, title=canaries.text("case-1", "title")), **told(1))
    book.save(case)
    book.erase("case-1", reason="asked", by=BY)
    (exhibit,) = book.get("case-1").noted(Exhibit)
    assert (exhibit.kind, exhibit.pages, exhibit.title) == ("photo", 2, None)
