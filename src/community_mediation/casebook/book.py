"""The casebook: save and get matters, find and count them, verify, rebuild and erase."""

import datetime as dt
import itertools
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from community_mediation.casebook import asking
from community_mediation.casebook.asking import KnownAt, Where
from community_mediation.casebook.folding import Folder, Rows, matters_of, without_parts
from community_mediation.casebook.ids import new_id
from community_mediation.casebook.judging import Judge, OnObjection, Sitting, log_remark
from community_mediation.casebook.keeping import Keeping
from community_mediation.casebook.numbering import Numbers
from community_mediation.casebook.past import folded, holding
from community_mediation.casebook.reading import Facts, Found, RecordedEntry
from community_mediation.domain.ledger import BOOK, Ledger
from community_mediation.domain.matter import Matter, moment
from community_mediation.domain.record import Centre
from community_mediation.domain.values import When
from community_mediation.errors import InvalidQuery, InvalidValue, NotFound
from community_mediation.facts.schema import FactsSchema
from community_mediation.plugins import Plugins
from community_mediation.ports import (
    Change,
    Clock,
    Entry,
    FactsVersion,
    Key,
    Kind,
    ReadsColumns,
    Store,
    system_clock,
)

M = TypeVar("M", bound=Matter)
CHUNK = 500
"""How many matters ``add_many`` writes in one commit."""
RECENT = 256
"""Of how many matters that were saved last a book remembers the facts rows: some megabytes."""


