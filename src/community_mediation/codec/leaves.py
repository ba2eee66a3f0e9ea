"""The parts of the wire format that are texts: how each is read, and written.

Without cattrs: what is plain is read and written by ``wording`` alone, and most programs never need more.
"""

import datetime as dt
import re
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from community_mediation.domain.record import Details
from community_mediation.domain.values import Code, Milestone, Money, Period, Reach, When
from community_mediation.errors import InvalidQuery, Undecodable

DETAILS_TAGS: Final = {cls.__name__.removesuffix("Details").lower(): cls for cls in typing.get_args(Details)}
"""The word that says which kind of details follow."""


def milestone_text(milestone: Milestone) -> str:
    """``not_reached``, ``unknown``, or ``at`` and the time."""
    return milestone.state.value if milestone.when is None else f"at {milestone.when}"


def parse_milestone(text: str) -> Milestone:
    """The inverse of ``milestone_text``.

    Raises:
        Undecodable: It is none.
        InvalidValue: Its time is none.
    """
    if text.startswith("at "):
        return Milestone.at(When.parse(text[3:]))
    if text in (Reach.NOT_REACHED, Reach.UNKNOWN):
        return Milestone(Reach(text))
    raise Undecodable("not a milestone", remedy="It reads not_reached, unknown, or 'at' and a time.")


def decimal_of(text: str) -> Decimal:
    """A decimal number, written out.

    Raises:
        Undecodable: It is none.
    """
    if not re.fullmatch(r"-?\d{1,40}(\.\d{1,40})?", text, re.ASCII):
        raise Undecodable("not a decimal number", remedy="It looks like 1200.50.")
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        raise Undecodable("not a decimal number") from None


def date_of(text: str) -> dt.date:
    """A date as ISO 8601 has it, and in no other of its ways.

    Raises:
        Undecodable: It is none.
    """
    try:
        # Pythons from 3.11 on read weeks too, such as 2022-W19-6.
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Undecodable("not a date", remedy="It looks like 2022-05-14.")


def period_of(text: str) -> Period:
    """A period.

    Raises:
        Undecodable: It is none.
    """
    try:
        return Period.parse(text)
    except InvalidQuery as error:
        raise Undecodable(str(error)) from None


READ: Final[Mapping[type, Callable[[str], Any]]] = {
    Decimal: decimal_of,
    dt.date: date_of,
    When: When.parse,
    Money: Money.parse,
    Code: Code.parse,
    Period: period_of,
    Milestone: parse_milestone,
}
"""How the text of each is read."""
WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    Decimal: lambda value: f"{value:f}",
    dt.date: dt.date.isoformat,
    When: When.__str__,
    Money: Money.__str__,
    Code: Code.__str__,
    Period: Period.__str__,
    Milestone: milestone_text,
}
"""How each is written."""
