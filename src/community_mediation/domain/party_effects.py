"""What joining, leaving and changing a party does to a case."""

from community_mediation.domain.effect import apply
from community_mediation.domain.events import (
    DisputeDescribed,
    MediatorReleased,
    Numbered,
    PartyChanged,
    PartyJoined,
    PartyLeft,
    Transferred,
)
from community_mediation.domain.making import changed
from community_mediation.domain.matter import State
from community_mediation.domain.outcome import bindable
from community_mediation.domain.resolution import ResolutionStage
from community_mediation.domain.values import NOT_REACHED, Milestone


def _name_bound(state: State) -> None:
    # An agreement "of all" binds those who were there then: not who comes later, and still who leaves, for their heirs.
    # A draft binds nobody yet.
    there = tuple(party.id for party in bindable(state["parties"]))
    if there:
        state["resolutions"] = tuple(
            each if each.parties or each.stage is ResolutionStage.DRAFTED else changed(each, parties=there)
            for each in state["resolutions"]
        )


@apply.register
def _(event: PartyJoined, state: State) -> None:
    _name_bound(state)
    if event.succeeds is not None:
        state["parties"] = tuple(
            changed(each, successor=event.party.id) if each.id == event.succeeds else each for each in state["parties"]
        )
    newcomer = changed(event.party, joined=event.at, left=NOT_REACHED, left_reason=None, successor=None)
    state["parties"] += (newcomer,)


@apply.register
def _(event: PartyChanged, state: State) -> None:
    state["parties"] = tuple(
        changed(event.party, joined=each.joined, left=each.left, left_reason=each.left_reason, successor=each.successor)
        if each.id == event.party.id
        else each
        for each in state["parties"]
    )


@apply.register
def _(event: PartyLeft, state: State) -> None:
    _name_bound(state)
    state["parties"] = tuple(
        changed(each, left=Milestone.at(event.at), left_reason=event.reason, successor=event.successor)
        if each.id == event.party
        else each
        for each in state["parties"]
    )


@apply.register
def _(event: MediatorReleased, state: State) -> None:
    state["assignments"] = tuple(
        changed(each, until=Milestone.at(event.at)) if each.id == event.assignment else each
        for each in state["assignments"]
    )


@apply.register
def _(event: DisputeDescribed, state: State) -> None:
    before, after = ({issue.id for issue in each.issues} for each in (state["dispute"], event.dispute))
    if before and after - before:
        # An agreement on "all issues" resolved those that were there then.
        state["resolutions"] = tuple(
            each
            if each.issues or each.stage is ResolutionStage.DRAFTED
            else changed(each, issues=tuple(sorted(before)))
            for each in state["resolutions"]
        )
    state["dispute"] = event.dispute


@apply.register
def _(event: Transferred, state: State) -> None:
    state["centre"] = event.centre


@apply.register
def _(event: Numbered, state: State) -> None:
    state["reference"] = event.reference or state["reference"]
    state["external"] = event.external or state["external"]
