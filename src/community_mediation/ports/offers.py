"""What a store may offer beyond the required laws: search, leases, backup. It declares each as a ``Capability``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from community_mediation.domain.frozen import frozen
from community_mediation.ports.store import Filter, Head


@frozen
class Matches:
    """A page of ``search``.

    Attributes:
        matters: Ids of matters, each once.
        cursor: The cursor of the next page, if there is one.
    """

    matters: Sequence[str]
    cursor: str | None


@runtime_checkable
class Searches(Protocol):
    """What a store offers that declares ``Capability.SEARCH``."""

    def search(self, text: str, limit: int = 50, cursor: str | None = None) -> Matches:
        """Matters of which some private part that is still kept holds *text*.

        Every character counts, two Chinese ones as well as a sentence, and none is a wildcard; letters A to Z and
        a to z are equal to one another, all else is compared as it is. Matters come in the order of the first entry
        that holds the text. The cursor carries the position that the first page was read at: pages do not move, and
        none is lost or comes twice, while entries are added.

        Raises:
            InvalidQuery: No text, or half of a character (a lone surrogate) in it; a limit that is none; a cursor of
                another text, or no cursor at all.
        """
        ...


@frozen
class Lease:
    """The right to do a piece of work, for a while.

    Attributes:
        name: Who has it.
        key: What is to be done.
        token: Greater than that of every lease of the same key before: what a late worker still does under a lower
            one can be told from it.
        until: When it ends by itself, by the store's clock.
    """

    name: str
    key: str
    token: int
    until: dt.datetime


@runtime_checkable
class Leases(Protocol):
    """What a store offers that declares ``Capability.LEASES``."""

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        """Give *name* the work *key* for *ttl*; ``None`` while another name has it.

        The same name gets it again at once, with a new token: so a lease is made to last, and so a worker that
        died and was started again under its name goes on. A clock that is set back makes nobody wait for longer
        than *ttl* after the next attempt; one that is set forward may end a lease early, which the token shows.

        Raises:
            InvalidQuery: No name, no key, or a *ttl* that is not above zero and at most a day.
            StoreReadOnly: The store is open for reading only.
        """
        ...

    def release(self, lease: Lease) -> bool:
        """Give a lease back; whether it was still held under that token."""
        ...


@runtime_checkable
class BacksUp(Protocol):
    """What a store offers that declares ``Capability.BACKUP``."""

    def backup(self, path: str) -> Head:
        """Write a whole copy, as of one position, to a new file at *path*, while readers and writers go on.

        The copy opens like the store itself. It is on the disk when the call returns; a copy that was interrupted
        leaves nothing at *path*.

        Returns:
            The copy's journal's end.

        Raises:
            InvalidQuery: Something is at *path* already.
            StoreFull, StoreUnavailable: As named; nothing is left at *path*.
        """
        ...


@frozen
class ColumnBatch:
    """Some rows of a facts table, column by column.

    Attributes:
        columns: The columns asked for.
        texts: For each a JSON array of its cells in the order of the rows: numbers as numbers, truth as 0 or 1, and
            decimals, dates (``2022-01-04``) and instants (``2022-01-04T08:00:00.000000Z``) as texts.
    """

    columns: tuple[str, ...]
    texts: Sequence[str]


@runtime_checkable
class Identified(Protocol):
    """What a store offers that can tell itself from all others, so that a book is not copied into itself."""

    @property
    def identity(self) -> str:
        """Equal for two openings of one store, by whatever URL, and for no other two."""
        ...


@runtime_checkable
class ReadsColumns(Protocol):
    """What a store offers that can give facts column by column: frames of many rows are made of them in less time."""

    def columns(
        self,
        table: str,
        filters: Sequence[Filter] = (),
        columns: Sequence[str] | None = None,
        known_at: int | None = None,
    ) -> Iterator[ColumnBatch]:
        """What ``Store.facts`` gives, in the same order, column by column; batches need not be of the same size.

        Raises:
            InvalidQuery: As ``Store.facts`` says.
        """
        ...
