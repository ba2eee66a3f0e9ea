"""Outcome tables as papers: a workbook, a page that prints, and charts.

A paper holds what its tables hold, with every numerator, denominator, limit and reason;
nothing is computed here. The same report gives the same bytes.
"""

from community_mediation.reports.charts import (
    has_chinese_font,
    proportions_chart,
    survival_chart,
    write_chart,
)
from community_mediation.reports.html import to_html, write_html
from community_mediation.reports.model import Chart, OutcomeReport, Sheet
from community_mediation.reports.tour import TourFiles, write_tour
from community_mediation.reports.xlsx import write_xlsx

__all__ = [
    "Chart",
    "OutcomeReport",
    "Sheet",
    "TourFiles",
    "has_chinese_font",
    "proportions_chart",
    "survival_chart",
    "to_html",
    "write_chart",
    "write_html",
    "write_tour",
    "write_xlsx",
]
