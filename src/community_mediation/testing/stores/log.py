"""Law 3: the log gives every entry once, in one order, and recorded times never go back."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from community_mediation.errors import InvalidQuery
from community_mediation.ports import GENESIS, TICK, Entry, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import NOON, HandClock, chain_fault, change
from community_mediation.testing.stores.helping import at_once, write_some


class LogLaws(StoreFixtures):
    """The journal, in order."""

    def test_the_log_gives_every_entry_once_in_order(self, book: Store) -> None:
        """Law 3: read in parts, it is the same as read at once."""
        book.commit([change(f"m{number}") for number in range(25)])
        parts: list[Entry] = []
        while (part := book.log(after=len(parts), limit=4)) and len(parts) <= 25:
            assert len(part) <= 4
            parts += part
        assert [entry.position for entry in parts] == list(range(1, 26))
        assert parts == list(book.log())

    def test_the_chain_of_hashes_holds(self, book: Store) -> None:
        """Law 3: each entry's hash covers the one before and all of its own but the private part."""
        book.commit([change(f"m{number}", private={"p": "x"}) for number in range(5)])
        book.commit([change("m1", 1, body='{"a": "汉字"}')])
        entries = book.log()
        assert chain_fault(entries) is None
        assert entries[0].previous == GENESIS
        head = book.head()
        assert (head.position, head.hash, head.recorded_at) == (6, entries[-1].hash, NOON + TICK)

    def test_recorded_times_never_go_back(self, book: Store, clock: HandClock) -> None:
        """Law 3: whatever the clock does, and whatever zone it speaks in."""
        for hours in (0, -26, 5, 5, -100, 30):
            clock.now = NOON.astimezone(dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(hours=hours)
            book.commit([change(f"m{hours}", len(book.entries(f"m{hours}")))])
        times = [entry.recorded_at for entry in book.log()]
        assert times == sorted(set(times))
        assert {time.tzinfo for time in times} == {dt.UTC}
        assert times[1] == NOON + dt.timedelta(microseconds=1)

    def test_an_entry_is_recorded_when_the_clock_says(self, book: Store, clock: HandClock) -> None:
        """Law 3: to the microsecond, also where it stands in the head and in what the commit gave."""
        clock.now = NOON.replace(microsecond=123_457)
        given = book.commit([change("m1"), change("m2")])
        assert given.recorded_at == clock.now
        assert {entry.recorded_at for entry in book.log()} == {clock.now}
        assert book.head().recorded_at == book.entries("m1")[0].recorded_at == clock.now

    def test_who_follows_the_log_misses_no_entry(self, book: Store) -> None:
        """Law 3: nothing appears later before a position that was read already, while several threads write."""
        seen: list[Entry] = []
        for number in range(1, 13):
            book.commit([change(f"m{number}"), change(f"n{number}")])
            seen += book.log(after=seen[-1].position if seen else 0)
            assert len(seen) == 2 * number
        with at_once(*[partial(write_some, book, name) for name in "abc"]) as writing:
            while writing():
                seen += book.log(after=seen[-1].position)
        seen += book.log(after=seen[-1].position)
        assert seen == list(book.log())
        assert len(seen) == 24 + 90

    def test_position_at_gives_what_was_known_at_a_time(self, book: Store, clock: HandClock) -> None:
        """Law 3: the last position recorded at or before it."""
        for day in range(5):
            clock.now = NOON + dt.timedelta(days=day)
            book.commit([change(f"a{day}"), change(f"b{day}")])
        tick = dt.timedelta(microseconds=1)
        assert book.position_at(NOON - tick) == 0
        assert [book.position_at(NOON + dt.timedelta(days=day)) for day in range(5)] == [2, 4, 6, 8, 10]
        assert book.position_at(NOON + dt.timedelta(days=1) - tick) == 2
        assert book.position_at(NOON.astimezone(dt.timezone(dt.timedelta(hours=-5)))) == 2

    def test_an_empty_store_has_no_last_entry(self, book: Store) -> None:
        """Law 3: its head is the beginning of the chain."""
        head = book.head()
        assert (head.position, head.recorded_at, head.hash) == (0, None, GENESIS)
        assert book.position_at(NOON) == 0
        assert list(book.log()) == list(book.entries("m1")) == []

    def test_entries_up_to_a_position(self, book: Store) -> None:
        """Law 3: ``known_at`` leaves out what came later."""
        for version in range(4):
            book.commit([change("m1", version), change(f"other{version}")])
        assert [entry.version for entry in book.entries("m1", known_at=4)] == [1, 2]
        assert [entry.version for entry in book.entries("m1", known_at=99)] == [1, 2, 3, 4]
        assert list(book.entries("m1", known_at=0)) == []

    @pytest.mark.parametrize("ask", [{"limit": 0}, {"limit": -1}, {"after": -1}, {"limit": 2**70}])
    def test_a_log_is_asked_for_by_whole_positive_numbers(self, book: Store, ask: dict[str, int]) -> None:
        """Law 3: anything else is not a question."""
        with pytest.raises(InvalidQuery):
            book.log(**ask)

    def test_a_time_without_a_zone_is_no_point_in_time(self, book: Store) -> None:
        """Law 3: it is refused, as is one beyond the calendar."""
        for moment in (NOON.replace(tzinfo=None), dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-9)))):
            with pytest.raises(InvalidQuery):
                book.position_at(moment)
