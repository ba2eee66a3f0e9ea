"""Law 7: every failure is typed and names no one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from community_mediation.errors import MediationError, StoreClosed
from community_mediation.ports import Change, Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import NOON, PLOT, chain_fault, change, plot, ref, rows_of
from community_mediation.testing.stores.helping import CANARY, assert_says_nothing, at_once, write_some


class ErrorLaws(StoreFixtures):
    """What goes wrong, and how it is told."""

    @pytest.mark.parametrize(
        "broken",
        [
            [change("m1", private={CANARY: CANARY}, keys=[Key("no", CANARY)], body=CANARY, add=[plot(crop=CANARY)])],
            [change("m2", private={"p": CANARY}, keys=[Key("no", CANARY)])],
            [change("m2", private={"p": CANARY}, close=[ref("m2", CANARY)])],
            [change("m2", private={"p": CANARY}, add=[plot("m2", crop=CANARY), plot("m2", beds=CANARY)])],
        ],
    )
    def test_an_error_quotes_no_value(self, book: Store, broken: list[Change]) -> None:
        """Law 7: neither in its text nor in what stands behind it."""
        book.commit([change("m1", keys=[Key("no", CANARY)])])
        with pytest.raises(MediationError) as caught:
            book.commit(broken)
        assert_says_nothing(caught.value)

    def test_questions_about_half_characters_find_nothing(self, book: Store) -> None:
        """Law 7: what cannot be written is not there."""
        assert list(book.entries("\ud800")) == []
        assert book.key("\ud800", "\ud800") is None
        assert book.erase("\ud800") == 0

    def test_closing_twice_does_nothing(self, book: Store) -> None:
        """Law 7: nor does a third time."""
        book.close()
        book.close()
        book.close()

    @pytest.mark.parametrize(
        "call",
        [
            lambda store: store.prepare([PLOT]),
            lambda store: store.commit([change()]),
            lambda store: store.commit([]),
            lambda store: store.entries("m1"),
            lambda store: store.log(),
            lambda store: store.head(),
            lambda store: store.position_at(NOON),
            lambda store: store.facts("plot"),
            lambda store: store.find("plot"),
            lambda store: store.key("no", "1"),
            lambda store: store.keys("m1"),
            lambda store: store.replace_facts([]),
            lambda store: store.erase("p"),
            lambda store: store.health(),
        ],
    )
    def test_a_closed_store_says_so(self, book: Store, call: Callable[[Store], object]) -> None:
        """Law 7: every call but closing raises ``StoreClosed``."""
        book.close()
        with pytest.raises(StoreClosed):
            call(book)

    def test_closing_inside_a_commit_ends_it(self, book: Store) -> None:
        """Law 7: nothing of it counts, nothing hangs."""

        def batch() -> Iterator[Change]:
            for number in range(1100):
                if number == 1050:
                    book.close()
                yield change(f"m{number}")

        with pytest.raises(StoreClosed):
            book.commit(batch())

    def test_reading_and_writing_go_on_in_many_threads(self, book: Store) -> None:
        """Law 3: readers see whole commits only: as many rows as entries, at every position."""
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                position = book.head().position
                assert len(rows_of(book, known_at=position)) == position
                assert len(book.log(limit=10_000)) >= position

        with at_once(*[read] * 3):
            try:
                with at_once(*[partial(write_some, book, name) for name in "ab"]):
                    pass
            finally:
                done.set()
        assert book.head().position == 60
        assert chain_fault(book.log()) is None
