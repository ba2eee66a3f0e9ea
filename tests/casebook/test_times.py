"""Two times: what was true then, and what the book knew then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.casebook.folding import Folder
from community_mediation.domain.case import Case
from community_mediation.domain.events import Resolved
from community_mediation.domain.matter import Matter
from community_mediation.domain.record import Record
from community_mediation.domain.stages import Process
from community_mediation.domain.values import Money, When
from community_mediation.errors import InvalidValue, NotFound
from community_mediation.facts.record_rows import record_rows
from community_mediation.facts.rows import case_rows
from community_mediation.facts.schema import FactsRow, RowRef
from community_mediation.testing import strategies
from tests.casebook.checks import Row, all_facts, folded_facts, matters_at, moments, named, printed
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, DAY, FEW, NOON, TICK, at, cut, reported, settled

CUTS = st.sets(st.integers(1, 12), max_size=3)
RECORDS = st.one_of(strategies.persons(), strategies.mediators(), strategies.centres(), strategies.tallies())
MATTERS = st.one_of(strategies.cases(), RECORDS)
Rows = Mapping[RowRef, FactsRow]
SPELL_SAYS = (
    "centre",
    "dispute_scheme",
    "dispute_type",
    "process",
    "file",
    "conclusion",
    "agreement",
    "counted",
)


def look(matter: Matter) -> dict[str, object]:
    """Everything that a value says."""
    return attrs.asdict(matter, recurse=False, filter=lambda field, _: field.eq is not False)


@FEW
@given(matter=MATTERS, at=CUTS)
def test_what_was_known_is_the_fold_of_what_was_recorded(shelf: Shelf, matter: Matter, at: set[int]) -> None:
    """At every position, and at the moment of every entry and a microsecond before it."""
    with shelf.new() as book:
        book.save(reported("another"))
        for part in cut(matter, *at):
            book.save(part)
        entries = book.history(matter.id)
        for entry in book.log():
            seen = [each for each in entries if each.position <= entry.position]
            for known_at in (entry.position, entry.recorded_at, entry.recorded_at + TICK):
                if not seen:
                    with pytest.raises(NotFound):
                        book.get(matter.id, known_at=known_at)
                else:
                    events = tuple(event for each in seen for event in each.events or ())
                    assert look(book.get(matter.id, known_at=known_at)) == look(type(matter).fold(matter.id, events))
            before = [each for each in entries if each.position < entry.position]
            if before:
                assert book.get(matter.id, known_at=entry.recorded_at - TICK).version == before[-1].version
        assert book.get(matter.id, known_at=10**30) == book.get(matter.id)
        with pytest.raises(NotFound):
            book.get(matter.id, known_at=0)


@FEW
@given(case=strategies.cases(), at=CUTS)
def test_what_was_true_is_asked_of_what_was_known(shelf: Shelf, case: Case, at: set[int]) -> None:
    """``valid_at`` and ``known_at`` together are the first of the fold of the second."""
    with shelf.new() as book:
        for part in cut(case, *at):
            book.save(part)
        for entry in book.history(case.id):
            known = book.get(case.id, known_at=entry.position)
            for moment in moments(known):
                then = known.valid_at(moment)
                if then is None:
                    with pytest.raises(NotFound):
                        book.get(case.id, valid_at=moment, known_at=entry.position)
                else:
                    assert book.get(case.id, valid_at=moment, known_at=entry.position) == then


def test_before_its_birth_a_case_is_not_found(book: Casebook) -> None:
    """Not a microsecond early; and an unknown time cannot be asked about."""
    book.save(reported())
    born = at().latest
    assert born is not None
    assert book.get("case-1", valid_at=born).process is Process.REPORTED
    with pytest.raises(NotFound):
        book.get("case-1", valid_at=born - TICK)
    with pytest.raises(InvalidValue):
        book.get("case-1", valid_at=When.unknown())
    with pytest.raises(InvalidValue):
        book.facts("case", valid_at=When.unknown())


@FEW
@given(case=strategies.cases(), at=CUTS)
def test_exactly_one_spell_holds_and_says_what_the_case_says(shelf: Shelf, case: Case, at: set[int]) -> None:
    """At every boundary, and a microsecond to either side, at every position; before the birth none holds."""
    with shelf.new() as book:
        for part in cut(case, *at):
            book.save(part)
        for entry in book.history(case.id):
            known = book.get(case.id, known_at=entry.position)
            for moment in moments(known):
                rows = list(book.facts("case_spell", valid_at=moment, known_at=entry.position).rows())
                then = known.valid_at(moment)
                if then is None:
                    assert rows == []
                    continue
                assert len(rows) == 1
                assert {name: rows[0][name] for name in SPELL_SAYS} == {
                    "centre": then.centre,
                    "dispute_scheme": then.dispute.type.scheme,
                    "dispute_type": then.dispute.type.code,
                    "process": then.process.value,
                    "file": then.file.value,
                    "conclusion": None if then.conclusion is None else then.conclusion.value,
                    "agreement": then.agreement,
                    "counted": then.is_counted,
                }


def check_spells(rows: list[Row]) -> None:
    """One after the other, no gap, none empty, the last one open."""
    ordered = sorted(rows, key=lambda row: int(str(row["row"])))
    edges: list[Any] = [row["valid_from"] for row in ordered]
    assert edges[1:] == [row["valid_to"] for row in ordered[:-1]]
    assert ordered[-1]["valid_to"] is None
    inner = edges[1:] if edges[0] is None else edges
    assert inner == sorted(set(inner))


@given(case=strategies.cases(), record=RECORDS)
def test_spells_follow_each_other_without_gap_or_overlap(case: Case, record: Record) -> None:
    """Of cases, and of the registers around them."""
    check_spells([row for table, row in named(case_rows(case)) if table == "case_spell"])
    check_spells([row for _, row in named(record_rows(record))])


@FEW
@given(record=RECORDS, at=CUTS)
def test_exactly_one_row_of_a_record_holds(shelf: Shelf, record: Record, at: set[int]) -> None:
    """From its birth on, at every boundary, and it says whether the record had ended."""
    with shelf.new() as book:
        for part in cut(record, *at):
            book.save(part)
        table = book.history(record.id)[0].kind
        edges = {each for row in book.facts(table).rows() if (each := row["valid_from"]) is not None}
        for moment in [edge + step for edge in edges if isinstance(edge, dt.datetime) for step in (-TICK, 0 * TICK)]:
            rows = list(book.facts(table, valid_at=moment).rows())
            then = record.valid_at(moment)
            assert [row["status"] for row in rows] == (
                [] if then is None else ["ended" if then.ended.is_reached else "active"]
            )


@FEW
@given(case=strategies.cases(), at=CUTS)
def test_the_past_of_every_other_table_is_that_of_the_folded_case(shelf: Shelf, case: Case, at: set[int]) -> None:
    """``facts(table, valid_at, known_at)`` are the rows that the case had come to by then."""
    with shelf.new() as book:
        book.save(reported("another"))
        for part in cut(case, *at):
            book.save(part)
        others = [table for table, schema in book.tables.items() if not schema.is_interval]
        for entry in book.history(case.id)[-1:]:
            known = book.get(case.id, known_at=entry.position)
            for moment in moments(known)[::3]:
                past = [then] if (then := known.valid_at(moment)) is not None else []
                folded = named(row for each in past for row in case_rows(each))
                for table in others:
                    rows = [
                        row
                        for row in book.facts(table, valid_at=moment, known_at=entry.position).rows()
                        if row["matter_id"] == case.id
                    ]
                    assert printed(rows) == printed(row for name, row in folded if name == table)


@FEW
@given(case=strategies.cases(), at=CUTS)
def test_a_mediator_is_at_work_while_the_case_is(shelf: Shelf, case: Case, at: set[int]) -> None:
    """From the assignment to the release or the present ending: never before the birth of the case, never after."""
    with shelf.new() as book:
        for part in cut(case, *at):
            book.save(part)
        for moment in moments(case):
            held = {row["row"] for row in book.facts("case_mediator", valid_at=moment).rows()}
            then = case.valid_at(moment)
            assigned = {each.id for each in then.assignments} if then is not None else set()
            assert held <= assigned
            released = {each.id for each in then.assignments if each.until.is_reached} if then is not None else set()
            ended_for_good = case.process is Process.CONCLUDED and _never_again(case, moment)
            assert held == (set() if ended_for_good else assigned - released)


def _never_again(case: Case, moment: dt.datetime) -> bool:
    """Whether the case was over at a moment and at all times after."""
    later = [then for each in moments(case) if each >= moment and (then := case.valid_at(each)) is not None]
    return all(then.process is Process.CONCLUDED for then in later)


def test_a_mediator_was_not_at_work_before_the_case_was_born(book: Casebook) -> None:
    """Known to the day, the assignment began at midnight at the earliest; but the case came in at noon."""
    local = When.on(NOON.date(), "UTC")
    case = reported(at=When.at(NOON)).assign(at=local, by=BY, mediator="mediator-1")
    book.save(case)
    for moment, there in ((NOON - TICK, False), (NOON, True), (NOON + DAY, True)):
        assert bool(list(book.facts("case_mediator", valid_at=moment).rows())) is there


@FEW
@given(case=strategies.cases(), at=CUTS, record=RECORDS)
def test_facts_as_known_are_those_of_the_entries_known_then(
    shelf: Shelf, case: Case, at: set[int], record: Record
) -> None:
    """Law 5, of the whole book: every table, at every position."""
    with shelf.new() as book:
        parts = [*cut(case, *at), *cut(record, *at), *cut(settled("another"), 2, 5)]
        # Interleaved, so that positions of one matter are not in a row.
        for part in sorted(parts, key=lambda each: len(each.events)):
            book.save(part)
        for position in range(book.store.head().position + 1):
            assert all_facts(book, position) == folded_facts(book, matters_at(book, position))


def test_an_amount_that_equals_another_is_still_told_to_the_digit(shelf: Shelf) -> None:
    """A correction from 1200.5 to 1200.50 changes no value, but the facts say what the journal says."""
    with shelf.new() as book:
        case = book.save(settled())
        number = next(number for number, each in enumerate(case.events, 1) if isinstance(each, Resolved))
        agreed = case.events[number - 1]
        assert isinstance(agreed, Resolved)
        for amount in ("1200.5", "1200.500", "1200.5"):
            other = attrs.evolve(agreed, amount=Money(Decimal(amount), "CNY"))
            case = book.save(case.correct(number, other, at=at(400), by=BY))
            assert [str(row["amount_agreed"]) for row in book.facts("case").rows()] == [amount]
            assert book.verify().findings == ()


def test_a_fact_that_is_not_closed_is_noticed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the difference forgets to close rows; then law 5 does not hold, and saving says so."""

    def forgetful(self: Folder, old: Rows, new: Rows) -> tuple[list[RowRef], list[FactsRow]]:
        return [], [row for ref, row in new.items() if ref not in old]

    monkeypatch.setattr(Folder, "difference", forgetful)
    with shelf.new() as book:
        for part in cut(settled(), 1, 3):
            book.save(part)
        assert all_facts(book) != folded_facts(book, matters_at(book, book.store.head().position))
        assert "facts" in {finding.code for finding in book.verify().findings}
