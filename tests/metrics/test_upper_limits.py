"""What may yet happen where nothing has."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, chi2

from community_mediation.errors import InvalidValue
from community_mediation.metrics import rate_upper_limit, share_upper_limit


def test_five_months_without_a_case_is_at_most_three_fifths_of_a_case_a_month() -> None:
    found = rate_upper_limit(0, 5)
    assert math.isclose(found.value, -math.log(0.05) / 5)
    assert str(found) == "at most 0.60 a month (one-sided 95 % upper limit, Poisson; 0 in 5 months)"


def test_a_streak_picked_because_it_is_zero_says_so() -> None:
    assert "picked" in str(rate_upper_limit(0, 5, picked=True))
    assert "picked" not in str(rate_upper_limit(0, 5))


@given(st.integers(0, 100_000), st.sampled_from([0.001, 0.5, 0.8, 0.95, 0.999]))
def test_rates_agree_with_the_chi_square_quantiles(events: int, level: float) -> None:
    """F. Garwood 1936: half the chi-square quantile with 2(k + 1) degrees of freedom."""
    expected = float(chi2.ppf(level, 2 * (events + 1)) / 2)
    assert math.isclose(rate_upper_limit(events, 1, level=level).value, expected, rel_tol=1e-9)


@given(st.integers(0, 50), st.integers(1, 40))
def test_the_limit_of_a_rate_shrinks_as_the_time_grows(events: int, months: int) -> None:
    assert rate_upper_limit(events, months + 1).value < rate_upper_limit(events, months).value


def test_no_breach_among_sixty_is_at_most_one_in_twenty() -> None:
    found = share_upper_limit(0, 60)
    assert math.isclose(found.value, 1 - 0.05 ** (1 / 60))
    assert str(found) == "at most 4.9 % (one-sided 95 % upper limit, exact binomial; 0 in 60 cases)"


@given(st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_shares_agree_with_the_beta_quantiles(counts: tuple[int, int]) -> None:
    k, n = counts
    expected = float(beta.ppf(0.95, k + 1, n - k)) if k < n else 1.0
    assert math.isclose(share_upper_limit(k, n).value, expected, abs_tol=1e-9)


@pytest.mark.parametrize(("events", "exposure"), [(-1, 5), (0, 0), (0, -1), (0, math.inf), (0.5, 5)])
def test_a_rate_over_nothing_is_refused(events: int, exposure: float) -> None:
    with pytest.raises(InvalidValue):
        rate_upper_limit(events, exposure)


def test_a_level_of_all_is_refused() -> None:
    with pytest.raises(InvalidValue):
        rate_upper_limit(0, 5, level=1)
