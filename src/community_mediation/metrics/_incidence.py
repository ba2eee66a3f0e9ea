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
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._intervals import LEVEL, Interval, normal_quantile
from community_mediation.metrics._numbers import (
    Copied,
    Floats,
    Integers,
    incidences,
    product_limit,
    total,
    whole_numbers,
)
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


@attrs.frozen(kw_only=True, getstate_setstate=False)
class CauseCurve(Copied):
    """The columns of one cause.

    Attributes:
        ended: Cases that ended so, at each time.
        share: The estimated share ended so by then.
        variance: Its variance.
        z: How many standard deviations the limits are away.
    """

    ended: Integers
    share: Floats
    variance: Floats
    z: float

    def limits(self, index: int) -> tuple[float | None, float | None]:
        """On the scale of log(-log(1 - F))."""
        share = self.share[index]
        left = 1 - share
        if share == 0 or left <= SLACK:
            return None, None
        upper, lower = log_log(math.log1p(-share), max(self.variance[index], 0.0) / left**2, self.z)
        return -math.expm1(lower), -math.expm1(upper)

    def reached(self, share: float, walk: Walk, level: float) -> TimeReached:
        """The first time by which the share had ended so, with the limits by inverting those of the curve."""
        enough = share - SLACK

        def above(index: int) -> bool:
            value = self.limits(index)[1]
            return value is not None and value >= enough

        def all_above(index: int) -> bool:
            value = self.limits(index)[0]
            return value is not None and value >= enough

        def of_upper(first: int, last: int) -> float:
            low, high, of = self.share[first], self.share[last], self.variance[first : last + 1]
            if 1 - high <= SLACK:
                return math.inf
            return farthest(-math.log1p(-low), -math.log1p(-high), self.z * math.sqrt(max(*of, 0.0)) / (1 - high))

        def of_lower(first: int, last: int) -> float:
            low, high, of = self.share[first], self.share[last], self.variance[first : last + 1]
            if 1 - high <= SLACK:
                return math.inf
            return nearest(-math.log1p(-high), self.z * math.sqrt(max(min(of), 0.0)) / (1 - low))

        number, loss = len(self.share), -math.log1p(-enough)
        here = bisect_left(self.share, enough)
        reached = here if here < number else None
        early, late = first_that(number, above, of_upper, loss), first_that(number, all_above, of_lower, loss)
        # Nothing lies above an incidence of 1, so its upper limit is 1 although no variance can be told.
        early = reached if early is None or (reached is not None and reached < early) else early
        time, lower, upper = (None if index is None else walk.time[index] for index in (reached, early, late))
        return TimeReached(share=share, time=time, lower=lower, upper=upper, level=level)


@attrs.frozen(kw_only=True, getstate_setstate=False)
class Curves(Copied):
    """The columns that the steps are made from: those of the walk, the share still open, and those of each cause."""

    walk: Walk
    survival: Floats
    causes: tuple[CauseCurve, ...]

    @classmethod
    def through(cls, walk: Walk, ended: Sequence[Integers], z: float) -> Curves:
        """The product over the times with its variance, and the sums over them for each cause."""
        survival, greenwood = product_limit(walk.at_risk, walk.ended)
        found = zip(ended, incidences(walk.at_risk, ended, survival, greenwood), strict=True)
        causes = tuple(CauseCurve(ended=counts, share=share, variance=of, z=z) for counts, (share, of) in found)
        return cls(walk=walk, survival=survival, causes=causes)

    @property
    def steps(self) -> Steps[IncidenceStep]:
        """The steps, each made when it is asked for."""
        return Steps(self.step, range(len(self.survival)))

    def step(self, index: int) -> IncidenceStep:
        """One step with its limits."""
        walk, limits = self.walk, [curve.limits(index) for curve in self.causes]
        return IncidenceStep(
            time=walk.time[index],
            at_risk=walk.at_risk[index],
            ended=tuple(curve.ended[index] for curve in self.causes),
            censored=walk.gone[index],
            entered=walk.entered[index],
            survival=self.survival[index],
            incidence=tuple(curve.share[index] for curve in self.causes),
            lower=tuple(lower for lower, _ in limits),
            upper=tuple(upper for _, upper in limits),
        )


@attrs.frozen(kw_only=True)
class Incidence:
    """The cumulative incidence of each way of ending; times in microseconds.

    Attributes:
        causes: The ways of ending, in the order that they were given.
        cases: Cases in it.
        ended: Those that ended, by cause.
        steps: The curves, a sequence of `IncidenceStep`; each is made when it is asked for.
        entered: Cases that came under observation late.
        since: The time before which nothing is told: the curves are those of cases not ended by then.
        trap: Where late entry makes the curves unsafe.
    """

    causes: tuple[str, ...]
    cases: int
    ended: tuple[int, ...]
    level: float
    steps: Sequence[IncidenceStep] = attrs.field(repr=False)
    entered: int = 0
    since: int | None = None
    trap: SmallRiskSet | None = None
    _curves: Curves = attrs.field(repr=False, eq=False)

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
        curves = self._curves
        index, watched, reason = place(curves.walk, curves.survival, time, self.since)
        if reason:
            return AtTime(time=time, share=None, interval=None, at_risk=0, reason=reason)
        step = self.steps[index] if index >= 0 else None
        share = step.incidence[which] if step else 0.0
        lower, upper = (step.lower[which], step.upper[which]) if step else (None, None)
        limits: Interval | None
        if lower is not None and upper is not None:
            limits = Interval(lower=lower, upper=upper, method="log(-log), Greenwood type", level=self.level)
        else:
            number = effective_number(curves.walk, curves.survival, index, time)
            limits = without_variance(number, self.level, all_of_them=share > 0)
        return AtTime(time=time, share=share, interval=limits, at_risk=watched, reason="" if limits else UNWATCHED)

    def quantile(self, cause: str, share: float | Fraction) -> TimeReached:
        """The first time by which *share* of all cases had ended by *cause*, if it is reached; limits by inverting.

        Raises:
            InvalidQuery: No such cause, or a share that is not between 0 and 1.
        """
        return self._curves.causes[self._which(cause)].reached(check_share(share), self._curves.walk, self.level)

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
    for counts in ended.values():
        # A sum over the causes could hide a negative count.
        Walk.of(counts, {})
    together: Counter[int] = Counter()
    for counts in ended.values():
        together.update(counts)
    whole = Walk.of(together, censored, entries)
    by_cause = {cause: whole_numbers(counts.get(time, 0) for time in whole.time) for cause, counts in ended.items()}
    return incidence_of(whole, by_cause, level, since=since)


def incidence_of(
    whole: Walk, ended: Mapping[str, Integers], level: float = LEVEL, *, since: int | None = None
) -> Incidence:
    """The estimate of a walk, and how many of its ends were of which cause."""
    walk = whole.since(since)
    first = len(whole.time) - len(walk.time)
    curves = Curves.through(walk, [counts[first:] for counts in ended.values()], normal_quantile(level))
    by_cause = tuple(total(curve.ended) for curve in curves.causes)
    return Incidence(
        causes=tuple(ended),
        cases=sum(by_cause) + total(walk.gone),
        ended=by_cause,
        level=level,
        steps=curves.steps,
        entered=total(walk.entered),
        since=since,
        trap=small_risk_set(whole, since) if total(whole.entered) else None,
        curves=curves,
    )
