"""Units in a funnel: judged by chance, never ranked."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery, InvalidValue, MissingExtra
from community_mediation.facts.tables import CASE_TABLES
from community_mediation.metrics import (
    Concentration,
    Funnel,
    concentration,
    funnel,
    funnel_limits,
    funnel_of,
    table,
)
from tests.metrics.frames import BOOKS, FEW, TYPES, Cells, case, in_pandas, in_polars
from tests.metrics.pictures import is_offline, png, texts
from tests.metrics.test_movements import answers
from tests.metrics.test_printing import Tags

ENDED = {"accepted": "at", "concluded": "at"}


def centre(name: str | None, settled: int, other: int, *, still: int = 0) -> list[Cells]:
    cells = {**ENDED, "centre": name}
    return [
        *[case(**cells, agreement="full") for _ in range(settled)],
        *[case(**cells, agreement="none") for _ in range(other)],
        *[case(accepted="at", centre=name, agreement="open") for _ in range(still)],
    ]


COUNTS = {
    "east": (40, 10),
    "north": (160, 40),
    "south": (50, 50),
    "tiny": (1, 3),
    "west": (76, 24),
    "西城": (30, 5),
}
BOOK = [row for name, (settled, other) in COUNTS.items() for row in centre(name, settled, other)]
BOOK += [*centre(None, 7, 2), *centre("unheard", 0, 0, still=2)]


@pytest.fixture(scope="module")
def found() -> Funnel:
    return funnel(in_polars(BOOK))


def test_the_counts_are_those_of_the_table(found: Funnel) -> None:
    """And so is everything that was left out."""
    whole = table(in_polars(BOOK), metrics="agreement_of_accepted", by="centre")
    figures = {row.group: row.figure for row in whole.rows}
    assert {unit.group: unit.figure for unit in found.units} == {
        group: figure for group, figure in figures.items() if group not in ((), (None,))
    }
    assert found.total == figures[()] and found.nowhere == figures[(None,)]
    assert {unit.group[0]: (unit.figure.numerator, unit.size) for unit in found.judged} == {
        name: (settled, settled + other) for name, (settled, other) in COUNTS.items() if name != "tiny"
    }


def test_the_limits_are_exact_ones_about_all_units_together(found: Funnel) -> None:
    """357 of 489, those of no unit left out."""
    assert found.target == Fraction(357, 489) and found.stated == "overall"
    for unit in found.judged:
        assert unit.point is not None
        for limits in unit.point.limits:
            assert limits == funnel_limits(unit.size, target=357 / 489, level=limits.level)
    assert "target 73.0 %: all units together (binomial limits)" in str(found)


def test_it_is_the_funnel_of_the_same_counts(found: Funnel) -> None:
    """Alarms, over-dispersion and where each unit lies."""
    counts = {name: (settled, settled + other) for name, (settled, other) in COUNTS.items()}
    pure = funnel_of(counts, target=357 / 489)
    assert found.found == pure
    assert found["south"].outside == "below 99.8 %" and [unit.group for unit in found.outside()] == [("south",)]
    seen = {alarms.level: alarms.seen for alarms in found.alarms}
    assert seen == {0.95: len(found.outside(0.95)), 0.998: 1}
    for alarms in found.alarms:
        words = f"{alarms.seen} of 5 units outside the {100 * alarms.level:g} % limits; {alarms.expected:.1f} expected"
        assert words in str(found)


def test_a_unit_below_the_minimum_is_listed_and_not_judged(found: Funnel) -> None:
    """Nor one of which nothing is known yet; neither has a share."""
    assert [unit.group for unit in found.not_judged] == [("tiny",), ("unheard",)]
    lines = {line.split()[0]: line for line in str(found).splitlines() if line}
    assert lines["tiny"].split() == ["tiny", "1", "4", "too", "few", "to", "be", "judged"]
    assert lines["unheard"].split() == ["unheard", "open:", "2"]
    assert "25.0 %" not in str(found) and "units below 10 cases, not judged: 1, with 4 cases" in str(found)
    rows = {row["centre"]: row for row in found.to_frame().to_dicts()}
    assert rows["tiny"]["judged"] is False and rows["tiny"]["lower_95"] is None
    assert (rows["tiny"]["reason"], rows["unheard"]["reason"]) == ("below 10", "open: 2")
    assert rows["south"]["outside"] == "below 99.8 %" and rows["south"]["upper_99_8"] < 1


def is_ranked(shares: list[Fraction]) -> bool:
    """In order of the shares, up or down."""
    return shares in (sorted(shares), sorted(shares, reverse=True))


def test_units_stand_by_name_or_by_size_and_never_by_their_share(found: Funnel) -> None:
    """An order by the share is refused, and a list in it would be caught."""
    names = [unit.group[0] for unit in found.units]
    assert names == sorted(names)
    by_size = funnel(in_polars(BOOK), order="size")
    sizes = [unit.size for unit in by_size.units]
    assert sizes == sorted(sizes, reverse=True)
    shares = [Fraction(unit.figure.value) for unit in found.judged if unit.figure.value is not None]
    assert not is_ranked(shares) and is_ranked(sorted(shares))
    for order in ("value", "rate", "share", "rank"):
        with pytest.raises(InvalidQuery, match="ranking"):
            funnel(in_polars(BOOK), order=order)
    assert "rank" not in str(found).replace("not a ranking", "")


def test_each_unit_may_be_compared_with_the_rest() -> None:
    """Given what all have together: the target of each is the share of all others."""
    rest = funnel(in_polars(BOOK), target="rest")
    assert rest.target is None and rest.stated == "rest"
    point = rest["south"].point
    assert point is not None and point.target == pytest.approx((357 - 50) / (489 - 100))
    assert point.limits[0] == funnel_limits(100, whole=(357, 489))
    assert "compared with the rest (hypergeometric limits)" in str(rest) and "the rest" in str(rest).splitlines()[2]


def test_a_target_may_be_given() -> None:
    """As an exact number; 0.8 is four fifths."""
    given_ = funnel(in_polars(BOOK), target=0.8)
    assert given_.target == Fraction(4, 5) and given_.stated == "given"
    assert given_["east"].point == funnel(in_polars(BOOK), target=Fraction(4, 5))["east"].point
    assert "target 80.0 %: given" in str(given_)


@pytest.mark.parametrize("widen", ["additive", "multiplicative"])
def test_the_limits_are_widened_on_request_and_it_is_said(widen: str, found: Funnel) -> None:
    """And by the same formula in the picture as in the table."""
    wide = funnel(in_polars(BOOK), widen=widen)
    assert f"limits widened, {widen}" in str(wide) and "limits not widened" in str(found)
    narrow, wider = found["south"].point, wide["south"].point
    assert narrow is not None and wider is not None and wider.limits[0].lower < narrow.limits[0].lower
    values = [value for data in wide.plot().to_dict()["datasets"].values() for value in data]
    drawn = {(v["size"], v["side"]): v["value"] for v in values if "side" in v}
    assert drawn[200, "lower 95 % control limits"] == wide["north"].point.limits[0].lower  # type: ignore[union-attr]


@FEW
@given(BOOKS, st.sampled_from(["agreement_of_reported", "agreement_of_accepted", "uptake_of_reported"]))
def test_any_share_has_a_funnel_or_a_reason_why_not(rows: list[Cells], metric: str) -> None:
    """Its counts are those of the table; a question that has no answer is refused as such."""
    frame = in_polars(rows)
    try:
        one = funnel(frame, metric, minimum=1)
    except InvalidQuery:
        return
    whole = {row.group: row.figure for row in table(frame, metrics=metric, by="centre").rows}
    for unit in one.units:
        assert unit.figure == whole[unit.group]
        assert (unit.point is None) == (bool(unit.figure.reason) or unit.size < 1)
    assert sum(alarms.units for alarms in one.alarms) == 2 * len(one.judged)


def test_the_kind_of_frame_makes_no_difference(found: Funnel) -> None:
    """And each gets its own back."""
    pandas = funnel(in_pandas(BOOK))
    assert pandas.units == found.units and pandas.to_json() == found.to_json()
    assert pandas.to_frame()["centre"].tolist() == found.to_frame()["centre"].to_list()


MEDIATORS = [
    {"matter_id": f"m{number}", "row": f"{number}/1", "mediator": f"mediator-{number % 4}", "role": "lead"}
    for number in range(len(BOOK))
]


def mediated() -> dict[str, Any]:
    schema = next(each for each in CASE_TABLES if each.table == "case_mediator")
    rows = [{name: row.get(name) for name in schema.names} for row in MEDIATORS]
    begun = [{**row, "begun": "at", "agreed_to_mediate": "at"} for row in BOOK]
    frame = pl.DataFrame(rows, schema={column.name: TYPES[column.type] for column in schema.columns})
    return {"case": in_polars(begun), "case_mediator": frame}


def test_a_funnel_of_mediators_says_that_it_is_not_for_the_public() -> None:
    """It shows persons; one of centres does not."""
    one = funnel(mediated(), "mediator_agreement_of_begun", by="mediator")
    assert one.confidential and "not for a public report" in str(one) and "not for a public report" in one.explain()
    assert any("not for a public report" in text for text in texts(one.plot()))
    assert json.loads(one.to_json())["confidential"] is True
    assert "public" not in str(funnel(in_polars(BOOK)))


def test_rows_of_one_case_are_said_to_make_the_limits_too_narrow() -> None:
    """Two answers of one quarrel are not two independent witnesses; of cases nothing of the kind is said."""
    cases = [case(centre="east" if number % 2 else "west") for number in range(24)]
    tables = {"case": in_polars(cases), "case_answer": answers(24)}
    one = funnel(tables, "would_mediate_again_of_answers")
    words = "several rows are of one case: the limits are too narrow"
    assert [unit.size for unit in one.units] == [24, 24] and words in str(one)
    assert any(words in text for text in texts(one.plot())) and words not in str(funnel(in_polars(BOOK)))


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"metric": "reported"}, "no share of cases"),
        ({"metric": "days_to_conclusion"}, "no share of cases"),
        ({"metric": "nothing"}, "No metric"),
        ({"metric": "resolution_rate"}, "named by its denominator"),
        ({"by": ()}, "say by which column"),
        ({"by": "nowhere"}, "nowhere"),
        ({"target": "some"}, "between 0 and 1"),
        ({"target": 85}, "between 0 and 1"),
        ({"widen": "wide"}, "No way to widen"),
        ({"minimum": 1_000}, "No unit reaches the minimum"),
        ({"on_the_spot": "both"}, "No reading"),
    ],
)
def test_what_is_no_question_is_refused(given_: dict[str, Any], why: str) -> None:
    """With the reason, and what to do."""
    with pytest.raises(InvalidQuery, match=why):
        funnel(in_polars(BOOK), **given_)
    with pytest.raises(InvalidValue):
        funnel(in_polars(BOOK), levels=[95])


@pytest.mark.parametrize("rows", [[], centre("east", 30, 10), centre(None, 30, 10)])
def test_one_unit_or_none_is_nothing_to_compare(rows: list[Cells]) -> None:
    """Not a funnel of one."""
    with pytest.raises(InvalidQuery, match="nothing to compare"):
        funnel(in_polars(rows))


def test_where_all_or_none_agree_nobody_is_outside() -> None:
    """A target of 0 or 1 has no room about it."""
    for settled, other in ((20, 0), (0, 20)):
        one = funnel(in_polars([*centre("east", settled, other), *centre("west", settled, other)]))
        assert [unit.outside for unit in one.units] == ["", ""] and one.plot() is not None


def test_it_prints_in_chinese_with_no_english_left(found: Funnel) -> None:
    """But for the names of centres and of a method."""
    told = str(found.with_lang("zh"))
    assert "5 个单位中 1 个超出 99.8 % 界限" in told and "低于 99.8 % 界限" in told
    for name in (*COUNTS, "unheard", "centre", "phi", "tau", "DerSimonian-Laird"):
        told = told.replace(name, "")
    assert not any("a" <= letter <= "z" for letter in told.lower())


def test_the_notebook_gets_one_table_with_its_texts_escaped() -> None:
    """A centre may call itself anything."""
    one = funnel(in_polars([*centre("<b>&", 20, 4), *centre("east", 20, 4)]))
    page = Tags(one._repr_html_())
    assert page.open == [] and page.tags.count("table") == 1 and "b" not in page.tags and "<b>&" in page.text


def test_the_picture_names_those_outside_and_speaks_chinese(found: Funnel) -> None:
    """And nobody else; it loads nothing."""
    chart = found.with_lang("zh").plot()
    drawn = texts(chart)
    assert "south" in drawn and "north" in drawn and "east" not in drawn and "受理的案件" in drawn
    assert any("仅因偶然预期" in text for text in drawn)
    assert is_offline(chart) and png(chart).startswith(b"\x89PNG")


def test_a_unit_that_dwarfs_the_others_does_not_heap_them_up() -> None:
    """Then the sizes are on a logarithmic axis."""
    rows = [*centre("east", 8, 3), *centre("west", 900, 300), *centre("south", 9, 4)]
    chart = funnel(in_polars(rows)).plot()
    assert '"log"' in chart.to_json() and '"log"' not in funnel(in_polars(BOOK)).plot().to_json()
    assert {"east", "west"}.isdisjoint(texts(chart))


def test_without_its_package_the_extra_is_named(found: Funnel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words all do without."""
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[charts\]"):
        found.plot()


