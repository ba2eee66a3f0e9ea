"""Conditions answer yes, no, or that it cannot be told."""

from __future__ import annotations

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import Condition, by_end, col, in_period, reached, rung
from community_mediation.metrics._conditions import All, AnyOf, Context, Days, Empty
from community_mediation.metrics._engine import open_frame
from tests.metrics import oracle
from tests.metrics.frames import DAY, FEW, case, cases, in_polars

YES, NO, UNKNOWN = "yes", "no", "unknown"
COLOUR = col("nature").is_in(["civil"], not_in=["criminal"])
SHADE = col("scale").is_in(["small"], not_in=["large"])
ANSWERS = {YES: ("civil", "small"), NO: ("criminal", "large"), UNKNOWN: (None, "odd")}
RANK = {NO: 0, UNKNOWN: 1, YES: 2}


def answers(frame: pl.DataFrame, condition: Condition, context: Context | None = None) -> str:
    """What the condition says of the one case of the frame."""
    yes, no = condition.split(context or Context())
    (sums,) = open_frame(frame, dict.fromkeys(condition.columns, "this"), ()).sums({YES: yes, NO: no}).values()
    assert sums[YES] + sums[NO] <= 1
    return next((name for name, count in sums.items() if count), UNKNOWN)


@pytest.mark.parametrize(("one", "other"), list(itertools.product(ANSWERS, ANSWERS)))
def test_joining_follows_kleenes_tables(one: str, other: str) -> None:
    """And is the lesser of the two, or the greater, not the mirror, with *unknown* in the middle."""
    frame = in_polars([case(nature=ANSWERS[one][0], scale=ANSWERS[other][1])])
    assert answers(frame, COLOUR & SHADE) == min(one, other, key=RANK.__getitem__)
    assert answers(frame, COLOUR | SHADE) == max(one, other, key=RANK.__getitem__)
    assert RANK[answers(frame, ~COLOUR)] == 2 - RANK[one]


@FEW
@given(cases(), st.sampled_from(oracle.RUNGS))
def test_a_rung_answers_as_the_ladder_says(row: dict[str, object], name: str) -> None:
    expected = {True: YES, False: NO, None: UNKNOWN}[oracle.stands(row, name, implied=True)]
    assert answers(in_polars([row]), rung(name)) == expected


def test_an_empty_cell_equals_nothing_and_is_found_by_its_emptiness() -> None:
    frame = in_polars([case(centre=None)])
    assert answers(frame, col("centre") == "east") == NO
    assert answers(frame, ~(col("centre") == "east")) == YES
    assert answers(frame, col("centre").is_null()) == YES


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(DAY, DAY, YES), (None, DAY, YES), (DAY, None, YES), (None, None, YES)]
)
def test_both_ends_of_a_stretch_of_days_belong_to_it(first: object, last: object, expected: str) -> None:
    frame = in_polars([case()])
    lazy = open_frame(frame, {"reported_on": "this"}, ())
    found = lazy.sums({YES: col("reported_on").between(first, last)})  # type: ignore[arg-type]
    assert found == {(): {YES: 1}} and expected == YES


def test_milestones_answer_by_their_own_record() -> None:
    frame = in_polars([case(concluded="not_reached", closed="at")])
    assert [answers(frame, reached(name)) for name in ("closed", "concluded", "agreed")] == [YES, NO, UNKNOWN]


def test_conditions_are_values() -> None:
    """Equal definitions are equal, and are counted once."""
    assert rung("begun") & reached("agreed") == rung("begun") & reached("agreed")
    assert len({Empty("a"), Empty("a"), Days("a"), All(()), AnyOf(())}) == 4


def test_a_condition_names_the_columns_that_it_reads() -> None:
    found = (col("centre") == "east") & ~by_end("concluded") | in_period("agreed")
    assert found.columns == {"centre", "concluded", "concluded_on", "observed_on", "agreed", "agreed_on"}


def test_python_words_between_conditions_are_refused() -> None:
    """``and`` would silently drop one of the two."""
    one, other = col("centre") == "east", col("nature") == "civil"
    with pytest.raises(InvalidQuery, match="&"):
        _ = one and other
    with pytest.raises(InvalidQuery, match="&"):
        _ = col("centre") != "east"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rung("concluded"),
        lambda: reached("nonsense"),
        lambda: in_period("nonsense"),
        lambda: by_end("nonsense"),
        lambda: col("centre").is_in("east"),
        lambda: col("centre") == 1.5,
        lambda: col("centre").is_in(["a"], not_in=["a"]),
        lambda: rung("begun") & True,  # type: ignore[operator]
    ],
)
def test_what_makes_no_condition_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(InvalidQuery):
        wrong()
