"""The time without: how long nothing has happened, and how often it may still happen.

A stretch that begins at the last event was picked because it is empty, so the limit found from it alone is too low and
says so; beside it stands the limit from all of the time that was watched.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._intervals import LEVEL, UpperLimit, rate_upper_limit
from community_mediation.metrics._rounding import half_up


@attrs.frozen(kw_only=True)
class Streak:
    """The stretches without an event in a time that was watched; lengths in its units.

    Attributes:
        events: How many there were.
        watched: How long it was watched.
        current: How long nothing has happened up to the end.
        longest: The longest stretch without one.
        longest_is_current: Whether that is the current one.
        unit: What one of the lengths is called.
        limit: How often it may still happen, from all of the time.
        current_limit: The same from the current stretch alone, marked as picked unless there was no event at all; none
            if the last event is at the very end.
    """

    events: int
    watched: Fraction
    current: Fraction
    longest: Fraction
    longest_is_current: bool
    unit: str
    limit: UpperLimit
    current_limit: UpperLimit | None

    def __str__(self) -> str:
        def length(value: Fraction) -> str:
            number = half_up(value, 0 if value.denominator == 1 else 1)
            return f"{number} {self.unit}{'' if value == 1 else 's'}"

        most = "the longest stretch" if self.longest_is_current else f"the longest stretch was {length(self.longest)}"
        seen = f"{length(self.current)} without an event up to the end, {most} in {length(self.watched)}"
        return f"{seen}; {self.limit}"


def streak(
    events: Iterable[int], *, start: int, through: int, per_unit: int, unit: str = "day", level: float = LEVEL
) -> Streak:
    """The time without an event, and its upper limits.

    Args:
        events: When each happened, as whole numbers (of microseconds, or days), in any order.
        start: Since when it was watched.
        through: Until when.
        per_unit: How many of these numbers make one *unit*: 86,400,000,000 microseconds a day.
        unit: What that is called.
        level: Of the one-sided limits.

    Raises:
        InvalidQuery: Nothing was watched, or an event lies outside of the time that was.
        InvalidValue: Times that are no whole numbers, or no level.
    """
    times = sorted(events)
    if any(type(time) is not int for time in (*times, start, through, per_unit)) or per_unit < 1:
        raise InvalidValue("a streak needs times as whole numbers, and how many of them make one unit")
    if through <= start:
        raise InvalidQuery("A streak in no time: 'through' is not after 'start'.")
    if times and not start <= times[0] <= times[-1] <= through:
        raise InvalidQuery("An event lies outside of the time that was watched.")
    marks = [start, *times, through]
    gaps = [after - before for before, after in pairwise(marks)]
    watched, current = Fraction(through - start, per_unit), Fraction(gaps[-1], per_unit)

    def limit(count: int, exposure: Fraction, *, picked: bool) -> UpperLimit:
        return rate_upper_limit(count, float(exposure), unit=unit, level=level, picked=picked)

    return Streak(
        events=len(times),
        watched=watched,
        current=current,
        longest=Fraction(max(gaps), per_unit),
        longest_is_current=max(gaps) == gaps[-1],
        unit=unit,
        limit=limit(len(times), watched, picked=False),
        current_limit=limit(0, current, picked=bool(times)) if current else None,
    )
