"""The coverage of the 95 % intervals, measured; each test prints what it found (``pytest -rP``)."""

from __future__ import annotations

import pytest

from community_mediation.metrics import exact, wilson
from tests.metrics import coverage_of_intervals as measure
from tests.metrics.coverage_of_intervals import Coverage


def shown(found: Coverage) -> Coverage:
    """Print a line, and give it on."""
    print(found)  # noqa: T201
    return found


def test_wilson_holds_the_level_on_average_and_nearly_everywhere() -> None:
    """By enumeration: 95 % on average, and not below 89 % for any share between 5 and 95 %."""
    assert 0.945 <= shown(measure.of_shares("Wilson", wilson)).mean <= 0.96
    middle = [p for p in measure.SHARES if 0.05 <= p <= 0.95]
    assert shown(measure.of_shares("Wilson, 5 % to 95 %", wilson, middle)).least >= 0.89


def test_the_exact_interval_never_holds_less_than_its_level() -> None:
    found = shown(measure.of_shares("exact", exact))
    assert found.least >= 0.95 and found.mean >= 0.965


def test_the_interval_that_is_taught_is_seen_to_fail() -> None:
    """The control: Wald's interval, which a measurement that always says 95 % would pass."""
    found = shown(measure.of_shares("Wald", measure.wald))
    assert found.mean < 0.9 and found.least < 0.2


def test_the_difference_of_two_shares_holds_the_level() -> None:
    found = shown(measure.of_differences([(10, 10), (20, 40)]))
    assert 0.945 <= found.mean <= 0.96 and found.least >= 0.9


def test_clustered_intervals_hold_the_level_whatever_the_correlation_within_cases() -> None:
    found = shown(measure.of_clusters("Wilson, clustered", measure.by_clusters(), repetitions=120))
    assert 0.94 <= found.mean <= 0.98 and found.least >= 0.87


def test_exact_clustered_intervals_hold_no_less() -> None:
    method = measure.by_clusters("exact")
    found = shown(measure.of_clusters("Korn-Graubard", method, repetitions=60, clusters=[10, 40], shares=[0.1, 0.5]))
    assert found.mean >= 0.95


def test_clusters_where_nearly_none_or_all_count_hold_the_level() -> None:
    """Where many samples have none at all, and no variance can be told."""
    found = shown(measure.of_clusters("Wilson, rare", measure.by_clusters(), repetitions=120, shares=[0.02, 0.98]))
    assert found.mean >= 0.94 and found.least >= 0.9


def test_parties_taken_as_cases_are_seen_to_fail() -> None:
    """The control: at a correlation of 0.5 a nominal 95 % holds the truth in four of five samples, or fewer."""
    found = shown(measure.of_clusters("parties as cases", measure.naive, repetitions=120, alike=[0.5]))
    assert found.mean < 0.85


def test_curves_hold_the_level_with_ties_censoring_and_late_entry() -> None:
    """And one less Kaplan-Meier of one end, read as its incidence, does not: the control."""
    found = measure.of_curves(repetitions=150)
    for part in found:
        shown(part)
    for part in (found.median, found.survival, found.incidence):
        assert 0.92 <= part.mean <= 0.99 and part.least >= 0.9
    assert found.alone.mean < 0.9


def test_means_of_what_comes_in_clusters_hold_the_level_and_those_of_strangers_do_not() -> None:
    found, alone = (shown(one) for one in measure.of_means(repetitions=100))
    assert 0.93 <= found.mean <= 0.97 and found.least >= 0.87
    assert alone.mean < 0.88 and alone.least < 0.75


def test_comparisons_within_strata_hold_the_level() -> None:
    """The exact ratio holds more, as it must."""
    share, ratio, apart = (shown(one) for one in measure.of_strata(repetitions=40))
    for found in (share, ratio, apart):
        assert 0.92 <= found.mean <= 0.99 and found.least >= 0.82


@pytest.mark.long
def test_all_of_it_at_ten_times_the_size() -> None:
    """Narrow bands, for what is simulated."""
    curves = measure.of_curves(repetitions=1_500)
    for part in (curves.survival, curves.incidence):
        assert 0.94 <= shown(part).mean <= 0.96 and part.least >= 0.93
    assert 0.94 <= shown(curves.median).mean <= 0.975
    found = shown(measure.of_clusters("Wilson, clustered", measure.by_clusters(), repetitions=1_500))
    assert 0.95 <= found.mean <= 0.97 and found.least >= 0.91
    for within in measure.of_strata(repetitions=300):
        assert 0.935 <= shown(within).mean <= 0.985 and within.least >= 0.91
    # Of five cases of unequal size Student's t holds a little less than it says; of thirty it does not.
    assert shown(measure.of_means(repetitions=1_500, clusters=[5])[0]).least >= 0.91
    assert 0.94 <= shown(measure.of_means(repetitions=1_500, clusters=[30, 60])[0]).mean <= 0.96
