"""How figures of each kind move, and where they do not."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, cast

import polars as pl

from community_mediation.facts.tables import CASE_TABLES
from community_mediation.metrics import (
    Distinct,
    DistinctFigure,
    MovementKind,
    NoChange,
    Repeat,
    ShareFigure,
    catalogue,
    difference,
    trend,
)
from community_mediation.metrics._movements import CLUSTERED, movement
from tests.metrics.frames import TYPES, case, in_polars
from tests.metrics.pictures import texts
from tests.metrics.test_trend import day


def answers(cases: int) -> pl.DataFrame:
    """Two of each case, of the first half in January and of the second in February."""
    rows = [
        {"matter_id": f"m{number}", "row": f"{number}-{side}", "party": str(side), "role": "applicant",
         "instrument": "satisfaction", "question": "again", "answered": "at",
         "answered_on": day(1 if number < cases / 2 else 2), "choice": "yes" if (number + side) % 3 else "no"}
        for number in range(cases) for side in range(2)
    ]  # fmt: skip
    schema = next(each for each in CASE_TABLES if each.table == "case_answer")
    return pl.DataFrame(
        [{name: row.get(name) for name in schema.names} for row in rows],
        schema={column.name: TYPES[column.type] for column in schema.columns},
    )


def test_shares_of_answers_move_within_limits_that_are_clustered_by_case() -> None:
    """Two answers of one case are not two independent witnesses."""
    rows = [case(reported=day(month)) for month in (1, 2) for _ in range(12)]
    found = trend(
        {"case": in_polars(rows), "case_answer": answers(24)},
        "would_mediate_again_of_answers",
        first="2022-01",
        last="2022-02",
    )
    now = found["2022-02"]
    figure, before = cast(Any, now.figure), cast(Any, found["2022-01"].figure)
    assert figure.clusters == 12 and figure.denominator == 24
    assert now.on_previous.method == CLUSTERED and now.on_previous.lower is not None
    plain = difference(figure.numerator, 24, before.numerator, 24)
    assert now.on_previous.value == plain.value and now.on_previous.lower != plain.lower


def test_sums_in_different_currencies_are_not_compared() -> None:
    """500 euros are not half of 1,000 yuan."""
    money = [(1, "CNY", 1000), (2, "CNY", 1500), (3, "EUR", 500), (5, "EUR", 100), (5, "CNY", 100)]
    rows = [
        case(reported=day(month), concluded=day(month), agreed=day(month), agreement="full", amount_agreed=amount,
             amount_agreed_currency=unit)
        for month, unit, amount in money
    ]  # fmt: skip
    found = trend(in_polars(rows), "amount_agreed", first="2022-01", last="2022-06")
    assert found["2022-02"].on_previous.value == Fraction(1, 2)
    assert found["2022-03"].on_previous.reason is NoChange.UNITS
    assert found["2022-05"].on_previous.reason is NoChange.MISSING
    drawn = texts(found.plot())
    assert any("CNY" in text for text in drawn) and any("EUR" in text for text in drawn)


def test_shares_of_the_same_persons_move_without_limits() -> None:
    """Who came again in spring may be who came again in winter: limits for different ones would be wrong."""
    metric = catalogue()["repeat_users"]
    assert isinstance(metric, Repeat)

    def share(numerator: int, denominator: int) -> ShareFigure:
        return ShareFigure(
            metric=metric,
            numerator=numerator,
            denominator=denominator,
            left_out=(),
            undated=0,
            basis_cases=denominator,
        )

    moved = movement(share(3, 10), share(1, 10))
    assert (moved.value, moved.kind, moved.lower) == (Fraction(1, 5), MovementKind.POINTS, None)
    assert str(moved) == "+20.0 points"


def test_different_persons_are_not_compared_where_some_are_not_told_apart() -> None:
    """Ten and an unknown number of others are not twice five."""
    metric = catalogue()["people_served"]
    assert isinstance(metric, Distinct)

    def people(named: int, unnamed: int) -> DistinctFigure:
        return DistinctFigure(
            metric=metric,
            named=named,
            rows=named,
            unnamed=unnamed,
            undated=0,
            excluded=(),
            basis_cases=named + unnamed,
        )

    assert movement(people(10, 0), people(5, 0)).value == 1
    assert movement(people(10, 3), people(5, 0)).reason is NoChange.UNLINKED
    assert movement(people(10, 0), people(5, 1)).reason is NoChange.UNLINKED


def test_medians_move_by_days() -> None:
    """Without limits, for there is no good way to them."""
    rows = [
        case(reported=day(month), first_concluded=day(month) + dt.timedelta(days=days), concluded="at")
        for month, days in ((1, 3), (1, 4), (1, 5), (2, 7), (2, 9), (2, 11))
    ]
    found = trend(in_polars(rows), "days_to_conclusion", first="2022-01", last="2022-02")
    moved = found["2022-02"].on_previous
    assert str(moved) == "+5.00 days" and moved.lower is None
    assert moved.text("zh") == "+5.00 天"
