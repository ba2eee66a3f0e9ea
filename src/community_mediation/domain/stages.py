"""The three axes of a case, as tables: where it stands, what may happen there, and where that leads.

The diagrams in the documentation are made from these tables. Regions map their own
stage labels onto the stages; the stages themselves are the same everywhere.
"""

import enum
from collections.abc import Mapping
from typing import Final

from community_mediation.domain.frozen import frozen
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
    JOIN = "join"
    CHANGE_PARTY = "change_party"
    LEAVE = "leave"
    RELEASE = "release"
    EXTEND_ATTEMPT = "extend_attempt"
    PAUSE_ATTEMPT = "pause_attempt"
    RESUME_ATTEMPT = "resume_attempt"
    DRAFT = "draft"
    ADOPT = "adopt"
    VARY = "vary"
    REPUDIATE = "repudiate"
    CONFIRM = "confirm"
    EXECUTE = "execute"
    RECORD = "record"
    DESCRIBE = "describe"
    TRANSFER = "transfer"
    NUMBER = "number"
    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"
    AMEND = "amend"

    @property
    def call(self) -> str:
        """How the move is written: the method of ``Case``, with what makes it this move."""
        return _CALLS.get(self.value, self.value)


_CALLS: Final[Mapping[str, str]] = {
    "resolve_on_the_spot": "resolve(on_the_spot=True)",
    "vary": "resolve(replaces=…)",
    "repudiate": "record(LegalStep(kind=LegalStepKind.REPUDIATION))",
    "confirm": "record(LegalStep(kind=LegalStepKind.CONFIRMATION))",
    "execute": "record(LegalStep(kind=LegalStepKind.EXECUTION))",
}


@frozen
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
    Way(Move.JOIN, _ANY, None),
    Way(Move.CHANGE_PARTY, _ANY, None),
    Way(Move.LEAVE, _ANY, None),
    Way(Move.RELEASE, _ANY, None),
    Way(Move.EXTEND_ATTEMPT, frozenset({_M}), None),
    Way(Move.PAUSE_ATTEMPT, frozenset({_M}), None),
    Way(Move.RESUME_ATTEMPT, frozenset({_M}), None),
    Way(Move.DRAFT, frozenset({_M}), None),
    Way(Move.ADOPT, frozenset({_M}), _C),
    Way(Move.VARY, frozenset({_M, _C}), _C),
    Way(Move.REPUDIATE, _ANY, None),
    Way(Move.CONFIRM, _ANY, None),
    Way(Move.EXECUTE, _ANY, None),
    Way(Move.RECORD, _ANY, None),
    Way(Move.DESCRIBE, _ANY, None),
    Way(Move.TRANSFER, _ANY, None),
    Way(Move.NUMBER, _ANY, None),
    Way(Move.MERGE, _ANY, _C),
    Way(Move.SPLIT, _ANY, _C),
    Way(Move.CORRECT, _ANY, None),
    Way(Move.AMEND, _ANY, None),
)
"""The process axis. An agreement that leaves the rest open (``concludes=False``) stays in mediation; varying one
after the end leaves the ending as it was."""

FILE: Final[tuple[Way, ...]] = (
    Way(Move.CLOSE, frozenset({FileStage.OPEN}), FileStage.CLOSED),
    Way(Move.REOPEN, frozenset(FileStage), FileStage.OPEN),
)
"""The file axis: closing needs a conclusion, but neither compliance nor a visit; reopening opens the file too."""

KEPT_OR_NOT: Final = frozenset(
    {
        ResolutionStage.EFFECTIVE,
        ResolutionStage.COMPLIED,
        ResolutionStage.PARTLY,
        ResolutionStage.BREACHED,
        ResolutionStage.CONFIRMED,
    }
)
"""The stages of a resolution that binds: it can be kept or broken."""

RESOLUTION: Final[tuple[Way, ...]] = (
    Way(Move.ADOPT, frozenset({ResolutionStage.DRAFTED}), ResolutionStage.EFFECTIVE),
    Way(Move.RECORD_COMPLIANCE, KEPT_OR_NOT, None),
    Way(Move.VARY, KEPT_OR_NOT | {ResolutionStage.REPUDIATED}, ResolutionStage.VARIED),
    Way(Move.REPUDIATE, KEPT_OR_NOT, ResolutionStage.REPUDIATED),
    Way(Move.CONFIRM, KEPT_OR_NOT | {ResolutionStage.REPUDIATED}, ResolutionStage.CONFIRMED),
    Way(Move.EXECUTE, KEPT_OR_NOT, ResolutionStage.EXECUTED),
)
"""The resolution axis. After looking whether it is kept, the stage is what was found (complied, partly, breached, or
still effective); only a confirmation that was granted confirms, and only an execution that is done executes."""

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


# Every move asks for its rows on three axes.
_ROWS: Final = {id(axis): {way.move: way for way in axis} for axis in (PROCESS, FILE, RESOLUTION)}


def ways(axis: tuple[Way, ...], move: Move) -> Way | None:
    """The row of *move* on an axis, or ``None`` if the axis does not know it."""
    return _ROWS[id(axis)].get(move)


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
