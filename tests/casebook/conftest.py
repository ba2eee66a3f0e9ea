"""Every claim about a book is tested on the memory store and on the SQLite store."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community_mediation.casebook import Casebook
from community_mediation.plugins import Plugins
from community_mediation.ports import Kind, Store
from community_mediation.stores import MemoryStore, SqliteStore
from tests.casebook.samples import NOON

pytest.register_assert_rewrite("tests.casebook.checks")


class TickingClock:
    """A clock that goes on by a minute each time that it is read, unless it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(minutes=1)
        return self.now


class Shelf:
    """Makes books over stores of one sort, and opens them again."""

    def __init__(self, sort: str, folder: Path) -> None:
        self.sort = sort
        self.clock = TickingClock()
        self._folder = folder
        self._numbers = itertools.count(1)
        self._places: dict[Casebook, tuple[Path, Store]] = {}
        self._open: list[Store] = []

    def new(self, kinds: Callable[[], dict[str, Kind]] | None = None) -> Casebook:
        """An empty book of its own."""
        store: Store
        path = self._folder / f"book-{next(self._numbers)}.db"
        if self.sort == "sqlite":
            shutil.copyfile(self._blank(), path)
        store = MemoryStore(clock=self.clock) if self.sort == "memory" else SqliteStore.open(path, clock=self.clock)
        self._open.append(store)
        book = self.over(store, kinds)
        self._places[book] = (path, store)
        return book

    def _blank(self) -> Path:
        """An empty book to copy: making its tables takes longer than most of what is done with it."""
        blank = self._folder / "blank.db"
        if not blank.exists():
            with self.over(SqliteStore.open(blank, clock=self.clock)):
                pass
        return blank

    def over(self, store: Store, kinds: Callable[[], dict[str, Kind]] | None = None) -> Casebook:
        """A book over a store."""
        return Casebook(store, (kinds or Plugins().kinds)().values(), clock=self.clock)

    def again(self, book: Casebook, kinds: Callable[[], dict[str, Kind]] | None = None) -> Casebook:
        """Another book over the same contents: in SQLite through a store of its own."""
        path, store = self._places[book]
        if self.sort == "sqlite":
            store = SqliteStore.open(path, clock=self.clock)
            self._open.append(store)
        other = self.over(store, kinds)
        self._places[other] = (path, store)
        return other

    def path(self, book: Casebook) -> Path:
        """The file of a book in SQLite."""
        return self._places[book][0]

    def close(self) -> None:
        """Let go of all stores."""
        for store in self._open:
            store.close()


def shelf_of(sort: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    shelf = Shelf(sort, tmp_path_factory.mktemp("books"))
    yield shelf
    shelf.close()


@pytest.fixture(params=["memory", "sqlite"], scope="module")
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Books over either store."""
    yield from shelf_of(request.param, tmp_path_factory)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Books over SQLite, for what concerns files."""
    yield from shelf_of("sqlite", tmp_path_factory)


@pytest.fixture
def book(shelf: Shelf) -> Iterator[Casebook]:
    """An empty book."""
    with shelf.new() as book:
        yield book


@pytest.fixture
def file_book(sqlite: Shelf) -> Iterator[Casebook]:
    """An empty book in a file."""
    with sqlite.new() as book:
        yield book
