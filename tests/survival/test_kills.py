"""Programs that are killed in the middle of writing: what they were told is kept, and nothing is there by half."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.stores import SqliteStore
from tests.survival import cases, counters
from tests.survival.counters import Lost
from tests.survival.programs import result, start

Say = Callable[[str], None]
PER_BOOK = 10


def kill(path: Path, kills: int, seed: int, what: str, *how: str) -> tuple[int, list[int]]:
    """Have a book written by programs that are all killed; how often they acknowledged something, and what."""
    count, told = json.loads(result(start("kill_driver.py", str(path), str(kills), str(seed), what, *how)))
    return count, told


def check(path: Path, told: list[int], what: str) -> int:
    """Look at what is left of a book; how many entries there are."""
    with contextlib.closing(SqliteStore.open(path, create=False)) as store:
        if what == "counters":
            return counters.check_whole(store, told)
        book = cases.book_over(store)
        # The chain tells which entries they are; that none was lost is told by their number.
        return cases.check_whole(book, [entry.hash for entry in store.log(limit=1_000_000)], told)


@pytest.mark.parametrize("kills", [100, pytest.param(3_000, marks=pytest.mark.long)])
def test_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, kills: int, figure: Say) -> None:
    """Several kills a book, each in the middle of a commit, an erasure, a rebuild, a checkpoint or an opening."""
    began, acknowledged, entries, lost = time.monotonic(), 0, 0, 0
    for number in range(kills // PER_BOOK):
        path, what = tmp_path / f"{number}.db", "cases" if number % 2 else "counters"
        count, told = kill(path, PER_BOOK, number, what)
        acknowledged += count
        try:
            entries += check(path, told, what)
        except Lost:
            lost += 1
    figure(
        f"kill -9: {kills:,} kills, {acknowledged:,} acknowledged, {entries:,} entries, {lost} books with losses "
        f"({time.monotonic() - began:.0f} s)"
    )
    assert lost == 0
    assert entries > acknowledged / 2 > kills


@pytest.mark.parametrize("what", ["counters", "cases"])
def test_kills_find_what_is_acknowledged_too_early(tmp_path: Path, what: str, figure: Say) -> None:
    """A control: a program that says that it is done before it is."""

    def loses(seed: int) -> bool:
        path = tmp_path / f"{seed}.db"
        _, told = kill(path, 3, seed, what, "early")
        try:
            check(path, told, what)
        except Lost:
            return True
        return False

    found = next((seed for seed in range(1, 30) if loses(seed)), None)
    figure(f"kill -9, control of {what} acknowledged early: a loss seen in book {found}")
    assert found is not None


FAULTS = {
    "a row of facts": "DELETE FROM count_versions WHERE known_from = 1",
    "a key": 'DELETE FROM "key" WHERE id = 1',
    "a private part of two": "UPDATE private SET kept = 0 WHERE place >> 20 = 1",
    "a head": "UPDATE head SET version = version + 1 WHERE matter_id = 'm1'",
    "an entry": "DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_finds_a_commit_that_is_half_there(tmp_path: Path, fault: str) -> None:
    """A control: something is missing beside its entry, or its entry is."""
    path = tmp_path / "book.db"
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([counters.COUNT])
        store.commit(counters.batch(1, 2))
        store.commit(counters.batch(3, 5))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(FAULTS[fault])
    with pytest.raises(AssertionError) as caught:
        check(path, [], "counters")
    assert not isinstance(caught.value, Lost)
