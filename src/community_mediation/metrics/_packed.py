"""One whole number for each case: after which time something became of it, what, and whether only its day is known.

Engines count by one number the fastest, and sort it the fastest; taken apart it is by columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.metrics._numbers import Integers, view

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

ENDED, OTHER, OPEN, LATER, CAME = KINDS = ("ended", "other", "open", "later", "came")
"""It got there; it ended otherwise; it was last seen open; it ended after it was last seen, and counts as open then;
it came under observation, besides what became of it."""

LEAVING: Final = (ENDED, OTHER, OPEN, LATER)
"""What becomes of a case in the end."""

_SHIFT: Final = 4

LONGEST: Final = (1 << 63 - _SHIFT) - 1
"""The longest time that can be told, in microseconds: some 18,000 years."""


def packed(time: nw.Expr, kinds: Mapping[str, nw.Expr], daily: nw.Expr) -> nw.Expr:
    """The number of a case that was not left out: *kinds* says which are of that kind, the others were seen open.

    The *time* is none below 0, nor above `LONGEST`. At most one kind is true of a case.
    """
    import narwhals.stable.v2 as nw

    kind = _mark(OPEN)
    for name, true in kinds.items():
        kind = nw.when(true).then(_mark(name)).otherwise(kind)
    one, none = (nw.lit(number, nw.Int64()) for number in (1, 0))
    return _shifted(time) + kind + nw.when(daily).then(one).otherwise(none)


def arrival(time: nw.Expr) -> nw.Expr:
    """The number of a case that came under observation then."""
    return _shifted(time) + _mark(CAME)


def _shifted(time: nw.Expr) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return time * nw.lit(1 << _SHIFT, nw.Int64())


def _mark(kind: str) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return nw.lit(2 * KINDS.index(kind), nw.Int64())


@attrs.frozen(eq=False)
class Unpacked:
    """What the numbers of some cases say.

    Attributes:
        left_out: How many cases have each number below 0.
        time: The different times of the others in their order.
        counts: By kind, how many cases after each time. Kinds without cases lack.
        by_day: Of how many cases only the day is known.
    """

    left_out: Mapping[int, int]
    time: Integers
    counts: Mapping[str, Integers]
    by_day: int


def unpacked(numbers: Any, cases: Any) -> Unpacked:
    """Take rising *numbers* apart (two arrays of NumPy); each stands for so many *cases*, and may stand there twice."""
    import numpy as np

    first = int(numbers.searchsorted(0))
    left_out: Counter[int] = Counter()
    for number, count in zip(numbers[:first].tolist(), cases[:first].tolist(), strict=True):
        left_out[number] += count
    codes, weights = numbers[first:], cases[first:]
    time = codes >> _SHIFT
    starts = np.flatnonzero(np.concatenate(([True], time[1:] != time[:-1]))) if len(time) else np.arange(0)
    # Exact times are mostly all different, and each of one case.
    alone, single = len(starts) == len(time), bool((weights == 1).all())
    marks = (codes & (1 << _SHIFT) - 1).astype(np.uint8)
    kinds, daily = marks >> 1, (marks & 1).astype(bool)
    counts = {}
    for number, kind in enumerate(KINDS):
        if (these := kinds == number).any():
            column = these.astype(np.int64) if single else these * weights
            counts[kind] = view(column if alone else np.add.reduceat(column, starts))
    by_day = int(weights[daily].sum())
    return Unpacked(left_out, view(time if alone else time[starts]), counts, by_day)
