"""The curves computed in columns are those of one step after the other, to the last bit."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue
from community_mediation.metrics import (
    TimeReached,
    _numbers,
    _risk_table,
    _walk,
    cumulative_incidence,
    kaplan_meier,
    survival,
)
from tests.metrics import risk_tables, slow_curves
from tests.metrics.engines import ENGINES
from tests.metrics.frames import case, in_polars
from tests.metrics.risk_tables import LATE_CASES, Case
from tests.metrics.slow_curves import Reached

SHARES = st.sampled_from([0.05, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.99])
BLOCKS = st.sampled_from([1, 2, 3, 5, 512])
"""How many steps are looked at together: small ones, so that small curves have several."""
PIECES = st.sampled_from([1, 2, 3, 16_384])
"""How many numbers of a long column are taken at a time."""
MANY = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 120), st.integers(0, 2)).filter(lambda case: case[0] < case[1]),
    min_size=1,
    max_size=150,
)


def told(found: TimeReached) -> Reached:
    """The time with its limits."""
    return found.time, found.lower, found.upper


@given(LATE_CASES, st.none() | st.integers(0, 8))
def test_the_steps_of_a_survival_are_those_of_one_step_after_the_other(cases: list[Case], since: int | None) -> None:
    ended, gone, late = risk_tables.ended(cases), risk_tables.censored(cases), risk_tables.entries(cases)
    found = kaplan_meier(ended, gone, entries=late, since=since)
    assert list(found.steps) == slow_curves.survival_steps(ended, gone, late, since)


@given(MANY | LATE_CASES, SHARES, BLOCKS)
def test_the_quantiles_of_a_survival_are_those_of_one_step_after_the_other(
    cases: list[Case], share: float, block: int
) -> None:
    ended, gone, late = risk_tables.ended(cases), risk_tables.censored(cases), risk_tables.entries(cases)
    steps = slow_curves.survival_steps(ended, gone, late, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_walk, "BLOCK", block)
        found = kaplan_meier(ended, gone, entries=late)
        assert told(found.quantile(share)) == slow_curves.survival_reached(steps, share)
        assert (found.median, found.lower, found.upper) == slow_curves.survival_reached(steps, 0.5)


@given(LATE_CASES)
def test_the_steps_of_an_incidence_are_those_of_one_step_after_the_other(cases: list[Case]) -> None:
    ended, gone, late = risk_tables.by_cause(cases, 2), risk_tables.censored(cases), risk_tables.entries(cases)
    found = cumulative_incidence(ended, gone, entries=late)
    assert list(found.steps) == slow_curves.incidence_steps(ended, gone, late)


@given(MANY | LATE_CASES, SHARES, BLOCKS)
def test_the_quantiles_of_an_incidence_are_those_of_one_step_after_the_other(
    cases: list[Case], share: float, block: int
) -> None:
    ended, gone, late = risk_tables.by_cause(cases, 2), risk_tables.censored(cases), risk_tables.entries(cases)
    steps = slow_curves.incidence_steps(ended, gone, late)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_walk, "BLOCK", block)
        found = cumulative_incidence(ended, gone, entries=late)
        for which, cause in enumerate(found.causes):
            assert told(found.quantile(cause, share)) == slow_curves.incidence_reached(steps, which, share)


def test_a_bound_that_is_too_low_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with it blocks are passed over that hold the limit."""
    times = Counter(range(1, 100))
    steps = slow_curves.survival_steps(times, {}, {}, None)
    right = slow_curves.survival_reached(steps, 0.5)
    monkeypatch.setattr(_walk, "BLOCK", 4)
    assert told(kaplan_meier(times, {}).quantile(0.5)) == right
    monkeypatch.setattr("community_mediation.metrics._kaplan_meier.farthest", lambda low, high, spread: low)
    assert told(kaplan_meier(times, {}).quantile(0.5)) != right


def test_steps_are_a_sequence_that_can_be_sliced_compared_hashed_and_stored() -> None:
    found = kaplan_meier({1: 1, 2: 1, 4: 1}, {3: 1})
    steps = found.steps
    assert steps[-1] == tuple(steps)[-1] and steps[1:3] == tuple(steps)[1:3]
    assert hash(found) == hash(kaplan_meier({1: 1, 2: 1, 4: 1}, {3: 1}))
    assert steps != tuple(steps)[:3] and steps != kaplan_meier({1: 1, 2: 1, 4: 2}, {}).steps
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(IndexError):
        steps[4]


