"""What is forbidden everywhere: moves that the tables do not allow, and references to what does not exist.

Little is. Whatever differs between places is a rule of the centre's region, not of this module.
"""

from collections.abc import Iterable
from typing import Final

from community_mediation.domain import events as ev
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.events import (
    AttemptBegun,
    ComplianceRecorded,
    ConcludedWithoutAgreement,
    Drafted,
    FollowedUp,
    MediatorAssigned,
    Recorded,
    Registered,
    Reported,
    Resolved,
    SessionHeld,
    Withdrawn,
)
from community_mediation.domain.fairness import Refuse, check_conflicts, unconsented
from community_mediation.domain.legal import LegalStep, LegalStepKind, Referral, ReferralAnswer, ReferralReturn
from community_mediation.domain.matter import Event, State
from community_mediation.domain.papers import Signature
from community_mediation.domain.references import check_references, check_unique, ids_of, known, new
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
    ev.Accepted: Move.ACCEPT,
    ev.Declined: Move.DECLINE,
    ev.AttemptBegun: Move.BEGIN_ATTEMPT,
    ev.AttemptExtended: Move.EXTEND_ATTEMPT,
    ev.AttemptPaused: Move.PAUSE_ATTEMPT,
    ev.AttemptResumed: Move.RESUME_ATTEMPT,
    ev.AttemptEnded: Move.END_ATTEMPT,
    ev.MediatorAssigned: Move.ASSIGN,
    ev.MediatorReleased: Move.RELEASE,
    ev.PartyJoined: Move.JOIN,
    ev.PartyChanged: Move.CHANGE_PARTY,
    ev.PartyLeft: Move.LEAVE,
    ev.SessionHeld: Move.HOLD_SESSION,
    ev.Drafted: Move.DRAFT,
    ev.Adopted: Move.ADOPT,
    ev.Resolved: Move.RESOLVE,
    ev.ConcludedWithoutAgreement: Move.CONCLUDE_WITHOUT_AGREEMENT,
    ev.Withdrawn: Move.WITHDRAW,
    ev.ComplianceRecorded: Move.RECORD_COMPLIANCE,
    ev.FollowedUp: Move.FOLLOW_UP,
    ev.Recorded: Move.RECORD,
    ev.DisputeDescribed: Move.DESCRIBE,
    ev.Transferred: Move.TRANSFER,
    ev.Numbered: Move.NUMBER,
    ev.Merged: Move.MERGE,
    ev.Split: Move.SPLIT,
    ev.Closed: Move.CLOSE,
    ev.Reopened: Move.REOPEN,
    ev.Corrected: Move.CORRECT,
    ev.Amended: Move.AMEND,
}
"""Which move records which event."""


_IN_LAW: Final = {
    LegalStepKind.REPUDIATION: Move.REPUDIATE,
    LegalStepKind.CONFIRMATION: Move.CONFIRM,
    LegalStepKind.EXECUTION: Move.EXECUTE,
}
_WHILE_IT_RUNS: Final = frozenset({Move.END_ATTEMPT, Move.EXTEND_ATTEMPT, Move.PAUSE_ATTEMPT, Move.RESUME_ATTEMPT})
_OF_SOMEONE: Final = {
    Move.CHANGE_PARTY: "the case has no parties",
    Move.LEAVE: "no party is there that could leave",
    Move.RELEASE: "no mediator is at work",
}
_WITH_CONSENT: Final = frozenset({Move.HOLD_SESSION, Move.DRAFT, Move.ADOPT})
_NOT_ONCE_GONE: Final = frozenset({Move.REOPEN, Move.MERGE, Move.SPLIT, Move.VARY})


def move_of(event: Event) -> Move | None:
    """The move that records an event; ``None`` for a birth."""
    if isinstance(event, Resolved) and event.on_the_spot:
        return Move.RESOLVE_ON_THE_SPOT
    if isinstance(event, Resolved) and event.replaces is not None:
        return Move.VARY
    if isinstance(event, Recorded) and isinstance(event.item, LegalStep) and event.item.resolution is not None:
        return _IN_LAW.get(event.item.kind, Move.RECORD)
    return MOVES.get(type(event))


def moves_in(state: State) -> tuple[Move, ...]:
    """The moves that a case in this state can make."""
    stages = frozenset(resolution.stage for resolution in state["resolutions"])
    running = [attempt for attempt in state["attempts"] if not attempt.ended.is_reached]
    never = {Move.BEGIN_ATTEMPT} if running else set(_WHILE_IT_RUNS)
    never.add(Move.PAUSE_ATTEMPT if any(attempt.is_paused for attempt in running) else Move.RESUME_ATTEMPT)
    if state["origin"] is not Origin.REGISTERED:
        never.add(Move.AMEND)
    if state["superseded_by"]:
        never |= _NOT_ONCE_GONE
    if not state["parties"]:
        never.add(Move.CHANGE_PARTY)
    if not any(party.is_present for party in state["parties"]):
        never.add(Move.LEAVE)
    if all(assignment.until.is_reached for assignment in state["assignments"]):
        never.add(Move.RELEASE)
    if unconsented(state):
        never |= _WITH_CONSENT
    return tuple(each for each in possible(state["process"], state["file"], stages) if each not in never)


