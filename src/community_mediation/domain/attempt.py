"""Attempts at mediation, the people who make them, and their sessions."""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, codes, identifier
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


class AttemptResult(enum.StrEnum):
    """How one attempt ended; how the case ended is its conclusion."""

    AGREED = "agreed"
    AGREED_IN_PART = "agreed_in_part"
    NOT_AGREED = "not_agreed"
    AWARDED = "awarded"
    ENDED_BY_PARTY = "ended_by_party"
    ENDED_BY_PANEL = "ended_by_panel"
    NO_APPEARANCE = "no_appearance"
    EXPIRED = "expired"
    OTHER = "other"


class PanelChoice(enum.StrEnum):
    """How a panel or mediator was chosen. People's Mediation Law of the PRC, art. 19; RA 7160, sec. 404 (by lot)."""

    AGREED = "agreed"
    APPOINTED = "appointed"
    LOT = "lot"


@frozen(kw_only=True, field_transformer=checked)
class Extension:
    """The time for an attempt was made longer.

    Attributes:
        at: When that was decided.
        until: Up to when, now.
        reason: Why, a code.
    """

    at: When = attrs.field(metadata=PUBLIC)
    until: When = attrs.field(metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class Pause:
    """The clock of an attempt stood still.

    Attributes:
        since: From when.
        until: Up to when.
        reason: Why, a code: appraisal, illness, … .
    """

    since: When = attrs.field(metadata=PUBLIC)
    until: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class Attempt:
    """One process run by one panel (调解轮次).

    Attributes:
        id: Its id within the case.
        kind: The process that it follows.
        begun: When it began.
        ended: When it ended.
        due: Up to when it is to be over (化解时限), extensions included; ``None``: no limit is noted.
        chosen: How the panel was chosen.
        extensions, pauses: What happened to its clock.
        result, reason: How it ended, and why (a code); ``None`` while it runs, or if nobody noted it.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: AttemptKind = attrs.field(metadata=PUBLIC)
    begun: When = attrs.field(metadata=PUBLIC)
    ended: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    due: When | None = attrs.field(default=None, metadata=PUBLIC)
    chosen: PanelChoice | None = attrs.field(default=None, metadata=PUBLIC)
    extensions: tuple[Extension, ...] = attrs.field(default=(), metadata=PUBLIC)
    pauses: tuple[Pause, ...] = attrs.field(default=(), metadata=PUBLIC)
    result: AttemptResult | None = attrs.field(default=None, metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still."""
        return bool(self.pauses) and not self.pauses[-1].until.is_reached


class PanelRole(enum.StrEnum):
    """What a mediator does on a panel."""

    LEAD = "lead"
    MEMBER = "member"
    RECORDER = "recorder"


@frozen(kw_only=True, field_transformer=checked)
class Assignment:
    """A mediator's work on a case.

    Attributes:
        id: Its id within the case.
        mediator: The mediator's id.
        role: Lead, member or recorder.
        since: From when.
        attempt: The attempt, if it is for one only.
        chosen: How the mediator was chosen.
        until: When the work ended before the case did.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    mediator: str = attrs.field(metadata=PUBLIC, validator=identifier)
    role: PanelRole = attrs.field(default=PanelRole.LEAD, metadata=PUBLIC)
    since: When = attrs.field(factory=When.unknown, metadata=PUBLIC)
    attempt: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    chosen: PanelChoice | None = attrs.field(default=None, metadata=PUBLIC)
    until: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)


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


@frozen(kw_only=True, field_transformer=checked)
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
        helpers: The ids of the helpers who were there.
        place: Where.
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
    helpers: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    place: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
