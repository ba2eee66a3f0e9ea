"""All laws at once: whatever is done to a store, it answers as the store in memory does, to which the same was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from community_mediation.ports import Capability, Sort
from community_mediation.testing.stores.beside import Lives
from community_mediation.testing.stores.fixtures import Opener, StoreFixtures
from community_mediation.testing.stores.lives import Broken, Life, Told

MATTERS = st.sampled_from(["m1", "m2", "汉", "m\0"])
SMALL = st.integers(0, 3)
POSITIONS = st.none() | st.integers(0, 16)
TEXTS = st.sampled_from(["", "李某", "Plum", "plum tree", "100%", "a\0b", "'\"", "plum 李某"])
CELLS = st.fixed_dictionaries({"beds": st.none() | SMALL, "crop": st.none() | TEXTS, "moment": st.integers(0, 10**7)})
CHANGE = st.builds(
    Told,
    matter=MATTERS,
    close=st.sets(SMALL, max_size=3),
    add=st.sets(SMALL, max_size=3),
    cells=CELLS,
    private=st.dictionaries(SMALL, TEXTS, max_size=2),
    keys=st.sets(st.integers(0, 5), max_size=2),
    release=st.sets(st.integers(0, 5), max_size=2),
    leap=st.sampled_from([1, 1, 1, 3]),
)
FAULTS = st.sampled_from(["stale", "ahead", "taken", "surrogate", "kind", "unclosed", "twice", "raises"])


class StoreMachine(RuleBasedStateMachine):
    """Each step is done to both stores, and what they answer is compared under the name of a law.

    Hypothesis leaves out of a failure what can go in pieces of a few choices, and puts rules with few arguments and
    early names first. So the first of them must be possible in every state, as ``commit`` is: in place of one that is
    not, each step would cost so many choices that none could go.
    """

    lives: Lives

    def __init__(self) -> None:
        super().__init__()
        self.life: Life = self.lives.begin()

    def teardown(self) -> None:
        """Let go of the store."""
        self.lives.end(self.life)

    def told(self, law: str, what: str, call: Callable[..., Any]) -> Any:
        """What the call gives on both."""
        return self.lives.told(self.life, law, what, call)

    @rule(batch=st.lists(CHANGE, max_size=4))
    def commit(self, batch: list[Told]) -> None:
        """A batch that both take. What was known before stays known; an answer that was begun goes on as it began."""
        draft = self.life.draft(batch)
        before = self.life.memory.head().position
        given = self.told("1", "what a commit gives", lambda store: store.commit(iter(draft.changes)))
        assert not isinstance(given, type), f"Law 1 broke: both refuse what is right, with {given}"
        draft.take()
        self.told("5", "the facts known before the commit", lambda store: self.life.rows(store, known_at=before))
        question = self.life.pages.pop(0) if self.life.pages else self.life.question(Sort("crop"), 2, None)
        self.lives.page(self.life, question)
        if self.life.offers(Capability.SEARCH):
            for text in {text for told in batch for text in told.private.values() if text}:
                self.lives.search(self.life, text, 3)

    @rule(batch=st.lists(CHANGE, min_size=1, max_size=3), fault=FAULTS, more=st.booleans())
    def refused_commit(self, batch: list[Told], fault: str, more: bool) -> None:
        """A batch with one fault in it: the error's type is the same, and nothing is left of the batch."""
        draft = self.life.draft(batch)
        changes = draft.with_fault(fault)
        if changes is None:
            return

        def stream() -> Iterator[Any]:
            yield from changes
            if fault == "raises":
                raise Broken

        law = {"stale": "2", "ahead": "2", "taken": "2", "surrogate": "4", "kind": "2", "raises": "1"}.get(fault, "5")
        self.told(law, f"the error for a batch with a fault ({fault})", lambda store: store.commit(stream()))

    @rule(subject=SMALL)
    def erase(self, subject: int) -> None:
        """A subject goes; no search finds what it held."""
        held = self.life.held_by(subject)
        self.told("8", "how many parts were erased", lambda store: store.erase(self.life.subject(subject)))
        self.life.erased(subject)
        if self.life.offers(Capability.SEARCH):
            for text in held:
                self.lives.search(self.life, text, 3)

    @precondition(lambda self: self.life.position)
    @rule(
        rows=st.lists(st.tuples(MATTERS, SMALL, st.integers(0, 9), st.none() | st.integers(1, 9), CELLS), max_size=5),
        changed=st.sampled_from([False, False, True]),
    )
    def rebuild(self, rows: list[Any], changed: bool) -> None:
        """All facts are written anew, of a table that changed or did not."""
        if changed:
            self.life.change_table()
            self.told("5", "the tables that are to be rebuilt", lambda store: tuple(store.prepare(self.life.schemas)))
            self.told("5", "the rows of a table that changed", self.life.rows)
        versions = self.life.versions(rows)
        self.told("5", "how many rows were replaced", lambda store: store.replace_facts(iter(versions)))
        self.life.rebuilt(versions)

    @rule(
        column=st.sampled_from([None, "crop", "beds", "matter_id", "row", "watered_at", "rent"]),
        descending=st.booleans(),
        limit=st.integers(1, 4),
        contains=st.none() | st.sampled_from(["", "u", "%", "李", "\0", "P"]),
    )
    def open_page(self, column: str | None, descending: bool, limit: int, contains: str | None) -> None:
        """The first page of an answer; it is read on later."""
        sort = None if column is None else Sort(column, descending)
        self.lives.page(self.life, self.life.question(sort, limit, contains))

    @precondition(lambda self: self.life.pages)
    @rule(which=st.integers(0, 9))
    def next_page(self, which: int) -> None:
        """A page of an answer whose first page was read some commits ago."""
        self.lives.page(self.life, self.life.pages.pop(which % len(self.life.pages)))

    @rule(known_at=POSITIONS, matter=MATTERS, part=st.sampled_from(["plum", "李某", "zz"]))
    def facts_at(self, known_at: int | None, matter: str, part: str) -> None:
        """Facts at a position, of all matters and of some."""
        at = None if known_at is None else self.life.start + known_at
        self.told("5", f"the facts known at {at}", lambda store: self.life.rows(store, known_at=at))
        filters = self.life.filters(matter, part)
        self.told("6", "the facts that meet filters", lambda store: self.life.rows(store, filters, known_at=at))

    @rule(known_at=POSITIONS, after=st.integers(0, 16), limit=st.integers(1, 5), matter=MATTERS)
    def read_journal(self, known_at: int | None, after: int, limit: int, matter: str) -> None:
        """Entries and pages of the log."""
        name, start = self.life.matter(matter), self.life.start
        at = None if known_at is None else start + known_at
        self.told("3", "the entries of a matter", lambda store: list(store.entries(name, at)))
        self.told("3", "a page of the log", lambda store: list(store.log(start + after, limit)))

    @rule(seconds=st.integers(-(10**6), 10**6))
    def turn_the_clock(self, seconds: int) -> None:
        """Forward or back."""
        moment = self.life.turn(seconds)
        self.told("3", "the position at a time", lambda store: store.position_at(moment))

    @precondition(lambda self: self.life.offers(Capability.PERSISTENT))
    @rule(times=st.integers(1, 2))
    def open_again(self, times: int) -> None:
        """After closing."""
        for _ in range(times):
            self.life.reopen(close=True)

    @precondition(lambda self: self.life.offers(Capability.PERSISTENT, Capability.PROCESSES))
    @rule(times=st.integers(1, 2))
    def open_after_a_crash(self, times: int) -> None:
        """What was open is abandoned as it is."""
        for _ in range(times):
            self.life.reopen(close=False)

    @precondition(lambda self: self.life.offers(Capability.SEARCH))
    @rule(text=st.sampled_from(["李某", "PLUM", "plum 李", "%", "\0", "u", "zzz"]), limit=st.integers(1, 3))
    def search(self, text: str, limit: int) -> None:
        """All pages of a search."""
        self.lives.search(self.life, text, limit)

    @precondition(lambda self: self.life.offers(Capability.LEASES))
    @rule(name=st.sampled_from(["ann", "孙某"]), work=st.sampled_from(["post", "papers"]), minutes=st.integers(1, 500))
    def lease(self, name: str, work: str, minutes: int) -> None:
        """Who gets the work is who should."""
        self.lives.lease(self.life, name, work, minutes)

    @precondition(lambda self: self.life.offers(Capability.LEASES) and self.life.given)
    @rule(which=st.integers(0, 9))
    def give_back(self, which: int) -> None:
        """A lease, held or long over."""
        self.lives.give_back(self.life, which)

    @invariant()
    def agree(self) -> None:
        """Whatever can be seen of both is equal."""
        self.lives.compare(self.life)


def store_machine(lives: Lives) -> type[StoreMachine]:
    """A state machine of Hypothesis that lives lives of a store beside one in memory.

    Args:
        lives: Where the books come from.
    """
    return type("Book", (StoreMachine,), {"lives": lives})


class MachineLaws(StoreFixtures):
    """All laws, in any order of steps."""

    machine_examples: ClassVar[int] = 25
    machine_steps: ClassVar[int] = 25

    def test_it_answers_as_memory_does_whatever_is_done(
        self, open_store: Opener, new_books: Callable[[], Opener] | None
    ) -> None:
        """Law 5 and all others: each comparison in the machine is named by its law."""
        lives = Lives(open_store, new_books)
        try:
            run_state_machine_as_test(
                store_machine(lives),
                settings=settings(
                    max_examples=self.machine_examples,
                    stateful_step_count=self.machine_steps,
                    deadline=None,
                    # Which of the values do not matter is found out by living many more lives.
                    phases=[phase for phase in settings().phases if phase is not Phase.explain],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            lives.close()
