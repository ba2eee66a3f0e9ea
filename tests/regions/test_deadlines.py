"""Deadlines: how long they are, how precise, and how a case stands to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.events import Reported
from community_mediation.domain.resolution import Compliance, Conclusion
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.values import NOT_REACHED, Milestone, When
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label, Weight
from community_mediation.regions import (
    TRIGGERS,
    Calendar,
    Counting,
    Deadline,
    DueState,
    Extension,
    Region,
    Trigger,
    Unit,
    each_of,
    happened,
    milestone,
)
from community_mediation.testing import strategies
from tests.regions.samples import BY, HOLIDAYS_2026, SHANGHAI, agreed, at, begun, deadline, on, reported

ROLLS = Counting(rolls=True, source="民事诉讼法 (2023) art. 85")
FIRST_COUNTS = Counting(first_day_counts=True, source="a test")
TO_THE_MINUTE = Counting(to_the_minute=True, source="a test")


def ends(when: When, unit: Unit, limit: int, counting: Counting | None = None, **given: Any) -> str:
    return str(deadline(limit=limit, unit=unit, counting=counting, **given).due(when, HOLIDAYS_2026).ends)


def states(region: Region, case: Case, as_of: When) -> list[str]:
    return [str(due.state) for due in region.deadlines_of(case, as_of)]


def only(*deadlines: Deadline, **given: Any) -> Region:
    return Region(name="x", title=Label("x"), deadlines=deadlines, **given)


# ---------------------------------------------------------------- how long


@pytest.mark.parametrize(
    ("day", "unit", "limit", "last"),
    [
        ("2026-05-14", Unit.DAYS, 10, "2026-05-24"),
        ("2026-01-31", Unit.MONTHS, 1, "2026-02-28"),
        ("2024-01-31", Unit.MONTHS, 1, "2024-02-29"),
        ("2024-02-29", Unit.YEARS, 1, "2025-02-28"),
        ("2026-09-30", Unit.WORKING_DAYS, 2, "2026-10-09"),
        ("2026-10-02", Unit.DAYS, 3, "2026-10-05"),
    ],
)
def test_the_day_on_which_it_begins_does_not_count(day: str, unit: Unit, limit: int, last: str) -> None:
    """Civil Code of the PRC, art. 201-202."""
    assert ends(on(day), unit, limit) == f"{last}[{SHANGHAI}]"


@pytest.mark.parametrize(
    ("day", "unit", "limit", "last"),
    [
        ("2026-05-14", Unit.DAYS, 10, "2026-05-23"),
        ("2026-05-01", Unit.MONTHS, 1, "2026-05-31"),
        ("2026-01-31", Unit.MONTHS, 1, "2026-02-28"),
        ("2026-05-14", Unit.YEARS, 1, "2027-05-13"),
        ("2026-09-30", Unit.WORKING_DAYS, 2, "2026-10-08"),
    ],
)
def test_or_it_counts_where_the_counting_says_so(day: str, unit: Unit, limit: int, last: str) -> None:
    assert ends(on(day), unit, limit, FIRST_COUNTS) == f"{last}[{SHANGHAI}]"


@pytest.mark.parametrize(
    ("day", "limit", "last"),
    [("2026-09-25", 10, "2026-10-08"), ("2026-05-14", 2, "2026-05-18"), ("2026-05-13", 2, "2026-05-15")],
)
def test_a_last_day_off_moves_to_the_next_working_day_where_the_counting_says_so(
    day: str, limit: int, last: str
) -> None:
    """Civil Procedure Law of the PRC, art. 85: over a holiday, over a weekend, and not otherwise."""
    assert ends(on(day), Unit.DAYS, limit, ROLLS) == f"{last}[{SHANGHAI}]"


def test_a_moment_ends_with_the_last_moment_of_the_last_day_where_it_happened() -> None:
    assert ends(at("2026-05-14T23:30:00+08:00"), Unit.DAYS, 1) == "2026-05-15T23:59:59.999999+08:00"
    assert ends(at("2026-05-14T23:30:00+08:00"), Unit.DAYS, 1, TO_THE_MINUTE) == "2026-05-15T23:30:00+08:00"


@given(
    when=strategies.whens(dt.date(1900, 1, 1), dt.date(2200, 1, 1)),
    limit=st.integers(1, 400),
    unit=st.sampled_from(Unit),
)
def test_precision_is_never_invented(when: When, limit: int, unit: Unit) -> None:
    """A day gives a day in the same zone, a moment a moment at the same offset, and unknown stays unknown."""
    due = deadline(limit=limit, unit=unit).due(when)
    assert (due.ends.day is None, due.ends.zone) == (when.day is None, when.zone)
    assert due.ends.is_unknown is when.is_unknown
    assert due.state is (DueState.UNKNOWN if when.is_unknown else DueState.DUE)
    if due.ends.instant is not None and when.instant is not None:
        assert due.ends.instant.utcoffset() == when.instant.utcoffset()
    assert when.is_unknown or when < due.ends


@given(when=strategies.whens(dt.date(1900, 1, 1), dt.date(2200, 1, 1), unknown=False), limit=st.integers(1, 60))
def test_a_longer_deadline_never_ends_earlier(when: When, limit: int) -> None:
    for unit in Unit:
        one, two = (deadline(limit=each, unit=unit).due(when).last_day for each in (limit, limit + 1))
        assert one is not None and two is not None
        assert one < two


def test_a_year_that_the_calendar_does_not_know_gives_unknown_and_the_reason() -> None:
    due = deadline(unit=Unit.WORKING_DAYS).due(on("2026-12-28"), HOLIDAYS_2026)
    assert due.state is DueState.UNKNOWN
    assert due.note == "the calendar cn does not know 2027"


def test_a_year_that_the_calendar_assumes_is_marked() -> None:
    assumes = Calendar(name="a", years={2026}, assumes_weekdays=True, source="a test")
    due = deadline(unit=Unit.WORKING_DAYS)
    assert due.due(on("2026-12-28"), assumes).assumed
    assert not due.due(on("2026-12-01"), assumes).assumed
    assert deadline(counting=ROLLS).due(on("2026-12-28"), assumes).assumed


def test_plain_days_need_no_calendar() -> None:
    assert str(deadline(limit=30).due(on("2031-12-28"), HOLIDAYS_2026).ends) == f"2032-01-27[{SHANGHAI}]"


def test_a_deadline_beyond_all_years_is_unknown() -> None:
    assert deadline(limit=2000, unit=Unit.YEARS).due(on("2026-05-14")).state is DueState.UNKNOWN


@pytest.mark.parametrize(
    ("given_", "path"),
    [
        ({"limit": 0}, "$.limit"),
        ({"limit": True}, "$.limit"),
        ({"unit": "days"}, "$.unit"),
        ({"source": ""}, "$.source"),
        ({"valid_from": dt.date(2026, 1, 2), "valid_to": dt.date(2026, 1, 1)}, "$.valid_to"),
    ],
)
def test_a_deadline_of_no_sense_is_refused_with_its_place(given_: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        deadline(**given_)
    assert caught.value.path == path


# ---------------------------------------------------------------- how a case stands


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        (on("2026-05-24"), "due"),
        (at("2026-05-24T23:59:59+08:00"), "due"),
        (at("2026-05-25T00:00:00+08:00"), "overdue"),
        (on("2026-05-25"), "overdue"),
        (on("2026-05-24", "Asia/Tokyo"), "due"),
    ],
)
def test_it_is_overdue_only_once_its_last_day_is_certainly_over(as_of: When, state: str) -> None:
    assert states(only(deadline()), reported(on("2026-05-14")), as_of) == [state]


@pytest.mark.parametrize(
    ("done", "state"),
    [
        (on("2026-05-14"), "met"),
        (on("2026-05-24"), "met"),
        (at("2026-05-24T23:59:59+08:00"), "met"),
        (on("2026-05-25"), "late"),
        (When.unknown(), "unknown"),
        (on("2026-05-24", "America/Sao_Paulo"), "unknown"),
    ],
)
def test_what_ended_it_was_in_time_or_late_or_cannot_be_told(done: When, state: str) -> None:
    """A day in a zone further west reaches into the next day here."""
    region = only(deadline(satisfied_by="accepted"))
    case = reported(on("2026-05-14")).accept(at=done, by=BY)
    (due,) = region.deadlines_of(case, on("2026-08-01"))
    assert (due.state, due.done) == (state, done)
    assert bool(due.note) is (state == "unknown")


def test_a_beginning_that_nobody_dated_is_unknown_and_never_overdue() -> None:
    """Of an old register, and of a milestone that it does not mention."""
    snapshot = Snapshot(dispute=reported(on("2026-05-14")).dispute, accepted=Milestone.at(When.unknown()))
    case = Case.register(id="c", centre="centre-1", snapshot=snapshot, at=on("2000-01-01"), by=BY)
    region = only(
        deadline("a", trigger="accepted"), deadline("b", trigger="concluded"), deadline("c", trigger="closed")
    )
    assert states(region, case, on("2026-05-14")) == ["unknown", "unknown", "unknown"]


def test_what_has_not_begun_has_no_deadline() -> None:
    snapshot = Snapshot(dispute=reported(on("2026-05-14")).dispute, accepted=NOT_REACHED)
    case = Case.register(id="c", centre="centre-1", snapshot=snapshot, at=on("2026-05-14"), by=BY)
    assert states(only(deadline(trigger="accepted")), case, on("2026-06-14")) == []


def test_whether_an_unmentioned_milestone_ended_it_cannot_be_told() -> None:
    """Unknown is never a no: an old register that says nothing of acceptance makes nothing overdue."""
    snapshot = Snapshot(dispute=reported(on("2026-05-14")).dispute)
    case = Case.register(id="c", centre="centre-1", snapshot=snapshot, at=on("2000-01-01"), by=BY)
    assert states(only(deadline(satisfied_by="accepted")), case, on("2026-05-14")) == ["unknown"]


def test_a_look_at_the_past_sees_the_case_as_it_was() -> None:
    case = reported(on("2026-05-14")).accept(at=on("2026-05-20"), by=BY)
    region = only(deadline(satisfied_by="accepted"))
    assert states(region, case, on("2026-05-01")) == []
    assert states(region, case, on("2026-05-16")) == ["due"]
    assert states(region, case, on("2026-05-21")) == ["met"]


def test_each_resolution_has_its_own_deadline_and_its_own_end() -> None:
    """What ends that of one does not end that of the other; what is no resolution ends both."""
    case = agreed(on("2026-05-01")).reopen(at=on("2026-05-02"), by=BY)
    case = case.resolve(at=on("2026-05-10"), by=BY)
    one, two = (each.id for each in case.resolutions)
    case = case.record_compliance(resolution=two, compliance=Compliance.KEPT, at=on("2026-05-11"), by=BY)
    kept = only(deadline(trigger="effective", satisfied_by="complied"))
    found = {due.subject: str(due.state) for due in kept.deadlines_of(case, on("2026-06-01"))}
    assert found == {one: "overdue", two: "met"}
    visited = case.follow_up(at=on("2026-05-11"), by=BY)
    seen = only(deadline(trigger="effective", satisfied_by="follow_up"))
    assert states(seen, visited, on("2026-06-01")) == ["met", "met"]


def test_what_happened_before_it_began_does_not_end_it() -> None:
    """An agreement that was kept, before a second one was made."""
    case = agreed(on("2026-05-01")).follow_up(at=on("2026-05-02"), by=BY).reopen(at=on("2026-05-03"), by=BY)
    case = case.resolve(at=on("2026-05-10"), by=BY)
    region = only(deadline(trigger="effective", satisfied_by="follow_up"))
    assert [str(due.state) for due in region.deadlines_of(case, on("2026-06-01"))] == ["met", "overdue"]


def test_of_several_ends_the_one_in_time_counts() -> None:
    region = only(deadline(satisfied_by=("closed", "accepted")))
    case = agreed(on("2026-05-14")).close(at=on("2026-07-01"), by=BY)
    (due,) = region.deadlines_of(case, on("2026-08-01"))
    assert (due.state, due.done) == (DueState.MET, on("2026-05-14"))


def test_a_case_entered_by_mistake_has_no_deadlines() -> None:
    case = reported(on("2026-05-14")).conclude_without_agreement(conclusion=Conclusion.VOID, at=on("2026-05-15"), by=BY)
    region = only(deadline())
    assert states(region, case, on("2026-08-01")) == []
    assert states(region, case, on("2026-05-14")) == ["due"]


def test_a_deadline_holds_for_what_began_while_it_was_in_force() -> None:
    region = only(
        deadline("old", 20, valid_to=dt.date(2025, 12, 31)), deadline("new", 10, valid_from=dt.date(2026, 1, 1))
    )

    def held(when: When) -> list[str]:
        return [due.deadline.name for due in region.deadlines_of(reported(when), on("2026-05-01"))]

    assert held(on("2025-12-31")) == ["old"]
    assert held(on("2026-01-01")) == ["new"]
    assert held(When.unknown()) == ["new", "old"]


def test_deadlines_come_in_the_order_in_which_they_end_the_unknown_last() -> None:
    region = only(deadline("c", 5), deadline("b", 1, unit=Unit.MONTHS), deadline("a", 2, trigger="accepted"))
    case = reported(on("2026-05-14")).accept(at=When.unknown(), by=BY)
    assert [due.deadline.name for due in region.deadlines_of(case, on("2026-05-14"))] == ["c", "b", "a"]


def test_an_extension_is_announced_until_a_case_shows_that_it_was_granted() -> None:
    """And counted from the last day."""
    longer = Extension(limit=5, trigger="attempt_extended", label=Label("asked for"), source="a test")
    region = only(deadline(trigger="attempt_begun", extension=longer))
    case = begun(on("2026-05-14"))
    (due,) = region.deadlines_of(case, on("2026-05-20"))
    assert (due.ends, due.extendable_to, due.is_extended) == (on("2026-05-24"), on("2026-05-29"), False)
    case = case.extend_attempt(until=on("2026-05-29"), at=on("2026-05-20"), by=BY)
    (due,) = region.deadlines_of(case, on("2026-05-28"))
    assert (due.ends, due.extendable_to, due.is_extended) == (on("2026-05-29"), None, True)
    assert due.state is DueState.DUE


def test_a_time_to_ask_for_must_be_known() -> None:
    with pytest.raises(InvalidValue, match="unknown time"):
        only(deadline()).deadlines_of(reported(on("2026-05-14")), When.unknown())


@given(case=strategies.cases(), when=strategies.whens(dt.date(2021, 1, 1), dt.date(2026, 1, 1), unknown=False))
def test_no_history_is_too_odd_for_any_trigger(case: Case, when: When) -> None:
    """Every built-in trigger at both ends of a deadline, on any case: nothing raises, and overdue is certain."""
    region = only(*(deadline(name, trigger=name, satisfied_by=tuple(TRIGGERS)) for name in TRIGGERS))
    for due in region.deadlines_of(case, when):
        assert (due.state is DueState.OVERDUE) <= (due.ends < when)
        assert due.ends.is_unknown <= (due.state is DueState.UNKNOWN)


def test_a_judge_that_calls_unknown_overdue_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: what has no known end is said to be over."""
    from community_mediation.regions.deadlines import Due

    right = Due.judged

    def wrong(self: Due, as_of: When, done: When | None = None) -> Due:
        due = right(self, as_of, done)
        return attrs.evolve(due, state=DueState.OVERDUE) if due.ends.is_unknown else due

    monkeypatch.setattr(Due, "judged", wrong)
    with pytest.raises(AssertionError):
        test_a_beginning_that_nobody_dated_is_unknown_and_never_overdue()


