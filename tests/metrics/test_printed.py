"""Printed figures: what they say, and how far their rounding reaches."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics import Fit, Printed, check_published, half_up, spread
from community_mediation.metrics._printed import Bounds


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("8,451", "件", 8451, 8451),
        ("8 451", "", 8451, 8451),
        ("5188646", "cases", 5_188_646, 5_188_646),
        ("19.2", "万件", 191_500, 192_500),
        ("19.2万件", "", 191_500, 192_500),
        ("503.1", "10000 cases", 5_030_500, 5_031_500),
        ("6.46", "100 million yuan", 645_500_000, 646_500_000),
        ("130", "亿元", 12_950_000_000, 13_050_000_000),
        ("4.3 billion", "", 4_250_000_000, 4_350_000_000),
        ("4300000000", "PHP (rounded)", 4_250_000_000, 4_350_000_000),
        ("3.2", "lakh", 315_000, 325_000),
        ("2019", "cases", 2019, 2019),
        ("12", "2020 prices", 12, 12),
    ],
)
def test_a_count_is_exact_and_a_figure_in_larger_units_is_so_to_half_of_its_last_place(
    text: str, unit: str, low: int, high: int
) -> None:
    bounds = Printed.parse(text, unit).bounds
    assert bounds.low == low and bounds.high == high


def test_a_percentage_is_never_exact() -> None:
    """43 % may be anything from 42.5 to 43.5."""
    assert Printed.parse("43", "percent").reach == Fraction(1, 2)
    assert Printed.parse("43 %").percent


def test_zeros_that_a_spreadsheet_dropped_can_be_given_back() -> None:
    assert str(Printed.parse("5.5", "%", places=2)) == "5.50 %"
    assert Printed.parse("5.5", "%", places=2).reach == Fraction(1, 200)


@pytest.mark.parametrize("text", ["-3.4 %", "−3.4 %"])
def test_a_fall_keeps_its_sign(text: str) -> None:
    assert Printed.parse(text).value == Fraction(-34, 10)


@pytest.mark.parametrize("text", ["", "…", "n/a", "76,92", "1.234.567", "2019/20", "2013-14", "1,2345", "٣"])
def test_what_may_be_read_in_two_ways_or_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Printed.parse(text)


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_what_is_printed_reads_back_as_it_was(units: int, places: int) -> None:
    text = half_up(Fraction(units, 10**places), places)
    printed = Printed.parse(text)
    assert printed.value == Fraction(units, 10**places) and printed.places == places
    assert Printed.parse(str(printed)) == printed


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 1200), st.integers(0, 2))
def test_a_percentage_of_counts_is_judged_as_by_the_single_check(
    numerator: int, denominator: int, units: int, places: int
) -> None:
    """``check_table`` and ``check_published`` never disagree."""
    text = half_up(Fraction(units, 10**places), places)
    value = Bounds.at(Fraction(100 * numerator, denominator))
    assert Printed.parse(text, "%").fit(value) is check_published(numerator, denominator, text).how


@given(st.fractions(-200, 200), st.integers(0, 3))
def test_rounding_and_cutting_are_told_for_falls_as_for_rises(value: Fraction, places: int) -> None:
    cut = Fraction(int(value * 10**places), 10**places)
    assert Printed.parse(half_up(value, places), "%").fit(Bounds.at(value)) is Fit.HALF_UP
    assert Printed.parse(half_up(cut, places), "%").fit(Bounds.at(value)) in (Fit.TRUNCATED, Fit.HALF_UP)


def test_ranges_that_only_touch_have_nothing_in_common() -> None:
    """96.4 and 96.3 cannot be one figure, rounded."""
    assert Printed.parse("96.3", "万").fit(Printed.parse("96.4", "万").bounds) is Fit.NO_FIT
    assert Printed.parse("844", "万").fit(Printed.parse("844.5", "万").bounds) is Fit.WITHIN_ROUNDING


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_the_true_value_always_lies_in_the_bounds_of_what_was_rounded(counts: list[int]) -> None:
    total = Bounds.at(0)
    for count in counts:
        total = total + Printed.parse(half_up(Fraction(count, 10_000), 1), "万").bounds
    assert total.low <= sum(counts) <= total.high
    assert Printed.parse(half_up(Fraction(sum(counts), 10_000), 1), "万").fit(total) is not Fit.NO_FIT


LONG = [
    {"place": "A", "name": "filed", "value": "90", "unit": "cases"},
    {"place": "A", "name": "settled", "value": "7.2", "unit": "10 cases"},
    {"place": "B", "name": "filed", "value": "n/a", "unit": ""},
]


def test_a_long_table_becomes_a_wide_one_and_each_figure_keeps_its_unit() -> None:
    wide = spread(LONG, by="place", name="name")
    assert [row["place"] for row in wide] == ["A", "B"]
    assert wide[0]["settled"].bounds.shown == 72
    assert wide[1] == {"place": "B", "filed": "n/a"}


def test_a_figure_that_stands_twice_is_not_overwritten() -> None:
    with pytest.raises(InvalidValue, match="stands twice"):
        spread([*LONG, LONG[0]], by="place", name="name")


def test_a_missing_column_of_a_long_table_is_named() -> None:
    with pytest.raises(InvalidQuery, match=r"'plaice'.*place"):
        spread(LONG, by="plaice", name="name")
