"""What can happen to a case. Each event is a frozen fact; what it changes stands in ``effects``."""

import attrs

from community_mediation.domain.attempt import (
    AttemptKind,
    AttemptResult,
    Medium,
    PanelChoice,
    PanelRole,
    SessionFormat,
)
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.matter import Event
from community_mediation.domain.people import Party, PartyExit
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, ResolutionKind, Term
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, codes, identifier
from community_mediation.domain.values import ExternalId, Money, When


@frozen(kw_only=True, field_transformer=checked)
class Reported(Event):
    """A dispute reached the centre: the birth of a case that is lived through here."""

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    reference: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    external: ExternalId | None = attrs.field(default=None, metadata=PUBLIC)
    dispute: Dispute = attrs.field(metadata=PUBLIC)
    intake: Intake = attrs.field(factory=Intake, metadata=PUBLIC)
    parties: tuple[Party, ...] = attrs.field(default=(), metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Registered(Event):
    """A case came over from another register at whatever stage it had reached; ``at`` is when it was reported."""

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    reference: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    external: ExternalId | None = attrs.field(default=None, metadata=PUBLIC)
    snapshot: Snapshot = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Amended(Event):
    """The other register now says something else: *fields* of the snapshot take the values that *snapshot* has.

    ``at`` is when the change was read; what it changes holds from the dates in the snapshot.
    ``reported`` is the new time of the report, if that changed.
    """

    fields: tuple[str, ...] = attrs.field(metadata=PUBLIC, validator=codes)
    snapshot: Snapshot = attrs.field(metadata=PUBLIC)
    reported: When | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Accepted(Event):
    """The centre took the dispute on (受理)."""


@frozen(kw_only=True, field_transformer=checked)
class Declined(Event):
    """The centre did not take the dispute on (不予受理). People's Mediation Law art. 17-18; EU 2013/11 art. 5(4)."""

    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class AttemptBegun(Event):
    """A panel began a process; ``consented`` is when the parties agreed to it, where that was recorded."""

    attempt: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: AttemptKind = attrs.field(metadata=PUBLIC)
    consented: When | None = attrs.field(default=None, metadata=PUBLIC)
    due: When | None = attrs.field(default=None, metadata=PUBLIC)
    chosen: PanelChoice | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class AttemptExtended(Event):
    """The time for the running attempt was made longer (延长期限)."""

    until: When = attrs.field(metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class AttemptPaused(Event):
    """The clock of the running attempt was stopped (中止)."""

    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class AttemptResumed(Event):
    """The clock of the paused attempt goes on."""


@frozen(kw_only=True, field_transformer=checked)
class AttemptEnded(Event):
    """The running attempt ended without ending the case; another may follow."""

    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    result: AttemptResult | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class MediatorAssigned(Event):
    """A mediator took the case, or one attempt of it."""

    assignment: str = attrs.field(metadata=PUBLIC, validator=identifier)
    mediator: str = attrs.field(metadata=PUBLIC, validator=identifier)
    role: PanelRole = attrs.field(default=PanelRole.LEAD, metadata=PUBLIC)
    attempt: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    chosen: PanelChoice | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class MediatorReleased(Event):
    """A mediator's work on the case ended before the case did: replaced, withdrawn, challenged (回避)."""

    assignment: str = attrs.field(metadata=PUBLIC, validator=identifier)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class PartyJoined(Event):
    """Someone became a party: a third person, another respondent, an heir of a party who left (*succeeds*)."""

    party: Party = attrs.field(metadata=PUBLIC)
    succeeds: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)


@frozen(kw_only=True, field_transformer=checked)
class PartyChanged(Event):
    """More, or something else, is known of a party; *party* has its id. It may link it to a person, or unlink it."""

    party: Party = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class PartyLeft(Event):
    """A party left the case: withdrew, died, was replaced by *successor*, who is a party already."""

    party: str = attrs.field(metadata=PUBLIC, validator=identifier)
    reason: PartyExit | None = attrs.field(default=None, metadata=PUBLIC)
    successor: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class SessionHeld(Event):
    """People met."""

    session: str = attrs.field(metadata=PUBLIC, validator=identifier)
    format: SessionFormat | None = attrs.field(default=None, metadata=PUBLIC)
    medium: Medium | None = attrs.field(default=None, metadata=PUBLIC)
    attended: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    agencies: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    minutes: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    record: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    helpers: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    place: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Resolved(Event):
    """Parties agreed, or a panel made an award. ``concludes`` is False for an agreement that leaves the rest open."""

    resolution: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: ResolutionKind = attrs.field(default=ResolutionKind.AGREEMENT, metadata=PUBLIC)
    form: AgreementForm | None = attrs.field(default=None, metadata=PUBLIC)
    on_the_spot: bool = attrs.field(default=False, metadata=PUBLIC)
    parties: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    issues: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    effective: When | None = attrs.field(default=None, metadata=PUBLIC)
    concludes: bool = attrs.field(default=True, metadata=PUBLIC)
    terms: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    clauses: tuple[Term, ...] = attrs.field(default=(), metadata=PUBLIC)
    replaces: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    number: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    copies: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    facts: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    responsibilities: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Drafted(Event):
    """An agreement or award was put on paper and binds nobody yet."""

    resolution: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: ResolutionKind = attrs.field(default=ResolutionKind.AGREEMENT, metadata=PUBLIC)
    parties: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    issues: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    clauses: tuple[Term, ...] = attrs.field(default=(), metadata=PUBLIC)
    number: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    copies: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    terms: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    facts: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    responsibilities: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Adopted(Event):
    """A draft was signed, or agreed to, as it stands; from then on it is as if it had been made now."""

    resolution: str = attrs.field(metadata=PUBLIC, validator=identifier)
    form: AgreementForm | None = attrs.field(default=None, metadata=PUBLIC)
    effective: When | None = attrs.field(default=None, metadata=PUBLIC)
    concludes: bool = attrs.field(default=True, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class ConcludedWithoutAgreement(Event):
    """The case ended, and not by an agreement made now."""

    conclusion: Conclusion = attrs.field(metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Withdrawn(Event):
    """The applicant took the dispute back (撤回)."""

    party: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class ComplianceRecorded(Event):
    """Someone looked whether a resolution, or one term of it, is kept (履行)."""

    resolution: str = attrs.field(metadata=PUBLIC, validator=identifier)
    compliance: Compliance = attrs.field(metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    term: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)


@frozen(kw_only=True, field_transformer=checked)
class FollowedUp(Event):
    """A return visit was made (回访)."""

    follow_up: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kept: Compliance | None = attrs.field(default=None, metadata=PUBLIC)
    satisfaction: tuple[Satisfaction, ...] = attrs.field(default=(), metadata=PUBLIC)
    sued: bool | None = attrs.field(default=None, metadata=PUBLIC)
    new_danger: bool | None = attrs.field(default=None, metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    measures: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    medium: Medium | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Recorded(Event):
    """Something was noted that moves the case nowhere by itself: a paper, a payment, a legal step, a danger."""

    item: Item = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class DisputeDescribed(Event):
    """The quarrel is described anew: another type, further issues or claims, a better brief."""

    dispute: Dispute = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Transferred(Event):
    """The case goes to another centre of the same book, with its file."""

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class Numbered(Event):
    """The case got a number on its papers, or in another system, that it did not have."""

    reference: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    external: ExternalId | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Merged(Event):
    """The case is the same quarrel as another, which goes on; from then on only that one counts (并案)."""

    into: str = attrs.field(metadata=PUBLIC, validator=identifier)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Split(Event):
    """The case is several quarrels, which go on each by itself; from then on only those count (分案)."""

    into: tuple[str, ...] = attrs.field(metadata=PUBLIC, validator=codes)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Closed(Event):
    """The file was put away (归档). Recording goes on."""


@frozen(kw_only=True, field_transformer=checked)
class Reopened(Event):
    """A concluded case is taken up again; its first conclusion is kept."""

    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Corrected(Event):
    """Event number *target* was recorded wrongly: *replacement* stands in its place, or nothing. Nothing is edited."""

    target: int = attrs.field(metadata=PUBLIC, validator=at_least(1))
    replacement: Event | None = attrs.field(metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
