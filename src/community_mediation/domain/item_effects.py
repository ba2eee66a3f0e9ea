"""What the things that are noted in a case do to it: most stand there and move nothing."""

from functools import singledispatch
from typing import Any, Final

from community_mediation.domain.effect import apply
from community_mediation.domain.events import Merged, Recorded, Split
from community_mediation.domain.item import Item
from community_mediation.domain.legal import (
    Execution,
    LegalStep,
    LegalStepKind,
    Referral,
    ReferralAnswer,
    ReferralReturn,
)
from community_mediation.domain.making import changed
from community_mediation.domain.matter import State
from community_mediation.domain.outcome_effects import change, unconfirm
from community_mediation.domain.resolution import Conclusion, Confirmation, ResolutionStage
from community_mediation.domain.risk import Risk, RiskUpdate
from community_mediation.domain.state import conclude
from community_mediation.domain.values import Milestone, When

MERGED: Final = "merged"
SPLIT: Final = "split"


@apply.register
def _(event: Recorded, state: State) -> None:
    item = changed(event.item, when=event.at)
    if isinstance(item, Risk):
        state["risks"] += (item,)
        return
    state["items"] += (item,)
    note(item, event.at, state)


@apply.register
def _(event: Merged, state: State) -> None:
    state.update(superseded_by=(event.into,), reason=MERGED)
    conclude(state, Conclusion.VOID, event.at)


@apply.register
def _(event: Split, state: State) -> None:
    state.update(superseded_by=event.into, reason=SPLIT)
    conclude(state, Conclusion.VOID, event.at)


@singledispatch
def note(item: Item, when: When, state: State) -> None:
    """Work what was noted into what stands there already."""


@note.register
def _(item: RiskUpdate, when: When, state: State) -> None:
    told = {
        name: value
        for name in ("averted", "materialised", "persons", "measures")
        if (value := getattr(item, name)) is not None
    }
    if item.reported_to is not None:
        told.update(reported=True, reported_to=item.reported_to, reported_on=when)
    state["risks"] = tuple(changed(each, **told) if each.id == item.risk else each for each in state["risks"])


def _referral(state: State, id: str, **changes: Any) -> None:
    state["items"] = tuple(
        changed(each, **changes) if isinstance(each, Referral) and each.id == id else each for each in state["items"]
    )


@note.register
def _(item: ReferralAnswer, when: When, state: State) -> None:
    _referral(state, item.referral, answered=Milestone.at(when), accepted=item.accepted, reason=item.reason)


@note.register
def _(item: ReferralReturn, when: When, state: State) -> None:
    _referral(state, item.referral, returned=Milestone.at(when), result=item.result)


@note.register
def _(item: LegalStep, when: When, state: State) -> None:
    if item.kind is LegalStepKind.SUIT:
        state["litigation"] = True
    elif item.kind is LegalStepKind.REPUDIATION and item.resolution is not None:
        change(state, item.resolution, stage=ResolutionStage.REPUDIATED, repudiated=Milestone.at(when))
    elif item.kind is LegalStepKind.CONFIRMATION:
        change(state, item.resolution, confirmation=item.confirmation)
        if item.confirmation is Confirmation.CONFIRMED:
            change(state, item.resolution, stage=ResolutionStage.CONFIRMED, confirmed=Milestone.at(when))
        else:
            unconfirm(state, item.resolution)
    elif item.kind is LegalStepKind.RULING:
        change(state, item.resolution, ruling=item.ruling)
    elif item.kind is LegalStepKind.EXECUTION and item.execution is Execution.DONE:
        change(state, item.resolution, stage=ResolutionStage.EXECUTED)
