"""Shares and means that come in clusters: against a survey regression, closed formulas and the quantiles of scipy."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from scipy.stats import t as student

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._clusters import ClusterSums, clustered, clustered_mean
from community_mediation.metrics._intervals import effective, exact, fractional_wilson, wilson
from community_mediation.metrics._tails import student_quantile

PAIRS = st.lists(st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=40)
VALUES = st.lists(st.tuples(st.integers(1, 6), st.integers(-50, 50)), min_size=2, max_size=40)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.998, 0.999999])
def test_students_quantiles_agree_with_scipy(level: float) -> None:
    for freedom in [*range(1, 40), 100, 398, 999, 1000, 1001, 10**4, 10**6]:
        expected = float(student.isf((1 - level) / 2, freedom))
        assert math.isclose(student_quantile(level, freedom), expected, rel_tol=1e-9), freedom


@given(st.floats(0.05, 3000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.998]))
def test_exact_limits_of_a_size_that_is_not_whole_agree_with_the_beta_quantiles(
    size: float, share: float, level: float
) -> None:
    k, tail = share * size, (1 - level) / 2
    if min(k, size - k) < 1e-6:
        return
    found = effective(share, size, method="exact", name="", z=0, level=level)
    assert math.isclose(found.lower, float(beta.ppf(tail, k, size - k + 1)), rel_tol=1e-8, abs_tol=1e-12)
    assert abs(found.upper - float(beta.isf(tail, k + 1, size - k))) < 1e-9


def cluster_robust(pairs: list[tuple[int, int]]) -> float:
    """The variance of the ratio by regression of y/n on one, weighted with n: the CR1 sandwich of statsmodels.

    With one row per cluster its HC1 factor is G / (G - 1), that of the linearised variance.
    """
    fit: Any = sm.WLS([y / n for n, y in pairs], [[1.0]] * len(pairs), weights=[n for n, _ in pairs]).fit(
        cov_type="HC1"
    )
    return float(fit.cov_params()[0, 0])


@given(VALUES)
def test_the_linearised_variance_is_the_cluster_robust_one(pairs: list[tuple[int, int]]) -> None:
    own = float(ClusterSums.of(pairs).variance)
    assert math.isclose(own, cluster_robust(pairs), rel_tol=1e-7, abs_tol=1e-12)


def test_a_small_table_done_by_hand() -> None:
    """Four cases with two parties each: 2, 2, 0 and 1 satisfied. p = 5/8.

    The residuals y - 2p are 3/4, 3/4, -5/4, -1/4, their squares sum to 44/16; v = 4/3 * 2.75 / 64 = 0.0572917;
    p(1 - p)/8 = 0.0292969, so the design effect is 1.9556 and 8 tell as much as 4.0909.
    """
    found = clustered(ClusterSums.of([(2, 2), (2, 2), (2, 0), (2, 1)]))
    assert found.share == Fraction(5, 8)
    assert found.sums.variance == Fraction(4, 3) * Fraction(44, 16) / 64
    assert found.design_effect == pytest.approx(1.9555556) and found.effective_size == pytest.approx(4.0909091)
    # Wilson with t of 3 degrees of freedom, 3.182446.
    t2, p, n = 3.182446305284263**2, 0.625, 4.090909090909091
    half = math.sqrt(t2 * (p * (1 - p) / n + t2 / (4 * n * n)))
    assert found.interval is not None
    assert found.interval.lower == pytest.approx((p + t2 / (2 * n) - half) / (1 + t2 / n), rel=1e-9)
    assert found.interval.upper == pytest.approx((p + t2 / (2 * n) + half) / (1 + t2 / n), rel=1e-9)
    assert str(found) == "62.5 %, 11.8–95.4 % (Wilson, clustered, t with 3 df, 95 %)"


@given(PAIRS)
def test_students_t_in_wilson_is_a_smaller_effective_size_with_the_normal_quantile(
    pairs: list[tuple[int, int]],
) -> None:
    """The correction of Korn and Graubard, as the two are written in the literature."""
    found = clustered(ClusterSums.of(pairs))
    if found.share in (0, 1) or found.effective_size is None or found.interval is None:
        return
    size = found.effective_size * (1.959963984540054 / float(student.ppf(0.975, len(pairs) - 1))) ** 2
    other = fractional_wilson(float(found.share) * size, size) if found.share is not None else None
    assert other is not None
    assert math.isclose(found.interval.lower, other.lower, rel_tol=1e-8)
    assert math.isclose(found.interval.upper, other.upper, rel_tol=1e-8)


@given(PAIRS)
def test_the_exact_one_is_that_of_korn_and_graubard(pairs: list[tuple[int, int]]) -> None:
    """With n* = p(1 - p)/v * (t of n - 1 / t of G - 1)², by the quantiles of scipy."""
    found = clustered(ClusterSums.of(pairs), method="exact")
    if found.share in (0, 1) or found.effective_size is None or found.interval is None or found.share is None:
        return
    n = sum(size for size, _ in pairs)
    size = found.effective_size * float(student.ppf(0.975, n - 1) / student.ppf(0.975, len(pairs) - 1)) ** 2
    k = float(found.share) * size
    assert math.isclose(found.interval.lower, float(beta.ppf(0.025, k, size - k + 1)), rel_tol=1e-7, abs_tol=1e-12)
    assert abs(found.interval.upper - float(beta.isf(0.025, k + 1, size - k))) < 1e-9


@given(PAIRS)
def test_clusters_never_make_an_interval_narrower_than_that_of_as_many_alone(pairs: list[tuple[int, int]]) -> None:
    """Also where parties of a case disagree more than chance would have it."""
    found = clustered(ClusterSums.of(pairs))
    alone = wilson(sum(y for _, y in pairs), sum(n for n, _ in pairs))
    assert found.interval is not None
    assert found.interval.upper - found.interval.lower >= alone.upper - alone.lower - 1e-12


@given(PAIRS)
def test_counting_the_opposite_mirrors_the_limits(pairs: list[tuple[int, int]]) -> None:
    for method in ("wilson", "exact"):
        found = clustered(ClusterSums.of(pairs), method=method).interval
        mirrored = clustered(ClusterSums.of([(n, n - y) for n, y in pairs]), method=method).interval
        assert found is not None and mirrored is not None
        assert math.isclose(found.lower, 1 - mirrored.upper, abs_tol=1e-9)


@pytest.mark.parametrize("share", [0, 1])
def test_where_all_or_none_count_the_clusters_are_the_cases(share: int) -> None:
    """Ten cases of three parties: 0 of 10, or 10 of 10, not of 30."""
    found = clustered(ClusterSums.of([(3, 3 * share)] * 10))
    assert found.interval is not None and found.effective_size == 10
    alone = wilson(10 * share, 10)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((alone.lower, alone.upper))
    assert "all alike within a cluster" in found.interval.method
    strict = clustered(ClusterSums.of([(3, 3 * share)] * 10), method="exact").interval
    assert strict is not None
    assert (strict.lower, strict.upper) == pytest.approx((exact(10 * share, 10).lower, exact(10 * share, 10).upper))


def test_one_large_cluster_is_not_hidden_by_small_ones() -> None:
    """One case of 91 parties and nine of one, none satisfied: that is hardly more than one case tells."""
    found = clustered(ClusterSums.of([(91, 0), *[(1, 0)] * 9]))
    assert found.effective_size == pytest.approx(100**2 / (91**2 + 9))


def test_one_cluster_has_a_share_and_a_reason() -> None:
    for sums in (ClusterSums.of([(5, 3)]), ClusterSums.of([(5, 0)])):
        found = clustered(sums)
        assert found.share is not None and found.interval is None and found.reason.startswith("one cluster")
    assert str(clustered(ClusterSums.of([(5, 3)]))).startswith("60.0 %, no interval: one cluster")
    assert clustered_mean(ClusterSums.of([(5, 3)])).reason.startswith("one cluster")


def test_no_cluster_has_neither() -> None:
    for empty in (ClusterSums.of([]), ClusterSums.of([(0, 0)])):
        assert (clustered(empty).share, str(clustered(empty))) == (None, "no cases")
        assert (clustered_mean(empty).mean, str(clustered_mean(empty))) == (None, "no cases")


@given(VALUES)
def test_a_mean_has_the_limits_of_students_t(pairs: list[tuple[int, int]]) -> None:
    found = clustered_mean(ClusterSums.of(pairs))
    half = float(student.ppf(0.975, len(pairs) - 1)) * math.sqrt(cluster_robust(pairs))
    mean = sum(y for _, y in pairs) / sum(n for n, _ in pairs)
    assert found.lower is not None and found.upper is not None
    assert found.lower == pytest.approx(mean - half, rel=1e-6, abs=1e-6)
    assert found.upper == pytest.approx(mean + half, rel=1e-6, abs=1e-6)


def test_a_mean_of_single_values_is_that_of_the_textbook() -> None:
    """Student 1908, the extra sleep by one drug: 0.75 hours, s = 1.78901, t = 2.262157: -0.53 to 2.03."""
    sleep = ["0.7", "-1.6", "-0.2", "-1.2", "-0.1", "3.4", "3.7", "0.8", "0", "2"]
    found = clustered_mean(ClusterSums.of([(1, Fraction(hours)) for hours in sleep]))
    assert str(found) == "0.75, -0.53–2.03 (clustered, t with 9 df, 95 %)"


def test_units_counted_as_if_alone_would_be_caught() -> None:
    """The planted fault: parties who always agree within a case, taken one by one, look like twice as many."""
    sums = ClusterSums.of([(2, 2)] * 10 + [(2, 0)] * 10)
    found, naive = clustered(sums), wilson(20, 40)
    assert found.interval is not None
    assert found.design_effect == pytest.approx(2 * 20 / 19)
    assert (found.interval.upper - found.interval.lower) / (naive.upper - naive.lower) > 1.3


def test_floating_sums_give_what_exact_ones_give() -> None:
    pairs = [(3, 2), (2, 2), (5, 1), (4, 4), (1, 0)]
    whole = clustered(ClusterSums.of(pairs)).interval
    floating = clustered(ClusterSums.of([(float(n), float(y)) for n, y in pairs])).interval
    assert whole is not None and floating is not None
    assert floating.lower == pytest.approx(whole.lower) and floating.upper == pytest.approx(whole.upper)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_cases_in_part_agree_with_whole_ones_where_they_are_whole(counts: tuple[int, int]) -> None:
    k, n = counts
    found, whole = fractional_wilson(Fraction(k), float(n)), wilson(k, n)
    assert (found.lower, found.upper) == (whole.lower, whole.upper) and "in part" in found.method


@pytest.mark.parametrize("arguments", [(1, 0), (-0.5, 5), (2.5, 2.4), (1, math.inf), (math.nan, 1)])
def test_no_share_in_part_is_refused(arguments: tuple[float, float]) -> None:
    with pytest.raises(InvalidValue):
        fractional_wilson(*arguments)


@pytest.mark.parametrize(
    "sums",
    [
        {"clusters": -1, "n": 1, "y": 1, "nn": 1, "ny": 1, "yy": 1},
        {"clusters": 2, "n": 4, "y": 1, "nn": 4, "ny": 1, "yy": 1},
        {"clusters": 2, "n": 4, "y": 4, "nn": 8, "ny": 4, "yy": 2},
        {"clusters": 2, "n": 4, "y": 2, "nn": 8, "ny": 9, "yy": 4},
        {"clusters": 2, "n": math.nan, "y": 2, "nn": 8, "ny": 4, "yy": 2},
    ],
)
def test_sums_that_no_clusters_have_are_refused(sums: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        ClusterSums(**sums)


def test_more_satisfied_than_asked_and_unknown_methods_are_refused() -> None:
    with pytest.raises(InvalidValue):
        clustered(ClusterSums.of([(2, 3), (2, 0)]))
    with pytest.raises(InvalidQuery, match="wilson, exact"):
        clustered(ClusterSums.of([(2, 1), (2, 0)]), method="wald")
