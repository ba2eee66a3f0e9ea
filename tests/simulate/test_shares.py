"""Every declared share is what comes out, within what chance may do; so are the mix, the endings and the durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

import community_mediation as cm
from community_mediation import simulate
from community_mediation.domain import events as ev
from community_mediation.domain.matter import Event
from community_mediation.simulate import Ending, Spread
from tests.simulate.scenes import ENDS, LATE, RICH, SEEN, SHARES, Told, fits, seen, told


@pytest.mark.parametrize("name", SEEN)
def test_a_declared_share_is_what_comes_out(rich: list[Told], name: str) -> None:
    count, number = seen(name, rich)
    assert number > 100
    assert fits(count, number, SHARES[name]), f"{count} of {number}"


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("times", [0.5, 2])
def test_a_wrong_share_is_caught(rich: list[Told], name: str, times: float) -> None:
    """Were it half or double of what is declared, the same look at the same cases would say so."""
    assert not fits(*seen(name, rich), SHARES[name] * times)


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_what_never_or_always_happens_does_so(name: str, share: float) -> None:
    others = {"partly": 0.0} if name == "breached" else {"breached": 0.0} if name == "partly" else {}
    count, number = seen(name, told(simulate.Scenario.centre(cases=40, runs_on=900, **{name: share}, **others)))
    assert count == number * share
    assert number


def test_each_kind_comes_as_often_as_declared(rich: list[Told]) -> None:
    whole = sum(kind.share for kind in RICH.kinds)
    counts = {kind.code: sum(each.case.dispute.type == kind.code for each in rich) for kind in RICH.kinds}
    assert [code for kind in RICH.kinds if not fits(counts[code := kind.code], len(rich), kind.share / whole)] == []


def test_each_ending_comes_as_often_as_its_kind_declares(rich: list[Told]) -> None:
    wrong = []
    for kind in RICH.kinds:
        cases = [each for each in rich if each.case.dispute.type == kind.code]
        for ending in Ending:
            count = sum(each.case.conclusion == ending.value for each in cases)
            if not fits(count, len(cases), kind.odds.get(ending, 0) / sum(kind.odds.values())):
                wrong.append((str(kind.code), ending.value, count, len(cases)))
    assert wrong == []


def days(each: Told) -> int:
    """From the report to the first ending, by the calendar on the wall."""
    (end, _), *_ = each.of(*ENDS)
    return (local(end) - local(each.case.events[0])).days


def local(event: Event) -> dt.date:
    assert event.at.instant is not None
    day: dt.date = event.at.instant.date()
    return day


def off(cases: Iterable[Told], spread: Spread) -> list[tuple[float, int, int]]:
    """The quarters of a spread at which another part of the cases lies below than declared."""
    taken = [days(each) for each in cases]
    wrong = []
    for share in (0.25, 0.5, 0.75):
        value = int(spread.at(share))
        count = sum(each <= value for each in taken)
        # Days are whole: those up to n are the ones below n + 1.
        if not fits(count, len(taken), spread.share_below(value + 1)):
            wrong.append((share, count, len(taken)))
    return wrong


def mediated(cases: Iterable[Told]) -> list[Told]:
    return [each for each in cases if each.has(ev.AttemptBegun)]


def test_durations_are_spread_as_each_kind_declares(rich: list[Told]) -> None:
    for kind in RICH.kinds:
        cases = [each for each in mediated(rich) if each.case.dispute.type == kind.code]
        assert len(cases) > 50
        assert off(cases, kind.days) == [], kind.code


def test_endings_without_mediation_take_the_days_that_are_declared_for_them(rich: list[Told]) -> None:
    cases = [each for each in rich if not each.has(ev.AttemptBegun)]
    assert len(cases) > 150
    assert off(cases, RICH.at_once) == []


def test_another_spread_is_caught(rich: list[Told]) -> None:
    cases = [each for each in mediated(rich) if str(each.case.dispute.type) == "neutral:neighbour"]
    (kind,) = (kind for kind in RICH.kinds if str(kind.code) == "neutral:neighbour")
    longer = Spread(tuple((share, value * 1.5 + 1) for share, value in kind.days.quantiles))
    assert off(cases, kind.days) == []
    assert off(cases, longer) != []


def test_what_is_late_is_late_by_as_much_as_declared(rich: list[Told]) -> None:
    lags = [lag.days for each in rich for event, at in each.of(ev.Reported) if (lag := at - event.at.latest) >= LATE]
    assert len(lags) > 60
    for share in (0.25, 0.5, 0.75):
        value = int(RICH.lateness.at(share))
        assert fits(sum(lag <= value for lag in lags), len(lags), RICH.lateness.share_below(value + 1))


def test_a_case_that_nobody_hears_of_again_is_open() -> None:
    never = simulate.DisputeKind(code=cm.Code("neutral", "other"), share=1, theme="other", odds={Ending.OPEN: 1})
    made = list(simulate.cases(simulate.Scenario(cases=20, runs_on=900, kinds=(never,))))
    assert [case.conclusion for case in made] == [None] * 20


def test_a_book_that_breaks_off_has_open_cases_and_one_that_goes_on_has_none() -> None:
    def still_open(runs_on: int) -> int:
        return sum(case.conclusion is None for case in simulate.cases(simulate.Scenario(cases=150, runs_on=runs_on)))

    assert still_open(0) > 0
    assert still_open(900) == 0
