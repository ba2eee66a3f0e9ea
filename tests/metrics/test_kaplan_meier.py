"""The estimator, against hand tables, exact fractions and an independent library."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from community_mediation.metrics import kaplan_meier
from community_mediation.metrics._kaplan_meier import plain_median

TIMES = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60)

# E. J. Freireich et al., Blood 21 (1963): weeks of remission under 6-mercaptopurine and placebo.
TREATED = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23]), Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = Counter([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]), Counter[int]()


def split(times: list[tuple[int, bool]]) -> tuple[Counter[int], Counter[int]]:
    """Those that ended, and those last seen open."""
    return Counter(time for time, ended in times if ended), Counter(time for time, ended in times if not ended)


def test_the_textbook_curve_comes_out_as_the_textbook_has_it() -> None:
    """Kalbfleisch and Prentice 1980, table 1.2 and its product-limit estimate."""
    steps = {step.time: step.survival for step in kaplan_meier(*TREATED).steps if step.ended}
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {time: round(share, 3) for time, share in steps.items()} == printed


def test_the_textbook_medians_have_their_log_log_limits() -> None:
    """As R's survfit prints them with conf.type = "log-log": 23 (13, not reached) and 8 (4, 11)."""
    treated, placebo = kaplan_meier(*TREATED), kaplan_meier(*PLACEBO)
    assert (treated.median, treated.lower, treated.upper) == (23, 13, None)
    assert (placebo.median, placebo.lower, placebo.upper) == (8, 4, 11)


def test_a_small_table_done_by_hand() -> None:
    """Four cases: ends at 1, 2 and 4, one last seen at 3. S = 3/4, 1/2, 0."""
    found = kaplan_meier({1: 1, 2: 1, 4: 1}, {3: 1})
    assert [(s.time, s.at_risk, s.ended, s.censored) for s in found.steps] == [
        (1, 4, 1, 0), (2, 3, 1, 0), (3, 2, 0, 1), (4, 1, 1, 0),
    ]  # fmt: skip
    assert [round(step.survival, 12) for step in found.steps] == [0.75, 0.5, 0.5, 0]
    assert (found.median, found.cases, found.ended, found.censored) == (2, 4, 3, 1)
    # log S = -0.2876821, Greenwood's sum = 1/12, so 0.75 ** exp(±1.959964 * 0.2886751 / 0.2876821).
    first = found.steps[0]
    assert first.lower is not None and first.upper is not None
    assert abs(first.lower - 0.75 ** math.exp(1.9599639845400545 * math.sqrt(1 / 12) / -math.log(0.75))) < 1e-12
    assert abs(first.upper - 0.75 ** math.exp(-1.9599639845400545 * math.sqrt(1 / 12) / -math.log(0.75))) < 1e-12


@given(TIMES)
def test_curve_and_limits_agree_with_statsmodels(times: list[tuple[int, bool]]) -> None:
    ended, censored = split(times)
    reference = SurvfuncRight([time for time, _ in times], [int(end) for _, end in times])
    own = {step.time: step for step in kaplan_meier(ended, censored).steps if step.ended}
    for time, share, error in zip(reference.surv_times, reference.surv_prob, reference.surv_prob_se, strict=True):
        step = own[int(time)]
        assert abs(step.survival - share) < 1e-9
        if 0 < share < 1:
            spread = 1.9599639845400545 * error / share / -math.log(share)
            assert step.lower is not None and step.upper is not None
            assert abs(step.lower - share ** math.exp(spread)) < 1e-9
            assert abs(step.upper - share ** math.exp(-spread)) < 1e-9


@given(TIMES)
def test_the_median_is_the_first_time_at_which_the_exact_curve_is_one_half_or_less(
    times: list[tuple[int, bool]],
) -> None:
    """In fractions, where no rounding can shift it by a case."""
    ended, censored = split(times)
    share, expected = Fraction(1), None
    for time in sorted({time for time, _ in times}):
        at_risk = sum(1 for other, _ in times if other >= time)
        share *= Fraction(at_risk - ended[time], at_risk)
        if expected is None and share <= Fraction(1, 2):
            expected = time
    assert kaplan_meier(ended, censored).median == expected


@given(TIMES)
def test_a_median_lies_within_its_limits_and_the_curve_only_falls(times: list[tuple[int, bool]]) -> None:
    found = kaplan_meier(*split(times))
    shares = [1.0, *(step.survival for step in found.steps)]
    assert shares == sorted(shares, reverse=True)
    if found.median is not None:
        assert found.lower is not None and found.lower <= found.median
        assert found.upper is None or found.median <= found.upper


@given(st.lists(st.integers(0, 50), min_size=1, max_size=80))
def test_with_nothing_censored_the_curve_is_the_share_still_open(times: list[int]) -> None:
    for step in kaplan_meier(Counter(times), {}).steps:
        assert math.isclose(step.survival, sum(1 for t in times if t > step.time) / len(times), abs_tol=1e-12)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=80))
def test_the_closed_only_median_is_the_plain_one(times: list[int]) -> None:
    assert plain_median(Counter(times)) == Fraction(median(times))


def test_the_last_bits_of_a_product_do_not_shift_the_median_by_a_case() -> None:
    """8/10 * 6/8 * 5/6 is one half, and a little more in floating point; the next end would be at 6."""
    assert kaplan_meier(Counter([2, 2, 3, 3, 5, 6, 7, 7, 8, 9]), {}).median == 5


def test_a_median_that_is_not_reached_is_not_a_number() -> None:
    found = kaplan_meier({5: 2}, {9: 8})
    assert (found.median, found.upper, found.ended) == (None, None, 2)


def test_no_cases_make_an_empty_curve() -> None:
    found = kaplan_meier({}, {})
    assert (found.cases, found.median, found.steps) == (0, None, ())
    assert plain_median({}) is None


@pytest.mark.parametrize("tied", [True, False])
def test_a_case_last_seen_when_another_ends_is_still_at_risk_then(tied: bool) -> None:
    """Kaplan and Meier's convention: ends come before censorings at the same time."""
    found = kaplan_meier({5: 1}, {5 if tied else 6: 1})
    assert found.steps[0].survival == 0.5
