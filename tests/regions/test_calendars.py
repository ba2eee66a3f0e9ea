"""Working days: weekends, holidays, make-up days, and years that nobody knows yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue
from community_mediation.ports import Label
from community_mediation.regions import WEEKDAYS, Calendar, Counted, Reckoned
from community_mediation.regions.calendars import add_days, add_months
from tests.regions.samples import HOLIDAYS_2026

OFF = Label("Off")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars of three years, the rest assumed, with any weekend, holidays and make-up days."""
    weekend = draw(st.sets(st.integers(0, 6), max_size=3))
    days = [day("2025-01-01") + dt.timedelta(days=each) for each in range(3 * 365)]
    off = draw(st.sets(st.sampled_from(days), max_size=30))
    weekends = [each for each in days if each.weekday() in weekend and each not in off]
    makeup = draw(st.sets(st.sampled_from(weekends), max_size=10)) if weekends else set()
    return Calendar(
        name="any",
        weekend=weekend,
        holidays=dict.fromkeys(off, OFF),
        makeup=dict.fromkeys(makeup, OFF),
        years={2025, 2026, 2027},
        assumes_weekdays=True,
        source="a test",
    )


DAYS = st.dates(day("2024-10-01"), day("2028-03-01"))


def test_a_holiday_is_off_and_a_make_up_saturday_is_not() -> None:
    assert not HOLIDAYS_2026.is_working_day(day("2026-10-05"))
    assert HOLIDAYS_2026.is_working_day(day("2026-10-10"))
    assert not HOLIDAYS_2026.is_working_day(day("2026-10-11"))
    assert HOLIDAYS_2026.is_working_day(day("2026-10-12"))


def test_seven_working_days_go_over_the_holidays_and_use_the_make_up_day() -> None:
    """From 29 September: the 30th, then the 8th, 9th, 10th (made up), 12th, 13th, 14th of October."""
    assert HOLIDAYS_2026.add_working_days(day("2026-09-29"), 7) == Reckoned(day("2026-10-14"))


@given(calendar=calendars(), start=DAYS, number=st.integers(-40, 40))
def test_counting_undoes_adding(calendar: Calendar, start: dt.date, number: int) -> None:
    end = calendar.add_working_days(start, number)
    counted = calendar.working_days_between(start, end.day)
    assert counted == Counted(number, end.assumed)


@given(calendar=calendars(), start=DAYS, number=st.integers(1, 40))
def test_working_days_are_added_one_by_one(calendar: Calendar, start: dt.date, number: int) -> None:
    """The result is a working day, and exactly so many are after the start, by counting each."""
    end = calendar.add_working_days(start, number).day
    walked = [start + dt.timedelta(days=each + 1) for each in range((end - start).days)]
    assert calendar.is_working_day(end)
    assert sum(map(calendar.is_working_day, walked)) == number


@given(calendar=calendars(), one=DAYS, two=DAYS, three=DAYS)
def test_stretches_of_days_add_up(calendar: Calendar, one: dt.date, two: dt.date, three: dt.date) -> None:
    first, second, third = sorted((one, two, three))
    parts = calendar.working_days_between(first, second).days + calendar.working_days_between(second, third).days
    assert calendar.working_days_between(first, third).days == parts


@given(calendar=calendars(), start=DAYS)
def test_the_next_working_day_is_the_day_itself_or_the_first_after_it(calendar: Calendar, start: dt.date) -> None:
    found = calendar.next_working_day(start).day
    assert calendar.is_working_day(found)
    between = range((found - start).days)
    assert not any(calendar.is_working_day(start + dt.timedelta(days=each)) for each in between)


def test_what_rests_on_a_year_that_nobody_knows_is_marked() -> None:
    calendar = Calendar(name="x", years={2026}, assumes_weekdays=True, source="a test")
    assert calendar.add_working_days(day("2026-12-28"), 3) == Reckoned(day("2026-12-31"))
    assert calendar.add_working_days(day("2026-12-28"), 4) == Reckoned(day("2027-01-01"), assumed=True)
    assert calendar.working_days_between(day("2027-01-04"), day("2026-12-30")) == Counted(-3, assumed=True)
    assert calendar.next_working_day(day("2027-01-02")) == Reckoned(day("2027-01-04"), assumed=True)
    assert WEEKDAYS.add_working_days(day("2026-05-08"), 1) == Reckoned(day("2026-05-11"), assumed=True)


def test_a_calendar_that_assumes_nothing_refuses_such_a_year() -> None:
    for ask in (
        lambda: HOLIDAYS_2026.is_working_day(day("2027-01-01")),
        lambda: HOLIDAYS_2026.add_working_days(day("2026-12-30"), 5),
        lambda: HOLIDAYS_2026.working_days_between(day("2025-12-30"), day("2026-01-05")),
    ):
        with pytest.raises(InvalidValue, match=r"does not know 202\d"):
            ask()


@pytest.mark.parametrize(
    ("given_", "path"),
    [
        ({"weekend": range(7)}, "$.weekend"),
        ({"weekend": {7}}, "$.weekend"),
        ({"holidays": {day("2025-01-01"): OFF}}, "$.holidays[2025-01-01]"),
        ({"holidays": {dt.datetime(2026, 1, 1, tzinfo=dt.UTC): OFF}}, "$.holidays"),
        ({"makeup": {day("2026-01-05"): OFF}}, "$.makeup[2026-01-05]"),
        ({"makeup": {day("2026-01-03"): OFF}, "holidays": {day("2026-01-03"): OFF}}, "$.makeup[2026-01-03]"),
        ({"source": ""}, "$.source"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused_with_its_place(given_: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Calendar(**{"name": "x", "years": {2026}, "source": "a test", **given_})
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
    ],
)
def test_a_month_ends_with_its_last_day_where_it_is_too_short(start: str, number: int, end: str) -> None:
    """Civil Code of the PRC, art. 202."""
    assert add_months(day(start), number) == day(end)


@given(start=st.dates(day("1900-01-01"), day("2100-01-01")), number=st.integers(0, 240))
def test_months_land_in_the_right_month_on_the_same_day_or_its_last(start: dt.date, number: int) -> None:
    end = add_months(start, number)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    assert end.day == start.day or (end.day < start.day and (end + dt.timedelta(days=1)).day == 1)


def test_a_day_beyond_all_years_is_refused() -> None:
    with pytest.raises(InvalidValue, match="beyond all years"):
        add_months(day("9999-01-01"), 12)
    with pytest.raises(InvalidValue, match="beyond all years"):
        add_days(day("9999-12-31"), 1)


def test_a_calendar_that_forgets_make_up_days_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control."""
    monkeypatch.setattr(
        Calendar,
        "is_working_day",
        lambda self, day: day.weekday() not in self.weekend and day not in self.holidays,
    )
    with pytest.raises(AssertionError):
        test_seven_working_days_go_over_the_holidays_and_use_the_make_up_day()


def test_a_calendar_that_counts_the_first_day_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control."""
    right = Calendar.add_working_days
    monkeypatch.setattr(
        Calendar, "add_working_days", lambda self, day, number: right(self, day, number - (1 if number > 0 else 0))
    )
    with pytest.raises(AssertionError):
        test_seven_working_days_go_over_the_holidays_and_use_the_make_up_day()
