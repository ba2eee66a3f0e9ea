"""Limits of a proportion, against published tables and an independent library."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from community_mediation.errors import InvalidValue
from community_mediation.metrics import exact, wilson

SIZES = [1, 2, 3, 7, 29, 60, 263, 924, 10**4, 10**5, 10**6, 10**7]
COUNTS = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.998])


def grid(n: int) -> list[int]:
    """Numerators over the whole width, the ends and their neighbours always among them."""
    near = {0, 1, 2, n // 1000, n // 100, n // 10, n // 3, n // 2}
    return sorted(k for k in {*near, *(n - k for k in near)} if 0 <= k <= n)


@pytest.mark.parametrize(
    ("k", "n", "score", "clopper_pearson"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_both_methods_give_the_limits_that_newcombe_printed(
    k: int, n: int, score: tuple[float, float], clopper_pearson: tuple[float, float]
) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, methods 3 and 5."""
    for found, printed in ((wilson(k, n), score), (exact(k, n), clopper_pearson)):
        assert (round(found.lower, 4), round(found.upper, 4)) == printed


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.998, 0.999999])
def test_exact_limits_agree_with_the_beta_quantiles_to_a_billionth(n: int, level: float) -> None:
    tail = (1 - level) / 2
    for k in grid(n):
        found = exact(k, n, level)
        lower = float(beta.ppf(tail, k, n - k + 1)) if k else 0.0
        upper = float(beta.isf(tail, k + 1, n - k)) if k < n else 1.0
        assert math.isclose(found.lower, lower, rel_tol=1e-9, abs_tol=0), (k, n)
        assert abs(found.upper - upper) < 1e-9, (k, n)


@given(COUNTS, LEVELS)
def test_exact_limits_leave_half_of_the_error_in_each_tail(counts: tuple[int, int], level: float) -> None:
    """The definition itself, by another library's binomial."""
    k, n = counts
    found, tail = exact(k, n, level), (1 - level) / 2
    if k > 0:
        assert math.isclose(binom.sf(k - 1, n, found.lower), tail, rel_tol=1e-6)
    if k < n:
        assert math.isclose(binom.cdf(k, n, found.upper), tail, rel_tol=1e-6)


@given(COUNTS, LEVELS)
def test_wilson_limits_are_where_the_score_test_just_rejects(counts: tuple[int, int], level: float) -> None:
    """E. B. Wilson 1927: the p for which the standardised distance to k/n is the normal quantile."""
    from scipy.stats import norm

    k, n = counts
    z = float(norm.ppf(0.5 + level / 2))
    for limit in (wilson(k, n, level).lower, wilson(k, n, level).upper):
        if 0 < limit < 1:
            assert math.isclose((k / n - limit) ** 2 * n, z * z * limit * (1 - limit), rel_tol=1e-6, abs_tol=1e-9)


@given(COUNTS, LEVELS, st.sampled_from([wilson, exact]))
def test_limits_hold_the_share_and_stay_within_nothing_and_all(
    counts: tuple[int, int], level: float, method: type
) -> None:
    k, n = counts
    found = method(k, n, level)
    assert 0 <= found.lower <= k / n + 1e-15 and k / n - 1e-15 <= found.upper <= 1


@given(COUNTS, st.sampled_from([wilson, exact]))
def test_counting_the_opposite_mirrors_the_limits(counts: tuple[int, int], method: type) -> None:
    k, n = counts
    found, mirrored = method(k, n), method(n - k, n)
    assert math.isclose(found.lower, 1 - mirrored.upper, abs_tol=1e-12)


@given(COUNTS, st.sampled_from([wilson, exact]))
def test_more_successes_never_lower_a_limit(counts: tuple[int, int], method: type) -> None:
    k, n = counts
    if k < n:
        assert method(k, n).lower <= method(k + 1, n).lower and method(k, n).upper <= method(k + 1, n).upper


def test_none_and_all_have_their_limit_at_the_very_end() -> None:
    for method in (wilson, exact):
        assert method(0, 60).lower == 0 and method(0, 60).upper < 1
        assert method(60, 60).upper == 1 and method(60, 60).lower > 0


@pytest.mark.parametrize("arguments", [(1, 0), (-1, 5), (6, 5), (1.0, 5), (True, 5), (2, 5, 0.0), (2, 5, 1.0)])
def test_what_is_no_proportion_is_refused(arguments: tuple[int, ...]) -> None:
    for method in (wilson, exact):
        with pytest.raises(InvalidValue):
            method(*arguments)


def test_limits_print_with_their_method_and_level() -> None:
    assert str(wilson(30, 42)) == "56.4–82.8 % (Wilson, 95 %)"
    assert str(exact(0, 60)) == "0.0–6.0 % (exact (Clopper-Pearson), 95 %)"
