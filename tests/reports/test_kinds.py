"""Every kind of figure on paper: the same numbers as on a screen, and a text where there is no number."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from community_mediation import Casebook
from community_mediation.errors import InvalidQuery
from community_mediation.metrics import catalogue, on_time, survival, table
from community_mediation.reports import OutcomeReport, Sheet, survival_chart, to_html, write_xlsx
from community_mediation.reports.cells import cells_of
from community_mediation.testing.books import sample_book
from tests.metrics.frames import DAY, case, in_polars


@pytest.fixture(scope="module")
def book() -> Casebook:
    """Lives of every kind."""
    return sample_book()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_metric_of_the_catalogue_can_stand_on_paper(book: Casebook, tmp_path: Path, lang: str) -> None:
    found = table(book, metrics=[*catalogue(), on_time(14, source="our own")], lang=lang)
    report = OutcomeReport(title="All", sections=(Sheet("Figures", found),), lang=lang)
    sheet = openpyxl.load_workbook(BytesIO(write_xlsx(report, tmp_path / "all.xlsx").read_bytes())).active
    assert sheet is not None
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    page = to_html(report)
    for metric in catalogue().values():
        assert metric.label.text(lang) in texts and metric.label.text(lang).split("(")[0] in page


def test_paper_and_screen_have_the_same_value(book: Casebook) -> None:
    found = table(book, metrics=list(catalogue()))
    for cells, row in zip(cells_of(found), found.rows, strict=True):
        assert (cells.reason == "") == (row.figure.reason == "")
        if cells.value is not None:
            assert row.figure.value is not None and cells.value == pytest.approx(float(row.figure.value))


def test_amounts_in_two_currencies_are_a_text_and_no_number(tmp_path: Path) -> None:
    """A planted trap: 100 and 200 of different currencies are not 300 of anything."""
    agreed = {"agreed": DAY, "agreement": "full"}
    frame = in_polars(
        [
            case(**agreed, amount_agreed=Decimal(100), amount_agreed_currency="CNY"),
            case(**agreed, amount_agreed=Decimal(200), amount_agreed_currency="USD"),
        ]
    )
    (cells,) = cells_of(table(frame, metrics="amount_agreed"))
    assert (cells.value, cells.shown, cells.unit) == (None, "100 CNY; 200 USD", "")
    report = OutcomeReport(title="Money", sections=(Sheet("Figures", table(frame, metrics="amount_agreed")),))
    sheet = openpyxl.load_workbook(BytesIO(write_xlsx(report, tmp_path / "m.xlsx").read_bytes())).active
    assert sheet is not None
    assert "100 CNY; 200 USD" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_the_chart_of_the_open_is_not_drawn_of_an_end_that_others_compete_with(book: Casebook) -> None:
    with pytest.raises(InvalidQuery, match="Other ends compete"):
        survival_chart(survival(book, "days_to_agreement"), title="Agreed")


def test_a_frame_without_rows_has_a_reason_in_every_line() -> None:
    frame: pl.DataFrame = in_polars([])
    (cells,) = cells_of(table(frame, metrics="days_to_agreement"))
    assert (cells.value, cells.reason) == (None, "no cases")
