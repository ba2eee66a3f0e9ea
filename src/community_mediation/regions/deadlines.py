"""Deadlines: what sets one running, how long it is, how it is counted, and whether it was met."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import attrs

from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label, Weight
from community_mediation.regions.calendars import WEEKDAYS, Calendar, Reckoned, add_days, add_months
from community_mediation.regions.sources import Dated, SourceStatus, labelled, named, one_of, refuse, sourced


class Unit(enum.StrEnum):
    """In what a deadline is counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class DueState(enum.StrEnum):
    """How a deadline stands.

    ``UNKNOWN`` wherever that cannot be told: nobody knows when it began, or when what ends it
    happened, or the calendar does not know the year. It is never counted as overdue.
    """

    DUE = "due"
    MET = "met"
    LATE = "late"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Counting:
    """How days are counted.

    Attributes:
        first_day_counts: Whether the day on which it begins is the first day.
        rolls: A last day on which nobody works moves to the next working day.
        to_the_minute: It ends at the time of day at which it began, not at the end of the last day.
        source: The law, or the choice, that says so.
    """

    first_day_counts: bool = False
    rolls: bool = False
    to_the_minute: bool = False
    source: str = attrs.field(validator=sourced)


PLAIN_COUNTING = Counting(source="this library: the first day does not count, the last day stays where it falls")
"""How days are counted where nothing else is said."""


