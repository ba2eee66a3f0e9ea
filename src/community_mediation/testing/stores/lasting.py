"""Laws by declared capability: what a store that lasts keeps, and what several openings of one book see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs
import pytest

from community_mediation.errors import VersionConflict
from community_mediation.ports import Capability, Change, FactsVersion, Key, Store
from community_mediation.testing.stores.fixtures import Opener, StoreFixtures, need
from community_mediation.testing.stores.gardens import (
    NOON,
    PLOT,
    TOOL,
    HandClock,
    chain_fault,
    change,
    plot,
    ref,
    rows_of,
    tool,
)
from community_mediation.testing.stores.helping import CANARY


class LastingLaws(StoreFixtures):
    """For stores that declare ``PERSISTENT``, and further ones for ``PROCESSES``."""

    @pytest.fixture
    def lasting(self, book: Store) -> Store:
        """The store with its tables, if it lasts."""
        need(book, Capability.PERSISTENT)
        return book

    @pytest.fixture
    def beside(self, book: Store, open_store: Opener, clock: HandClock) -> Iterator[Store]:
        """The same book opened once more, if a store takes that."""
        need(book, Capability.PERSISTENT)
        need(book, Capability.PROCESSES)
        other = open_store(clock)
        assert tuple(other.prepare([PLOT, TOOL])) == ()
        yield other
        other.close()

    def test_what_was_committed_is_there_after_opening_again(
        self, lasting: Store, open_store: Opener, clock: HandClock
    ) -> None:
        """Law 1: entries, private parts, keys and facts at every position, as they were."""
        lasting.commit(
            [
                change("m1", add=[plot(beds=1, crop="a\0🌽")], private={"p": "x"}, keys=[Key("no", "1", "p")]),
                change("m2", add=[plot("m2")]),
            ]
        )
        lasting.commit([change("m1", 1, close=[ref()], add=[plot(beds=2), tool()])])
        before = (list(lasting.log()), [rows_of(lasting, known_at=at) for at in range(4)])
        lasting.close()
        again = open_store(clock)
        try:
            assert tuple(again.prepare([PLOT, TOOL])) == ()
            assert (list(again.log()), [rows_of(again, known_at=at) for at in range(4)]) == before
            assert rows_of(again, "tool") == [tool().cells]
            assert again.key("no", "1") == "m1"
            assert again.commit([change("m1", 2)]).first == 4
            assert chain_fault(again.log()) is None
        finally:
            again.close()

    def test_keys_are_there_after_opening_again(self, lasting: Store, open_store: Opener, clock: HandClock) -> None:
        """Law 1: those that are held, with their subjects; not those that were given up or erased."""
        keys = [Key("no", "1"), Key("no", "2", "q"), Key("id", "汉", "p"), Key("no", "3")]
        lasting.commit([change("m1", keys=keys)])
        lasting.commit([change("m1", 1, release=[keys[0], keys[1]]), change("m2", keys=[keys[0]])])
        lasting.erase("p")
        lasting.close()
        again = open_store(clock)
        try:
            assert (list(again.keys("m1")), list(again.keys("m2"))) == ([keys[3]], [keys[0]])
            assert [again.key(key.kind, key.value) for key in keys] == ["m2", None, None, "m1"]
            again.prepare([PLOT, TOOL])
            again.commit([change("m3", keys=[keys[1], keys[2]])])
            assert again.key("no", "2") == "m3"
        finally:
            again.close()

    def test_what_was_refused_is_not_there_after_opening_again(
        self, lasting: Store, open_store: Opener, clock: HandClock
    ) -> None:
        """Law 1: no part of a batch whose last change was refused."""
        lasting.commit([change("m1")])

        def batch() -> Iterator[Change]:
            for number in range(1200):
                yield change(f"n{number}", add=[plot(f"n{number}")], keys=[Key("no", str(number))], private={"p": "x"})
            yield change("m1", 7)

        with pytest.raises(VersionConflict):
            lasting.commit(batch())
        lasting.close()
        again = open_store(clock)
        try:
            again.prepare([PLOT, TOOL])
            assert (again.head().position, rows_of(again), again.key("no", "0"), again.erase("p")) == (1, [], None, 0)
        finally:
            again.close()

    def test_recorded_times_do_not_go_back_after_opening_again(
        self, lasting: Store, open_store: Opener, clock: HandClock
    ) -> None:
        """Law 3: whatever the clock shows by then."""
        last = lasting.commit([change("m1")]).recorded_at
        lasting.close()
        clock.now = NOON - dt.timedelta(days=9)
        again = open_store(clock)
        try:
            assert again.commit([change("m2")]).recorded_at == last + dt.timedelta(microseconds=1)
            assert again.position_at(last) == 1
        finally:
            again.close()

    def test_a_table_that_changed_meanwhile_is_to_be_rebuilt(
        self, lasting: Store, open_store: Opener, clock: HandClock
    ) -> None:
        """Law 5: and is named again at every opening until its rows have been replaced."""
        lasting.commit([change(add=[plot()])])
        lasting.close()
        new = attrs.evolve(PLOT, version=2)
        for _ in range(2):
            again = open_store(clock)
            try:
                assert tuple(again.prepare([new, TOOL])) == ("plot",)
                assert rows_of(again) == []
            finally:
                again.close()
        again = open_store(clock)
        try:
            again.prepare([new, TOOL])
            assert again.replace_facts([FactsVersion(plot(beds=5), 1, None)]) == 1
        finally:
            again.close()
        again = open_store(clock)
        try:
            assert tuple(again.prepare([new, TOOL])) == ()
            assert rows_of(again, columns=["beds"]) == [(5,)]
        finally:
            again.close()

    def test_what_was_erased_stays_erased_after_opening_again(
        self, lasting: Store, open_store: Opener, clock: HandClock
    ) -> None:
        """Law 8: and the chain holds."""
        lasting.commit([change("m1", private={"p": CANARY, "q": "stays"}, keys=[Key("id", "1", "p")])])
        lasting.erase("p")
        lasting.close()
        again = open_store(clock)
        try:
            (entry,) = again.log()
            assert (dict(entry.private), again.key("id", "1"), again.erase("p")) == ({"q": "stays"}, None, 0)
            assert chain_fault(again.log()) is None
        finally:
            again.close()

    def test_two_openings_of_a_book_lose_no_update(self, book: Store, beside: Store) -> None:
        """Law 2: the second writer loses, wherever it writes from."""
        book.commit([change("m1", body='"first"')])
        with pytest.raises(VersionConflict):
            beside.commit([change("m1", body='"second"')])
        beside.commit([change("m1", 1, body='"third"')])
        assert [entry.body for entry in book.entries("m1")] == ['"first"', '"third"']

    def test_two_openings_of_a_book_see_one_journal(self, book: Store, beside: Store) -> None:
        """Law 3: in one order, with its facts, as soon as a commit has returned."""
        for number in range(6):
            writer, reader = (book, beside) if number % 2 else (beside, book)
            given = writer.commit([change(f"m{number}", add=[plot(f"m{number}")])])
            assert (given.first, reader.head().position, len(rows_of(reader))) == (number + 1,) * 2 + (number + 1,)
        assert list(book.log()) == list(beside.log())
        assert chain_fault(book.log()) is None
