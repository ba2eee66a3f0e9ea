"""Whole numbers with exactly the sums that were printed, or a refusal where there are none."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue
from community_mediation.simulate.fitting import apportion, balanced

Table = list[list[int]]


def possible(seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether a table has these sums, and zeros where the seed has: no rows need more than their columns hold."""
    if sum(rows) != sum(columns):
        return False
    for size in range(1, len(rows) + 1):
        for some in itertools.combinations(range(len(rows)), size):
            open_to = {place for row in some for place, odds in enumerate(seed[row]) if odds > 0}
            if sum(rows[row] for row in some) > sum(columns[place] for place in open_to):
                return False
    return True


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[int], list[int]]:
    """A seed and sums; often such that some table has them, and often not."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    cells = st.sampled_from((0.0, 0.0, 0.1, 1.0, 3.0, 1000.0))
    seed = [draw(st.lists(cells, min_size=width, max_size=width)) for _ in range(height)]
    counts = st.integers(0, draw(st.sampled_from((1, 3, 40, 1_000_000))))
    made = [[draw(counts) if odds or draw(st.booleans()) else 0 for odds in row] for row in seed]
    return seed, [sum(row) for row in made], [sum(row[place] for row in made) for place in range(width)]


@given(tables())
def test_a_table_has_exactly_its_sums_or_there_is_none(
    given_table: tuple[list[list[float]], list[int], list[int]],
) -> None:
    """Judged by Gale's condition, which is another way to the same answer."""
    seed, rows, columns = given_table
    try:
        table = balanced(seed, rows, columns)
    except InvalidValue:
        assert not possible(seed, rows, columns)
        return
    assert faults(table, seed, rows, columns) == []


def faults(table: Table, seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]) -> list[str]:
    """What is wrong with a table."""
    found = [f"row {at}" for at, (row, wanted) in enumerate(zip(table, rows, strict=True)) if sum(row) != wanted]
    found += [f"column {at}" for at, wanted in enumerate(columns) if sum(row[at] for row in table) != wanted]
    for row, odds in zip(table, seed, strict=True):
        found += ["below zero" for cell in row if cell < 0]
        found += ["odds of zero" for cell, share in zip(row, odds, strict=True) if cell and not share]
    return found


def test_rounding_each_cell_by_itself_is_caught() -> None:
    """The control: what most would write, and what misses the sums."""
    seed, rows, columns = [[1.0, 1.0, 1.0]] * 3, [1, 1, 1], [1, 1, 1]
    alone = [[round(wanted / 3) for _ in columns] for wanted in rows]
    assert faults(alone, seed, rows, columns) != []
    assert faults(balanced(seed, rows, columns), seed, rows, columns) == []


def test_a_table_stays_near_the_odds() -> None:
    """With room for it, no cell is a whole one off."""
    seed = [[80.0, 20.0], [60.0, 40.0]]
    assert balanced(seed, [1000, 1000], [1400, 600]) == [[800, 200], [600, 400]]


@given(st.lists(st.integers(0, 10**9) | st.floats(0, 1e9), min_size=1, max_size=12), st.integers(0, 10**7))
def test_shares_add_up_and_are_nearly_in_proportion(weights: list[float], total: int) -> None:
    if not any(weights):
        weights = [1, *weights[1:]]
    shares = apportion(weights, total)
    assert sum(shares) == total
    assert [share for share, weight in zip(shares, weights, strict=True) if share < 0 or (share and not weight)] == []
    whole = sum(weights)
    assert all(
        abs(share - weight * total / whole) < 1 + 1e-6 * total for share, weight in zip(shares, weights, strict=True)
    )


def test_the_largest_remainders_are_rounded_up_and_of_equal_ones_the_first() -> None:
    assert apportion([47_000, 16_000, 15_900, 12_000, 6_000, 3_100], 10) == [5, 2, 1, 1, 1, 0]
    assert apportion([1, 1, 1], 4) == [2, 1, 1]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12))
def test_counts_that_add_up_come_back_as_they_are(counts: list[int]) -> None:
    assert apportion(counts, sum(counts)) == counts


@pytest.mark.parametrize(("weights", "total"), [([0, 0], 1), ([-1, 2], 1), ([1], -1)])
def test_what_cannot_be_shared_out_is_refused(weights: list[float], total: int) -> None:
    with pytest.raises(InvalidValue):
        apportion(weights, total)
