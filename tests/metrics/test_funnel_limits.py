"""Funnels: limits against the definitions by scipy's distributions, false alarms by enumeration, dispersion by hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, hypergeom, poisson
from scipy.stats.mstats import winsorize

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._funnel_limits import FunnelLimits, funnel_limits, rate_funnel_limits
from community_mediation.metrics._funnel_units import Alarms, funnel_of, over_dispersion
from community_mediation.metrics._laws import Binomial, Hypergeometric, Poisson

SIZES = st.integers(1, 3_000)
TARGETS = st.floats(0.001, 0.999)
LEVELS = st.sampled_from([0.5, 0.8, 0.95, 0.998])
UNITS = st.lists(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=9
)


def named(units: list[tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {f"unit {i}": unit for i, unit in enumerate(units)}


@given(SIZES, TARGETS, LEVELS)
def test_the_lower_limit_is_that_of_spiegelhalter(size: int, target: float, level: float) -> None:
    """Appendix A.1.1: r with P(R <= r) just above p, less (P(R <= r) - p) / P(R = r), over n."""
    tail = (1 - level) / 2
    r = int(binom.ppf(tail, size, target))
    part = (binom.cdf(r, size, target) - tail) / binom.pmf(r, size, target)
    own = funnel_limits(size, target=target, level=level).lower
    assert math.isclose(own, max(float(r - part), 0) / size, rel_tol=1e-9, abs_tol=1e-9)


@given(SIZES, TARGETS, LEVELS)
def test_the_upper_limit_mirrors_the_lower_and_the_published_one_lies_one_case_below(
    size: int, target: float, level: float
) -> None:
    own = funnel_limits(size, target=target, level=level)
    other = funnel_limits(size, target=1 - target, level=level)
    assert math.isclose(own.upper, 1 - other.lower, abs_tol=1e-9)
    tail = (1 - level) / 2
    r = int(binom.isf(tail, size, target))
    part = (binom.cdf(r, size, target) - (1 - tail)) / binom.pmf(r, size, target)
    published = funnel_limits(size, target=target, level=level, as_published=True)
    assert math.isclose(published.upper, float(r - part) / size, rel_tol=1e-9, abs_tol=1e-9)
    assert published.lower == own.lower


@given(SIZES, TARGETS, LEVELS, st.floats(0, 1))
def test_outside_is_where_the_tail_is_at_most_half_the_error(
    size: int, target: float, level: float, part: float
) -> None:
    """The drawn line and the exact test say the same of every count."""
    limits, tail = funnel_limits(size, target=target, level=level), (1 - level) / 2
    for count in {0, size, round(part * size), math.ceil(limits.lower * size), math.floor(limits.upper * size)}:
        below, above = binom.cdf(count, size, target), binom.sf(count - 1, size, target)
        if min(abs(below - tail), abs(above - tail)) > 1e-12:
            expected = "below" if below <= tail else "above" if above <= tail else ""
            assert limits.where(count / size) == expected


def by_enumeration(limits: FunnelLimits, size: int, law: Any) -> float:
    """The probability of all counts that lie outside."""
    return math.fsum(float(law.pmf(k)) for k in range(size + 1) if limits.where(k / size))


@given(st.integers(1, 120), TARGETS, LEVELS, st.booleans())
def test_the_attained_probability_is_that_of_the_counts_outside(
    size: int, target: float, level: float, as_published: bool
) -> None:
    limits = funnel_limits(size, target=target, level=level, as_published=as_published)
    assert math.isclose(limits.attained, by_enumeration(limits, size, binom(size, target)), abs_tol=1e-9)
    assert as_published or limits.attained <= 1 - level + 1e-12


def test_the_published_upper_limit_lets_more_fall_outside_than_it_says() -> None:
    """Manktelow and Seaton 2012. Of 20 at 10 %, 5 or more have 4.3 %, and lie above a limit meant for 2.5 %."""
    published = funnel_limits(20, target=0.1, as_published=True)
    assert published.where(5 / 20) == "above" and published.attained == pytest.approx(binom.sf(4, 20, 0.1))
    assert published.attained > 0.04
    assert funnel_limits(20, target=0.1).where(5 / 20) == ""


def test_nominal_instead_of_attained_false_alarms_would_be_caught() -> None:
    """The planted fault: twenty units of 20 at 10 % give 0.23 alarms, and not the nominal 1.0."""
    found = funnel_of(named([(2, 20)] * 20), target=0.1).alarms[0]
    assert found.expected == pytest.approx(20 * binom.sf(5, 20, 0.1)) and found.exact
    assert found.expected < 0.25 * 20 * 0.05
    assert str(found) == "0 of 20 units outside the 95 % limits; 0.2 expected by chance alone (exact)"


def test_expected_alarms_are_rounded_half_up_as_everything_is() -> None:
    assert "; 0.3 expected by chance" in str(Alarms(level=0.95, units=5, seen=0, expected=0.25, exact=False))


@given(SIZES, TARGETS)
def test_the_wider_limits_hold_the_narrower_ones_and_those_the_target(size: int, target: float) -> None:
    inner, outer = (funnel_limits(size, target=target, level=level) for level in (0.95, 0.998))
    assert outer.lower <= inner.lower <= target <= inner.upper <= outer.upper


def test_interpolated_limits_are_smooth_where_whole_ones_jump() -> None:
    """From one size to the next the limit moves by less than the count that a whole limit jumps by."""
    steps = [funnel_limits(n, target=0.3).upper * n for n in range(50, 400)]
    jumps = [after - before for before, after in pairwise(steps)]
    assert min(jumps) > 0 and max(jumps) < 0.6


@given(st.floats(0.01, 5_000), LEVELS)
def test_poisson_limits_are_those_of_the_definition(mean: float, level: float) -> None:
    tail = (1 - level) / 2
    limits = rate_funnel_limits(mean, target=1, level=level)
    low, high = int(poisson.ppf(tail, mean)), int(poisson.isf(tail, mean))
    below = (poisson.cdf(low, mean) - tail) / poisson.pmf(low, mean)
    above = (poisson.sf(high - 1, mean) - tail) / poisson.pmf(high, mean)
    assert math.isclose(limits.lower, max(float(low - below), 0) / mean, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(limits.upper, float(high + above) / mean, rel_tol=1e-9)
    assert math.isclose(limits.attained, poisson.cdf(low - 1, mean) + poisson.sf(high, mean), abs_tol=1e-9)


@given(st.integers(1, 400), st.integers(0, 400), st.integers(1, 400), LEVELS)
def test_limits_against_the_rest_are_those_of_fishers_exact_test(
    size: int, counted: int, rest: int, level: float
) -> None:
    counted = min(counted, size + rest)
    whole = counted, size + rest
    limits, law = funnel_limits(size, whole=whole, level=level), hypergeom(size + rest, counted, size)
    assert math.isclose(limits.attained, by_enumeration(limits, size, law), abs_tol=1e-9)
    tail = (1 - level) / 2
    for k in {0, math.ceil(limits.lower * size), math.floor(limits.upper * size), math.floor(limits.upper * size) + 1}:
        if max(0, counted - rest) <= k <= min(size, counted):
            table = [[k, size - k], [counted - k, rest - counted + k]]
            below, above = (fisher_exact(table, alternative=side)[1] for side in ("less", "greater"))
            if min(abs(below - tail), abs(above - tail)) > 1e-9:
                assert limits.where(k / size) == ("below" if below <= tail else "above" if above <= tail else "")


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_laws_agree_with_scipy(size: int, counted: int, rest: int) -> None:
    counted = min(counted, size + rest)
    share = counted / (size + rest)
    pairs: list[tuple[Any, Any]] = [
        (Hypergeometric(size, counted, size + rest), hypergeom(size + rest, counted, size)),
        (Binomial(size, share), binom(size, share)),
        (Poisson(float(counted)), poisson(counted)),
    ]
    for own, reference in pairs:
        counts = np.arange(size + 1) if not isinstance(own, Poisson) else np.arange(1000)
        weights = reference.pmf(counts)
        assert math.isclose(own.mean, float((weights * counts).sum()), abs_tol=1e-8)
        assert math.isclose(own.variance, float((weights * (counts - own.mean) ** 2).sum()), abs_tol=1e-6)
        for r in {0, 1, size // 3, size // 2, size - 1, size}:
            assert abs(own.at_most(r) - reference.cdf(r)) < 1e-9
            assert abs(own.at_least(r) - reference.sf(r - 1)) < 1e-9


def test_limits_of_a_country_take_no_longer_than_those_of_a_village() -> None:
    """Ten million cases: within the normal approximation, and by steps from it, not from 0."""
    found = funnel_limits(10**7, target=0.3)
    assert found.upper == pytest.approx(0.3 + 1.95996 * math.sqrt(0.21 / 10**7), abs=2e-7)
    wide = funnel_limits(10**6, whole=(3 * 10**6, 10**7), level=0.998)
    assert wide.upper == pytest.approx(0.3 + 3.0902 * math.sqrt(0.21 * 0.9 / 10**6), abs=2e-6)


@pytest.mark.parametrize("target", [0, 1])
def test_about_nothing_or_all_every_other_count_is_outside(target: int) -> None:
    found = funnel_limits(30, target=target)
    assert (found.lower, found.upper, found.attained) == (target, target, 0)


@given(UNITS)
def test_against_the_rest_each_has_the_share_of_all_others(units: list[tuple[int, int]]) -> None:
    found = funnel_of(named(units), minimum=1)
    for point, (count, size) in zip(found.points, units, strict=True):
        others = list(units)
        others.remove((count, size))
        assert math.isclose(point.target, sum(k for k, _ in others) / sum(n for _, n in others), abs_tol=1e-12)
    assert found.against == "the rest"


def test_the_uncertainty_of_the_rest_is_in_its_limits() -> None:
    """Two units of 50 with one true share, 40 %: the planted fault takes the other's share as a fixed target."""
    found = funnel_of({"north": (15, 50), "south": (25, 50)})
    fixed = funnel_limits(50, target=found.points[0].target)
    assert fixed.where(found.points[0].value) == "below" and found.points[0].where(0.95) == ""
    alarms = {"right": 0.0, "fixed": 0.0}
    likely = binom(50, 0.4).pmf(range(51))
    for other in range(8, 33):
        fixed = funnel_limits(50, target=other / 50)
        for own in range(8, 33):
            right = funnel_limits(50, whole=(own + other, 100))
            alarms["right"] += likely[own] * likely[other] * bool(right.where(own / 50))
            alarms["fixed"] += likely[own] * likely[other] * bool(fixed.where(own / 50))
    assert 0.02 < alarms["right"] < 0.05 and alarms["fixed"] > 0.1


