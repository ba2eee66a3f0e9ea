"""Arithmetic over whole columns of a risk table.

Each is written in the standard library, for a curve needs no packages. Where NumPy is installed, as it is with the
extra ``metrics``, long columns go through it: it does the very same operations in the same order, so that the results
are the same to the last bit. A long column is then a view of NumPy's own memory, and no copy; its cells are plain
numbers all the same.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import add, ge, mul, sub
from typing import Any, Final, TypeAlias

import attrs

from community_mediation.errors import InvalidValue

Integers: TypeAlias = "array[int] | memoryview[int]"
"""A column of 64-bit whole numbers."""

Floats: TypeAlias = "array[float] | memoryview[float]"
"""A column of floats."""

LONG: Final = 5_000
"""From how many numbers on a column is long."""

_EXACT: Final = 90_000_000
"""The square of a larger number is no exact float."""

BLOCK: Final = 16_384
"""How many of them are taken at a time."""


def whole_numbers(numbers: Iterable[int]) -> array[int]:
    """A column of whole numbers.

    Raises:
        InvalidValue: A number of more than 64 bits.
    """
    try:
        return array("q", numbers)
    except OverflowError:
        raise InvalidValue("a risk table with numbers of more than 64 bits") from None


def nothing(number: int) -> Integers:
    """A column of so many zeros."""
    np = _numpy(number)
    return array("q", bytes(8 * number)) if np is None else view(np.zeros(number, np.int64))


def view(numbers: Any) -> memoryview[Any]:
    """A column that shows an array's 64-bit numbers."""
    return memoryview(numbers)


def total(column: Integers) -> int:
    """The sum."""
    np = _numpy(len(column))
    return sum(column) if np is None else int(np.asarray(column).sum())


def running(column: Integers) -> Integers:
    """The sums up to and with each."""
    np = _numpy(len(column))
    return whole_numbers(accumulate(column)) if np is None else view(np.asarray(column).cumsum())


def together(one: Integers, other: Integers) -> Integers:
    """The sum of two columns, number by number."""
    np = _numpy(len(one))
    return whole_numbers(map(add, one, other)) if np is None else view(np.asarray(one) + np.asarray(other))


def at_risk(first: int, ended: Integers, gone: Integers, entered: Integers) -> Integers:
    """How many are watched just before each time, of *first* at the beginning."""
    np = _numpy(len(ended))
    if np is not None:
        change = np.asarray(entered) - np.asarray(ended) - np.asarray(gone)
        return view(first + change.cumsum() - change)
    found = whole_numbers(accumulate(map(sub, entered, map(add, ended, gone)), initial=first))
    found.pop()
    return found


def all_as_many(most: Integers, least: Integers) -> bool:
    """Whether each of the first column is at least that of the second."""
    np = _numpy(len(most))
    return all(map(ge, most, least)) if np is None else bool((np.asarray(most) >= np.asarray(least)).all())


def product_limit(number: Integers, ended: Integers) -> tuple[Floats, Floats]:
    """The product of the shares that stay, and Greenwood's sum, up to and with each time.

    Where all end, the sum is infinite from then on. Where nobody was watched nothing ended either.
    """
    np = _numpy(len(number))
    if np is not None and int(np.asarray(number).max()) <= _EXACT:
        survival, sums = np.empty(len(number)), np.empty(len(number))
        open_, grown = 1.0, 0.0
        for here in _blocks(len(number)):
            # Floats divide faster, and up to there they are exact. Of nobody, nobody stays or goes, and nothing grows.
            watched, events = (
                np.maximum(np.asarray(number)[here], 1).astype(float),
                np.asarray(ended)[here].astype(float),
            )
            staying = watched - events
            shares = staying / watched
            with np.errstate(divide="ignore"):
                growing = events / (watched * staying)
            shares[0] *= open_
            growing[0] += grown
            open_, grown = shares.cumprod(out=survival[here])[-1], growing.cumsum(out=sums[here])[-1]
        return view(survival), view(sums)
    pairs = list(zip(number, ended, strict=True))
    stay = ((watched - events) / watched if events else 1.0 for watched, events in pairs)
    grow = (
        (events / (watched * (watched - events)) if events < watched else math.inf) if events else 0.0
        for watched, events in pairs
    )
    return array("d", accumulate(stay, mul)), array("d", accumulate(grow))


