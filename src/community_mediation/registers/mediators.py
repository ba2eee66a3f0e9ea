"""Mediators whom a register knows by name: one ``Mediator`` a name and centre, found again by a keyed digest."""

from __future__ import annotations

from collections.abc import Sequence

from community_mediation.casebook import Casebook, new_id
from community_mediation.casebook.keys import MEDIATOR_NAME, key_text
from community_mediation.domain.matter import Matter
from community_mediation.domain.people import MediatorDetails
from community_mediation.domain.record import Mediator
from community_mediation.domain.values import When
from community_mediation.ports import Key


class Mediators:
    """Finds or makes the mediators that rows name. Memory grows with the number of mediators, not of rows.

    Args:
        book: The book.
        by: The account that imports.
        at: When new ones are recorded.
        dry_run: Make nothing, not even the book's secret.
    """

    def __init__(self, book: Casebook, by: str, at: When, *, dry_run: bool) -> None:
        self._book, self._by, self._at, self._dry_run = book, by, at, dry_run
        self._ids: dict[tuple[str, str], str] = {}
        self._new: list[tuple[tuple[str, str], Mediator]] = []
        self._keys: dict[str, Key] = {}

    def ids(self, names: Sequence[str], centre: str) -> list[str]:
        """The ids of the mediators of a row; an id of the book stands for itself."""
        if not names:
            return []
        place = "_".join(centre.split())
        return list(dict.fromkeys([self._id(name, place) for name in names]))

    def _id(self, name: str, centre: str) -> str:
        known = self._ids.get((centre, name))
        if known is None:
            known = self._find(name, centre) or self._make(name, centre)
            self._ids[centre, name] = known
        return known

    def _find(self, name: str, centre: str) -> str | None:
        entries = self._book.store.entries(name)
        if entries and entries[0].kind == "mediator":
            return name
        if self._dry_run and not self._book.has_secret():
            return None
        return self._book.holder(self._book.keyed(MEDIATOR_NAME, key_text(centre, name)))

    def _make(self, name: str, centre: str) -> str:
        id = new_id()
        details = MediatorDetails(name=name, centre=centre or None)
        self._new.append(((centre, name), Mediator.create(id=id, details=details, at=self._at, by=self._by)))
        if not self._dry_run:
            self._keys[id] = self._book.keyed(MEDIATOR_NAME, key_text(centre, name), subject=id)
        return id

    def keys_of(self, matter: Matter) -> tuple[Key, ...]:
        """The key by which a new mediator is found again."""
        return (self._keys[matter.id],) if matter.id in self._keys else ()

    def ready(self) -> None:
        """Make the secret under which they are found again; inside a commit it is too late for that."""
        self._book.keyed(MEDIATOR_NAME, "")

    def mark(self) -> int:
        """How many new ones there are so far."""
        return len(self._new)

    def taken(self) -> tuple[Mediator, ...]:
        """The new ones, to be saved with the row that named them first."""
        found = tuple(mediator for _, mediator in self._new)
        self._new.clear()
        return found

    def take_back(self, mark: int) -> None:
        """Forget the new ones since a mark: their row was not taken."""
        for place, mediator in self._new[mark:]:
            self._ids.pop(place, None)
            self._keys.pop(mediator.id, None)
        del self._new[mark:]

    def forget(self) -> None:
        """Look everyone up again: another program may have recorded them."""
        self._ids.clear()
