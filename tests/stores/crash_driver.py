"""Writes a casebook and dies, many times over. Run as a program: FILE KILLS [early]; prints what was acknowledged."""

from __future__ import annotations

import json
import os
import random
import signal
import sys

from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import Change, Key
from community_mediation.stores import SqliteStore

COUNT = FactsSchema("count", (MATTER_ID, ROW, Column("times", ColumnType.INT)))


def write(path: str, pipe: int, early: bool) -> None:
    """Add to five counters in turn, for ever, saying each that is done; or, the planted fault, that will be done."""
    store = SqliteStore.open(path)
    store.prepare([COUNT])
    number = store.head().position
    while True:
        number += 1
        matter = f"m{number % 5}"
        version = len(store.entries(matter))
        change = Change(
            matter_id=matter,
            kind="counter",
            expected=version,
            version=version + 1,
            body=str(number),
            private={"p": "x" * 500},
            close=[RowRef("count", matter, "")] if version else [],
            add=[FactsRow("count", (matter, "", version + 1))],
            keys=[Key("number", str(number))],
        )
        if early:
            os.write(pipe, f"{number}\n".encode())
        store.commit([change])
        if not early:
            os.write(pipe, f"{number}\n".encode())


def main() -> None:
    """Kill the writer right after it has said one of its numbers: it is in the middle of the next by then."""
    path, kills, early = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["early"]
    chance = random.Random(kills)
    acknowledged = 0
    for _ in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            write(path, writing, early)
        os.close(writing)
        with os.fdopen(reading) as lines:
            for _ in range(chance.randrange(1, 12)):
                acknowledged = int(lines.readline())
            for _ in range(chance.randrange(20_000)):
                pass
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for line in lines:
                if line.endswith("\n"):
                    acknowledged = int(line)
    print(json.dumps(acknowledged))  # noqa: T201 - it is what the program is asked for


if __name__ == "__main__":
    main()
