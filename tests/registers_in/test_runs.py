"""Runs that only look, runs that take all or nothing, and runs that something comes between."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.casebook.keys import case_no_key
from community_mediation.errors import InvalidMapping, StoreFull, StoreUnavailable, UnreadableFile
from community_mediation.registers import importing
from community_mediation.registers.importing import check_register
from community_mediation.registers.mediators import Mediators
from community_mediation.registers.seen import Seen
from community_mediation.stores import MemoryStore, SqliteStore
from tests.registers_in.helpers import (
    Row,
    Wrapped,
    cases,
    counts,
    csv_text,
    entries,
    file_book,
    new_book,
    now,
    over,
    portrait,
    problems,
    put,
    row,
    take,
)
from tests.registers_in.lives import MAPPING, registers

# ---------------------------------------------------------------- only looking


def broken(rows: list[dict[str, str]], seed: int) -> list[Row]:
    """Some of the rows spoilt, one doubled."""
    found: list[Row] = [{**each, "sessions": "x"} if (seed >> at) & 3 == 3 else each for at, each in enumerate(rows)]
    return [*found, rows[0]] if seed & 1 else found


@settings(max_examples=40)
@given(registers(4), registers(4), st.integers(0, 2**20))
def test_a_dry_run_counts_what_the_real_run_does_and_writes_nothing(
    first: list[dict[str, str]], second: list[dict[str, str]], seed: int
) -> None:
    with TemporaryDirectory() as name, new_book() as book:
        for rows in (broken(first, seed), broken(second, seed >> 4)):
            before = book.store.head()
            looked = take(book, Path(name), rows, MAPPING, dry_run=True)
            assert book.store.head() == before
            assert (looked.dry_run, looked.stored) == (True, False)
            done = take(book, Path(name), rows, MAPPING)
            assert counts(looked) == counts(done)
            assert problems(looked) == problems(done)


def test_a_dry_run_leaves_every_byte_of_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with file_book(path) as book:
        take(book, tmp_path, [row("1", mediators="郗某"), row("2")])
    before = path.read_bytes()
    with over(SqliteStore.open(path, readonly=True, create=False, clock=now)) as book:
        rows = [row("1", mediators="蔚某", title="new"), row("3", mediators="佟某")]
        assert counts(take(book, tmp_path, rows, dry_run=True)) == (1, 1, 0, 0)
    assert path.read_bytes() == before


# ---------------------------------------------------------------- all or nothing


def test_with_one_bad_row_all_or_nothing_stores_nothing(tmp_path: Path) -> None:
    with new_book() as book:
        rows = [*(row(str(number), mediators="郗某") for number in range(600)), row("x", sessions="?")]
        result = take(book, tmp_path, rows, all_or_nothing=True)
        assert (counts(result), result.stored, entries(book)) == ((600, 0, 0, 1), False, 0)


def check_all_at_once(book: Casebook, folder: Path) -> None:
    """More rows than one chunk, with mediators, into a book that is empty: the cases come in one commit."""
    rows = [row(str(number), mediators=f"郗某{number % 7}") for number in range(1100)]
    result = take(book, folder, rows, all_or_nothing=True)
    assert (counts(result), result.stored) == ((1100, 0, 0, 0), True)
    assert len(list(book.facts("mediator").rows())) == 7
    assert book.verify().is_whole


def test_without_bad_rows_all_or_nothing_is_one_commit(tmp_path: Path) -> None:
    store = Wrapped(MemoryStore(clock=now))
    with over(store) as book:
        check_all_at_once(book, tmp_path)
        # The secret under which mediators are found again comes first; it tells of no case.
        assert store.commits == 2


def test_all_or_nothing_works_in_a_file(tmp_path: Path) -> None:
    with file_book(tmp_path / "book.db") as book:
        check_all_at_once(book, tmp_path)
        again = take(book, tmp_path, [row(str(number), mediators=f"郗某{number % 7}") for number in range(1100)])
        assert counts(again) == (0, 0, 1100, 0)


def test_all_or_nothing_as_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    with new_book() as book:
        result = take(book, tmp_path, [row()], all_or_nothing=True, dry_run=True)
        assert (counts(result), result.stored, entries(book)) == ((1, 0, 0, 0), False, 0)


# ---------------------------------------------------------------- a store that fails

MANY = [row(str(number), mediators="郗某") for number in range(1700)]


class Full(Wrapped):
    """A store with room for some commits only."""

    def __init__(self, room: int) -> None:
        super().__init__(MemoryStore(clock=now))
        self.room = room

    def before(self, number: int) -> None:
        if number > self.room:
            raise StoreFull("There is no room left. Nothing was written.")


@pytest.mark.parametrize("room", range(5))
def test_a_full_store_keeps_whole_commits_and_the_error_says_how_many_cases(tmp_path: Path, room: int) -> None:
    store = Full(room)
    with over(store) as book:
        with pytest.raises(StoreFull) as failure:
            take(book, tmp_path, MANY)
        stored = len(cases(book))
        assert stored == max(0, room - 1) * 500
        if room:
            assert f"{stored:,} cases were recorded before that and stay" in str(failure.value)
        assert book.verify().is_whole
        store.room = 100
        assert counts(take(book, tmp_path, MANY)) == (1700 - stored, 0, stored, 0)


def test_a_disk_that_fills_up_while_writing_keeps_whole_commits(tmp_path: Path) -> None:
    class Small(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql.startswith("BEGIN IMMEDIATE"):
                super().execute("PRAGMA max_page_count = 130")
            return super().execute(sql, *values)

    def connect(*args: Any, **named: Any) -> sqlite3.Connection:
        return sqlite3.connect(*args, **named, factory=Small)

    path = tmp_path / "book.db"
    with over(SqliteStore.open(path, clock=now, connect=connect)) as book, pytest.raises(StoreFull):
        take(book, tmp_path, MANY)
    with file_book(path) as book:
        assert 0 < len(cases(book)) < 1700 and len(cases(book)) % 500 == 0
        assert book.verify().is_whole
        assert counts(take(book, tmp_path, MANY))[3] == 0
        assert len(cases(book)) == 1700


def test_a_full_folder_for_temporary_files_is_a_typed_error() -> None:
    with Seen() as seen:
        seen._rows.close()
        with pytest.raises(StoreFull, match="temporary files"):
            seen.look_ahead([case_no_key("c", "1")])


def test_all_or_nothing_on_a_full_store_stores_no_case(tmp_path: Path) -> None:
    with over(Full(1)) as book:
        with pytest.raises(StoreFull):
            take(book, tmp_path, MANY, all_or_nothing=True)
        assert cases(book) == {}


# ---------------------------------------------------------------- a second program


class Meddled(Wrapped):
    """A file in which another program does something before the commit of a number."""

    def __init__(self, path: Path, at: int, act: Callable[[Casebook], object]) -> None:
        super().__init__(SqliteStore.open(path, clock=now))
        self.path, self.at, self.act = path, at, act

    def before(self, number: int) -> None:
        if number == self.at:
            with file_book(self.path) as other:
                self.act(other)


def whole(book: Casebook) -> None:
    """No case has a mediator whom the book does not know."""
    there = {each["matter_id"] for each in book.facts("mediator").rows()}
    assert {each["mediator"] for each in book.facts("case_mediator").rows()} <= there
    assert book.verify().is_whole


def check_touched(folder: Path) -> None:
    """Another program takes in two of the cases and one of the mediators: only these two rows are turned away."""
    path = folder / "book.db"
    with file_book(path) as book:
        take(book, folder, [row("0", mediators="佟某")])
    rows = [row(str(number), mediators="郗某" if number < 700 else "蔚某") for number in range(1200)]
    theirs = [row("5", title="theirs", mediators="郗某"), row("9", mediators="郗某; 冉某")]
    with over(Meddled(path, 1, lambda other: take(other, folder, theirs))) as book:
        result = take(book, folder, rows)
        told = "another program recorded this case meanwhile"
        assert problems(result) == [(7, None, told), (11, None, told)]
        assert counts(result) == (1197, 1, 0, 2)
        assert len(cases(book)) == 1200
        whole(book)
        names = [each for each in portrait(book)["mediator"] if each["matter_id"] == "None/郗某"]
        assert len(names) == 1
        again = take(book, folder, rows)
        # The other program's title stays: these rows have no such column, and so say nothing of it.
        assert counts(again) == (0, 1, 1199, 0)


def test_only_the_rows_that_another_program_touched_are_rejected(tmp_path: Path) -> None:
    check_touched(tmp_path)


def test_a_case_that_another_program_amends_meanwhile_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with file_book(path) as book:
        take(book, tmp_path, [row("1"), row("2")])
    meddled = Meddled(path, 1, lambda other: take(other, tmp_path, [row("1", title="theirs")]))
    with over(meddled) as book:
        result = take(book, tmp_path, [row("1", title="mine"), row("2", title="mine")])
        assert counts(result) == (0, 1, 0, 1)
        assert [case.dispute.title for case in cases(book).values()] == ["theirs", "mine"]


def test_the_number_of_rows_is_the_sum_of_what_became_of_them(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with file_book(path) as book:
        take(book, tmp_path, [row("1"), row("2")])
    with over(Meddled(path, 1, lambda other: take(other, tmp_path, [row("3")]))) as book:
        result = take(
            book, tmp_path, [row("1"), row("2", title="x"), row("3"), row("4"), row("4"), row("5", scale="\t")]
        )
        assert sum(counts(result)) == result.rows == 6


def test_a_run_that_is_stopped_leaves_whole_commits(tmp_path: Path) -> None:
    """The signal comes in the middle of the third chunk."""
    path, register = tmp_path / "book.db", put(tmp_path, csv_text([row(str(number)) for number in range(5000)]))
    script = textwrap.dedent(
        """
        import os, signal, sys
        from community_mediation.casebook import open_casebook
        from community_mediation.registers import import_register

        def stop(rows, done, size):
            if rows == 1500:
                os.kill(os.getpid(), signal.SIGINT)

        with open_casebook("sqlite:///" + sys.argv[1]) as book:
            import_register(book, sys.argv[2], zone="UTC", progress=stop)
        """
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(register)], capture_output=True, text=True, env=environment
    )
    assert done.returncode == -signal.SIGINT, done.stderr
    with file_book(path) as book:
        assert len(cases(book)) == 1000
        assert book.verify().is_whole
        assert counts(take(book, tmp_path, [row(str(number)) for number in range(5000)], zone="UTC")) == (
            4000,
            0,
            1000,
            0,
        )


# ---------------------------------------------------------------- before anything is made


def test_a_file_and_its_mapping_are_looked_at_without_a_book(tmp_path: Path) -> None:
    good = put(tmp_path, csv_text([row()]))
    check_register(good, zone="UTC")
    with pytest.raises(InvalidMapping, match="no zone is known"):
        check_register(good)
    with pytest.raises(InvalidMapping, match="no column for reported_at"):
        check_register(put(tmp_path, "case_no,dispute_type\n"), zone="UTC")
    with pytest.raises(UnreadableFile, match="there is no such file"):
        check_register(tmp_path / "nowhere.csv", zone="UTC")


def test_a_book_that_is_only_read_refuses_an_import_and_still_takes_a_dry_run(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with file_book(path) as book:
        take(book, tmp_path, [row()])
    with over(SqliteStore.open(path, readonly=True, create=False)) as book:
        assert counts(take(book, tmp_path, [row("2")], dry_run=True)) == (1, 0, 0, 0)
        with pytest.raises(StoreUnavailable):
            take(book, tmp_path, [row("2")])


# ---------------------------------------------------------------- planted faults


def test_the_check_of_two_programs_catches_mediators_that_are_not_looked_up_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Mediators, "forget", lambda self: None)
    with pytest.raises(AssertionError):
        check_touched(tmp_path)


def test_the_check_of_two_programs_catches_a_chunk_that_is_given_up_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importing._Run, "_again", lambda self, item: None)
    with pytest.raises(AssertionError):
        check_touched(tmp_path)


def test_the_check_of_one_commit_catches_rows_in_chunks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importing._Run, "read_at_once", importing._Run.read)
    store = Wrapped(MemoryStore(clock=now))
    with over(store) as book:
        check_all_at_once(book, tmp_path)
        assert store.commits != 2
