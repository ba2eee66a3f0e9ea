"""The numbers that places print on their papers: how they are written, and how they are read.

A template holds text and fields in braces::

    {place}人调字[{year}]{serial:03}号      晋医人调字[2019]011号
    LP-{year}-{serial:04}                   LP-2026-0042

``{year}`` is four digits, ``{serial:03}`` a number of at least three digits (``{serial}``: without
zeros before it), any other name a text. ``{{`` and ``}}`` stand for braces. A text field ends where
the text after it begins, and may not hold the first sign of that; so every text is read in one way
only, or not at all.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.errors import InvalidReference
from community_mediation.regions.fiscal import CALENDAR_YEAR, FiscalYear
from community_mediation.regions.sources import named, one_of, refuse, sourced
from community_mediation.regions.templates import SERIAL, YEAR, Template

MAX_DIGITS: Final = 18
"""Most digits of a serial number: what a store's column holds."""
MORE_ZEROS: Final = 2
"""How many zeros more than its template asks for a number is still looked for with."""
MAX_LENGTH: Final = 200
"""Longest number, in characters: what a case takes as its reference."""


def _fields(value: Mapping[str, str] | Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(value).items()))


@attrs.frozen(kw_only=True, order=True)
class Reference:
    """A number on papers, taken apart.

    Attributes:
        year: The year in it, if its pattern has one.
        serial: The running number, from 1.
        fields: The texts in it, by name, in the order of the names.
        width: With how many digits the serial is written, zeros before it included; never fewer than it has.
        spelling: Which template it is written by: 0 is the pattern's own, then the alternatives.
    """

    year: int | None = None
    serial: int
    fields: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_fields)
    width: int = 1
    spelling: int = 0

    def __attrs_post_init__(self) -> None:
        for name, least in (("serial", 1), ("width", 1), ("spelling", 0)):
            if type(getattr(self, name)) is not int or getattr(self, name) < least:
                raise InvalidReference(f"a {name} that is no number from {least} on", path=f"$.{name}")
        for name, text in self.fields:
            if type(name) is not str or type(text) is not str:
                raise InvalidReference("a field that is no text", path="$.fields")
        object.__setattr__(self, "width", max(self.width, len(str(self.serial))))
        if self.width > MAX_DIGITS:
            raise InvalidReference(f"a serial number of more than {MAX_DIGITS} digits", path="$.serial")

    @property
    def identity(self) -> tuple[int | None, int, tuple[tuple[str, str], ...]]:
        """What makes two spellings the same number: zeros and brackets do not matter."""
        return self.year, self.serial, self.fields


def _templates(value: Any) -> tuple[Template, ...]:
    return tuple(each if isinstance(each, Template) else Template.parse(each) for each in value)


def _template(value: Any) -> Template:
    return _templates((value,))[0]


