"""Whoever was erased is in no file of a book: not in the book, its log, a copy of it, nor in what a search finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from community_mediation.stores import SqliteStore
from tests.casebook.checks import found_in
from tests.casebook.samples import BY, Canaries, watched
from tests.survival import cases

Say = Callable[[str], None]
SUBJECTS = {
    "person-1": "person-1",
    "person-2": "person-2",
    "case-1/p3": "nobody",
    "case-1": "case-1",
    "case-2": "case-2",
    "mediator-1": "mediator-1",
    "centre-1": "centre-1",
}
"""What is erased -> whose canaries go with it."""


class Hiding(SqliteStore):
    """The planted fault: what is erased is not given out any more, and stays where it is."""

    def erase(self, subject: str) -> int:
        """Mark it only."""
        with self._writer.transaction() as connection:
            connection.rows("UPDATE private SET kept = 0 WHERE subject = ?", (subject,))
            connection.rows('UPDATE "key" SET kept = 0 WHERE subject = ?', (subject,))
        return 0


def bytes_in(folder: Path) -> bytes:
    """Everything that lies in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def erase_all(parent: Path, kind: type[SqliteStore]) -> tuple[int, int, list[str]]:
    """Erase everybody, one after the other, looking everywhere after each.

    Returns how many places were looked at, for how many canaries, and those that were found.
    """
    canaries, gone, found, looked = Canaries(), list[str](), list[str](), 0
    place = parent / "book"
    place.mkdir()
    with cases.book_over(kind.open(place / "book.db")) as book:
        store = book.store
        assert isinstance(store, SqliteStore)
        for matter in watched(canaries):
            book.save(matter)
        assert found_in(bytes_in(place), canaries.all) == canaries.all
        for number, (subject, owner) in enumerate(SUBJECTS.items()):
            book.erase(subject, reason="asked", by=BY)
            gone += canaries.of[owner]
            others = [canary for canary in canaries.all if canary not in gone]
            copy = parent / f"copy-{number}"
            copy.mkdir()
            store.backup(str(copy / "book.db"))
            for lying in (bytes_in(place), bytes_in(copy)):
                found += found_in(lying, gone)
                assert found_in(lying, others) == others
            told = [canary for canary in canaries.all if store.search(canary).matters]
            found += [canary for canary in told if canary in gone]
            assert set(others) <= set(told)
            looked += 3
    found += found_in(bytes_in(place), gone)
    return looked + 1, len(gone), found


def test_an_erased_person_is_in_no_file_copy_or_search(tmp_path: Path, figure: Say) -> None:
    """In no disguise, while the book is open and after; all that is not erased is there, by the same search."""
    looked, gone, found = erase_all(tmp_path, SqliteStore)
    figure(f"erasure: {gone} canaries of {len(SUBJECTS)} subjects looked for in {looked} places, {len(found)} found")
    assert found == []
    assert looked > 20


def test_the_search_finds_what_is_only_hidden(tmp_path: Path, figure: Say) -> None:
    """A control."""
    _, _, found = erase_all(tmp_path, Hiding)
    figure(f"erasure, control of a store that only hides: canaries found {len(found)} times")
    assert len(found) > 100
