"""Chance that is the same on every machine and in every Python: only ``Random.random`` is used, and plain arithmetic.

``random.Random`` promises to repeat its floats between 0 and 1 for a seed; how ``choice`` or ``gauss`` make values of
them has changed between versions, and logarithms differ in their last digit between machines.
"""

import itertools
import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, Self, TypeVar

import attrs

from community_mediation.errors import InvalidValue

T = TypeVar("T")
_BITS: Final = 64


def is_weight(value: object) -> bool:
    """Whether it is a number from 0 on, and finite."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


class Dice:
    """Chance from a key of whole numbers: the same key, the same throws."""

    __slots__ = ("_random", "random")

    def __init__(self, *key: int) -> None:
        self._random = random.Random()
        self.random = self._random.random
        self.begin(*key)

    def begin(self, *key: int) -> None:
        """Begin anew with another key."""
        number = 0
        for each in key:
            number = number << _BITS | each
        self._random.seed(number)

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, *limit*."""
        return int(self.random() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[int(self.random() * len(choices))]

    def chance(self, share: float) -> bool:
        """True in that share of all throws."""
        return self.random() < share

    def drawn(self, reached: Sequence[float]) -> int:
        """An index by weights, given as their running sums (``running``)."""
        return min(bisect_right(reached, self.random() * reached[-1]), len(reached) - 1)


def running(weights: Iterable[float]) -> tuple[float, ...]:
    """The running sums of weights, for ``Dice.drawn``."""
    # No `sum`: of floats it has not given the same in every Python.
    return tuple(itertools.accumulate(weights))


@attrs.frozen
class Spread:
    """How a number is spread, as quantiles: straight lines between them, and nothing beyond the ends.

    Attributes:
        quantiles: Pairs of a share (0 to 1) and the value below which that share lies, both rising; the first share
            is 0 and the last 1.

    Raises:
        InvalidValue: They do not rise, or do not run from 0 to 1.
    """

    quantiles: tuple[tuple[float, float], ...]

    def __attrs_post_init__(self) -> None:
        shares, values = self._columns()
        if (
            not all(map(is_weight, shares))
            or len(shares) < 2
            or shares[0] != 0
            or shares[-1] != 1
            or list(shares) != sorted(set(shares))
        ):
            raise InvalidValue("quantiles whose shares do not rise from 0 to 1", path="$.quantiles")
        if not all(map(is_weight, values)) or list(values) != sorted(values):
            raise InvalidValue("quantiles whose values do not rise from 0 or more", path="$.quantiles")

    @classmethod
    def quartiles(cls, least: float, quarter: float, half: float, three_quarters: float, most: float) -> Self:
        """A spread by its ends and its quartiles.

        Raises:
            InvalidValue: They do not rise from 0 or more.
        """
        return cls(((0, least), (0.25, quarter), (0.5, half), (0.75, three_quarters), (1, most)))

    def _columns(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        return tuple(share for share, _ in self.quantiles), tuple(value for _, value in self.quantiles)

    def at(self, share: float) -> float:
        """The value below which that share lies."""
        before = self.quantiles[0]
        for each in self.quantiles:
            if share <= each[0]:
                if each[0] == before[0]:
                    return each[1]
                return before[1] + (each[1] - before[1]) * (share - before[0]) / (each[0] - before[0])
            before = each
        return before[1]

    def whole(self, dice: Dice) -> int:
        """A whole number drawn from it: days, or money."""
        return int(self.at(dice.random()))

    def share_below(self, value: float) -> float:
        """The share that lies below *value*: of whole numbers drawn, those up to *n* lie below ``n + 1``."""
        before = self.quantiles[0]
        if value <= before[1]:
            return 0.0
        for each in self.quantiles:
            if value < each[1]:
                return before[0] + (each[0] - before[0]) * (value - before[1]) / (each[1] - before[1])
            before = each
        return 1.0

    @property
    def most(self) -> float:
        """The largest value."""
        return self.quantiles[-1][1]
