"""What the tests of the codec share: one codec for all kinds, a countable salt, and ways to spoil a document."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs

from community_mediation.builtins import CASE_EVENTS, RECORD_EVENTS
from community_mediation.codec import Codec, Encoded
from community_mediation.domain.delivery import DELIVERY_EVENTS
from community_mediation.domain.events import Recorded
from community_mediation.domain.items import ITEMS
from community_mediation.domain.ledger import LEDGER_EVENTS
from community_mediation.domain.matter import Event
from community_mediation.domain.numbering import NUMBERING_EVENTS
from community_mediation.domain.values import When

EVENTS: Final[dict[str, type[Event]]] = {
    **CASE_EVENTS,
    **RECORD_EVENTS,
    **DELIVERY_EVENTS,
    **NUMBERING_EVENTS,
    **LEDGER_EVENTS,
}
CODEC: Final = Codec(EVENTS)

Make = Callable[[Any], Any]
Shape = Callable[[Make], Any]


def _shape(cls: Any, item: Any = None) -> Shape:
    if item is None:
        return lambda make: make(cls)
    return lambda make: attrs.evolve(make(cls), item=make(item))


SHAPES: Final[dict[str, Shape]] = {
    **{name: _shape(cls) for name, cls in EVENTS.items()},
    **{f"case.recorded-{what}": _shape(Recorded, item) for what, item in ITEMS.items()},
}
"""Every event, and the one that holds an item with each kind of item; each is made with a maker of values."""
AT: Final = When.at(dt.datetime(2022, 5, 14, 15, 5, tzinfo=dt.UTC))


def encode(matter_id: str, events: tuple[Event, ...]) -> Encoded:
    """The wire form with salts that count: the same each time."""
    number = itertools.count(1)
    return CODEC.encode(matter_id, events, salt=lambda: f"salt-{next(number)}")


def joined(encoded: Encoded) -> dict[str, Any]:
    """The body with its private values in place, as plain JSON."""
    body: dict[str, Any] = json.loads(encoded.body)
    for text in encoded.private.values():
        for path, leaf in json.loads(text)["values"].items():
            *steps, last = path.split("/")
            place: Any = body["events"]
            for step in steps:
                place = place[int(step)] if isinstance(place, list) else place[step]
            place[last] = leaf
    return body


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place in a document, with what stands there."""
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from leaves(each, (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the document with something else at one place."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


def location(path: tuple[Any, ...]) -> str:
    """A place as errors write it."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