def test_expected_false_alarms_come_true_where_all_are_the_same() -> None:
    """Six centres of one true share, drawn 1,500 times: as many lie outside as were foretold each time."""
    draw = np.random.default_rng(7)
    seen = expected = 0.0
    sizes = [12, 30, 45, 80, 150, 20]
    for _ in range(1_500):
        units = named([(int(draw.binomial(n, 0.35)), n) for n in sizes])
        alarms = funnel_of(units, levels=[0.95]).alarms[0]
        seen, expected = seen + alarms.seen, expected + alarms.expected
    assert abs(seen - expected) < 4 * math.sqrt(expected)


def test_rates_are_compared_with_the_rest_given_all_events() -> None:
    found = funnel_of({"north": (10, 100.0), "south": (30, 200.0)}, rate=True)
    north = found.points[0]
    assert [north.value, north.target, found.centre] == pytest.approx([0.1, 0.15, 40 / 300])
    law = binom(40, 1 / 3)
    low = int(law.ppf(0.025))
    assert north.limits[0].lower == pytest.approx((low - (law.cdf(low) - 0.025) / law.pmf(low)) / 100)


def test_units_below_the_minimum_are_named_and_not_compared() -> None:
    found = funnel_of({"large": (20, 40), "small": (9, 9), "other": (10, 30)})
    assert [point.name for point in found.points] == ["large", "other"] and found.too_small == ("small",)
    # They stay in the rest.
    assert found.points[0].target == 19 / 39


