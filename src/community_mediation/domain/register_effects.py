"""How a case from another register unfolds: one step a dated milestone, and nothing that the register does not say."""

from collections.abc import Callable
from functools import partial

import attrs

from community_mediation.domain.attempt import Assignment, Attempt, PanelRole, Session, SessionFormat
from community_mediation.domain.events import Registered
from community_mediation.domain.matter import State
from community_mediation.domain.resolution import (
    Compliance,
    Conclusion,
    Extent,
    Resolution,
    ResolutionStage,
)
from community_mediation.domain.snapshot import RegisterStatus, Snapshot
from community_mediation.domain.stages import FileStage, Origin, Process
from community_mediation.domain.state import ANY_TIME, begin, conclude, first, new_state
from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Milestone, Reach, When

RegisterStep = tuple[When, Callable[[State], None]]


def entered(event: Registered, state: State) -> None:
    """The case as the register knew it on the day of the report: later milestones are unknown, or not reached yet."""
    it = event.snapshot
    state.update(
        new_state(
            origin=Origin.REGISTERED,
            centre=event.centre,
            reference=event.reference,
            external=event.external,
            dispute=it.dispute,
            intake=it.intake,
            parties=it.parties,
            reported=Milestone.at(event.at),
            milestone=UNKNOWN,
            assignments=tuple(
                Assignment(
                    id=f"register-{number}",
                    mediator=mediator,
                    role=PanelRole.LEAD if number == 1 else PanelRole.MEMBER,
                )
                for number, mediator in enumerate(it.mediators, 1)
            ),
            sessions_held=it.sessions,
            risks=(attrs.evolve(it.risk, id=it.risk.id or "register-risk"),) if it.risk is not None else (),
            observed=it.observed,
        )
    )
    for name in ("accepted", "agreed_to_mediate", "begun", "first_session", "joint_session", "agreed", "concluded"):
        milestone: Milestone = getattr(it, name)
        state[name] = UNKNOWN if milestone.state is Reach.UNKNOWN else NOT_REACHED
    state["first_concluded"] = state["concluded"]
    state["closed"] = UNKNOWN if it.closed.state is Reach.UNKNOWN else NOT_REACHED


def register_steps(event: Registered) -> list[RegisterStep]:
    """The steps of a registered case, in the order of a case's life."""
    it = event.snapshot
    result: list[RegisterStep] = [(event.at, partial(entered, event))]

    def step(milestone: Milestone, effect: Callable[[State], None]) -> None:
        if milestone.when is not None:
            result.append((milestone.when, effect))

    step(it.accepted, partial(_accepted, it))
    step(it.agreed_to_mediate, partial(_milestone, "agreed_to_mediate", it.agreed_to_mediate))
    step(it.begun, partial(_begun, it))
    step(it.first_session, partial(_session, it, "register-first", it.first_session))
    step(it.joint_session, partial(_session, it, "register-joint", it.joint_session))
    step(it.agreed, partial(_agreed, it))
    step(it.concluded, partial(_concluded, it))
    for name in ("complied", "breached", "repudiated", "confirmed"):
        step(getattr(it, name), partial(_became, name, getattr(it, name)))
    if it.follow_up is not None:
        result.append((it.follow_up.when, partial(_followed_up, it)))
    step(it.closed, partial(_closed, it))
    if it.litigation is not None:
        # When it went to court, the register does not say: it did by the time of the last thing that it tells.
        result.append((ANY_TIME, partial(_litigation, it.litigation)))
    return result


def _litigation(sued: bool, state: State) -> None:
    state["litigation"] = sued or bool(state["litigation"])


def _milestone(name: str, milestone: Milestone, state: State) -> None:
    state[name] = milestone


def _accepted(it: Snapshot, state: State) -> None:
    first(state, "accepted", it.accepted.when or ANY_TIME)
    if state["process"] is Process.REPORTED:
        state["process"] = Process.ACCEPTED


