"""Persons, parties and mediators: who quarrels and who helps.

A ``Party`` is a person's part in one case and carries its own data; it may be linked
to a ``Person`` of the book, explicitly and reversibly. Sources of the fields: the
application form and the record of mediation of the people's mediation committees
(人民调解申请书, 调解笔录); KP forms 7 and 9 of the Philippines.
"""

import datetime as dt
import enum
from typing import ClassVar

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import (
    PERSONAL,
    PUBLIC,
    SENSITIVE,
    at_least,
    checked,
    code,
    codes,
    identifier,
    naming,
)
from community_mediation.domain.values import NOT_REACHED, Milestone, When


class PartyKind(enum.StrEnum):
    """What a party is."""

    NATURAL = "natural"
    ORGANISATION = "organisation"
    GROUP = "group"


class Role(enum.StrEnum):
    """A party's role. Two men who come together have none: then nobody is the respondent."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    THIRD_PARTY = "third_party"
    REPRESENTATIVE = "representative"
    GUARDIAN = "guardian"
    WITNESS = "witness"


class Sex(enum.StrEnum):
    """The codes of GB/T 2261.1-2003 in words."""

    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"
    UNSPECIFIED = "unspecified"


class PartyExit(enum.StrEnum):
    """Why a party left a case."""

    WITHDREW = "withdrew"
    DIED = "died"
    DISSOLVED = "dissolved"
    REPLACED = "replaced"
    NOT_CONCERNED = "not_concerned"
    OTHER = "other"


@frozen(kw_only=True, field_transformer=checked)
class Party:
    """A person's part in one case.

    Attributes:
        id: Its id within the case, such as ``p1``.
        side: ``A``, ``B``, …; parties of one side stand together.
        role: Applicant, respondent, …; ``None`` where nobody is either.
        kind: Natural person, organisation or group.
        person: The id of the ``Person`` that it is linked to.
        people: How many people a group stands for.
        sex: A code.
        name, birth_date, contact: Personal; ``None`` if unknown or erased.
        identity: The number of an identity document.
        identity_kind: The kind of that document, a code (GA/T 517).
        represents: The ids of the parties that a representative or guardian stands for.
        ethnicity, education, occupation, employer, address: Personal (GB/T 3304, GB/T 4658).
        category: The kind of person in the list of the place (人员类别). Sensitive: some lists say who is on probation.
        joined: When the party came in, if later than the case.
        left: When it left the case.
        left_reason: Why.
        successor: The id of the party that stands in its place.
    """

    subject_field: ClassVar[str] = "id"
    """The field that makes a party a subject of its own, erasable apart from the rest of the case."""

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    side: str = attrs.field(metadata=PUBLIC, validator=identifier)
    role: Role | None = attrs.field(default=None, metadata=PUBLIC)
    kind: PartyKind = attrs.field(default=PartyKind.NATURAL, metadata=PUBLIC)
    person: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    people: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(1))
    sex: Sex = attrs.field(default=Sex.UNKNOWN, metadata=PUBLIC)
    name: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    birth_date: dt.date | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    contact: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    identity: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    identity_kind: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    represents: tuple[str, ...] = attrs.field(default=(), metadata=naming("party"), validator=codes)
    ethnicity: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    education: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    occupation: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    employer: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    address: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    category: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    joined: When | None = attrs.field(default=None, metadata=PUBLIC)
    left: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    left_reason: PartyExit | None = attrs.field(default=None, metadata=PUBLIC)
    successor: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)

    @property
    def is_present(self) -> bool:
        """Whether the party has not left the case."""
        return not self.left.is_reached


@frozen(kw_only=True, field_transformer=checked)
class PersonDetails:
    """What is recorded of a person, once, however many cases they are in.

    Attributes:
        kind: Natural person or organisation.
        sex: A code.
        centre: The centre that keeps the record.
        name, birth_date, ethnicity, occupation, employer, address, contact: Personal.
        identity_kind: The kind of identity document, a code.
        identity: Its number.
        education: Personal.
        category: The kind of person in the list of the place. Sensitive.
    """

    kind: PartyKind = attrs.field(default=PartyKind.NATURAL, metadata=PUBLIC)
    sex: Sex = attrs.field(default=Sex.UNKNOWN, metadata=PUBLIC)
    centre: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    identity_kind: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    name: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    birth_date: dt.date | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    ethnicity: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    occupation: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    employer: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    address: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    contact: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    identity: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    education: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    category: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)


class MediatorKind(enum.StrEnum):
    """People's Mediation Law of the PRC (2010), art. 13-14; full time or part time (专职、兼职)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


@frozen(kw_only=True, field_transformer=checked)
class Membership:
    """A mediator's seat in a centre or panel of members, for a term (任期).

    Sources: People's Mediation Law of the PRC (2010), arts. 8-9; KP forms 1-6 of the Philippines.

    Attributes:
        centre: The centre.
        office: director, deputy, member, secretary, … (a code).
        proposed, appointed, sworn: When; ``None`` if not noted.
        until: When the term ends.
        ended_reason: Why it ended early: withdrawn, unsuitable, moved, … (a code).
    """

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    office: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    proposed: When | None = attrs.field(default=None, metadata=PUBLIC)
    appointed: When | None = attrs.field(default=None, metadata=PUBLIC)
    sworn: When | None = attrs.field(default=None, metadata=PUBLIC)
    until: When | None = attrs.field(default=None, metadata=PUBLIC)
    ended_reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class MediatorDetails:
    """What is recorded of a mediator.

    Attributes:
        centre: The centre that the mediator belongs to.
        kind: Full time or part time.
        background: police_officer, auxiliary, community_worker, lawyer, retired_teacher, veteran_official, volunteer, …
        languages: Codes, such as ``zh`` or ``yue``.
        qualifications: Codes.
        sex: A code.
        name, contact: Personal.
        memberships: Seats in centres, with their terms.
    """

    centre: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    kind: MediatorKind | None = attrs.field(default=None, metadata=PUBLIC)
    background: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    languages: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    qualifications: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    sex: Sex = attrs.field(default=Sex.UNKNOWN, metadata=PUBLIC)
    name: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    contact: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    memberships: tuple[Membership, ...] = attrs.field(default=(), metadata=PUBLIC)
