"""How a count varies by chance alone, for funnels: among cases, over time, and given what all units had together."""

from __future__ import annotations

import math
from typing import Protocol

import attrs

from community_mediation.metrics._tails import binomial_at_least, binomial_point, poisson_point


class Law(Protocol):
    """The distribution of a count."""

    @property
    def mean(self) -> float:
        """The expected count."""
        ...

    @property
    def variance(self) -> float:
        """Its variance."""
        ...

    @property
    def lowest(self) -> int:
        """The least count that is possible."""
        ...

    @property
    def highest(self) -> float:
        """The largest, which may be infinity."""
        ...

    def point(self, r: int) -> float:
        """The probability of exactly *r*, a possible count."""
        ...

    def at_most(self, r: int) -> float:
        """The probability of *r* or fewer."""
        ...

    def at_least(self, r: int) -> float:
        """The probability of *r* or more."""
        ...


@attrs.frozen
class Binomial:
    """Of *n* cases, each with the probability *p*."""

    n: int
    p: float

    @property
    def mean(self) -> float:
        """The expected count."""
        return self.n * self.p

    @property
    def variance(self) -> float:
        """Its variance."""
        return self.n * self.p * (1 - self.p)

    @property
    def lowest(self) -> int:
        """None of them, or all if it is certain."""
        return self.n if self.p == 1 else 0

    @property
    def highest(self) -> int:
        """All of them, or none if it cannot be."""
        return 0 if self.p == 0 else self.n

    def point(self, r: int) -> float:
        """The probability of exactly *r*."""
        return 1.0 if self.p in (0, 1) else binomial_point(r, self.n, self.p)

    def at_most(self, r: int) -> float:
        """The probability of *r* or fewer."""
        if r < self.lowest:
            return 0.0
        return 1.0 if r >= self.highest else binomial_at_least(self.n - r, self.n, 1 - self.p)

    def at_least(self, r: int) -> float:
        """The probability of *r* or more."""
        if r > self.highest:
            return 0.0
        return 1.0 if r <= self.lowest else binomial_at_least(r, self.n, self.p)


@attrs.frozen
class Poisson:
    """A count over a time, of which *mean* is expected."""

    mean: float

    @property
    def variance(self) -> float:
        """Its variance."""
        return self.mean

    @property
    def lowest(self) -> int:
        """Nothing."""
        return 0

    @property
    def highest(self) -> float:
        """No bound."""
        return math.inf if self.mean else 0

    def point(self, r: int) -> float:
        """The probability of exactly *r*."""
        return poisson_point(r, self.mean) if self.mean else 1.0

    def at_most(self, r: int) -> float:
        """The probability of *r* or fewer."""
        return _at_most(self, r, lambda i: i / self.mean, lambda i: self.mean / (i + 1))

    def at_least(self, r: int) -> float:
        """The probability of *r* or more."""
        return _at_least(self, r, lambda i: i / self.mean, lambda i: self.mean / (i + 1))


@attrs.frozen
class Hypergeometric:
    """Of *n* out of *size* cases of which *marked* count: what one unit has, given what all units have together."""

    n: int
    marked: int
    size: int

    @property
    def mean(self) -> float:
        """The expected count."""
        return self.n * self.marked / self.size

    @property
    def variance(self) -> float:
        """Its variance."""
        share = self.marked / self.size
        return self.n * share * (1 - share) * (self.size - self.n) / max(self.size - 1, 1)

    @property
    def lowest(self) -> int:
        """What the rest cannot hold."""
        return max(0, self.n + self.marked - self.size)

    @property
    def highest(self) -> int:
        """All cases of the unit, or all that count."""
        return min(self.n, self.marked)

    def point(self, r: int) -> float:
        """The probability of exactly *r*: from three binomial ones, which keep their precision for any size."""
        if self.lowest == self.highest:
            return 1.0
        p, rest = self.marked / self.size, self.size - self.n
        own, other = binomial_point(r, self.n, p), binomial_point(self.marked - r, rest, p)
        return own * other / binomial_point(self.marked, self.size, p)

    def _down(self, i: int) -> float:
        return i * (self.size - self.n - self.marked + i) / ((self.n - i + 1) * (self.marked - i + 1))

    def _up(self, i: int) -> float:
        return (self.n - i) * (self.marked - i) / ((i + 1) * (self.size - self.n - self.marked + i + 1))

    def at_most(self, r: int) -> float:
        """The probability of *r* or fewer."""
        return _at_most(self, r, self._down, self._up)

    def at_least(self, r: int) -> float:
        """The probability of *r* or more."""
        return _at_least(self, r, self._down, self._up)


class _Step(Protocol):
    """The probability of the neighbour of *i*, over that of *i*."""

    def __call__(self, i: int, /) -> float: ...


def _at_most(law: Poisson | Hypergeometric, r: int, down: _Step, up: _Step) -> float:
    if r < law.lowest:
        return 0.0
    if r >= law.highest:
        return 1.0
    # The shorter tail is summed; one less the longer one keeps nothing of it.
    return _sum(law, r, down, -1) if r <= law.mean else 1 - _sum(law, r + 1, up, 1)


def _at_least(law: Poisson | Hypergeometric, r: int, down: _Step, up: _Step) -> float:
    if r > law.highest:
        return 0.0
    if r <= law.lowest:
        return 1.0
    return _sum(law, r, up, 1) if r > law.mean else 1 - _sum(law, r - 1, down, -1)


def _sum(law: Poisson | Hypergeometric, r: int, ratio: _Step, way: int) -> float:
    term = total = law.point(r)
    while law.lowest <= r + way <= law.highest:
        term *= ratio(r)
        total += term
        r += way
        # Also where all of it underflows: 0 is no less than 0.
        if term <= total * 1e-17:
            break
    return total
