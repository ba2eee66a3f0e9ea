"""The workload's events as ``msgspec.Struct`` classes, written by hand: what a codec with no other duties would be.

One JSON text a case, all fields in the open: no private parts, no digests, no errors with a path.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from community_mediation.domain import values
from community_mediation.domain.attempt import AttemptKind, Medium, PanelChoice, PanelRole, SessionFormat
from community_mediation.domain.dispute import Difficulty, Nature, ReferralKind, Source
from community_mediation.domain.matter import Event
from community_mediation.domain.people import PartyKind, Role, Sex
from community_mediation.domain.resolution import AgreementForm, Compliance, ResolutionKind, TermKind


class Model(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What all have."""


class Day(Model, frozen=True):
    day: dt.date
    zone: str


When = dt.datetime | Day | None


class Money(Model, frozen=True):
    amount: Decimal
    currency: str


class Code(Model, frozen=True):
    scheme: str
    code: str


class ExternalId(Model, frozen=True):
    system: str
    number: str


class Issue(Model, frozen=True):
    id: str
    kind: Code | None = None
    text: str | None = None


class Claim(Model, frozen=True):
    id: str
    party: str | None = None
    kind: Code | None = None
    amount: Money | None = None
    text: str | None = None


class Dispute(Model, frozen=True):
    type: Code
    nature: Nature | None = None
    since: When = None
    scale: str | None = None
    difficulty: Difficulty | None = None
    people_involved: int | None = None
    units_involved: int | None = None
    amount_claimed: Money | None = None
    issues: tuple[Issue, ...] = ()
    title: str | None = None
    brief: str | None = None
    place: str | None = None
    claims: tuple[Claim, ...] = ()


class Intake(Model, frozen=True):
    source: Source | None = None
    channel: str | None = None
    referrer_kind: str | None = None
    referral_kind: ReferralKind | None = None


class Party(Model, frozen=True):
    id: str
    side: str
    role: Role | None = None
    kind: PartyKind = PartyKind.NATURAL
    sex: Sex = Sex.UNKNOWN
    name: str | None = None
    birth_date: dt.date | None = None
    contact: str | None = None
    identity: str | None = None
    identity_kind: str | None = None
    education: str | None = None
    ethnicity: str | None = None
    occupation: str | None = None
    address: str | None = None


class Term(Model, frozen=True):
    id: str
    kind: TermKind
    debtor: str | None = None
    creditor: str | None = None
    amount: Money | None = None
    due: When = None
    method: str | None = None
    text: str | None = None


class Satisfaction(Model, frozen=True):
    score: int
    side: str
    party: str | None = None


class Happened(Model, frozen=True, tag_field="type"):
    """Any event."""

    at: dt.datetime | Day
    by: str


class Reported(Happened, frozen=True, tag="case.reported"):
    centre: str
    dispute: Dispute
    intake: Intake
    reference: str | None = None
    external: ExternalId | None = None
    parties: tuple[Party, ...] = ()


class Accepted(Happened, frozen=True, tag="case.accepted"):
    pass


class AttemptBegun(Happened, frozen=True, tag="case.attempt_begun"):
    attempt: str
    kind: AttemptKind
    consented: When = None
    due: When = None
    chosen: PanelChoice | None = None


class MediatorAssigned(Happened, frozen=True, tag="case.mediator_assigned"):
    assignment: str
    mediator: str
    role: PanelRole = PanelRole.LEAD
    attempt: str | None = None


class SessionHeld(Happened, frozen=True, tag="case.session_held"):
    session: str
    format: SessionFormat | None = None
    medium: Medium | None = None
    attended: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    minutes: int | None = None
    record: str | None = None
    place: str | None = None


class Resolved(Happened, frozen=True, tag="case.resolved"):
    resolution: str
    kind: ResolutionKind = ResolutionKind.AGREEMENT
    form: AgreementForm | None = None
    amount: Money | None = None
    terms: str | None = None
    clauses: tuple[Term, ...] = ()
    number: str | None = None
    copies: int | None = None
    facts: str | None = None
    responsibilities: str | None = None


class ComplianceRecorded(Happened, frozen=True, tag="case.compliance_recorded"):
    resolution: str
    compliance: Compliance
    term: str | None = None


class FollowedUp(Happened, frozen=True, tag="case.followed_up"):
    follow_up: str
    kept: Compliance | None = None
    satisfaction: tuple[Satisfaction, ...] = ()
    sued: bool | None = None
    new_danger: bool | None = None
    note: str | None = None
    medium: Medium | None = None


class Closed(Happened, frozen=True, tag="case.closed"):
    pass


AnEvent = (
    Reported
    | Accepted
    | AttemptBegun
    | MediatorAssigned
    | SessionHeld
    | Resolved
    | ComplianceRecorded
    | FollowedUp
    | Closed
)


class Case(Model, frozen=True):
    """A case: its id and what happened."""

    id: str
    events: tuple[AnEvent, ...]


ENCODE: Callable[[Case], bytes] = msgspec.json.Encoder().encode
DECODE: Callable[[bytes], Case] = msgspec.json.Decoder(Case).decode


def struct_of(value: Any) -> Any:
    """The same data in these classes."""
    if isinstance(value, tuple):
        return tuple(map(struct_of, value))
    if isinstance(value, values.When):
        if value.day is not None:
            return Day(day=value.day, zone=str(value.zone))
        return value.instant
    model = globals().get(type(value).__name__)
    if not isinstance(model, type) or not issubclass(model, Model):
        return value
    return model(**{name: struct_of(getattr(value, name)) for name in model.__struct_fields__})


def case_of(id: str, events: Sequence[Event]) -> Case:
    """The same history in these classes."""
    return Case(id=id, events=struct_of(tuple(events)))
