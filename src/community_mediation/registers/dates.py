"""Dates and times of registers, in the forms that leave no doubt about what they mean."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Final

from community_mediation.domain.values import When, zone_named
from community_mediation.errors import InvalidValue

AMBIGUOUS: Final = ("refuse", "earlier", "later")
"""What to do with a local time that a change of the clocks lets happen twice."""

_FORMS: Final = "Write it as YYYY-MM-DD or YYYY-MM-DD HH:MM, or give its form in the mapping (date_formats)."
_DAY: Final = (
    r"(?:(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    r"|(?P<cy>\d{4})\s?年\s?(?P<cm>\d{1,2})\s?月\s?(?P<cd>\d{1,2})\s?[日号]"
    r"|(?P<py>\d{4})(?P<pm>\d{2})(?P<pd>\d{2}))"
)
_TIME: Final = (
    r"(?:(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6})0*)?)?"
    r"|(?P<cH>\d{1,2})\s?[时点]\s?(?P<cM>\d{1,2})\s?分(?:\s?(?P<cS>\d{1,2})\s?秒)?)"
)
_OFFSET: Final = r"(?P<offset>[Zz]|[+-]\d{2}:?\d{2})"
_MOMENT: Final = re.compile(rf"{_DAY}(?:(?:[Tt]|\s+|(?<=[日号])\s*){_TIME}\s?{_OFFSET}?)?", re.ASCII)
_ZONED_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\[([A-Za-z0-9_+/-]{1,60})\]", re.ASCII)
_DOUBTFUL: Final = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?:\D.*)?|\d{2}年.*", re.ASCII | re.DOTALL)
_SHOWABLE: Final = re.compile(
    r"(?:\d{4}|\d{1,2})[-/.年]\d{1,2}[-/.月](?:\d{4}|\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_WIDE: Final = str.maketrans("０１２３４５６７８９：－／．　", "0123456789:-/. ")


def narrow(text: str) -> str:
    """A text with full-width digits and separators as ASCII, without blanks at its ends."""
    return (text if text.isascii() else text.translate(_WIDE)).strip()


def _shown(text: str) -> str:
    # Three-digit groups are left out of the pattern: social security numbers look like that, dates never.
    return repr(text) if _SHOWABLE.fullmatch(text) else f"a text of {len(text):,} characters"


def _not_a_date(text: str) -> InvalidValue:
    if _DOUBTFUL.fullmatch(text):
        return InvalidValue(
            f"{_shown(text)} does not say which number is the day, the month and the full year", remedy=_FORMS
        )
    return InvalidValue(f"{_shown(text)} is not a date", remedy=_FORMS)


def parse_day(text: str) -> dt.date:
    """A calendar day: YYYY-MM-DD, YYYY/M/D, YYYY.M.D, YYYYMMDD or YYYY年M月D日.

    Raises:
        InvalidValue: None of these.
    """
    match = _MOMENT.fullmatch(narrow(text))
    if match is None or match["H"] or match["cH"]:
        raise _not_a_date(narrow(text))
    return _day_of(match, text)


def _day_of(match: re.Match[str], text: str) -> dt.date:
    year, month, day = (match[key] or match[f"c{key}"] or match[f"p{key}"] for key in "ymd")
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise _not_a_date(narrow(text)) from None


def _time_of(match: re.Match[str], text: str) -> dt.time | None:
    hour, minute, second = (match[key] or match[f"c{key}"] for key in "HMS")
    if hour is None:
        return None
    try:
        return dt.time(int(hour), int(minute), int(second or 0), int((match["f"] or "0").ljust(6, "0")))
    except ValueError:
        raise InvalidValue(f"{_shown(narrow(text))} has a time that no clock shows", remedy=_FORMS) from None


def local_moment(day: dt.date, time: dt.time, zone: str, ambiguous: str = "refuse") -> dt.datetime:
    """The instant of a local time.

    Raises:
        InvalidValue: A change of the clocks leaves the time out, or lets it happen twice and *ambiguous* is
            ``refuse``; nothing is guessed.
    """
    here = zone_named(zone)
    earlier = dt.datetime.combine(day, time, here).replace(fold=0)
    later = earlier.replace(fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier
    back = earlier.astimezone(dt.UTC).astimezone(here)
    if back.replace(tzinfo=None) != earlier.replace(tzinfo=None):
        raise InvalidValue(f"a local time that does not exist in {zone}: the clocks were put forward", remedy=_EXACT)
    if ambiguous == "refuse":
        raise InvalidValue(f"a local time that happened twice in {zone}: the clocks were put back", remedy=_TWICE)
    return earlier if ambiguous == "earlier" else later


_EXACT: Final = "Write the time with its offset, as 2022-05-14T23:05:00+08:00, or the day alone."
_TWICE: Final = _EXACT.removesuffix(".") + ", or set ambiguous in the mapping to earlier or later."


@functools.lru_cache(maxsize=32768)
def parse_moment(text: str, zone: str, formats: tuple[str, ...] = (), ambiguous: str = "refuse") -> When:
    """A time from its text. A day alone stays a day; ``unknown`` is a time that nobody knows.

    With *formats* (as ``datetime.strptime`` takes them) only these are tried, and what ``When`` prints.

    Raises:
        InvalidValue: It is in no known form, or in one that could mean two days.
    """
    text = narrow(text)
    if text == "unknown":
        return When.unknown()
    if zoned := _ZONED_DAY.fullmatch(text):
        return When.on(parse_day(zoned[1]), zoned[2])
    if formats:
        return _formatted(text, zone, formats, ambiguous)
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise _not_a_date(text)
    day, time = _day_of(match, text), _time_of(match, text)
    if time is None:
        return When.on(day, zone)
    if offset := match["offset"]:
        return When.at(dt.datetime.combine(day, time, _offset(offset)))
    return When.at(local_moment(day, time, zone, ambiguous))


def _offset(text: str) -> dt.timezone:
    if text in "Zz":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 15 or minutes > 59:
        raise InvalidValue("an offset that no zone has", remedy=_EXACT)
    delta = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-delta if text[0] == "-" else delta)


def _formatted(text: str, zone: str, formats: tuple[str, ...], ambiguous: str) -> When:
    for form in formats:
        try:
            moment = dt.datetime.strptime(text, form)  # noqa: DTZ007 (the zone follows)
        except (ValueError, OverflowError):
            continue
        if moment.tzinfo is not None:
            return When.at(moment)
        if has_time(form):
            return When.at(local_moment(moment.date(), moment.time(), zone, ambiguous))
        return When.on(moment.date(), zone)
    listed = " or ".join(formats)
    raise InvalidValue(
        f"{_shown(text)} is not a date of the form that the mapping gives",
        remedy=f"Write it as {listed}, or add its form to the mapping (date_formats).",
    )


def has_time(form: str) -> bool:
    """Whether a format has a time of day in it."""
    return any(sign in form.replace("%%", "") for sign in ("%H", "%I", "%X", "%c"))


def parse_when(cell: object, zone: str, formats: tuple[str, ...] = (), ambiguous: str = "refuse") -> When:
    """A time from a cell: a text, or the date or datetime that a workbook holds.

    Raises:
        InvalidValue: The cell is none.
    """
    if isinstance(cell, str):
        return parse_moment(cell, zone, formats, ambiguous)
    if isinstance(cell, dt.datetime):
        if cell.tzinfo is not None:
            return When.at(cell)
        return When.at(local_moment(cell.date(), cell.time(), zone, ambiguous))
    if isinstance(cell, dt.date):
        return When.on(cell, zone)
    if isinstance(cell, dt.time):
        raise InvalidValue("a time of day without its date", remedy=_FORMS)
    raise InvalidValue("a value that is not a date", remedy=_FORMS)
