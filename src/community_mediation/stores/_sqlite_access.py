"""Who may use which connection: one writer at a time, and as many readers as there are threads."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

from community_mediation.errors import StoreClosed, StoreError, StoreLocked, StoreUnavailable
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_file import CasebookFile, readonly_error

IDLE_READERS: Final = 8


def closed_error() -> StoreClosed:
    """The error for using a store after its end."""
    return StoreClosed("The casebook was closed before this call. Open it again.")


def take_log_in(connection: Connection) -> None:
    """Take the log into the file as far as others let it, without waiting.

    SQLite does so by itself when the last program closes the file, but not if that one only reads.
    """
    with contextlib.suppress(StoreError):
        connection.rows("PRAGMA busy_timeout = 0")
        connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")


class Readers:
    """Connections for reading; each reading is short and sees one state of the file."""

    def __init__(self, file: CasebookFile) -> None:
        self._file = file
        self._idle: list[Connection] = []
        self._lent = 0
        self._closed = False
        self._change = threading.Condition()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection on which every statement sees the same state."""
        with self.lent() as connection:
            connection.rows("BEGIN")
            yield connection
            connection.rows("COMMIT")

    @contextlib.contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection on which every statement sees the state of its own time."""
        connection = self._take()
        whole = False
        try:
            yield connection
            whole = True
        finally:
            self._give_back(connection, keep=whole)

    def close(self) -> None:
        """Wait for the readings under way, then let go of everything."""
        with self._change:
            self._closed = True
            self._change.wait_for(lambda: self._lent == 0)
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> Connection:
        with self._change:
            if self._closed:
                raise closed_error()
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return self._file.dial(writer=False)
        except BaseException:
            self._return_one()
            raise

    def _give_back(self, connection: Connection, *, keep: bool) -> None:
        with self._change:
            if keep and not self._closed and len(self._idle) < IDLE_READERS:
                self._idle.append(connection)
            else:
                connection.close()
        self._return_one()

    def _return_one(self) -> None:
        with self._change:
            self._lent -= 1
            self._change.notify_all()


class Writer:
    """The one connection that writes, and whose turn it is."""

    def __init__(self, file: CasebookFile) -> None:
        self._file = file
        self._identity = file.identity()
        self._readonly = file.readonly
        self._timeout = file.timeout
        self._connection = None if file.readonly else file.dial(writer=True)
        self.synchronous: int | None = self._connection.value("PRAGMA synchronous") if self._connection else None
        self._turn = threading.Lock()
        self._owner: int | None = None
        self._closed = False

    def check_free(self) -> None:
        """Refuse a writing that could not begin.

        Raises:
            StoreClosed, StoreReadOnly: As named.
        """
        if self._closed:
            raise closed_error()
        if self._readonly:
            raise readonly_error()

    @contextlib.contextmanager
    def alone(self) -> Iterator[Connection]:
        """The connection, for this thread only."""
        self.check_free()
        if not self._turn.acquire(timeout=self._timeout):
            raise StoreLocked("Another thread is writing the casebook. Nothing of this was written. Try again.")
        try:
            if self._closed or self._connection is None:
                raise closed_error()
            self._owner = threading.get_ident()
            yield self._connection
        finally:
            self._owner = None
            if self._closed:
                self._let_go()
            self._turn.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its beginning; rolled back by whatever is raised in it."""
        with self.alone() as connection:
            # IMMEDIATE: a deferred transaction fails with "locked" when it upgrades, whatever the timeout.
            connection.rows("BEGIN IMMEDIATE")
            try:
                if self._file.identity() != self._identity:
                    raise StoreUnavailable("The casebook's file was moved or deleted while it was open. Open it again.")
                yield connection
                if self._closed:
                    raise closed_error()
                connection.rows("COMMIT")
            except BaseException:
                connection.abandon()
                raise

    def close(self) -> None:
        """Wait for the writing under way, then let go; from inside one, that one is ended and rolled back."""
        if self._owner == threading.get_ident():
            self._closed = True
        else:
            with self._turn:
                self._closed = True
                self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            take_log_in(connection)
            connection.close()
