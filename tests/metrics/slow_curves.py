"""The curves step by step, each step with its limits, as the definitions have them: the oracle of the columns.

Every float is made by the same operations in the same order, so what is compared is equal, not close.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs

from community_mediation.metrics import Step
from community_mediation.metrics._incidence import IncidenceStep
from community_mediation.metrics._intervals import LEVEL, normal_quantile
from community_mediation.metrics._watched import SLACK, log_log

Counts = Mapping[int, int]
Reached = tuple[int | None, int | None, int | None]
"""The time, and its lower and upper limit."""


def walk(ended: Counts, censored: Counts, entries: Counts) -> list[tuple[int, int, int, int, int]]:
    """Time, at risk just before, ended, last seen, came."""
    at_risk = sum(ended.values()) + sum(censored.values()) - sum(entries.values())
    found = []
    for time in sorted({*ended, *censored, *entries}):
        row = time, at_risk, ended.get(time, 0), censored.get(time, 0), entries.get(time, 0)
        at_risk += row[4] - row[2] - row[3]
        found.append(row)
    return found


def survival_steps(ended: Counts, censored: Counts, entries: Counts, since: int | None) -> list[Step]:
    """Kaplan-Meier, one step after the other."""
    survival, variance, steps = 1.0, 0.0, list[Step]()
    for time, at_risk, events, leaving, entered in walk(ended, censored, entries):
        if since is not None and time <= since:
            continue
        if events:
            survival *= (at_risk - events) / at_risk
            variance += events / (at_risk * (at_risk - events)) if events < at_risk else math.inf
        lower: float | None
        upper: float | None
        lower, upper = (1.0, 1.0) if survival == 1 else (None, None)
        if 0 < survival < 1:
            logs = log_log(math.log(survival), variance, normal_quantile(LEVEL))
            lower, upper = math.exp(logs[0]), math.exp(logs[1])
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
    return steps


def survival_reached(steps: Sequence[Step], share: float) -> Reached:
    """The first steps at which the curve and its limits are low enough."""
    left = 1 - share + SLACK
    return (
        next((step.time for step in steps if step.survival <= left), None),
        next((step.time for step in steps if (0.0 if step.lower is None else step.lower) <= left), None),
        next((step.time for step in steps if step.upper is not None and step.upper <= left), None),
    )


@attrs.define
class Cause:
    """The incidence of one cause with its variance, and its covariance with the share still open, by that share."""

    share: float = 0.0
    variance: float = 0.0
    with_open: float = 0.0

    def step(self, count: int, at_risk: int, survival: float, greenwood: float) -> None:
        """Take one time; *survival* and Greenwood's sum are those just before it."""
        if not count or not survival:
            return
        hazard = count / at_risk
        gain = survival * hazard
        self.variance += gain * (2 * self.with_open + gain * greenwood + survival * (1 - hazard) / at_risk)
        self.with_open += gain * (greenwood - 1 / at_risk)
        self.share += gain

    def limits(self) -> tuple[float | None, float | None]:
        """On the scale of log(-log(1 - F))."""
        left = 1 - self.share
        if self.share == 0 or left <= SLACK:
            return None, None
        upper, lower = log_log(math.log1p(-self.share), max(self.variance, 0.0) / left**2, normal_quantile(LEVEL))
        return -math.expm1(lower), -math.expm1(upper)


def incidence_steps(ended: Mapping[str, Counts], censored: Counts, entries: Counts) -> list[IncidenceStep]:
    """Aalen-Johansen, one step after the other."""
    together: dict[int, int] = {}
    for counts in ended.values():
        for time, count in counts.items():
            together[time] = together.get(time, 0) + count
    causes = [Cause() for _ in ended]
    survival, greenwood, steps = 1.0, 0.0, list[IncidenceStep]()
    for time, at_risk, events, leaving, entered in walk(together, censored, entries):
        here = tuple(counts.get(time, 0) for counts in ended.values())
        if events:
            for cause, count in zip(causes, here, strict=True):
                cause.step(count, at_risk, survival, greenwood)
            survival *= (at_risk - events) / at_risk
            greenwood += events / (at_risk * (at_risk - events)) if events < at_risk else math.inf
        limits = [cause.limits() for cause in causes]
        steps.append(
            IncidenceStep(
                time=time,
                at_risk=at_risk,
                ended=here,
                censored=leaving,
                entered=entered,
                survival=survival,
                incidence=tuple(cause.share for cause in causes),
                lower=tuple(lower for lower, _ in limits),
                upper=tuple(upper for _, upper in limits),
            )
        )
    return steps


def incidence_reached(steps: Sequence[IncidenceStep], which: int, share: float) -> Reached:
    """The first steps at which the curve and its limits are high enough."""
    enough = share - SLACK

    def first(values: Sequence[float | None]) -> int | None:
        found = zip(steps, values, strict=True)
        return next((step.time for step, value in found if value is not None and value >= enough), None)

    reached = first([step.incidence[which] for step in steps])
    early, late = first([step.upper[which] for step in steps]), first([step.lower[which] for step in steps])
    return reached, min((time for time in (reached, early) if time is not None), default=None), late
