"""One sheet of cells with its notes, for a terminal and for a notebook."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs

from community_mediation.metrics._html import plain_table
from community_mediation.metrics._text import aligned, numbered, safe


@attrs.frozen(kw_only=True)
class Sheet:
    """What a result prints.

    Attributes:
        caption: What it is about.
        headings: Of the columns.
        rows: The cells of each row.
        notes: The note of each row, or an empty text.
        left: The columns that begin at the left.
        said: What is said of the whole, one line each.
        lang: The language it is in.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    left: Collection[int]
    said: Sequence[str] = ()
    lang: str

    def text(self) -> str:
        """Aligned columns, then the notes that the rows point to, then what is said of the whole."""
        headings, rows, notes = self._marked()
        left = {*self.left, len(self.headings)}
        lines = [safe(self.caption), "", *aligned([headings, *rows], left)]
        for block in (notes, self.said):
            if block:
                lines += ["", *map(safe, block)]
        return "\n".join(lines)

    def html(self) -> str:
        """The same as one table; every text is escaped."""
        headings, rows, notes = self._marked()
        left = {*self.left, len(self.headings)}
        return plain_table(self.caption, headings, rows, left, [*notes, *self.said], lang=self.lang)

    def _marked(self) -> tuple[list[str], list[list[str]], list[str]]:
        numbers = numbered([*self.notes])
        if not numbers:
            return [*self.headings], [[*row] for row in self.rows], []
        rows = [[*row, f"[{numbers[note]}]" if note else ""] for row, note in zip(self.rows, self.notes, strict=True)]
        return [*self.headings, ""], rows, [f"[{number}] {note}" for note, number in numbers.items()]
