"""Months, quarters, half-years and years that follow each other."""

from __future__ import annotations

import datetime as dt
import enum
from calendar import monthrange
from typing import Final

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery

MOST_PERIODS: Final = 240
"""Of one series: twenty years of months."""


class Every(enum.StrEnum):
    """How long each period of a series is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months."""
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]

    @property
    def in_a_year(self) -> int:
        """How many of them make a year."""
        return 12 // self.months


def every_of(name: str) -> Every:
    """The length of that name.

    Raises:
        InvalidQuery: There is none.
    """
    try:
        return Every(name)
    except ValueError:
        raise InvalidQuery(f"No length {name!r} of a period. There are: {', '.join(Every)}.") from None


def periods(every: Every, first: Period, last: Period) -> tuple[Period, ...]:
    """All periods of that length from the one in which *first* begins to the one in which *last* ends.

    Raises:
        InvalidQuery: *first* does not begin with such a period, or *last* does not end with one; the last ends before
            the first begins; or there are more than ``MOST_PERIODS``.
    """
    if last.last < first.first:
        raise InvalidQuery(f"The series would end with {last}, before it begins with {first}. Swap first= and last=.")
    start, end = (day.year * 12 + day.month - 1 for day in (first.first, last.last))
    if first.first.day != 1 or start % every.months:
        raise InvalidQuery(f"No {every} begins on {first.first}. Let first= be one, such as {_near(every, start)}.")
    if last.last.day != monthrange(last.last.year, last.last.month)[1] or (end + 1) % every.months:
        raise InvalidQuery(f"No {every} ends on {last.last}. Let last= be one, such as {_near(every, end)}.")
    count = (end + 1 - start) // every.months
    if count > MOST_PERIODS:
        raise InvalidQuery(f"{count:,} periods, and at most {MOST_PERIODS} are counted at once. Ask for fewer.")
    return tuple(_beginning(start + index * every.months, every) for index in range(count))


def _beginning(month: int, every: Every) -> Period:
    year, place = divmod(month, 12)
    ends_year, ends_place = divmod(month + every.months - 1, 12)
    last = dt.date(ends_year, ends_place + 1, monthrange(ends_year, ends_place + 1)[1])
    return Period(dt.date(year, place + 1, 1), last)


def _near(every: Every, month: int) -> Period:
    return _beginning(month - month % every.months, every)
