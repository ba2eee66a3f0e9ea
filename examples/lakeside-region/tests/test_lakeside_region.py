"""The region keeps the laws; and what is particular about Lakeside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from lakeside_region import mediation_regions
from lakeside_region.region import DISPUTES, LAKESIDE, NUMBERS, TO_NEUTRAL

import community_mediation as cm
from community_mediation import AgreementForm, Case, Code, Dispute, Process, When
from community_mediation.errors import AmbiguousCrosswalk
from community_mediation.regions import DueState, Region
from community_mediation.testing import RegionConformance

ZONE = "Asia/Shanghai"


def day(number: int) -> When:
    """A day of June 2026; the first is a Monday."""
    return When.on(dt.date(2026, 6, number), ZONE)


def reported(code: str) -> Case:
    return Case.report(
        id="c1", centre="harbour", dispute=Dispute(type=Code("lakeside", code)), parties=(), at=day(1), by="account-1"
    )


def agreed(form: AgreementForm | None) -> Case:
    case = reported("berth").accept(at=day(1), by="account-1")
    case = case.begin_attempt(at=day(2), by="account-1", kind=cm.AttemptKind.PEOPLE)
    return case.resolve(at=day(3), by="account-1", form=form, parties=(), issues=(), concludes=True)


class TestConformance(RegionConformance):
    """All laws, and a case against each rule."""

    @pytest.fixture
    def region(self) -> Region:
        return LAKESIDE

    @pytest.fixture
    def breaches(self) -> Mapping[str, Case]:
        return {
            "no_permits": reported("permit").accept(at=day(1), by="account-1"),
            "berths_in_writing": agreed(AgreementForm.ORAL),
        }


def objections(case: Case) -> set[str]:
    before = Case.fold(case.id, case.events[:-1])
    return {each.code for each in LAKESIDE.objections(before, case.events[-1], case)}


@pytest.mark.parametrize("form", [AgreementForm.WRITTEN, None])
def test_an_agreement_in_writing_or_of_unknown_form_is_not_objected_to(form: AgreementForm | None) -> None:
    assert "lakeside.berths_in_writing" not in objections(agreed(form))


def test_what_is_no_permit_may_be_accepted() -> None:
    assert objections(reported("noise").accept(at=day(1), by="account-1")) == set()


def test_a_permit_is_not_recorded_as_accepted() -> None:
    """Through the front door, by a centre that names the region."""
    with cm.open_casebook("memory:", plugins=["lakeside"]) as book:
        details = cm.CentreDetails(region="lakeside", zone=ZONE)
        book.save(cm.Centre.create(id="harbour", details=details, at=day(1), by="account-1"))
        case = book.save(reported("permit"))
        with pytest.raises(cm.errors.Blocked) as caught:
            book.save(case.accept(at=day(2), by="account-1"))
        assert [each.code for each in caught.value.objections] == ["lakeside.no_permits"]
        assert book.get("c1").process is Process.REPORTED


def test_mediation_begins_within_ten_working_days_and_harbour_day_is_none() -> None:
    """From Monday 1 June 2026: the tenth working day is the 15th, but the 12th is a holiday."""
    case = reported("noise").accept(at=day(1), by="account-1")
    (due,) = LAKESIDE.deadlines_of(case, day(10))
    assert (due.deadline.name, due.last_day, due.state) == ("begin", dt.date(2026, 6, 16), DueState.DUE)
    assert [each.state for each in LAKESIDE.deadlines_of(case, day(17))] == [DueState.OVERDUE]


def test_a_return_visit_is_due_after_an_agreement() -> None:
    found = {due.deadline.name: due for due in LAKESIDE.deadlines_of(agreed(AgreementForm.WRITTEN), day(30))}
    assert found["begin"].state is DueState.MET
    # 60 days from 3 June end on Sunday 2 August, and roll to Monday.
    assert found["return_visit"].last_day == dt.date(2026, 8, 3)


def test_an_older_number_is_the_same_number() -> None:
    old, new = NUMBERS.parse("LM-2026-42 (Old Harbour)"), NUMBERS.parse("LM 2026/0042 (Old Harbour)")
    assert old.identity == new.identity
    assert NUMBERS.print(new) == "LM 2026/0042 (Old Harbour)"


def test_water_is_chosen_and_not_guessed() -> None:
    with pytest.raises(AmbiguousCrosswalk):
        TO_NEUTRAL.map("water")
    assert TO_NEUTRAL.map("water", "land") == Code("neutral", "land")
    assert DISPUTES.roll_up("berth") == Code("lakeside", "water")


def test_a_label_of_its_own_stands_beside_the_neutral_ones() -> None:
    assert LAKESIDE.label(Process.REPORTED) == "At the jetty"
    assert LAKESIDE.label(Process.ACCEPTED).strip()


def test_the_plugin_brings_the_region() -> None:
    assert [region.name for region in mediation_regions()] == ["lakeside"]
