"""Shares and means of what comes in clusters: parties of the same case are not as many witnesses as they are.

The interval is found from sums over the clusters alone, so that only they leave the engine.

Sources: W. G. Cochran, Sampling Techniques, 3rd ed. 1977, § 3.12 (the linearised variance of a ratio); L. Kish,
Survey Sampling, 1965, § 8.2 (the design effect); P. S. Kott and D. A. Carr, Journal of Official Statistics 13 (1997)
367-383, and C. Franco, R. J. A. Little, T. A. Louis and E. V. Slud, Journal of Survey Statistics and Methodology 7
(2019) 334-364 (Wilson's interval with the effective size); E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998)
193-201 (the exact one, and the correction for the degrees of freedom).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Self

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._intervals import LEVEL, METHODS, Interval, Real, effective, normal_quantile
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._tails import student_quantile

ONE_CLUSTER = "one cluster: how clusters differ cannot be told"


@attrs.frozen(kw_only=True)
class ClusterSums:
    """What is needed of the clusters: how many, and five sums over them.

    Attributes:
        clusters: How many clusters: cases.
        n: The sum of their sizes: parties asked.
        y: The sum of their counts or values: parties satisfied, or the hours of all.
        nn: The sum of the squared sizes.
        ny: The sum of size times value.
        yy: The sum of the squared values.

    Raises:
        InvalidValue: Sums that no clusters have.
    """

    clusters: int
    n: Real
    y: Real
    nn: Real
    ny: Real
    yy: Real

    def __attrs_post_init__(self) -> None:
        if type(self.clusters) is not int or self.clusters < 0:
            raise InvalidValue("a number of clusters that is no whole number, 0 or more")
        if not all(math.isfinite(number) for number in (self.n, self.y, self.nn, self.ny, self.yy)):
            raise InvalidValue("sums over clusters that are not finite")
        # Floating sums may miss by their last bits.
        slack = 1 + 1e-9
        square, product = self.n * self.n, self.y * self.y
        fits = self.n >= 0 and square <= slack * self.clusters * self.nn and product <= slack * self.clusters * self.yy
        if not fits or self.ny * self.ny > slack * self.nn * self.yy:
            raise InvalidValue("sums over clusters that no clusters have", remedy="Sum n, y, n², ny and y² by cluster.")

    @classmethod
    def of(cls, clusters: Iterable[tuple[Real, Real]]) -> Self:
        """From the size and the value of each cluster; empty ones are none."""
        pairs = [(n, y) for n, y in clusters if n]
        return cls(
            clusters=len(pairs),
            n=sum(n for n, _ in pairs),
            y=sum(y for _, y in pairs),
            nn=sum(n * n for n, _ in pairs),
            ny=sum(n * y for n, y in pairs),
            yy=sum(y * y for _, y in pairs),
        )

    @property
    def ratio(self) -> Fraction:
        """The share, or the mean, exact."""
        return Fraction(self.y) / Fraction(self.n)

    @property
    def variance(self) -> Fraction:
        """The linearised variance of the ratio; for two clusters or more."""
        ratio = self.ratio
        # In fractions, for the three terms cancel where the clusters are alike.
        spread = Fraction(self.yy) - 2 * ratio * Fraction(self.ny) + ratio * ratio * Fraction(self.nn)
        return max(spread, Fraction(0)) * Fraction(self.clusters, self.clusters - 1) / Fraction(self.n) ** 2


@attrs.frozen(kw_only=True)
class ClusteredShare:
    """A share with the interval that clusters leave it.

    Attributes:
        sums: What it is found from.
        share: The share, exact; none of nothing.
        design_effect: Its variance over that of as many independent ones; none where the share is 0 or 1, or of one
            cluster.
        effective_size: As many independent ones tell as much; never more than there are.
        interval: The limits; none where they cannot be told.
        reason: Why there is no interval.
    """

    sums: ClusterSums
    share: Fraction | None
    design_effect: float | None
    effective_size: float | None
    interval: Interval | None
    reason: str = ""

    def __str__(self) -> str:
        if self.share is None:
            return self.reason
        return f"{half_up(100 * self.share, 1)} %, {self.interval or 'no interval: ' + self.reason}"


@attrs.frozen(kw_only=True)
class ClusteredMean:
    """A mean with the limits that clusters leave it, in the unit of the values.

    Attributes:
        sums: What it is found from.
        mean: The mean, exact; none of nothing.
        lower: The lower limit; none where it cannot be told.
        upper: The upper limit.
        method: How the limits were found.
        reason: Why there are none.
    """

    sums: ClusterSums
    mean: Fraction | None
    lower: float | None
    upper: float | None
    method: str
    level: float = LEVEL
    reason: str = ""

    def __str__(self) -> str:
        if self.mean is None:
            return self.reason
        if self.lower is None or self.upper is None:
            return f"{half_up(self.mean, 2)}, no interval: {self.reason}"
        limits = "–".join(half_up(limit, 2) for limit in (self.lower, self.upper))
        return f"{half_up(self.mean, 2)}, {limits} ({self.method}, {100 * self.level:g} %)"


def clustered(sums: ClusterSums, *, method: str = "wilson", level: float = LEVEL) -> ClusteredShare:
    """A share whose units come in clusters, such as satisfied parties of cases.

    The effective size is the size over the design effect, and no more than the size: clusters that happen to be more
    alike than chance would have them are no ground for a narrower interval. Student's t with one degree of freedom less
    than there are clusters stands for the normal quantile, which for Wilson's interval is the same as multiplying the
    effective size with ``(z / t) ** 2``; the exact one multiplies with ``(t of n - 1 / t of G - 1) ** 2`` (Korn and
    Graubard 1998).

    Where the share is 0 or 1, no variance can be told. The units of a cluster are then taken to be all alike, which is
    the worst: the effective size is ``n ** 2 / sum of squared sizes``, the number of clusters if all are of one size
    (Kish 1965, with an intra-class correlation of 1).

    Raises:
        InvalidValue: The values are no counts within their sizes, or no level.
        InvalidQuery: No such method.
    """
    if method not in METHODS:
        raise InvalidQuery(f"No interval {method!r}. There are: {', '.join(METHODS)}.")
    z = normal_quantile(level)
    slack = 1 + 1e-9
    if sums.y < 0 or sums.y > sums.n * slack or sums.yy > sums.ny * slack or sums.ny > sums.nn * slack:
        raise InvalidValue("counts that do not lie within the sizes of their clusters")
    if not sums.n:
        return ClusteredShare(
            sums=sums, share=None, design_effect=None, effective_size=None, interval=None, reason="no cases"
        )
    share, size = min(sums.ratio, Fraction(1)), float(sums.n)
    if sums.clusters == 1:
        return ClusteredShare(
            sums=sums, share=share, design_effect=None, effective_size=None, interval=None, reason=ONE_CLUSTER
        )
    base = "Wilson" if method == "wilson" else "exact (Korn-Graubard)"
    if share in (0, 1):
        alike = float(Fraction(sums.n) ** 2 / Fraction(sums.nn))
        name = f"{base}, clustered, all alike within a cluster"
        limits = effective(float(share), alike, method=method, name=name, z=z, level=level)
        return ClusteredShare(sums=sums, share=share, design_effect=None, effective_size=alike, interval=limits)
    simple = share * (1 - share) / Fraction(sums.n)
    effect = float(sums.variance / simple)
    tells = size / max(effect, 1.0)
    t = student_quantile(level, sums.clusters - 1)
    if method == "exact":
        freedom = max(math.ceil(size) - 1, sums.clusters - 1)
        used = tells * (student_quantile(level, freedom) / t) ** 2
    else:
        used = tells
    name = f"{base}, clustered, t with {sums.clusters - 1:,} df"
    limits = effective(float(share), used, method=method, name=name, z=t, level=level)
    return ClusteredShare(sums=sums, share=share, design_effect=effect, effective_size=tells, interval=limits)


def clustered_mean(sums: ClusterSums, *, level: float = LEVEL) -> ClusteredMean:
    """A mean over units that come in clusters, with Student's t limits of one degree of freedom less than clusters.

    Of very few clusters of unequal size the limits are a little too narrow: of five cases of one to six parties they
    held the truth in 92 to 94 % of simulated samples, of thirty in 94 to 95 %.

    Raises:
        InvalidValue: No level.
    """
    normal_quantile(level)
    if not sums.n or sums.clusters == 1:
        mean = sums.ratio if sums.n else None
        reason = ONE_CLUSTER if sums.n else "no cases"
        return ClusteredMean(sums=sums, mean=mean, lower=None, upper=None, method="", level=level, reason=reason)
    mean = sums.ratio
    half = student_quantile(level, sums.clusters - 1) * math.sqrt(sums.variance)
    return ClusteredMean(
        sums=sums,
        mean=mean,
        lower=float(mean) - half,
        upper=float(mean) + half,
        method=f"clustered, t with {sums.clusters - 1:,} df",
        level=level,
    )
