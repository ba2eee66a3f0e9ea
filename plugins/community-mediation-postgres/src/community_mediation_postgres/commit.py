"""Writing changes into PostgreSQL, a group at a time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from community_mediation.errors import InvalidValue, KeyTaken, StoreDamaged, VersionConflict
from community_mediation.facts.schema import RowRef
from community_mediation.ports import Change, Clock, Committed, FactsVersion, Key, entry_hash, next_recorded_at
from community_mediation.stores.kit import (
    check_interval,
    check_row,
    other_kind,
    overlapping,
    still_current,
    unknown_table,
)
from community_mediation_postgres.access import Writing
from community_mediation_postgres.errors import ConstraintBroken
from community_mediation_postgres.session import Session
from community_mediation_postgres.tables import COPY_FROM, Table
from community_mediation_postgres.texts import given, kept

ENTRY_TYPES = ("bigint", "text", "text", "bigint", "bigint", "timestamptz", "text", "text", "text")
PRIVATE_TYPES = ("bigint", "text", "text")
KEY_TYPES = ("bytea", "text", "text", "text", "text")


def key_digest(salt: bytes, kind: str, value: str) -> bytes:
    """What a key is found by, and unique by."""
    text = f"{len(kind)}:{kind}{value}".encode()
    return hashlib.blake2b(text, digest_size=16, key=salt).digest()


def matter_heads(session: Session, schema: str, matters: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The kind and version of those matters that have entries."""
    found = session.rows(
        "SELECT asked.matter_id, last.kind, last.version FROM unnest(%s::text[]) AS asked (matter_id) "
        f"CROSS JOIN LATERAL (SELECT kind, version FROM {schema}.entry "
        'WHERE entry.matter_id = asked.matter_id COLLATE "C" ORDER BY entry.version DESC LIMIT 1) AS last',
        ([kept(matter) for matter in matters],),
    )
    return {given(matter): (given(kind), version) for matter, kind, version in found}


def holders(session: Session, schema: str, digests: Sequence[bytes]) -> dict[bytes, str]:
    """The matters that hold those keys that are held."""
    found = session.rows(
        f"SELECT digest, matter_id FROM {schema}.key WHERE digest = ANY(%s::bytea[])", (list(digests),)
    )
    return {bytes(digest): given(matter) for digest, matter in found}


def check_heads(found: Mapping[str, tuple[str, int]], group: Sequence[Change]) -> None:
    """Refuse changes that were made on another version, or on another kind of matter.

    Raises:
        VersionConflict, InvalidValue: As ``Store.commit`` says.
    """
    for change in group:
        kind, version = found.get(change.matter_id, (change.kind, 0))
        if version != change.expected:
            raise VersionConflict(change.matter_id, change.expected, version)
        if kind != change.kind:
            raise other_kind(change)


