"""Writing one sheet of a workbook from top to bottom, and how it prints."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import MissingExtra, TooLarge
from community_mediation.metrics.printing import width
from community_mediation.reports.cells import clean

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date of creation that a workbook bears unless told otherwise: the same report gives the same bytes."""

_CHARS: Final = 32_767
LINE: Final = 15.5
"""The height of a line of text, in points."""
_ACROSS: Final = 770
_PAGE: Final = 0.65
"""What A4 landscape leaves within its margins: the width in points, and height by width."""
INK, MUTED, RULE, HEAD, TOTAL, WRONG = "#1b2733", "#5b6770", "#c9d1d8", "#e8eef3", "#f4f7f9", "#fbe3df"


def made(
    write: Callable[[Workbook, Formats], None], *, title: str, subject: str, lang: str, created: dt.datetime
) -> bytes:
    """The workbook that *write* fills. A text is never a formula and never a link.

    Raises:
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
    book.set_properties({"title": clean(title), "subject": clean(subject), "created": created})
    write(book, Formats(book, "Microsoft YaHei" if lang.startswith("zh") else "Calibri"))
    book.close()
    return file.getvalue()


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


class Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Workbook, font: str) -> None:
        self._book, self._font = book, font
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **look: Any) -> Any:
        """The look, made or found."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": self._font, "font_size": 11, "font_color": INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**base, **look})
        return self._made[key]


class Pen:
    """Writes a sheet row by row.

    Args:
        page: The sheet.
        formats: The looks of cells.
        widths: How wide each column is, in digits.
    """

    def __init__(self, page: Worksheet, formats: Formats, widths: list[float]) -> None:
        self.page, self.format, self.widths = page, formats, widths
        self.row, self.height = 0, 0.0
        for column, size in enumerate(widths):
            page.set_column(column, column, size, formats())

    def across(self, text: str, **look: Any) -> None:
        """A text over the whole width, broken into lines."""
        size = look.get("font_size", 11)
        self._check(text := clean(text))
        look = {**look, "text_wrap": True, "align": "left", "valign": "top"}
        if len(self.widths) > 1:
            self.page.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", self.format(**look))
        self.page.write_string(self.row, 0, text, self.format(**look))
        lines = lines_of(text, sum(self.widths) * 11 / size)
        self.end(lines * LINE * size / 11 + 0.5)

    def end(self, height: float) -> None:
        """The row is done, and so high."""
        self.page.set_row(self.row, height)
        self.row += 1
        self.height += height

    def text(self, column: int, text: str, **look: Any) -> None:
        """A text cell."""
        self._check(text)
        self.page.write_string(self.row, column, text, self.format(**look))

    def number(self, column: int, value: float | str | None, form: str, **look: Any) -> None:
        """A number with its format, a text in its place, or a blank."""
        look["align"] = "right"
        if isinstance(value, str):
            self.text(column, value, **look)
        elif value is None:
            self.page.write_blank(self.row, column, None, self.format(**look))
        else:
            self.page.write_number(self.row, column, value, self.format(num_format=form, **look))

    def prints(self, first: int, last: int) -> None:
        """On A4 landscape, *first* to *last* being the rows of headings that every page repeats."""
        page = self.page
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        # What is a few lines too long for one page shrinks onto it; a longer table goes on, its header repeated.
        sheet_width = sum(5.25 * size + 3.75 for size in self.widths)
        page.fit_to_pages(1, 1 if self.height < 1.4 * _PAGE * max(_ACROSS, sheet_width) else 0)
        page.repeat_rows(first, last)
        page.print_area(0, 0, self.row - 1, len(self.widths) - 1)
        page.set_footer("&L&8&F&C&8&A&R&8&P / &N")

    @staticmethod
    def _check(text: str) -> None:
        if len(text.encode("utf-16-le")) // 2 > _CHARS:
            raise TooLarge("a cell of the workbook", "characters", _CHARS, "Shorten the text.")


def lines_of(text: str, size: float) -> int:
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
