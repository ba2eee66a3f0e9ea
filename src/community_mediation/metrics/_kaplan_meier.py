"""Kaplan-Meier: how long it takes, when some have not got there yet.

Sources: E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481 (the estimate, events before
censorings at the same time); M. Greenwood 1926 (its variance); J. D. Kalbfleisch and
R. L. Prentice, The Statistical Analysis of Failure Time Data, 1980, § 1.4 (limits on the
scale of log(-log)); R. Brookmeyer and J. Crowley, Biometrics 38 (1982) 29-41 (limits of
the median by inverting them); J. P. Klein and M. L. Moeschberger, Survival Analysis, 2nd ed.
2003, § 4.6 (late entry).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import neg

import attrs

from community_mediation.metrics._intervals import LEVEL, Interval, normal_quantile
from community_mediation.metrics._numbers import Copied, Floats, Integers, product_limit, running, total
from community_mediation.metrics._walk import Steps, Walk, farthest, first_that, nearest
from community_mediation.metrics._watched import (
    SLACK,
    UNWATCHED,
    AtTime,
    SmallRiskSet,
    TimeReached,
    check_share,
    effective_number,
    log_log,
    place,
    small_risk_set,
    without_variance,
)


@attrs.frozen(kw_only=True)
class Step:
    """One time at which cases ended, left observation or came under it.

    Attributes:
        time: In microseconds.
        at_risk: Cases not ended and still watched just before.
        ended: Cases that ended at that time.
        censored: Cases last seen open at that time.
        survival: The estimated share still open after it.
        lower: Its lower pointwise limit; none where no variance can be told.
        upper: Its upper pointwise limit.
        entered: Cases that came under observation at that time, at risk of what happens after it.
    """

    time: int
    at_risk: int
    ended: int
    censored: int
    survival: float
    lower: float | None
    upper: float | None
    entered: int = 0


@attrs.frozen(kw_only=True, getstate_setstate=False)
class Curve(Copied):
    """The columns that the steps are made from.

    Attributes:
        walk: Who was watched when, and what happened.
        survival: The estimated share still open after each time.
        variance: That of its logarithm.
        z: How many standard deviations the limits are away.
    """

    walk: Walk
    survival: Floats
    variance: Floats
    level: float
    z: float

    @classmethod
    def through(cls, walk: Walk, level: float) -> Curve:
        """The product over the times, and Greenwood's sum."""
        survival, variance = product_limit(walk.at_risk, walk.ended)
        return cls(walk=walk, survival=survival, variance=variance, level=level, z=normal_quantile(level))

    @property
    def steps(self) -> Steps[Step]:
        """The steps, each made when it is asked for."""
        return Steps(self.step, range(len(self.survival)))

    def step(self, index: int) -> Step:
        """One step with its limits."""
        lower, upper = self.limits(index)
        walk = self.walk
        return Step(
            time=walk.time[index],
            at_risk=walk.at_risk[index],
            ended=walk.ended[index],
            censored=walk.gone[index],
            survival=self.survival[index],
            lower=lower,
            upper=upper,
            entered=walk.entered[index],
        )

    def limits(self, index: int) -> tuple[float | None, float | None]:
        """The pointwise limits after a step."""
        survival = self.survival[index]
        if survival == 1:
            return 1.0, 1.0
        if survival == 0:
            return None, None
        lower, upper = log_log(math.log(survival), self.variance[index], self.z)
        return math.exp(lower), math.exp(upper)

    def reached(self, share: float) -> TimeReached:
        """The first time at which the share had ended, with the limits by inverting those of the curve."""
        left = 1 - share + SLACK

        def below(index: int) -> bool:
            # Nothing lies below a survival of 0, so the lower limit there is 0 although no variance can be told.
            lower = self.limits(index)[0]
            return (0.0 if lower is None else lower) <= left

        def all_below(index: int) -> bool:
            upper = self.limits(index)[1]
            return upper is not None and upper <= left

        def loss(index: int) -> float:
            return -math.log(self.survival[index]) if self.survival[index] else math.inf

        def of_lower(first: int, last: int) -> float:
            low, high = loss(first), loss(last)
            return farthest(low, high, self.z * math.sqrt(self.variance[last])) if high < math.inf else high

        def of_upper(first: int, last: int) -> float:
            high = loss(last)
            return nearest(high, self.z * math.sqrt(self.variance[first])) if high < math.inf else high

        number, enough = len(self.survival), -math.log(left)
        here = bisect_left(self.survival, -left, key=neg)
        found = (
            here if here < number else None,
            first_that(number, below, of_lower, enough),
            first_that(number, all_below, of_upper, enough),
        )
        time, lower, upper = (None if index is None else self.walk.time[index] for index in found)
        return TimeReached(share=share, time=time, lower=lower, upper=upper, level=self.level)


