"""Counts with no case behind them: screenings, disputes prevented, people advised (统计数)."""

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, identifier
from community_mediation.domain.values import Period


@frozen(kw_only=True, field_transformer=checked)
class TallyDetails:
    """A count for a period.

    Sources: the columns 排查预防 of the case table of the people's mediation committees, counted in cases
    (件) and persons (人).

    Attributes:
        centre: The centre that counted.
        measure: screenings, prevented, prevented_suicide, prevented_crime, prevented_petition, prevented_fight, …
            (a code).
        period: What time it covers.
        cases: How many cases or times; ``None``: not counted.
        persons: How many persons; ``None``: not counted.
        source: counted, estimated, reported, … (a code): where the number comes from.
        note: In words.
    """

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    measure: str = attrs.field(metadata=PUBLIC, validator=code)
    period: Period = attrs.field(metadata=PUBLIC)
    cases: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    persons: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    source: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
