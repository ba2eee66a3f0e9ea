"""A report is written with all its figures and findings; what is not known is never 0."""

from __future__ import annotations

import csv
import json
import os
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidInput, InvalidValue, TooLarge
from community_mediation.files import is_safe
from community_mediation.ports import (
    Audience,
    CrossFoot,
    Finding,
    Label,
    Relation,
    Report,
    ReportColumn,
    ReportTable,
    Severity,
    SumOfRows,
)
from community_mediation.reports import write_report
from community_mediation.reports.form_data import table_csv
from community_mediation.reports.form_html import report_page
from tests.reports.helpers import HOSTILE

GROUP = Label("Of these", "其中")
COLUMNS = (
    ReportColumn(name="place", label=Label("Place", "地点")),
    ReportColumn(name="cases", label=Label("Cases", "案件"), unit="件"),
    ReportColumn(name="settled", label=Label("Settled", "成功"), unit="件", group=GROUP),
    ReportColumn(name="other", label=Label("Other", "其他"), unit="件", group=GROUP),
    ReportColumn(name="paid", label=Label("Paid", "给付"), unit="CNY"),
)


def row(place: str, cases: Any, settled: Any, other: Any, paid: Any = Decimal("0.10")) -> dict[str, Any]:
    return {"place": place, "cases": cases, "settled": settled, "other": other, "paid": paid}


ROWS = (row("north", 1200, 1000, 200), row("south", 3, None, 1), row("all", 1203, 1000, 201, None))
RULES = (CrossFoot(column="cases", relation=Relation.EQUALS, parts=("settled", "other"), source="Form 1"),)
SUMS = (SumOfRows(total=2, parts=(0, 1), columns=("cases", "settled", "other")),)


def table(rows: Any = ROWS, **changes: Any) -> ReportTable:
    given = {"columns": COLUMNS, "rules": (), "sums": SUMS, "notes": ("A note.",), **changes}
    return ReportTable(name="places", title=Label("Places", "各地"), rows=rows, **given)


def report(*tables: ReportTable, **changes: Any) -> Report:
    given = {"audience": Audience.PUBLIC, "period": Period.parse("2022"), "sources": ("Form 1",), **changes}
    return Report(
        format="demo.places", version=2, title=Label("A report", "报表"), tables=tables or (table(),), **given
    )


def sheet(path: Path) -> Any:
    return openpyxl.load_workbook(path).worksheets[0]


def values(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in line] for line in sheet(path).iter_rows()]


def words(path: Path) -> str:
    return "\n".join(str(cell) for line in values(path) for cell in line if cell is not None)


# ---- the workbook


def test_numbers_are_numbers_and_the_unknown_is_a_dash(tmp_path: Path) -> None:
    write_report(report(), tmp_path / "r.xlsx")
    found = values(tmp_path / "r.xlsx")
    assert ["north", 1200, 1000, 200, 0.1] in found
    assert ["south", 3, "—", 1, 0.1] in found
    assert ["all", 1203, 1000, 201, "—"] in found


def test_headings_stand_in_their_groups_and_stay_in_sight(tmp_path: Path) -> None:
    write_report(report(), tmp_path / "r.xlsx")
    page = sheet(tmp_path / "r.xlsx")
    heads = [number for number, line in enumerate(values(tmp_path / "r.xlsx"), 1) if "Of these" in line]
    assert [cell.value for cell in page[heads[0]]] == ["Place", "Cases", "Of these", None, "Paid (CNY)"]
    assert [cell.value for cell in page[heads[0] + 1]] == [None, None, "Settled", "Other", None]
    assert page.freeze_panes == f"B{heads[0] + 2}"
    assert page.print_title_rows == f"${heads[0]}:${heads[0] + 1}"
    assert (page.page_setup.orientation, page.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)


def test_figures_keep_their_places(tmp_path: Path) -> None:
    write_report(report(), tmp_path / "r.xlsx")
    line = next(each for each in sheet(tmp_path / "r.xlsx").iter_rows() if each[0].value == "north")
    assert [cell.number_format for cell in line[1:]] == ["#,##0", "#,##0", "#,##0", "#,##0.00"]


