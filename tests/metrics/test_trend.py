"""Figures from period to period, and how they move."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation import open_casebook, simulate
from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.metrics import (
    Every,
    Metric,
    Movement,
    MovementKind,
    NoChange,
    Proportion,
    Trend,
    catalogue,
    change,
    col,
    difference,
    table,
    trend,
)
from community_mediation.metrics._calendar import MOST_PERIODS, periods
from community_mediation.metrics._grains import GRAINS
from community_mediation.metrics._watch import Watch
from tests.metrics.frames import BOOKS, FEW, Cells, case, in_pandas, in_polars
from tests.metrics.pictures import is_offline, png, texts
from tests.metrics.test_printing import Tags

ENDED = {"accepted": "at", "concluded": "at"}
SETTLED, NOT = {**ENDED, "agreement": "full"}, {**ENDED, "agreement": "none"}


def day(month: int, year: int = 2022) -> dt.date:
    return dt.date(year, month, 10)


def cases_of(month: int, settled: int, other: int, year: int = 2022, **cells: Any) -> list[Cells]:
    when = {"reported": day(month, year), **cells}
    return [case(**when, **SETTLED) for _ in range(settled)] + [case(**when, **NOT) for _ in range(other)]


BOOK = [
    *cases_of(1, 8, 2, 2021),
    *cases_of(2, 6, 4, 2021),
    *cases_of(1, 9, 3),
    *cases_of(2, 5, 15),
    *cases_of(4, 3, 1),
    case(reported=day(4), accepted="at", agreement="open"),
]
"""Done by hand: nothing came in the March of 2022, and in most of 2021."""


@pytest.fixture(scope="module")
def months() -> Trend:
    return trend(
        in_polars(BOOK),
        ["reported", "agreement_of_accepted"],
        every="month",
        first="2021-01",
        last="2022-05",
        observed_through=dt.date(2022, 4, 20),
    )


def test_counts_move_by_a_part_of_what_they_were(months: Trend) -> None:
    """12 after 10 is +20 %; from 0, to 0 and in what is not finished there is no number."""
    found = {str(point.period): point for point in months.series("reported")}
    assert found["2022-01"].on_year == Movement(value=Fraction(1, 5), kind=MovementKind.RELATIVE)
    assert found["2022-02"].on_previous.value == change(20, 12).value
    assert found["2022-01"].on_previous.reason is NoChange.FROM_ZERO
    assert found["2022-03"].on_previous.value == -1
    assert found["2022-03"].on_year.reason is NoChange.BOTH_ZERO
    assert found["2021-01"].on_previous.reason is NoChange.FIRST
    assert found["2021-12"].on_year.reason is NoChange.FIRST
    assert found["2022-04"].on_previous.reason is NoChange.UNFINISHED and found["2022-04"].state == "not finished"
    assert found["2022-05"].on_previous.reason is NoChange.UNFINISHED and found["2022-05"].state == "not begun"


def test_shares_move_by_points_with_the_limits_of_newcombe(months: Trend) -> None:
    """9 of 12 after 8 of 10 is 5 points less."""
    found = {str(point.period): point for point in months.series("agreement_of_accepted")}
    moved, whole = found["2022-01"].on_year, difference(9, 12, 8, 10)
    assert (moved.value, moved.kind) == (Fraction(-1, 20), MovementKind.POINTS)
    assert (moved.lower, moved.upper, moved.method) == (whole.lower, whole.upper, whole.method)
    assert found["2022-03"].on_previous.reason is NoChange.MISSING
    assert found["2022-01"].on_previous.reason is NoChange.MISSING_BEFORE
    assert str(moved).startswith("-5.0 points (-")


def test_a_period_that_is_not_finished_is_marked_and_one_not_begun_has_no_figure(months: Trend) -> None:
    """A 0 of days that nobody watched would be a lie."""
    lines = [line for line in str(months).splitlines() if line.startswith("Reported")]
    assert lines[-2].split()[:5] == ["Reported", "2022-04", "(not", "finished)", "5"]
    assert lines[-1].split() == ["Reported", "2022-05", "(not", "begun)"]
    last = months.to_frame().row(16, named=True)
    assert (last["period"], last["count"], last["value"], last["reason"]) == ("2022-05", None, None, "not begun")


def test_the_last_watched_day_is_that_of_the_centre_that_stopped_first() -> None:
    """An instant in a day has not seen the whole of it."""
    noon = dt.datetime(2022, 4, 20, 12, tzinfo=dt.UTC)
    assert Watch.of().finished is None
    assert Watch.of(dt.date(2022, 4, 20)).finished == dt.date(2022, 4, 20)
    assert Watch.of(noon).finished == dt.date(2022, 4, 19)
    assert Watch.of({"east": dt.date(2022, 5, 1), None: noon}).finished == dt.date(2022, 4, 19)
    found = trend(in_polars(BOOK), "reported", first="2022-01", last="2022-04", observed_through=dt.date(2022, 4, 30))
    assert [point.state for point in found.points] == [""] * 4


def test_of_a_book_the_last_entry_is_the_end_of_what_was_watched() -> None:
    """A year that the book breaks off in is not finished, unless somebody says that it was watched to its end."""
    clock = simulate.Clock()
    with open_casebook("memory:", clock=clock) as book:
        simulate.fill(book, simulate.Scenario.centre(seed=2, cases=20, period=Period.parse("2022-H1")), clock=clock)
        halves = {"every": "half", "first": "2021-H2", "last": "2022-H2"}
        by_itself = trend(book, "reported", **halves)  # type: ignore[arg-type]
        told = trend(book, "reported", **halves, observed_through=dt.date(2022, 6, 30))  # type: ignore[arg-type]
        before = trend(book, "reported", **halves, known_at=dt.datetime(2022, 3, 1, tzinfo=dt.UTC))  # type: ignore[arg-type]
    assert [point.state for point in by_itself.points] == ["", "not finished", "not begun"]
    assert [point.state for point in told.points] == ["", "", "not begun"]
    assert told.points[1].figure.value == 20
    assert before.watched_through is not None and before.watched_through < dt.date(2022, 3, 1)


FIRST = st.sampled_from(["2022-01", "2022-02", "2022-03"])
EVERY = ["reported", "agreement_of_accepted", "days_to_conclusion", "clearance", "amount_agreed", "open_at_end"]


@FEW
@given(BOOKS, FIRST)
def test_every_figure_is_the_one_that_the_table_gives_for_the_period(rows: list[Cells], first: str) -> None:
    """Whatever the cases are, in every group."""
    asked = {"by": "centre", "observed_through": dt.date(2022, 4, 30)}
    found = trend(in_polars(rows), EVERY, first=first, last="2022-04", **asked)  # type: ignore[arg-type]
    for span in found.periods:
        whole = table(in_polars(rows), metrics=EVERY, period=span, **asked)  # type: ignore[arg-type]
        expected = {(row.group, row.metric.name): row.figure for row in whole.rows}
        got = {(p.group, p.metric.name): p.figure for p in found.points if p.period == span}
        assert got == expected
    for point in found.points:
        moved = point.on_previous
        assert (moved.value is None) == (moved.reason is not None)
        if moved.kind is MovementKind.POINTS and moved.lower is not None and moved.upper is not None:
            assert moved.value is not None and moved.lower - 1e-12 <= moved.value <= moved.upper + 1e-12


def test_a_break_of_the_definition_withholds_what_crosses_it() -> None:
    """And only that; it says what changed."""
    breaks: dict[Any, str] = {2022: "includes cases referred by courts"}
    found = trend(in_polars(BOOK), "reported", first="2021", last="2022", breaks=breaks)
    january, february, year_on = found["2022-01"], found["2022-02"], found["2022-02"].on_year
    assert january.on_previous == Movement(reason=NoChange.REDEFINED, what="includes cases referred by courts")
    assert february.on_previous.value == Fraction(2, 3) and year_on.reason is NoChange.REDEFINED
    assert "from 2022-01-01 on: includes cases referred by courts; no movement crosses it" in str(found)
    assert "no movement across 2022-01-01" in found.explain()
    assert found.to_frame()["previous_reason"][12] == "definition changes: includes cases referred by courts"


def test_without_the_break_the_change_would_be_printed() -> None:
    """The control: it is the break that withholds it."""
    plain = trend(in_polars(BOOK), "reported", first="2021", last="2022")
    assert plain["2022-02"].on_year.value == 1


def test_a_period_that_holds_both_definitions_is_compared_with_none() -> None:
    """Neither with the one before nor with the one after."""
    found = trend(in_polars(BOOK), "reported", first="2021", last="2022", every="quarter", breaks={"2021-02": "wider"})
    assert "both definitions are in 2021-Q1" in str(found)
    assert found["2021-Q2"].on_previous.reason is NoChange.REDEFINED
    assert found["2022-Q1"].on_year.reason is NoChange.REDEFINED
    assert found["2022-Q2"].on_previous.reason is None


def strict(version: int = 2) -> Proportion:
    before = catalogue()["agreement_of_accepted"]
    assert isinstance(before, Proportion)
    full = col("agreement").is_in(["full"], not_in=["partial", "none"]) & ~(col("agreement_form") == "oral")
    return attrs.evolve(before, numerator=full, version=version, source="our own")


def test_a_version_of_the_metric_takes_over_where_it_begins() -> None:
    """Each period is counted by the definition of its time."""
    rows = [*BOOK, *cases_of(1, 4, 0, agreement_form="oral"), *cases_of(1, 4, 0, 2021, agreement_form="oral")]
    found = trend(in_polars(rows), "agreement_of_accepted", first="2021", last="2022", breaks={"2022": strict()})
    before, after = found["2021-01"], found["2022-01"]
    assert (before.metric.version, before.figure.numerator) == (1, 12)  # type: ignore[union-attr]
    assert (after.metric.version, after.figure.numerator) == (2, 9)  # type: ignore[union-attr]
    assert after.on_year == Movement(reason=NoChange.REDEFINED, what="agreement_of_accepted: version 2")


@pytest.mark.parametrize(
    "breaks",
    [
        {"2019": "wider"},
        {"2022": ""},
        {"2022": 7},
        {"soon": "wider"},
        {"2022": strict(version=1)},
        {"2022-02": strict()},
        {"2022": catalogue()["reported"]},
    ],
)
def test_a_break_that_is_none_is_refused(breaks: dict[str, str | Metric]) -> None:
    """Outside of the series, unsaid, of no other version, within a period, of what is not asked for."""
    with pytest.raises(InvalidQuery):
        trend(in_polars(BOOK), "agreement_of_accepted", every="quarter", first="2021", last="2022", breaks=breaks)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"first": "2022", "last": "2021"}, "Swap"),
        ({"first": "2022-02", "last": "2022", "every": "quarter"}, "No quarter begins on 2022-02-01.*2022-Q1"),
        ({"first": "2022", "last": "2022-05", "every": "half"}, "No half ends on 2022-05-31.*2022-H1"),
        ({"first": "2022-01-03..2022-01-31", "last": "2022"}, "No month begins"),
        ({"first": "1900", "last": "2022"}, f"at most {MOST_PERIODS}"),
        ({"first": "2022", "last": "2022", "every": "week"}, "No length 'week'"),
        ({"first": "2022", "last": None}, "needs its first= and its last="),
        ({"first": "2022", "last": "2022", "by": "nowhere"}, "nowhere"),
        ({"first": "2022", "last": "2022", "on_the_spot": "both"}, "No reading"),
        ({"first": "2022", "last": "2022", "lang": "fr"}, "No labels"),
    ],
)
def test_a_series_that_is_none_is_refused(given_: dict[str, Any], why: str) -> None:
    """Before anything is counted."""
    with pytest.raises(InvalidQuery, match=why):
        trend(in_polars(BOOK), "reported", **given_)
    with pytest.raises(InvalidQuery, match="No metric 'nothing'"):
        trend(in_polars(BOOK), "nothing", first="2022", last="2022")


@pytest.mark.parametrize("every", list(Every))
def test_the_periods_follow_each_other_without_a_gap(every: Every) -> None:
    """And each has its own short name."""
    spans = periods(every, Period.parse("2019"), Period.parse("2024"))
    assert len(spans) == 6 * every.in_a_year
    assert all(one.last + dt.timedelta(days=1) == after.first for one, after in itertools.pairwise(spans))
    assert (spans[0].first, spans[-1].last) == (dt.date(2019, 1, 1), dt.date(2024, 12, 31))
    assert all(".." not in str(span) for span in spans)
    assert periods(every, Period.parse("9999"), Period.parse("9999"))[-1].last == dt.date.max


def test_years_have_one_column_of_changes() -> None:
    """For years the period before is the year before."""
    found = trend(in_polars(BOOK), "reported", every="year", first="2021", last="2022")
    assert found["2022"].on_previous == found["2022"].on_year
    assert str(found["2022"].on_year) == "+85.0 %"
    assert "on the period before" not in str(found) and "on the year before" in str(found)


def test_the_year_before_is_counted_and_need_not_be_shown(months: Trend) -> None:
    """The movements stay."""
    short = months.starting("2022")
    assert str(short.periods[0]) == "2022-01" and len(short.series("reported")) == 5
    assert short.series("reported")[0].on_year.value == Fraction(1, 5)
    with pytest.raises(InvalidQuery):
        months.starting("2030")


def test_the_kind_of_frame_makes_no_difference(months: Trend) -> None:
    """And each gets its own back."""
    pandas = trend(
        in_pandas(BOOK),
        ["reported", "agreement_of_accepted"],
        first="2021-01",
        last="2022-05",
        observed_through=dt.date(2022, 4, 20),
    )
    lazy = trend(in_polars(BOOK).lazy(), "reported", first="2021-01", last="2022-05")
    assert [point.figure for point in lazy.points] == [point.figure for point in months.series("reported")]
    assert pandas.points == months.points and pandas.to_json() == months.to_json()
    assert pandas.to_frame()["period"].tolist() == months.to_frame()["period"].to_list()


def test_it_prints_in_chinese_with_no_english_left(months: Trend) -> None:
    """环比 and 同比."""
    told = str(months.with_lang("zh")).replace("Wilson", "").replace("Newcombe", "")
    assert "环比" in told and "同比" in told and "-5.0 个百分点" in told and "2022-05 (未开始)" in told
    assert not any("a" <= letter <= "z" for letter in told.lower())


def test_the_notebook_gets_one_table_with_its_texts_escaped() -> None:
    """A break may say anything."""
    found = trend(in_polars(BOOK), "reported", first="2021", last="2022", breaks={"2022": "<i>more</i>"})
    page = Tags(found._repr_html_())
    assert page.open == [] and page.tags.count("table") == 1 and "i" not in page.tags and "<i>more</i>" in page.text


def test_it_is_passed_on_as_json(months: Trend) -> None:
    """With every movement and every reason."""
    found = json.loads(months.to_json())
    assert (found["every"], found["watched_through"]) == ("month", "2022-04-20")
    by_period = {(each["metric"], each["period"]): each for each in found["points"]}
    assert by_period["reported", "2022-01"]["on_year"] == {"value": 0.2, "kind": "relative", "interval": None}
    assert by_period["reported", "2022-01"]["on_previous"] == {"value": None, "reason": "from 0"}
    assert by_period["agreement_of_accepted", "2022-01"]["on_year"]["interval"]["method"].startswith("Newcombe")


def test_the_picture_breaks_its_line_and_speaks_chinese(months: Trend) -> None:
    """At a missing figure and at a new definition; the figure of an unfinished period is hollow."""
    chart = months.with_lang("zh").plot()
    drawn = texts(chart)
    assert "2022-04" in drawn and any("未结案件尚无结果" in text for text in drawn) and "登记" in drawn
    assert is_offline(chart) and png(chart).startswith(b"\x89PNG")
    broken = trend(in_polars(BOOK), "reported", first="2021", last="2022", breaks={"2022": "wider"}).plot()
    values = [value for data in broken.to_dict()["datasets"].values() for value in data]
    stretches = {value["period"]: value["stretch"] for value in values if "stretch" in value}
    assert stretches["2021-12"] != stretches["2022-01"] == stretches["2022-02"]


def test_a_picture_of_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, months: Trend) -> None:
    """And without the package the extra is named."""
    nothing = trend(in_polars([]), "agreement_of_accepted", first="2022-01", last="2022-02")
    assert [point.figure.reason for point in nothing.points] == ["no cases"] * 2
    with pytest.raises(InvalidQuery, match="Nothing to draw"):
        nothing.plot()
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[charts\]"):
        months.plot()


def test_more_lines_than_can_be_told_apart_are_not_drawn() -> None:
    """Eight colours, and no ninth that is the first again; each group alone can be drawn."""
    rows = [case(reported=day(month), centre=f"c{number}") for number in range(9) for month in (1, 2)]
    crowd = trend(in_polars(rows), "reported", first="2022-01", last="2022-02", by="centre")
    with pytest.raises(InvalidQuery, match="9 lines"):
        crowd.plot()
    fewer = trend(in_polars(rows[2:]), "reported", first="2022-01", last="2022-02", by="centre").plot()
    assert {f"c{number}" for number in range(1, 9)} <= set(texts(fewer))


def test_one_point_is_found_by_its_period(months: Trend) -> None:
    """Of one metric; of several it must be said which."""
    with pytest.raises(InvalidQuery, match="Which metric"):
        months["2022-01"]
    with pytest.raises(InvalidQuery):
        months.series("nothing")
    one = trend(in_polars(BOOK), "reported", first="2022-01", last="2022-03")
    with pytest.raises(KeyError):
        one["2022-07"]


def test_the_sentence_says_what_is_withheld(months: Trend) -> None:
    """One for each metric."""
    first, second = months.explain().splitlines()
    assert "for each month from 2021-01 to 2022-05" in first and "2022-04 is not finished" in first
    assert "counted over cases accepted (cohort); 1 open in all" in second and "periods without a figure" in second


def test_every_shipped_metric_has_a_trend_that_is_the_table_of_each_period() -> None:
    """All at once, and printed in both languages, whatever they count."""
    clock = simulate.Clock()
    with open_casebook("memory:", clock=clock) as book:
        simulate.fill(book, simulate.Scenario.centre(seed=4, cases=40, period=Period.parse("2022-H1")), clock=clock)
        facts = {name: book.facts(name).to_polars() for name in GRAINS}
    through = dt.date(2022, 6, 30)
    shipped = [*catalogue().values()]
    found = trend(facts, shipped, every="quarter", first="2022-Q1", last="2022-Q2", observed_through=through)
    for span in found.periods:
        whole = table(facts, metrics=shipped, period=span, observed_through=through)
        expected = {row.metric.name: row.figure for row in whole.rows}
        assert {each.metric.name: each.figure for each in found.points if each.period == span} == expected
    for told in (found, found.with_lang("zh")):
        assert str(told) and told._repr_html_() and len(told.explain().splitlines()) == len(shipped)
        assert told.to_frame().height == 2 * len(shipped) and json.loads(told.to_json())["points"]
