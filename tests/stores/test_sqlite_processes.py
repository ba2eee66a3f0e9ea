"""Several programs at once, and programs that are killed."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.stores import SqliteStore
from community_mediation.testing.stores.gardens import chain_fault, change, rows_of
from tests.stores.crash_driver import COUNT

HERE = Path(__file__).parent


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(HERE / program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def result(program: subprocess.Popen[str]) -> str:
    out, problems = program.communicate()
    assert (program.returncode, problems) == (0, "")
    return out


# Lost updates


def lost_updates(path: Path, *how: str, updates: int) -> int:
    """How many acknowledged updates are not in the counters, when four programs add to three of them."""
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.commit([change(f"m{number}", body="0", kind="counter") for number in range(3)])
    programs = [start("update_driver.py", str(path), str(updates), *how) for _ in range(4)]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    done: int = sum(json.loads(result(program))[0] for program in programs)
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert chain_fault(store.log(limit=100_000)) is None
        assert done == 4 * updates
        return done - sum(int(store.entries(f"m{number}")[-1].body) for number in range(3))


def test_four_programs_lose_no_update(tmp_path: Path, amount: Callable[[int, int], int]) -> None:
    """And none of them ever sees a lock."""
    assert lost_updates(tmp_path / "book.db", updates=amount(40, 800)) == 0


def test_the_count_finds_updates_that_are_lost(tmp_path: Path) -> None:
    """A control: a store that does not look at the version."""
    assert lost_updates(tmp_path / "book.db", "careless", updates=40) > 0


# Kills


def crash(path: Path, kills: int, *how: str) -> int:
    """The last number that was acknowledged by programs that were all killed."""
    return int(json.loads(result(start("crash_driver.py", str(path), str(kills), *how))))


def check_whole(store: SqliteStore) -> None:
    """Entries, facts, keys and private parts agree, at every position."""
    assert store.prepare([COUNT]) == ()
    entries = store.log(limit=1_000_000)
    assert chain_fault(entries) is None
    for position in range(len(entries) + 1):
        counted = {
            matter: sum(entry.matter_id == matter for entry in entries[:position])
            for matter in {entry.matter_id for entry in entries[:position]}
        }
        assert {row[0]: row[2] for row in rows_of(store, "count", known_at=position)} == counted
    for entry in entries:
        assert store.key("number", entry.body) == entry.matter_id
        assert entry.private == {"p": "x" * 500}
    assert store.key("number", str(len(entries) + 1)) is None


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, amount: Callable[[int, int], int]) -> None:
    """And leaves nothing half written; the next program goes on from there."""
    path = tmp_path / "book.db"
    acknowledged = crash(path, amount(15, 300))
    with contextlib.closing(SqliteStore.open(path, create=False)) as store:
        assert store.head().position >= acknowledged > 15
        check_whole(store)


def test_the_kills_find_what_is_acknowledged_too_early(tmp_path: Path) -> None:
    """A control: a program that says that it is done before it is."""

    def loses(kills: int) -> bool:
        path = tmp_path / f"{kills}.db"
        acknowledged = crash(path, kills, "early")
        with contextlib.closing(SqliteStore.open(path)) as store:
            return acknowledged > store.head().position

    assert any(map(loses, range(1, 30)))


@pytest.mark.parametrize("fault", ["DELETE FROM count_versions WHERE known_from = 1", 'DELETE FROM "key" WHERE id = 1'])
def test_the_check_finds_a_commit_that_is_half_there(tmp_path: Path, fault: str) -> None:
    """A control: a row that is missing beside its entry."""
    path = tmp_path / "book.db"
    crash(path, 1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(fault)
    with contextlib.closing(SqliteStore.open(path)) as store, pytest.raises(AssertionError):
        check_whole(store)
