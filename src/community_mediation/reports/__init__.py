"""Papers: outcome tables with their limits and reasons, statistical forms, and the documents of one case.

A paper holds what its tables hold, with every numerator, denominator, limit and reason;
nothing is computed while it is written. The same report gives the same bytes.
"""

from community_mediation.reports.agreement_paper import AGREEMENT
from community_mediation.reports.charts import (
    has_chinese_font,
    proportions_chart,
    survival_chart,
    write_chart,
)
from community_mediation.reports.formats import OUTCOMES
from community_mediation.reports.html import to_html, write_html
from community_mediation.reports.model import Chart, OutcomeReport, Sheet
from community_mediation.reports.paper_files import write_paper
from community_mediation.reports.papers import CASE_SUMMARY
from community_mediation.reports.requests import request
from community_mediation.reports.tour import TourFiles, write_tour
from community_mediation.reports.writing import write_report
from community_mediation.reports.xlsx import write_xlsx

__all__ = [
    "AGREEMENT",
    "CASE_SUMMARY",
    "OUTCOMES",
    "Chart",
    "OutcomeReport",
    "Sheet",
    "TourFiles",
    "has_chinese_font",
    "proportions_chart",
    "request",
    "survival_chart",
    "to_html",
    "write_chart",
    "write_html",
    "write_paper",
    "write_report",
    "write_tour",
    "write_xlsx",
]
