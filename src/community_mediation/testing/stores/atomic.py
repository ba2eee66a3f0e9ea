"""Law 1: a commit is all or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from community_mediation.errors import MediationError, StoreLocked, VersionConflict
from community_mediation.ports import Change, FactsVersion, Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import NOON, chain_fault, change, plot, rows_of
from community_mediation.testing.stores.helping import assert_ends


class AtomicLaws(StoreFixtures):
    """A commit is all or nothing."""

    def test_a_commit_gives_its_positions_and_time(self, book: Store) -> None:
        """Law 1: positions count from 1, one an entry."""
        first = book.commit([change("m1"), change("m2")])
        assert (first.first, first.last, first.recorded_at) == (1, 2, NOON)
        second = book.commit([change("m1", 1)])
        assert (second.first, second.last) == (3, 3)

    def test_an_empty_commit_writes_nothing(self, book: Store) -> None:
        """Law 1: it gives ``last == first - 1``."""
        given = book.commit(iter(()))
        assert (given.first, given.last) == (1, 0)
        assert book.head().position == 0

    @pytest.mark.parametrize("size", [3, 1200])
    def test_a_change_that_is_refused_takes_the_whole_batch_with_it(self, book: Store, size: int) -> None:
        """Law 1: no entry, facts row, key or private part of a refused batch is left, however many went before."""

        def batch() -> Iterator[Change]:
            for number in range(size):
                name = f"n{number}"
                yield change(name, add=[plot(name)], keys=[Key("no", name)], private={name: "x"})
            yield change("n0", 7)

        with pytest.raises(VersionConflict):
            book.commit(batch())
        assert book.head().position == 0
        assert rows_of(book) == []
        assert book.key("no", "n0") is None
        assert book.erase("n0") == 0

    def test_what_the_changes_raise_is_raised_and_nothing_is_left(self, book: Store) -> None:
        """Law 1: an iterator's own exception passes through as it is."""

        class Interrupted(Exception):
            pass

        def batch() -> Iterator[Change]:
            yield change("m1", add=[plot()])
            raise Interrupted

        with pytest.raises(Interrupted):
            book.commit(batch())
        assert book.head().position == 0
        assert rows_of(book) == []
        assert book.commit([change("m1", add=[plot()])]).first == 1

    def test_an_entry_and_its_facts_are_written_together(self, book: Store) -> None:
        """Law 1: the rows of a commit are known from the position of its entry."""
        for number in range(3):
            given = book.commit([change(f"m{number}", add=[plot(f"m{number}")])])
            assert len(rows_of(book, known_at=given.last)) == number + 1
            assert len(rows_of(book, known_at=given.last - 1)) == number

    def test_changes_may_read_the_store_that_they_go_to(self, book: Store) -> None:
        """Law 1: they see the state before the commit, and nothing hangs."""
        book.commit([change("m0", keys=[Key("no", "0")])])

        def batch() -> Iterator[Change]:
            for number in range(1, 1101):
                assert book.key("no", "0") == "m0"
                assert book.key("no", str(number - 1)) is None or number == 1
                assert len(book.entries("m0")) == 1
                yield change(f"m{number}", keys=[Key("no", str(number))])

        assert book.commit(batch()).last == 1101

    @pytest.mark.parametrize("after", [0, 1, 700])
    def test_a_commit_cannot_begin_inside_another(self, book: Store, after: int) -> None:
        """Law 1: it would wait for itself; it is refused at once instead, and nothing of either is written."""

        def batch() -> Iterator[Change]:
            for number in range(after):
                yield change(f"n{number}")
            book.commit([change("m2")])
            yield change("m1")

        def write() -> None:
            with pytest.raises(StoreLocked):
                book.commit(batch())

        assert_ends(write)
        assert book.head().position == 0
        assert book.commit([change("m1")]).first == 1

    def test_a_rebuild_cannot_begin_inside_a_commit(self, book: Store) -> None:
        """Law 1: nor a commit inside a rebuild; both are refused at once."""
        book.commit([change("m1", add=[plot(beds=1)])])

        def rebuilding() -> Iterator[Change]:
            yield change("m2")
            book.replace_facts([])

        def committing() -> Iterator[FactsVersion]:
            yield FactsVersion(plot(beds=2), 1, None)
            book.commit([change("m2")])

        def write() -> None:
            with pytest.raises(StoreLocked):
                book.commit(rebuilding())
            with pytest.raises(StoreLocked):
                book.replace_facts(committing())

        assert_ends(write)
        assert (book.head().position, rows_of(book, columns=["beds"])) == (1, [(1,)])

    def test_an_erasure_inside_a_commit_does_not_hang(self, book: Store) -> None:
        """Law 1: it is done, or refused with a typed error; what is committed afterwards is whole."""
        book.commit([change("m0", private={"p": "x"})])

        def batch() -> Iterator[Change]:
            yield change("m1", private={"q": "x"})
            with contextlib.suppress(MediationError):
                book.erase("p")
            yield change("m2")

        def write() -> None:
            with contextlib.suppress(MediationError):
                book.commit(batch())

        assert_ends(write)
        assert book.head().position in (1, 3)
        assert chain_fault(book.log()) is None
        assert book.commit([change("m9")]).first == book.head().position