def test_the_sentence_says_what_was_counted_and_left_out(found: Funnel) -> None:
    """One sentence."""
    told = found.explain()
    assert "by centre: 5 units with 485 in the denominator, each compared with 73.0 % (overall)" in told
    assert "2 units not judged" in told and "9 of no unit left out" in told and "\n" not in told


@pytest.fixture(scope="module")
def load() -> Concentration:
    return concentration(in_polars(BOOK), "centre")


def test_concentration_is_that_done_by_hand(load: Concentration) -> None:
    """200 of 491 cases are in the busiest of seven centres; nine are of none."""
    counts = [50, 200, 100, 4, 100, 35, 2]
    assert dict(load.counts)[("north",)] == 200 and load.cases == 491 and load.nowhere == 9
    assert load.busiest() == (1, Fraction(200, 491))
    assert load.busiest(0.3) == (3, Fraction(400, 491))
    assert load.index == Fraction(sum(count**2 for count in counts), 491**2)
    assert load.by_chance == Fraction(1, 7) + Fraction(6, 7) / 491
    assert 1 <= load.effective <= 7
    assert "share of the busiest tenth (1 units)  40.7 %" in str(load) and "of no unit, in no share: 9" in str(load)
    assert "最忙十分之一" in str(load.with_lang("zh")) and load.to_frame()["count"].sum() == 491
    assert "the busiest 1 of 7 units that have any have 40.7 % of 491" in load.explain()
    assert (
        Tags(load._repr_html_()).open == []
        and is_offline(load.plot())
        and "busiest part of units" in texts(load.plot())
    )


def test_the_load_of_mediators_is_not_for_the_public() -> None:
    """Each case in full for each who worked on it."""
    one = concentration(mediated())
    assert one.total.metric.name == "assignments" and one.confidential and "public report" in str(one)


def test_a_load_of_nothing_is_refused(load: Concentration) -> None:
    """As is one of shares, and a part that is none."""
    with pytest.raises(InvalidQuery, match="has any"):
        concentration(in_polars([]), "centre")
    with pytest.raises(InvalidQuery, match="has any"):
        concentration(in_polars(BOOK), "centre", period="1999")
    with pytest.raises(InvalidQuery, match="is no count"):
        concentration(in_polars(BOOK), "centre", "agreement_of_accepted")
    with pytest.raises(InvalidQuery, match="between 0 and 1"):
        load.busiest(2)
