"""Disputes come by the day of the week, the month and the Spring Festival, as the season declares."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from community_mediation import simulate
from community_mediation.domain.values import Period
from community_mediation.simulate import Season
from community_mediation.simulate.season import SPRING_FESTIVAL
from community_mediation.simulate.stream import plots
from tests.simulate.scenes import fits

YEARS = Period(dt.date(2021, 1, 1), dt.date(2022, 12, 31))
CASES = 30_000
SEASON = Season(weekdays=(1.5, 1, 1, 1, 1, 0.5, 0.25), before_festival=1.6, festival=0.2)


def reported(season: Season) -> Counter[dt.date]:
    """How many cases are reported on each day."""
    scenario = simulate.Scenario(cases=CASES, period=YEARS, season=season, seed=3)
    return Counter(plot.reported.date() for plot in plots(scenario))


@pytest.fixture(scope="module")
def seasonal() -> Counter[dt.date]:
    return reported(SEASON)


def weight(day: dt.date, season: Season) -> float:
    """What a day brings, reckoned from the declared figures by another way than the season's own."""
    about = season.weekdays[day.weekday()] * season.months[day.month - 1]
    since = min((day - festival).days for festival in SPRING_FESTIVAL.values() if day >= festival - dt.timedelta(22))
    return about * (season.before_festival if since < -1 else season.festival if since < 7 else 1)


def groups(day: dt.date) -> list[str]:
    """What a day is counted under."""
    festival = SPRING_FESTIVAL[day.year]
    about = "before" if 1 < (festival - day).days <= 22 else "festival" if -7 < (festival - day).days <= 1 else "else"
    return [f"weekday {day.weekday()}", f"month {day.month}", f"festival {about}"]


def wrong(counts: Counter[dt.date], season: Season) -> list[str]:
    """The groups of days that bring another part of the cases than declared."""
    days = [YEARS.first + dt.timedelta(days=each) for each in range((YEARS.last - YEARS.first).days + 1)]
    whole = sum(weight(day, season) for day in days)
    wanted, found = Counter[str](), Counter[str]()
    for day in days:
        for group in groups(day):
            wanted[group] += weight(day, season) / whole  # type: ignore[assignment]
            found[group] += counts[day]
    return [group for group in wanted if not fits(found[group], CASES, wanted[group])]


def test_disputes_come_as_the_season_declares(seasonal: Counter[dt.date]) -> None:
    assert sum(seasonal.values()) == CASES
    assert wrong(seasonal, SEASON) == []


def test_another_season_is_caught(seasonal: Counter[dt.date]) -> None:
    """In each of its parts."""
    even = wrong(seasonal, Season.even())
    assert {"weekday 0", "weekday 6", "festival before", "festival festival", "month 2"} <= set(even)


def test_without_a_season_every_day_is_like_any_other() -> None:
    assert wrong(reported(Season.even()), Season.even()) == []


def test_disputes_are_reported_by_day() -> None:
    hours = [plot.reported.hour for plot in plots(simulate.Scenario(cases=500))]
    assert min(hours) >= 7
    assert max(hours) < 20


def test_some_centres_have_more_to_do_than_others() -> None:
    counts = Counter(plot.centre for plot in plots(simulate.Scenario.country(cases=5_000, centres=50)))
    assert len(counts) == 50
    assert max(counts.values()) > 3 * min(counts.values())
