"""Law 2: a stale expected version changes nothing."""

from __future__ import annotations

import pytest

from community_mediation.errors import InvalidValue, VersionConflict
from community_mediation.ports import Filter, Op, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import NOON, change, plot, ref, rows_of
from community_mediation.testing.stores.helping import lost_updates


class VersionLaws(StoreFixtures):
    """Who comes second changes nothing."""

    def test_the_second_writer_loses_and_changes_nothing(self, book: Store) -> None:
        """Law 2: a stale expected version raises, and leaves the first writer's entry."""
        book.commit([change("m1", body='"first"')])
        with pytest.raises(VersionConflict) as caught:
            book.commit([change("m1", body='"second"', add=[plot()])])
        assert (caught.value.expected, caught.value.actual) == (0, 1)
        assert [entry.body for entry in book.entries("m1")] == ['"first"']
        assert rows_of(book) == []

    def test_a_version_that_is_not_there_yet_conflicts(self, book: Store) -> None:
        """Law 2: being ahead of the book is as wrong as being behind."""
        with pytest.raises(VersionConflict):
            book.commit([change("m1", 3)])

    def test_a_version_may_leap_and_is_then_the_one_to_expect(self, book: Store) -> None:
        """Law 2: several events may go into one entry."""
        book.commit([change("m1", 0, version=4)])
        assert book.commit([change("m1", 4, version=9)]).first == 2

    @pytest.mark.parametrize("version", [0, 1, -1, 2**63])
    def test_a_version_that_does_not_follow_is_refused(self, book: Store, version: int) -> None:
        """Law 2: it is greater than the expected one, and fits 64 bits."""
        book.commit([change("m1")])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, version=version)])

    def test_one_batch_may_change_a_matter_several_times(self, book: Store) -> None:
        """Law 2: each change is made on the version that the one before left, and has its own position."""
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
        """Law 2: a change of another kind is refused."""
        book.commit([change("m1")])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", 1, kind="barn")])

    def test_threads_lose_no_update(self, book: Store) -> None:
        """Law 2: each acknowledged update is in the next one's past."""
        assert lost_updates(book) == 0
