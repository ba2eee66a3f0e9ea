"""Rows become values, and a row's problems are told all at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from community_mediation.domain.values import Money, When
from community_mediation.errors import InvalidMapping
from community_mediation.registers.lists import PartyCell
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.rows import RawRow, RowProblem
from tests.registers.helpers import put, rows, values

ZONE = "Asia/Shanghai"
PLAIN = RegisterMapping(zone=ZONE)
REQUIRED = ("case_no", "reported_at", "dispute_type")


def test_every_kind_of_column_comes_to_its_type() -> None:
    """The table of types that whatever builds cases relies on."""
    found, problems = values(
        {
            "brief": " 漏水 ", "status": "已结案", "accepted_at": "2022-05-15 09:30",
            "people_involved": "3",
            "amount_claimed": "1,200.50", "currency": "CNY", "applicants": "张某|person|女;李某",
            "mediators": "王某；赵某",
            "litigation": "否", "satisfaction_applicant": "5", "own.house": "两居室",
        }
    )  # fmt: skip
    assert problems == []
    assert found == {
        "case_no": "2022-1", "dispute_type": "neighbour", "brief": "漏水", "status": "concluded", "people_involved": 3,
        "reported_at": When.on(dt.date(2022, 5, 14), ZONE),
        "accepted_at": When.parse("2022-05-15T09:30:00+08:00"),
        "amount_claimed": Money(Decimal("1200.50"), "CNY"), "currency": "CNY",
        "mediators": ("王某", "赵某"),
        "applicants": (PartyCell(name="张某", kind="person", sex="female"), PartyCell(name="李某")),
        "litigation": False,
        "satisfaction_applicant": 5, "own": {"house": "两居室"},
    }  # fmt: skip


def test_an_empty_cell_is_not_among_the_values() -> None:
    """Unknown is neither zero, nor no, nor an empty text."""
    found, problems = values({"brief": "", "litigation": " ", "sessions": "-", "conclusion": "不详", "closed_at": "无"})
    assert problems == [] and found.keys() == {*REQUIRED}


def test_all_problems_of_a_row_are_told_at_once() -> None:
    """Whoever mends the register reads the row once."""
    cells = {"closed_at": "2022-13-01", "sessions": "两次", "conclusion": "setled", "amount_claimed": "5"}
    _, problems = values({**cells, "reported_at": ""})
    assert [problem.column for problem in problems] == [
        "sessions", "conclusion", "closed_at", "amount_claimed", "reported_at",
    ]  # fmt: skip
    assert all(problem.problem and problem.remedy for problem in problems)


def test_a_problem_becomes_the_error_of_its_row() -> None:
    """With file, row and the column's own heading."""
    _, problems = values({"closed_at": "2022-13-01"})
    error = problems[0].rejection("register.csv", 214)
    assert str(error).startswith("register.csv row 214, column 'closed_at': '2022-13-01' is not a date. Write it as")


def test_a_row_of_the_wrong_width_is_not_read_any_further(tmp_path: Path) -> None:
    """Its cells stand under the wrong headings."""
    row = rows(put(tmp_path, "r.csv", "case_no,reported_at,dispute_type\n1,x\n2,2022-05-01,y\n"))[0]
    found, problems = PLAIN.bind(REQUIRED).values(row)
    assert found == {} and len(problems) == 1


@pytest.mark.parametrize("missing", ["reported_at", "dispute_type", "case_no"])
def test_a_missing_required_column_is_named_with_what_is_there(missing: str) -> None:
    """And with a near miss."""
    headings = [heading for heading in REQUIRED if heading != missing] + [missing + "s"]
    with pytest.raises(InvalidMapping, match=rf"no column for {missing}.*{missing}s.*Did you mean '{missing}s'"):
        PLAIN.bind(headings)


def test_headings_that_look_like_a_case_are_not_quoted() -> None:
    """A register without headings begins with somebody's case."""
    with pytest.raises(InvalidMapping, match="looks like a case") as caught:
        PLAIN.bind(["17", "张某", "2022-05-01", "噪声"])
    assert "张某" not in str(caught.value)


def test_a_heading_that_the_file_lacks_is_named_with_a_near_miss() -> None:
    """A mapping made for last year's layout."""
    mapping = RegisterMapping.parse(
        f'zone = "{ZONE}"\n[columns]\ncase_no = "案件编号"\nreported_at = "b"\ndispute_type = "c"'
    )
    with pytest.raises(InvalidMapping, match=r"no heading '案件编号'.*Did you mean '案件编号。'"):
        mapping.bind(["案件编号。", "b", "c"])


def test_an_external_id_with_its_system_does_for_a_case_number() -> None:
    """But not without it."""
    assert PLAIN.bind(["external_id", "external_system", "reported_at", "dispute_type"]).columns
    with pytest.raises(InvalidMapping, match="no column for case_no"):
        PLAIN.bind(["external_id", "reported_at", "dispute_type"])
    _, problems = values({"case_no": "", "external_id": "7", "external_system": ""})
    assert "nothing tells this case from others" in problems[0].problem


def test_headings_that_nobody_uses_are_noticed() -> None:
    """Not refused: registers carry much that is nobody's business here."""
    mapping = RegisterMapping.parse(f'zone = "{ZONE}"\nignore = ["x"]')
    assert mapping.bind([*REQUIRED, "x", "y", "own.z"]).unused == ("y",)


