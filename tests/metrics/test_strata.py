"""Case mix: against statsmodels, scipy's Poisson-binomial by enumeration, published formulas and hand tables."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import beta, binom, chi2, norm
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import proportion_confint

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._expected import observed_expected, probabilities
from community_mediation.metrics._intervals import exact, wilson
from community_mediation.metrics._strata import mantel_haenszel, standardised

COUNT = st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
STRATA = st.dictionaries(st.sampled_from("abcdef"), COUNT, min_size=1)

# Northern centre: mostly hard cases. Of each kind it agrees more often, of all together less often.
NORTH = {"noise": (18, 20), "debt": (32, 80)}
SOUTH = {"noise": (64, 80), "debt": (6, 20)}
WHOLE = {"noise": (82, 100), "debt": (38, 100)}


def test_direct_standardisation_by_hand() -> None:
    """North: 50 % as it is; with as much noise as debt (90 % + 40 %) / 2 = 65 %. South: 70 %, then 55 %."""
    north, south = standardised(NORTH, WHOLE), standardised(SOUTH, WHOLE)
    assert (north.crude, north.share) == (Fraction(1, 2), Fraction(65, 100))
    assert (south.crude, south.share) == (Fraction(7, 10), Fraction(55, 100))
    assert north.strata == ("noise", "debt") and north.left_out == () and north.covered == 1


@given(STRATA, STRATA, st.sampled_from([0.8, 0.95, 0.998]))
def test_the_limits_are_the_weighted_wilson_limits_of_yan_and_su(
    unit: dict[str, tuple[int, int]], whole: dict[str, tuple[int, int]], level: float
) -> None:
    """At the quantile z * sqrt(sum of w² v) / sum of w sqrt(v), with the limits of the strata from statsmodels."""
    found = standardised(unit, whole, level=level)
    used = [name for name in unit if unit[name][1] and whole.get(name, (0, 0))[1]]
    assert found.strata == tuple(used)
    if not used:
        assert found.share is None and found.interval is None and str(found) == "no stratum in common"
        return
    w = np.array([whole[name][1] for name in used]) / sum(whole[name][1] for name in used)
    k, n = (np.array([unit[name][i] for name in used], float) for i in (0, 1))
    v = k / n * (1 - k / n) / n
    assert found.interval is not None and found.share is not None
    assert float(found.share) == pytest.approx(float((w * k / n).sum()))
    if v.sum() > 0:
        z = norm.ppf(0.5 + level / 2) * np.sqrt((w**2 * v).sum()) / (w * np.sqrt(v)).sum()
        limits = [proportion_confint(a, b, alpha=2 * norm.sf(z), method="wilson") for a, b in zip(k, n, strict=True)]
        assert found.interval.lower == pytest.approx(sum(a * low for a, (low, _) in zip(w, limits, strict=True)))
        assert found.interval.upper == pytest.approx(sum(a * high for a, (_, high) in zip(w, limits, strict=True)))
    assert found.interval.lower <= float(found.share) + 1e-12 and float(found.share) <= found.interval.upper + 1e-12


@given(COUNT.filter(lambda count: count[1] > 0))
def test_one_stratum_alone_has_its_wilson_interval(count: tuple[int, int]) -> None:
    found, alone = standardised({"all": count}, {"all": (5, 9)}).interval, wilson(*count)
    assert found is not None
    assert [found.lower, found.upper] == pytest.approx([alone.lower, alone.upper])


def test_strata_where_nothing_varies_still_have_an_interval() -> None:
    found = standardised({"a": (0, 10), "b": (20, 20)}, {"a": (5, 50), "b": (5, 50)})
    assert found.share == Fraction(1, 2) and found.interval is not None
    assert 0 < found.interval.lower < 0.5 < found.interval.upper < 1


def test_strata_that_are_not_in_both_are_named_with_what_is_lost() -> None:
    found = standardised({"noise": (5, 10), "water": (3, 4)}, {"noise": (40, 60), "debt": (10, 20)})
    assert [str(one) for one in found.left_out] == [
        "water: no case in the whole, 4 cases left out",
        "debt: no case of the unit, 20 cases left out",
    ]
    assert found.covered == Fraction(3, 4) and "of 75.0 % of the whole" in str(found)


@given(STRATA, STRATA)
def test_mantel_haenszel_agrees_with_statsmodels(
    first: dict[str, tuple[int, int]], second: dict[str, tuple[int, int]]
) -> None:
    found = mantel_haenszel(first, second)
    used = [name for name in first if first[name][1] and second.get(name, (0, 0))[1]]
    assert set(found.strata) == set(used)
    if found.odds_ratio is None or found.odds_ratio_limits is None:
        return
    tables = []
    for name in used:
        (a, n), (c, m) = first[name], second[name]
        tables.append(np.array([[a, n - a], [c, m - c]], float))
    reference = StratifiedTable(tables)
    assert float(found.odds_ratio) == pytest.approx(reference.oddsratio_pooled, rel=1e-9)
    assert found.odds_ratio_limits == pytest.approx(reference.oddsratio_pooled_confint(), rel=1e-9)


def test_the_difference_by_hand() -> None:
    """Noise and debt: 10 points each way of 16 and 16, so 10 points in all, where the crude shares say -20."""
    found = mantel_haenszel(NORTH, SOUTH)
    assert found.difference == Fraction(1, 10)
    assert found.cases == 200 and found.dropped == 0
    # North has 90 % against 80 %, and 40 % against 30 %: 18*16/2*64 = 2.25, 32*14/48*6 = 1.5556 over their weights.
    assert found.odds_ratio == Fraction(18 * 16 + 32 * 14, 2 * 64 + 48 * 6) == Fraction(736, 416)


@given(st.integers(1, 40), st.data())
def test_satos_variance_of_one_stratum_of_equal_groups_is_the_plain_one(size: int, data: st.DataObject) -> None:
    """With n = m the two terms make p(1 - p)/n + q(1 - q)/n, exactly."""
    a, c = data.draw(st.integers(0, size)), data.draw(st.integers(0, size))
    found = mantel_haenszel({"all": (a, size)}, {"all": (c, size)})
    variance = a * (size - a) / size**3 + c * (size - c) / size**3
    assert found.difference_limits is not None
    lower = max((a - c) / size - 1.959963984540054 * math.sqrt(variance), -1)
    assert found.difference_limits[0] == pytest.approx(lower, abs=1e-9)


@pytest.mark.parametrize("sizes", [[(2, 1)] * 60, [(100, 60), (40, 90)]])
def test_satos_variance_is_that_of_many_drawn_tables(sizes: list[tuple[int, int]]) -> None:
    """For many strata of two and one, and for few large ones."""
    draw = np.random.default_rng(11)
    differences, widths = [], []
    for _ in range(600):
        base = draw.uniform(0.2, 0.6, len(sizes))
        first = {
            str(i): (int(draw.binomial(n, p + 0.2)), n) for i, (p, (n, _)) in enumerate(zip(base, sizes, strict=True))
        }
        second = {str(i): (int(draw.binomial(m, p)), m) for i, (p, (_, m)) in enumerate(zip(base, sizes, strict=True))}
        found = mantel_haenszel(first, second)
        assert found.difference is not None and found.difference_limits is not None
        differences.append(float(found.difference))
        widths.append((found.difference_limits[1] - found.difference_limits[0]) / 2 / 1.959963984540054)
    assert float(np.std(differences)) == pytest.approx(float(np.sqrt(np.mean(np.square(widths)))), rel=0.1)
    assert float(np.mean(differences)) == pytest.approx(0.2, abs=0.02)


def test_a_stratum_of_one_group_alone_is_left_out_and_counted() -> None:
    found = mantel_haenszel({"noise": (5, 10), "water": (3, 4)}, {"noise": (6, 9), "debt": (1, 2)})
    assert [str(one) for one in found.left_out] == [
        "water: no case of the second, 4 cases left out",
        "debt: no case of the first, 2 cases left out",
    ]
    assert (found.cases, found.dropped) == (19, 6) and str(found).endswith("19 cases in 1 stratum, 6 left out)")
    none = mantel_haenszel({"water": (3, 4)}, {"debt": (1, 2)})
    assert (none.difference, none.odds_ratio) == (None, None)
    assert str(none) == "no stratum has cases of both; 6 cases left out"


def test_the_crude_difference_would_be_caught() -> None:
    """The planted fault: one stratum for all turns the sign."""
    crude = mantel_haenszel({"all": (50, 100)}, {"all": (70, 100)}).difference
    adjusted = mantel_haenszel(NORTH, SOUTH).difference
    assert crude is not None and adjusted is not None and crude < 0 < adjusted


def by_enumeration(parts: list[tuple[int, float]]) -> list[float]:
    """The law of the sum, over every combination of counts."""
    law = [0.0] * (sum(n for n, _ in parts) + 1)
    points = [binom.pmf(range(n + 1), n, p).tolist() for n, p in parts]
    for counts in product(*(range(n + 1) for n, _ in parts)):
        law[sum(counts)] += math.prod(own[k] for k, own in zip(counts, points, strict=True))
    return law


@given(st.lists(st.tuples(st.integers(1, 6), st.floats(0.01, 0.99)), min_size=1, max_size=4))
def test_the_poisson_binomial_law_is_that_of_all_combinations(parts: list[tuple[int, float]]) -> None:
    assert probabilities(parts) == pytest.approx(by_enumeration(parts), abs=1e-12)


def test_indirect_standardisation_by_hand() -> None:
    """North: 20 * 82 % + 80 * 38 % = 46.8 expected, 50 observed."""
    found = observed_expected(NORTH, WHOLE)
    assert (found.observed, found.expected, found.ratio) == (50, Fraction(468, 10), Fraction(500, 468))
    variance = 20 * 0.82 * 0.18 + 80 * 0.38 * 0.62
    assert found.score == pytest.approx((50 - 46.8) / math.sqrt(variance))
    assert str(found).startswith("50 observed, 46.8 expected: ratio 1.07, 0.8")


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(1, 99))
def test_with_one_stratum_the_exact_limits_are_those_of_clopper_and_pearson(count: tuple[int, int], share: int) -> None:
    found, alone = observed_expected({"all": count}, {"all": (share, 100)}), exact(*count)
    assert found.lower is not None and found.upper is not None
    assert found.lower * share / 100 == pytest.approx(alone.lower, abs=1e-9)
    assert found.upper * share / 100 == pytest.approx(alone.upper, abs=1e-9)


@given(st.integers(201, 900).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(1, 99))
def test_with_one_large_stratum_the_score_limits_are_those_of_wilson(count: tuple[int, int], share: int) -> None:
    found, alone = observed_expected({"all": count}, {"all": (share, 100)}), wilson(*count)
    assert found.lower is not None and found.upper is not None and found.method.startswith("score")
    assert found.lower * share / 100 == pytest.approx(alone.lower, abs=1e-9)
    assert found.upper * share / 100 == pytest.approx(alone.upper, abs=1e-9)


def test_the_exact_limits_leave_half_the_error_in_each_tail() -> None:
    """With three strata, by enumeration at the shifted odds that give the limit as their expected number."""
    unit, whole = {"a": (4, 6), "b": (3, 5), "c": (0, 3)}, {"a": (60, 100), "b": (30, 100), "c": (20, 100)}
    found = observed_expected(unit, whole)
    assert found.lower is not None and found.upper is not None

    def law(limit: float) -> list[float]:
        def shifted(shift: float) -> list[tuple[int, float]]:
            odds = {name: k / (n - k) * math.exp(shift) for name, (k, n) in whole.items()}
            return [(n, odds[name] / (1 + odds[name])) for name, (_, n) in unit.items()]

        wanted = limit * float(found.expected)
        shift = brentq(lambda x: sum(n * p for n, p in shifted(x)) - wanted, -20, 20, xtol=1e-14)
        return by_enumeration(shifted(float(shift)))

    assert sum(law(found.lower)[7:]) == pytest.approx(0.025, abs=1e-9)
    assert sum(law(found.upper)[:8]) == pytest.approx(0.025, abs=1e-9)


def test_poisson_limits_for_what_is_not_rare_would_be_caught() -> None:
    """The planted fault: of 60 cases 48 agreed where 42 were expected; the Poisson limit passes all 60."""
    found = observed_expected({"all": (48, 60)}, {"all": (70, 100)})
    assert found.upper is not None and found.upper * 42 < 60
    assert found.upper == pytest.approx(float(beta.isf(0.025, 49, 12)) / 0.7)
    assert chi2.isf(0.025, 2 * 49) / 2 > 60


def test_what_the_whole_does_not_allow_has_a_ratio_and_a_reason() -> None:
    found = observed_expected({"a": (2, 5), "b": (3, 5)}, {"a": (0, 9), "b": (3, 9)})
    assert found.ratio is not None and found.lower is not None  # 5 of the 5 that b allows
    impossible = observed_expected({"a": (3, 5), "b": (3, 5)}, {"a": (0, 9), "b": (3, 9)})
    assert impossible.lower is None and "0 or 1 of it" in impossible.reason
    nothing = observed_expected({"a": (0, 5)}, {"a": (0, 9)})
    assert (nothing.ratio, nothing.reason) == (None, "nothing is expected")
    lost = observed_expected({"a": (2, 5), "b": (3, 5)}, {"b": (3, 9)})
    assert [str(one) for one in lost.left_out] == ["a: no case in the whole, 5 cases left out"]


def test_wrong_strata_are_refused() -> None:
    wrong: list[dict[str, Any]] = [{"a": (6, 5)}, {"a": (-1, 5)}, {"a": (1.0, 5)}]
    functions: list[Any] = [standardised, mantel_haenszel, observed_expected]
    for strata, function in product(wrong, functions):
        with pytest.raises(InvalidValue):
            function(strata, {"a": (1, 5)})
    with pytest.raises(InvalidQuery):
        standardised({}, {"a": (1, 5)})
    with pytest.raises(InvalidValue):
        mantel_haenszel(NORTH, SOUTH, level=95)
