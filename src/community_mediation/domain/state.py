"""The state of a case while it is being folded, and the small changes that several effects share."""

from typing import Any, Final

import attrs

from community_mediation.domain.matter import State
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.values import NOT_REACHED, Milestone, Reach, When

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
        "observed": None,
        **known,
    }


def first(state: State, milestone: str, when: When) -> None:
    """Note that a milestone was passed, unless it had been before."""
    if state[milestone].state is not Reach.AT:
        state[milestone] = Milestone.at(when)


def begin(state: State, when: When) -> None:
    """Mediation is under way."""
    state["process"] = Process.IN_MEDIATION
    first(state, "begun", when)


def conclude(state: State, ending: Conclusion, when: When) -> None:
    """The case ends; the first ending is kept beside the present one; running attempts end with it."""
    state.update(process=Process.CONCLUDED, conclusion=ending, concluded=Milestone.at(when))
    if state["first_conclusion"] is None:
        state.update(first_conclusion=ending, first_concluded=Milestone.at(when))
    if any(attempt.ended == NOT_REACHED for attempt in state["attempts"]):
        state["attempts"] = tuple(
            attrs.evolve(attempt, ended=Milestone.at(when)) if attempt.ended == NOT_REACHED else attempt
            for attempt in state["attempts"]
        )
