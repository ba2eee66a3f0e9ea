"""Random books, what two books must have in common to be the same, and stores that get in the way of a copy."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from community_mediation.casebook import Casebook, Copied, copying
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Matter
from community_mediation.domain.record import Person
from community_mediation.errors import IllegalMove, InvalidValue, KeyTaken, NotFound
from community_mediation.plugins import Plugins
from community_mediation.ports import Change, Committed, Key, Kind, Searches, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.testing import strategies
from tests.casebook.checks import all_facts
from tests.casebook.hazard import HAZARD, found
from tests.casebook.samples import BY, at, cut

# ---------------------------------------------------------------- books


def with_hazards() -> dict[str, Kind]:
    """The kinds that the library has, and one of a plugin."""
    return {**Plugins().kinds(), "hazard": HAZARD}


STEPS: Final = ("case", "cases", "go on", "correct", "give up", "swap", "person", "change", "erase", "hazard", "secret")
Steps = Sequence[tuple[str, int]]


def steps(max_size: int = 14) -> st.SearchStrategy[Steps]:
    """What to do with a book, one after the other."""
    return st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2**16)), min_size=1, max_size=max_size)


class Writer:
    """Does steps with a book that knows hazards; what is not possible just then is left out."""

    def __init__(self, book: Casebook) -> None:
        self.book = book
        self._count = 0

    def all(self, steps: Iterable[tuple[str, int]]) -> None:
        """Do them one by one."""
        for step in steps:
            self.do(*step)

    def do(self, step: str, number: int) -> None:
        """Do one."""
        self._count += 1
        with contextlib.suppress(IllegalMove, InvalidValue, KeyTaken, NotFound, IndexError):
            getattr(self, f"_{step.replace(' ', '_')}")(Random(number))

    def _id(self) -> str:
        return f"m{self._count}"

    def _one(self, rng: Random, cls: type[Matter]) -> Any:
        """Some matter of a class; there may be none."""
        known = [each for entry in self.book.log() if entry.kind != "book" for each in [entry.matter_id]]
        matters = [matter for id in dict.fromkeys(known) if isinstance(matter := self.book.get(id), cls)]
        return matters[rng.randrange(len(matters) or 1)]

    @staticmethod
    def _key(rng: Random, id: str) -> Key:
        return Key("locker", str(rng.randrange(3)), rng.choice([None, f"{id}/p1"]))

    def _case(self, rng: Random) -> None:
        case = strategies.lived_case(rng, id=self._id())
        for part in cut(case, rng.randrange(1, 5)):
            self.book.save(part, keys=[self._key(rng, case.id)] if rng.randrange(2) else [])

    def _cases(self, rng: Random) -> None:
        made = [strategies.lived_case(rng, id=f"{self._id()}-{index}", moves=3) for index in range(rng.randrange(1, 4))]
        self.book.add_all((case, [self._key(rng, case.id)] if rng.randrange(2) else []) for case in made)

    def _go_on(self, rng: Random) -> None:
        case = self._one(rng, Case)
        self.book.save(strategies.mover(case, rng.choice(list(case.possible)), rng)(at(9000)))

    def _correct(self, rng: Random) -> None:
        case = self._one(rng, Case)
        birth = attrs.evolve(case.events[0], reference=f"No. {rng.randrange(3)}")
        release = [key for key in self.book.store.keys(case.id) if rng.randrange(2)]
        self.book.save(case.correct(1, birth, at=at(9000), by=BY), release=release)

    def _give_up(self, rng: Random) -> None:
        case = self._one(rng, Case)
        held = self.book.store.keys(case.id)
        self.book.save(case.correct(1, case.events[0], at=at(9000), by=BY), release=held)

    def _swap(self, rng: Random) -> None:
        """A key goes from one case to another in one commit."""
        one, other = self._one(rng, Case), self._one(rng, Case)
        (key, *_) = self.book.store.keys(one.id) or [self._key(rng, one.id)]
        sitting = self.book._judge.sitting()
        changes = [
            self.book._change(each.correct(1, each.events[0], at=at(9000), by=BY), keys, sitting, release)
            for each, keys, release in [(one, (), (key,)), (other, (attrs.evolve(key, subject=other.id),), ())]
        ]
        # What a case has by itself it takes again with every save.
        changes[0] = attrs.evolve(changes[0], keys=[each for each in changes[0].keys if each.value != key.value])
        if one.id != other.id:
            self.book.store.commit(changes)

    def _person(self, rng: Random) -> None:
        details = strategies.some_person(rng).details
        self.book.save(Person.create(id=self._id(), details=details, at=at(), by=BY))

    def _change(self, rng: Random) -> None:
        """Also of a person who was erased: what is recorded after an erasure stays."""
        person = self._one(rng, Person)
        self.book.save(
            person.change(details=attrs.evolve(person.details, name=f"钱某{rng.random()}"), at=at(9000), by=BY)
        )

    def _erase(self, rng: Random) -> None:
        matter = self._one(rng, rng.choice([Case, Person]))
        self.book.erase(rng.choice([matter.id, f"{matter.id}/p1"]), reason="asked", by=BY)

    def _hazard(self, rng: Random) -> None:
        for part in cut(found(self._id(), place="某处").rectify(at=at(5), by=BY), rng.randrange(2)):
            self.book.save(part)

    def _secret(self, rng: Random) -> None:
        self.book.keyed("kind", str(rng.random()))


# ---------------------------------------------------------------- copies


class Place:
    """A store of one sort to copy into, which can be opened again and again."""

    def __init__(self, sort: str, folder: Path) -> None:
        self.sort = sort
        self._path = folder / f"copy-{len(list(folder.iterdir()))}.db"
        self._memory = MemoryStore(self.clock_of_now)
        self._clock = copying.ReplayClock()

    def clock_of_now(self) -> Any:
        """What the store in memory has for a clock: that of the copy under way."""
        return self._clock()

    def opened(self, clock: copying.ReplayClock) -> Store:
        """The store, with that clock."""
        self._clock = clock
        return self._memory if self.sort == "memory" else SqliteStore.open(self._path, clock=clock)

    def let_go(self, store: Store) -> None:
        """Close what was opened; a store in memory would be gone."""
        if self.sort != "memory":
            store.close()

    @contextlib.contextmanager
    def book(self, kinds: Callable[[], dict[str, Kind]] = with_hazards) -> Iterator[Casebook]:
        """The copy as a book."""
        store = self.opened(copying.ReplayClock())
        try:
            yield Casebook(store, kinds().values())
        finally:
            self.let_go(store)

    def copy(
        self,
        source: Store,
        *,
        kinds: Callable[[], dict[str, Kind]] = with_hazards,
        hinder: Callable[[Store], Store] = lambda store: store,
        **how: Any,
    ) -> Copied:
        """Copy *source* here, or go on; *hinder* is put around the store."""
        clock = copying.ReplayClock()
        store = self.opened(clock)
        known = Casebook(MemoryStore(), kinds().values())
        try:
            schemas = tuple(known.tables.values())
            return copying.copy(source, hinder(store), clock, known._folder, schemas, **how)
        finally:
            self.let_go(store)


def names(store: Store) -> list[str]:
    """All matters."""
    return list(dict.fromkeys(entry.matter_id for entry in store.log(limit=100_000)))


def assert_same(book: Casebook, copy: Casebook, positions: Iterable[int] | None = None) -> None:
    """Entries with their private parts, keys with their subjects, facts at every position, and what is searched for."""
    known = [*range(book.store.head().position + 1)] if positions is None else [*positions, book.store.head().position]
    one, other = book.store, copy.store
    assert other.log(limit=100_000) == one.log(limit=100_000)
    assert other.head() == one.head()
    assert [other.keys(name) for name in names(one)] == [one.keys(name) for name in names(one)]
    assert [all_facts(copy, each) for each in known] == [all_facts(book, each) for each in known]
    assert copy.verify(anchor=book.anchor()).findings == ()
    assert isinstance(one, Searches)
    assert isinstance(other, Searches)
    for text in ("某", "case", "7"):
        assert other.search(text, 1000).matters == one.search(text, 1000).matters


# ---------------------------------------------------------------- what gets in the way


class Hindered:
    """A store that does all that another does; what a test changes, it changes here."""

    def __init__(self, store: Store, **changed: Callable[..., Any]) -> None:
        self._store, self._changed = store, changed

    def __getattr__(self, name: str) -> Any:
        return self._changed[name] if name in self._changed else getattr(self._store, name)


def with_commits(change: Callable[[Store, list[Change]], Committed]) -> Callable[[Store], Any]:
    """Puts a store around another whose commits are *change*."""
    return lambda store: Hindered(store, commit=lambda changes: change(store, list(changes)))


def with_changes(change: Callable[[Change], Change | None]) -> Callable[[Store], Any]:
    """Puts a store around another that keeps what *change* makes of each change, or loses it."""
    return with_commits(lambda store, changes: store.commit(filter(None, map(change, changes))))
