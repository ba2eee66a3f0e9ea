"""The table for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from community_mediation.metrics._lines import line_of, method_of
from community_mediation.metrics._words import word

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable


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
    found = sorted({method for row in table.rows if (method := method_of(row))})
    return f"{word('limits', table.lang)}: {'; '.join(found)}" if found else ""


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
        cells.append([_safe(cell) for cell in (*line.group, *figures)])
    widths = [max(width(row[column]) for row in cells) for column in range(len(cells[0]))]
    left = len(table.by) + 1
    printed = [caption(table), ""]
    for row in cells:
        padded = [
            cell + " " * (widths[i] - width(cell)) if i < left or i == len(row) - 1 else _right(cell, widths[i])
            for i, cell in enumerate(row)
        ]
        printed.append("  ".join(padded).rstrip())
    if notes:
        printed += ["", *(f"[{number}] {_safe(note)}" for note, number in notes.items())]
    if how := methods(table):
        printed += ["", how]
    return "\n".join(printed)


def _right(cell: str, size: int) -> str:
    return " " * (size - width(cell)) + cell


def _safe(text: str) -> str:
    # A value from a register must not move the cursor or colour the terminal.
    return "".join(letter if letter.isprintable() else "�" for letter in text)
