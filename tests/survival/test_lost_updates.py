"""Several programs change the same matters at once: of two, one wins, and the other is told."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from community_mediation.stores import SqliteStore
from community_mediation.testing.stores.gardens import chain_fault, change
from tests.survival.programs import result, start

Say = Callable[[str], None]
PROGRAMS = 4
CASES = 5


def race(path: Path, updates: int, *how: str) -> tuple[int, int]:
    """How many updates that were acknowledged to four programs are missing, and how often one had to try again.

    A program that sees a lock, or any other error, fails, and this with it.
    """
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.commit([change(f"m{number}", body="0", kind="counter") for number in range(CASES)])
    programs = [start("update_driver.py", str(path), str(updates), str(CASES), *how) for _ in range(PROGRAMS)]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    counts = [json.loads(result(program)) for program in programs]
    done = sum(each for each, _ in counts)
    assert done == PROGRAMS * updates
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert chain_fault(store.log(limit=1_000_000)) is None
        lost = done - sum(int(store.entries(f"m{number}")[-1].body) for number in range(CASES))
    return lost, sum(conflicts for _, conflicts in counts)


def test_four_programs_lose_no_update(tmp_path: Path, figure: Say) -> None:
    """And none of them ever sees a lock."""
    began = time.monotonic()
    lost, conflicts = race(tmp_path / "book.db", 800)
    figure(
        f"lost updates: {PROGRAMS} programs x 800 updates on {CASES} cases, {conflicts:,} conflicts told, "
        f"{lost} lost, 0 raw locks ({time.monotonic() - began:.0f} s)"
    )
    assert lost == 0
    assert conflicts > 0


def test_the_count_finds_updates_that_are_lost(tmp_path: Path, figure: Say) -> None:
    """A control: a store that does not look at the version."""
    lost, _ = race(tmp_path / "book.db", 40, "careless")
    figure(f"lost updates, control without the version check: {lost} of {PROGRAMS * 40} lost")
    assert lost > 0
