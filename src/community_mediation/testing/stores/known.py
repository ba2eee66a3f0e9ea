"""Law 5: facts at any position equal the facts folded from the entries known then."""

from __future__ import annotations

import pytest

from community_mediation.errors import InvalidQuery, InvalidValue, StoreClosed, StoreDamaged
from community_mediation.ports import Filter, Op, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import change, plot, ref, rows_of, tool


class KnownLaws(StoreFixtures):
    """Facts as they were known at any position."""

    def test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it(self, book: Store) -> None:
        """Law 5: at each position stands what was known then, for ever."""
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
        """Law 5: facts and journal have come apart; nothing is written."""
        book.commit([change(add=[plot()] if twice else [])])
        with pytest.raises(StoreDamaged):
            book.commit([change("m1", 1, close=[ref()] * (2 if twice else 1))])
        assert book.head().position == 1
        assert len(rows_of(book)) == twice

    def test_adding_a_row_that_is_current_is_refused(self, book: Store) -> None:
        """Law 5: unless the same change closes it."""
        book.commit([change(add=[plot(beds=1)])])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, add=[plot(beds=2)])])
        book.commit([change("m1", 1, close=[ref()], add=[plot(beds=2)])])
        assert rows_of(book, columns=["beds"]) == [(2,)]

    def test_facts_come_in_order_of_matter_and_row(self, book: Store) -> None:
        """Law 5: whatever the order of writing; and in batches, the columns as asked for."""
        for matter in ("b", "a", "é", "Z", "汉"):
            book.commit([change(matter, add=[plot(matter, row) for row in ("2", "10", "1")])])
        asked = rows_of(book, columns=["row", "matter_id", "row"])
        names = [(matter, row) for row, matter, _ in asked]
        assert names == sorted(names)
        assert len(names) == 15
        (batch,) = book.facts("plot", columns=["row", "matter_id", "row"])
        assert batch.columns == ("row", "matter_id", "row")

    def test_facts_come_in_batches_of_bounded_size(self, book: Store) -> None:
        """Law 5: however many there are, all of them come once."""
        book.commit([change("m1", add=[tool(row=f"{number:05}") for number in range(12_000)])])
        batches = list(book.facts("tool", columns=["row"]))
        assert len(batches) > 1
        assert [row for batch in batches for (row,) in batch.rows] == [f"{number:05}" for number in range(12_000)]

    def test_a_reading_of_facts_is_of_one_moment(self, book: Store) -> None:
        """Law 5: what is committed while it goes on is not in it, and does not wait for it."""
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
        """Law 5: writing, erasing, rebuilding and closing go on beside it."""
        book.commit([change("m1", add=[tool(row=str(number)) for number in range(9000)], private={"p": "x"})])
        reading = book.facts("tool")
        next(reading)
        book.commit([change("m1", 1)])
        assert book.erase("p") == 1
        book.close()
        with pytest.raises(StoreClosed):
            next(reading)

    def test_facts_of_a_table_or_column_that_is_not_there(self, book: Store) -> None:
        """Law 5: the error comes with the call and names what there is."""
        with pytest.raises(InvalidQuery, match="plot, tool"):
            book.facts("shed")
        with pytest.raises(InvalidQuery, match="crop, beds"):
            book.facts("plot", columns=["crops"])
        with pytest.raises(InvalidQuery, match="crop, beds"):
            book.facts("plot", [Filter('crop" OR 1', Op.EQ, "x")])
