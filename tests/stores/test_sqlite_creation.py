"""A book whose making was cut off is made anew; what only looks like one is not touched."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import pytest

from community_mediation.errors import NotACasebook
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_schema import PAGE_SIZE

MAGIC = bytes.fromhex("d9d505f920a163d7")
"""How a rollback journal begins: sqlite.org/fileformat2.html, section 3."""


def journal(pages_before: int) -> bytes:
    """The journal of a transaction that changed none of the pages that were there before."""
    numbers = (0, 7, pages_before, 512, PAGE_SIZE)
    return (MAGIC + b"".join(number.to_bytes(4, "big") for number in numbers)).ljust(512, b"\0")


def half_made(path: Path) -> None:
    """The first page of a book, and none of the others."""
    with contextlib.closing(SqliteStore.open(path)):
        pass
    path.write_bytes(path.read_bytes()[:PAGE_SIZE])


def test_a_book_of_which_the_first_page_only_came_to_the_disk_is_made_anew(tmp_path: Path) -> None:
    """Its journal says that there was nothing before."""
    path = tmp_path / "book.db"
    half_made(path)
    Path(f"{path}-journal").write_bytes(journal(0))
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert store.head().position == 0


@pytest.mark.parametrize("what", ["something was there before", "no journal of SQLite", "half a journal", "another's"])
def test_what_is_not_plainly_the_making_of_a_book_is_not_touched(tmp_path: Path, what: str) -> None:
    """Neither the file nor what lies beside it."""
    path = tmp_path / "book.db"
    half_made(path)
    beside = Path(f"{path}-journal")
    beside.write_bytes(
        {"something was there before": journal(3), "no journal of SQLite": b"notes" * 9, "half a journal": MAGIC}.get(
            what, journal(0)
        )
    )
    if what == "another's":
        data = bytearray(path.read_bytes())
        data[68:72] = b"GPKG"
        path.write_bytes(data)
    before = (path.read_bytes(), beside.read_bytes())
    with pytest.raises(NotACasebook):
        SqliteStore.open(path)
    assert (path.read_bytes(), beside.read_bytes()) == before


def rights(path: Path) -> set[str]:
    """The rights on a file and on what lies beside it."""
    return {oct(stat.S_IMODE(each.stat().st_mode)) for each in path.parent.iterdir()}


@pytest.mark.skipif(os.name != "posix", reason="rights on files are those of POSIX")
def test_a_new_book_is_its_owners_alone(tmp_path: Path) -> None:
    """With its log and all else beside it: it holds names."""
    path = tmp_path / "book.db"
    old = os.umask(0o022)
    try:
        with contextlib.closing(SqliteStore.open(path)) as store:
            store.commit([])
            assert rights(path) == {"0o600"}
    finally:
        os.umask(old)
    assert rights(path) == {"0o600"}


@pytest.mark.skipif(os.name != "posix", reason="rights on files are those of POSIX")
def test_rights_that_were_given_to_an_empty_file_stay(tmp_path: Path) -> None:
    """So a group shares a book: the file is made first, with its rights."""
    path = tmp_path / "book.db"
    path.touch()
    path.chmod(0o660)
    with contextlib.closing(SqliteStore.open(path)):
        assert rights(path) == {"0o660"}
