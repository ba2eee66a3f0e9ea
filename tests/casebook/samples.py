"""Invented cases for the tests of the book, with and without canaries."""

from __future__ import annotations

import datetime as dt
import zlib
from decimal import Decimal
from typing import Any, Final

import attrs
from hypothesis import settings

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Dispute, Intake, Issue, OwnValue, Source
from community_mediation.domain.matter import Matter
from community_mediation.domain.people import MediatorDetails, Party, PersonDetails, Role
from community_mediation.domain.record import Centre, Mediator, Person
from community_mediation.domain.resolution import AgreementForm, Compliance
from community_mediation.domain.values import Code, ExternalId, Money, When

NOON: Final = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
BY: Final = "account-1"
DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)
TICK: Final = dt.timedelta(microseconds=1)


def at(hours: float = 0) -> When:
    """So many hours after the first report."""
    return When.at(NOON - 300 * DAY + hours * HOUR)


def reported(id: str = "case-1", **given: Any) -> Case:
    """A case that has just come in."""
    return Case.report(
        **{
            "id": id,
            "centre": "centre-1",
            "dispute": Dispute(type=Code("local", "neighbour")),
            "parties": (
                Party(id="p1", side="A", role=Role.APPLICANT, name="叶某"),
                Party(id="p2", side="B", role=Role.RESPONDENT, name="蒋某某"),
            ),
            "at": at(),
            "by": BY,
            **given,
        }
    )


def settled(id: str = "case-1", **given: Any) -> Case:
    """A case with a whole life, all of it pending."""
    return (
        reported(id, **given)
        .accept(at=at(1), by=BY)
        .begin_attempt(at=at(2), by=BY, kind=AttemptKind.PEOPLE)
        .assign(at=at(2), by=BY, mediator="mediator-1")
        .hold_session(at=at(26), by=BY, format=SessionFormat.JOINT, minutes=50)
        .resolve(at=at(27), by=BY, form=AgreementForm.WRITTEN, amount=Money(Decimal("1200.50"), "CNY"))
        .record_compliance(at=at(200), by=BY, compliance=Compliance.KEPT)
        .follow_up(at=at(300), by=BY, kept=Compliance.KEPT)
        .close(at=at(301), by=BY)
    )


# ---------------------------------------------------------------- canaries


