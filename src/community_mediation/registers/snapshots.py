"""A row's values as what the register knows of a case: nothing invented, contradictions told.

The rules, for what a register leaves open:

* ``status`` decides whether a case is open. Without it, a case without a conclusion, agreement or ending date is open.
* A conclusion without a date has ended at an unknown time: it counts in volumes and stays out of durations.
* Whatever presupposes an agreement (a date, a form, an amount, compliance, confirmation) says that there was one;
  where neither conclusion nor status contradicts it, the case reads as settled.
* An open case has no agreement *yet* only if the register has a column that would tell; otherwise that is unknown.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.domain.attempt import AttemptKind, Medium, SessionFormat
from community_mediation.domain.dispute import Difficulty, Dispute, Intake, Nature, OwnValue, ReferralKind, Source
from community_mediation.domain.follow_up import FollowUp, Satisfaction
from community_mediation.domain.people import Party, PartyKind, Role, Sex
from community_mediation.domain.resolution import (
    WITH_AGREEMENT,
    AgreementForm,
    Compliance,
    Conclusion,
    Confirmation,
)
from community_mediation.domain.risk import Risk, RiskKind
from community_mediation.domain.snapshot import RegisterStatus, Snapshot
from community_mediation.domain.validators import Sensitivity
from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Code, ExternalId, Milestone, When
from community_mediation.errors import InvalidValue
from community_mediation.registers.columns import OWN, OwnColumn
from community_mediation.registers.lists import PartyCell

NO_CENTRE: Final = "unknown"
"""The centre of rows for which none is known."""
NO_SCHEME: Final = "local"
"""The list of dispute types where none is named."""
_SOMETIME: Final = Milestone.at(When.unknown())

_AGREEMENT_SIGNS: Final = (
    "agreed_at",
    "agreement_form",
    "amount_agreed",
    "compliance",
    "complied_at",
    "breached_at",
    "repudiated_at",
    "confirmation",
    "confirmed_at",
)
_ORDER: Final = ("accepted_at", "first_session_at", "joint_session_at", "agreed_at", "concluded_at", "closed_at")
_AFTER_AGREEMENT: Final = ("complied_at", "breached_at", "repudiated_at", "confirmed_at", "follow_up_at")
_DATED: Final = ("reported_at", *_ORDER, *_AFTER_AGREEMENT)
_IN_ORDER: Final = (
    ("reported_at", (*_ORDER, *_AFTER_AGREEMENT)),
    ("agreed_at", ("complied_at", "breached_at", "repudiated_at", "confirmed_at")),
    ("first_session_at", ("joint_session_at",)),
    ("concluded_at", ("closed_at",)),
)
"""A time, and what cannot have happened before it."""


class Contradiction(InvalidValue):
    """A row says two things that cannot both be true: ``path`` and ``other`` are their canonical columns."""

    def __init__(self, problem: str, *, remedy: str, path: str, other: str | None = None) -> None:
        self.other = other
        super().__init__(problem, remedy=remedy, path=path)


@attrs.frozen
class Numbers:
    """How to tell a case from others: its centre, its number there, and its number in another system."""

    centre: str
    reference: str | None
    external: ExternalId | None


@attrs.frozen(kw_only=True)
class RowCase:
    """A row as a case: how to tell it from others, when it was reported, what is known, and what columns told it."""

    columns: frozenset[str]
    centre: str
    reference: str | None
    external: ExternalId | None
    reported: When
    snapshot: Snapshot


def numbers(values: Mapping[str, Any]) -> Numbers:
    """What tells the case of a row from others.

    Raises:
        InvalidValue: A value breaks its rule.
    """
    # Ids hold no blanks; names of centres do.
    centre = "_".join(str(values.get("centre", NO_CENTRE)).split())
    external = None
    if "external_id" in values and "external_system" in values:
        external = ExternalId(values["external_system"], values["external_id"])
    return Numbers(centre, values.get("case_no"), external)


def row_case(
    values: Mapping[str, Any],
    *,
    columns: frozenset[str],
    own: Sequence[OwnColumn],
    mediators: Sequence[str],
) -> RowCase:
    """The case that a row tells of; ``contradictions`` has found none in it.

    Args:
        values: The row's values by canonical column.
        columns: The columns that the register has at all, canonical ones and own ones.
        own: Its own columns, as ``by_name`` gives them.
        mediators: The ids of its mediators.

    Raises:
        InvalidValue: A value breaks its rule; ``path`` is the canonical column.
    """
    known_by = numbers(values)
    snapshot = Snapshot(
        dispute=_dispute(values, own),
        intake=_intake(*map(values.get, ("source", "channel", "referrer_kind", "referral_kind"))),
        parties=_parties(values),
        mediators=tuple(mediators),
        attempt_kind=_enum(AttemptKind, values.get("process")),
        sessions=values.get("sessions"),
        session_format=_enum(SessionFormat, values.get("session_format")),
        session_medium=_enum(Medium, values.get("session_medium")),
        agreement_form=_enum(AgreementForm, values.get("agreement_form")),
        amount_agreed=values.get("amount_agreed"),
        compliance=_enum(Compliance, values.get("compliance")),
        litigation=values.get("litigation"),
        confirmation=_enum(Confirmation, values.get("confirmation")),
        risk=_risk(values),
        follow_up=_follow_up(values),
        observed=values.get("recorded_at"),
        **_course(values, columns),
    )
    return RowCase(
        columns=columns,
        centre=known_by.centre,
        reference=known_by.reference,
        external=known_by.external,
        reported=values["reported_at"],
        snapshot=snapshot,
    )


def _enum(cls: Any, value: Any) -> Any:
    return None if value is None else cls(value)


# A register says the same few things of its cases again and again: what is made of codes alone is made once.


@functools.lru_cache(maxsize=1024)
def _intake(source: str | None, channel: str | None, referrer_kind: str | None, referral_kind: str | None) -> Intake:
    return Intake(
        source=_enum(Source, source),
        channel=channel,
        referrer_kind=referrer_kind,
        referral_kind=_enum(ReferralKind, referral_kind),
    )


@functools.lru_cache(maxsize=1024)
def _type(scheme: str, code: str) -> Code:
    return Code(scheme, code)


@functools.lru_cache(maxsize=16)
def _satisfaction(side: str, score: int) -> Satisfaction:
    return Satisfaction(side=side, score=score)


def contradictions(values: Mapping[str, Any], latest: dt.datetime) -> Iterator[Contradiction]:
    """All that cannot be true at once in the values of a row, as far as they could be understood.

    Nothing can have happened after *latest*.
    """
    yield from _chronology(values, latest)
    status = values.get("status")
    if status == RegisterStatus.OPEN:
        for name in ("conclusion", "concluded_at", "closed_at"):
            if name in values:
                yield Contradiction(
                    "the case is open by its status, and yet it has ended",
                    path=name,
                    remedy="Mend the status, or empty the cell.",
                    other="status",
                )
    conclusion = values.get("conclusion")
    if conclusion not in (None, Conclusion.VOID, *WITH_AGREEMENT) and status != RegisterStatus.VOID:
        for name in _AGREEMENT_SIGNS:
            if name in values:
                yield Contradiction(
                    f"it speaks of an agreement, and the case ended as {str(conclusion)!r}",
                    path=name,
                    remedy="Mend the conclusion, or empty the cell.",
                    other="conclusion",
                )
    people = sum(len(values.get(column, ())) for column, _, _ in _SIDES)
    if len(values.get("party_keys", ())) > people:
        yield Contradiction(
            "there are more keys than people", path="party_keys", remedy="Give one key a person, in order."
        )


def _chronology(values: Mapping[str, Any], latest: dt.datetime) -> Iterator[Contradiction]:
    # As ``When`` compares, with the bounds of each time looked up once.
    first: dict[str, dt.datetime] = {}
    last: dict[str, dt.datetime] = {}
    for name in _DATED:
        when: When | None = values.get(name)
        if when is None or (earliest := when.earliest) is None:
            continue
        first[name], last[name] = earliest, when.latest or earliest
        if latest < earliest:
            yield Contradiction("it lies in the future", path=name, remedy="Mend the date.")
    for earlier, others in _IN_ORDER:
        if (begun := first.get(earlier)) is None:
            continue
        for name in others:
            if name in last and last[name] < begun:
                yield Contradiction(
                    f"it lies before {earlier!r}",
                    path=name,
                    remedy="Mend whichever of the two is wrong.",
                    other=earlier,
                )


def _course(values: Mapping[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    status = _enum(RegisterStatus, values.get("status"))
    conclusion = _enum(Conclusion, values.get("conclusion"))
    ended = not values.keys().isdisjoint(("conclusion", "concluded_at", "closed_at", *_AGREEMENT_SIGNS))
    signs = [name for name in _AGREEMENT_SIGNS if name in values]
    is_open = status is RegisterStatus.OPEN or (status is None and not ended)
    if status is RegisterStatus.VOID:
        conclusion = Conclusion.VOID
    if conclusion is None and not is_open and signs:
        conclusion = Conclusion.SETTLED

    def milestone(name: str, otherwise: Milestone) -> Milestone:
        return Milestone.at(values[name]) if name in values else otherwise

    never_begun = NOT_REACHED if conclusion is Conclusion.DECLINED else UNKNOWN
    agreed = UNKNOWN
    if conclusion in WITH_AGREEMENT or signs:
        agreed = _SOMETIME
    elif conclusion is not None or (is_open and {"conclusion", "agreed_at"} & columns):
        agreed = NOT_REACHED
    closed = UNKNOWN
    if status is RegisterStatus.CLOSED:
        closed = _SOMETIME
    elif is_open or status is RegisterStatus.CONCLUDED:
        closed = NOT_REACHED
    found = {
        "status": status,
        "conclusion": conclusion,
        "accepted": milestone("accepted_at", never_begun),
        "agreed_to_mediate": never_begun,
        "begun": never_begun,
        "first_session": milestone("first_session_at", never_begun),
        "joint_session": milestone("joint_session_at", never_begun),
        "agreed": milestone("agreed_at", agreed),
        "concluded": NOT_REACHED if is_open else milestone("concluded_at", _SOMETIME),
        "closed": milestone("closed_at", closed),
    }
    kept = values.get("compliance")
    found["complied"] = milestone("complied_at", _SOMETIME if kept == "kept" else UNKNOWN)
    found["breached"] = milestone("breached_at", _SOMETIME if kept == "breached" else UNKNOWN)
    found["repudiated"] = milestone("repudiated_at", UNKNOWN)
    confirmed = _SOMETIME if values.get("confirmation") == "confirmed" else UNKNOWN
    found["confirmed"] = milestone("confirmed_at", confirmed)
    return found


def _dispute(values: Mapping[str, Any], own: Sequence[OwnColumn]) -> Dispute:
    return Dispute(
        type=_type(values.get("dispute_scheme", NO_SCHEME), values["dispute_type"]),
        nature=_enum(Nature, values.get("nature")),
        scale=values.get("scale"),
        difficulty=_enum(Difficulty, values.get("difficulty")),
        people_involved=values.get("people_involved"),
        units_involved=values.get("units_involved"),
        amount_claimed=values.get("amount_claimed"),
        own=_owns(values["own"], own) if "own" in values else (),
        title=values.get("title"),
        brief=values.get("brief"),
        place=values.get("place"),
    )


def by_name(own: Iterable[OwnColumn]) -> tuple[OwnColumn, ...]:
    """Own columns by their names: in which order a file has its columns says nothing of the case."""
    columns = {column.name: column for column in own}
    return tuple(columns[name] for name in sorted(columns))


def _owns(values: Mapping[str, Any], own: Sequence[OwnColumn]) -> tuple[OwnValue, ...]:
    return tuple([_own(column, values[column.name]) for column in own if column.name in values])


def _own(column: OwnColumn, value: Any) -> OwnValue:
    if isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
    try:
        if column.sensitivity is Sensitivity.NONE:
            return OwnValue(name=column.name, public=text)
        return OwnValue(name=column.name, value=text)
    except InvalidValue as error:
        raise InvalidValue(error.problem, remedy=error.remedy, path=OWN + column.name) from None


_SIDES: Final = (
    ("applicants", "A", Role.APPLICANT),
    ("respondents", "B", Role.RESPONDENT),
    ("third_parties", "C", Role.THIRD_PARTY),
)
_KINDS: Final = {"organisation": PartyKind.ORGANISATION, "group": PartyKind.GROUP}
_SEXES: Final = {"male": Sex.MALE, "female": Sex.FEMALE, "other": Sex.UNSPECIFIED}


def _parties(values: Mapping[str, Any]) -> tuple[Party, ...]:
    keys: tuple[str, ...] = values.get("party_keys", ())
    result: list[Party] = []
    for column, side, role in _SIDES:
        cells: tuple[PartyCell, ...] = values.get(column, ())
        for number, cell in enumerate(cells, 1):
            result.append(
                Party(
                    id=f"{side.lower()}{number}",
                    side=side,
                    role=role,
                    kind=_KINDS.get(cell.kind or "", PartyKind.NATURAL),
                    sex=_SEXES.get(cell.sex or "", Sex.UNKNOWN),
                    name=cell.name,
                    birth_date=cell.born,
                    identity=keys[len(result)] if len(result) < len(keys) else None,
                )
            )
    return tuple(result)


def _risk(values: Mapping[str, Any]) -> Risk | None:
    names = ("escalation_kind", "escalation_persons", "escalation_reported", "escalation_averted")
    if not any(name in values for name in names):
        return None
    return Risk(
        id="register-risk",
        kind=RiskKind(values.get("escalation_kind", "other")),
        persons=values.get("escalation_persons"),
        reported=values.get("escalation_reported"),
        averted=values.get("escalation_averted"),
    )


def _follow_up(values: Mapping[str, Any]) -> FollowUp | None:
    names = ("follow_up_at", "follow_up_kept", "satisfaction_applicant", "satisfaction_respondent")
    if not any(name in values for name in names):
        return None
    kept = values.get("follow_up_kept")
    return FollowUp(
        id="register-follow-up",
        when=values.get("follow_up_at", _SOMETIME.when),
        kept=None if kept is None else Compliance.KEPT if kept else Compliance.BREACHED,
        satisfaction=tuple(
            _satisfaction(side, values[f"satisfaction_{side}"])
            for side in ("applicant", "respondent")
            if f"satisfaction_{side}" in values
        ),
    )
