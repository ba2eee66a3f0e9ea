"""When disputes come: by the day of the week, the month, and around the Spring Festival."""

import datetime as dt
from collections.abc import Mapping
from typing import Final, Self

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.simulate.dice import is_weight

SPRING_FESTIVAL: Final[Mapping[int, dt.date]] = {
    day.year: day
    for day in map(
        dt.date.fromisoformat,
        [
            *("2010-02-14", "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08"),
            *("2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22"),
            *("2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"),
        ],
    )
}
"""The first day of the first month of the Chinese calendar (GB/T 33661-2017), by the year."""


@attrs.frozen(kw_only=True)
class Season:
    """How many disputes a day brings, in proportion. All figures are invented.

    Attributes:
        weekdays: Seven factors, from Monday.
        months: Twelve factors, from January: less in the months of sowing and harvest.
        before_festival: A factor for the three weeks before the Spring Festival, when wages and debts are asked for;
            the festival is known for the years 2010 to 2030.
        festival: A factor from its eve to its seventh day.

    Raises:
        InvalidValue: Not seven and twelve factors, or one below zero.
    """

    weekdays: tuple[float, ...] = (1.15, 1.05, 1.0, 1.0, 1.05, 0.8, 0.7)
    months: tuple[float, ...] = (1.0, 1.0, 1.05, 1.0, 0.95, 0.85, 1.0, 1.05, 0.9, 0.9, 1.05, 1.1)
    before_festival: float = 1.2
    festival: float = 0.25

    def __attrs_post_init__(self) -> None:
        if len(self.weekdays) != 7 or len(self.months) != 12:
            raise InvalidValue("a season needs seven factors for the week and twelve for the year", path="$.season")
        if not all(map(is_weight, (*self.weekdays, *self.months, self.before_festival, self.festival))):
            raise InvalidValue("not a number from 0 on", path="$.season")

    @classmethod
    def even(cls) -> Self:
        """Every day like any other."""
        return cls(weekdays=(1.0,) * 7, months=(1.0,) * 12, before_festival=1.0, festival=1.0)

    def weight(self, day: dt.date) -> float:
        """How many disputes the day brings, in proportion to other days."""
        weight = self.weekdays[day.weekday()] * self.months[day.month - 1]
        if (festival := SPRING_FESTIVAL.get(day.year)) is not None:
            away = (day - festival).days
            if -1 <= away <= 6:
                weight *= self.festival
            elif -22 <= away < -1:
                weight *= self.before_festival
        return weight
