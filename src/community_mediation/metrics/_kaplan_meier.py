"""Kaplan-Meier: how long it takes, when some have not got there yet.

Sources: E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481 (the estimate, events before
censorings at the same time); M. Greenwood 1926 (its variance); J. D. Kalbfleisch and
R. L. Prentice, The Statistical Analysis of Failure Time Data, 1980, § 1.4 (limits on the
scale of log(-log)); R. Brookmeyer and J. Crowley, Biometrics 38 (1982) 29-41 (limits of
the median by inverting them).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.metrics._intervals import LEVEL, normal_quantile

# A product of fractions may miss one half by its last bits; the median must not slip by one case for it.
_HALF: Final = 0.5 + 1e-12


@attrs.frozen(kw_only=True)
class Step:
    """One time at which cases ended or left observation.

    Attributes:
        time: In microseconds.
        at_risk: Cases not ended and still watched just before.
        ended: Cases that ended at that time.
        censored: Cases last seen open at that time.
        survival: The estimated share still open after it.
        lower: Its lower pointwise limit; none where no variance can be told.
        upper: Its upper pointwise limit.
    """

    time: int
    at_risk: int
    ended: int
    censored: int
    survival: float
    lower: float | None
    upper: float | None


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
    """

    cases: int
    ended: int
    median: int | None
    lower: int | None
    upper: int | None
    level: float
    steps: tuple[Step, ...] = attrs.field(repr=False)

    @property
    def censored(self) -> int:
        """Cases last seen open."""
        return self.cases - self.ended


def kaplan_meier(ended: Mapping[int, int], censored: Mapping[int, int], level: float = LEVEL) -> Estimate:
    """The curve from a risk table: how many ended, and how many were last seen open, at each time."""
    z = normal_quantile(level)
    cases = at_risk = sum(ended.values()) + sum(censored.values())
    survival, variance = 1.0, 0.0
    steps: list[Step] = []
    for time in sorted({*ended, *censored}):
        events, leaving = ended.get(time, 0), censored.get(time, 0)
        if events:
            survival *= (at_risk - events) / at_risk
            variance += events / (at_risk * (at_risk - events)) if events < at_risk else math.inf
        lower, upper = _limits(survival, variance, z)
        steps.append(
            Step(
                time=time,
                at_risk=at_risk,
                ended=events,
                censored=leaving,
                survival=survival,
                lower=lower,
                upper=upper,
            )
        )
        at_risk -= events + leaving
    return Estimate(
        cases=cases,
        ended=sum(ended.values()),
        median=next((step.time for step in steps if step.survival <= _HALF), None),
        # Nothing lies below a survival of 0, so the lower limit there is 0 although no variance can be told.
        lower=next((s.time for s in steps if (0.0 if s.lower is None else s.lower) <= _HALF), None),
        upper=next((step.time for step in steps if step.upper is not None and step.upper <= _HALF), None),
        level=level,
        steps=tuple(steps),
    )


def _limits(survival: float, variance: float, z: float) -> tuple[float | None, float | None]:
    if survival == 1:
        return 1.0, 1.0
    if survival == 0:
        return None, None
    log = math.log(survival)
    spread = z * math.sqrt(variance) / abs(log)
    return math.exp(log * math.exp(spread)), math.exp(log * math.exp(-spread))


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
