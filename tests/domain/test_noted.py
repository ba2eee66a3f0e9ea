"""Referrals of two sides, dangers and what became of them: what is noted later is worked into what stands there."""

from __future__ import annotations

from typing import Any

import pytest

from community_mediation.domain.case import Case
from community_mediation.domain.dispute import ReferralKind
from community_mediation.domain.legal import (
    Direction,
    LegalStep,
    LegalStepKind,
    Referral,
    ReferralAnswer,
    ReferralReturn,
)
from community_mediation.domain.proceedings import Consent, ConsentTo
from community_mediation.domain.resolution import Confirmation
from community_mediation.domain.risk import Risk, RiskKind, RiskUpdate
from community_mediation.domain.values import NOT_REACHED, Milestone
from community_mediation.errors import IllegalMove, InvalidValue
from tests.domain.test_moves import at, in_mediation, reported, settled, told

# ---------------------------------------------------------------- referrals

directions = pytest.mark.parametrize("direction", Direction)


def referred(direction: Direction) -> Case:
    referral = Referral(id="ref-1", direction=direction, kind=ReferralKind.POST_FILING, body="court", due=at(30))
    return reported().record(referral, **told(1))


def answered(case: Case, day: float, *, accepted: bool, reason: str | None = None) -> Case:
    return case.record(ReferralAnswer(referral="ref-1", accepted=accepted, reason=reason), **told(day))


@directions
def test_a_referral_that_was_only_offered_has_no_answer(direction: Direction) -> None:
    (referral,) = referred(direction).noted(Referral)
    assert (referral.when, referral.answered, referral.accepted) == (at(1), NOT_REACHED, None)
    assert (referral.returned, referral.result) == (NOT_REACHED, None)


@directions
def test_it_is_accepted_and_returned_with_a_result(direction: Direction) -> None:
    case = answered(referred(direction), 2, accepted=True)
    (referral,) = case.record(ReferralReturn(referral="ref-1", result="settled"), **told(20)).noted(Referral)
    assert (referral.answered, referral.accepted) == (Milestone.at(at(2)), True)
    assert (referral.returned, referral.result, referral.direction) == (Milestone.at(at(20)), "settled", direction)


@directions
def test_it_is_declined_with_a_reason_and_then_nothing_is_returned(direction: Direction) -> None:
    case = answered(referred(direction), 2, accepted=False, reason="not_ours")
    (referral,) = case.noted(Referral)
    assert (referral.accepted, referral.reason) == (False, "not_ours")
    with pytest.raises(IllegalMove, match="was not accepted"):
        case.record(ReferralReturn(referral="ref-1", result="settled"), **told(20))


@directions
def test_it_is_answered_once_and_returned_once(direction: Direction) -> None:
    """Whoever asks again makes another referral; what was noted wrongly is corrected."""
    case = answered(referred(direction), 2, accepted=True)
    with pytest.raises(IllegalMove, match="recorded already"):
        answered(case, 5, accepted=False)
    returned = case.record(ReferralReturn(referral="ref-1", result="settled"), **told(20))
    with pytest.raises(IllegalMove, match="recorded already"):
        returned.record(ReferralReturn(referral="ref-1", result="lapsed"), **told(21))


def test_an_answer_is_to_a_referral_that_is_there_and_changes_no_other() -> None:
    case = referred(Direction.IN).record(Referral(id="ref-2"), **told(1))
    for wrong in (ReferralAnswer(referral="ref-9", accepted=True), ReferralReturn(referral="p1", result="settled")):
        with pytest.raises(InvalidValue) as caught:
            case.record(wrong, **told(2))
        assert caught.value.path == "$.item.referral"
    assert answered(case, 2, accepted=True).noted(Referral)[1].accepted is None


def test_before_the_answer_there_was_none() -> None:
    past = answered(referred(Direction.OUT), 2, accepted=True).valid_at(at(1.5))
    assert past is not None and past.noted(Referral)[0].accepted is None


# ---------------------------------------------------------------- dangers


def in_danger(**known: Any) -> Case:
    return reported().record(Risk(id="d1", kind=RiskKind.FIGHT, **known), **told(1))


