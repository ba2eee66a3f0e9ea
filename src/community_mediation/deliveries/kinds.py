"""The kind of matter that deliveries are."""

from __future__ import annotations

from community_mediation.domain.delivery import DELIVERY_EVENTS, Delivery
from community_mediation.domain.matter import Matter
from community_mediation.facts.deliveries import delivery_rows
from community_mediation.facts.tables import DELIVERY
from community_mediation.ports import Key, Kind


def delivery_key(channel: str, dedupe_key: str) -> Key:
    """A notice is unique by its channel and its key."""
    return Key("delivery", f"{channel}\n{dedupe_key}")


def delivery_keys(matter: Matter) -> list[Key]:
    """The one key of a delivery."""
    if not isinstance(matter, Delivery):
        raise TypeError("delivery_keys takes a Delivery")
    return [delivery_key(matter.channel, matter.dedupe_key)]


def delivery_kind() -> Kind:
    """What a book needs to know of deliveries."""
    return Kind("delivery", Delivery, DELIVERY_EVENTS, (DELIVERY,), delivery_rows, delivery_keys)
