"""Comparison adjusted for case mix: within strata, such as kinds of dispute, and then put together.

Sources: X. Yan and X. G. Su, Statistics in Biopharmaceutical Research 2 (2010) 329-335 (limits of a weighted share from
the Wilson limits of the strata); N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748;
J. M. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986) 311-323 (the variance of their odds ratio); T. Sato,
Biometrics 45 (1989) 1323-1324 (that of their risk difference, for many sparse strata as well as for few large ones).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._intervals import LEVEL, Interval, effective, normal_quantile
from community_mediation.metrics._rounding import half_up

Strata = Mapping[str, tuple[int, int]]
"""By stratum, how many count among how many cases."""


@attrs.frozen(kw_only=True)
class LeftOut:
    """A stratum that says nothing, with the cases that are lost with it.

    Attributes:
        stratum: Its name.
        cases: Cases of it: of the unit where it has some, else of the whole it is compared with.
        why: Where there are none.
    """

    stratum: str
    cases: int
    why: str

    def __str__(self) -> str:
        return f"{self.stratum}: {self.why}, {self.cases:,} cases left out"


@attrs.frozen(kw_only=True)
class Standardised:
    """The share that a unit would have with the case mix of the whole.

    Attributes:
        share: The weighted share; none where no stratum is in both.
        crude: The share as it is.
        interval: The limits; none without a share.
        strata: The strata that are in it.
        left_out: The strata that are not.
        covered: The part of the whole whose strata the unit has: the share is that of this part.
    """

    share: Fraction | None
    crude: Fraction | None
    interval: Interval | None
    strata: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    covered: Fraction

    def __str__(self) -> str:
        if self.share is None:
            return "no stratum in common"
        text = f"{half_up(100 * self.share, 1)} % adjusted for case mix, {self.interval}"
        return text if self.covered == 1 else f"{text}; of {half_up(100 * self.covered, 1)} % of the whole"


def standardised(unit: Strata, whole: Strata, *, level: float = LEVEL) -> Standardised:
    """Direct standardisation: the shares of the strata weighted as the cases of the whole are.

    The limits are the weighted sums of the Wilson limits of the strata, at the quantile that gives the weighted sum the
    level (Yan and Su 2010). Strata that the unit lacks are left out, and the weights of the others fill their place.

    Raises:
        InvalidValue: Counts that do not lie within their cases, or no level.
    """
    z = normal_quantile(level)
    check_strata(unit)
    check_strata(whole)
    used = [name for name, (_, n) in unit.items() if n and whole.get(name, (0, 0))[1]]
    left_out = [lost(name, unit[name][1], "no case in the whole") for name in unit if name not in used]
    left_out += [
        lost(name, n, "no case of the unit") for name, (_, n) in whole.items() if not unit.get(name, (0, 0))[1]
    ]
    cases, kept = sum(n for _, n in whole.values()), sum(whole[name][1] for name in used)
    weights = [Fraction(whole[name][1], kept) for name in used]
    share = sum((w * Fraction(*unit[name]) for w, name in zip(weights, used, strict=True)), Fraction(0))
    limits = _weighted_wilson([unit[name] for name in used], [float(w) for w in weights], z, level) if used else None
    return Standardised(
        share=share if used else None,
        crude=_crude(unit),
        interval=limits,
        strata=tuple(used),
        left_out=tuple(one for one in left_out if one.cases),
        covered=Fraction(kept, cases) if cases else Fraction(0),
    )


def _weighted_wilson(counts: list[tuple[int, int]], weights: list[float], z: float, level: float) -> Interval:
    roots = [w * math.sqrt(k * (n - k) / n) / n for (k, n), w in zip(counts, weights, strict=True)]
    if not any(roots):
        # Where no stratum varies, as at the middle of its Wilson interval.
        middle = [(k + z * z / 2) / (n + z * z) for k, n in counts]
        roots = [w * math.sqrt(p * (1 - p) / n) for p, (_, n), w in zip(middle, counts, weights, strict=True)]
    own = z * math.hypot(*roots) / math.fsum(roots)
    parts = [effective(k / n, n, method="wilson", name="", z=own, level=level) for k, n in counts]
    return Interval(
        lower=math.fsum(w * part.lower for w, part in zip(weights, parts, strict=True)),
        upper=min(math.fsum(w * part.upper for w, part in zip(weights, parts, strict=True)), 1.0),
        method="stratified Wilson",
        level=level,
    )


@attrs.frozen(kw_only=True)
class MantelHaenszel:
    """Two groups compared within strata.

    Attributes:
        difference: The share of the first less that of the second, weighted; none where no stratum has both.
        difference_limits: Its limits by Sato's variance.
        odds_ratio: The odds of the first over those of the second; none where it cannot be told.
        odds_ratio_limits: Its limits by the variance of Robins, Breslow and Greenland; none where it is 0 or none.
        strata: The strata that are in it.
        left_out: The strata that have cases of one group alone.
        cases: The cases that are in it.
    """

    difference: Fraction | None
    difference_limits: tuple[float, float] | None
    odds_ratio: Fraction | None
    odds_ratio_limits: tuple[float, float] | None
    strata: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    cases: int
    level: float = LEVEL

    @property
    def dropped(self) -> int:
        """Cases lost with the strata left out."""
        return sum(one.cases for one in self.left_out)

    def __str__(self) -> str:
        if self.difference is None or self.difference_limits is None:
            return f"no stratum has cases of both; {self.dropped:,} cases left out"
        low, high = (half_up(Fraction(100 * limit), 1) for limit in self.difference_limits)
        strata = "stratum" if len(self.strata) == 1 else "strata"
        text = f"{half_up(100 * self.difference, 1)} percentage points, {low} to {high}"
        text += f" (Mantel-Haenszel, Sato, {100 * self.level:g} %; {self.cases:,} cases in {len(self.strata)} {strata}"
        return f"{text}, {self.dropped:,} left out)" if self.dropped else f"{text})"


def mantel_haenszel(first: Strata, second: Strata, *, level: float = LEVEL) -> MantelHaenszel:
    """The difference of two shares and their odds ratio, adjusted for case mix by the strata.

    Raises:
        InvalidValue: Counts that do not lie within their cases, or no level.
    """
    z = normal_quantile(level)
    check_strata(first)
    check_strata(second)
    names = list(dict.fromkeys([*first, *second]))
    used = [name for name in names if first.get(name, (0, 0))[1] and second.get(name, (0, 0))[1]]
    left_out = []
    for name in names:
        own, other = first.get(name, (0, 0))[1], second.get(name, (0, 0))[1]
        if name not in used and own + other:
            left_out.append(lost(name, own + other, "no case of the second" if own else "no case of the first"))
    zero = Fraction(0)
    weight = top = sato_p = sato_q = r = s = pr = ps_qr = qs = zero
    for name in used:
        (a, n), (c, m) = first[name], second[name]
        b, d, total = n - a, m - c, n + m
        weight += Fraction(n * m, total)
        top += Fraction(a * m - c * n, total)
        sato_p += (n * n * c - m * m * a + Fraction(n * m * (m - n), 2)) / Fraction(total * total)
        sato_q += Fraction(a * d + c * b, 2 * total)
        own_r, own_s = Fraction(a * d, total), Fraction(b * c, total)
        p, q = Fraction(a + d, total), Fraction(b + c, total)
        r, s = r + own_r, s + own_s
        pr, ps_qr, qs = pr + p * own_r, ps_qr + p * own_s + q * own_r, qs + q * own_s
    difference = top / weight if weight else None
    limits = odds = None
    if difference is not None:
        half = z * math.sqrt(max((difference * sato_p + sato_q) / weight**2, zero))
        limits = max(float(difference) - half, -1.0), min(float(difference) + half, 1.0)
    if r and s:
        spread = z * math.sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s))
        odds = float(r / s) * math.exp(-spread), float(r / s) * math.exp(spread)
    return MantelHaenszel(
        difference=difference,
        difference_limits=limits,
        odds_ratio=r / s if s else None,
        odds_ratio_limits=odds,
        strata=tuple(used),
        left_out=tuple(left_out),
        cases=sum(first[name][1] + second[name][1] for name in used),
        level=level,
    )


def lost(name: str, cases: int, why: str) -> LeftOut:
    """A stratum left out."""
    return LeftOut(stratum=name, cases=cases, why=why)


def _crude(strata: Strata) -> Fraction | None:
    cases = sum(n for _, n in strata.values())
    return Fraction(sum(k for k, _ in strata.values()), cases) if cases else None


def check_strata(strata: Strata) -> None:
    """Refuse what are no strata.

    Raises:
        InvalidQuery: There is none.
        InvalidValue: Counts that do not lie within their cases.
    """
    if not all(type(k) is int and type(n) is int and 0 <= k <= n for k, n in strata.values()):
        raise InvalidValue("a stratum needs whole numbers, 0 <= counted <= cases")
    if not strata:
        raise InvalidQuery("A comparison within strata has no stratum.")
