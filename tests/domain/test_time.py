"""Late and corrected facts: how a history folds, what held when, and what may no longer be changed."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.case_state import STATE_FIELDS
from community_mediation.domain.history import illegal, in_force, timeline
from community_mediation.domain.matter import Event, Step, in_time
from community_mediation.domain.resolution import Compliance, Conclusion
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import Move, Process
from community_mediation.domain.values import UTC, Milestone, When
from community_mediation.errors import IllegalMove, InvalidValue, MediationError
from community_mediation.testing.strategies import BY, CASE_EVENTS, Random, cases, event_lists, make, new_case, whens
from tests.domain.test_moves import DAY, DISPUTE, T0, at, reported, settled, told

near = whens(dt.date(2022, 1, 1), dt.date(2022, 1, 4))
asked = st.integers(-24, 24 * 40).map(lambda hours: T0 + dt.timedelta(hours=hours))


def state_of(case: Case | None) -> dict[str, Any] | None:
    return None if case is None else {name: getattr(case, name) for name in STATE_FIELDS}


# ---------------------------------------------------------------- order


def steps(times: Sequence[When]) -> list[Step]:
    return [Step(when, lambda state: None, number) for number, when in enumerate(times)]


@given(st.lists(near, min_size=1, max_size=8))
def test_steps_never_stand_in_an_order_that_is_certainly_wrong(times: list[When]) -> None:
    """All of them stand there, the first is the birth, and none is certainly later than one that follows."""
    order = [timed.step for timed in in_time(steps(times))]
    assert sorted(step.number for step in order) == list(range(len(times)))
    assert order[0].number == 0
    for index, step in enumerate(order[1:], 1):
        assert not any(later.when < step.when for later in order[index + 1 :])


@given(st.lists(near, min_size=1, max_size=8))
def test_a_step_goes_before_one_recorded_earlier_only_for_a_reason(times: list[When]) -> None:
    """Between the two stands something recorded earlier that is certainly later than it."""
    order = [timed.step for timed in in_time(steps(times))]
    for index, late in enumerate(order):
        for other in range(index + 1, len(order)):
            if order[other].number < late.number:
                between = [step for step in order[index + 1 : other + 1] if step.number < late.number]
                assert any(late.when < step.when for step in between)


@given(st.lists(near, min_size=1, max_size=8))
def test_what_held_at_a_moment_is_always_a_beginning_of_the_list(times: list[When]) -> None:
    sinces = [timed.since for timed in in_time(steps(times))]
    known = [since for since in sinces if since is not None]
    assert known == sorted(known)
    assert sinces[len(sinces) - len(known) :] == known


EXPLICIT: list[Callable[[When], Event]] = [
    lambda when: ev.Accepted(at=when, by=BY),
    lambda when: ev.AttemptBegun(at=when, by=BY, attempt="a1", kind=AttemptKind.PEOPLE),
    lambda when: ev.SessionHeld(at=when, by=BY, session="s1"),
    lambda when: ev.Resolved(at=when, by=BY, resolution="r1"),
    lambda when: ev.Closed(at=when, by=BY),
    lambda when: ev.FollowedUp(at=when, by=BY, follow_up="f1", kept=Compliance.KEPT),
    lambda when: ev.Reopened(at=when, by=BY),
    lambda when: ev.ConcludedWithoutAgreement(at=when, by=BY, conclusion=Conclusion.NOT_SETTLED),
]


@given(st.permutations(range(len(EXPLICIT))), st.booleans())
def test_however_late_they_are_recorded_definite_facts_fold_to_the_same_state(order: list[int], by_day: bool) -> None:
    """Times that leave no doubt decide; the order of recording does not."""

    def when(number: int) -> When:
        moment = T0 + (number + 1) * DAY
        return When.on(moment.date(), "Asia/Shanghai") if by_day else When.at(moment)

    birth = reported().events[0]
    events = [make_one(when(number)) for number, make_one in enumerate(EXPLICIT)]
    straight = Case.fold("x", (birth, *events))
    shuffled = Case.fold("x", (birth, *(events[number] for number in order)))
    assert state_of(shuffled) == state_of(straight)
    assert straight.first_conclusion is Conclusion.SETTLED and straight.conclusion is Conclusion.NOT_SETTLED


def test_where_times_overlap_the_order_of_recording_decides() -> None:
    """A day and a moment of it, and two unknown times."""
    day, noon = When.on(T0.date(), "UTC"), When.at(T0 + dt.timedelta(hours=4))
    for first, second in ((day, noon), (noon, day), (When.unknown(), When.unknown()), (noon, noon)):
        case = reported().accept(at=first, by=BY).begin_attempt(at=second, by=BY, kind=AttemptKind.PEOPLE)
        assert case.process is Process.IN_MEDIATION
        swapped = Case.fold("x", (case.events[0], case.events[2], case.events[1]))
        assert swapped.process is Process.ACCEPTED


# ---------------------------------------------------------------- folding anything


def test_folding_never_fails_on_any_list_that_begins_with_a_birth(amount: Callable[[int, int], int]) -> None:
    """References that lead nowhere, corrections of what is not there, births in the middle, any order of times."""
    for seed in range(amount(2_500, 250_000)):
        rng = Random(seed)
        kinds = [rng.choice([ev.Reported, ev.Registered]), *rng.choices(CASE_EVENTS, k=rng.randrange(12))]
        events = tuple(make(cls, rng, fill=0.3) for cls in kinds)
        case = Case.fold("x", events)
        assert case.events == events, seed
        assert case.process in Process and case.possible, seed
        moment = T0 + rng.randrange(-400, 400) * DAY
        past = case.valid_at(moment)
        assert past is None or past.as_of == moment, seed
        assert set(illegal(events)) <= set(range(2, len(events) + 1)), seed
        assert repr(case) and case.agreement, seed
        assert Case.fold("x", events) == case and hash(case) is not None, seed


@given(event_lists(), st.data())
def test_any_move_on_any_folded_history_is_made_or_refused(events: tuple[Event, ...], data: st.DataObject) -> None:
    from community_mediation.testing.strategies import mover

    case = Case.fold("x", events)
    move, rng = data.draw(st.sampled_from(Move)), Random(data.draw(st.integers(0, 2**16)))
    with contextlib.suppress(MediationError):
        mover(case, move, rng)(data.draw(whens()))


@pytest.mark.parametrize("events", [(), (ev.Accepted(**told()),), (ev.Closed(**told()), ev.Accepted(**told()))])
def test_what_does_not_begin_with_a_birth_is_no_case(events: tuple[Event, ...]) -> None:
    with pytest.raises(InvalidValue, match="birth"):
        Case.fold("x", events)


BIRTH: Any = reported().events[0]
NONSENSE = [
    ev.Corrected(target=1, replacement=None, **told(1)),
    ev.Corrected(target=1, replacement=ev.Accepted(**told(1)), **told(1)),
    ev.Corrected(target=2, replacement=ev.Accepted(**told(1)), **told(1)),
    ev.Corrected(target=99, replacement=ev.Accepted(**told(1)), **told(1)),
    ev.Corrected(target=2, replacement=BIRTH, **told(1)),
    ev.Corrected(target=1, replacement=ev.Amended(fields=(), snapshot=Snapshot(dispute=DISPUTE), **told(1)), **told(1)),
    ev.Amended(fields=("dispute", "nothing"), snapshot=Snapshot(dispute=DISPUTE), **told(1)),
    attrs.evolve(BIRTH, at=at(1)),
]


@pytest.mark.parametrize("event", NONSENSE)
def test_an_event_that_no_move_would_record_changes_nothing(event: Event) -> None:
    assert state_of(Case.fold("x", (BIRTH, event))) == state_of(Case.fold("x", (BIRTH,)))


# ---------------------------------------------------------------- what held when

KEPT_BY_ORACLE = ("process", "file", "conclusion", "first_conclusion", "sessions_held")


def oracle(events: Sequence[Event], moment: dt.datetime) -> dict[str, Any] | None:
    """What had happened by *moment*, event by event in time: for histories of instants without corrections."""
    happened = sorted(
        (event for event in events if event.at.instant is not None and event.at.instant <= moment),
        key=lambda event: event.at.instant or moment,
    )
    if not happened:
        return None
    told_so_far: dict[str, Any] = dict.fromkeys(KEPT_BY_ORACLE)
    told_so_far.update(process="reported", file="open", sessions_held=0)
    for event in happened:
        match type(event).__name__:
            case "Accepted":
                told_so_far["process"] = "accepted"
            case "AttemptBegun":
                told_so_far["process"] = "in_mediation"
            case "SessionHeld":
                told_so_far["sessions_held"] += 1
            case "Declined" | "Withdrawn" | "ConcludedWithoutAgreement":
                ending = {"Declined": "declined", "Withdrawn": "withdrawn"}.get(type(event).__name__)
                told_so_far.update(process="concluded", conclusion=ending or getattr(event, "conclusion", None))
            case "Merged" | "Split":
                told_so_far.update(process="concluded", conclusion="void")
            case "Closed":
                told_so_far["file"] = "closed"
            case "Reopened":
                told_so_far.update(process="in_mediation", conclusion=None, file="open")
        told_so_far["first_conclusion"] = told_so_far["first_conclusion"] or told_so_far["conclusion"]
    return told_so_far


OF_AGREEMENTS = {Move.RESOLVE, Move.RESOLVE_ON_THE_SPOT, Move.ADOPT, Move.VARY}
PLAIN_MOVES = sorted({*Move} - {Move.CORRECT, Move.AMEND} - OF_AGREEMENTS)


@st.composite
def ordered_histories(draw: st.DrawFn) -> Case:
    """Instants only, some recorded late, no corrections and no agreements."""
    from community_mediation.testing.strategies import mover

    case, clock = new_case(Random(draw(st.integers(0, 999))), registered=False, at=When.at(T0)), T0
    for seed, hours, late in draw(
        st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 90), st.booleans()), max_size=12)
    ):
        rng = Random(seed)
        clock += dt.timedelta(hours=hours)
        back = rng.randrange(1, 200) if late else 0
        moves = PLAIN_MOVES if late else sorted(set(case.possible) & set(PLAIN_MOVES))
        try:
            case = mover(case, rng.choice(moves), rng)(When.at(clock - dt.timedelta(hours=back, seconds=seed)))
        except (IllegalMove, InvalidValue):
            continue
    return case


@given(ordered_histories(), asked)
def test_what_was_valid_then_is_what_had_happened_by_then(case: Case, moment: dt.datetime) -> None:
    """Against a naive oracle that knows nothing of folding."""
    past = case.valid_at(moment)
    expected = oracle(case.events, moment)
    if past is None or expected is None:
        assert past is None and expected is None
        return
    assert {name: getattr(past, name) for name in KEPT_BY_ORACLE} == expected


@given(cases(), asked)
def test_what_was_valid_then_is_the_fold_of_what_counts_from_before(case: Case, moment: dt.datetime) -> None:
    """For corrected, amended and loosely dated histories too: the corrected facts that can have happened by then."""
    past = case.valid_at(moment)
    if any(isinstance(event, ev.Registered) for event in case.events):
        return
    counted = [event for _, event in in_force(case.events)]
    order = [counted[0]]
    for event in counted[1:]:  # each as late as it may stand
        place = next((n for n, other in enumerate(order) if n and event.at < other.at), len(order))
        order.insert(place, event)
    kept: list[Event] = []
    for event in order:
        if event.at.earliest is not None and event.at.earliest > moment:
            break
        kept.append(event)
    if not kept:
        assert past is None
        return
    expected: dict[str, Any] = {}
    from community_mediation.domain.effects import apply

    for event in kept:
        apply(event, expected)
    assert state_of(past) == expected


@given(cases(), st.lists(asked, min_size=2, max_size=4))
def test_the_past_only_grows(case: Case, moments: list[dt.datetime]) -> None:
    """What had been done by one moment has been done by every later one, and at the end all of it."""
    seen: set[str] = set()
    born = False
    for moment in [*sorted(moments), dt.datetime(2100, 1, 1, tzinfo=UTC)]:
        past = case.valid_at(moment)
        if past is None:
            assert not born
            continue
        born = True
        lists = (past.attempts, past.sessions, past.resolutions, past.assignments, past.follow_ups)
        done = {each.id for group in lists for each in group}
        assert seen <= done
        seen = done
        assert past.valid_at(moment) == past
    assert state_of(case.valid_at(dt.datetime(2100, 1, 1, tzinfo=UTC))) == state_of(case)


@given(cases())
def test_there_is_nothing_before_the_birth(case: Case) -> None:
    since = timeline(case.events)[0].since
    if since is None:
        assert case.valid_at(dt.datetime(1900, 1, 1, tzinfo=UTC)) is not None
    else:
        assert case.valid_at(since - dt.timedelta(microseconds=1)) is None
        assert case.valid_at(since) is not None


def test_a_day_asked_for_means_its_end_and_a_day_known_its_beginning() -> None:
    case = reported().accept(at=When.on(dt.date(2022, 5, 16), "Asia/Shanghai"), by=BY)
    day_before = case.valid_at(When.on(dt.date(2022, 5, 15), "Asia/Shanghai"))
    assert day_before is not None and day_before.process is Process.REPORTED
    for then in (When.on(dt.date(2022, 5, 16), "Asia/Shanghai"), When.parse("2022-05-16T00:00:00+08:00")):
        past = case.valid_at(then)
        assert past is not None and past.process is Process.ACCEPTED
    with pytest.raises(InvalidValue):
        case.valid_at(When.unknown())


@pytest.mark.parametrize("asked_for", [None, "2022", 5, dt.date(2022, 1, 1), dt.datetime(2022, 1, 1)])  # noqa: DTZ001
def test_only_a_time_can_be_asked_for(asked_for: Any) -> None:
    with pytest.raises(InvalidValue):
        reported().valid_at(asked_for)


# ---------------------------------------------------------------- late facts


def test_a_late_fact_is_judged_by_where_the_case_stood_then() -> None:
    case = settled().close(**told(4))
    late = case.hold_session(**told(2.5))
    assert late.process is Process.CONCLUDED and late.first_session == Milestone.at(at(2.5))
    with pytest.raises(IllegalMove) as caught:
        case.hold_session(**told(1.5))
    assert caught.value.stage == "accepted"


def test_a_late_fact_that_makes_a_later_one_impossible_is_refused_and_the_later_one_named() -> None:
    with pytest.raises(IllegalMove, match="event 4, recorded before, would become impossible"):
        settled().end_attempt(**told(2.2)).saved().withdraw(**told(2.5))


def test_a_fact_from_before_the_report_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        reported().accept(**told(-1))
    assert caught.value.path == "$.at"
    assert reported().accept(at=When.on(T0.date(), "Asia/Shanghai"), by=BY).process is Process.ACCEPTED


def by_the_rule(times: Sequence[When]) -> list[tuple[int, dt.datetime | None]]:
    """What ``in_time`` says of itself, in two plain passes."""
    order: list[int] = []
    for number, when in enumerate(times):
        later = [place for place in range(1, len(order)) if when < times[order[place]]]
        order.insert(later[0] if later else len(order), number)
    known = [times[number].earliest for number in order]
    return [
        (number, max((each for each in known[: place + 1] if each is not None), default=None))
        for place, number in enumerate(order)
    ]


@given(st.lists(near, min_size=1, max_size=8))
def test_steps_are_timed_as_the_rule_says(times: list[When]) -> None:
    """Whether they came in order or not: each before the first that is certainly later, and no moment goes back."""
    assert [(timed.step.number, timed.since) for timed in in_time(steps(times))] == by_the_rule(times)
