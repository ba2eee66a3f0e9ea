"""Moving house: a book goes into PostgreSQL and back, entry by entry, and is the same book."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import community_mediation as cm
from community_mediation.errors import AnotherBook, StoreUnavailable
from community_mediation.ports import Key
from community_mediation.stores import SqliteStore
from community_mediation.testing import strategies

PLUGINS = ["postgres"]
DAY = cm.When.parse("2024-05-09[UTC]")


def lives(book: cm.Casebook, numbers: range) -> None:
    """Cases that live by themselves or together, with keys that change hands, people, and some who are erased."""
    for number in numbers:
        rng = strategies.Random(number)
        case = strategies.lived_case(rng, id=f"c{number}")
        book.save(case, keys=[Key("locker", str(number), f"c{number}/p1")])
        person = cm.Person.create(id=f"n{number}", at=DAY, by="desk", details=strategies.some_person(rng).details)
        book.save_all([person, attrs.evolve(strategies.some_mediator(rng), id=f"x{number}", history=())])
        if number % 3 == 2:
            for id, given, taken in ((f"c{number - 1}", number - 1, None), (f"c{number}", None, number - 1)):
                one = book.get(id)
                again = one.correct(1, one.events[0], at=DAY, by="desk")
                book.save(
                    again,
                    keys=[Key("locker", str(taken))] if taken is not None else [],
                    release=[Key("locker", str(given))] if given is not None else [],
                )
        if number % 4 == 3:
            book.erase(f"n{number - 1}", reason="asked for", by="desk")
            book.save(book.get(f"n{number - 1}").change(details=cm.PersonDetails(name="钱某"), at=DAY, by="desk"))


def everything(book: cm.Casebook) -> list[Any]:
    """Entries with private parts and hashes, keys with subjects, and facts at every position."""
    store, entries = book.store, list(book.store.log(limit=100_000))
    names = dict.fromkeys(entry.matter_id for entry in entries)
    facts = [
        [list(book.facts(table, known_at=position).rows()) for table in book.tables]
        for position in range(store.head().position + 1)
    ]
    return [entries, store.head(), [store.keys(name) for name in names], facts]


@pytest.fixture
def sqlite(tmp_path: Path) -> Callable[[str], str]:
    """Gives the URL of a SQLite book of that name."""
    return lambda name: f"sqlite:///{tmp_path / name}.db"


@pytest.fixture
def book(sqlite: Callable[[str], str]) -> Iterator[cm.Casebook]:
    """A book in SQLite that knows of PostgreSQL."""
    with cm.open_casebook(sqlite("book"), plugins=PLUGINS) as book:
        lives(book, range(8))
        yield book


def test_a_book_moves_into_postgresql_and_back(
    book: cm.Casebook, new_schema: Callable[[], str], sqlite: Callable[[str], str]
) -> None:
    """From SQLite, into another schema, and home again: each is the same, and verifies with the first anchor."""
    anchor, known = book.anchor(), everything(book)
    one, other = new_schema(), new_schema()
    assert book.copy_to(one).anchor == anchor
    with cm.open_casebook(one, plugins=PLUGINS, create=False) as moved:
        assert everything(moved) == known
        assert moved.verify(anchor=anchor).findings == ()
        moved.copy_to(other)
    with cm.open_casebook(other, plugins=PLUGINS, create=False, readonly=True) as moved:
        assert everything(moved) == known
        moved.copy_to(sqlite("home"))
    with cm.open_casebook(sqlite("home"), create=False) as home:
        assert everything(home) == known


@pytest.mark.parametrize("after", [1, 4, 9])
def test_an_interrupted_copy_goes_on_with_what_was_written_since(
    book: cm.Casebook, url: str, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of PostgreSQL's hands: the program ends right behind a commit."""
    store_of = type(_store(url))
    real, left = store_of.commit, [after]

    def commit(self: Any, changes: Any) -> Any:
        done = real(self, changes)
        left[0] -= 1
        if not left[0]:
            raise StoreUnavailable("gone")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(store_of, "commit", commit)
        with pytest.raises(StoreUnavailable, match="gone"):
            book.copy_to(url)
    lives(book, range(8, 12))
    copied = book.copy_to(url)
    assert copied.entries == copied.new + _size_before(after, book)
    with cm.open_casebook(url, plugins=PLUGINS, create=False) as moved:
        assert everything(moved) == everything(book)


def _store(url: str) -> Any:
    with cm.open_casebook(url, plugins=PLUGINS) as book:
        return book.store


def _size_before(commits: int, book: cm.Casebook) -> int:
    """How many entries the first commits have."""
    moments = list(dict.fromkeys(entry.recorded_at for entry in book.log()))[:commits]
    return sum(entry.recorded_at in moments for entry in book.log())


def test_a_book_in_postgresql_is_copied_while_others_write(
    book: cm.Casebook, url: str, sqlite: Callable[[str], str]
) -> None:
    """What comes in meanwhile is copied too; the rest by the next call."""
    book.copy_to(url)
    with (
        cm.open_casebook(url, plugins=PLUGINS, create=False) as moved,
        cm.open_casebook(url, plugins=PLUGINS, create=False) as busy,
    ):
        thread = threading.Thread(target=lives, args=(busy, range(8, 16)))
        thread.start()
        try:
            moved.copy_to(sqlite("copy"))
        finally:
            thread.join()
        moved.copy_to(sqlite("copy"))
        with cm.open_casebook(sqlite("copy"), create=False) as copy:
            assert everything(copy) == everything(moved)


def test_a_book_is_not_copied_into_itself(book: cm.Casebook, url: str, new_schema: Callable[[], str]) -> None:
    """Nor taken for another one that a copy made."""
    with cm.open_casebook(url, plugins=PLUGINS) as moved:
        lives(moved, range(2))
        with pytest.raises(AnotherBook, match="itself"):
            moved.copy_to(url)
        assert moved.copy_to(new_schema()).verified


def test_a_schema_that_holds_another_book_is_refused_and_not_touched(book: cm.Casebook, url: str) -> None:
    """And so is a copy that has gone on by itself."""
    with cm.open_casebook(url, plugins=PLUGINS) as other:
        lives(other, range(2))
        known = everything(other)
        with pytest.raises(AnotherBook):
            book.copy_to(url)
        assert everything(other) == known


def test_the_control_a_copy_that_loses_a_key_is_found_out(
    book: cm.Casebook, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: keys are not written."""
    store_of = type(_store(url))
    real = store_of.commit
    monkeypatch.setattr(
        store_of, "commit", lambda self, changes: real(self, [attrs.evolve(each, keys=()) for each in changes])
    )
    assert not issubclass(store_of, SqliteStore)
    with pytest.raises(cm.MediationError, match="keys: "):
        book.copy_to(url)
