"""Filling a book with very many cases: the very changes that ``add_many`` commits, under ids and numbers of their own.

The journal, the facts and the keys are what they would be, and ``verify`` finds them so. Only the judging and encoding
of each case is left out, which does not know how large the book is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

import community_mediation as cm
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import Change, Committed, Key, Store

CHUNK = 500
REMEMBERED = 100


class Recorder:
    """A store that keeps what is committed to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changes: list[Change] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, changes: Iterable[Change]) -> Committed:
        """As of the store below."""
        given = list(changes)
        self.changes += given
        return self._store.commit(given)


class Filler:
    """Gives changes without end, each that of one of *models* under names of its own; keeps every hundredth's id."""

    def __init__(self, models: Sequence[cm.Case], names: Callable[[int], tuple[str, str]]) -> None:
        """*names* makes a case's number and its number elsewhere, as long as those of the models."""
        with cm.open_casebook("memory:") as book:
            book.store = recorder = Recorder(book.store)
            book.add_many(models)
        self._models = [
            (change, (case.id, case.reference, case.external.number))
            for case, change in zip(models, recorder.changes, strict=True)
            if case.reference is not None and case.external is not None
        ]
        self._names = names
        self._number = 0
        self.ids: list[str] = []

    def fill(self, store: Store, count: int) -> None:
        """Commit so many changes, some hundreds at a time."""
        wanted = itertools.islice(self._changes(), count)
        while some := list(itertools.islice(wanted, CHUNK)):
            store.commit(some)

    def _changes(self) -> Iterator[Change]:
        while True:
            model, olds = self._models[self._number % len(self._models)]
            self._number += 1
            id = cm.new_id()
            if self._number % REMEMBERED == 0:
                self.ids.append(id)
            pairs = list(zip(olds, (id, *self._names(self._number)), strict=True))
            yield attrs.evolve(
                model,
                matter_id=id,
                body=_renamed(model.body, pairs),
                private={_renamed(subject, pairs): data for subject, data in model.private.items()},
                add=[FactsRow(row.table, (id, *row.cells[1:])) for row in model.add],
                keys=[Key(key.kind, _renamed(key.value, pairs), key.subject) for key in model.keys],
            )


def _renamed(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