def guard(event: Event, state: State) -> None:
    """Refuse an event that cannot follow *state*.

    Raises:
        IllegalMove: The tables do not allow it at this stage.
        InvalidValue: It names a party, issue, attempt, resolution or item that the case does not have.
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
    if state["superseded_by"] and move in _NOT_ONCE_GONE:
        raise refuse(process, "the case goes on elsewhere; take that back with a correction first")
    running = [attempt for attempt in state["attempts"] if not attempt.ended.is_reached]
    if move in _WHILE_IT_RUNS:
        if not running:
            raise refuse(process, "no attempt is running")
        if move in (Move.PAUSE_ATTEMPT, Move.RESUME_ATTEMPT) and running[-1].is_paused == (move is Move.PAUSE_ATTEMPT):
            raise refuse(process, "its clock stands still already" if running[-1].is_paused else "it is not paused")
    if move in _OF_SOMEONE and move not in moves_in(state):
        raise refuse(process, _OF_SOMEONE[move])
    if on_resolution is not None and (about := _resolution_of(event)) is not None:
        if not state["resolutions"]:
            raise refuse(process, "there is no agreement or award")
        known(about, ids_of("resolution", state), _PATHS.get(type(event), "resolution"))
        stage = next(each.stage for each in state["resolutions"] if each.id == about)
        if stage not in on_resolution.sources:
            raise refuse(f"{process}, resolution {stage}")
    _check_event(event, state, refuse)
    check_references(event, state)
    check_conflicts(event, state, refuse)


_PATHS: Final[dict[type[Event], str]] = {Resolved: "replaces", Recorded: "item.resolution"}
"""Where an event names the resolution that it is about."""


def _resolution_of(event: Event) -> str | None:
    if isinstance(event, Resolved):
        return event.replaces
    if isinstance(event, Recorded):
        return event.item.resolution if isinstance(event.item, LegalStep) else None
    return getattr(event, "resolution", None)


def _check_event(event: Event, state: State, refuse: Refuse) -> None:
    process: Process = state["process"]
    match event:
        case AttemptBegun():
            if any(not attempt.ended.is_reached for attempt in state["attempts"]):
                raise refuse(process, "an attempt is running; end it first")
            new(event.attempt, ids_of("attempt", state), "attempt")
        case MediatorAssigned():
            new(event.assignment, ids_of("assignment", state), "assignment")
            if event.attempt is not None:
                known(event.attempt, ids_of("attempt", state), "attempt")
        case ev.AttemptExtended():
            due = next((each.due for each in state["attempts"] if not each.ended.is_reached), None)
            if due is not None and event.until < due:
                raise InvalidValue(
                    "an extension that ends before the time that there is",
                    path="$.until",
                    remedy="Give a later time, or correct the one before.",
                )
        case ev.MediatorReleased():
            known(event.assignment, ids_of("assignment", state), "assignment")
            if any(each.id == event.assignment and each.until.is_reached for each in state["assignments"]):
                raise refuse(process, "that work has ended already")
        case ev.PartyJoined():
            new(event.party.id, [*ids_of("party", state), *ids_of("item", state)], "party.id")
            if event.succeeds is not None:
                known(event.succeeds, ids_of("party", state), "succeeds")
                orphaned = [each.id for each in state["parties"] if not each.is_present and each.successor is None]
                known(event.succeeds, orphaned, "succeeds", "that party has not left, or has a successor")
        case ev.PartyChanged():
            known(event.party.id, ids_of("party", state), "party.id")
        case ev.PartyLeft():
            known(event.party, ids_of("party", state), "party")
            known(event.party, ids_of("present", state), "party", "that party has left the case already")
            if event.successor is not None:
                others = [each for each in ids_of("present", state) if each != event.party]
                known(event.successor, others, "successor")
        case SessionHeld():
            new(event.session, ids_of("session", state), "session")
            known(event.attended, ids_of("party", state), "attended")
            known(event.helpers, ids_of("helper", state), "helpers")
        case Resolved() | Drafted():
            new(event.resolution, ids_of("resolution", state), "resolution")
            known(event.parties, ids_of("party", state), "parties")
            known(event.parties, ids_of("present", state), "parties", "nobody signs who has left the case")
            known(event.issues, ids_of("issue", state), "issues")
            check_unique((each.id for each in event.clauses), "clauses", ids_of("term", state))
            if isinstance(event, Resolved) and event.on_the_spot and event.replaces is not None:
                raise InvalidValue(
                    "an agreement on the spot that replaces another",
                    path="$.replaces",
                    remedy="What is replaced was agreed before: leave out on_the_spot.",
                )
        case ev.Adopted():
            (draft,) = (each for each in state["resolutions"] if each.id == event.resolution)
            known(draft.parties, ids_of("present", state), "parties", "nobody signs who has left the case")
        case ConcludedWithoutAgreement():
            if event.conclusion not in ENDINGS[process]:
                endings = ", ".join(sorted(ENDINGS[process]))
                raise refuse(process, f"a case cannot end as {event.conclusion!r} by this move here, but as {endings}")
        case Withdrawn() if event.party is not None:
            known(event.party, ids_of("party", state), "party")
        case FollowedUp():
            new(event.follow_up, ids_of("follow_up", state), "follow_up")
            named = tuple(each.party for each in event.satisfaction if each.party is not None)
            known(named, ids_of("party", state), "satisfaction")
        case ComplianceRecorded() if event.term is not None:
            (about,) = (each for each in state["resolutions"] if each.id == event.resolution)
            known(event.term, (each.id for each in about.clauses), "term")
        case ev.DisputeDescribed():
            check_dispute(event.dispute, ids_of("party", state))
        case ev.Numbered() if event.reference is None and event.external is None:
            raise InvalidValue(
                "no number at all", path="$.reference", remedy="Give a reference, an external id or both."
            )
        case Recorded():
            _check_item(event, state, refuse)


def _check_item(event: Recorded, state: State, refuse: Refuse) -> None:
    item = event.item
    if item.id is None:
        raise InvalidValue("an item without an id", path="$.item.id", remedy="Record it with Case.record.")
    new(item.id, [*ids_of("party", state), *ids_of("item", state)], "item.id")
    match item:
        case Signature() if item.party is not None:
            known(item.party, ids_of("party", state), "item.party")
            known(item.party, ids_of("present", state), "item.party", "nobody signs who has left the case")
        case LegalStep():
            check_legal_step(item)
        case ReferralAnswer() | ReferralReturn():
            check_referral(item, state, refuse)


def check_referral(item: ReferralAnswer | ReferralReturn, state: State, refuse: Refuse) -> None:
    """Refuse an answer after the answer, a result after the result, and the result of what was not accepted.

    Raises:
        IllegalMove: As said.
    """
    for referral in state["items"]:
        if not isinstance(referral, Referral) or referral.id != item.referral:
            continue
        twice = referral.answered if isinstance(item, ReferralAnswer) else referral.returned
        if twice.is_reached:
            raise refuse(state["process"], "that was recorded already; correct it if it was wrong")
        if isinstance(item, ReferralReturn) and referral.accepted is False:
            raise refuse(state["process"], "the referral was not accepted, so nothing can be returned")


def check_legal_step(step: LegalStep) -> None:
    """Refuse a legal step that does not say what its kind needs.

    Raises:
        InvalidValue: A repudiation, confirmation or execution of nothing; a detail of another kind.
    """
    of_consent = step.kind is LegalStepKind.REPUDIATION and step.consent is not None
    if step.kind in _IN_LAW and step.resolution is None and not of_consent:
        raise InvalidValue(
            f"a {step.kind} that does not say of what", path="$.item.resolution", remedy="Name the resolution."
        )
    for detail, kind, needed in (
        ("confirmation", LegalStepKind.CONFIRMATION, True),
        ("ruling", LegalStepKind.RULING, False),
        ("execution", LegalStepKind.EXECUTION, True),
    ):
        given = getattr(step, detail) is not None
        if given and step.kind is not kind:
            raise InvalidValue(f"a {step.kind} has no {detail}", path=f"$.item.{detail}")
        if needed and not given and step.kind is kind:
            raise InvalidValue(f"a {step.kind} that does not say how far it came", path=f"$.item.{detail}")


def check_dispute(dispute: Dispute, parties: Iterable[str]) -> None:
    """Refuse a dispute whose issues or claims share an id, or whose claims are of nobody in the case.

    Raises:
        InvalidValue: As said.
    """
    check_unique((issue.id for issue in dispute.issues), "dispute.issues")
    check_unique((claim.id for claim in dispute.claims), "dispute.claims")
    there = list(parties)
    for index, claim in enumerate(dispute.claims):
        if claim.party is not None:
            known(claim.party, there, f"dispute.claims[{index}].party")


def check_birth(event: Reported | Registered) -> None:
    """Refuse a birth whose parties, issues or claims share an id, or name someone who is not there.

    Raises:
        InvalidValue: As said.
    """
    about = event if isinstance(event, Reported) else event.snapshot
    parties = [party.id for party in about.parties]
    check_unique(parties, "parties")
    check_dispute(about.dispute, parties)
    for index, party in enumerate(about.parties):
        known(party.represents, parties, f"parties[{index}].represents")
