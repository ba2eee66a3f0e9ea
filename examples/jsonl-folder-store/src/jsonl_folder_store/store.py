"""The store: the file keeps, memory answers.

The library's own ``MemoryStore`` already keeps the laws of asking: versions, keys, filters, pages, facts at any
position. This store adds that it lasts. Every change goes to memory first, which refuses what is wrong, and then to
the file, before anybody can see it: one lock is held over both. If the file fails, memory is read anew from it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Sequence

from community_mediation.errors import MediationError, StoreDamaged, StoreError, StoreLocked, StoreReadOnly
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
    Page,
    RecordBatch,
    Severity,
    Sort,
    system_clock,
)
from community_mediation.stores import MemoryStore
from jsonl_folder_store import lines as wire
from jsonl_folder_store.folder import Folder

MANY = 100_000
"""From so many entries on, ``health`` advises another store."""


class JsonlFolderStore:
    """A store in a folder, for the threads of one program."""

    def __init__(self, folder: Folder, clock: Clock = system_clock) -> None:
        self._folder, self._clock = folder, clock
        self._lock = threading.RLock()
        self._writing: set[int] = set()
        self._past: dt.datetime | None = None
        self._memory = self._read()

    @classmethod
    def open(
        cls, path: str, *, create: bool = True, readonly: bool = False, clock: Clock = system_clock
    ) -> JsonlFolderStore:
        """Open the folder at *path*.

        Raises:
            StoreUnavailable: It is not there, in use (``StoreLocked``), or something else (``NotACasebook``).
            StoreDamaged: Its journal contradicts itself.
        """
        folder = Folder(path, create=create, readonly=readonly)
        try:
            return cls(folder, clock)
        except BaseException:
            folder.close()
            raise

    def _now(self) -> dt.datetime:
        # While the file is read, the time is the one at which a line was written.
        return self._past or self._clock()

    def _read(self) -> MemoryStore:
        memory = MemoryStore(self._now)
        self._tables: dict[str, FactsSchema] = {}
        for number, line in self._folder.lines():
            try:
                self._apply(memory, line)
            except (KeyError, TypeError, ValueError, ArithmeticError, MediationError):
                raise StoreDamaged(f"Line {number} of the journal cannot be. Restore the last good copy.") from None
        self._past = None
        return memory

    def _apply(self, memory: MemoryStore, line: wire.Line) -> None:
        if "tables" in line:
            schemas = wire.tables_from_json(line["tables"])
            memory.prepare(schemas)
            self._tables |= {schema.table: schema for schema in schemas}
        elif "facts" in line:
            memory.replace_facts(wire.versions_from_json(line["facts"]))
        else:
            self._past = dt.datetime.fromisoformat(line["at"])
            memory.commit(map(wire.change_from_json, line["changes"]))
            if memory.head().hash != line["hash"]:
                raise ValueError("the chain does not hold")

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It lasts; other programs are kept out."""
        return frozenset({Capability.PERSISTENT})

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        """See ``Store.prepare``."""
        with self._lock:
            to_rebuild = self._memory.prepare(schemas)
            new = [schema for schema in schemas if self._tables.get(schema.table) != schema]
            if new and not self._folder.readonly:
                self._keep({"tables": wire.tables_to_json(new)})
                self._tables |= {schema.table: schema for schema in new}
            return to_rebuild

    def commit(self, changes: Iterable[Change]) -> Committed:
        """See ``Store.commit``. A batch is held in memory, and is one line of the file."""
        with self._turn():
            self._memory.head()  # a closed store says so before it asks for changes
            batch = list(changes)
            with self._lock:
                committed = self._memory.commit(batch)
                if batch:
                    self._keep(
                        {
                            "at": committed.recorded_at.isoformat(),
                            "hash": self._memory.head().hash,
                            "changes": [wire.change_to_json(change) for change in batch],
                        }
                    )
                return committed

    def replace_facts(self, versions: Iterable[FactsVersion]) -> int:
        """See ``Store.replace_facts``. No other thread writes while *versions* are made from the log."""
        with self._turn(), self._lock:
            new = list(versions)
            count = self._memory.replace_facts(new)
            self._keep({"facts": wire.versions_to_json(new)})
            return count

    def erase(self, subject: str) -> int:
        """See ``Store.erase``. The file is written anew without the subject's values, and the old one is removed."""
        with self._lock:
            self._memory.head()
            self._must_write()
            self._folder.rewrite(wire.without_subject((line for _, line in self._folder.lines()), subject))
            return self._memory.erase(subject)

    def _keep(self, line: wire.Line) -> None:
        try:
            self._folder.append(line)
        except StoreError:
            # Memory is ahead of the file, and nobody has seen it yet.
            self._memory = self._read()
            raise

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        self._must_write()
        thread = threading.get_ident()
        if thread in self._writing:
            raise StoreLocked("A writing cannot begin inside another one of the same thread.")
        self._writing.add(thread)
        try:
            yield
        finally:
            self._writing.discard(thread)

    def _must_write(self) -> None:
        if self._folder.readonly:
            raise StoreReadOnly("The folder was opened for reading only. Open it without mode=ro.")

    # What is asked goes to memory, under the lock: nobody sees what is not on the disk yet.

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        """See ``Store.entries``."""
        with self._lock:
            return self._memory.entries(matter_id, known_at)

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        """See ``Store.log``."""
        with self._lock:
            return self._memory.log(after, limit)

    def head(self) -> Head:
        """See ``Store.head``."""
        with self._lock:
            return self._memory.head()

    def position_at(self, recorded: dt.datetime) -> int:
        """See ``Store.position_at``."""
        with self._lock:
            return self._memory.position_at(recorded)

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        """See ``Store.facts``."""
        with self._lock:
            return self._memory.facts(table, filters, columns, known_at)

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """See ``Store.find``."""
        with self._lock:
            return self._memory.find(table, filters, sort, limit, cursor)

    def key(self, kind: str, value: str) -> str | None:
        """See ``Store.key``."""
        with self._lock:
            return self._memory.key(kind, value)

    def keys(self, matter_id: str) -> Sequence[Key]:
        """See ``Store.keys``."""
        with self._lock:
            return self._memory.keys(matter_id)

    def health(self) -> Sequence[Finding]:
        """See ``Store.health``."""
        entries = self.head().position
        if entries < MANY:
            return ()
        message = f"The folder holds {entries:,} entries, and every opening reads them all."
        return (Finding("jsonl-large", Severity.WARNING, message, "Copy the book to sqlite:///cases.db."),)

    def close(self) -> None:
        """See ``Store.close``."""
        with self._lock:
            self._memory.close()
            self._folder.close()
