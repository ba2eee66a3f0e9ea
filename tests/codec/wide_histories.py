"""Golden histories of the widened model: people who come and go, clocks, drafts, terms, papers, law, merge and split.

These values never change, like those of ``histories``, which stand beside them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import attrs

from community_mediation.domain import events as ev
from community_mediation.domain import items as it
from community_mediation.domain.attempt import AttemptKind, AttemptResult, Medium, PanelChoice, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.delivery import Delivery, Recipient
from community_mediation.domain.dispute import Claim, Dispute, ReferralKind
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.item import Item
from community_mediation.domain.matter import Event
from community_mediation.domain.numbering import Counter, Numbering
from community_mediation.domain.people import MediatorDetails, Membership, Party, PartyExit, PersonDetails, Role
from community_mediation.domain.record import Mediator, Person, Tally
from community_mediation.domain.resolution import (
    AgreementForm,
    Compliance,
    Confirmation,
    ResolutionKind,
    Term,
    TermKind,
)
from community_mediation.domain.risk import Risk, RiskKind
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.values import Code, ExternalId, Milestone, Money, Period, When

PESOS: Final = Money(Decimal("350.25"), "PHP")


def on(day: int) -> When:
    return When.on(dt.date(2023, 2, 1) + dt.timedelta(days=day), "Asia/Manila")


def by(day: int) -> dict[str, Any]:
    return {"at": on(day), "by": "account-1"}


DISPUTE: Final = Dispute(
    type=Code("local", "boundary"),
    claims=(Claim(id="c1", kind=Code("local", "damages"), party="p1", amount=PESOS, text="pay for the fence"),),
    units="the mill and the school",
)
FULL_PARTY: Final = Party(
    id="p1",
    side="A",
    role=Role.APPLICANT,
    identity="990102196003040051",
    identity_kind="resident_card",
    ethnicity="回族",
    education="primary school",
    occupation="miller",
    employer="the mill",
    address="the lane, 4",
    category="on probation",
)
TERMS: Final = (
    Term(
        id="t1",
        kind=TermKind.PAYMENT,
        debtor="p2",
        creditor="p1",
        amount=PESOS,
        due=on(40),
        method="transfer",
        text="for the fence",
        compliance=Compliance.PARTLY,
        complied=Milestone.at(on(41)),
        breached=Milestone.at(on(42)),
    ),
    Term(id="t2", kind=TermKind.FORBEARANCE, text="no more shouting after ten"),
)


def lived() -> tuple[Event, ...]:
    """A case with a clock, people who join, change and leave, a draft, a variation, and whether terms are kept."""
    case = Case.report(
        id="case-4", centre="centre-1", dispute=DISPUTE, parties=(FULL_PARTY, Party(id="p2", side="B")), **by(0)
    )
    case = case.number(reference="KP-2023-7", external=ExternalId("court", "23-7"), **by(1)).accept(**by(1))
    case = case.describe(attrs.evolve(DISPUTE, brief="a fence between two 叶 families"), **by(2))
    case = case.begin_attempt(kind=AttemptKind.CONCILIATION, id="a1", due=on(17), chosen=PanelChoice.LOT, **by(2))
    case = case.assign(mediator="mediator-1", chosen=PanelChoice.AGREED, id="as1", **by(2))
    case = case.release("as1", reason="challenged", note="her cousin is 叶某", **by(3))
    case = case.join(Party(id="p3", side="A", role=Role.GUARDIAN, represents=("p1",), name="叶某某"), **by(4))
    case = case.change_party(Party(id="p2", side="B", role=Role.RESPONDENT, name="赵某"), **by(5))
    case = case.record(it.Helper(id="h1", kind="elder", person="person-9", name="孙某"), **by(5))
    case = case.hold_session(helpers=["h1"], place="under the tree", format=SessionFormat.JOINT, id="s1", **by(6))
    case = case.extend_attempt(until=on(32), reason="complex", **by(7))
    case = case.pause_attempt(reason="appraisal", **by(8)).resume_attempt(**by(9))
    case = case.draft(
        kind=ResolutionKind.AWARD,
        parties=["p1"],
        amount=PESOS,
        terms="as read out",
        clauses=TERMS,
        number="No. 12",
        copies=3,
        facts="the fence fell",
        responsibilities="the storm's",
        id="r1",
        **by(10),
    )
    case = case.end_attempt(result=AttemptResult.EXPIRED, **by(11))
    case = case.adopt("r1", form=AgreementForm.WRITTEN, effective=on(20), concludes=False, **by(12))
    case = case.resolve(
        replaces="r1",
        clauses=(Term(id="t3", kind=TermKind.ACT, text="mend the fence"),),
        number="No. 13",
        copies=2,
        facts="the fence stands",
        responsibilities="of both",
        id="r2",
        **by(13),
    )
    case = case.record_compliance(resolution="r2", term="t3", compliance=Compliance.KEPT, **by(14))
    case = case.follow_up(measures="a second visit in May", medium=Medium.PHONE, id="f1", **by(15))
    case = case.leave("p1", reason=PartyExit.DIED, successor="p3", note="in his sleep", **by(16))
    return case.transfer("centre-2", reason="moved", **by(17)).events


def parted() -> tuple[Event, ...]:
    """The two ways in which a case goes on elsewhere, and a draft that leaves one issue open."""
    from community_mediation.domain.dispute import Issue

    dispute = Dispute(type=Code("local", "boundary"), issues=(Issue(id="fence"), Issue(id="noise")))
    born = Case.report(id="case-5", centre="centre-1", dispute=dispute, **by(0))
    merged = born.merge(into="case-4", note="the same fence of 叶某", **by(1))
    split = born.split(into=["case-8", "case-9"], note="two fences", **by(2))
    drafted = (
        born.accept(**by(1))
        .begin_attempt(kind=AttemptKind.PEOPLE, **by(1))
        .draft(issues=["noise"], id="r1", **by(2))
        .adopt("r1", **by(3))
    )
    return (*merged.events, split.events[-1], *drafted.events)


ITEMS: Final[tuple[Item, ...]] = (
    it.Consent(party="p1", to=it.ConsentTo.CONFLICT_OF_INTEREST, given=False, about="conflict-1"),
    it.ConflictOfInterest(mediator="mediator-1", nature="relative", note="a cousin of 叶某"),
    it.RightsExplained(party="p1", form=AgreementForm.ORAL, acknowledged=True),
    it.Service(
        paper="summons",
        party="p2",
        mediator="mediator-2",
        mode=it.ServiceMode.LEFT_AT_DWELLING,
        appointed=on(9),
        received_by="his aunt 赵某",
    ),
    it.NonAppearance(party="p2", service="service-1", justified=True, reason="赵某 was ill"),
    it.Helper(kind="neighbour", person="person-8", name="周某"),
    it.Mandate(
        principal="p1",
        agent="p3",
        scope=(it.MandateScope.DISPOSE, it.MandateScope.SIGN),
        until=on(90),
        withdrawn=True,
        note="for the fence only",
    ),
    it.Answer(
        instrument="kp_exit",
        question="heard",
        party="p1",
        role="applicant",
        wave="exit",
        score=4,
        choice="yes",
        text="they listened to 叶某",
    ),
    it.Exhibit(kind="photo", party="p1", pages=2, digest="a1" * 32, title="the fence", text="taken by 叶某"),
    it.Signature(
        paper="agreement",
        kind=it.SignatureKind.FINGERPRINT,
        resolution="r1",
        party="p1",
        mediator="mediator-1",
        attests=True,
    ),
    it.Payment(amount=PESOS, payer="p2", payee="p1", resolution="r1", term="t1", method="cash"),
    it.Certificate(kind="file_action", party="p1", grounds=("repudiated",)),
    it.Transmittal(paper="settlement", to="court", resolution="r1"),
    it.Filing(
        number="2023-7",
        retention=it.Retention.LONG,
        compiled_by="mediator-1",
        papers=11,
        pages=30,
        note="page 4 is torn",
    ),
    it.Review(by_role="inspector", reviewer="account-9", grade="good", opinion="well told by 李某"),
    it.LegalStep(
        kind=it.LegalStepKind.RULING,
        resolution="r1",
        consent="consent-1",
        party="p1",
        confirmation=Confirmation.APPLIED,
        ruling=it.Ruling.VARIED,
        execution=it.Execution.PARTLY,
        grounds=("fraud",),
        body="people_court",
        amount=PESOS,
        docket="（2023）晋99民初9号",
        note="heard on a Friday",
    ),
    it.Referral(
        direction=it.Direction.OUT,
        kind=ReferralKind.POST_FILING,
        body="court",
        due=on(60),
        materials=("complaint",),
        docket="（2023）晋99民调9号",
        answered=Milestone.at(on(50)),
        accepted=True,
        reason="in_time",
        returned=Milestone.at(on(55)),
        result="settled",
        note="by hand of 李某",
    ),
    it.ReferralAnswer(referral="referral-1", accepted=False, reason="not_ours"),
    it.ReferralReturn(referral="referral-1", result="not_settled", note="赵某 left"),
    it.Link(kind=it.LinkKind.SAME_EVENT, case="case-1"),
    it.RiskUpdate(
        risk="risk-1", reported_to="police", averted=True, materialised=False, persons=3, measures="two talks"
    ),
    Risk(
        kind=RiskKind.MASS_PETITION,
        persons=30,
        reported=False,
        averted=True,
        note="a banner",
        parties=("p1", "p2"),
        reported_to="government",
        reported_on=on(5),
        materialised=True,
        level="second",
        measures="a meeting with 叶某",
    ),
)


def noted() -> tuple[Event, ...]:
    """Everything that a case notes, with all that can be said of it, as another program may write it."""
    born = Case.report(id="case-6", centre="centre-1", dispute=DISPUTE, parties=(FULL_PARTY,), **by(0))
    return (
        *born.events,
        *(
            ev.Recorded(item=attrs.evolve(item, id=f"item-{number}", when=on(number)), **by(number))
            for number, item in enumerate(ITEMS, 1)
        ),
    )


def registered() -> tuple[Event, ...]:
    """A register that tells who came later, who left, and what the return visit did."""
    gone = attrs.evolve(
        FULL_PARTY, joined=on(1), left=Milestone.at(on(3)), left_reason=PartyExit.REPLACED, successor="p2"
    )
    visit = FollowUp(id="f1", when=on(9), measures="a bench was built", medium=Medium.ONLINE)
    danger = Risk(id="d1", when=on(2), kind=RiskKind.SUICIDE, level="first", measures="someone sat with him")
    snapshot = Snapshot(dispute=DISPUTE, parties=(gone, Party(id="p2", side="A")), follow_up=visit, risk=danger)
    return Case.register(id="case-7", centre="centre-1", snapshot=snapshot, **by(0)).events


def person() -> tuple[Event, ...]:
    """A person with the further fields."""
    details = PersonDetails(name="叶某", education="primary school", category="on probation")
    return Person.create(id="person-2", details=details, **by(0)).events


def mediator() -> tuple[Event, ...]:
    """A mediator with a seat that ended early."""
    seat = Membership(
        centre="centre-1",
        office="secretary",
        proposed=on(0),
        appointed=on(1),
        sworn=on(2),
        until=on(900),
        ended_reason="moved",
    )
    details = MediatorDetails(name="李某", memberships=(seat, Membership(centre="centre-2")))
    return Mediator.create(id="mediator-2", details=details, **by(0)).events


def tally() -> tuple[Event, ...]:
    """A count, made better and then ended."""
    details = TallyDetails(
        centre="centre-1",
        measure="screenings",
        period=Period.parse("2023-Q1"),
        cases=12,
        persons=40,
        source="estimated",
        note="told by 李某 on the phone",
    )
    record = Tally.create(id="tally-1", details=details, **by(0))
    record = record.change(
        details=attrs.evolve(details, cases=0, period=Period.parse("2023-01-02..2023-03-31")), **by(1)
    )
    return record.end(reason="counted_twice", **by(2)).events


def succeeded() -> tuple[Event, ...]:
    """A party dies, and the heir is found later."""
    parties = (Party(id="p1", side="A", role=Role.APPLICANT, name="周某"), Party(id="p2", side="B", name="赵某"))
    case = Case.report(
        id="case-8", centre="centre-1", dispute=Dispute(type=Code("local", "boundary")), parties=parties, **by(0)
    )
    case = case.leave("p1", reason=PartyExit.DIED, **by(1))
    return case.join(Party(id="p3", side="A", name="周某某"), succeeds="p1", **by(9)).events


def delivered() -> tuple[Event, ...]:
    """A notice that is refused at last."""
    delivery = _requested("delivery-1").trying(until=on(2), **by(1)).failed(next_try=on(3), reason="timeout", **by(1))
    return delivery.trying(until=on(4), **by(3)).refused(reason="no_such_recipient", **by(3)).events


def delivered_twice() -> tuple[Event, ...]:
    """A notice that the channel had taken before."""
    delivery = _requested("delivery-2").trying(until=on(2), **by(1))
    return delivery.taken(reference="m-17", duplicate=True, **by(1)).events


def _requested(id: str) -> Delivery:
    to = Recipient(id="addressee", person="person-2", address="desk@example.org", subject="开会", body="周某: 星期五")
    return Delivery.request(
        id=id,
        case="case-4",
        channel="folder",
        kind="hearing",
        dedupe_key="k-1",
        lang="zh",
        recipient=to,
        not_before=on(1),
        **by(0),
    )


def numbered() -> tuple[Event, ...]:
    """Numbers given out, one of them void, some taken before."""
    sheet = Numbering.begin(Counter("centre-1", "papers", 2023), 0, **by(0)).reserve("LP-2023-0001", **by(1))
    return sheet.void(1, reason="misprint", note="周某 spilt tea", **by(2)).take(7, **by(3)).events


HISTORIES: Final = {
    "case-4": lived,
    "case-5": parted,
    "case-6": noted,
    "case-7": registered,
    "person-2": person,
    "mediator-2": mediator,
    "tally-1": tally,
    "case-8": succeeded,
    "delivery-1": delivered,
    "delivery-2": delivered_twice,
    "numbers-1": numbered,
}
"""Matter id -> its events, in wire version 1."""
