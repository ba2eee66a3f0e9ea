"""Cells become values strictly, and errors do not quote them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue, MediationError
from community_mediation.registers import cells
from community_mediation.registers.columns import COLUMNS


@pytest.mark.parametrize(
    ("cell", "count"), [("12", 12), ("１２", 12), ("1,234", 1234), ("12.0", 12), ("0", 0), (" 7 ", 7)]
)
def test_a_count_is_read(cell: str, count: int) -> None:
    """In the ways in which people and spreadsheets write one."""
    assert cells.parse_count(cell) == count


@pytest.mark.parametrize(
    "cell", ["12人", "-1", "1.5", "1,23", "十二", "1e3", "٣", "9" * 30, True, dt.date(2022, 1, 1), "0x1"]
)
def test_what_is_no_count_is_refused(cell: Any) -> None:
    """Nothing is cut off or coerced."""
    with pytest.raises(InvalidValue):
        cells.parse_count(cell)


@pytest.mark.parametrize(
    ("cell", "amount"), [("1200.50", "1200.50"), ("1,234,567.8", "1234567.8"), ("１２００．５", "1200.5"), ("0", "0")]
)
def test_an_amount_is_exact(cell: str, amount: str) -> None:
    """Digits come out as they went in."""
    assert str(cells.parse_amount(cell)) == amount


@pytest.mark.parametrize("cell", ["500元", "5万元", "¥500", "1.234,50", "1,5", "-3", "1e5", "Infinity", "五百"])
def test_what_is_no_plain_amount_is_refused(cell: str) -> None:
    """Units belong to the mapping, and a comma that may be a decimal point is not guessed."""
    with pytest.raises(InvalidValue):
        cells.parse_amount(cell)


def test_the_unit_of_the_mapping_multiplies() -> None:
    """3.5 万元 are 35,000 元, exactly."""
    assert cells.parse_amount("3.5", Decimal(10000)) == Decimal(35000)


@pytest.mark.parametrize(
    ("cell", "flag"), [("是", True), ("否", False), ("yes", True), ("N", False), ("1", True), (False, False)]
)
def test_yes_and_no_are_read(cell: str | bool, flag: bool) -> None:
    """In both languages, and from the boxes of workbooks."""
    assert cells.parse_flag(cell) is flag


def test_a_word_that_is_neither_yes_nor_no_is_refused() -> None:
    """The text false is not true, and maybe is not either."""
    with pytest.raises(InvalidValue):
        cells.parse_flag("maybe")


@pytest.mark.parametrize("cell", ["0", "6", "4.5", "满意"])
def test_a_mark_runs_from_one_to_five(cell: str) -> None:
    """Words and other scales need a mapping of their own."""
    with pytest.raises(InvalidValue):
        cells.parse_rating(cell)


PARSERS: list[Callable[[Any], object]] = [
    cells.parse_count, cells.parse_amount, cells.parse_flag, cells.parse_rating, cells.parse_list, cells.parse_parties,
    cells.parse_date, lambda cell: cells.parse_code(COLUMNS["conclusion"], cell),
]  # fmt: skip


@pytest.mark.parametrize("blank", ["", "  ", "-", "—", "N/A", "无", "不详", "/", "NULL"])
def test_a_cell_that_says_nothing_is_unknown(blank: str) -> None:
    """In every column of codes, numbers, lists and marks; never a zero, a no or a person called 无."""
    assert [parse(blank) for parse in PARSERS] == [None] * len(PARSERS)


def test_free_text_keeps_what_may_be_meant() -> None:
    """Only an empty text is unknown."""
    assert cells.parse_text("  ") is None
    assert cells.parse_text(" 无 ") == "无"


def test_a_near_miss_of_a_code_is_quoted_with_the_right_one() -> None:
    """A typing error is shown, since it cannot be a name."""
    with pytest.raises(InvalidValue, match="'setled' is no code of conclusion"):
        cells.parse_code(COLUMNS["conclusion"], "setled")


@pytest.mark.parametrize("word", ["zhangmou", "张某", "Zhang Mou", "zhang_mou_1970"])
def test_any_other_word_in_a_column_of_codes_is_described(word: str) -> None:
    """Names get into the wrong column: only what is close to a code is repeated."""
    with pytest.raises(InvalidValue) as caught:
        cells.parse_code(COLUMNS["status"], word)
    assert word not in str(caught.value)
    assert "open, concluded, closed, void" in caught.value.remedy


def test_a_table_goes_before_the_known_words() -> None:
    """What the mapping says of a word is what it means; ``*`` takes the rest, and blanks stay unknown."""
    table = {"open": "closed", "*": "void", "pending": ""}
    assert cells.parse_code(COLUMNS["status"], "Open", table) == "closed"
    assert cells.parse_code(COLUMNS["status"], "whatever", table) == "void"
    assert cells.parse_code(COLUMNS["status"], "PENDING", table) is None
    assert cells.parse_code(COLUMNS["status"], "-", table) is None


@given(st.one_of(st.text(max_size=40), st.booleans(), st.dates(), st.lists(st.text(), max_size=3).map(tuple)))
def test_any_cell_is_a_value_or_a_typed_error(cell: Any) -> None:
    """No parser lets another exception through."""
    for parse in [*PARSERS, cells.parse_text, cells.parse_number, cells.parse_decimal, cells.parse_integer]:
        with suppress(MediationError):
            parse(cell)


@given(
    st.text(alphabet=st.characters(categories=["Lo", "Lu"]), min_size=2, max_size=12).filter(lambda text: text != "无")
)
def test_no_error_of_a_cell_quotes_a_name(name: str) -> None:
    """Whatever column it got into."""
    for parse in PARSERS:
        said = ""
        try:
            parse(f"{name}#{name}")
        except InvalidValue as error:
            said = str(error)
        assert name not in said
