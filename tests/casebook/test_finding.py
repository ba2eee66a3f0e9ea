"""Asking for facts: pages, filters, orders, and frames of the caller's choice."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from community_mediation.casebook import Casebook, Facts
from community_mediation.casebook.asking import filters_of
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.stages import Process
from community_mediation.domain.values import Code, Money, When
from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import Filter, Op, RecordBatch
from tests.casebook.checks import printed
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, DAY, NOON, at, reported, settled

YEARS = (1800, 1969, 2023, 2262, 2999)


def ids(rows: Any) -> list[str]:
    """Which cases they are about."""
    return [row["matter_id"] for row in rows]


def some(book: Casebook) -> Casebook:
    """A book of a few cases at several stages."""
    book.save(reported("case-1", centre="centre-1"))
    book.save(reported("case-2", centre="centre-2").accept(at=at(1), by=BY))
    book.save(settled("case-3", centre="centre-1"))
    book.save(reported("case-4", centre="centre-3").decline(at=at(2), by=BY))
    return book


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), "1234"),
        ([], "1234"),
        ({}, "1234"),
        ({"centre": "centre-1"}, "13"),
        ({"process": ["reported", "accepted"]}, "12"),
        ({"process": {"reported", "accepted"}}, "12"),
        ({"process": ("concluded",), "centre": "centre-1"}, "3"),
        ({"process": []}, ""),
        ({"conclusion": None}, "12"),
        ({"conclusion": Conclusion.SETTLED}, "3"),
        ({"process": [Process.REPORTED, Process.CONCLUDED]}, "134"),
        ({"parties": 2}, "1234"),
        ({"on_the_spot": True}, ""),
        ({"amount_agreed": Decimal("1200.500")}, "3"),
        ([Filter("centre", Op.CONTAINS, "-3"), Filter("process", Op.EQ, "concluded")], "4"),
        ((Filter("sessions", Op.RANGE, (1, None)),), "3"),
    ],
)
def test_where_says_what_it_means(book: Casebook, where: Any, found: str) -> None:
    """A value is equality, several are one of them, ``None`` is empty; filters say everything else."""
    some(book)
    expected = [f"case-{number}" for number in found]
    assert ids(book.find("case", where=where).rows) == expected
    assert ids(book.facts("case", where=where).rows()) == expected


def test_a_page_is_ordered_either_way(book: Casebook) -> None:
    """Empty cells come last both times."""
    some(book)
    assert ids(book.find("case", order_by="centre").rows) == ["case-1", "case-3", "case-2", "case-4"]
    assert ids(book.find("case", order_by="-centre").rows) == ["case-4", "case-2", "case-1", "case-3"]
    assert ids(book.find("case", order_by="accepted_at").rows)[-2:] == ["case-1", "case-4"]
    assert ids(book.find("case", order_by="-accepted_at").rows)[-2:] == ["case-1", "case-4"]


@pytest.mark.parametrize("order_by", [None, "process", "-reported_at", "-conclusion"])
def test_pages_neither_repeat_nor_lose_rows_while_cases_are_saved(book: Casebook, order_by: str | None) -> None:
    """The pages are of the book as it was when the first one was read."""
    some(book)
    book.add_many(reported(f"case-{number}") for number in range(10, 40))
    whole = book.find("case", order_by=order_by, limit=1000).rows
    page = book.find("case", order_by=order_by, limit=7)
    rows = list(page.rows)
    number = 0
    while page.after is not None:
        number += 1
        book.save(reported(f"a-new-{number}"))
        book.save(book.get(f"case-{10 + number}").accept(at=at(1), by=BY))
        page = book.find("case", order_by=order_by, limit=7, after=page.after)
        rows += page.rows
    assert number > 3
    assert rows == list(whole)


def test_a_cursor_goes_on_in_another_program(shelf: Shelf) -> None:
    """Also where the question was a set, whose order differs from program to program."""
    with shelf.new() as book:
        some(book)
        asked = {"process": {"reported", "accepted", "concluded", "in_mediation"}}
        page = book.find("case", where=asked, limit=2)
        rows = shelf.again(book).find("case", where=asked, limit=2, after=page.after).rows
        assert ids([*page.rows, *rows]) == ["case-1", "case-2", "case-3", "case-4"]

    assert filters_of({"process": {"b", "a", "c"}})[0].value == ("a", "b", "c")


class Colour(enum.Enum):
    """No word of a case."""

    RED = 1


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "nothing"},
        {"table": None},
        {"table": ["case"]},
        {"table": "case_versions"},
        {"where": {"name": "叶某"}},
        {"where": {"centre": 3}},
        {"where": {"parties": "2"}},
        {"where": {"parties": True}},
        {"where": {"process": Colour.RED}},
        {"where": {"process": [None]}},
        {"where": "centre"},
        {"where": 3},
        {"where": None},
        {"where": Filter("centre", Op.EQ, "centre-1")},
        {"where": [("centre", "centre-1")]},
        {"where": [Filter("parties", Op.CONTAINS, "2")]},
        {"order_by": "name"},
        {"order_by": ""},
        {"order_by": "--centre"},
        {"order_by": 3},
        {"limit": 0},
        {"limit": 1001},
        {"limit": True},
        {"limit": 2.0},
        {"after": "x"},
        {"after": ""},
        {"after": 3},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(book: Casebook, asked: dict[str, Any]) -> None:
    """With an error of the library, and at once."""
    some(book)
    with pytest.raises(InvalidQuery):
        book.find(**{"table": "case", **asked})
    if set(asked) <= {"table", "where"}:
        with pytest.raises(InvalidQuery):
            book.facts(**{"table": "case", **asked})


def test_a_cursor_belongs_to_its_question(book: Casebook) -> None:
    """Another table, filter or order does not take it."""
    some(book)
    after = book.find("case", limit=2).after
    asked: dict[str, Any]
    for asked in ({"order_by": "centre"}, {"where": {"centre": "centre-1"}}):
        with pytest.raises(InvalidQuery):
            book.find("case", after=after, **asked)
    with pytest.raises(InvalidQuery):
        book.find("case_party", after=after)


@pytest.mark.parametrize(
    "asked",
    [
        {"columns": ["name"]},
        {"columns": ["centre", "known_from"]},
        {"known_at": -1},
        {"known_at": "1"},
        {"where": {"centre": "centre-1"}, "valid_at": NOON},
    ],
)
def test_facts_that_cannot_be_asked_for_are_refused(book: Casebook, asked: dict[str, Any]) -> None:
    """Before anything is read."""
    some(book)
    with pytest.raises(InvalidQuery):
        book.facts("case", **asked)


# ---------------------------------------------------------------- frames


def wide(book: Casebook) -> Casebook:
    """Cases with empty cells, with the largest and smallest amounts, and from the first year to the last."""
    some(book)
    for number, year in enumerate(YEARS):
        moment = dt.datetime(year, 6, 1, 12, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        amount = Decimal(("0", "0.000001", "99999999999999999999999.99", "1200.50", "1E+3")[number])
        book.save(
            reported(
                f"year-{year}",
                dispute=Dispute(type=Code("local", "é调解"), amount_claimed=Money(amount, "CNY")),
                at=When.at(moment),
            ).accept(at=When.on(moment.date(), "Asia/Shanghai"), by=BY)
        )
    return book


def same(value: Any) -> Any:
    """A cell of any frame as a cell of a row."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime() if value.tzinfo else value.to_pydatetime().date()
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


