"""What the law does with a case and its agreement: referrals, repudiation, suits, rulings, confirmation, execution.

Sources: People's Mediation Law of the PRC (2010), arts. 31-33; 法释〔2016〕14号 (委派、委托、特邀调解); RA 7160 of the
Philippines, secs. 416-418.
"""

import enum

import attrs

from community_mediation.domain.dispute import ReferralKind
from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.resolution import Confirmation, Ruling
from community_mediation.domain.validators import NARRATIVE, PUBLIC, SENSITIVE, checked, code, codes, identifier, naming
from community_mediation.domain.values import NOT_REACHED, Milestone, Money, When


class LegalStepKind(enum.StrEnum):
    """反悔, 起诉, 裁判, 司法确认, 执行."""

    REPUDIATION = "repudiation"
    SUIT = "suit"
    RULING = "ruling"
    CONFIRMATION = "confirmation"
    EXECUTION = "execution"


class Execution(enum.StrEnum):
    """How far execution has come."""

    APPLIED = "applied"
    ORDERED = "ordered"
    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@frozen(kw_only=True, field_transformer=checked)
class LegalStep(Item):
    """A step in law about a case or its agreement.

    Attributes:
        kind: repudiation, suit, ruling, confirmation or execution.
        resolution: The agreement or award that it is about. A repudiation, confirmation or execution needs one, unless
            a repudiation is of a ``consent`` (to arbitration).
        consent: The consent that is repudiated.
        party: Who takes the step; ``None``: the parties together, or nobody noted it.
        confirmation: For a confirmation: applied, accepted, refused, confirmed, rejected or withdrawn.
        ruling: For a ruling: what was decided.
        execution: For an execution: how far it has come.
        grounds: fraud, violence, intimidation, … (codes).
        body: court, people_court, village_court, arbitration_board, … (a code).
        amount: The amount sued for, awarded or executed.
        docket: The number of the court's file. Judgments are published under it, so it says who someone is.
        note: In words.
    """

    kind: LegalStepKind = attrs.field(metadata=PUBLIC)
    resolution: str | None = attrs.field(default=None, metadata=naming("resolution"), validator=identifier)
    consent: str | None = attrs.field(default=None, metadata=naming("item"), validator=identifier)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    confirmation: Confirmation | None = attrs.field(default=None, metadata=PUBLIC)
    ruling: Ruling | None = attrs.field(default=None, metadata=PUBLIC)
    execution: Execution | None = attrs.field(default=None, metadata=PUBLIC)
    grounds: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    body: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    docket: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


class Direction(enum.StrEnum):
    """Whether a case is referred to this centre or away from it."""

    IN = "in"
    OUT = "out"


@frozen(kw_only=True, field_transformer=checked)
class Referral(Item):
    """A case is referred from one body to another: an act of two sides (告知, 委派, 委托, 移送).

    Attributes:
        direction: To this centre, or away from it.
        kind: advised, pre_filing, post_filing or transfer.
        body: court, procuratorate, police, petition_office, other, … (a code): the other side.
        due: When the result is to be reported back.
        materials: What came along: complaint, evidence, … (codes).
        docket: The other side's number of the case. A court's says who someone is.
        answered: When the body that was asked answered.
        accepted: Whether it took the case; ``None`` while it has not answered.
        reason: Why not, a code.
        returned: When the result was reported back.
        result: settled, not_settled, … (a code).
        note: In words.

    ``answered``, ``accepted``, ``reason``, ``returned`` and ``result`` are filled in by ``ReferralAnswer`` and
    ``ReferralReturn``.
    """

    direction: Direction = attrs.field(default=Direction.IN, metadata=PUBLIC)
    kind: ReferralKind | None = attrs.field(default=None, metadata=PUBLIC)
    body: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    due: When | None = attrs.field(default=None, metadata=PUBLIC)
    materials: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)
    docket: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)
    answered: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    accepted: bool | None = attrs.field(default=None, metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    returned: Milestone = attrs.field(default=NOT_REACHED, metadata=PUBLIC)
    result: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class ReferralAnswer(Item):
    """The body that was asked takes a referred case, or does not.

    Attributes:
        referral: The referral's id.
        accepted: Whether it takes it.
        reason: Why not, a code.
    """

    referral: str = attrs.field(metadata=naming("referral"), validator=identifier)
    accepted: bool = attrs.field(metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class ReferralReturn(Item):
    """A referred case goes back, with its result.

    Attributes:
        referral: The referral's id; it was accepted.
        result: settled, settled_in_part, not_settled, withdrawn, lapsed, … (a code).
        note: In words.
    """

    referral: str = attrs.field(metadata=naming("referral"), validator=identifier)
    result: str = attrs.field(metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


class LinkKind(enum.StrEnum):
    """How another case stands to this one."""

    RELATED = "related"
    ABSORBED = "absorbed"
    """The other was merged into this one."""
    SPLIT_FROM = "split_from"
    """This one was split off the other."""
    FOLLOWS = "follows"
    """The other came before: an agreement broken, a quarrel that began again."""
    SAME_EVENT = "same_event"


@frozen(kw_only=True, field_transformer=checked)
class Link(Item):
    """Another case has to do with this one. Links count nothing.

    Attributes:
        kind: How.
        case: The id of the other case.
    """

    kind: LinkKind = attrs.field(default=LinkKind.RELATED, metadata=PUBLIC)
    case: str = attrs.field(metadata=PUBLIC, validator=identifier)
