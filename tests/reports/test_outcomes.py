"""The built-in format counts as the metrics do, and what is not known is never 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.metrics import Count, Label, catalogue, col, in_period, reached, table
from community_mediation.ports import Figure, Report, ReportFormat, Severity
from community_mediation.reports import OUTCOMES, request
from community_mediation.reports.outcome_columns import COUNTED
from community_mediation.testing import ReportFormatConformance
from tests.reports.helpers import studio

PERIOD = Period.parse("2022")
DAYS = (None, dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1))
ENDINGS: Mapping[str, tuple[str | None, ...]] = {
    "full": ("settled",),
    "partial": ("settled_in_part", "not_settled"),
    "none": ("not_settled", "withdrawn", "declined", "refused", "lapsed", "void", "resolved_before_session"),
    "open": (None,),
    "unknown": ("unknown", None),
}
reaches = st.sampled_from(["at", "not_reached", "unknown"])


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A row of the facts table, as far as figures depend on it."""
    agreement = draw(st.sampled_from(list(ENDINGS)))
    concluded = "at" if agreement in ("full", "partial", "none") else draw(reaches)
    return {
        "matter_id": "m",
        "row": "",
        "centre": draw(st.sampled_from(["north", "south"])),
        "dispute_scheme": draw(st.sampled_from(["one", "other"])),
        "dispute_type": draw(st.sampled_from(["neighbour", "family"])),
        "reported": "at",
        "reported_on": draw(st.sampled_from(DAYS)),
        **{name: draw(reaches) for name in ("accepted", "agreed_to_mediate", "begun", "joint_session")},
        "concluded": concluded,
        "concluded_on": None,
        "conclusion": draw(st.sampled_from(ENDINGS[agreement])),
        "agreement": agreement,
        "on_the_spot": draw(st.booleans()),
        "people_involved": draw(st.none() | st.integers(0, 40)),
    }


SCHEMA: dict[str, Any] = {"reported_on": pl.Date, "concluded_on": pl.Date, "conclusion": pl.String}
lists = st.lists(cases(), max_size=12).map(
    lambda rows: [{**row, "matter_id": f"case-{number}"} for number, row in enumerate(rows)]
)
periods = st.sampled_from([None, PERIOD])


def rendered(rows: list[dict[str, Any]], period: Period | None = None, **asked: Any) -> Report:
    return OUTCOMES.render(request({"case": rows}, period=period, **asked))


def total(report: Report) -> Mapping[str, Figure]:
    return report.tables[0].rows[-1]


def counted(name: str, condition: Any) -> Count:
    """A metric of the metrics room: the cases reported in the period that meet a condition."""
    label = Label(name, name)
    return Count(
        name=name,
        label=label,
        counted=in_period("reported") & condition,
        milestone="reported",
        what=label,
        source="test",
    )


ANYTHING = ~(col("agreement") == "no such")
BY_METRICS = {
    "reported": counted("m_reported", ANYTHING),
    "accepted": counted("m_accepted", reached("accepted")),
    "mediation_begun": counted("m_begun", reached("begun")),
    "joint_session": counted("m_joint", reached("joint_session")),
    "agreed_full": counted("m_full", col("agreement") == "full"),
    "agreed_part": counted("m_part", col("agreement") == "partial"),
    "open": counted("m_open", col("agreement") == "open"),
    "outcome_unknown": counted("m_unknown", col("agreement") == "unknown"),
    "on_the_spot": counted("m_spot", col("on_the_spot") == True),  # noqa: E712 - a column is compared
}


def assert_agree(rows: list[dict[str, Any]], row: Mapping[str, Figure], period: Period | None) -> None:
    """Every figure of a row is the one that the metrics give for the same cases."""
    found = table(pl.DataFrame(rows, schema_overrides=SCHEMA), metrics=[*BY_METRICS.values()], period=period)
    for name, metric in BY_METRICS.items():
        figure: Any = found[metric.name]
        assert row[name] == figure.counted or (row[name] is None and figure.counted == 0), name
    figure = found["m_accepted"]
    assert row["accepted_unknown"] == figure.unknown
    assert row["void"] == dict(found["m_reported"].excluded).get("void", 0)
    assert row["undated"] == found["m_reported"].undated


