"""Moving house: a copy is the same book, whatever the stores, however often it was interrupted, whoever writes on."""

from __future__ import annotations

import datetime as dt
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import community_mediation as cm
from community_mediation.casebook import Casebook, copying, verifying
from community_mediation.casebook.verifying import check_facts
from community_mediation.errors import (
    AnotherBook,
    KeyTaken,
    MediationError,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
)
from community_mediation.plugins import Plugins
from community_mediation.ports import Change, Key, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.stores.kit import changes
from tests.casebook.checks import all_facts, all_versions, found_in, raw, state_of
from tests.casebook.conftest import Shelf
from tests.casebook.hazard import found
from tests.casebook.moving import (
    Hindered,
    Place,
    Steps,
    Writer,
    assert_same,
    steps,
    with_changes,
    with_commits,
    with_hazards,
)
from tests.casebook.samples import BY, FEW, Canaries, at, cut, reported, settled, watched

EVERYTHING: Steps = [
    ("secret", 1), ("case", 2), ("cases", 6), ("person", 4), ("case", 5), ("go on", 6), ("correct", 7), ("give up", 8),
    ("swap", 9), ("change", 10), ("hazard", 11), ("erase", 12), ("change", 13), ("erase", 14), ("case", 15),
]  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where to copy to."""
    return Place(request.param, tmp_path)


@pytest.fixture
def book(shelf: Shelf) -> Iterator[Casebook]:
    """A book in which everything happened."""
    with shelf.new(with_hazards) as book:
        Writer(book).all(EVERYTHING)
        yield book


# ---------------------------------------------------------------- the same book


@FEW
@given(steps=steps(10), sort=st.sampled_from(["memory", "sqlite"]))
def test_a_copy_is_the_same_book(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, steps: Steps, sort: str
) -> None:
    """Whatever was done: entries, private parts, times, hashes, keys, facts at every position, searches."""
    place = Place(sort, tmp_path_factory.mktemp("copy"))
    with shelf.new(with_hazards) as book:
        Writer(book).all(steps)
        copied = place.copy(book.store)
        assert (copied.entries, copied.new, copied.anchor) == (
            book.store.head().position,
            book.store.head().position,
            book.anchor(),
        )
        with place.book() as copy:
            assert_same(book, copy)


@FEW
@given(before=steps(7), after=steps(7), ends=st.lists(st.integers(1, 12), max_size=3))
def test_an_interrupted_copy_goes_on_although_the_book_did_too(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, before: Steps, after: Steps, ends: list[int]
) -> None:
    """Erasures, and keys that went from one matter to another, are made up for."""
    place = Place("memory", tmp_path_factory.mktemp("copy"))
    with shelf.new(with_hazards) as book:
        writer = Writer(book)
        writer.all(before)
        for end, step in zip(ends, after, strict=False):
            try_to_copy(place, book.store, end)
            writer.do(*step)
        writer.all(after[len(ends) :])
        place.copy(book.store)
        with place.book() as copy:
            assert_same(book, copy)


class Stop(StoreUnavailable):
    """The power went."""


def stopping(after: int, *, before_it_is_done: bool = False) -> Callable[[Store], Any]:
    """Puts a store around another in which something goes wrong in, or right behind, the n-th commit or erasure."""
    left = [after]

    def wrapped(store: Store) -> Any:
        def counted(real: Callable[[Any], Any]) -> Callable[[Any], Any]:
            def call(given: Any) -> Any:
                left[0] -= 1
                if left[0] == 0 and before_it_is_done:
                    raise Stop("in it")
                done = real(given)
                if left[0] == 0:
                    raise Stop("behind it")
                return done

            return call

        return Hindered(store, commit=counted(store.commit), erase=counted(store.erase))

    return wrapped


def try_to_copy(place: Place, source: Store, end: int, **how: Any) -> bool:
    """Copy until something goes wrong; says whether it did."""
    try:
        place.copy(source, hinder=stopping(end, **how))
    except Stop:
        return True
    return False


@pytest.mark.parametrize("before_it_is_done", [False, True])
def test_a_copy_that_is_interrupted_anywhere_goes_on(before_it_is_done: bool, tmp_path: Path) -> None:
    """In every single commit and erasure, or between it and what follows, and once more in the next."""
    book = Casebook(MemoryStore(), with_hazards().values())
    Writer(book).all(EVERYTHING)
    for number in range(1, 200):
        here = Place("memory", tmp_path)
        if not try_to_copy(here, book.store, number, before_it_is_done=before_it_is_done):
            break
        with here.book() as half:
            # What is there is a book by itself, but for an erasure that is not finished.
            assert {each.code for each in half.verify().findings} <= {"erasure-unfinished", "private-missing"}
        try_to_copy(here, book.store, 1, before_it_is_done=before_it_is_done)
        assert here.copy(book.store, check=False).anchor == book.anchor()
        with here.book() as copy:
            assert_same(book, copy, positions=[number])
    assert number > 12


def test_a_copy_that_is_interrupted_at_every_commit_comes_to_its_end(place: Place, book: Casebook) -> None:
    """Each run does one commit, or ends an erasure and does one."""
    commits = len({entry.recorded_at for entry in book.store.log()})
    runs = 0
    while try_to_copy(place, book.store, 2) and runs <= commits:
        runs += 1
    assert commits / 2 <= runs <= commits
    with place.book() as copy:
        assert_same(book, copy)


def test_what_is_copied_can_be_copied_back(shelf: Shelf, place: Place, book: Casebook, tmp_path: Path) -> None:
    """Into a store of the first sort, with the same anchor all the way."""
    place.copy(book.store)
    back = Place(shelf.sort, tmp_path)
    with place.book() as copy:
        assert back.copy(copy.store).anchor == book.anchor()
    with back.book() as home:
        assert_same(book, home)


def test_an_old_anchor_stays_good(place: Place, book: Casebook) -> None:
    """One that was kept outside before the copy was thought of."""
    past = book.store.log()[6]
    place.copy(book.store)
    with place.book() as copy:
        assert copy.verify(anchor=f"7:{past.hash}").findings == ()


def test_a_book_without_entries_is_copied(shelf: Shelf, place: Place) -> None:
    """There is nothing to do, and nothing is wrong."""
    with shelf.new(with_hazards) as book:
        copied = place.copy(book.store)
        assert (copied.entries, copied.new, copied.verified) == (0, 0, True)
        with place.book() as copy:
            assert_same(book, copy)


def test_a_copy_is_a_book_to_go_on_with(place: Place, book: Casebook) -> None:
    """Matters are got, saved and numbered by the copy; personal keys are digested with the same secret."""
    key = book.keyed("kind", "孙某")
    place.copy(book.store)
    with place.book() as copy:
        assert copy.keyed("kind", "孙某") == key
        saved = copy.save(reported("new"))
        assert copy.get("new") == saved
        assert copy.verify().findings == ()


# ---------------------------------------------------------------- who writes meanwhile


def busy(source: Store, work: Callable[[], object]) -> Any:
    """The store of a book in which somebody does *work* before each reading of the journal or of keys."""

    def first(name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            work()
            return getattr(source, name)(*given, **more)

        return call

    return Hindered(source, log=first("log"), keys=first("keys"), entries=first("entries"))


@FEW
@given(before=steps(7), meanwhile=steps(7), every=st.integers(1, 5))
def test_a_book_is_copied_while_others_write(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, before: Steps, meanwhile: Steps, every: int
) -> None:
    """Keys change hands, people are erased and matters go on between any two readings; the copy has it all."""
    place = Place("memory", tmp_path_factory.mktemp("copy"))
    with shelf.new(with_hazards) as book:
        writer = Writer(book)
        writer.all(before)
        left, turn = list(meanwhile), [0]

        def work() -> None:
            turn[0] += 1
            if left and turn[0] % every == 0:
                writer.do(*left.pop(0))

        place.copy(busy(book.store, work))
        # What was written after the copy had ended is copied by the next.
        writer.all(left)
        place.copy(book.store)
        with place.book() as copy:
            assert_same(book, copy)


def test_a_thread_that_writes_all_the_time_is_followed(sqlite: Shelf, place: Place) -> None:
    """Until it ends; no entry is missed."""
    with sqlite.new(with_hazards) as book:
        Writer(book).all(EVERYTHING)
        other = sqlite.again(book, with_hazards)
        thread = threading.Thread(target=lambda: [other.save(reported(f"late-{number}")) for number in range(30)])
        thread.start()
        first = place.copy(book.store)
        thread.join()
        second = place.copy(book.store)
        assert second.entries == first.entries + second.new == book.store.head().position
        with place.book() as copy:
            assert_same(book, copy)


def test_a_book_that_is_written_faster_than_it_is_copied_is_told(
    shelf: Shelf, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a typed error; what was copied stays, and a calmer run goes on from there."""
    monkeypatch.setattr(copying, "ROUNDS", 5)
    with shelf.new(with_hazards) as book:
        book.save(reported("case-0"))
        numbers = iter(range(1, 10_000))
        source = Hindered(book.store, head=lambda: (book.save(reported(f"case-{next(numbers)}")), book.store.head())[1])
        with pytest.raises(StoreLocked, match="6 entries were copied before that and stay"):
            place.copy(source)
        with place.book() as half:
            assert half.store.head().position == 5 + 1
        place.copy(book.store)
        with place.book() as copy:
            assert_same(book, copy)


