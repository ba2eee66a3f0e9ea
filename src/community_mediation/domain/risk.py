"""Dangers that a quarrel brings (激化风险、民转刑)."""

import enum

import attrs

from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, identifier


class RiskKind(enum.StrEnum):
    """What may happen. Source: the effect columns of the Chinese case table (防止民转刑, 自杀, 上访, 械斗)."""

    CRIME = "crime"
    SUICIDE = "suicide"
    MASS_PETITION = "mass_petition"
    FIGHT = "fight"
    VIOLENCE = "violence"
    OTHER = "other"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Risk:
    """One danger.

    Attributes:
        id: Its id within the case.
        kind: What may happen.
        persons: How many persons are at risk, if counted.
        reported: Whether it was reported to the authority; ``None`` if unknown.
        averted: Whether it is claimed to be averted; ``None`` if unknown.
        note: In words.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: RiskKind = attrs.field(metadata=PUBLIC)
    persons: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    reported: bool | None = attrs.field(default=None, metadata=PUBLIC)
    averted: bool | None = attrs.field(default=None, metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
