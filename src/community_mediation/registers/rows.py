"""A register file as rows of raw cells, whatever it was stored in."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Self

import attrs

from community_mediation.errors import RowRejected, UnreadableFile
from community_mediation.registers.bounds import Meter

Cell = str | bool | dt.date | dt.time | tuple[str, ...]
"""A raw cell. Numbers are texts with the digits that were given; ``""`` is empty.

A workbook gives ``bool``, ``date``, ``datetime`` and ``time`` too, JSON Lines ``bool`` and tuples of texts.
"""

REJECT_HEADINGS: Final = ("_row", "_column", "_problem", "_remedy")
"""Headings of a file of rejects; readers pass over them, so that the mended file can be read again."""

_MAX_HEADING: Final = 200
_DATA_LIKE: Final = re.compile(r"\s*\d[\d\s./:年月日TZ-]{5,}\s*|.*\|.*\|.*", re.DOTALL)


@attrs.frozen
class RowProblem:
    """One thing that is wrong with a row. It never quotes what may name someone.

    Attributes:
        column: The column's own heading, or ``None`` when the row as a whole is wrong.
        problem: What is wrong.
        remedy: What would be right.
    """

    column: str | None
    problem: str
    remedy: str

    def rejection(self, file: str, row: int) -> RowRejected:
        """The error that says this of one row of a file."""
        return RowRejected(file, row, self.column, self.problem, self.remedy)


@attrs.frozen
class RawRow:
    """One row as the file holds it.

    Attributes:
        number: Its row as a spreadsheet shows it: the first row of the file is 1, a quoted cell of
            several lines is one row, a blank row counts. In JSON Lines it is the line.
        cells: Heading to cell, not shown by ``repr``.
        problems: What is wrong with the row as stored: broken quoting, too many cells, an error value.
    """

    number: int
    cells: Mapping[str, Cell] = attrs.field(repr=False)
    problems: tuple[RowProblem, ...] = ()


@attrs.frozen
class Record:
    """A row before its headings are known; problems are keyed by the position of the cell, -1 for the row."""

    number: int
    cells: Sequence[Cell]
    problems: tuple[tuple[int, str, str], ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not self.problems and not any(not isinstance(cell, str) or cell.strip() for cell in self.cells)


class RegisterFile:
    """An open register: its headings, and its rows once, in order, in bounded memory.

    Use it in a ``with`` statement; it also closes itself after the last row.

    Attributes:
        name: The file's name, without its folder.
        headings: The headings in order, without those of a file of rejects.
        size: What ``bytes_read`` comes to at the end (bytes of the file, or unpacked bytes of a workbook's sheet).
    """

    def __init__(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterator[RawRow],
        *,
        size: int,
        position: Callable[[], int],
        close: Callable[[], None],
    ) -> None:
        self.name, self.headings, self.size = name, tuple(headings), size
        self._rows, self._position, self._close = rows, position, close
        self._closed = False

    @property
    def bytes_read(self) -> int:
        """How far the reading is, to be held against ``size``."""
        return self.size if self._closed else min(self._position(), self.size)

    def __iter__(self) -> Iterator[RawRow]:
        return self

    def __next__(self) -> RawRow:
        if self._closed:
            raise StopIteration
        try:
            return next(self._rows)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. Further calls do nothing."""
        if not self._closed:
            self._closed = True
            self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def letter(position: int) -> str:
    """The letters that a spreadsheet shows over the column at *position* (0 is A)."""
    letters, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def heading_text(cell: Cell) -> str:
    """A heading as it is compared: no blanks at the ends, runs of blanks and line ends as one blank."""
    text = cell if isinstance(cell, str) else str(cell)
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").split())


def looks_like_data(headings: Iterable[str]) -> bool:
    """Whether a first row is more likely a case than headings; it must not be quoted then."""
    return any(_DATA_LIKE.fullmatch(heading) for heading in headings)


def quoted(headings: Iterable[str], most: int = 40) -> str:
    """Headings for a message: listed, or passed over where they look like data."""
    every = tuple(headings)
    if looks_like_data(every):
        return "the first row looks like a case, not like headings"
    shown = ", ".join(repr(heading[:60]) for heading in every[:most])
    return shown + (f" and {len(every) - most} more" if len(every) > most else "")


def checked_headings(name: str, record: Record, columns: int) -> tuple[str, ...]:
    """The headings of a header row, refused where two are equal or one is empty."""
    headings = [heading_text(cell) for cell in record.cells]
    while headings and not headings[-1]:
        headings.pop()
    if record.problems:
        raise UnreadableFile(
            f"{name} row {record.number}: the headings cannot be read: {record.problems[0][1]}. Mend them."
        )
    if len(headings) > columns:
        raise UnreadableFile(f"{name}: more than {columns:,} columns. Keep the columns of the register only.")
    if empty := [letter(at) for at, heading in enumerate(headings) if not heading]:
        raise UnreadableFile(
            f"{name} row {record.number}: no heading over column {', '.join(empty[:20])}. "
            "Write one there, or say which row holds the headings (header_row)."
        )
    if long := [letter(at) for at, heading in enumerate(headings) if len(heading) > _MAX_HEADING]:
        raise UnreadableFile(
            f"{name} row {record.number}: column {long[0]} has a heading of over {_MAX_HEADING} characters. "
            "Say which row holds the headings (header_row)."
        )
    where: dict[str, list[str]] = {}
    for at, heading in enumerate(headings):
        where.setdefault(heading, []).append(letter(at))
    if twice := {heading: letters for heading, letters in where.items() if len(letters) > 1}:
        guarded = looks_like_data(headings)
        named = "; ".join(
            " and ".join(letters) + ("" if guarded else f" ({heading[:60]!r})") for heading, letters in twice.items()
        )
        raise UnreadableFile(f"{name} row {record.number}: the same heading stands over columns {named}. Rename one.")
    return tuple(headings)


def find_header(name: str, records: Iterator[Record], header_row: int | None) -> Record:
    """The record with the headings: the one asked for, else the first that is not blank."""
    for record in records:
        if header_row is None and not record.is_blank:
            return record
        if header_row is not None and record.number >= header_row:
            if record.number == header_row and not record.is_blank:
                return record
            break
    if header_row is None:
        raise UnreadableFile(f"{name}: the file is empty. A register needs a row of headings.")
    raise UnreadableFile(
        f"{name}: row {header_row} is empty, and the headings were said to stand there. Mend header_row."
    )


def rows_of(records: Iterator[Record], headings: tuple[str, ...], meter: Meter, *, padded: bool) -> Iterator[RawRow]:
    """Records under their headings. Blank ones are passed over; *padded* ones may be shorter than the headings."""
    width = len(headings)
    skipped = {at for at, heading in enumerate(headings) if heading in REJECT_HEADINGS}
    for record in records:
        meter.row(len(record.cells))
        if record.is_blank:
            continue
        cells, problems = record.cells, []
        for at, problem, remedy in record.problems:
            problems.append(RowProblem(headings[at] if 0 <= at < width else None, problem, remedy))
        count = len(cells)
        if not problems and count != width:
            if count > width and any(not isinstance(cell, str) or cell.strip() for cell in cells[width:]):
                problems.append(
                    RowProblem(None, f"{count} cells where there are {width} headings",
                               "A separator inside a cell needs quotation marks around the cell.")
                )  # fmt: skip
            elif count < width and not padded:
                problems.append(
                    RowProblem(None, f"{count} cells where there are {width} headings",
                               "Write every separator, also those of empty cells.")
                )  # fmt: skip
        named = dict(zip(headings, cells, strict=False))
        if count < width:
            named.update(dict.fromkeys(headings[count:], ""))
        for at in skipped:
            del named[headings[at]]
        yield RawRow(record.number, named, tuple(problems))
