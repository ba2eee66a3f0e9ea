"""Whatever is simulated could have happened: by the moves of the domain, the rules of the region, and in a book."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_mediation as cm
from community_mediation import simulate
from community_mediation.casebook import Remark
from community_mediation.domain import events as ev
from community_mediation.domain.values import Period
from community_mediation.simulate import Ending
from community_mediation.simulate.scenario import SHARES as NAMES
from tests.simulate.legality import wrongs
from tests.simulate.scenes import Told

ZONES = ("Asia/Shanghai", "Asia/Manila", "America/Havana", "Europe/London", "Australia/Lord_Howe", "UTC")
DAYS = st.dates(dt.date(1972, 1, 1), dt.date(2030, 12, 31))
ODDS = st.dictionaries(st.sampled_from(tuple(Ending)), st.sampled_from((0.5, 1, 7)), min_size=1)


def shares(draw: st.DrawFn) -> dict[str, Any]:
    """Some of the shares, at their ends or between."""
    given = {name: draw(st.sampled_from((0.0, 0.3, 0.5, 1.0))) for name in draw(st.sets(st.sampled_from(NAMES)))}
    return given if given.get("breached", 0.05) + given.get("partly", 0.06) <= 1 else {**given, "partly": 0.0}


@st.composite
def scenarios(draw: st.DrawFn) -> simulate.Scenario:
    """Small scenarios of every kind."""
    first = draw(DAYS)
    kinds = tuple(
        attrs.evolve(kind, odds=draw(ODDS)) if draw(st.booleans()) else kind for kind in simulate.Scenario().kinds
    )
    return simulate.Scenario(
        seed=draw(st.integers(0, 2**63 - 1)),
        cases=draw(st.integers(0, 12)),
        period=Period(first, first + dt.timedelta(days=draw(st.sampled_from((0, 3, 100))))),
        runs_on=draw(st.sampled_from((0, 1, 30, 700))),
        centres=draw(st.integers(1, 3)),
        zone=draw(st.sampled_from(ZONES)),
        currency=draw(st.sampled_from(("CNY", "PHP"))),
        season=draw(st.sampled_from((simulate.Season(), simulate.Season.even()))),
        kinds=kinds,
        **shares(draw),
    )


def refuse(remark: Remark) -> None:
    """A remark of the region would be one too many."""
    raise AssertionError(remark)


def filled(scenario: simulate.Scenario, **how: Any) -> cm.Casebook:
    """A book that was lived through."""
    clock = simulate.Clock()
    book = cm.open_casebook("memory:", clock=clock, on_objection=refuse)
    simulate.fill(book, scenario, clock=clock, **how)
    return book


def facts(book: cm.Casebook) -> dict[str, list[str]]:
    """All rows of all tables, in an order of their own."""
    return {table: sorted(map(repr, book.facts(table).rows())) for table in book.tables}


@given(scenarios())
@settings(max_examples=15)
def test_every_scenario_makes_a_whole_book_without_a_refusal_or_a_remark(scenario: simulate.Scenario) -> None:
    with filled(scenario) as book:
        assert book.verify().is_whole
        before = facts(book)
        book.rebuild_facts()
        assert facts(book) == before
        assert {case.id: wrongs(case) for case in book.matters("case") if wrongs(case)} == {}
        assert sum(1 for _ in book.matters("case")) == scenario.cases


def test_every_event_could_have_been_recorded_by_a_move(rich: list[Told]) -> None:
    """And the moves would have made the same case."""
    assert {each.case.id: found for each in rich[:400] if (found := wrongs(each.case))} == {}


def test_everything_that_can_happen_does(rich: list[Told]) -> None:
    """So that the tests of this module see all of it."""
    happened = {type(event) for each in rich for event in each.case.events}
    assert happened == {
        *(ev.Reported, ev.Accepted, ev.Declined, ev.AttemptBegun, ev.MediatorAssigned, ev.SessionHeld, ev.Resolved),
        *(ev.ConcludedWithoutAgreement, ev.Withdrawn, ev.Closed, ev.Reopened, ev.Corrected, ev.ComplianceRecorded),
        *(ev.FollowedUp, ev.Recorded),
    }
    assert {each.case.conclusion for each in rich} == {ending.value for ending in Ending if ending is not Ending.OPEN}


def planted(case: cm.Case, change: str) -> cm.Case:
    """The case with one thing in it that could not have happened."""
    events = list(case.events)
    if change == "session before acceptance":
        events[1], events[5] = events[5], events[1]
    elif change == "somebody unknown":
        events[5] = attrs.evolve(events[5], attended=("p9",))  # type: ignore[call-arg]
    elif change == "before the report":
        events[1] = attrs.evolve(events[1], at=cm.When.at(dt.datetime(1999, 1, 1, tzinfo=dt.UTC)))
    return cm.Case.fold(case.id, events)


@pytest.mark.parametrize("change", ["session before acceptance", "somebody unknown", "before the report"])
def test_what_could_not_have_happened_is_caught(rich: list[Told], change: str) -> None:
    case = next(each.case for each in rich if [type(event) for event in each.case.events[5:6]] == [ev.SessionHeld])
    assert wrongs(case) == []
    assert wrongs(planted(case, change)) != []


def test_a_remark_of_a_region_would_be_caught() -> None:
    """The control: an agreement that binds nobody, which the neutral region remarks on."""
    scenario = simulate.Scenario.workload(cases=1, centres=1)
    (case,) = simulate.cases(scenario)
    reported, *others = case.pending
    alone = cm.Case.fold("alone", (), (attrs.evolve(reported, reference=None, parties=()), *others))  # type: ignore[call-arg]
    with filled(scenario) as book, pytest.raises(AssertionError, match="agreement_binds_nobody"):
        book.save(alone)
