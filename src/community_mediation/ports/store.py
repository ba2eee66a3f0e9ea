"""What the library asks of a store, in protocols and plain values.

A store keeps entries, facts, keys and private parts. It knows no word of the domain:
an author of a store imports this module, ``facts.schema`` and ``errors`` only.

The laws are numbered as in the documentation:

1. A commit is all or nothing, and durable when it returns.
2. A stale expected version raises ``VersionConflict`` and changes nothing.
3. ``log`` gives every entry exactly once, in one order, even while others write;
   ``recorded_at`` never goes back.
4. What was written is what is read.
5. Facts at any ``known_at`` equal the facts folded from the entries known then.
6. ``find`` filters, orders and pages without loss or repetition while rows are added.
7. Every failure is a ``MediationError`` of the right branch and names no one.
8. After ``erase`` the values are unreadable in the live store, and the chain verifies.
9. What a store cannot do it does not declare (``Capability``). What it declares it does: ``ports.offers`` says what.
10. What an earlier release of the store wrote opens in this one; an upgrade that is killed goes on or rolls back.

``community_mediation.testing.StoreConformance`` holds them as tests, each under the number of its law.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event, Matter
from community_mediation.facts.schema import Cell, FactsRow, FactsSchema, RowRef
from community_mediation.ports.findings import Finding

Clock = Callable[[], dt.datetime]
"""Gives the present moment, aware. Stores take one so that time is an argument."""

TICK: Final = dt.timedelta(microseconds=1)
GENESIS: Final = "0" * 64
"""The hash that stands before the first entry."""


def system_clock() -> dt.datetime:
    """The machine's clock, in UTC."""
    return dt.datetime.now(dt.UTC)


def next_recorded_at(clock: Clock, last: dt.datetime | None) -> dt.datetime:
    """The time to give an entry under the commit lock: ``max(clock, last + 1 µs)``, so it never goes back."""
    now = clock().astimezone(dt.UTC)
    return now if last is None or now > last else last + TICK


@frozen(kw_only=True)
class OpenOptions:
    """How a store is to be opened.

    Attributes:
        create: Make the store where there is none; otherwise that is a ``StoreUnavailable``.
        readonly: Never write; a write raises ``StoreReadOnly``.
        clock: Gives ``recorded_at``.
    """

    create: bool = True
    readonly: bool = False
    clock: Clock = system_clock


class Capability(enum.StrEnum):
    """What a store may offer beyond the required laws, and must declare.

    Attributes:
        PERSISTENT: What was committed is there when the store is opened again, whatever became of the program.
        PROCESSES: Several programs use the same book at once.
        SEARCH: ``Searches``: texts are found in private parts.
        LEASES: ``Leases``: workers share work out among themselves.
        BACKUP: ``BacksUp``: a whole copy is made while writers go on.
        ERASE: What is erased is gone from the bytes of the store's own files and logs as well, when ``erase`` returns.
    """

    PERSISTENT = "persistent"
    PROCESSES = "processes"
    SEARCH = "search"
    LEASES = "leases"
    BACKUP = "backup"
    ERASE = "erase"


@frozen
class Key:
    """A unique key of a matter, such as its case number at a centre.

    Attributes:
        kind: What kind of key; unique with ``value``.
        value: The value; a keyed digest where it is personal.
        subject: The subject with which the key is erased, if any.
    """

    kind: str
    value: str
    subject: str | None = None


@frozen(kw_only=True)
class Change:
    """What one commit does to one matter.

    Attributes:
        matter_id: The matter.
        kind: Its kind, such as ``case``. A matter keeps the kind of its first entry; another is an ``InvalidValue``.
        expected: The version that the change was made on; 0 for a new matter.
        version: The version after it; greater than ``expected``.
        body: The entry's body, JSON, kept byte for byte.
        private: Subject -> private part, opaque to the store.
        close: Current facts rows that no longer hold. Closing a row that is not there is a ``StoreDamaged``.
        add: Facts rows that hold from now on. A change adds and closes rows of its own matter only; another's are an
            ``InvalidValue``.
        keys: Keys that the matter takes. One that another matter holds raises ``KeyTaken``; its own is kept.
        release: Keys that the matter gives up, before it takes others; one that it does not hold is left as it is.
            The changes of a batch take their turns in order: what one gives up, a later one may take.
    """

    matter_id: str
    kind: str
    expected: int
    version: int
    body: str
    private: Mapping[str, str] = attrs.field(factory=dict)
    close: Sequence[RowRef] = ()
    add: Sequence[FactsRow] = ()
    keys: Sequence[Key] = ()
    release: Sequence[Key] = ()


@frozen
class Committed:
    """What a commit gave: positions ``first`` to ``last`` (one an entry, in order) and their ``recorded_at``.

    All entries of one commit share ``recorded_at``. An empty batch gives ``last == first - 1``.
    """

    first: int
    last: int
    recorded_at: dt.datetime


@frozen(kw_only=True)
class Entry:
    """One line of the journal.

    Attributes:
        position: 1, 2, 3, … without gaps, in commit order.
        matter_id: The matter.
        kind: Its kind.
        expected: The version before.
        version: The version after.
        recorded_at: When the store took it, UTC; never less than that of an earlier position.
        body: JSON that names no one.
        private: Subject -> private part; an erased subject is missing.
        previous: The hash of the entry before, ``GENESIS`` for the first.
        hash: ``entry_hash`` of this one.
    """

    position: int
    matter_id: str
    kind: str
    expected: int
    version: int
    recorded_at: dt.datetime
    body: str
    private: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    previous: str
    hash: str