def test_a_danger_is_raised_and_nothing_more_is_known() -> None:
    (danger,) = in_danger().risks
    assert (danger.when, danger.reported, danger.averted, danger.materialised) == (at(1), None, None, None)
    assert in_danger().noted(Risk) == in_danger().risks and in_danger().items == ()


def test_it_is_reported_to_someone_on_a_day() -> None:
    (danger,) = in_danger().record(RiskUpdate(risk="d1", reported_to="police"), **told(2)).risks
    assert (danger.reported, danger.reported_to, danger.reported_on) == (True, "police", at(2))


@pytest.mark.parametrize("became", ["averted", "materialised"])
@pytest.mark.parametrize("said", [True, False])
def test_it_is_averted_or_comes_true(became: str, said: bool) -> None:
    update: dict[str, Any] = {became: said}
    (danger,) = in_danger().record(RiskUpdate(risk="d1", **update), **told(3)).risks
    assert getattr(danger, became) is said
    assert {danger.averted, danger.materialised} == {said, None}


def test_what_is_not_said_stays_as_it_was() -> None:
    """``None`` is never a "no"."""
    case = in_danger(persons=2, averted=False, measures="two talks", reported=False)
    (danger,) = case.record(RiskUpdate(risk="d1"), **told(2)).risks
    assert danger == case.risks[0]
    (danger,) = case.record(RiskUpdate(risk="d1", persons=5), **told(2)).risks
    assert (danger.persons, danger.averted, danger.measures, danger.reported) == (5, False, "two talks", False)


def test_only_the_danger_that_is_named_changes() -> None:
    case = in_danger().record(Risk(kind=RiskKind.SUICIDE, parties=("p2",)), **told(1))
    after = case.record(RiskUpdate(risk="d1", averted=True), **told(2))
    assert [each.averted for each in after.risks] == [True, None]
    with pytest.raises(InvalidValue) as caught:
        case.record(RiskUpdate(risk="p1", averted=True), **told(2))
    assert caught.value.path == "$.item.risk"


# ---------------------------------------------------------------- steps in law


def test_a_suit_is_litigation_and_an_agreement_is_left_alone() -> None:
    case = settled().record(LegalStep(kind=LegalStepKind.SUIT, body="people_court"), **told(9))
    assert case.litigation is True and case.resolutions == settled().resolutions


def test_a_consent_to_arbitration_can_be_repudiated() -> None:
    """RA 7160, sec. 413: within five days; the days are a rule of the place."""
    case = in_mediation().record(Consent(id="c1", party="p1", to=ConsentTo.ARBITRATION), **told(3))
    step = LegalStep(kind=LegalStepKind.REPUDIATION, consent="c1", party="p1", grounds=("fraud",))
    assert case.record(step, **told(4)).noted(LegalStep)[0].consent == "c1"


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ({"kind": LegalStepKind.REPUDIATION}, "$.item.resolution"),
        ({"kind": LegalStepKind.CONFIRMATION, "confirmation": Confirmation.APPLIED}, "$.item.resolution"),
        ({"kind": LegalStepKind.EXECUTION}, "$.item.resolution"),
        ({"kind": LegalStepKind.CONFIRMATION, "resolution": "resolution-4"}, "$.item.confirmation"),
        ({"kind": LegalStepKind.EXECUTION, "resolution": "resolution-4"}, "$.item.execution"),
        ({"kind": LegalStepKind.SUIT, "confirmation": Confirmation.APPLIED}, "$.item.confirmation"),
        ({"kind": LegalStepKind.SUIT, "ruling": "upheld"}, "$.item.ruling"),
        ({"kind": LegalStepKind.REPUDIATION, "resolution": "r9"}, "$.item.resolution"),
        ({"kind": LegalStepKind.SUIT, "party": "p9"}, "$.item.party"),
    ],
)
def test_a_step_in_law_says_what_its_kind_needs_and_no_more(step: dict[str, Any], path: str) -> None:
    from community_mediation.domain.resolution import Ruling

    if "ruling" in step:
        step = {**step, "ruling": Ruling.UPHELD}
    with pytest.raises(InvalidValue) as caught:
        settled().record(LegalStep(**step), **told(9))
    assert caught.value.path == path
