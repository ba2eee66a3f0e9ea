"""How a case comes out: full, in part, not at all, and what a reopening keeps. With the two worked examples."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.attempt import AttemptKind, Medium, PanelRole, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Intake, Issue, Nature, Source
from community_mediation.domain.people import Party, Role, Sex
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, Extent, ResolutionKind
from community_mediation.domain.resolution import ResolutionStage as Stage
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.validators import MAX_ITEMS
from community_mediation.domain.values import NOT_REACHED, Code, Milestone, When
from community_mediation.testing.strategies import BY
from tests.domain.test_moves import DISPUTE, at, in_mediation, settled, told

RESPONDENTS = ("p2", "p3", "p4")
ISSUES = ("i1", "i2")
POINTS = frozenset(itertools.product(RESPONDENTS, ISSUES))


def three_respondents() -> Case:
    parties = (
        Party(id="p1", side="A", role=Role.APPLICANT),
        *(Party(id=each, side="B", role=Role.RESPONDENT) for each in RESPONDENTS),
        Party(id="p5", side="C", role=Role.THIRD_PARTY),
    )
    case = Case.report(id="case-1", centre="c1", dispute=DISPUTE, parties=parties, **told())
    return case.accept(**told(1)).begin_attempt(kind=AttemptKind.PEOPLE, **told(2))


def covered(agreements: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> frozenset[tuple[str, str]]:
    """The matrix, filled in point by point: the oracle."""
    return frozenset(
        (party, issue)
        for party, issue in POINTS
        if any((not who or party in who) and (not what or issue in what) for who, what in agreements)
    )


some_parties = st.lists(st.sampled_from(["p1", *RESPONDENTS, "p5"]), unique=True).map(tuple)
some_issues = st.lists(st.sampled_from(ISSUES), unique=True).map(tuple)


@given(st.lists(st.tuples(some_parties, some_issues), min_size=1, max_size=5))
def test_a_case_is_settled_if_every_issue_of_every_respondent_is_and_else_in_part(
    agreements: list[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    """The matrix of three respondents and two issues, filled in by any agreements in any order."""
    case = three_respondents()
    for number, (parties, issues) in enumerate(agreements, 1):
        last = number == len(agreements)
        case = case.resolve(parties=parties, issues=issues, concludes=last, **told(2 + number))
        done = covered(agreements[:number]) == POINTS
        assert case.resolutions[-1].extent is (Extent.FULL if done else Extent.PARTIAL)
        assert case.agreement == "open" or last
    full = covered(agreements) == POINTS
    assert case.conclusion is (Conclusion.SETTLED if full else Conclusion.SETTLED_IN_PART)
    assert case.agreement == ("full" if full else "partial")


def test_one_respondent_of_three_and_the_rest_fails_is_settled_in_part() -> None:
    case = three_respondents().resolve(parties=["p2"], concludes=False, **told(3))
    assert (case.process, case.agreement, case.agreed) == (Process.IN_MEDIATION, "open", Milestone.at(at(3)))
    case = case.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, reason="no_common_ground", **told(4))
    assert (case.conclusion, case.agreement, case.reason) == (Conclusion.SETTLED_IN_PART, "partial", "no_common_ground")


def test_agreements_one_by_one_settle_the_whole_even_if_nothing_is_agreed_at_the_end() -> None:
    case = three_respondents()
    for number, party in enumerate(RESPONDENTS, 3):
        case = case.resolve(parties=[party], concludes=False, **told(number))
    ended = case.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(9))
    awarded = case.resolve(kind=ResolutionKind.AWARD, **told(9))
    assert ended.conclusion is awarded.conclusion is Conclusion.SETTLED


def test_an_agreement_in_part_and_then_withdrawn_is_withdrawn_with_a_partial_agreement() -> None:
    case = three_respondents().resolve(issues=["i1"], concludes=False, **told(3)).withdraw(party="p1", **told(4))
    assert (case.conclusion, case.agreement) == (Conclusion.WITHDRAWN, "partial")


def test_an_award_is_never_an_agreement() -> None:
    case = three_respondents().resolve(kind=ResolutionKind.AWARD, **told(3))
    assert (case.conclusion, case.agreement, case.agreed) == (Conclusion.NOT_SETTLED, "none", NOT_REACHED)
    mixed = three_respondents().resolve(parties=["p2"], concludes=False, **told(3))
    mixed = mixed.resolve(kind=ResolutionKind.AWARD, **told(4))
    assert (mixed.conclusion, mixed.agreement) == (Conclusion.SETTLED_IN_PART, "partial")
    assert [each.extent for each in mixed.resolutions] == [Extent.PARTIAL, Extent.FULL]


def test_an_award_for_the_rest_is_an_award_in_part() -> None:
    """What was agreed before is not awarded: the extent of an award is its own."""
    case = three_respondents().resolve(parties=["p2", "p3"], concludes=False, **told(3))
    case = case.resolve(kind=ResolutionKind.AWARD, parties=["p4"], **told(4))
    assert [each.extent for each in case.resolutions] == [Extent.PARTIAL, Extent.PARTIAL]
    assert case.conclusion is Conclusion.SETTLED_IN_PART


def test_a_private_settlement_is_no_agreement_of_the_mediation() -> None:
    case = three_respondents().resolve(kind=ResolutionKind.PRIVATE_SETTLEMENT, **told(3))
    assert (case.conclusion, case.agreement) == (Conclusion.RESOLVED_BEFORE_SESSION, "none")


def test_reopening_keeps_the_first_conclusion_and_starts_the_outcome_anew() -> None:
    """A later failure is a failure, although an old agreement is on file."""
    case = settled().close(**told(4)).reopen(reason="broken", **told(5))
    assert (case.process, case.conclusion, case.reason, case.agreement) == (Process.IN_MEDIATION, None, None, "open")
    assert (case.first_conclusion, case.first_concluded) == (Conclusion.SETTLED, Milestone.at(at(3)))
    assert (case.file, case.concluded, case.closed) == (FileStage.OPEN, NOT_REACHED, NOT_REACHED)
    failed = case.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(6))
    assert (failed.conclusion, failed.agreement) == (Conclusion.NOT_SETTLED, "none")
    assert failed.first_conclusion is Conclusion.SETTLED and len(failed.resolutions) == 1
    again = case.resolve(**told(6))
    assert (again.conclusion, again.reason, again.agreed) == (Conclusion.SETTLED, None, Milestone.at(at(3)))
    as_known_before = failed.valid_at(at(4.5))
    assert as_known_before is not None and as_known_before.conclusion is Conclusion.SETTLED


def test_the_reason_for_an_ending_is_gone_while_the_case_has_not_ended() -> None:
    case = in_mediation().withdraw(reason="went_home", **told(3)).reopen(reason="came_back", **told(4))
    assert case.reason is None
    assert case.resolve(**told(5)).reason is None


def test_an_attempt_that_runs_ends_with_the_case_and_one_that_ended_keeps_its_end() -> None:
    case = in_mediation().end_attempt(**told(3)).begin_attempt(kind=AttemptKind.ADMINISTRATIVE, **told(4))
    ends = [each.ended for each in case.resolve(**told(5)).attempts]
    assert ends == [Milestone.at(at(3)), Milestone.at(at(5))]


@pytest.mark.parametrize(
    ("found", "stage"),
    [
        (Compliance.KEPT, Stage.COMPLIED),
        (Compliance.PARTLY, Stage.PARTLY),
        (Compliance.BREACHED, Stage.BREACHED),
        (Compliance.PENDING, Stage.EFFECTIVE),
    ],
)
def test_compliance_moves_the_resolution_that_it_names_and_no_other(found: Compliance, stage: Stage) -> None:
    case = in_mediation().resolve(id="r1", issues=["i1"], concludes=False, **told(3)).resolve(id="r2", **told(4))
    case = case.record_compliance(compliance=found, resolution="r1", **told(5))
    assert [each.stage for each in case.resolutions] == [stage, Stage.EFFECTIVE]
    latest = case.record_compliance(compliance=found, **told(6))
    assert latest.resolutions[1].compliance is found
    assert case.process is Process.CONCLUDED


def test_a_crowd_of_respondents_with_as_many_issues_is_judged_at_once() -> None:
    """The matrix has a hundred million points, and nobody visits them."""
    parties = tuple(Party(id=f"p{n}", side="B", role=Role.RESPONDENT) for n in range(MAX_ITEMS))
    dispute = attrs.evolve(DISPUTE, issues=tuple(Issue(id=f"i{n}") for n in range(MAX_ITEMS)))
    case = Case.report(id="x", centre="c1", dispute=dispute, parties=parties, **told())
    case = case.accept(**told()).begin_attempt(kind=AttemptKind.PEOPLE, **told())
    names, points = [each.id for each in parties], [each.id for each in dispute.issues]
    began = time.perf_counter()
    case = case.resolve(parties=names[:-1], issues=points, concludes=False, **told(1))
    case = case.resolve(parties=names[-1:], issues=points[:-1], concludes=False, **told(2))
    case = case.resolve(parties=names[-1:], issues=points[-1:], **told(3))
    assert time.perf_counter() - began < 10
    assert [each.extent for each in case.resolutions] == [Extent.PARTIAL, Extent.PARTIAL, Extent.FULL]
    assert case.conclusion is Conclusion.SETTLED


# ---------------------------------------------------------------- the worked examples


def test_the_factory_wall() -> None:
    """A wall over the neighbour's line: separate visits, an apology and a concession, an oral agreement, no paper."""
    when = itertools.count()

    def then() -> dict[str, Any]:
        return {"at": When.on(dt.date(2022, 3, 7) + dt.timedelta(days=next(when)), "Asia/Shanghai"), "by": BY}

    case = Case.report(
        id="wall",
        centre="station",
        dispute=Dispute(
            type=Code("local", "neighbour"),
            nature=Nature.CIVIL,
            units_involved=2,
            issues=(Issue(id="line", text="the wall stands over the line"),),
            title="厂房围墙越界",
        ),
        intake=Intake(source=Source.APPLICATION, channel="walk_in"),
        parties=(
            Party(id="p1", side="A", role=Role.APPLICANT, name="孙某"),
            Party(id="p2", side="B", role=Role.RESPONDENT, name="周某"),
        ),
        **then(),
    )
    case = case.accept(**then()).begin_attempt(kind=AttemptKind.PEOPLE, **then())
    case = case.assign(mediator="m1", role=PanelRole.LEAD, **then())
    case = case.hold_session(format=SessionFormat.SITE_VISIT, medium=Medium.IN_PERSON, **then())
    for party in ("p1", "p2"):
        case = case.hold_session(format=SessionFormat.SEPARATE, attended=[party], **then())
    terms = "周某道歉; 孙某让出已占的半米, 围墙不再加高"
    case = case.resolve(form=AgreementForm.ORAL, terms=terms, **then()).saved()

    assert (case.conclusion, case.agreement, case.process) == (Conclusion.SETTLED, "full", Process.CONCLUDED)
    (agreement,) = case.resolutions
    assert (agreement.form, agreement.stage, agreement.amount) == (AgreementForm.ORAL, Stage.EFFECTIVE, None)
    assert case.joint_session == NOT_REACHED and case.first_session.is_reached and case.sessions_held == 3
    assert case.attempts[0].ended == case.concluded
    assert all(name not in repr(case) for name in ("孙某", "周某", "道歉", "围墙"))
    followed = case.close(**then()).follow_up(kept=Compliance.KEPT, **then())
    assert followed.resolutions[0].compliance is Compliance.KEPT and followed.file is FileStage.CLOSED


