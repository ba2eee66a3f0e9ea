"""Terms of an agreement, one by one, and whether the whole is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.case import Case
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.outcome_effects import kept_of
from community_mediation.domain.resolution import Compliance, ResolutionStage, Term, TermKind
from community_mediation.domain.values import NOT_REACHED, Milestone, Money
from community_mediation.errors import InvalidValue
from tests.domain.test_moves import at, in_mediation, settled, told

KEPT, PARTLY, BREACHED, PENDING = Compliance
WORDS: tuple[Compliance | None, ...] = (*Compliance, None)
words = st.sampled_from(WORDS)


def terms(*found: Compliance | None) -> list[Term]:
    """Terms of which that was found; ``None``: nobody looked."""
    return [Term(id=f"t{number}", kind=TermKind.ACT, compliance=each) for number, each in enumerate(found, 1)]


# ---------------------------------------------------------------- the whole, by its parts


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        ([], None),
        ([None, None], None),
        ([KEPT], KEPT),
        ([KEPT, KEPT], KEPT),
        ([KEPT, None], PENDING),
        ([KEPT, PENDING], PENDING),
        ([PENDING, None], PENDING),
        ([PARTLY], PARTLY),
        ([PARTLY, KEPT], PARTLY),
        ([PARTLY, None], PARTLY),
        ([BREACHED], BREACHED),
        ([BREACHED, None], BREACHED),
        ([BREACHED, PENDING], BREACHED),
        ([BREACHED, KEPT], PARTLY),
        ([BREACHED, PARTLY], PARTLY),
    ],
)
def test_how_far_the_whole_is_kept_by_what_is_known_of_its_terms(
    found: list[Compliance | None], whole: Compliance | None
) -> None:
    assert kept_of(terms(*found)) is whole


@given(st.lists(words, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_terms_says_nothing(found: list[Compliance | None], rng: Any) -> None:
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert kept_of(terms(*shuffled)) is kept_of(terms(*found))


@given(st.lists(words, min_size=1, max_size=6))
def test_the_whole_is_kept_exactly_if_every_term_is(found: list[Compliance | None]) -> None:
    assert (kept_of(terms(*found)) is KEPT) is (set(found) == {KEPT})


@given(st.lists(words, min_size=1, max_size=6))
def test_nothing_is_known_of_the_whole_exactly_if_nobody_looked(found: list[Compliance | None]) -> None:
    assert (kept_of(terms(*found)) is None) is (set(found) == {None})


BETTER = {BREACHED: (PARTLY, KEPT), PARTLY: (KEPT,), PENDING: (KEPT,), None: (KEPT,)}
RANK = {BREACHED: 0, PARTLY: 1, PENDING: 2, None: 2, KEPT: 3}


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_a_term_that_is_better_kept_never_makes_the_whole_worse(
    found: list[Compliance | None], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(found) - 1))
    better = BETTER.get(found[place])
    if better is None:
        return
    after = [*found[:place], data.draw(st.sampled_from(better)), *found[place + 1 :]]
    assert RANK[kept_of(terms(*after))] >= RANK[kept_of(terms(*found))]


# ---------------------------------------------------------------- in a case


def agreed(*clauses: Term) -> Case:
    given_ = clauses or (
        Term(id="t1", kind=TermKind.PAYMENT, debtor="p2", creditor="p1", amount=Money(Decimal(350), "CNY"), due=at(40)),
        Term(id="t2", kind=TermKind.APOLOGY, debtor="p2"),
    )
    return in_mediation().resolve(id="r1", clauses=given_, **told(3))


def looked(case: Case, day: float, found: Compliance, term: str | None = None) -> Case:
    return case.record_compliance(resolution="r1", term=term, compliance=found, **told(day))


def test_a_term_that_is_kept_is_noted_and_the_whole_waits_for_the_other() -> None:
    case = looked(agreed(), 5, KEPT, "t1")
    (agreement,) = case.resolutions
    assert [(each.compliance, each.complied) for each in agreement.clauses] == [
        (KEPT, Milestone.at(at(5))),
        (None, NOT_REACHED),
    ]
    assert (agreement.compliance, agreement.stage, agreement.complied) == (PENDING, "effective", NOT_REACHED)
    (agreement,) = looked(case, 6, KEPT, "t2").resolutions
    assert (agreement.compliance, agreement.stage, agreement.complied) == (KEPT, "complied", Milestone.at(at(6)))


def test_a_term_that_is_broken_tells_of_the_whole() -> None:
    (agreement,) = looked(agreed(), 5, BREACHED, "t2").resolutions
    assert agreement.clauses[1].breached == agreement.breached == Milestone.at(at(5))
    assert (agreement.compliance, agreement.stage) == (BREACHED, ResolutionStage.BREACHED)
    (agreement,) = looked(looked(agreed(), 5, KEPT, "t1"), 6, BREACHED, "t2").resolutions
    assert (agreement.compliance, agreement.stage) == (PARTLY, ResolutionStage.PARTLY)


def test_a_whole_that_is_kept_keeps_every_term_and_leaves_the_day_of_those_kept_before() -> None:
    (agreement,) = looked(looked(agreed(), 5, KEPT, "t1"), 9, KEPT).resolutions
    assert [each.complied for each in agreement.clauses] == [Milestone.at(at(5)), Milestone.at(at(9))]


def test_a_whole_that_is_broken_says_of_no_term_that_it_is_the_one() -> None:
    (agreement,) = looked(agreed(), 5, BREACHED).resolutions
    assert [each.compliance for each in agreement.clauses] == [None, None]


@given(st.lists(st.tuples(st.sampled_from(["t1", "t2"]), st.sampled_from(Compliance)), min_size=1, max_size=6))
def test_whatever_is_found_of_the_terms_the_whole_says_what_the_table_says(
    found: list[tuple[str, Compliance]],
) -> None:
    case = agreed()
    for day, (term, word) in enumerate(found, 5):
        case = looked(case, day, word, term)
    last = dict(found)
    (agreement,) = case.resolutions
    assert [each.compliance for each in agreement.clauses] == [last.get("t1"), last.get("t2")]
    assert agreement.compliance is kept_of(terms(last.get("t1"), last.get("t2")))


def test_a_rule_that_looks_at_one_term_only_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the term looked at last speaks for the whole."""
    broken = looked(agreed(), 5, BREACHED, "t1")
    assert looked(broken, 6, KEPT, "t2").resolutions[0].compliance is PARTLY
    monkeypatch.setattr("community_mediation.domain.outcome_effects.kept_of", lambda terms: terms[-1].compliance)
    assert looked(broken, 6, KEPT, "t2").resolutions[0].compliance is KEPT