FRAMES: dict[str, Callable[[Any], list[dict[str, Any]]]] = {
    "polars": lambda facts: facts.to_polars().to_dicts(),
    "pandas": lambda facts: facts.to_pandas().astype(object).to_dict("records"),
    "pyarrow": lambda facts: pa.table(facts).to_pylist(),
    "stream": lambda facts: pl.DataFrame(pa.RecordBatchReader.from_stream(facts)).to_dicts(),
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("asked", [{}, {"columns": ["accepted_on", "matter_id", "amount_claimed"]}, {"known_at": 0}])
def test_a_frame_says_what_the_rows_say(book: Casebook, frame: str, asked: dict[str, Any]) -> None:
    """Texts, numbers, truths, decimals, dates, instants and empty cells; also where there is no row."""
    facts = wide(book).facts("case", **asked)
    rows = list(facts.rows())
    assert len(rows) == (0 if "known_at" in asked else 9)
    assert [{name: same(cell) for name, cell in row.items()} for row in FRAMES[frame](facts)] == rows


def test_a_frame_has_the_same_types_with_and_without_rows(book: Casebook) -> None:
    """So that two of them can be joined."""
    wide(book)
    for table in book.tables:
        empty, full = book.facts(table, known_at=0), book.facts(table)
        assert empty.to_polars().schema == full.to_polars().schema
        assert list(empty.to_pandas().dtypes) == list(full.to_pandas().dtypes)
    assert book.facts("case").to_polars().schema["amount_claimed"] == pl.Decimal(38, 6)
    assert str(book.facts("case").to_pandas().dtypes["reported_at"]) == "datetime64[us, UTC]"


def test_an_amount_that_a_frame_cannot_hold_is_refused(book: Casebook) -> None:
    """Rather than rounded; the rows have it to the digit, and a frame of other columns can be had."""
    amount = Decimal("0.0000001")
    book.save(reported(dispute=Dispute(type=Code("local", "land"), amount_claimed=Money(amount, "CNY"))))
    facts = book.facts("case")
    assert [row["amount_claimed"] for row in facts.rows()] == [amount]
    with pytest.raises(InvalidQuery, match="amount_claimed"):
        facts.to_polars()
    assert book.facts("case", columns=["matter_id"]).to_polars().rows() == [("case-1",)]


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("9" * 32 + ".999999", True),
        ("-1E+31", True),
        ("1E+32", False),
        ("9" * 32 + ".9999995", False),
        ("0.1234567", False),
        ("0.12345600000", True),
        ("0E-40", True),
        ("12345678901234567890123456789.0000001", False),
    ],
)
def test_a_decimal_comes_through_exactly_or_not_at_all(number: str, fits: bool) -> None:
    """Six places, and 32 digits before them, whatever is written behind."""
    schema = FactsSchema("amounts", (MATTER_ID, ROW, Column("amount", ColumnType.DECIMAL)))
    batches = [RecordBatch(schema.names, [("m", "", Decimal(number))])]
    facts = Facts(schema, schema.names, lambda: iter(batches))
    if fits:
        assert facts.to_polars()["amount"].to_list() == [Decimal(number)]
    else:
        with pytest.raises(InvalidQuery):
            facts.to_polars()


