"""A report as a workbook: one sheet a table, numbers as numbers, ready to print."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from community_mediation.files import write_whole
from community_mediation.reports.cells import Cells, caption, cells_of, clean, marks_of, said, width
from community_mediation.reports.model import OutcomeReport, Sheet
from community_mediation.reports.words import term
from community_mediation.reports.xlsx_pen import (
    CREATED,
    HEAD,
    INK,
    LINE,
    MUTED,
    RULE,
    TOTAL,
    Formats,
    Pen,
    lines_of,
    made,
    sheet_names,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


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

    def write(book: Workbook, formats: Formats) -> None:
        for sheet, name in zip(report.sections, sheet_names(sheet.title for sheet in report.sections), strict=True):
            _Page(book.add_worksheet(name), formats, report, sheet).write()

    content = made(write, title=report.title, subject=report.subtitle, lang=report.lang, created=created)
    return write_whole(path, content, overwrite=overwrite)


class _Page(Pen):
    """One sheet."""

    def __init__(self, page: Worksheet, formats: Formats, report: OutcomeReport, sheet: Sheet) -> None:
        self._report, self._sheet = report, sheet
        self._rows = cells_of(sheet.table)
        self._marks = marks_of(self._rows)
        words = ("Metric", "Counted over", "Number", "Out of", "Figure", "Lower limit", "Upper limit", "Note")
        self._heads = [*map(clean, sheet.table.by), *(term(each, report.lang) for each in words)]
        self._groups = len(sheet.table.by)
        super().__init__(page, formats, [self._width(column) for column in range(len(self._heads))])

    def write(self) -> None:
        """Title, table and notes, from top to bottom, and how it prints."""
        self._head()
        first = self.row
        self._table_head()
        self.page.freeze_panes(self.row, self._groups + 1)
        for cells in self._rows:
            self._line(cells)
        last = self.row - 1
        self._notes()
        self.prints(first, first)
        self.page.ignore_errors({"number_stored_as_text": f"A{first + 1}:Z{last + 1}"})

    def _width(self, column: int) -> float:
        least, most = (9.0, 44.0) if column <= self._groups + 1 else (10.0, 16.0)
        if column == len(self._heads) - 1:
            least, most = 6.0, 8.0
        texts = [self._heads[column], *(self._texts(cells)[column] for cells in self._rows)]
        return min(most, max(least, max(width(text) for text in texts) * 1.06 + 2))

    def _texts(self, cells: Cells) -> list[str]:
        numbers = ["" if number is None else f"{number:,}" for number in (cells.count, cells.of)]
        shown = cells.shown
        return [*cells.group, cells.label, cells.over, *numbers, shown, "", "", str(self._marks.get(cells.note, ""))]

    def _head(self) -> None:
        self.across(self._report.title, bold=True, font_size=16)
        if self._report.subtitle:
            self.across(self._report.subtitle, font_color=MUTED)
        self.end(10)
        self.across(self._sheet.title, bold=True, font_size=12)
        self.across(caption(self._sheet.table), font_color=MUTED)
        self.end(6)

    def _table_head(self) -> None:
        for column, text in enumerate(self._heads):
            side = "left" if column <= self._groups + 1 else "right"
            look = {"bold": True, "bg_color": HEAD, "top": 1, "bottom": 1, "border_color": INK, "text_wrap": True}
            self.text(column, text, align=side, **look)
        self.end(max(lines_of(text, size) for text, size in zip(self._heads, self.widths, strict=True)) * LINE + 5)

    def _line(self, cells: Cells) -> None:
        look: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
        if cells.total:
            look |= {"bold": True, "bg_color": TOTAL}
        column = self._groups + 2
        for place, text in enumerate((*cells.group, cells.label, cells.over)):
            self.text(place, text, text_wrap=True, **look)
        self.number(column, cells.count, "#,##0", **(look if cells.unit else look | {"bold": True}))
        self.number(column + 1, cells.of, "#,##0", **look)
        form = "0.0 %" if cells.unit == "%" else "0.00" if (cells.value or 1) < 1 else "#,##0.0"
        if cells.value is not None and cells.value >= 1_000 and float(cells.value).is_integer():
            form = "#,##0"
        unit = term(cells.unit, self._sheet.table.lang)
        timed = form if cells.unit in ("", "%") else f'{form} "{unit}"'
        if cells.reason or (cells.value is None and cells.shown):
            # A reason; or several amounts, which are no number.
            italic = bool(cells.reason)
            self.text(column + 2, cells.reason or cells.shown, align="right", italic=italic, text_wrap=True, **look)
        else:
            self.number(column + 2, cells.value, timed, **(look | {"bold": True}))
        self.number(column + 3, cells.lower, form, **look)
        self.number(column + 4, cells.upper, form, **look)
        self.text(column + 5, str(self._marks.get(cells.note, "")), align="right", font_color=MUTED, **look)
        lines = max(lines_of(text, size) for text, size in zip(self._texts(cells), self.widths, strict=True))
        self.end(lines * LINE + 2)

    def _notes(self) -> None:
        self.end(10)
        lang = self._report.lang
        table = [f"{number}  {note}" for note, number in self._marks.items()]
        table += [text for text in (*said(self._sheet.table), *self._sheet.notes) if text]
        for heading, texts in (
            ("Notes", table),
            ("Sources", list(self._report.sources)),
            ("Computed from", [self._report.generated_from] if self._report.generated_from else []),
        ):
            if texts:
                self.across(term(heading, lang), bold=True, font_size=10)
                for text in texts:
                    self.across(text, font_size=9, font_color=MUTED)
                self.end(4)
