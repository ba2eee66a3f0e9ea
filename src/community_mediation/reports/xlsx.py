"""A report as a workbook: one sheet a table, numbers as numbers, ready to print."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import MissingExtra, TooLarge
from community_mediation.files import write_whole
from community_mediation.reports.cells import Cells, caption, cells_of, clean, marks_of, methods, width
from community_mediation.reports.model import OutcomeReport, Sheet
from community_mediation.reports.words import term

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date of creation that a workbook bears unless told otherwise: the same report gives the same bytes."""

_CHARS: Final = 32_767
_LINE: Final = 15.5
"""The height of a line of text, in points."""
_ACROSS: Final = 770
_PAGE: Final = 0.65
"""What A4 landscape leaves within its margins: the width in points, and height by width."""
_INK, _MUTED, _RULE, _HEAD, _TOTAL = "#1b2733", "#5b6770", "#c9d1d8", "#e8eef3", "#f4f7f9"


def write_xlsx(
    report: OutcomeReport,
    path: str | os.PathLike[str],
    *,
    created: dt.datetime = CREATED,
    overwrite: bool = False,
) -> Path:
    """Write *report* as a workbook. A text is never a formula and never a link.

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for.
        TooLarge: A text is longer than a cell holds.
        StoreFull, StoreUnavailable: The file cannot be written.
        MissingExtra: The packages of the extra ``xlsx`` are not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("Writing XLSX", "xlsx") from None
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": clean(report.title), "subject": clean(report.subtitle), "created": created})
    formats = _Formats(book, "Microsoft YaHei" if report.lang == "zh" else "Calibri")
    for sheet, name in zip(report.sections, sheet_names(sheet.title for sheet in report.sections), strict=True):
        _Page(book.add_worksheet(name), formats, report, sheet).write()
    book.close()
    return write_whole(path, file.getvalue(), overwrite=overwrite)


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Titles as names that a workbook takes: at most 31 characters, no brackets, colons or slashes, no two alike."""
    names: list[str] = []
    for title in titles:
        plain = " ".join(re.sub(r"[\[\]:*?/\\]", " ", clean(title)).split()).strip("' ") or "Sheet"
        if plain.casefold() == "history":
            # Kept by spreadsheet programs for themselves.
            plain += " 1"
        name, number = _cut(plain, 31), 1
        while name.casefold() in {each.casefold() for each in names}:
            number += 1
            name = f"{_cut(plain, 31 - len(f' {number}'))} {number}"
        names.append(name)
    return names


def _cut(text: str, size: int) -> str:
    # The limit counts what a character beyond the basic plane takes twice.
    while len(text.encode("utf-16-le")) // 2 > size:
        text = text[:-1]
    return text.rstrip(" '")


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Workbook, font: str) -> None:
        self._book, self._font = book, font
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": self._font, "font_size": 11, "font_color": _INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**base, **look})
        return self._made[key]


