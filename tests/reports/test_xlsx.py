"""The workbook: numbers as numbers, texts as texts, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import openpyxl
import pytest

from community_mediation.errors import InvalidInput, MissingExtra, StoreUnavailable, TooLarge
from community_mediation.reports import write_xlsx
from community_mediation.reports.xlsx_pen import sheet_names
from tests.reports.helpers import cells, first_sheet, hostile, outcomes, report, unknown


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_xlsx(report(), tmp_path / name).read_bytes() for name in ("1.xlsx", "2.xlsx"))
    assert one == other


def test_the_date_of_creation_can_be_given(tmp_path: Path) -> None:
    path = write_xlsx(report(), tmp_path / "r.xlsx", created=dt.datetime(2022, 6, 1, 9, tzinfo=dt.UTC))
    assert openpyxl.load_workbook(path).properties.created == dt.datetime(2022, 6, 1, 9)  # noqa: DTZ001


def test_a_share_stands_as_numbers_with_both_counts_and_both_limits(tmp_path: Path) -> None:
    figure = (table := outcomes())["agreement_of_reported"]
    found = cells(write_xlsx(report(table), tmp_path / "r.xlsx"))
    (label,) = [cell for cell in found if cell.value == "Agreement, of cases reported"]
    row = [cell for cell in found if cell.row == label.row]
    assert [cell.value for cell in row[2:7]] == [
        figure.numerator, figure.denominator, float(figure.value), figure.interval.lower, figure.interval.upper,
    ]  # fmt: skip
    assert [cell.number_format for cell in row[2:7]] == ["#,##0", "#,##0", "0.0 %", "0.0 %", "0.0 %"]


def test_the_denominator_stands_by_its_name(tmp_path: Path) -> None:
    found = cells(write_xlsx(report(outcomes(metrics="agreement_of_begun")), tmp_path / "r.xlsx"))
    assert "mediations begun" in [cell.value for cell in found]


def test_what_has_no_figure_says_why_and_holds_no_number(tmp_path: Path) -> None:
    found = cells(write_xlsx(report(unknown()), tmp_path / "r.xlsx"))
    (reason,) = [cell for cell in found if str(cell.value).startswith("unknown: ")]
    assert [cell.data_type for cell in found if cell.row == reason.row] == ["s"] * 4


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    path = write_xlsx(hostile(), tmp_path / "r.xlsx")
    found = cells(path)
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert [cell for cell in found if cell.hyperlink] == []
    assert first_sheet(path).cell(1, 1).value.startswith("=cmd|")


def test_what_is_not_seen_is_made_visible(tmp_path: Path) -> None:
    """Direction marks and controls would let a text look like another."""
    texts = [cell.value for cell in cells(write_xlsx(hostile(), tmp_path / "r.xlsx")) if cell.data_type == "s"]
    assert all(text.isprintable() for text in texts)


def test_it_prints_on_a4_across_with_its_header_on_every_page(tmp_path: Path) -> None:
    page = first_sheet(write_xlsx(report(), tmp_path / "r.xlsx"))
    (head,) = [cell.row for cell in page["A"] if cell.value == "Metric"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.print_title_rows, page.freeze_panes) == (f"${head}:${head}", f"B{head + 1}")


def test_a_chinese_label_takes_a_wider_column(tmp_path: Path) -> None:
    tables = outcomes(metrics="concluded"), outcomes(metrics="agreement_of_substantively_concluded", lang="zh")
    paths = [write_xlsx(report(each, lang=each.lang), tmp_path / f"{each.lang}.xlsx") for each in tables]
    widths = [first_sheet(path).column_dimensions["A"].width for path in paths]
    assert widths[1] > 2 * 16 > widths[0]


def test_a_long_note_takes_a_higher_row(tmp_path: Path) -> None:
    path = write_xlsx(report(sources=("short", "long " * 200)), tmp_path / "r.xlsx")
    page = first_sheet(path)
    heights = {str(cell.value)[:5]: page.row_dimensions[cell.row].height for cell in page["A"] if cell.value}
    assert heights["long "] > 4 * heights["short"]


def test_a_period_that_was_not_watched_to_its_end_says_so_in_the_file(tmp_path: Path) -> None:
    """Under the table, as on a screen."""
    found = outcomes(metrics="reported", period="2022", observed_through=dt.date(2022, 3, 20))
    texts = [cell.value for cell in cells(write_xlsx(report(found), tmp_path / "r.xlsx"))]
    assert "watched through 2022-03-20: the period is not finished" in texts


def test_a_sheet_for_every_table(tmp_path: Path) -> None:
    path = write_xlsx(report(outcomes(), unknown()), tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["Table 1", "Table 2"]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["a/b: [c]?*\\"], ["a b c"]),
        (["工作室"], ["工作室"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 29 + " 2"]),
        (["'quoted'", ""], ["quoted", "Sheet"]),
        (["History"], ["History 1"]),
    ],
)
def test_titles_become_names_that_a_workbook_takes(titles: list[str], names: list[str]) -> None:
    assert sheet_names(titles) == names


def test_a_text_longer_than_a_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        write_xlsx(report(subtitle="x" * 32_768), tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_text("mine")
    with pytest.raises(InvalidInput):
        write_xlsx(report(), path)
    assert (path.read_text(), [each.name for each in tmp_path.iterdir()]) == ("mine", ["r.xlsx"])
    assert write_xlsx(report(), path, overwrite=True).read_bytes()[:2] == b"PK"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"r\.xlsx"):
        write_xlsx(report(), tmp_path / "none" / "r.xlsx")


def test_without_its_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[xlsx\]"):
        write_xlsx(report(), tmp_path / "r.xlsx")
