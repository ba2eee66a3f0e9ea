"""Changes: against Newcombe's table, the quantiles of scipy, statsmodels, and hand tables."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom
from statsmodels.stats.proportion import confint_proportions_2indep

from community_mediation.errors import InvalidValue
from community_mediation.metrics import wilson
from community_mediation.metrics._changes import change, difference, rate_ratio

COUNT = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("now", "before", "printed"),
    [
        (110, 100, "+10.0 %"),
        (95, 100, "-5.0 %"),
        (100, 100, "0.0 %"),
        (2999, 3000, "0.0 %"),
        (0, 7, "-100.0 %"),
        (9, 8, "+12.5 %"),
        (5, 0, "from 0"),
        (0, 0, "0 in both"),
        (Fraction(3, 2), 1, "+50.0 %"),
    ],
)
def test_a_change_prints_with_its_sign_or_its_reason(now: int, before: int, printed: str) -> None:
    assert str(change(now, before)) == printed


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_change_is_exact_and_can_be_undone(now: int, before: int) -> None:
    found = change(now, before)
    assert found.value is not None and before * (1 + found.value) == now
    assert found.difference == now - before


def test_a_change_from_nothing_is_no_number() -> None:
    """And not 100 %, or infinity, as spreadsheets have it."""
    assert change(5, 0).value is None and change(0, 0).value is None
    for wrong in ((-1, 5), (5, -1), (math.nan, 5), (5, math.inf)):
        with pytest.raises(InvalidValue):
            change(*wrong)


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_differences_have_the_limits_that_newcombe_printed(
    counts: tuple[int, int, int, int], printed: tuple[float, float]
) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    found = difference(*counts)
    assert (round(found.lower, 4), round(found.upper, 4)) == printed


@given(COUNT, COUNT, st.sampled_from([0.8, 0.95, 0.99]))
def test_differences_agree_with_statsmodels(one: tuple[int, int], other: tuple[int, int], level: float) -> None:
    found = difference(*one, *other, level=level)
    lower, upper = confint_proportions_2indep(*one, *other, method="newcomb", alpha=1 - level)
    assert [found.lower, found.upper] == pytest.approx([lower, upper], abs=1e-9)
    assert found.value == Fraction(*one) - Fraction(*other)


@given(COUNT, COUNT)
def test_the_difference_the_other_way_is_its_mirror(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, back = difference(*one, *other), difference(*other, *one)
    assert found.lower == pytest.approx(-back.upper, abs=1e-12) and -1 <= found.lower <= found.upper <= 1


def test_a_difference_prints_in_percentage_points() -> None:
    text = "+20.0 percentage points, +5.2 to +33.4 (Newcombe, hybrid score, 95 %)"
    assert str(difference(56, 70, 48, 80)) == text


def test_swapped_limits_would_be_caught() -> None:
    """The planted fault: the lower limit from the upper one of the first share and the lower one of the second."""
    p, q = 5 / 56, 0.0
    one, other = wilson(5, 56), wilson(0, 29)
    assert round(p - q - math.hypot(one.upper - p, q - other.lower), 4) != -0.0381


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.1, 50), st.floats(0.1, 50))
def test_ratios_have_the_limits_of_the_binomial_given_the_sum(now: int, before: int, own: float, other: float) -> None:
    found = rate_ratio(now, before, exposure_now=own, exposure_before=other)
    scale = other / own
    if now and before:
        low = float(beta.ppf(0.025, now, before + 1))
        high = float(beta.isf(0.025, now + 1, before))
        assert found.value is not None and float(found.value) == pytest.approx(now / before * scale)
        assert found.lower == pytest.approx(low / (1 - low) * scale, rel=1e-8)
        assert found.upper == pytest.approx(high / (1 - high) * scale, rel=1e-8)
    elif before:
        assert found.value == 0 and found.lower == 0 and found.upper is not None
    else:
        assert (found.value, found.upper) == (None, None)


def test_the_limits_of_a_ratio_leave_half_the_error_in_each_tail() -> None:
    """12 events in 10 months after 30 in 12: at the limits, 12 of 42 are just too few or too many."""
    found = rate_ratio(12, 30, exposure_now=10, exposure_before=12)
    assert found.value == Fraction(12, 10) / Fraction(30, 12) == Fraction(12, 25)
    assert found.lower is not None and found.upper is not None
    low, high = (ratio * 10 / (ratio * 10 + 12) for ratio in (found.lower, found.upper))
    assert [binom.sf(11, 42, low), binom.cdf(12, 42, high)] == pytest.approx([0.025, 0.025], abs=1e-9)


def test_ratios_print_what_bounds_them() -> None:
    assert str(rate_ratio(12, 30)) == "0.40, 0.19–0.80 (exact conditional, 95 %)"
    assert str(rate_ratio(5, 0)) == "from 0, at least 0.92 (exact conditional, 95 %)"
    assert str(rate_ratio(0, 0)) == "0 in both"


@pytest.mark.parametrize("arguments", [(-1, 5, 1, 1), (1.0, 5, 1, 1), (1, 5, 0, 1), (1, 5, 1, math.inf)])
def test_what_is_no_rate_is_refused(arguments: tuple[int, int, float, float]) -> None:
    now, before, own, other = arguments
    with pytest.raises(InvalidValue):
        rate_ratio(now, before, exposure_now=own, exposure_before=other)
