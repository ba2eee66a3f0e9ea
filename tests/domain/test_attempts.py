"""The clock of an attempt: made longer, stopped, started again; and how the attempt ended."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.attempt import AttemptKind, AttemptResult, Extension, PanelChoice, Pause
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Issue
from community_mediation.domain.people import Role
from community_mediation.domain.resolution import Conclusion, ResolutionKind
from community_mediation.domain.values import NOT_REACHED, Milestone
from community_mediation.errors import IllegalMove
from tests.domain.test_moves import accepted, at, in_mediation, told


def test_an_attempt_says_how_its_panel_was_chosen_and_until_when_it_is_to_be_over() -> None:
    case = accepted().begin_attempt(kind=AttemptKind.CONCILIATION, due=at(17), chosen=PanelChoice.LOT, **told(2))
    (attempt,) = case.attempts
    assert (attempt.due, attempt.chosen, attempt.extensions, attempt.is_paused) == (at(17), PanelChoice.LOT, (), False)


def test_each_extension_moves_the_limit_and_is_kept() -> None:
    case = (
        in_mediation()
        .extend_attempt(until=at(30), reason="complex", **told(3))
        .extend_attempt(until=at(45), **told(20))
    )
    (attempt,) = case.attempts
    assert attempt.due == at(45)
    assert attempt.extensions == (
        Extension(at=at(3), until=at(30), reason="complex"),
        Extension(at=at(20), until=at(45)),
    )
    before = case.valid_at(at(10))
    assert before is not None and before.attempts[0].due == at(30)


def test_the_clock_stands_still_from_the_pause_to_the_going_on() -> None:
    case = in_mediation().pause_attempt(reason="appraisal", **told(3))
    assert case.attempts[0].is_paused
    case = case.resume_attempt(**told(8))
    assert case.attempts[0].pauses == (Pause(since=at(3), until=Milestone.at(at(8)), reason="appraisal"),)
    assert not case.attempts[0].is_paused


def test_a_clock_that_stands_is_not_stopped_and_one_that_goes_not_started() -> None:
    running = in_mediation()
    paused = running.pause_attempt(**told(3))
    assert ("pause_attempt" in running.possible, "resume_attempt" in running.possible) == (True, False)
    assert ("pause_attempt" in paused.possible, "resume_attempt" in paused.possible) == (False, True)
    with pytest.raises(IllegalMove, match="stands still already"):
        paused.pause_attempt(**told(4))
    with pytest.raises(IllegalMove, match="is not paused"):
        running.resume_attempt(**told(4))


@pytest.mark.parametrize("move", ["extend_attempt", "pause_attempt", "resume_attempt", "end_attempt"])
def test_without_an_attempt_that_runs_there_is_no_clock(move: str) -> None:
    case = in_mediation().end_attempt(**told(3))
    given_: dict[str, Any] = {"until": at(9)} if move == "extend_attempt" else {}
    assert move not in case.possible
    with pytest.raises(IllegalMove, match="no attempt is running"):
        getattr(case, move)(**given_, **told(4))


@pytest.mark.parametrize("result", AttemptResult)
def test_an_attempt_ends_with_a_result_and_the_case_goes_on(result: AttemptResult) -> None:
    case = in_mediation().end_attempt(result=result, reason="no_common_ground", **told(3))
    (attempt,) = case.attempts
    assert (attempt.ended, attempt.result, attempt.reason) == (Milestone.at(at(3)), result, "no_common_ground")
    assert case.process == "in_mediation" and "begin_attempt" in case.possible


ENDINGS: dict[Conclusion, AttemptResult | None] = {
    Conclusion.NOT_SETTLED: AttemptResult.NOT_AGREED,
    Conclusion.REFUSED: AttemptResult.ENDED_BY_PARTY,
    Conclusion.NO_RESPONSE: AttemptResult.NO_APPEARANCE,
    Conclusion.LAPSED: AttemptResult.EXPIRED,
    Conclusion.UNSUITABLE: AttemptResult.ENDED_BY_PANEL,
    Conclusion.RESOLVED_BEFORE_SESSION: None,
    Conclusion.REFERRED_OUT: None,
    Conclusion.VOID: None,
}


@pytest.mark.parametrize(("conclusion", "result"), ENDINGS.items())
def test_the_ending_of_the_case_gives_the_running_attempt_its_result(
    conclusion: Conclusion, result: AttemptResult | None
) -> None:
    """Where it says something of the attempt; else nothing is made up."""
    case = in_mediation().conclude_without_agreement(conclusion=conclusion, **told(5))
    assert (case.attempts[0].ended, case.attempts[0].result) == (Milestone.at(at(5)), result)


def test_an_agreement_an_award_and_a_withdrawal_give_theirs() -> None:
    case = in_mediation()
    results = {
        "agreed": case.resolve(**told(5)),
        "agreed_in_part": case.resolve(issues=["i1"], **told(5)),
        "awarded": case.resolve(kind=ResolutionKind.AWARD, **told(5)),
        "ended_by_party": case.withdraw(**told(5)),
    }
    assert {name: ended.attempts[0].result for name, ended in results.items()} == {name: name for name in results}
    assert case.resolve(kind=ResolutionKind.PRIVATE_SETTLEMENT, **told(5)).attempts[0].result is None


def test_an_attempt_that_had_ended_keeps_its_own_result() -> None:
    case = in_mediation().end_attempt(result=AttemptResult.NO_APPEARANCE, **told(3))
    case = case.begin_attempt(kind=AttemptKind.PEOPLE, **told(4)).resolve(**told(5))
    assert [each.result for each in case.attempts] == [AttemptResult.NO_APPEARANCE, AttemptResult.AGREED]


@pytest.mark.parametrize("ending", ["attempt", "case", "merge"])
def test_a_pause_ends_with_the_attempt(ending: str) -> None:
    paused = in_mediation().pause_attempt(**told(3))
    after: Case = {
        "attempt": lambda: paused.end_attempt(**told(6)),
        "case": lambda: paused.resolve(**told(6)),
        "merge": lambda: paused.merge(into="case-2", **told(6)),
    }[ending]()
    assert after.attempts[0].pauses == (Pause(since=at(3), until=Milestone.at(at(6))),)


WITH: dict[str, dict[str, Any]] = {
    "extend_attempt": {"until": at(99)},
    "begin_attempt": {"kind": AttemptKind.PEOPLE},
    "end_attempt": {},
    "pause_attempt": {},
    "resume_attempt": {},
}


@given(st.lists(st.sampled_from(sorted(WITH)), max_size=12))
def test_pauses_follow_each_other_and_only_the_last_may_be_open(moves: list[str]) -> None:
    """Whatever is tried, in whatever order: what is refused changes nothing."""
    case = in_mediation()
    for day, move in enumerate(moves, 3):
        with contextlib.suppress(IllegalMove):
            case = getattr(case, move)(**WITH.get(move, {}), **told(day))
    for attempt in case.attempts:
        inner = [edge for pause in attempt.pauses for edge in (pause.since, pause.until.when) if edge is not None]
        assert inner == sorted(inner, key=str)
        assert all(pause.until.is_reached for pause in attempt.pauses[:-1])
        assert not (attempt.ended.is_reached and attempt.is_paused)
    assert sum(attempt.ended == NOT_REACHED for attempt in case.attempts) <= 1


def test_the_roles_and_issues_that_these_cases_use_are_there() -> None:
    """The control: an agreement in part needs a respondent and two issues."""
    case = in_mediation()
    assert [party.role for party in case.parties] == [Role.APPLICANT, Role.RESPONDENT]
    assert case.dispute.issues == (Issue(id="i1"), Issue(id="i2"))


# ---------------------------------------------------------------- the panel


def test_a_mediator_is_released_once() -> None:
    case = accepted().assign(mediator="m1", id="as1", chosen=PanelChoice.AGREED, **told(2))
    assert (case.assignments[0].chosen, case.assignments[0].until) == (PanelChoice.AGREED, NOT_REACHED)
    case = case.release("as1", **told(3)).assign(mediator="m2", id="as2", **told(3))
    assert case.assignments[0].until == Milestone.at(at(3))
    with pytest.raises(IllegalMove, match="ended already"):
        case.release("as1", **told(4))
    with pytest.raises(IllegalMove, match="no mediator is at work"):
        case.release("as2", **told(4)).release("as2", **told(5))
