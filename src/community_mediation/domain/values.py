"""Small values: time that knows its own precision, money, codes and periods.

Each parses from its text and prints back to it: ``X.parse(str(x)) == x``.
"""

import datetime as dt
import enum
import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.making import making
from community_mediation.domain.validators import MAX_DIGITS, PUBLIC, checked, code, identifier, rule_for
from community_mediation.errors import InvalidQuery, InvalidValue

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UTC: Final = dt.UTC
_TICK: Final = dt.timedelta(microseconds=1)
_FIRST_YEAR, _LAST_YEAR = 1800, 2999


@functools.lru_cache(maxsize=1024)
def zone_named(name: str) -> "ZoneInfo":
    """The zone of the IANA database, such as ``Asia/Shanghai``. Raises ``InvalidValue`` for any other name."""
    from zoneinfo import ZoneInfo

    try:
        if not name.startswith(_NO_ZONES):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        pass
    raise InvalidValue("a zone that the time zone database does not know", remedy="Write it as Area/City.")


# Files that lie beside the zones on some machines: what they mean there, or whether they exist, differs.
_NO_ZONES: Final = ("localtime", "posix", "right/", "Factory")


@functools.lru_cache(maxsize=65536)
def _bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    here = zone_named(zone)
    start = _midnight(day, here, 0)
    # Clocks that are put back over midnight show the day again; a day that a place skipped is the moment of the skip.
    end = max(_midnight(day + dt.timedelta(days=1), here, fold) - _TICK for fold in (0, 1))
    if end.astimezone(here).date() > day:
        end = _midnight(day + dt.timedelta(days=1), here, 0) - _TICK
    return start, max(start, end)


def _midnight(day: dt.date, here: "ZoneInfo", fold: int) -> dt.datetime:
    first, second = (dt.datetime.combine(day, dt.time(), here).replace(fold=each).astimezone(UTC) for each in (0, 1))
    if second >= first:
        return second if fold else first
    # The clock jumps over midnight: the day begins with the jump, somewhere between the two.
    while first - second > _TICK:
        middle = second + (first - second) // 2
        first, second = (middle, second) if middle.astimezone(here).date() >= day else (first, middle)
    return first


_text: Final = rule_for(str)
"""Only a text can be parsed."""


