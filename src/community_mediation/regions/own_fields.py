"""Fields that a region or centre declares beside the built-in ones, and the check of their values."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.dispute import OwnValue
from community_mediation.domain.events import Amended, Registered, Reported
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.validators import Sensitivity, rule_for
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label, Weight
from community_mediation.regions.rules import Rule
from community_mediation.regions.sources import day_or_none, labelled, named, one_of, refuse


class OwnType(enum.StrEnum):
    """What the text of an own value means."""

    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    BOOL = "bool"
    CHOICE = "choice"


_FORM: Final[Mapping[OwnType, str]] = {
    OwnType.INT: "digits",
    OwnType.DECIMAL: "digits with a decimal point",
    OwnType.DATE: "a date as YYYY-MM-DD",
    OwnType.BOOL: "yes or no",
}
_INT: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


def _as_dict(choices: Mapping[str, Label]) -> Mapping[str, Label]:
    return dict(choices)


@attrs.frozen(kw_only=True)
class OwnField:
    """A field of a region's or centre's own.

    Attributes:
        name: Its name in ``OwnValue.name``.
        label: Its name for people.
        type: What its text means: ``5`` (int), ``5.50`` (decimal), ``2026-05-14`` (date), ``yes`` or ``no`` (bool).
        sensitivity: Whom it can hurt. ``NONE`` stands in ``OwnValue.public``, all others in ``OwnValue.value``.
        choices: The codes of a choice, with their names for people.
        required_from: From which day on a dispute that is reported must have it; ``None``: never.
    """

    name: str = attrs.field(validator=named)
    label: Label = attrs.field(validator=labelled)
    type: OwnType = attrs.field(default=OwnType.TEXT, validator=one_of(OwnType))
    sensitivity: Sensitivity = attrs.field(default=Sensitivity.NARRATIVE, validator=one_of(Sensitivity))
    choices: Mapping[str, Label] = attrs.field(factory=dict, converter=_as_dict, hash=False)
    required_from: dt.date | None = attrs.field(default=None, validator=day_or_none)

    def __attrs_post_init__(self) -> None:
        if bool(self.choices) != (self.type is OwnType.CHOICE):
            raise refuse("choices belong to a field of type choice, and to no other", "$.choices")

    @property
    def is_public(self) -> bool:
        """Whether its values may become facts."""
        return self.sensitivity is Sensitivity.NONE

    def problem(self, value: OwnValue) -> str | None:
        """Why a value does not fit, without the value; ``None`` if it does. An erased value fits."""
        if self.is_public and value.value is not None:
            return f"the field {self.name} is public, and its value stands in the private place"
        if not self.is_public and value.public is not None:
            return f"the field {self.name} is {self.sensitivity}, and its value stands in the public place"
        text = value.public if self.is_public else value.value
        if text is None or self._fits(text):
            return None
        if self.type is OwnType.CHOICE:
            return f"the field {self.name} holds none of its choices ({', '.join(self.choices)})"
        return f"the field {self.name} does not hold {_FORM[self.type]}"

    def _fits(self, text: str) -> bool:
        match self.type:
            case OwnType.INT:
                return _INT.fullmatch(text) is not None
            case OwnType.DECIMAL:
                return _is_decimal(text)
            case OwnType.DATE:
                return _is_date(text)
            case OwnType.BOOL:
                return text in ("yes", "no")
            case OwnType.CHOICE:
                return text in self.choices
        return True


def _is_decimal(text: str) -> bool:
    try:
        rule_for(Decimal)(Decimal(text))
    except (InvalidOperation, InvalidValue):
        return False
    return text.isascii() and "_" not in text and text == text.strip()


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def misfits(fields: Mapping[str, OwnField], values: Sequence[OwnValue]) -> Iterator[str]:
    """Why values of declared fields do not fit, without the values."""
    seen: set[str] = set()
    for value in values:
        if value.name in fields and (problem := fields[value.name].problem(value)):
            yield problem
        if value.name in fields and value.name in seen:
            yield f"the field {value.name} stands there twice"
        seen.add(value.name)


def undeclared(fields: Mapping[str, OwnField], values: Sequence[OwnValue]) -> Iterator[str]:
    """The names of values that nobody declared."""
    return (value.name for value in values if value.name not in fields)


def missing(fields: Mapping[str, OwnField], case: Case) -> Iterator[str]:
    """The names of required fields that a case does not have. Nobody knows when it was reported: none is required."""
    reported = case.reported.when.local_date if case.reported.when is not None else None
    there = {value.name for value in case.dispute.own}
    for name, field in fields.items():
        required = field.required_from is not None and reported is not None and reported >= field.required_from
        if required and name not in there:
            yield name


def _missing(fields: Mapping[str, OwnField], case: Case) -> list[str]:
    return [f"the field {name} is required, and is missing" for name in missing(fields, case)]


def _undeclared(fields: Mapping[str, OwnField], case: Case) -> list[str]:
    return [f"nobody declared the field {name}" for name in undeclared(fields, case.dispute.own)]


def problems(fields: Mapping[str, OwnField], case: Case) -> list[str]:
    """All that is wrong with the own values of a case, without the values."""
    return [*misfits(fields, case.dispute.own), *_missing(fields, case), *_undeclared(fields, case)]


@attrs.frozen(kw_only=True)
class OwnRule(Rule):
    """A rule that declared fields make. Each region makes its own anew, from all its fields."""


def rules(fields: Mapping[str, OwnField], source: str) -> tuple[OwnRule, ...]:
    """The rules that declared fields make: a value that does not fit blocks, a missing or undeclared one warns."""

    def says(found: Any) -> Any:
        def objection(before: Matter | None, event: Event, after: Matter) -> str | None:
            if not isinstance(after, Case):
                return None
            now = list(found(after))
            was = list(found(before)) if isinstance(before, Case) else []
            # Once is enough: what was wrong before was told before.
            return "; ".join(each for each in now if each not in was) or None

        return objection

    births: Any = (Reported, Registered, Amended)
    return (
        OwnRule(
            name="own_value_fits",
            label=Label("Own values fit their fields", "自有字段的值符合其定义"),
            source=source,
            weight=Weight.BLOCK,
            objection=says(lambda case: misfits(fields, case.dispute.own)),
            remedy="Write the value as the field declares it.",
        ),
        OwnRule(
            name="own_value_missing",
            label=Label("Required own fields are there", "必填的自有字段已填写"),
            source=source,
            applies_to=births,
            objection=says(lambda case: _missing(fields, case)),
            remedy="Fill it in as soon as it is known.",
        ),
        OwnRule(
            name="own_value_undeclared",
            label=Label("Own values have a declared field", "自有字段已声明"),
            source=source,
            objection=says(lambda case: _undeclared(fields, case)),
            remedy="Declare it in the region, or mend its name.",
        ),
    )
