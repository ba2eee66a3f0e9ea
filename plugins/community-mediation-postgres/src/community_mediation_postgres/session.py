"""A connection whose every failure is one of the library's own errors, without a value in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import capabilities
from psycopg.pq import TransactionStatus

from community_mediation.errors import MediationError, StoreUnavailable
from community_mediation_postgres.errors import FROM_DRIVER, translate

Raw = psycopg.Connection[tuple[Any, ...]]

STALE: Final = "0A000"
"""What a prepared statement meets whose table was made anew with columns of other types."""

Statement = tuple[str, Sequence[Any]]
"""A statement and its values."""


class Answer(NamedTuple):
    """What the server answered to a statement: how many rows it was about, and those that it gave."""

    changed: int
    rows: list[tuple[Any, ...]]


class Session:
    """The few calls on the driver that a store makes.

    Values come and go in binary: the server's log repeats, of a COPY that fails, the line as text.
    """

    def __init__(self, raw: Raw, *, writing: bool = False) -> None:
        self._raw = raw
        self._writing = writing

    @property
    def lost(self) -> bool:
        """Whether the server is no longer at the other end."""
        return self._raw.closed

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run a statement and give all its rows; none for a statement that has none."""
        try:
            cursor = self._raw.execute(sql, values, binary=True)
            return cursor.fetchall() if cursor.description is not None else []
        except FROM_DRIVER as error:
            problem = self._told(error)
        # Outside the handler: a context would carry the driver's error along, values included.
        raise problem

    def row(self, sql: str, values: Sequence[Any] | None = None) -> tuple[Any, ...] | None:
        """Run a statement and give its first row."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[Any] | None = None) -> Any:
        """Run a statement and give the first cell of its first row."""
        found = self.rows(sql, values)
        return found[0][0] if found else None

    def run(self, sql: str, values: Sequence[Any] | None = None) -> int:
        """Run a statement; gives how many rows it changed."""
        try:
            return self._raw.execute(sql, values, binary=True).rowcount
        except FROM_DRIVER as error:
            problem = self._told(error)
        raise problem

    def batch(self, statements: Sequence[Statement]) -> list[Answer]:
        """Run statements that do not wait for each other's answers in one exchange; gives the answer of each."""
        if not statements:
            return []
        try:
            with self._raw.pipeline() if capabilities.has_pipeline() else contextlib.nullcontext():
                cursors = [self._raw.execute(sql, values, binary=True) for sql, values in statements]
            return [
                Answer(cursor.rowcount, cursor.fetchall() if cursor.description is not None else [])
                for cursor in cursors
            ]
        except FROM_DRIVER as error:
            problem = self._told(error)
        raise problem

    def several(self, sql: str) -> list[list[tuple[Any, ...]]]:
        """Run several statements without parameters in one exchange; gives the rows of each, read from text."""
        found: list[list[tuple[Any, ...]]] = []
        try:
            cursor = self._raw.execute(sql)
            found.append(cursor.fetchall() if cursor.description is not None else [])
            while cursor.nextset():
                found.append(cursor.fetchall() if cursor.description is not None else [])
            return found
        except FROM_DRIVER as error:
            problem = self._told(error)
        raise problem

    def copy(self, sql: str, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows by COPY."""
        try:
            with self._raw.cursor() as cursor, cursor.copy(sql) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
            return
        except FROM_DRIVER as error:
            problem = self._told(error)
        raise problem

    def commit(self) -> None:
        """End the transaction well."""
        try:
            done = self._raw.execute("COMMIT").statusmessage
        except FROM_DRIVER as error:
            problem = self._told(error)
        else:
            if done == "COMMIT":
                return
            # To a COMMIT of a transaction that has failed, the server answers ROLLBACK, and no error.
            problem = StoreUnavailable("The server rolled the writing back. Nothing of this was written.")
        raise problem

    def abandon(self) -> None:
        """Roll back what is open, if something is, and the server is still there."""
        with contextlib.suppress(*FROM_DRIVER):
            if not self._raw.closed and self._raw.info.transaction_status is not TransactionStatus.IDLE:
                self._raw.execute("ROLLBACK")

    def _told(self, error: Exception) -> MediationError:
        if getattr(error, "sqlstate", None) == STALE:
            # It would refuse the same for as long as it is open; another connection knows the table as it is.
            self._raw.close()
        return translate(error, writing=self._writing)
