"""Reading CSV: separators found or given, records of bounded size, broken rows told apart from broken files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

from community_mediation.errors import UnreadableFile
from community_mediation.files import bare
from community_mediation.registers.bounds import Bounds, Meter
from community_mediation.registers.rows import (
    REJECT_HEADINGS,
    Record,
    RegisterFile,
    checked_headings,
    find_header,
    rows_of,
)
from community_mediation.registers.text import Lines, recognise

DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 100
_SEP_LINE: Final = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)
_UNCLOSED: Final = "Look for a quotation mark that is never closed"
_QUOTE: Final = "Write a quotation mark inside a quoted cell twice, and close every quoted cell."


def open_csv(
    name: str,
    file: BinaryIO,
    size: int,
    bounds: Bounds,
    encoding: str | None,
    delimiter: str | None,
    header_row: int | None,
) -> RegisterFile:
    """A register from an open CSV file."""
    if delimiter is not None and delimiter not in DELIMITERS:
        raise UnreadableFile(f"{name}: cells can be separated by comma, semicolon, tab or '|'. Mend delimiter.")
    encoding = recognise(name, file, encoding)
    declared = _declared(name, file, encoding, bounds)
    delimiter = delimiter or declared or _found(name, file, encoding, bounds, header_row)
    lines = Lines(name, file, encoding, bounds)
    records = _records(lines, delimiter, bounds, skip=declared is not None)
    header = find_header(name, records, header_row)
    headings = checked_headings(name, header, bounds.columns)
    rows = rows_of(records, headings, Meter(name, bounds), padded=False)
    shown = [heading for heading in headings if heading not in REJECT_HEADINGS]

    def close() -> None:
        lines.release()
        file.close()

    return RegisterFile(name, shown, rows, size=size, position=file.tell, close=close)


def _declared(name: str, file: BinaryIO, encoding: str, bounds: Bounds) -> str | None:
    """The separator of a first line ``sep=;``, which spreadsheets write and hide."""
    lines = Lines(name, file, encoding, bounds)
    try:
        match = _SEP_LINE.fullmatch(next(lines, ""))
        return match[1] if match else None
    finally:
        lines.release()
        file.seek(0)


def _records(lines: Lines, delimiter: str, bounds: Bounds, *, skip: bool = False) -> Iterator[Record]:
    if skip:
        next(lines, None)
    # Strict: a text after a closing quotation mark is an error, not a guess.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        lines.begin_record()
        before = lines.number
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise bounds.exceeded(f"{lines.name} row {number}", "cell_chars", _UNCLOSED) from None
            problem = "the quotation marks are broken"
            if (swallowed := lines.number - before) > 1:
                problem += f", so that {swallowed} lines of the file (from line {before + 1}) were read as one row"
            yield Record(number, (), ((-1, problem, _QUOTE),))
            continue
        if lines.in_record > bounds.cell_chars and max(map(len, cells)) > bounds.cell_chars:
            raise bounds.exceeded(f"{lines.name} row {number}", "cell_chars", _UNCLOSED)
        if lines.has_nul:
            nul = ((-1, "holds a NUL character, which no text has", "Export the row again."),)
            yield Record(number, (), nul)
            continue
        yield Record(number, [bare(cell) for cell in cells] if lines.has_apostrophe else cells)


def _found(name: str, file: BinaryIO, encoding: str, bounds: Bounds, header_row: int | None) -> str:
    """The separator under which the first rows have as many cells as there are headings."""
    scores: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS:
        lines = Lines(name, file, encoding, bounds)
        try:
            sample = list(islice(_records(lines, delimiter, bounds), _SAMPLE + (header_row or 0)))
        except UnreadableFile:
            # Whatever is wrong shows again, with its row, when the file is read under the separator chosen.
            sample = []
        finally:
            lines.release()
            file.seek(0)
        filled = [record for record in sample if not record.is_blank and record.number >= (header_row or 0)]
        if filled and (width := len(filled[0].cells)) > 1:
            fitting = sum(len(record.cells) == width for record in filled)
            scores.append((fitting / len(filled), width, delimiter))
    if not scores:
        return ","
    scores.sort(reverse=True)
    if len(scores) > 1 and scores[0][:2] == scores[1][:2]:
        raise UnreadableFile(f"{name}: two separators fit equally well. Name the right one (delimiter).")
    return scores[0][2]