class Canaries:
    """Values that stand in personal fields, and must be found nowhere else; each says whose it is."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}

    def text(self, owner: str, field: str) -> str:
        """A fresh canary."""
        canary = f"canary-{owner}-{field}-某{len(self.of.get(owner, ()))}"
        self.of.setdefault(owner, []).append(canary)
        return canary

    def birthday(self, owner: str) -> dt.date:
        """A day that occurs nowhere else."""
        day = dt.date(1931, 1, 1) + dt.timedelta(days=zlib.crc32(owner.encode()) % 10_000)
        if day.isoformat() not in self.of.setdefault(owner, []):
            self.of[owner].append(day.isoformat())
        return day

    def number(self, owner: str) -> str:
        """A fresh identity number, of an area that is assigned to nobody."""
        canary = f"99{zlib.crc32(owner.encode()) % 10**8:08}{len(self.of.get(owner, ())):07}X"
        self.of.setdefault(owner, []).append(canary)
        return canary

    @property
    def all(self) -> list[str]:
        """Every canary of everybody."""
        return [each for mine in self.of.values() for each in mine]


def watched(canaries: Canaries) -> tuple[Case, Case, Person, Person, Mediator, Centre]:
    """Two cases with three parties each, two persons, a mediator and a centre: a canary in every personal field.

    Person one is a party of both cases and, linked by a correction, of the first one twice.
    """

    def party(owner: str, id: str, side: str, person: str | None) -> Party:
        return Party(
            id=id,
            side=side,
            role=Role.APPLICANT if side == "A" else Role.RESPONDENT,
            person=person,
            name=canaries.text(owner, f"name-{id}"),
            birth_date=canaries.birthday(owner),
            contact=canaries.text(owner, f"contact-{id}"),
            identity=canaries.number(owner),
        )

    def dispute(owner: str) -> Dispute:
        return Dispute(
            type=Code("local", "neighbour"),
            title=canaries.text(owner, "title"),
            brief=canaries.text(owner, "brief"),
            place=canaries.text(owner, "place"),
            issues=(Issue(id="i1", text=canaries.text(owner, "issue")),),
            own=(OwnValue(name="street", public="north", value=canaries.text(owner, "own")),),
        )

    def note(owner: str) -> str:
        return canaries.text(owner, "note")

    one = reported(
        "case-1",
        dispute=dispute("case-1"),
        reference="No. 1",
        external=ExternalId("old", "1"),
        intake=Intake(source=Source.APPLICATION),
        parties=(
            party("person-1", "p1", "A", "person-1"),
            party("person-2", "p2", "B", "person-2"),
            party("nobody", "p3", "B", None),
        ),
    )
    one = (
        one.accept(at=at(1), by=BY)
        .begin_attempt(at=at(2), by=BY, kind=AttemptKind.PEOPLE)
        .assign(at=at(2), by=BY, mediator="mediator-1")
        .hold_session(at=at(3), by=BY, format=SessionFormat.SEPARATE, record=note("case-1"))
        .end_attempt(at=at(4), by=BY, note=note("case-1"))
        .withdraw(at=at(5), by=BY, party="p1", note=note("case-1"))
        .reopen(at=at(6), by=BY, note=note("case-1"))
        .resolve(at=at(7), by=BY, terms=note("case-1"))
        .record_compliance(at=at(8), by=BY, compliance=Compliance.PARTLY, note=note("case-1"))
        .follow_up(at=at(9), by=BY, note=note("case-1"))
    )
    birth = one.events[0]
    assert isinstance(birth, ev.Reported)
    corrected = attrs.evolve(birth, parties=(*birth.parties, party("person-1", "p4", "A", "person-1")))
    one = one.correct(1, corrected, at=at(10), by=BY, reason=note("case-1"))
    two = reported(
        "case-2",
        dispute=dispute("case-2"),
        parties=(party("person-1", "p1", "A", "person-1"), party("person-2", "p2", "B", "person-2")),
    ).decline(at=at(1), by=BY, note=note("case-2"))

    def person(owner: str) -> Person:
        details = PersonDetails(
            name=canaries.text(owner, "name"),
            birth_date=canaries.birthday(owner),
            ethnicity=canaries.text(owner, "ethnicity"),
            occupation=canaries.text(owner, "occupation"),
            employer=canaries.text(owner, "employer"),
            address=canaries.text(owner, "address"),
            contact=canaries.text(owner, "contact"),
            identity=canaries.number(owner),
        )
        first = Person.create(id=owner, details=details, at=at(), by=BY)
        moved = attrs.evolve(details, address=canaries.text(owner, "new-address"))
        return first.change(details=moved, at=at(50), by=BY).end(at=at(60), by=BY, note=canaries.text(owner, "end"))

    mediator = Mediator.create(
        id="mediator-1",
        details=MediatorDetails(
            centre="centre-1",
            name=canaries.text("mediator-1", "name"),
            contact=canaries.text("mediator-1", "contact"),
        ),
        at=at(),
        by=BY,
    )
    centre = Centre.create(id="centre-1", details=CentreDetails(name=canaries.text("centre-1", "name")), at=at(), by=BY)
    return one, two, person("person-1"), person("person-2"), mediator, centre


# ---------------------------------------------------------------- cutting histories


def cut(matter: Matter, *versions: int) -> list[Any]:
    """The values to save one after the other, so that the matter comes into a book in several commits."""
    total = len(matter.events)
    ends = [*sorted({version for version in versions if 0 < version < total}), total]
    starts = [0, *ends[:-1]]
    return [
        attrs.evolve(
            type(matter).fold(matter.id, matter.events[:end]),
            history=matter.events[:start],
            pending=matter.events[start:end],
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def new(matter: Matter) -> Any:
    """The matter as no book has seen it: all its events are pending."""
    return cut(matter)[0]


FEW: Final = settings(max_examples=max(10, settings().max_examples // 8))
"""For claims whose every example writes several files: an eighth of the examples of the profile."""
