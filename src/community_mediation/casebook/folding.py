"""From entries to matters to facts: the one way in which a book derives anything."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import attrs

from community_mediation.codec import Codec, Opened
from community_mediation.domain.matter import Event, Matter
from community_mediation.errors import InvalidValue, PluginFailed, StoreDamaged, Undecodable
from community_mediation.facts.schema import Cell, ColumnType, FactsRow, RowRef
from community_mediation.ports import Entry, FactsVersion, Kind, Store

PAGE = 500

RowName = tuple[str, Cell]
"""What names a row among the current ones of one matter: its table, and its name there."""
Rows = Mapping[RowName, FactsRow]


class Folder:
    """Folds the entries of one store with the kinds that are enabled."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = dict(kinds)
        events: dict[str, type[Event]] = {}
        for kind in self.kinds.values():
            events.update(kind.events)
        self.codec = Codec(events)
        self._numbers = {
            schema.table: tuple(
                index
                for index, column in enumerate(schema.columns)
                if column.type in (ColumnType.DECIMAL, ColumnType.FLOAT)
            )
            for kind in self.kinds.values()
            for schema in kind.schemas
        }

    def kind(self, name: str, matter_id: str) -> Kind:
        """The kind of that name.

        Raises:
            PluginFailed: No enabled plugin brings it.
        """
        if name not in self.kinds:
            raise PluginFailed(
                f"Matter {matter_id} is of kind {name!r}, which no enabled plugin brings. "
                "Enable the plugin that does; until then its entries are readable in the log."
            )
        return self.kinds[name]

    def kind_of(self, matter: Matter) -> Kind:
        """The kind whose class *matter* has.

        Raises:
            PluginFailed: No enabled plugin brings it.
        """
        for kind in self.kinds.values():
            if type(matter) is kind.matter:
                return kind
        raise PluginFailed(
            f"No enabled plugin brings matters of class {type(matter).__name__}. Enable the one that does."
        )

    def events(self, entries: Sequence[Entry]) -> tuple[Event, ...]:
        """The events of entries, in order.

        Raises:
            StoreDamaged: An entry cannot be read.
        """
        return tuple(event for entry in entries for event in self.opened(entry).events)

    def opened(self, entry: Entry) -> Opened:
        """An entry, read.

        Raises:
            StoreDamaged: It cannot be.
        """
        try:
            return self.codec.decode(entry.body, entry.private)
        except Undecodable as error:
            raise _unreadable(entry, error) from None

    def digests(self, entry: Entry) -> Mapping[str, str]:
        """The subjects of an entry, with the digests of their private parts; its kind need not be enabled.

        Raises:
            StoreDamaged: It cannot be read.
        """
        try:
            found: Mapping[str, str] = self.codec.document(entry.body).get("digests", {})
        except Undecodable as error:
            raise _unreadable(entry, error) from None
        return found

    def erased(self, entry: Entry) -> frozenset[str]:
        """The subjects of an entry whose private part is gone; its kind need not be enabled.

        Raises:
            StoreDamaged: It cannot be read.
        """
        return frozenset(self.digests(entry).keys() - entry.private.keys())

    def matter(self, entries: Sequence[Entry]) -> Matter:
        """The matter that entries tell of.

        Raises:
            PluginFailed: No enabled plugin brings its kind.
            StoreDamaged: They cannot be read, or tell of no such matter.
        """
        kind = self.kind(entries[0].kind, entries[0].matter_id)
        return _folded(kind, entries[0].matter_id, self.events(entries))

    def rows(self, kind: Kind, matter: Matter) -> Rows:
        """The facts of a matter, by their names."""
        return {_name(row): row for row in kind.rows(matter)}

    def changes(
        self, kind: Kind, matter: Matter, remembered: Rows | None = None
    ) -> tuple[list[RowRef], list[FactsRow], Rows]:
        """The rows to close and to add when *matter* is saved, and all that it then has.

        Args:
            kind: Its kind.
            matter: The matter with what happened.
            remembered: The rows that it has in the book, if they need not be derived again.
        """
        new = self.rows(kind, matter)
        if not matter.history:
            return [], list(new.values()), new
        if remembered is None:
            remembered = self.rows(kind, matter.recorded())
        gone, add = self.difference(remembered, new)
        return [row.ref for row in gone], add, new

    def difference(self, old: Rows, new: Rows) -> tuple[list[FactsRow], list[FactsRow]]:
        """The rows to close and the rows to add when facts change from *old* to *new*."""
        gone = [row for name, row in old.items() if not self._same(row, new.get(name))]
        add = [row for name, row in new.items() if not self._same(row, old.get(name))]
        return gone, add

    def _same(self, row: FactsRow, other: FactsRow | None) -> bool:
        if row is other:
            return True
        if other is None or row.cells != other.cells:
            return False
        # 1.0 equals 1.00, but the row is to say what the journal says, to the digit.
        return all(str(row.cells[index]) == str(other.cells[index]) for index in self._numbers.get(row.table, ()))

    def versions(self, entries: Sequence[Entry]) -> Iterator[FactsVersion]:
        """Every version of a matter's facts rows, with the positions at which it was known."""
        kind = self.kinds.get(entries[0].kind)
        if kind is None or not kind.schemas:
            return
        unfolding = Unfolding(self, kind)
        since: dict[RowName, int] = {}
        for entry in entries:
            gone, add = unfolding.read(entry)
            for row in gone:
                yield FactsVersion(row, since.pop(_name(row)), entry.position)
            since.update({_name(row): entry.position for row in add})
        for name, row in unfolding.rows.items():
            yield FactsVersion(row, since[name], None)