@given(st.sampled_from([1, 10_000]), PIECES, MANY | LATE_CASES)
def test_a_long_column_goes_through_the_same_operations_as_a_short_one(
    long: int, piece: int, cases: list[Case]
) -> None:
    """NumPy adds, divides and multiplies one after the other too, and from one piece of the column to the next."""
    ended, gone, late = risk_tables.ended(cases), risk_tables.censored(cases), risk_tables.entries(cases)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_numbers, "LONG", long)
        patch.setattr(_numbers, "BLOCK", piece)
        found = kaplan_meier(ended, gone, entries=late)
        assert list(found.steps) == slow_curves.survival_steps(ended, gone, late, None)


@given(st.sampled_from([1, 10_000]), PIECES, MANY | LATE_CASES)
def test_long_columns_of_causes_go_through_the_same_operations_as_short_ones(
    long: int, piece: int, cases: list[Case]
) -> None:
    """Also where for a while nobody was watched, and after all have ended."""
    ended, gone, late = risk_tables.by_cause(cases, 2), risk_tables.censored(cases), risk_tables.entries(cases)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_numbers, "LONG", long)
        patch.setattr(_numbers, "BLOCK", piece)
        found = cumulative_incidence(ended, gone, entries=late)
        assert list(found.steps) == slow_curves.incidence_steps(ended, gone, late)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda found: pickle.loads(pickle.dumps(found))])
def test_curves_of_long_columns_can_be_stored_and_copied(monkeypatch: pytest.MonkeyPatch, copied: Any) -> None:
    """Their columns are views of memory, which by themselves can be neither."""
    monkeypatch.setattr(_numbers, "LONG", 1)
    curve = kaplan_meier({1: 1, 2: 1, 4: 1}, {3: 1})
    assert isinstance(curve._curve.survival, memoryview)
    assert copied(curve) == curve and copied(curve).quantile(0.25) == curve.quantile(0.25)
    incidence = cumulative_incidence({"a": {1: 1, 2: 1}, "b": {4: 1}}, {3: 1})
    assert copied(incidence) == incidence and copied(incidence).at("a", 2) == incidence.at("a", 2)


@given(MANY | LATE_CASES, st.booleans())
def test_what_is_counted_by_the_engine_or_after_it_is_the_same(cases: list[Case], competing: bool) -> None:
    """Few rows leave it as they are; many are counted first."""
    day = dt.date(2022, 3, 1)
    facts = [
        case(
            reported=day,
            agreed=day + dt.timedelta(days=time) if cause == 1 else "not_reached",
            first_concluded=day + dt.timedelta(days=time) if cause else "not_reached",
            observed_on=day + dt.timedelta(days=time),
        )
        for _, time, cause in cases
    ]
    end = "agreed" if competing else "first_concluded"
    direct = survival(in_polars(facts), end=end, observed_through=dt.date(2022, 8, 1)).figures
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_risk_table, "FEW", 0)
        assert survival(in_polars(facts), end=end, observed_through=dt.date(2022, 8, 1)).figures == direct


def test_a_time_too_long_to_be_told_is_left_out_by_name() -> None:
    """In a frame an instant can lie 290,000 years from now; from 18,000 years on a time has no number."""
    frame = in_polars([case(reported=dt.date(2022, 3, 1), first_concluded=dt.date(2022, 3, 4)) for _ in range(3)])
    years = pl.Series([10, 17_000, 19_000]) * 31_556_952_000_000
    far = frame.with_columns(
        reported_at=pl.lit(0).cast(pl.Datetime("us", "UTC")),
        first_concluded_at=years.cast(pl.Datetime("us", "UTC")),
    )
    assert survival(frame).total.left_out == ()
    assert survival(far).total.left_out == (("ends that cannot be compared", 1),)


@pytest.mark.parametrize("shape", ENGINES)
def test_the_columns_of_every_engine_come_the_same_way_when_they_are_long(
    monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    days = [dt.date(2022, 3, day + 1) for day in range(9)]
    ends = [*days[3:], None, None, None]
    facts = [
        case(reported=day, first_concluded=end or "not_reached", centre=f"c{day.day % 2}")
        for day, end in zip(days, ends, strict=True)
    ]
    frame = ENGINES[shape](in_polars(facts))
    short = survival(frame, by="centre", observed_through=days[-1]).figures
    monkeypatch.setattr(_numbers, "LONG", 1)
    assert survival(frame, by="centre", observed_through=days[-1]).figures == short


def test_a_number_of_more_than_64_bits_is_refused() -> None:
    with pytest.raises(InvalidValue, match="64 bits"):
        kaplan_meier({2**63: 1}, {})
