"""What another register knows of a case, with no invented steps."""

import enum

import attrs

from community_mediation.domain.attempt import AttemptKind, Medium, SessionFormat
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.frozen import frozen
from community_mediation.domain.people import Party
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, Confirmation
from community_mediation.domain.risk import Risk
from community_mediation.domain.validators import PUBLIC, at_least, checked, codes
from community_mediation.domain.values import UNKNOWN, Milestone, Money, When


class RegisterStatus(enum.StrEnum):
    """What a register says of a case as a whole."""

    OPEN = "open"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    VOID = "void"


@frozen(kw_only=True, field_transformer=checked)
class Snapshot:
    """A case as another register has it. What the register does not say is ``None`` or ``UNKNOWN``.

    Attributes:
        dispute, intake, parties: As in a case.
        mediators: The ids of the mediators, the first in the lead.
        status: Open, concluded, closed or void, where the register says so.
        attempt_kind: The process that was followed.
        sessions: How many sessions were held.
        session_format, session_medium: Of the first session.
        accepted, agreed_to_mediate, begun, first_session, joint_session, agreed, concluded, closed: Milestones.
        conclusion: How it ended.
        agreement_form, amount_agreed: Of the agreement.
        compliance, complied, breached, repudiated: What became of it.
        litigation: Whether it went to court.
        confirmation, confirmed: Judicial confirmation.
        risk: The danger that was noted.
        follow_up: The return visit that was noted.
        observed: Up to when the register had watched the case when it was read: an open case is known open until then.
    """

    dispute: Dispute = attrs.field(metadata=PUBLIC)
    intake: Intake = attrs.field(factory=Intake, metadata=PUBLIC)
    parties: tuple[Party, ...] = attrs.field(default=(), metadata=PUBLIC)
    mediators: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    status: RegisterStatus | None = attrs.field(default=None, metadata=PUBLIC)
    attempt_kind: AttemptKind | None = attrs.field(default=None, metadata=PUBLIC)
    sessions: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    session_format: SessionFormat | None = attrs.field(default=None, metadata=PUBLIC)
    session_medium: Medium | None = attrs.field(default=None, metadata=PUBLIC)
    accepted: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    agreed_to_mediate: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    begun: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    first_session: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    joint_session: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    agreed: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    concluded: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    closed: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    conclusion: Conclusion | None = attrs.field(default=None, metadata=PUBLIC)
    agreement_form: AgreementForm | None = attrs.field(default=None, metadata=PUBLIC)
    amount_agreed: Money | None = attrs.field(default=None, metadata=PUBLIC)
    compliance: Compliance | None = attrs.field(default=None, metadata=PUBLIC)
    complied: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    breached: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    repudiated: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    litigation: bool | None = attrs.field(default=None, metadata=PUBLIC)
    confirmation: Confirmation | None = attrs.field(default=None, metadata=PUBLIC)
    confirmed: Milestone = attrs.field(default=UNKNOWN, metadata=PUBLIC)
    risk: Risk | None = attrs.field(default=None, metadata=PUBLIC)
    follow_up: FollowUp | None = attrs.field(default=None, metadata=PUBLIC)
    observed: When | None = attrs.field(default=None, metadata=PUBLIC)


DESCRIPTION = frozenset({"dispute", "intake", "parties"})
"""The fields that describe a case; all others tell its course, which live work may have taken further."""
