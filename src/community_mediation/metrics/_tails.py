"""Tail probabilities of the binomial and the Poisson distribution, in pure Python.

The point probabilities follow Loader's saddle-point expansion, which keeps full
precision where differences of log-gammas lose it (C. Loader, Fast and accurate
computation of binomial probabilities, 2000; the method of R's ``dbinom``). The tails
are the regularised incomplete beta function by its continued fraction, evaluated by
the modified Lentz method (W. J. Lentz 1976; NIST DLMF 8.17.22), and the finite Poisson sum.
"""

from __future__ import annotations

import math
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


def binomial_point(k: int, n: int, p: float) -> float:
    """The probability of exactly *k* of *n*, for ``0 < p < 1``."""
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


def binomial_at_least(k: int, n: int, p: float) -> float:
    """The probability of *k* or more of *n*, for ``1 <= k <= n`` and ``0 < p < 1``."""
    if p <= (k + 1) / (n + 2):
        return binomial_point(k, n, p) * (1 - p) * _fraction(k, n - k + 1, p) if k < n else binomial_point(k, n, p)
    return 1 - binomial_point(k - 1, n, p) * p * _fraction(n - k + 1, k, 1 - p)


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
