"""What a case may do, and when: the tables, tried row by row and by a machine that also breaks the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Issue
from community_mediation.domain.history import in_force
from community_mediation.domain.legal import Execution, LegalStep, LegalStepKind
from community_mediation.domain.matter import Event
from community_mediation.domain.papers import Exhibit
from community_mediation.domain.people import Party, Role
from community_mediation.domain.record import Created
from community_mediation.domain.resolution import (
    Compliance,
    Conclusion,
    Confirmation,
    ResolutionKind,
    ResolutionStage,
)
from community_mediation.domain.rules import BIRTHS, MOVES
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import (
    ENDINGS,
    FILE,
    PROCESS,
    RESOLUTION,
    FileStage,
    Move,
    Process,
    possible,
)
from community_mediation.domain.values import Code, Milestone, Money, When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import BY

DAY = dt.timedelta(days=1)
T0 = dt.datetime(2022, 5, 14, 1, 0, tzinfo=dt.UTC)
DISPUTE = Dispute(type=Code("local", "neighbour"), issues=(Issue(id="i1"), Issue(id="i2")))
PARTIES = (Party(id="p1", side="A", role=Role.APPLICANT), Party(id="p2", side="B", role=Role.RESPONDENT))


def at(days: float = 0) -> When:
    return When.at(T0 + days * DAY)


def told(days: float = 0) -> dict[str, Any]:
    return {"at": at(days), "by": BY}


def reported() -> Case:
    return Case.report(id="case-1", centre="c1", dispute=DISPUTE, parties=PARTIES, **told())


def accepted() -> Case:
    return reported().accept(**told(1))


def in_mediation() -> Case:
    return accepted().begin_attempt(kind=AttemptKind.PEOPLE, **told(2))


def settled() -> Case:
    return in_mediation().resolve(**told(3))


STAGES: dict[Process, Callable[[], Case]] = {
    Process.REPORTED: reported,
    Process.ACCEPTED: accepted,
    Process.IN_MEDIATION: in_mediation,
    Process.CONCLUDED: settled,
}


def sensible(case: Case, move: Move, when: When) -> Case:
    """The move with arguments that are in order, so that only the stage can refuse it."""
    one: dict[str, Any] = {"at": when, "by": BY}
    birth = in_force(case.events)[0][1]
    there = [party.id for party in case.parties if party.is_present]
    known = next((party for party in case.parties), Party(id="p1", side="A"))
    at_work = [each.id for each in case.assignments if not each.until.is_reached]
    # With a conflict of interest to which not every party consented, people may still settle on their own.
    kind = ResolutionKind.PRIVATE_SETTLEMENT if Move.DRAFT not in case.possible else ResolutionKind.AGREEMENT

    def of(move: Move) -> str:
        sources = next(way.sources for way in RESOLUTION if way.move is move)
        fitting = [each.id for each in case.resolutions if each.stage in sources]
        return [*fitting, *(each.id for each in case.resolutions), "none"][0]

    calls: dict[Move, Callable[[], Case]] = {
        Move.ACCEPT: lambda: case.accept(**one),
        Move.DECLINE: lambda: case.decline(**one),
        Move.BEGIN_ATTEMPT: lambda: case.begin_attempt(kind=AttemptKind.PEOPLE, **one),
        Move.END_ATTEMPT: lambda: case.end_attempt(**one),
        Move.ASSIGN: lambda: case.assign(mediator="m1", **one),
        Move.HOLD_SESSION: lambda: case.hold_session(**one),
        Move.RESOLVE: lambda: case.resolve(kind=kind, **one),
        Move.RESOLVE_ON_THE_SPOT: lambda: case.resolve(on_the_spot=True, kind=kind, **one),
        Move.CONCLUDE_WITHOUT_AGREEMENT: lambda: case.conclude_without_agreement(conclusion=Conclusion.LAPSED, **one),
        Move.WITHDRAW: lambda: case.withdraw(**one),
        Move.RECORD_COMPLIANCE: lambda: case.record_compliance(
            compliance=Compliance.KEPT, resolution=of(Move.RECORD_COMPLIANCE), **one
        ),
        Move.FOLLOW_UP: lambda: case.follow_up(**one),
        Move.CLOSE: lambda: case.close(**one),
        Move.REOPEN: lambda: case.reopen(**one),
        Move.CORRECT: lambda: case.correct(1, birth, **one),
        Move.JOIN: lambda: case.join(Party(id="p9", side="C"), **one),
        Move.CHANGE_PARTY: lambda: case.change_party(attrs.evolve(known, name="孙某"), **one),
        Move.LEAVE: lambda: case.leave(there[0] if there else known.id, **one),
        Move.RELEASE: lambda: case.release(at_work[0] if at_work else "none", **one),
        Move.EXTEND_ATTEMPT: lambda: case.extend_attempt(until=when, **one),
        Move.PAUSE_ATTEMPT: lambda: case.pause_attempt(**one),
        Move.RESUME_ATTEMPT: lambda: case.resume_attempt(**one),
        Move.DRAFT: lambda: case.draft(**one),
        Move.ADOPT: lambda: case.adopt(of(Move.ADOPT), **one),
        Move.VARY: lambda: case.resolve(replaces=of(Move.VARY), kind=kind, **one),
        Move.REPUDIATE: lambda: case.record(repudiation(of(Move.REPUDIATE)), **one),
        Move.CONFIRM: lambda: case.record(confirmation(of(Move.CONFIRM)), **one),
        Move.EXECUTE: lambda: case.record(execution(of(Move.EXECUTE)), **one),
        Move.RECORD: lambda: case.record(Exhibit(kind="photo"), **one),
        Move.DESCRIBE: lambda: case.describe(DISPUTE, **one),
        Move.TRANSFER: lambda: case.transfer("c2", **one),
        Move.NUMBER: lambda: case.number(reference="LP-2026-0042", **one),
        Move.MERGE: lambda: case.merge(into="case-other", **one),
        Move.SPLIT: lambda: case.split(into=["case-x", "case-y"], **one),
        Move.AMEND: lambda: case.amend(snapshot=Snapshot(dispute=DISPUTE), fields=(), **one),
    }
    return calls[move]()


def repudiation(resolution: str) -> LegalStep:
    return LegalStep(kind=LegalStepKind.REPUDIATION, resolution=resolution)


def confirmation(resolution: str) -> LegalStep:
    return LegalStep(kind=LegalStepKind.CONFIRMATION, resolution=resolution, confirmation=Confirmation.CONFIRMED)


def execution(resolution: str) -> LegalStep:
    return LegalStep(kind=LegalStepKind.EXECUTION, resolution=resolution, execution=Execution.DONE)


# ---------------------------------------------------------------- the tables

WAYS = [(way, source) for way in PROCESS for source in Process]


@pytest.mark.parametrize(("way", "source"), WAYS, ids=lambda each: getattr(each, "move", each))
def test_each_row_of_the_process_axis_leads_where_it_says_and_from_nowhere_else(way: Any, source: Process) -> None:
    """A move of the table succeeds from each of its stages, ends in its target, and is refused from all others."""
    case = STAGES[source]()
    if way.move is Move.AMEND:
        # Only what came from a register can be amended; a bare registration has each stage but mediation at hand.
        case = registered(source)
    if way.move is Move.BEGIN_ATTEMPT and source is Process.IN_MEDIATION:
        case = case.end_attempt(**told(3))
    if way.move is Move.RESUME_ATTEMPT and source is Process.IN_MEDIATION:
        case = case.pause_attempt(**told(3))
    if way.move is Move.RELEASE:
        case = ASSIGNED[source]()
    if way.move is Move.ADOPT and source is Process.IN_MEDIATION:
        case = case.draft(**told(3))
    if way.move in OF_AGREEMENTS and not case.resolutions and source in way.sources:
        assert way.move not in case.possible
        case = registered_with_agreement(source)
    assert case.process is source
    if source in way.sources:
        after = sensible(case, way.move, at(30))
        if way.move is Move.VARY:
            assert (after.process, after.conclusion) == (Process.CONCLUDED, case.conclusion or Conclusion.SETTLED)
        assert after.process is (source if way.target is None else way.target)
        assert way.move in case.possible
    else:
        with pytest.raises(IllegalMove) as caught:
            sensible(case, way.move, at(30))
        assert (caught.value.stage, caught.value.move) == (source.value, way.move.value)
        assert set(caught.value.possible) == {each.value for each in case.possible}
        assert way.move not in case.possible


OF_AGREEMENTS = {Move.RECORD_COMPLIANCE, Move.VARY, Move.REPUDIATE, Move.CONFIRM, Move.EXECUTE}
"""Moves that need an agreement to be about."""

ASSIGNED: dict[Process, Callable[[], Case]] = {
    Process.REPORTED: lambda: reported().assign(mediator="m1", **told(0.5)),
    Process.ACCEPTED: lambda: accepted().assign(mediator="m1", **told(1.5)),
    Process.IN_MEDIATION: lambda: in_mediation().assign(mediator="m1", **told(2.5)),
    Process.CONCLUDED: lambda: in_mediation().assign(mediator="m1", **told(2.5)).resolve(**told(3)),
}


def registered(process: Process) -> Case:
    milestones: dict[Process, dict[str, Any]] = {
        Process.REPORTED: {},
        Process.ACCEPTED: {"accepted": Milestone.at(at(1))},
        Process.IN_MEDIATION: {"begun": Milestone.at(at(1))},
        Process.CONCLUDED: {"concluded": Milestone.at(at(1)), "conclusion": Conclusion.LAPSED},
    }
    return Case.register(id="case-2", centre="c1", snapshot=Snapshot(dispute=DISPUTE, **milestones[process]), **told())


def registered_with_agreement(process: Process) -> Case:
    case = registered(process)
    return case.amend(snapshot=Snapshot(dispute=DISPUTE, agreed=Milestone.at(at(2))), fields=("agreed",), **told(3))


@pytest.mark.parametrize("way", FILE, ids=lambda way: way.move)
@pytest.mark.parametrize("stage", FileStage)
def test_each_row_of_the_file_axis_leads_where_it_says_and_from_nowhere_else(way: Any, stage: FileStage) -> None:
    case = settled() if stage is FileStage.OPEN else settled().close(**told(4))
    assert case.file is stage
    if stage in way.sources:
        assert sensible(case, way.move, at(5)).file is way.target
    else:
        with pytest.raises(IllegalMove, match=f"file {stage}"):
            sensible(case, way.move, at(5))
        assert way.move not in case.possible


def test_no_row_of_a_table_is_left_untried() -> None:
    """What the tests above try is what the tables say, and every event that is not a birth has its move."""
    assert {way.move for way in PROCESS} == set(Move)
    assert {way.move for way in FILE} <= set(Move) and {way.move for way in RESOLUTION} <= set(Move)
    for axis in (PROCESS, FILE, RESOLUTION):
        assert len({way.move for way in axis}) == len(axis)
    events = {each for each in vars(ev).values() if isinstance(each, type) and issubclass(each, Event)} - {Event}
    assert {*MOVES, *BIRTHS} == events
    told_by_their_contents = {Move.RESOLVE_ON_THE_SPOT, Move.VARY, Move.REPUDIATE, Move.CONFIRM, Move.EXECUTE}
    assert set(MOVES.values()) | told_by_their_contents == set(Move)


@pytest.mark.parametrize("process", [Process.REPORTED, Process.ACCEPTED, Process.IN_MEDIATION])
@pytest.mark.parametrize("conclusion", Conclusion)
def test_a_case_ends_without_agreement_as_its_stage_allows(process: Process, conclusion: Conclusion) -> None:
    case = STAGES[process]()
    if conclusion in ENDINGS[process]:
        assert case.conclude_without_agreement(conclusion=conclusion, **told(9)).conclusion is conclusion
    else:
        with pytest.raises(IllegalMove, match="cannot end as") as caught:
            case.conclude_without_agreement(conclusion=conclusion, **told(9))
        assert set(caught.value.possible) == set(case.possible) - {Move.CONCLUDE_WITHOUT_AGREEMENT}


def test_what_is_possible_follows_the_tables() -> None:
    everything = frozenset(ResolutionStage)
    for process in Process:
        for file in FileStage:
            moves = possible(process, file, everything)
            assert [each.move for each in PROCESS if each.move in moves] == list(moves)
            assert (Move.CLOSE in moves) is (process is Process.CONCLUDED and file is FileStage.OPEN)
            assert Move.RECORD_COMPLIANCE not in possible(process, file, frozenset())


# ---------------------------------------------------------------- references and arguments


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda case: case.hold_session(attended=["p1", "nobody"], **told(4)), "$.attended[1]"),
        (lambda case: case.resolve(parties=["nobody"], **told(4)), "$.parties[0]"),
        (lambda case: case.resolve(issues=["i1", "i9"], **told(4)), "$.issues[1]"),
        (lambda case: case.withdraw(party="nobody", **told(4)), "$.party"),
        (lambda case: case.assign(mediator="m1", attempt="nothing", **told(4)), "$.attempt"),
        (
            lambda case: case.record_compliance(resolution="none", compliance=Compliance.KEPT, **told(4)),
            "$.resolution",
        ),
        (lambda case: case.hold_session(id="s1", **told(4)).hold_session(id="s1", **told(5)), "$.session"),
        (
            lambda case: case.assign(id="x", mediator="m", **told(4)).assign(id="x", mediator="m", **told(4)),
            "$.assignment",
        ),
        (lambda case: case.hold_session(id="", **told(4)), "$.session"),
        (lambda case: case.hold_session(id=0, **told(4)), "$.session"),
        (lambda case: case.hold_session(attended="p1", **told(4)), "$.attended"),
        (lambda case: case.hold_session(attended=None, **told(4)), "$.attended"),
        (lambda case: case.hold_session(agencies=b"ab", **told(4)), "$.agencies"),
        (lambda case: case.resolve(parties=5, **told(4)), "$.parties"),
        (lambda case: case.resolve(amount=Decimal(5), **told(4)), "$.amount"),
        (lambda case: case.resolve(concludes=1, **told(4)), "$.concludes"),
        (lambda case: case.accept(at=T0, by=BY), "$.at"),
        (lambda case: case.accept(at=None, by=BY), "$.at"),
        (lambda case: case.accept(at=at(4), by=None), "$.by"),
    ],
)
def test_a_reference_that_leads_nowhere_or_a_wrong_type_is_refused_by_its_path(
    call: Callable[[Case], Case], path: str
) -> None:
    case = in_mediation().resolve(concludes=False, id="r1", **told(3))
    before = attrs.asdict(case, recurse=False)
    with pytest.raises(InvalidValue) as caught:
        call(case)
    assert caught.value.path == path
    assert attrs.asdict(case, recurse=False) == before


def test_one_text_is_not_taken_for_its_characters() -> None:
    """Two parties called a and b do not both attend because someone wrote ``attended="ab"``."""
    parties = (Party(id="a", side="A"), Party(id="b", side="B"))
    case = Case.report(id="x", centre="c1", dispute=DISPUTE, parties=parties, **told())
    case = case.accept(**told()).begin_attempt(kind=AttemptKind.PEOPLE, **told())
    with pytest.raises(InvalidValue, match="where several belong"):
        case.hold_session(attended="ab", **told(1))
    assert case.hold_session(attended=iter("ab"), **told(1)).sessions[0].attended == ("a", "b")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": None}, "$.id"),
        ({"id": "two words"}, "$.id"),
        ({"id": "case/p1"}, "$.id"),
        ({"centre": ""}, "$.centre"),
        ({"parties": None}, "$.parties"),
        ({"parties": "p1"}, "$.parties"),
        ({"parties": ("p1",)}, "$.parties[0]"),
        ({"parties": (PARTIES[0], PARTIES[0])}, "$.parties"),
        ({"dispute": attrs.evolve(DISPUTE, issues=(Issue(id="i"), Issue(id="i")))}, "$.dispute.issues"),
        ({"dispute": None}, "$.dispute"),
        ({"intake": 0}, "$.intake"),
        ({"intake": ""}, "$.intake"),
        ({"reference": ""}, "$.reference"),
    ],
)
def test_a_birth_that_is_not_in_order_is_refused_by_its_path(change: dict[str, Any], path: str) -> None:
    good: dict[str, Any] = {"id": "x", "centre": "c1", "dispute": DISPUTE, **told()}
    Case.report(**good)
    with pytest.raises(InvalidValue) as caught:
        Case.report(**{**good, **change})
    assert caught.value.path == path


def test_ids_that_are_left_out_avoid_those_that_were_given() -> None:
    case = in_mediation().hold_session(id="session-5", **told(3))
    case = case.hold_session(**told(4))
    assert [each.id for each in case.sessions] == ["session-5", "session-6"]


def test_a_correction_puts_only_an_event_of_a_case_in_its_place() -> None:
    wrongs: tuple[Any, ...] = (Event(**told(1)), attrs.evolve, "accepted")
    for wrong in wrongs:
        with pytest.raises(InvalidValue) as caught:
            accepted().correct(2, wrong, **told(2))
        assert caught.value.path == "$.replacement"
    from community_mediation.domain.people import PersonDetails

    with pytest.raises(InvalidValue, match="no event of a case"):
        accepted().correct(2, Created(details=PersonDetails(), **told(1)), **told(2))


# ---------------------------------------------------------------- the past


def test_a_look_at_the_past_cannot_move() -> None:
    past = settled().valid_at(at(2.5))
    assert past is not None and past.as_of == T0 + 2.5 * DAY and past.possible == ()
    for move in set(Move) - {Move.AMEND}:
        with pytest.raises(IllegalMove, match="look at the past"):
            sensible(past, move, at(9))
    old = registered(Process.CONCLUDED).valid_at(at(9))
    assert old is not None
    with pytest.raises(IllegalMove, match="look at the past"):
        sensible(old, Move.AMEND, at(9))


def test_money_in_a_resolution_is_kept_exactly() -> None:
    amount = Money(Decimal("1200.50"), "CNY")
    assert in_mediation().resolve(amount=amount, **told(3)).resolutions[0].amount == amount
