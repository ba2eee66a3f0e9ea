"""How a figure moved from one period to another: each kind in its own way, or the reason why there is no number.

Counts, sums and ratios move by a part of what they were; shares by percentage points, means and medians by what they
are told in. Sources: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10; for limits that are clustered
by case, the same step from those limits: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702.
"""

from __future__ import annotations

import enum
import math
from fractions import Fraction
from typing import Any, Final

import attrs

from community_mediation.metrics._changes import change, difference
from community_mediation.metrics._definitions import Basis
from community_mediation.metrics._figures import DurationFigure, Figure, IncidenceFigure, ProportionFigure
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._measured import DistinctFigure, MeanFigure, ShareFigure, TotalFigure
from community_mediation.metrics._measures import Repeat
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._words import say, word


class MovementKind(enum.StrEnum):
    """What a movement is told in."""

    RELATIVE = "relative"
    """A part of the earlier number."""
    POINTS = "points"
    """One share less another."""
    DIFFERENCE = "difference"
    """One mean or median less another, in its unit."""


class NoChange(enum.StrEnum):
    """Why a movement has no number."""

    FIRST = "no such period before"
    MISSING = "no figure"
    MISSING_BEFORE = "no figure before"
    FROM_ZERO = "from 0"
    BOTH_ZERO = "0 in both"
    UNITS = "in other units"
    UNLINKED = "some are not linked"
    UNFINISHED = "not finished"
    REDEFINED = "definition changes"


@attrs.frozen(kw_only=True)
class Movement:
    """From an earlier period to a later one.

    Attributes:
        value: The change, exact: a part (0.1 is +10 %), a difference of shares (0.1 is +10 percentage points), or a
            difference in the metric's unit; none where *reason* says why.
        kind: What it is told in; none without a value.
        unit: The metric's unit, of a difference of times.
        lower, upper: Its limits; none where they cannot be told.
        method: How they were found.
        reason: Why there is no value.
        what: What changed, where the definition did.
    """

    value: Fraction | None = None
    kind: MovementKind | None = None
    unit: str = ""
    lower: float | None = None
    upper: float | None = None
    method: str = ""
    reason: NoChange | None = None
    what: str = ""

    def text(self, lang: str = "en") -> str:
        """It in words, with its sign and limits, or the reason."""
        if self.value is None:
            return "" if self.reason is None else word(self.reason.value, lang)
        if self.kind is MovementKind.RELATIVE:
            return f"{signed(100 * self.value, 1)} %"
        scale, places = (100, 1) if self.kind is MovementKind.POINTS else (1, 2)
        told = signed(scale * self.value, places)
        if self.kind is MovementKind.POINTS:
            told = say("{} points", lang, told)
        elif self.unit:
            told = f"{told} {word(self.unit, lang)}"
        if self.lower is None or self.upper is None:
            return told
        return f"{told} ({say('{} to {}', lang, *(signed(scale * each, places) for each in (self.lower, self.upper)))})"

    def __str__(self) -> str:
        return self.text()


def signed(value: Fraction | float, places: int) -> str:
    """A number with its sign, half-up; 0 has none."""
    text = half_up(value, places)
    return text if text.startswith("-") or not text.strip("0.") else f"+{text}"


def none(reason: NoChange, what: str = "") -> Movement:
    """No movement, and why."""
    return Movement(reason=reason, what=what)


CLUSTERED: Final = "square and add, from limits clustered by case"


def movement(now: Figure, before: Figure) -> Movement:
    """From the figure *before* to the figure *now*, of one metric."""
    if before.value is None or now.value is None:
        if isinstance(now, TotalFigure) and isinstance(before, TotalFigure) and not (now.reason or before.reason):
            return none(NoChange.UNITS)
        return none(NoChange.MISSING if now.value is None else NoChange.MISSING_BEFORE)
    new, old = Fraction(now.value), Fraction(before.value)
    if isinstance(now, ProportionFigure | ShareFigure):
        return _points(now, before, new, old)
    if isinstance(now, MeanFigure):
        return _limited(MovementKind.DIFFERENCE, new - old, _limits(now), _limits(before))
    if isinstance(now, DurationFigure | IncidenceFigure):
        return Movement(value=new - old, kind=MovementKind.DIFFERENCE, unit=now.metric.unit.value)
    if isinstance(now, DistinctFigure) and isinstance(before, DistinctFigure) and (now.unnamed or before.unnamed):
        # How many different ones there are lies between bounds that may be far apart.
        return none(NoChange.UNLINKED)
    if isinstance(now, TotalFigure) and isinstance(before, TotalFigure) and [*now.amounts] != [*before.amounts]:
        return none(NoChange.UNITS)
    found = change(new, old)
    if found.value is None:
        return none(NoChange.FROM_ZERO if new else NoChange.BOTH_ZERO)
    return Movement(value=found.value, kind=MovementKind.RELATIVE)


def _points(now: Any, before: Any, new: Fraction, old: Fraction) -> Movement:
    metric = now.metric
    if isinstance(metric, Repeat) or metric.basis is Basis.STOCK:
        # The same persons, or cases, may be in both: limits for different ones would be wrong.
        return Movement(value=new - old, kind=MovementKind.POINTS)
    if isinstance(now, ProportionFigure) and (now.clusters is not None or before.clusters is not None):
        return _limited(MovementKind.POINTS, new - old, _limits(now), _limits(before))
    found = difference(now.numerator, now.denominator, before.numerator, before.denominator)
    return Movement(
        value=found.value, kind=MovementKind.POINTS, lower=found.lower, upper=found.upper, method=found.method
    )


def _limits(figure: Any) -> tuple[float, Interval] | None:
    return None if figure.interval is None else (float(figure.value), figure.interval)


def _limited(
    kind: MovementKind, value: Fraction, now: tuple[float, Interval] | None, before: tuple[float, Interval] | None
) -> Movement:
    """The difference of two independent numbers, by squaring and adding the distances to their own limits."""
    if now is None or before is None:
        return Movement(value=value, kind=kind)
    (p, one), (q, other) = now, before
    return Movement(
        value=value,
        kind=kind,
        lower=p - q - math.hypot(p - one.lower, other.upper - q),
        upper=p - q + math.hypot(one.upper - p, q - other.lower),
        method=CLUSTERED,
    )
