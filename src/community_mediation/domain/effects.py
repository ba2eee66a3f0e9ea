"""What each event changes: written once, shared by the moves of a case and by folding its history.

Every effect is total: it never raises, whatever the state, so that any recorded history can be read.
"""

from functools import partial, singledispatch

import attrs

from community_mediation.domain.attempt import Assignment, Attempt, Session, SessionFormat
from community_mediation.domain.events import (
    Accepted,
    AttemptBegun,
    AttemptEnded,
    Closed,
    ComplianceRecorded,
    ConcludedWithoutAgreement,
    Declined,
    FollowedUp,
    MediatorAssigned,
    Registered,
    Reopened,
    Reported,
    Resolved,
    SessionHeld,
    Withdrawn,
)
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.matter import Event, State, Step
from community_mediation.domain.people import Role
from community_mediation.domain.register_effects import entered, register_steps
from community_mediation.domain.resolution import (
    Compliance,
    Conclusion,
    Extent,
    Resolution,
    ResolutionKind,
    ResolutionStage,
)
from community_mediation.domain.stages import FileStage, Origin, Process
from community_mediation.domain.state import ANY_TIME, begin, conclude, first, new_state
from community_mediation.domain.values import NOT_REACHED, Milestone


def steps_of(number: int, event: Event) -> list[Step]:
    """The steps that an event takes: one, but for a case from another register, which brings a step a milestone."""
    if isinstance(event, Registered):
        return [Step(when, effect, number) for when, effect in register_steps(event)]
    return [Step(event.at, partial(apply, event), number)]


@singledispatch
def apply(event: Event, state: State) -> None:
    """Work the event's effect into *state*. Events without an effect of their own leave it alone."""


@apply.register
def _(event: Reported, state: State) -> None:
    state.update(
        new_state(
            origin=Origin.REPORTED,
            centre=event.centre,
            reference=event.reference,
            external=event.external,
            dispute=event.dispute,
            intake=event.intake,
            parties=event.parties,
            reported=Milestone.at(event.at),
            milestone=NOT_REACHED,
        )
    )


@apply.register
def _(event: Registered, state: State) -> None:
    entered(event, state)


@apply.register
def _(event: Accepted, state: State) -> None:
    state["process"] = Process.ACCEPTED
    first(state, "accepted", event.at)


@apply.register
def _(event: Declined, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, Conclusion.DECLINED, event.at)


@apply.register
def _(event: AttemptBegun, state: State) -> None:
    begin(state, event.at)
    if not state["agreed_to_mediate"].is_reached:
        # Mediation is voluntary: who began it had agreed to it, at a time that was not recorded.
        state["agreed_to_mediate"] = Milestone.at(event.consented or ANY_TIME)
    state["attempts"] += (Attempt(id=event.attempt, kind=event.kind, begun=event.at),)


@apply.register
def _(event: AttemptEnded, state: State) -> None:
    state["attempts"] = tuple(
        attrs.evolve(attempt, ended=Milestone.at(event.at)) if not attempt.ended.is_reached else attempt
        for attempt in state["attempts"]
    )


@apply.register
def _(event: MediatorAssigned, state: State) -> None:
    state["assignments"] += (
        Assignment(
            id=event.assignment, mediator=event.mediator, role=event.role, since=event.at, attempt=event.attempt
        ),
    )


@apply.register
def _(event: SessionHeld, state: State) -> None:
    running = [attempt.id for attempt in state["attempts"] if not attempt.ended.is_reached]
    state["sessions"] += (
        Session(
            id=event.session,
            held=event.at,
            format=event.format,
            medium=event.medium,
            attempt=running[-1] if running else None,
            attended=event.attended,
            agencies=event.agencies,
            minutes=event.minutes,
            record=event.record,
        ),
    )
    if state["sessions_held"] is not None:
        state["sessions_held"] += 1
    first(state, "first_session", event.at)
    if event.format is SessionFormat.JOINT:
        first(state, "joint_session", event.at)


