"""The limits of a funnel: within which a unit of a given size lies by chance alone.

Sources: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, appendix A.1.1 (exact limits, interpolated
between the whole numbers so that they are smooth); B. N. Manktelow and S. E. Seaton, PLoS ONE 7 (2012) e45723 (what
three ways to interpolate do: the published formula lets a unit fall above the upper limit more often than it says);
B. N. Manktelow, S. E. Seaton and T. A. Evans, Statistical Methods in Medical Research 25 (2016) 2670-2684 (a target
found from the units is itself uncertain).
"""

from __future__ import annotations

import math
from typing import Final

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._intervals import normal_quantile
from community_mediation.metrics._laws import Binomial, Hypergeometric, Law, Poisson

LEVELS: Final = (0.95, 0.998)
"""Two and three standard deviations, nearly: what funnels print."""


@attrs.frozen(kw_only=True)
class FunnelLimits:
    """Two limits for a unit of one size.

    Attributes:
        level: What they are meant to hold.
        lower: The lower limit of the share or rate; 0 where no count is too low.
        upper: The upper limit.
        attained: The probability of lying outside by chance alone; whole numbers make it less than one less the level.
    """

    level: float
    lower: float
    upper: float
    attained: float

    def where(self, value: float) -> str:
        """``below``, ``above``, or empty for within."""
        return "below" if value < self.lower else "above" if value > self.upper else ""


def law_of_share(size: int, target: float) -> Binomial:
    """How many of *size* cases count by chance, where *target* is the true share.

    Raises:
        InvalidValue: No whole number of cases, or no share.
    """
    if type(size) is not int or size < 1 or not 0 <= target <= 1:
        raise InvalidValue("a funnel needs a whole number of cases, 1 or more, and a target between 0 and 1")
    return Binomial(size, float(target))


def law_of_rate(exposure: float, target: float) -> Poisson:
    """How many events there are by chance over an exposure, where *target* is the true rate.

    Raises:
        InvalidValue: No exposure, or no rate.
    """
    if not 0 < exposure < math.inf or not 0 <= target < math.inf:
        raise InvalidValue("a funnel of rates needs an exposure above 0 and a target of 0 or more")
    return Poisson(float(exposure) * float(target))


def funnel_limits(
    size: int,
    *,
    target: float | None = None,
    whole: tuple[int, int] | None = None,
    level: float = 0.95,
    as_published: bool = False,
) -> FunnelLimits:
    """The exact limits of the share of a unit of *size* cases, about a fixed target or against the rest.

    The limits lie between whole numbers such that a unit is outside exactly where its own count, or a further one, has
    a probability of at most half the error, on its side. Counting the opposite mirrors them.

    Args:
        size: How many cases the unit has.
        target: The fixed target, a share.
        whole: Instead of it, how many count among how many cases of all units together: the unit is then compared with
            the rest, given those (R. A. Fisher's exact test), so that the uncertainty of the rest is in the limits.
        level: What the limits hold.
        as_published: Take the upper limit from Spiegelhalter's formula as it stands, which lies one case lower.

    Raises:
        InvalidQuery: Neither a target nor the whole, or both.
        InvalidValue: No size, share or level.
    """
    if (target is None) == (whole is None):
        raise InvalidQuery("A funnel is drawn about a target or against the whole: give one of the two.")
    law: Law
    if target is not None:
        law = law_of_share(size, target)
    else:
        assert whole is not None
        law = law_against_rest(size, whole)
    return limits_of(law, size, level=level, as_published=as_published)


def rate_funnel_limits(
    exposure: float, *, target: float, level: float = 0.95, as_published: bool = False
) -> FunnelLimits:
    """The exact Poisson limits of the rate of a unit with that exposure, about a fixed target.

    For indirectly standardised ratios the exposure is the expected count, and the target 1.

    Raises:
        InvalidValue: No exposure, rate or level.
    """
    return limits_of(law_of_rate(exposure, target), exposure, level=level, as_published=as_published)


def law_against_rest(size: int, whole: tuple[int, int]) -> Hypergeometric:
    """How many of *size* cases count by chance, given how many count among how many of all units.

    Raises:
        InvalidValue: No whole numbers, or more than there are; or nothing is left for the rest.
    """
    counted, cases = whole
    if any(type(number) is not int for number in (size, *whole)) or not 0 <= counted <= cases or not 1 <= size <= cases:
        raise InvalidValue(
            "a funnel against the rest needs whole numbers: a unit within all cases, counted within them"
        )
    return Hypergeometric(size, counted, cases)


def limits_of(law: Law, size: float, *, level: float, as_published: bool = False) -> FunnelLimits:
    """The limits of the count of that law, over *size*."""
    z = normal_quantile(level)
    tail = (1 - level) / 2
    low, high = _lowest_kept(law, tail, z), _highest_kept(law, tail, z)
    lower = max(low - (law.at_most(low) - tail) / law.point(low), law.lowest)
    within = (law.at_least(high) - tail) / law.point(high)
    upper, beyond = high + within, high + 1
    if as_published:
        # Its quantile is the same whole number; the interpolation then goes down from it, not up.
        upper, beyond = upper - 1, high if within < 1 else high + 1
    return FunnelLimits(
        level=level,
        lower=lower / size,
        upper=min(upper, law.highest) / size,
        attained=law.at_most(low - 1) + law.at_least(beyond),
    )


def _start(law: Law, distance: float) -> int:
    start = math.floor(law.mean + distance * math.sqrt(law.variance))
    return int(min(max(start, law.lowest), law.highest))


def _lowest_kept(law: Law, tail: float, z: float) -> int:
    """The least count that is not too low: the probability of it or fewer is above *tail*."""
    r = _start(law, -z)
    while r > law.lowest and law.at_most(r - 1) > tail:
        r -= 1
    while law.at_most(r) <= tail:
        r += 1
    return r


def _highest_kept(law: Law, tail: float, z: float) -> int:
    """The largest count that is not too high."""
    r = _start(law, z)
    while r < law.highest and law.at_least(r + 1) > tail:
        r += 1
    while law.at_least(r) <= tail:
        r -= 1
    return r
