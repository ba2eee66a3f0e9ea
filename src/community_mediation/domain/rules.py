"""What is forbidden everywhere: moves that the tables do not allow, and references to what does not exist.

Little is. Whatever differs between places is a rule of the centre's region, not of this module.
"""

from collections.abc import Iterable
from typing import Final

from community_mediation.domain.events import (
    Accepted,
    Amended,
    AttemptBegun,
    AttemptEnded,
    Closed,
    ComplianceRecorded,
    ConcludedWithoutAgreement,
    Corrected,
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
from community_mediation.domain.matter import Event, State
from community_mediation.domain.stages import (
    ENDINGS,
    FILE,
    PROCESS,
    RESOLUTION,
    FileStage,
    Move,
    Origin,
    Process,
    possible,
    ways,
)
from community_mediation.errors import IllegalMove, InvalidValue

BIRTHS: Final = (Reported, Registered)
"""The events that begin a case."""

MOVES: Final[dict[type[Event], Move]] = {
    Accepted: Move.ACCEPT,
    Declined: Move.DECLINE,
    AttemptBegun: Move.BEGIN_ATTEMPT,
    AttemptEnded: Move.END_ATTEMPT,
    MediatorAssigned: Move.ASSIGN,
    SessionHeld: Move.HOLD_SESSION,
    Resolved: Move.RESOLVE,
    ConcludedWithoutAgreement: Move.CONCLUDE_WITHOUT_AGREEMENT,
    Withdrawn: Move.WITHDRAW,
    ComplianceRecorded: Move.RECORD_COMPLIANCE,
    FollowedUp: Move.FOLLOW_UP,
    Closed: Move.CLOSE,
    Reopened: Move.REOPEN,
    Corrected: Move.CORRECT,
    Amended: Move.AMEND,
}
"""Which move records which event."""


def move_of(event: Event) -> Move | None:
    """The move that records an event; ``None`` for a birth."""
    if isinstance(event, Resolved) and event.on_the_spot:
        return Move.RESOLVE_ON_THE_SPOT
    return MOVES.get(type(event))


def moves_in(state: State) -> tuple[Move, ...]:
    """The moves that a case in this state can make."""
    stages = frozenset(resolution.stage for resolution in state["resolutions"])
    running = any(not attempt.ended.is_reached for attempt in state["attempts"])
    never = {Move.BEGIN_ATTEMPT if running else Move.END_ATTEMPT}
    if state["origin"] is not Origin.REGISTERED:
        never.add(Move.AMEND)
    return tuple(each for each in possible(state["process"], state["file"], stages) if each not in never)


def guard(event: Event, state: State) -> None:
    """Refuse an event that cannot follow *state*.

    Raises:
        IllegalMove: The tables do not allow it at this stage.
        InvalidValue: It names a party, issue, attempt or resolution that the case does not have.
    """
    move = move_of(event)
    if move is None:
        return

    def refuse(stage: str, why: str = "") -> IllegalMove:
        return IllegalMove(str(stage), str(move), [str(each) for each in moves_in(state) if each is not move], why)

    way, on_file, on_resolution = ways(PROCESS, move), ways(FILE, move), ways(RESOLUTION, move)
    process: Process = state["process"]
    if way is not None and process not in way.sources:
        raise refuse(process)
    if on_file is not None and state["file"] not in on_file.sources:
        raise refuse(f"{process}, file {FileStage(state['file'])}")

    match event:
        case AttemptBegun():
            if any(not attempt.ended.is_reached for attempt in state["attempts"]):
                raise refuse(process, "an attempt is running; end it first")
            _new(event.attempt, (attempt.id for attempt in state["attempts"]), "attempt")
        case AttemptEnded():
            if not any(not attempt.ended.is_reached for attempt in state["attempts"]):
                raise refuse(process, "no attempt is running")
        case MediatorAssigned():
            _new(event.assignment, (assignment.id for assignment in state["assignments"]), "assignment")
            if event.attempt is not None:
                _known((event.attempt,), (attempt.id for attempt in state["attempts"]), "attempt")
        case SessionHeld():
            _new(event.session, (session.id for session in state["sessions"]), "session")
            _known(event.attended, (party.id for party in state["parties"]), "attended")
        case Resolved():
            _new(event.resolution, (resolution.id for resolution in state["resolutions"]), "resolution")
            _known(event.parties, (party.id for party in state["parties"]), "parties")
            _known(event.issues, (issue.id for issue in state["dispute"].issues), "issues")
        case ConcludedWithoutAgreement():
            if event.conclusion not in ENDINGS[process]:
                endings = ", ".join(sorted(ENDINGS[process]))
                raise refuse(process, f"a case cannot end as {event.conclusion!r} by this move here, but as {endings}")
        case Withdrawn() if event.party is not None:
            _known((event.party,), (party.id for party in state["parties"]), "party")
        case FollowedUp():
            _new(event.follow_up, (follow_up.id for follow_up in state["follow_ups"]), "follow_up")
            named = tuple(each.party for each in event.satisfaction if each.party is not None)
            _known(named, (party.id for party in state["parties"]), "satisfaction")
        case ComplianceRecorded() if on_resolution is not None:
            _known((event.resolution,), (resolution.id for resolution in state["resolutions"]), "resolution")
            stage = next(each.stage for each in state["resolutions"] if each.id == event.resolution)
            if stage not in on_resolution.sources:
                raise refuse(f"{process}, resolution {stage}")


def check_birth(event: Reported | Registered) -> None:
    """Refuse a birth whose parties or issues share an id.

    Raises:
        InvalidValue: Two have the same id.
    """
    known = event if isinstance(event, Reported) else event.snapshot
    parties, issues = [party.id for party in known.parties], [issue.id for issue in known.dispute.issues]
    for name, ids in (("parties", parties), ("dispute.issues", issues)):
        if len(set(ids)) != len(ids):
            raise InvalidValue("two of them have the same id", path=f"$.{name}", remedy="Give each an id of its own.")


def _known(named: Iterable[str], known: Iterable[str], path: str) -> None:
    there = set(known)
    for index, each in enumerate(named):
        if each not in there:
            raise InvalidValue(
                "the case has none of that id",
                path=f"$.{path}[{index}]",
                remedy=f"It has: {', '.join(sorted(there)) or 'none'}.",
            )


def _new(id: str, known: Iterable[str], path: str) -> None:
    if id in set(known):
        raise InvalidValue("the id is taken", path=f"$.{path}", remedy="Give another, or leave it out.")