@attrs.frozen(kw_only=True)
class Estimate:
    """The estimated curve with its median; times in microseconds, ``None`` for what is not reached.

    Attributes:
        cases: Cases in it.
        ended: Those that ended.
        median: The first time at which half have ended.
        lower: The lower limit of the median.
        upper: Its upper limit.
        steps: The curve, a sequence of `Step`; each is made when it is asked for.
        entered: Cases that came under observation late.
        since: The time before which nothing is told: the curve is that of cases not ended by then.
        trap: Where late entry makes the curve unsafe.
    """

    cases: int
    ended: int
    median: int | None
    lower: int | None
    upper: int | None
    level: float
    steps: Sequence[Step] = attrs.field(repr=False)
    entered: int = 0
    since: int | None = None
    trap: SmallRiskSet | None = None
    _curve: Curve = attrs.field(repr=False, eq=False)

    @property
    def censored(self) -> int:
        """Cases last seen open."""
        return self.cases - self.ended

    def at(self, time: int) -> AtTime:
        """The share still open after *time*, with its limits.

        Where none or all have ended no variance can be told: the limits are then the exact binomial ones of the
        effective number watched. Beyond the last time at which anybody was watched there is no share.

        Raises:
            InvalidQuery: A time that is no whole number of microseconds, or before ``since``.
        """
        curve = self._curve
        index, watched, reason = place(curve.walk, curve.survival, time, self.since)
        if reason:
            return AtTime(time=time, share=None, interval=None, at_risk=0, reason=reason)
        step = self.steps[index] if index >= 0 else None
        share = step.survival if step else 1.0
        limits: Interval | None
        if step and 0 < share < 1 and step.lower is not None and step.upper is not None:
            limits = Interval(lower=step.lower, upper=step.upper, method="log(-log), Greenwood", level=self.level)
        else:
            number = effective_number(curve.walk, curve.survival, index, time)
            limits = without_variance(number, self.level, all_of_them=share == 1)
        return AtTime(time=time, share=share, interval=limits, at_risk=watched, reason="" if limits else UNWATCHED)

    def quantile(self, share: float | Fraction) -> TimeReached:
        """The first time at which *share* of the cases had ended, with its Brookmeyer-Crowley limits: 0.9 for the p90.

        Raises:
            InvalidQuery: The share is not between 0 and 1.
        """
        return self._curve.reached(check_share(share))


def kaplan_meier(
    ended: Mapping[int, int],
    censored: Mapping[int, int],
    level: float = LEVEL,
    *,
    entries: Mapping[int, int] | None = None,
    since: int | None = None,
) -> Estimate:
    """The curve from a risk table: how many ended, and how many were last seen open, at each time.

    Args:
        ended: How many ended after each time, in microseconds.
        censored: How many were last seen open.
        level: Of the limits.
        entries: How many of these came under observation late, and after which time. Such a case is at risk of what
            happens strictly after it; those not among the entries are watched from the start.
        since: Tell about the cases not ended by this time; see `SmallRiskSet` for why.

    Raises:
        InvalidValue: The table is none: counts that are no numbers of cases, or more leave than are watched.
    """
    return estimated(Walk.of(ended, censored, entries), level, since=since)


def estimated(whole: Walk, level: float = LEVEL, *, since: int | None = None) -> Estimate:
    """The curve of a walk."""
    walk = whole.since(since)
    curve = Curve.through(walk, level)
    median = curve.reached(0.5)
    ends = total(walk.ended)
    return Estimate(
        cases=ends + total(walk.gone),
        ended=ends,
        median=median.time,
        lower=median.lower,
        upper=median.upper,
        level=level,
        steps=curve.steps,
        entered=total(walk.entered),
        since=since,
        trap=small_risk_set(whole, since) if total(whole.entered) else None,
        curve=curve,
    )


def plain_median(times: Sequence[int], cases: Integers) -> Fraction | None:
    """The median of *cases* after rising *times*, the mean of the two middle ones where they are even."""
    seen = running(cases)
    if not seen or not seen[-1]:
        return None
    below, above = (times[bisect_left(seen, place)] for place in ((seen[-1] + 1) // 2, seen[-1] // 2 + 1))
    return Fraction(below + above, 2)
