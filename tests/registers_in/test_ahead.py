"""Rows are read some hundreds ahead, and nobody sees it: neither who reads the result, nor another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from community_mediation.casebook.house_rules import holds_identity_number
from community_mediation.errors import Blocked, RowRejected, TooLarge
from community_mediation.registers import Bounds, ahead, importing
from community_mediation.registers.ahead import in_chunks
from community_mediation.registers.files import read_register
from community_mediation.registers.refusing import long_text
from community_mediation.registers.rows import RawRow, RegisterFile
from community_mediation.registers.seen import Seen
from community_mediation.stores import SqliteStore
from tests.registers_in.helpers import (
    Row,
    Wrapped,
    cases,
    counts,
    csv_text,
    new_book,
    now,
    over,
    problems,
    put,
    row,
    take,
)

NUMBER = "990101199003070015"
"""Has the form of an identity number, of an area that there is not."""


def many(count: int) -> list[Row]:
    """As many sound rows."""
    return [row(str(number)) for number in range(count)]


# ---------------------------------------------------------------- what was told before


def check_twice(folder: Path) -> None:
    """A row that says again what a row of the same chunk, or of one before, said is told with that row."""
    rows = [*many(1200), row("1190"), row("7"), row("700")]
    with new_book() as book:
        result = take(book, folder, rows)
        assert counts(result) == (1200, 0, 0, 3)
        assert problems(result) == [
            (1202, None, "row 1192 is the same case"),
            (1203, None, "row 9 is the same case"),
            (1204, None, "row 702 is the same case"),
        ]


def test_a_case_that_stands_twice_is_told_with_its_earlier_row(tmp_path: Path) -> None:
    check_twice(tmp_path)


def test_the_check_of_two_rows_catches_chunks_that_forget_each_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = Seen.look_ahead

    def forgetful(seen: Seen, keys: Any) -> None:
        seen._new.clear()
        whole(seen, keys)

    monkeypatch.setattr(Seen, "look_ahead", forgetful)
    with pytest.raises(AssertionError):
        check_twice(tmp_path)


def test_of_two_earlier_rows_the_one_with_the_external_id_is_told(tmp_path: Path) -> None:
    """A row whose numbers stand in two rows before it names the first that is looked for."""
    system = {"external_system": "s"}
    rows = [row("1"), row("2", external_id="x", **system), row("1", external_id="x", **system)]
    with new_book() as book:
        assert problems(take(book, tmp_path, rows)) == [(4, None, "row 3 is the same case")]


# ---------------------------------------------------------------- a file that breaks off


def check_broken_off(folder: Path) -> None:
    """What is wrong with the rows before a place where the file cannot be read is told all the same."""
    rows = [row(str(number), sessions="x" if number == 600 else "") for number in range(800)]
    told: list[RowRejected] = []
    with new_book() as book:
        with pytest.raises(TooLarge):
            take(book, folder, rows, bounds=Bounds(rows=700), on_reject=told.append)
        assert [each.row for each in told] == [602]
        assert len(cases(book)) == 500


def test_the_rows_before_a_broken_place_are_told(tmp_path: Path) -> None:
    check_broken_off(tmp_path)


def test_the_check_of_a_broken_place_catches_rows_that_go_down_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def whole_only(file: RegisterFile) -> Iterator[list[RawRow]]:
        while True:
            chunk = [each for each, _ in zip(file, range(500), strict=False)]
            if not chunk:
                return
            yield chunk

    monkeypatch.setattr(importing, "in_chunks", whole_only)
    with pytest.raises(AssertionError):
        check_broken_off(tmp_path)


def test_long_rows_are_read_fewer_ahead(tmp_path: Path) -> None:
    """However long the rows of a file, what is kept of it is bounded; none is left out."""
    path = put(tmp_path, csv_text([row(str(number), brief="x" * 50_000) for number in range(300)]))
    with read_register(path) as file:
        sizes = [len(each) for each in in_chunks(file)]
    assert sum(sizes) == 300 and max(sizes) * 50_000 < ahead._MOST_BYTES + 100_000


# ---------------------------------------------------------------- a book that is not asked


class Between(Wrapped):
    """A book that began empty, into which another program writes before the first commit of this one."""

    def __init__(self, path: Path, folder: Path, theirs: Sequence[Row]) -> None:
        super().__init__(SqliteStore.open(path, clock=now))
        self.path, self.folder, self.theirs = path, folder, theirs

    def before(self, number: int) -> None:
        if number == 1:
            with over(SqliteStore.open(self.path, clock=now)) as other:
                take(other, self.folder, self.theirs)


def check_between(folder: Path, **cells: str) -> None:
    """A row of a later chunk whose case another program took in meanwhile is known, and not turned away."""
    theirs = [row("900", **cells)]
    with over(Between(folder / "book.db", folder, theirs)) as book:
        result = take(book, folder, [row(str(number), **cells) for number in range(1200)])
        assert counts(result) == (1199, 0, 1, 0)


def test_a_book_that_began_empty_is_asked_once_others_wrote_to_it(tmp_path: Path) -> None:
    check_between(tmp_path)


def test_the_books_secret_does_not_hide_that_others_wrote(tmp_path: Path) -> None:
    """With mediators the book makes a secret, which is an entry too."""
    theirs = [row("900", mediators="郗某")]
    rows = [row(str(number), mediators="郗某") for number in range(1200)]
    with over(Between(tmp_path / "book.db", tmp_path, theirs)) as book:
        result = take(book, tmp_path, rows)
        assert result.added == 1199 and result.rejected == 0


def test_the_check_catches_a_book_that_is_never_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importing._Run, "_all_told_here", lambda self: self.began_empty)
    with pytest.raises(AssertionError):
        check_between(tmp_path)


def test_a_new_book_is_never_asked_for_a_key(tmp_path: Path) -> None:
    """Nor one that others only read meanwhile; the same file again asks for every row."""
    asked = 0

    class Counted(Wrapped):
        def key(self, kind: str, value: str) -> str | None:
            nonlocal asked
            asked += kind == "case_no"
            return self._store.key(kind, value)

    rows = [row(str(number), mediators="郗某") for number in range(1200)]
    with over(Counted(SqliteStore.open(tmp_path / "book.db", clock=now))) as book:
        take(book, tmp_path, rows)
        assert asked == 0
        assert counts(take(book, tmp_path, rows)) == (0, 0, 1200, 0)
        assert asked == 1200


# ---------------------------------------------------------------- identity numbers


def test_the_number_is_one() -> None:
    assert holds_identity_number(NUMBER)


def check_added(folder: Path, toml: str, **cells: str) -> None:
    """A number that the mapping adds to a row is seen, though no cell of the row holds it."""
    with new_book() as book:
        result = take(book, folder, [row("1", **cells)], toml)
        assert [each.problem for each in result.rejections] == [
            "an identity number stands where it could never be erased"
        ]


ADDED = [
    (f'[constants]\ncentre = "{NUMBER}"\n', {}),
    (f'centre = "{NUMBER}"\n', {}),
    (f'[codes.channel]\nx = "{NUMBER}"\n', {"channel": "x"}),
]


@pytest.mark.parametrize(("toml", "cells"), ADDED)
def test_an_identity_number_of_the_mapping_is_seen(tmp_path: Path, toml: str, cells: dict[str, str]) -> None:
    check_added(tmp_path, toml, **cells)


def test_the_check_catches_a_mapping_that_is_not_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importing, "added_text", lambda *_: "")
    with pytest.raises(Blocked):
        check_added(tmp_path, ADDED[0][0])


def test_only_cells_long_enough_are_looked_at() -> None:
    """Cells side by side are no number together; a list is looked at item by item."""
    raw = RawRow(1, {"a": NUMBER[:9], "b": NUMBER[9:], "c": (NUMBER, "x")})
    assert long_text(raw) == NUMBER
