"""A filled-in report as a workbook: one sheet a table, numbers as numbers, ready to print across the sheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from community_mediation.metrics.printing import width
from community_mediation.ports import Figure, Report, ReportTable, Severity
from community_mediation.reports.cells import clean
from community_mediation.reports.printed import (
    UNKNOWN,
    common_unit,
    figure_text,
    findings_of,
    group_spans,
    heading,
    is_number,
    subtitle,
    totals,
)
from community_mediation.reports.words import term
from community_mediation.reports.xlsx_pen import (
    HEAD,
    INK,
    LINE,
    MUTED,
    RULE,
    TOTAL,
    WRONG,
    Formats,
    Pen,
    lines_of,
    made,
    sheet_names,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_EXACT = 15
"""So many digits a workbook keeps of a number; longer ones are written as texts."""


def report_workbook(report: Report, lang: str, created: dt.datetime) -> bytes:
    """The workbook.

    Raises:
        TooLarge: A text is longer than a cell holds.
        MissingExtra: The packages of the extra ``xlsx`` are not installed.
    """

    def write(book: Workbook, formats: Formats) -> None:
        names = sheet_names(table.title.text(lang) for table in report.tables)
        for table, name in zip(report.tables, names, strict=True):
            _Form(book.add_worksheet(name), formats, report, table, lang).write()

    title = report.title.text(lang)
    return made(write, title=title, subject=subtitle(report, lang), lang=lang, created=created)


class _Form(Pen):
    """One table on its sheet."""

    def __init__(self, page: Worksheet, formats: Formats, report: Report, table: ReportTable, lang: str) -> None:
        self._report, self._table, self._lang = report, table, lang
        self._unit = common_unit(table, lang)
        self._heads = [heading(column, lang, self._unit) for column in table.columns]
        self._numeric = [is_number(table, column.name) for column in table.columns]
        super().__init__(page, formats, [self._width(place) for place in range(len(table.columns))])

    def write(self) -> None:
        """Title, findings, table and notes, from top to bottom, and how it prints."""
        self._head()
        first = self.row
        self._table_head()
        last = self.row - 1
        self.page.freeze_panes(self.row, self._numeric.index(True) if True in self._numeric else 0)
        wrong, bold = set(self._table.unfit()), totals(self._table)
        for place, row in enumerate(self._table.rows):
            self._line([(row[each.name], (place, each.name) in wrong) for each in self._table.columns], place in bold)
        bottom = self.row
        self._notes()
        self.prints(first, last)
        self.page.ignore_errors({"number_stored_as_text": f"A{first + 1}:XFD{bottom}"})

    def _width(self, place: int) -> float:
        name = self._table.columns[place].name
        cells = max((width(figure_text(row[name])) for row in self._table.rows), default=0)
        words = max((width(word) for word in self._heads[place].split()), default=0)
        wide = any(width(letter) > 1 for letter in self._heads[place])
        # A heading is broken between words, and Chinese anywhere: four characters are as narrow as it gets.
        head = min(words, 7) if wide else words
        if self._numeric[place]:
            return min(18.0, max(8.0, cells * 1.06 + 2, head * 1.1 + 1.5))
        return min(44.0, max(12.0, cells * 1.06 + 2, head * 1.1 + 2))

    def _head(self) -> None:
        self.across(self._report.title.text(self._lang), bold=True, font_size=16)
        self.across(subtitle(self._report, self._lang), font_color=MUTED)
        self.end(8)
        if told := findings_of(self._report, self._lang):
            self.across(term("Findings", self._lang), bold=True, font_size=10)
            for each in told:
                bad = each.severity is Severity.ERROR
                look = {"bold": True, "font_color": "#8f1d0e", "bg_color": WRONG} if bad else {"font_color": MUTED}
                self.across(each.text, font_size=10, **look)
            self.end(8)
        unit = f" · {term('Unit', self._lang)}: {self._unit}" if self._unit else ""
        self.across(self._table.title.text(self._lang) + unit, bold=True, font_size=12)
        self.end(4)

    def _table_head(self) -> None:
        look: dict[str, Any] = {"bold": True, "bg_color": HEAD, "text_wrap": True, "border": 1, "border_color": RULE}
        spans, place = group_spans(self._table, self._lang), 0
        alone: set[int] = set()
        for text, size in spans:
            cell = self.format(**look, align="center")
            if not text:
                # A heading without a group stands over both rows.
                alone.update(range(place, place + size))
            elif size > 1:
                self.page.merge_range(self.row, place, self.row, place + size - 1, "", cell)
            if text:
                self.page.write_string(self.row, place, text, cell)
            place += size
        if spans:
            most = max(
                lines_of(text, sum(self.widths[at : at + size]))
                for at, (text, size) in zip(_starts(spans), spans, strict=True)
            )
            self.end(most * LINE + 4)
        for column, text in enumerate(self._heads):
            side = "center" if self._numeric[column] else "left"
            cell = self.format(**(look | {"bottom": 2, "bottom_color": INK}), align=side)
            if column in alone:
                self.page.merge_range(self.row - 1, column, self.row, column, "", cell)
                self.page.write_string(self.row - 1, column, text, cell)
            else:
                self.page.write_string(self.row, column, text, cell)
        self.end(max(lines_of(text, size) for text, size in zip(self._heads, self.widths, strict=True)) * LINE + 6)

    def _line(self, cells: list[tuple[Figure, bool]], is_total: bool) -> None:
        lines = 1
        for column, (figure, is_wrong) in enumerate(cells):
            look: dict[str, Any] = {"border": 1, "border_color": RULE}
            if is_total:
                look |= {"bold": True, "bg_color": TOTAL}
            if is_wrong:
                look |= {"bold": True, "bg_color": WRONG, "font_color": "#8f1d0e"}
            self._figure(column, figure, look)
            lines = max(lines, lines_of(figure_text(figure), self.widths[column]))
        self.end(lines * LINE + 3)

    def _figure(self, column: int, figure: Figure, look: dict[str, Any]) -> None:
        if figure is None:
            self.text(column, UNKNOWN, **({"font_color": MUTED} | look), align="right")
        elif isinstance(figure, str):
            self.text(column, clean(figure), text_wrap=True, **look)
        elif not Decimal(figure).is_finite() or len(Decimal(figure).as_tuple().digits) > _EXACT:
            self.text(column, figure_text(figure), align="right", **look)
        else:
            self.number(column, float(figure), _form(figure), **look)

    def _notes(self) -> None:
        self.end(8)
        report = self._report
        for name, texts in (
            ("Notes", self._table.notes),
            ("Sources", report.sources),
            ("Computed from", [report.generated_from] if report.generated_from else []),
        ):
            if texts:
                self.across(term(name, self._lang), bold=True, font_size=10)
                for text in texts:
                    self.across(text, font_size=9, font_color=MUTED)
                self.end(4)


def _starts(spans: list[tuple[str, int]]) -> list[int]:
    return [sum(size for _, size in spans[:place]) for place in range(len(spans))]


def _form(figure: int | Decimal) -> str:
    """The number's format: as many places as it has."""
    exponent = Decimal(figure).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + ("." + "0" * places if places else "")
