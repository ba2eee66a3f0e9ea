"""The rules of a class written out as one function, so that a sound value costs little more than its making.

The function only ever says "sound": whatever is not plainly so goes to the rules themselves, one field after the
other, which say what is wrong and where. Reading a journal makes some forty values a case.
"""

import datetime as dt
import enum
import functools
import operator
import types
import typing
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import attrs

Located = Callable[[Any, Any, Any], None]
"""A field's rule: takes the value, the attribute and what stands in it; raises with the field's path."""

TEXT_CHECKS: dict[Any, str] = {}
"""What a rule for texts says, as an expression over ``{0}`` that is true only where the rule is silent; for a rule of
tuples, under ``(rule, tuple)``, of each of its texts."""


@attrs.frozen
class FieldRule:
    """What a field is checked by.

    Attributes:
        located: The whole rule.
        extra: The part that the annotation does not say.
        plain: The rule of the annotation alone.
    """

    located: Located
    extra: Callable[[Any, Any, Any], None] | None
    plain: Callable[[Any], None]


def whole(fields: Sequence[tuple["attrs.Attribute[Any]", FieldRule]], *, longest: int, most: int) -> Located:
    """A validator that checks all *fields* of a value at once; it is compiled when it is first needed."""
    check: Callable[[Any], None] | None = None

    def slowly(value: Any) -> None:
        for attribute, rule in fields:
            rule.located(value, attribute, getattr(value, attribute.name))

    def compiled() -> Callable[[Any], None]:
        nonlocal check
        if check is None:
            check = _compiled(fields, slowly, longest, most)
        return check

    def validate(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        (check or compiled())(instance)

    validate.compiled = compiled  # type: ignore[attr-defined]
    return validate


def checks_of(cls: Any) -> list[tuple["attrs.Attribute[Any]", Callable[[Any], None] | None]]:
    """The fields of a class that have a validator, each with the function if that checks the whole value at once."""
    found = [(field, getattr(field.validator, "compiled", None)) for field in attrs.fields(cls) if field.validator]
    return [(field, None if compiled is None else compiled()) for field, compiled in found]


def _compiled(
    fields: Sequence[tuple["attrs.Attribute[Any]", FieldRule]],
    slowly: Callable[[Any], None],
    longest: int,
    most: int,
) -> Callable[[Any], None]:
    known: dict[str, Any] = {"slowly": slowly}
    lines = ["def check(self):", "    try:"]
    for attribute, rule in fields:
        writer = _Writer(attribute, rule, known, longest, most)
        lines += [f"        v = self.{attribute.name}", *("        " + line for line in writer.lines())]
    lines += ["        return", "    except Exception:", "        pass", "    slowly(self)"]
    # The text holds names of fields and numbers, and nothing from outside.
    exec("\n".join(lines), known)
    check: Callable[[Any], None] = known["check"]
    return check


class _Writer:
    """Writes the lines that check one field."""

    def __init__(
        self, attribute: "attrs.Attribute[Any]", rule: FieldRule, known: dict[str, Any], longest: int, most: int
    ) -> None:
        self._attribute = attribute
        self._rule = rule
        self._known = known
        self._longest = longest
        self._most = most

    def lines(self) -> list[str]:
        """The lines; each leaves for ``slowly`` where the value is not plainly sound."""
        annotation: Any = self._attribute.type
        if type(None) in typing.get_args(annotation):
            others = tuple(each for each in typing.get_args(annotation) if each is not type(None))
            inner = self._of(functools.reduce(operator.or_, others))
            return ["if v is not None:", *("    " + line for line in inner)]
        return self._of(annotation)

    def _of(self, annotation: Any) -> list[str]:
        lines, told = self._typed(annotation)
        if self._rule.extra is not None and not told:
            extra, attribute = self._name(self._rule.extra), self._name(self._attribute)
            lines.append(f"{extra}(self, {attribute}, v)")
        return lines

    def _typed(self, annotation: Any) -> tuple[list[str], bool]:
        """The lines for the type, and whether they say what the extra rule says as well."""
        extra = self._rule.extra
        if typing.get_origin(annotation) is tuple:
            item = typing.get_args(annotation)[0]
            inside = TEXT_CHECKS.get((extra, tuple)) if item is str else None
            one = inside.format("e") if inside is not None else self._plain(item, "e")
            if one is None:
                return [f"{self._name(self._rule.plain)}(v)"], False
            return [
                f"if type(v) is not tuple or len(v) > {self._most}: return slowly(self)",
                "if v:",
                "    for e in v:",
                f"        if not ({one}): return slowly(self)",
            ], inside is not None
        if annotation is str and extra in TEXT_CHECKS:
            return [f"if not ({TEXT_CHECKS[extra].format('v')}): return slowly(self)"], True
        one = self._plain(annotation, "v")
        if one is None:
            return [f"{self._name(self._rule.plain)}(v)"], False
        return [f"if not ({one}): return slowly(self)"], False

    def _plain(self, annotation: Any, name: str) -> str | None:
        """An expression that is true only for sound values of the type; ``None``: ask the rule."""
        if annotation is str:
            # Encoding fails for half a character.
            return f"type({name}) is str and len({name}) <= {self._longest} and ({name}.isascii() or {name}.encode())"
        if annotation in (bool, dt.date):
            return f"type({name}) is {self._name(annotation)}"
        if annotation is int:
            return f"type({name}) is int and {-(2**63) + 1} <= {name} <= {2**63 - 1}"
        if typing.get_origin(annotation) in (types.UnionType, typing.Union):
            if not all(attrs.has(each) for each in typing.get_args(annotation)):
                return None
            return f"type({name}) in {self._name(frozenset(typing.get_args(annotation)))}"
        if annotation not in (Decimal, dt.datetime) and (issubclass(annotation, enum.Enum) or attrs.has(annotation)):
            return f"type({name}) is {self._name(annotation)}"
        return None

    def _name(self, thing: Any) -> str:
        for name, each in self._known.items():
            if each is thing:
                return name
        name = f"known_{len(self._known)}"
        self._known[name] = thing
        return name