def test_a_key_that_goes_over_while_its_commit_is_read_is_no_conflict(shelf: Shelf, place: Place) -> None:
    """Two matters of one commit seem to hold it at once: the commit is read again."""
    with shelf.new(with_hazards) as book:
        key = Key("locker", "1")
        one, other = reported("case-1"), reported("case-2")
        book.add_all([(one, [key]), (other, [])])
        asked = iter(range(1000))

        def work() -> None:
            if next(asked) == 2:  # the journal and the keys of the first are read
                first, second = book.get("case-1"), book.get("case-2")
                book.save(first.accept(at=at(1), by=BY), release=[key])
                book.save(second.accept(at=at(1), by=BY), keys=[key])

        place.copy(busy(book.store, work))
        assert book.holder(key) == "case-2"
        with place.book() as copy:
            assert_same(book, copy)


# ---------------------------------------------------------------- kinds that are not installed


def test_a_kind_that_is_not_enabled_is_copied_unread_and_read_when_it_is(place: Place, book: Casebook) -> None:
    """Its entries come along; its facts are made when the copy is first opened with the plugin."""
    copied = place.copy(book.store, kinds=lambda: Plugins().kinds())
    number = sum(entry.kind == "hazard" for entry in book.log())
    assert number
    assert copied.unread == {"hazard": number}
    with place.book(Plugins().kinds) as plain:
        assert "hazard" not in plain.tables
        assert [entry.hash for entry in plain.log()] == [entry.hash for entry in book.log()]
        assert plain.verify().findings == ()
    with place.book() as copy:
        assert_same(book, copy)


