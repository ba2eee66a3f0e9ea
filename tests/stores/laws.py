"""The laws of a store, as tests that any store can inherit."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest

from community_mediation.errors import (
    InvalidInput,
    InvalidQuery,
    InvalidValue,
    KeyTaken,
    MediationError,
    StoreClosed,
    StoreDamaged,
    StoreLocked,
    StoreUnavailable,
    VersionConflict,
)
from community_mediation.facts.schema import Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import (
    GENESIS,
    TICK,
    Capability,
    Change,
    Entry,
    FactsVersion,
    Filter,
    Key,
    Op,
    Sort,
    Store,
)
from tests.stores.samples import (
    CROPS,
    NOON,
    PLOT,
    RENTS,
    TOOL,
    HandClock,
    chain_fault,
    change,
    plot,
    ref,
    rows_of,
    tool,
)

CANARY = "canary-7f3a-张"


class StoreLaws:
    """What every store keeps. A class that inherits these gives the fixture ``store``, an empty store on ``clock``."""

    @pytest.fixture
    def clock(self) -> HandClock:
        """The clock that the store is on."""
        return HandClock()

    @pytest.fixture
    def store(self, clock: HandClock) -> Iterator[Store]:
        """An empty store."""
        raise NotImplementedError(f"{type(self).__name__} must provide the fixture 'store'")

    @pytest.fixture
    def book(self, store: Store) -> Store:
        """The store with its tables."""
        assert store.prepare([PLOT, TOOL]) == ()
        return store

    # Law 1: all or nothing

    def test_a_commit_gives_its_positions_and_time(self, book: Store) -> None:
        """Positions count from 1, one an entry."""
        first = book.commit([change("m1"), change("m2")])
        assert (first.first, first.last, first.recorded_at) == (1, 2, NOON)
        second = book.commit([change("m1", 1)])
        assert (second.first, second.last) == (3, 3)

    def test_an_empty_commit_writes_nothing(self, book: Store) -> None:
        """It gives ``last == first - 1``."""
        given = book.commit(iter(()))
        assert (given.first, given.last) == (1, 0)
        assert book.head().position == 0

    @pytest.mark.parametrize("size", [3, 1200])
    def test_a_change_that_is_refused_takes_the_whole_batch_with_it(self, book: Store, size: int) -> None:
        """No entry, facts row, key or private part of a refused batch is left, however many went before."""

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
        """An iterator's own exception passes through as it is."""

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
        """The rows of a commit are known from the position of its entry."""
        for number in range(3):
            given = book.commit([change(f"m{number}", add=[plot(f"m{number}")])])
            assert len(rows_of(book, known_at=given.last)) == number + 1
            assert len(rows_of(book, known_at=given.last - 1)) == number

    def test_changes_may_read_the_store_that_they_go_to(self, book: Store) -> None:
        """They see the state before the commit, and nothing hangs."""
        book.commit([change("m0", keys=[Key("no", "0")])])

        def batch() -> Iterator[Change]:
            for number in range(1, 1101):
                assert book.key("no", "0") == "m0"
                assert book.key("no", str(number - 1)) is None or number == 1
                assert len(book.entries("m0")) == 1
                yield change(f"m{number}", keys=[Key("no", str(number))])

        assert book.commit(batch()).last == 1101

    def test_a_commit_cannot_begin_inside_another(self, book: Store) -> None:
        """It would wait for itself; it is refused at once instead."""

        def batch() -> Iterator[Change]:
            book.commit([change("m2")])
            yield change("m1")

        with pytest.raises(StoreLocked):
            book.commit(batch())
        assert book.head().position == 0
        assert book.commit([change("m1")]).first == 1

    # Law 2: versions

    def test_the_second_writer_loses_and_changes_nothing(self, book: Store) -> None:
        """A stale expected version raises, and leaves the first writer's entry."""
        book.commit([change("m1", body='"first"')])
        with pytest.raises(VersionConflict) as caught:
            book.commit([change("m1", body='"second"', add=[plot()])])
        assert (caught.value.expected, caught.value.actual) == (0, 1)
        assert [entry.body for entry in book.entries("m1")] == ['"first"']
        assert rows_of(book) == []

    def test_a_version_that_is_not_there_yet_conflicts(self, book: Store) -> None:
        """Being ahead of the book is as wrong as being behind."""
        with pytest.raises(VersionConflict):
            book.commit([change("m1", 3)])

    def test_a_version_may_leap_and_is_then_the_one_to_expect(self, book: Store) -> None:
        """Several events may go into one entry."""
        book.commit([change("m1", 0, version=4)])
        assert book.commit([change("m1", 4, version=9)]).first == 2

    @pytest.mark.parametrize("version", [0, 1, -1, 2**63])
    def test_a_version_that_does_not_follow_is_refused(self, book: Store, version: int) -> None:
        """It is greater than the expected one, and fits 64 bits."""
        book.commit([change("m1")])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, version=version)])

    def test_one_batch_may_change_a_matter_several_times(self, book: Store) -> None:
        """Each change is made on the version that the one before left, and has its own position."""
        given = book.commit(
            [
                change("m1", 0, add=[plot(beds=1)]),
                change("m2", 0, add=[plot("m2")]),
                change("m1", 1, close=[ref()], add=[plot(beds=2)]),
                change("m1", 2, close=[ref()], add=[plot(beds=3)]),
            ]
        )
        assert (given.first, given.last) == (1, 4)
        assert [entry.recorded_at for entry in book.log()] == [NOON] * 4
        beds = [Filter("matter_id", Op.EQ, "m1")]
        found = [rows_of(book, filters=beds, columns=["beds"], known_at=at) for at in range(1, 5)]
        assert found == [[(1,)], [(1,)], [(2,)], [(3,)]]

    def test_a_matter_keeps_its_kind(self, book: Store) -> None:
        """A change of another kind is refused."""
        book.commit([change("m1")])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, kind="barn")])

    def test_threads_lose_no_update(self, book: Store) -> None:
        """Each acknowledged update is in the next one's past."""
        assert lost_updates(book) == 0

    # Law 3: the log

    def test_the_log_gives_every_entry_once_in_order(self, book: Store) -> None:
        """Read in parts, it is the same as read at once."""
        book.commit([change(f"m{number}") for number in range(25)])
        parts: list[Entry] = []
        while part := book.log(after=len(parts), limit=4):
            assert len(part) <= 4
            parts += part
        assert [entry.position for entry in parts] == list(range(1, 26))
        assert parts == list(book.log())

    def test_the_chain_of_hashes_holds(self, book: Store) -> None:
        """Each entry's hash covers the one before and all of its own but the private part."""
        book.commit([change(f"m{number}", private={"p": "x"}) for number in range(5)])
        book.commit([change("m1", 1, body='{"a": "汉字"}')])
        entries = book.log()
        assert chain_fault(entries) is None
        assert entries[0].previous == GENESIS
        head = book.head()
        assert (head.position, head.hash, head.recorded_at) == (6, entries[-1].hash, NOON + TICK)

    def test_recorded_times_never_go_back(self, book: Store, clock: HandClock) -> None:
        """Whatever the clock does, and whatever zone it speaks in."""
        for hours in (0, -26, 5, 5, -100, 30):
            clock.now = NOON.astimezone(dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(hours=hours)
            book.commit([change(f"m{hours}", len(book.entries(f"m{hours}")))])
        times = [entry.recorded_at for entry in book.log()]
        assert times == sorted(set(times))
        assert {time.tzinfo for time in times} == {dt.UTC}
        assert times[1] == NOON + dt.timedelta(microseconds=1)

    def test_position_at_gives_what_was_known_at_a_time(self, book: Store, clock: HandClock) -> None:
        """The last position recorded at or before it."""
        for day in range(5):
            clock.now = NOON + dt.timedelta(days=day)
            book.commit([change(f"a{day}"), change(f"b{day}")])
        tick = dt.timedelta(microseconds=1)
        assert book.position_at(NOON - tick) == 0
        assert [book.position_at(NOON + dt.timedelta(days=day)) for day in range(5)] == [2, 4, 6, 8, 10]
        assert book.position_at(NOON + dt.timedelta(days=1) - tick) == 2
        assert book.position_at(NOON.astimezone(dt.timezone(dt.timedelta(hours=-5)))) == 2

    def test_an_empty_store_has_no_last_entry(self, book: Store) -> None:
        """Its head is the beginning of the chain."""
        head = book.head()
        assert (head.position, head.recorded_at, head.hash) == (0, None, GENESIS)
        assert book.position_at(NOON) == 0
        assert list(book.log()) == list(book.entries("m1")) == []

    def test_entries_up_to_a_position(self, book: Store) -> None:
        """``known_at`` leaves out what came later."""
        for version in range(4):
            book.commit([change("m1", version), change(f"other{version}")])
        assert [entry.version for entry in book.entries("m1", known_at=4)] == [1, 2]
        assert [entry.version for entry in book.entries("m1", known_at=99)] == [1, 2, 3, 4]
        assert list(book.entries("m1", known_at=0)) == []

    @pytest.mark.parametrize("ask", [{"limit": 0}, {"limit": -1}, {"after": -1}, {"limit": 2**70}])
    def test_a_log_is_asked_for_by_whole_positive_numbers(self, book: Store, ask: dict[str, int]) -> None:
        """Anything else is not a question."""
        with pytest.raises(InvalidQuery):
            book.log(**ask)

    def test_a_time_without_a_zone_is_no_point_in_time(self, book: Store) -> None:
        """It is refused, as is one beyond the calendar."""
        for moment in (NOON.replace(tzinfo=None), dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-9)))):
            with pytest.raises(InvalidQuery):
                book.position_at(moment)

    # Law 4: what was written is what is read

    @pytest.mark.parametrize("text", ["", "a\0b\0", "汉字 🌽 עברית", "\u200f\ufeff\x1f", "x" * 100_000, "'; --"])
    def test_texts_come_back_as_they_were(self, book: Store, text: str) -> None:
        """In the body, the private part, keys and facts."""
        name = "m" + text[:100]
        book.commit(
            [change(name, body=text, private={text: text}, keys=[Key(text, text)], add=[plot(name, text, crop=text)])]
        )
        (entry,) = book.entries(name)
        assert (entry.matter_id, entry.body, entry.private) == (name, text, {text: text})
        assert book.key(text, text) == name
        assert rows_of(book, columns=["matter_id", "row", "crop"]) == [(name, text, text)]

    @pytest.mark.parametrize("rent", RENTS, ids=str)
    def test_decimals_come_back_with_their_exponent(self, book: Store, rent: Decimal) -> None:
        """1.00 is not 1, though they are equal."""
        book.commit([change(add=[plot(rent=rent)])])
        ((found,),) = rows_of(book, columns=["rent"])
        assert isinstance(found, Decimal)
        assert found.as_tuple() == rent.as_tuple()

    def test_cells_come_back_with_their_type(self, book: Store) -> None:
        """True is not 1, an instant keeps its microseconds and UTC."""
        moment = dt.datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)
        row = plot(
            crop="kale",
            beds=-(2**63),
            slope=0.1,
            fenced=True,
            rent=Decimal("0.10"),
            sown_on=dt.date(1, 2, 3),
            watered_at=moment,
        )
        book.commit([change(add=[row])])
        (found,) = rows_of(book)
        assert found == row.cells
        assert list(map(type, found)) == list(map(type, row.cells))
        assert isinstance(found[-1], dt.datetime)
        assert found[-1].tzinfo is dt.UTC

    @pytest.mark.parametrize(
        "broken",
        [
            {"matter": "m\ud800"},
            {"kind": "\udfff"},
            {"body": "\ud800"},
            {"private": {"p": CANARY + "\ud800"}},
            {"private": {"\ud800": "x"}},
            {"keys": [Key("no", CANARY + "\ud800")]},
            {"keys": [Key("\ud800", "x")]},
            {"keys": [Key("no", "1", "\ud800")]},
            {"add": [plot(crop=CANARY + "\ud800")]},
            {"add": [plot(row="\ud800")]},
        ],
    )
    def test_half_a_character_is_refused(self, book: Store, broken: dict[str, Any]) -> None:
        """A lone surrogate is no text, wherever it stands; the error does not quote the text."""
        with pytest.raises(InvalidValue) as caught:
            book.commit([change("m0"), change(**broken)])
        assert_says_nothing(caught.value)
        assert book.head().position == 0

    @pytest.mark.parametrize(
        "cells",
        [
            {"beds": 2**63},
            {"beds": True},
            {"beds": "1"},
            {"slope": 1},
            {"slope": float("nan")},
            {"slope": float("inf")},
            {"rent": Decimal("NaN")},
            {"rent": Decimal("sNaN")},
            {"rent": Decimal("-Infinity")},
            {"rent": 1.5},
            {"fenced": 1},
            {"sown_on": NOON},
            {"watered_at": NOON.replace(tzinfo=None)},
            {"watered_at": NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))},
            {"crop": CANARY.encode()},
        ],
    )
    def test_a_cell_that_is_not_as_its_column_says_is_refused(self, book: Store, cells: dict[str, Any]) -> None:
        """Nothing is turned into something else in silence."""
        book.commit([change("m9", add=[plot("m9", crop="x", beds=1, slope=0.5, fenced=False, rent=RENTS[0])])])
        with pytest.raises(InvalidValue) as caught:
            book.commit([change(add=[plot(**cells)])])
        assert_says_nothing(caught.value)
        assert book.head().position == 1

    @pytest.mark.parametrize(
        "broken",
        [
            {"add": [FactsRow("shed", ("m1", ""))]},
            {"add": [FactsRow("tool", ("m1", ""))]},
            {"add": [FactsRow("tool", ())]},
            {"add": [FactsRow("tool", ("m1", None, "a", 1))]},
            {"add": [plot("m2")]},
            {"add": [plot(), plot(beds=2)]},
            {"close": [ref("m2")]},
            {"close": [ref(table="shed")]},
            {"matter": ""},
            {"kind": ""},
            {"body": 5},
            {"body": CANARY.encode()},
            {"private": {"p": 5}},
            {"private": {"p": None}},
            {"keys": [Key("no", 5)]},  # type: ignore[arg-type]
            {"expected": -1},
            {"expected": "0", "version": 1},
        ],
    )
    def test_a_change_that_says_nothing_sensible_is_refused(self, book: Store, broken: dict[str, Any]) -> None:
        """No such table, rows of another matter, one row twice, no text where text belongs."""
        with pytest.raises(InvalidValue) as caught:
            book.commit([change(**broken)])
        assert_says_nothing(caught.value)
        assert book.head().position == 0

    # Law 5: facts at any position

    def test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it(self, book: Store) -> None:
        """At each position stands what was known then, for ever."""
        book.commit([change("m1", 0, add=[plot(beds=1), tool()])])
        book.commit([change("m2", 0, add=[plot("m2", beds=9)])])
        book.commit([change("m1", 1, close=[ref()], add=[plot(beds=2)])])
        book.commit([change("m1", 2, close=[ref()])])
        book.commit([change("m1", 3, add=[plot(beds=3)])])
        found = [rows_of(book, columns=["matter_id", "beds"], known_at=at) for at in range(6)]
        assert found == [
            [],
            [("m1", 1)],
            [("m1", 1), ("m2", 9)],
            [("m1", 2), ("m2", 9)],
            [("m2", 9)],
            [("m1", 3), ("m2", 9)],
        ]
        assert rows_of(book, columns=["matter_id", "beds"]) == found[-1]
        assert rows_of(book, columns=["matter_id", "beds"], known_at=2**70) == found[-1]

    @pytest.mark.parametrize("twice", [False, True])
    def test_closing_a_row_that_is_not_there_is_damage(self, book: Store, twice: bool) -> None:
        """Facts and journal have come apart; nothing is written."""
        book.commit([change(add=[plot()] if twice else [])])
        with pytest.raises(StoreDamaged):
            book.commit([change("m1", 1, close=[ref()] * (2 if twice else 1))])
        assert book.head().position == 1
        assert len(rows_of(book)) == twice

    def test_adding_a_row_that_is_current_is_refused(self, book: Store) -> None:
        """Unless the same change closes it."""
        book.commit([change(add=[plot(beds=1)])])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, add=[plot(beds=2)])])
        book.commit([change("m1", 1, close=[ref()], add=[plot(beds=2)])])
        assert rows_of(book, columns=["beds"]) == [(2,)]

    def test_facts_come_in_order_of_matter_and_row(self, book: Store) -> None:
        """Whatever the order of writing; and in batches, the columns as asked for."""
        for matter in ("b", "a", "é", "Z", "汉"):
            book.commit([change(matter, add=[plot(matter, row) for row in ("2", "10", "1")])])
        asked = rows_of(book, columns=["row", "matter_id", "row"])
        names = [(matter, row) for row, matter, _ in asked]
        assert names == sorted(names)
        assert len(names) == 15
        (batch,) = book.facts("plot", columns=["row", "matter_id", "row"])
        assert batch.columns == ("row", "matter_id", "row")

    def test_facts_come_in_batches_of_bounded_size(self, book: Store) -> None:
        """However many there are, all of them come once."""
        book.commit([change("m1", add=[tool(row=f"{number:05}") for number in range(12_000)])])
        batches = list(book.facts("tool", columns=["row"]))
        assert len(batches) > 1
        assert [row for batch in batches for (row,) in batch.rows] == [f"{number:05}" for number in range(12_000)]

    def test_a_reading_of_facts_is_of_one_moment(self, book: Store) -> None:
        """What is committed while it goes on is not in it, and does not wait for it."""
        rows = [tool(row=f"{number:05}") for number in range(9000)]
        book.commit([change("m1", add=rows)])
        reading = book.facts("tool", columns=["row", "order"])
        book.commit([change("m2", add=[tool("m2")])])
        found = list(next(reading).rows)
        closing = [ref(row=f"{number:05}", table="tool") for number in range(8999, 4000, -1)]
        book.commit([change("m1", 1, close=closing, add=[tool(row="00000.5")])])
        found += [row for batch in reading for row in batch.rows]
        assert found == [(f"{number:05}", 1) for number in range(9000)]

    def test_a_reading_that_is_never_finished_holds_nothing_up(self, book: Store) -> None:
        """Writing, erasing, rebuilding and closing go on beside it."""
        book.commit([change("m1", add=[tool(row=str(number)) for number in range(9000)], private={"p": "x"})])
        reading = book.facts("tool")
        next(reading)
        book.commit([change("m1", 1)])
        assert book.erase("p") == 1
        book.close()
        with pytest.raises(StoreClosed):
            next(reading)

    def test_facts_of_a_table_or_column_that_is_not_there(self, book: Store) -> None:
        """The error comes with the call and names what there is."""
        with pytest.raises(InvalidQuery, match="plot, tool"):
            book.facts("shed")
        with pytest.raises(InvalidQuery, match="crop, beds"):
            book.facts("plot", columns=["crops"])
        with pytest.raises(InvalidQuery, match="crop, beds"):
            book.facts("plot", [Filter('crop" OR 1', Op.EQ, "x")])

    # Law 6: find

    @pytest.fixture
    def garden(self, book: Store) -> Store:
        """Plots with every crop and rent, and some empty cells."""
        crops: list[str | None] = [*CROPS, None]
        rents: list[Decimal | None] = [*RENTS, None]
        changes = []
        for number in range(60):
            name = f"m{number * 37 % 60:02}"
            row = plot(
                name,
                crop=crops[number % 11],
                beds=number % 7 or None,
                rent=rents[number % 12],
                fenced=None if number % 5 == 0 else number % 2 == 0,
                slope=number / 8,
                sown_on=dt.date(2024, 1, 1) + dt.timedelta(days=number % 9),
                watered_at=NOON + dt.timedelta(microseconds=number % 13),
            )
            changes.append(change(name, add=[row]))
        book.commit(changes)
        return book

    @pytest.mark.parametrize(
        ("asked", "meets"),
        [
            (Filter("crop", Op.EQ, "kale"), lambda row: row[2] == "kale"),
            (Filter("crop", Op.EQ, "a\0b"), lambda row: row[2] == "a\0b"),
            (Filter("crop", Op.IN, ("kale", "🌽", "none")), lambda row: row[2] in ("kale", "🌽")),
            (Filter("crop", Op.IN, ()), lambda row: False),
            (Filter("crop", Op.RANGE, ("a", "l")), lambda row: row[2] is not None and "a" <= row[2] < "l"),
            (Filter("crop", Op.RANGE, (None, None)), lambda row: row[2] is not None),
            (Filter("crop", Op.IS_NULL, True), lambda row: row[2] is None),
            (Filter("crop", Op.IS_NULL, False), lambda row: row[2] is not None),
            (Filter("crop", Op.CONTAINS, "k"), lambda row: "k" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "_"), lambda row: "_" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "%"), lambda row: "%" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "\0b"), lambda row: "\0b" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "菜"), lambda row: "菜" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, ""), lambda row: row[2] is not None),
            (Filter("beds", Op.RANGE, (2, 5)), lambda row: row[3] is not None and 2 <= row[3] < 5),
            (Filter("slope", Op.RANGE, (None, 1.5)), lambda row: row[4] < 1.5),
            (Filter("fenced", Op.EQ, True), lambda row: row[5] is True),
            (Filter("rent", Op.EQ, Decimal("1.0")), lambda row: row[6] == 1),
            (Filter("rent", Op.IN, (Decimal("1E3"), Decimal("0"))), lambda row: row[6] in (0, 1000)),
            (Filter("rent", Op.RANGE, (RENTS[6], RENTS[2])), lambda row: row[6] is not None and -12 <= row[6] < 1),
            (Filter("rent", Op.RANGE, (Decimal("9"), None)), lambda row: row[6] is not None and row[6] >= 9),
            (Filter("sown_on", Op.RANGE, (dt.date(2024, 1, 3), None)), lambda row: row[7] >= dt.date(2024, 1, 3)),
            (
                Filter("watered_at", Op.RANGE, (None, (NOON + dt.timedelta(microseconds=4)).astimezone(
                    dt.timezone(dt.timedelta(hours=8))))),
                lambda row: row[8] < NOON + dt.timedelta(microseconds=4),
            ),
        ],
    )  # fmt: skip
    def test_a_filter_finds_what_meets_it(
        self, garden: Store, asked: Filter, meets: Callable[[tuple[Any, ...]], bool]
    ) -> None:
        """In ``facts`` and in ``find`` alike."""
        wanted = [row for row in rows_of(garden) if meets(row)]
        assert rows_of(garden, filters=[asked]) == wanted
        assert list(garden.find("plot", [asked], limit=100).rows) == wanted

    def test_several_filters_are_met_together(self, garden: Store) -> None:
        """Each narrows the others."""
        asked = [Filter("fenced", Op.EQ, True), Filter("beds", Op.RANGE, (2, None))]
        assert rows_of(garden, filters=asked) == [
            row
            for row in rows_of(garden)
            if row[5] is True and row[3] is not None and row[3] >= 2  # type: ignore[operator]
        ]

    @pytest.mark.parametrize("limit", [1, 7, 60, 61])
    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("column", [None, *PLOT.names])
    def test_pages_give_every_row_once_in_order(
        self, garden: Store, column: str | None, descending: bool, limit: int
    ) -> None:
        """Empty cells come last either way, equal ones in order of matter and row."""
        sort = None if column is None else Sort(column, descending)
        rows = rows_of(garden)
        if column is not None:
            index = PLOT.names.index(column)
            filled: list[tuple[Any, ...]] = [row for row in rows if row[index] is not None]
            filled.sort(key=lambda row: row[index], reverse=descending)
            rows = filled + [row for row in rows if row[index] is None]
        assert all_pages(garden, sort, limit) == rows

    def test_pages_do_not_move_while_rows_are_added(self, garden: Store) -> None:
        """All pages are of the position at which the first was read."""
        wanted = all_pages(garden, Sort("crop"), 60)
        page = garden.find("plot", sort=Sort("crop"), limit=10)
        found = list(page.rows)
        for number in range(6):
            row = found[-1]
            garden.commit(
                [
                    change(f"new{number}", add=[plot(f"new{number}", crop="")]),
                    change(str(row[0]), 1, close=[ref(str(row[0]))], add=[plot(str(row[0]), crop="zz")]),
                ]
            )
            assert page.cursor is not None
            page = garden.find("plot", sort=Sort("crop"), limit=10, cursor=page.cursor)
            found += page.rows
            if page.cursor is None:
                break
        assert found == wanted

    def test_a_cursor_answers_its_own_question_only(self, garden: Store) -> None:
        """Another table, filter or order, or any other text, is refused."""
        cursor = garden.find("plot", [Filter("beds", Op.EQ, 1)], Sort("crop"), limit=1).cursor
        assert cursor is not None
        garden.find("plot", [Filter("beds", Op.EQ, 1)], Sort("crop"), limit=5, cursor=cursor)
        for asked in (
            {"table": "tool"},
            {"table": "plot"},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 2)], "sort": Sort("crop")},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 1)], "sort": Sort("crop", True)},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 1)], "sort": Sort("beds")},
        ):
            with pytest.raises(InvalidQuery):
                garden.find(**asked, cursor=cursor)

    @pytest.mark.parametrize("cursor", ["", "x", "§", "W10", "bnVsbA", "[" * 5000, "Int9", "a" * 4097, "\ud800"])
    def test_a_text_that_is_no_cursor_is_refused(self, garden: Store, cursor: str) -> None:
        """Whatever it holds."""
        with pytest.raises(InvalidQuery):
            garden.find("plot", cursor=cursor)

    @pytest.mark.parametrize(
        "asked",
        [
            Filter("crop", Op.EQ, None),
            Filter("crop", Op.EQ, 5),
            Filter("crop", Op.EQ, CANARY + "\ud800"),
            Filter("crop", Op.IN, "kale"),
            Filter("crop", Op.IN, ("kale", None)),
            Filter("crop", Op.IN, tuple(map(str, range(40_000)))),
            Filter("crop", Op.RANGE, ("a",)),
            Filter("crop", Op.RANGE, "ab"),
            Filter("crop", Op.IS_NULL, 1),
            Filter("crop", Op.CONTAINS, ("a",)),
            Filter("beds", Op.CONTAINS, 5),
            Filter("beds", Op.CONTAINS, CANARY),
            Filter("beds", Op.EQ, True),
            Filter("beds", Op.EQ, 2**63),
            Filter("slope", Op.EQ, 1),
            Filter("slope", Op.EQ, float("nan")),
            Filter("rent", Op.EQ, Decimal("sNaN")),
            Filter("rent", Op.RANGE, (Decimal("Infinity"), None)),
            Filter("fenced", Op.EQ, 1),
            Filter("sown_on", Op.EQ, NOON),
            Filter("watered_at", Op.EQ, NOON.replace(tzinfo=None)),
            Filter("watered_at", Op.EQ, dt.date(2024, 1, 1)),
            Filter("crop", "like", CANARY),  # type: ignore[arg-type]
        ],
    )
    def test_a_filter_that_does_not_fit_its_column_is_refused(self, garden: Store, asked: Filter) -> None:
        """By ``facts`` and by ``find``, without quoting the value."""
        for ask in (garden.facts, garden.find):
            with pytest.raises(InvalidQuery) as caught:
                ask("plot", [asked])
            assert_says_nothing(caught.value)

    def test_find_refuses_what_is_not_there(self, garden: Store) -> None:
        """The error names what there is."""
        with pytest.raises(InvalidQuery, match="plot, tool"):
            garden.find("shed")
        with pytest.raises(InvalidQuery, match="crop, beds"):
            garden.find("plot", sort=Sort("crop; DROP TABLE"))
        for limit in (0, -1, 2**70):
            with pytest.raises(InvalidQuery):
                garden.find("plot", limit=limit)

    # Keys

    def test_a_key_belongs_to_one_matter(self, book: Store) -> None:
        """Another that takes it is refused, and told who holds it."""
        book.commit([change("m1", keys=[Key("no", "1"), Key("other", "1")])])
        with pytest.raises(KeyTaken) as caught:
            book.commit([change("m2"), change("m3", keys=[Key("no", "2"), Key("no", "1")])])
        assert (caught.value.kind, caught.value.holder) == ("no", "m1")
        assert (book.key("no", "1"), book.key("no", "2"), book.head().position) == ("m1", None, 1)

    def test_a_key_is_taken_within_one_batch_too(self, book: Store) -> None:
        """The first of the batch has it."""
        with pytest.raises(KeyTaken):
            book.commit([change("m1", keys=[Key("no", "1")]), change("m2", keys=[Key("no", "1")])])
        assert book.key("no", "1") is None

    def test_a_matter_may_take_its_own_key_again(self, book: Store) -> None:
        """It keeps it."""
        book.commit([change("m1", keys=[Key("no", "1"), Key("no", "1")])])
        book.commit([change("m1", 1, keys=[Key("no", "1"), Key("no", "2")])])
        assert book.key("no", "1") == book.key("no", "2") == "m1"

    # Law 7: errors

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
        """Neither in its text nor in what stands behind it."""
        book.commit([change("m1", keys=[Key("no", CANARY)])])
        with pytest.raises(MediationError) as caught:
            book.commit(broken)
        assert_says_nothing(caught.value)

    def test_questions_about_half_characters_find_nothing(self, book: Store) -> None:
        """What cannot be written is not there."""
        assert list(book.entries("\ud800")) == []
        assert book.key("\ud800", "\ud800") is None
        assert book.erase("\ud800") == 0

    # Law 8: erasing

    def test_what_is_erased_is_gone_and_the_rest_stays(self, book: Store) -> None:
        """The subject's private parts and keys, in every matter; the chain holds."""
        for number in range(3):
            parts = {"p1": CANARY, "p2": "stays"}
            keys = [Key("id", f"{number}", "p1"), Key("id", f"{number}x", "p2"), Key("id", f"{number}y")]
            book.commit([change(f"m{number}", private=parts, keys=keys, add=[plot(f"m{number}")])])
        before = book.log()
        assert book.erase("p1") == 3
        after = book.log()
        assert [attrs.evolve(entry, private={"p2": "stays"}) for entry in before] == list(after)
        assert chain_fault(after) is None
        assert [book.key("id", value) for value in ("0", "0x", "0y")] == [None, "m0", "m0"]
        assert len(rows_of(book)) == 3
        assert book.erase("p1") == 0

    def test_a_key_that_was_erased_can_be_taken(self, book: Store) -> None:
        """It belongs to nobody."""
        book.commit([change("m1", keys=[Key("id", "1", "p")])])
        book.erase("p")
        book.commit([change("m2", keys=[Key("id", "1")])])
        assert book.key("id", "1") == "m2"

    # Tables and rebuilding

    def test_preparing_again_changes_nothing(self, book: Store) -> None:
        """The same schemas, in any order, with entries there."""
        book.commit([change(add=[plot()])])
        assert book.prepare([TOOL, PLOT]) == ()
        assert len(rows_of(book)) == 1

    @pytest.mark.parametrize(
        "new",
        [
            attrs.evolve(PLOT, version=2),
            attrs.evolve(PLOT, columns=(*PLOT.columns, Column("shade", ColumnType.TEXT))),
            attrs.evolve(PLOT, columns=PLOT.columns[:-1]),
        ],
    )
    def test_a_table_that_changed_is_to_be_rebuilt(self, book: Store, new: FactsSchema) -> None:
        """It is named until its rows have been replaced."""
        book.commit([change(add=[plot(), tool()])])
        assert book.prepare([new, TOOL]) == ("plot",)
        assert rows_of(book) == []
        assert book.prepare([new, TOOL]) == ("plot",)
        cells = (*plot().cells, None)[: len(new.columns)]
        assert book.replace_facts([FactsVersion(FactsRow("plot", cells), 1, None)]) == 1
        assert book.prepare([new, TOOL]) == ()
        assert rows_of(book) == [cells]
        assert rows_of(book, "tool") == []

    def test_a_table_that_is_new_beside_entries_is_to_be_rebuilt(self, book: Store) -> None:
        """Without entries there is nothing to rebuild from."""
        shed = attrs.evolve(TOOL, table="shed")
        barn = attrs.evolve(TOOL, table="barn")
        assert book.prepare([shed]) == ()
        book.commit([change()])
        assert book.prepare([barn, shed]) == ("barn",)

    def test_replaced_facts_are_as_given_at_every_position(self, book: Store) -> None:
        """Closed versions too; what was there before is gone."""
        book.commit([change("m1", 0, add=[plot(beds=0), tool()])])
        book.commit([change("m1", 1)])
        book.commit([change("m1", 2)])
        versions = [
            FactsVersion(plot(beds=3), 3, None),
            FactsVersion(plot(beds=1), 1, 2),
            FactsVersion(plot(beds=2), 2, 3),
        ]
        assert book.replace_facts(iter(versions)) == 3
        assert [rows_of(book, columns=["beds"], known_at=at) for at in range(4)] == [[], [(1,)], [(2,)], [(3,)]]
        assert rows_of(book, "tool") == []
        book.commit([change("m1", 3, close=[ref()], add=[plot(beds=4)])])
        assert rows_of(book, columns=["beds"]) == [(4,)]

    @pytest.mark.parametrize(
        "wrong",
        [
            [FactsVersion(plot(), 0, None)],
            [FactsVersion(plot(), 9, None)],
            [FactsVersion(plot(), 2, 2)],
            [FactsVersion(plot(), 2, 1)],
            [FactsVersion(plot(), 1, 9)],
            [FactsVersion(plot(), 1, None), FactsVersion(plot(), 2, None)],
            [FactsVersion(plot(), 1, None), FactsVersion(plot(beds=5), 1, None)],
            [FactsVersion(plot(), 1, 3), FactsVersion(plot(), 2, None)],
            [FactsVersion(plot(beds=True), 1, None)],
            [FactsVersion(FactsRow("shed", ("m1", "")), 1, None)],
        ],
    )
    def test_a_rebuild_that_no_journal_could_give_is_refused(self, book: Store, wrong: list[FactsVersion]) -> None:
        """The facts stay as they were."""
        book.commit([change("m1", 0, add=[plot(beds=7)])])
        book.commit([change("m1", 1), change("m1", 2)])
        with pytest.raises(InvalidInput):
            book.replace_facts([FactsVersion(tool(), 1, None), *wrong])
        assert rows_of(book, columns=["beds"]) == [(7,)]
        assert rows_of(book, "tool") == []

    def test_a_rebuild_may_read_the_log_as_it_goes(self, book: Store) -> None:
        """That is where its rows come from."""
        book.commit([change(f"m{number}") for number in range(10)])

        def versions() -> Iterator[FactsVersion]:
            for position in range(10):
                (entry,) = book.log(after=position, limit=1)
                yield FactsVersion(plot(entry.matter_id), entry.position, None)

        assert book.replace_facts(versions()) == 10
        assert len(rows_of(book)) == 10

    def test_a_reading_does_not_go_on_in_rebuilt_facts(self, book: Store) -> None:
        """It would mix two states; it ends with an error that says to read again."""
        book.commit([change("m1", add=[tool(row=f"{number:05}") for number in range(9000)])])
        reading = book.facts("tool")
        next(reading)
        book.replace_facts([FactsVersion(tool(row="x"), 1, None)])
        with pytest.raises(StoreUnavailable):
            list(reading)

    # Closing, declaring

    def test_closing_twice_does_nothing(self, book: Store) -> None:
        """Nor does a third time."""
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
            lambda store: store.replace_facts([]),
            lambda store: store.erase("p"),
            lambda store: store.health(),
        ],
    )
    def test_a_closed_store_says_so(self, book: Store, call: Callable[[Store], object]) -> None:
        """Every call but closing raises ``StoreClosed``."""
        book.close()
        with pytest.raises(StoreClosed):
            call(book)

    def test_closing_inside_a_commit_ends_it(self, book: Store) -> None:
        """Nothing of it counts, nothing hangs."""

        def batch() -> Iterator[Change]:
            for number in range(1100):
                if number == 1050:
                    book.close()
                yield change(f"m{number}")

        with pytest.raises(StoreClosed):
            book.commit(batch())

    def test_a_store_declares_what_it_can(self, book: Store) -> None:
        """In words of the port, and it is one."""
        assert all(isinstance(capability, Capability) for capability in book.capabilities)
        assert isinstance(book, Store)

    def test_reading_and_writing_go_on_in_many_threads(self, book: Store) -> None:
        """Readers see whole commits only: as many rows as entries, at every position."""
        wrong: list[object] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                position = book.head().position
                rows = len(rows_of(book, known_at=position))
                if rows != position or len(book.log(limit=10_000)) < position:
                    wrong.append((position, rows))

        readers = [threading.Thread(target=guarded, args=(read, wrong)) for _ in range(3)]
        writers = [
            threading.Thread(target=guarded, args=(lambda name=name: write_some(book, name), wrong)) for name in "ab"
        ]
        for thread in [*readers, *writers]:
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        for thread in readers:
            thread.join()
        assert wrong == []
        assert book.head().position == 60
        assert chain_fault(book.log()) is None


