"""The table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from community_mediation.metrics._lines import line_of, method_of
from community_mediation.metrics._words import say, word

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable
    from community_mediation.metrics._shown import Observed


def width(text: str) -> int:
    """The columns that *text* takes on a terminal: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def caption(table: ResultTable) -> str:
    """What the table is about: the period, and how settlements on the spot are read."""
    lang = table.lang
    period = word("whole period", lang) if table.period is None else f"{word('period', lang)} {table.period}"
    reading = f"{word('on-the-spot settlements', lang)}: {word(table.on_the_spot.value, lang).replace('_', ' ')}"
    return f"{word('Outcome table', lang)}, {period}; {reading}"


def methods(table: ResultTable) -> str:
    """How the limits were found."""
    found = sorted({method for row in table.rows if (method := method_of(row, table.lang))})
    return f"{word('limits', table.lang)}: {'; '.join(found)}" if found else ""


def said(table: ResultTable) -> list[str]:
    """What stands under the notes: that the period was not watched to its end, and how limits were found."""
    return [*unfinished_line(table), *filter(None, [methods(table)])]


def unfinished_line(found: Observed) -> list[str]:
    """That a period was not watched to its end; nothing where it was, or where nobody said until when."""
    if not found.unfinished:
        return []
    return [say("watched through {}: the period is not finished", found.lang, found.watched_through)]


def headings(table: ResultTable) -> list[str]:
    """The column headings, before the notes."""
    return [*table.by, *(word(name, table.lang) for name in ("metric", "count", "of", "value", "interval"))]


def numbered(notes: list[str]) -> dict[str, int]:
    """Each distinct note with its number."""
    return {note: number for number, note in enumerate(dict.fromkeys(filter(None, notes)), start=1)}


def to_text(table: ResultTable) -> str:
    """Aligned columns, then the notes that the rows point to."""
    lines = [line_of(row, table.lang, len(table.by)) for row in table.rows]
    notes = numbered([line.note for line in lines])
    cells = [[*headings(table), ""]]
    for line in lines:
        mark = f"[{notes[line.note]}]" if line.note else ""
        figures = (line.label, line.numerator, line.denominator, line.value, line.interval, mark)
        cells.append([*line.group, *figures])
    left = (*range(len(table.by) + 1), len(cells[0]) - 1)
    printed = [caption(table), "", *aligned(cells, left)]
    if notes:
        printed += ["", *(f"[{number}] {safe(note)}" for note, number in notes.items())]
    if more := said(table):
        printed += ["", *more]
    return "\n".join(printed)


def aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell; the columns *left* begin at the left."""
    cells = [[safe(cell) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = []
    for row in cells:
        gaps = [" " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)]
        padded = [cell + gap if i in left else gap + cell for i, (cell, gap) in enumerate(zip(row, gaps, strict=True))]
        lines.append("  ".join(padded).rstrip())
    return lines


def safe(text: str) -> str:
    """*text* without what would move the cursor or colour the terminal: a value from a register must not."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
