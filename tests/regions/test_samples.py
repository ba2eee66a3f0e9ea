"""Two places in small: what their laws say of a case comes out as one reads it there."""

from __future__ import annotations

import pytest

from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.items import LegalStep, LegalStepKind
from community_mediation.domain.resolution import AgreementForm, Confirmation
from community_mediation.domain.values import When
from community_mediation.ports import Weight
from community_mediation.regions import Due
from tests.regions.samples import BY, CN, JOINT, MANILA, PH, agreed, at, begun, on


def due(case: Case, name: str, as_of: When) -> Due:
    region = PH if case.reported.when is not None and case.reported.when.zone == MANILA else CN
    (found,) = [each for each in region.deadlines_of(case, as_of) if each.deadline.name == name]
    return found


# ---------------------------------------------------------------- China


def test_both_apply_for_confirmation_within_thirty_days_from_when_the_agreement_takes_effect() -> None:
    """People's Mediation Law, art. 33. Thirty days from 4 September end on 4 October, a holiday, so on the 8th."""
    case = agreed(on("2026-09-04"))
    found = due(case, "joint_confirmation", on("2026-10-08"))
    assert (str(found.last_day), found.state) == ("2026-10-08", "due")
    assert due(case, "joint_confirmation", on("2026-10-09")).state == "overdue"


@pytest.mark.parametrize(("day", "state"), [("2026-06-13", "met"), ("2026-06-15", "met"), ("2026-06-16", "late")])
def test_an_application_in_time_meets_it(day: str, state: str) -> None:
    """From 14 May the thirtieth day is Saturday 13 June: Monday the 15th is in time."""
    case = agreed(on("2026-05-14"))
    step = LegalStep(
        kind=LegalStepKind.CONFIRMATION, resolution=case.resolutions[0].id, confirmation=Confirmation.APPLIED
    )
    case = case.record(step, at=on(day), by=BY)
    assert due(case, "joint_confirmation", on("2026-07-01")).state == state


def test_an_agreement_before_the_law_has_no_such_time() -> None:
    assert CN.deadlines_of(agreed(on("2010-12-31")), on("2011-03-01"))[0].deadline.name == "mediation"
    assert len(CN.deadlines_of(agreed(on("2010-12-31")), on("2011-03-01"))) == 1


def test_the_police_mediate_a_second_time_within_seven_working_days() -> None:
    """公安机关办理行政案件程序规定, art. 183; over the holidays, with the day that makes up for them."""
    case = begun(on("2026-09-29"), kind=AttemptKind.PUBLIC_ORDER)
    case = case.hold_session(at=at("2026-09-29T10:00:00+08:00"), by=BY, format=JOINT)
    found = due(case, "second_police_mediation", at("2026-10-14T18:00:00+08:00"))
    assert (str(found.ends), found.state) == ("2026-10-14T23:59:59.999999+08:00", "due")
    again = case.hold_session(at=at("2026-10-14T20:00:00+08:00"), by=BY, format=JOINT)
    assert due(again, "second_police_mediation", on("2026-12-01")).state == "met"
    late = case.hold_session(at=at("2026-10-15T09:00:00+08:00"), by=BY, format=JOINT)
    assert due(late, "second_police_mediation", on("2026-12-01")).state == "late"
    assert due(case, "second_police_mediation", on("2026-10-15")).state == "overdue"


def test_a_mediation_of_the_people_has_no_such_time() -> None:
    case = begun(on("2026-09-29")).hold_session(at=on("2026-09-29"), by=BY, format=JOINT)
    assert [each.deadline.name for each in CN.deadlines_of(case, on("2026-10-01"))] == ["mediation"]


def test_mediation_takes_a_month_and_both_sides_may_ask_for_more() -> None:
    """A month from 31 January ends on the last of February, a Saturday, so on Monday 2 March."""
    found = due(begun(on("2026-01-31")), "mediation", on("2026-02-01"))
    assert str(found.last_day) == "2026-03-02"
    assert found.extendable_to == on("2026-03-30")


def test_an_agreement_is_oral_or_written() -> None:
    """People's Mediation Law, art. 28."""
    case = begun(on("2026-05-14"))
    bad = case.resolve(at=on("2026-05-14"), by=BY)
    (objection,) = CN.objections(case, bad.events[-1], bad)
    assert (objection.code, objection.weight, objection.source) == (
        "cn_sample.form_is_known",
        Weight.BLOCK,
        "人民调解法 (2010), art. 28",
    )
    good = case.resolve(at=on("2026-05-14"), by=BY, form=AgreementForm.ORAL)
    assert CN.objections(case, good.events[-1], good) == []


# ---------------------------------------------------------------- the Philippines


def test_the_barangay_has_fifteen_days_from_the_first_meeting() -> None:
    """Republic Act 7160, sec. 410(b): calendar days, and a last day on a Sunday stays there."""
    day = on("2026-05-16", MANILA)
    case = begun(day).hold_session(at=day, by=BY, format=JOINT)
    found = due(case, "mediation", on("2026-05-31", MANILA))
    assert (str(found.last_day), found.state) == ("2026-05-31", "due")
    assert due(case, "mediation", on("2026-06-01", MANILA)).state == "overdue"
    settled = case.resolve(at=on("2026-05-31", MANILA), by=BY)
    assert due(settled, "mediation", on("2026-07-01", MANILA)).state == "met"


def test_a_settlement_may_be_repudiated_within_ten_days() -> None:
    """Republic Act 7160, sec. 418: after them the right is lost."""
    case = agreed(on("2026-05-14", MANILA))
    found = due(case, "repudiation", on("2026-05-24", MANILA))
    assert (str(found.last_day), found.state, found.deadline.weight) == ("2026-05-24", "due", Weight.BLOCK)
    assert due(case, "repudiation", on("2026-05-25", MANILA)).state == "overdue"
