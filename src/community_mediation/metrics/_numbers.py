"""Arithmetic over whole columns of a risk table.

Each is written in the standard library, for a curve needs no packages. Where NumPy is installed, as it is with the
extra ``metrics``, long columns go through it: it does the very same operations in the same order, so that the results
are the same to the last bit.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from itertools import accumulate
from operator import add, ge, mul, sub
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidValue

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

LONG: Final = 5_000
"""From how many numbers on a column is long."""

_EXACT: Final = 90_000_000
"""The square of a larger number is no exact float."""

_CHUNK: Final = 1 << 20


def whole_numbers(numbers: Iterable[int]) -> array[int]:
    """A column of whole numbers.

    Raises:
        InvalidValue: A number of more than 64 bits.
    """
    try:
        return array("q", numbers)
    except OverflowError:
        raise InvalidValue("a risk table with numbers of more than 64 bits") from None


def nothing(number: int) -> array[int]:
    """A column of so many zeros."""
    return array("q", bytes(8 * number))


def column_of(series: nw.Series[Any]) -> array[int]:
    """A column of an engine's 64-bit whole numbers."""
    found = array("q")
    if (np := _numpy(len(series))) is not None:
        return _back(np.ascontiguousarray(series.to_numpy(), dtype=np.int64))
    # In pieces: a list of all of them would take five times the room.
    for start in range(0, len(series), _CHUNK):
        found.fromlist(series[start : start + _CHUNK].to_list())
    return found


def total(column: array[int]) -> int:
    """The sum."""
    np = _numpy(len(column))
    return sum(column) if np is None else int(_as(np, column).sum())


def running(column: array[int]) -> array[int]:
    """The sums up to and with each."""
    np = _numpy(len(column))
    return whole_numbers(accumulate(column)) if np is None else _back(_as(np, column).cumsum())


def together(one: array[int], other: array[int]) -> array[int]:
    """The sum of two columns, number by number."""
    np = _numpy(len(one))
    return whole_numbers(map(add, one, other)) if np is None else _back(_as(np, one) + _as(np, other))


def at_risk(first: int, ended: array[int], gone: array[int], entered: array[int]) -> array[int]:
    """How many are watched just before each time, of *first* at the beginning."""
    np = _numpy(len(ended))
    if np is not None:
        change = _as(np, entered) - _as(np, ended) - _as(np, gone)
        return _back(first + change.cumsum() - change)
    found = whole_numbers(accumulate(map(sub, entered, map(add, ended, gone)), initial=first))
    found.pop()
    return found


def all_as_many(most: array[int], least: array[int]) -> bool:
    """Whether each of the first column is at least that of the second."""
    np = _numpy(len(most))
    return all(map(ge, most, least)) if np is None else bool((_as(np, most) >= _as(np, least)).all())


def product_limit(number: array[int], ended: array[int]) -> tuple[array[float], array[float]]:
    """The product of the shares that stay, and Greenwood's sum, up to and with each time.

    Where all end, the sum is infinite from then on. Where nobody was watched nothing ended either.
    """
    np = _numpy(len(number), max(number, default=0))
    if np is not None:
        watched, events = _as(np, number), _as(np, ended)
        staying = np.ones(len(watched))
        growing = np.zeros(len(watched))
        some = events > 0
        np.divide(watched - events, watched, out=staying, where=some)
        with np.errstate(divide="ignore"):
            np.divide(events, watched * (watched - events), out=growing, where=some)
        return _back(staying.cumprod(), "d"), _back(growing.cumsum(), "d")
    pairs = list(zip(number, ended, strict=True))
    stay = ((watched - events) / watched if events else 1.0 for watched, events in pairs)
    grow = (
        (events / (watched * (watched - events)) if events < watched else math.inf) if events else 0.0
        for watched, events in pairs
    )
    return array("d", accumulate(stay, mul)), array("d", accumulate(grow))


def _numpy(length: int, most: int = 0) -> Any:
    """NumPy, if it is there and worth it."""
    if length < LONG or most > _EXACT:
        return None
    try:
        import numpy as np
    except ImportError:
        return None
    return np


def _as(np: Any, column: array[Any]) -> Any:
    return np.frombuffer(column, dtype=column.typecode)


def _back(numbers: Any, code: str = "q") -> array[Any]:
    found = array(code)
    found.frombytes(memoryview(numbers).cast("B"))
    return found
