"""Ends that compete: against closed formulas in fractions, two independent libraries, and a table done by hand."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._incidence import Incidence, cumulative_incidence
from community_mediation.metrics._kaplan_meier import kaplan_meier
from tests.metrics.risk_tables import CASES, LATE_CASES, Case, by_cause, censored, ended, entries, stored

Z = 1.9599639845400545


def estimate(cases: list[Case], causes: int = 3) -> Incidence:
    return cumulative_incidence(by_cause(cases, causes), censored(cases), entries=entries(cases))


def exactly(cases: list[Case], cause: int) -> dict[int, tuple[Fraction, Fraction | None]]:
    """Incidence and variance at each time, in fractions, case by case, by the closed formula.

    Marubini and Valsecchi 1995, § 10.2: three sums over the times up to t. The variance is none once all have ended.
    """
    times = sorted({time for _, time, cause in cases if cause})
    parts: list[tuple[Fraction, Fraction, int, int, int]] = []
    left, share = Fraction(1), Fraction(0)
    found: dict[int, tuple[Fraction, Fraction | None]] = {}
    for t in times:
        n = sum(1 for entry, time, _ in cases if (entry < t or entry == 0) and time >= t)
        d = sum(1 for _, time, c in cases if c and time == t)
        dk = sum(1 for _, time, c in cases if c == cause and time == t)
        share += left * Fraction(dk, n)
        parts.append((share, left, n, d, dk))
        left *= Fraction(n - d, n)
        variance = Fraction(0)
        for at, before, n, d, dk in parts:
            variance += (share - at) ** 2 * Fraction(d, n * (n - d)) if n > d else 0
            variance += before**2 * Fraction((n - dk) * dk, n**3)
            variance -= 2 * (share - at) * before * Fraction(dk, n * n)
        found[t] = share, variance
    return found


def agrees(found: Incidence, cases: list[Case]) -> bool:
    """Whether incidence and limits are those of the closed formula, to a billionth."""
    for which, cause in enumerate(found.causes):
        expected = exactly(cases, int(cause))
        for step in found.steps:
            if step.time not in expected or not sum(step.ended):
                continue
            share, variance = expected[step.time]
            if abs(step.incidence[which] - share) > 1e-9:
                return False
            if 0 < share < 1 and variance is not None:
                spread = Z * math.sqrt(variance) / float(1 - share) / -math.log(1 - share)
                lower, upper = step.lower[which], step.upper[which]
                if lower is None or abs(lower - (1 - float(1 - share) ** math.exp(-spread))) > 1e-9:
                    return False
                if upper is None or abs(upper - (1 - float(1 - share) ** math.exp(spread))) > 1e-9:
                    return False
    return True


@given(CASES)
def test_incidence_and_limits_are_those_of_the_closed_formula(cases: list[Case]) -> None:
    """Also where ends of several kinds and censorings fall on the same time."""
    assert agrees(estimate(cases), cases)


@given(LATE_CASES)
def test_late_entry_keeps_to_the_closed_formula(cases: list[Case]) -> None:
    """A case that enters at t is at risk strictly after t: the reference counts each case by itself."""
    assert agrees(estimate(cases, 2), cases)


def test_who_enters_when_another_ends_is_not_at_risk_of_it() -> None:
    """Three watched from the start; one ends at 5, when a fourth enters. Of 3, not of 4."""
    found = cumulative_incidence({"a": {5: 1, 9: 1}}, {9: 2}, entries={5: 1})
    assert [(s.time, s.at_risk, s.entered) for s in found.steps] == [(5, 3, 1), (9, 3, 0)]
    assert math.isclose(found.steps[0].incidence[0], 1 / 3)


def test_an_entry_counted_at_its_own_time_would_be_caught() -> None:
    """The planted fault: entering a moment earlier makes the fourth case at risk at 5."""
    cases = [(0, 5, 1), (0, 9, 0), (0, 9, 1), (5, 9, 0)]
    right = estimate(cases, 1)
    wrong = cumulative_incidence(by_cause(cases, 1), censored(cases), entries={4: 1})
    assert agrees(right, cases) and not agrees(wrong, cases)


@given(CASES)
def test_tied_ends_of_different_kinds_have_no_order(cases: list[Case]) -> None:
    """Taken one kind after another within the tie, the censorings after them, nothing changes: no jitter is needed.

    It is why ends at the same time are exact here: one multinomial draw is a row of binomial ones.
    """
    spread = [(4 * entry, 4 * time + (cause or 4) - 4, cause) for entry, time, cause in cases]
    apart = {-(-step.time // 4): step for step in estimate(spread).steps}
    for step in estimate(cases).steps:
        assert step.incidence == pytest.approx(apart[step.time].incidence, abs=1e-12)
        for mine, other in zip(step.upper, apart[step.time].upper, strict=True):
            assert mine is other is None or mine == pytest.approx(other, abs=1e-9)


def test_an_end_pushed_past_a_tied_censoring_would_be_caught() -> None:
    """The planted fault: a jitter that moves an end past who was last seen at the same time."""
    cases = [(0, 8, 1), (0, 8, 2), (0, 8, 0), (0, 12, 0), (0, 12, 1)]
    jittered = [(entry, time + (cause == 2), cause) for entry, time, cause in cases]
    right, wrong = estimate(cases, 2), estimate(jittered, 2)
    assert agrees(right, cases)
    assert right.at("2", 10).share == pytest.approx(1 / 5)
    assert wrong.at("2", 10).share == pytest.approx(4 / 5 * 1 / 3)


@given(CASES)
def test_incidence_and_error_agree_with_statsmodels(cases: list[Case]) -> None:
    present = max(cause for _, _, cause in cases)
    if not present:
        return
    with np.errstate(all="ignore"):
        reference: Any = CumIncidenceRight([time for _, time, _ in cases], [cause for _, _, cause in cases])
    own = {step.time: step for step in estimate(cases).steps}
    for which in range(present):
        rows = zip(reference.times, reference.cinc[which], reference.cinc_se[which], strict=True)
        for time, share, error in rows:
            step = own[int(time)]
            assert abs(step.incidence[which] - share) < 1e-9
            # Its closed formula subtracts sums that cancel; where nothing is left of them it is no reference.
            if 1e-6 < share < 1 - 1e-6 and error > 1e-4:
                upper = step.upper[which]
                expected = 1 - (1 - share) ** math.exp(Z * error / (1 - share) / -math.log(1 - share))
                assert upper is not None and abs(upper - expected) < 1e-9


@pytest.mark.parametrize("name", ["small", "ties", "late", "early_gap"])
def test_incidence_and_variance_agree_with_lifelines(name: str) -> None:
    """The stored values; see reference/README.md."""
    table = stored()[name]
    cases = [tuple(case) for case in table["cases"]]
    compared = 0
    for which, step in ((which, step) for step in estimate(cases, 2).steps for which in (0, 1)):
        share = table["incidence"][str(which + 1)][str(step.time)]
        variance = table["variance"][str(which + 1)][str(step.time)]
        assert abs(step.incidence[which] - share) < 1e-9
        if variance and 0 < share < 1 and step.survival > 0:
            expected = 1 - (1 - share) ** math.exp(Z * math.sqrt(variance) / (1 - share) / -math.log(1 - share))
            upper = step.upper[which]
            assert upper is not None and abs(upper - expected) < 1e-9
            compared += 1
    assert compared > 5


@given(CASES)
def test_all_ends_and_the_open_share_make_one(cases: list[Case]) -> None:
    for step in estimate(cases).steps:
        assert math.isclose(sum(step.incidence) + step.survival, 1, abs_tol=1e-12)


@given(LATE_CASES)
def test_with_one_kind_of_end_it_is_one_less_kaplan_meier(cases: list[Case]) -> None:
    """The estimate and its limits, and the time by which half had ended."""
    cases = [(entry, time, min(cause, 1)) for entry, time, cause in cases]
    found = estimate(cases, 1)
    whole = kaplan_meier(ended(cases), censored(cases), entries=entries(cases))
    for mine, other in zip(found.steps, whole.steps, strict=True):
        assert math.isclose(mine.incidence[0], 1 - other.survival, abs_tol=1e-12)
        if 0 < other.survival < 1:
            assert mine.lower[0] is not None and mine.upper[0] is not None and other.lower and other.upper
            assert math.isclose(mine.lower[0], 1 - other.upper, abs_tol=1e-9)
            assert math.isclose(mine.upper[0], 1 - other.lower, abs_tol=1e-9)
    half = found.median("1")
    assert (half.time, half.lower, half.upper) == (whole.median, whole.lower, whole.upper)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 3)), min_size=2, max_size=80), st.integers(1, 30))
def test_with_nothing_censored_it_is_the_share_and_its_binomial_error(ends: list[tuple[int, int]], when: int) -> None:
    """The variance is then F(1 - F)/n exactly, whatever else ended before."""
    cases = [(0, time, cause) for time, cause in ends]
    share = sum(1 for time, cause in ends if cause == 1 and time <= when) / len(ends)
    found = estimate(cases).at("1", when)
    assert found.share is not None and math.isclose(found.share, share, abs_tol=1e-12)
    if 0 < share < 1:
        spread = Z * math.sqrt(share / (1 - share) / len(ends)) / -math.log1p(-share)
        assert found.interval is not None
        assert math.isclose(found.interval.upper, 1 - (1 - share) ** math.exp(spread), rel_tol=1e-9)


def test_a_small_table_done_by_hand() -> None:
    """Five cases: an agreement and a refusal at 2, one last seen at 3, an agreement at 4, one last seen at 6.

    At 2: 1/5 each, 3/5 open. At 4 two are at risk: agreement 1/5 + 3/5 * 1/2 = 1/2, open 3/10.
    """
    found = cumulative_incidence({"agreed": {2: 1, 4: 1}, "refused": {2: 1}}, {3: 1, 6: 1})
    assert [(s.time, s.at_risk, s.ended, s.censored) for s in found.steps] == [
        (2, 5, (1, 1), 0), (3, 3, (0, 0), 1), (4, 2, (1, 0), 0), (6, 1, (0, 0), 1),
    ]  # fmt: skip
    assert found.steps[2].incidence == pytest.approx((0.5, 0.2))
    assert found.steps[2].survival == pytest.approx(0.3)
    assert (found.cases, found.ended, found.censored) == (5, (2, 1), 2)
    assert found.median("agreed").time == 4
    assert found.median("refused").time is None
    # One less Kaplan-Meier would have said 1 - 4/5 * 1/2 = 60 % agreed.
    alone = kaplan_meier({2: 1, 4: 1}, {2: 1, 3: 1, 6: 1}).at(5).share
    assert alone is not None and round(1 - alone, 9) == 0.6


def test_a_horizon_reads_the_step_at_or_before_it() -> None:
    found = cumulative_incidence({"agreed": {2: 1, 4: 1}, "refused": {2: 1}}, {3: 1, 6: 1})
    shares = [found.at("agreed", time).share for time in (0, 1, 2, 3, 4, 6)]
    assert shares == pytest.approx([0, 0, 0.2, 0.2, 0.5, 0.5])
    assert [found.at("agreed", time).at_risk for time in (0, 2, 3, 4, 5, 6)] == [5, 5, 3, 2, 1, 1]


def test_beyond_the_last_one_watched_there_is_no_share() -> None:
    found = cumulative_incidence({"agreed": {2: 1}}, {6: 1}).at("agreed", 7)
    assert (found.share, found.interval, str(found)) == (None, None, "nobody was watched that long")


def test_once_all_have_ended_the_share_is_known_for_ever() -> None:
    found = cumulative_incidence({"agreed": {2: 1}, "refused": {6: 1}}, {}).at("agreed", 10**9)
    assert found.share == 0.5


def test_where_nothing_ended_so_the_upper_limit_is_the_exact_one() -> None:
    """None of 20 to the end: 1 - 0.025 ** (1/20). Half censored before: of the ten still watched."""
    for cens, number in (({9: 20}, 20), ({3: 10, 9: 10}, 10)):
        found = cumulative_incidence({"agreed": {}}, cens).at("agreed", 8)
        assert found.share == 0 and found.interval is not None
        assert (found.interval.lower, found.interval.upper) == pytest.approx((0, 1 - 0.025 ** (1 / number)))


def test_where_all_ended_so_the_lower_limit_is_the_exact_one() -> None:
    found = cumulative_incidence({"agreed": {1: 4, 3: 6}, "refused": {}}, {}).at("agreed", 3)
    assert found.share == pytest.approx(1) and found.interval is not None
    assert found.interval.lower == pytest.approx(0.025 ** (1 / 10)) and found.interval.upper == 1


def test_a_horizon_prints_its_interval_and_how_many_were_watched() -> None:
    found = cumulative_incidence({"agreed": {2: 10}, "refused": {2: 5}}, {6: 25}).at("agreed", 5)
    # 0.75 ** exp(±1.96 * sqrt(0.25 * 0.75 / 40) / (0.75 * 0.28768)) = 0.857, 0.585.
    assert str(found) == "25.0 %, 14.3–41.5 % (log(-log), Greenwood type, 95 %); 25 still watched"


@given(LATE_CASES, st.integers(0, 10))
def test_since_tells_of_those_not_ended_by_then_alone(cases: list[Case], since: int) -> None:
    """The same as a table in which those ended by then never were, and the others enter then or later."""
    rest = [(max(entry, since), time, cause) for entry, time, cause in cases if time > since]
    if not rest:
        return
    cut = cumulative_incidence(by_cause(cases, 2), censored(cases), entries=entries(cases), since=since)
    fresh = estimate([(0 if entry == since else entry, time, cause) for entry, time, cause in rest], 2)
    assert cut.cases == fresh.cases
    assert [(s.time, s.at_risk, s.incidence) for s in cut.steps] == [
        (s.time, s.at_risk, s.incidence) for s in fresh.steps
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ({}, {1: 1}, None),
        ({"a": {1: -1}, "b": {1: 1}}, {}, None),
        ({"a": {1: 1.0}}, {}, None),
        ({"a": {1.5: 1}}, {}, None),
        ({"a": {1: 1}}, {}, {2: 1}),
        ({"a": {1: 1}}, {2: 1}, {1: 2}),
        ({"a": {1: 1}}, {}, {0: 2}),
    ],
)
def test_a_table_that_is_none_is_refused(arguments: tuple[Any, Any, Any]) -> None:
    """No cause, no counts, an end before the entry, or more entries than cases."""
    own, gone, late = arguments
    with pytest.raises(InvalidValue):
        cumulative_incidence(own, gone, entries=late)


def test_wrong_questions_are_refused() -> None:
    found = cumulative_incidence({"agreed": Counter([1])}, {5: 1}, since=0)
    with pytest.raises(InvalidQuery, match="agreed"):
        found.at("refused", 3)
    for time in (-1, 2.5):
        with pytest.raises(InvalidQuery):
            found.at("agreed", time)  # type: ignore[arg-type]
    with pytest.raises(InvalidQuery):
        found.quantile("agreed", 1)


def test_no_cases_make_empty_curves() -> None:
    found = cumulative_incidence({"agreed": {}, "refused": {}}, {})
    assert (found.cases, found.ended, found.steps) == (0, (0, 0), ())
    assert found.at("agreed", 5).reason == "no cases"
