"""Writing registers: whole or not at all, for the owner's eyes, and never a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TextIO

from community_mediation.errors import InvalidInput, InvalidValue, MissingExtra, TooLarge
from community_mediation.files import already_there, atomic_file, check_name, marked, shown
from community_mediation.registers.lists import join_list
from community_mediation.registers.rows import REJECT_HEADINGS, RawRow, RowProblem

Value = str | bool | int | Decimal | dt.date | dt.time | Sequence[str] | None
"""What a cell can be written from; ``None`` is an empty cell."""

_XLSX_ROWS, _XLSX_CHARS = 1_048_576, 32_767


class TableWriter(Protocol):
    """Takes the rows of one table."""

    def write(self, row: Mapping[str, Value]) -> None:
        """Write a row by its headings; missing ones stay empty.

        Raises:
            InvalidValue: A value has no place in the format, or the row has other headings.
        """


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return join_list(value)


def _whole(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidValue("a text holds half of a character (a lone surrogate)", remedy="Mend it where it came from.")
    return text


def _checked(row: Mapping[str, Value], headings: frozenset[str]) -> None:
    if not row.keys() <= headings:
        raise InvalidValue("a row has cells without a heading", remedy="Name all headings when the file is opened.")


class _CsvWriter:
    def __init__(self, file: TextIO, headings: Sequence[str]) -> None:
        self._headings, self._known = tuple(headings), frozenset(headings)
        self._csv = csv.writer(file, lineterminator="\r\n")
        self._csv.writerow([self._cell(heading) for heading in headings])

    @staticmethod
    def _cell(value: Value) -> str:
        text = _whole(_text(value))
        if "\0" in text:
            raise InvalidValue("a text holds a NUL character, which CSV cannot", remedy="Write JSON Lines instead.")
        # A minus before a real number is no formula; before a text it may be one.
        return text if isinstance(value, int | Decimal) else marked(text)

    def write(self, row: Mapping[str, Value]) -> None:
        _checked(row, self._known)
        self._csv.writerow([self._cell(row.get(heading)) for heading in self._headings])


class _JsonWriter:
    def __init__(self, file: TextIO, headings: Sequence[str]) -> None:
        self._file, self._headings, self._known = file, tuple(headings), frozenset(headings)

    @staticmethod
    def _cell(value: Value) -> Any:
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, str | Decimal | dt.date | dt.time):
            return _whole(_text(value))
        return [_whole(each) for each in value]

    def write(self, row: Mapping[str, Value]) -> None:
        _checked(row, self._known)
        cells = {heading: self._cell(row[heading]) for heading in self._headings if row.get(heading) is not None}
        self._file.write(json.dumps(cells, ensure_ascii=False) + "\n")


class _XlsxWriter:
    def __init__(self, headings: Sequence[str]) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtra("Writing XLSX", "xlsx") from None
        self._headings, self._known, self._row = tuple(headings), frozenset(headings), 0
        # In memory: its other modes leave the cells in temporary files if the program is killed.
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, options)
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._write(tuple(headings))

    def write(self, row: Mapping[str, Value]) -> None:
        _checked(row, self._known)
        self._write(tuple(row.get(heading) for heading in self._headings))

    def _write(self, values: Sequence[Value]) -> None:
        if self._row >= _XLSX_ROWS:
            raise TooLarge("the workbook", "rows", _XLSX_ROWS, "Write CSV or JSON Lines instead.")
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            if type(value) is dt.date and value.year > 1900:
                self._sheet.write_datetime(self._row, column, value, self._day)
            elif isinstance(value, bool):
                self._sheet.write_boolean(self._row, column, value)
            elif isinstance(value, int) and abs(value) < 10**15:
                self._sheet.write_number(self._row, column, value)
            else:
                text = _whole(_text(value))
                if len(text.encode("utf-16-le")) // 2 > _XLSX_CHARS:
                    raise InvalidValue(
                        f"a text of over {_XLSX_CHARS:,} characters, more than a cell of a workbook holds",
                        remedy="Write CSV or JSON Lines instead.",
                    )
                self._sheet.write_string(self._row, column, text)
        self._row += 1

    def finish(self) -> memoryview:
        self._book.close()
        return self._file.getbuffer()


@contextmanager
def open_writer(
    path: str | os.PathLike[str],
    headings: Sequence[str],
    *,
    bom: bool = True,
    overwrite: bool = False,
    private: bool = True,
) -> Iterator[TableWriter]:
    """A writer of CSV (.csv), JSON Lines (.jsonl) or a workbook (.xlsx), by the path's ending.

    The file appears when the block ends well. Cells that a spreadsheet would run as formulas are marked
    in CSV (see ``files.safe_text``), and ``read_register`` takes the mark off again.

    Args:
        path: Where it shall lie.
        headings: In order; no two equal.
        bom: Begin CSV with the mark that makes spreadsheet programs read it as UTF-8.
        overwrite: Replace a file that is there.
        private: Readable by its owner only.

    Raises:
        InvalidInput: A file is there, the ending is none of the three, or headings are equal or empty.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us.
        MissingExtra: A workbook needs the extra ``xlsx``.
    """
    if not headings or not all(headings) or len(set(headings)) != len(headings):
        raise InvalidInput("The headings of a table must be given, not empty, and no two equal.")
    suffix = Path(os.fsdecode(path)).suffix.lower()
    if suffix not in (".csv", ".jsonl", ".xlsx"):
        raise InvalidInput(
            f"{shown(path)}: registers are written as .csv, .jsonl or .xlsx. Choose one of these endings."
        )
    with atomic_file(path, overwrite=overwrite, private=private) as file:
        if suffix == ".xlsx":
            book = _XlsxWriter(headings)
            yield book
            file.write(book.finish())
            return
        encoding = "utf-8-sig" if bom and suffix == ".csv" else "utf-8"
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield _CsvWriter(text, headings) if suffix == ".csv" else _JsonWriter(text, headings)
            text.flush()
        finally:
            # The wrapper would close the file, which the block around still syncs.
            _detach(text)


def _detach(text: io.TextIOWrapper) -> None:
    # Detaching flushes once more: on a full disk that fails again, and the first failure is already on its way.
    with suppress(OSError):
        text.detach()


def write_table(
    path: str | os.PathLike[str], headings: Sequence[str], rows: Iterable[Mapping[str, Value]], **options: bool
) -> int:
    """Write all rows as ``open_writer`` does, and say how many there were."""
    count = 0
    with open_writer(path, headings, **options) as writer:
        for row in rows:
            writer.write(row)
            count += 1
    return count


class RejectsWriter:
    """Rows that were not taken, as they came, with what is wrong beside them: mend them and import the file again."""

    def __init__(self, writer: TableWriter) -> None:
        self._writer = writer

    def write(self, row: RawRow, problems: Sequence[RowProblem]) -> None:
        """Write the row once, with all its problems, one per line of their cells."""
        number, column, problem, remedy = REJECT_HEADINGS
        cells: dict[str, Value] = dict(row.cells)
        cells[number] = row.number
        cells[column] = "\n".join(each.column or "the whole row" for each in problems)
        cells[problem] = "\n".join(each.problem for each in problems)
        cells[remedy] = "\n".join(each.remedy for each in problems)
        self._writer.write(cells)


@contextmanager
def open_rejects(
    path: str | os.PathLike[str], headings: Sequence[str], *, overwrite: bool = False
) -> Iterator[RejectsWriter]:
    """A writer of rejected rows, with the headings of the file that they come from."""
    kept = tuple(heading for heading in headings if heading not in REJECT_HEADINGS)
    with open_writer(path, (*kept, *REJECT_HEADINGS), overwrite=overwrite) as writer:
        yield RejectsWriter(writer)


class LazyRejects:
    """A file of rejects that is made with the first row: a register without fault leaves none behind.

    Args:
        stack: Closes the file, whole, when the import ends.
        path: Where it shall lie.
        headings: Of the register.
        overwrite: Replace a file that is there.

    Raises:
        InvalidInput: A file is there: said before anything is read.
        StoreUnavailable: No file can have that name.
    """

    def __init__(
        self, stack: ExitStack, path: str | os.PathLike[str], headings: Sequence[str], *, overwrite: bool
    ) -> None:
        check_name(path)
        if not overwrite and os.path.lexists(path):
            raise already_there(path)
        self._stack, self._path, self._headings, self._overwrite = stack, path, headings, overwrite
        self._writer: RejectsWriter | None = None

    def write(self, row: RawRow, problems: Sequence[RowProblem]) -> None:
        """As ``RejectsWriter.write``."""
        if self._writer is None:
            opened = open_rejects(self._path, self._headings, overwrite=self._overwrite)
            self._writer = self._stack.enter_context(opened)
        self._writer.write(row, problems)
