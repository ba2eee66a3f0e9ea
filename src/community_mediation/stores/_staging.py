"""What a commit to a store in memory has come to so far: nothing of it is seen before all of it is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import attrs

from community_mediation.errors import KeyTaken, StoreDamaged
from community_mediation.facts.schema import FactsRow, FactsSchema, RowRef
from community_mediation.ports import GENESIS, Change, Entry, FactsVersion, Head, Key, entry_hash
from community_mediation.stores.kit.cells import check
from community_mediation.stores.kit.changes import check_made_on, still_current, unknown_table

Versions = dict[str, dict[str, dict[str, list[FactsVersion]]]]
"""Table -> matter -> row -> its versions, in order."""


@attrs.frozen
class Holder:
    """Whose a key is, and with whom it is erased."""

    matter_id: str
    subject: str | None


@attrs.define
class Contents:
    """All that a store in memory holds."""

    entries: list[Entry] = attrs.field(factory=list)
    of_matter: defaultdict[str, list[int]] = attrs.field(factory=lambda: defaultdict(list))
    heads: dict[str, tuple[str, int]] = attrs.field(factory=dict)
    keys: dict[tuple[str, str], Holder] = attrs.field(factory=dict)
    schemas: dict[str, FactsSchema] = attrs.field(factory=dict)
    versions: Versions = attrs.field(factory=dict)

    @property
    def head(self) -> Head:
        """The journal's end."""
        if not self.entries:
            return Head(0, None, GENESIS)
        last = self.entries[-1]
        return Head(last.position, last.recorded_at, last.hash)

    def check_row(self, row: FactsRow) -> RowRef:
        """The row's name.

        Raises:
            InvalidValue: The row is not as its schema says, or there is no such table.
        """
        schema = self.schemas.get(row.table)
        if schema is None:
            raise unknown_table(self.schemas)
        check(schema, row)
        return row.ref


class Staging:
    """One commit in the making."""

    def __init__(self, contents: Contents, recorded_at: dt.datetime) -> None:
        self._contents = contents
        self._recorded_at = recorded_at
        self._entries: list[Entry] = []
        self._heads: dict[str, tuple[str, int]] = {}
        self._keys: dict[tuple[str, str], Holder | None] = {}
        self._rows: dict[RowRef, list[FactsVersion]] = {}

    def add(self, change: Change) -> None:
        """Add a change.

        Raises:
            VersionConflict, KeyTaken, InvalidValue, StoreDamaged: As ``Store.commit`` says.
        """
        known = self._heads.get(change.matter_id) or self._contents.heads.get(change.matter_id)
        check_made_on(change, known)
        self._heads[change.matter_id] = (change.kind, change.version)
        position = len(self._contents.entries) + len(self._entries) + 1
        previous = self._entries[-1].hash if self._entries else self._contents.head.hash
        parts = (change.matter_id, change.kind, change.expected, change.version)
        self._entries.append(
            Entry(
                position=position,
                matter_id=change.matter_id,
                kind=change.kind,
                expected=change.expected,
                version=change.version,
                recorded_at=self._recorded_at,
                body=change.body,
                private=dict(change.private),
                previous=previous,
                hash=entry_hash(previous, position, *parts, self._recorded_at, change.body),
            )
        )
        for key in change.release:
            self._give_up(change.matter_id, key)
        for key in change.keys:
            self._add_key(change.matter_id, key)
        self._add_facts(change, position)

    def take(self) -> None:
        """Make all of it part of the contents."""
        contents = self._contents
        contents.entries += self._entries
        for entry in self._entries:
            contents.of_matter[entry.matter_id].append(entry.position)
        contents.heads |= self._heads
        for name, holder in self._keys.items():
            if holder is None:
                contents.keys.pop(name, None)
            else:
                contents.keys[name] = holder
        for ref, known in self._rows.items():
            contents.versions[ref.table].setdefault(ref.matter_id, {})[ref.row] = known

    def _holder(self, name: tuple[str, str]) -> Holder | None:
        return self._keys[name] if name in self._keys else self._contents.keys.get(name)

    def _give_up(self, matter_id: str, key: Key) -> None:
        name = (key.kind, key.value)
        holder = self._holder(name)
        if holder is not None and holder.matter_id == matter_id:
            self._keys[name] = None

    def _add_key(self, matter_id: str, key: Key) -> None:
        name = (key.kind, key.value)
        holder = self._holder(name)
        if holder is not None and holder.matter_id != matter_id:
            raise KeyTaken(key.kind, holder.matter_id)
        if holder is None:
            self._keys[name] = Holder(matter_id, key.subject)

    def _add_facts(self, change: Change, position: int) -> None:
        for ref in change.close:
            if ref.table not in self._contents.schemas:
                raise unknown_table(self._contents.schemas)
            known = self._row(ref)
            if not known or known[-1].known_to is not None:
                raise StoreDamaged(
                    f"A row of facts table {ref.table} is to be closed and is not there. Rebuild the facts."
                )
            known[-1] = attrs.evolve(known[-1], known_to=position)
        for row in change.add:
            known = self._row(self._contents.check_row(row))
            if known and known[-1].known_to is None:
                raise still_current(row)
            known.append(FactsVersion(row, position, None))

    def _row(self, ref: RowRef) -> list[FactsVersion]:
        if ref not in self._rows:
            matters = self._contents.versions[ref.table]
            self._rows[ref] = list(matters.get(ref.matter_id, {}).get(ref.row, ()))
        return self._rows[ref]
