"""The walk through a risk table that every curve starts from, in columns: a book may have millions of different times.

A case that comes under observation late, at *t*, is at risk of what happens strictly after *t*; at the same time ends
come before departures, and departures before arrivals (the intervals ``(entry, end]`` of counting processes: P. K.
Andersen, Ø. Borgan, R. D. Gill and N. Keiding, Statistical Models Based on Counting Processes, 1993, § III.3;
J. P. Klein and M. L. Moeschberger, Survival Analysis, 2nd ed. 2003, § 4.6).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar, overload

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.metrics._numbers import Copied, Integers, all_as_many, at_risk, total, whole_numbers

T = TypeVar("T")

BLOCK: Final = 512
"""How many steps the search for a limit looks at together, before it looks at each."""

# The bounds of a block and the limits in it are rounded differently; by much less than this.
_ROUNDED: Final = 1e-9


@attrs.frozen(eq=False, getstate_setstate=False)
class Walk(Copied):
    """The times of a risk table in their order, a column each.

    Attributes:
        time: In microseconds, rising.
        at_risk: Cases not ended and watched just before it.
        ended: Those that ended at it.
        gone: Those that were last seen open.
        entered: Those that came under observation.
    """

    time: Integers
    at_risk: Integers
    ended: Integers
    gone: Integers
    entered: Integers

    @classmethod
    def of(
        cls, ended: Mapping[int, int], censored: Mapping[int, int], entries: Mapping[int, int] | None = None
    ) -> Walk:
        """From counts by time: of those that ended, were last seen open, and came late.

        Raises:
            InvalidValue: A count that is no number of cases, or more leave than were watched: somebody ended, or was
                last seen, before coming under observation.
        """
        tables = (ended, censored, entries or {})
        for counts in tables:
            if any(type(n) is not int or n < 0 for n in counts.values()) or any(type(t) is not int for t in counts):
                raise InvalidValue("a risk table needs whole numbers of cases at times in whole microseconds")
        times = sorted({*ended, *censored, *(entries or {})})
        columns = [whole_numbers(counts.get(time, 0) for time in times) for counts in tables]
        return cls.through(whole_numbers(times), *columns)

    @classmethod
    def through(cls, time: Integers, ended: Integers, gone: Integers, entered: Integers) -> Walk:
        """From columns beside rising times.

        Raises:
            InvalidValue: More leave than were watched.
        """
        first = total(ended) + total(gone) - total(entered)
        if first < 0:
            raise InvalidValue("a risk table in which more come under observation than are in it")
        # After the last time nobody is left: so it is enough that nobody ends who was not watched.
        watched = at_risk(first, ended, gone, entered)
        if not all_as_many(watched, ended):
            raise InvalidValue(
                "a risk table in which more leave than are watched",
                remedy="A case that ended, or was last seen, before it came under observation belongs to neither list.",
            )
        return cls(time, watched, ended, gone, entered)

    def since(self, time: int | None) -> Walk:
        """The walk after *time* alone: those ended by then are none of it."""
        first = 0 if time is None else bisect_right(self.time, time)
        return Walk(*(column[first:] for column in attrs.astuple(self, recurse=False))) if first else self


class Steps(Sequence[T], Generic[T]):
    """The steps of a curve, each made when it is asked for."""

    __slots__ = ("_make", "_places")

    def __init__(self, make: Callable[[int], T], places: range) -> None:
        self._make = make
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Steps[T]: ...
    def __getitem__(self, index: int | slice) -> T | Steps[T]:
        found = self._places[index]
        return Steps(self._make, found) if isinstance(found, range) else self._make(found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Steps | tuple):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self):,} steps>"


def first_that(
    number: int, fits: Callable[[int], bool], bound: Callable[[int, int], float], enough: float
) -> int | None:
    """The first of so many steps that fits.

    Most blocks of steps are passed over without looking into them: those where *bound*, of the first and the last step
    of the block, stays below *enough*.
    """
    for start in range(0, number, BLOCK):
        stop = min(start + BLOCK, number)
        if bound(start, stop - 1) < enough * (1 - _ROUNDED):
            continue
        found = next(filter(fits, range(start, stop)), None)
        if found is not None:
            return found
    return None


def farthest(low: float, high: float, spread: float) -> float:
    """The most that ``loss * exp(spread / loss)`` can be for a loss from *low* to *high*: it is convex in the loss."""
    if spread == 0:
        return high
    return max(loss * math.exp(spread / loss) if spread < 700 * loss else math.inf for loss in (low, high))


def nearest(high: float, spread: float) -> float:
    """The most that ``loss * exp(-spread / loss)`` can be for a loss up to *high*: it rises with the loss."""
    return high * math.exp(-spread / high) if spread < 700 * high else 0.0
