"""A file appears whole, or not at all, and says nothing of whose it is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from community_mediation.errors import InvalidInput, StoreFull, StoreUnavailable
from community_mediation.files import atomic_file, shown, write_whole


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


def test_a_name_in_a_message_is_short_printable_and_without_its_folder() -> None:
    assert shown("a/b\n.txt") == "b?.txt"
    assert len(shown("x" * 500)) == 120
    assert shown("") == "the file"
