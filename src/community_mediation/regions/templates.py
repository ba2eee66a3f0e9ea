"""Templates of numbers: text with fields in braces, and the check that each text is read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Self

import attrs

from community_mediation.regions.sources import refuse

YEAR, SERIAL = "year", "serial"
_PART: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]")
_FIELD: Final = re.compile(r"([a-z][a-z0-9_]{0,39})(?::0([1-9]|1[0-8]))?", re.ASCII)
_MAX_TEMPLATE: Final = 120


@attrs.frozen
class Template:
    """The fields of a number in their order, and the text before, between and after them.

    Attributes:
        texts: One more than fields: ``texts[0] fields[0] texts[1] …``.
        fields: Their names.
        width: With how many digits the serial is written at least.
    """

    texts: tuple[str, ...]
    fields: tuple[str, ...]
    width: int = 1

    @classmethod
    def parse(cls, text: Any) -> Self:
        """Read a template.

        Raises:
            InvalidValue: It is none.
        """
        if type(text) is not str or not 0 < len(text) <= _MAX_TEMPLATE or not text.isprintable():
            raise refuse(f"a template needs 1 to {_MAX_TEMPLATE} printable characters", "$.template")
        texts, fields, width = [""], [], 1
        for match in _PART.finditer(text):
            part = match[0]
            if match[1] is not None:
                field = _FIELD.fullmatch(match[1])
                if field is None or (field[2] and field[1] != SERIAL):
                    problem = "a field that is no name" if field is None else f"only {{{SERIAL}}} has a width"
                    raise refuse(problem, "$.template", "Write {place}, {year}, {serial:03}.")
                fields.append(field[1])
                texts.append("")
                width = int(field[2]) if field[2] else width
            elif part in ("{", "}"):
                raise refuse("a brace that belongs to no field", "$.template", "Write {{ or }} for a brace.")
            else:
                texts[-1] += part[0] if part in ("{{", "}}") else part
        return cls(tuple(texts), tuple(fields), width)

    def __str__(self) -> str:
        shown = {SERIAL: f"{{serial:0{self.width}}}" if self.width > 1 else "{serial}"}
        texts = [each.replace("{", "{{").replace("}", "}}") for each in self.texts]
        fields = [*(shown.get(each, f"{{{each}}}") for each in self.fields), ""]
        return "".join(text + field for text, field in zip(texts, fields, strict=True))

    def check(self) -> None:
        """Refuse a template that a text could be read by in more than one way.

        Raises:
            InvalidValue: It has no serial, a field twice, a blank at an end, or does not say where a field ends.
        """
        if self.fields.count(SERIAL) != 1 or len(set(self.fields)) != len(self.fields):
            raise refuse("not one {serial}, or another field twice", "$.template", "Each field stands there once.")
        if self.texts[0] != self.texts[0].lstrip() or self.texts[-1] != self.texts[-1].rstrip():
            raise refuse("a blank at an end", "$.template", "Numbers have none.")
        for index, field in enumerate(self.fields):
            after, is_last = self.texts[index + 1], index + 1 == len(self.fields)
            if field == YEAR or (is_last and not after):
                # Four digits end by themselves, and the end of the text is an end.
                if field == YEAR and not after and not is_last and self.fields[index + 1] != SERIAL:
                    raise self._unclear(field)
            elif not after or (field == SERIAL and after[0].isdecimal()):
                raise self._unclear(field)

    @staticmethod
    def _unclear(field: str) -> Exception:
        return refuse(
            f"nothing says where {{{field}}} ends", "$.template", "Put a text after it that cannot be part of it."
        )

    def mistaken_for(self, other: Template) -> str:
        """Why a text of one could be read as one of the other; empty if it cannot."""
        if self.fields != other.fields:
            return "an alternative with other fields, or in another order"
        other.check()
        differ = False
        for mine, theirs in zip(self.texts, other.texts, strict=True):
            if mine != theirs and (mine.startswith(theirs) or theirs.startswith(mine)):
                return "an alternative in which a text is the beginning of the other's"
            differ = differ or mine != theirs
        return "" if differ else "an alternative that is the same"

    def reader(self, spellings: Sequence[Template]) -> re.Pattern[str]:
        """What reads the texts of this template; a field of text holds no sign that ends it in any of *spellings*."""
        return re.compile("".join(self._expressions(spellings)), re.ASCII)

    def _expressions(self, spellings: Sequence[Template]) -> Iterator[str]:
        yield re.escape(self.texts[0])
        for index, field in enumerate(self.fields):
            ends = "".join(sorted({each.texts[index + 1][:1] for each in spellings}))
            if field == SERIAL:
                yield rf"(?P<{SERIAL}>[0-9]+)"
            elif field == YEAR:
                yield rf"(?P<{YEAR}>[0-9]{{4}})"
            else:
                yield rf"(?P<{field}>[^{re.escape(ends)}]+)" if ends else rf"(?P<{field}>.+)"
            yield re.escape(self.texts[index + 1])

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with these values in its fields."""
        fields = [*(values[each] for each in self.fields), ""]
        return "".join(text + field for text, field in zip(self.texts, fields, strict=True))
