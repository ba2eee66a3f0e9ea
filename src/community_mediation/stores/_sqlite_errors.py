"""A connection whose every failure is one of the library's own errors, without a value in it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

from community_mediation.errors import (
    InvalidValue,
    MediationError,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
)

SHM_FULL: Final = sqlite3.SQLITE_IOERR_SHMSIZE
"""The shared index of the log cannot grow: what a full disk looks like from there."""


def translate(error: Exception) -> MediationError:
    """The library's error for one of the driver's, which quotes values and is therefore not passed on."""
    if isinstance(error, UnicodeEncodeError):
        return InvalidValue("half of a character (a lone surrogate)")
    if isinstance(error, OverflowError):
        return InvalidValue("an integer beyond 64 bits")
    code = getattr(error, "sqlite_errorcode", 0) or 0
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return StoreFull(
                "There is no room left for the casebook. Nothing of this was written. Make room and try again."
            )
        case sqlite3.SQLITE_IOERR if code == SHM_FULL:
            return StoreFull("There is no room left beside the casebook. Make room and try again.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked("Another program is writing the casebook. Nothing of this was written. Try again.")
        case sqlite3.SQLITE_READONLY if code == sqlite3.SQLITE_READONLY_DBMOVED:
            return StoreUnavailable("The casebook's file was moved or deleted while it was open. Open it again.")
        case sqlite3.SQLITE_READONLY:
            return StoreReadOnly(f"The casebook cannot be written ({name}): look at the rights of its file and folder.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreDamaged(
                f"The casebook's file is damaged ({name}), or the -wal beside it is that of another. Restore the last "
                "backup: copy it, and let no -wal or -shm of the old file lie beside it."
            )
        case sqlite3.SQLITE_CONSTRAINT:
            return StoreDamaged(f"The casebook's tables contradict what is written ({name}). Run verify.")
        case sqlite3.SQLITE_TOOBIG:
            return InvalidValue("a text that is too long to keep")
    if not code and "UTF-8" in str(error):
        return StoreDamaged("The casebook holds bytes that are no text. Run verify.")
    return StoreUnavailable(
        f"The casebook's file cannot be used ({name}). Look at the rights of the file and its folder, at the disk, and "
        "at limits on the size of files."
    )


class Damage:
    """Whether a page of the file could not be read so far."""

    def __init__(self) -> None:
        self.seen = False


class Connection:
    """The few calls on ``sqlite3`` that a store makes."""

    def __init__(self, raw: sqlite3.Connection, damage: Damage) -> None:
        self._raw = raw
        self._damage = damage

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and give all its rows."""
        try:
            return self._raw.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            problem = self._told(error)
        # Outside the handler: a context would carry the driver's error along, values included.
        raise problem

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a statement and give its first row."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement and give the first cell of its first row."""
        found = self.rows(sql, values)
        return found[0][0] if found else None

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run a statement for each of *rows*; gives how many rows of the table it changed."""
        if not rows:
            return 0
        try:
            return self._raw.executemany(sql, rows).rowcount
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            problem = self._told(error)
        raise problem

    def _told(self, error: Exception) -> MediationError:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
            self._damage.seen = True
        return translate(error)

    def abandon(self) -> None:
        """Roll back what is open, if it still is: a full disk ends the transaction by itself."""
        with contextlib.suppress(sqlite3.Error):
            self._raw.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self._raw.close()
