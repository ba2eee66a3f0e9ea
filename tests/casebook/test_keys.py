"""Unique keys: the same paper twice is one case, and a personal text is never a key itself."""

from __future__ import annotations

import threading
from typing import Any

import attrs
import pytest

from community_mediation.casebook import Casebook
from community_mediation.casebook.keys import case_no_key, external_key, key_text
from community_mediation.domain.events import Reported
from community_mediation.domain.values import ExternalId
from community_mediation.errors import InvalidValue, KeyTaken
from community_mediation.ports import Key
from tests.casebook.checks import bytes_of, found_in
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, at, reported

NAME = "canary-name-叶某某"


def test_a_number_is_unique_at_its_centre(book: Casebook) -> None:
    """The same number at another centre is another paper; no number at all is no key."""
    book.save(reported("case-1", reference="No. 1"))
    book.save(reported("case-2", reference="No. 1", centre="centre-2"))
    book.save(reported("case-3"))
    book.save(reported("case-4"))
    with pytest.raises(KeyTaken):
        book.save(reported("case-5", reference="No. 1"))
    assert book.holder(case_no_key("centre-1", "No. 1")) == "case-1"
    assert book.holder(case_no_key("centre-2", "No. 1")) == "case-2"
    assert book.holder(case_no_key("centre-3", "No. 1")) is None


def test_an_external_number_is_unique_in_its_system(book: Casebook) -> None:
    """Whatever the centre."""
    book.save(reported("case-1", external=ExternalId("old", "1")))
    book.save(reported("case-2", external=ExternalId("older", "1")))
    with pytest.raises(KeyTaken) as caught:
        book.save(reported("case-3", external=ExternalId("old", "1"), centre="centre-2"))
    assert caught.value.holder == "case-1"
    assert book.holder(external_key(ExternalId("old", "1"))) == "case-1"


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "bc"), ("ab", "c")), (("a:1", "b"), ("a", "1:b")), (("", "a"), ("a", "")), (("1:a",), ("a",))],
)
def test_texts_that_run_together_differently_are_different_keys(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """A centre and a number cannot be cut another way."""
    assert key_text(*one) != key_text(*other)


def test_a_corrected_number_is_taken_and_the_old_one_stays_with_its_case(book: Casebook) -> None:
    """The journal still names the case by its old number, so that number goes on leading to it."""
    case = book.save(reported("case-1", reference="No. 1"))
    birth = case.events[0]
    assert isinstance(birth, Reported)
    case = book.save(case.correct(1, attrs.evolve(birth, reference="No. 2"), at=at(5), by=BY))
    assert case.reference == "No. 2"
    for number in ("No. 1", "No. 2"):
        assert book.holder(case_no_key("centre-1", number)) == "case-1"
        with pytest.raises(KeyTaken):
            book.save(reported("case-2", reference=number))
    book.save(case.accept(at=at(6), by=BY))
    taken = book.save(reported("case-3", reference="No. 3"))
    with pytest.raises(KeyTaken):
        book.save(taken.correct(1, attrs.evolve(birth, reference="No. 1"), at=at(5), by=BY))


def test_a_mistyped_number_can_be_given_up_for_the_case_whose_it_is(book: Casebook) -> None:
    """With the correction, in one commit; until then it is taken."""
    case = book.save(reported("case-1", reference="No. 17"))
    birth = case.events[0]
    assert isinstance(birth, Reported)
    old = case_no_key("centre-1", "No. 17")
    book.save(case.correct(1, attrs.evolve(birth, reference="No. 71"), at=at(5), by=BY), release=[old])
    assert book.holder(old) is None
    book.save(reported("case-2", reference="No. 17"))
    assert book.holder(old) == "case-2"
    assert book.holder(case_no_key("centre-1", "No. 71")) == "case-1"


def test_a_keyed_text_is_not_in_its_key(shelf: Shelf) -> None:
    """The same text gives the same key in one book, another one for another kind, and another one in another book."""
    with shelf.new() as book, shelf.new() as other:
        key = book.keyed("name", NAME)
        assert found_in(repr(key), [NAME]) == []
        assert book.keyed("name", NAME) == key
        assert shelf.again(book).keyed("name", NAME) == key
        different = {
            book.keyed("nick", NAME).value,
            book.keyed("name", NAME + "某").value,
            other.keyed("name", NAME).value,
        }
        assert len({key.value, *different}) == 4
        assert book.store.head().position == 1
        assert all(key.value not in entry.body for entry in book.store.log())
        book.save(reported("case-1"), keys=[key])
        assert book.holder(key) == "case-1"
        with pytest.raises(KeyTaken):
            book.save(reported("case-2"), keys=[key])


def test_the_text_of_a_key_is_not_in_the_file(sqlite: Shelf) -> None:
    """Nor is the secret in the body of any entry, or in what the book shows of itself."""
    with sqlite.new() as book:
        book.save(reported("case-1"), keys=[book.keyed("name", NAME)])
        assert found_in(bytes_of(sqlite.path(book)), [NAME]) == []
        secret = book.get("book").secret
        assert len(secret) == 64
        assert all(secret not in entry.body for entry in book.store.log())
        assert secret not in repr(book.get("book")) + repr(book.history("book")) + repr(book)


@pytest.mark.parametrize("text", [None, 3, b"name", "\udc80 canary"])
def test_only_texts_are_keyed(book: Casebook, text: Any) -> None:
    """Nothing is not the word None, and half a character is refused without being repeated."""
    with pytest.raises(InvalidValue) as caught:
        book.keyed("name", text)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_the_secret_is_made_once_whoever_asks(shelf: Shelf) -> None:
    """Eight threads, each with a book of its own over the same contents, get the same key."""
    with shelf.new() as book:
        books = [shelf.again(book) for _ in range(8)]
        start = threading.Barrier(len(books))
        keys: list[Key] = []

        def ask(one: Casebook) -> None:
            start.wait()
            keys.append(one.keyed("name", NAME))

        threads = [threading.Thread(target=ask, args=(one,)) for one in books]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(keys) == 8
        assert len(set(keys)) == 1
        assert [entry.kind for entry in book.log()] == ["book"]
