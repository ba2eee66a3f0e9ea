"""The estimator, against hand tables, exact fractions and an independent library."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics import Estimate, kaplan_meier
from community_mediation.metrics._kaplan_meier import plain_median
from tests.metrics import risk_tables
from tests.metrics.risk_tables import LATE_CASES, Case

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
    counted = sorted(Counter(times).items())
    found = plain_median([time for time, _ in counted], array("q", [cases for _, cases in counted]))
    assert found == Fraction(median(times))


def test_the_last_bits_of_a_product_do_not_shift_the_median_by_a_case() -> None:
    """8/10 * 6/8 * 5/6 is one half, and a little more in floating point; the next end would be at 6."""
    assert kaplan_meier(Counter([2, 2, 3, 3, 5, 6, 7, 7, 8, 9]), {}).median == 5


def test_a_median_that_is_not_reached_is_not_a_number() -> None:
    found = kaplan_meier({5: 2}, {9: 8})
    assert (found.median, found.upper, found.ended) == (None, None, 2)


def test_no_cases_make_an_empty_curve() -> None:
    found = kaplan_meier({}, {})
    assert (found.cases, found.median, found.steps) == (0, None, ())
    assert plain_median([], array("q")) is None


@pytest.mark.parametrize("tied", [True, False])
def test_a_case_last_seen_when_another_ends_is_still_at_risk_then(tied: bool) -> None:
    """Kaplan and Meier's convention: ends come before censorings at the same time."""
    found = kaplan_meier({5: 1}, {5 if tied else 6: 1})
    assert found.steps[0].survival == 0.5


def late(cases: list[Case], since: int | None = None) -> Estimate:
    """The curve of cases some of which came late."""
    gone = risk_tables.censored(cases)
    return kaplan_meier(risk_tables.ended(cases), gone, entries=risk_tables.entries(cases), since=since)


@given(LATE_CASES)
def test_late_entry_agrees_with_statsmodels(cases: list[Case]) -> None:
    """There, too, a case is at risk of what happens strictly after its entry."""
    # An entry at 0 would put a case there out of the risk set at 0; none of these ends at 0, so nothing hangs on it.
    reference = SurvfuncRight(
        [time for _, time, _ in cases], [int(c > 0) for *_, c in cases], entry=[entry for entry, *_ in cases]
    )
    own = {step.time: step for step in late(cases).steps}
    for time, share, watched in zip(reference.surv_times, reference.surv_prob, reference.n_risk, strict=True):
        assert abs(own[int(time)].survival - share) < 1e-9
        assert own[int(time)].at_risk == watched


@pytest.mark.parametrize("name", ["small", "ties", "late", "early_gap"])
def test_curve_and_limits_agree_with_lifelines(name: str) -> None:
    """The stored values; see reference/README.md."""
    table = risk_tables.stored()[name]
    for step in late([tuple(case) for case in table["cases"]]).steps:
        assert abs(step.survival - table["survival"][str(step.time)]) < 1e-9
        if 0 < step.survival < 1:
            assert step.lower is not None and abs(step.lower - table["lower"][str(step.time)]) < 1e-9
            assert step.upper is not None and abs(step.upper - table["upper"][str(step.time)]) < 1e-9


@given(LATE_CASES)
def test_the_risk_set_loses_who_goes_and_gains_who_comes(cases: list[Case]) -> None:
    steps = late(cases).steps
    for step, following in pairwise(steps):
        assert following.at_risk == step.at_risk - step.ended - step.censored + step.entered


def test_where_all_watched_have_ended_and_others_come_later_the_curve_says_so() -> None:
    """One watched from the start ends at 2; fifty come at 3: the curve is 0 for them as well."""
    found = kaplan_meier({2: 1, 9: 25}, {10: 25}, entries={3: 50})
    assert found.steps[-1].survival == 0 and found.trap is not None
    assert (found.trap.kind, found.trap.time, found.trap.at_risk, found.trap.safe_since) == ("fell to 0", 2, 1, 3)
    assert str(found.trap).startswith("small risk set: all who were watched had ended")


def test_a_curve_started_where_enough_are_watched_is_out_of_the_trap() -> None:
    found = kaplan_meier({2: 1, 9: 25}, {10: 25}, entries={3: 50}, since=2)
    assert found.trap is not None and found.trap.kind == "nobody watched"
    found = kaplan_meier({2: 1, 9: 25}, {10: 25}, entries={3: 50}, since=3)
    assert (found.trap, found.cases, found.median) == (None, 50, 9)
    assert found.at(9).share == 0.5


