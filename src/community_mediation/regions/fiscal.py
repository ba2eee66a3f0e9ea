"""Years that do not begin on the first of January: budgets, returns and counters of numbers go by them."""

from __future__ import annotations

import datetime as dt
import enum
import re
from typing import Any, Final

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.regions.sources import one_of, refuse


class YearName(enum.StrEnum):
    """Which calendar year a fiscal year is called after: that in which it begins, or that in which it ends."""

    START = "start"
    END = "end"


def _prefix(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if type(value) is not str or not re.fullmatch(r"[A-Z]{1,8}", value, re.ASCII):
        raise refuse("a prefix that is not one to eight capital letters", "$.prefix", "Such as FY.")


@attrs.frozen(kw_only=True)
class FiscalYear:
    """How a place cuts its years. Names look like ``FY2026``.

    Attributes:
        start_month, start_day: The day on which a year begins; it must exist in every year.
        named: Whether a year is called after the calendar year in which it begins, or in which it ends.
        prefix: What stands before the number.

    Raises:
        InvalidValue: There is no such day in every year.
    """

    start_month: int = 1
    start_day: int = 1
    named: YearName = attrs.field(default=YearName.START, validator=one_of(YearName))
    prefix: str = attrs.field(default="FY", validator=_prefix)

    def __attrs_post_init__(self) -> None:
        try:
            dt.date(2001, self.start_month, self.start_day)  # no leap year
        except (ValueError, TypeError):
            raise refuse("a day that not every year has", "$.start_day", "Such as month 4, day 1.") from None

    def _begins(self, year: int) -> dt.date:
        return dt.date(year - self._shift, self.start_month, self.start_day)

    @property
    def _shift(self) -> int:
        # A year from 1 January to 31 December begins and ends in the same one.
        return int(self.named is YearName.END and (self.start_month, self.start_day) != (1, 1))

    def year_of(self, day: dt.date) -> int:
        """The number of the fiscal year in which a day lies."""
        began = day.year - ((day.month, day.day) < (self.start_month, self.start_day))
        return began + self._shift

    def of(self, day: dt.date) -> str:
        """The name of the fiscal year in which a day lies, such as ``FY2026``."""
        return f"{self.prefix}{self.year_of(day):04}"

    def period(self, year: int | str) -> Period:
        """The days of a fiscal year, given by its number or its name.

        Raises:
            InvalidQuery: That is no fiscal year.
        """
        number = year if type(year) is int else self._number(year)
        try:
            return Period(self._begins(number), self._begins(number + 1) - dt.timedelta(days=1))
        except (ValueError, OverflowError):
            raise InvalidQuery("A fiscal year beyond all years. Years run from 2 to 9997.") from None

    def _number(self, name: Any) -> int:
        if type(name) is str and (match := re.fullmatch(rf"{self.prefix}(\d{{4}})", name, re.ASCII)):
            return int(match[1])
        raise InvalidQuery(f"Not a fiscal year. They look like {self.prefix}2026 here.")


CALENDAR_YEAR: Final = FiscalYear()
"""From 1 January to 31 December."""