def test_a_figure_of_more_digits_than_a_workbook_keeps_is_a_text(tmp_path: Path) -> None:
    long = Decimal("12345678901234567.89")
    write_report(report(table((row("north", 1, 1, 0, long),), sums=())), tmp_path / "r.xlsx")
    assert "12,345,678,901,234,567.89" in words(tmp_path / "r.xlsx")


def test_the_total_is_bold_and_the_others_are_not(tmp_path: Path) -> None:
    write_report(report(), tmp_path / "r.xlsx")
    bold = {line[0].value: line[1].font.bold for line in sheet(tmp_path / "r.xlsx").iter_rows()}
    assert (bold["all"], bool(bold["north"])) == (True, False)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_report(report(), tmp_path / name)[0].read_bytes() for name in ("1.xlsx", "2.xlsx"))
    assert one == other


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        write_report(report(table(notes=("x" * 40_000,))), tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


# ---- what does not foot


WRONG = table((row("north", 5, 1, 3), row("south", 3, 2, 1), row("all", 8, 3, 4)), rules=RULES)
CROOKED = table((row("north", 4, 1, 3), row("south", 3, 2, 1), row("all", 9, 3, 4)))


def test_a_row_that_does_not_foot_is_told_with_its_figures_and_marked(tmp_path: Path) -> None:
    write_report(report(WRONG), tmp_path / "r.xlsx")
    assert "Places, row 1: Cases 5 must equal Settled 1 + Other 3, and does not." in words(tmp_path / "r.xlsx")
    marked = [cell.value for line in sheet(tmp_path / "r.xlsx").iter_rows() for cell in line[1:2] if _is_marked(cell)]
    assert marked == [5, 8]
    assert report_page(report(WRONG), "en").count('"n wrong edge"') + report_page(report(WRONG), "en").count(
        '"n wrong"'
    ) == len(marked)


def _is_marked(cell: Any) -> bool:
    return cell.fill.fgColor.rgb == "FFFBE3DF" and isinstance(cell.value, int)


@pytest.mark.parametrize(("lang", "told"), [
    ("en", "Places, row 3: Cases 9 must equal the sum of its 2 rows, and does not."),
    ("zh", "各地，第 3 行：案件 9 应等于其 2 行之和，实际不符。"),
])  # fmt: skip
def test_a_total_that_is_not_the_sum_is_told_in_the_language_of_the_paper(lang: str, told: str) -> None:
    assert told in report_page(report(CROOKED), lang)


def test_a_report_that_foots_shows_no_error() -> None:
    sound = table((row("north", 4, 1, 3), row("south", 3, 2, 1), row("all", 7, 3, 4)), rules=RULES)
    page = report_page(report(sound), "en")
    assert "<aside" not in page and 'class="n wrong' not in page


def test_rules_that_could_not_be_checked_are_told_in_one_line() -> None:
    page = report_page(report(table(rules=RULES)), "en")
    assert page.count("could not be checked") == 1 and "2 rules" not in page.partition("<section")[2]


def test_what_the_format_found_comes_worst_first() -> None:
    own = (Finding("a", Severity.INFO, "Good to know."), Finding("b", Severity.WARNING, "Look here."))
    page = report_page(report(CROOKED, findings=own), "en")
    assert page.index("must equal the sum") < page.index("Look here.") < page.index("Good to know.")


figures = st.none() | st.integers(0, 50)


@given(st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=4))
def test_a_cell_is_marked_exactly_where_a_finding_is_an_error(rows: list[tuple[Any, Any, Any]]) -> None:
    lines = tuple(row(str(number), *each) for number, each in enumerate(rows))
    sums = (SumOfRows(total=0, parts=tuple(range(1, len(rows))), columns=("cases",)),)
    found = table(lines, rules=RULES, sums=sums)
    errors = [each for each in found.findings() if each.severity is Severity.ERROR]
    assert len(set(found.unfit())) <= len(errors)
    assert bool(found.unfit()) is bool(errors)


