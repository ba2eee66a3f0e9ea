"""Times of registers: what is taken, what stays a day, what is refused."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue, MediationError
from community_mediation.registers.dates import parse_day, parse_moment, parse_when

ZONE = "Asia/Shanghai"
FIRST, LAST = dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)  # noqa: DTZ001
DAY = When.on(dt.date(2022, 5, 4), ZONE)


@pytest.mark.parametrize(
    "text", ["2022-05-04", "2022-5-4", "2022/5/4", "2022.05.04", "20220504", "2022年5月4日", "2022年05月04号",
             " 2022-05-04 ", "２０２２－０５－０４", "2022-05-04[Asia/Shanghai]"],
)  # fmt: skip
def test_a_day_stays_a_day(text: str) -> None:
    """No form of a date alone is given a time of day."""
    assert parse_moment(text, ZONE) == DAY


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2022-05-04 23:05", "2022-05-04T23:05:00+08:00"),
        ("2022/5/4 9:05:06", "2022-05-04T09:05:06+08:00"),
        ("2022-05-04T23:05:06.123456", "2022-05-04T23:05:06.123456+08:00"),
        ("2022年5月4日23时5分", "2022-05-04T23:05:00+08:00"),
        ("2022-05-04T15:05:00Z", "2022-05-04T15:05:00+00:00"),
        ("2022-05-04T23:05:00-0500", "2022-05-04T23:05:00-05:00"),
        ("20220504 2305".replace(" 2305", " 23:05"), "2022-05-04T23:05:00+08:00"),
    ],
)
def test_a_time_of_day_makes_an_instant(text: str, printed: str) -> None:
    """In the zone that the register stands in, or at its own offset."""
    assert str(parse_moment(text, ZONE)) == printed


@pytest.mark.parametrize("text", ["05/04/2022", "4.5.2022", "22-05-04", "22年5月4日", "13/14/22"])
def test_a_date_with_two_readings_is_refused_with_the_reason(text: str) -> None:
    """Which number is the day is never guessed, not even where only one reading exists."""
    with pytest.raises(InvalidValue, match="does not say which number"):
        parse_moment(text, ZONE)


@pytest.mark.parametrize(
    "text", ["2022-13-01", "2022-02-30", "2022-05-04 24:30", "2022-5/4", "20225004", "2022-05-04 23", "昨天"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """Nothing is rolled over or cut off."""
    with pytest.raises(InvalidValue):
        parse_moment(text, ZONE)


def test_a_form_of_the_mapping_settles_which_number_is_the_day() -> None:
    """And then it is the only one that is taken."""
    assert parse_moment("04/05/2022", ZONE, ("%d/%m/%Y",)) == DAY
    assert str(parse_moment("04/05/22 9:30", ZONE, ("%d/%m/%Y", "%d/%m/%y %H:%M"))) == "2022-05-04T09:30:00+08:00"
    with pytest.raises(InvalidValue, match="form that the mapping gives"):
        parse_moment("2022-05-04", ZONE, ("%d/%m/%Y",))


def test_a_time_that_the_clocks_leave_out_is_refused() -> None:
    """In New York, 13 March 2022 had no half past two."""
    with pytest.raises(InvalidValue, match="does not exist"):
        parse_moment("2022-03-13 02:30", "America/New_York")


def test_a_time_that_happened_twice_is_refused_unless_the_mapping_chooses() -> None:
    """In New York, 6 November 2022 had two half past ones."""
    with pytest.raises(InvalidValue, match="happened twice"):
        parse_moment("2022-11-06 01:30", "America/New_York")
    assert str(parse_moment("2022-11-06 01:30", "America/New_York", (), "earlier")).endswith("-04:00")
    assert str(parse_moment("2022-11-06 01:30", "America/New_York", (), "later")).endswith("-05:00")


def test_the_word_unknown_says_more_than_an_empty_cell() -> None:
    """It happened, and nobody knows when."""
    assert parse_moment("unknown", ZONE) == When.unknown()


def test_cells_of_workbooks_keep_their_precision() -> None:
    """A date is a day, a datetime an instant, a time alone nothing."""
    assert parse_when(dt.date(2022, 5, 4), ZONE) == DAY
    assert str(parse_when(dt.datetime(2022, 5, 4, 9, 30), ZONE)) == "2022-05-04T09:30:00+08:00"  # noqa: DTZ001
    with pytest.raises(InvalidValue, match="without its date"):
        parse_when(dt.time(9, 30), ZONE)


@given(st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)))
def test_what_a_day_prints_is_read_back(day: dt.date) -> None:
    """An exported register comes back as it was."""
    when = When.on(day, ZONE)
    assert parse_moment(str(when), ZONE) == when
    assert parse_day(day.isoformat()) == day


@given(st.datetimes(FIRST, LAST, timezones=st.just(dt.timezone(dt.timedelta(hours=8)))))
def test_what_an_instant_prints_is_read_back(instant: dt.datetime) -> None:
    """To the microsecond and with its offset."""
    assert parse_moment(str(When.at(instant)), ZONE) == When.at(instant)


@given(st.text(alphabet="0123456789-/.年月日 T:Zz+[]AsiaShng", max_size=30))
def test_any_text_is_a_time_or_a_typed_error(text: str) -> None:
    """Nothing else comes out of a cell."""
    with suppress(MediationError):
        assert isinstance(parse_moment(text, ZONE), When)


@pytest.mark.parametrize("text", ["138-0013-8000", "999-12-3456", "张某 2022", "999999197001011234", "010-12345678"])
def test_only_what_can_be_nothing_but_a_date_is_quoted(text: str) -> None:
    """Telephone and identity numbers are digits and separators too."""
    with pytest.raises(InvalidValue) as caught:
        parse_moment(text, ZONE)
    assert text not in str(caught.value)


def test_a_wrong_date_is_quoted() -> None:
    """Whoever mends the register sees what stands there."""
    with pytest.raises(InvalidValue, match="'2022-13-01' is not a date"):
        parse_moment("2022-13-01", ZONE)
