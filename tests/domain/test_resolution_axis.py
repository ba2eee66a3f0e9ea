"""The axis of a resolution's own life, row by row: where each move leads, and from where it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from community_mediation.domain.case import Case
from community_mediation.domain.legal import LegalStep, LegalStepKind
from community_mediation.domain.resolution import Compliance, Confirmation, ResolutionStage
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import RESOLUTION, Move, Way
from community_mediation.domain.values import Milestone
from community_mediation.errors import IllegalMove
from tests.domain.test_moves import DISPUTE, at, confirmation, execution, in_mediation, repudiation, settled, told

FOUND = {
    ResolutionStage.COMPLIED: Compliance.KEPT,
    ResolutionStage.PARTLY: Compliance.PARTLY,
    ResolutionStage.BREACHED: Compliance.BREACHED,
    ResolutionStage.EFFECTIVE: Compliance.PENDING,
}
"""What someone found, by the stage to which that leads."""


def agreement_in(stage: ResolutionStage) -> Case:
    """A case in mediation whose first resolution stands at *stage*."""
    if stage is ResolutionStage.DRAFTED:
        return in_mediation().draft(id="r1", **told(3))
    case = in_mediation().resolve(id="r1", concludes=False, **told(3))
    if stage in FOUND:
        return case.record_compliance(resolution="r1", compliance=FOUND[stage], **told(4))
    if stage is ResolutionStage.VARIED:
        return case.resolve(id="r2", replaces="r1", concludes=False, **told(4))
    steps = {
        ResolutionStage.REPUDIATED: repudiation("r1"),
        ResolutionStage.CONFIRMED: confirmation("r1"),
        ResolutionStage.EXECUTED: execution("r1"),
    }
    return case.record(steps[stage], **told(4))


def moved(case: Case, move: Move) -> Case:
    """The move of the table, made about the first resolution."""
    if move is Move.ADOPT:
        return case.adopt("r1", concludes=False, **told(5))
    if move is Move.RECORD_COMPLIANCE:
        return case.record_compliance(resolution="r1", compliance=Compliance.BREACHED, **told(5))
    if move is Move.VARY:
        return case.resolve(id="r9", replaces="r1", concludes=False, **told(5))
    step = {Move.REPUDIATE: repudiation, Move.CONFIRM: confirmation, Move.EXECUTE: execution}[move]
    return case.record(step("r1"), **told(5))


def stage_of(case: Case, id: str = "r1") -> ResolutionStage:
    return next(each.stage for each in case.resolutions if each.id == id)


@pytest.mark.parametrize("stage", ResolutionStage)
def test_every_stage_of_the_axis_can_be_reached(stage: ResolutionStage) -> None:
    assert stage_of(agreement_in(stage)) is stage


@pytest.mark.parametrize("way", RESOLUTION, ids=lambda way: way.move)
@pytest.mark.parametrize("stage", ResolutionStage)
def test_each_row_leads_where_it_says_and_from_nowhere_else(way: Way, stage: ResolutionStage) -> None:
    case = agreement_in(stage)
    if stage in way.sources:
        assert way.move in case.possible
        assert stage_of(moved(case, way.move)) is (way.target or ResolutionStage.BREACHED)
    else:
        with pytest.raises(IllegalMove, match=f"resolution {stage}") as caught:
            moved(case, way.move)
        assert caught.value.move == way.move.value


@pytest.mark.parametrize("way", RESOLUTION, ids=lambda way: way.move)
def test_without_a_resolution_at_such_a_stage_the_move_is_not_possible(way: Way) -> None:
    for stage in set(ResolutionStage) - way.sources - {ResolutionStage.VARIED}:
        assert way.move not in agreement_in(stage).possible, stage
    assert way.move not in in_mediation().possible


@pytest.mark.parametrize("stage", sorted(set(ResolutionStage) & RESOLUTION[1].sources))
@pytest.mark.parametrize(("after", "found"), FOUND.items())
def test_looking_whether_it_is_kept_leads_to_what_was_found(
    stage: ResolutionStage, after: ResolutionStage, found: Compliance
) -> None:
    case = agreement_in(stage).record_compliance(resolution="r1", compliance=found, **told(5))
    (agreement,) = case.resolutions
    assert (agreement.stage, agreement.compliance, agreement.last_contact) == (after, found, Milestone.at(at(5)))
    assert agreement.complied.is_reached is (found is Compliance.KEPT or stage is ResolutionStage.COMPLIED)
    assert agreement.breached.is_reached is (found is Compliance.BREACHED or stage is ResolutionStage.BREACHED)


@pytest.mark.parametrize("milestone", ["complied", "breached", "repudiated", "confirmed"])
def test_a_register_leads_to_the_same_stages(milestone: str) -> None:
    known: dict[str, Any] = {"agreed": Milestone.at(at(1)), milestone: Milestone.at(at(2))}
    case = Case.register(id="case-3", centre="c1", snapshot=Snapshot(dispute=DISPUTE, **known), **told())
    assert stage_of(case, "register-agreement") is ResolutionStage(milestone)


# ---------------------------------------------------------------- in law


@pytest.mark.parametrize("state", Confirmation)
def test_judicial_confirmation_has_six_states_of_which_one_confirms(state: Confirmation) -> None:
    """The others are noted, and leave the agreement as it was."""
    step = LegalStep(kind=LegalStepKind.CONFIRMATION, resolution="resolution-4", confirmation=state)
    (agreement,) = settled().record(step, **told(9)).resolutions
    assert agreement.confirmation is state
    if state is Confirmation.CONFIRMED:
        assert (agreement.stage, agreement.confirmed) == (ResolutionStage.CONFIRMED, Milestone.at(at(9)))
    else:
        assert (agreement.stage, agreement.confirmed.is_reached) == (ResolutionStage.EFFECTIVE, False)


def test_confirmation_goes_from_state_to_state_and_the_last_one_stands() -> None:
    case = settled()
    for day, state in enumerate([Confirmation.APPLIED, Confirmation.ACCEPTED, Confirmation.CONFIRMED], 9):
        step = LegalStep(kind=LegalStepKind.CONFIRMATION, resolution="resolution-4", confirmation=state)
        case = case.record(step, **told(day))
    assert [each.confirmation for each in case.noted(LegalStep)] == ["applied", "accepted", "confirmed"]
    before = case.valid_at(at(10.5))
    assert before is not None and before.resolutions[0].confirmation is Confirmation.ACCEPTED
    assert case.resolutions[0].confirmation is Confirmation.CONFIRMED


def test_only_an_execution_that_is_done_executes() -> None:
    from community_mediation.domain.legal import Execution

    for state in Execution:
        step = LegalStep(kind=LegalStepKind.EXECUTION, resolution="resolution-4", execution=state)
        after = settled().record(step, **told(9)).resolutions[0].stage
        assert (after is ResolutionStage.EXECUTED) is (state is Execution.DONE), state


def test_what_was_repudiated_later_stays_settled_as_was_known_before() -> None:
    case = settled().record(repudiation("resolution-4"), **told(9))
    assert (case.conclusion, case.agreement, case.is_counted) == ("settled", "full", True)
    assert (case.resolutions[0].stage, case.resolutions[0].repudiated) == ("repudiated", Milestone.at(at(9)))
    before = case.valid_at(at(8.9))
    assert before is not None
    assert (before.resolutions[0].stage, before.resolutions[0].repudiated.is_reached) == ("effective", False)