class Unfolding:
    """The facts of one matter while its entries are read one after the other.

    Attributes:
        version: The version that its entries came to so far.
        rows: The facts after them, by their names.
    """

    def __init__(self, folder: Folder, kind: Kind) -> None:
        self._folder, self._kind = folder, kind
        self._events: tuple[Event, ...] = ()
        self.version = 0
        self.rows: Rows = {}

    def read(self, entry: Entry) -> tuple[list[FactsRow], list[FactsRow]]:
        """The rows that the next entry closes, and those that it adds.

        Raises:
            StoreDamaged: It cannot be read, or does not go on from those before.
        """
        self._events += self._folder.events([entry])
        rows = self._folder.rows(self._kind, _folded(self._kind, entry.matter_id, self._events))
        gone, add = self._folder.difference(self.rows, rows)
        self.rows, self.version = rows, entry.version
        return gone, add


def _name(row: FactsRow) -> RowName:
    return row.table, row.cells[1]


def _folded(kind: Kind, matter_id: str, events: Sequence[Event]) -> Matter:
    try:
        return kind.matter.fold(matter_id, events)
    except InvalidValue as error:
        raise StoreDamaged(
            f"Matter {matter_id} is not what its entries say: {error} Run verify, and restore a backup."
        ) from None


def _unreadable(entry: Entry, error: Undecodable) -> StoreDamaged:
    return StoreDamaged(
        f"Entry {entry.position} of the journal cannot be read: {error} Run verify, and restore a backup."
    )


def without_parts(entries: Sequence[Entry], subjects: Collection[str]) -> Sequence[Entry]:
    """The entries without the private parts of *subjects*, as they are read when these are erased."""
    if not subjects:
        return entries
    return [
        attrs.evolve(entry, private={name: part for name, part in entry.private.items() if name not in subjects})
        for entry in entries
    ]


def matters_of(store: Store, known_at: int | None = None) -> Iterator[Sequence[Entry]]:
    """The entries of every matter, matter by matter, in the order of their births, as known at a position."""
    after = 0
    while page := store.log(after, PAGE):
        for entry in page:
            if known_at is not None and entry.position > known_at:
                return
            if entry.expected == 0:
                yield store.entries(entry.matter_id, known_at)
        after = page[-1].position


Progress = Callable[[int], None]
"""Told now and then how many entries were read."""


def counted(matters: Iterable[Sequence[Entry]], progress: Progress | None) -> Iterator[Sequence[Entry]]:
    """The matters; *progress* is told meanwhile how many entries those hold that were gone through."""
    done = told = 0
    for entries in matters:
        yield entries
        done += len(entries)
        if progress is not None and done - told >= PAGE:
            told = done
            progress(done)
    if progress is not None and done > told:
        progress(done)


def rebuilt(store: Store, folder: Folder, progress: Progress | None = None) -> int:
    """Derive all facts of a store anew, in one commit; returns how many rows, old versions included."""
    matters = counted(matters_of(store), progress)
    return store.replace_facts(version for entries in matters for version in folder.versions(entries))