def test_over_dispersion_is_that_of_the_published_formulas() -> None:
    """With scipy's winsorising, and the method of moments written out."""
    draw = np.random.default_rng(3)
    scores, variances = draw.normal(0, 2, 37), draw.uniform(0.001, 0.01, 37)
    own = over_dispersion(scores.tolist(), variances.tolist())
    squares = np.asarray(winsorize(scores, (0.1, 0.1))) ** 2
    weights = 1 / variances
    phi = squares.mean()
    tau = (37 * phi - 36) / (weights.sum() - (weights**2).sum() / weights.sum())
    assert own.phi == pytest.approx(phi, rel=1e-9) and own.tau_squared == pytest.approx(tau, rel=1e-9)


def test_a_small_dispersion_done_by_hand() -> None:
    """Scores -5, -1, 0, 1, 9, a fifth drawn in at either end: -1, -1, 0, 1, 1. phi = 4/5; less than chance, tau 0."""
    found = over_dispersion([0, 9, -1, 1, -5], [1.0] * 5, winsorise=0.2)
    assert (found.phi, found.tau_squared) == (0.8, 0)
    whole = over_dispersion([0, 9, -1, 1, -5], [1.0] * 5, winsorise=0)
    # (108 - 4) / (5 - 1)
    assert (whole.phi, whole.tau_squared) == (21.6, 26)


