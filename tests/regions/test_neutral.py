"""The neutral region forbids nothing, and warns only of what is odd everywhere."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given

from community_mediation.domain.case import Case
from community_mediation.domain.resolution import Compliance, ResolutionKind
from community_mediation.domain.values import Period
from community_mediation.plugins import Plugins
from community_mediation.ports import Severity, Weight
from community_mediation.regions import NEUTRAL, SourceStatus
from community_mediation.testing import strategies
from tests.regions.samples import BY, begun, on, reported

DAY = on("2026-05-14")


def found(case: Case) -> list[str]:
    return [each.code for each in NEUTRAL.findings(case)]


@given(case=strategies.cases())
def test_nothing_is_blocked_whatever_happens(case: Case) -> None:
    assert all(each.severity is Severity.WARNING for each in NEUTRAL.findings(case))


def test_every_rule_has_a_plain_source_and_only_warns() -> None:
    assert {(each.source, each.weight) for each in NEUTRAL.rules} == {("this library", Weight.WARN)}
    assert NEUTRAL.deadlines == ()


def test_an_agreement_that_binds_nobody_is_told() -> None:
    case = begun(DAY, parties=())
    assert found(case.resolve(at=DAY, by=BY)) == ["neutral.agreement_binds_nobody"]
    assert found(case.resolve(at=DAY, by=BY, kind=ResolutionKind.AWARD)) == []
    assert found(begun(DAY).resolve(at=DAY, by=BY)) == []


def test_a_visit_that_finds_kept_what_was_never_agreed_is_told() -> None:
    case = reported(DAY).withdraw(at=DAY, by=BY)
    assert found(case.follow_up(at=DAY, by=BY, kept=Compliance.KEPT)) == ["neutral.nothing_to_keep"]
    assert found(case.follow_up(at=DAY, by=BY)) == []
    settled = begun(DAY).resolve(at=DAY, by=BY)
    assert found(settled.follow_up(at=DAY, by=BY, kept=Compliance.KEPT)) == []


def test_the_list_of_disputes_is_small_and_named_in_both_languages() -> None:
    kinds = NEUTRAL.taxonomy("neutral")
    assert 12 <= len(kinds) <= 20
    assert all(each.label.en and each.label.zh and each.status is SourceStatus.SETTING for each in kinds)
    assert kinds.roll_up("noise") == kinds.code("neighbour")
    assert "other" in kinds


def test_its_numbers_look_like_the_year_and_four_digits() -> None:
    pattern = NEUTRAL.pattern()
    assert pattern.print(pattern.make(serial=42, year=2026)) == "2026-0042"


def test_its_years_are_calendar_years_and_its_working_days_are_assumed() -> None:
    assert NEUTRAL.fiscal_year.period("FY2026") == Period.parse("2026")
    assert NEUTRAL.calendar.add_working_days(dt.date(2026, 5, 15), 1).assumed


def test_the_core_brings_it_like_any_plugin() -> None:
    assert Plugins().regions()["neutral"] is NEUTRAL


@pytest.mark.parametrize("name", ["rules", "deadlines", "taxonomies"])
def test_it_cannot_be_changed(name: str) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(NEUTRAL, name, ())