@settings(max_examples=60)
@given(lists.filter(bool), periods)
def test_totals_are_those_of_the_metrics(rows: list[dict[str, Any]], period: Period | None) -> None:
    assert_agree(rows, total(rendered(rows, period)), period)


@settings(max_examples=40)
@given(lists.filter(bool), periods)
def test_each_row_is_that_of_the_metrics_over_its_own_cases(rows: list[dict[str, Any]], period: Period | None) -> None:
    for row in rendered(rows, period).tables[0].rows[:-1]:
        mine = [each for each in rows if all(each[name] == row[name] for name in ("dispute_scheme", "dispute_type"))]
        assert_agree(mine, row, period)


@settings(max_examples=60)
@given(lists.filter(bool), periods)
def test_agreements_are_the_numerator_of_the_published_rate(rows: list[dict[str, Any]], period: Period | None) -> None:
    """And its denominator is what remains when the unknown outcomes are left out."""
    row = total(rendered(rows, period))
    figure: Any = table(pl.DataFrame(rows, schema_overrides=SCHEMA), metrics=["agreement_of_reported"], period=period)[
        "agreement_of_reported"
    ]
    agreed = [row[name] or 0 for name in ("agreed_full", "agreed_part")]
    assert sum(int(each) for each in agreed) == figure.numerator
    assert int(row["reported"] or 0) - int(row["outcome_unknown"] or 0) == figure.denominator


def test_the_sample_register_gives_the_figures_of_the_metrics() -> None:
    rows = studio().to_dicts()
    period = Period.parse("2021-05-01..2022-05-31")
    row = total(rendered(rows, period))
    assert_agree(rows, row, period)
    figure: Any = table(studio(), period=period)["agreement_of_reported"]
    assert int(row["agreed_full"] or 0) + int(row["agreed_part"] or 0) == figure.numerator
    # Without a period, milestones of the cohort are those that happened at any time.
    whole, names = total(rendered(rows)), {"accepted": "accepted", "begun": "mediation_begun"}
    for metric, name in names.items():
        assert whole[name] == table(studio(), metrics=[catalogue()[metric]])[metric].value


@given(lists, periods, st.sampled_from(["dispute_type", "centre"]))
def test_the_figures_foot_whatever_the_cases_are(rows: list[dict[str, Any]], period: Period | None, by: str) -> None:
    report = rendered(rows, period, options={"by": by})
    assert [each for each in report.all_findings() if each.severity is Severity.ERROR] == []
    assert report.tables[0].unfit() == []


@given(lists, periods)
def test_by_centre_and_by_type_the_total_is_the_same(rows: list[dict[str, Any]], period: Period | None) -> None:
    one, other = (total(rendered(rows, period, options={"by": by})) for by in ("dispute_type", "centre"))
    assert {name: one[name] for name in COUNTED} == {name: other[name] for name in COUNTED}


@given(lists.filter(bool), periods)
def test_no_case_is_lost(rows: list[dict[str, Any]], period: Period | None) -> None:
    """Reported, void, undated or of another time: each case is in one of them."""
    row = total(rendered(rows, period))
    inside = [each for each in rows if period is None or each["reported_on"] is None or each["reported_on"] in period]
    void_undated = [each for each in inside if period and each["conclusion"] == "void" and each["reported_on"] is None]
    assert sum(int(row[name] or 0) for name in ("reported", "void", "undated")) == len(inside) - len(void_undated)


# ---- unknown


def row_of(**cells: Any) -> dict[str, Any]:
    base = {
        "matter_id": "m", "row": "", "centre": "north", "dispute_scheme": "one", "dispute_type": "neighbour",
        "reported": "at", "reported_on": dt.date(2022, 5, 1), "accepted": "at", "agreed_to_mediate": "at",
        "begun": "at", "joint_session": "at", "concluded": "at", "concluded_on": None, "conclusion": "settled",
        "agreement": "full", "on_the_spot": False, "people_involved": 2,
    }  # fmt: skip
    return {**base, **cells}


