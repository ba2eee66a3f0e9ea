"""Reading one sheet of a workbook, row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from community_mediation.registers.bounds import Bounds
from community_mediation.registers.rows import (
    REJECT_HEADINGS,
    Cell,
    Record,
    RegisterFile,
    checked_headings,
    find_header,
    rows_of,
)
from community_mediation.registers.xlsx_package import Package
from community_mediation.registers.xlsx_workbook import (
    choose_sheet,
    date_styles,
    number,
    read_workbook,
    shared_strings,
    unescaped,
)

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_EXACT_DIGITS: Final = 15
_DAY: Final = dt.timedelta(days=1)
_COORDINATE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Problem = tuple[str, str]
_ERROR_CELL: Final = ("an error value of the spreadsheet", "Mend the formula, or write the value.")
_NO_VALUE: Final = ("a formula without a stored value", "Open the file in a spreadsheet program and save it again.")
_TOO_PRECISE: Final = (
    "a number of more than 15 digits, of which the spreadsheet has lost the last ones",
    "Write such numbers as text in the source.",
)
_BROKEN: Final = ("a value that is not of its own kind", "Write it again.")


def open_xlsx(
    name: str, file: BinaryIO, size: int, bounds: Bounds, sheet: str | int | None, header_row: int | None
) -> RegisterFile:
    """A register from one sheet of an open workbook."""
    package = Package(name, file, size, bounds)
    workbook = read_workbook(package)
    part = choose_sheet(package, workbook.sheets, sheet).part
    reader = SheetReader(
        package, part, shared_strings(package, workbook.strings), date_styles(package, workbook.styles),
        from_1904=workbook.from_1904,
    )  # fmt: skip
    records = reader.records()
    headings = checked_headings(name, find_header(name, records, header_row), bounds.columns)
    rows = rows_of(records, headings, package.meter, padded=True)
    shown = tuple(heading for heading in headings if heading not in REJECT_HEADINGS)
    return RegisterFile(
        name, shown, rows, size=max(1, package.size_of(part)), position=lambda: reader.fed, close=file.close
    )


class SheetReader:
    """Turns the cells of one sheet into records, counted as they come."""

    def __init__(
        self, package: Package, part: str, strings: list[str], dates: frozenset[int], *, from_1904: bool
    ) -> None:
        self.package, self.part, self.strings, self.dates = package, part, strings, dates
        self.epoch = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
        self.from_1904 = from_1904
        self.fed = 0
        self._ready: list[Record] = []
        self._row = self._column = 0
        self._cells: dict[int, Cell] = {}
        self._problems: list[tuple[int, str, str]] = []
        self._in_row = self._in_cell = self._reading = self._phonetic = self._formula = False
        self._kind, self._style = "n", -1
        self._pieces: list[str] = []
        self._length = self._chars = self._empty = 0

    def records(self) -> Iterator[Record]:
        """The rows that hold something, in order."""
        for fed in self.package.parse(self.part, self._start, self._end, self._text):
            self.fed = fed
            yield from self._ready
            self._ready.clear()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._in_cell:
            if tag == "rPh":
                self._phonetic = True
            elif tag == "f":
                self._formula = True
            self._reading = tag == "v" or (tag == "t" and not self._phonetic)
        elif tag == "c" and self._in_row:
            self._place(attributes.get("r"))
            self._in_cell, self._formula = True, False
            self._kind, self._style = attributes.get("t", "n"), number(attributes.get("s", "0"))
            self._pieces.clear()
            self._length = 0
        elif tag == "row" and not self._in_row:
            row = number(attributes["r"]) if "r" in attributes else self._row + 1
            if not self._row < row <= _LAST_ROW:
                raise self.package.broken("its rows are out of order")
            self._row, self._column, self._in_row = row, -1, True
            self._cells, self._problems, self._chars = {}, [], 0

    def _place(self, coordinate: str | None) -> None:
        column = self._column + 1
        if coordinate is not None:
            if (match := _COORDINATE.fullmatch(coordinate)) is None or int(match[2]) != self._row:
                raise self.package.broken("a cell has a place that does not exist")
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            column -= 1
        if not self._column < column < _LAST_COLUMN:
            raise self.package.broken("its cells are out of order")
        self._column = column
        self._empty += 1
        if self._empty > self.package.bounds.cells:
            raise self.package.bounds.exceeded(self.package.name, "cells")

    def _text(self, data: str) -> None:
        if self._reading:
            self._length += len(data)
            if self._length > self.package.bounds.cell_chars:
                raise self.package.bounds.exceeded(f"{self.package.name} row {self._row}", "cell_chars")
            self._pieces.append(data)

    def _end(self, tag: str) -> None:
        if self._in_cell:
            self._reading = False
            if tag == "rPh":
                self._phonetic = False
            elif tag == "c":
                self._in_cell = False
                self._finish_cell("".join(self._pieces))
        elif tag == "row" and self._in_row:
            self._in_row = False
            if self._cells or self._problems:
                width = max((*self._cells, *(at for at, _, _ in self._problems))) + 1
                if width > self.package.bounds.columns:
                    raise self.package.bounds.exceeded(self.package.name, "columns", "Keep the register's columns only")
                cells = [self._cells.get(at, "") for at in range(width)]
                self._ready.append(Record(self._row, cells, tuple(self._problems)))

    def _finish_cell(self, text: str) -> None:
        value: Cell | Problem | None
        if text == "" and self._kind != "inlineStr":
            value = _NO_VALUE if self._formula and self._kind != "str" else ""
        else:
            value = self._value(text)
        if isinstance(value, tuple):
            self._problems.append((self._column, *value))
        elif value != "":
            self._cells[self._column] = value
            if isinstance(value, str):
                self._chars += len(value)
                if self._chars > self.package.bounds.record_chars:
                    raise self.package.bounds.exceeded(f"{self.package.name} row {self._row}", "record_chars")

    def _value(self, text: str) -> str | bool | dt.date | dt.time | Problem:
        kind = self._kind
        if kind == "s":
            at = number(text)
            return self.strings[at] if 0 <= at < len(self.strings) else _BROKEN
        if kind in ("str", "inlineStr"):
            return unescaped(text)
        if kind == "b":
            return text == "1" if text in ("0", "1") else _BROKEN
        if kind == "e":
            return _ERROR_CELL
        if kind == "d":
            try:
                return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
            except ValueError:
                return _BROKEN
        return self._number(text)

    def _number(self, text: str) -> str | dt.date | dt.time | Problem:
        if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _EXACT_DIGITS:
            # Most numbers of a register are plain: they need no arithmetic.
            return self._moment(Decimal(text)) if self._style in self.dates else text
        try:
            value = Decimal(text)
            # Two digits more are the noise of binary fractions; a spreadsheet shows fifteen.
            shown = Decimal(f"{value:.{_EXACT_DIGITS}g}") if value.is_finite() and abs(value.adjusted()) < 300 else None
        except (InvalidOperation, ValueError):
            return _BROKEN
        if shown is None:
            return _BROKEN
        if self._style in self.dates:
            return self._moment(shown)
        if shown.adjusted() >= _EXACT_DIGITS:
            return _TOO_PRECISE
        if shown.adjusted() < -30:
            return _BROKEN
        plain = f"{shown:f}"
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"

    def _moment(self, serial: Decimal) -> dt.date | dt.time | Problem:
        """A serial number as the day it means, or with a fraction as day and time, to the millisecond."""
        if not 0 <= serial < 2_958_466:
            return ("a number shown as a date that no calendar has", "Write the date as text, as YYYY-MM-DD.")
        day = int(serial)
        part = dt.timedelta(milliseconds=round((serial - day) * 86_400_000))
        if not self.from_1904 and day < 60:
            # The 1900 system counts a 29 February that never was: days before it are one later.
            day += 1
        if int(serial) == 0 and part < _DAY and not self.from_1904:
            return (dt.datetime.combine(self.epoch, dt.time()) + part).time()
        moment = dt.datetime.combine(self.epoch + dt.timedelta(days=day), dt.time()) + part
        return moment.date() if part == dt.timedelta() else moment
