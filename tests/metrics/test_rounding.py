"""Rounding half-up, and figures that others printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue
from community_mediation.metrics import check_published, fitting, half_up, percent


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(25, 10), 0, "3"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 1000), 1, "0.0"),
        (Fraction(9999, 100), 1, "100.0"),
        (0, 1, "0.0"),
        (3.25, 1, "3.3"),
    ],
)
def test_halves_go_away_from_zero(value: Fraction, places: int, text: str) -> None:
    assert half_up(value, places) == text


@given(st.decimals(-10_000, 10_000, places=6), st.integers(0, 5))
def test_rounding_agrees_with_the_decimal_module(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(half_up(Fraction(value), places)) == expected


def test_a_percentage_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue):
        percent(0, 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "published", "how"),
    [
        # Katarungang Pambarangay 2013, national: settled and unsettled, of cases filed.
        # https://qa.philstar.com/nation/2014/05/23/1326416/govt-saved-p31b-court-litigation-last-year-dilg
        (327_124, 425_263, "76.92", "half-up"),
        (98_139, 425_263, "23.07", "truncated"),
        (98_139, 425_263, "23.08", "half-up"),
        # A lupon assessed in 2024: settled of settled and certified, and of all docketed.
        (72, 76, "94.73", "truncated"),
        (72, 90, "80", "half-up"),
        # Kenya's court-annexed mediation, concluded of referred.
        # https://nairobiwire.com/2024/04/court-annexed-mediation-injects-ksh-52-billion-back-into-economy.html
        (16_770, 18_162, "92.3", "half-up"),
        (1_301, 2_990, "44", "half-up"),
        (1, 3, "34", "rounded up"),
        (1, 3, "35 %", "no fit"),
    ],
)
def test_published_figures_fit_their_counts_and_say_how(
    numerator: int, denominator: int, published: str, how: str
) -> None:
    found = check_published(numerator, denominator, published)
    assert found.how == how and found.fits == (how != "no fit")


def test_the_check_prints_both_figures() -> None:
    assert str(check_published(98_139, 425_263, "23.07")) == (
        "98,139/425,263 = 23.08 % half-up; published 23.07 %: truncated"
    )


def test_182_settled_at_98_9_percent_fits_two_readings_and_no_other() -> None:
    """The newspaper's figure: 182 of 184, or 180 of 182. It does not say which."""
    assert [(one.numerator, one.denominator) for one in fitting(182, "98.9")] == [(182, 184), (180, 182)]


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_reading_that_made_a_figure_is_always_among_those_that_fit(one: int, other: int) -> None:
    numerator, denominator = min(one, other), max(one, other)
    text = percent(numerator, denominator)
    if text != "0.0":
        for count in (numerator, denominator):
            assert (numerator, denominator) in [(f.numerator, f.denominator) for f in fitting(count, text)]


@pytest.mark.parametrize("text", ["", "abc", "-3", "1e5", "12,5", "٣", "1.2.3"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        check_published(1, 2, text)


@pytest.mark.parametrize(("count", "text"), [(0, "50"), (10, "0.0"), (10, "100.1")])
def test_nothing_fits_a_count_or_share_of_nothing(count: int, text: str) -> None:
    with pytest.raises(InvalidValue):
        fitting(count, text)