@pytest.mark.parametrize("wrong", [
    SumOfRows(total=3, parts=(0,), columns=("cases",)),
    SumOfRows(total=-1, parts=(0,), columns=("cases",)),
    SumOfRows(total=2, parts=(0, 7), columns=("cases",)),
    SumOfRows(total=2, parts=(0,), columns=("weather",)),
])  # fmt: skip
def test_a_sum_over_what_is_not_there_is_refused(wrong: SumOfRows) -> None:
    with pytest.raises(InvalidValue):
        table(sums=(wrong,))


def test_a_total_of_nothing_known_is_not_checked() -> None:
    rule = SumOfRows(total=1, parts=(0,), columns=("cases",))
    assert rule.holds([{"cases": None}, {"cases": 0}], "cases") is None
    assert rule.holds([{"cases": 0}, {"cases": None}], "cases") is None
    assert rule.holds([{"cases": "many"}, {"cases": 1}], "cases") is None
    assert rule.holds([{"cases": 2}, {"cases": 1}], "cases") is False


# ---- data


def test_json_holds_everything_by_name(tmp_path: Path) -> None:
    (path,) = write_report(report(WRONG), tmp_path / "r.json")
    found = json.loads(path.read_text("utf-8"))
    assert (found["format"], found["version"], found["period"], found["audience"]) == (
        "demo.places", 2, "2022", "public",
    )  # fmt: skip
    assert found["tables"][0]["rows"][0] == row("north", 5, 1, 3, "0.10")
    assert found["tables"][0]["columns"][2]["group"] == {"en": "Of these", "zh": "其中"}
    assert [each["code"] for each in found["findings"]].count("report.does_not_foot") == 2
    (path,) = write_report(report(), tmp_path / "u.json")
    assert json.loads(path.read_text("utf-8"))["tables"][0]["rows"][1]["settled"] is None