def test_without_any_zone_a_mapping_is_refused() -> None:
    """A date without a zone is no date."""
    with pytest.raises(InvalidMapping, match="no zone is known"):
        RegisterMapping().bind(REQUIRED)
    with pytest.raises(InvalidMapping, match="no zone is known"):
        RegisterMapping().bind(REQUIRED, centre="a", zone_for_centre=lambda centre: None)


def test_a_zone_comes_from_the_caller_the_mapping_or_the_centre() -> None:
    """In this order."""
    by_centre = {"a": "Asia/Tokyo"}.get
    assert PLAIN.bind(REQUIRED, zone="Asia/Seoul").zone == "Asia/Seoul"
    assert PLAIN.bind(REQUIRED, centre="a", zone_for_centre=by_centre).zone == ZONE
    assert RegisterMapping().bind(REQUIRED, centre="a", zone_for_centre=by_centre).zone == "Asia/Tokyo"


def test_each_row_takes_the_zone_of_its_own_centre() -> None:
    """A register of several centres; a centre without a zone is a problem of its row."""
    zones = {"a": "Asia/Tokyo", "b": "Asia/Manila"}
    bound = RegisterMapping().bind([*REQUIRED, "centre"], zone_for_centre=zones.get)
    row = {"case_no": "1", "reported_at": "2022-05-14", "dispute_type": "x"}
    days = [bound.values(RawRow(2, {**row, "centre": centre}))[0]["reported_at"].zone for centre in "ab"]
    assert days == ["Asia/Tokyo", "Asia/Manila"]
    _, problems = bound.values(RawRow(2, {**row, "centre": "c"}))
    assert [problem.column for problem in problems] == ["centre"]


def test_constants_and_defaults_fill_what_a_row_leaves_open() -> None:
    """A default gives way to the row; the centre of the caller to the row, but not to the mapping."""
    toml = (
        f'zone = "{ZONE}"\ncentre = "m"\ndispute_scheme = "s"\n[constants]\nsource = "主动"\nrecorded_at = "2022-06-01"'
    )
    bound = RegisterMapping.parse(toml).bind([*REQUIRED, "dispute_scheme"], centre="c")
    row = {"case_no": "1", "reported_at": "2022-05-14", "dispute_type": "x"}
    found, _ = bound.values(RawRow(2, {**row, "dispute_scheme": "own"}))
    assert (found["centre"], found["dispute_scheme"], found["source"]) == ("c", "own", "proactive")
    assert found["recorded_at"] == When.on(dt.date(2022, 6, 1), ZONE)


@pytest.mark.parametrize("constant", ['status = "x"', 'sessions = "x"', 'closed_at = "x"', 'currency = "x"'])
def test_a_constant_that_cannot_be_is_refused_before_the_first_row(constant: str) -> None:
    """Not once per row."""
    with pytest.raises(InvalidMapping, match="the constant"):
        RegisterMapping.parse(f'zone = "{ZONE}"\n[constants]\n{constant}').bind(REQUIRED)


def test_the_unit_and_currency_of_the_mapping_make_amounts() -> None:
    """3.5 in a column of 万元 is 35,000 元; the row's own currency goes first."""
    toml = f'zone = "{ZONE}"\n[money]\nunit = 10000\ncurrency = "CNY"'
    assert values({"amount_claimed": "3.5"}, toml)[0]["amount_claimed"] == Money(Decimal(35000), "CNY")
    found, _ = values({"amount_claimed": "1", "currency": "PHP"}, toml)
    assert found["amount_claimed"].currency == "PHP"


def test_an_amount_without_its_currency_is_a_problem() -> None:
    """It is not taken for the currency of the house."""
    found, problems = values({"amount_agreed": "5"})
    assert "amount_agreed" not in found and "without its currency" in problems[0].problem


def test_own_columns_are_parsed_as_they_are_declared() -> None:
    """Text, numbers, yes and no, days."""
    toml = f'zone = "{ZONE}"\n' + "".join(
        f'[own.{kind}_]\ncolumn = "{kind}"\ntype = "{kind}"\n' for kind in ("text", "int", "decimal", "bool", "date")
    )
    cells = {"text": "x", "int": "-3", "decimal": "-1.5", "bool": "是", "date": "2022-05-01"}
    found, problems = values(cells, toml)
    assert problems == []
    assert found["own"] == {
        "text_": "x", "int_": -3, "decimal_": Decimal("-1.5"), "bool_": True, "date_": dt.date(2022, 5, 1),
    }  # fmt: skip


def test_a_cell_that_could_not_be_read_is_told_once() -> None:
    """An error value of a workbook is not told again as a missing date."""
    row = {"case_no": "1", "reported_at": "", "dispute_type": "x"}
    broken = RowProblem("reported_at", "an error value of the spreadsheet", "Mend the formula, or write the value.")
    assert PLAIN.bind(REQUIRED).values(RawRow(2, row, (broken,)))[1] == [broken]


def test_a_heading_that_feeds_two_columns_has_its_problem_told_once() -> None:
    """The close of a complaint is its end."""
    toml = f'zone = "{ZONE}"\n[columns]\ncase_no = "n"\nreported_at = "r"\ndispute_type = "t"\n'
    bound = RegisterMapping.parse(toml + 'closed_at = "c"\nconcluded_at = "c"').bind(["n", "r", "t", "c"])
    _, problems = bound.values(RawRow(2, {"n": "1", "r": "2022-05-01", "t": "x", "c": "2022-13-01"}))
    assert [problem.column for problem in problems] == ["c"]
