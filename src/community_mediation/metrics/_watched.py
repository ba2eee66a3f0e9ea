"""What every curve says at a time, and where few were watched."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._intervals import LEVEL, Interval
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._walk import Walk

FEW: Final = 10
"""Below so many at risk, one end moves the curve by more than a tenth."""

# A product of fractions may miss a share by its last bits; a quantile must not slip by one case for it.
SLACK: Final = 1e-12


@attrs.frozen(kw_only=True)
class SmallRiskSet:
    """Where late entry makes a curve unsafe: few were watched early, and more came later.

    One end among the few pulls down all that follows, and where the last one watched ends, the curve is 0 for ever,
    however many come later. The usual cure is to start the curve where enough are watched (``since``): it then tells
    about cases not ended by that time. Sources: Klein and Moeschberger 2003, § 4.6; T. L. Lai and Z. Ying, Annals of
    Statistics 19 (1991) 417-442.

    Attributes:
        time: The first time at which it happened, in microseconds.
        at_risk: Cases at risk just before.
        kind: ``fell to 0``, ``nobody watched`` or ``few watched``, the worst that happened; few are less than ten at an
            end, where ten or more were watched later.
        safe_since: To be given as ``since``: no end after it is of a small risk set. None if nothing ended after it.
    """

    time: int
    at_risk: int
    kind: str
    safe_since: int | None

    def __str__(self) -> str:
        what = {
            "fell to 0": "all who were watched had ended, and others came later: the curve stays at 0",
            "nobody watched": "nobody was watched, and others came later: what happened then is unseen",
            "few watched": f"an end among only {self.at_risk} watched moves all that follows",
        }[self.kind]
        return f"small risk set: {what}; give since= to start where enough are watched"


@attrs.frozen(kw_only=True)
class AtTime:
    """What a curve says at one time.

    Attributes:
        time: In microseconds.
        share: The estimated share; none where nobody was watched so long.
        interval: Its limits; none without a share.
        at_risk: Cases still watched just before that time.
        reason: Why there is no share, or no interval.
    """

    time: int
    share: float | None
    interval: Interval | None
    at_risk: int
    reason: str = ""

    def __str__(self) -> str:
        if self.share is None:
            return self.reason
        limits = self.interval or f"no limits: {self.reason}"
        return f"{half_up(Fraction(100 * self.share), 1)} %, {limits}; {self.at_risk:,} still watched"


@attrs.frozen(kw_only=True)
class TimeReached:
    """The time by which a share had ended; ``None`` for what is not reached.

    Attributes:
        share: The share, between 0 and 1.
        time: The first time at which it had ended, in microseconds.
        lower: The lower limit of that time.
        upper: Its upper limit.
    """

    share: float
    time: int | None
    lower: int | None
    upper: int | None
    level: float = LEVEL


def small_risk_set(walk: Walk, since: int | None = None) -> SmallRiskSet | None:
    """The trap of late entry, if the walk fell into it.

    It is looked for up to the last arrival: after it the risk set only shrinks, as it does in every curve.
    """
    last = max((time for time, entered in zip(walk.time, walk.entered, strict=True) if entered), default=None)
    if last is None:
        return None
    start = -math.inf if since is None else since
    # From the last arrival back: a set is small only beside what it grows to later.
    later, found = 0, dict[str, tuple[int, int]]()
    safe: int | None = None
    for index in range(len(walk.time) - 1, -1, -1):
        time, at_risk, ended, censored = walk.time[index], walk.at_risk[index], walk.ended[index], walk.gone[index]
        emptied = time <= last and at_risk <= ended + censored
        few = time <= last and ended > 0 and at_risk < FEW <= later
        later = max(later, at_risk)
        if not (emptied or few):
            continue
        safe = time if safe is None else safe
        if time <= start:
            break
        unseen = at_risk or index == 0 or walk.time[index - 1] <= start
        kind = "fell to 0" if ended and ended == at_risk else "nobody watched" if emptied else "few watched"
        if unseen or kind == "few watched":
            found[kind] = time, at_risk
    if not found:
        return None
    kind = next(kind for kind in ("fell to 0", "nobody watched", "few watched") if kind in found)
    return SmallRiskSet(
        time=found[kind][0],
        at_risk=found[kind][1],
        kind=kind,
        safe_since=safe if safe is not None and any(walk.since(safe).ended) else None,
    )


def place(curve: Walk, survival: Sequence[float], time: int, since: int | None) -> tuple[int, int, str]:
    """Which step holds at *time* (-1 before the first), how many were watched just before it, and why none may be."""
    if type(time) is not int or time < 0:
        raise InvalidQuery("A time on a curve is a whole number of microseconds, 0 or more.")
    if since is not None and time < since:
        raise InvalidQuery("A time before the one since which the curve tells.")
    times = curve.time
    index, here = bisect_right(times, time) - 1, bisect_left(times, time)
    watched = curve.at_risk[here] if here < len(times) else 0
    if not times:
        return index, 0, "no cases"
    if index == len(times) - 1 and time > times[-1] and survival[-1] > 0:
        return index, 0, "nobody was watched that long"
    if index < 0 and not watched:
        return index, 0, "nobody was watched yet"
    return index, watched, ""


def effective_number(curve: Walk, survival: Sequence[float], index: int, time: int) -> float:
    """How many cases watched from the start to *time* would tell as much: for where no variance can be told.

    The number still watched divided by the share that has not ended (F. J. Dorey and E. L. Korn, Statistics in
    Medicine 6 (1987) 679-687, after R. Peto et al., British Journal of Cancer 35 (1977) 1-39). With late entry it is
    the least that it ever was: what is unseen may have happened where fewest were watched.
    """
    before, least = 1.0, math.inf
    for at_risk, after in zip(curve.at_risk[: index + 1], survival, strict=False):
        if before > 0:
            least = min(least, at_risk / before)
        before = after
    if before > 0 and index + 1 < len(survival) and (index < 0 or time > curve.time[index]):
        least = min(least, curve.at_risk[index + 1] / before)
    return least


UNWATCHED: Final = "for a time nobody was watched"


def without_variance(number: float, level: float, *, all_of_them: bool) -> Interval | None:
    """The exact binomial limits of a share that holds of all of *number* cases, or of none."""
    if number == 0:
        return None
    unseen = -math.expm1(math.log((1 - level) / 2) / number)
    lower, upper = (1 - unseen, 1.0) if all_of_them else (0.0, unseen)
    return Interval(lower=lower, upper=upper, method="exact, effective number watched", level=level)


def log_log(log_share: float, variance: float, z: float) -> tuple[float, float]:
    """The limits of the logarithm of a share, found on the scale of log(-log); *variance* is that of the logarithm."""
    spread = z * math.sqrt(variance) / abs(log_share)
    return log_share * math.exp(spread), log_share * math.exp(-spread)


def check_share(share: float | Fraction) -> float:
    """A share of cases as a number between 0 and 1.

    Raises:
        InvalidQuery: It is not between them.
    """
    if not 0 < share < 1:
        raise InvalidQuery("A share of cases is between 0 and 1: the median is 0.5, the ninetieth percentile 0.9.")
    return float(share)