@frozen
class When:
    """When something happened, as exactly as it is known: an instant, a local date with its zone, or unknown.

    Registers know days, not minutes. A day is never turned into an instant: it is the
    whole stretch from its local midnight to the next. ``a < b`` holds only if every
    moment that *a* may mean is before every moment that *b* may mean, so that of two
    times neither may be smaller; ``before`` tells "no" from "cannot be told".

    Text: ``2022-05-14T23:05:00+08:00``, ``2022-05-14[Asia/Shanghai]``, ``unknown``.

    Raises:
        InvalidValue: No zone, an unknown zone, or a year outside 1800-2999.
    """

    instant: dt.datetime | None = attrs.field(default=None, metadata=PUBLIC)
    day: dt.date | None = attrs.field(default=None, metadata=PUBLIC)
    zone: str | None = attrs.field(default=None, metadata=PUBLIC)

    def __attrs_post_init__(self) -> None:
        if self.instant is not None:
            if type(self.instant) is not dt.datetime or (offset := self.instant.utcoffset()) is None:
                raise InvalidValue("a time without a zone", remedy="Give the datetime a tzinfo.")
            if self.day is not None or self.zone is not None:
                raise InvalidValue("an instant and a day at once")
            # A fixed offset is all that the text keeps; a zone object would make two equal values print differently.
            object.__setattr__(self, "instant", self.instant.replace(tzinfo=dt.timezone(offset), fold=0))
            self._within(self.instant.year)
        elif self.day is not None:
            if type(self.day) is not dt.date or type(self.zone) is not str:
                raise InvalidValue("a day without its zone", remedy="Use When.on(day, 'Area/City').")
            zone_named(self.zone)
            self._within(self.day.year)
        elif self.zone is not None:
            raise InvalidValue("a zone without a day")

    @staticmethod
    def _within(year: int) -> None:
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise InvalidValue(f"the year {year}", remedy=f"Years run from {_FIRST_YEAR} to {_LAST_YEAR}.")

    @classmethod
    def at(cls, instant: dt.datetime) -> Self:
        """An exact moment; *instant* must be aware."""
        if instant is None:
            raise InvalidValue("no moment given", remedy="Use When.unknown() for an unknown time.")
        return cls(instant=instant)

    @classmethod
    def on(cls, day: dt.date, zone: str) -> Self:
        """Some time on a local date."""
        if day is None:
            raise InvalidValue("no day given", remedy="Use When.unknown() for an unknown time.")
        return cls(day=day, zone=zone)

    @classmethod
    def unknown(cls) -> Self:
        """It happened, and nobody knows when."""
        return cls()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that ``str`` prints."""
        # What looks like an instant is short and plain.
        is_instant = type(text) is str and _INSTANT.fullmatch(text)
        if not is_instant:
            _text(text)
            if text == "unknown":
                return cls()
        try:
            if is_instant:
                return cls._fixed(dt.datetime.fromisoformat(text))
            if match := _DAY.fullmatch(text):
                return cls(day=dt.date.fromisoformat(match[1]), zone=match[2])
        except ValueError as error:
            if isinstance(error, InvalidValue):
                raise
        raise InvalidValue(
            "not a time", remedy="Times look like 2022-05-14T23:05:00+08:00, 2022-05-14[Asia/Shanghai] or unknown."
        )

    @classmethod
    def _fixed(cls, instant: dt.datetime) -> Self:
        # A text gives the fixed offset that the class would put in; the year is all that is left to look at.
        cls._within(instant.year)
        made: Self = making(cls, True)(instant=instant)
        return made

    def __str__(self) -> str:
        if self.instant is not None:
            return self.instant.isoformat()
        return f"{self.day.isoformat()}[{self.zone}]" if self.day is not None else "unknown"

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the time."""
        return self.instant is None and self.day is None

    @property
    def earliest(self) -> dt.datetime | None:
        """The first moment (UTC) that this may mean; ``None`` if unknown."""
        if self.instant is not None:
            return self.instant.astimezone(UTC)
        return _bounds(self.day, self.zone)[0] if self.day is not None and self.zone is not None else None

    @property
    def latest(self) -> dt.datetime | None:
        """The last moment (UTC) that this may mean; ``None`` if unknown."""
        if self.instant is not None:
            return self.instant.astimezone(UTC)
        return _bounds(self.day, self.zone)[1] if self.day is not None and self.zone is not None else None

    @property
    def local_date(self) -> dt.date | None:
        """The date on the wall where it happened; ``None`` if unknown. Periods are counted by it."""
        return self.instant.date() if self.instant is not None else self.day

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, When):
            return NotImplemented
        mine, theirs = self.latest, other.earliest
        return mine is not None and theirs is not None and mine < theirs

    def __gt__(self, other: Any) -> bool:
        return other < self if isinstance(other, When) else NotImplemented

    def before(self, other: "When") -> bool | None:
        """``True`` or ``False`` where it is certain, ``None`` where the two may overlap."""
        if self < other:
            return True
        if other < self or (self.instant is not None and self.instant == other.instant):
            return False
        return None


_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\[([A-Za-z0-9_+\-/]+)\]", re.ASCII)
_INSTANT: Final = re.compile(
    # Later Pythons read 24:00 as the next day, and every Python reads an offset of 08:60 as 09:00.
    r"\d{4}-\d{2}-\d{2}T(?!24)\d{2}:\d{2}:\d{2}(\.\d{6})?[+-]\d{2}:[0-5]\d(:[0-5]\d(\.\d{6})?)?",
    re.ASCII,
)


class Reach(enum.StrEnum):
    """Whether a milestone was passed."""

    AT = "at"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@frozen
class Milestone:
    """Passed *at* a time (which may itself be unknown), *not reached*, or *unknown*. Unknown is never a "no"."""

    state: Reach = attrs.field(default=Reach.UNKNOWN, metadata=PUBLIC)
    when: When | None = attrs.field(default=None, metadata=PUBLIC)

    def __attrs_post_init__(self) -> None:
        given: tuple[object, object] = (self.state, self.when)
        if not isinstance(given[0], Reach) or not isinstance(given[1], When | None):
            raise InvalidValue("a milestone needs a Reach and a When")
        if (self.state is Reach.AT) != (self.when is not None):
            raise InvalidValue("a milestone has a time exactly if it was reached")

    @classmethod
    def at(cls, when: When) -> Self:
        """It was passed then."""
        if type(when) is not When:
            return cls(Reach.AT, when)
        made: Self = making(cls, True)(state=Reach.AT, when=when)
        return made

    @property
    def is_reached(self) -> bool:
        """Whether it is known to have been passed."""
        return self.state is Reach.AT