@pytest.mark.parametrize(
    ("ended", "gone", "entries", "kind"),
    [
        ({2: 1, 9: 5}, {4: 4, 10: 25}, {3: 30}, "few watched"),
        ({9: 5}, {2: 2, 10: 25}, {3: 30}, "nobody watched"),
        ({9: 5}, {10: 25}, {3: 30}, "nobody watched"),
        ({2: 3, 9: 5}, {10: 25}, {3: 30}, "fell to 0"),
        ({5: 1, 9: 5}, {10: 55}, {3: 30}, None),
        ({2: 1, 9: 5}, {10: 4}, None, None),
        # Few at the end of a long curve, and one more comes: that is how curves end.
        ({2: 20, 9: 1}, {10: 8}, {9: 1}, None),
        ({2: 1}, {10: 6}, {3: 2}, None),
    ],
)
def test_the_trap_is_named_by_the_worst_that_happened(
    ended: dict[int, int], gone: dict[int, int], entries: dict[int, int] | None, kind: str | None
) -> None:
    """Without late entry a risk set only shrinks, as everybody expects: nothing is said then."""
    found = kaplan_meier(ended, gone, entries=entries).trap
    assert (found.kind if found else None) == kind


@given(LATE_CASES)
def test_what_is_called_safe_is_out_of_the_trap(cases: list[Case]) -> None:
    found = late(cases).trap
    if found is not None and found.safe_since is not None:
        assert late(cases, since=found.safe_since).trap is None


@given(TIMES, st.integers(0, 25))
def test_a_share_at_a_time_is_that_of_the_last_step(times: list[tuple[int, bool]], when: int) -> None:
    found = kaplan_meier(*split(times))
    before = [step for step in found.steps if step.time <= when]
    share = before[-1].survival if before else 1.0
    own = found.at(when)
    if when > max(time for time, _ in times) and share > 0:
        assert (own.share, own.reason) == (None, "nobody was watched that long")
    else:
        assert own.share == share and own.interval is not None
        assert own.interval.lower <= share <= own.interval.upper
        assert own.at_risk == sum(1 for time, _ in times if time >= when)


def test_where_none_or_all_have_ended_the_limits_are_the_exact_ones() -> None:
    """None of 20, of whom 8 were no longer watched: 0.025 ** (1/12). All, the last 2 of them at half: as of 4 cases."""
    none = kaplan_meier({9: 1}, {3: 8, 10: 11}).at(5)
    assert none.interval is not None and none.at_risk == 12
    assert none.interval.lower == pytest.approx(0.025 ** (1 / 12)) and none.interval.upper == 1
    all_ended = kaplan_meier({1: 2, 3: 2}, {}).at(3)
    assert all_ended.interval is not None and all_ended.share == 0
    assert all_ended.interval.lower == 0 and all_ended.interval.upper == pytest.approx(1 - 0.025 ** (1 / 4))


def test_late_entry_is_worth_no_more_than_the_fewest_that_were_watched() -> None:
    """Three watched from the start, forty more from 4 on, nobody ended by 8."""
    found = kaplan_meier({9: 1}, {10: 42}, entries={4: 40}).at(8)
    assert found.interval is not None and found.interval.lower == pytest.approx(0.025 ** (1 / 3))
    unseen = kaplan_meier({9: 1}, {10: 39}, entries={4: 40})
    assert unseen.at(3).reason == "nobody was watched yet"
    assert unseen.at(8).interval is None and "for a time nobody was watched" in str(unseen.at(8))


def test_the_ninetieth_percentile_has_limits_by_inverting_the_band() -> None:
    """Of 21, three are left after 15 weeks and two, 9.5 %, after 17."""
    found = kaplan_meier(*PLACEBO)
    ninth = found.quantile(0.9)
    assert ninth.time == next(step.time for step in found.steps if step.survival <= 0.1) == 17
    assert ninth.lower == next(s.time for s in found.steps if s.lower is None or s.lower <= 0.1)
    assert ninth.upper is None
    assert found.quantile(Fraction(1, 2)).time == found.median
    assert kaplan_meier(*TREATED).quantile(0.9).time is None


@given(TIMES)
def test_the_median_is_the_quantile_of_one_half(times: list[tuple[int, bool]]) -> None:
    found = kaplan_meier(*split(times))
    half = found.quantile(0.5)
    assert (half.time, half.lower, half.upper) == (found.median, found.lower, found.upper)


def test_wrong_questions_and_tables_are_refused() -> None:
    found = kaplan_meier({5: 2}, {9: 8}, since=1)
    for share in (0, 1, 90):
        with pytest.raises(InvalidQuery):
            found.quantile(share)
    for time in (-1, 0, 2.5):
        with pytest.raises(InvalidQuery):
            found.at(time)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="more leave than are watched"):
        kaplan_meier({5: 1}, {}, entries={5: 1})
