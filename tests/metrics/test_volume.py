"""How many came, went and stood."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.metrics import table
from tests.metrics import oracle
from tests.metrics.frames import BOOKS, DAY, FEW, Cells, case, in_polars

MARCH = Period.parse("2022-03")
LATER = dt.date(2022, 4, 2)


@FEW
@given(BOOKS, st.sampled_from(["reported", "accepted", "begun", "concluded", "closed"]))
def test_a_milestone_is_counted_by_its_own_date(book: list[Cells], name: str) -> None:
    found = table(in_polars(book), metrics=name, period=MARCH)[name]
    live = [row for row in book if row["conclusion"] != "void"]
    at = [row for row in live if row[name] == "at"]
    dated = [row for row in at if row[f"{name}_on"] is not None]
    assert found.counted == sum(row[f"{name}_on"] in MARCH for row in dated)
    assert found.undated == len(at) - len(dated)
    assert found.unknown == sum(row[name] not in ("at", "not_reached") for row in live)


@FEW
@given(BOOKS)
def test_open_at_the_end_is_what_single_cases_say_of_that_day(book: list[Cells]) -> None:
    found = table(in_polars(book), metrics="open_at_end", period=MARCH)["open_at_end"]
    answers = [oracle.open_at(row, MARCH.last) for row in book if row["conclusion"] != "void"]
    assert found.counted == answers.count(True)
    assert found.unknown + found.undated == answers.count(None)


@pytest.mark.parametrize(
    ("cells", "counted", "unknown"),
    [
        ({"concluded": "not_reached"}, 1, 0),
        ({"concluded": LATER}, 1, 0),
        ({"concluded": DAY}, 0, 0),
        ({"concluded": "at"}, 0, 1),
        ({"concluded": "unknown"}, 0, 1),
        ({"concluded": "not_reached", "observed_on": DAY}, 0, 1),
        ({"concluded": "not_reached", "observed_on": MARCH.last}, 1, 0),
        ({"concluded": "not_reached", "reported": LATER}, 0, 0),
    ],
)
def test_a_case_is_open_at_the_end_only_if_that_is_known(cells: Cells, counted: int, unknown: int) -> None:
    """A register that stopped watching before the end of the month cannot say."""
    found = table(in_polars([case(**cells)]), metrics="open_at_end", period=MARCH)["open_at_end"]
    assert (found.counted, found.unknown) == (counted, unknown)


def test_a_void_case_is_no_case_and_is_said_so() -> None:
    found = table(in_polars([case(), case(conclusion="void")]))["reported"]
    assert (found.value, found.excluded) == (1, (("void", 1),))


def test_a_count_of_which_nothing_is_known_is_no_zero() -> None:
    found = table(in_polars([case()] * 3))["accepted"]
    assert (found.value, found.reason) == (None, "unknown: 3")


def test_an_empty_book_counts_zero_and_gives_no_share() -> None:
    found = table(in_polars([]))
    assert found["reported"].value == 0
    assert found["agreement_of_begun"].percent() == "no cases"
    assert found["days_to_conclusion"].reason == "no cases"


def test_opened_less_ended_is_open_in_a_closed_book() -> None:
    """Begin pending + in - out = end pending, where every date is known."""
    book = [case(concluded=day) for day in (DAY, DAY, LATER)] + [case(concluded="not_reached")]
    found = table(in_polars(book), period=MARCH)
    assert found["open_at_end"].value == found["reported"].value - found["concluded"].value == 2