class Casebook(Keeping, Numbers):
    """A book of matters over a store. Use it as a context manager, or close it.

    Args:
        store: Where it is kept.
        kinds: The kinds of matter that it knows.
        clock: Gives the moment at which the book's own events happen.
        plugins: Whose checks are asked before anything is recorded; by default those of the library alone.
        on_objection: Is told what was objected and let an event pass, after the commit; by default it is logged.

    Attributes:
        store: Where it is kept.
        plugins: The plugins that it was opened with: their channels, metrics, regions and reports.
    """

    def __init__(
        self,
        store: Store,
        kinds: Iterable[Kind],
        *,
        clock: Clock = system_clock,
        plugins: Plugins | None = None,
        on_objection: OnObjection = log_remark,
    ) -> None:
        self.store = store
        self.plugins = Plugins() if plugins is None else plugins
        self._clock = clock
        self._folder = Folder({kind.name: kind for kind in kinds})
        self._judge = Judge(store, self._folder, self.plugins, on_objection)
        self._schemas = {schema.table: schema for kind in self._folder.kinds.values() for schema in kind.schemas}
        self._secret_bytes: bytes | None = None
        self._recent: OrderedDict[str, tuple[int, Rows]] = OrderedDict()
        if store.prepare(tuple(self._schemas.values())):
            # Whichever tables are stale, one pass over the journal rebuilds all.
            self.rebuild_facts()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    @staticmethod
    def new_id() -> str:
        """A fresh id; ids sort by the time at which they were made."""
        return new_id()

    @property
    def tables(self) -> dict[str, FactsSchema]:
        """The facts tables, by name."""
        return dict(self._schemas)

    # ---- writing

    def save(self, matter: M, *, keys: Sequence[Key] = (), release: Sequence[Key] = ()) -> M:
        """Write the pending events of *matter* and the facts that they change, in one commit; returns it as saved.

        Args:
            matter: What to save; without pending events nothing is written.
            keys: Further unique keys for it.
            release: Keys that it gives up, such as a case number that was mistyped and belongs to another case. A
                correction alone gives none up: papers and registers may still name the case by the old number.

        Raises:
            InvalidValue: It is a look at the past.
            Blocked: A rule of the centre's region, or a plugin, objects to an event. Nothing is written.
            VersionConflict: Someone saved a change of it since it was read. Nothing is written.
            KeyTaken: Another matter has its case number or external id. Nothing is written.
            StoreError: The store failed. Nothing is written.
        """
        _must_be_present(matter)
        if not matter.pending:
            return matter.saved()
        sitting = self._judge.sitting()
        change, rows = self._changed(matter, keys, sitting, release)
        committed = self.store.commit([change])
        saved = matter.saved()
        self._keep_rows(saved, rows)
        sitting.close(committed)
        return saved

    def add_many(self, matters: Iterable[Matter], *, progress: Callable[[int], None] | None = None) -> int:
        """Save any number of matters in bounded memory, some hundreds a commit; returns how many were written.

        A failure leaves the commits before it in the book; ``progress`` was told how many matters they hold.

        Raises:
            Blocked, VersionConflict, KeyTaken, StoreError: As for ``save``; the failing commit writes nothing.
        """
        done = 0
        wanted = (matter for matter in matters if matter.pending)
        while some := list(itertools.islice(wanted, CHUNK)):
            sitting = self._judge.sitting()
            sitting.close(self.store.commit([self._change(matter, (), sitting) for matter in some]))
            done += len(some)
            if progress is not None:
                progress(done)
        return done

    def add_all(self, matters: Iterable[tuple[Matter, Sequence[Key]]]) -> int:
        """Save matters with their further keys in one single commit, all or none; returns how many.

        Raises:
            Blocked, VersionConflict, KeyTaken, StoreError: As for ``save``; nothing at all is written.
        """
        sitting = self._judge.sitting()
        committed = self.store.commit(self._change(matter, keys, sitting) for matter, keys in matters if matter.pending)
        sitting.close(committed)
        return committed.last - committed.first + 1

    def save_all(self, matters: Iterable[M]) -> list[M]:
        """Save several matters in one single commit, all or none; returns them as saved.

        For what belongs together: a case that is merged, and the one in which it goes on.

        Raises:
            Blocked, VersionConflict, KeyTaken, StoreError: As for ``save``; nothing at all is written.
        """
        several = list(matters)
        # Centres first: what else is saved with them is judged by the regions that they name.
        self.add_all((matter, ()) for matter in sorted(several, key=lambda each: not isinstance(each, Centre)))
        return [matter.saved() for matter in several]

    def _change(self, matter: Matter, keys: Sequence[Key], sitting: Sitting, release: Sequence[Key] = ()) -> Change:
        return self._changed(matter, keys, sitting, release)[0]

    def _changed(
        self, matter: Matter, keys: Sequence[Key], sitting: Sitting, release: Sequence[Key] = ()
    ) -> tuple[Change, Rows]:
        _must_be_present(matter)
        if matter.id == BOOK and not isinstance(matter, Ledger):
            raise InvalidValue("an id that belongs to the book itself", path="$.id", remedy="Use book.new_id().")
        kind = self._folder.kind_of(matter)
        sitting.judge(matter)
        encoded = self._folder.codec.encode(matter.id, matter.pending, salt=_salt)
        version, known = self._recent.get(matter.id, (0, {}))
        close, add, rows = self._folder.changes(kind, matter, known if version == matter.version else None)
        change = Change(
            matter_id=matter.id,
            kind=kind.name,
            expected=matter.version,
            version=len(matter.events),
            body=encoded.body,
            private=encoded.private,
            close=close,
            add=add,
            keys=(*kind.keys(matter), *keys),
            release=release,
        )
        return change, rows

    def _keep_rows(self, saved: Matter, rows: Rows) -> None:
        """Keep the rows of what was just saved: who works on a case saves it again.

        The journal only grows, so that a matter's version says what its rows are, whoever else writes.
        """
        self._recent.pop(saved.id, None)
        self._recent[saved.id] = (saved.version, rows)
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    # ---- reading

    def get(
        self,
        id: str,
        *,
        valid_at: When | dt.datetime | None = None,
        known_at: KnownAt = None,
        without: Collection[str] = (),
    ) -> Any:
        """A matter: as it is, as it was at *valid_at*, as the book knew it at *known_at*, or both.

        The personal values of the subjects *without* (``restricted()``, say) are left out, as if they were erased.

        Raises:
            NotFound: There is no such matter; it was not yet known, or had not yet begun.
            PluginFailed: Its kind is not enabled.
        """
        matter = self._folder.matter(
            without_parts(self._entries(id, asking.position_of(self.store, known_at)), without)
        )
        if valid_at is None:
            return matter
        then = matter.valid_at(valid_at)
        if then is None:
            raise NotFound(f"Matter {id!r} had not begun at that time.")
        return then

    def matters(self, kind: str, *, without: Collection[str] = ()) -> Iterator[Any]:
        """Every matter of a kind, in the order in which they came in, one at a time; *without* as for ``get``."""
        for entries in matters_of(self.store):
            if entries[0].kind == kind:
                yield self._folder.matter(without_parts(entries, without))

    def holder(self, key: Key) -> str | None:
        """The id of the matter that holds a unique key."""
        return self.store.key(key.kind, key.value)

    def history(self, id: str) -> list[RecordedEntry]:
        """The entries of a matter, oldest first.

        Raises:
            NotFound: There is no such matter.
        """
        return [self._recorded(entry) for entry in self._entries(id)]

    def _entries(self, id: str, known_at: int | None = None) -> Sequence[Entry]:
        entries = self.store.entries(id, known_at) if type(id) is str else ()
        if not entries:
            raise NotFound(f"The book has no matter {id!r}" + ("." if known_at is None else " at that time."))
        return entries

    def log(self, after: int = 0, limit: int | None = None) -> Iterator[RecordedEntry]:
        """All entries after a position, in the order of the journal. Remember the last position to go on from there.

        Raises:
            InvalidQuery: No such position or limit.
        """
        if limit is not None and (type(limit) is not int or limit < 0):
            raise InvalidQuery("A limit is a whole number of entries, 0 or more.")
        given = 0
        while limit is None or given < limit:
            page = self.store.log(after, min(CHUNK, CHUNK if limit is None else limit - given))
            for entry in page:
                yield self._recorded(entry)
            if not page:
                return
            given, after = given + len(page), page[-1].position

    def _recorded(self, entry: Entry) -> RecordedEntry:
        opened = self._folder.opened(entry) if entry.kind in self._folder.kinds else None
        return RecordedEntry(
            position=entry.position,
            recorded_at=entry.recorded_at,
            matter_id=entry.matter_id,
            kind=entry.kind,
            version=entry.version,
            events=opened.events if opened is not None else None,
            erased=opened.erased if opened is not None else self._folder.erased(entry),
            hash=entry.hash,
            body=entry.body if opened is None else None,
        )

    def find(
        self, table: str, *, where: Where = (), order_by: str | None = None, limit: int = 50, after: str | None = None
    ) -> Found:
        """A page of current facts rows; ``after`` of one page gives the next, as the book was when the first was read.

        Args:
            table: ``case``, ``case_party``, …
            where: ``{"centre": "x", "process": ["reported", "accepted"]}``, or filters.
            order_by: A column; ``-column`` descends.
            limit: At most so many rows, 1 to 1,000.
            after: The cursor of the page before.

        Raises:
            InvalidQuery: No such table or column; a value that does not fit; a cursor of another question.
        """
        schema = self._schema(table)
        if type(limit) is not int or not 1 <= limit <= 1000:
            raise InvalidQuery("A page has 1 to 1,000 rows.")
        page = self.store.find(table, asking.filters_of(where), asking.sort_of(order_by), limit, after)
        return Found([dict(zip(schema.names, row, strict=True)) for row in page.rows], page.cursor)

    def facts(
        self,
        table: str = "case",
        *,
        where: Where = (),
        columns: Sequence[str] | None = None,
        valid_at: When | dt.datetime | None = None,
        known_at: KnownAt = None,
        ended: bool = False,
    ) -> Facts:
        """The rows of a facts table, for a frame: ``book.facts().to_polars()`` for the cases.

        With *valid_at*, tables that say from when to when a row holds give the rows that held
        then; all others are folded from what had happened by then, which reads the journal.
        With *ended*, so are those: the rows that were over by then are among them, as they are
        without *valid_at*.

        Raises:
            InvalidQuery: No such table or column; a value that does not fit; *where* with a folded table.
        """
        schema = self._schema(table)
        names = tuple(columns) if columns is not None else schema.names
        if unknown := [name for name in names if schema.column(name) is None]:
            raise InvalidQuery(f"Table {table!r} has no column {unknown[0]!r}. It has: {', '.join(schema.names)}.")
        # The reading is pinned, so that reading twice gives the same rows while others write.
        known = asking.pinned(self.store, known_at)
        filters = asking.filters_of(where)
        self.store.facts(table, filters, names, known)  # reads nothing yet, but refuses a wrong question at once
        if valid_at is None:
            store = self.store
            by_column = (
                partial(store.columns, table, filters, names, known) if isinstance(store, ReadsColumns) else None
            )
            return Facts(schema, names, lambda: store.facts(table, filters, names, known), by_column)
        at = moment(valid_at)
        if schema.is_interval and not ended:
            return Facts(schema, names, lambda: holding(self.store, schema, filters, names, at, known))
        if filters:
            raise InvalidQuery(f"Table {table!r} at a past date is folded whole: filter the frame instead.")
        return Facts(schema, names, lambda: folded(self.store, self._folder, schema, names, at, known))

    def versions(self, known_at: KnownAt = None) -> Iterator[FactsVersion]:
        """Every row of every facts table that was ever known, matter by matter, derived from the journal.

        Args:
            known_at: As far as the book knew at a position or moment.

        Raises:
            InvalidQuery: No such position or moment.
        """
        position = asking.pinned(self.store, known_at)
        for entries in matters_of(self.store, position):
            yield from self._folder.versions(entries)

    def _schema(self, table: str) -> FactsSchema:
        if type(table) is not str or table not in self._schemas:
            raise InvalidQuery(f"There is no facts table {table!r}. There are: {', '.join(self._schemas)}.")
        return self._schemas[table]


def _must_be_present(matter: Matter) -> None:
    if matter.as_of is not None:
        raise InvalidValue("a look at the past cannot be saved", remedy="Get the present matter, and change that.")


def _salt() -> str:
    return os.urandom(16).hex()
