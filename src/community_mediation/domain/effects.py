"""What each event changes: written once, shared by the moves of a case and by folding its history.

Every effect is total: it never raises, whatever the state, so that any recorded history can be read.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from community_mediation.domain import item_effects, outcome_effects, party_effects  # noqa: F401 - they register
from community_mediation.domain.attempt import Assignment, Attempt, Extension, Pause, Session, SessionFormat
from community_mediation.domain.effect import apply
from community_mediation.domain.events import (
    Accepted,
    AttemptBegun,
    AttemptEnded,
    AttemptExtended,
    AttemptPaused,
    AttemptResumed,
    Closed,
    ConcludedWithoutAgreement,
    Declined,
    MediatorAssigned,
    Registered,
    Reopened,
    Reported,
    SessionHeld,
    Withdrawn,
)
from community_mediation.domain.making import changed, maker
from community_mediation.domain.matter import Event, State, Step
from community_mediation.domain.outcome import unsettled
from community_mediation.domain.register_effects import entered, register_steps
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.stages import FileStage, Origin, Process
from community_mediation.domain.state import ANY_TIME, begin, conclude, ended, first, new_state, resumed
from community_mediation.domain.values import NOT_REACHED, Milestone

__all__ = ["apply", "steps_of"]

_assignment: Final = maker(Assignment)
_attempt: Final = maker(Attempt)
_extension: Final = maker(Extension)
_pause: Final = maker(Pause)
_session: Final = maker(Session)


def steps_of(number: int, event: Event) -> list[Step]:
    """The steps that an event takes: one, but for a case from another register, which brings a step a milestone."""
    if isinstance(event, Registered):
        return [Step(when, effect, number) for when, effect in register_steps(event)]
    # Looked up once: the step may be taken several times.
    return [Step(event.at, partial(apply.dispatch(type(event)), event), number)]


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
    first(state, "accepted", Milestone.at(event.at))


@apply.register
def _(event: Declined, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, Conclusion.DECLINED, event.at)


@apply.register
def _(event: AttemptBegun, state: State) -> None:
    begin(state, Milestone.at(event.at))
    if not state["agreed_to_mediate"].is_reached:
        # Mediation is voluntary: who began it had agreed to it, at a time that was not recorded.
        state["agreed_to_mediate"] = Milestone.at(event.consented or ANY_TIME)
    state["attempts"] += (
        _attempt(id=event.attempt, kind=event.kind, begun=event.at, due=event.due, chosen=event.chosen),
    )


def _running(state: State, change: Callable[[Attempt], Attempt]) -> None:
    state["attempts"] = tuple(each if each.ended.is_reached else change(each) for each in state["attempts"])


@apply.register
def _(event: AttemptExtended, state: State) -> None:
    more = _extension(at=event.at, until=event.until, reason=event.reason)
    _running(state, lambda each: changed(each, due=event.until, extensions=(*each.extensions, more)))


@apply.register
def _(event: AttemptPaused, state: State) -> None:
    pause = _pause(since=event.at, reason=event.reason)
    _running(state, lambda each: changed(each, pauses=(*each.pauses, pause)))


@apply.register
def _(event: AttemptResumed, state: State) -> None:
    _running(state, lambda each: resumed(each, event.at))


@apply.register
def _(event: AttemptEnded, state: State) -> None:
    _running(state, lambda each: ended(each, event.at, event.result, event.reason))


@apply.register
def _(event: MediatorAssigned, state: State) -> None:
    state["assignments"] += (
        _assignment(
            id=event.assignment,
            mediator=event.mediator,
            role=event.role,
            since=event.at,
            attempt=event.attempt,
            chosen=event.chosen,
        ),
    )


@apply.register
def _(event: SessionHeld, state: State) -> None:
    running = [attempt.id for attempt in state["attempts"] if not attempt.ended.is_reached]
    state["sessions"] += (
        _session(
            id=event.session,
            held=event.at,
            format=event.format,
            medium=event.medium,
            attempt=running[-1] if running else None,
            attended=event.attended,
            agencies=event.agencies,
            minutes=event.minutes,
            record=event.record,
            helpers=event.helpers,
            place=event.place,
        ),
    )
    if state["sessions_held"] is not None:
        state["sessions_held"] += 1
    held = Milestone.at(event.at)
    first(state, "first_session", held)
    if event.format is SessionFormat.JOINT:
        first(state, "joint_session", held)


@apply.register
def _(event: ConcludedWithoutAgreement, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, unsettled(state) if event.conclusion is Conclusion.NOT_SETTLED else event.conclusion, event.at)


@apply.register
def _(event: Withdrawn, state: State) -> None:
    state["reason"] = event.reason
    conclude(state, Conclusion.WITHDRAWN, event.at)


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
