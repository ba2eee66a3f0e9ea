"""The ladder of denominators as one object."""

from __future__ import annotations

import json
import sys
from fractions import Fraction

import attrs
import pytest
from hypothesis import given

from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.metrics import LADDER, Ladder, Reach, ladder, table
from tests.metrics.frames import BOOKS, DAY, FEW, Cells, case, in_pandas, in_polars
from tests.metrics.pictures import is_offline, png, texts
from tests.metrics.test_printing import Tags

CLIMBED = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY}
JOINT = {**CLIMBED, "joint_session": DAY}
NEVER = dict.fromkeys(LADDER[1:], "not_reached")

BOOK: list[Cells] = [
    *[case(**JOINT, agreement="full", centre="east")] * 5,
    *[case(**JOINT, agreement="partial", centre="西城")] * 2,
    *[case(**CLIMBED, joint_session="not_reached", agreement="none", centre="east")] * 3,
    *[case(**CLIMBED, joint_session="not_reached", agreement="open", centre="east")] * 2,
    *[case(**NEVER, agreement="none", centre="西城")] * 4,
    *[case(**NEVER, agreement="full", on_the_spot=True, centre="西城")] * 3,
    case(agreement="unknown", centre=None),
    case(**CLIMBED, agreement="none", conclusion="void", centre="east"),
]
"""Done by hand: 20 cases and a void one."""


@pytest.fixture(scope="module")
def both() -> Ladder:
    return ladder(in_polars(BOOK), on_the_spot="both")


def test_the_rungs_are_those_of_the_table_done_by_hand(both: Ladder) -> None:
    """Implied: three settlements on the spot stand on every rung. As recorded: on the first alone."""
    found = {
        (each.reading.value, each.rung): (
            each.cases,
            each.unknown,
            each.below,
            each.agreement.numerator,
            each.agreement.denominator,
            each.full.numerator,
            each.in_part,
        )
        for each in both.rungs
    }
    middle = (15, 1, 4, 10, 13, 8, 2)
    recorded = (12, 1, 7, 7, 10, 5, 2)
    assert found == {
        ("implied", "reported"): (20, 0, 0, 10, 19, 8, 2),
        **{("implied", name): middle for name in ("accepted", "agreed_to_mediate", "begun")},
        ("implied", "joint_session"): (10, 1, 9, 10, 10, 8, 2),
        ("as_recorded", "reported"): (20, 0, 0, 10, 19, 8, 2),
        **{("as_recorded", name): recorded for name in ("accepted", "agreed_to_mediate", "begun")},
        ("as_recorded", "joint_session"): (7, 1, 12, 7, 7, 5, 2),
    }


def test_uptake_times_agreement_is_effective_reach_in_whole_cases(both: Ladder) -> None:
    """Open cases have not agreed yet; what agreed without a mediation is beside it; the unknown is in none."""
    implied, recorded = both.reach(), both.reach(reading="as_recorded")
    assert implied == Reach(rung="begun", reported=19, taken_up=15, agreed=10, undecided=2, elsewhere=0, unknown=1)
    assert recorded == Reach(rung="begun", reported=19, taken_up=12, agreed=7, undecided=2, elsewhere=3, unknown=1)
    assert "uptake 15 of 19 (78.9 %) x agreement 10 of 15 (66.7 %) = effective reach 10 of 19 (52.6 %)" in str(both)
    assert "as recorded: uptake 12 of 19" in str(both) and "agreed without a mediation begun: 3, not in it" in str(both)


def multiplies(reach: Reach) -> bool:
    """The identity holds, exactly."""
    if reach.uptake is None or reach.agreement is None:
        return not reach.agreed
    return reach.uptake * reach.agreement == reach.value


def test_a_product_of_shares_over_other_cases_is_caught(both: Ladder) -> None:
    """The control: with open cases left out of one denominator alone the identity fails."""
    found = both.reach()
    assert multiplies(found)
    share = both["begun"].agreement.value
    assert share is not None and found.uptake is not None and found.uptake * share != found.value
    assert not multiplies(
        attrs.evolve(found, agreed=found.agreed, taken_up=found.taken_up - found.undecided, reported=0)
    )


