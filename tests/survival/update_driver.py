"""Adds to counters that others add to as well. Run as a program: FILE UPDATES CASES [careless]; prints what it did."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import attrs

from community_mediation.errors import VersionConflict
from community_mediation.ports import Change, Committed
from community_mediation.stores import SqliteStore


class Careless(SqliteStore):
    """The planted fault: a change is taken whatever version it was made on."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Whatever was expected is what there is."""
        while True:
            current = []
            for change in changes:
                version = self.entries(change.matter_id)[-1].version
                current.append(attrs.evolve(change, expected=version, version=version + 1))
            try:
                return super().commit(current)
            except VersionConflict:
                continue


def main() -> None:
    """Read a counter, add one, write it; when someone was faster, again."""
    path, updates, cases, careless = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] == ["careless"]
    store = (Careless if careless else SqliteStore).open(path, create=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    conflicts = done = 0
    while done < updates:
        matter = f"m{done % cases}"
        last = store.entries(matter)[-1]
        change = Change(
            matter_id=matter,
            kind="counter",
            expected=last.version,
            version=last.version + 1,
            body=str(int(last.body) + 1),
        )
        try:
            store.commit([change])
        except VersionConflict:
            conflicts += 1
        else:
            done += 1
    store.close()
    sys.stdout.write(json.dumps([done, conflicts]) + "\n")


if __name__ == "__main__":
    main()
