"""The state of a case while it is being folded, and the small changes that several effects share."""

from typing import Any, Final

from community_mediation.domain.attempt import Attempt, AttemptResult
from community_mediation.domain.making import changed
from community_mediation.domain.matter import State
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.values import Milestone, Reach, When

ANY_TIME: Final = When.unknown()

MILESTONES: Final = (
    "accepted",
    "agreed_to_mediate",
    "begun",
    "first_session",
    "joint_session",
    "agreed",
    "concluded",
    "first_concluded",
    "closed",
)
"""The milestones of a case after its report."""


def new_state(*, milestone: Milestone, **known: Any) -> State:
    """A case that has just come in: *known* as given, every later milestone at *milestone*."""
    return {
        **dict.fromkeys(MILESTONES, milestone),
        "process": Process.REPORTED,
        "file": FileStage.OPEN,
        "conclusion": None,
        "first_conclusion": None,
        "reason": None,
        "attempts": (),
        "assignments": (),
        "sessions": (),
        "sessions_held": 0,
        "resolutions": (),
        "resolutions_before": 0,
        "follow_ups": (),
        "risks": (),
        "items": (),
        "litigation": None,
        "superseded_by": (),
        "observed": None,
        **known,
    }


def first(state: State, name: str, passed: Milestone) -> None:
    """Note that a milestone was passed, unless it had been before."""
    if state[name].state is not Reach.AT:
        state[name] = passed


def begin(state: State, begun: Milestone) -> None:
    """Mediation is under way."""
    state["process"] = Process.IN_MEDIATION
    first(state, "begun", begun)


def resumed(attempt: Attempt, when: When) -> Attempt:
    """The attempt with its clock going: a pause that was running ends."""
    if not attempt.is_paused:
        return attempt
    *before, pause = attempt.pauses
    return changed(attempt, pauses=(*before, changed(pause, until=Milestone.at(when))))


def ended(attempt: Attempt, when: When, result: AttemptResult | None, reason: str | None = None) -> Attempt:
    """The attempt after it ended; a pause that was running ends with it."""
    return changed(resumed(attempt, when), ended=Milestone.at(when), result=result, reason=reason)


_RESULTS: Final = {
    Conclusion.SETTLED: AttemptResult.AGREED,
    Conclusion.SETTLED_IN_PART: AttemptResult.AGREED_IN_PART,
    Conclusion.NOT_SETTLED: AttemptResult.NOT_AGREED,
    Conclusion.WITHDRAWN: AttemptResult.ENDED_BY_PARTY,
    Conclusion.REFUSED: AttemptResult.ENDED_BY_PARTY,
    Conclusion.NO_RESPONSE: AttemptResult.NO_APPEARANCE,
    Conclusion.LAPSED: AttemptResult.EXPIRED,
    Conclusion.UNSUITABLE: AttemptResult.ENDED_BY_PANEL,
}
"""What the ending of a case says of the attempt that was running; other endings say nothing of it."""


def conclude(state: State, ending: Conclusion, when: When, result: AttemptResult | None = None) -> None:
    """The case ends; the first ending is kept beside the present one; running attempts end with it."""
    concluded = Milestone.at(when)
    state.update(process=Process.CONCLUDED, conclusion=ending, concluded=concluded)
    if state["first_conclusion"] is None:
        state.update(first_conclusion=ending, first_concluded=concluded)
    if any(attempt.ended.state is Reach.NOT_REACHED for attempt in state["attempts"]):
        state["attempts"] = tuple(
            ended(attempt, when, result or _RESULTS.get(ending))
            if attempt.ended.state is Reach.NOT_REACHED
            else attempt
            for attempt in state["attempts"]
        )
