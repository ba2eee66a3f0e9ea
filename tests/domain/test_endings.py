"""Endings and agreements that are easy to get wrong: repudiated on the way, ruled on, confirmed no more."""

from __future__ import annotations

from typing import Any

import pytest

from community_mediation.domain.case import Case
from community_mediation.domain.legal import LegalStep, LegalStepKind
from community_mediation.domain.people import Party, PartyKind, Role
from community_mediation.domain.resolution import (
    Compliance,
    Conclusion,
    Confirmation,
    ResolutionKind,
    ResolutionStage,
    Ruling,
)
from community_mediation.domain.values import Milestone
from community_mediation.errors import InvalidValue
from community_mediation.facts.rows import case_rows
from community_mediation.facts.tables import CASE, CASE_RESOLUTION
from tests.domain.test_moves import at, in_mediation, reported, settled, told


def cells(case: Case, schema: Any = CASE) -> dict[str, Any]:
    """The first row of a table."""
    row = next(row for row in case_rows(case) if row.table == schema.table)
    return dict(zip(schema.names, row.cells, strict=True))


def law(case: Case, kind: LegalStepKind, day: float, **details: Any) -> Case:
    step = LegalStep(kind=kind, resolution=case.resolutions[-1].id, **details)
    return case.record(step, **told(day))


def test_what_was_repudiated_before_the_end_is_no_agreement_at_the_end() -> None:
    case = law(in_mediation().resolve(concludes=False, **told(3)), LegalStepKind.REPUDIATION, 4)
    ended = case.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(5))
    assert (ended.conclusion, ended.agreement) == (Conclusion.NOT_SETTLED, "none")


def test_what_is_repudiated_after_the_end_stays_settled() -> None:
    """The control of the claim above: only what had been repudiated by then is left out."""
    case = law(settled(), LegalStepKind.REPUDIATION, 6)
    assert (case.conclusion, case.agreement) == (Conclusion.SETTLED, "full")
    assert case.resolutions[-1].stage is ResolutionStage.REPUDIATED


def test_a_repudiated_part_does_not_help_a_later_one_to_be_the_whole() -> None:
    case = in_mediation().resolve(concludes=False, issues=["i1"], **told(3))
    assert law(case, LegalStepKind.REPUDIATION, 4).resolve(issues=["i2"], **told(5)).conclusion is (
        Conclusion.SETTLED_IN_PART
    )
    assert case.resolve(issues=["i2"], **told(5)).conclusion is Conclusion.SETTLED


def test_a_case_that_goes_on_elsewhere_shows_no_agreement_of_its_own() -> None:
    case = settled().merge(into="case-other", **told(9))
    assert (case.conclusion, case.agreement, case.first_conclusion) == (Conclusion.VOID, "none", Conclusion.SETTLED)


def test_an_award_fills_no_column_of_agreements() -> None:
    row = cells(in_mediation().resolve(kind=ResolutionKind.AWARD, **told(3)))
    assert [row[name] for name in ("agreement", "agreement_form", "compliance", "confirmation")] == [
        "none",
        None,
        None,
        None,
    ]
    assert cells(settled())["compliance"] == "unknown"


def test_an_organisation_is_no_person_and_a_group_is_all_of_its_people() -> None:
    case = reported().join(Party(id="p3", side="B", kind=PartyKind.ORGANISATION, role=Role.RESPONDENT), **told(1))
    assert cells(case)["people"] == 2
    group = case.join(Party(id="p4", side="C", kind=PartyKind.GROUP, people=60), **told(1))
    assert cells(group)["people"] == 62
    unknown = case.join(Party(id="p4", side="C", kind=PartyKind.GROUP), **told(1))
    assert cells(unknown)["people"] is None


@pytest.mark.parametrize("after", [Confirmation.REJECTED, Confirmation.WITHDRAWN])
def test_a_confirmation_that_no_longer_stands_leaves_the_agreement_where_its_compliance_says(
    after: Confirmation,
) -> None:
    kept = settled().record_compliance(compliance=Compliance.PARTLY, **told(4))
    confirmed = law(kept, LegalStepKind.CONFIRMATION, 5, confirmation=Confirmation.CONFIRMED)
    assert confirmed.resolutions[-1].stage is ResolutionStage.CONFIRMED
    taken_back = law(confirmed, LegalStepKind.CONFIRMATION, 6, confirmation=after).resolutions[-1]
    assert (taken_back.stage, taken_back.confirmation) == (ResolutionStage.PARTLY, after)
    assert not taken_back.confirmed.is_reached and confirmed.resolutions[-1].confirmed == Milestone.at(at(5))


@pytest.mark.parametrize("ruling", Ruling)
def test_a_ruling_about_an_agreement_stands_with_it_and_in_its_row(ruling: Ruling) -> None:
    case = law(settled(), LegalStepKind.RULING, 8, ruling=ruling)
    assert case.resolutions[-1].ruling is ruling
    assert cells(case, CASE_RESOLUTION)["ruling"] == ruling.value
    assert settled().resolutions[-1].ruling is None


def test_an_extension_never_shortens_the_time() -> None:
    case = in_mediation().extend_attempt(until=at(30), **told(3))
    with pytest.raises(InvalidValue) as caught:
        case.extend_attempt(until=at(20), **told(4))
    assert caught.value.path == "$.until"
    assert case.extend_attempt(until=at(40), **told(4)).attempts[-1].due == at(40)
