"""A book of invented cases that are saved step by step, erased and rebuilt, and what must be left of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence

from community_mediation.casebook import Casebook
from community_mediation.plugins import Plugins
from community_mediation.ports import Store
from tests.casebook.samples import BY, cut, settled
from tests.survival.counters import Lost

PARTY = "叶某"
"""The name of every first party: what is erased when it is."""


def book_over(store: Store) -> Casebook:
    """A book as ``open_casebook`` makes it, over a store of one's own."""
    return Casebook(store, Plugins().kinds().values())


def live(book: Casebook, chance: random.Random, cases: int, told: Callable[[int], object]) -> None:
    """Save cases; *told* hears the journal's length after each commit, and below zero each case that was erased."""
    first = 1 + sum(1 for _ in book.matters("case"))
    for number in range(first, first + cases):
        for part in cut(settled(f"case-{number}"), *chance.sample(range(1, 9), 2)):
            book.save(part)
            told(book.store.head().position)
        if chance.random() < 0.5:
            gone = chance.randrange(1, number + 1)
            position = book.erase(f"case-{gone}/p1", reason="asked", by=BY).position
            told(position)
            told(-gone)
        if chance.random() < 0.1:
            book.rebuild_facts()


def check_whole(book: Casebook, hashes: Sequence[str], told: Collection[int]) -> int:
    """What was told is there, and the book verifies; returns how many entries there are.

    Args:
        book: The book.
        hashes: Of all entries that the book was given in its life; it may hold fewer.
        told: What ``live`` told.

    Raises:
        Lost: Something that was told does not hold.
        AssertionError: Something is there by half, or was never written.
    """
    entries = book.store.log(limit=1_000_000)
    if len(entries) < max(told, default=0):
        raise Lost
    assert [entry.hash for entry in entries] == list(hashes[: len(entries)])
    erased = [-number for number in told if number < 0]
    if any(book.get(f"case-{number}").parties[0].name == PARTY for number in erased):
        raise Lost
    codes = {finding.code for finding in book.verify().findings}
    if codes == {"erasure-unfinished"}:
        # The power went between the record of an erasure and its deed. It was not told; doing it again finishes it.
        for case in list(book.matters("case")):
            book.erase(f"{case.id}/p1", reason="asked", by=BY)
        codes = {finding.code for finding in book.verify().findings}
    assert codes == set()
    book.save(settled("case-after"))
    return len(entries)