def _whole(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if type(value) is not int or not 1 <= value <= 100_000:
        raise refuse("a limit that is no whole number from 1 on", f"$.{attribute.name}")


@attrs.frozen(kw_only=True)
class Extension:
    """How much longer a deadline may become.

    Attributes:
        limit, unit: By how much, counted from the last day.
        trigger: What shows in a case that it was granted; ``None``: nothing does, and it is only announced.
        label: On what condition.
        source: Where that stands.
    """

    limit: int = attrs.field(validator=_whole)
    unit: Unit = attrs.field(default=Unit.DAYS, validator=one_of(Unit))
    trigger: str | None = None
    label: Label = attrs.field(validator=labelled)
    source: str = attrs.field(validator=sourced)


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen(kw_only=True)
class Deadline(Dated):
    """What must be done within a time. It holds for what began while it was in force.

    Attributes:
        name: Its name in code.
        label: Its name for people.
        trigger: The name of what sets it running.
        limit, unit: How long it is.
        satisfied_by: The names of what ends it, each enough by itself.
        extension: How much longer it may become.
        counting: How days are counted; ``None``: as its region does.
        weight: What exceeding it means: ``BLOCK`` where a right is lost or a step becomes void.
        source: The statute, form or house rule.
        status: How far that was checked.
    """

    name: str = attrs.field(validator=named)
    label: Label = attrs.field(validator=labelled)
    trigger: str = attrs.field(validator=named)
    limit: int = attrs.field(validator=_whole)
    unit: Unit = attrs.field(default=Unit.DAYS, validator=one_of(Unit))
    satisfied_by: tuple[str, ...] = attrs.field(default=(), converter=_names)
    extension: Extension | None = None
    counting: Counting | None = None
    weight: Weight = attrs.field(default=Weight.WARN, validator=one_of(Weight))
    source: str = attrs.field(validator=sourced)
    status: SourceStatus = attrs.field(default=SourceStatus.VERIFIED, validator=one_of(SourceStatus))

    def due(
        self,
        when: When,
        calendar: Calendar = WEEKDAYS,
        *,
        counting: Counting = PLAIN_COUNTING,
        extended: bool = False,
        subject: str = "",
    ) -> Due:
        """When it ends, if it began then. What is known to the day ends on a day; precision is never invented.

        An instant ends with the last moment of the last day on the wall where it happened, or at the same time of day
        if ``to_the_minute``. Never raises: what cannot be reckoned is ``UNKNOWN``, and ``note`` says why.

        Args:
            when: When it began.
            calendar: The working days.
            counting: How days are counted, if the deadline does not say.
            extended: Whether the extension was granted.
            subject: What it is about.
        """
        due = Due(deadline=self, subject=subject, began=when, is_extended=extended and self.extension is not None)
        counting = self.counting or counting
        day = when.local_date
        if day is None:
            return attrs.evolve(due, note="nobody knows when it began")
        try:
            last = _last_day(day, self.limit, self.unit, calendar, counting)
            longer = last
            if self.extension is not None:
                more = _count(last.day, self.extension.limit, self.extension.unit, calendar)
                longer = Reckoned(more.day, last.assumed or more.assumed)
            last, longer = (_rolled(each, calendar) if counting.rolls else each for each in (last, longer))
            ends, extension = _moment(when, last.day, counting), _moment(when, longer.day, counting)
        except InvalidValue as error:
            return attrs.evolve(due, note=error.problem)
        if due.is_extended:
            last, ends = longer, extension
        return attrs.evolve(
            due,
            ends=ends,
            extendable_to=extension if self.extension is not None and not due.is_extended else None,
            assumed=last.assumed,
            state=DueState.DUE,
        )


def _last_day(day: dt.date, limit: int, unit: Unit, calendar: Calendar, counting: Counting) -> Reckoned:
    if not counting.first_day_counts:
        return _count(day, limit, unit, calendar)
    if unit in (Unit.DAYS, Unit.WORKING_DAYS):
        return _count(add_days(day, -1), limit, unit, calendar)
    last = _count(day, limit, unit, calendar)
    # A month from the 1st ends on the last; where the day does not exist, the end of the month is already before it.
    return Reckoned(add_days(last.day, -1)) if last.day.day == day.day else last


def _count(day: dt.date, limit: int, unit: Unit, calendar: Calendar) -> Reckoned:
    match unit:
        case Unit.DAYS:
            return Reckoned(add_days(day, limit))
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(day, limit)
        case Unit.MONTHS:
            return Reckoned(add_months(day, limit))
        case Unit.YEARS:
            return Reckoned(add_months(day, 12 * limit))


def _rolled(last: Reckoned, calendar: Calendar) -> Reckoned:
    moved = calendar.next_working_day(last.day)
    return Reckoned(moved.day, last.assumed or moved.assumed)


def _moment(began: When, day: dt.date, counting: Counting) -> When:
    if began.instant is None:
        return When(day=day, zone=began.zone)
    time = began.instant.time() if counting.to_the_minute else dt.time.max
    return When.at(dt.datetime.combine(day, time, began.instant.tzinfo))


@attrs.frozen(kw_only=True)
class Due:
    """A deadline of one case.

    Attributes:
        deadline: Which.
        subject: What of the case it is about: the id of a resolution, a session, …; empty for the case as a whole.
        began: When it began.
        ends: When it ends: as exactly as its beginning is known, and unknown where that cannot be told.
        extendable_to: How far it could still be extended.
        is_extended: Whether ``ends`` includes the extension.
        done: When what ends it happened; ``None`` while nothing has.
        state: How it stands.
        assumed: A calendar took part in it that does not know the year.
        note: Why it is unknown.
    """

    deadline: Deadline
    subject: str = ""
    began: When
    ends: When = attrs.field(factory=When.unknown)
    extendable_to: When | None = None
    is_extended: bool = False
    done: When | None = None
    state: DueState = DueState.UNKNOWN
    assumed: bool = False
    note: str = ""

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it can be met; ``None`` if that cannot be told."""
        return self.ends.local_date

    def judged(self, as_of: When, done: When | None = None) -> Due:
        """How it stands at *as_of*, if what ends it happened at *done*. Only what is certain is late or overdue."""
        due = attrs.evolve(self, done=done)
        if self.ends.is_unknown:
            return due
        if done is None:
            return attrs.evolve(due, state=DueState.OVERDUE if self.ends < as_of else DueState.DUE)
        if done.is_unknown:
            return attrs.evolve(due, state=DueState.UNKNOWN, note="nobody knows when, or whether, it was done")
        if self.ends < done:
            return attrs.evolve(due, state=DueState.LATE)
        if self._in_time(done):
            return attrs.evolve(due, state=DueState.MET)
        return attrs.evolve(due, state=DueState.UNKNOWN, note="the times overlap: it cannot be told whether in time")

    def _in_time(self, done: When) -> bool:
        # A day in which it ends holds good to its last moment, and the day on which it was done is the same day.
        latest, end = done.latest, self.ends.latest
        return latest is not None and end is not None and latest <= end