def test_entries_of_a_kind_that_come_unread_into_a_copy_that_has_its_facts_are_told(
    place: Place, book: Casebook
) -> None:
    """Its facts are stale until they are rebuilt; verification with the plugin says so."""
    place.copy(book.store)
    book.save(found("late-hazard", place="某处"))
    assert place.copy(book.store, kinds=lambda: Plugins().kinds()).unread == {"hazard": 1}
    with place.book() as copy:
        assert [finding.code for finding in copy.verify().findings] == ["facts"]
        copy.rebuild_facts()
        assert_same(book, copy)


def test_a_copy_that_was_begun_without_a_plugin_goes_on_with_it(place: Place, book: Casebook) -> None:
    """The facts of what came before are made first."""
    place.copy(book.store, kinds=lambda: Plugins().kinds())
    book.save(found("late-hazard", place="某处"))
    assert place.copy(book.store).new == 1
    with place.book() as copy:
        assert_same(book, copy)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("what", ["another", "gone on", "longer", "other past"])
def test_a_target_that_holds_something_else_is_refused_and_not_touched(
    shelf: Shelf, place: Place, book: Casebook, what: str
) -> None:
    """Another book, a copy that has gone on by itself, one that is ahead, one of the same length."""
    if what in ("gone on", "longer"):
        place.copy(book.store)
    with place.book() as target:
        target.save(reported("mine"))
        if what == "other past":
            target.save_all([reported(f"mine-{number}") for number in range(2, book.store.head().position + 1)])
        before = state_of(target)
    if what == "gone on":
        book.save_all([reported("theirs"), reported("theirs-too")])
    with pytest.raises(AnotherBook, match="Nothing was written"):
        place.copy(book.store)
    with place.book() as target:
        assert state_of(target) == before


