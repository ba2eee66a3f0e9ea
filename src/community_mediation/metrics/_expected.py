"""Observed over expected: indirect standardisation, for a unit whose strata are too small for shares of their own.

Each case of the unit has, in its stratum, the share of the whole as its probability; the number that counts then
follows the Poisson-binomial law. The limits suppose that the unit multiplies the odds in every stratum by the same
factor: they are the expected numbers at the factors where the observed one is just too large or too small, over the
expected one. With one stratum they are those of Clopper and Pearson, over the share of the whole. Limits from the
Poisson law, such as Byar's (N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II, 1987), are meant
for rare events: for agreements, which come in half of the cases and more, they are far too wide, and may pass
the number of cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.metrics._intervals import LEVEL, check_level, normal_quantile
from community_mediation.metrics._laws import Binomial
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._strata import LeftOut, Strata, check_strata, lost

EXACT_UP_TO: Final = 200
"""Cases up to which the law is computed whole; beyond, the score limits differ from it in the third digit."""


@attrs.frozen(kw_only=True)
class ObservedExpected:
    """How many count, beside how many would if each stratum of the unit had the share of the whole.

    Attributes:
        observed: How many count in the strata that are in it.
        expected: How many were to be expected, exact.
        ratio: The one over the other; none where nothing is expected.
        lower: The lower limit of the ratio; none without one.
        upper: The upper limit.
        method: How the limits were found.
        score: How many standard deviations the observed number lies from the expected; none where it cannot vary.
        strata: The strata that are in it.
        left_out: The strata of the unit of which the whole has no case.
        reason: Why there is no ratio, or no limit.
    """

    observed: int
    expected: Fraction
    ratio: Fraction | None
    lower: float | None
    upper: float | None
    method: str
    score: float | None
    strata: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    level: float = LEVEL
    reason: str = ""

    def __str__(self) -> str:
        counts = f"{self.observed:,} observed, {half_up(self.expected, 1)} expected"
        if self.ratio is None or self.lower is None or self.upper is None:
            return f"{counts}: {self.reason}"
        limits = f"{half_up(self.lower, 2)}–{half_up(self.upper, 2)} ({self.method}, {100 * self.level:g} %)"
        return f"{counts}: ratio {half_up(self.ratio, 2)}, {limits}"


def observed_expected(unit: Strata, whole: Strata, *, level: float = LEVEL) -> ObservedExpected:
    """Indirect standardisation of a unit by the shares of the whole.

    The whole may hold the unit itself; of a small number of units, give the others alone.

    Raises:
        InvalidQuery: No stratum.
        InvalidValue: Counts that do not lie within their cases, or no level.
    """
    check_level(level)
    check_strata(unit)
    check_strata(whole)
    used = [name for name, (_, n) in unit.items() if n and whole.get(name, (0, 0))[1]]
    left_out = tuple(lost(name, n, "no case in the whole") for name, (_, n) in unit.items() if n and name not in used)
    shares = [Fraction(*whole[name]) for name in used]
    sizes = [unit[name][1] for name in used]
    observed = sum(unit[name][0] for name in used)
    expected = sum((n * p for n, p in zip(sizes, shares, strict=True)), Fraction(0))
    variance = sum((n * p * (1 - p) for n, p in zip(sizes, shares, strict=True)), Fraction(0))
    least = sum(n for n, p in zip(sizes, shares, strict=True) if p == 1)
    most = sum(n for n, p in zip(sizes, shares, strict=True) if p > 0)
    reason = ""
    lower = upper = None
    exact = sum(sizes) <= EXACT_UP_TO
    if not expected:
        reason = "nothing is expected"
    elif not least <= observed <= most:
        reason = "more or fewer than the shares of the whole allow: 0 or 1 of it in a stratum where the unit differs"
    else:
        find = _exact_limit if exact else _score_limit
        parts = [(n, float(p)) for n, p in zip(sizes, shares, strict=True)]
        scale = float(expected)
        lower = least / scale if observed == least else find(parts, observed, level, lower=True) / scale
        upper = most / scale if observed == most else find(parts, observed, level, lower=False) / scale
    return ObservedExpected(
        observed=observed,
        expected=expected,
        ratio=observed / expected if expected else None,
        lower=lower,
        upper=upper,
        method="exact, Poisson-binomial" if exact else "score, Poisson-binomial",
        score=float(observed - expected) / math.sqrt(variance) if variance else None,
        strata=tuple(used),
        left_out=left_out,
        level=level,
        reason=reason,
    )


Parts = Sequence[tuple[int, float]]


def _shifted(parts: Parts, shift: float) -> list[tuple[int, float]]:
    """The shares with their odds multiplied by ``exp(shift)``."""

    def moved(p: float) -> float:
        if p in (0, 1):
            return p
        odds = math.log(p) - math.log1p(-p) + shift
        return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0

    return [(n, moved(p)) for n, p in parts]


def _mean(parts: Parts) -> float:
    return math.fsum(n * p for n, p in parts)


def probabilities(parts: Parts) -> list[float]:
    """The Poisson-binomial law of the sum: the probability of 0, 1, 2… that count, by convolution."""
    law = [1.0]
    for n, p in parts:
        binomial = Binomial(n, p)
        own = [binomial.point(r) if binomial.lowest <= r <= binomial.highest else 0.0 for r in range(n + 1)]
        following = [0.0] * (len(law) + n)
        for i, left in enumerate(law):
            for j, right in enumerate(own):
                following[i + j] += left * right
        law = following
    return law


def _exact_limit(parts: Parts, observed: int, level: float, *, lower: bool) -> float:
    tail = (1 - level) / 2

    def excess(shift: float) -> float:
        law = probabilities(_shifted(parts, shift))
        return math.fsum(law[observed:]) - tail if lower else tail - math.fsum(law[: observed + 1])

    return _mean(_shifted(parts, _root(excess)))


def _score_limit(parts: Parts, observed: int, level: float, *, lower: bool) -> float:
    z = normal_quantile(level)

    def excess(shift: float) -> float:
        moved = _shifted(parts, shift)
        spread = z * math.sqrt(math.fsum(n * p * (1 - p) for n, p in moved))
        return _mean(moved) + (spread if lower else -spread) - observed

    return _mean(_shifted(parts, _root(excess)))


def _root(excess: Callable[[float], float]) -> float:
    """The shift of the log odds at which *excess* turns from below 0 to above: by the Illinois method.

    Source: M. Dowell and P. Jarratt, BIT 11 (1971) 168-174.
    """
    low, high = -1.0, 1.0
    while (at_low := excess(low)) > 0:
        low *= 2
    while (at_high := excess(high)) < 0:
        high *= 2
    enough = 1e-15 * max(-at_low, at_high)
    x, last = low, 0
    for _ in range(200):
        x = high - at_high * (high - low) / (at_high - at_low)
        value = excess(x)
        if abs(value) <= enough or high - low <= 1e-14 * max(1.0, abs(x)):
            break
        if value > 0:
            high, at_high = x, value
            at_low /= 2 if last > 0 else 1
            last = 1
        else:
            low, at_low = x, value
            at_high /= 2 if last < 0 else 1
            last = -1
    return x
