"""How callers ask: filters in short, and points of the journal."""

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any

from community_mediation.errors import InvalidQuery
from community_mediation.ports import Filter, Op, Sort, Store

Where = Mapping[str, Any] | Sequence[Filter]
"""Conditions, all met together: ``{"centre": "x", "process": ["reported", "accepted"], "conclusion": None}``
means equal, one of, and empty; a sequence of ``Filter`` says everything else."""

KnownAt = int | dt.datetime | None
"""A position of the journal, a moment (aware), or ``None`` for now."""


def filters_of(where: Where) -> tuple[Filter, ...]:
    """The filters that *where* means.

    Raises:
        InvalidQuery: It is neither a mapping nor a sequence of filters.
    """
    if isinstance(where, Mapping):
        return tuple(_filter(column, value) for column, value in where.items())
    given: object = where
    if isinstance(given, Sequence) and all(isinstance(each, Filter) for each in given):
        return tuple(given)
    raise InvalidQuery("Conditions are a mapping of columns to values, or a sequence of Filter.")


def _filter(column: str, value: Any) -> Filter:
    if value is None:
        return Filter(column, Op.IS_NULL, True)
    if isinstance(value, set | frozenset):
        # A cursor belongs to its question, and a set has another order in every process.
        value = sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return Filter(column, Op.IN, tuple(map(_plain, value)))
    return Filter(column, Op.EQ, _plain(value))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def sort_of(order_by: str | None) -> Sort | None:
    """``"reported_on"`` ascends, ``"-reported_on"`` descends.

    Raises:
        InvalidQuery: It is no text.
    """
    given: object = order_by
    if order_by is None:
        return None
    if not isinstance(given, str):
        raise InvalidQuery("What to order by is the name of a column, or -column.")
    return Sort(order_by.removeprefix("-"), descending=order_by.startswith("-"))


def position_of(store: Store, known_at: KnownAt) -> int | None:
    """The position that *known_at* means; ``None`` for now.

    Raises:
        InvalidQuery: A moment without a zone, or a negative position.
    """
    if known_at is None:
        return None
    if isinstance(known_at, dt.datetime):
        if known_at.utcoffset() is None:
            raise InvalidQuery("A moment to ask about needs its zone. Give the datetime a tzinfo.")
        return store.position_at(known_at)
    if type(known_at) is not int or known_at < 0:
        raise InvalidQuery("What was known is asked for at a position (0, 1, 2, …) or at an aware datetime.")
    return known_at


def pinned(store: Store, known_at: KnownAt) -> int:
    """The position that *known_at* means, as the book is now: what is written later does not change the answer."""
    head = store.head().position
    position = position_of(store, known_at)
    return head if position is None else min(position, head)
