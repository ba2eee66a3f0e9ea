"""Single lives for samples: the same from the same seed, and fit to stand in one book."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.values import ExternalId
from community_mediation.testing.strategies.histories import lived, new_case
from community_mediation.testing.strategies.values import Random

Value = TypeVar("Value")
Change = Callable[["attrs.Attribute[Any]", Any], Any]


def walked(value: Value, change: Change) -> Value:
    """The same value with ``change(field, now)`` in each field, however deep; values and tuples are walked into."""
    changes: dict[str, Any] = {}
    for field in attrs.fields(type(value)):  # type: ignore[arg-type]
        now = getattr(value, field.name)
        new = change(field, now)
        if new is now and attrs.has(type(now)):
            new = walked(now, change)
        elif new is now and isinstance(now, tuple) and any(attrs.has(type(each)) for each in now):
            new = tuple(walked(each, change) if attrs.has(type(each)) else each for each in now)
        if new is not now:
            changes[field.alias] = new
    return attrs.evolve(value, **changes) if changes else value  # type: ignore[misc]


def lived_case(rng: Random, *, id: str = "case-1", moves: int = 8) -> Case:
    """A case made by random legal moves, none of them saved, whose numbers are its own.

    ``cases()`` draws cases that shrink; this one is for samples that are the same each time.
    """

    def numbered(field: attrs.Attribute[Any], now: Any) -> Any:
        # The strategies draw from a few numbers, and a book holds each once.
        if field.name == "reference" and isinstance(now, str):
            return f"no-{id}"
        return ExternalId("old-register", id) if isinstance(now, ExternalId) else now

    drawn = [(rng.randrange(2**16), rng.choice([1, 5, 30, 200]), rng.randrange(5)) for _ in range(rng.randrange(moves))]
    case = lived(new_case(rng), drawn, saved=False)
    events = tuple(walked(event, numbered) for event in case.events)
    return attrs.evolve(Case.fold(id, events), history=(), pending=events)
