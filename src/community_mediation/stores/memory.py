"""A casebook in memory: for tests, notebooks and trying things out. It ends with the program."""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import itertools
import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from community_mediation.errors import InvalidQuery, StoreClosed, StoreUnavailable
from community_mediation.facts.schema import Cell, FactsSchema, RowRef
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
    Op,
    Page,
    RecordBatch,
    Sort,
    next_recorded_at,
    system_clock,
)
from community_mediation.stores._staging import Contents, Staging, Versions
from community_mediation.stores.kit.cells import same_shape
from community_mediation.stores.kit.changes import check_change, check_interval, overlapping
from community_mediation.stores.kit.cursor import Cursor
from community_mediation.stores.kit.leasing import check_lease, wait_until
from community_mediation.stores.kit.questions import (
    Condition,
    Question,
    check_columns,
    check_filters,
    check_limit,
    check_moment,
    check_position,
)
from community_mediation.stores.kit.searching import Search, small
from community_mediation.stores.kit.turns import OneAtATime

BATCH: Final = 4096
"""Rows of a record batch at most."""


class MemoryStore:
    """A store in memory, for the threads of one program."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._turn = OneAtATime()
        self._contents = Contents()
        self._to_rebuild: set[str] = set()
        self._rebuilds = 0
        self._leases: dict[str, tuple[Lease, dt.timedelta]] = {}
        self._tokens = itertools.count(1)
        self._secret = secrets.token_bytes(16)
        self._closed = False

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It is searched, and shares work among threads; it ends with the program, and has no file to copy."""
        return frozenset({Capability.SEARCH, Capability.LEASES})

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        """See ``Store.prepare``. A table stays to be rebuilt until ``replace_facts`` has ended well."""
        with self._open() as contents:
            for schema in schemas:
                before = contents.schemas.get(schema.table)
                contents.schemas[schema.table] = schema
                if before is None or not same_shape(before, schema):
                    contents.versions[schema.table] = {}
                    if contents.entries:
                        self._to_rebuild.add(schema.table)
            return tuple(schema.table for schema in schemas if schema.table in self._to_rebuild)

    def commit(self, changes: Iterable[Change]) -> Committed:
        """See ``Store.commit``. What *changes* reads from this store while it is consumed is the state before."""
        with self._turn:
            with self._open():
                pass
            batch = []
            for change in changes:
                check_change(change)
                batch.append(change)
            with self._open() as contents:
                head = contents.head
                recorded_at = next_recorded_at(self._clock, head.recorded_at)
                staging = Staging(contents, recorded_at)
                for change in batch:
                    staging.add(change)
                staging.take()
                return Committed(head.position + 1, contents.head.position, recorded_at)

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        """See ``Store.entries``."""
        with self._open() as contents:
            last = check_position(known_at, len(contents.entries))
            return [contents.entries[at - 1] for at in contents.of_matter.get(matter_id, ()) if at <= last]

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        """See ``Store.log``."""
        check_limit(limit)
        with self._open() as contents:
            start = check_position(after, len(contents.entries))
            return contents.entries[start : start + limit]

    def head(self) -> Head:
        """See ``Store.head``."""
        with self._open() as contents:
            return contents.head

    def position_at(self, recorded: dt.datetime) -> int:
        """See ``Store.position_at``."""
        moment = check_moment(recorded)
        with self._open() as contents:
            return bisect.bisect_right(contents.entries, moment, key=lambda entry: entry.recorded_at)

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        """See ``Store.facts``. The position is fixed by the call."""
        with self._open() as contents:
            schema = self._schema(table)
            indexes, chosen = check_columns(schema, columns)
            position = check_position(known_at, len(contents.entries))
            rows = self._known(schema, check_filters(schema, filters), position)
            rebuilds = self._rebuilds
        return self._batches(tuple(column.name for column in chosen), indexes, rows, rebuilds)

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """See ``Store.find``."""
        check_limit(limit)
        with self._open() as contents:
            schema = self._schema(table)
            question = Question.check(schema, filters, sort, cursor, head=len(contents.entries))
            rows = self._known(schema, question.conditions, question.position)
        index = question.column[0] if question.column else None
        descending = sort is not None and sort.descending
        if index is not None:
            rows = _sorted(rows, index, descending=descending)
        if question.last is not None:
            rows = _behind(rows, question.last, index, descending=descending)
        return question.page(rows, limit)

    def key(self, kind: str, value: str) -> str | None:
        """See ``Store.key``."""
        with self._open() as contents:
            holder = contents.keys.get((kind, value))
            return holder.matter_id if holder else None

    def keys(self, matter_id: str) -> Sequence[Key]:
        """See ``Store.keys``."""
        with self._open() as contents:
            held = sorted(name for name, holder in contents.keys.items() if holder.matter_id == matter_id)
            return [Key(*name, contents.keys[name].subject) for name in held]

    def replace_facts(self, versions: Iterable[FactsVersion]) -> int:
        """See ``Store.replace_facts``. No other thread writes from before the first version is asked for."""
        with self._turn, self._open() as contents:
            fresh: Versions = {table: {} for table in contents.schemas}
            count = 0
            for version in versions:
                check_interval(version, contents.head.position)
                _rows_of(fresh, contents.check_row(version.row)).append(version)
                count += 1
            for table, matters in fresh.items():
                for known in (known for rows in matters.values() for known in rows.values()):
                    known.sort(key=lambda version: version.known_from)
                    if any(a.known_to is None or a.known_to > b.known_from for a, b in itertools.pairwise(known)):
                        raise overlapping(table)
            contents.versions = fresh
            self._to_rebuild.clear()
            self._rebuilds += 1
            return count

    def erase(self, subject: str) -> int:
        """See ``Store.erase``."""
        with self._open() as contents:
            parts = 0
            for index, entry in enumerate(contents.entries):
                if subject in entry.private:
                    rest = {name: part for name, part in entry.private.items() if name != subject}
                    contents.entries[index] = attrs.evolve(entry, private=rest)
                    parts += 1
            contents.keys = {name: holder for name, holder in contents.keys.items() if holder.subject != subject}
            return parts

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        """See ``Searches.search``."""
        with self._open() as contents:
            search = Search.check(text, limit, cursor, head=len(contents.entries), secret=self._secret)
            first: dict[str, int] = {}
            for entry in contents.entries[: search.position]:
                if any(search.text in small(part) for part in entry.private.values()):
                    first.setdefault(entry.matter_id, entry.position)
            return search.page([found for found in first.items() if found[1] > search.after])

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        """See ``Leases.lease``."""
        check_lease(name, key, ttl)
        with self._open():
            now = self._clock().astimezone(dt.UTC)
            if key in self._leases:
                held, lasting = self._leases[key]
                until = wait_until(now, held.until, lasting)
                if until is not None and held.name != name:
                    self._leases[key] = (attrs.evolve(held, until=until), lasting)
                    return None
            given = Lease(name, key, next(self._tokens), now + ttl)
            self._leases[key] = (given, ttl)
            return given

    def release(self, lease: Lease) -> bool:
        """See ``Leases.release``."""
        with self._open():
            held, _ = self._leases.get(lease.key, (None, None))
            if held is None or held.token != lease.token:
                return False
            del self._leases[lease.key]
            return self._clock() < held.until

    def health(self) -> Sequence[Finding]:
        """See ``Store.health``: a store that promises to keep nothing has no weakness to tell of."""
        with self._open():
            return ()

    def close(self) -> None:
        """See ``Store.close``; everything is gone."""
        with self._lock:
            self._closed = True
            self._contents = Contents()

    @contextlib.contextmanager
    def _open(self) -> Iterator[Contents]:
        with self._lock:
            if self._closed:
                raise StoreClosed("The casebook was closed before this call. Open it again.")
            yield self._contents

    def _schema(self, table: str) -> FactsSchema:
        contents = self._contents
        schema = contents.schemas.get(table)
        if schema is None:
            raise InvalidQuery(
                f"There is no such facts table. There are: {', '.join(sorted(contents.schemas)) or 'none'}."
            )
        return schema

    def _known(self, schema: FactsSchema, conditions: Sequence[Condition], position: int) -> list[tuple[Cell, ...]]:
        matters = self._contents.versions[schema.table]
        asked = [c.values for c in conditions if c.column.name == "matter_id" and c.op in (Op.EQ, Op.IN)]
        names: Iterable[str] = set(asked[0]).intersection(matters) if asked else matters
        found: list[tuple[Cell, ...]] = []
        for matter_id in sorted(names):
            for _, known in sorted(matters[matter_id].items()):
                for version in known:
                    if version.known_from <= position and (version.known_to is None or version.known_to > position):
                        cells = version.row.cells
                        if all(condition.met_by(cells) for condition in conditions):
                            found.append(cells)
        return found

    def _batches(
        self, names: tuple[str, ...], indexes: Sequence[int], rows: Sequence[tuple[Cell, ...]], rebuilds: int
    ) -> Iterator[RecordBatch]:
        for start in range(0, len(rows), BATCH):
            with self._open():
                if self._rebuilds != rebuilds:
                    raise StoreUnavailable("The facts were rebuilt while they were being read. Read them again.")
            part = rows[start : start + BATCH]
            yield RecordBatch(names, [tuple(cells[index] for index in indexes) for cells in part])


def _rows_of(versions: Versions, ref: RowRef) -> list[FactsVersion]:
    return versions[ref.table].setdefault(ref.matter_id, {}).setdefault(ref.row, [])


def _sorted(rows: Sequence[tuple[Cell, ...]], index: int, *, descending: bool) -> list[tuple[Cell, ...]]:
    filled: list[tuple[Any, ...]] = [cells for cells in rows if cells[index] is not None]
    filled.sort(key=lambda cells: cells[index], reverse=descending)
    return filled + [cells for cells in rows if cells[index] is None]


def _behind(
    rows: Sequence[tuple[Cell, ...]], last: Cursor, index: int | None, *, descending: bool
) -> list[tuple[Cell, ...]]:
    """The rows after *last* in the order of the page."""
    value: Any = last.value

    def later(cells: tuple[Any, ...]) -> bool:
        cell = None if index is None else cells[index]
        if cell != value and (cell is None or value is None):
            return cell is None
        if cell != value:
            return bool(cell < value if descending else cell > value)
        return (cells[0], cells[1]) > (last.matter_id, last.row)

    return [cells for cells in rows if later(cells)]
