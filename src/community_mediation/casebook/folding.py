"""From entries to matters to facts: the one way in which a book derives anything."""

from collections.abc import Iterator, Mapping, Sequence

from community_mediation.codec import Codec
from community_mediation.domain.matter import Event, Matter
from community_mediation.errors import PluginFailed, StoreDamaged, Undecodable
from community_mediation.facts.schema import FactsRow, RowRef
from community_mediation.ports import Entry, FactsVersion, Kind, Store

PAGE = 500


class Folder:
    """Folds the entries of one store with the kinds that are enabled."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = dict(kinds)
        events: dict[str, type[Event]] = {}
        for kind in self.kinds.values():
            events.update(kind.events)
        self.codec = Codec(events)

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
        result: list[Event] = []
        for entry in entries:
            try:
                opened = self.codec.decode(entry.body, entry.private)
            except Undecodable as error:
                raise StoreDamaged(
                    f"Entry {entry.position} of the journal cannot be read: {error} Run verify, and restore a backup."
                ) from None
            result.extend(opened.events)
        return tuple(result)

    def matter(self, entries: Sequence[Entry]) -> Matter:
        """The matter that entries tell of."""
        kind = self.kind(entries[0].kind, entries[0].matter_id)
        return kind.matter.fold(entries[0].matter_id, self.events(entries))

    def rows(self, kind: Kind, matter: Matter) -> dict[RowRef, FactsRow]:
        """The facts of a matter, by their names."""
        return {row.ref: row for row in kind.rows(matter)}

    def difference(
        self, old: Mapping[RowRef, FactsRow], new: Mapping[RowRef, FactsRow]
    ) -> tuple[list[RowRef], list[FactsRow]]:
        """The rows to close and the rows to add when facts change from *old* to *new*."""
        close = [ref for ref, row in old.items() if new.get(ref) != row]
        add = [row for ref, row in new.items() if old.get(ref) != row]
        return close, add

    def versions(self, entries: Sequence[Entry]) -> Iterator[FactsVersion]:
        """Every version of a matter's facts rows, with the positions at which it was known."""
        kind = self.kinds.get(entries[0].kind)
        if kind is None or not kind.schemas:
            return
        current: dict[RowRef, FactsRow] = {}
        since: dict[RowRef, int] = {}
        events: tuple[Event, ...] = ()
        for entry in entries:
            events += self.events([entry])
            new = self.rows(kind, kind.matter.fold(entry.matter_id, events))
            close, add = self.difference(current, new)
            for ref in close:
                yield FactsVersion(current[ref], since.pop(ref), entry.position)
            since.update({row.ref: entry.position for row in add})
            current = new
        for ref, row in current.items():
            yield FactsVersion(row, since[ref], None)


def matters_of(store: Store) -> Iterator[Sequence[Entry]]:
    """The entries of every matter, matter by matter, in the order of their births."""
    after = 0
    while page := store.log(after, PAGE):
        for entry in page:
            if entry.expected == 0:
                yield store.entries(entry.matter_id)
        after = page[-1].position
