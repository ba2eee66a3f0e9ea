"""A case with everything that can be noted in it, and a count; a canary of its own owner in every personal field."""

from __future__ import annotations

from typing import Any, Final

import attrs

from community_mediation.domain.attempt import AttemptKind, Medium
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Claim, Dispute, Issue
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.items import (
    ITEMS,
    Answer,
    Consent,
    ConsentTo,
    Helper,
    LegalStep,
    LegalStepKind,
    ReferralAnswer,
    Risk,
    RiskKind,
    RiskUpdate,
)
from community_mediation.domain.people import Party, PersonDetails, Role
from community_mediation.domain.record import Person, Tally
from community_mediation.domain.resolution import Compliance, Term, TermKind
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.domain.values import Code, Period
from community_mediation.testing.strategies import Random, make, walked
from community_mediation.testing.strategies.making import fitting
from tests.casebook.samples import BY, Canaries, at, reported

WIDE: Final = "case-9"


def marked(value: Any, canaries: Canaries, owner: str) -> Any:
    """The value with a canary of *owner* in every private text inside it."""

    def mark(field: attrs.Attribute[Any], now: Any) -> Any:
        private = field.metadata.get(SENSITIVITY) not in (None, Sensitivity.NONE)
        if not private or "str" not in str(field.type):
            return None if private else now
        return canaries.text(owner, field.name)

    return walked(value, mark)


def told(hours: float) -> dict[str, Any]:
    return {"at": at(hours), "by": BY}


def wide_case(canaries: Canaries) -> Case:
    """Party one is person-1 and leaves, helper one is person-3, party two is nobody's; every item is noted once."""

    def party(owner: str, id: str, **known: Any) -> Party:
        return marked(Party(id=id, side="A" if id == "p1" else "B", **known), canaries, owner)  # type: ignore[no-any-return]

    term = Term(id="t1", kind=TermKind.APOLOGY, debtor="p2")
    dispute = Dispute(
        type=Code("local", "boundary"),
        issues=(Issue(id="i1"),),
        claims=(Claim(id="c1", party="p1"),),
    )
    case = reported(
        WIDE,
        dispute=marked(dispute, canaries, WIDE),
        parties=(
            party("person-1", "p1", role=Role.APPLICANT, person="person-1"),
            party("nobody", "p2", role=Role.RESPONDENT),
        ),
    )
    case = case.accept(**told(1)).begin_attempt(kind=AttemptKind.PEOPLE, due=at(90), **told(2))
    case = case.record(marked(Helper(id="h1", kind="elder", person="person-3"), canaries, "person-3"), **told(3))
    case = case.record(marked(Helper(id="h2", kind="expert"), canaries, "h2"), **told(3))
    case = case.record(marked(Risk(id="d1", kind=RiskKind.FIGHT), canaries, WIDE), **told(3))
    case = case.assign(mediator="mediator-1", id="as1", **told(4)).release(
        "as1", note=canaries.text(WIDE, "released"), **told(5)
    )
    case = case.hold_session(helpers=["h1"], place=canaries.text(WIDE, "place"), medium=Medium.PHONE, **told(6))
    case = case.draft(id="r1", clauses=(marked(term, canaries, WIDE),), terms=canaries.text(WIDE, "draft"), **told(7))
    case = case.adopt("r1", **told(8))
    rng = Random(5)
    for hours, (what, cls) in enumerate(ITEMS.items(), 10):
        if cls is Helper:
            continue
        item: Any = LegalStep(kind=LegalStepKind.SUIT) if cls is LegalStep else make(cls, rng, fill=1.0)
        if cls is Answer:
            item = attrs.evolve(item, score=4)
        if cls is Consent:
            item = Consent(party="p1", to=ConsentTo.ONLINE)
        if cls is ReferralAnswer:
            item = attrs.evolve(item, accepted=True)
        if cls is RiskUpdate:
            item = RiskUpdate(risk="d1", averted=True, measures="x")
        fitted = fitting(item, lambda what: IDS[what], rng)
        note = attrs.evolve(marked(fitted, canaries, WIDE), id=f"{what}-1", when=None)
        case = case.record(note, **told(hours))
    case = case.follow_up(
        kept=Compliance.BREACHED,
        satisfaction=[Satisfaction(score=2, side="A", party="p1")],
        note=canaries.text(WIDE, "visit"),
        measures=canaries.text(WIDE, "measures"),
        **told(60),
    )
    case = case.join(party("heir", "p3", role=Role.RESPONDENT), **told(61))
    return case.leave("p2", successor="p3", note=canaries.text(WIDE, "left"), **told(62))


IDS: Final[dict[str, list[str]]] = {
    "party": ["p1", "p2"],
    "resolution": ["r1"],
    "term": ["t1"],
    "item": ["h1"],
    "risk": ["d1"],
    "referral": ["referral-1"],
    "anything": ["h1"],
}


def tally(canaries: Canaries) -> Tally:
    """A count, made better."""
    details = TallyDetails(centre="centre-1", measure="screenings", period=Period.parse("2022-06"), cases=12)
    record = Tally.create(id="tally-1", details=marked(details, canaries, "tally-1"), at=at(), by=BY)
    return record.change(details=marked(attrs.evolve(details, persons=40), canaries, "tally-1"), at=at(9), by=BY)


def person(id: str, canaries: Canaries) -> Person:
    """A person of whom all is recorded."""
    return Person.create(id=id, details=marked(PersonDetails(), canaries, id), at=at(), by=BY)
