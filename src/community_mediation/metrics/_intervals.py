"""Intervals for a proportion, and upper limits for what did not happen."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from statistics import NormalDist
from typing import Final

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._tails import (
    binomial_at_least,
    binomial_point,
    poisson_at_most,
    poisson_point,
    solve,
)

LEVEL: Final = 0.95

Real = int | float | Fraction
"""A number that need not be whole."""


@attrs.frozen(kw_only=True)
class Interval:
    """Two limits, with how they were found."""

    lower: float
    upper: float
    method: str
    level: float = LEVEL

    def __str__(self) -> str:
        low, high = (half_up(Fraction(100 * limit), 1) for limit in (self.lower, self.upper))
        return f"{low}–{high} % ({self.method}, {100 * self.level:g} %)"


def _check(k: int, n: int, level: float) -> None:
    if type(k) is not int or type(n) is not int or not 0 <= k <= n or n == 0:
        raise InvalidValue("a proportion needs whole numbers, 0 <= numerator <= denominator, denominator above 0")
    check_level(level)


def check_level(level: float) -> None:
    """A level lies between 0 and 1."""
    if not 0 < level < 1:
        raise InvalidValue("a level that is not between 0 and 1", remedy="95 % is 0.95.")


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile: 1.96 for 95 %."""
    check_level(level)
    return -NormalDist().inv_cdf((1 - level) / 2)


def wilson(k: int, n: int, level: float = LEVEL) -> Interval:
    """The score interval for *k* of *n*: the default, good for small numbers and near 0 and 100 %.

    Sources: E. B. Wilson, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17
    (1998) 857-872, method 3.

    Raises:
        InvalidValue: Not ``0 <= k <= n`` with ``n >= 1``, or no level.
    """
    _check(k, n, level)
    return _score(k, n, normal_quantile(level), "Wilson", level)


def fractional_wilson(numerator: Real, denominator: Real, level: float = LEVEL) -> Interval:
    """The score interval where cases count in part, as when each of *n* mediators is given 1/n of a case.

    The denominator stands for the number of cases. That is careful: parts of at most one case each, of many cases,
    tell no less than as many whole ones, for ``sum(w) ** 2 / sum(w ** 2) >= sum(w)``.

    Raises:
        InvalidValue: Not ``0 <= numerator <= denominator`` with a denominator above 0, or no level.
    """
    if not 0 <= numerator <= denominator < math.inf or not denominator:
        raise InvalidValue("a proportion needs 0 <= numerator <= denominator, denominator above 0")
    return _score(float(numerator), float(denominator), normal_quantile(level), "Wilson, cases in part", level)


def _score(k: float, n: float, z: float, method: str, level: float) -> Interval:
    square = z * z
    spread = z * math.sqrt(square + 4 * k * (n - k) / n)
    # The lower limit of k is one less the upper limit of n - k; the quotients avoid cancellation at either end.
    lower = 2 * k * k / n / (2 * k + square + spread) if k else 0.0
    missed = n - k
    upper = 1 - 2 * missed * missed / n / (2 * missed + square + spread) if missed else 1.0
    return Interval(lower=lower, upper=upper, method=method, level=level)


def effective(share: float, size: float, *, method: str, name: str, z: float, level: float) -> Interval:
    """The limits of a share as if found in *size* cases, a real number: *method* is ``wilson`` or ``exact``."""
    k = min(share * size, size)
    if method == "wilson":
        return _score(k, size, z, name, level)
    tail = (1 - level) / 2
    return Interval(lower=_lower(k, size, tail), upper=1 - _lower(size - k, size, tail), method=name, level=level)


def exact(k: int, n: int, level: float = LEVEL) -> Interval:
    """The exact binomial interval for *k* of *n*: never covers less than *level*.

    Sources: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413; Newcombe 1998, method 5.

    Raises:
        InvalidValue: Not ``0 <= k <= n`` with ``n >= 1``, or no level.
    """
    _check(k, n, level)
    tail = (1 - level) / 2
    return Interval(
        lower=_lower(k, n, tail), upper=1 - _lower(n - k, n, tail), method="exact (Clopper-Pearson)", level=level
    )


