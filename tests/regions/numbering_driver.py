"""Asks a book for numbers while others do. Run as a program: FILE COUNT [careless]; prints the numbers as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable

import attrs

from community_mediation.casebook import Casebook
from community_mediation.domain.values import When
from community_mediation.plugins import Plugins
from community_mediation.ports import Change, Committed
from community_mediation.regions import NEUTRAL
from community_mediation.stores import SqliteStore

AT = When.on(dt.date(2026, 5, 14), "Asia/Shanghai")


class Careless(SqliteStore):
    """The planted fault: a change is taken whatever version it was made on, so nobody ever has to look again."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Whatever was expected is what there is."""
        rebased = []
        for change in changes:
            entries = self.entries(change.matter_id)
            there = entries[-1].version if entries else 0
            more = change.version - change.expected
            rebased.append(attrs.evolve(change, expected=there, version=there + more))
        return super().commit(rebased)


def main() -> None:
    """Reserve so many numbers, one after the other."""
    path, count, careless = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["careless"]
    store = (Careless if careless else SqliteStore).open(path, create=False)
    with Casebook(store, Plugins().kinds().values()) as book:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        given = [book.reserve_reference("centre-1", NEUTRAL.pattern(), at=AT, by="account-1") for _ in range(count)]
    sys.stdout.write(json.dumps(given) + "\n")


if __name__ == "__main__":
    main()
