"""Tail probabilities of the binomial and the Poisson distribution, in pure Python.

The point probabilities follow Loader's saddle-point expansion, which keeps full
precision where differences of log-gammas lose it (C. Loader, Fast and accurate
computation of binomial probabilities, 2000; the method of R's ``dbinom``). The tails
are the regularised incomplete beta function by its continued fraction, evaluated by
the modified Lentz method (W. J. Lentz 1976; NIST DLMF 8.17.22), and the finite Poisson sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Final

_TINY: Final = 1e-300
_HALF_LOG_2PI: Final = 0.5 * math.log(2 * math.pi)
_STIRLING: Final = (1 / 12, 1 / 360, 1 / 1260, 1 / 1680, 1 / 1188)


def _stirling_error(n: float) -> float:
    """``log(n!)`` less Stirling's formula for it."""
    if n <= 15:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - _HALF_LOG_2PI if n else 0.0
    a, b, c, d, e = _STIRLING
    square = n * n
    return (a - (b - (c - (d - e / square) / square) / square) / square) / n


def _deviance(x: float, mean: float) -> float:
    """``x log(x / mean) + mean - x``, without cancellation where the two are close."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total, term, step = (x - mean) * v, 2 * x * v, 1
        while True:
            term *= v * v
            step += 2
            following = total + term / step
            if following == total:
                return total
            total = following
    return x * math.log(x / mean) + mean - x


def binomial_point(k: float, n: float, p: float) -> float:
    """The probability of exactly *k* of *n*, for ``0 < p < 1``; its smooth continuation between whole numbers."""
    if k == 0:
        return math.exp(n * math.log1p(-p))
    if k == n:
        return math.exp(n * math.log(p))
    exponent = (
        _stirling_error(n)
        - _stirling_error(k)
        - _stirling_error(n - k)
        - _deviance(k, n * p)
        - _deviance(n - k, n * (1 - p))
    )
    return math.exp(exponent) * math.sqrt(n / (2 * math.pi * k * (n - k)))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    value, m = d, 0
    while True:
        m += 1
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 + top * d, 1 + top / c
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1) < 1e-16:
            return value


def binomial_at_least(k: float, n: float, p: float) -> float:
    """The probability of *k* or more of *n*, for ``0 < k <= n`` and ``0 < p < 1``.

    Between whole numbers it is the incomplete beta function that continues it.
    """
    if p <= (k + 1) / (n + 2):
        return binomial_point(k, n, p) * (1 - p) * _fraction(k, n - k + 1, p) if k < n else binomial_point(k, n, p)
    return 1 - binomial_point(k, n, p) * (1 - p) * k / (n - k + 1) * _fraction(n - k + 1, k, 1 - p)


def poisson_point(k: int, mean: float) -> float:
    """The probability of exactly *k* events."""
    if k == 0:
        return math.exp(-mean)
    return math.exp(-_stirling_error(k) - _deviance(k, mean)) / math.sqrt(2 * math.pi * k)


def poisson_at_most(k: int, mean: float) -> float:
    """The probability of *k* events or fewer."""
    term = total = poisson_point(k, mean)
    for i in range(k, 0, -1):
        term *= i / mean
        total += term
        if term < total * 1e-17 and i < mean:
            break
    return total


def student_quantile(level: float, freedom: int) -> float:
    """The two-sided quantile of Student's t: 12.706 for 95 % and one degree of freedom.

    Sources: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964, 26.7.1 (by the incomplete beta
    function) and 26.7.5 (the expansion about the normal quantile, for many degrees of freedom).
    """
    z = -NormalDist().inv_cdf((1 - level) / 2)
    s = z * z
    terms = (
        (s + 1) / 4,
        ((5 * s + 16) * s + 3) / 96,
        (((3 * s + 19) * s + 17) * s - 15) / 384,
        ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    )
    start = z * (1 + sum(term / float(freedom) ** (i + 1) for i, term in enumerate(terms)))
    if freedom >= 1000:
        return start
    half = freedom / 2
    log_scale = math.lgamma(half + 0.5) - math.lgamma(half) - 0.5 * math.log(math.pi)

    def outside(t: float) -> float:
        """The probability of being further from 0 than *t*."""
        x = freedom / (freedom + t * t)
        rest = t * t / (freedom + t * t)
        front = math.exp(log_scale + half * math.log(x) + 0.5 * math.log(rest))
        if x <= (half + 1) / (half + 2.5):
            return front / half * _fraction(half, 0.5, x)
        return 1 - 2 * front * _fraction(0.5, half, rest)

    def density(t: float) -> float:
        return 2 * math.exp(log_scale - (half + 0.5) * math.log1p(t * t / freedom) - 0.5 * math.log(freedom))

    high = max(2 * start, 1.0)
    while outside(high) > 1 - level:
        high *= 2
    return solve(lambda t: (1 - level - outside(t), density(t)), start, low=0.0, high=high)


def solve(function: Callable[[float], tuple[float, float]], start: float, *, low: float, high: float) -> float:
    """The root of an increasing function given with its slope: Newton's steps, halving when one leaves the bracket."""
    x = start if low < start < high else (low + high) / 2
    for _ in range(200):
        value, slope = function(x)
        if value > 0:
            high = x
        else:
            low = x
        following = x - value / slope if slope > 0 else -1.0
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 4e-16 * abs(x):
            return following
        x = following
    return x