def entry_hash(
    previous: str,
    position: int,
    matter_id: str,
    kind: str,
    expected: int,
    version: int,
    recorded_at: dt.datetime,
    body: str,
) -> str:
    """SHA-256 over the entry before and everything of this one but its private part (whose digests are in the body).

    Lengths are part of the text, so that no two different entries have the same one.
    """
    moment = recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    parts = (previous, str(position), matter_id, kind, str(expected), str(version), moment, body)
    text = "".join(f"{len(part)}:{part}," for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


@frozen
class Kind:
    """What a book needs to know of a kind of matter. Plugins add kinds; no store needs to change for one.

    Attributes:
        name: Such as ``case``; in every entry, so it never changes.
        matter: The class.
        events: Wire name -> class of event; the names never change. Kinds may share events of the same class.
        schemas: Its facts tables.
        rows: The facts of a matter, a pure function of its public fields.
        keys: The unique keys of a matter.
    """

    name: str
    matter: type[Matter]
    events: Mapping[str, type[Event]]
    schemas: Sequence[FactsSchema]
    rows: Callable[[Matter], Sequence[FactsRow]]
    keys: Callable[[Matter], Sequence[Key]]


class Op(enum.StrEnum):
    """How a filter compares. A null cell meets ``IS_NULL`` only."""

    EQ = "eq"
    IN = "in"
    RANGE = "range"
    IS_NULL = "is_null"
    CONTAINS = "contains"


@frozen
class Filter:
    """One condition on a column; several are met together.

    ``value`` by operator: ``EQ`` a cell; ``IN`` a tuple of cells; ``RANGE`` a pair ``(from, to)``, from included,
    to excluded, ``None`` for no bound; ``IS_NULL`` ``True`` or ``False``; ``CONTAINS`` a text (text columns only,
    case-sensitive, no wildcards).
    """

    column: str
    op: Op
    value: Cell | tuple[Cell, ...]


@frozen
class Sort:
    """Order by one column, nulls last either way, ties by matter and row."""

    column: str
    descending: bool = False


@frozen
class RecordBatch:
    """Some rows of a table: the columns asked for, and a tuple of cells a row."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


@frozen
class Page:
    """A page of ``find``: rows with all columns of the schema, and the cursor of the next page, if there is one."""

    rows: Sequence[tuple[Cell, ...]]
    cursor: str | None


@frozen
class FactsVersion:
    """A facts row with the positions from which, and up to which, it was known (``known_to`` excluded)."""

    row: FactsRow
    known_from: int
    known_to: int | None


@frozen
class Head:
    """The journal's end: last position (0 if empty), its ``recorded_at`` and its hash."""

    position: int
    recorded_at: dt.datetime | None
    hash: str


@runtime_checkable
class Store(Protocol):
    """A place that keeps a casebook. Every method may raise ``StoreError``; all are safe to call from any thread."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the store offers beyond the required laws."""
        ...

    def prepare(self, schemas: Sequence[FactsSchema]) -> Sequence[str]:
        """Make the facts tables; called once after opening.

        Returns the tables that were made anew or whose version changed while the journal already holds entries:
        their rows are to be rebuilt. On a store opened for reading only, nothing is made.
        """
        ...

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Write all changes or none; consume *changes* once, in order, in bounded memory where the store can.

        ``recorded_at`` is what the clock shows, to the microsecond, unless the entry before is as late or later.

        One batch may change the same matter several times, each on the version that the change before left.
        *changes* may read the store while it is consumed, and sees the state before the commit. It must not write
        to it: a commit or a rebuild that begins inside another of the same thread is refused, for it would wait
        for itself.

        Raises:
            VersionConflict: A matter is not at the expected version.
            KeyTaken: A key belongs to another matter.
            InvalidValue: A facts row is not as its schema says or of another matter, a matter changes its kind, a
                text holds a lone surrogate.
            StoreLocked: The commit began inside another writing of the same thread, or another program holds the
                store for too long.
            StoreFull, StoreReadOnly, StoreUnavailable: as named.
        """
        ...

    def entries(self, matter_id: str, known_at: int | None = None) -> Sequence[Entry]:
        """A matter's entries in order, up to position *known_at*; empty for an unknown matter."""
        ...

    def log(self, after: int = 0, limit: int = 1000) -> Sequence[Entry]:
        """Entries of positions above *after*, in order, at most *limit*."""
        ...

    def head(self) -> Head:
        """The journal's end."""
        ...

    def position_at(self, recorded: dt.datetime) -> int:
        """The last position whose ``recorded_at`` is at or before *recorded*; 0 if there is none."""
        ...

    def facts(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[RecordBatch]:
        """Rows known at position *known_at* (now if ``None``), in one consistent reading, ordered by matter and row.

        Raises:
            InvalidQuery: No such table or column, or a filter that does not fit its column.
        """
        ...

    def find(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        sort: Sort | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """A page of rows as known when the first page was read: the cursor carries that position.

        Raises:
            InvalidQuery: As for ``facts``; a cursor of another question, or no cursor at all.
        """
        ...

    def key(self, kind: str, value: str) -> str | None:
        """The matter that holds a key."""
        ...

    def keys(self, matter_id: str) -> Sequence[Key]:
        """The keys that a matter holds, by kind and value; empty for an unknown matter."""
        ...

    def replace_facts(self, versions: Iterable[FactsVersion]) -> int:
        """Put *versions* in the place of all facts rows, all or nothing; returns how many there are."""
        ...

    def erase(self, subject: str) -> int:
        """Remove a subject's private parts and keys from everything that is read here; returns how many parts.

        A store that declares ``ERASE`` removes them from its files and logs too.
        """
        ...

    def health(self) -> Sequence[Finding]:
        """What is weak or wrong about the store as it is now."""
        ...

    def close(self) -> None:
        """Let go of everything; calling it again does nothing. Other calls then raise ``StoreClosed``."""
        ...
