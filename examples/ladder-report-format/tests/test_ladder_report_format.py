"""The format keeps the laws; and its figures, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ladder_report_format import mediation_report_formats
from ladder_report_format.ladder import TOTAL, LadderReport

from community_mediation import Period
from community_mediation.ports import Figure, ReportFormat, ReportRequest
from community_mediation.testing import ReportFormatConformance


class TestConformance(ReportFormatConformance):
    """All laws: no nought of it is more than is known."""

    @pytest.fixture
    def report_format(self) -> ReportFormat:
        return LadderReport()


def case(**cells: Any) -> dict[str, Any]:
    """A case of which nothing is known but what is given."""
    milestones = dict.fromkeys(("accepted", "begun", "concluded"), "unknown")
    return {"centre": "east", "reported_on": None, "conclusion": None, "agreement": "unknown", **milestones, **cells}


def total(cases: Sequence[Mapping[str, Any]], **asked: Any) -> Mapping[str, Figure]:
    """The last row of the report."""
    (table,) = LadderReport().render(ReportRequest(rows=lambda name: cases, **asked)).tables
    return table.rows[-1]


BOOK = [
    case(concluded="at", agreement="full", accepted="at", begun="at"),
    case(concluded="at", agreement="partial", accepted="at", begun="not_reached"),
    case(concluded="at", agreement="none"),
    case(concluded="at"),
    case(concluded="not_reached", agreement="open", accepted="not_reached", begun="not_reached", centre="west"),
    case(),
]


def test_every_case_stands_on_its_rung() -> None:
    assert total(BOOK) == {
        "centre": TOTAL,
        "reported": 6,
        "accepted": 2,
        "begun": 1,
        "concluded": 4,
        "settled": 2,
        "not_settled": 1,
        "ended_unknown": 1,
        "open": 1,
        "unknown": 1,
    }


def test_the_centres_stand_above_their_total() -> None:
    """And the total is the sum of what is known."""
    report = LadderReport().render(ReportRequest(rows=lambda name: BOOK))
    assert [row["centre"] for row in report.tables[0].rows] == ["east", "west", TOTAL]
    assert [finding.code for finding in report.all_findings() if finding.severity == "error"] == []


def test_what_nobody_knows_is_left_empty() -> None:
    """Of one case of which nothing is known, only that it is there, and that nothing is known."""
    assert {name: cell for name, cell in total([case()]).items() if cell is not None} == {
        "centre": TOTAL,
        "reported": 1,
        "unknown": 1,
    }


def test_an_empty_book_has_noughts() -> None:
    """There they are known."""
    assert set(total([]).values()) == {TOTAL, 0}


def test_void_cases_are_left_out_and_told() -> None:
    report = LadderReport().render(ReportRequest(rows=lambda name: [case(conclusion="void"), case()]))
    assert report.tables[0].rows[-1]["reported"] == 1
    assert [finding.message for finding in report.findings] == ["Left out: void: 1."]


def test_a_period_takes_the_cases_that_were_reported_in_it() -> None:
    """One whose day is not known is in no period, and is told."""
    period = Period.parse("2022-H1")
    book = [case(reported_on=period.first), case(reported_on=period.last), case(), case(centre="west")]
    report = LadderReport().render(ReportRequest(rows=lambda name: book, period=period, centres=("east",)))
    assert report.tables[0].rows[-1]["reported"] == 2
    assert [finding.message for finding in report.findings] == ["Left out: reported nobody knows when: 1."]


def test_the_plugin_brings_the_format() -> None:
    assert [each.name for each in mediation_report_formats()] == ["example.ladder"]