def test_the_slower_of_two_copies_into_one_store_is_told_of_the_other(shelf: Shelf, place: Place) -> None:
    """Not of a version that it is to get again, which no user of it ever changed."""
    with shelf.new(with_hazards) as book:
        for part in cut(settled(), 1, 2, 3, 4):
            book.save(part)

        def overtaken(store: Store) -> Any:
            def commit(changes: Any) -> Any:
                if store.head().position == 2:
                    place.copy(book.store)
                return store.commit(changes)

            return Hindered(store, commit=commit)

        with pytest.raises(AnotherBook, match="Another program writes into the store") as caught:
            place.copy(book.store, hinder=overtaken)
        assert "copy again" in str(caught.value)
        with place.book() as copy:
            assert_same(book, copy)


def test_a_damaged_book_is_not_copied_on(sqlite: Shelf, place: Place) -> None:
    """What comes before the damage is copied; the damage is named by its position."""
    with sqlite.new(with_hazards) as book:
        for part in cut(settled(), 1, 2, 3, 4):
            book.save(part)
        raw(sqlite.path(book), "UPDATE entry SET body = replace(body, 'oral', 'x') || ' ' WHERE position = 4")
        with pytest.raises(StoreDamaged, match="Entry 4 "):
            place.copy(book.store)
        with place.book() as half:
            assert half.store.head().position == 3


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entry WHERE position = 3",
        "UPDATE entry SET recorded_at = (SELECT recorded_at FROM entry WHERE position = 1) WHERE position = 3",
        "UPDATE entry SET hash = previous WHERE position = 3",
        "UPDATE entry SET matter_id = 'other' WHERE position = 3",
    ],
)
def test_whatever_is_wrong_with_the_chain_ends_the_copy(sqlite: Shelf, place: Place, sql: str) -> None:
    """By a typed error, before anything of it is written."""
    with sqlite.new(with_hazards) as book:
        for part in cut(settled(), 1, 2, 3, 4):
            book.save(part)
        raw(sqlite.path(book), sql)
        with pytest.raises(StoreDamaged):
            place.copy(book.store)
        with place.book() as half:
            assert half.store.head().position == 2


READ = ("head", "log", "entries", "keys")
WRITTEN = ("head", "prepare", "log", "commit", "erase", "keys", "key", "facts")


@pytest.mark.parametrize(
    ("side", "name"),
    [*((copying.SOURCE, name) for name in READ), *((copying.TARGET, name) for name in WRITTEN)],
)
def test_an_error_says_which_of_the_two_stores_failed(
    shelf: Shelf, place: Place, monkeypatch: pytest.MonkeyPatch, side: str, name: str
) -> None:
    """In whatever call; the store's own words, and the branch of its error, stay."""
    # So that the entries of a matter are read again.
    monkeypatch.setattr(copying, "REMEMBERED", 0)

    def failing(*given: Any, **how: Any) -> Any:
        raise StoreUnavailable("The disk is gone.")

    def hinder(store: Store) -> Any:
        return Hindered(store, **{name: failing}) if side == copying.TARGET else store

    with shelf.new(with_hazards) as book:
        Writer(book).all(EVERYTHING)
        source = Hindered(book.store, **{name: failing}) if side == copying.SOURCE else book.store
        with pytest.raises(StoreUnavailable) as caught:
            place.copy(source, hinder=hinder)
    assert str(caught.value).startswith(f"{side}: The disk is gone.")


