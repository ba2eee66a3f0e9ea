"""Writing changes into SQLite, a group at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from community_mediation.errors import InvalidValue, KeyTaken, StoreDamaged
from community_mediation.facts.schema import RowRef
from community_mediation.ports import (
    GENESIS,
    Change,
    Clock,
    Committed,
    FactsVersion,
    Head,
    entry_hash,
    next_recorded_at,
)
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import (
    PARTS_BITS,
    add_sql,
    blank,
    close_sql,
    current_sql,
    overlap_sql,
    salt_of,
    versions_table,
)
from community_mediation.stores.kit.cells import Writer, check, instant_text
from community_mediation.stores.kit.changes import (
    check_interval,
    check_made_on,
    in_parts,
    overlapping,
    still_current,
    unknown_table,
)


def read_head(connection: Connection) -> Head:
    """The journal's end."""
    last = connection.row("SELECT position, recorded_at, hash FROM entry ORDER BY position DESC LIMIT 1")
    return Head(last[0], moment(last[1]), last[2]) if last else Head(0, None, GENESIS)


def moment(text: str) -> dt.datetime:
    """An entry's time.

    Raises:
        StoreDamaged: It is none.
    """
    try:
        found = dt.datetime.fromisoformat(text)
        # Times are compared as texts: another spelling of the same moment would stand in another order.
        if found.tzinfo is dt.UTC and instant_text(found) == text:
            return found
    except (ValueError, TypeError):
        pass
    raise StoreDamaged("An entry holds no time where there should be one. Run verify.")


def key_digest(salt: bytes, kind: str, value: str) -> int:
    """The number by which a key is found; two keys may share one."""
    text = f"{len(kind)}:{kind}{value}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=salt).digest(), "big", signed=True)


def find_key(connection: Connection, kind: str, value: str) -> str | None:
    """The matter that holds a key."""
    digest = key_digest(salt_of(connection), kind, value)
    holder: str | None = connection.value(
        'SELECT matter_id FROM "key" WHERE kept AND digest = ? AND kind = ? AND value = ?', (digest, kind, value)
    )
    return holder


def keys_of(connection: Connection, matter_id: str) -> list[tuple[str, str, str | None]]:
    """The keys that a matter holds: kind, value, subject."""
    return connection.rows(
        'SELECT kind, value, subject FROM "key" WHERE kept AND matter_id = ? ORDER BY kind, value', (matter_id,)
    )


def erase_subject(connection: Connection, subject: str) -> int:
    """Overwrite a subject's private parts and keys; gives how many parts."""
    connection.rows(f'UPDATE "key" SET kept = 0, value = {blank("value")} WHERE kept AND subject = ?', (subject,))
    connection.rows(f"UPDATE private SET kept = 0, data = {blank('data')} WHERE kept AND subject = ?", (subject,))
    return int(connection.value("SELECT changes()"))


