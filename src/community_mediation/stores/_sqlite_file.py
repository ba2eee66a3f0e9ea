"""Opening a casebook's file: what it is, before anything is written to it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from community_mediation.errors import (
    NotACasebook,
    StoreDamaged,
    StoreLocked,
    StoreReadOnly,
    StoreTooNew,
    StoreUnavailable,
)
from community_mediation.files import can_be_named
from community_mediation.stores._sqlite_errors import Connection, Damage, translate
from community_mediation.stores._sqlite_schema import (
    APPLICATION_ID,
    MIGRATIONS,
    PAGE_SIZE,
    SCHEMA_VERSION,
    TABLES,
)
from community_mediation.stores.kit.cells import decimal_key

Connect = Callable[..., sqlite3.Connection]

NOT_ONE: Final = "The file is not a casebook, or only a part of one. It was not touched. Look at the path."
UNREACHABLE: Final = "The casebook's path cannot be reached. Look at the path and at the rights on it."
VERSION: Final = "PRAGMA user_version"
OLDEST_SQLITE: Final = (3, 37)
RETRY_SECONDS: Final = 0.01
_JOURNAL: Final = bytes.fromhex("d9d505f920a163d7")
"""How a rollback journal begins; its bytes 16 to 19 say how many pages the file had (sqlite.org/fileformat2.html)."""


@attrs.frozen
class CasebookFile:
    """A casebook's file and how to reach it."""

    path: Path
    readonly: bool
    immutable: bool
    timeout: float
    connect: Connect
    damage: Damage = attrs.field(factory=Damage, eq=False, repr=False)

    @classmethod
    def find(
        cls, path: str | os.PathLike[str], *, create: bool, readonly: bool, timeout: float, connect: Connect
    ) -> CasebookFile:
        """Look at the file and make it ready.

        Raises:
            NotACasebook: It is something else; it was not touched.
            StoreTooNew: A later version wrote it; it was not touched.
            StoreUnavailable: It is not there and not to be made, or cannot be reached.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old. Use a Python with 3.37 or later.")
        if not can_be_named(path):
            raise StoreUnavailable(UNREACHABLE)
        place = Path(os.path.abspath(os.fsdecode(path)))
        size = _size(place)
        if size is None and (readonly or not create):
            raise StoreUnavailable("There is no casebook at this path. Look at the path, or let it be created.")
        if size is None and not place.parent.is_dir():
            raise StoreUnavailable("The folder for the casebook is not there. Make it first.")
        if size == 0 and (readonly or not create):
            raise NotACasebook(NOT_ONE)
        folder_writable = _writable(place.parent)
        if size is not None and not (folder_writable and _writable(place)):
            readonly = True
        # Without a log beside it, a file in a folder where none can be made is read as it lies.
        immutable = readonly and not folder_writable and not _size_or_none(place, "-wal")
        file = cls(place, readonly, immutable, timeout, connect)
        if size:
            file._look()
        if not readonly:
            file._make(new=size is None)
        return file

    def identity(self) -> tuple[int, int] | None:
        """Which file lies at the path. SQLite itself goes on writing a file that was moved away, beside its log."""
        with contextlib.suppress(OSError):
            status = os.stat(self.path)
            return status.st_dev, status.st_ino
        return None

    def log_bytes(self) -> int:
        """How long the log beside the file is."""
        return _size_or_none(self.path, "-wal") or 0

    def beside(self, path: str) -> CasebookFile:
        """Another file, reached in the same way, for writing."""
        return attrs.evolve(self, path=Path(path), readonly=False, immutable=False, damage=Damage())

    def dial(self, *, writer: bool) -> Connection:
        """A new connection."""
        query = "?mode=ro&immutable=1" if self.immutable else "?mode=ro" if self.readonly else "?mode=rw"
        connection = self._connect(query)
        try:
            if writer:
                connection.rows("PRAGMA synchronous = FULL")
                # Pages and rows that are given up are overwritten. Erasing alone does not rely on it: see the schema.
                connection.rows("PRAGMA secure_delete = ON")
                connection.rows("PRAGMA journal_size_limit = 67108864")
                connection.rows("PRAGMA cache_size = -65536")
            else:
                connection.rows("PRAGMA query_only = ON")
                connection.rows("PRAGMA cache_size = -16384")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, query: str) -> Connection:
        try:
            raw = self.connect(
                self.path.as_uri() + query,
                uri=True,
                timeout=self.timeout,
                isolation_level=None,
                check_same_thread=False,
            )
            raw.create_function("decimal_key", 1, decimal_key, deterministic=True)
            return Connection(raw, self.damage)
        except (sqlite3.Error, OverflowError) as error:
            problem = translate(error)
        raise problem

    def _look(self) -> None:
        # Read through SQLite, as an immutable file, rather than by open(): no lock is taken, no file made beside it;
        # and closing a file of our own would drop the locks that this process holds on it (POSIX).
        ours = self._is_ours("?mode=ro&immutable=1")
        if ours is None and _size_or_none(self.path, "-wal"):
            # A program died, or is just now, while moving its log into the file: only with the log is it whole.
            ours = self._is_ours("?mode=ro")
        if not ours and (self.readonly or not self._creation_was_killed()):
            raise NotACasebook(NOT_ONE)

    def _is_ours(self, query: str) -> bool | None:
        """Whether it is a casebook; ``None`` for what SQLite cannot read."""
        connection = self._connect(query)
        try:
            return check_header(connection)
        except StoreDamaged:
            return None
        finally:
            connection.close()

    def _creation_was_killed(self) -> bool:
        # Pages of the first transaction may have reached the disk without the first page; the journal undoes them.
        # Nobody can have such a file open, so that reading it by a handle of our own drops no lock.
        if not _size_or_none(self.path, "-journal"):
            return False
        with open(self.path, "rb") as file:
            header = file.read(100)
        if not any(header):
            return True
        # The first page is there, and others are not: ours, if the journal says that there was nothing before.
        with open(f"{self.path}-journal", "rb") as file:
            journal = file.read(20)
        return header[68:72] == APPLICATION_ID.to_bytes(4, "big") and journal == _JOURNAL + journal[8:16] + bytes(4)

    def _make(self, *, new: bool) -> None:
        """Make the tables, or finish a creation that was killed: one transaction, then the switch to a log.

        A *new* file is its owner's alone, and so is what SQLite lays beside it. The tables of an earlier version become
        those of this one. While that is not so, nothing else is written.
        """
        connection = self._connect("?mode=rwc")
        try:
            if connection.value("PRAGMA journal_mode") != "wal":
                connection.rows(f"PRAGMA page_size = {PAGE_SIZE}")
                connection.rows("PRAGMA synchronous = EXTRA")
                if new:
                    with contextlib.suppress(OSError):
                        os.chmod(self.path, 0o600)
                connection.rows("BEGIN IMMEDIATE")
                self._fill(connection)
                connection.rows("COMMIT")
                self._switch_to_log(connection)
            connection.rows("PRAGMA synchronous = FULL")
            while connection.value(VERSION) < SCHEMA_VERSION:
                _migrate(connection)
        except BaseException:
            connection.abandon()
            raise
        finally:
            connection.close()

    def _fill(self, connection: Connection) -> None:
        if connection.value("SELECT count(*) FROM sqlite_schema"):
            if not check_header(connection):
                raise NotACasebook(NOT_ONE)
            return
        for statement in TABLES:
            connection.rows(statement)
        connection.rows(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.rows(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _switch_to_log(self, connection: Connection) -> None:
        # SQLite does not wait here by itself when two programs make the same casebook at once.
        patience = time.monotonic() + self.timeout
        while True:
            with contextlib.suppress(StoreLocked):
                if connection.value("PRAGMA journal_mode = WAL") == "wal":
                    return
            if time.monotonic() > patience:
                raise StoreLocked("Another program holds the casebook's file. Try again.")
            time.sleep(RETRY_SECONDS)


def _migrate(connection: Connection) -> None:
    """Take the tables from their version to the next, in one transaction: one that is killed never was."""
    connection.rows("BEGIN IMMEDIATE")
    version = connection.value(VERSION) + 1
    # Another program may have done it while this one waited for the lock.
    if version <= SCHEMA_VERSION:
        for statement in MIGRATIONS[version]:
            connection.rows(statement)
        connection.rows(f"PRAGMA user_version = {version}")
    connection.rows("COMMIT")


def check_header(connection: Connection) -> bool:
    """Whether what is open is a casebook.

    Raises:
        StoreTooNew: A later version wrote it.
    """
    if connection.value("PRAGMA application_id") != APPLICATION_ID:
        return False
    if connection.value(VERSION) > SCHEMA_VERSION:
        raise StoreTooNew("A later version of this library wrote the casebook. Upgrade the library to open it.")
    return True


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _size(path: Path) -> int | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError:
        status = None
    if status is None:
        raise StoreUnavailable(UNREACHABLE)
    if not stat.S_ISREG(status.st_mode):
        raise NotACasebook(NOT_ONE)
    return status.st_size


def _size_or_none(path: Path, suffix: str) -> int | None:
    with contextlib.suppress(OSError):
        return os.stat(f"{path}{suffix}").st_size
    return None


def readonly_error() -> StoreReadOnly:
    """The error for writing to a casebook that was opened for reading."""
    return StoreReadOnly("The casebook is open for reading only. Nothing was written.")
