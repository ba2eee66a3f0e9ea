"""Checking a published table: what each check finds, and what it says where nothing can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.metrics import (
    ChangeCheck,
    CheckedFigure,
    CheckedTable,
    FigureCheck,
    Fit,
    PartsCheck,
    ProductCheck,
    RateCheck,
    SameCheck,
    ShareCheck,
    SumCheck,
    check_table,
    percent,
)

RATE = RateCheck(of="settled", over="filed", published="rate")


def one(row: dict[str, Any], check: FigureCheck, **options: Any) -> CheckedFigure:
    (found,) = check_table([row], check, **options)
    return found


# ------------------------------------------------------------------ within a row


def test_a_rate_says_its_columns_its_numbers_and_both_percentages() -> None:
    found = one({"place": "A", "filed": 90, "settled": 72, "rate": "80.1 %"}, RATE, label="place")
    assert str(found) == "A: rate = settled / filed: 72 / 90 = 80.0 %; printed 80.1 %: no fit (-0.1)"


def test_columns_may_be_added_up_and_taken_away_on_both_sides() -> None:
    check = RateCheck(of=("full", "partial"), over=("filed", "-pending"), published="rate")
    found = one({"full": 50, "partial": 22, "filed": 100, "pending": 10, "rate": "80 %"}, check)
    assert (found.working, found.how) == ("(50 + 22) / (100 - 10)", Fit.HALF_UP)


def test_a_rate_that_nobody_printed_is_computed() -> None:
    found = one({"filed": 90, "settled": 72}, RateCheck(of="settled", over="filed"))
    assert (found.how, found.recomputed, found.printed, found.difference) == (Fit.NOT_PRINTED, "80.00 %", None, None)


@pytest.mark.parametrize(
    ("per", "text", "how"),
    [(100, "33.3", "half-up"), (1, "0.333", "half-up"), (1, "0.34", "rounded up"), (10_000, "3333", "half-up")],
)
def test_a_rate_may_be_printed_per_hundred_per_one_or_per_ten_thousand(per: int, text: str, how: str) -> None:
    """With or without a sign."""
    row = {"yes": 1, "all": 3, "rate": text}
    assert one(row, RateCheck(of="yes", over="all", published="rate", per=per)).how == how


def test_a_percentage_without_its_sign_is_no_exact_count() -> None:
    """476 万 of 502 万 is about 94.8 %, and prints as 95."""
    row = {"yes": "476 万", "all": "502 万", "rate": "95"}
    found = one(row, RateCheck(of="yes", over="all", published="rate"))
    assert (str(found.printed), found.how) == ("95 %", Fit.HALF_UP)


@pytest.mark.parametrize("nothing", [None, "", " ", float("nan"), pd.NA, pd.NaT])
def test_an_empty_cell_of_any_library_is_empty(nothing: Any) -> None:
    assert one({"filed": 90, "settled": 72, "rate": nothing}, RATE).how is Fit.NOT_PRINTED


def test_an_empty_cell_is_a_rate_that_nobody_printed() -> None:
    assert one({"filed": 90, "settled": 72, "rate": ""}, RATE).how is Fit.NOT_PRINTED


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"filed": 90, "settled": "", "rate": "80 %"}, "settled not printed"),
        ({"filed": 90, "settled": "n/a", "rate": "80 %"}, "settled not printed"),
        ({"filed": 0, "settled": 0, "rate": "0 %"}, "a denominator that may be 0"),
        ({"filed": "0.4 万", "settled": 5, "rate": "1 %"}, ""),
        ({"filed": 90, "settled": 72, "rate": "four fifths"}, "no figure in rate"),
    ],
)
def test_what_cannot_be_checked_says_why(row: dict[str, Any], reason: str) -> None:
    found = one(row, RATE)
    assert found.reason == reason and (found.how is Fit.NOT_CHECKED) is bool(reason)


def test_a_row_that_says_nothing_is_passed_over() -> None:
    assert len(check_table([{"filed": 90, "settled": None, "rate": None}], RATE)) == 0


def test_a_sum_that_does_not_balance_is_found_with_its_difference() -> None:
    """Andulbaria Union 2012-13: 23 received, and 30 that ended."""
    row = {"received": 23, "settled": 16, "cancelled": 13, "unsettled": 1}
    found = one(row, SumCheck(parts=("settled", "cancelled", "unsettled"), total="received"))
    assert (found.how, found.gap, found.working) == (Fit.DOES_NOT_BALANCE, "+7", "16 + 13 + 1")
    assert found.how.disagrees and not found.how.agrees


def test_rounded_parts_may_miss_their_total_by_their_rounding() -> None:
    row = {"a": "43 %", "b": "22 %", "c": "18 %", "d": "12 %", "e": "6 %", "all": "100 %"}
    assert one(row, SumCheck(parts=tuple("abcde"), total="all")).how is Fit.WITHIN_ROUNDING
    assert one({**row, "a": "46 %"}, SumCheck(parts=tuple("abcde"), total="all")).how is Fit.DOES_NOT_BALANCE


def test_savings_said_to_be_rounded_are_compared_at_their_printed_precision() -> None:
    """4.3 billion at 9,500 a case: 452,632 cases print so, 460,000 do not."""
    check = ProductCheck(of="settled", times=9_500, published="saved")
    units = {"saved": "PHP (rounded)"}
    assert one({"settled": 452_632, "saved": 4_300_000_000}, check, units=units).how.agrees
    assert one({"settled": 470_000, "saved": 4_300_000_000}, check, units=units).how.disagrees


# ------------------------------------------------------------------ from row to row

TREE = [
    {"year": 2020, "type": "All", "part_of": "", "cases": 100, "percent": "100"},
    {"year": 2020, "type": "Family", "part_of": "All", "cases": 60, "percent": "60"},
    {"year": 2020, "type": "Other", "part_of": "All", "cases": 40, "percent": "40"},
    {"year": 2021, "type": "All", "part_of": "", "cases": 110, "percent": "100"},
    {"year": 2021, "type": "Family", "part_of": "All", "cases": 66, "percent": "60"},
    {"year": 2021, "type": "Other", "part_of": "All", "cases": 45, "percent": "41"},
]
SHARE = ShareCheck(of="cases", published="percent", name="type", whole="All", within="year")
PARTS = PartsCheck(of="cases", name="type", parent="part_of", within="year")


def test_shares_and_parts_are_those_of_their_own_year() -> None:
    found = check_table(TREE, [SHARE, PARTS], label=("year", "type"), units={"percent": "%"})
    assert [str(figure.how) for figure in found] == ["half-up"] * 6 + ["balances", "does not balance"]
    assert [figure.gap for figure in found.problems] == ["+1"]


def test_a_parent_without_a_row_is_computed() -> None:
    found = check_table(TREE[1:3], PARTS)
    assert [(figure.where, figure.how, figure.recomputed) for figure in found] == [("2020 All", Fit.NOT_PRINTED, "100")]


def test_a_total_with_no_row_is_told() -> None:
    found = check_table(TREE[1:3], SHARE, units={"percent": "%"})
    assert {figure.verdict for figure in found} == {"cannot be checked: cases of All not printed"}


@pytest.mark.parametrize("check", [SHARE, PARTS])
def test_a_total_with_two_rows_is_no_total(check: FigureCheck) -> None:
    with pytest.raises(InvalidQuery, match="'All' has several rows"):
        check_table([*TREE, TREE[0]], check)


def test_a_figure_in_two_units_is_held_against_the_finer_one() -> None:
    rows = [{"year": 2000, "in": "A", "n": "503.1 万"}, {"year": 2000, "in": "B", "n": 5_030_619},
            {"year": 2000, "in": "C", "n": "502 万"}, {"year": 2001, "in": "A", "n": 1}]  # fmt: skip
    found = check_table(rows, SameCheck(of="n", within="year"), label="in")
    assert [(figure.where, figure.how, figure.gap) for figure in found] == [
        ("A", Fit.HALF_UP, ""), ("C", Fit.NO_FIT, "+1 万"),
    ]  # fmt: skip


# ------------------------------------------------------------------ changes

YEARS = [
    {"year": 2019, "cases": 200, "more": "", "growth": ""},
    {"year": 2020, "cases": 150, "more": "-50", "growth": "-25.0 %"},
    {"year": 2021, "cases": 165, "more": "15", "growth": "10.1 %"},
    {"year": 2023, "cases": 330, "more": "165", "growth": "100.0 %"},
]
CHANGE = ChangeCheck(of="cases", absolute="more", percent="growth", along="year")


def test_changes_are_on_the_year_before_and_across_a_gap_nothing_is_compared() -> None:
    found = check_table(YEARS, CHANGE, label="year")
    assert [(figure.where, figure.recomputed, figure.verdict) for figure in found] == [
        ("2020", "-50", "balances"),
        ("2020", "-25.0 %", "half-up"),
        ("2021", "15", "balances"),
        ("2021", "10.0 %", "no fit"),
        ("2023", "", "cannot be checked: the year before not printed"),
        ("2023", "", "cannot be checked: the year before not printed"),
    ]


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert {str(figure) for figure in check_table(YEARS[::-1], CHANGE, label="year")} == {
        str(figure) for figure in check_table(YEARS, CHANGE, label="year")
    }


def test_a_change_across_another_definition_is_marked_and_none_is_computed() -> None:
    check = ChangeCheck(of="cases", along="year", breaks={2021: "counts referrals too"})
    found = {figure.where: figure for figure in check_table(YEARS, check, label="year")}
    assert found["2021"].how is Fit.REDEFINED and found["2021"].computed is None
    assert found["2021"].reason == "from 2021 counts referrals too"
    printed = check_table(YEARS, ChangeCheck(of="cases", percent="growth", along="year", breaks=check.breaks))
    assert any(figure.verdict == "no fit: but from 2021 counts referrals too" for figure in printed)


def test_the_base_is_implied_by_the_absolute_change() -> None:
    """Lishui 2016-Q3: 8,451 after a rise of 281 was 8,170."""
    found = one({"n": 8_451, "up": 281, "by": "3.44 %"}, ChangeCheck(of="n", absolute="up", percent="by"))
    assert (found.working, found.how) == ("(8,451 - 8,170) / 8,170", Fit.HALF_UP)


def test_the_base_may_stand_beside() -> None:
    found = one({"n": 4_708, "then": 2_445}, ChangeCheck(of="n", before="then"))
    assert found.recomputed == "92.56 %"


def test_a_part_of_a_year_is_not_compared_with_a_year() -> None:
    rows = [{"p": "2023-24", "n": 10}, {"p": "2024-25", "n": 20}, {"p": "2025-26 to Sep", "n": 9}]
    assert [figure.where for figure in check_table(rows, ChangeCheck(of="n", along="p"), label="p")] == ["2024-25"]


@pytest.mark.parametrize("options", [{}, {"absolute": "a"}, {"before": "b", "along": "y"}])
def test_a_change_without_one_base_is_no_question(options: dict[str, str]) -> None:
    with pytest.raises(InvalidQuery, match="base"):
        ChangeCheck(of="n", **options)  # type: ignore[arg-type]


def test_two_figures_for_one_year_are_no_series() -> None:
    with pytest.raises(InvalidQuery, match="several rows"):
        check_table([*YEARS, YEARS[0]], CHANGE)


# ------------------------------------------------------------------ the table

ROWS = [
    {"place": "A", "filed": "90", "settled": "72", "rate": "80.0 %", "staff": "7"},
    {"place": "乙市", "filed": "1,200", "settled": "400", "rate": "33.4 %", "staff": ""},
]


def test_rows_frames_and_files_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    pl.DataFrame(ROWS).write_csv(path)
    tables: list[Any] = [ROWS, tuple(ROWS), pl.DataFrame(ROWS), pl.LazyFrame(ROWS), pd.DataFrame(ROWS), path, str(path)]
    assert len({str(check_table(table, RATE, label="place")) for table in tables}) == 1


def test_a_file_keeps_the_zeros_that_a_frame_of_numbers_loses(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("filed,settled,rate\n200,11,5.50\n", "utf-8")
    units = {"rate": "%"}
    assert str(check_table(path, RATE, units=units).figures[0].printed) == "5.50 %"
    frame = pl.read_csv(path)
    assert str(check_table(frame, RATE, units=units).figures[0].printed) == "5.5 %"
    assert str(check_table(frame, RATE, units=units, places={"rate": 2}).figures[0].printed) == "5.50 %"


def test_the_table_prints_its_sum_its_figures_and_its_formulas() -> None:
    assert str(check_table(ROWS, RATE, label="place")) == "\n".join([
        "2 printed figures checked: 1 half-up, 1 rounded up; 1 in no check",
        "",
        "where  figure  from         printed  recomputed  difference  how",
        "A      rate    72 / 90       80.0 %      80.0 %              half-up     [1]",
        "乙市   rate    400 / 1,200   33.4 %      33.3 %        -0.1  rounded up  [1]",
        "",
        "[1] rate = settled / filed",
    ])  # fmt: skip


def test_the_table_speaks_chinese() -> None:
    rows = [{"地区": "甲", "登记": "90", "成功": "72", "成功率": "80.0"}, {"地区": "乙", "成功率": "75"}]
    check = RateCheck(of="成功", over="登记", published="成功率")
    assert str(check_table(rows, check, label="地区", lang="zh")) == "\n".join([
        "核对公布数字 1 个：四舍五入 1；无法核对 1",
        "",
        "位置  数字    由来     公布值  重算值  差  结论",
        "甲    成功率  72 / 90  80.0 %  80.0 %      四舍五入                      [1]",
        "乙    成功率             75 %              无法核对: 未公布：成功, 登记  [1]",
        "",
        "[1] 成功率 = 成功 / 登记",
    ])  # fmt: skip


def test_the_notebook_shows_the_same_and_escapes_what_it_was_given() -> None:
    shown = check_table([{**ROWS[0], "place": "<b>"}], RATE, label="place")._repr_html_()
    assert "&lt;b&gt;" in shown and "<b>" not in shown and "[1] rate = settled / filed" in shown


@pytest.mark.parametrize("kind", ["polars", "pandas"])
def test_the_figures_are_a_frame(kind: str) -> None:
    frame = check_table([*ROWS, {"filed": 5, "settled": "", "rate": "3 %"}], RATE, label="place").to_frame(kind)
    assert list(frame["how"]) == ["half-up", "rounded up", "cannot be checked"]
    assert list(frame["difference"])[:2] == pytest.approx([0, -0.1])
    assert list(frame["agrees"])[:2] == [True, True]


def test_what_no_check_read_is_listed() -> None:
    assert check_table(ROWS, RATE, label="place").untouched == (("A", "staff"),)


def test_only_gives_the_figures_that_stand_so() -> None:
    found = check_table(ROWS, RATE, label="place")
    assert [figure.where for figure in found.only("rounded up")] == ["乙市"] and found.agrees
    assert len(found.problems) == 0 and str(found.problems) == "no figures"


def test_an_empty_table_has_no_figures() -> None:
    assert check_table([], RATE) == CheckedTable(figures=())
    assert str(check_table([], RATE)) == "no figures"


@pytest.mark.parametrize(
    ("table", "checks", "says"),
    [
        (ROWS, [], "No check"),
        (ROWS, ["rate"], "A str is no check"),
        (ROWS, RateCheck(of="setled", over="filed"), "no column 'setled'. There are: settled"),
        (7, RATE, "A int is no table"),
        ("nowhere.csv", RATE, "cannot be opened"),
        ("nowhere\0.csv", RATE, "no file can have that name"),
    ],
)
def test_a_wrong_question_says_what_is_wrong(table: Any, checks: Any, says: str) -> None:
    with pytest.raises(InvalidQuery, match=says.replace(".", r"\.")):
        check_table(table, checks)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("地区,件\n甲,1\n".encode("gb18030"))
    with pytest.raises(InvalidQuery, match="UTF-8"):
        check_table(path, RATE)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8), st.integers(0, 2))
def test_a_table_that_was_made_by_the_rules_has_no_problem(counts: list[tuple[int, int]], places: int) -> None:
    """Rates half-up, sums and shares: whatever the counts are, the check agrees with who printed them."""
    rows: list[dict[str, Any]] = [
        {"n": str(i), "of": "all", "yes": yes, "no": no, "total": yes + no} for i, (yes, no) in enumerate(counts)
    ]
    rows.append({"n": "all", "of": "", **{key: sum(row[key] for row in rows) for key in ("yes", "no", "total")}})
    for row in rows:
        row["rate"] = percent(row["yes"], row["total"], places) if row["total"] else ""
        row["share"] = percent(row["total"], rows[-1]["total"], places) if rows[-1]["total"] else ""
    found = check_table(
        rows,
        [
            RateCheck(of="yes", over="total", published="rate"),
            SumCheck(parts=("yes", "no"), total="total"),
            ShareCheck(of="total", published="share", name="n", whole="all"),
            *(PartsCheck(of=column, name="n", parent="of") for column in ("yes", "total", "share")),
        ],
        units={"rate": "%", "share": "%"},
    )
    assert found.agrees
    assert {figure.how for figure in found if figure.kind in ("rate", "share")} <= {Fit.HALF_UP, Fit.NOT_CHECKED}


def test_a_check_of_your_own_stands_beside_the_others() -> None:
    class Odd(FigureCheck):
        @property
        def columns(self) -> tuple[str, ...]:
            return ("filed",)

        def found_in(self, rows: Any) -> Any:
            yield from RateCheck(of="settled", over="filed").found_in(rows)

    assert len(check_table(ROWS, [RATE, Odd()])) == 4


def test_without_a_frame_library_rows_are_checked_and_frames_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = check_table(ROWS, RATE, label="place")
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    assert str(check_table(ROWS, RATE, label="place")) == str(found)
    with pytest.raises(MissingExtra):
        found.to_frame()
