"""Who may use which connection: as many readers as the pool has room for, and one writer at a time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
import psycopg_pool

from community_mediation.errors import StoreError, StoreLocked, StoreUnavailable
from community_mediation.ports import Head
from community_mediation_postgres.address import Address
from community_mediation_postgres.errors import FROM_DRIVER, closed_error, readonly_error, the_one, translate
from community_mediation_postgres.heads import begin, head_of, lock
from community_mediation_postgres.quiet import POOL, Connection, keep_quiet
from community_mediation_postgres.session import Raw, Session

UNKNOWN: Final = (
    "The connection to the server was lost while it committed, and it cannot be asked whether it did. "
    "Look for the change before it is made again."
)


@attrs.define
class Writing:
    """A transaction that holds the lock of all commits.

    Attributes:
        session: Its connection.
        salt: The secret of the book.
        tables: How often facts tables were made.
        head: The journal's end.
        done: Tells, on another connection, whether the transaction was committed, where it can be told.
    """

    session: Session
    salt: bytes
    tables: int
    head: Head
    done: Callable[[Session], bool] | None = None


class Access:
    """The connections to one casebook."""

    def __init__(self, address: Address, *, readonly: bool) -> None:
        self._place = address.place
        self._readonly = readonly
        self._timeout = address.timeout
        keep_quiet()
        self._pool = psycopg_pool.ConnectionPool(
            address.conninfo,
            name=POOL,
            connection_class=Connection,
            kwargs={"autocommit": True, "prepare_threshold": 5 if address.prepare else None},
            min_size=0,
            max_size=address.pool_size,
            timeout=address.timeout,
            configure=_never_write if readonly else None,
            num_workers=1,
            open=False,
        )
        self._turn = threading.Lock()
        self._owner: int | None = None
        self._closed = False

    def open(self) -> None:
        """Begin; connections are made when they are asked for."""
        self._pool.open()

    def check_writable(self) -> None:
        """Refuse a writing that could not begin.

        Raises:
            StoreClosed, StoreReadOnly: As named.
        """
        if self._closed:
            raise closed_error()
        if self._readonly:
            raise readonly_error()

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Read by one statement. A connection that the server has left meanwhile is replaced by another."""
        for last in (False, True):
            with self._lent() as session:
                try:
                    return session.rows(sql, values)
                except StoreUnavailable:
                    if last or not session.lost:
                        raise
            self._drop_lost()
        raise AssertionError("unreachable")

    def row(self, sql: str, values: Sequence[Any] | None = None) -> tuple[Any, ...] | None:
        """Read by one statement and give its first row."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def of_store(self, columns: str, values: Sequence[Any] | None = None) -> tuple[Any, ...]:
        """Read the one row of the table ``store``; *columns* may ask for more beside it."""
        return the_one(self.rows(f"SELECT {columns} FROM {self._place}.store", values))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that holds no lock at its beginning; rolled back by whatever is raised in it."""
        self.check_writable()
        with self._begun("") as (session, _):
            yield session
            self._end(session)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction that holds the lock of all commits from its beginning to its end.

        Positions are given under that lock: none becomes visible before those below it.

        Raises:
            StoreLocked: Another writer holds it for too long.
        """
        self.check_writable()
        if not self._turn.acquire(timeout=self._timeout):
            raise StoreLocked("Another thread is writing the casebook. Nothing of this was written. Try again.")
        try:
            self.check_writable()
            self._owner = threading.get_ident()
            with self._begun(lock(self._place)) as (session, found):
                (salt, tables), head = the_one(found[-2]), head_of(found[-1])
                writing = Writing(session, salt, tables, head)
                yield writing
                if self._closed:
                    raise closed_error()
                try:
                    session.commit()
                    return
                except StoreError as error:
                    problem: StoreError = error
                    if not session.lost:
                        raise
            # The connection is gone, and with it the answer: the book itself is asked.
            if writing.done is None or not self._was_done(writing.done):
                raise problem if writing.done is not None else StoreUnavailable(UNKNOWN)
        finally:
            self._owner = None
            if self._closed:
                self._pool.close()
            self._turn.release()

    def close(self) -> None:
        """Wait for the writing under way, then let go; from inside one, that one is ended and rolled back."""
        if self._owner == threading.get_ident():
            self._closed = True
        else:
            with self._turn:
                self._closed = True
                self._pool.close()

    def _end(self, session: Session) -> None:
        try:
            session.commit()
            return
        except StoreError:
            if not session.lost:
                raise
        raise StoreUnavailable(UNKNOWN)

    def _was_done(self, done: Callable[[Session], bool]) -> bool:
        try:
            # The lock first: while the server still works on the commit, there is nothing to be seen of it.
            with self._begun(lock(self._place)) as (session, _):
                return done(session)
        except StoreError:
            pass
        raise StoreUnavailable(UNKNOWN)

    @contextlib.contextmanager
    def _lent(self, *, writing: bool = False) -> Iterator[Session]:
        if self._closed:
            raise closed_error()
        raw = self._take()
        try:
            yield Session(raw, writing=writing)
        finally:
            with contextlib.suppress(*FROM_DRIVER):
                self._pool.putconn(raw)

    def _take(self) -> Connection:
        try:
            return self._pool.getconn()
        except FROM_DRIVER as error:
            problem = translate(error)
        raise problem

    def _drop_lost(self) -> None:
        with contextlib.suppress(*FROM_DRIVER):
            self._pool.check()

    @contextlib.contextmanager
    def _begun(self, more: str) -> Iterator[tuple[Session, list[list[tuple[Any, ...]]]]]:
        statements = begin(self._timeout) + more
        for last in (False, True):
            with self._lent(writing=True) as session:
                try:
                    found = session.several(statements)
                except StoreUnavailable:
                    session.abandon()
                    # The server left this connection before anything was asked of it.
                    if last or not session.lost:
                        raise
                    found = None
                if found is not None:
                    try:
                        yield session, found
                    finally:
                        session.abandon()
                    return
            self._drop_lost()


def _never_write(raw: Raw) -> None:
    raw.execute("SET default_transaction_read_only = on")