class Full:
    """Puts a store around another that has no room left for the n-th commit."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self, store: Store) -> Any:
        def commit(changes: Any) -> Any:
            self._left -= 1
            if not self._left:
                raise StoreFull("There is no room left.")
            return store.commit(changes)

        return Hindered(store, commit=commit)


@pytest.mark.parametrize(
    ("commits", "says"),
    [
        (1, ""),
        (2, " 1 entry was copied before that and stays: call it again to go on."),
        (3, " 2 entries were copied before that and stay: call it again to go on."),
    ],
)
def test_an_error_says_how_many_entries_were_copied_before_it(
    shelf: Shelf, place: Place, commits: int, says: str
) -> None:
    """In the end, and nothing of that if there are none."""
    with shelf.new(with_hazards) as book:
        for part in cut(settled(), 1, 2, 3, 4):
            book.save(part)
        with pytest.raises(StoreFull) as caught:
            place.copy(book.store, hinder=Full(commits))
    assert str(caught.value) == f"{copying.TARGET}: There is no room left.{says}"


def test_entries_of_an_earlier_run_are_not_counted_to_those_that_stay(shelf: Shelf, place: Place) -> None:
    """Only what this run copied is said to stay."""
    with shelf.new(with_hazards) as book:
        for part in cut(settled(), 1, 2, 3, 4):
            book.save(part)
        for commits, says in ((3, "2 entries were copied"), (2, "1 entry was copied")):
            with pytest.raises(StoreFull, match=says):
                place.copy(book.store, hinder=Full(commits))


def test_an_error_while_the_copy_is_verified_says_that_it_stays(place: Place, book: Casebook) -> None:
    """All entries are there by then."""

    def failing(*given: Any, **how: Any) -> Any:
        raise StoreUnavailable("The disk is gone.")

    with pytest.raises(StoreUnavailable, match=f"{book.store.head().position} entries were copied before that"):
        place.copy(book.store, hinder=lambda store: Hindered(store, facts=failing))


@pytest.mark.parametrize("fault", ["an entry is lost", "a byte of a body is another", "keys are lost"])
def test_a_copy_that_is_none_is_not_said_to_stay(place: Place, book: Casebook, fault: str) -> None:
    """It is to be removed, and calling it again would not mend it."""
    hinder, says = FAULTS[fault]
    with pytest.raises(MediationError, match=says) as caught:
        place.copy(book.store, hinder=hinder)
    assert "call it again" not in str(caught.value)


def test_a_damaged_entry_is_said_to_be_of_the_book_that_is_copied(sqlite: Shelf, place: Place) -> None:
    """Although it comes to light while the target commits."""
    with sqlite.new(with_hazards) as book:
        for part in cut(settled(), 1, 2):
            book.save(part)
        raw(sqlite.path(book), "UPDATE entry SET body = body || ' ' WHERE position = 2")
        with pytest.raises(StoreDamaged, match=f"^{copying.SOURCE}: Entry 2 "):
            place.copy(book.store)


def test_the_errors_name_nobody(sqlite: Shelf, place: Place) -> None:
    """Neither that of damage, nor that of verification."""
    canaries = Canaries()
    with sqlite.new(with_hazards) as book:
        for matter in watched(canaries):
            book.save(matter)
        caught: list[str] = []
        for hinder in (with_changes(blotted), with_changes(beheaded), with_changes(unkeyed)):
            with pytest.raises(MediationError) as error:
                Place(place.sort, sqlite.path(book).parent).copy(book.store, hinder=hinder)
            caught.append(repr(error.value) + str(error.value))
        raw(sqlite.path(book), "UPDATE private SET data = data || ' ' WHERE place >> 20 = 2")
        with pytest.raises(StoreDamaged, match="private") as damaged:
            place.copy(book.store)
        assert found_in("".join([*caught, str(damaged.value)]), canaries.all) == []


# ---------------------------------------------------------------- each promise, and a store that breaks it


def blotted(change: Change) -> Change:
    return attrs.evolve(change, body=change.body.replace("neighbour", "neighbours"))


def beheaded(change: Change) -> Change:
    return attrs.evolve(change, private={})


def swapped(change: Change) -> Change:
    parts = {subject: part.replace("某", "木") for subject, part in change.private.items()}
    return attrs.evolve(change, private=parts)


def unkeyed(change: Change) -> Change:
    return attrs.evolve(change, keys=())


def ownerless(change: Change) -> Change:
    return attrs.evolve(change, keys=[attrs.evolve(key, subject=None) for key in change.keys])


def forgetful(change: Change) -> Change:
    return attrs.evolve(change, add=[row for row in change.add if row.table != "case_party"], close=[])


def lost(change: Change) -> Change | None:
    return None if change.matter_id == "m5" else change


FAULTS = {
    "an entry is lost": (with_changes(lost), "is no copy"),
    "two commits become one time": (
        with_commits(lambda store, changes: attrs.evolve(store.commit(changes), recorded_at=dt.datetime.now(dt.UTC))),
        "is no copy",
    ),
    "a byte of a body is another": (with_changes(blotted), "does not end as"),
    "private parts are lost": (with_changes(beheaded), "private-missing"),
    "a name is another": (with_changes(swapped), "private-changed"),
    "keys are lost": (with_changes(unkeyed), "keys: "),
    "keys forget whose they are": (with_changes(ownerless), "keys: "),
    "a table's rows are lost": (with_changes(forgetful), "facts: table case_party"),
    "what was erased stays": (lambda store: Hindered(store, erase=lambda subject: 0), "erasure-unfinished"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_does_not_keep_what_it_is_given_is_found_out(shelf: Shelf, place: Place, fault: str) -> None:
    """A planted fault each, and the words by which it is told."""
    hinder, says = FAULTS[fault]
    with shelf.new(with_hazards) as book:
        writer = Writer(book)
        for number in range(1, 8):
            case = reported(f"m{number}", reference=f"No. {number}")
            book.save(case, keys=[Key("locker", str(number), f"m{number}/p1")])
        place.copy(book.store) if fault == "what was erased stays" else None
        writer.book.erase("m2/p1", reason="asked", by=BY)
        with pytest.raises(MediationError, match=says):
            place.copy(book.store, hinder=hinder)


def test_facts_that_are_known_from_another_position_are_found_out(sqlite: Shelf, tmp_path: Path) -> None:
    """Rows of the past as well: they are compared at several positions."""
    with sqlite.new(with_hazards) as book:
        halves = [cut(settled(f"case-{number}"), 3) for number in range(5)]
        for part in [*(first for first, _ in halves), *(second for _, second in halves)]:
            book.save(part)
        with sqlite.new(with_hazards) as target:
            path = sqlite.path(target)
        book.copy_to(f"sqlite:///{path}")
        for sql in (
            "UPDATE case_versions SET known_from = known_from + 2 WHERE known_to = 8",
            "DELETE FROM case_versions WHERE known_to = 8",
        ):
            raw(path, sql)
            assert book.copy_to(f"sqlite:///{path}", verify=False).new == 0
            with pytest.raises(StoreDamaged, match="facts: table case is wrong"):
                book.copy_to(f"sqlite:///{path}")


def test_the_check_of_facts_finds_no_fault_where_there_is_none(book: Casebook) -> None:
    """At any positions."""
    end = book.store.head().position
    for positions in ([end], [0, end], [1, 3, 8, end], list(range(end + 1))):
        assert check_facts(book.store, book._folder, positions) == []


def test_without_verification_only_the_ends_are_compared(place: Place, book: Casebook) -> None:
    """Which is quick, and takes the target's word for everything but the journal."""
    copied = place.copy(book.store, hinder=with_changes(unkeyed), check=False)
    assert not copied.verified
    with pytest.raises(StoreDamaged, match="keys: "):
        place.copy(book.store)


