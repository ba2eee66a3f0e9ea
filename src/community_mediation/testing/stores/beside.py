"""A store beside one in memory: the same is done to both, and what they answer is compared, law by law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from community_mediation.errors import MediationError
from community_mediation.ports import Capability
from community_mediation.stores import MemoryStore
from community_mediation.testing.stores.fixtures import Opener
from community_mediation.testing.stores.gardens import HandClock, chain_fault
from community_mediation.testing.stores.lives import MATTERS, MINUTE, NUMBERS, Broken, Life, Question


class Lives:
    """The books of one test: each life has its own, or all share one and go on in it."""

    def __init__(self, opener: Opener, new_books: Callable[[], Opener] | None) -> None:
        self._opener, self._new_books = opener, new_books
        self._shared: Life | None = None
        self._count = 0
        self._failed: AssertionError | None = None

    def begin(self) -> Life:
        """A life in an empty book, or the next one in the book that all share."""
        if self._failed is not None:
            # The stores of a shared book have come apart: whatever is tried now would fail, and tell nothing.
            raise self._failed
        self._count += 1
        if self._new_books is not None:
            return self._first(self._new_books(), "")
        if self._shared is None:
            clock = HandClock()
            probe = self._opener(clock)
            if Capability.PERSISTENT not in probe.capabilities:
                probe.close()
                return self._first(self._opener, "")
            self._shared = self._prepared(Life(MemoryStore(clock), probe, clock, self._opener, "0/", 0))
        last = self._shared
        fresh = Life(last.memory, last.store, last.clock, self._opener, f"{self._count}/", last.table)
        fresh.abandoned = last.abandoned
        # Facts of the lives before go: what is compared stays small.
        for store in (fresh.memory, fresh.store):
            store.replace_facts([])
        self._shared = fresh
        return fresh

    def _first(self, opener: Opener, prefix: str) -> Life:
        clock = HandClock()
        return self._prepared(Life(MemoryStore(clock), opener(clock), clock, opener, prefix, 0))

    def _prepared(self, life: Life) -> Life:
        for store in (life.memory, life.store):
            assert tuple(store.prepare(life.schemas)) == ()
        return life

    def end(self, life: Life) -> None:
        """Let go of a life's own book."""
        if life is not self._shared:
            self._let_go(life)

    def close(self) -> None:
        """Let go of the shared book."""
        if self._shared is not None:
            self._let_go(self._shared)

    def _let_go(self, life: Life) -> None:
        for store in (life.memory, life.store, *life.abandoned):
            store.close()

    # Comparing

    def told(self, life: Life, law: str, what: str, call: Callable[[Any], Any]) -> Any:
        """What a call gives on both stores; an error is an answer, by its type."""
        answers = []
        for store in (life.memory, life.store):
            try:
                answers.append(call(store))
            except (MediationError, Broken) as error:
                answers.append(type(error))
        self.same(law, what, *answers)
        return answers[0]

    def same(self, law: str, what: str, wanted: Any, given: Any) -> None:
        """Fail by the name of a law where two answers differ."""
        try:
            assert given == wanted, f"Law {law} broke: {what} differ"
        except AssertionError as error:
            if self._shared is not None:
                self._failed = error
            raise

    def compare(self, life: Life) -> None:
        """All that can be seen without a question."""
        entries = self.told(life, "4", "the entries", lambda store: list(store.log(life.start, 1_000_000)))
        self.told(life, "3", "the heads", lambda store: store.head())
        self.told(life, "5", "the current facts", life.rows)
        self.told(life, "2", "the holders", lambda store: [store.key("no", life.key(n).value) for n in NUMBERS])
        self.told(life, "4", "the keys", lambda store: [list(store.keys(life.matter(name))) for name in MATTERS])
        if not life.prefix:
            self.same("3", "the place where the chain breaks and None", None, chain_fault(entries))

    def page(self, life: Life, question: Question) -> None:
        """The next page of an answer, which may have been begun some commits ago."""
        answers: list[Any] = []
        for store, cursor in zip((life.memory, life.store), question.cursors, strict=True):
            answers.append(store.find("plot", question.filters, question.sort, question.limit, cursor))
        wanted, given = answers
        self.same("6", "the rows of a page", list(wanted.rows), list(given.rows))
        self.same("6", "whether there is a further page", wanted.cursor is None, given.cursor is None)
        if given.cursor is not None:
            life.pages.append(attrs.evolve(question, cursors=(wanted.cursor, given.cursor)))

    def search(self, life: Life, text: str, limit: int) -> None:
        """All pages of a search; what it should find is read from the journal in memory."""
        store: Any = life.store
        wanted: list[str] = []
        for entry in life.memory.log(0, 1_000_000):
            holds = any(folded(text) in folded(part) for part in entry.private.values())
            if holds and entry.matter_id not in wanted:
                wanted.append(entry.matter_id)
        found: list[str] = []
        cursor = None
        # One page more than there are matters: an answer whose pages go on holds too many, or none at all.
        for _ in range(len(wanted) + 1):
            page = store.search(text, limit, cursor)
            found += page.matters
            cursor = page.cursor
            if cursor is None:
                break
        self.same("6 (SEARCH)", "whether there is a further page", True, cursor is None)
        self.same("6 (SEARCH)", "the matters that a search finds", wanted, found)

    def lease(self, life: Life, name: str, work: str, minutes: int) -> None:
        """Ask for a piece of work."""
        store: Any = life.store
        key = f"{life.prefix}{life.era} {work}"
        held = life.works.get(key)
        free = held is None or held.name == name or held.until <= life.clock.now
        lease = store.lease(name, key, minutes * MINUTE)
        # At the very end of a lease a store may give or wait.
        if held is None or held.until != life.clock.now:
            self.same("9 (LEASES)", "whether the work is given", free, lease is not None)
        if lease is not None:
            self.same("9 (LEASES)", "the end of a lease", life.clock.now + minutes * MINUTE, lease.until)
            self.same(
                "9 (LEASES)", "whether the token rises", True, lease.token > life.tokens.get(key, lease.token - 1)
            )
            life.tokens[key] = lease.token
            for over in (one for one in life.given if one.key == key):
                self.same("9 (LEASES)", "whether a lease that is over is given back", False, store.release(over))
            life.works[key] = lease
            life.given.append(lease)

    def give_back(self, life: Life, which: int) -> None:
        """Give back a lease that was given at some time."""
        store: Any = life.store
        lease = life.given[which % len(life.given)]
        held = life.works.get(lease.key)
        given = store.release(lease)
        if held is None or held.token != lease.token:
            self.same("9 (LEASES)", "whether a lease that is over is given back", False, given)
        else:
            if lease.until > life.clock.now:
                self.same("9 (LEASES)", "whether a lease is given back", True, given)
            life.works[lease.key] = None


def folded(text: str) -> str:
    """The text with A to Z as a to z, and nothing else changed."""
    return "".join(character.lower() if character.isascii() else character for character in text)
