"""Writes a book and dies, many times over. Run as a program: FILE KILLS SEED counters|cases [early].

Prints as JSON how often something was acknowledged, and all of it. ``early`` is the planted fault: things are
acknowledged before they are done.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

from community_mediation.casebook import Casebook
from community_mediation.stores import SqliteStore
from tests.survival import cases, counters

SPIN = 40_000
"""At most so many empty rounds, some milliseconds, pass between an acknowledgement and the kill."""


class Early(SqliteStore):
    """Acknowledges a commit before it is made."""

    told: Callable[[int], object]

    def commit(self, changes: Any) -> Any:
        """Say that it is done, then do it."""
        several = list(changes)
        self.told(self.head().position + len(several))
        return super().commit(several)


def write(path: str, what: str, seed: int, told: Callable[[int], object], *, early: bool) -> None:
    """Live for ever."""
    store = (Early if early else SqliteStore).open(path)
    if isinstance(store, Early):
        store.told = told
    chance = random.Random(seed)
    book: Casebook | None = None
    if what == "cases":
        book = cases.book_over(store)
    else:
        store.prepare([counters.COUNT])
    while True:
        if book is None:
            counters.live(store, chance, 100, told)
        else:
            cases.live(book, chance, 10, told)


def main() -> None:
    """Kill each writer some moments after it has acknowledged something: in the middle of the next act."""
    path, kills, seed, what = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    chance = random.Random(seed)
    acknowledged: list[int] = []
    for kill in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            told = lambda number: os.write(writing, f"{number}\n".encode())  # noqa: B023, E731 - it never returns
            write(path, what, seed * 10_000 + kill, told, early=sys.argv[5:] == ["early"])
        os.close(writing)
        with os.fdopen(reading) as lines:
            for _ in range(chance.randrange(60)):
                acknowledged.append(int(lines.readline()))
            for _ in range(chance.randrange(SPIN)):
                pass
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            acknowledged += [int(line) for line in lines if line.endswith("\n")]
    print(json.dumps([len(acknowledged), sorted(set(acknowledged))]))  # noqa: T201 - it is what the program is for


if __name__ == "__main__":
    main()