@FEW
@given(BOOKS)
def test_each_rung_is_the_agreement_rate_of_that_name(rows: list[Cells]) -> None:
    """Whatever the cases are; and the rungs are nested, each case on, below or unknown."""
    for reading in ("implied", "as_recorded"):
        found = ladder(in_polars(rows), by="centre", on_the_spot=reading)
        rates = table(
            in_polars(rows), metrics=[f"agreement_of_{name}" for name in LADDER], by="centre", on_the_spot=reading
        )
        expected = {(row.group, row.metric.name): row.figure for row in rates.rows}
        assert {(each.group, each.agreement.metric.name): each.agreement for each in found.rungs} == expected
        for each in found.rungs:
            left_out = sum(count for _, count in each.agreement.excluded)
            assert each.cases + each.unknown + each.below + left_out == each.agreement.basis_cases
            assert each.full.denominator == each.agreement.denominator
            assert each.full.numerator <= each.agreement.numerator
            assert multiplies(Reach.of(each))
        total = [each.cases for each in found.total]
        assert total == sorted(total, reverse=True)


def test_the_kind_of_frame_makes_no_difference() -> None:
    """And each gets its own back."""
    polars, pandas = ladder(in_polars(BOOK), by="centre"), ladder(in_pandas(BOOK), by="centre")
    assert polars.rungs == pandas.rungs and polars.to_json() == pandas.to_json()
    rows = polars.to_frame().to_dicts()
    assert pandas.to_frame().astype(object).where(lambda each: each.notna(), None).to_dict("records") == rows
    assert [row["cases"] for row in rows if row["total"]] == [20, 15, 15, 15, 10]


def test_it_prints_in_chinese_with_no_english_left(both: Ladder) -> None:
    """But for the names of methods."""
    told = str(both.with_lang("zh")).replace("Wilson", "")
    assert "分母阶梯" in told and "有效覆盖 10 / 19（52.6 %）" in told
    assert not any("a" <= letter <= "z" for letter in told.lower())


def test_the_sentence_says_what_was_counted_and_left_out(both: Ladder) -> None:
    """One for each reading."""
    first, second = both.explain().splitlines()
    assert "Of the 21 cases reported at any time (cohort), 1 void left out" in first
    assert "15 mediations begun, unknown of 1, agreed 10 of 13" in first
    assert "12 mediations begun, unknown of 1, agreed 7 of 10" in second


def test_the_notebook_gets_one_table_with_its_texts_escaped() -> None:
    """A centre may call itself anything."""
    page = Tags(ladder(in_polars([case(centre="<b>&")]), by="centre", lang="zh")._repr_html_())
    assert page.open == [] and page.tags.count("table") == 1 and "b" not in page.tags and "<b>&" in page.text


def test_it_is_passed_on_as_json(both: Ladder) -> None:
    """With the reach, and every part of each figure."""
    found = json.loads(both.to_json())
    assert found["format"] == "community-mediation/ladder"
    assert found["reach"][1] == {
        "on_the_spot": "as_recorded",
        "rung": "begun",
        "reported": 19,
        "taken_up": 12,
        "agreed": 7,
        "undecided": 2,
        "elsewhere": 3,
        "unknown": 1,
    }
    assert [each["agreement"]["numerator"] for each in found["rungs"]][:2] == [10, 10]


def test_the_picture_shows_both_counts_of_each_rung_in_chinese(both: Ladder) -> None:
    """And loads nothing."""
    chart = both.with_lang("zh").plot()
    drawn = texts(chart)
    assert "10 / 13 = 76.9 %   未知 1" in drawn and "启动调解的案件" in drawn
    assert "当场调解: 按记录" in drawn and is_offline(chart) and png(chart).startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore")
def test_a_picture_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="Nothing to draw"):
        ladder(in_polars([])).plot()


def test_without_its_package_the_extra_is_named(both: Ladder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[charts\]"):
        both.plot()


def test_no_cases_are_a_stated_absence() -> None:
    """Not a rate of nothing."""
    found = ladder(in_polars([]))
    assert [(each.cases, each.agreement.reason) for each in found.rungs] == [(0, "no cases")] * 5
    assert "no effective reach" in str(found) and found.reach().value is None


def test_what_is_no_question_is_refused(both: Ladder) -> None:
    for bad in ({"on_the_spot": "sometimes"}, {"period": "2022-13"}, {"by": "nowhere"}, {"lang": "fr"}):
        with pytest.raises(InvalidQuery):
            ladder(in_polars(BOOK), **bad)  # type: ignore[arg-type]
    with pytest.raises(InvalidQuery):
        both.reach("nowhere")
    with pytest.raises(KeyError):
        both["nowhere"]
    assert both["begun"].agreement.value == Fraction(10, 13)
