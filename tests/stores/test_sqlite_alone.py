"""A casebook's file, copied by hand or spoilt: what is in it when nobody has it open, and what is said of it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from community_mediation.errors import MediationError, StoreDamaged
from community_mediation.stores import SqliteStore, _sqlite_access, _sqlite_backup
from community_mediation.stores._sqlite_errors import translate
from community_mediation.stores._sqlite_schema import PAGE_SIZE
from community_mediation.testing.stores.gardens import PLOT, change, plot


def entries_of_a_copy(path: Path) -> int:
    """How many entries are in the file without what lies beside it, once a writer is gone and a reader is not."""
    with contextlib.closing(SqliteStore.open(path)) as writer:
        writer.commit([change("m1")])
        reader = SqliteStore.open(path, readonly=True)
        with contextlib.closing(reader):
            writer.commit([change("m2")])
            assert reader.head().position == 2
            writer.close()
            shutil.copyfile(path, path.with_suffix(".copy"))
    with contextlib.closing(SqliteStore.open(path.with_suffix(".copy"))) as copy:
        return copy.head().position


def test_what_a_writer_leaves_is_in_the_file_itself(tmp_path: Path) -> None:
    """Though a reader outlives it: a backup that is being verified, say."""
    assert entries_of_a_copy(tmp_path / "book.db") == 2


def test_a_log_that_is_not_taken_in_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: what SQLite does by itself."""
    monkeypatch.setattr(_sqlite_access, "take_log_in", lambda connection: None)
    with pytest.raises((MediationError, AssertionError)):
        assert entries_of_a_copy(tmp_path / "book.db") == 2


def test_a_writer_that_ends_waits_for_no_reader(tmp_path: Path) -> None:
    """A reading that goes on keeps its state; the log stays, and is taken in later."""
    path = tmp_path / "book.db"
    writer = SqliteStore.open(path)
    writer.commit([change("m1")])
    reading = sqlite3.connect(path, isolation_level=None)
    reading.execute("BEGIN")
    assert reading.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    writer.commit([change("m2")])
    writer.close()
    assert reading.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    reading.close()
    with contextlib.closing(SqliteStore.open(path)) as again:
        assert again.head().position == 2


def spoilt(path: Path) -> list[Path]:
    """Copies of a book, each with a page that is written over with 0xFF in part."""
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT])
        store.commit(
            [change(f"m{n}", add=[plot(f"m{n}", crop="plum" * 40)], private={"p": "x" * 900}) for n in range(300)]
        )
    pages, found = path.read_bytes(), []
    for page in range(1, len(pages) // PAGE_SIZE):
        for offset in (100, 8000):
            start = page * PAGE_SIZE + offset
            copy = path.with_name(f"{page}-{offset}.db")
            copy.write_bytes(pages[:start] + b"\xff" * 3000 + pages[start + 3000 :])
            found.append(copy)
    return found


def told_of(copies: list[Path]) -> set[str]:
    """What backups of them said, by the names of the errors."""
    said = set()
    for copy in copies:
        with contextlib.suppress(StoreDamaged), contextlib.closing(SqliteStore.open(copy, readonly=True)) as store:
            try:
                store.backup(copy.with_suffix(".backup"))
            except MediationError as error:
                said.add(type(error).__name__)
    return said


def test_a_damaged_book_that_cannot_be_copied_is_not_said_to_want_room(tmp_path: Path) -> None:
    """Who believes that deletes older backups."""
    assert told_of(spoilt(tmp_path / "book.db")) == {"StoreDamaged"}


def test_sqlite_calls_some_damage_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: what is said where nobody looks again."""
    monkeypatch.setattr(_sqlite_backup, "is_sound", lambda connection: True)
    assert "StoreFull" in told_of(spoilt(tmp_path / "book.db"))


def test_damage_is_told_with_the_log_that_may_be_that_of_another_file() -> None:
    """A backup that is put beside the log of the file before it reads like damage."""
    error = sqlite3.DatabaseError()
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"
    assert "-wal" in str(translate(error))
