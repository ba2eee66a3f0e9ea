"""Saving and getting: what goes in comes out, and whoever comes late changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import ExternalId
from community_mediation.errors import (
    InvalidQuery,
    InvalidValue,
    KeyTaken,
    NotFound,
    PluginFailed,
    StoreClosed,
    StoreDamaged,
    StoreError,
    VersionConflict,
)
from community_mediation.ports import Key
from community_mediation.testing import strategies
from tests.casebook.checks import raw, state_of
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, Canaries, at, cut, new, reported, settled, watched

CUTS = st.sets(st.integers(1, 12), max_size=4)


@given(
    matter=st.one_of(strategies.cases(), strategies.persons(), strategies.mediators(), strategies.centres()), at=CUTS
)
def test_what_was_saved_is_what_is_got(shelf: Shelf, matter: Matter, at: set[int]) -> None:
    """Any history, saved in any number of commits, comes back equal, and so does what ``save`` returned."""
    with shelf.new() as book:
        for part in cut(matter, *at):
            saved = book.save(part)
            got = book.get(matter.id)
            assert got == saved
            assert (got.events, got.pending, got.version) == (part.events, (), len(part.events))
            # What a case notes on its way is no part of its value.
            assert all(
                getattr(got, each.name) == getattr(saved, each.name) for each in attrs.fields(type(got)) if each.eq
            )
        assert book.get(matter.id).events == matter.events


def test_nothing_pending_writes_nothing(book: Casebook) -> None:
    """Saving what is saved already leaves the book as it was."""
    case = book.save(settled())
    before = state_of(book)
    assert book.save(case) == case
    assert book.add_many([case]) == 0
    assert book.add_all([(case, ())]) == 0
    assert state_of(book) == before


def test_a_stale_save_is_refused_and_changes_nothing(book: Casebook) -> None:
    """Of two who read the same value the second to save gets ``VersionConflict``; facts, keys and journal stay."""
    first = book.save(reported())
    second = book.get("case-1")
    book.save(first.accept(at=at(1), by=BY))
    before = state_of(book)
    late = Key("note", "late")
    with pytest.raises(VersionConflict) as caught:
        book.save(second.decline(at=at(1), by=BY), keys=[late])
    assert (caught.value.matter_id, caught.value.expected, caught.value.actual) == ("case-1", 1, 2)
    assert state_of(book) == before
    assert book.holder(late) is None
    with pytest.raises(VersionConflict):
        book.save(reported())
    assert state_of(book) == before


def test_an_older_knowledge_cannot_be_built_upon(book: Casebook) -> None:
    """What the book knew at an earlier position is stale as soon as it knows more."""
    book.save(reported())
    book.save(book.get("case-1").accept(at=at(1), by=BY))
    old = book.get("case-1", known_at=1)
    with pytest.raises(VersionConflict):
        book.save(old.decline(at=at(1), by=BY))


def test_a_look_at_the_past_cannot_be_saved(book: Casebook) -> None:
    """Neither one that the book gave, nor one of a value that was never saved."""
    case = book.save(settled())
    before = state_of(book)
    for look in (book.get(case.id, valid_at=at(5)), settled("case-2").valid_at(at(5))):
        assert look is not None
        with pytest.raises(InvalidValue, match="past"):
            book.save(look)
    with pytest.raises(InvalidValue, match="past"):
        book.add_many([settled("case-2").valid_at(at(5)) or reported()])
    assert state_of(book) == before


def test_a_refused_key_refuses_the_whole_save(book: Casebook) -> None:
    """``KeyTaken`` names the holder; no entry, fact or other key of the refused save is left."""
    book.save(reported("case-1", reference="No. 1"))
    before = state_of(book)
    with pytest.raises(KeyTaken) as caught:
        book.save(reported("case-2", reference="No. 1", external=ExternalId("old", "2")), keys=[Key("note", "two")])
    assert (caught.value.kind, caught.value.holder) == ("case_no", "case-1")
    assert state_of(book) == before
    assert book.holder(Key("note", "two")) is None


@pytest.mark.parametrize("id", ["nobody", "", "a/b", "\udc80", 3, None, ("case-1",)])
def test_what_is_not_there_is_not_found(book: Casebook, id: Any) -> None:
    """Whatever is asked for: an id that no matter has is ``NotFound``, for the value and for its history."""
    book.save(reported())
    with pytest.raises(NotFound):
        book.get(id)
    with pytest.raises(NotFound):
        book.history(id)


@pytest.mark.parametrize("known_at", [-1, True, 1.0, "1", dt.datetime(2024, 1, 1)])  # noqa: DTZ001 - the naive is the point
def test_what_was_known_is_asked_for_by_position_or_aware_moment(book: Casebook, known_at: Any) -> None:
    """Anything else is an ``InvalidQuery``."""
    book.save(reported())
    with pytest.raises(InvalidQuery):
        book.get("case-1", known_at=known_at)


def test_a_matter_of_a_class_that_no_plugin_brings_is_refused(book: Casebook) -> None:
    """A subclass is a kind of its own: what it overrides would be lost on reading."""

    class LocalCase(Case):
        """A case that nobody registered."""

    with pytest.raises(PluginFailed, match="LocalCase"):
        book.save(LocalCase.fold("case-1", reported().events).accept(at=at(1), by=BY))


def test_the_id_of_the_book_itself_is_not_for_matters(book: Casebook) -> None:
    """A case of that id would shut the book out of its own ledger."""
    with pytest.raises(InvalidValue, match="book itself"):
        book.save(reported("book"))
    assert book.keyed("name", "叶某").value


def test_a_closed_book_says_so(shelf: Shelf) -> None:
    """Every call after the end is ``StoreClosed``; closing again does nothing."""
    book = shelf.new()
    book.save(reported())
    book.close()
    book.close()
    for call in (
        lambda: book.save(reported("case-2")),
        lambda: book.get("case-1"),
        lambda: book.find("case"),
        lambda: list(book.log()),
        lambda: list(book.facts("case").rows()),
        lambda: book.erase("case-1", reason="asked", by=BY),
        book.verify,
        book.health,
        book.anchor,
    ):
        with pytest.raises(StoreClosed):
            call()


def test_a_damaged_entry_is_an_error_of_the_store(sqlite: Shelf) -> None:
    """Reading it is no fault of what was given: ``get``, ``history`` and ``log`` say ``StoreDamaged``, and where."""
    canaries = Canaries()
    with sqlite.new() as book:
        for matter in watched(canaries):
            book.save(matter)
        raw(sqlite.path(book), "UPDATE entry SET body = replace(body, 'case.accepted', 'case.excepted')")
        for call in (lambda: book.get("case-1"), lambda: book.history("case-1"), lambda: list(book.log())):
            with pytest.raises(StoreDamaged, match="Entry 1 "):
                call()
        raw(sqlite.path(book), "UPDATE entry SET kind = 'person' WHERE matter_id = 'case-2'")
        with pytest.raises(StoreDamaged):
            book.get("case-2")


def test_an_entry_of_a_later_version_is_an_error_of_the_store(sqlite: Shelf) -> None:
    """It says which version it met."""
    with sqlite.new() as book:
        book.save(reported())
        raw(sqlite.path(book), """UPDATE entry SET body = replace(body, '"v":1', '"v":7')""")
        with pytest.raises(StoreError, match="newer"):
            book.get("case-1")


def test_every_save_gives_fresh_salts(book: Casebook) -> None:
    """The same values twice leave different digests: whoever guesses a name cannot look it up."""
    book.save(new(reported("case-1")))
    book.save(new(reported("case-2")))
    one, two = (dict(entry.private) for entry in book.store.log())
    assert {part.partition('"values"')[2] for part in one.values()} == {
        part.partition('"values"')[2] for part in two.values()
    }
    assert not set(one.values()) & set(two.values())
