"""Opening a register file: what it is, by its content, before anything reads it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from community_mediation.errors import UnreadableFile
from community_mediation.files import check_name, shown
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.rows import RegisterFile

DEFAULT_BOUNDS: Final = Bounds()

CSV, XLSX, JSONL = "csv", "xlsx", "jsonl"
_SUFFIXES: Final = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), CSV),
    **dict.fromkeys((".xlsx", ".xlsm"), XLSX),
    **dict.fromkeys((".jsonl", ".ndjson"), JSONL),
}
_SAVE_AS: Final = "Open it in a spreadsheet program and save it as CSV (UTF-8) or XLSX."
_UNPACK: Final = "Unpack it and give the register inside."
_MAGIC: Final = (
    (b"\x1f\x8b", "compressed with gzip", _UNPACK),
    (b"BZh", "compressed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "compressed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"%PDF", "a PDF document", "Ask for the register that it was printed from."),
    (b"{\\rtf", "a text document (RTF)", "Copy its table into a spreadsheet and save that as CSV (UTF-8)."),
    (b"SQLite format 3\x00", "an SQLite database", "Give it as the store, or export the register from it as CSV."),
    (b"PAR1", "a Parquet file", "Export it as CSV first."),
    (b"\x89PNG", "a picture (PNG)", "Ask for the register that it shows."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Ask for the register that it shows."),
    (b"\x00\x00\xfe\xff", "a text in UTF-32", "Save it as UTF-8."),
    (b"\xff\xfe\x00\x00", "a text in UTF-32", "Save it as UTF-8."),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HEAD: Final = 8192


def open_regular(path: str | os.PathLike[str], bounds: Bounds) -> tuple[BinaryIO, int]:
    """Open an ordinary file for reading, and its size. Folders, pipes and devices are refused before they are opened.

    Raises:
        UnreadableFile: It is missing, not an ordinary file, empty, or may not be read.
        TooLarge: It is larger than the bound.
    """
    name = shown(path)
    check_name(path, UnreadableFile)
    try:
        ordinary = stat.S_ISREG(os.stat(path).st_mode)
        file = open(path, "rb") if ordinary else None  # noqa: SIM115 (the caller closes it)
    except FileNotFoundError:
        raise UnreadableFile(f"{name}: there is no such file. Check the path.") from None
    except OSError as error:
        why = error.strerror or "the system refused"
        raise UnreadableFile(f"{name}: cannot be opened ({why}). Check the path and who may read it.") from None
    if file is None:
        raise UnreadableFile(f"{name}: not an ordinary file. Give a file, not a folder, pipe or device.")
    size = os.fstat(file.fileno()).st_size
    try:
        if size > bounds.file_bytes:
            raise bounds.exceeded(name, "file_bytes")
        if size == 0:
            raise UnreadableFile(f"{name}: the file is empty. A register needs a row of headings.")
    except UnreadableFile:
        file.close()
        raise
    return file, size


def _kind(name: str, suffix: str, file: BinaryIO, size: int) -> str:
    wanted = _SUFFIXES.get(suffix)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if suffix == ".xlsb":
            raise UnreadableFile(f"{name}: a binary workbook (XLSB). {_SAVE_AS}")
        if wanted == XLSX:
            return XLSX
        if b"[Content_Types].xml" in head or b"xl/" in head:
            raise UnreadableFile(f"{name}: an XLSX workbook under another name. Rename it to end in .xlsx.")
        raise UnreadableFile(f"{name}: a ZIP archive. {_UNPACK}")
    if head.startswith(_OLE):
        raise UnreadableFile(f"{name}: {_ole(file, head, size)}")
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(f"{name}: {what}. {remedy}")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise UnreadableFile(
            f"{name}: a web page (HTML), as some systems export it under a spreadsheet's name. {_SAVE_AS}"
        )
    if start.startswith(b"<?xml"):
        raise UnreadableFile(f"{name}: an XML document. {_SAVE_AS}")
    if wanted == XLSX:
        raise UnreadableFile(f"{name}: not an XLSX workbook. {_SAVE_AS}")
    if suffix == ".json":
        raise UnreadableFile(
            f"{name}: registers come as JSON Lines, one object per line. Rename such a file to .jsonl."
        )
    if wanted is None:
        known = ", ".join(sorted(_SUFFIXES))
        raise UnreadableFile(f"{name}: its ending does not say what it is. Registers end in {known}.")
    return wanted


def _ole(file: BinaryIO, head: bytes, size: int) -> str:
    # The directory of such a file may lie anywhere; a look at both ends finds it in all but odd files.
    file.seek(max(0, size - 65536))
    tail = file.read(65536)
    if _ENCRYPTED in head or _ENCRYPTED in tail:
        return "a workbook protected by a password. Remove the password (save without encryption) and try again."
    return f"an old binary workbook or document (XLS, DOC), or one protected by a password. {_SAVE_AS}"


def read_register(
    path: str | os.PathLike[str],
    *,
    bounds: Bounds = DEFAULT_BOUNDS,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | int | None = None,
    header_row: int | None = None,
) -> RegisterFile:
    """Open a register: CSV (.csv, .tsv, .txt), a workbook (.xlsx, .xlsm) or JSON Lines (.jsonl, .ndjson).

    Args:
        path: The file. Its content must be what its ending says.
        bounds: How much to read before refusing.
        encoding: Of a text file; without it UTF-8, UTF-16 with its mark, and GB 18030 are recognised.
        delimiter: Of a CSV file: comma, semicolon, tab or ``|``; without it, found from the first rows.
        sheet: Of a workbook: a name, or a number from 1; without it the first visible one.
        header_row: The row with the headings; without it the first that is not blank.

    Raises:
        UnreadableFile: The file as a whole cannot be read; the message says what it is and what to do.
        TooLarge: A bound was reached, now or while iterating.
    """
    name = shown(path)
    if header_row is not None and (type(header_row) is not int or header_row < 1):
        raise UnreadableFile(f"{name}: header_row must be a number from 1.")
    file, size = open_regular(path, bounds)
    try:
        kind = _kind(name, Path(os.fsdecode(path)).suffix.lower(), file, size)
        if kind == CSV:
            from community_mediation.registers.csv_files import open_csv

            return open_csv(name, file, size, bounds, encoding, delimiter, header_row)
        if kind == JSONL:
            from community_mediation.registers.jsonl_files import open_jsonl

            return open_jsonl(name, file, size, bounds, encoding)
        from community_mediation.registers.xlsx_files import open_xlsx

        return open_xlsx(name, file, size, bounds, sheet, header_row)
    except OSError:
        file.close()
        raise UnreadableFile(f"{name}: reading failed. Copy the file to this machine and try again.") from None
    except BaseException:
        file.close()
        raise


__all__ = ["CSV", "DEFAULT_BOUNDS", "JSONL", "XLSX", "open_regular", "read_register", "shown"]
