"""Units compared within strata: crude, adjusted, and observed over expected."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from community_mediation.errors import InvalidQuery, InvalidValue, MissingExtra
from community_mediation.metrics import (
    Comparison,
    compare,
    mantel_haenszel,
    observed_expected,
    standardised,
    table,
    wilson,
)
from tests.metrics.frames import BOOKS, FEW, Cells, case, in_pandas, in_polars
from tests.metrics.pictures import is_offline, png, texts
from tests.metrics.test_printing import Tags

Strata = dict[str, tuple[int, int]]


def cases_of(centre: str | None, strata: Strata) -> list[Cells]:
    return [
        case(
            accepted="at",
            concluded="at",
            centre=centre,
            dispute_type=None if name == "(unknown)" else name,
            agreement="full" if number < settled else "none",
        )
        for name, (settled, size) in strata.items()
        for number in range(size)
    ]


EASY, HARD = "neighbour", "inheritance"
A: Strata = {HARD: (4, 10), EASY: (81, 90)}
B: Strata = {HARD: (36, 90), EASY: (9, 10)}
C: Strata = {EASY: (30, 40), HARD: (10, 20), "(unknown)": (3, 5)}
SMALL: Strata = {EASY: (2, 4)}
WHOLE: Strata = {EASY: (122, 144), HARD: (50, 120), "(unknown)": (3, 5)}
"""A and B have the same shares in each stratum, 90 % and 40 %, and very different ones without."""

BOOK = [*cases_of("A", A), *cases_of("B", B), *cases_of("C", C), *cases_of("D", SMALL), *cases_of(None, {EASY: (1, 3)})]


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(in_polars(BOOK))


def test_what_differs_by_case_mix_alone_is_equal_once_it_is_adjusted(found: Comparison) -> None:
    """85 % and 45 % are both 67.3 % with the case mix of all."""
    a, b = found["A"], found["B"]
    assert (a.value, b.value) == (Fraction(85, 100), Fraction(45, 100))
    assert a.adjusted is not None and b.adjusted is not None
    by_hand = (144 * Fraction(9, 10) + 120 * Fraction(4, 10)) / 264
    assert a.adjusted.share == b.adjusted.share == by_hand


def test_it_is_what_the_pure_functions_give_for_the_counts_done_by_hand(found: Comparison) -> None:
    """Those of no unit are in no standard, those below the minimum are in it."""
    assert found.whole == WHOLE and found.nowhere == 3
    for name, strata in (("A", A), ("B", B), ("C", C)):
        unit = found[name]
        padded = {**dict.fromkeys(WHOLE, (0, 0)), **strata}
        assert {key: each for key, each in unit.strata.items() if each[1]} == strata
        assert unit.crude == wilson(unit.count, unit.size)
        mine, pure = unit.adjusted, standardised(padded, WHOLE)
        assert mine is not None and (mine.share, mine.covered) == (pure.share, pure.covered)
        assert mine.interval is not None and pure.interval is not None
        assert (mine.interval.lower, mine.interval.upper) == pytest.approx((pure.interval.lower, pure.interval.upper))
        expected = observed_expected(padded, WHOLE)
        assert unit.expected is not None
        assert (unit.expected.observed, unit.expected.expected) == (expected.observed, expected.expected)
        assert unit.expected.lower == pytest.approx(expected.lower)


def test_what_is_expected_may_come_from_the_rest() -> None:
    """Of few units the whole is half the unit itself."""
    rest = compare(in_polars(BOOK), against="rest")["A"].expected
    others = {name: (k - A.get(name, (0, 0))[0], n - A.get(name, (0, 0))[1]) for name, (k, n) in WHOLE.items()}
    assert rest is not None and rest.expected == observed_expected(A, others).expected


def test_strata_that_a_unit_lacks_are_said_with_their_cases(found: Comparison) -> None:
    """And how much of the whole the adjusted share is about."""
    lines = str(found).splitlines()
    assert next(line for line in lines if line.startswith("A ")).endswith("[1]")
    note = next(line for line in lines if line.startswith("[1]"))
    assert note == (
        "[1] adjusted to 98.1 % of all cases: the unit has none of the others; "
        "(unknown): no case of the unit, 5 cases left out"
    )
    assert "2 units lack some of the strata" in found.explain()


@pytest.mark.parametrize(
    ("strata", "cells"),
    [
        ("dispute_type", [{"dispute_type": None}, {"dispute_type": "(unknown)"}]),
        (
            ("dispute_type", "source"),
            [{"dispute_type": "a / b", "source": "c"}, {"dispute_type": "a", "source": "b / c"}],
        ),
    ],
)
def test_two_strata_that_read_alike_stay_two(strata: Any, cells: list[dict[str, Any]]) -> None:
    """No case is lost where the words of one stratum are those of another."""
    settled = {"accepted": "at", "concluded": "at", "agreement": "full"}
    rows = [case(centre=centre, **settled, **each) for centre in "AB" for each in cells for _ in range(10)]
    found = compare(in_polars(rows), strata=strata)
    assert (found["A"].size, sorted(found.whole.values())) == (20, [(20, 20), (20, 20)])


def test_a_unit_below_the_minimum_is_listed_and_not_judged(found: Comparison) -> None:
    """It has no share, and stays in the whole."""
    small = found["D"]
    assert not small.judged and small.adjusted is None and small.expected is None
    line = next(line for line in str(found).splitlines() if line.startswith("D "))
    assert line.split() == ["D", "2", "4", "too", "few", "to", "be", "judged"]
    row = found.to_frame().row(3, named=True)
    assert (row["judged"], row["value"], row["reason"]) == (False, None, "below 10")
    assert "units below 10 cases, not judged: 1, with 4 cases" in str(found) and "cases of no unit: 3" in str(found)


def test_of_exactly_two_units_the_difference_within_strata_is_given() -> None:
    """After Mantel and Haenszel: none here, though the crude shares lie 40 points apart."""
    two = compare(in_polars([*cases_of("A", A), *cases_of("B", B)]))
    pair = two.pair
    assert pair is not None and pair == mantel_haenszel(A, B) and pair.difference == 0
    assert pair.odds_ratio == 1
    assert "A less B: 0.0 percentage points" in str(two) and "200 cases in 2 strata, 0 left out" in str(two)
    crude = compare(in_polars([*cases_of("A", A), *cases_of("B", B)]), strata="channel")
    assert crude.pair is not None and crude.pair.difference == Fraction(2, 5)


def test_of_two_units_without_a_stratum_in_common_it_is_said() -> None:
    """Nothing can be compared within strata that only one of them has."""
    two = compare(in_polars([*cases_of("A", {EASY: (9, 12)}), *cases_of("B", {HARD: (9, 12)})]))
    assert two.pair is not None and two.pair.difference is None
    assert "A less B: no stratum has cases of both; 24 cases left out" in str(two)
    assert len(json.loads(two.to_json())["mantel_haenszel"]) == 7


def test_of_three_there_is_no_pair(found: Comparison) -> None:
    """Nor of two where a third is only too small: it would be passed over in silence."""
    assert found.pair is None
    assert compare(in_polars([*cases_of("A", A), *cases_of("B", B), *cases_of("D", SMALL)])).pair is None


@FEW
@given(BOOKS)
def test_the_crude_counts_are_those_of_the_table(rows: list[Cells]) -> None:
    """Whatever the cases are; the strata of all units add up to the whole."""
    frame = in_polars(rows)
    try:
        one = compare(frame, "agreement_of_reported", strata=["conclusion"], minimum=1)
    except InvalidQuery:
        return
    figures: dict[Any, Any] = {
        row.group: row.figure for row in table(frame, metrics="agreement_of_reported", by="centre").rows
    }
    for unit in one.units:
        assert (unit.count, unit.size) == (figures[unit.group].numerator, figures[unit.group].denominator)
    assert sum(unit.size for unit in one.units) == sum(size for _, size in one.whole.values())
    assert one.nowhere == (figures[(None,)].denominator if (None,) in figures else 0)


def test_units_stand_by_name(found: Comparison) -> None:
    """Never by their share."""
    assert [unit.group for unit in found.units] == [("A",), ("B",), ("C",), ("D",)]
    assert "not a ranking" in str(found)


def test_the_kind_of_frame_makes_no_difference(found: Comparison) -> None:
    """And each gets its own back."""
    pandas = compare(in_pandas(BOOK))
    assert pandas.units == found.units and pandas.to_json() == found.to_json()
    assert pandas.to_frame()["adjusted"].tolist()[:3] == found.to_frame()["adjusted"].to_list()[:3]


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"metric": "reported"}, "no share of cases"),
        ({"strata": ()}, "No strata"),
        ({"strata": "centre"}, "stands twice"),
        ({"strata": "nowhere"}, "nowhere"),
        ({"by": ()}, "say by which column"),
        ({"against": "the best"}, "Nothing 'the best'"),
        ({"minimum": 1_000}, "No unit reaches the minimum"),
    ],
)
def test_what_is_no_question_is_refused(given_: dict[str, Any], why: str) -> None:
    """With the reason, and what to do."""
    with pytest.raises(InvalidQuery, match=why):
        compare(in_polars(BOOK), **given_)
    with pytest.raises(InvalidValue):
        compare(in_polars(BOOK), minimum=0)


@pytest.mark.parametrize("rows", [[], cases_of("A", A), cases_of(None, A)])
def test_one_unit_or_none_is_nothing_to_compare(rows: list[Cells]) -> None:
    """Not a comparison of one."""
    with pytest.raises(InvalidQuery, match="nothing to compare"):
        compare(in_polars(rows))


def test_it_prints_in_chinese_with_no_english_left(found: Comparison) -> None:
    """But for the names of columns, strata and methods."""
    told = str(
        compare(
            in_polars(
                [*cases_of("A", A), *cases_of("B", B)],
            ),
            lang="zh",
        )
    )
    told += str(found.with_lang("zh"))
    assert "调整后" in told and "A 减 B：0.0 个百分点" in told and "该单位没有案件" in told
    assert json.loads(compare(in_polars(BOOK), lang="zh").to_json())["whole"]["(未知)"] == [3, 5]
    for name in ("A", "B", "C", "D", EASY, HARD, "centre", "dispute_type", "Wilson", "stratified", "Mantel-Haenszel",
                 "Sato", "exact", "score", "Poisson-binomial", "unknown"):  # fmt: skip
        told = told.replace(name, "")
    assert not any("a" <= letter <= "z" for letter in told.lower())


def test_the_notebook_gets_one_table_with_its_texts_escaped() -> None:
    """A kind of dispute may be called anything."""
    rows = [*cases_of("<b>", A), *cases_of("B", {EASY: (9, 12), "<i>": (1, 2)})]
    page = Tags(compare(in_polars(rows))._repr_html_())
    assert page.open == [] and page.tags.count("table") == 1 and not {"b", "i"} & set(page.tags)
    assert "<b>" in page.text and "<i>: no case of the unit" in page.text


def test_the_picture_has_both_shares_of_each_unit(found: Comparison) -> None:
    """In Chinese too; it loads nothing."""
    chart = found.with_lang("zh").plot()
    drawn = texts(chart)
    assert {"A", "B", "C", "原始", "按 dispute_type 调整"} <= set(drawn) and "D" not in drawn
    assert is_offline(chart) and png(chart).startswith(b"\x89PNG")


def test_without_its_package_the_extra_is_named(found: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words all do without."""
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[charts\]"):
        found.plot()


def test_mediators_are_not_for_the_public() -> None:
    """A column that names persons is enough."""
    rows = [{**row, "mediator": row["centre"]} for row in [*cases_of("A", A), *cases_of("B", B)]]
    frame = in_polars([{name: cell for name, cell in row.items() if name != "mediator"} for row in rows])
    frame = frame.with_columns(pl.Series("mediator", [row["mediator"] for row in rows]))
    one = compare(frame, by="mediator")
    assert one.confidential and "not for a public report" in str(one) and "public report" in one.explain()
    assert any("public report" in text for text in texts(one.plot()))