def test_a_key_that_never_comes_free_is_a_conflict(place: Place, book: Casebook) -> None:
    """Rather than a copy that never ends."""

    def taken(store: Store, changes: list[Change]) -> Any:
        raise KeyTaken("locker", "m1")

    with pytest.raises(KeyTaken):
        place.copy(book.store, hinder=with_commits(taken))


# ---------------------------------------------------------------- bounded memory


def growth(sqlite: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch, remembered: int) -> float:
    """How much more memory copying takes at its height for four times as many cases, all of one single commit."""
    # Small pages and groups show with few cases what large ones show with many.
    monkeypatch.setattr(verifying, "PAGE", 40)
    monkeypatch.setattr(changes, "GROUP", 40)
    monkeypatch.setattr(copying, "REMEMBERED", remembered)
    peaks = []
    for cases in (300, 1200):
        with sqlite.new() as book:
            book.add_all((reported(f"case-{number:05}"), [Key("locker", str(number))]) for number in range(cases))
            tracemalloc.start()
            try:
                assert Place("sqlite", folder).copy(book.store, check=False).new == cases
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
    return peaks[1] / peaks[0]


def test_a_larger_book_takes_no_more_memory(sqlite: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a larger commit."""
    assert growth(sqlite, tmp_path, monkeypatch, 40) < 1.5


def test_the_control_a_copy_that_remembers_all_matters_takes_more(
    sqlite: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: none is forgotten."""
    assert growth(sqlite, tmp_path, monkeypatch, 10**9) > 2


# ---------------------------------------------------------------- through the front door


def test_a_book_in_memory_moves_into_a_file(tmp_path: Path) -> None:
    """What was tried out in a notebook is kept."""
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with cm.open_casebook("memory:") as book:
        case = book.save(settled())
        book.copy_to(url)
        anchor = book.anchor()
        facts = all_facts(book)
    with cm.open_casebook(url, create=False) as kept:
        assert kept.get("case-1") == case
        assert (kept.anchor(), all_facts(kept)) == (anchor, facts)


@pytest.mark.parametrize(("check", "times"), [(False, [1]), (True, [1, 2, 3, 4])])
def test_progress_counts_whatever_is_done_with_the_entries(tmp_path: Path, check: bool, times: list[int]) -> None:
    """They are copied, and their journal, facts and keys are verified: before that, it is not at its end."""
    with cm.open_casebook("memory:") as book:
        book.save(settled())
        end, seen = book.store.head().position, list[tuple[int, int]]()
        url = f"sqlite:///{tmp_path / 'copy.db'}"
        book.copy_to(url, verify=check, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(each * end, len(times) * end) for each in times]


def test_the_source_may_be_open_for_reading_only(tmp_path: Path) -> None:
    """And is not changed by a byte."""
    path = tmp_path / "book.db"
    with cm.open_casebook(f"sqlite:///{path}") as book:
        book.save(settled())
    before = path.read_bytes()
    with cm.open_casebook(f"sqlite:///{path}", readonly=True) as book:
        book.copy_to(f"sqlite:///{tmp_path / 'copy.db'}")
    assert path.read_bytes() == before


def test_a_target_that_is_read_only_is_told(tmp_path: Path) -> None:
    """By the error that any writing gets."""
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    with cm.open_casebook("memory:") as book:
        book.copy_to(url)
        book.save(settled())
        with pytest.raises(StoreReadOnly):
            book.copy_to(f"{url}?mode=ro")


def test_a_target_that_cannot_be_opened_is_said_to_be_the_target(tmp_path: Path) -> None:
    """Its URL, which may hold a password, is not repeated."""
    with cm.open_casebook("memory:") as book, pytest.raises(StoreUnavailable) as caught:
        book.copy_to(f"sqlite:///{tmp_path / 'secret' / 'copy.db'}")
    assert str(caught.value).startswith(f"{copying.TARGET}: The folder")
    assert "secret" not in str(caught.value)


def test_a_book_whose_salt_is_lost_is_made_whole_by_a_copy(tmp_path: Path) -> None:
    """The new store has a salt of its own, and finds the keys by it."""
    key = Key("locker", "1")
    with cm.open_casebook(f"sqlite:///{tmp_path / 'book.db'}") as book:
        case = book.save(settled(), keys=[key])
        raw(tmp_path / "book.db", "DELETE FROM store")
        with pytest.raises(StoreDamaged, match="copy the book into a new store"):
            book.holder(key)
        book.copy_to(f"sqlite:///{tmp_path / 'copy.db'}")
    with cm.open_casebook(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        assert (copy.holder(key), copy.get(case.id)) == (case.id, case)


def test_leases_stay_where_they_are(tmp_path: Path) -> None:
    """Work that was shared out in the old place is to be asked for anew in the new one."""
    store, other = MemoryStore(), SqliteStore.open(tmp_path / "copy.db", clock=(clock := copying.ReplayClock()))
    with Casebook(store, Plugins().kinds().values()) as book:
        book.save(reported())
        assert store.lease("worker-1", "work", dt.timedelta(hours=1))
        copying.copy(store, other, clock, book._folder, tuple(book.tables.values()))
        assert other.lease("worker-2", "work", dt.timedelta(hours=1))
        assert all_versions(book)
    other.close()
