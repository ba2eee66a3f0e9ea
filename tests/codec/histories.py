"""The rich histories that the golden files hold: every event, every class, every grain of time.

These values never change. A new field or event gets a new history, and a new file beside the old ones.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import attrs

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, Medium, PanelRole, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import (
    Difficulty,
    Dispute,
    Intake,
    Issue,
    Nature,
    OwnValue,
    ReferralKind,
    Source,
)
from community_mediation.domain.follow_up import FollowUp, Satisfaction
from community_mediation.domain.ledger import (
    BookOpened,
    Disclosed,
    LegalHoldLifted,
    LegalHoldPlaced,
    RestrictionLifted,
    SubjectRestricted,
    SubjectsErased,
)
from community_mediation.domain.matter import Event
from community_mediation.domain.people import MediatorDetails, MediatorKind, Party, PartyKind, PersonDetails, Role, Sex
from community_mediation.domain.record import Centre, Mediator, Person
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, Confirmation, ResolutionKind
from community_mediation.domain.risk import Risk, RiskKind
from community_mediation.domain.snapshot import RegisterStatus, Snapshot
from community_mediation.domain.values import NOT_REACHED, Code, ExternalId, Milestone, Money, When
from tests.codec import wide_histories

YUAN: Final = Money(Decimal("1200.50"), "CNY")
NIGHT: Final = When.parse("2022-05-14T23:05:00.000001+08:00")


def on(day: int) -> When:
    return When.on(dt.date(2022, 5, 1) + dt.timedelta(days=day), "Asia/Shanghai")


def by(day: int) -> dict[str, Any]:
    return {"at": on(day), "by": "account-1"}


DISPUTE: Final = Dispute(
    type=Code("moj_stat_18", "neighbour"),
    nature=Nature.CIVIL,
    since=When.on(dt.date(2019, 1, 1), "Asia/Shanghai"),
    scale="small",
    difficulty=Difficulty.COMPLEX,
    people_involved=3,
    units_involved=2,
    amount_claimed=Money(Decimal(5000), "CNY"),
    issues=(
        Issue(id="wall", kind=Code("local", "纠纷: 其他"), text="the wall stands over the line"),
        Issue(id="noise"),
    ),
    own=(OwnValue(name="grid", public="7-2"), OwnValue(name="remark", value="ask the 周某 family")),
    title="厂房围墙越界",
    brief='a wall was built in the night; "nobody" built it\n第二行',
    place="the lane behind the mill",
)
PARTIES: Final = (
    Party(
        id="p1",
        side="A",
        role=Role.APPLICANT,
        person="person-1",
        sex=Sex.FEMALE,
        name="孙某",
        birth_date=dt.date(1950, 2, 3),
        contact="the door with the blue frame",
        identity="990101195002030029",
    ),
    Party(id="p2", side="B", role=Role.RESPONDENT, kind=PartyKind.GROUP, people=12, name="周某某"),
    Party(id="p3", side="C", kind=PartyKind.ORGANISATION),
)


def lived() -> tuple[Event, ...]:
    """A case reported here that goes through every move, with a correction of each kind."""
    case = Case.report(
        id="case-1",
        centre="centre-1",
        reference="晋医人调字[2019]011号",
        external=ExternalId("old-register", "2022/0815"),
        dispute=DISPUTE,
        intake=Intake(
            source=Source.REFERRAL, channel="police_call", referrer_kind="court", referral_kind=ReferralKind.PRE_FILING
        ),
        parties=PARTIES,
        **by(0),
    )
    case = case.accept(**by(1))
    case = case.begin_attempt(kind=AttemptKind.PEOPLE, id="a1", consented=on(1), **by(2))
    case = case.assign(mediator="mediator-1", role=PanelRole.RECORDER, attempt="a1", id="as1", **by(2))
    case = case.hold_session(
        format=SessionFormat.SITE_VISIT,
        medium=Medium.IN_PERSON,
        attended=["p1", "p2"],
        agencies=["police_station"],
        minutes=45,
        record="both wept",
        id="s1",
        **by(3),
    )
    case = case.resolve(
        form=AgreementForm.ORAL,
        parties=["p1", "p2"],
        issues=["noise"],
        amount=YUAN,
        effective=on(6),
        concludes=False,
        terms="quiet after ten",
        id="r1",
        **by(5),
    )
    case = case.end_attempt(reason="no_common_ground", note="周某某 left the room", **by(7))
    case = case.conclude_without_agreement(
        conclusion=Conclusion.NOT_SETTLED, reason="refused_terms", note="next year, perhaps", **by(8)
    )
    case = case.record_compliance(resolution="r1", compliance=Compliance.PARTLY, note="loud on Sundays", **by(9))
    case = case.follow_up(
        kept=Compliance.BREACHED,
        satisfaction=[Satisfaction(score=2, side="A", party="p1"), Satisfaction(score=4, side="B")],
        sued=False,
        new_danger=True,
        note="the dog is back",
        id="f1",
        **by(10),
    )
    case = case.close(**by(11)).reopen(reason="new_facts", note="a map was found", **by(12))
    case = case.resolve(kind=ResolutionKind.AWARD, id="r2", at=NIGHT, by="account-2")
    case = case.reopen(at=When.unknown(), by="account-2").withdraw(party="p1", reason="moved", note="to 某市", **by(30))
    case = case.correct(
        5, ev.SessionHeld(session="s1", record="nobody wept", **by(4)), reason="a slip of 孙某's", **by(31)
    )
    return case.correct(10, None, **by(32)).events


def short() -> tuple[Event, ...]:
    """The endings that the long case cannot have."""
    parties = (Party(id="p1", side="A", name="叶某"), Party(id="p2", side="B", name="赵某"))
    report: dict[str, Any] = {"centre": "centre-1", "dispute": Dispute(type=Code("local", "traffic")), **by(0)}
    settled = Case.report(id="case-2", parties=parties, **report).resolve(on_the_spot=True, at=NIGHT, by="account-1")
    declined = Case.report(id="case-2", **report).decline(reason="not_ours", note="see 赵某", **by(1))
    return (*settled.events, *declined.events)


def registered() -> tuple[Event, ...]:
    """A case from an old register, every cell of its row filled, then amended."""
    snapshot = Snapshot(
        dispute=DISPUTE,
        intake=Intake(source=Source.PROACTIVE),
        parties=PARTIES[:2],
        mediators=("mediator-1", "mediator-2"),
        status=RegisterStatus.CLOSED,
        attempt_kind=AttemptKind.ADMINISTRATIVE,
        sessions=2,
        session_format=SessionFormat.SEPARATE,
        session_medium=Medium.PHONE,
        accepted=Milestone.at(on(1)),
        agreed_to_mediate=Milestone.at(When.unknown()),
        begun=Milestone.at(NIGHT),
        first_session=Milestone.at(on(2)),
        joint_session=NOT_REACHED,
        agreed=Milestone.at(on(20)),
        concluded=Milestone.at(on(20)),
        closed=Milestone.at(on(30)),
        conclusion=Conclusion.SETTLED,
        agreement_form=AgreementForm.WRITTEN,
        amount_agreed=YUAN,
        compliance=Compliance.KEPT,
        complied=Milestone.at(on(25)),
        breached=NOT_REACHED,
        repudiated=NOT_REACHED,
        litigation=False,
        confirmation=Confirmation.CONFIRMED,
        confirmed=Milestone.at(on(28)),
        risk=Risk(
            id="risk-1", kind=RiskKind.FIGHT, persons=2, reported=True, averted=False, note="two brothers with spades"
        ),
        follow_up=FollowUp(
            id="f1",
            when=on(27),
            kept=Compliance.KEPT,
            satisfaction=(Satisfaction(score=5, side="applicant"),),
            sued=False,
            new_danger=False,
            note="tea was served",
        ),
        observed=on(40),
    )
    case = Case.register(
        id="case-3",
        centre="centre-1",
        reference="2022-17",
        external=ExternalId("old-register", "17"),
        snapshot=snapshot,
        **by(0),
    )
    later = attrs.evolve(snapshot, compliance=Compliance.BREACHED, parties=PARTIES[1:])
    return case.amend(snapshot=later, fields=["compliance", "parties"], reported=on(-1), **by(50)).events


def person() -> tuple[Event, ...]:
    """A person, changed and ended."""
    details = PersonDetails(
        kind=PartyKind.ORGANISATION,
        sex=Sex.UNSPECIFIED,
        centre="centre-1",
        identity_kind="passport",
        name="孙某",
        birth_date=dt.date(1950, 2, 3),
        ethnicity="回族",
        occupation="miller",
        employer="the mill",
        address="the lane, 3",
        contact="the blue door",
        identity="990101195002030029",
    )
    record = Person.create(id="person-1", details=details, **by(0)).change(
        details=PersonDetails(name="孙某某"), **by(1)
    )
    return record.end(reason="died", note="in her sleep", **by(2)).events


def mediator() -> tuple[Event, ...]:
    """A mediator."""
    details = MediatorDetails(
        centre="centre-1",
        kind=MediatorKind.PART_TIME,
        background="retired_teacher",
        languages=("zh", "yue"),
        qualifications=("law_degree",),
        sex=Sex.MALE,
        name="李某",
        contact="after school",
    )
    return Mediator.create(id="mediator-1", details=details, **by(0)).events


def centre() -> tuple[Event, ...]:
    """A centre."""
    details = CentreDetails(
        name="李某工作室",
        kind="people",
        host="village",
        stationed_at="police_station",
        region="cn",
        zone="Asia/Shanghai",
        supervisor="centre-0",
    )
    return Centre.create(id="centre-1", details=details, **by(0)).events


def book() -> tuple[Event, ...]:
    """The book itself."""
    return (
        BookOpened(secret="c2VjcmV0", **by(0)),
        SubjectsErased(subjects=("person-1", "case-1/p1"), reason="asked for by 孙某", **by(1)),
    )


def book_2() -> tuple[Event, ...]:
    """The book itself, later on."""
    return (
        Disclosed(what="export", reason="asked for by 孙某", **by(0)),
        LegalHoldPlaced(subject="person-1", hold="2022-17", reason="order of the court in the case of 孙某", **by(1)),
        SubjectRestricted(subject="person-1", reason="孙某 asked to be erased", **by(2)),
        LegalHoldLifted(subject="person-1", hold="2022-17", reason="孙某 withdrew", **by(3)),
        RestrictionLifted(subject="person-1", reason="孙某 agreed", **by(4)),
    )


HISTORIES: Final = {
    "case-1": lived,
    "case-2": short,
    "case-3": registered,
    "person-1": person,
    "mediator-1": mediator,
    "centre-1": centre,
    "book": book,
    "book-2": book_2,
    **wide_histories.HISTORIES,
}
"""Matter id -> its events, in wire version 1."""
