"""How long until it ended, and what stays out of that."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import kaplan_meier, survival, table
from tests.metrics.frames import BOOKS, DAY, FEW, Cells, case, in_polars

NOON = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
THROUGH = dt.date(2022, 3, 31)


def lasting(hours: float | None, **cells: Any) -> Cells:
    """A case reported at noon that ended after so many hours, or is open."""
    end = "not_reached" if hours is None else NOON + dt.timedelta(hours=hours)
    return case(**{"reported": NOON, "first_concluded": end, **cells})


def figure(*book: Cells, **options: Any) -> Any:
    return survival(in_polars(book), unit="hours", **options).total


def test_open_cases_lengthen_the_median_that_the_closed_ones_alone_give() -> None:
    seen = {"observed_at": NOON + dt.timedelta(hours=10)}
    found = figure(lasting(1), lasting(2), lasting(6), lasting(None, **seen), lasting(None, **seen))
    assert (found.value, found.closed_only_value) == (6, 2)
    assert (found.estimate.ended, found.estimate.censored) == (3, 2)


def test_instants_are_exact_to_the_microsecond() -> None:
    found = figure(lasting(1 + 1e-6 / 3600))
    assert found.estimate.median == 3_600_000_001


def test_days_are_compared_with_days_and_counted() -> None:
    found = figure(lasting(5), case(reported=DAY, first_concluded=DAY + dt.timedelta(days=2)))
    assert [step.time // 3_600_000_000 for step in found.estimate.steps] == [5, 48]
    assert found.known_to_day == 1


def test_an_instant_and_a_day_are_two_days() -> None:
    """The hour of the report says nothing of the hour of the end."""
    found = figure(case(reported=NOON, first_concluded=DAY + dt.timedelta(days=1)))
    assert (found.value, found.known_to_day) == (24, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (lasting(5, conclusion="void"), "void"),
        (case(reported="unknown", first_concluded=NOON), "start unknown"),
        (case(reported="at", reported_on=None, first_concluded=NOON), "start unknown"),
        (case(reported=NOON, first_concluded="unknown"), "end unknown"),
        (case(reported=NOON, first_concluded="at"), "end undated"),
        (lasting(-1), "ended before it began"),
        (case(reported=DAY, first_concluded=DAY - dt.timedelta(days=1)), "ended before it began"),
        (lasting(None, observed_at=NOON - dt.timedelta(hours=1)), "begun after observation"),
    ],
)
def test_what_has_no_length_stays_out_and_is_counted_by_its_reason(row: Cells, reason: str) -> None:
    found = figure(lasting(3), row)
    assert found.left_out == ((reason, 1),)
    assert found.estimate.cases == 1 and found.basis_cases == 2


def test_open_cases_that_nobody_says_were_watched_withhold_the_figure() -> None:
    """Leaving them out would give the closed-only median under another name."""
    found = figure(lasting(3), lasting(None))
    assert (found.value, found.reason) == (None, "observed_through not given: 1 open")


@pytest.mark.parametrize(
    ("through", "hours", "by_day"),
    [(NOON + dt.timedelta(hours=30), 30, 0), (DAY + dt.timedelta(days=2), 48, 1)],
)
def test_open_cases_are_watched_through_the_moment_or_day_given(through: Any, hours: int, by_day: int) -> None:
    found = figure(lasting(None), observed_through=through)
    assert found.estimate.steps[0].time == hours * 3_600_000_000
    assert (found.known_to_day, found.reason) == (by_day, "not reached")


def test_what_a_case_says_of_its_own_observation_goes_first() -> None:
    found = figure(lasting(None, observed_at=NOON + dt.timedelta(hours=4)), observed_through=THROUGH)
    assert found.estimate.steps[0].time == 4 * 3_600_000_000


def test_a_case_that_ended_after_the_date_of_observation_is_open_at_it() -> None:
    through = NOON + dt.timedelta(hours=8)
    found = figure(lasting(4), lasting(20), observed_through=through)
    assert (found.estimate.ended, found.estimate.censored, found.ended_later) == (1, 1, 1)


def test_a_median_that_is_not_reached_prints_as_such() -> None:
    book = [lasting(1), *(lasting(None, observed_at=NOON + dt.timedelta(hours=9)) for _ in range(5))]
    assert "not reached" in str(survival(in_polars(book)))


def test_the_cohort_is_taken_by_the_date_of_report() -> None:
    book = [lasting(1), lasting(5, reported_on=dt.date(2022, 2, 28)), lasting(7, reported_on=None)]
    found = table(in_polars(book), metrics="days_to_conclusion", period="2022-03")["days_to_conclusion"]
    assert (found.basis_cases, found.undated) == (1, 1)


@FEW
@given(BOOKS, st.sampled_from([None, THROUGH]))
def test_every_case_is_in_the_curve_or_left_out_by_name(book: list[Cells], through: dt.date | None) -> None:
    found = survival(in_polars(book), observed_through=through).total
    left_out = sum(count for _, count in found.left_out)
    assert found.estimate.cases + left_out + found.unobserved == found.basis_cases == len(book)


@FEW
@given(BOOKS)
def test_the_groups_hold_the_cases_of_the_total(book: list[Cells]) -> None:
    found = survival(in_polars(book), by="centre", observed_through=THROUGH)
    groups: list[Any] = [one for group, one in found.figures.items() if group]
    assert sum(one.estimate.cases for one in groups) == found.total.estimate.cases
    assert sum(one.estimate.ended for one in groups) == found.total.estimate.ended


@FEW
@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=40))
def test_the_frame_gives_the_curve_of_the_plain_times(times: list[tuple[int, bool]]) -> None:
    book = [
        lasting(hours) if ended else lasting(None, observed_at=NOON + dt.timedelta(hours=hours))
        for hours, ended in times
    ]
    hour = 3_600_000_000
    ends = Counter(hours * hour for hours, ended in times if ended)
    assert figure(*book).estimate == kaplan_meier(ends, Counter(hours * hour for hours, ended in times if not ended))


@pytest.mark.parametrize(
    "options",
    [
        {"start": "agreed", "end": "agreed"},
        {"end": "nonsense"},
        {"unit": "weeks"},
        {"by": "nonsense"},
        {"observed_through": dt.datetime(2022, 3, 1)},  # noqa: DTZ001 - a moment without a zone is the point
        {"observed_through": "2022-03-01"},
    ],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuery):
        survival(in_polars([lasting(1)]), **options)


def test_the_curve_comes_out_as_a_frame() -> None:
    found = survival(in_polars([lasting(1), lasting(2)]), unit="hours").to_frame()
    assert found.columns == [
        "total", "time", "at_risk", "ended", "censored", "entered", "survival", "lower", "upper"
    ]  # fmt: skip
    assert found["time"].to_list() == [1.0, 2.0] and found["survival"].to_list() == [0.5, 0.0]
