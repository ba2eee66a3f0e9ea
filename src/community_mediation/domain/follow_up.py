"""Return visits (回访)."""

import attrs

from community_mediation.domain.attempt import Medium
from community_mediation.domain.frozen import frozen
from community_mediation.domain.resolution import Compliance
from community_mediation.domain.validators import NARRATIVE, PUBLIC, between, checked, identifier
from community_mediation.domain.values import When


@frozen(kw_only=True, field_transformer=checked)
class Satisfaction:
    """A party's answer on the five-point scale: 5 very satisfied … 1 very dissatisfied.

    Attributes:
        score: 1 to 5.
        side: The side, or role word, that answered.
        party: The party, where it is known.
    """

    score: int = attrs.field(metadata=PUBLIC, validator=between(1, 5))
    side: str = attrs.field(metadata=PUBLIC, validator=identifier)
    party: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)


@frozen(kw_only=True, field_transformer=checked)
class FollowUp:
    """What a return visit found.

    Attributes:
        id: Its id within the case.
        when: When it was made.
        kept: Whether the agreement is kept; ``None`` if that was not learnt.
        satisfaction: The answers.
        sued: Whether someone went to court; ``None`` if not learnt.
        new_danger: Whether a new danger showed; ``None`` if not learnt.
        note: In words.
        measures: What was done about what was found (采取措施).
        medium: In person, online or by phone.
    """

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    when: When = attrs.field(metadata=PUBLIC)
    kept: Compliance | None = attrs.field(default=None, metadata=PUBLIC)
    satisfaction: tuple[Satisfaction, ...] = attrs.field(default=(), metadata=PUBLIC)
    sued: bool | None = attrs.field(default=None, metadata=PUBLIC)
    new_danger: bool | None = attrs.field(default=None, metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    measures: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    medium: Medium | None = attrs.field(default=None, metadata=PUBLIC)