NOT_REACHED: Final = Milestone(Reach.NOT_REACHED)
UNKNOWN: Final = Milestone(Reach.UNKNOWN)


def not_negative(instance: Any, attribute: "attrs.Attribute[Any]", value: Decimal) -> None:
    """An amount that is not below zero."""
    if value < 0:
        raise InvalidValue("an amount below zero")


def _currency(instance: Any, attribute: "attrs.Attribute[Any]", value: str) -> None:
    if not re.fullmatch(r"[A-Z]{3}", value, re.ASCII):
        raise InvalidValue("a currency needs the three capital letters of ISO 4217", remedy="Such as CNY or PHP.")


@frozen(field_transformer=checked)
class Money:
    """An amount in a currency (ISO 4217), exact. Text: ``1200.50 CNY``."""

    amount: Decimal = attrs.field(metadata=PUBLIC, validator=not_negative)
    currency: str = attrs.field(metadata=PUBLIC, validator=_currency)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that ``str`` prints."""
        _text(text)
        amount, _, currency = text.partition(" ")
        if not re.fullmatch(rf"\d{{1,{MAX_DIGITS}}}(\.\d{{1,{MAX_DIGITS}}})?", amount, re.ASCII):
            raise InvalidValue("not an amount", remedy="Amounts look like 1200.50 CNY.")
        return cls(Decimal(amount), currency)

    def __str__(self) -> str:
        # A zero may carry a sign, which says nothing; `abs` would round.
        return f"{self.amount.copy_abs():f} {self.currency}"


@frozen(order=True, field_transformer=checked)
class Code:
    """A code and the list it stands in, such as ``moj_stat_18:neighbour``. One list never fits all places."""

    scheme: str = attrs.field(metadata=PUBLIC, validator=identifier)
    code: str = attrs.field(metadata=PUBLIC, validator=code)

    def __attrs_post_init__(self) -> None:
        if ":" in self.scheme:
            raise InvalidValue("a scheme holds a colon", path="$.scheme")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that ``str`` prints."""
        _text(text)
        scheme, colon, rest = text.partition(":")
        if not colon:
            raise InvalidValue("not a code with its scheme", remedy="Write scheme:code.")
        return cls(scheme, rest)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


@frozen(field_transformer=checked)
class ExternalId:
    """The number that another system gave to the same thing."""

    system: str = attrs.field(metadata=PUBLIC, validator=identifier)
    number: str = attrs.field(metadata=PUBLIC, validator=code)


@frozen(order=True, field_transformer=checked)
class Period:
    """Whole local days from *first* to *last*, both included.

    Text: ``2022``, ``2022-H1``, ``2022-Q3``, ``2022-06``, ``2022-01-01..2022-05-31``.

    Raises:
        InvalidQuery: The text is none of these, or the period ends before it begins.
    """

    first: dt.date = attrs.field(metadata=PUBLIC)
    last: dt.date = attrs.field(metadata=PUBLIC)

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidQuery(f"The period ends on {self.last}, before it begins on {self.first}. Swap the two dates.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period's text."""
        from calendar import monthrange

        try:
            _text(text)
            if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text, re.ASCII):
                return cls(dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2]))
            if match := re.fullmatch(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d{2})))?", text, re.ASCII):
                year, half, quarter, month = (int(group) if group else 0 for group in match.groups())
                start = half * 6 - 5 if half else quarter * 3 - 2 if quarter else month or 1
                end = half * 6 if half else quarter * 3 if quarter else month or 12
                if match[4] is None or month:
                    return cls(dt.date(year, start, 1), dt.date(year, end, monthrange(year, end)[1]))
        except InvalidQuery:
            raise
        except ValueError:
            pass
        raise InvalidQuery("Not a period. Periods look like 2022, 2022-H1, 2022-Q3, 2022-06 or 2022-01-01..2022-05-31.")

    def __str__(self) -> str:
        from calendar import monthrange

        first, last = self.first, self.last
        months = last.month - first.month + 1
        if first.year == last.year and first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
            if months == 12:
                return f"{first.year:04}"
            if months == 6 and first.month in (1, 7):
                return f"{first.year:04}-H{first.month // 6 + 1}"
            if months == 3 and first.month % 3 == 1:
                return f"{first.year:04}-Q{first.month // 3 + 1}"
            if months == 1:
                return f"{first.year:04}-{first.month:02}"
        return f"{first.isoformat()}..{last.isoformat()}"

    def __contains__(self, day: object) -> bool:
        return type(day) is dt.date and self.first <= day <= self.last