METHODS: Final = {"wilson": wilson, "exact": exact}


def interval_method(name: str) -> Callable[[int, int], Interval]:
    """The method of that name.

    Raises:
        InvalidQuery: There is none.
    """
    try:
        return METHODS[name]
    except (KeyError, TypeError):
        raise InvalidQuery(f"No interval {name!r}. There are: {', '.join(METHODS)}.") from None


def _lower(k: float, n: float, tail: float) -> float:
    """The p at which *k* or more of *n* has the probability *tail*."""
    if k == 0:
        return 0.0
    if k == n:
        return math.exp(math.log(tail) / n)
    z = -NormalDist().inv_cdf(tail)
    square = z * z
    start = 2 * k * k / n / (2 * k + square + z * math.sqrt(square + 4 * k * (n - k) / n))
    return solve(
        lambda p: (binomial_at_least(k, n, p) - tail, binomial_point(k, n, p) * k / p), start, low=0.0, high=k / n
    )


@attrs.frozen(kw_only=True)
class UpperLimit:
    """How often something may yet happen that happened seldom, or never: one-sided, with its method.

    Attributes:
        value: The limit: a share, or a number per unit of exposure.
        events: What was seen.
        exposure: In how much: cases, or months.
        unit: What one of the exposure is called.
        method: ``Poisson`` or ``exact binomial``.
        picked: The stretch was chosen because nothing happened in it; the limit is then too low.
    """

    value: float
    events: int
    exposure: float
    unit: str
    method: str
    level: float = LEVEL
    picked: bool = False

    def __str__(self) -> str:
        if self.method == "Poisson":
            figure = f"at most {half_up(Fraction(self.value), 2)} a {self.unit}"
        else:
            figure = f"at most {half_up(Fraction(100 * self.value), 1)} %"
        plural = self.unit if self.exposure == 1 else f"{self.unit}s"
        seen = f"{self.events} in {self.exposure:g} {plural}"
        text = f"{figure} (one-sided {100 * self.level:g} % upper limit, {self.method}; {seen})"
        return text + ("; the stretch was picked because it is so low, so the limit is too low" if self.picked else "")


def rate_upper_limit(
    events: int, exposure: float, *, unit: str = "month", level: float = LEVEL, picked: bool = False
) -> UpperLimit:
    """The one-sided upper limit of a Poisson rate: 0 in 5 months is at most 0.60 a month.

    Source: F. Garwood, Biometrika 28 (1936) 437-442. For no events it is ``-log(1 - level) / exposure``.

    Raises:
        InvalidValue: Negative events, or no exposure.
    """
    if type(events) is not int or events < 0 or not 0 < exposure < math.inf:
        raise InvalidValue("a rate needs a whole number of events and an exposure above 0")
    check_level(level)
    if events == 0:
        mean = -math.log1p(-level)
    else:
        step = 3 * math.sqrt(events + 1)
        low = high = events + 1.0
        # Far below the root the point probability underflows, so the bracket is walked, not guessed.
        while poisson_at_most(events, low) < 1 - level:
            low = max(low - step, low / 2)
        while poisson_at_most(events, high) > 1 - level:
            high += step
        mean = solve(
            lambda m: (1 - level - poisson_at_most(events, m), poisson_point(events, m)),
            (low + high) / 2,
            low=low,
            high=high,
        )
    return UpperLimit(
        value=mean / exposure, events=events, exposure=exposure, unit=unit, method="Poisson", level=level, picked=picked
    )


def share_upper_limit(k: int, n: int, *, unit: str = "case", level: float = LEVEL, picked: bool = False) -> UpperLimit:
    """The one-sided exact upper limit of a proportion: 0 of 60 is at most 4.9 %.

    Source: Clopper and Pearson 1934; for ``k = 0`` the "rule of three" approximates it (J. A. Hanley and
    A. Lippman-Hand, JAMA 249 (1983) 1743-1745).

    Raises:
        InvalidValue: Not ``0 <= k <= n`` with ``n >= 1``.
    """
    _check(k, n, level)
    value = 1 - _lower(n - k, n, 1 - level)
    return UpperLimit(value=value, events=k, exposure=n, unit=unit, method="exact binomial", level=level, picked=picked)