class Commit:
    """One commit in the making, inside its transaction.

    Statements run once a group rather than once a change. Within a group no matter comes twice, so the order of
    statements is free.
    """

    def __init__(self, writing: Writing, schema: str, tables: Mapping[str, Table], clock: Clock) -> None:
        self._session = writing.session
        self._schema = schema
        self._tables = tables
        self._salt = writing.salt
        self._first = writing.head.position + 1
        self._position = writing.head.position
        self._hash = writing.head.hash
        self._recorded_at = next_recorded_at(clock, writing.head.recorded_at)

    @property
    def committed(self) -> Committed:
        """What the commit gives, once its transaction has ended well."""
        return Committed(self._first, self._position, self._recorded_at)

    def done(self, session: Session) -> bool:
        """Whether the commit's last entry is in the book."""
        return bool(
            session.rows(
                f"SELECT 1 FROM {self._schema}.entry WHERE position = %s AND hash = %s", (self._position, self._hash)
            )
        )

    def write(self, group: Sequence[Change]) -> None:
        """Write a group.

        Raises:
            VersionConflict, KeyTaken, InvalidValue, StoreDamaged: As ``Store.commit`` says.
        """
        check_heads(matter_heads(self._session, self._schema, [change.matter_id for change in group]), group)
        positions = self._write_entries(group)
        self._write_private(group, positions)
        self._write_keys(group)
        adds = self._kept_rows(group, positions)
        self._close_facts(group, positions)
        self._check_absent(group)
        self._add_facts(group, adds)

    def _write(self, table: str, types: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        name = f"{self._schema}.{table}"
        if len(rows) >= COPY_FROM:
            self._session.copy(f"COPY {name} FROM STDIN (FORMAT BINARY)", types, rows)
        elif rows:
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            values = [list(column) for column in zip(*rows, strict=True)]
            self._session.run(f"INSERT INTO {name} SELECT * FROM unnest({arrays})", values)

    def _write_entries(self, group: Sequence[Change]) -> list[int]:
        positions: list[int] = []
        rows: list[tuple[Any, ...]] = []
        for change in group:
            previous = self._hash
            self._position += 1
            numbers = (change.expected, change.version)
            self._hash = entry_hash(
                previous, self._position, change.matter_id, change.kind, *numbers, self._recorded_at, change.body
            )
            names = (kept(change.matter_id), kept(change.kind))
            rows.append((self._position, *names, *numbers, self._recorded_at, kept(change.body), previous, self._hash))
            positions.append(self._position)
        self._write("entry", ENTRY_TYPES, rows)
        return positions

    def _write_private(self, group: Sequence[Change], positions: Sequence[int]) -> None:
        self._write(
            "private",
            PRIVATE_TYPES,
            [
                (position, kept(subject), kept(data))
                for change, position in zip(group, positions, strict=True)
                for subject, data in change.private.items()
            ],
        )

    def _write_keys(self, group: Sequence[Change]) -> None:
        # Only the first change of a group gives up keys: see ``groups``.
        first = group[0]
        if first.release:
            self._session.run(
                f"DELETE FROM {self._schema}.key WHERE digest = ANY(%s::bytea[]) AND matter_id = %s",
                ([key_digest(self._salt, key.kind, key.value) for key in first.release], kept(first.matter_id)),
            )
        wanted: dict[bytes, tuple[Key, str]] = {}
        for change in group:
            for key in change.keys:
                _, holder = wanted.setdefault(key_digest(self._salt, key.kind, key.value), (key, change.matter_id))
                if holder != change.matter_id:
                    raise KeyTaken(key.kind, holder)
        if not wanted:
            return
        for digest, holder in holders(self._session, self._schema, list(wanted)).items():
            key, matter = wanted.pop(digest)
            if matter != holder:
                raise KeyTaken(key.kind, holder)
        self._write(
            "key",
            KEY_TYPES,
            [
                (
                    digest,
                    kept(key.kind),
                    kept(key.value),
                    kept(matter),
                    None if key.subject is None else kept(key.subject),
                )
                for digest, (key, matter) in wanted.items()
            ],
        )

    def _close_facts(self, group: Sequence[Change], positions: Sequence[int]) -> None:
        closes: dict[str, tuple[list[str], list[str], list[int]]] = defaultdict(lambda: ([], [], []))
        for change, position in zip(group, positions, strict=True):
            for ref in change.close:
                matters, rows, at = closes[ref.table]
                matters.append(kept(ref.matter_id))
                rows.append(kept(ref.row))
                at.append(position)
        for table, (matters, rows, at) in closes.items():
            if self._table(table).close(self._session, matters, rows, at) != len(rows):
                raise StoreDamaged(f"A row of facts table {table} is to be closed and is not there. Rebuild the facts.")

    def _check_absent(self, group: Sequence[Change]) -> None:
        adds: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for change in group:
            if change.expected:
                closed = set(change.close)
                for row in change.add:
                    name: Any = row.cells[1]
                    if RowRef(row.table, change.matter_id, name) not in closed:
                        matters, rows = adds[row.table]
                        matters.append(kept(change.matter_id))
                        rows.append(kept(name))
        for table, (matters, rows) in adds.items():
            if self._table(table).any_current(self._session, matters, rows):
                raise still_current(next(row for change in group for row in change.add if row.table == table))

    def _kept_rows(self, group: Sequence[Change], positions: Sequence[int]) -> dict[str, list[list[Any]]]:
        adds: dict[str, list[list[Any]]] = defaultdict(list)
        for change, position in zip(group, positions, strict=True):
            for row in change.add:
                cells = self._table(row.table)(row)
                cells += (position, None)
                adds[row.table].append(cells)
        return adds

    def _add_facts(self, group: Sequence[Change], adds: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        try:
            for table, rows in adds.items():
                self._tables[table].add(self._session, rows)
        except InvalidValue:
            # Texts are looked at by the driver; to say which one is wrong they are looked at again.
            for change in group:
                for row in change.add:
                    check_row(self._tables[row.table].schema, row)
            raise

    def _table(self, table: str) -> Table:
        found = self._tables.get(table)
        if found is None:
            raise unknown_table(self._tables)
        return found


class Replacement:
    """Facts rows that take the place of all others, inside their transaction."""

    def __init__(self, writing: Writing, schema: str, tables: Mapping[str, Table]) -> None:
        self._session = writing.session
        self._schema = schema
        self._tables = tables
        self._head = writing.head.position
        for table in tables.values():
            # Not TRUNCATE: readers would wait for it, and those that began before it would find nothing.
            self._session.run(f"DELETE FROM {table.versions}")

    def write(self, versions: Sequence[FactsVersion]) -> None:
        """Write some of the rows.

        Raises:
            InvalidValue: A row is not as its schema says, or was known at no position of the journal.
        """
        rows: dict[str, list[list[Any]]] = defaultdict(list)
        for version in versions:
            check_interval(version, self._head)
            table = self._tables.get(version.row.table)
            if table is None:
                raise unknown_table(self._tables)
            cells = table(version.row)
            cells += (version.known_from, version.known_to)
            rows[version.row.table].append(cells)
        for name, found in rows.items():
            try:
                self._tables[name].add(self._session, found)
            except ConstraintBroken:
                twice = True
            else:
                twice = False
            if twice:
                raise overlapping(name)

    def finish(self) -> None:
        """Look at the whole, and note that the tables are rebuilt.

        Raises:
            InvalidValue: Two versions of one row were known at once.
        """
        for name, table in self._tables.items():
            if table.overlaps(self._session):
                raise overlapping(name)
        self._session.run(
            f"UPDATE {self._schema}.facts_schema SET to_rebuild = false WHERE name = ANY(%s)", (list(self._tables),)
        )
        self._session.run(f"UPDATE {self._schema}.store SET rebuilds = rebuilds + 1")
