"""Facts are derived: made anew they are the same, and what was changed by hand is found and mended."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import Casebook, folding, open_casebook
from community_mediation.domain.case import Case
from community_mediation.domain.record import Record
from community_mediation.errors import StoreReadOnly
from community_mediation.facts.schema import Column, ColumnType, FactsRow
from community_mediation.plugins import Plugins
from community_mediation.ports import Kind
from community_mediation.testing import strategies
from tests.casebook.checks import all_versions, printed, raw
from tests.casebook.conftest import Shelf
from tests.casebook.samples import FEW, Canaries, cut, reported, settled, watched


@FEW
@given(case=strategies.cases(), record=strategies.mediators(), at=st.sets(st.integers(1, 12), max_size=4))
def test_a_rebuild_changes_nothing(shelf: Shelf, case: Case, record: Record, at: set[int]) -> None:
    """Not one row of any table at any position."""
    with shelf.new() as book:
        for part in [*cut(settled("another"), 1, 4), *cut(case, *at), *cut(record, 1)]:
            book.save(part)
        before = all_versions(book)
        count = book.rebuild_facts()
        assert all_versions(book) == before
        assert count >= len({row for tables in before for rows in tables.values() for row in rows})
        assert book.verify().findings == ()


def test_a_rebuild_tells_how_many_entries_were_read(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then, and at its end."""
    monkeypatch.setattr(folding, "PAGE", 4)
    heard: list[int] = []
    with shelf.new() as book:
        book.save_all([reported(f"case-{number}") for number in range(10)])
        book.rebuild_facts(progress=heard.append)
    assert heard == [4, 8, 10]


def test_a_row_that_was_changed_by_hand_is_found_and_mended(sqlite: Shelf) -> None:
    """Of every table: ``verify`` names it, and only it; a rebuild brings back what the journal says."""
    with sqlite.new() as book:
        for matter in watched(Canaries()):
            book.save(matter)
        before = all_versions(book)
        path = sqlite.path(book)
        for table, schema in book.tables.items():
            column = next(each.name for each in schema.columns[2:] if each.type is ColumnType.TEXT)
            for sql in (
                f'UPDATE "{table}_versions" SET "{column}" = \'other\' WHERE known_to IS NULL',
                f'DELETE FROM "{table}_versions" WHERE known_to IS NULL',
                f'UPDATE "{table}_versions" SET known_to = 6 WHERE known_to IS NULL',
            ):
                if not raw(path, f'SELECT 1 FROM "{table}"'):
                    continue
                raw(path, sql)
                found = book.verify()
                assert [finding.code for finding in found.findings] == ["facts"]
                assert f"Table {table} " in found.findings[0].message
                assert not found.is_whole
                assert book.verify(facts=False).is_whole
                book.rebuild_facts()
                assert all_versions(book) == before
                assert book.verify().is_whole


def with_a_further_column() -> dict[str, Kind]:
    """The kinds of a later release, in which the rows of a case's parties say one thing more."""
    kinds = Plugins().kinds()
    case = kinds["case"]
    old = next(schema for schema in case.schemas if schema.table == "case_party")
    new = attrs.evolve(old, version=old.version + 1, columns=(*old.columns, Column("linked", ColumnType.BOOL)))

    def rows(matter: object) -> list[FactsRow]:
        return [
            attrs.evolve(row, cells=(*row.cells, row.cells[2] is not None)) if row.table == "case_party" else row
            for row in case.rows(matter)  # type: ignore[arg-type]
        ]

    schemas = tuple(new if schema.table == "case_party" else schema for schema in case.schemas)
    return {**kinds, "case": attrs.evolve(case, schemas=schemas, rows=rows)}


def test_facts_are_rebuilt_when_their_schema_is_raised(shelf: Shelf) -> None:
    """On opening, at all positions, and only once; the other tables stay as they are."""
    with shelf.new() as book:
        for matter in watched(Canaries()):
            book.save(matter)
        before = all_versions(book)
        later = shelf.again(book, with_a_further_column)
        linked = [row["linked"] for row in later.facts("case_party").rows()]
        assert sorted(map(str, linked)) == ["False", "True", "True", "True", "True", "True"]
        others = set(later.tables) - {"case_party"}
        for one, two in zip(before, all_versions(later), strict=True):
            assert {table: one[table] for table in others} == {table: two[table] for table in others}
        assert later.verify().is_whole
        assert later.store.prepare(tuple(later.tables.values())) == ()


def test_an_interrupted_rebuild_is_made_up_for(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that dies in the middle leaves the need of it recorded."""
    with shelf.new() as book:
        book.save(settled())

        def dies(self: Casebook) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Casebook, "rebuild_facts", dies)
            with pytest.raises(KeyboardInterrupt):
                shelf.again(book, with_a_further_column)
        later = shelf.again(book, with_a_further_column)
        assert len(printed(later.facts("case_party").rows())) == 2
        assert later.verify().is_whole


def test_a_book_that_is_only_read_is_not_rebuilt(sqlite: Shelf) -> None:
    """Asking for it says what to do."""
    with sqlite.new() as book:
        book.save(settled())
        url = f"sqlite:///{sqlite.path(book)}"
    with open_casebook(url, readonly=True) as reader, pytest.raises(StoreReadOnly, match="for writing"):
        reader.rebuild_facts()


@FEW
@given(case=strategies.cases(), at=st.sets(st.integers(1, 12), max_size=4), back=st.integers(0, 4))
def test_all_versions_say_what_was_known_when(case: Case, at: set[int], back: int) -> None:
    """At every position up to the one that is asked for; what came later is not in them."""
    with open_casebook("memory:") as book:
        for part in [*cut(settled("another"), 1, 4), *cut(case, *at)]:
            book.save(part)
        end = max(0, book.store.head().position - back)
        found = list(book.versions(end))
        for position in range(end + 1):
            then = [each.row for each in found if each.known_from <= position < (each.known_to or end + 1)]
            for table, schema in book.tables.items():
                rows = [dict(zip(schema.names, row.cells, strict=True)) for row in then if row.table == table]
                assert printed(rows) == printed(book.facts(table, known_at=position).rows())
