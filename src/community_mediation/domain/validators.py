"""Sensitivity of fields, and one strict check that every value class shares.

``checked`` reads a class's annotations once, when the class is made, and checks each
field for exactly that type: nothing is coerced, ``True`` is no integer, a naive
datetime is no instant. It also refuses classes that break the rules on
personal data, so that such a mistake cannot be imported, let alone shipped.
"""

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from typing import Any, Final

import attrs

from community_mediation.domain.compiled import TEXT_CHECKS, FieldRule, whole
from community_mediation.errors import InvalidValue

MAX_TEXT: Final = 20_000
"""Longest text of one field, in characters: some ten pages."""
MAX_ITEMS: Final = 10_000
"""Most items of one list."""
MAX_DIGITS: Final = 30
"""Most digits of a decimal, written out, on either side of the point and in all."""
MAX_NUMBER: Final = 2**63 - 1
"""Largest whole number: what a store's column holds."""


class Sensitivity(enum.StrEnum):
    """Who a field can hurt, and therefore where it is kept.

    ``NONE`` goes to the body of an entry and may become a fact. All others go to the
    private part and are hidden from ``repr``: ``PERSONAL`` says who someone is,
    ``SENSITIVE`` what can harm them, ``NARRATIVE`` is free text that may name anyone.
    """

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    NARRATIVE = "narrative"


SENSITIVITY: Final = "sensitivity"
PUBLIC: Final = {SENSITIVITY: Sensitivity.NONE}
PERSONAL: Final = {SENSITIVITY: Sensitivity.PERSONAL}
SENSITIVE: Final = {SENSITIVITY: Sensitivity.SENSITIVE}
NARRATIVE: Final = {SENSITIVITY: Sensitivity.NARRATIVE}

REFERS: Final = "refers"
RULE: Final = "rule"


def naming(what: str) -> dict[str, Any]:
    """The metadata of a public field that names something of the same case by its id: ``naming("party")``."""
    return {**PUBLIC, REFERS: what}


Rule = Callable[[Any], None]


def _kind(value: object) -> str:
    return "nothing (None)" if value is None else f"a {type(value).__name__}"


def _text(value: Any) -> None:
    if type(value) is not str:
        raise InvalidValue(f"{_kind(value)} stands where a text belongs")
    if len(value) > MAX_TEXT:
        raise InvalidValue(f"a text of {len(value):,} characters", remedy=f"At most {MAX_TEXT:,} fit here.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidValue(
                "a text holds half of a character (a lone surrogate)", remedy="Read the source with its own encoding."
            ) from None


def _decimal(value: Any) -> None:
    if type(value) is not Decimal:
        raise InvalidValue(f"{_kind(value)} stands where a decimal number belongs", remedy="Pass decimal.Decimal.")
    _, digits, exponent = value.as_tuple()
    # Written out, a positive exponent is as many digits more.
    if not isinstance(exponent, int) or exponent < -MAX_DIGITS or len(digits) + max(exponent, 0) > MAX_DIGITS:
        raise InvalidValue(f"a number that is not finite or has over {MAX_DIGITS} digits")


def _number(value: Any) -> None:
    if type(value) is not int:
        raise InvalidValue(f"{_kind(value)} stands where a whole number belongs")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise InvalidValue("a number of more than 63 bits")


def _instant(value: Any) -> None:
    if type(value) is not dt.datetime or value.utcoffset() is None:
        raise InvalidValue(
            f"{_kind(value)} stands where a moment with its zone belongs", remedy="Give the datetime a tzinfo."
        )


def _exactly(wanted: type, name: str) -> Rule:
    def rule(value: Any) -> None:
        if type(value) is not wanted:
            raise InvalidValue(f"{_kind(value)} stands where {name} belongs")

    return rule


def _an(wanted: Any, name: str) -> Rule:
    def rule(value: Any) -> None:
        if not isinstance(value, wanted):
            raise InvalidValue(f"{_kind(value)} stands where {name} belongs")

    return rule


_PLAIN: Final[dict[Any, Rule]] = {
    str: _text,
    Decimal: _decimal,
    dt.datetime: _instant,
    int: _number,
    bool: _exactly(bool, "True or False"),
    dt.date: _exactly(dt.date, "a date"),
}


def _sequence(item: Rule) -> Rule:
    def rule(value: Any) -> None:
        if type(value) is not tuple:
            raise InvalidValue(f"{_kind(value)} stands where a tuple belongs")
        if len(value) > MAX_ITEMS:
            raise InvalidValue(f"a list of {len(value):,} items", remedy=f"At most {MAX_ITEMS:,} fit here.")
        for index, each in enumerate(value):
            try:
                item(each)
            except InvalidValue as error:
                raise error.at(f"$[{index}]") from None

    return rule