def test_a_term_must_stand_in_the_agreement_that_is_looked_at() -> None:
    case = agreed().resolve(id="r2", replaces="r1", clauses=(Term(id="t9", kind=TermKind.ACT),), **told(4))
    with pytest.raises(InvalidValue) as caught:
        case.record_compliance(resolution="r2", term="t1", compliance=KEPT, **told(5))
    assert caught.value.path == "$.term"


@pytest.mark.parametrize(
    ("clauses", "path"),
    [
        ((Term(id="t1", kind=TermKind.ACT), Term(id="t1", kind=TermKind.ACT)), "$.clauses"),
        ((Term(id="old", kind=TermKind.ACT),), "$.clauses"),
        ((Term(id="t1", kind=TermKind.ACT), Term(id="t2", kind=TermKind.ACT, debtor="p9")), "$.clauses[1].debtor"),
        ((Term(id="t1", kind=TermKind.ACT, creditor="p9"),), "$.clauses[0].creditor"),
    ],
)
def test_terms_have_ids_of_their_own_and_name_parties_who_are_there(clauses: tuple[Term, ...], path: str) -> None:
    case = in_mediation().resolve(clauses=(Term(id="old", kind=TermKind.ACT),), concludes=False, **told(3))
    for call in (case.resolve, case.draft):
        with pytest.raises(InvalidValue) as caught:
            call(clauses=clauses, **told(4))
        assert caught.value.path == path


# ---------------------------------------------------------------- return visits


@pytest.mark.parametrize("found", Compliance)
def test_a_return_visit_that_saw_whether_it_is_kept_says_so_of_the_agreement(found: Compliance) -> None:
    """The same as if someone had looked; only that the visit is noted too."""
    visited = settled().follow_up(kept=found, satisfaction=[Satisfaction(score=4, side="A")], **told(9))
    seen = settled().record_compliance(compliance=found, **told(9))
    assert visited.resolutions == seen.resolutions
    assert (len(visited.follow_ups), len(seen.follow_ups)) == (1, 0)


def test_a_return_visit_that_did_not_learn_it_leaves_the_agreement_as_it_was() -> None:
    assert settled().follow_up(**told(9)).resolutions == settled().resolutions


def test_a_return_visit_after_a_repudiation_speaks_of_what_still_binds() -> None:
    from tests.domain.test_moves import repudiation

    case = settled().record(repudiation("resolution-4"), **told(5)).follow_up(kept=BREACHED, **told(9))
    assert (case.resolutions[0].stage, case.resolutions[0].compliance) == (ResolutionStage.REPUDIATED, None)
    assert case.follow_ups[0].kept is BREACHED


def test_a_visit_that_hears_of_a_suit_notes_it_and_none_takes_it_back() -> None:
    assert settled().litigation is None
    case = settled().follow_up(sued=False, **told(5))
    assert case.litigation is False
    case = case.follow_up(sued=True, **told(6)).follow_up(sued=False, **told(7))
    assert case.litigation is True


def test_a_term_keeps_all_that_was_said_of_it() -> None:
    term = Term(id="t1", kind=TermKind.FORBEARANCE, due=at(40), method="in_person", text="no shouting")
    assert (
        attrs.evolve(
            looked(agreed(term), 5, KEPT, "t1").resolutions[0].clauses[0], compliance=None, complied=NOT_REACHED
        )
        == term
    )