def _begun(it: Snapshot, state: State) -> None:
    when = it.begun.when or ANY_TIME
    _under_way(state, when)
    if it.attempt_kind is not None:
        ended = state["concluded"] if state["process"] is Process.CONCLUDED else NOT_REACHED
        state["attempts"] += (Attempt(id="register-attempt", kind=it.attempt_kind, begun=when, ended=ended),)


def _session(it: Snapshot, id: str, milestone: Milestone, state: State) -> None:
    when = milestone.when or ANY_TIME
    form = SessionFormat.JOINT if id == "register-joint" else it.session_format
    if id == "register-joint" and it.joint_session == it.first_session:
        # One meeting noted under two headings.
        state["sessions"] = tuple(
            attrs.evolve(each, format=SessionFormat.JOINT) if each.id == "register-first" else each
            for each in state["sessions"]
        )
    else:
        state["sessions"] += (Session(id=id, held=when, format=form, medium=it.session_medium),)
    first(state, "first_session", when)
    if form is SessionFormat.JOINT:
        first(state, "joint_session", when)
    _under_way(state, when)


def _under_way(state: State, when: When) -> None:
    # A register may date its steps after the ending: they do not take the case up again.
    process = state["process"]
    begin(state, when)
    if process is Process.CONCLUDED:
        state["process"] = process


def _agreed(it: Snapshot, state: State) -> None:
    first(state, "agreed", it.agreed.when or ANY_TIME)
    partial_only = it.conclusion is Conclusion.SETTLED_IN_PART
    state["resolutions"] += (
        Resolution(
            id="register-agreement",
            form=it.agreement_form,
            extent=Extent.PARTIAL if partial_only else Extent.FULL,
            amount=it.amount_agreed,
            compliance=it.compliance,
            confirmation=it.confirmation,
            agreed=it.agreed,
            effective=it.agreed,
            # A later dated change is a step of its own; without one the register leaves it unknown, or denies it.
            complied=NOT_REACHED if it.complied.is_reached else it.complied,
            breached=NOT_REACHED if it.breached.is_reached else it.breached,
            repudiated=NOT_REACHED if it.repudiated.is_reached else it.repudiated,
            confirmed=NOT_REACHED if it.confirmed.is_reached else it.confirmed,
            stage=_STAGE_OF.get(it.compliance, ResolutionStage.EFFECTIVE),
        ),
    )


_STAGE_OF: dict[Compliance | None, ResolutionStage] = {
    Compliance.KEPT: ResolutionStage.COMPLIED,
    Compliance.PARTLY: ResolutionStage.PARTLY,
    Compliance.BREACHED: ResolutionStage.BREACHED,
}

_BECAME: dict[str, ResolutionStage] = {
    "complied": ResolutionStage.COMPLIED,
    "breached": ResolutionStage.BREACHED,
    "repudiated": ResolutionStage.REPUDIATED,
    "confirmed": ResolutionStage.CONFIRMED,
}


def _became(name: str, milestone: Milestone, state: State) -> None:
    state["resolutions"] = tuple(
        attrs.evolve(each, **{name: milestone, "stage": _BECAME[name]}) if each.id == "register-agreement" else each
        for each in state["resolutions"]
    )


def _concluded(it: Snapshot, state: State) -> None:
    ending = it.conclusion
    if it.status is RegisterStatus.VOID:
        ending = Conclusion.VOID
    conclude(state, ending or Conclusion.UNKNOWN, it.concluded.when or ANY_TIME)


def _followed_up(it: Snapshot, state: State) -> None:
    if it.follow_up is None:
        return
    state["follow_ups"] += (it.follow_up,)
    if it.follow_up.kept is not None:
        state["resolutions"] = tuple(
            attrs.evolve(
                each, last_contact=Milestone.at(it.follow_up.when), compliance=each.compliance or it.follow_up.kept
            )
            if each.id == "register-agreement"
            else each
            for each in state["resolutions"]
        )


def _closed(it: Snapshot, state: State) -> None:
    state["closed"] = it.closed
    state["file"] = FileStage.CLOSED
