"""Fills a small disk and empties it again, many times over. Run as a program: FOLDER ROUNDS [deaf]; prints counts.

``deaf`` is the planted fault: a store that acknowledges what found no room.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from collections.abc import Iterable
from pathlib import Path

from community_mediation.errors import StoreFull, VersionConflict
from community_mediation.ports import Change, Committed
from community_mediation.stores import SqliteStore
from community_mediation.testing.stores.gardens import NOON, rows_of
from tests.survival.counters import COUNT, Lost, batch, check_whole, versions


class Deaf(SqliteStore):
    """Does not hear that the disk is full."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Say that it is done whatever happened."""
        try:
            return super().commit(changes)
        except StoreFull:
            return Committed(0, 0, NOON)


def fill(ballast: Path, leave: int) -> None:
    """Take all room of the disk but some bytes."""
    free = os.statvfs(ballast.parent).f_bavail * os.statvfs(ballast.parent).f_frsize
    ballast.write_bytes(bytes(max(0, free - leave)))


def main() -> None:
    """Write until the disk is full, read, make room, go on; a raw error ends the program."""
    folder, rounds, deaf = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["deaf"]
    chance, ballast, path = random.Random(rounds), folder / "ballast", folder / "book.db"
    store = (Deaf if deaf else SqliteStore).open(path)
    store.prepare([COUNT])
    store.commit(batch(1, 20))
    full = lost = 0
    told = store.head().position
    for _ in range(rounds):
        fill(ballast, chance.randrange(1_000_000))
        for act in range(8):
            try:
                if act == 5:
                    store.replace_facts(versions(store.head().position))
                elif act == 6:
                    store.erase(f"s{chance.randrange(1, told)}")
                else:
                    size = chance.choice((1, 5, 30))
                    store.commit(batch(told + 1, size))
                    told += size
            except StoreFull:
                full += 1
            except VersionConflict:
                lost += deaf
                told = store.head().position
            assert store.log(limit=1), "reading goes on"
            assert rows_of(store, "count"), "reading goes on"
        ballast.unlink()
        try:
            told = check_whole(store, [told]) + 5
        except Lost:
            lost += 1
            told = store.head().position
    store.close()
    for file in folder.iterdir():
        assert file.name == "book.db", "nothing is left beside the book"
    with contextlib.closing(SqliteStore.open(path)) as store:
        check_whole(store, [told])
    print(json.dumps([full, told, lost]))  # noqa: T201 - it is what the program is for


if __name__ == "__main__":
    main()
