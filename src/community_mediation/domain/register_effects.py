"""How a case from another register unfolds: one step a dated milestone, and nothing that the register does not say."""

import functools
from collections.abc import Callable
from functools import partial
from typing import Final

from community_mediation.domain.attempt import Assignment, Attempt, PanelRole, Session, SessionFormat
from community_mediation.domain.events import Registered
from community_mediation.domain.making import changed, maker
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

# What they are made of are parts of the event, which looked at them when it was made.
_attempt: Final = maker(Attempt)
_resolution: Final = maker(Resolution)
_session: Final = maker(Session)


@functools.lru_cache(maxsize=1024)
def _assignment(number: int, mediator: str) -> Assignment:
    """The work of one of the mediators: of few people, who come again in case after case."""
    role = PanelRole.LEAD if number == 1 else PanelRole.MEMBER
    return Assignment(id=f"register-{number}", mediator=mediator, role=role)


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
            assignments=tuple([_assignment(number, mediator) for number, mediator in enumerate(it.mediators, 1)]),
            sessions_held=it.sessions,
            risks=() if it.risk is None else (it.risk if it.risk.id else changed(it.risk, id="register-risk"),),
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
    for name, effect in _STEPS:
        when = getattr(it, name).when
        if when is not None:
            result.append((when, partial(effect, it)))
    if it.follow_up is not None:
        result.append((it.follow_up.when, partial(_followed_up, it)))
    if it.closed.when is not None:
        result.append((it.closed.when, partial(_closed, it)))
    if it.litigation is not None:
        # When it went to court, the register does not say: it did by the time of the last thing that it tells.
        result.append((ANY_TIME, partial(_litigation, it.litigation)))
    return result


def _litigation(sued: bool, state: State) -> None:
    state["litigation"] = sued or bool(state["litigation"])


def _agreed_to_mediate(it: Snapshot, state: State) -> None:
    state["agreed_to_mediate"] = it.agreed_to_mediate


def _accepted(it: Snapshot, state: State) -> None:
    first(state, "accepted", it.accepted)
    if state["process"] is Process.REPORTED:
        state["process"] = Process.ACCEPTED


def _begun(it: Snapshot, state: State) -> None:
    _under_way(state, it.begun)
    if it.attempt_kind is not None:
        when = it.begun.when or ANY_TIME
        ended = state["concluded"] if state["process"] is Process.CONCLUDED else NOT_REACHED
        state["attempts"] += (_attempt(id="register-attempt", kind=it.attempt_kind, begun=when, ended=ended),)


def _first_session(it: Snapshot, state: State) -> None:
    when = it.first_session.when or ANY_TIME
    state["sessions"] += (_session(id="register-first", held=when, format=it.session_format, medium=it.session_medium),)
    first(state, "first_session", it.first_session)
    if it.session_format is SessionFormat.JOINT:
        first(state, "joint_session", it.first_session)
    _under_way(state, it.first_session)


def _joint_session(it: Snapshot, state: State) -> None:
    when = it.joint_session.when or ANY_TIME
    if it.joint_session == it.first_session:
        # One meeting noted under two headings.
        state["sessions"] = tuple(
            changed(each, format=SessionFormat.JOINT) if each.id == "register-first" else each
            for each in state["sessions"]
        )
    else:
        joint = _session(id="register-joint", held=when, format=SessionFormat.JOINT, medium=it.session_medium)
        state["sessions"] += (joint,)
    first(state, "first_session", it.joint_session)
    first(state, "joint_session", it.joint_session)
    _under_way(state, it.joint_session)


def _under_way(state: State, begun: Milestone) -> None:
    # A register may date its steps after the ending: they do not take the case up again.
    if state["process"] is Process.CONCLUDED:
        first(state, "begun", begun)
    else:
        begin(state, begun)


def _agreed(it: Snapshot, state: State) -> None:
    first(state, "agreed", it.agreed)
    partial_only = it.conclusion is Conclusion.SETTLED_IN_PART
    state["resolutions"] += (
        _resolution(
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


def _became(name: str, it: Snapshot, state: State) -> None:
    state["resolutions"] = tuple(
        changed(each, **{name: getattr(it, name), "stage": _BECAME[name]}) if each.id == "register-agreement" else each
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
            changed(each, last_contact=Milestone.at(it.follow_up.when), compliance=each.compliance or it.follow_up.kept)
            if each.id == "register-agreement"
            else each
            for each in state["resolutions"]
        )


def _closed(it: Snapshot, state: State) -> None:
    state["closed"] = it.closed
    state["file"] = FileStage.CLOSED


_STEPS: Final[tuple[tuple[str, Callable[[Snapshot, State], None]], ...]] = (
    ("accepted", _accepted),
    ("agreed_to_mediate", _agreed_to_mediate),
    ("begun", _begun),
    ("first_session", _first_session),
    ("joint_session", _joint_session),
    ("agreed", _agreed),
    ("concluded", _concluded),
    *((name, partial(_became, name)) for name in _BECAME),
)
"""Milestones of a snapshot in the order of a case's life, before the return visit, with what passing each changes."""