def test_a_tenth_of_thirty_is_three() -> None:
    scores = [float(i) for i in range(30)]
    assert over_dispersion(scores, [1.0] * 30).phi == sum(min(max(s, 3), 26) ** 2 for s in scores) / 30


def test_limits_are_widened_about_the_centre_by_the_root_of_phi() -> None:
    units = named([(12, 100), (48, 100), (20, 100), (45, 100), (33, 100), (28, 100)])
    plain, wide = funnel_of(units, target=0.3), funnel_of(units, target=0.3, widen="multiplicative")
    assert wide.over_dispersion is not None and wide.over_dispersion.phi > 5
    factor = math.sqrt(wide.over_dispersion.phi)
    for narrow, broad in zip(plain.points, wide.points, strict=True):
        assert broad.limits[0].upper - 0.3 == pytest.approx(factor * (narrow.limits[0].upper - 0.3))
        assert 0.3 - broad.limits[0].lower == pytest.approx(min(factor * (0.3 - narrow.limits[0].lower), 0.3))
    assert not wide.alarms[0].exact and wide.alarms[0].expected == pytest.approx(6 * 0.05)
    assert (plain.alarms[0].seen, wide.alarms[0].seen) == (4, 0)


def test_added_variance_widens_large_units_more() -> None:
    units = named([(12, 100), (480, 1000), (20, 100), (450, 1000), (33, 100), (280, 1000)])
    plain, wide = funnel_of(units, target=0.3), funnel_of(units, target=0.3, widen="additive")
    assert wide.over_dispersion is not None
    for narrow, broad in zip(plain.points, wide.points, strict=True):
        factor = math.sqrt(1 + wide.over_dispersion.tau_squared / (0.21 / narrow.size))
        assert broad.limits[0].upper - 0.3 == pytest.approx(min(factor * (narrow.limits[0].upper - 0.3), 0.7))


def test_less_variation_than_chance_narrows_nothing() -> None:
    units = named([(30, 100)] * 6)
    for way in ("multiplicative", "additive"):
        wide, plain = (funnel_of(units, target=0.3, widen=how) for how in (way, ""))
        for one, other in zip(wide.points, plain.points, strict=True):
            assert one.limits[0].upper == pytest.approx(other.limits[0].upper)


@pytest.mark.parametrize(
    "arguments",
    [
        {"units": {"a": (5, 9)}, "target": 0.5},
        {"units": {"a": (5, 20)}},
        {"units": {"a": (5, 20), "b": (0, 0)}},
        {"units": {"a": (5, 20), "b": (5, 20)}, "widen": "much"},
    ],
)
def test_questions_without_an_answer_are_refused(arguments: dict[str, Any]) -> None:
    """None of the size, no rest, no such widening."""
    with pytest.raises(InvalidQuery):
        funnel_of(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"units": {"a": (21, 20), "b": (5, 20)}},
        {"units": {"a": (2.0, 20), "b": (5, 20)}},
        {"units": {"a": (-1, 20), "b": (5, 20)}},
        {"units": {"a": (1, 20.5), "b": (5, 20)}},
        {"units": {"a": (1, 20), "b": (5, 20)}, "levels": [95]},
        {"units": {"a": (1, 20), "b": (5, 20)}, "target": 30},
        {"units": {"a": (1, math.nan), "b": (5, 20)}, "rate": True},
    ],
)
def test_wrong_numbers_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        funnel_of(**arguments)
    wrongs: list[dict[str, Any]] = [{"size": 0, "target": 0.5}, {"size": 5, "target": 2}, {"size": 5, "whole": (9, 8)}]
    for wrong in wrongs:
        with pytest.raises(InvalidValue):
            funnel_limits(**wrong)
    for wrong_rate in ((0, 1), (1, -1), (math.inf, 1)):
        with pytest.raises(InvalidValue):
            rate_funnel_limits(wrong_rate[0], target=wrong_rate[1])


def test_a_target_and_the_whole_at_once_are_refused() -> None:
    with pytest.raises(InvalidQuery):
        funnel_limits(5, target=0.5, whole=(5, 20))
    with pytest.raises(InvalidQuery):
        funnel_limits(5)
    with pytest.raises(InvalidValue):
        over_dispersion([1.0], [1.0])
    with pytest.raises(InvalidQuery):
        funnel_of(named([(5, 20), (6, 30)])).points[0].where(0.9)


def test_a_tail_too_small_for_a_number_is_nothing_and_has_an_end() -> None:
    assert Poisson(1.0).at_least(1_000) == 0
    assert Poisson(10_000.0).at_most(1) == 0
