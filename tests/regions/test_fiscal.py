"""Fiscal years: every day lies in exactly one, and names are read back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.regions import CALENDAR_YEAR, FiscalYear, YearName

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))
STARTS = st.dates(dt.date(2001, 1, 1), dt.date(2001, 12, 31))
YEARS = st.builds(
    lambda start, named: FiscalYear(start_month=start.month, start_day=start.day, named=named),
    STARTS,
    st.sampled_from(YearName),
)


@given(year=YEARS, day=DAYS)
def test_a_day_lies_in_its_year_and_not_in_the_ones_beside_it(year: FiscalYear, day: dt.date) -> None:
    number = year.year_of(day)
    assert day in year.period(year.of(day))
    assert day not in year.period(number - 1) and day not in year.period(number + 1)


@given(year=YEARS, number=st.integers(1900, 2200))
def test_years_follow_each_other_without_a_gap(year: FiscalYear, number: int) -> None:
    assert year.period(number).last + dt.timedelta(days=1) == year.period(number + 1).first
    assert year.year_of(year.period(number).first) == year.year_of(year.period(number).last) == number


@pytest.mark.parametrize(("named", "name"), [(YearName.START, "FY2025"), (YearName.END, "FY2026")])
def test_a_year_is_called_after_its_beginning_or_its_end(named: YearName, name: str) -> None:
    year = FiscalYear(start_month=4, named=named)
    assert year.of(dt.date(2026, 3, 31)) == name
    assert year.period(name) == Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))


@pytest.mark.parametrize("named", list(YearName))
def test_a_calendar_year_is_its_own_name_either_way(named: YearName) -> None:
    assert FiscalYear(named=named).period("FY2026") == Period.parse("2026")


@pytest.mark.parametrize("text", ["2026", "FY26", "fy2026", "FY2026 ", "FY20261", "FY２０２６", "", None, 2026.0])
def test_what_is_no_name_of_a_year_is_refused(text: Any) -> None:
    with pytest.raises(InvalidQuery, match="FY2026"):
        CALENDAR_YEAR.period(text)


@pytest.mark.parametrize("number", [0, 9999, -5])
def test_a_year_beyond_all_years_is_refused(number: int) -> None:
    with pytest.raises(InvalidQuery, match="beyond"):
        FiscalYear(start_month=4).period(number)


@pytest.mark.parametrize(
    "given_",
    [
        {"start_month": 2, "start_day": 29},
        {"start_month": 13},
        {"start_day": 0},
        {"start_day": "1"},
        {"prefix": "fy"},
        {"prefix": ""},
        {"named": "start"},
    ],
)
def test_a_year_that_cannot_begin_is_refused(given_: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        FiscalYear(**given_)