@apply.register
def _(event: Resolved, state: State) -> None:
    resolution = Resolution(
        id=event.resolution,
        kind=event.kind,
        form=event.form,
        on_the_spot=event.on_the_spot,
        parties=event.parties,
        issues=event.issues,
        amount=event.amount,
        agreed=Milestone.at(event.at),
        effective=Milestone.at(event.effective or event.at),
        terms=event.terms,
    )
    agreements = [*agreements_in(state), resolution] if event.kind is ResolutionKind.AGREEMENT else [resolution]
    full = covers(agreements, state)
    resolution = attrs.evolve(resolution, extent=Extent.FULL if full else Extent.PARTIAL)
    state["resolutions"] += (resolution,)
    if event.kind is ResolutionKind.AGREEMENT:
        first(state, "agreed", event.at)
        ending = Conclusion.SETTLED if full else Conclusion.SETTLED_IN_PART
    elif event.kind is ResolutionKind.PRIVATE_SETTLEMENT:
        ending = Conclusion.RESOLVED_BEFORE_SESSION
    else:
        ending = unsettled(state)
    if event.concludes:
        conclude(state, ending, event.at)


@apply.register
def _(event: ConcludedWithoutAgreement, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, unsettled(state) if event.conclusion is Conclusion.NOT_SETTLED else event.conclusion, event.at)


@apply.register
def _(event: Withdrawn, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, Conclusion.WITHDRAWN, event.at)


_FOUND = {
    Compliance.KEPT: (ResolutionStage.COMPLIED, "complied"),
    Compliance.PARTLY: (ResolutionStage.PARTLY, None),
    Compliance.BREACHED: (ResolutionStage.BREACHED, "breached"),
    Compliance.PENDING: (ResolutionStage.EFFECTIVE, None),
}


@apply.register
def _(event: ComplianceRecorded, state: State) -> None:
    stage, milestone = _FOUND[event.compliance]
    changes = {"stage": stage, "compliance": event.compliance, "last_contact": Milestone.at(event.at)}
    if milestone is not None:
        changes[milestone] = Milestone.at(event.at)
    state["resolutions"] = tuple(
        attrs.evolve(each, **changes) if each.id == event.resolution else each for each in state["resolutions"]
    )


@apply.register
def _(event: FollowedUp, state: State) -> None:
    state["follow_ups"] += (
        FollowUp(
            id=event.follow_up,
            when=event.at,
            kept=event.kept,
            satisfaction=event.satisfaction,
            sued=event.sued,
            new_danger=event.new_danger,
            note=event.note,
        ),
    )
    if event.kept is not None and state["resolutions"]:
        *others, latest = state["resolutions"]
        found = attrs.evolve(latest, compliance=event.kept, last_contact=Milestone.at(event.at))
        state["resolutions"] = (*others, found)


@apply.register
def _(event: Closed, state: State) -> None:
    state["file"] = FileStage.CLOSED
    state["closed"] = Milestone.at(event.at)


@apply.register
def _(event: Reopened, state: State) -> None:
    state.update(
        process=Process.IN_MEDIATION,
        conclusion=None,
        reason=None,
        concluded=NOT_REACHED,
        file=FileStage.OPEN,
        closed=NOT_REACHED,
        resolutions_before=len(state["resolutions"]),
    )


def agreements_in(state: State) -> list[Resolution]:
    """The agreements since the last reopening, awards and private settlements left out."""
    recent = state["resolutions"][state["resolutions_before"] :]
    return [each for each in recent if each.kind is ResolutionKind.AGREEMENT]


def unsettled(state: State) -> Conclusion:
    """How mediation ends with no agreement made now: what was agreed on the way stays agreed."""
    agreements = agreements_in(state)
    if not agreements:
        return Conclusion.NOT_SETTLED
    return Conclusion.SETTLED if covers(agreements, state) else Conclusion.SETTLED_IN_PART


def covers(agreements: list[Resolution], state: State) -> bool:
    """Whether the agreements together resolve every issue of every respondent (of every party, if none is one)."""
    bound = {party.id for party in state["parties"] if party.role is Role.RESPONDENT}
    bound = bound or {party.id for party in state["parties"]}
    issues = {issue.id for issue in state["dispute"].issues} or {""}
    for_all = [each for each in agreements if not each.parties]
    binding: dict[str, list[Resolution]] = {party: list(for_all) for party in bound or {""}}
    for each in agreements:
        for party in set(each.parties) & binding.keys():
            binding[party].append(each)
    # Parties whom the same agreements bind stand or fall together: a crowd costs no more than one of it.
    resolved_by = {frozenset(map(id, mine)): mine for mine in binding.values()}
    return all(
        any(not each.issues for each in mine) or issues <= {issue for each in mine for issue in each.issues}
        for mine in resolved_by.values()
    )
