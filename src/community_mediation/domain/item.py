"""What all things that are noted in a case have in common."""

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import PUBLIC, checked, identifier
from community_mediation.domain.values import When


@frozen(kw_only=True, field_transformer=checked)
class Item:
    """Something that ``Case.record`` notes: a paper served, a payment, a signature, a legal step and so on.

    Attributes:
        id: Its id within the case; leave it out, and ``record`` gives one.
        when: When it happened: filled in from the event that noted it.
    """

    id: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    when: When | None = attrs.field(default=None, metadata=PUBLIC)