def test_every_type_of_column_comes_through() -> None:
    """Floats and whole numbers of 64 bits too, which no table of the core has."""
    columns = tuple(Column(kind.value + "_", kind) for kind in ColumnType)
    schema = FactsSchema("all_types", (MATTER_ID, ROW, *columns))
    rows = [
        ("m", "1", "", 2**63 - 1, 1.5, True, Decimal("-0.5"), dt.date(1800, 1, 1), NOON),
        ("m", "2", *[None] * 7),
        ("m", "3", "é\0", -(2**63), -0.0, False, Decimal(0), dt.date(2999, 12, 31), NOON - 300 * DAY),
    ]
    batches = [RecordBatch(schema.names, rows[:2]), RecordBatch(schema.names, []), RecordBatch(schema.names, rows[2:])]
    facts = Facts(schema, schema.names, lambda: iter(batches))
    expected = [dict(zip(schema.names, row, strict=True)) for row in rows]
    for name, frame in FRAMES.items():
        assert [{key: same(cell) for key, cell in row.items()} for row in frame(facts)] == expected, name
    assert [FactsRow("all_types", row).ref.row for row in rows] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"valid_at": NOON},
        {"known_at": 3},
        {"known_at": 10**9},
        {"known_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)},
    ],
)
@pytest.mark.parametrize("table", ["case", "case_spell"])
def test_facts_are_those_of_when_they_were_asked_for(book: Casebook, table: str, asked: dict[str, Any]) -> None:
    """Reading the same object again gives the same rows, whatever was written in between."""
    some(book)
    facts = book.facts(table, **asked)
    before = printed(facts.rows())
    book.save(book.get("case-1").accept(at=at(1), by=BY))
    book.save(reported("case-5"))
    book.erase("case-3/p1", reason="asked", by=BY)
    assert printed(facts.rows()) == before
    assert len(facts.to_polars()) == len(before)
