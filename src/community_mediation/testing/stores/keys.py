"""Law 2, for keys: a key belongs to one matter, until it is given up."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from community_mediation.errors import InvalidValue, KeyTaken, VersionConflict
from community_mediation.ports import Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import change
from community_mediation.testing.stores.helping import PATIENCE, at_once

ONE, TWO = Key("no", "1"), Key("no", "2")


class KeyLaws(StoreFixtures):
    """Whose a key is."""

    def test_a_key_belongs_to_one_matter(self, book: Store) -> None:
        """Law 2: another that takes it is refused, and told who holds it."""
        book.commit([change("m1", keys=[ONE, Key("other", "1")])])
        with pytest.raises(KeyTaken) as caught:
            book.commit([change("m2"), change("m3", keys=[TWO, ONE])])
        assert (caught.value.kind, caught.value.holder) == ("no", "m1")
        assert (book.key("no", "1"), book.key("no", "2"), book.head().position) == ("m1", None, 1)

    def test_a_key_is_taken_within_one_batch_too(self, book: Store) -> None:
        """Law 2: the first of the batch has it."""
        with pytest.raises(KeyTaken) as caught:
            book.commit([change("m1", keys=[ONE]), change("m2", keys=[ONE])])
        assert caught.value.holder == "m1"
        assert book.key("no", "1") is None

    def test_a_matter_may_take_its_own_key_again(self, book: Store) -> None:
        """Law 2: it keeps it, and the subject that it is erased with."""
        book.commit([change("m1", keys=[Key("no", "1", "p"), ONE])])
        book.commit([change("m1", 1, keys=[Key("no", "1", "q"), TWO])])
        assert book.key("no", "1") == book.key("no", "2") == "m1"
        assert list(book.keys("m1")) == [Key("no", "1", "p"), TWO]

    def test_the_keys_of_a_matter_come_by_kind_and_value(self, book: Store) -> None:
        """Law 4: with their subjects, and none of another matter."""
        mine = [Key("no", "2"), Key("id", "汉", "p"), Key("no", "10"), Key("id", "é"), Key("id", "")]
        book.commit([change("m1", keys=mine), change("m2", keys=[Key("id", "x")])])
        assert list(book.keys("m1")) == sorted(mine, key=lambda key: (key.kind, key.value))
        assert list(book.keys("m3")) == list(book.keys("\ud800")) == []

    def test_a_key_that_was_given_up_is_free(self, book: Store) -> None:
        """Law 2: for the next matter, and no longer its old holder's."""
        book.commit([change("m1", keys=[ONE, TWO])])
        book.commit([change("m1", 1, release=[ONE])])
        assert (book.key("no", "1"), list(book.keys("m1"))) == (None, [TWO])
        book.commit([change("m2", keys=[ONE])])
        assert (book.key("no", "1"), list(book.keys("m2"))) == ("m2", [ONE])

    def test_changes_of_a_batch_give_up_and_take_in_turn(self, book: Store) -> None:
        """Law 2: what one gives up, a later one may take; however large the batch."""
        book.commit([change("m0", keys=[ONE])])
        batch = [change("m0", 1, release=[ONE], keys=[TWO])]
        for number in range(1, 600):
            batch += [change(f"m{number}", 0, keys=[ONE]), change(f"m{number}", 1, release=[ONE])]
        book.commit([*batch, change("last", keys=[ONE])])
        assert (book.key("no", "1"), list(book.keys("m0")), list(book.keys("m599"))) == ("last", [TWO], [])

    def test_what_a_later_change_gives_up_is_still_taken_before(self, book: Store) -> None:
        """Law 2: the order counts; the batch is refused whole."""
        book.commit([change("m1", keys=[ONE])])
        with pytest.raises(KeyTaken) as caught:
            book.commit([change("m2", keys=[ONE]), change("m1", 1, release=[ONE])])
        assert (caught.value.holder, book.key("no", "1"), book.head().position) == ("m1", "m1", 1)

    def test_a_change_gives_up_before_it_takes(self, book: Store) -> None:
        """Law 2: so that the same key may be taken with another subject."""
        book.commit([change("m1", keys=[Key("no", "1", "p")])])
        book.commit([change("m1", 1, release=[ONE], keys=[Key("no", "1", "q")])])
        assert list(book.keys("m1")) == [Key("no", "1", "q")]
        book.erase("p")
        assert book.key("no", "1") == "m1"

    def test_a_key_that_is_not_held_is_left_as_it_is(self, book: Store) -> None:
        """Law 2: nobody gives up what is another's, or nobody's."""
        book.commit([change("m1", keys=[ONE])])
        book.commit([change("m2", release=[ONE, TWO])])
        assert (book.key("no", "1"), book.key("no", "2")) == ("m1", None)

    def test_a_refused_batch_gives_nothing_up(self, book: Store) -> None:
        """Law 1: the key is still its holder's."""
        book.commit([change("m1", keys=[ONE])])
        with pytest.raises(VersionConflict):
            book.commit([change("m1", 1, release=[ONE]), change("m2", 7)])
        assert book.key("no", "1") == "m1"

    @pytest.mark.parametrize("broken", [Key("\ud800", "1"), Key("no", "\ud800"), Key("no", 5)])  # type: ignore[arg-type]
    def test_what_can_be_no_key_cannot_be_given_up(self, book: Store, broken: Key) -> None:
        """Law 4: it is refused as it would be where it is taken."""
        with pytest.raises(InvalidValue):
            book.commit([change("m1", release=[broken])])
        assert book.head().position == 0

    def test_threads_that_race_for_a_key_have_one_winner(self, book: Store) -> None:
        """Law 2: each of the others is told who it is."""
        rounds, threads = 12, 4
        together = threading.Barrier(threads)
        won: list[tuple[int, str]] = []
        told: list[tuple[int, str]] = []

        def take(name: str) -> None:
            for number in range(rounds):
                together.wait(PATIENCE)
                try:
                    book.commit([change(f"{name}{number}", keys=[Key("race", str(number))])])
                except KeyTaken as error:
                    told.append((number, error.holder))
                else:
                    won.append((number, f"{name}{number}"))

        with at_once(*[partial(take, name) for name in "abcd"]):
            pass
        assert len(told) == rounds * (threads - 1)
        assert set(told) == set(won)
        assert sorted(won) == [(number, book.key("race", str(number))) for number in range(rounds)]
