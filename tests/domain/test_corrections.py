"""Corrected facts: what stands in whose place, and what may no longer be changed."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from community_mediation.domain import events as ev
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.values import Milestone
from community_mediation.errors import IllegalMove, InvalidValue
from tests.domain.test_moves import DISPUTE, PARTIES, accepted, at, in_mediation, reported, settled, told

BIRTH: Any = reported().events[0]


def test_a_corrected_event_stands_in_the_place_of_the_old_one() -> None:
    case = settled().correct(2, ev.Accepted(**told(1.5)), reason="read wrongly", **told(9))
    assert case.accepted == Milestone.at(at(1.5)) and case.process is Process.CONCLUDED
    assert case.events[1].at == at(1), "nothing is edited"
    before, after = case.valid_at(at(1.2)), case.valid_at(at(1.6))
    assert before is not None and before.process is Process.REPORTED
    assert after is not None and after.process is Process.ACCEPTED


def test_an_event_is_struck_and_put_back_and_corrected_again() -> None:
    case = in_mediation().hold_session(id="s1", **told(3))
    struck = case.correct(4, None, **told(5))
    assert struck.sessions == () and struck.sessions_held == 0
    back = struck.correct(4, ev.SessionHeld(session="s1", minutes=30, **told(3)), **told(6))
    again = back.correct(4, ev.SessionHeld(session="s1", minutes=45, **told(4)), **told(7))
    assert [each.minutes for each in again.sessions] == [45]
    assert again.version == 0 and len(again.events) == 7


@pytest.mark.parametrize("number", [0, -1, 3, 10**30, True, 1.0, "1", None])
def test_only_an_event_that_is_there_can_be_corrected(number: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        accepted().correct(number, None, **told(2))
    assert caught.value.path == "$.number"


def test_a_birth_is_not_struck_and_only_a_birth_of_its_kind_takes_its_place() -> None:
    other = ev.Registered(centre="c1", snapshot=Snapshot(dispute=DISPUTE), **told())
    for replacement in (None, ev.Accepted(**told()), other):
        with pytest.raises(InvalidValue) as caught:
            accepted().correct(1, replacement, **told(2))
        assert caught.value.path == "$.replacement"
    with pytest.raises(InvalidValue):
        accepted().correct(2, BIRTH, **told(2))
    moved = accepted().correct(1, attrs.evolve(BIRTH, centre="c2"), **told(2))
    assert (moved.centre, moved.process) == ("c2", Process.ACCEPTED)


def test_a_correction_is_not_corrected_and_is_no_replacement() -> None:
    case = accepted().correct(2, ev.Accepted(**told(1.5)), **told(2))
    with pytest.raises(InvalidValue, match="a correction is not corrected"):
        case.correct(3, None, **told(3))
    with pytest.raises(InvalidValue, match="one event in the place of another"):
        case.correct(2, case.events[2], **told(3))


def test_a_correction_that_makes_a_later_event_impossible_is_refused_and_names_it() -> None:
    with pytest.raises(IllegalMove, match="event 3, recorded before, would become impossible") as caught:
        settled().correct(2, None, **told(9))
    assert caught.value.move == "correct"
    with pytest.raises(IllegalMove, match="event 4"):
        settled().correct(3, None, **told(9))


def test_a_replacement_that_is_impossible_in_its_place_is_refused() -> None:
    with pytest.raises(IllegalMove) as caught:
        settled().correct(2, ev.SessionHeld(session="s", **told(1)), **told(9))
    assert (caught.value.move, caught.value.stage) == ("hold_session", "reported")
    with pytest.raises(InvalidValue, match="before the case was reported"):
        accepted().correct(2, ev.Accepted(**told(-1)), **told(9))


def test_a_birth_corrected_to_a_later_time_leaves_nothing_before_it() -> None:
    with pytest.raises(IllegalMove, match="event 2, recorded before, would become impossible"):
        accepted().correct(1, attrs.evolve(BIRTH, at=at(1.5)), **told(9))
    assert accepted().correct(1, attrs.evolve(BIRTH, at=at(0.5)), **told(9)).reported == Milestone.at(at(0.5))


def test_a_birth_corrected_to_two_parties_of_one_id_is_refused() -> None:
    with pytest.raises(InvalidValue, match="same id"):
        accepted().correct(1, attrs.evolve(BIRTH, parties=(PARTIES[0], PARTIES[0])), **told(2))


def test_a_party_that_later_events_name_cannot_be_corrected_away() -> None:
    case = in_mediation().hold_session(attended=["p2"], **told(3))
    with pytest.raises(IllegalMove, match="event 4"):
        case.correct(1, attrs.evolve(BIRTH, parties=PARTIES[:1]), **told(4))


def test_the_closing_may_be_struck_long_after() -> None:
    case = settled().close(**told(4)).saved().correct(5, None, **told(500))
    assert case.file is FileStage.OPEN and case.closed.when is None
    assert case.version == 5 and len(case.pending) == 1