def test_the_two_cars_in_the_narrow_lane() -> None:
    """Two drivers meet at night, nobody is the respondent, and an auxiliary settles it on the spot at 23:00."""
    night = When.parse("2022-05-14T23:00:00+08:00")
    case = Case.report(
        id="lane",
        centre="station",
        dispute=Dispute(type=Code("local", "traffic"), people_involved=2),
        intake=Intake(source=Source.PROACTIVE, channel="police_call"),
        parties=(
            Party(id="p1", side="A", name="叶某", sex=Sex.MALE),
            Party(id="p2", side="B", name="赵某", sex=Sex.MALE),
        ),
        at=When.parse("2022-05-14T22:40:00+08:00"),
        by=BY,
    )
    case = case.resolve(on_the_spot=True, form=AgreementForm.ORAL, at=night, by=BY)
    assert (case.conclusion, case.agreement) == (Conclusion.SETTLED, "full")
    assert case.attempts == () and case.sessions == () and case.begun == NOT_REACHED
    assert case.concluded == case.agreed == Milestone.at(night)
    assert {party.role for party in case.parties} == {None}
    before, after = (case.valid_at(When.parse(f"2022-05-14T{each}+08:00")) for each in ("22:59:59", "23:00:00"))
    assert before is not None and before.process is Process.REPORTED and before.agreement == "open"
    assert after is not None and after.process is Process.CONCLUDED
    one_sided = Case.report(
        id="lane", centre="station", dispute=case.dispute, parties=case.parties, at=night, by=BY
    ).resolve(on_the_spot=True, parties=["p1"], at=night, by=BY)
    assert one_sided.conclusion is Conclusion.SETTLED_IN_PART, "where nobody is the respondent, everyone counts"