def assert_says_nothing(error: BaseException | None) -> None:
    """No value in an error, nor in those behind it."""
    while error is not None:
        for text in (str(error), repr(error), repr(error.args), repr(vars(error))):
            assert CANARY not in text
            assert repr(CANARY)[1:-1] not in text
        error = error.__cause__ or error.__context__


def guarded(work: Callable[[], None], wrong: list[object]) -> None:
    """Run *work*, and note what it raises."""
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - a thread's exception is the test's to report
        wrong.append(error)


def write_some(store: Store, name: str) -> None:
    """Thirty commits of one matter each."""
    for number in range(30):
        store.commit([change(f"{name}{number}", add=[plot(f"{name}{number}")])])


def all_pages(store: Store, sort: Sort | None, limit: int) -> list[tuple[Any, ...]]:
    """The rows of all pages."""
    found: list[tuple[Any, ...]] = []
    cursor = None
    while True:
        page = store.find("plot", sort=sort, limit=limit, cursor=cursor)
        assert len(page.rows) <= limit
        found += page.rows
        cursor = page.cursor
        if cursor is None:
            return found


def lost_updates(store: Store, threads: int = 4, updates: int = 15) -> int:
    """How many of the acknowledged updates of a counter are not in it, when threads add to it at once."""
    store.commit([change("counter", body="0")])
    together = threading.Barrier(threads)
    wrong: list[object] = []

    def add() -> None:
        together.wait()
        left = updates
        while left:
            entries = store.entries("counter")
            last = entries[-1]
            try:
                store.commit([change("counter", last.version, body=str(int(last.body) + 1))])
            except VersionConflict:
                continue
            left -= 1

    workers = [threading.Thread(target=guarded, args=(add, wrong)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    return threads * updates - int(store.entries("counter")[-1].body)
