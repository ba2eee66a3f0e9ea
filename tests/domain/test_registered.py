"""Cases from other registers: what is known, and no invented steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.attempt import AttemptKind, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.events import Registered
from community_mediation.domain.history import in_force
from community_mediation.domain.people import Party
from community_mediation.domain.resolution import Compliance, Conclusion, ResolutionStage
from community_mediation.domain.snapshot import DESCRIPTION, RegisterStatus, Snapshot
from community_mediation.domain.stages import FileStage, Origin, Process
from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Milestone, Reach, When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import BY, snapshots, tried
from tests.domain.test_moves import DISPUTE, PARTIES, T0, at, reported, told
from tests.domain.test_time import state_of

SHANGHAI = "Asia/Shanghai"
MILESTONES = (
    "accepted",
    "agreed_to_mediate",
    "begun",
    "first_session",
    "joint_session",
    "agreed",
    "concluded",
    "closed",
)
# A step that a register does tell may imply one that it does not: a session, that mediation was under way.
IMPLIED_BY = {"begun": ("first_session", "joint_session"), "first_session": ("joint_session",)}
FAR = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def registered(**known: Any) -> Case:
    return Case.register(id="old-1", centre="c1", snapshot=Snapshot(**{"dispute": DISPUTE, **known}), **told())


def on(day: int) -> Milestone:
    return Milestone.at(When.on(dt.date(2022, 5, day), SHANGHAI))


@given(snapshots())
def test_no_step_is_invented(snapshot: Snapshot) -> None:
    """Unknown stays unknown, not reached stays not reached, and what was reached keeps its time."""
    case = registered(**{field.name: getattr(snapshot, field.name) for field in attrs.fields(Snapshot)})
    assert case.origin is Origin.REGISTERED and case.events == case.pending and len(case.events) == 1
    for name in MILESTONES:
        known, now = getattr(snapshot, name), getattr(case, name)
        implied = [each for each in IMPLIED_BY.get(name, ()) if getattr(snapshot, each).is_reached]
        separate = name == "joint_session" and snapshot.session_format is SessionFormat.JOINT
        if not implied and not separate:
            assert now == known, name
        elif known.is_reached:
            assert now.is_reached, name
    assert len(case.sessions) <= snapshot.first_session.is_reached + snapshot.joint_session.is_reached
    assert case.sessions_held == snapshot.sessions
    assert len(case.resolutions) == snapshot.agreed.is_reached
    assert len(case.attempts) <= 1 and bool(case.follow_ups) is (snapshot.follow_up is not None)
    assert (case.conclusion is None) is (not snapshot.concluded.is_reached)
    assert len(case.assignments) == len(snapshot.mediators)


@given(snapshots(), st.integers(-300, 900))
def test_at_no_moment_is_more_known_than_the_register_says(snapshot: Snapshot, days: int) -> None:
    case = registered(**{field.name: getattr(snapshot, field.name) for field in attrs.fields(Snapshot)})
    past = case.valid_at(T0 + dt.timedelta(days=days))
    if days < 0:
        assert past is None
        return
    assert past is not None
    for name in MILESTONES:
        if getattr(snapshot, name).state is Reach.UNKNOWN and name not in IMPLIED_BY and name != "joint_session":
            assert getattr(past, name) == UNKNOWN
        if getattr(past, name).is_reached:
            assert getattr(case, name).is_reached


def test_a_bare_row_is_a_case_of_which_nothing_more_is_known() -> None:
    case = registered()
    assert {getattr(case, name) for name in MILESTONES} == {UNKNOWN}
    assert (case.process, case.file, case.agreement, case.conclusion) == (
        Process.REPORTED,
        FileStage.OPEN,
        "unknown",
        None,
    )
    assert (case.sessions_held, case.observed, case.first_concluded) == (None, None, UNKNOWN)


def test_an_open_case_stays_open_and_says_until_when_it_was_watched() -> None:
    until = When.on(dt.date(2022, 12, 31), SHANGHAI)
    case = registered(status=RegisterStatus.OPEN, concluded=NOT_REACHED, agreed=NOT_REACHED, observed=until)
    assert (case.process, case.concluded, case.observed, case.agreement) == (
        Process.REPORTED,
        NOT_REACHED,
        until,
        "open",
    )


def test_a_conclusion_without_a_date_is_a_conclusion_at_an_unknown_time() -> None:
    case = registered(conclusion=Conclusion.SETTLED, concluded=Milestone.at(When.unknown()))
    assert (case.process, case.conclusion, case.agreement) == (Process.CONCLUDED, Conclusion.SETTLED, "full")
    assert case.concluded == case.first_concluded == Milestone.at(When.unknown())
    assert case.agreed == UNKNOWN and case.resolutions == ()


def test_a_case_that_ended_nobody_knows_how_is_no_failure() -> None:
    case = registered(concluded=on(20))
    assert (case.conclusion, case.agreement) == (Conclusion.UNKNOWN, "unknown")


def test_a_void_row_is_void_whatever_else_it_says() -> None:
    case = registered(status=RegisterStatus.VOID, concluded=on(20), conclusion=Conclusion.SETTLED)
    assert case.conclusion is Conclusion.VOID


def test_a_whole_life_unfolds_on_its_days() -> None:
    case = registered(
        accepted=on(15), begun=on(16), attempt_kind=AttemptKind.PEOPLE, first_session=on(17), joint_session=on(18),
        agreed=on(19), concluded=on(19), conclusion=Conclusion.SETTLED, complied=on(25), compliance=Compliance.KEPT,
        closed=on(30), mediators=("m1", "m2"),
    )  # fmt: skip
    seen = [
        (past.process.value, past.file.value, len(past.sessions), len(past.resolutions))
        for day in (14, 15, 16, 17, 18, 19, 30)
        if (past := case.valid_at(When.on(dt.date(2022, 5, day), SHANGHAI))) is not None
    ]
    assert seen == [
        ("reported", "open", 0, 0),
        ("accepted", "open", 0, 0),
        ("in_mediation", "open", 0, 0),
        ("in_mediation", "open", 1, 0),
        ("in_mediation", "open", 2, 0),
        ("concluded", "open", 2, 1),
        ("concluded", "closed", 2, 1),
    ]
    assert case.resolutions[0].stage is ResolutionStage.COMPLIED
    assert [each.role.value for each in case.assignments] == ["lead", "member"]


def test_one_meeting_under_two_headings_is_one_session() -> None:
    case = registered(first_session=on(17), joint_session=on(17), session_format=SessionFormat.SEPARATE)
    assert [each.format for each in case.sessions] == [SessionFormat.JOINT]
    assert case.joint_session == case.first_session == on(17)


def test_live_work_goes_on_from_where_the_register_stopped() -> None:
    case = registered(begun=on(16), attempt_kind=AttemptKind.PEOPLE)
    case = case.hold_session(**told(5)).resolve(**told(6))
    assert (case.conclusion, len(case.sessions), case.sessions_held) == (Conclusion.SETTLED, 1, None)


# ---------------------------------------------------------------- amendments


@given(snapshots(), snapshots(), st.sets(st.sampled_from([field.name for field in attrs.fields(Snapshot)])))
def test_an_amendment_changes_the_named_fields_only(old: Snapshot, new: Snapshot, names: set[str]) -> None:
    """The case is as if it had been registered so from the start."""
    case = registered(**{field.name: getattr(old, field.name) for field in attrs.fields(Snapshot)})
    amended = tried(lambda: case.amend(snapshot=new, fields=sorted(names), **told(900)))
    mixed = {field.name: getattr(new if field.name in names else old, field.name) for field in attrs.fields(Snapshot)}
    if isinstance(amended, InvalidValue):
        # Claims of parties whom the other register names no more: such a row is no registration either.
        assert (len(names & {"dispute", "parties"}), amended.path.split("[")[0]) == (1, "$.dispute.claims")
        with pytest.raises(InvalidValue):
            registered(**mixed)
        return
    assert state_of(amended) == state_of(registered(**mixed))
    birth = in_force(amended.events)[0][1]
    assert isinstance(birth, Registered) and birth.snapshot == Snapshot(**mixed)


def test_amendments_follow_each_other_and_the_time_of_the_report_may_move() -> None:
    case = registered(accepted=on(15)).amend(
        snapshot=Snapshot(dispute=DISPUTE, accepted=on(20)), fields=["accepted"], **told(30)
    )
    case = case.amend(snapshot=Snapshot(dispute=DISPUTE), fields=[], reported=at(-5), **told(31))
    assert (case.accepted, case.reported) == (on(20), Milestone.at(at(-5)))
    assert case.valid_at(at(-5.1)) is None and case.valid_at(at(-5)) is not None


def test_what_describes_a_case_are_three_fields() -> None:
    assert DESCRIPTION == {"dispute", "intake", "parties"} <= {field.name for field in attrs.fields(Snapshot)}


def test_a_case_lived_through_here_is_not_amended() -> None:
    with pytest.raises(IllegalMove, match="did not come from another register"):
        reported().amend(snapshot=Snapshot(dispute=DISPUTE), fields=["dispute"], **told(1))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"fields": ["nothing"]}, "$.fields"),
        ({"fields": "dispute"}, "$.fields"),
        ({"fields": None}, "$.fields"),
        ({"fields": [3]}, "$.fields[0]"),
        ({"snapshot": None}, "$.snapshot"),
        ({"reported": "2022"}, "$.reported"),
        ({"fields": ["parties"], "snapshot": Snapshot(dispute=DISPUTE, parties=(PARTIES[0],) * 2)}, "$.parties"),
    ],
)
def test_an_amendment_that_is_not_in_order_is_refused_by_its_path(change: dict[str, Any], path: str) -> None:
    good: dict[str, Any] = {"snapshot": Snapshot(dispute=DISPUTE), "fields": [], **told(1)}
    with pytest.raises(InvalidValue) as caught:
        registered().amend(**{**good, **change})
    assert caught.value.path == path


def test_an_amendment_that_makes_live_work_impossible_is_refused() -> None:
    case = registered(begun=on(16), parties=PARTIES).hold_session(attended=["p1"], **told(5))
    bare = Snapshot(dispute=DISPUTE, parties=(Party(id="p9", side="A"),), begun=NOT_REACHED)
    for fields in (["parties"], ["begun"]):
        with pytest.raises(IllegalMove, match="event 2, recorded before, would become impossible"):
            case.amend(snapshot=bare, fields=fields, **told(6))
    with pytest.raises(IllegalMove, match="event 2"):
        case.amend(snapshot=bare, fields=[], reported=at(5.5), **told(6))
    assert case.amend(snapshot=bare, fields=["mediators"], **told(6)).sessions == case.sessions


@given(snapshots(1.0))
def test_a_full_row_is_registered_without_any_contradiction_being_raised(snapshot: Snapshot) -> None:
    case = Case.register(id="x", centre="c1", snapshot=snapshot, at=When.unknown(), by=BY)
    assert case.valid_at(FAR) is not None
