"""Units in a funnel: which lie outside, how many would by chance, and whether they vary more than chance has it.

Never a ranking: a list ordered by the share says nothing that the funnel does not deny. Sources: D. J. Spiegelhalter,
Statistics in Medicine 24 (2005) 1185-1202, § 3 and appendix A.3 (over-dispersion by winsorised scores), and Quality and
Safety in Health Care 14 (2005) 347-351; R. DerSimonian and N. Laird, Controlled Clinical Trials 7 (1986) 177-188 (the
variance between units).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._funnel_limits import (
    LEVELS,
    FunnelLimits,
    law_against_rest,
    law_of_rate,
    law_of_share,
    limits_of,
)
from community_mediation.metrics._intervals import check_level
from community_mediation.metrics._laws import Binomial, Law
from community_mediation.metrics._rounding import half_up

MINIMUM: Final = 10
"""Below so many cases a unit is not compared."""

DISPERSIONS: Final = ("multiplicative", "additive")


@attrs.frozen(kw_only=True)
class OverDispersion:
    """How much more units vary than by chance.

    Attributes:
        units: How many scores it is found from.
        winsorised: The share of scores at either end that were drawn in.
        phi: The mean of the squared winsorised scores: 1 by chance alone.
        tau_squared: The variance of the true shares between units, found from the same scores; 0 if chance suffices.
    """

    units: int
    winsorised: float
    phi: float
    tau_squared: float

    def __str__(self) -> str:
        drawn = f"{100 * self.winsorised:g} % of the scores at either end drawn in"
        return f"phi = {self.phi:.2f}, tau = {math.sqrt(self.tau_squared):.3f} ({self.units} units, {drawn})"


@attrs.frozen(kw_only=True)
class FunnelPoint:
    """One unit.

    Attributes:
        name: Whose it is.
        count: How many count.
        size: Among how many, or over which exposure.
        value: The share or the rate.
        target: What it is compared with: the fixed target, or the value of the rest.
        score: How many standard deviations it lies from what is expected; 0 where nothing can vary.
        limits: The limits, one for each level.
    """

    name: str
    count: int
    size: float
    value: float
    target: float
    score: float
    limits: tuple[FunnelLimits, ...]

    def where(self, level: float) -> str:
        """``below``, ``above``, or empty for within the limits of that level.

        Raises:
            InvalidQuery: There are no limits of that level.
        """
        for limits in self.limits:
            if limits.level == level:
                return limits.where(self.value)
        raise InvalidQuery("No limits of that level were asked for.")


@attrs.frozen(kw_only=True)
class Alarms:
    """How many units lie outside the limits of a level, beside how many would by chance alone.

    Attributes:
        level: The level.
        units: How many units were compared.
        seen: How many lie outside.
        expected: How many would if all had the same true value.
        exact: Whether that is the sum of the probabilities actually attained; else it is the nominal number, which
            whole numbers make too large.
    """

    level: float
    units: int
    seen: int
    expected: float
    exact: bool

    def __str__(self) -> str:
        how = "exact" if self.exact else "nominal"
        outside = f"{self.seen} of {self.units} units outside the {100 * self.level:g} % limits"
        return f"{outside}; {half_up(Fraction(self.expected), 1)} expected by chance alone ({how})"


@attrs.frozen(kw_only=True)
class FunnelUnits:
    """All units in a funnel, in the order that they were given.

    Attributes:
        against: ``target`` or ``the rest``.
        centre: The middle of the funnel: the target, or the value of all together.
        points: The units that are compared.
        too_small: The names of those below the minimum, which are not.
        minimum: That minimum.
        over_dispersion: How much more they vary than by chance; none of fewer than two units.
        widened: ``multiplicative``, ``additive`` or empty: how the limits were widened for it.
        alarms: One for each level.
    """

    against: str
    centre: float
    points: tuple[FunnelPoint, ...]
    too_small: tuple[str, ...]
    minimum: float
    over_dispersion: OverDispersion | None
    widened: str
    alarms: tuple[Alarms, ...]


def over_dispersion(scores: Sequence[float], variances: Sequence[float], *, winsorise: float = 0.1) -> OverDispersion:
    """Phi and tau² of standardised scores, each with the variance of its value by chance alone.

    The *winsorise* part of the scores at either end, rounded down, is set to the next score inward, so that the units
    that the funnel is to find do not widen it.

    Raises:
        InvalidValue: Fewer than two scores, not as many variances, a variance of 0, or half or more to be drawn in.
    """
    count = len(scores)
    if count < 2 or len(variances) != count or not 0 <= winsorise < 0.5 or not all(v > 0 for v in variances):
        raise InvalidValue("over-dispersion needs two scores or more, each with a variance above 0, and less than half")
    ordered = sorted(scores)
    # Exact: 0.1 of 30 is 3 and not, by its last bits, 2.
    cut = math.floor(Fraction(str(winsorise)) * count)
    low, high = ordered[cut], ordered[count - 1 - cut]
    total = math.fsum(min(max(score, low), high) ** 2 for score in scores)
    weights = [1 / variance for variance in variances]
    scale = math.fsum(weights)
    between = (total - (count - 1)) / (scale - math.fsum(weight * weight for weight in weights) / scale)
    return OverDispersion(units=count, winsorised=winsorise, phi=total / count, tau_squared=max(between, 0.0))


def funnel_of(
    units: Mapping[str, tuple[int, int]] | Mapping[str, tuple[int, float]],
    *,
    target: float | None = None,
    rate: bool = False,
    levels: Iterable[float] = LEVELS,
    minimum: float = MINIMUM,
    widen: str = "",
    winsorise: float = 0.1,
) -> FunnelUnits:
    """Compare units by their counts and sizes.

    Args:
        units: By name, the count and the size: cases with the outcome among cases, or events over an exposure.
        target: The fixed target. Without it each unit is compared with the rest, given what all have together: of
            cases by the hypergeometric law (Fisher's exact test), of events by the binomial one.
        rate: The sizes are exposures, the counts events.
        levels: Of the limits.
        minimum: Units of a smaller size are named and not compared; they stay in the rest.
        widen: ``multiplicative`` or ``additive`` widens the limits about the centre for over-dispersion, by the root
            of phi, or of one and tau² over the unit's own variance; never less than one.
        winsorise: The share of scores at either end that is drawn in.

    Raises:
        InvalidQuery: No unit to compare, nothing to compare with, or no such way to widen.
        InvalidValue: Counts that are none, or a level that is none.
    """
    levels = tuple(levels)
    for level in levels:
        check_level(level)
    if widen and widen not in DISPERSIONS:
        raise InvalidQuery(f"No way to widen a funnel {widen!r}. There are: {', '.join(DISPERSIONS)}.")
    for count, size in units.values():
        whole = type(count) is int and count >= 0 and 0 <= size < math.inf
        if not whole or (not rate and (type(size) is not int or count > size)):
            raise InvalidValue("a unit needs a whole number of events, within a whole number of cases or an exposure")
    total, together = sum(count for count, _ in units.values()), sum(size for _, size in units.values())
    kept = {name: unit for name, unit in units.items() if unit[1] >= minimum and unit[1] > 0}
    if not kept:
        raise InvalidQuery("No unit reaches the minimum count: there is nothing to compare.")
    if target is None and any(size == together for _, size in kept.values()):
        raise InvalidQuery("A unit has no rest to be compared with. Give a target.")
    centre = total / together if target is None else float(target)
    laws: dict[str, Law] = {}
    for name, (_, size) in kept.items():
        if target is not None:
            laws[name] = law_of_rate(size, target) if rate else law_of_share(int(size), target)
        else:
            laws[name] = (
                Binomial(total, size / together) if rate else law_against_rest(int(size), (total, int(together)))
            )
    scores = {
        name: (count - laws[name].mean) / math.sqrt(laws[name].variance)
        for name, (count, _) in kept.items()
        if laws[name].variance > 0
    }
    own = {name: laws[name].variance / kept[name][1] ** 2 for name in scores}
    spread = over_dispersion([*scores.values()], [*own.values()], winsorise=winsorise) if len(scores) > 1 else None
    points = []
    for name, (count, size) in kept.items():
        limits = limits_at(laws[name], size, levels, centre, spread, widen, highest=math.inf if rate else 1.0)
        rest = (total - count) / (together - size) if target is None else float(target)
        points.append(
            FunnelPoint(
                name=name,
                count=count,
                size=size,
                value=count / size,
                target=rest,
                score=scores.get(name, 0.0),
                limits=limits,
            )
        )
    return FunnelUnits(
        against="the rest" if target is None else "target",
        centre=centre,
        points=tuple(points),
        too_small=tuple(name for name in units if name not in kept),
        minimum=minimum,
        over_dispersion=spread,
        widened=widen,
        alarms=tuple(_alarms(points, level, index, exact=not widen) for index, level in enumerate(levels)),
    )


def limits_at(
    law: Law,
    size: float,
    levels: Sequence[float],
    centre: float,
    spread: OverDispersion | None,
    widen: str,
    *,
    highest: float = 1.0,
) -> tuple[FunnelLimits, ...]:
    """The limits at one size, widened for over-dispersion if asked for."""
    limits = tuple(limits_of(law, size, level=level) for level in levels)
    if not widen or spread is None or not law.variance > 0:
        return limits
    own = law.variance / size**2
    factor = max(1.0, spread.phi if widen == "multiplicative" else 1 + spread.tau_squared / own)
    return tuple(_widened(one, centre, math.sqrt(factor), highest) for one in limits)


def _widened(limits: FunnelLimits, centre: float, factor: float, highest: float) -> FunnelLimits:
    return attrs.evolve(
        limits,
        lower=max(centre - factor * (centre - limits.lower), 0.0),
        upper=min(centre + factor * (limits.upper - centre), highest),
        # How units vary beyond chance has no law here, so what is attained is taken as meant.
        attained=1 - limits.level,
    )


def _alarms(points: Sequence[FunnelPoint], level: float, index: int, *, exact: bool) -> Alarms:
    return Alarms(
        level=level,
        units=len(points),
        seen=sum(1 for point in points if point.limits[index].where(point.value)),
        expected=math.fsum(point.limits[index].attained for point in points),
        exact=exact,
    )
