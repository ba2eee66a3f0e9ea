"""Law 5, for tables that change and facts that are written anew."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from community_mediation.errors import InvalidInput, StoreUnavailable
from community_mediation.facts.schema import Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import FactsVersion, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import PLOT, TOOL, change, plot, ref, rows_of, tool


class RebuildingLaws(StoreFixtures):
    """Facts can be replaced by those that the journal gives."""

    def test_preparing_again_changes_nothing(self, book: Store) -> None:
        """Law 5: the same schemas, in any order, with entries there."""
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
        """Law 5: it is named until its rows have been replaced."""
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
        """Law 5: without entries there is nothing to rebuild from."""
        shed = attrs.evolve(TOOL, table="shed")
        barn = attrs.evolve(TOOL, table="barn")
        assert book.prepare([shed]) == ()
        book.commit([change()])
        assert book.prepare([barn, shed]) == ("barn",)

    def test_replaced_facts_are_as_given_at_every_position(self, book: Store) -> None:
        """Law 5: closed versions too; what was there before is gone."""
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
        """Law 5: the facts stay as they were."""
        book.commit([change("m1", 0, add=[plot(beds=7)])])
        book.commit([change("m1", 1), change("m1", 2)])
        with pytest.raises(InvalidInput):
            book.replace_facts([FactsVersion(tool(), 1, None), *wrong])
        assert rows_of(book, columns=["beds"]) == [(7,)]
        assert rows_of(book, "tool") == []

    def test_a_rebuild_may_read_the_log_as_it_goes(self, book: Store) -> None:
        """Law 5: that is where its rows come from."""
        book.commit([change(f"m{number}") for number in range(10)])

        def versions() -> Iterator[FactsVersion]:
            for position in range(10):
                (entry,) = book.log(after=position, limit=1)
                yield FactsVersion(plot(entry.matter_id), entry.position, None)

        assert book.replace_facts(versions()) == 10
        assert len(rows_of(book)) == 10

    def test_a_reading_does_not_go_on_in_rebuilt_facts(self, book: Store) -> None:
        """Law 5: it would mix two states; it ends with an error that says to read again."""
        book.commit([change("m1", add=[tool(row=f"{number:05}") for number in range(9000)])])
        reading = book.facts("tool")
        next(reading)
        book.replace_facts([FactsVersion(tool(row="x"), 1, None)])
        with pytest.raises(StoreUnavailable):
            list(reading)
