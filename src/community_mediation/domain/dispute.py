"""What the quarrel is about, and how it came in.

Sources of the fields: GB/T 31000-2015, 5.58 (矛盾纠纷排查化解); the acceptance form of
people's mediation (受理登记表).
"""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, identifier, naming
from community_mediation.domain.values import Code, Money, When


class Nature(enum.StrEnum):
    """The legal nature of a dispute."""

    CIVIL = "civil"
    CRIMINAL = "criminal"
    ADMINISTRATIVE = "administrative"
    PUBLIC_ORDER = "public_order"
    OTHER = "other"


class Difficulty(enum.StrEnum):
    """简单, 一般, 疑难复杂."""

    SIMPLE = "simple"
    ORDINARY = "ordinary"
    COMPLEX = "complex"


@frozen(kw_only=True, field_transformer=checked)
class Issue:
    """One point in dispute (争议事项).

    Attributes:
        id: Its id within the case.
        kind: A code of the region's list.
        text: In words.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: Code | None = attrs.field(default=None, metadata=PUBLIC)
    text: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Claim:
    """What someone asks for (请求事项).

    Attributes:
        id: Its id within the case.
        kind: A code of the region's list.
        party: Who asks.
        amount: How much.
        text: In words.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: Code | None = attrs.field(default=None, metadata=PUBLIC)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    amount: Money | None = attrs.field(default=None, metadata=PUBLIC)
    text: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class OwnValue:
    """A field of the centre's own: text that may name someone in ``value``, declared public in ``public``."""

    name: str = attrs.field(metadata=PUBLIC, validator=identifier)
    public: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    value: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Dispute:
    """What the quarrel is about (纠纷).

    Attributes:
        type: Its type, in the list of the place.
        nature: civil, criminal, administrative, public_order or other.
        since: Since when there has been a quarrel.
        scale: A code of the region's list of scales.
        difficulty: simple, ordinary or complex.
        people_involved: How many people, if counted.
        units_involved: How many organisations, if counted.
        amount_claimed: The amount in dispute.
        issues: The points in dispute.
        own: Fields of the centre's own.
        title, brief, place: In words; ``None`` if unknown or erased.
        claims: What is asked for.
        units: The organisations involved, by name (涉及单位).
    """

    type: Code = attrs.field(metadata=PUBLIC)
    nature: Nature | None = attrs.field(default=None, metadata=PUBLIC)
    since: When | None = attrs.field(default=None, metadata=PUBLIC)
    scale: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    difficulty: Difficulty | None = attrs.field(default=None, metadata=PUBLIC)
    people_involved: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    units_involved: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    amount_claimed: Money | None = attrs.field(default=None, metadata=PUBLIC)
    issues: tuple[Issue, ...] = attrs.field(default=(), metadata=PUBLIC)
    own: tuple[OwnValue, ...] = attrs.field(default=(), metadata=PUBLIC)
    title: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    brief: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    place: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    claims: tuple[Claim, ...] = attrs.field(default=(), metadata=PUBLIC)
    units: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


class Source(enum.StrEnum):
    """Who set the case going: 依申请, 主动, 委托移送."""

    APPLICATION = "application"
    PROACTIVE = "proactive"
    REFERRAL = "referral"


class ReferralKind(enum.StrEnum):
    """告知, 委派 (before filing), 委托 (after filing), 移送: the four kinds of referral of the Chinese courts."""

    ADVISED = "advised"
    PRE_FILING = "pre_filing"
    POST_FILING = "post_filing"
    TRANSFER = "transfer"


@frozen(kw_only=True, field_transformer=checked)
class Intake:
    """How a case came in (受理登记).

    Attributes:
        source: On application, proactively or by referral.
        channel: police_call, walk_in, group_chat, grid_worker, patrol, hotline, online, … (a code).
        referrer_kind: Who referred it: court, police, … (a code).
        referral_kind: Which kind of referral.
    """

    source: Source | None = attrs.field(default=None, metadata=PUBLIC)
    channel: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    referrer_kind: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    referral_kind: ReferralKind | None = attrs.field(default=None, metadata=PUBLIC)
