"""How long agreements last: only what somebody saw is counted."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs

from community_mediation.metrics import Duration, catalogue, durability_at, survival, table
from tests.metrics.test_bad_input_tables import only

START: Final = dt.date(2022, 1, 1)
THROUGH: Final = dt.date(2022, 12, 31)


def after(days: int) -> dt.date:
    return START + dt.timedelta(days=days)


def agreement(seen: int | None, breached: int | None = None) -> dict[str, Any]:
    """In force since the first of January, last seen after so many days, and breached after so many."""
    ends: dict[str, Any] = {"breached": "not_reached", "repudiated": "not_reached"}
    if breached is not None:
        ends |= {"breached": "at", "breached_on": after(breached)}
    contact = None if seen is None else after(seen)
    cells = {"kind": "agreement", "effective": "at", "effective_on": START, "last_contact_on": contact}
    return {**cells, "state": "effective" if breached is None else "breached", **ends}


def standing(days: int, *rows: dict[str, Any]) -> Any:
    metric = durability_at(days)
    return table(only("case_resolution", *rows), metrics=metric, observed_through=THROUGH)[metric.name]


def test_an_agreement_that_nobody_looked_after_does_not_stand_at_a_fixed_day() -> None:
    """It is left out by name, as it is in the curve, however long the book was kept."""
    found = standing(30, agreement(40), agreement(35, 20), *[agreement(None)] * 8)
    assert (found.numerator, found.denominator) == (1, 2)
    assert dict(found.left_out) == {"never looked after": 8}


def test_a_metric_without_that_exclusion_does_not_take_the_book_for_somebody_who_looked() -> None:
    """Planted: a definition of one's own forgets it. The rows are left out all the same, as never seen."""
    careless = attrs.evolve(durability_at(30), exclusions=())
    frame = only("case_resolution", agreement(40), agreement(35, 20), *[agreement(None)] * 8)
    found = table(frame, metrics=careless, observed_through=THROUGH)[careless.name]
    assert (found.numerator, found.denominator, dict(found.left_out)) == (1, 2, {"never seen": 8})
    shipped = catalogue()["durability"]
    assert isinstance(shipped, Duration)
    curve = attrs.evolve(shipped, exclusions=())
    drawn = survival(frame, curve, observed_through=THROUGH).total
    assert (drawn.estimate.cases, drawn.unobserved, dict(drawn.left_out)) == (2, 0, {"never seen": 8})


def test_one_that_was_seen_before_the_day_only_is_in_neither_number() -> None:
    """Nobody knows how it stood on the day; a failure before it is known."""
    found = standing(30, agreement(40), agreement(12, 12), *[agreement(12)] * 5)
    assert (found.numerator, found.denominator, dict(found.left_out)) == (1, 2, {"not seen for so long": 5})


def test_where_nobody_was_seen_for_so_long_there_is_no_share() -> None:
    """Of those seen for ten days one in five failed; that alone would make a share of 0 % after thirty."""
    found = standing(30, *[agreement(10)] * 4, agreement(10, 10))
    assert (found.value, found.reason) == (None, "nobody was watched that long")
    assert dict(found.left_out) == {"not seen for so long": 4, "known only because they ended": 1}


def test_where_all_who_were_seen_failed_the_share_is_0() -> None:
    """The control: then nobody is left to be seen for so long."""
    found = standing(30, agreement(10, 10), agreement(20, 20))
    assert (found.numerator, found.denominator) == (0, 2)
