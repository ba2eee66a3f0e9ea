"""A file appears whole, or not at all, and says nothing of whose it is."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from community_mediation.errors import InvalidInput, StoreFull, StoreUnavailable
from community_mediation.files import atomic_file, atomic_place, make_folder, shown, write_whole
from community_mediation.files.writing import CASEBOOK
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_schema import APPLICATION_ID


class Crash(Exception):
    """Something failed in the middle of writing."""


def half(file: BinaryIO) -> None:
    file.write(b"half")
    raise Crash


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "r.txt", b"whole").read_bytes() == b"whole"
    assert left_in(tmp_path) == ["r.txt"]


def test_a_block_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Crash), atomic_file(tmp_path / "r.txt") as file:
        half(file)
    assert left_in(tmp_path) == []


def test_the_control_a_plain_file_leaves_its_half(tmp_path: Path) -> None:
    with pytest.raises(Crash), open(tmp_path / "r.txt", "wb") as file:
        half(file)
    assert left_in(tmp_path) == ["r.txt"]


def test_a_file_that_is_there_is_not_written_over_unless_that_is_asked_for(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "r.txt", b"first")
    with pytest.raises(InvalidInput, match="there is a file already"):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
    assert write_whole(path, b"second", overwrite=True).read_bytes() == b"second"


def test_a_file_that_appears_meanwhile_wins(tmp_path: Path) -> None:
    """The name was free when the block began."""
    with pytest.raises(InvalidInput), atomic_file(tmp_path / "r.txt"):
        (tmp_path / "r.txt").write_bytes(b"other")
    assert (tmp_path / "r.txt").read_bytes() == b"other"
    assert left_in(tmp_path) == ["r.txt"]


def test_without_links_the_file_is_put_there_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert write_whole(tmp_path / "r.txt", b"whole").read_bytes() == b"whole"
    with pytest.raises(InvalidInput):
        write_whole(tmp_path / "r.txt", b"again")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_what_is_private_is_for_its_owner_only(tmp_path: Path) -> None:
    private = write_whole(tmp_path / "p.txt", b"", private=True)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(handle: int) -> None:
        raise OSError(code, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull, match="make room"):
        write_whole(tmp_path / "r.txt", b"whole")
    assert left_in(tmp_path) == []


def test_a_missing_folder_is_told_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        write_whole(tmp_path / "孙某" / "r.txt", b"whole")
    assert "孙某" not in str(caught.value) and "r.txt" in str(caught.value)


NO_NAMES = ["nul\0.txt", "half\ud800.txt"]


@pytest.mark.parametrize("name", NO_NAMES)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_that_no_system_can_name_is_told_as_one_that_cannot_be_written(
    tmp_path: Path, name: str, overwrite: bool
) -> None:
    """With what is wrong, and before the block begins."""
    with pytest.raises(StoreUnavailable, match=r"no file can have that name.* Check the path"):
        write_whole(tmp_path / name, b"whole", overwrite=overwrite)
    with pytest.raises(StoreUnavailable, match="no file can"), atomic_place(tmp_path / name, overwrite=overwrite):
        pytest.fail("the block was begun")
    assert left_in(tmp_path) == []


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    """One that is there is taken as it is."""
    for _ in range(2):
        assert make_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", [*NO_NAMES, "file.txt", "file.txt/below"])
def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path, name: str) -> None:
    """Not by the system's own error."""
    (tmp_path / "file.txt").write_text("mine")
    with pytest.raises(StoreUnavailable):
        make_folder(tmp_path / name)
    assert left_in(tmp_path) == ["file.txt"]


def test_a_name_in_a_message_is_short_printable_and_without_its_folder() -> None:
    assert shown("a/b\n.txt") == "b?.txt"
    assert len(shown("x" * 500)) == 120
    assert shown("") == "the file"


# ---------------------------------------------------------------- what programs write by themselves


def fill(place: Path, text: str = "whole", *, folder: bool) -> None:
    """A file, or a folder with a file in it; and what a program may leave beside it."""
    if folder:
        place.mkdir()
        (place / "part").write_text(text)
    else:
        place.write_text(text)
    place.with_name("made-log").write_text("log")


def text_in(path: Path) -> str:
    return (path / "part" if path.is_dir() else path).read_text()


@pytest.mark.parametrize("folder", [False, True])
def test_a_place_appears_when_its_block_ends_well(tmp_path: Path, folder: bool) -> None:
    """Nothing is seen of it before, and what lay beside it is gone."""
    with atomic_place(tmp_path / "r") as place:
        fill(place, folder=folder)
        assert not (tmp_path / "r").exists()
    assert text_in(tmp_path / "r") == "whole"
    assert left_in(tmp_path) == ["r"]
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == (0o700 if folder else 0o600)


