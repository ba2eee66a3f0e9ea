"""A casebook in a schema of a PostgreSQL database."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

from community_mediation.errors import MediationError
from community_mediation.facts.schema import FactsSchema
from community_mediation.ports import (
    Capability,
    Change,
    Clock,
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
from community_mediation.stores.kit import (
    OneAtATime,
    check_lease,
    check_limit,
    check_moment,
    check_position,
    groups,
    in_parts,
    keepable,
)
from community_mediation_postgres.access import Access
from community_mediation_postgres.address import Address
from community_mediation_postgres.asking import (
    check_heads,
    check_holders,
    heads_of,
    holders_of,
    key_digest,
    wanted_keys,
)
from community_mediation_postgres.commit import Commit
from community_mediation_postgres.errors import ConstraintBroken
from community_mediation_postgres.facts import find_page, scan
from community_mediation_postgres.heads import head, head_of
from community_mediation_postgres.health import findings
from community_mediation_postgres.leases import give_back, take_lease
from community_mediation_postgres.making import make_ready
from community_mediation_postgres.replacement import Replacement
from community_mediation_postgres.search import search_page
from community_mediation_postgres.tables import Tables
from community_mediation_postgres.texts import given, kept

LAST_POSITION = 2**63 - 1


class PostgresStore:
    """A store in PostgreSQL, for any number of machines, programs and threads.

    Reading never waits for writing. Writers take turns, a transaction each; one that waits longer than the timeout
    gets ``StoreLocked``. Changes are on the server's disk when ``commit`` returns.
    """

    def __init__(self, address: Address, clock: Clock, *, readonly: bool) -> None:
        self._address = address
        self._place = address.place
        self._clock = clock
        self._readonly = readonly
        self._access = Access(address, readonly=readonly)
        self._turn = OneAtATime()
        self._tables = Tables(address.place, readonly=readonly)

    @classmethod
    def open(
        cls,
        address: Address | str,
        *,
        create: bool = True,
        readonly: bool = False,
        clock: Clock = system_clock,
    ) -> Self:
        """Open the casebook at *address*, an URL or what was made of one.

        Args:
            address: The database and the schema in it.
            create: Whether to make the schema and its tables if they are not there.
            readonly: Open for reading only; nothing is made, and ``commit`` raises ``StoreReadOnly``.
            clock: Gives the time that entries are recorded at.

        Raises:
            NotACasebook: The schema holds something else. It was not touched.
            StoreTooNew: A later version of the plugin wrote it. It was not touched.
            StoreDamaged: The table ``store`` does not hold its one row.
            StoreUnavailable: It is not there and not to be made, or the server cannot be reached.
        """
        where = Address.parse(address) if isinstance(address, str) else address
        readonly = readonly or where.readonly
        make_ready(where, create=create, readonly=readonly)
        store = cls(where, clock, readonly=readonly)
        store._access.open()
        return store

    @property
    def capabilities(self) -> frozenset[Capability]:
        """All but two. A backup is the server's own affair, and so are the old bytes of its files and logs."""
        return frozenset({Capability.PERSISTENT, Capability.PROCESSES, Capability.SEARCH, Capability.LEASES})

    @property
    def identity(self) -> str:
        """See ``Identified``: the salt that only this store has, and the database, for dumps bring it along."""
        salt, database = self._access.of_store(
            "salt, (SELECT oid::text FROM pg_database WHERE datname = current_database())"
        )
        return f"postgresql:{database}:{self._address.schema}:{hashlib.sha256(bytes(salt)).hexdigest()}"

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        """See ``Store.prepare``. A table stays to be rebuilt until ``replace_facts`` has ended well."""
        ready = self._tables.look(self._access, schemas)
        if self._readonly:
            return ()
        if not ready:
            with self._turn, self._access.writing() as writing:
                self._tables.make(writing.session, schemas, filled=writing.head.position > 0)
        return self._tables.to_rebuild(self._access, schemas)

    def commit(self, changes: Iterable[Change]) -> Committed:
        """See ``Store.commit``. What *changes* reads from this store while it is consumed is the state before.

        Raises:
            StoreUnavailable: Also where the connection was lost while the server committed, and it cannot be asked
                again whether it did; the message says so.
        """
        with self._turn:
            self._access.check_writable()
            stream = groups(changes)
            # The first group is gathered before the lock is taken: a small commit holds it only while it writes.
            group = next(stream, None)
            try:
                with self._access.writing() as writing:
                    self._tables.check_unchanged(writing.session, writing.tables)
                    commit = Commit(writing, self._place, self._tables.known, self._clock)
                    writing.done = commit.done
                    while group is not None:
                        commit.write(group)
                        group = next(stream, None)
                return commit.committed
            except ConstraintBroken as error:
                broken = error
            raise self._who_was_there(group or [], broken)

    def _who_was_there(self, group: Sequence[Change], broken: ConstraintBroken) -> MediationError:
        """The error for a group that a constraint refused: somebody wrote it past the lock, so it is there now."""
        try:
            with self._access.writing() as writing:
                wanted, _ = wanted_keys(writing.salt, group)
                asked = [heads_of(self._place, group), holders_of(self._place, wanted)]
                heads, holders = writing.session.batch(asked)
                check_heads(heads.rows, group)
                check_holders(holders.rows, wanted)
        except MediationError as error:
            return error
        return broken

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        """See ``Store.entries``."""
        if not keepable(matter_id):
            return ()
        last = check_position(known_at, LAST_POSITION)
        # "+ 0" keeps the server from looking through all positions up to that one, beside the few of the matter.
        return self._entries("matter_id = %s AND position + 0 <= %s ORDER BY position", (kept(matter_id), last))

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        """See ``Store.log``."""
        check_limit(limit)
        return self._entries("position > %s ORDER BY position LIMIT %s", (check_position(after, LAST_POSITION), limit))

    def _entries(self, where: str, values: Sequence[Any]) -> list[Entry]:
        rows = self._access.rows(
            "SELECT position, matter_id, kind, expected, version, recorded_at AT TIME ZONE 'UTC', body, previous, "
            f"hash, parts.subjects, parts.data FROM (SELECT * FROM {self._place}.entry WHERE {where}) AS entry "
            "LEFT JOIN LATERAL (SELECT array_agg(subject) AS subjects, array_agg(data) AS data "
            f"FROM {self._place}.private WHERE private.position = entry.position) AS parts ON true ORDER BY position",
            values,
        )
        return [_entry(row) for row in rows]

    def head(self) -> Head:
        """See ``Store.head``."""
        return head_of(self._access.rows(head(self._place)))

    def position_at(self, recorded: dt.datetime) -> int:
        """See ``Store.position_at``. Recorded times rise with positions, so that halving finds it without an index."""
        [(position,)] = self._access.rows(
            "WITH RECURSIVE part (low, high) AS ("
            f"SELECT 0::bigint, COALESCE(max(position), 0) FROM {self._place}.entry UNION ALL "
            "SELECT CASE WHEN entry.recorded_at <= %s THEN entry.position ELSE part.low END, "
            "CASE WHEN entry.recorded_at <= %s THEN part.high ELSE entry.position - 1 END FROM part "
            f"JOIN {self._place}.entry ON entry.position = (part.low + part.high + 1) / 2 WHERE part.low < part.high"
            ") SELECT max(low) FROM part",
            [check_moment(recorded)] * 2,
        )
        return int(position)

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        """See ``Store.facts``. The position is fixed by the call; no lock or connection is held between batches."""
        return scan(self._access, self._place, self._tables.table(table), filters, columns, known_at)

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """See ``Store.find``."""
        found = self._tables.table(table)
        return find_page(self._access, self._place, found, filters, sort, check_limit(limit), cursor)

    def key(self, kind: str, value: str) -> str | None:
        """See ``Store.key``."""
        if not keepable(kind, value):
            return None
        (salt,) = self._access.of_store("salt")
        digest = key_digest(salt, kind, value)
        found = self._access.row(f"SELECT matter_id FROM {self._place}.key WHERE digest = %s", (digest,))
        return given(found[0]) if found else None

    def keys(self, matter_id: str) -> Sequence[Key]:
        """See ``Store.keys``."""
        if not keepable(matter_id):
            return ()
        rows = self._access.rows(
            f"SELECT kind, value, subject FROM {self._place}.key WHERE matter_id = %s ORDER BY kind, value",
            (kept(matter_id),),
        )
        return [Key(given(kind), given(value), None if who is None else given(who)) for kind, value, who in rows]

    def replace_facts(self, versions: Iterable[FactsVersion]) -> int:
        """See ``Store.replace_facts``. Tables that were not prepared here are left as they are.

        The lock of all commits is held from before the first version is asked for, so that what *versions* reads
        from this store is all that there is.
        """
        count = 0
        with self._turn, self._access.writing() as writing:
            self._tables.check_unchanged(writing.session, writing.tables)
            replacement = Replacement(writing, self._place, self._tables.known)
            for part in in_parts(versions):
                replacement.write(part)
                count += len(part)
            replacement.finish()
        return count

    def erase(self, subject: str) -> int:
        """See ``Store.erase``. The server keeps old bytes for a while: in pages until VACUUM, in its log and copies."""
        if not keepable(subject):
            return 0
        with self._turn, self._access.writing() as writing:
            name = (kept(subject),)
            writing.session.run(f"DELETE FROM {self._place}.key WHERE subject = %s", name)
            return writing.session.run(f"DELETE FROM {self._place}.private WHERE subject = %s", name)

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        """See ``Searches.search``. Every private part is read for each page."""
        return search_page(self._access, self._place, text, limit, cursor)

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        """See ``Leases.lease``."""
        check_lease(name, key, ttl)
        with self._access.transaction() as session:
            return take_lease(session, self._place, name, key, ttl, self._clock().astimezone(dt.UTC))

    def release(self, lease: Lease) -> bool:
        """See ``Leases.release``."""
        with self._access.transaction() as session:
            return give_back(session, self._place, lease, self._clock().astimezone(dt.UTC))

    def health(self) -> Sequence[Finding]:
        """See ``Store.health``."""
        return findings(self._access, self._address, self._clock())

    def close(self) -> None:
        """See ``Store.close``. A writing under way in another thread ends first."""
        self._access.close()


def _entry(row: tuple[Any, ...]) -> Entry:
    position, matter_id, kind, expected, version, recorded, body, previous, digest, subjects, data = row
    return Entry(
        position=position,
        matter_id=given(matter_id),
        kind=given(kind),
        expected=expected,
        version=version,
        recorded_at=recorded.replace(tzinfo=dt.UTC),
        body=given(body),
        private={given(who): given(part) for who, part in zip(subjects or (), data or (), strict=True)},
        previous=previous,
        hash=digest,
    )
