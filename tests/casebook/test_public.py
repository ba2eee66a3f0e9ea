"""Facts hold public fields only, so that erasing people changes no figure."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given

from community_mediation.domain.case import Case
from community_mediation.domain.delivery import Delivery, Recipient
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.record import Record
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.facts import rows
from community_mediation.facts.cells import row
from community_mediation.facts.tables import CASE_PARTY
from community_mediation.plugins import Plugins
from community_mediation.testing import strategies
from tests.casebook.checks import all_versions, found_in, named, printed
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, FEW, Canaries, at, cut, watched
from tests.casebook.wide_samples import tally, wide_case


def rows_of(matter: Matter) -> list[str]:
    """All that the facts say of a matter."""
    kind = next(each for each in Plugins().kinds().values() if each.matter is type(matter))
    return printed({"table": table, **row} for table, row in named(kind.rows(matter)))


def marked(value: Any) -> Any:
    """The same event with a canary in every text that is not public, and nothing in what else is not."""
    if isinstance(value, tuple):
        return tuple(map(marked, value))
    if not attrs.has(type(value)):
        return value
    changes = {}
    for field in attrs.fields(type(value)):
        if field.metadata.get(SENSITIVITY) not in (None, Sensitivity.NONE):
            changes[field.name] = "canary-某" if "str" in str(field.type) else None
        elif SENSITIVITY in field.metadata:
            changes[field.name] = marked(getattr(value, field.name))
    return attrs.evolve(value, **changes)


@given(case=strategies.cases())
def test_no_fact_depends_on_what_is_not_public(case: Case) -> None:
    """Other names and narratives leave every row as it is; no canary comes through."""
    other = Case.fold(case.id, [_event(event) for event in case.events])
    assert rows_of(other) == rows_of(case)
    assert "canary" not in str(rows_of(other))


@given(record=strategies.persons() | strategies.mediators() | strategies.centres() | strategies.tallies())
def test_no_fact_of_a_record_depends_on_what_is_not_public(record: Record) -> None:
    """The same of persons, mediators, centres and counts."""
    other = type(record).fold(record.id, [_event(event) for event in record.events])
    assert rows_of(other) == rows_of(record)


def _event(event: Event) -> Event:
    result = marked(event)
    assert isinstance(result, Event)
    return result


def notified(canaries: Canaries) -> Delivery:
    """A notice to person one, with a canary in its address and its words."""
    to = Recipient(
        person="person-1",
        address=canaries.text("person-1", "address"),
        subject=canaries.text("person-1", "subject"),
        body=canaries.text("person-1", "body"),
    )
    return Delivery.request(
        id="delivery-1", channel="folder", kind="hearing", dedupe_key="1", recipient=to, at=at(1), by=BY
    )


def test_canaries_are_in_no_row_of_any_table(shelf: Shelf) -> None:
    """At no position."""
    canaries = Canaries()
    with shelf.new() as book:
        for matter in (*watched(canaries), notified(canaries), wide_case(canaries), tally(canaries)):
            for part in cut(matter, 1, 2, 5):
                book.save(part)
        assert all(all_versions(book)[-1].values())
        assert found_in(str(all_versions(book)), canaries.all) == []


@FEW
@given(case=strategies.cases())
def test_a_book_without_its_private_parts_has_the_same_facts(shelf: Shelf, case: Case) -> None:
    """Erasing everybody, and what the case tells in words, changes no row at any position, rebuilt or not."""
    with shelf.new() as book:
        for part in cut(case, 1, 4):
            book.save(part)
        before = all_versions(book)
        subjects = {subject for entry in book.store.log() for subject in entry.private}
        for subject in [case.id, *sorted(subjects - {case.id})]:
            book.erase(subject, reason="asked", by=BY)
        assert not any(entry.private for entry in book.store.log() if entry.kind != "book")
        assert all_versions(book)[: len(before)] == before
        book.rebuild_facts()
        assert all_versions(book)[: len(before)] == before
        assert book.verify().findings == ()


def test_a_fact_made_of_a_name_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the row of a party shows the name in the place of the side."""

    def leaky(case: Case) -> list[Any]:
        return [row(CASE_PARTY, case, party.id, {"side": party.name}) for party in case.parties]

    canaries = Canaries()
    one, *_ = watched(canaries)
    assert found_in(str(rows_of(one)), canaries.all) == []
    monkeypatch.setattr(rows, "_party_rows", leaky)
    assert found_in(str(rows_of(one)), canaries.all)