@functools.cache
def rule_for(annotation: Hashable) -> Rule:
    """The strict check for one annotation. Raises ``TypeError`` for a type that the model does not use."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        others = tuple(each for each in arguments if each is not type(None))
        if len(others) > 1 and all(attrs.has(each) for each in others):
            return _an(tuple(others), " or ".join(f"a {each.__name__}" for each in others))
        if len(others) > 1:
            raise TypeError(f"no strict check for {annotation!r}: only values can stand for each other")
        inner = rule_for(others[0])
        return lambda value: None if value is None else inner(value)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _sequence(rule_for(arguments[0]))
    if isinstance(annotation, type) and (issubclass(annotation, enum.Enum) or attrs.has(annotation)):
        return _an(annotation, f"a {annotation.__name__}")
    raise TypeError(f"no strict check for {annotation!r}: use str, int, bool, Decimal, date, enums, values and tuples")


def _located(rule: Rule, extra: Any, *, optional: bool) -> Callable[[Any, Any, Any], None]:
    def validate(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if optional and value is None:
            return
        try:
            rule(value)
            if extra is not None:
                extra(instance, attribute, value)
        except InvalidValue as error:
            raise error.at(f"$.{attribute.name}") from None

    return validate


def _holds_text(annotation: Any) -> bool:
    return annotation is str or any(_holds_text(each) for each in typing.get_args(annotation))


def _holds_values(annotation: Any) -> bool:
    if typing.get_origin(annotation):
        return any(_holds_values(each) for each in typing.get_args(annotation))
    return isinstance(annotation, type) and attrs.has(annotation)


def checked(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """An attrs ``field_transformer``: strict validators from the annotations, and the rules on personal data.

    Raises:
        TypeError: An annotation is a text instead of a type; a field has no sensitivity; a personal field is
            required, shown in ``repr`` or has a default other than ``None`` (an erased value reads as ``None``);
            a public text is unrestricted.
    """
    ruled = []
    for field in fields:
        where = f"{cls.__name__}.{field.name}"
        inherited = RULE in field.metadata
        if isinstance(field.type, str):
            raise TypeError(
                f"{where} is annotated with a text, and its type is needed when the class is made: "
                f"remove `from __future__ import annotations` from {cls.__module__}, and write types without quotes"
            )
        level = field.metadata.get(SENSITIVITY)
        if not isinstance(level, Sensitivity):
            raise TypeError(f"{where} has no sensitivity: give it metadata=PUBLIC, PERSONAL, SENSITIVE or NARRATIVE")
        if level is not Sensitivity.NONE and (field.default is not None or field.repr):
            raise TypeError(f"{where} is {level}: it needs default=None and repr=False")
        if level is not Sensitivity.NONE and _holds_values(field.type):
            raise TypeError(f"{where} is {level} and holds values: mark the fields inside instead")
        if level is Sensitivity.NONE and _holds_text(field.type) and field.validator is None and not inherited:
            raise TypeError(f"{where} is a public text: restrict it with identifier or code, or make it NARRATIVE")
        ruled.append(field if inherited else _ruled(field))
    if not ruled:
        return []
    # One validator for all, on the last: attrs runs them when all fields are set. It takes in what was inherited.
    check = whole([(field, field.metadata[RULE]) for field in ruled], longest=MAX_TEXT, most=MAX_ITEMS)
    return [*(field.evolve(validator=None) for field in ruled[:-1]), ruled[-1].evolve(validator=check)]


def _ruled(field: "attrs.Attribute[Any]") -> "attrs.Attribute[Any]":
    rule = rule_for(typing.cast(Hashable, field.type))
    optional = type(None) in typing.get_args(field.type)
    found = FieldRule(_located(rule, field.validator, optional=optional), field.validator, rule)
    return field.evolve(metadata={**field.metadata, RULE: found})


def identifier(instance: Any, attribute: "attrs.Attribute[Any]", value: str) -> None:
    """An id: 1 to 200 printable characters without blanks. Ids are not personal, so never put a name in one."""
    checked_id(value)


def checked_id(value: str) -> str:
    """*value*, if it can be an id.

    Raises:
        InvalidValue: It cannot.
    """
    if type(value) is not str or not 0 < len(value) <= 200 or not value.isprintable() or " " in value:
        # The blank is the one white space that counts as printable.
        raise InvalidValue("an id needs 1 to 200 printable characters without blanks")
    return value


def matter_id(value: str) -> str:
    """*value*, if it can be the id of a matter: parts of a matter are named ``matter/part``.

    Raises:
        InvalidValue: It cannot; ``path`` is ``$.id``.
    """
    try:
        checked_id(value)
    except InvalidValue as error:
        raise error.at("$.id") from None
    if "/" in value:
        raise InvalidValue("the id of a matter holds a slash", path="$.id")
    return value


def items(value: Any, path: str) -> tuple[Any, ...]:
    """The items of an argument that may be any iterable but a text, whose characters are no items.

    Raises:
        InvalidValue: It is no iterable, or a text.
    """
    if isinstance(value, str | bytes | bytearray) or not isinstance(value, Iterable):
        raise InvalidValue(f"{_kind(value)} stands where several belong", path=path, remedy="Pass a tuple or a list.")
    return tuple(value)


def code(instance: Any, attribute: "attrs.Attribute[Any]", value: str) -> None:
    """A code of some list: 1 to 200 printable characters, no blank at either end."""
    if not 0 < len(value) <= 200 or not value.isprintable() or value != value.strip():
        raise InvalidValue("a code needs 1 to 200 printable characters, no blank at either end")


def codes(instance: Any, attribute: "attrs.Attribute[Any]", value: tuple[str, ...]) -> None:
    """A tuple of codes."""
    for index, each in enumerate(value):
        try:
            code(instance, attribute, each)
        except InvalidValue as error:
            raise error.at(f"$[{index}]") from None


def at_least(least: int) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """A number not below *least*."""

    def validate(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if value < least:
            raise InvalidValue(f"a number below {least}")

    return validate


def between(least: int, most: int) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """A number from *least* to *most*, both included."""

    def validate(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if not least <= value <= most:
            raise InvalidValue(f"a number outside {least} to {most}")

    return validate


_IS_CODE: Final = "type({0}) is str and 0 < len({0}) <= 200 and {0}.isprintable() and {0} == {0}.strip()"
TEXT_CHECKS.update(
    {
        identifier: "type({0}) is str and 0 < len({0}) <= 200 and {0}.isprintable() and ' ' not in {0}",
        code: _IS_CODE,
        (codes, tuple): _IS_CODE,
    }
)
