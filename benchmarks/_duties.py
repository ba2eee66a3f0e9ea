"""The same classes with the duties of a journal, written by hand for the workload's events alone.

What names somebody stands apart, one part a subject, salted and digested, so that it can be erased. A key that stands
twice or that nobody knows, a part that is not the one that was recorded, and values without a place are refused; texts
are bounded. msgspec checks types, codes and lengths while it reads. There are no errors with a path, no other events,
no plugins' classes, no patterns of ids, no times with a precision of their own, and nothing is generic.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import msgspec

from benchmarks import _structs as whole
from benchmarks._structs import (
    Accepted,
    AttemptBegun,
    Case,
    Closed,
    Code,
    ComplianceRecorded,
    ExternalId,
    Intake,
    MediatorAssigned,
    Model,
    Money,
    When,
)
from community_mediation.domain.attempt import Medium, SessionFormat
from community_mediation.domain.dispute import Difficulty, Nature
from community_mediation.domain.people import PartyKind, Role, Sex
from community_mediation.domain.resolution import AgreementForm, Compliance, ResolutionKind, TermKind

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
A = TypeVar("A")


class Issue(Model, frozen=True):
    id: Id
    kind: Code | None = None


class Claim(Model, frozen=True):
    id: Id
    party: Id | None = None
    kind: Code | None = None
    amount: Money | None = None


class Dispute(Model, frozen=True):
    type: Code
    nature: Nature | None = None
    since: When = None
    scale: Id | None = None
    difficulty: Difficulty | None = None
    people_involved: int | None = None
    units_involved: int | None = None
    amount_claimed: Money | None = None
    issues: tuple[Issue, ...] = ()
    claims: tuple[Claim, ...] = ()


class Party(Model, frozen=True):
    id: Id
    side: Id
    role: Role | None = None
    kind: PartyKind = PartyKind.NATURAL
    sex: Sex = Sex.UNKNOWN
    identity_kind: Id | None = None


class PartyTold(Model, frozen=True):
    """What a party's own part holds."""

    name: Text | None = None
    birth_date: dt.date | None = None
    contact: Text | None = None
    identity: Text | None = None
    education: Text | None = None
    ethnicity: Text | None = None
    occupation: Text | None = None
    address: Text | None = None


class Term(Model, frozen=True):
    id: Id
    kind: TermKind
    debtor: Id | None = None
    creditor: Id | None = None
    amount: Money | None = None
    due: When = None
    method: Id | None = None


class Happened(Model, frozen=True, tag_field="type"):
    at: dt.datetime | whole.Day
    by: Id


class Reported(Happened, frozen=True, tag="case.reported"):
    centre: Id
    dispute: Dispute
    intake: Intake
    reference: Id | None = None
    external: ExternalId | None = None
    parties: tuple[Party, ...] = ()


class SessionHeld(Happened, frozen=True, tag="case.session_held"):
    session: Id
    format: SessionFormat | None = None
    medium: Medium | None = None
    attended: tuple[Id, ...] = ()
    agencies: tuple[Id, ...] = ()
    minutes: int | None = None


class Resolved(Happened, frozen=True, tag="case.resolved"):
    resolution: Id
    kind: ResolutionKind = ResolutionKind.AGREEMENT
    form: AgreementForm | None = None
    amount: Money | None = None
    clauses: tuple[Term, ...] = ()
    number: Id | None = None
    copies: int | None = None


class FollowedUp(Happened, frozen=True, tag="case.followed_up"):
    follow_up: Id
    kept: Compliance | None = None
    satisfaction: tuple[whole.Satisfaction, ...] = ()
    sued: bool | None = None
    new_danger: bool | None = None
    medium: Medium | None = None


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


class Body(Model, frozen=True):
    v: int
    events: tuple[AnEvent, ...]
    digests: dict[str, str] = msgspec.field(default_factory=dict)


class CaseTold(Model, frozen=True):
    salt: str
    values: dict[str, Text]


class OneTold(Model, frozen=True):
    salt: str
    values: PartyTold


_encode: Final = msgspec.json.Encoder().encode
_body: Final = msgspec.json.Decoder(Body).decode
_case_told: Final = msgspec.json.Decoder(CaseTold).decode
_one_told: Final = msgspec.json.Decoder(OneTold).decode


class Refused(Exception):
    """Not what was recorded."""


def _exact(decode: Callable[[bytes], A], raw: bytes) -> A:
    # What is written back to the letter holds no key twice, and no number or blank in another way.
    found = decode(raw)
    if _encode(found) != raw:
        raise Refused
    return found


