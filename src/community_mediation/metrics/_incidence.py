"""Cumulative incidence: how many have ended in one way by a time, where other ways of ending compete with it.

One less Kaplan-Meier, with the other ends taken as censored, would tell how many would end so if nothing else could
happen to them; the incidences of all ends and the share still open add up to one.

Sources: O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978) 141-150 (the estimate; it needs no
order among ends at the same time); P. K. Andersen, Ø. Borgan, R. D. Gill and N. Keiding, Statistical Models Based on
Counting Processes, 1993, § IV.4.1 (the Greenwood-type variance); E. Marubini and M. G. Valsecchi, Analysing Survival
Data, 1995, § 10.2 (the same in closed form, by the delta method); A. Allignol, M. Schumacher and J. Beyersmann,
Biometrical Journal 52 (2010) 126-137 (why this variance, above all with late entry); J. Beyersmann, A. Allignol and
M. Schumacher, Competing Risks and Multistate Models with R, 2012 (limits on the scale of log(-log(1 - F))).
With a single way of ending, the estimate and its limits are those of Kaplan-Meier.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
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
class IncidenceStep:
    """One time at which cases ended, left observation or came under it; the tuples go with `Incidence.causes`.

    Attributes:
        time: In microseconds.
        at_risk: Cases not ended and still watched just before.
        ended: Cases that ended at that time, by cause.
        censored: Cases last seen open at that time.
        entered: Cases that came under observation at that time, at risk of what happens after it.
        survival: The estimated share still open after it.
        incidence: The estimated share ended by then, by cause.
        lower: Its lower pointwise limit; none where no variance can be told, for nothing or all ended so.
        upper: Its upper pointwise limit.
    """

    time: int
    at_risk: int
    ended: tuple[int, ...]
    censored: int
    entered: int
    survival: float
    incidence: tuple[float, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@attrs.frozen(kw_only=True)
class Incidence:
    """The cumulative incidence of each way of ending; times in microseconds.

    Attributes:
        causes: The ways of ending, in the order that they were given.
        cases: Cases in it.
        ended: Those that ended, by cause.
        steps: The curves.
        entered: Cases that came under observation late.
        since: The time before which nothing is told: the curves are those of cases not ended by then.
        trap: Where late entry makes the curves unsafe.
    """

    causes: tuple[str, ...]
    cases: int
    ended: tuple[int, ...]
    level: float
    steps: tuple[IncidenceStep, ...] = attrs.field(repr=False)
    entered: int = 0
    since: int | None = None
    trap: SmallRiskSet | None = None

    @property
    def censored(self) -> int:
        """Cases last seen open."""
        return self.cases - sum(self.ended)

    def at(self, cause: str, time: int) -> AtTime:
        """The share that ended by *cause* up to and at *time*: the comparable figure, for it is of a fixed horizon.

        Where nothing or all ended so, no variance can be told: the limits are then the exact binomial ones of the
        effective number watched. Beyond the last time at which anybody was watched there is no share.

        Raises:
            InvalidQuery: No such cause, a time that is no whole number of microseconds, or one before ``since``.
        """
        which = self._which(cause)
        index, watched, reason = place(self.steps, time, self.since)
        if reason:
            return AtTime(time=time, share=None, interval=None, at_risk=0, reason=reason)
        step = self.steps[index] if index >= 0 else None
        share = step.incidence[which] if step else 0.0
        lower, upper = (step.lower[which], step.upper[which]) if step else (None, None)
        limits: Interval | None
        if lower is not None and upper is not None:
            limits = Interval(lower=lower, upper=upper, method="log(-log), Greenwood type", level=self.level)
        else:
            number = effective_number(self.steps, index, time)
            limits = without_variance(number, self.level, all_of_them=share > 0)
        return AtTime(time=time, share=share, interval=limits, at_risk=watched, reason="" if limits else UNWATCHED)

    def quantile(self, cause: str, share: float | Fraction) -> TimeReached:
        """The first time by which *share* of all cases had ended by *cause*, if it is reached; limits by inverting.

        Raises:
            InvalidQuery: No such cause, or a share that is not between 0 and 1.
        """
        which, enough = self._which(cause), check_share(share) - SLACK

        def first(of: str) -> int | None:
            for step in self.steps:
                value = getattr(step, of)[which]
                if value is not None and value >= enough:
                    return step.time
            return None

        # Nothing lies above an incidence of 1, so its upper limit is 1 although no variance can be told.
        early, reached = first("upper"), first("incidence")
        early = reached if early is None or (reached is not None and reached < early) else early
        return TimeReached(share=float(share), time=reached, lower=early, upper=first("lower"), level=self.level)

    def median(self, cause: str) -> TimeReached:
        """The time by which half of all cases had ended by *cause*; often never."""
        return self.quantile(cause, 0.5)

    def _which(self, cause: str) -> int:
        try:
            return self.causes.index(cause)
        except ValueError:
            raise InvalidQuery(f"No such way of ending. There are: {', '.join(self.causes)}.") from None


def cumulative_incidence(
    ended: Mapping[str, Mapping[int, int]],
    censored: Mapping[int, int],
    *,
    entries: Mapping[int, int] | None = None,
    since: int | None = None,
    level: float = LEVEL,
) -> Incidence:
    """The Aalen-Johansen estimate from a risk table, exact where ends of several kinds fall on the same time.

    Args:
        ended: By cause, how many ended after each time, in microseconds. Each case ends once.
        censored: How many were last seen open.
        entries: How many of these came under observation late, and after which time. Such a case is at risk of what
            happens strictly after it; those not among the entries are watched from the start.
        since: Tell about the cases not ended by this time; see `SmallRiskSet` for why.
        level: Of the limits.

    Raises:
        InvalidValue: No cause is named, or the table is none: counts that are no numbers of cases, or more leave than
            are watched.
    """
    if not ended:
        raise InvalidValue("a cumulative incidence of no way of ending", remedy="Name one, with or without cases.")
    z = normal_quantile(level)
    causes = tuple(ended)
    for counts in ended.values():
        # A sum over the causes could hide a negative count.
        moments(counts, {})
    together: Counter[int] = Counter()
    for counts in ended.values():
        together.update(counts)
    whole = moments(together, censored, entries)
    curves = [_Curve(z) for _ in causes]
    survival, variance = 1.0, 0.0
    cases = late = 0
    steps: list[IncidenceStep] = []
    nobody = (0,) * len(causes)
    incidence: tuple[float, ...] = (0.0,) * len(causes)
    lower: tuple[float | None, ...] = (None,) * len(causes)
    upper = lower
    for time, at_risk, events, leaving, entered in since_only(whole, since):
        here = nobody
        if events:
            here = tuple([counts.get(time, 0) for counts in ended.values()])
            stay = (at_risk - events) / at_risk
            for curve, count in zip(curves, here, strict=True):
                curve.step(count / at_risk, stay, at_risk, survival, variance)
            variance = variance * stay**2 + survival**2 * stay * (1 - stay) / at_risk
            survival *= stay
            incidence = tuple([curve.share for curve in curves])
            lower = tuple([curve.lower for curve in curves])
            upper = tuple([curve.upper for curve in curves])
        cases, late = cases + events + leaving, late + entered
        steps.append(
            IncidenceStep(
                time=time,
                at_risk=at_risk,
                ended=here,
                censored=leaving,
                entered=entered,
                survival=survival,
                incidence=incidence,
                lower=lower,
                upper=upper,
            )
        )
    return Incidence(
        causes=causes,
        cases=cases,
        ended=tuple(map(sum, zip(*(step.ended for step in steps), strict=True))) or nobody,
        level=level,
        steps=tuple(steps),
        entered=late,
        since=since,
        trap=small_risk_set(whole, since) if entries else None,
    )


@attrs.define
class _Curve:
    """The incidence of one cause with its variance, and its covariance with the share still open."""

    z: float
    share: float = 0.0
    variance: float = 0.0
    covariance: float = 0.0
    lower: float | None = None
    upper: float | None = None

    def step(self, hazard: float, stay: float, at_risk: int, survival: float, of_survival: float) -> None:
        """Take one time: *survival* and its variance are those just before it.

        The closed formula subtracts large sums from each other; this recursion of the covariance matrix does not, and
        leaves the incidence of a cause alone while others end.
        """
        seen = survival * survival / at_risk
        if hazard:
            self.variance += 2 * hazard * self.covariance + hazard**2 * of_survival + seen * hazard * (1 - hazard)
            self.share += survival * hazard
            self.lower, self.upper = self._limits()
        self.covariance = stay * (self.covariance + hazard * of_survival) - seen * hazard * stay

    def _limits(self) -> tuple[float | None, float | None]:
        """On the scale of log(-log(1 - F))."""
        left = 1 - self.share
        if self.share == 0 or left <= SLACK:
            return None, None
        upper, lower = log_log(math.log1p(-self.share), max(self.variance, 0.0) / left**2, self.z)
        return -math.expm1(lower), -math.expm1(upper)
