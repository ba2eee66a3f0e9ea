"""The time without an event."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._streak import streak

EVENTS = st.lists(st.integers(0, 1_000), max_size=30)


def test_a_small_calendar_done_by_hand() -> None:
    """Watched for 100 days, events on days 10, 40 and 70: 30 days without, as long as the longest."""
    found = streak([40, 10, 70], start=0, through=100, per_unit=1)
    assert found.events == 3 and found.watched == 100
    assert found.current == found.longest == 30
    assert found.longest_is_current
    # The Poisson limit of three events, 7.7537, over 100 days; of none in 30, -log(0.05) / 30.
    assert found.limit.value == pytest.approx(float(chi2.ppf(0.95, 8)) / 2 / 100) and not found.limit.picked
    assert found.current_limit is not None and found.current_limit.picked
    assert found.current_limit.value == pytest.approx(-math.log(0.05) / 30)
    assert "the limit is too low" in str(found.current_limit)


def test_a_stretch_that_is_all_of_the_time_was_not_picked() -> None:
    found = streak([], start=0, through=5, per_unit=1, unit="month")
    assert found.current_limit == found.limit and not found.limit.picked
    assert str(found).endswith("at most 0.60 a month (one-sided 95 % upper limit, Poisson; 0 in 5 months)")


def test_lengths_are_told_in_their_unit() -> None:
    day = 86_400_000_000
    found = streak([day, 5 * day // 2], start=0, through=3 * day, per_unit=day)
    assert (found.current, found.longest, found.longest_is_current) == (Fraction(1, 2), Fraction(3, 2), False)
    assert str(found).startswith("0.5 days without an event up to the end, the longest stretch was 1.5 days in 3 days")


@given(EVENTS, st.integers(0, 50))
def test_no_stretch_holds_an_event_and_one_of_the_longest_length_is_empty(events: list[int], more: int) -> None:
    through = max(events, default=0) + more + 1
    found = streak(events, start=0, through=through, per_unit=1)
    assert not any(through - found.current < event < through for event in events)
    begins = [0, *events]
    lengths = [min((e for e in [*events, through] if e > b), default=through) - b for b in begins]
    assert found.longest == max(lengths) >= found.current
    assert found.longest_is_current == (found.current == found.longest)


def test_an_event_at_the_very_end_leaves_no_stretch() -> None:
    found = streak([7], start=0, through=7, per_unit=1)
    assert found.current == 0 and found.current_limit is None


@given(EVENTS.filter(bool))
def test_a_picked_stretch_says_so(events: list[int]) -> None:
    """The planted fault would take the empty stretch after the last event as if it had been chosen beforehand."""
    found = streak(events, start=0, through=1_001, per_unit=1)
    assert found.current_limit is not None and found.current_limit.picked


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"events": [], "start": 5, "through": 5, "per_unit": 1}, InvalidQuery),
        ({"events": [6], "start": 0, "through": 5, "per_unit": 1}, InvalidQuery),
        ({"events": [-1], "start": 0, "through": 5, "per_unit": 1}, InvalidQuery),
        ({"events": [1.5], "start": 0, "through": 5, "per_unit": 1}, InvalidValue),
        ({"events": [1], "start": 0, "through": 5, "per_unit": 0}, InvalidValue),
        ({"events": [1], "start": 0, "through": 5, "per_unit": 1, "level": 95}, InvalidValue),
    ],
)
def test_no_time_and_no_times_are_refused(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        streak(**arguments)
