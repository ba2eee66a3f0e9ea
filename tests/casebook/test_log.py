"""Following a book: every entry exactly once, in order, from wherever one left off."""

from __future__ import annotations

from typing import Any

import pytest

from community_mediation.casebook import Casebook
from community_mediation.casebook.book import CHUNK
from community_mediation.errors import InvalidQuery, PluginFailed
from community_mediation.plugins import Plugins
from tests.casebook.conftest import Shelf
from tests.casebook.hazard import HAZARD, found
from tests.casebook.samples import BY, Canaries, at, reported, watched


def test_the_log_gives_every_entry_once_and_in_order(book: Casebook) -> None:
    """From any position, with any limit, over pages of the store; each with the events that were saved."""
    book.add_many(reported(f"case-{number}") for number in range(CHUNK + 30))
    book.save(book.get("case-3").accept(at=at(1), by=BY))
    entries = list(book.log())
    assert [entry.position for entry in entries] == list(range(1, CHUNK + 32))
    assert entries[-1].matter_id == "case-3"
    assert entries[-1].version == 2
    assert entries[-1].events == book.get("case-3").events[1:]
    for after in (0, 1, CHUNK - 1, CHUNK, CHUNK + 30, CHUNK + 31, CHUNK + 99):
        assert list(book.log(after)) == entries[after:]
    for limit in (0, 1, 7, CHUNK, CHUNK + 1, 10_000):
        assert list(book.log(3, limit)) == entries[3 : 3 + limit]


def test_a_follower_that_stops_and_goes_on_misses_nothing(book: Casebook) -> None:
    """It remembers the last position that it has seen, while others write."""
    seen: list[int] = []
    for number in range(40):
        book.save(reported(f"case-{number}"))
        if number % 3 == 0:
            seen += [entry.position for entry in book.log(after=seen[-1] if seen else 0, limit=2)]
    seen += [entry.position for entry in book.log(after=seen[-1])]
    assert seen == list(range(1, 41))


@pytest.mark.parametrize("asked", [{"after": -1}, {"after": "x"}, {"limit": -1}, {"limit": "x"}, {"limit": 1.5}])
def test_a_position_or_limit_that_is_none_is_refused(book: Casebook, asked: dict[str, Any]) -> None:
    """With an error of the library."""
    with pytest.raises(InvalidQuery):
        list(book.log(**asked))


def test_two_books_on_one_place_see_each_other(shelf: Shelf) -> None:
    """What one commits the other reads, follows and builds upon."""
    with shelf.new() as one:
        other = shelf.again(one)
        case = one.save(reported())
        assert other.get("case-1") == case
        other.save(other.get("case-1").accept(at=at(1), by=BY))
        assert [entry.version for entry in one.log()] == [1, 2]
        assert one.find("case").rows == other.find("case").rows
        assert one.verify().is_whole


def test_entries_of_a_kind_that_is_not_enabled_stay_readable(shelf: Shelf) -> None:
    """The log gives them without their events; the rest of the book is not harmed; ``get`` says what is missing."""

    def with_hazards() -> dict[str, Any]:
        return {**Plugins().kinds(), "hazard": HAZARD}

    with shelf.new(with_hazards) as book:
        book.save(found("hazard-1"))
        for matter in watched(Canaries()):
            book.save(matter)
        plain = shelf.again(book)
        first, *rest = plain.log()
        assert (first.matter_id, first.kind, first.version, first.events) == ("hazard-1", "hazard", 1, None)
        assert all(entry.events for entry in rest)
        assert plain.history("hazard-1")[0].events is None
        with pytest.raises(PluginFailed, match="'hazard'"):
            plain.get("hazard-1")
        assert plain.verify().is_whole
        if shelf.sort == "sqlite":  # a store in memory is the same one for both books
            plain.rebuild_facts()
        plain.save(plain.get("case-2").reopen(at=at(400), by=BY))
        back = shelf.again(book, with_hazards)
        assert back.get("hazard-1").events == found("hazard-1").events
        assert [row["matter_id"] for row in back.facts("hazard").rows()] == ["hazard-1"]
        assert back.verify().is_whole
