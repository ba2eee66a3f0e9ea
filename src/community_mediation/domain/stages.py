"""The three axes of a case, as tables: where it stands, what may happen there, and where that leads.

The diagrams in the documentation are made from these tables. Regions map their own
stage labels onto the stages; the stages themselves are the same everywhere.
"""

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from community_mediation.domain.resolution import Conclusion, ResolutionStage


class Process(enum.StrEnum):
    """How far the case has come."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    IN_MEDIATION = "in_mediation"
    CONCLUDED = "concluded"


class FileStage(enum.StrEnum):
    """Whether the file is put away."""

    OPEN = "open"
    CLOSED = "closed"


class Origin(enum.StrEnum):
    """Whether the case was lived through here or came over from another register."""

    REPORTED = "reported"
    REGISTERED = "registered"


class Move(enum.StrEnum):
    """What can be done with a case."""

    ACCEPT = "accept"
    DECLINE = "decline"
    BEGIN_ATTEMPT = "begin_attempt"
    END_ATTEMPT = "end_attempt"
    ASSIGN = "assign"
    HOLD_SESSION = "hold_session"
    RESOLVE = "resolve"
    RESOLVE_ON_THE_SPOT = "resolve_on_the_spot"
    CONCLUDE_WITHOUT_AGREEMENT = "conclude_without_agreement"
    WITHDRAW = "withdraw"
    RECORD_COMPLIANCE = "record_compliance"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    REOPEN = "reopen"
    CORRECT = "correct"
    AMEND = "amend"


@attrs.frozen
class Way:
    """One row of a table: a move, the stages that allow it, and the stage that it leads to (``None``: it stays)."""

    move: Move
    sources: frozenset[enum.StrEnum]
    target: enum.StrEnum | None


_R, _A, _M, _C = Process.REPORTED, Process.ACCEPTED, Process.IN_MEDIATION, Process.CONCLUDED
_ANY: Final = frozenset(Process)

PROCESS: Final[tuple[Way, ...]] = (
    Way(Move.ACCEPT, frozenset({_R}), _A),
    Way(Move.DECLINE, frozenset({_R}), _C),
    Way(Move.BEGIN_ATTEMPT, frozenset({_A, _M}), _M),
    Way(Move.END_ATTEMPT, frozenset({_M}), None),
    Way(Move.ASSIGN, frozenset({_R, _A, _M}), None),
    Way(Move.HOLD_SESSION, frozenset({_M}), None),
    Way(Move.RESOLVE, frozenset({_M}), _C),
    Way(Move.RESOLVE_ON_THE_SPOT, frozenset({_R, _A}), _C),
    Way(Move.CONCLUDE_WITHOUT_AGREEMENT, frozenset({_R, _A, _M}), _C),
    Way(Move.WITHDRAW, frozenset({_R, _A, _M}), _C),
    Way(Move.RECORD_COMPLIANCE, _ANY, None),
    Way(Move.FOLLOW_UP, frozenset({_C}), None),
    Way(Move.CLOSE, frozenset({_C}), None),
    Way(Move.REOPEN, frozenset({_C}), _M),
    Way(Move.CORRECT, _ANY, None),
    Way(Move.AMEND, _ANY, None),
)
"""The process axis. An agreement that leaves the rest open (``concludes=False``) stays in mediation."""

FILE: Final[tuple[Way, ...]] = (
    Way(Move.CLOSE, frozenset({FileStage.OPEN}), FileStage.CLOSED),
    Way(Move.REOPEN, frozenset(FileStage), FileStage.OPEN),
)
"""The file axis: closing needs a conclusion, but neither compliance nor a visit; reopening opens the file too."""

_KEPT_OR_NOT: Final = frozenset(
    {
        ResolutionStage.EFFECTIVE,
        ResolutionStage.COMPLIED,
        ResolutionStage.PARTLY,
        ResolutionStage.BREACHED,
        ResolutionStage.CONFIRMED,
    }
)

RESOLUTION: Final[tuple[Way, ...]] = (Way(Move.RECORD_COMPLIANCE, _KEPT_OR_NOT, None),)
"""The resolution axis: the stage that follows is what was found (complied, partly, breached, or still effective)."""

_ENDINGS: Final = frozenset(
    {
        Conclusion.RESOLVED_BEFORE_SESSION,
        Conclusion.REFERRED_OUT,
        Conclusion.UNSUITABLE,
        Conclusion.NO_RESPONSE,
        Conclusion.REFUSED,
        Conclusion.LAPSED,
        Conclusion.VOID,
    }
)

ENDINGS: Final[Mapping[Process, frozenset[Conclusion]]] = {
    _R: _ENDINGS,
    _A: _ENDINGS,
    _M: _ENDINGS | {Conclusion.NOT_SETTLED},
}
"""How a case may end without an agreement, by its stage. Declining and withdrawing are moves of their own."""


def ways(axis: tuple[Way, ...], move: Move) -> Way | None:
    """The row of *move* on an axis, or ``None`` if the axis does not know it."""
    return next((way for way in axis if way.move is move), None)


def possible(process: Process, file: FileStage, resolutions: frozenset[ResolutionStage]) -> tuple[Move, ...]:
    """The moves that a case in these stages can make, in the order of the table."""
    result = []
    for way in PROCESS:
        on_file, on_resolution = ways(FILE, way.move), ways(RESOLUTION, way.move)
        if process not in way.sources or (on_file is not None and file not in on_file.sources):
            continue
        if on_resolution is not None and not resolutions & on_resolution.sources:
            continue
        result.append(way.move)
    return tuple(result)