# ---- reading


def decode(id: str, body: bytes, private: Mapping[str, bytes]) -> Case:
    """The case; every part must be the one whose digest the body holds."""
    document = _exact(_body, body)
    if document.v != 1:
        raise Refused
    told: dict[str, str] = {}
    people: dict[str, PartyTold] = {}
    for subject, raw in private.items():
        if hashlib.sha256(raw).hexdigest() != document.digests[subject]:
            raise Refused
        if subject == id:
            told = _exact(_case_told, raw).values
        else:
            people[subject] = _exact(_one_told, raw).values
    events: list[Any] = []
    for number, event in enumerate(document.events):
        join = _JOINED.get(type(event))
        events.append(event if join is None else join(id, event, str(number), told, people))
    if told or people:
        raise Refused
    return Case(id, tuple(events))


def _reported(id: str, event: Reported, at: str, told: dict[str, str], people: dict[str, PartyTold]) -> whole.Reported:
    pop, one = told.pop, event.dispute
    issues = tuple(
        whole.Issue(each.id, each.kind, pop(f"{at}/dispute/issues/{n}/text", None)) for n, each in enumerate(one.issues)
    )
    claims = tuple(
        whole.Claim(each.id, each.party, each.kind, each.amount, pop(f"{at}/dispute/claims/{n}/text", None))
        for n, each in enumerate(one.claims)
    )
    dispute = whole.Dispute(
        one.type,
        one.nature,
        one.since,
        one.scale,
        one.difficulty,
        one.people_involved,
        one.units_involved,
        one.amount_claimed,
        issues,
        pop(f"{at}/dispute/title", None),
        pop(f"{at}/dispute/brief", None),
        pop(f"{at}/dispute/place", None),
        claims,
    )
    parties = tuple(_party(each, people.pop(f"{id}/{each.id}", _NOBODY)) for each in event.parties)
    return whole.Reported(
        event.at, event.by, event.centre, dispute, event.intake, event.reference, event.external, parties
    )


_NOBODY: Final = PartyTold()


def _party(one: Party, told: PartyTold) -> whole.Party:
    return whole.Party(
        one.id,
        one.side,
        one.role,
        one.kind,
        one.sex,
        told.name,
        told.birth_date,
        told.contact,
        told.identity,
        one.identity_kind,
        told.education,
        told.ethnicity,
        told.occupation,
        told.address,
    )


def _session(id: str, event: SessionHeld, at: str, told: dict[str, str], _: object) -> whole.SessionHeld:
    return whole.SessionHeld(
        event.at,
        event.by,
        event.session,
        event.format,
        event.medium,
        event.attended,
        event.agencies,
        event.minutes,
        told.pop(f"{at}/record", None),
        told.pop(f"{at}/place", None),
    )


def _resolved(id: str, event: Resolved, at: str, told: dict[str, str], _: object) -> whole.Resolved:
    pop = told.pop
    clauses = tuple(
        whole.Term(
            each.id,
            each.kind,
            each.debtor,
            each.creditor,
            each.amount,
            each.due,
            each.method,
            pop(f"{at}/clauses/{n}/text", None),
        )
        for n, each in enumerate(event.clauses)
    )
    return whole.Resolved(
        event.at,
        event.by,
        event.resolution,
        event.kind,
        event.form,
        event.amount,
        pop(f"{at}/terms", None),
        clauses,
        event.number,
        event.copies,
        pop(f"{at}/facts", None),
        pop(f"{at}/responsibilities", None),
    )


def _followed_up(id: str, event: FollowedUp, at: str, told: dict[str, str], _: object) -> whole.FollowedUp:
    return whole.FollowedUp(
        event.at,
        event.by,
        event.follow_up,
        event.kept,
        event.satisfaction,
        event.sued,
        event.new_danger,
        told.pop(f"{at}/note", None),
        event.medium,
    )


_JOINED: Final[Mapping[type, Callable[..., Any]]] = {
    Reported: _reported,
    SessionHeld: _session,
    Resolved: _resolved,
    FollowedUp: _followed_up,
}


# ---- writing


