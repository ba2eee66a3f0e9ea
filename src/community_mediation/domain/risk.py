"""Dangers that a quarrel brings (激化风险、民转刑)."""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, codes, identifier, naming
from community_mediation.domain.values import When


class RiskKind(enum.StrEnum):
    """What may happen. Source: the effect columns of the Chinese case table (防止民转刑, 自杀, 上访, 械斗)."""

    CRIME = "crime"
    SUICIDE = "suicide"
    MASS_PETITION = "mass_petition"
    FIGHT = "fight"
    VIOLENCE = "violence"
    OTHER = "other"


@frozen(kw_only=True, field_transformer=checked)
class Risk(Item):
    """One danger.

    Attributes:
        kind: What may happen.
        persons: How many persons are at risk, if counted.
        reported: Whether it was reported to the authority; ``None`` if unknown.
        averted: Whether it is claimed to be averted; ``None`` if unknown.
        note: In words.
        parties: The parties at risk.
        reported_to: police, government, court, … (a code).
        reported_on: When it was reported, if that was noted.
        materialised: Whether it came true; ``None`` if unknown.
        level: A code of the region's list of levels.
        measures: What was done about it.
    """

    kind: RiskKind = attrs.field(metadata=PUBLIC)
    persons: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    reported: bool | None = attrs.field(default=None, metadata=PUBLIC)
    averted: bool | None = attrs.field(default=None, metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    parties: tuple[str, ...] = attrs.field(default=(), metadata=naming("party"), validator=codes)
    reported_to: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    reported_on: When | None = attrs.field(default=None, metadata=PUBLIC)
    materialised: bool | None = attrs.field(default=None, metadata=PUBLIC)
    level: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    measures: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class RiskUpdate(Item):
    """What became of a danger; what is ``None`` stays as it was.

    Attributes:
        risk: The risk's id.
        reported_to: It was reported (People's Mediation Law of the PRC, art. 25): to police, government, … (a code).
        averted: Whether it is claimed to be averted.
        materialised: Whether it came true.
        persons: How many persons are at risk.
        measures: What was done about it.
    """

    risk: str = attrs.field(metadata=naming("risk"), validator=identifier)
    reported_to: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    averted: bool | None = attrs.field(default=None, metadata=PUBLIC)
    materialised: bool | None = attrs.field(default=None, metadata=PUBLIC)
    persons: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    measures: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
