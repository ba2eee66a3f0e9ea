"""A casebook in one SQLite file: the embedded default."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from community_mediation.errors import StoreDamaged, StoreLocked
from community_mediation.facts.schema import FactsSchema
from community_mediation.ports import (
    Capability,
    Change,
    Clock,
    ColumnBatch,
    Committed,
    Entry,
    FactsVersion,
    Filter,
    Finding,
    Head,
    Key,
    Lease,
    Matches,
    Page,
    RecordBatch,
    Sort,
    system_clock,
)
from community_mediation.stores._sqlite_access import Readers, Writer
from community_mediation.stores._sqlite_backup import write_copy
from community_mediation.stores._sqlite_commit import (
    Commit,
    Replacement,
    erase_subject,
    find_key,
    keys_of,
    moment,
    read_head,
)
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_facts import find_page, scan, scan_columns
from community_mediation.stores._sqlite_file import CasebookFile, Connect
from community_mediation.stores._sqlite_health import DAMAGED, State, filesystem, judge
from community_mediation.stores._sqlite_leases import give_back, take_lease
from community_mediation.stores._sqlite_schema import PARTS_BITS, SCHEMA_VERSION, salt_of
from community_mediation.stores._sqlite_search import search_page
from community_mediation.stores._sqlite_tables import Tables
from community_mediation.stores.kit.cells import instant_text
from community_mediation.stores.kit.changes import groups, in_parts
from community_mediation.stores.kit.leasing import check_lease
from community_mediation.stores.kit.questions import check_limit, check_moment, check_position, keepable
from community_mediation.stores.kit.turns import OneAtATime

ENTRY = "SELECT position, matter_id, kind, expected, version, recorded_at, body, previous, hash FROM entry"


LAST_POSITION = 2**63 - 1


class SqliteStore:
    """A store in a SQLite file, for one machine and any number of its programs and threads.

    Reading never waits for writing. Writers take turns; one that waits longer than the timeout gets
    ``StoreLocked``. Changes are on the disk when ``commit`` returns.
    """

    def __init__(self, file: CasebookFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._readers = Readers(file)
        self._writer = Writer(file)
        self._turn = OneAtATime()
        self._tables = Tables(readonly=file.readonly)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = True,
        readonly: bool = False,
        timeout: float = 30.0,
        clock: Clock = system_clock,
        connect: Connect = sqlite3.connect,
    ) -> Self:
        """Open the casebook in the file at *path*.

        A file that may not be written is opened for reading. An empty file counts as one that is not there yet.

        Args:
            path: The file.
            create: Whether to make it if it is not there.
            readonly: Open for reading only; nothing is made, and ``commit`` raises ``StoreReadOnly``.
            timeout: How many seconds to wait for another writer.
            clock: Gives the time that entries are recorded at.
            connect: Called as ``sqlite3.connect``; the place to put another file layer beneath.

        Raises:
            NotACasebook: The file is something else. It was not touched.
            StoreTooNew: A later version of the library wrote it. It was not touched.
            StoreUnavailable: It is not there and not to be made, or cannot be reached.
        """
        file = CasebookFile.find(path, create=create, readonly=readonly, timeout=timeout, connect=connect)
        store = cls(file, clock)
        try:
            store.head()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Everything: it is kept, shared between programs, searched, copied, and erased to the last byte."""
        return frozenset(Capability)

    @property
    def identity(self) -> str:
        """See ``Identified``: the file, whatever its name and the way to it."""
        return f"sqlite:{self._file.identity()}"

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        """See ``Store.prepare``. A table stays to be rebuilt until ``replace_facts`` has ended well."""
        with self._readers.snapshot() as connection:
            ready = self._tables.look(connection, schemas)
        if not ready and not self._file.readonly:
            with self._turn, self._writer.transaction() as connection:
                self._tables.make(connection, schemas)
        if self._file.readonly:
            return ()
        with self._readers.snapshot() as connection:
            return self._tables.to_rebuild(connection, schemas)

    def commit(self, changes: Iterable[Change]) -> Committed:
        """See ``Store.commit``. What *changes* reads from this store while it is consumed is the state before."""
        with self._turn:
            self._writer.check_free()
            stream = groups(changes)
            # The first group is gathered before the lock is taken: a small commit holds it only while it writes.
            group = next(stream, None)
            with self._writer.transaction() as connection:
                self._tables.check_unchanged(connection)
                commit = Commit(connection, self._tables.writers, self._clock)
                while group is not None:
                    commit.write(group)
                    group = next(stream, None)
            return commit.committed

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        """See ``Store.entries``."""
        if not keepable(matter_id):
            return ()
        values = (matter_id, check_position(known_at, LAST_POSITION))
        with self._readers.snapshot() as connection:
            rows = connection.rows(f"{ENTRY} WHERE matter_id = ? AND position <= ? ORDER BY position", values)
            parts = connection.rows(
                "SELECT entry.position, subject, data FROM entry JOIN private "
                f"ON place >= entry.position << {PARTS_BITS} AND place < (entry.position + 1) << {PARTS_BITS} "
                "WHERE kept AND matter_id = ? AND entry.position <= ?",
                values,
            )
        return _entries(rows, parts)

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        """See ``Store.log``."""
        check_limit(limit)
        start = check_position(after, LAST_POSITION)
        with self._readers.snapshot() as connection:
            rows = connection.rows(f"{ENTRY} WHERE position > ? ORDER BY position LIMIT ?", (start, limit))
            last = rows[-1][0] if rows else start
            parts = connection.rows(
                "SELECT position, subject, data FROM private WHERE kept AND place >= ? AND place < ?",
                # An entry of no possible position has no parts; that it is there at all is for verify to say.
                [min(position << PARTS_BITS, LAST_POSITION) for position in (start + 1, last + 1)] if rows else (0, 0),
            )
        return _entries(rows, parts)

    def head(self) -> Head:
        """See ``Store.head``."""
        with self._readers.snapshot() as connection:
            return read_head(connection)

    def position_at(self, recorded: dt.datetime) -> int:
        """See ``Store.position_at``. Recorded times rise with positions, so that halving finds it without an index."""
        text = instant_text(check_moment(recorded))
        with self._readers.snapshot() as connection:
            low, high = 0, read_head(connection).position
            while low < high:
                middle = (low + high + 1) // 2
                at = connection.value("SELECT recorded_at FROM entry WHERE position = ?", (middle,))
                low, high = (middle, high) if at is not None and at <= text else (low, middle - 1)
        return low

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        """See ``Store.facts``. The position is fixed by the call; no lock or connection is held between batches."""
        return scan(self._readers, self._tables.schema(table), filters, columns, known_at)

    def columns(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[ColumnBatch]:
        """See ``ReadsColumns.columns``."""
        return scan_columns(self._readers, self._tables.schema(table), filters, columns, known_at)

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """See ``Store.find``."""
        with self._readers.snapshot() as connection:
            return find_page(connection, self._tables.schema(table), filters, sort, check_limit(limit), cursor)

    def key(self, kind: str, value: str) -> str | None:
        """See ``Store.key``."""
        if not keepable(kind, value):
            return None
        with self._readers.snapshot() as connection:
            return find_key(connection, kind, value)

    def keys(self, matter_id: str) -> Sequence[Key]:
        """See ``Store.keys``."""
        if not keepable(matter_id):
            return ()
        with self._readers.snapshot() as connection:
            return [Key(*row) for row in keys_of(connection, matter_id)]

    def replace_facts(self, versions: Iterable[FactsVersion]) -> int:
        """See ``Store.replace_facts``. Tables that were not prepared here are left as they are.

        The write lock is held from before the first version is asked for, so that what *versions* reads
        from this store is all that there is.
        """
        count = 0
        with self._turn, self._writer.transaction() as connection:
            self._tables.check_unchanged(connection)
            # In the row that holds the salt rebuilds are counted, which is how readers learn of this one.
            salt_of(connection)
            replacement = Replacement(connection, self._tables.writers)
            for part in in_parts(versions):
                replacement.write(part)
                count += len(part)
            replacement.finish()
        return count

    def erase(self, subject: str) -> int:
        """See ``Store.erase``. Values are overwritten in the file, and the log that held them is emptied.

        Raises:
            StoreLocked: The values are deleted, but another program still reads the log, which could not be emptied.
        """
        if not keepable(subject):
            return 0
        with self._turn:
            with self._writer.transaction() as connection:
                parts = erase_subject(connection, subject)
            with self._writer.alone() as connection:
                busy = connection.value("PRAGMA wal_checkpoint(TRUNCATE)")
            # An emptied log is not waited for: until something is written to it, a power cut brings its bytes back.
            with self._writer.transaction() as connection:
                connection.rows(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if busy:
            raise StoreLocked(
                "The values are deleted, but the log that still holds them could not be cleared yet, because another "
                "program reads it. Call erase again."
            )
        return parts

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        """See ``Searches.search``. Every private part behind the cursor is read until the page is full."""
        with self._readers.snapshot() as connection:
            return search_page(connection, text, limit, cursor)

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        """See ``Leases.lease``."""
        check_lease(name, key, ttl)
        with self._turn, self._writer.transaction() as connection:
            return take_lease(connection, name, key, ttl, self._clock().astimezone(dt.UTC))

    def release(self, lease: Lease) -> bool:
        """See ``Leases.release``."""
        with self._turn, self._writer.transaction() as connection:
            return give_back(connection, lease, self._clock().astimezone(dt.UTC))

    def backup(self, path: str | os.PathLike[str]) -> Head:
        """See ``BacksUp.backup``. The copy is as dense as can be, and lies beside *path* until it is whole."""
        return write_copy(self._readers, self._file, path)

    def health(self) -> Sequence[Finding]:
        """See ``Store.health``."""
        try:
            with self._readers.snapshot() as connection:
                return judge(self._state(connection))
        except StoreDamaged:
            if not self._file.damage.seen:
                raise
        return [DAMAGED]

    def _state(self, connection: Connection) -> State:
        return State(
            sqlite=tuple(map(int, connection.value("SELECT sqlite_version()").split("."))),
            journal_mode=connection.value("PRAGMA journal_mode"),
            synchronous=self._writer.synchronous,
            recorded_at=read_head(connection).recorded_at,
            now=self._clock(),
            private_parts=bool(connection.value("SELECT EXISTS (SELECT 1 FROM private WHERE kept)")),
            filesystem=filesystem(self._file.path),
            version=connection.value("PRAGMA user_version"),
            log_bytes=self._file.log_bytes(),
            page_bytes=connection.value("PRAGMA page_size"),
            pages=connection.value("PRAGMA page_count"),
            unused_pages=connection.value("PRAGMA freelist_count"),
            damage_seen=self._file.damage.seen,
            immutable=self._file.immutable,
        )

    def close(self) -> None:
        """See ``Store.close``. Calls under way in other threads end first."""
        self._writer.close()
        self._readers.close()


def _entries(rows: Sequence[tuple[Any, ...]], parts: Sequence[tuple[int, str, str]]) -> list[Entry]:
    private: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for position, subject, data in parts:
        private[position][subject] = data
    return [_entry(row, private.get(row[0], {})) for row in rows]


def _entry(row: tuple[Any, ...], private: Mapping[str, str]) -> Entry:
    position, matter_id, kind, expected, version, recorded, body, previous, digest = row
    return Entry(
        position=position,
        matter_id=matter_id,
        kind=kind,
        expected=expected,
        version=version,
        recorded_at=moment(recorded),
        body=body,
        private=private,
        previous=previous,
        hash=digest,
    )