def test_cases_whose_outcome_nobody_knows_have_no_agreements_and_not_none_either() -> None:
    row = total(rendered([row_of(agreement="unknown", conclusion="unknown")]))
    assert (row["agreed_full"], row["not_agreed"], row["outcome_unknown"]) == (None, None, 1)


def test_where_the_outcome_of_some_is_known_the_unknown_stand_beside() -> None:
    row = total(rendered([row_of(), row_of(agreement="unknown", conclusion="unknown")]))
    assert (row["agreed_full"], row["not_agreed"], row["outcome_unknown"]) == (1, 0, 1)


def test_people_that_nobody_counted_are_no_nought() -> None:
    row = total(rendered([row_of(people_involved=None)]))
    assert (row["people"], row["people_uncounted"]) == (None, 1)
    row = total(rendered([row_of(people_involved=None), row_of(people_involved=0)]))
    assert (row["people"], row["people_uncounted"]) == (0, 1)


def test_a_milestone_of_which_nothing_is_known_has_no_figure() -> None:
    row = total(rendered([row_of(joint_session="unknown")]))
    assert (row["joint_session"], row["joint_session_unknown"]) == (None, 1)


def test_a_type_that_nobody_recorded_is_a_row_of_its_own() -> None:
    rows = rendered([row_of(), row_of(dispute_type=None)]).tables[0].rows
    assert [row["dispute_type"] for row in rows] == ["neighbour", None, "Total"]


def test_one_code_in_two_lists_is_two_rows() -> None:
    rows = rendered([row_of(), row_of(dispute_scheme="other")]).tables[0].rows
    assert [row["reported"] for row in rows] == [1, 1, 2]


def test_cases_without_a_day_are_told_when_a_period_is_asked_for() -> None:
    rows = [row_of(), row_of(reported_on=None)]
    report = rendered(rows, PERIOD)
    assert (total(report)["reported"], total(report)["undated"]) == (1, 1)
    assert [each.code for each in report.findings] == ["report.undated"]
    assert (total(rendered(rows))["reported"], total(rendered(rows))["undated"]) == (2, 0)


def test_a_void_case_is_in_no_other_figure() -> None:
    row = total(rendered([row_of(), row_of(conclusion="void", agreement="none", people_involved=99)]))
    assert (row["reported"], row["void"], row["people"], row["other_endings"]) == (1, 1, 2, 0)


def test_a_case_that_goes_on_in_another_is_counted_once() -> None:
    row = total(rendered([row_of(), row_of(counted=False)]))
    assert (row["reported"], row["void"]) == (1, 1)


def test_an_award_is_no_agreement() -> None:
    row = total(rendered([row_of(agreement="none", conclusion="not_settled")]))
    assert (row["agreed_full"], row["agreed_part"], row["not_agreed"]) == (0, 0, 1)


# ---- asking


def test_only_the_centres_asked_for_are_counted() -> None:
    rows = [row_of(), row_of(centre="south"), row_of(centre="south")]
    report = rendered(rows, centres=["south"], options={"by": "centre"})
    assert [(row["centre"], row["reported"]) for row in report.tables[0].rows] == [("south", 2), ("Total", 2)]


@pytest.mark.parametrize("options", [{"by": "weather"}, {"bye": "centre"}])
def test_a_wrong_option_is_refused_by_name(options: dict[str, str]) -> None:
    with pytest.raises(InvalidQuery, match=next(iter(options.values() if "by" in options else options))):
        rendered([], options=options)


def test_in_chinese_headings_notes_and_findings_are_chinese() -> None:
    report = rendered([row_of(agreement="unknown", conclusion="unknown")], lang="zh")
    assert total(report)["dispute_type"] == "合计"
    assert "结果不明" in report.findings[0].message and "未知" in report.tables[0].notes[-1]


class TestOutcomes(ReportFormatConformance):
    """The built-in format keeps what every format keeps."""

    @pytest.fixture
    def report_format(self) -> ReportFormat:
        return OUTCOMES

    @pytest.fixture
    def true_noughts(self) -> frozenset[str]:
        """No case is void or without a day: that is known of them."""
        return frozenset({"void", "undated"})
