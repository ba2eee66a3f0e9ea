"""From one period to another: the change of a count, the difference of two shares, the ratio of two rates.

Sources: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (the difference of two independent shares,
from their Wilson limits); J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313-323 (two Poisson counts, given
their sum).
"""

from __future__ import annotations

import math
from fractions import Fraction

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.metrics._intervals import LEVEL, Real, check_level, exact, wilson
from community_mediation.metrics._rounding import half_up


def _signed(value: Fraction | float, places: int) -> str:
    text = half_up(value, places)
    return text if text.startswith("-") or not text.strip("0.") else f"+{text}"


@attrs.frozen(kw_only=True)
class Change:
    """A number beside an earlier one: 同比 on the same period of last year, 环比 on the previous period.

    Attributes:
        now: The number.
        before: The earlier one.
        value: The relative change, exact; none from 0, of which no number is a part.
        reason: Why there is none.
    """

    now: Fraction
    before: Fraction
    value: Fraction | None
    reason: str = ""

    @property
    def difference(self) -> Fraction:
        """How many more, or fewer."""
        return self.now - self.before

    def percent(self, places: int = 1) -> str:
        """The change in per cent with its sign, or the reason why there is none."""
        return self.reason if self.value is None else _signed(100 * self.value, places)

    def __str__(self) -> str:
        return self.reason if self.value is None else f"{self.percent()} %"


def change(now: Real, before: Real) -> Change:
    """The relative change from *before* to *now*: 110 after 100 is +10 %.

    Raises:
        InvalidValue: A number below 0, or none.
    """
    if not (0 <= now < math.inf and 0 <= before < math.inf):
        raise InvalidValue("a change needs two finite numbers, 0 or more")
    new, old = Fraction(now), Fraction(before)
    if not old:
        return Change(now=new, before=old, value=None, reason="from 0" if new else "0 in both")
    return Change(now=new, before=old, value=new / old - 1)


@attrs.frozen(kw_only=True)
class Difference:
    """One share less another, in percentage points, with its limits.

    Attributes:
        value: The difference, exact.
        lower: Its lower limit, as a share.
        upper: Its upper limit.
        method: How the limits were found.
    """

    value: Fraction
    lower: float
    upper: float
    method: str
    level: float = LEVEL

    def __str__(self) -> str:
        low, high = (_signed(100 * limit, 1) for limit in (self.lower, self.upper))
        points = f"{_signed(100 * self.value, 1)} percentage points"
        return f"{points}, {low} to {high} ({self.method}, {100 * self.level:g} %)"


def difference(k: int, n: int, other_k: int, other_n: int, *, level: float = LEVEL) -> Difference:
    """*k* of *n* less *other_k* of *other_n*, of different cases, with the hybrid score interval.

    Of the same cases asked twice it would be too wide, or too narrow: they are not independent.

    Raises:
        InvalidValue: Not two proportions, or no level.
    """
    one, other = wilson(k, n, level), wilson(other_k, other_n, level)
    p, q = k / n, other_k / other_n
    return Difference(
        value=Fraction(k, n) - Fraction(other_k, other_n),
        lower=p - q - math.hypot(p - one.lower, other.upper - q),
        upper=p - q + math.hypot(one.upper - p, q - other.lower),
        method="Newcombe, hybrid score",
        level=level,
    )


@attrs.frozen(kw_only=True)
class RateRatio:
    """How often something happens beside how often it did.

    Attributes:
        value: The ratio of the two rates, exact; none where nothing happened before.
        lower: Its lower limit; none where nothing happened at all.
        upper: Its upper limit; none where nothing bounds it.
        method: How the limits were found.
        reason: Why there is no ratio.
    """

    value: Fraction | None
    lower: float | None
    upper: float | None
    method: str
    level: float = LEVEL
    reason: str = ""

    def __str__(self) -> str:
        if self.lower is None:
            return self.reason
        limits = f"at least {half_up(self.lower, 2)}" if self.upper is None else ""
        if self.upper is not None:
            limits = f"{half_up(self.lower, 2)}–{half_up(self.upper, 2)}"
        shown = self.reason if self.value is None else half_up(self.value, 2)
        return f"{shown}, {limits} ({self.method}, {100 * self.level:g} %)"


def rate_ratio(
    now: int, before: int, *, exposure_now: Real = 1, exposure_before: Real = 1, level: float = LEVEL
) -> RateRatio:
    """The ratio of two Poisson rates with its exact limits, given how many events there were together.

    Supposes that events come one by one, independent of each other: cases that come in waves vary more than this says.

    Raises:
        InvalidValue: No counts, no exposures, or no level.
    """
    check_level(level)
    if any(type(count) is not int or count < 0 for count in (now, before)):
        raise InvalidValue("a ratio of rates needs two whole numbers of events")
    if not (0 < exposure_now < math.inf and 0 < exposure_before < math.inf):
        raise InvalidValue("a ratio of rates needs two exposures above 0")
    scale = Fraction(exposure_before) / Fraction(exposure_now)
    method = "exact conditional"
    if not now + before:
        return RateRatio(value=None, lower=None, upper=None, method=method, level=level, reason="0 in both")
    share = exact(now, now + before, level)
    return RateRatio(
        value=Fraction(now, before) * scale if before else None,
        lower=share.lower / (1 - share.lower) * float(scale),
        upper=share.upper / (1 - share.upper) * float(scale) if before else None,
        method=method,
        level=level,
        reason="" if before else "from 0",
    )
