"""Attempts at mediation, the people who make them, and their sessions."""

import enum

import attrs

from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, codes, identifier
from community_mediation.domain.values import NOT_REACHED, Milestone, When


class AttemptKind(enum.StrEnum):
    """The process that an attempt follows."""

    PEOPLE = "people"
    ADMINISTRATIVE = "administrative"
    PUBLIC_ORDER = "public_order"
    PRE_FILING = "pre_filing"
    POST_FILING = "post_filing"
    CONCILIATION = "conciliation"
    ARBITRATION = "arbitration"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Attempt:
    """One process run by one panel (调解轮次).

    Attributes:
        id: Its id within the case.
        kind: The process that it follows.
        begun: When it began.
        ended: When it ended.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: AttemptKind = attrs.field(metadata=PUBLIC)
    begun: When = attrs.field(metadata=PUBLIC)
    ended: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)


class PanelRole(enum.StrEnum):
    """What a mediator does on a panel."""

    LEAD = "lead"
    MEMBER = "member"
    RECORDER = "recorder"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Assignment:
    """A mediator's work on a case.

    Attributes:
        id: Its id within the case.
        mediator: The mediator's id.
        role: Lead, member or recorder.
        since: From when.
        attempt: The attempt, if it is for one only.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    mediator: str = attrs.field(metadata=PUBLIC, validator=identifier)
    role: PanelRole = attrs.field(default=PanelRole.LEAD, metadata=PUBLIC)
    since: When = attrs.field(factory=When.unknown, metadata=PUBLIC)
    attempt: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)


class SessionFormat(enum.StrEnum):
    """面对面, 背对背, 实地."""

    JOINT = "joint"
    SEPARATE = "separate"
    SITE_VISIT = "site_visit"


class Medium(enum.StrEnum):
    """How people met."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Session:
    """One meeting (调解会).

    Attributes:
        id: Its id within the case.
        held: When it took place.
        format: With the parties together, apart, or a visit to the site; ``None`` if unknown.
        medium: In person, online or by phone; ``None`` if unknown.
        attempt: The attempt that it belongs to.
        attended: The ids of the parties who were there.
        agencies: The bodies linked in, as codes.
        minutes: How long it took.
        record: What was said.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    held: When = attrs.field(metadata=PUBLIC)
    format: SessionFormat | None = attrs.field(default=None, metadata=PUBLIC)
    medium: Medium | None = attrs.field(default=None, metadata=PUBLIC)
    attempt: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    attended: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    agencies: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    minutes: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    record: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
