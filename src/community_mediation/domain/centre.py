"""The bodies that mediate."""

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import NARRATIVE, PUBLIC, checked, code, identifier
from community_mediation.domain.values import zone_named


def known_zone(instance: object, attribute: "attrs.Attribute[str]", value: str) -> None:
    """A zone of the time zone database."""
    zone_named(value)


@frozen(kw_only=True, field_transformer=checked)
class CentreDetails:
    """What is recorded of a centre (调解委员会、工作室).

    Attributes:
        name: Its name; kept private, because many a studio is named after its founder.
        kind: people, administrative, public_order, industry, … (a code).
        host: The body that hosts it: village, resident, township, street, enterprise, association, police_station, …
        stationed_at: Where it is stationed (派驻), a code such as ``court`` or ``police_station``.
        region: The region whose rules it follows.
        zone: Its time zone, such as ``Asia/Shanghai``; dates of its register are local there.
        supervisor: The id of the centre or committee above it.
    """

    name: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    kind: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    host: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    stationed_at: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    region: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    zone: str | None = attrs.field(default=None, metadata=PUBLIC, validator=known_zone)
    supervisor: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