@pytest.mark.parametrize("folder", [False, True])
def test_a_place_whose_block_fails_leaves_nothing_behind(tmp_path: Path, folder: bool) -> None:
    def crash(place: Path) -> None:
        fill(place, folder=folder)
        raise Crash

    with pytest.raises(Crash), atomic_place(tmp_path / "r") as place:
        crash(place)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("folder", [False, True])
def test_a_place_that_is_taken_meanwhile_is_not_written_over(tmp_path: Path, folder: bool) -> None:
    def race(place: Path) -> None:
        fill(place, folder=folder)
        fill(tmp_path / "r", "other", folder=folder)
        (tmp_path / "made-log").unlink()

    with pytest.raises(InvalidInput), atomic_place(tmp_path / "r") as place:
        race(place)
    assert text_in(tmp_path / "r") == "other"
    assert left_in(tmp_path) == ["r"]


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("folder", [False, True])
def test_a_place_is_replaced_where_that_is_asked_for(tmp_path: Path, before: bool, folder: bool) -> None:
    """A file by a file or a folder, and a folder that may go."""
    with atomic_place(tmp_path / "r") as place:
        fill(place, "old", folder=before)
    with atomic_place(tmp_path / "r", overwrite=True, replaceable=lambda found: True) as place:
        fill(place, "new", folder=folder)
    assert text_in(tmp_path / "r") == "new"
    assert left_in(tmp_path) == ["r"]


def test_a_folder_that_may_not_go_stays(tmp_path: Path) -> None:
    """Also where it was asked for; by default none may."""
    with atomic_place(tmp_path / "r") as place:
        fill(place, "old", folder=True)
    with pytest.raises(InvalidInput), atomic_place(tmp_path / "r", overwrite=True):
        pytest.fail("the block was begun")
    assert text_in(tmp_path / "r") == "old"


def test_a_folder_whose_replacement_fails_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the very last step."""
    with atomic_place(tmp_path / "r") as place:
        fill(place, "old", folder=True)
    real = os.rename

    def rename(source: Path, target: Path) -> None:
        if source.name == "made":
            raise OSError(errno.EIO, "no luck")
        real(source, target)

    monkeypatch.setattr(os, "rename", rename)
    with (
        pytest.raises(StoreUnavailable),
        atomic_place(tmp_path / "r", overwrite=True, replaceable=lambda found: True) as place,
    ):
        fill(place, "new", folder=True)
    assert text_in(tmp_path / "r") == "old"
    assert left_in(tmp_path) == ["r"]


def test_a_full_disk_is_told_for_a_place_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull, match="make room"), atomic_place(tmp_path / "r") as place:
        fill(place, folder=True)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("opened", [True, False])
def test_nothing_replaces_a_casebook(tmp_path: Path, opened: bool) -> None:
    """Whatever was asked for, whether a program has it open or not; any other database may go."""
    path = tmp_path / "book.db"
    with contextlib.closing(SqliteStore.open(path)) as store:
        if not opened:
            store.close()
        before = path.read_bytes()
        with pytest.raises(InvalidInput, match="casebook is there"):
            write_whole(path, b"x", overwrite=True)
        with pytest.raises(InvalidInput, match="casebook is there"), atomic_place(path, overwrite=True) as place:
            place.write_bytes(b"x")
        assert path.read_bytes() == before
    assert "book.db" in left_in(tmp_path) and not any(name.endswith(".part") for name in left_in(tmp_path))
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert write_whole(other, b"x", overwrite=True).read_bytes() == b"x"


def test_a_casebook_is_told_by_the_number_that_its_store_gives_it() -> None:
    assert CASEBOOK == APPLICATION_ID == 0x434D4442


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm", ".wal"])
def test_what_a_database_would_take_for_a_part_of_the_file_keeps_it_from_being_made(
    tmp_path: Path, suffix: str
) -> None:
    """A log that another program left there would be read into the new file."""
    beside = tmp_path / f"facts.db{suffix}"
    beside.write_bytes(b"left")
    for overwrite in (False, True):
        with (
            pytest.raises(InvalidInput, match="left a part of it"),
            atomic_place(tmp_path / "facts.db", overwrite=overwrite) as place,
        ):
            place.write_bytes(b"x")
    assert left_in(tmp_path) == [beside.name] and beside.read_bytes() == b"left"