def test_csv_has_the_names_of_the_columns_and_says_unknown(tmp_path: Path) -> None:
    write_report(report(table(rules=RULES)), tmp_path / "r.csv")
    with open(tmp_path / "r.csv", encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["place", "cases", "settled", "other", "paid"]
    assert found[2] == ["south", "3", "unknown", "1", "0.10"]
    with open(tmp_path / "r-findings.csv", encoding="utf-8-sig", newline="") as file:
        assert [line[0] for line in csv.reader(file)] == ["code", "report.not_checked", "report.does_not_foot"]


def test_csv_has_a_file_for_each_table_whatever_they_are_called(tmp_path: Path) -> None:
    named = [attrs.evolve(table(), name=name) for name in ("a/b", "a/b", "..", "c")]
    paths = write_report(report(*named), tmp_path / "r.csv")
    assert [path.name for path in paths] == ["r-a_b.csv", "r-a_b-2.csv", "r-...csv", "r-c.csv"]
    assert {path.parent for path in paths} == {tmp_path}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_of_a_table_is_run_by_a_spreadsheet(text: str) -> None:
    content = table_csv(table((row(text, 1, 1, 0),), sums=())).decode("utf-8-sig")
    cell = list(csv.reader(content.splitlines(keepends=True)))[1][0] if text.isprintable() else ""
    assert is_safe(cell)


# ---- everywhere


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_no_text_becomes_a_formula_a_link_or_markup(tmp_path: Path, form: str) -> None:
    label = Label(HOSTILE, HOSTILE)
    columns = tuple(attrs.evolve(column, label=label, group=label) for column in COLUMNS)
    bad = attrs.evolve(table((row(HOSTILE, 1, 1, 0),), sums=(), columns=columns, notes=(HOSTILE,)), title=label)
    finding = Finding("x", Severity.ERROR, HOSTILE)
    whole = attrs.evolve(report(bad, sources=(HOSTILE,), findings=(finding,)), title=label, format=HOSTILE)
    (path,) = write_report(whole, tmp_path / f"r.{form}")
    if form == "html":
        text = path.read_text("utf-8")
        assert "<script" not in text and "\u202e" not in text and "http-equiv" in text
    else:
        cells = [cell for line in sheet(path).iter_rows() for cell in line]
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


@pytest.mark.parametrize(("lang", "head"), [("en", "Settled"), ("zh", "成功"), ("zh_CN", "成功")])
def test_headings_come_in_the_language_asked_for(tmp_path: Path, lang: str, head: str) -> None:
    write_report(report(), tmp_path / "r.xlsx", lang=lang)
    assert head in words(tmp_path / "r.xlsx")
    write_report(report(lang=lang), tmp_path / "own.xlsx")
    assert head in words(tmp_path / "own.xlsx")


def test_a_unit_that_readers_cannot_read_is_left_out() -> None:
    english = report_page(report(), "en")
    assert "件" not in english and "Unit" not in english and "Paid (CNY)" in english
    assert "单位: 件" in report_page(report(), "zh") and "给付（CNY）" in report_page(report(), "zh")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("audience", list(Audience))
def test_only_what_is_for_the_public_can_be_read_by_others(tmp_path: Path, audience: Audience) -> None:
    (path,) = write_report(report(audience=audience), tmp_path / "r.html")
    others = stat.S_IMODE(path.stat().st_mode) & 0o077
    mask = os.umask(0)
    os.umask(mask)
    assert bool(others) is (audience is Audience.PUBLIC and mask & 0o077 != 0o077)


def test_the_audience_stands_on_the_paper() -> None:
    assert "the court" in report_page(report(audience=Audience.COURT), "en")


def test_another_form_is_refused_and_no_file_is_written_over(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="xlsx, html, json, csv"):
        write_report(report(), tmp_path / "r.docx")
    (tmp_path / "r-findings.csv").write_text("mine")
    with pytest.raises(InvalidInput, match=r"r-findings\.csv"):
        write_report(report(CROOKED), tmp_path / "r.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["r-findings.csv"]
    assert len(write_report(report(CROOKED), tmp_path / "r.csv", overwrite=True)) == 2
    assert write_report(report(), tmp_path / "r.dat", form="json")[0].read_text("utf-8").startswith("{")


@pytest.mark.parametrize("form", ["xlsx", "html", "json", "csv"])
def test_half_of_a_character_stops_no_report(tmp_path: Path, form: str) -> None:
    broken = table((row("\ud800", 1, 1, 0),), sums=())
    assert write_report(report(broken), tmp_path / f"r.{form}")[0].stat().st_size > 0


@pytest.mark.parametrize("relation", ["equals", "==", "at_most", None])
def test_a_rule_whose_relation_is_none_is_not_made(relation: Any) -> None:
    """A text would have held of everything, whatever the figures."""
    with pytest.raises(InvalidValue) as caught:
        CrossFoot(column="a", relation=relation, parts=("b",))
    assert caught.value.path == "$.relation" and "Relation.EQUALS" in caught.value.remedy
    assert CrossFoot(column="a", relation=Relation.EQUALS, parts=("b",)).holds({"a": 5, "b": 2}) is False


@pytest.mark.parametrize("parts", [(), "b", ["b"]])
def test_a_rule_that_sums_nothing_is_not_made(parts: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        CrossFoot(column="a", relation=Relation.EQUALS, parts=parts)
    assert caught.value.path == "$.parts"


def test_what_a_row_or_rule_names_wrongly_is_said() -> None:
    columns = (ReportColumn(name="a", label=Label("A")), ReportColumn(name="b", label=Label("B")))
    rule = CrossFoot(column="a", relation=Relation.EQUALS, parts=("colour",))
    for rows, rules, word in ((({"a": 1},), (), "'b'"), ((), (rule,), "'colour'")):
        with pytest.raises(InvalidValue) as caught:
            ReportTable(name="t", title=Label("T"), columns=columns, rows=rows, rules=rules)
        assert word in str(caught.value)
