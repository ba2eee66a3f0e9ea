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
from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from community_mediation.metrics._intervals import LEVEL, Interval, normal_quantile
from community_mediation.metrics._watched import (
    SLACK,
    UNWATCHED,
    AtTime,
    SmallRiskSet,
    TimeReached,
    check_share,
    effective_number,
    log_log,
    moments,
    place,
    since_only,
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


@attrs.frozen(kw_only=True)
class Estimate:
    """The estimated curve with its median; times in microseconds, ``None`` for what is not reached.

    Attributes:
        cases: Cases in it.
        ended: Those that ended.
        median: The first time at which half have ended.
        lower: The lower limit of the median.
        upper: Its upper limit.
        steps: The curve.
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
    steps: tuple[Step, ...] = attrs.field(repr=False)
    entered: int = 0
    since: int | None = None
    trap: SmallRiskSet | None = None

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
        index, watched, reason = place(self.steps, time, self.since)
        if reason:
            return AtTime(time=time, share=None, interval=None, at_risk=0, reason=reason)
        step = self.steps[index] if index >= 0 else None
        share = step.survival if step else 1.0
        limits: Interval | None
        if step and 0 < share < 1 and step.lower is not None and step.upper is not None:
            limits = Interval(lower=step.lower, upper=step.upper, method="log(-log), Greenwood", level=self.level)
        else:
            number = effective_number(self.steps, index, time)
            limits = without_variance(number, self.level, all_of_them=share == 1)
        return AtTime(time=time, share=share, interval=limits, at_risk=watched, reason="" if limits else UNWATCHED)

    def quantile(self, share: float | Fraction) -> TimeReached:
        """The first time at which *share* of the cases had ended, with its Brookmeyer-Crowley limits: 0.9 for the p90.

        Raises:
            InvalidQuery: The share is not between 0 and 1.
        """
        return _reached(self.steps, check_share(share), self.level)


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
    z = normal_quantile(level)
    whole = moments(ended, censored, entries)
    survival, variance = 1.0, 0.0
    cases = ends = late = 0
    steps: list[Step] = []
    for time, at_risk, events, leaving, entered in since_only(whole, since):
        if events:
            survival *= (at_risk - events) / at_risk
            variance += events / (at_risk * (at_risk - events)) if events < at_risk else math.inf
        lower, upper = _limits(survival, variance, z)
        cases, ends, late = cases + events + leaving, ends + events, late + entered
        steps.append(
            Step(
                time=time,
                at_risk=at_risk,
                ended=events,
                censored=leaving,
                survival=survival,
                lower=lower,
                upper=upper,
                entered=entered,
            )
        )
    median = _reached(steps, 0.5, level)
    return Estimate(
        cases=cases,
        ended=ends,
        median=median.time,
        lower=median.lower,
        upper=median.upper,
        level=level,
        steps=tuple(steps),
        entered=late,
        since=since,
        trap=small_risk_set(whole, since) if entries else None,
    )


def _limits(survival: float, variance: float, z: float) -> tuple[float | None, float | None]:
    if survival == 1:
        return 1.0, 1.0
    if survival == 0:
        return None, None
    lower, upper = log_log(math.log(survival), variance, z)
    return math.exp(lower), math.exp(upper)


def _reached(steps: Sequence[Step], share: float, level: float) -> TimeReached:
    left = 1 - share + SLACK
    return TimeReached(
        share=share,
        time=next((step.time for step in steps if step.survival <= left), None),
        # Nothing lies below a survival of 0, so the lower limit there is 0 although no variance can be told.
        lower=next((s.time for s in steps if (0.0 if s.lower is None else s.lower) <= left), None),
        upper=next((step.time for step in steps if step.upper is not None and step.upper <= left), None),
        level=level,
    )


def plain_median(times: Mapping[int, int]) -> Fraction | None:
    """The median of those that ended, the mean of the two middle ones where they are even."""
    total = sum(times.values())
    if not total:
        return None
    below, seen = None, 0
    for time in sorted(times):
        seen += times[time]
        if below is None and seen >= (total + 1) // 2:
            below = time
        if below is not None and seen >= total // 2 + 1:
            return Fraction(below + time, 2)
    raise AssertionError("a median is reached")
