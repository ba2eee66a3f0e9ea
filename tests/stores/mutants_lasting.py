"""Stores in a file that lose, share or keep what they should not: each with one planted fault."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from community_mediation.errors import VersionConflict
from community_mediation.facts.schema import FactsSchema
from community_mediation.ports import Change, Committed, Entry, Head, Lease
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.stores._sqlite_commit import erase_subject


class LosingTail(SqliteStore):
    """Puts its last commit down when the next one comes, which after closing is never."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        with contextlib.closing(sqlite3.connect(self._file.path)) as connection:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._before)
            connection.execute("VACUUM INTO ?", (self._before,))
        return super().commit(changes)

    def close(self) -> None:
        super().close()
        if os.path.exists(self._before):
            for part in ("-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f"{self._file.path}{part}")
            os.replace(self._before, self._file.path)

    @property
    def _before(self) -> str:
        return f"{self._file.path}.before"


class WritingBehind(SqliteStore):
    """Says that it has written, and does it a moment later, when something is asked next."""

    _behind: Sequence[Change] = ()

    def _write(self) -> None:
        batch, self._behind = self._behind, ()
        if batch:
            threading.Event().wait(0.03)
            super().commit(batch)

    def commit(self, changes: Iterable[Change]) -> Committed:
        self._write()
        head = super().head()
        self._behind = list(changes)
        return Committed(head.position + 1, head.position + len(self._behind), dt.datetime.now(dt.UTC))

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        self._write()
        return super().entries(matter_id, known_at)

    def head(self) -> Head:
        self._write()
        return super().head()


class Trusting(SqliteStore):
    """Takes the version that it read itself for the one that there is, whoever has written since."""

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        entries = super().entries(matter_id, known_at)
        self.__dict__.setdefault("_seen", {})[matter_id] = entries[-1].version if entries else 0
        return entries

    def commit(self, changes: Iterable[Change]) -> Committed:
        batch = list(changes)
        seen = self.__dict__.get("_seen", {})
        while True:
            try:
                return super().commit(batch)
            except VersionConflict as error:
                if len(batch) != 1 or seen.get(error.matter_id) != error.expected:
                    raise
                batch = [attrs.evolve(batch[0], expected=error.actual, version=error.actual + 1)]
                seen[error.matter_id] = error.actual


class ForgettingTables(SqliteStore):
    """Takes a table that has changed for one that is as it should be."""

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        super().prepare(schemas)
        return ()


class LeasesOfOneProgram(SqliteStore):
    """Keeps leases in memory, where no other opening sees them and their numbers begin again."""

    def _leases_here(self) -> MemoryStore:
        found: Any = self.__dict__.setdefault("_leases", MemoryStore(self._clock))
        return found  # type: ignore[no-any-return]

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        self.head()
        return self._leases_here().lease(name, key, ttl)

    def release(self, lease: Lease) -> bool:
        self.head()
        return self._leases_here().release(lease)


class TornBackup(SqliteStore):
    """Copies the file and then its log, whoever writes meanwhile."""

    def backup(self, path: str | os.PathLike[str]) -> Head:
        head = self.head()
        shutil.copyfile(self._file.path, path)
        self.head()
        log = f"{self._file.path}-wal"
        if os.path.exists(log):
            shutil.copyfile(log, f"{os.fspath(path)}-wal")
        return head


class LeavingBytes(SqliteStore):
    """Erases what is read, and leaves it in the log beside the file."""

    def erase(self, subject: str) -> int:
        if "\ud800" in subject:
            return 0
        with self._turn, self._writer.transaction() as connection:
            return erase_subject(connection, subject)


class Writable(SqliteStore):
    """Writes, however it was opened."""


LASTING: Final[dict[type[SqliteStore], str]] = {
    LosingTail: "test_what_was_committed_is_there_after_opening_again",
    WritingBehind: "test_a_kill_loses_nothing_that_was_acknowledged",
    Trusting: "test_programs_lose_no_update",
    ForgettingTables: "test_a_table_that_changed_meanwhile_is_to_be_rebuilt",
    LeasesOfOneProgram: "test_leases_are_there_after_opening_again",
    TornBackup: "test_a_copy_is_of_one_position_while_writers_go_on",
    LeavingBytes: "test_an_erased_value_is_in_no_file",
    Writable: "test_a_book_that_is_opened_for_reading_takes_nothing",
}
"""By the store with the fault, the test that has to fail for it."""
