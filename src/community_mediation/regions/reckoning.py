"""The deadlines of a case, by the rules of a region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.values import When
from community_mediation.regions.calendars import Calendar
from community_mediation.regions.deadlines import Counting, Deadline, Due, DueState
from community_mediation.regions.triggers import Trigger

_RANK: Final = (DueState.MET, DueState.UNKNOWN, DueState.LATE)


@attrs.frozen
class _Happened:
    """What a trigger found in a case: what it is about, and to which of these it happened when."""

    about: str
    moments: tuple[tuple[str, When], ...]


def deadlines_of(
    case: Case,
    as_of: When | dt.datetime,
    *,
    deadlines: Sequence[Deadline],
    triggers: Mapping[str, Trigger],
    calendar: Calendar,
    counting: Counting,
) -> list[Due]:
    """The deadlines of a case as it was at *as_of*: those that end first go first, the unknown last.

    A case that was void by then, or goes on in another, has none.

    Raises:
        InvalidValue: ``as_of`` is unknown or has no zone.
    """
    at = as_of if isinstance(as_of, When) else When.at(as_of)
    then = case.valid_at(at)
    if then is None or then.conclusion is Conclusion.VOID or not then.is_counted:
        return []
    named = {name for each in deadlines for _, name in named_by(each)} & triggers.keys()
    found = {name: _Happened(triggers[name].about, tuple(triggers[name].moments(then))) for name in named}
    result = [due for each in deadlines for due in _each(each, at, found, calendar, counting)]
    return sorted(result, key=_order)


def named_by(deadline: Deadline) -> Iterator[tuple[str, str]]:
    """The triggers that a deadline names, each with the field that names it."""
    yield "trigger", deadline.trigger
    for index, name in enumerate(deadline.satisfied_by):
        yield f"satisfied_by[{index}]", name
    if deadline.extension is not None and deadline.extension.trigger is not None:
        yield "extension.trigger", deadline.extension.trigger


def _each(
    deadline: Deadline, at: When, found: Mapping[str, _Happened], calendar: Calendar, counting: Counting
) -> Iterator[Due]:
    about = found[deadline.trigger].about
    granting = deadline.extension.trigger if deadline.extension is not None else None
    for subject, began in found[deadline.trigger].moments:
        if deadline.in_force(began) is False:
            continue
        extended = granting is not None and bool(_since(began, about, subject, found[granting]))
        due = deadline.due(began, calendar, counting=counting, extended=extended, subject=subject)
        endings = [when for name in deadline.satisfied_by for when in _since(began, about, subject, found[name])]
        yield due.judged(at, _best(due, at, endings))


def _since(began: When, about: str, subject: str, happened: _Happened) -> list[When]:
    """When it happened to the same subject, or to whatever a trigger of another sort is about."""
    return [
        when
        for other, when in happened.moments
        # What certainly happened before cannot end what began later.
        if (other == subject or happened.about != about) and not when < began
    ]


def _best(due: Due, at: When, endings: Sequence[When]) -> When | None:
    """Of all that could end it, what certainly did in time; else what perhaps did; else the first too late."""
    judged = [due.judged(at, ending) for ending in endings]
    judged.sort(key=lambda each: (_RANK.index(each.state), _earliest(each.done)))
    return judged[0].done if judged else None


def _earliest(when: When | None) -> dt.datetime:
    return (when and when.earliest) or dt.datetime.max.replace(tzinfo=dt.UTC)


def _order(due: Due) -> tuple[dt.datetime, str, str]:
    return _earliest(due.ends), due.deadline.name, due.subject
