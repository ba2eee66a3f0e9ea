"""Where a thing of a region comes from, how far that was checked, and from when to when it holds."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

from community_mediation.domain.validators import checked_id, items
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label

T = TypeVar("T")


class SourceStatus(enum.StrEnum):
    """How far a source was checked.

    ``VERIFIED``: the text of the law or form was read. ``SECONDARY``: somebody else says that it
    says so. ``SETTING``: no law at all, but a choice of the region or house, which anybody may change.
    """

    VERIFIED = "verified"
    SECONDARY = "secondary"
    SETTING = "setting"


def refuse(problem: str, path: str, remedy: str = "") -> InvalidValue:
    """The error for something in the description of a region."""
    return InvalidValue(problem, remedy=remedy, path=path)


def named(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """A name in code: an id, stable because programs and centres use it."""
    try:
        checked_id(value)
    except InvalidValue as error:
        raise error.at(f"$.{attribute.name}") from None


def labelled(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """A name for people."""
    if not isinstance(value, Label) or not value.en.strip():
        raise refuse("a name for people is missing", f"$.{attribute.name}", 'Write Label(en="…", zh="…").')


def sourced(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """A source: nothing of a region stands there without one."""
    if type(value) is not str or not value.strip():
        raise refuse(
            "a source is missing", f"$.{attribute.name}", "Name the statute, form or house rule that it comes from."
        )


def several(value: Any) -> tuple[Any, ...]:
    """Whatever holds several, as a tuple; a text, whose characters nobody means, is refused."""
    return items(value, "$")


def one_of(kind: type) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    """A value of that class."""

    def validate(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind):
            choices = ", ".join(f"{kind.__name__}.{each.name}" for each in kind) if issubclass(kind, enum.Enum) else ""
            remedy = f"There are: {choices}." if choices else ""
            raise refuse(f"no {kind.__name__} stands where one belongs", f"$.{attribute.name}", remedy)

    return validate


def unique(things: Iterable[T], name: Callable[[T], object], path: str) -> dict[Any, T]:
    """Things by their names.

    Raises:
        InvalidValue: Two have the same name.
    """
    result: dict[Any, T] = {}
    for index, each in enumerate(things):
        if name(each) in result:
            raise refuse(f"{name(each)!s} stands there twice", f"{path}[{index}]", "Drop one, or rename it.")
        result[name(each)] = each
    return result


def day_or_none(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """A local date, or nothing."""
    if value is not None and type(value) is not dt.date:
        raise refuse("something stands where a date belongs", f"$.{attribute.name}", "Pass datetime.date, or None.")


@attrs.frozen(kw_only=True)
class Dated:
    """What holds from a day to a day, both included; ``None`` is without a bound.

    Attributes:
        valid_from: The first day on which it holds.
        valid_to: The last.
    """

    valid_from: dt.date | None = attrs.field(default=None, validator=day_or_none)
    valid_to: dt.date | None = attrs.field(default=None, validator=day_or_none)

    def __attrs_post_init__(self) -> None:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            raise refuse("it ends before it begins", "$.valid_to", "Swap the two dates.")

    def in_force(self, when: When | dt.date) -> bool | None:
        """Whether it holds on that day; ``None`` if the day is unknown and there is a bound."""
        day = when.local_date if isinstance(when, When) else when
        if day is None:
            return True if self.valid_from is None and self.valid_to is None else None
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
