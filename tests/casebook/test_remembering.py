"""A book remembers the facts of what it saved last, and never writes other facts because of it."""

from __future__ import annotations

import random

import pytest

from community_mediation.casebook import Casebook
from community_mediation.casebook import book as module
from community_mediation.domain.case import Case
from community_mediation.errors import InvalidValue, StoreDamaged, VersionConflict
from tests.casebook.checks import all_versions
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, at, reported, settled

STEPS = 40


def moved(case: Case, number: int) -> Case:
    """The case with one more event."""
    return case.assign(mediator=f"mediator-{number % 3}", at=at(5 + number), by=BY)


def in_turns(books: list[Casebook]) -> None:
    """Two cases, saved step by step now by the one book and now by the other, as chance has it."""
    dice = random.Random(7)
    for id in ("case-1", "case-2"):
        books[0].save(reported(id).accept(at=at(1), by=BY))
    for number in range(STEPS):
        book = dice.choice(books)
        book.save(moved(book.get(dice.choice(("case-1", "case-2"))), number))


@pytest.mark.parametrize("recent", [0, 1, 256])
def test_the_facts_are_the_same_however_much_is_remembered(
    shelf: Shelf, recent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another book writes in between: every version of every row, and the book verifies."""
    monkeypatch.setattr(module, "RECENT", recent)
    with shelf.new() as one:
        other = shelf.again(one)
        in_turns([one, other])
        assert one.verify().is_whole and other.verify().is_whole
        assert len(one._recent) == min(recent, 2)
        written = all_versions(one)
        one.rebuild_facts()
        assert all_versions(one) == written


def test_what_is_remembered_of_an_earlier_version_is_not_used(book: Casebook) -> None:
    """The control: the rows of an earlier version, held against the present one, spoil the facts."""
    case = book.save(settled())
    version, rows = book._recent[case.id]
    case = book.save(case.close(at=at(400), by=BY) if case.file == "open" else moved(case, 1))
    assert book._recent[case.id][0] == version + 1
    book._recent[case.id] = (case.version, rows)
    try:
        book.save(case.reopen(at=at(500), by=BY, reason="x"))
    except (StoreDamaged, InvalidValue):
        return
    assert not book.verify().is_whole


def test_what_was_refused_is_not_remembered(book: Casebook) -> None:
    """A save that loses against another leaves what the book remembers as it was."""
    case = book.save(reported().accept(at=at(1), by=BY))
    kept = book._recent[case.id]
    first, second = moved(case, 1), moved(case, 2)
    saved = book.save(first)
    with pytest.raises(VersionConflict):
        book.save(second)
    assert book._recent[case.id][0] == saved.version != kept[0]
    book.save(moved(saved, 3))
    assert book.verify().is_whole
