"""Figures that are no numbers, on papers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from community_mediation.ports import Label
from community_mediation.ports.reports import Audience, Report, ReportColumn, ReportTable
from community_mediation.reports import write_report


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("ending", ["xlsx", "html", "json", "csv"])
def test_a_figure_that_is_not_finite_is_written_and_stops_no_report(tmp_path: Path, figure: str, ending: str) -> None:
    column = ReportColumn(name="cases", label=Label("Cases"))
    table = ReportTable(name="t", title=Label("T"), columns=(column,), rows=({"cases": Decimal(figure)},))
    audience = next(iter(Audience))
    report = Report(format="f", version=1, title=Label("R"), audience=audience, period=None, tables=(table,))
    assert all(path.stat().st_size for path in write_report(report, tmp_path / f"report.{ending}"))
