"""What a file is, before anything reads it."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from community_mediation.errors import TooLarge, UnreadableFile
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.files import read_register
from tests.registers.helpers import HEADER, cells, put, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("register.csv", HEADER)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.csv", gzip.compress(HEADER.encode(), mtime=0), "gzip"),
        ("r.csv", archive(), "ZIP archive"),
        ("r.csv", workbook(""), "XLSX workbook under another name"),
        ("r.csv", b"%PDF-1.7 ...", "PDF"),
        ("r.csv", b"SQLite format 3\x00" + bytes(100), "SQLite"),
        ("r.csv", b"\x89PNG\r\n\x1a\n", "picture"),
        ("r.csv", b"  <html><table>", "web page"),
        ("r.xls", b"<html><table>", "web page"),
        ("r.xls", OLE + bytes(600), "old binary workbook"),
        ("r.xlsx", OLE + bytes(600), "protected by a password"),
        ("r.xlsx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "Remove the password"),
        ("r.xlsb", archive(), "XLSB"),
        ("r.xlsx", HEADER.encode(), "not an XLSX workbook"),
        ("r.json", b"[]", "JSON Lines"),
        ("r.doc", b"x", "ending does not say"),
        ("r", HEADER.encode(), "ending does not say"),
        ("r.csv", b"", "empty"),
        ("r.csv", b"\r\n\r\n", "empty"),
        ("r.csv", b"\xef\xbb\xbf", "empty"),
        ("r.jsonl", b"\n\n", "empty"),
        ("r.csv", HEADER.encode("utf-16-le"), "UTF-16 without its mark"),
        ("r.csv", HEADER.encode("utf-32"), "UTF-32"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_what_a_file_really_is_is_said_with_a_remedy(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """Whoever renamed it, or exported the wrong thing, reads what to do."""
    with pytest.raises(UnreadableFile, match=said) as caught:
        cells(put(tmp_path, name, content))
    assert str(caught.value).startswith(f"{name}: ") and str(caught.value).count(".") >= 2


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    """Folders name people too."""
    with pytest.raises(UnreadableFile, match="no such file") as caught:
        read_register(tmp_path / "gone.csv")
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """Whatever its name ends in."""
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(UnreadableFile, match="not an ordinary file"):
        read_register(tmp_path / "r.csv")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    """Opening one would hang until somebody writes."""
    os.mkfifo(tmp_path / "r.csv")
    with pytest.raises(UnreadableFile, match="not an ordinary file"):
        read_register(tmp_path / "r.csv")


@pytest.mark.parametrize("path", ["a\0b.csv", "x" * 5000 + ".csv"])
def test_an_impossible_path_is_a_typed_error(path: str) -> None:
    """Not the system's own exception."""
    with pytest.raises(UnreadableFile):
        read_register(path)


def test_a_file_beyond_the_bound_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The error names the bound and its value; five gigabytes are beyond the default."""
    path = tmp_path / "r.csv"
    with open(path, "wb") as file:
        file.truncate(5 * 10**9)
    with pytest.raises(TooLarge, match="bytes in the file") as caught:
        read_register(path)
    assert caught.value.limit == Bounds().file_bytes


def test_progress_reaches_the_size_at_the_end(tmp_path: Path) -> None:
    """And never goes back."""
    path = put(tmp_path, "r.csv", HEADER + "1,2022-05-01,noise\r\n" * 20_000)
    with read_register(path) as register:
        seen = [register.bytes_read for _ in register]
        assert seen == sorted(seen) and len(set(seen)) > 3
        assert register.bytes_read == register.size == path.stat().st_size


def test_a_register_is_closed_after_its_last_row_and_gives_no_more(tmp_path: Path) -> None:
    """Closing again, or leaving a with block, does no harm."""
    with read_register(put(tmp_path, "r.csv", HEADER + "1,2022-05-01,noise\r\n")) as register:
        assert len(list(register)) == 1
        assert list(register) == []
    register.close()


@pytest.mark.parametrize("field", ["rows", "ratio", "seconds"])
def test_a_bound_that_bounds_nothing_is_refused(field: str) -> None:
    """Zero and below are typing errors."""
    with pytest.raises(ValueError, match=field):
        Bounds(**{field: 0})
