"""What a store uses of ``sqlite3.Connection``, over apsw: the way to put a file layer of our own beneath a store.

The ``sqlite3`` module cannot be given one. Everything else stays as the store has it: its SQL, its files, its errors.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import apsw

T = TypeVar("T")

CHECKPOINT_PAGES: Final = 1000
"""After so many pages of log SQLite moves it into the file by itself."""


def as_sqlite3(error: apsw.Error) -> sqlite3.Error:
    """The error of ``sqlite3`` that stands for one of apsw."""
    if isinstance(error, apsw.ConnectionClosedError):
        return sqlite3.ProgrammingError("Cannot operate on a closed database.")
    code = getattr(error, "extendedresult", 0) or getattr(error, "result", 0)
    kinds = {sqlite3.SQLITE_CONSTRAINT: sqlite3.IntegrityError, sqlite3.SQLITE_TOOBIG: sqlite3.DataError}
    translated = kinds.get(code & 0xFF, sqlite3.OperationalError)(str(error))
    translated.sqlite_errorcode = code
    names = apsw.mapping_extended_result_codes if code > 0xFF else apsw.mapping_result_codes
    translated.sqlite_errorname = str(names.get(code, "SQLITE_ERROR"))
    return translated


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Whatever apsw raises inside comes out as ``sqlite3`` would have raised it."""
    try:
        yield
    except apsw.Error as error:
        raise as_sqlite3(error) from None
    except UnicodeDecodeError:
        raise sqlite3.OperationalError("Could not decode to UTF-8") from None


class Rows(list[tuple[Any, ...]]):
    """The rows of a statement that has run to its end, with what a cursor calls them.

    Attributes:
        rowcount: How many rows it changed, where it was run for many.
    """

    rowcount: int = -1

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row."""
        return self[0] if self else None


class Connection:
    """The methods of ``sqlite3.Connection`` that a store calls.

    Args:
        raw: The connection.
        instead: Statement -> what is run in its place: where a fault is planted.
        every: After how many pages of log a checkpoint is run.
    """

    def __init__(self, raw: apsw.Connection, instead: Mapping[str, str], every: int) -> None:
        self.raw = raw
        self._instead = instead
        self._every = every
        self._committed = False
        # As SQLite does by itself; but there apsw would raise what fails in a checkpoint, which SQLite passes over.
        raw.set_wal_hook(self._checkpoint)

    def _checkpoint(self, raw: apsw.Connection, database: str, pages: int) -> int:
        self._committed = True
        if pages >= self._every:
            with contextlib.suppress(apsw.Error):
                raw.wal_checkpoint(database)
        return apsw.SQLITE_OK

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Run a statement to its end."""
        self._committed = False
        try:
            with translated():
                return Rows(self.raw.execute(self._instead.get(sql, sql), values or None))
        except sqlite3.Error:
            # The commit is done; what failed after it SQLite passes over, and only apsw raises it.
            if self._committed:
                return Rows()
            raise

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Rows:
        """Run a statement for each of *rows*."""
        before = self.raw.total_changes()
        with translated():
            done = Rows(self.raw.executemany(sql, rows))
        done.rowcount = self.raw.total_changes() - before
        return done

    def create_function(
        self, name: str, narg: int, func: Callable[..., Any] | None, *, deterministic: bool = False
    ) -> None:
        """Make a function known to SQL."""
        with translated():
            self.raw.create_scalar_function(name, func, narg, deterministic=deterministic)

    def backup(self, target: Connection, *, pages: int = -1, progress: Callable[..., object] | None = None) -> None:
        """Copy the whole to *target*, some pages at a time."""
        with translated(), target.raw.backup("main", self.raw, "main") as copying:
            while not copying.done:
                copying.step(pages)
                if progress is not None:
                    progress(apsw.SQLITE_OK, copying.remaining, copying.page_count)

    def close(self) -> None:
        """Let go of the file."""
        with translated():
            self.raw.close()


def connector(
    vfs: str, *, instead: Mapping[str, str] | None = None, every: int = CHECKPOINT_PAGES
) -> Callable[..., Any]:
    """What a store may be given as ``connect``: opens files through the file layer named *vfs*."""

    def connect(path: str, *, timeout: float = 5.0, uri: bool = False, **_: object) -> Connection:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | (apsw.SQLITE_OPEN_URI if uri else 0)
        with translated():
            raw = apsw.Connection(str(path), flags=flags, vfs=vfs)
            try:
                raw.set_busy_timeout(int(timeout * 1000))
                return Connection(raw, instead or {}, every)
            except BaseException:
                raw.close()
                raise

    return connect
