"""Counting many conditions at once.

Metrics share a few dozen plain comparisons and combine them in many ways. So the engine
answers only the comparisons: it packs the answers of each case into a number, its
signature, and counts the cases of each. A book of millions has some hundred signatures;
every condition is then decided over those, as bits of one large integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, Final

from community_mediation.metrics._conditions import All, Among, AnyOf, Condition, Constant, Days, Empty, Not

Group = tuple[Any, ...]
"""The values of the ``by`` columns; empty cells are ``None``."""

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
    """The signatures of a frame with their counts, sorted by group."""

    def __init__(
        self, order: Sequence[Condition], rows: Iterable[tuple[Group, tuple[int, ...], int]], groups: Sequence[Group]
    ) -> None:
        """Take the engine's rows: group, packed answers (in the *order* of the atoms), number of cases."""
        by_group: dict[Group, list[tuple[tuple[int, ...], int]]] = {group: [] for group in groups}
        for group, packed, count in rows:
            by_group.setdefault(group, []).append((packed, count))
        self._spans: dict[Group, slice] = {}
        found: list[tuple[int, ...]] = []
        self._counts: list[int] = []
        for group, members in by_group.items():
            self._spans[group] = slice(len(found), len(found) + len(members))
            found += [packed for packed, _ in members]
            self._counts += [count for _, count in members]
        self._all = (1 << len(found)) - 1
        self._answers = {
            atom: sum(1 << place for place, packed in enumerate(found) if packed[i // BITS] >> i % BITS & 1)
            for i, atom in enumerate(order)
        }
        self._decided: dict[int, int] = {}

    def sums(self, conditions: Mapping[str, Condition]) -> dict[Group, dict[str, int]]:
        """How many cases of each group fit each condition."""
        found: dict[Group, dict[str, int]] = {group: {} for group in self._spans}
        for name, condition in conditions.items():
            fits = list(self._bits(self._decide(condition)))
            for group, span in self._spans.items():
                found[group][name] = sum(compress(self._counts[span], fits[span]))
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

    def _bits(self, decided: int) -> Iterator[int]:
        return map(int, reversed(f"{decided:0{len(self._counts)}b}")) if self._counts else iter(())