# ---------------------------------------------------------------- triggers


def test_a_region_has_triggers_of_its_own() -> None:
    """By a milestone, by what stands in a field, by events, or by any function."""
    case = begun(on("2026-05-14"), kind=AttemptKind.PUBLIC_ORDER).hold_session(at=on("2026-05-15"), by=BY)
    own = {
        "one": milestone("begun"),
        "two": each_of("attempts", "begun", lambda attempt: attempt.kind is AttemptKind.PUBLIC_ORDER),
        "three": happened(Reported),
        "four": lambda case: [("", each.held) for each in case.sessions],
        "none": each_of("attempts", "begun", lambda attempt: attempt.kind is AttemptKind.PEOPLE),
    }
    triggers = [Trigger(name=name, label=Label(name), about="x", moments=moments) for name, moments in own.items()]
    region = only(*(deadline(name, 1, trigger=name) for name in own), triggers=triggers)
    found = {due.deadline.name: (due.subject, str(due.last_day)) for due in region.deadlines_of(case, on("2026-05-15"))}
    assert found == {
        "one": ("", "2026-05-15"),
        "two": (case.attempts[0].id, "2026-05-15"),
        "three": ("event-1", "2026-05-15"),
        "four": ("", "2026-05-16"),
    }


def test_events_that_were_corrected_count_as_corrected() -> None:
    case = reported(on("2026-05-14")).accept(at=on("2026-05-15"), by=BY)
    birth = case.events[0]
    case = case.correct(1, attrs.evolve(birth, at=on("2026-05-12")), at=on("2026-05-16"), by=BY)
    region = only(
        deadline(trigger="x", limit=1), triggers=[Trigger(name="x", label=Label("x"), moments=happened(Reported))]
    )
    (due,) = region.deadlines_of(case, on("2026-05-20"))
    assert due.began == on("2026-05-12")


def test_every_built_in_trigger_has_a_name_in_both_languages() -> None:
    assert [each.name for each in TRIGGERS.values() if not (each.label.en and each.label.zh)] == []
    assert all(name == each.name for name, each in TRIGGERS.items())


def test_the_weight_of_a_deadline_is_told() -> None:
    (due,) = only(deadline(weight=Weight.BLOCK)).deadlines_of(reported(on("2026-05-14")), on("2026-05-14"))
    assert due.deadline.weight is Weight.BLOCK
