"""Workbooks: values as they are shown, problems where they are not whole."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from community_mediation.errors import TooLarge, UnreadableFile
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.xlsx_workbook import is_date_format
from tests.registers.helpers import PARTS, cells, headings, put, row_xml, rows, workbook


def saved(folder: Path, *lines: list[Any], epoch: Any = None, formats: dict[str, str] | None = None) -> Path:
    """A workbook that openpyxl wrote."""
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    for place, form in (formats or {}).items():
        sheet[place].number_format = form
    book.save(folder / "r.xlsx")
    return folder / "r.xlsx"


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_cells_are_read_as_they_are_shown(tmp_path: Path, epoch: Any) -> None:
    """Whole numbers without point, fifteen digits, days as days, in both calendars of spreadsheets."""
    line = [12.0, 0.1 + 0.2, -1.5, True, dt.date(2022, 5, 4), dt.datetime(2022, 5, 4, 23, 5, 1), " 张某 "]  # noqa: DTZ001
    path = saved(tmp_path, list("abcdefg"), line, epoch=epoch)
    expected = ["12", "0.3", "-1.5", True, dt.date(2022, 5, 4), dt.datetime(2022, 5, 4, 23, 5, 1), " 张某 "]  # noqa: DTZ001
    assert cells(path) == [expected]


@settings(max_examples=60)
@given(st.datetimes(dt.datetime(1904, 1, 2), dt.datetime(2100, 1, 1)), st.booleans())  # noqa: DTZ001
def test_moments_agree_with_an_independent_reader(moment: dt.datetime, mac: bool) -> None:
    """What openpyxl reads from the same file, to the millisecond.

    Only whole milliseconds: on which side a half of one falls hangs on how many digits a reader looks at, and this one
    looks at the fifteen that a spreadsheet shows.
    """
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["a"])
    book.active.append([moment])
    file = io.BytesIO()
    book.save(file)
    theirs = openpyxl.load_workbook(file)["Sheet"]["A2"].value
    path = Path(io_name(file.getvalue()))
    ours = cells(path)[0][0]
    path.unlink()
    if isinstance(ours, dt.date) and not isinstance(ours, dt.datetime):
        ours = dt.datetime.combine(ours, dt.time())
    assert ours == theirs


def io_name(content: bytes) -> str:
    """The name of a fresh file with this content."""
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        file.write(content)
    return file.name


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c t="e"><v>#REF!</v></c>', "error value"),
        ("<c><f>A1+1</f></c>", "without a stored value"),
        ("<c><v>999999199001011234</v></c>", "more than 15 digits"),
        ("<c><v>1.2E+20</v></c>", "more than 15 digits"),
        ("<c><v>nan</v></c>", "not of its own kind"),
        ("<c><v>1E+999999</v></c>", "not of its own kind"),
        ('<c t="s"><v>99</v></c>', "not of its own kind"),
        ('<c t="s"><v>-1</v></c>', "not of its own kind"),
        ('<c t="b"><v>2</v></c>', "not of its own kind"),
        ('<c t="d"><v>2022-99-01</v></c>', "not of its own kind"),
    ],
)
def test_a_cell_that_is_not_whole_is_a_problem_of_its_column(tmp_path: Path, cell: str, said: str) -> None:
    """The identity number that a spreadsheet has rounded is not imported."""
    found = rows(put(tmp_path, "r.xlsx", workbook(f"<sheetData>{row_xml('a')}<row>{cell}</row></sheetData>")))
    assert [(problem.column, said in problem.problem) for problem in found[0].problems] == [("a", True)]


@pytest.mark.parametrize(
    ("form", "is_date"),
    [
        ("yyyy-mm-dd", True), ('yyyy"年"m"月"d"日"', True), ("[$-804]yyyy/m/d", True), ("h:mm AM/PM", True),
        ("[h]:mm:ss", True), ("General", False), ("0.00", False), ('0" days"', False), ("[Red]0", False),
        ("#,##0_);[Red]", False), ('"day" 0', False), ("@", False), ("\\d0", False),
    ],
)  # fmt: skip
def test_formats_of_dates_are_told_from_those_of_numbers(form: str, is_date: bool) -> None:
    """Letters in quotation marks, brackets and behind a backslash mean nothing."""
    assert is_date_format(form) is is_date


@pytest.mark.parametrize("number", [14, 22, 31, 57, 58])
def test_the_numbered_formats_of_east_asia_are_dates_too(tmp_path: Path, number: int) -> None:
    """A Chinese spreadsheet stores 2022年5月4日 under number 31, without saying what that is."""
    styles = f'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    sheet = f'<sheetData>{row_xml("a")}<row><c s="1"><v>44685</v></c></row></sheetData>'
    assert cells(put(tmp_path, "r.xlsx", workbook(sheet, {"xl/styles.xml": styles}))) == [[dt.date(2022, 5, 4)]]


def test_rows_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    """Blank ones by themselves, a title where its row is said."""
    path = saved(tmp_path, [None], ["2022年登记表"], ["a", "b"], [1, 2])
    assert [(row.number, dict(row.cells)) for row in rows(path, header_row=3)] == [(4, {"a": "1", "b": "2"})]
    assert headings(path) == ("2022年登记表",)


def test_rows_keep_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    """Also behind blank ones."""
    path = saved(tmp_path, ["a", "b"], [1, 2], [None], [None, 4])
    assert [(row.number, dict(row.cells)) for row in rows(path)] == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "", "b": "4"}),
    ]


def test_the_first_visible_sheet_is_read_or_the_one_that_was_named(tmp_path: Path) -> None:
    """By name or by number; names of sheets are not repeated."""
    book = openpyxl.Workbook()
    for name in ("张某", "李某"):
        book.create_sheet(name).append([name])
    book["Sheet"].sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "r.xlsx")
    path = tmp_path / "r.xlsx"
    assert headings(path) == ("张某",)
    assert headings(path, sheet="李某") == headings(path, sheet=3) == ("李某",)
    for wrong in ("王某", 0, 4, True):
        with pytest.raises(UnreadableFile, match="no such sheet among its 3") as caught:
            headings(path, sheet=wrong)
        assert "某" not in str(caught.value)


def test_shared_texts_are_joined_from_their_runs_without_readings(tmp_path: Path) -> None:
    """Bold and plain parts make one text; how a name is read aloud is none of it."""
    strings = (
        "<sst><si><r><t>张</t></r><r><rPr><b/></rPr><t>某</t></r><rPh><t>zhang</t></rPh></si>"
        "<si><t>_x000D_ _x005F_x0041_</t></si></sst>"
    )
    sheet = f'<sheetData>{row_xml("a", "b")}<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row></sheetData>'
    path = put(tmp_path, "r.xlsx", workbook(sheet, {"xl/sharedStrings.xml": strings}))
    assert cells(path) == [["张某", "\r _x0041_"]]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('<row r="1"><c><v>1</v></c></row>', "rows are out of order"),
        ('<row r="9999999"><c><v>1</v></c></row>', "rows are out of order"),
        ('<row r="-2"><c><v>1</v></c></row>', "rows are out of order"),
        ('<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>', "cells are out of order"),
        ('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>', "cells are out of order"),
        ('<row r="2"><c r="ZZZ2"><v>1</v></c></row>', "cells are out of order"),
        ('<row r="2"><c r="A3"><v>1</v></c></row>', "a place that does not exist"),
        ('<row r="2"><c r="é"><v>1</v></c></row>', "a place that does not exist"),
        ("<row><c><v>1</v></c>", "not valid XML"),
        ("</row>", "not valid XML"),
    ],
)
def test_a_sheet_out_of_order_is_refused(tmp_path: Path, second: str, said: str) -> None:
    """Two cells in one place would be one lost."""
    path = put(tmp_path, "r.xlsx", workbook(f"<sheetData>{row_xml('a', 'b')}{second}</sheetData>"))
    with pytest.raises(UnreadableFile, match=said):
        rows(path)


def test_a_sheet_without_a_row_is_refused(tmp_path: Path) -> None:
    """As any other empty file."""
    with pytest.raises(UnreadableFile, match="the file is empty"):
        rows(put(tmp_path, "r.xlsx", workbook("<sheetData/>")))


@pytest.mark.parametrize("part", [*PARTS, "xl/worksheets/sheet1.xml"])
def test_a_part_that_is_no_xml_is_a_typed_error(tmp_path: Path, part: str) -> None:
    """Except the list of types, which nothing here needs."""
    content = workbook(f"<sheetData>{row_xml('a')}</sheetData>", {part: b"\x00<broken"})
    if part == "[Content_Types].xml":
        assert headings(put(tmp_path, "r.xlsx", content)) == ("a",)
        return
    with pytest.raises(UnreadableFile, match="not a sound workbook"):
        headings(put(tmp_path, "r.xlsx", content))


def test_what_lies_outside_the_file_is_never_looked_at(tmp_path: Path) -> None:
    """A sheet whose target is external does not exist."""
    rels = PARTS["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/sheet1.xml"', 'Target="file:///etc/passwd" TargetMode="External"'
    )
    with pytest.raises(UnreadableFile, match="no sheet with cells"):
        headings(put(tmp_path, "r.xlsx", workbook("", {"xl/_rels/workbook.xml.rels": rels})))


def test_columns_that_hold_nothing_do_not_count(tmp_path: Path) -> None:
    """A spreadsheet formats empty cells to the edge of the sheet."""
    sheet = f'<sheetData>{row_xml("a")}<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row></sheetData>'
    assert cells(put(tmp_path, "r.xlsx", workbook(sheet))) == [["1"]]


def test_a_value_far_out_is_refused(tmp_path: Path) -> None:
    """One cell at the edge would make every row sixteen thousand wide."""
    sheet = f'<sheetData>{row_xml("a")}<row r="2"><c r="XFD2"><v>1</v></c></row></sheetData>'
    with pytest.raises(TooLarge, match="columns"):
        rows(put(tmp_path, "r.xlsx", workbook(sheet)))


def test_cells_are_counted_while_reading(tmp_path: Path) -> None:
    """Empty ones too."""
    sheet = f"<sheetData>{row_xml('a')}{'<row><c/><c/></row>' * 100}</sheetData>"
    with pytest.raises(TooLarge, match="cells"):
        rows(put(tmp_path, "r.xlsx", workbook(sheet)), bounds=Bounds(cells=50))
