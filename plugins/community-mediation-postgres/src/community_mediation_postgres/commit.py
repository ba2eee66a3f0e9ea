"""Writing changes into PostgreSQL, a group at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from community_mediation.errors import InvalidValue, StoreDamaged
from community_mediation.facts.schema import RowRef
from community_mediation.ports import Change, Clock, Committed, entry_hash, next_recorded_at
from community_mediation.stores.kit import check_row, still_current, unknown_table
from community_mediation_postgres.access import Writing
from community_mediation_postgres.asking import (
    Wanted,
    check_heads,
    check_holders,
    given_up,
    heads_of,
    holders_of,
    wanted_keys,
)
from community_mediation_postgres.session import Answer, Session, Statement
from community_mediation_postgres.tables import COPY_FROM, Table
from community_mediation_postgres.texts import kept

OWN_TYPES: Final[Mapping[str, Sequence[str]]] = {
    "entry": ("bigint", "text", "text", "bigint", "bigint", "timestamptz", "text", "text", "text"),
    "private": ("bigint", "text", "text"),
    "key": ("bytea", "text", "text", "text", "text"),
}


class Commit:
    """One commit in the making, inside its transaction.

    Statements run once a group rather than once a change, and those that do not wait for each other's answers go to
    the server together: all other writers wait for as long as this takes. Within a group no matter comes twice, so
    the order of statements is free.
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
        free = self._ask(group)
        positions, entries = self._entries(group)
        adds = self._kept_rows(group, positions)
        writing = _Together(self._session, self._schema)
        writing.own("entry", entries)
        writing.own("private", _parts(group, positions))
        writing.own("key", _keys(free))
        for table, names in _closed(group, positions).items():
            writing.close(self._table(table), *names)
        for table, (matters, rows) in _added(group).items():
            writing.check_absent(self._table(table), matters, rows, group)
        for table, found in adds.items():
            writing.add(self._tables[table], found)
        try:
            writing.end()
        except InvalidValue:
            # Texts are looked at by the driver; to say which one is wrong they are looked at again.
            for change in group:
                for row in change.add:
                    check_row(self._table(row.table).schema, row)
            raise

    def _ask(self, group: Sequence[Change]) -> Wanted:
        wanted, clash = wanted_keys(self._salt, group)
        asked = [heads_of(self._schema, group)]
        # Only the first change of a group gives up keys: see ``groups``.
        if group[0].release:
            asked.append(given_up(self._schema, self._salt, group[0]))
        if wanted:
            asked.append(holders_of(self._schema, wanted))
        answers = self._session.batch(asked)
        check_heads(answers[0].rows, group)
        if clash is not None:
            raise clash
        return check_holders(answers[-1].rows, wanted) if wanted else {}

    def _entries(self, group: Sequence[Change]) -> tuple[list[int], list[tuple[Any, ...]]]:
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
        return positions, rows

    def _kept_rows(self, group: Sequence[Change], positions: Sequence[int]) -> dict[str, list[list[Any]]]:
        adds: dict[str, list[list[Any]]] = defaultdict(list)
        for change, position in zip(group, positions, strict=True):
            for row in change.add:
                cells = self._table(row.table)(row)
                cells += (position, None)
                adds[row.table].append(cells)
        return adds

    def _table(self, table: str) -> Table:
        found = self._tables.get(table)
        if found is None:
            raise unknown_table(self._tables)
        return found


class _Together:
    """The writings of one group: few rows go to the server in one exchange, many of one table by COPY."""

    def __init__(self, session: Session, schema: str) -> None:
        self._session = session
        self._schema = schema
        self._statements: list[Statement] = []
        self._checks: list[tuple[int, _Check]] = []
        self._copies: list[tuple[Table, Sequence[Sequence[Any]]]] = []

    def own(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        name, types = f"{self._schema}.{table}", OWN_TYPES[table]
        if len(rows) >= COPY_FROM:
            self._session.copy(f"COPY {name} FROM STDIN (FORMAT BINARY)", types, rows)
        elif rows:
            arrays = ", ".join(f"%s::{kind}[]" for kind in types)
            values = [list(column) for column in zip(*rows, strict=True)]
            self._statements.append((f"INSERT INTO {name} SELECT * FROM unnest({arrays})", values))

    def close(self, table: Table, matters: list[str], rows: list[str], positions: list[int]) -> None:
        self._checks.append((len(self._statements), _Closed(table, len(rows))))
        self._statements.append(table.close(matters, rows, positions))

    def check_absent(self, table: Table, matters: list[str], rows: list[str], group: Sequence[Change]) -> None:
        self._checks.append((len(self._statements), _Absent(table, group)))
        self._statements.append(table.current(matters, rows))

    def add(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        if len(rows) >= COPY_FROM:
            self._copies.append((table, rows))
        else:
            self._statements.append(table.insert(rows))

    def end(self) -> None:
        answers = self._session.batch(self._statements)
        for index, check in self._checks:
            check(answers[index])
        for table, rows in self._copies:
            table.copy(self._session, rows)


class _Closed:
    """All rows that were to be closed were there."""

    def __init__(self, table: Table, count: int) -> None:
        self._table, self._count = table, count

    def __call__(self, answer: Answer) -> None:
        if answer.changed != self._count:
            name = self._table.schema.table
            raise StoreDamaged(f"A row of facts table {name} is to be closed and is not there. Rebuild the facts.")


class _Absent:
    """No row that is to be added is current."""

    def __init__(self, table: Table, group: Sequence[Change]) -> None:
        self._table, self._group = table, group

    def __call__(self, answer: Answer) -> None:
        if answer.rows:
            name = self._table.schema.table
            raise still_current(next(row for change in self._group for row in change.add if row.table == name))


_Check = _Closed | _Absent


def _parts(group: Sequence[Change], positions: Sequence[int]) -> list[tuple[int, str, str]]:
    return [
        (position, kept(subject), kept(data))
        for change, position in zip(group, positions, strict=True)
        for subject, data in change.private.items()
    ]


def _keys(free: Wanted) -> list[tuple[Any, ...]]:
    return [
        (digest, kept(key.kind), kept(key.value), kept(matter), None if key.subject is None else kept(key.subject))
        for digest, (key, matter) in free.items()
    ]


def _closed(group: Sequence[Change], positions: Sequence[int]) -> dict[str, tuple[list[str], list[str], list[int]]]:
    """By table: the matters and names of the rows that are closed, and where."""
    closes: dict[str, tuple[list[str], list[str], list[int]]] = defaultdict(lambda: ([], [], []))
    for change, position in zip(group, positions, strict=True):
        for ref in change.close:
            matters, rows, at = closes[ref.table]
            matters.append(kept(ref.matter_id))
            rows.append(kept(ref.row))
            at.append(position)
    return closes


def _added(group: Sequence[Change]) -> dict[str, tuple[list[str], list[str]]]:
    """By table: the matters and names of rows that are added to older matters without having been closed."""
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
    return adds