@attrs.frozen(kw_only=True)
class ReferencePattern:
    """How a place writes a number. ``parse`` and ``print`` undo each other.

    Attributes:
        name: Its name in code. With the centre and the year it names a counter.
        template: How it is written.
        alternatives: Other ways in which the same number is found on papers, such as with 〔〕 for []. What is read
            by one is printed by it. They hold the same fields in the same order.
        fiscal: The years by which it counts.
        source: The form or rule that it comes from.

    Raises:
        InvalidValue: The template does not say where a field ends, or an alternative cannot be told from it.
    """

    name: str = attrs.field(validator=named)
    template: Template = attrs.field(converter=_template)
    alternatives: tuple[Template, ...] = attrs.field(default=(), converter=_templates)
    fiscal: FiscalYear = attrs.field(default=CALENDAR_YEAR, validator=one_of(FiscalYear))
    source: str = attrs.field(validator=sourced)

    def __attrs_post_init__(self) -> None:
        self.template.check()
        for index, each in enumerate(self.alternatives):
            for other in (self.template, *self.alternatives[:index]):
                if problem := other.mistaken_for(each):
                    raise refuse(problem, f"$.alternatives[{index}]", f"Beside {other}.")

    def __str__(self) -> str:
        return str(self.template)

    @property
    def has_year(self) -> bool:
        """Whether the number holds a year. Then it counts from 1 each year; without one it counts on for ever."""
        return YEAR in self.template.fields

    @property
    def text_fields(self) -> tuple[str, ...]:
        """The names of its fields that are texts."""
        return tuple(each for each in self.template.fields if each not in (YEAR, SERIAL))

    @functools.cached_property
    def _spellings(self) -> tuple[Template, ...]:
        return (self.template, *self.alternatives)

    @functools.cached_property
    def _readers(self) -> tuple[re.Pattern[str], ...]:
        # A text ends at the first sign of what follows it, in whichever spelling: so no text fits two.
        return tuple(each.reader(self._spellings) for each in self._spellings)

    def make(self, *, serial: int, year: int | None = None, **fields: str) -> Reference:
        """A number of this pattern, with the zeros that its template asks for.

        Raises:
            InvalidReference: A field is missing, is none of the pattern's, or holds what the pattern cannot read.
        """
        made = Reference(year=year, serial=serial, fields=fields, width=self.template.width)
        self.print(made)
        return made

    def print(self, reference: Reference) -> str:
        """The number as it is printed.

        Raises:
            InvalidReference: A field is missing, is none of the pattern's, or holds what the pattern cannot read.
        """
        texts = dict(reference.fields)
        if texts.keys() != set(self.text_fields) or (reference.year is not None) != self.has_year:
            wanted = ", ".join(self.template.fields)
            raise InvalidReference(f"not the fields of the pattern {self}", remedy=f"It has: {wanted}.")
        if reference.spelling >= len(self._spellings):
            raise InvalidReference(f"a spelling that the pattern {self} does not have", path="$.spelling")
        text = self._filled(reference, reference.spelling, reference.width)
        if self._read(text) != reference:
            # Checked on the result, so that whatever is printed can be read: no sign of what follows, no odd blanks.
            raise InvalidReference(
                f"a field holds what the pattern {self} could not read back",
                remedy="Texts are printable, have no blank at either end, and do not hold the sign that follows them; "
                "years have four digits.",
            )
        return text

    def parse(self, text: str) -> Reference:
        """Read a number.

        Raises:
            InvalidReference: It is not of the pattern. The message says what was expected, and not what was given.
        """
        found = self._read(text) if type(text) is str else None
        if found is None:
            others = "".join(f" or {each}" for each in self.alternatives)
            raise InvalidReference(f"not a number of the pattern {self.name}", remedy=f"It looks like {self}{others}.")
        return found

    def matches(self, text: str) -> bool:
        """Whether a text is a number of the pattern."""
        return self._read(text) is not None

    def _read(self, text: str) -> Reference | None:
        if not 0 < len(text) <= MAX_LENGTH or not text.isprintable() or text != text.strip():
            return None
        for spelling, reader in enumerate(self._readers):
            if (match := reader.fullmatch(text)) is None:
                continue
            values = match.groupdict()
            serial, year = values.pop(SERIAL), values.pop(YEAR, None)
            if len(serial) > MAX_DIGITS or int(serial) < 1 or any(each != each.strip() for each in values.values()):
                return None
            return Reference(
                year=None if year is None else int(year),
                serial=int(serial),
                fields=values,
                width=len(serial),
                spelling=spelling,
            )
        return None

    def written(self, reference: Reference) -> tuple[str, ...]:
        """The ways in which the same number may stand on papers, its own first.

        Each spelling, with any zeros before the serial, up to two more than the template asks for.

        Raises:
            InvalidReference: As for ``print``.
        """
        own = self.print(reference)
        widths = range(1, self.template.width + 1 + MORE_ZEROS)
        spelt = [
            self._filled(reference, spelling, width) for spelling in range(len(self._spellings)) for width in widths
        ]
        return tuple(dict.fromkeys([own, *spelt]))

    def _filled(self, reference: Reference, spelling: int, width: int) -> str:
        values = {**dict(reference.fields), SERIAL: f"{reference.serial:0{width}}"}
        if reference.year is not None:
            values[YEAR] = f"{reference.year:04}"
        return self._spellings[spelling].fill(values)
