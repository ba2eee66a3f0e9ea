"""Money, codes, periods, milestones: text and back, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Code, Milestone, Money, Period, Reach, When
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.testing.strategies import money, texts

ANY = [None, 3.9, True, b"x", ["x"], dt.date(2022, 1, 1)]


# ---------------------------------------------------------------- money


@given(money() | st.decimals(0, allow_nan=False, allow_infinity=False).map(lambda each: (each, "CNY")))
@example((Decimal("-0"), "CNY"))
@example((Decimal("1E+29"), "CNY"))
@example((Decimal("1E-30"), "CNY"))
def test_an_amount_reads_back_from_its_text(amount: Any) -> None:
    if isinstance(amount, tuple):
        try:
            amount = Money(*amount)
        except InvalidValue:
            return
    assert Money.parse(str(amount)) == amount
    assert "E" not in str(amount).removesuffix(amount.currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CNY",
        "12",
        "12CNY",
        "12  CNY",
        " 12 CNY",
        "-1 CNY",
        "+1 CNY",
        "1_000 CNY",
        "1,000 CNY",
        "１２ CNY",
        "1e5 CNY",
        "NaN CNY",
        "sNaN CNY",
        "Infinity CNY",
        ".5 CNY",
        "5. CNY",
        "12 cny",
        "12 CN",
        "12 CNY ",
        "12 CNY\n",
        "9" * 31 + " CNY",
    ],
)
def test_what_is_not_quite_an_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Money.parse(text)


@pytest.mark.parametrize("amount", ["1E+30", "1E-31", "1.0000000000000000000000000000001", "NaN", "-0.01", "Infinity"])
def test_an_amount_that_could_not_be_written_out_is_refused(amount: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Money(Decimal(amount), "CNY")
    assert caught.value.path == "$.amount"


@pytest.mark.parametrize("amount", [1, 1.5, "1", None, True])
def test_an_amount_is_a_decimal_and_nothing_else(amount: Any) -> None:
    with pytest.raises(InvalidValue):
        Money(amount, "CNY")


# ---------------------------------------------------------------- codes


@given(texts(12), texts(12))
@example("local", "纠纷: 其他")
def test_a_code_reads_back_from_its_text_or_cannot_be_made(scheme: str, code: str) -> None:
    try:
        made = Code(scheme, code)
    except InvalidValue:
        return
    assert Code.parse(str(made)) == made


@pytest.mark.parametrize("text", ["", "neighbour", ":neighbour", "local:", "lo cal:x", "local: x", "local:x\n"])
def test_what_is_not_quite_a_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Code.parse(text)


def test_a_scheme_holds_no_colon() -> None:
    with pytest.raises(InvalidValue) as caught:
        Code("a:b", "c")
    assert caught.value.path == "$.scheme"


# ---------------------------------------------------------------- periods

days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(days, days)
@example(dt.date(1, 1, 1), dt.date(1, 12, 31))
@example(dt.date(2022, 4, 1), dt.date(2022, 6, 30))
@example(dt.date(2022, 4, 1), dt.date(2022, 9, 30))
@example(dt.date(2022, 2, 1), dt.date(2022, 4, 30))
def test_a_period_reads_back_from_its_text(one: dt.date, other: dt.date) -> None:
    period = Period(min(one, other), max(one, other))
    assert Period.parse(str(period)) == period
    assert one in period and other in period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-H1", "2022-01-01", "2022-06-30"),
        ("2022-H2", "2022-07-01", "2022-12-31"),
        ("2022-Q1", "2022-01-01", "2022-03-31"),
        ("2022-Q4", "2022-10-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-01-01..2022-05-31", "2022-01-01", "2022-05-31"),
    ],
)
def test_the_words_for_periods_mean_whole_days_and_print_shortest(text: str, first: str, last: str) -> None:
    period = Period.parse(text)
    assert (period.first, period.last) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "22",
        "2022-",
        "2022-13",
        "2022-00",
        "2022-Q0",
        "2022-Q5",
        "2022-H3",
        "2022-q1",
        "2022-1",
        "2022Q1",
        "2022-02-30..2022-03-01",
        "2022-06-01..2022-05-31",
        "2022..2023",
        "2022-01-01",
        " 2022",
        "2022\n",
        "２０２２",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery):
        Period.parse(text)


@given(st.text(st.sampled_from("0123456789-HQ."), max_size=24))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        period = Period.parse(text)
    except InvalidQuery:
        return
    assert Period.parse(str(period)) == period


def test_only_days_lie_in_a_period() -> None:
    period = Period.parse("2022")
    assert dt.date(2022, 12, 31) in period
    assert dt.date(2023, 1, 1) not in period
    assert dt.datetime(2022, 5, 1, tzinfo=dt.UTC) not in period
    assert "2022-05-01" not in period


@pytest.mark.parametrize("given_", ANY)
def test_only_texts_are_parsed(given_: Any) -> None:
    for parse in (Money.parse, Code.parse):
        with pytest.raises(InvalidValue):
            parse(given_)
    with pytest.raises(InvalidQuery):
        Period.parse(given_)


# ---------------------------------------------------------------- milestones


def test_a_milestone_has_a_time_exactly_if_it_was_reached() -> None:
    assert Milestone.at(When.unknown()).is_reached
    assert not NOT_REACHED.is_reached and not UNKNOWN.is_reached and UNKNOWN != NOT_REACHED
    assert Milestone() == UNKNOWN
    for values in [(Reach.AT, None), (Reach.UNKNOWN, When.unknown()), (Reach.NOT_REACHED, When.unknown())]:
        with pytest.raises(InvalidValue):
            Milestone(*values)


@pytest.mark.parametrize(
    "values", [("at", When.unknown()), (None, None), (Reach.AT, dt.date(2022, 1, 1)), (True, None)]
)
def test_a_milestone_takes_its_own_types_only(values: Any) -> None:
    with pytest.raises(InvalidValue):
        Milestone(*values)
