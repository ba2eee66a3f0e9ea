"""A book of five counters, whose every entry says what the whole book must hold.

Entry *n* adds one to counter ``n % 5``; it has a private part of its own, takes a key of its own and replaces the
counter's row of facts. So whoever reads a book knows from its length alone what must be in it, and what may not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from typing import Final

import attrs

from community_mediation.errors import VersionConflict
from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import Change, FactsVersion, Key, Store
from community_mediation.testing.stores.gardens import chain_fault, rows_of

COUNT: Final = FactsSchema("count", (MATTER_ID, ROW, Column("times", ColumnType.INT)))
MATTERS: Final = 5


def private_part(number: int) -> str:
    """What entry *number* says in confidence; found nowhere else."""
    return f"told in entry {number} only, " + "x" * 500


class Lost(AssertionError):
    """Something that was acknowledged is not there."""


def before(number: int) -> int:
    """How often the counter of entry *number* was added to before it."""
    return (number - 1) // MATTERS


def batch(first: int, size: int = 1) -> list[Change]:
    """The changes that make entries *first* and following, in one commit."""
    return [_change(number, first + size - 1) for number in range(first, first + size)]


def _change(number: int, last: int) -> Change:
    matter, version = f"m{number % MATTERS}", before(number)
    return Change(
        matter_id=matter,
        kind="counter",
        expected=version,
        version=version + 1,
        body=f"{number} of a commit up to {last}",
        private={f"s{number}": private_part(number)},
        close=[RowRef("count", matter, "")] if version else [],
        add=[FactsRow("count", (matter, "", version + 1))],
        keys=[Key("number", str(number), f"s{number}")],
    )


def counted(position: int) -> dict[str, int]:
    """The facts as known at a position."""
    numbers = range(max(1, position - MATTERS + 1), position + 1)
    return {f"m{number % MATTERS}": before(number) + 1 for number in numbers}


def versions(position: int) -> Iterator[FactsVersion]:
    """All rows of facts that there ever were, as a rebuild writes them."""
    for number in range(1, position + 1):
        until = number + MATTERS
        row = FactsRow("count", (f"m{number % MATTERS}", "", before(number) + 1))
        yield FactsVersion(row, number, until if until <= position else None)


def live(store: Store, chance: random.Random, acts: int, told: Callable[[int], object]) -> None:
    """Write, erase and rebuild; *told* hears each number that was committed, and below zero each that was erased."""
    number = store.head().position
    for _ in range(acts):
        act = chance.random()
        if act < 0.8 or not number:
            size = chance.choice((1, 1, 1, 2, 7))
            store.commit(batch(number + 1, size))
            number += size
            told(number)
        elif act < 0.95:
            gone = chance.randrange(1, number + 1)
            store.erase(f"s{gone}")
            told(-gone)
        else:
            store.replace_facts(versions(number))


def check_whole(store: Store, told: Collection[int], places: int = 8) -> int:
    """What was told is there, and nothing is there by half; returns how many entries there are.

    Args:
        store: The book.
        told: What ``live`` told.
        places: At how many positions the facts of the past are read, besides at the end.

    Raises:
        Lost: Something that was told does not hold.
        AssertionError: Something is there by half.
    """
    assert store.prepare([COUNT]) == ()
    entries = store.log(limit=1_000_000)
    last = len(entries)
    if last < max(told, default=0):
        raise Lost
    assert chain_fault(entries) is None
    assert store.head().position == last
    for number, entry in enumerate(entries, 1):
        wanted = _change(number, int(entry.body.rpartition(" ")[2]))
        kept = wanted.private if entry.private else {}
        assert (entry.matter_id, entry.expected, entry.body) == (wanted.matter_id, wanted.expected, wanted.body)
        assert entry.private == kept
        if entry.private and -number in told:
            raise Lost
        assert store.key("number", str(number)) == (entry.matter_id if kept else None)
    assert not entries or entries[-1].body.endswith(f"up to {last}")
    assert store.key("number", str(last + 1)) is None
    for position in sorted({last, *range(0, last, max(1, last // places))}):
        rows = rows_of(store, "count", known_at=position)
        assert {row[0]: row[2] for row in rows} == counted(position)
    _check_heads(store, last)
    return last


def _check_heads(store: Store, last: int) -> None:
    """Every counter stands where its entries say: a change on any other version is refused, and then all go on."""
    for number in range(last + 1, last + MATTERS + 1):
        there = None
        try:
            store.commit([_stale(number)])
        except VersionConflict as conflict:
            there = conflict.actual
        assert there == before(number)
    assert store.commit(batch(last + 1, MATTERS)).last == last + MATTERS


def _stale(number: int) -> Change:
    (change,) = batch(number)
    return attrs.evolve(change, expected=change.expected + 1, version=change.expected + 2)
