"""A program that opens a store by its URL and writes: what the kit starts beside others, and kills.

    python -m community_mediation.testing.stores.worker URL [--plugin NAME]... write
    python -m community_mediation.testing.stores.worker URL [--plugin NAME]... add UPDATES
    python -m community_mediation.testing.stores.worker URL [--plugin NAME]... take NAME KEYS

The store is opened by the hook ``mediation_open_store``, as ``open_casebook`` does it. Each program says ``ready``
and waits for a line; then ``write`` commits numbers for ever and says each that is acknowledged, ``add`` adds to
counters that others add to as well, ``take`` takes keys that others want too, and both say in the end how it went.
A number is said only after ``commit`` has returned.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import attrs

from community_mediation.errors import KeyTaken, VersionConflict
from community_mediation.ports import Key, Store
from community_mediation.testing.stores.counters import COUNT, FIRST, SHARED, open_by_url, pair


def say(text: str) -> None:
    """One line, at once: who reads it acts on it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write(store: Store) -> None:
    """Commit numbers for ever, from where the journal ends; say each when it is acknowledged."""
    number = store.head().position // 2
    while True:
        number += 1
        store.commit(pair(store, number))
        say(str(number))


def add(store: Store, updates: int) -> None:
    """Read a counter, add one, write it; when someone was faster, again. Say how many were added."""
    done = 0
    while done < updates:
        last = store.entries(f"shared{done % SHARED}")[-1]
        more = attrs.evolve(FIRST, matter_id=last.matter_id, expected=last.version, version=last.version + 1)
        try:
            store.commit([attrs.evolve(more, body=str(int(last.body) + 1))])
        except VersionConflict:
            continue
        done += 1
    say(str(done))


def take(store: Store, name: str, keys: int) -> None:
    """Take each key that nobody was faster to take; say which."""
    won = []
    for number in range(keys):
        try:
            store.commit([attrs.evolve(FIRST, matter_id=f"{name} {number}", keys=[Key("race", str(number))])])
        except KeyTaken:
            continue
        won.append(str(number))
    say(" ".join(won))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, open the store, and work."""
    parser = argparse.ArgumentParser(prog="python -m community_mediation.testing.stores.worker", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--plugin", action="append", default=[], help="a plugin that is needed; may come several times")
    work = parser.add_subparsers(dest="work", required=True)
    work.add_parser("write")
    work.add_parser("add").add_argument("updates", type=int)
    taker = work.add_parser("take")
    taker.add_argument("name")
    taker.add_argument("keys", type=int)
    asked = parser.parse_args(arguments)
    store = open_by_url(asked.url, asked.plugin)
    try:
        store.prepare([COUNT])
        say("ready")
        sys.stdin.readline()
        match asked.work:
            case "write":
                write(store)
            case "add":
                add(store, asked.updates)
            case _:
                take(store, asked.name, asked.keys)
    finally:
        store.close()


if __name__ == "__main__":
    main()
