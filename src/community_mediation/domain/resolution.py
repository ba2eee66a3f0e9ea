"""What came of it: conclusions, resolutions and whether they are kept."""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, codes, identifier, naming
from community_mediation.domain.values import NOT_REACHED, Milestone, Money, When


class Conclusion(enum.StrEnum):
    """How a case ended. ``UNKNOWN``: it ended, and nobody recorded how."""

    SETTLED = "settled"
    SETTLED_IN_PART = "settled_in_part"
    NOT_SETTLED = "not_settled"
    RESOLVED_BEFORE_SESSION = "resolved_before_session"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    NO_RESPONSE = "no_response"
    UNSUITABLE = "unsuitable"
    REFERRED_OUT = "referred_out"
    DECLINED = "declined"
    LAPSED = "lapsed"
    VOID = "void"
    UNKNOWN = "unknown"


WITH_AGREEMENT = frozenset({Conclusion.SETTLED, Conclusion.SETTLED_IN_PART})
"""The endings that an agreement brings."""


class ResolutionKind(enum.StrEnum):
    """An award never counts as an agreement."""

    AGREEMENT = "agreement"
    AWARD = "award"
    PRIVATE_SETTLEMENT = "private_settlement"


class AgreementForm(enum.StrEnum):
    """People's Mediation Law of the PRC (2010), art. 28: an oral agreement is noted down in brief."""

    ORAL = "oral"
    WRITTEN = "written"


class ResolutionStage(enum.StrEnum):
    """The axis of a resolution's own life."""

    DRAFTED = "drafted"
    EFFECTIVE = "effective"
    COMPLIED = "complied"
    PARTLY = "partly"
    BREACHED = "breached"
    VARIED = "varied"
    REPUDIATED = "repudiated"
    CONFIRMED = "confirmed"
    EXECUTED = "executed"


class Compliance(enum.StrEnum):
    """Whether an agreement is kept: 全部履行, 部分履行, 未履行; ``PENDING`` where nothing is due yet."""

    KEPT = "kept"
    PARTLY = "partly"
    BREACHED = "breached"
    PENDING = "pending"


class Confirmation(enum.StrEnum):
    """Judicial confirmation (司法确认), People's Mediation Law art. 33."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Ruling(enum.StrEnum):
    """What a court decided about an agreement or award, or about the quarrel itself."""

    UPHELD = "upheld"
    VARIED = "varied"
    REVOKED = "revoked"
    INVALID = "invalid"
    DISMISSED = "dismissed"
    DECIDED = "decided"


class Extent(enum.StrEnum):
    """Whether every live issue of every respondent is resolved, or some."""

    FULL = "full"
    PARTIAL = "partial"


class TermKind(enum.StrEnum):
    """What a term asks of someone: to pay, to apologise, to do something, to leave something undone."""

    PAYMENT = "payment"
    APOLOGY = "apology"
    ACT = "act"
    FORBEARANCE = "forbearance"


@frozen(kw_only=True, field_transformer=checked)
class Term:
    """One term of an agreement (协议条款): who owes whom what until when. People's Mediation Law of the PRC, art. 29.

    Attributes:
        id: Its id within the case.
        kind: payment, apology, act or forbearance.
        debtor: Who owes; ``None``: all who are bound.
        creditor: To whom.
        amount: How much, for a payment.
        due: Until when.
        method: How it is to be done: cash, transfer, in_person, … (a code).
        text: In words.
        compliance: Whether it is kept; ``None`` if nobody looked.
        complied, breached: When that was found.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: TermKind = attrs.field(metadata=PUBLIC)
    debtor: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    creditor: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    due: When | None = attrs.field(default=None, metadata=PUBLIC)
    method: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    text: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    compliance: Compliance | None = attrs.field(default=None, metadata=PUBLIC)
    complied: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    breached: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Resolution:
    """What was agreed or awarded, and what became of it.

    Attributes:
        id: Its id within the case.
        kind: Agreement, award or private settlement.
        form: Oral or written; ``None`` if unknown.
        on_the_spot: Reached at once, with no attempt begun.
        extent: Full or partial.
        parties: The ids of the parties that it binds; empty: all.
        issues: The ids of the issues that it resolves; empty: all.
        amount: The amount agreed.
        stage: Where it stands.
        compliance: Whether it is kept; ``None`` if unknown.
        confirmation: Judicial confirmation, where it is recorded.
        agreed, effective, complied, breached, repudiated, confirmed: Its milestones.
        last_contact: When someone last looked whether it is kept.
        terms: In words.
        clauses: The terms, one by one.
        replaces: The id of the resolution that it takes the place of.
        number: The number on the paper (协议编号).
        copies: In how many copies it was made (一式几份).
        facts: The main facts and the points in dispute, in words.
        responsibilities: Who is responsible for what, in words.
        ruling: What a court last decided about it; ``None`` if none did.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: ResolutionKind = attrs.field(default=ResolutionKind.AGREEMENT, metadata=PUBLIC)
    form: AgreementForm | None = attrs.field(default=None, metadata=PUBLIC)
    on_the_spot: bool = attrs.field(default=False, metadata=PUBLIC)
    extent: Extent = attrs.field(default=Extent.FULL, metadata=PUBLIC)
    parties: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    issues: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    stage: ResolutionStage = attrs.field(default=ResolutionStage.EFFECTIVE, metadata=PUBLIC)
    compliance: Compliance | None = attrs.field(default=None, metadata=PUBLIC)
    confirmation: Confirmation | None = attrs.field(default=None, metadata=PUBLIC)
    agreed: Milestone = attrs.field(factory=Milestone, metadata=PUBLIC)
    effective: Milestone = attrs.field(factory=Milestone, metadata=PUBLIC)
    complied: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    breached: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    repudiated: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    confirmed: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    last_contact: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    terms: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    clauses: tuple[Term, ...] = attrs.field(default=(), metadata=PUBLIC)
    replaces: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    number: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    copies: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    facts: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    responsibilities: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    ruling: Ruling | None = attrs.field(default=None, metadata=PUBLIC)
