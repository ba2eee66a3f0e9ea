"""Counting many conditions at once.

Metrics share a few dozen plain comparisons and combine them in many ways. So the engine
answers only the comparisons: it packs the answers of each case into a number, its
signature, and counts the cases of each. A book of millions has some hundred signatures;
every condition is then decided over those, as bits of one large integer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from community_mediation.metrics._conditions import All, Among, AnyOf, Condition, Constant, Days, Empty, Not

Group = tuple[Any, ...]
"""The values of the ``by`` columns; empty cells are ``None``."""

_LANE: Final = 64

BITS: Final = 60
"""Answers in one number, which must fit every engine's 64-bit integer."""


def atoms(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The distinct plain comparisons that the (split) conditions are made of."""
    found: dict[Condition, None] = {}
    seen: set[int] = set()
    todo = list(conditions)
    while todo:
        condition = todo.pop()
        if id(condition) in seen:
            continue
        seen.add(id(condition))
        if isinstance(condition, All | AnyOf):
            todo.extend(condition.parts)
        elif isinstance(condition, Not):
            todo.append(condition.part)
        elif isinstance(condition, Among | Days | Empty):
            found[condition] = None
        elif not isinstance(condition, Constant):
            raise TypeError(f"a {type(condition).__name__} must be split into its yes and its no first")
    return tuple(found)


class Signatures:
    """The different signatures of a frame, and how many cases of each group have which."""

    def __init__(
        self, order: Sequence[Condition], rows: Iterable[tuple[Group, tuple[int, ...], int]], groups: Sequence[Group]
    ) -> None:
        """Take the engine's rows: group, packed answers (in the *order* of the atoms), number of cases."""
        places: dict[tuple[int, ...], int] = {}
        self._counts: dict[Group, list[tuple[int, int]]] = {group: [] for group in groups}
        for group, packed, count in rows:
            self._counts.setdefault(group, []).append((places.setdefault(packed, len(places)), count))
        self._number = len(places)
        self._all = (1 << self._number) - 1
        self._answers = {
            atom: sum(1 << place for packed, place in places.items() if packed[i // BITS] >> i % BITS & 1)
            for i, atom in enumerate(order)
        }
        self._decided: dict[int, int] = {}

    def sums(self, conditions: Mapping[str, Condition]) -> dict[Group, dict[str, int]]:
        """How many cases of each group fit each condition."""
        # One large number for each signature, with 64 bits for each condition: so all are added up at once.
        fits = [0] * self._number
        for lane, condition in enumerate(conditions.values()):
            decided, one = self._decide(condition), 1 << _LANE * lane
            for place in self._places(decided):
                fits[place] |= one
        found: dict[Group, dict[str, int]] = {}
        size = len(conditions) * _LANE // 8
        for group, counts in self._counts.items():
            total = sum(count * fits[place] for place, count in counts)
            lanes = memoryview(total.to_bytes(size, sys.byteorder)).cast("Q")
            numbers = lanes if sys.byteorder == "little" else reversed(lanes)
            found[group] = dict(zip(conditions, numbers, strict=True))
        return found

    def _decide(self, condition: Condition) -> int:
        """The signatures for which the condition is a yes, one bit each."""
        known = self._decided.get(id(condition))
        if known is None:
            known = self._decided[id(condition)] = self._combine(condition)
        return known

    def _combine(self, condition: Condition) -> int:
        match condition:
            case All(parts):
                found = self._all
                for part in parts:
                    found &= self._decide(part)
                return found
            case AnyOf(parts):
                found = 0
                for part in parts:
                    found |= self._decide(part)
                return found
            case Not(part):
                return self._all ^ self._decide(part)
            case Constant(value):
                return self._all if value else 0
        return self._answers[condition]

    def _places(self, decided: int) -> Iterator[int]:
        return (place for place, bit in enumerate(reversed(f"{decided:b}")) if bit == "1")
