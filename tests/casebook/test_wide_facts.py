"""Terms, dangers, answers and counts as rows: what stands in them, when, and that they name no one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.items import Answer, LegalStep, LegalStepKind, Risk, RiskKind, RiskUpdate
from community_mediation.domain.people import Party, PartyExit, PartyKind, Role
from community_mediation.domain.proceedings import ConflictOfInterest
from community_mediation.domain.resolution import Compliance, Confirmation, Term, TermKind
from community_mediation.domain.values import Money, When
from community_mediation.facts import cells, outcome_rows
from community_mediation.facts.rows import case_rows
from community_mediation.facts.tables import CASE_SESSION
from tests.casebook.checks import Row, all_facts, all_versions, folded_facts, found_in, matters_at, named
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, FEW, NOON, Canaries, at, cut, reported, settled
from tests.casebook.wide_samples import WIDE, person, tally, told, wide_case

PESOS = Money(Decimal("350.25"), "PHP")
TERMS = (
    Term(
        id="t1",
        kind=TermKind.PAYMENT,
        debtor="p2",
        creditor="p1",
        amount=PESOS,
        due=When.on(dt.date(2023, 9, 1), "Asia/Manila"),
        method="cash",
        text="for the fence",
    ),
    Term(id="t2", kind=TermKind.APOLOGY, due=at(90)),
)


def rows(case: Case, table: str) -> list[Row]:
    return [row for name, row in named(case_rows(case)) if name == table]


def one(case: Case, table: str) -> Row:
    (row,) = rows(case, table)
    return row


def agreed() -> Case:
    case = reported().accept(**told(1)).begin_attempt(kind=AttemptKind.PEOPLE, **told(2))
    return case.resolve(id="r1", clauses=TERMS, **told(3))


# ---------------------------------------------------------------- terms


def test_each_term_is_a_row_and_the_agreement_tells_how_many() -> None:
    first, second = rows(agreed(), "case_term")
    assert {name: first[name] for name in ("row", "resolution", "kind", "debtor", "creditor", "method")} == {
        "row": "t1",
        "resolution": "r1",
        "kind": "payment",
        "debtor": "p2",
        "creditor": "p1",
        "method": "cash",
    }
    assert (first["amount"], first["currency"]) == (Decimal("350.25"), "PHP")
    assert (first["due_at"], first["due_on"]) == (None, dt.date(2023, 9, 1))
    assert second["due_at"] == at(90).instant and second["debtor"] is None
    assert one(agreed(), "case_resolution")["terms"] == 2


def test_a_term_that_was_found_kept_or_broken_says_so_and_since_when() -> None:
    case = agreed().record_compliance(term="t1", compliance=Compliance.KEPT, **told(5))
    case = case.record_compliance(term="t2", compliance=Compliance.BREACHED, **told(6))
    first, second = rows(case, "case_term")
    assert (first["compliance"], first["complied"], first["complied_at"]) == ("kept", "at", at(5).instant)
    assert (second["compliance"], second["breached"], second["breached_at"]) == ("breached", "at", at(6).instant)
    assert (first["breached"], second["complied"]) == ("not_reached", "not_reached")
    assert one(case, "case_resolution")["compliance"] == "partly"


def test_a_resolution_says_what_it_replaces_and_a_draft_tells_nothing_of_the_case() -> None:
    case = agreed().resolve(replaces="r1", id="r2", **told(9))
    assert [(row["row"], row["state"], row["replaces"]) for row in rows(case, "case_resolution")] == [
        ("r1", "varied", None),
        ("r2", "effective", "r1"),
    ]
    drafted = (
        reported().accept(**told(1)).begin_attempt(kind=AttemptKind.PEOPLE, **told(2)).draft(amount=PESOS, **told(3))
    )
    assert one(drafted, "case")["amount_agreed"] is None and one(drafted, "case")["agreement"] == "open"


# ---------------------------------------------------------------- dangers


def test_a_danger_is_a_row_with_what_became_of_it() -> None:
    case = reported().record(Risk(id="d1", kind=RiskKind.FIGHT, level="second", persons=2), **told(1))
    bare = one(case, "case_risk")
    assert (bare["row"], bare["kind"], bare["level"], bare["persons"]) == ("d1", "fight", "second", 2)
    assert (bare["raised"], bare["raised_at"]) == ("at", at(1).instant)
    assert [bare[name] for name in ("reported", "averted", "materialised", "reported_to")] == [None] * 4
    full = one(case.record(RiskUpdate(risk="d1", reported_to="police", averted=True), **told(2)), "case_risk")
    assert (full["reported"], full["reported_to"], full["averted"]) == (True, "police", True)
    assert full["reported_on"] == at(2).local_date


def test_of_a_danger_from_a_register_it_is_unknown_when_it_was_raised() -> None:
    from community_mediation.domain.snapshot import Snapshot

    danger = Risk(kind=RiskKind.SUICIDE)
    case = Case.register(id="x", centre="c", snapshot=Snapshot(dispute=reported().dispute, risk=danger), **told(0))
    row = one(case, "case_risk")
    assert (row["row"], row["raised"], row["raised_at"]) == ("register-risk", "unknown", None)


# ---------------------------------------------------------------- answers


def test_answers_of_a_questionnaire_and_of_a_visit_stand_side_by_side() -> None:
    answer = Answer(id="a1", instrument="kp_exit", question="heard", party="p1", wave="exit", score=7, choice="yes")
    case = settled().record(answer, **told(400))
    case = case.follow_up(id="f9", satisfaction=[Satisfaction(score=2, side="B", party="p2")], **told(500))
    form, visit = rows(case, "case_answer")
    assert [form[name] for name in ("row", "instrument", "question", "party", "wave", "score", "choice")] == [
        "a1",
        "kp_exit",
        "heard",
        "p1",
        "exit",
        7,
        "yes",
    ]
    assert [visit[name] for name in ("row", "instrument", "question", "party", "role", "score")] == [
        "f9:1",
        "follow_up",
        "satisfaction",
        "p2",
        "B",
        2,
    ]
    assert (form["answered_at"], visit["answered_at"]) == (at(400).instant, at(500).instant)


# ---------------------------------------------------------------- the case itself


def test_the_case_says_how_many_people_it_is_about_and_nothing_where_a_number_is_missing() -> None:
    group = Party(id="p3", side="C", kind=PartyKind.GROUP, people=12)
    witness = Party(id="p4", side="W", role=Role.WITNESS)
    case = reported().join(group, **told(1)).join(witness, **told(1))
    assert one(case, "case")["people"] == 14
    assert one(case.leave("p2", **told(2)), "case")["people"] == 13
    unknown = case.join(Party(id="p5", side="D", kind=PartyKind.GROUP), **told(3))
    assert one(unknown, "case")["people"] is None
    assert one(reported(parties=()), "case")["people"] is None


def test_the_case_says_whether_it_went_to_court_and_was_confirmed() -> None:
    assert (one(settled(), "case")["litigation"], one(settled(), "case")["confirmation"]) == (None, None)
    suit = LegalStep(kind=LegalStepKind.SUIT)
    asked = LegalStep(
        kind=LegalStepKind.CONFIRMATION, resolution=settled().resolutions[0].id, confirmation=Confirmation.APPLIED
    )
    case = settled().record(suit, **told(400)).record(asked, **told(401))
    assert (one(case, "case")["litigation"], one(case, "case")["confirmation"]) == (True, "applied")


def test_a_party_says_when_it_came_and_why_it_left() -> None:
    case = reported().join(Party(id="p3", side="B"), **told(30))
    case = case.leave("p2", reason=PartyExit.DIED, successor="p3", **told(40))
    first, gone, heir = rows(case, "case_party")
    assert (first["joined_on"], first["left"], heir["joined_on"]) == (None, "not_reached", at(30).local_date)
    assert (gone["left_at"], gone["left_reason"], gone["successor"]) == (at(40).instant, "died", "p3")


def test_a_mediator_is_at_work_until_released(book: Casebook) -> None:
    case = reported().assign(mediator="m1", id="as1", **told(1)).record(ConflictOfInterest(mediator="m1"), **told(2))
    book.save(case.release("as1", **told(3)).assign(mediator="m2", id="as2", **told(3)))

    def working(hour: float) -> list[Any]:
        when = at(hour).instant
        assert when is not None
        return [row["mediator"] for row in book.facts("case_mediator", valid_at=when).rows()]

    assert [working(hour) for hour in (0.5, 2.5, 3.5)] == [[], ["m1"], ["m2"]]


# ---------------------------------------------------------------- counts


def test_a_count_is_a_row_for_each_stretch_of_time_and_as_it_was_known(book: Casebook) -> None:
    for part in cut(tally(Canaries()), 1):
        book.save(part)
    last = next(iter(book.facts("tally", valid_at=NOON).rows()))
    assert [last[name] for name in ("centre", "measure", "first", "last", "cases", "persons", "status")] == [
        "centre-1",
        "screenings",
        dt.date(2022, 6, 1),
        dt.date(2022, 6, 30),
        12,
        40,
        "active",
    ]
    assert [row["persons"] for row in book.facts("tally", valid_at=NOON, known_at=1).rows()] == [None]
    assert book.verify().findings == ()


# ---------------------------------------------------------------- all of it, in a book


def fill(book: Casebook, canaries: Canaries, *cuts: int) -> None:
    for matter in (wide_case(canaries), tally(canaries), person("person-1", canaries), person("person-3", canaries)):
        for part in cut(matter, *cuts):
            book.save(part)


@FEW
@given(cuts=st.sets(st.integers(1, 34), max_size=5))
def test_facts_as_known_are_those_of_the_entries_known_then(shelf: Shelf, cuts: set[int]) -> None:
    """Law 5 for the widened tables, however the case came in."""
    with shelf.new() as book:
        fill(book, Canaries(), *cuts)
        for position in range(book.store.head().position + 1):
            assert all_facts(book, position) == folded_facts(book, matters_at(book, position))


def test_no_canary_of_what_is_noted_stands_in_any_row(shelf: Shelf) -> None:
    canaries = Canaries()
    with shelf.new() as book:
        fill(book, canaries, 1, 9, 20)
        filled = {table for table, some in all_versions(book)[-1].items() if some}
        assert {"case_term", "case_risk", "case_answer", "tally"} <= filled
        assert len(canaries.all) > 50
        assert found_in(str(all_versions(book)), canaries.all) == []


def test_a_row_with_the_words_of_a_term_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the method of a term shows its text."""
    canaries = Canaries()
    case = wide_case(canaries)
    real = cells.full
    words = [each.text for resolution in case.resolutions for each in resolution.clauses]

    def leaky(schema: Any, matter: Any, name: str, *given: Any) -> Any:
        told = dict(zip(schema.names[2:], given, strict=True))
        if schema.table == "case_term":
            told["method"] = words[0]
        return real(schema, matter, name, *told.values())

    assert found_in(str(case_rows(case)), canaries.of[WIDE]) == []
    monkeypatch.setattr(outcome_rows, "full", leaky)
    assert found_in(str(case_rows(case)), canaries.of[WIDE]) == [words[0]]
    assert BY in str(case.events)


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    """Cells that stand by their place would say something else from there on."""
    with pytest.raises(TypeError, match="2 cells for a row of case_session"):
        cells.full(CASE_SESSION, wide_case(Canaries()), "session-1", "attempt-1", None)
