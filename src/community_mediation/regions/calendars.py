"""Working days: weekends, holidays, and the days on which work makes up for a holiday (调休).

A calendar says for which years it is known. Beyond them it either says nothing, or takes plain
weekdays; then its answers are marked as assumed.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from community_mediation.ports import Label
from community_mediation.regions.sources import named, refuse, sourced

ONE_DAY: Final = dt.timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


@attrs.frozen
class Reckoned:
    """A day that was reckoned. ``assumed``: on the way lay days of years that the calendar does not know."""

    day: dt.date
    assumed: bool = False


@attrs.frozen
class Counted:
    """How many days. ``assumed``: among them were days of years that the calendar does not know."""

    days: int
    assumed: bool = False


def add_months(day: dt.date, number: int) -> dt.date:
    """The same day so many months on; where that month is too short, its last day.

    31 January and one month is 28 or 29 February: Civil Code of the PRC (2020), art. 202.

    Raises:
        InvalidValue: The result lies outside the years that a date can have.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise refuse("a day beyond all years", "$.number", "Take fewer months.")
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add_days(day: dt.date, number: int) -> dt.date:
    """So many days on.

    Raises:
        InvalidValue: The result lies outside the years that a date can have.
    """
    try:
        return day + number * ONE_DAY
    except OverflowError:
        raise refuse("a day beyond all years", "$.number", "Take fewer days.") from None


def _set(value: Iterable[int]) -> frozenset[int]:
    return frozenset(value)


def _days(value: Mapping[dt.date, Label]) -> Mapping[dt.date, Label]:
    return dict(sorted(dict(value).items()))


@attrs.frozen(kw_only=True)
class Calendar:
    """The working days of a place.

    Attributes:
        name: Its name.
        weekend: The days of the week on which nobody works: 0 is Monday, 6 is Sunday.
        holidays: Days off beside the weekends, with their names. They may fall on a weekend.
        makeup: Days of a weekend on which work is done, with their names.
        years: The years for which holidays and make-up days are complete.
        assumes_weekdays: Beyond those years every day outside the weekend counts as a working day, and answers are
            marked as assumed. Otherwise they are refused.
        source: The notice or law that sets the days.

    Raises:
        InvalidValue: No working day in a week; a day off or a make-up day outside the years, or a make-up day that is a
            holiday or no day of a weekend.
    """

    name: str = attrs.field(validator=named)
    weekend: frozenset[int] = attrs.field(default=frozenset({SATURDAY, SUNDAY}), converter=_set)
    holidays: Mapping[dt.date, Label] = attrs.field(factory=dict, converter=_days, hash=False)
    makeup: Mapping[dt.date, Label] = attrs.field(factory=dict, converter=_days, hash=False)
    years: frozenset[int] = attrs.field(default=frozenset(), converter=_set)
    assumes_weekdays: bool = False
    source: str = attrs.field(validator=sourced)

    def __attrs_post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise refuse("a weekend that is no part of a week", "$.weekend", "0 is Monday, 6 is Sunday; not all seven.")
        for name in ("holidays", "makeup"):
            for day in getattr(self, name):
                self._check(name, day)
        for day in self.makeup:
            if day in self.holidays:
                raise refuse("a make-up day that is a holiday as well", f"$.makeup[{day}]", "Drop one of the two.")
            if day.weekday() not in self.weekend:
                raise refuse("a make-up day that is a working day anyway", f"$.makeup[{day}]", "Mend the date.")

    def _check(self, name: str, day: Any) -> None:
        if type(day) is not dt.date:
            raise refuse("something stands where a date belongs", f"$.{name}", "Pass datetime.date.")
        if day.year not in self.years:
            raise refuse(
                f"a day of {day.year}, a year for which the calendar is not said to be known",
                f"$.{name}[{day}]",
                "Add the year to `years` once all its days are there.",
            )

    def knows(self, day: dt.date) -> bool:
        """Whether the holidays of that year are known."""
        return day.year in self.years

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on that day. Ask ``knows`` whether that is more than the day of the week.

        Raises:
            InvalidValue: The calendar does not know the year, and assumes nothing.
        """
        if not self.assumes_weekdays and not self.knows(day):
            raise refuse(
                f"the calendar {self.name} does not know {day.year}",
                "$.day",
                "Add the year's holidays to it, or let it assume plain weekdays.",
            )
        return day in self.makeup or (day.weekday() not in self.weekend and day not in self.holidays)

    def add_working_days(self, day: dt.date, number: int) -> Reckoned:
        """The day on which the last of so many working days after *day* falls; *day* itself does not count.

        A number below 0 goes back; 0 gives *day*, working day or not.

        Raises:
            InvalidValue: The calendar does not know a year on the way, and assumes nothing.
        """
        step, left, assumed = (ONE_DAY if number > 0 else -ONE_DAY), abs(number), False
        while left:
            day = add_days(day, step.days)
            assumed = assumed or not self.knows(day)
            left -= self.is_working_day(day)
        return Reckoned(day, assumed)

    def next_working_day(self, day: dt.date) -> Reckoned:
        """*day*, if it is a working day, or else the next that is.

        Raises:
            InvalidValue: The calendar does not know a year on the way, and assumes nothing.
        """
        assumed = not self.knows(day)
        while not self.is_working_day(day):
            day = add_days(day, 1)
            assumed = assumed or not self.knows(day)
        return Reckoned(day, assumed)

    def working_days_between(self, first: dt.date, last: dt.date) -> Counted:
        """How many working days lie after *first*, up to and with *last*; below 0 if *last* is the earlier day.

        It undoes ``add_working_days``: between a day and the *n*-th working day from it lie *n*.

        Raises:
            InvalidValue: The calendar does not know a year on the way, and assumes nothing.
        """
        step = 1 if last >= first else -1
        days = assumed = 0
        while first != last:
            first += step * ONE_DAY
            days += self.is_working_day(first)
            assumed |= not self.knows(first)
        return Counted(step * days, bool(assumed))


WEEKDAYS: Final = Calendar(name="weekdays", assumes_weekdays=True, source="this library: Monday to Friday, no holidays")
"""Monday to Friday, whatever the holidays: every answer is marked as assumed."""