def incidences(
    number: Integers, causes: Sequence[Integers], survival: Floats, greenwood: Floats
) -> list[tuple[Floats, Floats]]:
    """For each cause, by how many ended at each time: the share ended so up to and with it, and its variance.

    *survival* and *greenwood* are those of `product_limit` over the ends of all causes. With a gain ``g = S h`` in the
    share at each time, for the share ``S`` still open and Greenwood's sum ``G`` just before it, and the hazard ``h``
    among ``n`` watched, the covariance of ``S`` with the share so far is ``S C``, where ``C`` is the sum of
    ``g (G - 1/n)`` over the times before, and the variance the sum of ``g (2 C + g G + S (1 - h) / n)``. These are the
    recursions of the covariance matrix, solved: no large sums are subtracted from each other at the end, as in the
    closed formula of the textbooks, and the variance stays as it is while others end.
    """
    if (np := _numpy(len(number))) is None:
        return [_incidence(number, ended, survival, greenwood) for ended in causes]
    found = [(np.empty(len(number)), np.empty(len(number))) for _ in causes]
    carried = [(0.0, 0.0, 0.0) for _ in causes]
    open_, grown = 1.0, 0.0
    for here in _blocks(len(number)):
        watched = np.maximum(np.asarray(number)[here], 1).astype(float)
        before, sums = (
            np.concatenate(([first], column[here][:-1])) for first, column in ((open_, survival), (grown, greenwood))
        )
        open_, grown = survival[here][-1], greenwood[here][-1]
        # Where nobody is left nothing is gained, whatever the sum.
        sums[before == 0] = 0
        without = sums - 1 / watched
        for which, ended in enumerate(causes):
            share, variance, with_open = carried[which]
            hazard = np.asarray(ended)[here] / watched
            gain = before * hazard
            covariances = np.concatenate(([with_open], gain * without)).cumsum()
            grow = gain * (2 * covariances[:-1] + gain * sums + before * (1 - hazard) / watched)
            gain[0] += share
            grow[0] += variance
            shares, variances = (column[here] for column in found[which])
            carried[which] = gain.cumsum(out=shares)[-1], grow.cumsum(out=variances)[-1], covariances[-1]
    return [(view(share), view(variance)) for share, variance in found]


def _incidence(
    number: Integers, ended: Integers, survival: Floats, greenwood: Floats
) -> tuple[array[float], array[float]]:
    share = variance = with_open = sums = 0.0
    before = 1.0
    shares, variances = array("d"), array("d")
    for watched, events, after, sums_after in zip(number, ended, survival, greenwood, strict=True):
        if events and before:
            hazard = events / watched
            gain = before * hazard
            variance += gain * (2 * with_open + gain * sums + before * (1 - hazard) / watched)
            with_open += gain * (sums - 1 / watched)
            share += gain
        shares.append(share)
        variances.append(variance)
        before, sums = after, sums_after
    return shares, variances


def _blocks(length: int) -> Iterator[slice]:
    """Pieces that stay in the processor's cache: new memory for a long column costs more than the arithmetic."""
    return (slice(start, start + BLOCK) for start in range(0, length, BLOCK))


def _numpy(length: int) -> Any:
    """NumPy, if it is there and worth it."""
    if length < LONG:
        return None
    try:
        import numpy as np
    except ImportError:
        return None
    return np


class Copied:
    """A base of attrs classes with columns: pickled and deeply copied they hold the numbers themselves."""

    __slots__ = ()

    def __getstate__(self) -> dict[str, Any]:
        fields = attrs.fields(type(self))  # type: ignore[arg-type]
        return {field.name: _own(getattr(self, field.name)) for field in fields}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)


def _own(value: Any) -> Any:
    """The value, or if it is a view, what it shows."""
    if not isinstance(value, memoryview):
        return value
    found = array("d" if value.format == "d" else "q")
    found.frombytes(value.cast("B"))
    return found