def encode(case: Case, salt: Callable[[], str]) -> tuple[bytes, dict[str, bytes]]:
    """The body, and the private part of each subject."""
    told: dict[str, str] = {}
    people: dict[str, PartyTold] = {}
    events: list[Any] = []
    for number, event in enumerate(case.events):
        part = _PARTED.get(type(event))
        events.append(event if part is None else part(case.id, event, str(number), told, people))
    private = {case.id: _encode(CaseTold(salt(), told))} if told else {}
    for subject, values in people.items():
        private[subject] = _encode(OneTold(salt(), values))
    digests = {subject: hashlib.sha256(raw).hexdigest() for subject, raw in private.items()}
    return _encode(Body(1, tuple(events), digests)), private


def _keep(told: dict[str, str], at: str, **values: str | None) -> None:
    for name, value in values.items():
        if value is not None:
            told[f"{at}/{name}"] = value


def _part_reported(
    id: str, event: whole.Reported, at: str, told: dict[str, str], people: dict[str, PartyTold]
) -> Reported:
    one = event.dispute
    _keep(told, f"{at}/dispute", title=one.title, brief=one.brief, place=one.place)
    for n, issue in enumerate(one.issues):
        _keep(told, f"{at}/dispute/issues/{n}", text=issue.text)
    for n, claim in enumerate(one.claims):
        _keep(told, f"{at}/dispute/claims/{n}", text=claim.text)
    dispute = Dispute(
        one.type,
        one.nature,
        one.since,
        one.scale,
        one.difficulty,
        one.people_involved,
        one.units_involved,
        one.amount_claimed,
        tuple(Issue(each.id, each.kind) for each in one.issues),
        tuple(Claim(each.id, each.party, each.kind, each.amount) for each in one.claims),
    )
    parties = []
    for each in event.parties:
        person = PartyTold(
            each.name,
            each.birth_date,
            each.contact,
            each.identity,
            each.education,
            each.ethnicity,
            each.occupation,
            each.address,
        )
        if person != _NOBODY:
            people[f"{id}/{each.id}"] = person
        parties.append(Party(each.id, each.side, each.role, each.kind, each.sex, each.identity_kind))
    return Reported(
        event.at, event.by, event.centre, dispute, event.intake, event.reference, event.external, tuple(parties)
    )


def _part_session(id: str, event: whole.SessionHeld, at: str, told: dict[str, str], _: object) -> SessionHeld:
    _keep(told, at, record=event.record, place=event.place)
    return SessionHeld(
        event.at,
        event.by,
        event.session,
        event.format,
        event.medium,
        event.attended,
        event.agencies,
        event.minutes,
    )


def _part_resolved(id: str, event: whole.Resolved, at: str, told: dict[str, str], _: object) -> Resolved:
    _keep(told, at, terms=event.terms, facts=event.facts, responsibilities=event.responsibilities)
    clauses = []
    for n, each in enumerate(event.clauses):
        _keep(told, f"{at}/clauses/{n}", text=each.text)
        clauses.append(Term(each.id, each.kind, each.debtor, each.creditor, each.amount, each.due, each.method))
    return Resolved(
        event.at,
        event.by,
        event.resolution,
        event.kind,
        event.form,
        event.amount,
        tuple(clauses),
        event.number,
        event.copies,
    )


def _part_followed_up(id: str, event: whole.FollowedUp, at: str, told: dict[str, str], _: object) -> FollowedUp:
    _keep(told, at, note=event.note)
    return FollowedUp(
        event.at,
        event.by,
        event.follow_up,
        event.kept,
        event.satisfaction,
        event.sued,
        event.new_danger,
        event.medium,
    )


_PARTED: Final[Mapping[type, Callable[..., Any]]] = {
    whole.Reported: _part_reported,
    whole.SessionHeld: _part_session,
    whole.Resolved: _part_resolved,
    whole.FollowedUp: _part_followed_up,
}


def must_bite(models: Sequence[Case], salt: Callable[[], str]) -> None:
    """Refuse to be a reference that overlooks what it is there for."""
    if any(decode(case.id, *encode(case, salt)) != case for case in models):
        raise AssertionError("the reference with duties does not read what it writes")
    case = models[0]
    body, private = encode(case, salt)
    subject = next(iter(private))
    spoilt = (
        (body, {**private, subject: private[subject].replace(b'"salt":"', b'"salt":"x')}),
        (body.replace(b'{"v":1,', b'{"v":1,"v":1,'), private),
        (body.replace(b'{"v":1,', b'{"v":1,"w":1,'), private),
        (body.replace(b'"type":"case.reported",', b'"type":"case.reported","name":"x",'), private),
    )
    for one, parts in spoilt:
        try:
            decode(case.id, one, parts)
        except (Refused, msgspec.ValidationError):
            continue
        raise AssertionError("the reference with duties takes what it should refuse")
