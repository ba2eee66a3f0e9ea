"""Many matters at once: in bounded memory, chunk by chunk; or all in one commit."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from community_mediation.casebook import Casebook
from community_mediation.casebook.book import CHUNK
from community_mediation.domain.case import Case
from community_mediation.domain.events import Accepted
from community_mediation.errors import KeyTaken, VersionConflict
from community_mediation.ports import Key
from tests.casebook.checks import all_facts, folded_facts, matters_at, state_of
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, at, reported, settled


class Interrupted(Exception):
    """What a faulty source raises."""


def many(count: int, *, breaks_at: int | None = None) -> Iterator[Case]:
    """So many cases, made one by one."""
    for number in range(count):
        if number == breaks_at:
            raise Interrupted
        yield reported(f"case-{number:06}", reference=f"No. {number}")


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_any_number_is_added(book: Casebook, count: int) -> None:
    """``progress`` hears of every commit, and the last figure is all."""
    heard: list[int] = []
    assert book.add_many(many(count), progress=heard.append) == count
    assert heard == [*range(CHUNK, count, CHUNK), count][: 0 if count == 0 else None]
    assert book.store.head().position == count
    assert book.verify().is_whole


def test_a_bulk_leaves_the_same_book_as_single_saves(shelf: Shelf) -> None:
    """Also where the same matter comes several times in one chunk."""
    first = settled()
    values = [reported("case-0"), Case.fold("case-1", first.events[:1])]
    with shelf.new() as book, shelf.new() as other:
        second = reported("case-1")
        third = second.saved().accept(at=at(1), by=BY)
        for each in (reported("case-0"), second, third):
            other.save(each)
        assert book.add_many([reported("case-0"), second, third]) == 3
        assert all_facts(book) == all_facts(other) == folded_facts(book, matters_at(book, 3))
        assert [type(event) for event in book.get("case-1").events][1:] == [Accepted]
        assert values[0].id == "case-0"


def test_memory_is_bounded_by_the_chunk(sqlite: Shelf) -> None:
    """Four times as many cases from a generator need hardly more of it."""

    def peak(count: int) -> int:
        with sqlite.new() as book:
            tracemalloc.start()
            try:
                book.add_many(many(count))
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    peak(20)  # what is loaded and cached once
    small, large = peak(CHUNK + 100), peak(4 * CHUNK + 400)
    assert large < 1.5 * small


def test_a_failing_source_leaves_the_commits_before_it(book: Casebook) -> None:
    """And nothing of its own chunk; ``progress`` was told exactly what is there."""
    heard: list[int] = []
    with pytest.raises(Interrupted):
        book.add_many(many(2 * CHUNK, breaks_at=CHUNK + 7), progress=heard.append)
    assert heard == [CHUNK]
    assert book.store.head().position == CHUNK
    assert book.verify().is_whole


@pytest.mark.parametrize("error", [KeyTaken, VersionConflict])
def test_a_refused_item_leaves_nothing_of_its_chunk(book: Casebook, error: type[Exception]) -> None:
    """Its key is taken, or its version is stale: what stood before it in the same chunk is not written either."""
    book.save(reported("first", reference="taken"))
    before = state_of(book)
    wrong = reported("last", reference="taken") if error is KeyTaken else reported("first")
    with pytest.raises(error):
        book.add_many([reported("middle", reference="free"), wrong])
    assert state_of(book) == before
    book.save(reported("another", reference="free"))


def test_all_or_nothing(book: Casebook) -> None:
    """``add_all`` is one commit: a source that raises, or a key that is taken in the middle, leaves nothing."""
    book.save(reported("first", reference="taken"))
    before = state_of(book)
    with pytest.raises(Interrupted):
        book.add_all((case, ()) for case in many(1_200, breaks_at=1_100))
    assert state_of(book) == before
    matters = [*many(600), reported("wrong", reference="taken"), reported("after")]
    with pytest.raises(KeyTaken):
        book.add_all((case, [Key("note", case.id)]) for case in matters)
    assert state_of(book) == before
    assert book.holder(Key("note", "case-000000")) is None
    assert book.add_all((case, [Key("note", case.id)]) for case in many(600)) == 600
    assert len({entry.recorded_at for entry in book.log(after=1)}) == 1
    assert book.holder(Key("note", "case-000599")) == "case-000599"
    assert book.verify().is_whole