class Commit:
    """One commit in the making, inside its transaction.

    Statements run once a group rather than once a change: that is what keeps a bulk of changes near the bare
    database. Within a group no matter comes twice, so the order of statements is free.
    """

    def __init__(self, connection: Connection, writers: Mapping[str, Writer], clock: Clock) -> None:
        self._connection = connection
        self._writers = writers
        head = read_head(connection)
        self._first = head.position + 1
        self._position = head.position
        self._hash = head.hash
        self._recorded_at = next_recorded_at(clock, head.recorded_at)
        self._salt = salt_of(connection)

    @property
    def committed(self) -> Committed:
        """What the commit gives, once its transaction has ended well."""
        return Committed(self._first, self._position, self._recorded_at)

    def write(self, group: Sequence[Change]) -> None:
        """Write a group.

        Raises:
            VersionConflict, KeyTaken, InvalidValue, StoreDamaged: As ``Store.commit`` says.
        """
        self._write_heads(group)
        positions = self._write_entries(group)
        self._write_private(group, positions)
        self._write_keys(group)
        adds = self._kept_rows(group, positions)
        self._close_facts(group, positions)
        self._check_absent(group)
        self._add_facts(group, adds)

    def _write_heads(self, group: Sequence[Change]) -> None:
        holes = ", ".join("?" * len(group))
        found = self._connection.rows(
            f"SELECT matter_id, kind, version FROM head WHERE matter_id IN ({holes})",
            [change.matter_id for change in group],
        )
        heads = {matter_id: (kind, version) for matter_id, kind, version in found}
        for change in group:
            check_made_on(change, heads.get(change.matter_id))
        self._connection.many(
            "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version",
            [(change.matter_id, change.kind, change.version) for change in group],
        )

    def _write_entries(self, group: Sequence[Change]) -> list[int]:
        positions: list[int] = []
        rows: list[tuple[Any, ...]] = []
        recorded = instant_text(self._recorded_at)
        for change in group:
            previous = self._hash
            self._position += 1
            parts = (change.matter_id, change.kind, change.expected, change.version)
            self._hash = entry_hash(previous, self._position, *parts, self._recorded_at, change.body)
            rows.append((self._position, *parts, recorded, change.body, previous, self._hash))
            positions.append(self._position)
        self._connection.many("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return positions

    def _write_private(self, group: Sequence[Change], positions: Sequence[int]) -> None:
        self._connection.many(
            "INSERT INTO private VALUES (?, ?, ?, 1)",
            [
                ((position << PARTS_BITS) + number, subject, data)
                for change, position in zip(group, positions, strict=True)
                for number, (subject, data) in enumerate(change.private.items())
            ],
        )

    def _release_keys(self, change: Change) -> None:
        for key in change.release:
            digest = key_digest(self._salt, key.kind, key.value)
            self._connection.rows(
                f'UPDATE "key" SET kept = 0, value = {blank("value")} '
                "WHERE kept AND digest = ? AND kind = ? AND value = ? AND matter_id = ?",
                (digest, key.kind, key.value, change.matter_id),
            )

    def _write_keys(self, group: Sequence[Change]) -> None:
        # Only the first change of a group gives up keys: see ``groups``.
        self._release_keys(group[0])
        wanted: dict[tuple[str, str], tuple[int, str, str | None]] = {}
        for change in group:
            for key in change.keys:
                name = (key.kind, key.value)
                if name in wanted and wanted[name][1] != change.matter_id:
                    raise KeyTaken(key.kind, wanted[name][1])
                wanted.setdefault(name, (key_digest(self._salt, *name), change.matter_id, key.subject))
        for some in in_parts(list(wanted.items())):
            holes = ", ".join("?" * len(some))
            held = self._connection.rows(
                f'SELECT kind, value, matter_id FROM "key" WHERE kept AND digest IN ({holes})',
                [digest for _, (digest, _, _) in some],
            )
            for kind, value, holder in held:
                if (kind, value) in wanted and wanted.pop((kind, value))[1] != holder:
                    raise KeyTaken(kind, holder)
        self._connection.many(
            'INSERT INTO "key" (kind, value, matter_id, subject, kept, digest) VALUES (?, ?, ?, ?, 1, ?)',
            [(*name, matter_id, subject, digest) for name, (digest, matter_id, subject) in wanted.items()],
        )

    def _close_facts(self, group: Sequence[Change], positions: Sequence[int]) -> None:
        closes: dict[str, list[tuple[int, str, str, str, str]]] = defaultdict(list)
        for change, position in zip(group, positions, strict=True):
            for ref in change.close:
                closes[ref.table].append((position, ref.matter_id, ref.row, ref.matter_id, ref.row))
        for table, rows in closes.items():
            self._writer(table)
            if self._connection.many(close_sql(table), rows) != len(rows):
                raise StoreDamaged(f"A row of facts table {table} is to be closed and is not there. Rebuild the facts.")

    def _check_absent(self, group: Sequence[Change]) -> None:
        for change in group:
            if change.expected:
                closed = set(change.close)
                for row in change.add:
                    self._writer(row.table)
                    ref = RowRef(row.table, change.matter_id, row.cells[1])  # type: ignore[arg-type]
                    if ref not in closed:
                        last = self._connection.row(current_sql(row.table), (ref.matter_id, ref.row))
                        if last is not None and last[0] is None:
                            raise still_current(row)

    def _kept_rows(self, group: Sequence[Change], positions: Sequence[int]) -> dict[str, list[list[Any]]]:
        adds: dict[str, list[list[Any]]] = defaultdict(list)
        for change, position in zip(group, positions, strict=True):
            for row in change.add:
                kept = self._writer(row.table)(row)
                kept += (position, None)
                adds[row.table].append(kept)
        return adds

    def _add_facts(self, group: Sequence[Change], adds: Mapping[str, list[list[Any]]]) -> None:
        try:
            for table, rows in adds.items():
                self._connection.many(add_sql(self._writers[table].schema), rows)
        except InvalidValue:
            # Texts and integers are looked at by the database; to say which one is wrong they are looked at again.
            for change in group:
                for row in change.add:
                    check(self._writers[row.table].schema, row)
            raise

    def _writer(self, table: str) -> Writer:
        writer = self._writers.get(table)
        if writer is None:
            raise unknown_table(self._writers)
        return writer


class Replacement:
    """Facts rows that take the place of all others, inside their transaction."""

    def __init__(self, connection: Connection, writers: Mapping[str, Writer]) -> None:
        self._connection = connection
        self._writers = writers
        self._head = read_head(connection).position
        for table in writers:
            connection.rows(f'DELETE FROM "{versions_table(table)}"')

    def write(self, versions: Sequence[FactsVersion]) -> None:
        """Write some of the rows.

        Raises:
            InvalidValue: A row is not as its schema says, or was known at no position of the journal.
        """
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for version in versions:
            check_interval(version, self._head)
            writer = self._writers.get(version.row.table)
            if writer is None:
                raise unknown_table(self._writers)
            rows[version.row.table].append((*writer(version.row), version.known_from, version.known_to))
        for table, kept in rows.items():
            try:
                self._connection.many(add_sql(self._writers[table].schema), kept)
            except StoreDamaged:
                twice = True
            else:
                twice = False
            if twice:
                raise overlapping(table)

    def finish(self) -> None:
        """Look at the whole, and note that the tables are rebuilt.

        Raises:
            InvalidValue: Two versions of one row were known at once.
        """
        for table in self._writers:
            if self._connection.rows(overlap_sql(table)):
                raise overlapping(table)
        holes = ", ".join("?" * len(self._writers))
        self._connection.rows(f"UPDATE facts_schema SET to_rebuild = 0 WHERE name IN ({holes})", list(self._writers))
        self._connection.rows("UPDATE store SET rebuilds = rebuilds + 1")