class _Page:
    """One sheet."""

    def __init__(self, page: Worksheet, formats: _Formats, report: OutcomeReport, sheet: Sheet) -> None:
        self._page, self._format, self._report, self._sheet = page, formats, report, sheet
        self._rows = cells_of(sheet.table)
        self._marks = marks_of(self._rows)
        self._row, self._height = 0, 0.0
        words = ("Metric", "Counted over", "Number", "Out of", "Figure", "Lower limit", "Upper limit", "Note")
        self._heads = [*map(clean, sheet.table.by), *(term(each, report.lang) for each in words)]
        self._groups = len(sheet.table.by)
        self._widths = [self._width(column) for column in range(len(self._heads))]

    def write(self) -> None:
        """Title, table and notes, from top to bottom, and how it prints."""
        page = self._page
        for column, size in enumerate(self._widths):
            page.set_column(column, column, size, self._format())
        self._head()
        first = self._row
        self._table_head()
        page.freeze_panes(self._row, self._groups + 1)
        for cells in self._rows:
            self._line(cells)
        last = self._row - 1
        self._notes()
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        # What is a few lines too long for one page shrinks onto it; a longer table goes on, its header repeated.
        sheet_width = sum(5.25 * size + 3.75 for size in self._widths)
        page.fit_to_pages(1, 1 if self._height < 1.4 * _PAGE * max(_ACROSS, sheet_width) else 0)
        page.repeat_rows(first)
        page.print_area(0, 0, self._row - 1, len(self._heads) - 1)
        page.set_footer("&L&8&F&C&8&A&R&8&P / &N")
        page.ignore_errors({"number_stored_as_text": f"A{first + 1}:Z{last + 1}"})

    def _width(self, column: int) -> float:
        least, most = (9.0, 44.0) if column <= self._groups + 1 else (10.0, 16.0)
        if column == len(self._heads) - 1:
            least, most = 6.0, 8.0
        texts = [self._heads[column], *(self._texts(cells)[column] for cells in self._rows)]
        return min(most, max(least, max(width(text) for text in texts) * 1.06 + 2))

    def _texts(self, cells: Cells) -> list[str]:
        numbers = ["" if number is None else f"{number:,}" for number in (cells.count, cells.of)]
        shown = cells.shown if cells.value is not None or cells.reason else ""
        return [*cells.group, cells.label, cells.over, *numbers, shown, "", "", str(self._marks.get(cells.note, ""))]

    def _head(self) -> None:
        self._across(self._report.title, bold=True, font_size=16)
        if self._report.subtitle:
            self._across(self._report.subtitle, font_color=_MUTED)
        self._end(10)
        self._across(self._sheet.title, bold=True, font_size=12)
        self._across(caption(self._sheet.table), font_color=_MUTED)
        self._end(6)

    def _table_head(self) -> None:
        for column, text in enumerate(self._heads):
            side = "left" if column <= self._groups + 1 else "right"
            look = {"bold": True, "bg_color": _HEAD, "top": 1, "bottom": 1, "border_color": _INK, "text_wrap": True}
            self._text(column, text, align=side, **look)
        self._end(max(_lines(text, size) for text, size in zip(self._heads, self._widths, strict=True)) * _LINE + 5)

    def _line(self, cells: Cells) -> None:
        look: dict[str, Any] = {"bottom": 1, "bottom_color": _RULE}
        if cells.total:
            look |= {"bold": True, "bg_color": _TOTAL}
        column = self._groups + 2
        for place, text in enumerate((*cells.group, cells.label, cells.over)):
            self._text(place, text, text_wrap=True, **look)
        self._number(column, cells.count, "#,##0", **(look if cells.unit else look | {"bold": True}))
        self._number(column + 1, cells.of, "#,##0", **look)
        form = "0.0 %" if cells.unit == "%" else "0.00" if (cells.value or 1) < 1 else "#,##0.0"
        unit = term(cells.unit, self._sheet.table.lang)
        timed = form if cells.unit in ("", "%") else f'{form} "{unit}"'
        if cells.reason:
            self._text(column + 2, cells.reason, align="right", italic=True, text_wrap=True, **look)
        else:
            self._number(column + 2, cells.value, timed, **(look | {"bold": True}))
        self._number(column + 3, cells.lower, form, **look)
        self._number(column + 4, cells.upper, form, **look)
        self._text(column + 5, str(self._marks.get(cells.note, "")), align="right", font_color=_MUTED, **look)
        lines = max(_lines(text, size) for text, size in zip(self._texts(cells), self._widths, strict=True))
        self._end(lines * _LINE + 2)

    def _notes(self) -> None:
        self._end(10)
        lang = self._report.lang
        table = [f"{number}  {note}" for note, number in self._marks.items()]
        table += [text for text in (methods(self._sheet.table), *self._sheet.notes) if text]
        for heading, texts in (
            ("Notes", table),
            ("Sources", list(self._report.sources)),
            ("Computed from", [self._report.generated_from] if self._report.generated_from else []),
        ):
            if texts:
                self._across(term(heading, lang), bold=True, font_size=10)
                for text in texts:
                    self._across(text, font_size=9, font_color=_MUTED)
                self._end(4)

    def _across(self, text: str, **look: Any) -> None:
        size = look.get("font_size", 11)
        self._check(text := clean(text))
        look = {**look, "text_wrap": True, "align": "left", "valign": "top"}
        self._page.merge_range(self._row, 0, self._row, len(self._heads) - 1, "", self._format(**look))
        self._page.write_string(self._row, 0, text, self._format(**look))
        lines = _lines(text, sum(self._widths) * 11 / size)
        self._end(lines * _LINE * size / 11 + 0.5)

    def _end(self, height: float) -> None:
        self._page.set_row(self._row, height)
        self._row += 1
        self._height += height

    def _text(self, column: int, text: str, **look: Any) -> None:
        self._check(text)
        self._page.write_string(self._row, column, text, self._format(**look))

    def _number(self, column: int, value: float | str | None, form: str, **look: Any) -> None:
        look["align"] = "right"
        if isinstance(value, str):
            self._text(column, value, **look)
        elif value is None:
            self._page.write_blank(self._row, column, None, self._format(**look))
        else:
            self._page.write_number(self._row, column, value, self._format(num_format=form, **look))

    @staticmethod
    def _check(text: str) -> None:
        if len(text.encode("utf-16-le")) // 2 > _CHARS:
            raise TooLarge("a cell of the workbook", "characters", _CHARS, "Shorten the text.")


def _lines(text: str, size: float) -> int:
    """How many lines a text takes in a column, broken between words where it has any."""
    return sum(1 for _ in _broken(text, max(3.0, size - 1)))


def _room(text: str) -> float:
    # A column is measured in digits: letters are a little narrower, and a wide character a little more than two.
    wide = width(text) - len(text)
    return 0.95 * (len(text) - wide) + 2.1 * wide


def _broken(text: str, size: float) -> Iterator[float]:
    used = 0.0
    for piece in re.findall(r"[^\s\u2e80-\uffef]+\s*|\s+|.", text) or [""]:
        room = _room(piece.rstrip())
        if used and used + room > size:
            yield used
            used = 0.0
        while room > size:
            yield size
            room -= size
        used += room + _room(piece) - _room(piece.rstrip())
    yield used
