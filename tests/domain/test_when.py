"""Times that know their own precision: text and back, order across grains, and the days of real places."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_mediation.domain.values import UTC, When
from community_mediation.errors import InvalidValue
from community_mediation.testing.strategies import ZONES, instants, whens

TICK = dt.timedelta(microseconds=1)
EAST = dt.timezone(dt.timedelta(hours=8))
# Where midnights are odd: skipped by a jump, shown twice, or the whole day left out.
ODD_DAYS = [
    ("America/Sao_Paulo", dt.date(2018, 11, 4)),
    ("America/Sao_Paulo", dt.date(2018, 2, 17)),
    ("America/St_Johns", dt.date(2006, 10, 28)),
    ("America/St_Johns", dt.date(2006, 10, 29)),
    ("America/Havana", dt.date(2022, 11, 5)),
    ("America/Havana", dt.date(2022, 11, 6)),
    ("America/Toronto", dt.date(1919, 3, 30)),
    ("America/Toronto", dt.date(1919, 3, 31)),
    ("America/Juneau", dt.date(1867, 10, 18)),
    ("Africa/Cairo", dt.date(2014, 7, 31)),
    ("Asia/Manila", dt.date(1844, 12, 30)),
    ("Pacific/Apia", dt.date(2011, 12, 29)),
    ("Pacific/Kiritimati", dt.date(1994, 12, 30)),
]

near = whens(dt.date(2022, 1, 1), dt.date(2022, 1, 4))


@given(whens())
def test_a_time_reads_back_from_its_text(when: When) -> None:
    again = When.parse(str(when))
    assert again == when
    assert hash(again) == hash(when)
    assert str(again) == str(when)


@given(instants())
def test_offset_and_microseconds_of_an_instant_are_kept(moment: dt.datetime) -> None:
    kept = When.parse(str(When.at(moment))).instant
    assert kept is not None
    assert (kept.utcoffset(), kept.replace(tzinfo=None)) == (moment.utcoffset(), moment.replace(tzinfo=None))


def test_an_instant_in_a_named_zone_keeps_its_offset_only() -> None:
    """Both readings of an hour that the clock showed twice are kept apart."""
    first, second = (
        When.at(dt.datetime(2022, 11, 6, 0, 30, tzinfo=ZoneInfo("America/Havana"), fold=fold)) for fold in (0, 1)
    )
    assert [str(first), str(second)] == ["2022-11-06T00:30:00-04:00", "2022-11-06T00:30:00-05:00"]
    assert first < second


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Unknown",
        " unknown",
        "2022-05-14",
        "2022-05-14T23:05:00",
        "2022-05-14 23:05:00+08:00",
        "2022-05-14T23:05+08:00",
        "2022-05-14T23:05:00Z",
        "2022-05-14T23:05:00.5+08:00",
        "2022-05-14T23:05:00+08:60",
        "2022-05-14T23:05:00+24:00",
        "2022-05-14T24:00:00+08:00",
        "2022-05-14T23:60:00+08:00",
        "2022-02-29T00:00:00+08:00",
        "2022-05-14T23:05:00+08:00\n",
        "２０２２-05-14T23:05:00+08:00",
        "2022-05-14[]",
        "2022-05-14[Nowhere/Nothing]",
        "2022-05-14[../../etc/passwd]",
        "2022-05-14[localtime]",
        "2022-05-14[posix/Asia/Shanghai]",
        "2022-05-14[right/Asia/Shanghai]",
        "2022-02-30[Asia/Shanghai]",
        "1799-12-31[Asia/Shanghai]",
        "3000-01-01[Asia/Shanghai]",
        "2022-W19-6[Asia/Shanghai]",
    ],
)
def test_what_is_not_quite_a_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        When.parse(text)


@given(st.text(st.sampled_from("0123456789-+:T.[]Asia/Shnguowk \n"), max_size=40))
def test_any_text_is_a_time_that_prints_as_it_was_or_is_refused(text: str) -> None:
    try:
        when = When.parse(text)
    except InvalidValue:
        return
    assert When.parse(str(when)) == when


@pytest.mark.parametrize("given_", [None, 5, 2022.5, b"unknown", dt.date(2022, 1, 1), ["unknown"], True])
def test_only_a_text_can_be_parsed(given_: Any) -> None:
    with pytest.raises(InvalidValue, match="text belongs"):
        When.parse(given_)


class Loose(dt.datetime):
    """A subclass, as data frames have."""


@pytest.mark.parametrize(
    "moment",
    [
        None,
        "2022-05-14",
        1_652_000_000,
        dt.date(2022, 5, 14),
        dt.datetime(2022, 5, 14),  # noqa: DTZ001 - what must be refused
        Loose(2022, 5, 14, tzinfo=UTC),
        dt.datetime(1799, 12, 31, tzinfo=UTC),
        dt.datetime(3000, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_needs_a_zone_and_a_year_within_bounds(moment: Any) -> None:
    with pytest.raises(InvalidValue):
        When.at(moment)


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (None, "UTC"),
        (dt.datetime(2022, 5, 14, tzinfo=UTC), "UTC"),
        ("2022-05-14", "UTC"),
        (dt.date(2022, 5, 14), None),
        (dt.date(2022, 5, 14), UTC),
        (dt.date(2022, 5, 14), "Asia/Shang hai"),
        (dt.date(2022, 5, 14), "Factory"),
        (dt.date(2022, 5, 14), "a\0b"),
        (dt.date(2022, 5, 14), "\ud800"),
        (dt.date(2022, 5, 14), "x" * 5_000),
        (dt.date(1799, 12, 31), "UTC"),
        (dt.date(3000, 1, 1), "UTC"),
    ],
)
def test_a_day_needs_its_zone_by_name(day: Any, zone: Any) -> None:
    with pytest.raises(InvalidValue):
        When.on(day, zone)


def test_the_first_and_last_years_hold_at_every_offset() -> None:
    for hours in (-23, 23):
        zone = dt.timezone(dt.timedelta(hours=hours))
        for year in (1800, 2999):
            when = When.at(dt.datetime(year, 6, 1, tzinfo=zone))
            assert When.parse(str(when)) == when
            assert when.earliest is not None
    for day in (dt.date(1800, 1, 1), dt.date(2999, 12, 31)):
        for zone_name in ZONES:
            when = When.on(day, zone_name)
            assert when.earliest is not None and when.latest is not None and when.earliest < when.latest


@pytest.mark.parametrize(
    "values",
    [
        {"instant": dt.datetime(2022, 1, 1, tzinfo=UTC), "day": dt.date(2022, 1, 1)},
        {"instant": dt.datetime(2022, 1, 1, tzinfo=UTC), "zone": "UTC"},
        {"zone": "UTC"},
        {"day": dt.date(2022, 1, 1)},
        {"instant": "2022"},
    ],
)
def test_a_time_is_one_thing_only(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        When(**values)


# ---------------------------------------------------------------- order


def possible_moments(when: When) -> tuple[dt.datetime, dt.datetime] | None:
    return None if when.earliest is None or when.latest is None else (when.earliest, when.latest)


@given(near, near)
def test_before_means_that_every_moment_of_one_is_before_every_moment_of_the_other(one: When, other: When) -> None:
    """The oracle is the pair of extreme moments, compared as numbers."""
    mine, theirs = possible_moments(one), possible_moments(other)
    certain = mine is not None and theirs is not None and mine[1] < theirs[0]
    assert (one < other) is certain
    assert (other > one) is certain


@given(near, near, near)
def test_certainly_before_is_a_strict_partial_order(one: When, two: When, three: When) -> None:
    assert not one < one
    assert not (one < two and two < one)
    if one < two and two < three:
        assert one < three


@given(near, near)
@example(When.unknown(), When.unknown())
def test_before_says_yes_no_or_that_it_cannot_be_told(one: When, other: When) -> None:
    answer, reverse = one.before(other), other.before(one)
    assert answer is (True if one < other else answer)
    if answer is True:
        assert reverse is False
    elif answer is False and reverse is False:
        assert one.instant is not None and one.instant == other.instant
    if one.is_unknown or other.is_unknown:
        assert answer is None and reverse is None


def test_one_moment_told_at_two_offsets_is_one_time() -> None:
    there = When.at(dt.datetime(2022, 5, 14, 23, 5, tzinfo=EAST))
    here = When.at(dt.datetime(2022, 5, 14, 15, 5, tzinfo=UTC))
    assert there == here and hash(there) == hash(here)
    assert there.before(here) is False and not there < here and not here < there
    assert str(there) != str(here)


def test_the_same_date_at_the_two_ends_of_the_world_is_not_the_same_stretch() -> None:
    day = dt.date(2022, 5, 14)
    east, west = When.on(day, "Pacific/Kiritimati"), When.on(day, "Etc/GMT+12")
    assert east.before(west) is True
    assert When.on(day, "Asia/Shanghai").before(When.on(day, "Asia/Manila")) is None


def test_a_moment_on_a_day_is_neither_before_nor_after_it() -> None:
    day = When.on(dt.date(2022, 5, 14), "Asia/Shanghai")
    midnight = dt.datetime(2022, 5, 14, tzinfo=EAST)
    assert When.at(midnight).before(day) is None
    assert When.at(midnight - TICK).before(day) is True
    assert day.before(When.at(midnight + dt.timedelta(days=1) - TICK)) is None
    assert day.before(When.at(midnight + dt.timedelta(days=1))) is True


def test_times_are_compared_with_times_only() -> None:
    when: Any = When.unknown()
    for other in (None, 5, dt.date(2022, 1, 1)):
        with pytest.raises(TypeError):
            _ = when < other


# ---------------------------------------------------------------- days of real places


def naive_bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """The first and last minute whose local date is *day*, by looking at every minute of three days."""
    here, start = ZoneInfo(zone), dt.datetime.combine(day, dt.time(), UTC) - dt.timedelta(hours=30)
    minutes = [start + dt.timedelta(minutes=each) for each in range(84 * 60)]
    inside = [each for each in minutes if each.astimezone(here).date() == day]
    return inside[0], inside[-1]


@pytest.mark.parametrize(("zone", "day"), ODD_DAYS)
def test_a_day_runs_from_its_first_local_moment_to_its_last(zone: str, day: dt.date) -> None:
    """Also where the clock jumps over midnight, or shows it twice."""
    when, (first, last) = When.on(day, zone), naive_bounds(day, zone)
    assert when.earliest is not None and when.latest is not None
    assert first - dt.timedelta(minutes=1) < when.earliest <= first
    assert last <= when.latest < last + dt.timedelta(minutes=1)
    here = ZoneInfo(zone)
    assert when.earliest.astimezone(here).date() == when.latest.astimezone(here).date() == day


@pytest.mark.parametrize(("zone", "day"), ODD_DAYS)
def test_a_day_ends_no_later_than_the_next_begins_unless_the_clock_repeats_it(zone: str, day: dt.date) -> None:
    today, tomorrow = When.on(day, zone), When.on(day + dt.timedelta(days=1), zone)
    assert today.latest is not None and tomorrow.earliest is not None
    repeated = today.latest - tomorrow.earliest >= TICK
    assert today < tomorrow or repeated
    assert not tomorrow < today


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Apia", dt.date(2011, 12, 30)), ("Asia/Manila", dt.date(1844, 12, 31))]
)
def test_a_day_that_a_place_skipped_is_the_moment_of_the_skip(zone: str, day: dt.date) -> None:
    skipped = When.on(day, zone)
    assert skipped.earliest == skipped.latest
    assert not skipped < skipped
    assert When.on(day - dt.timedelta(days=1), zone) < skipped
    assert not When.on(day + dt.timedelta(days=1), zone) < skipped


@given(st.dates(dt.date(1860, 1, 1), dt.date(2035, 1, 1)), st.sampled_from(ZONES))
def test_no_day_ends_before_it_begins_and_its_noon_is_inside(day: dt.date, zone: str) -> None:
    when = When.on(day, zone)
    assert when.earliest is not None and when.latest is not None
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)).astimezone(UTC)
    assert when.earliest <= noon <= when.latest
    assert when.local_date == day


def test_the_date_on_the_wall_is_that_of_the_offset() -> None:
    assert When.at(dt.datetime(2022, 5, 14, 23, 5, tzinfo=EAST)).local_date == dt.date(2022, 5, 14)
    assert When.at(dt.datetime(2022, 5, 14, 23, 5, tzinfo=UTC).astimezone(EAST)).local_date == dt.date(2022, 5, 15)
    assert When.unknown().local_date is None
