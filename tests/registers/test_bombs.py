"""Files that unpack to more than a machine has: refused, typed, in time and memory."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.errors import TooLarge, UnreadableFile
from community_mediation.registers import bounds as bounds_module
from community_mediation.registers.bounds import Bounds
from tests.registers.helpers import PARTS, cells, headings, put, row_xml, rows, workbook

BUDGET_KIB = 100 * 1024
SECONDS = 1.0

# The measure is taken in a process of its own: what the tests hold does not count.
MEASURE = """
import sys, time
def peak():
    # Not getrusage: its peak is inherited from the process that started this one.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
from community_mediation.errors import MediationError
from community_mediation.registers.files import read_register
import community_mediation.registers.csv_files, community_mediation.registers.xlsx_files, xml.parsers.expat
before = peak()
start = time.process_time()
try:
    with read_register(sys.argv[1]) as register:
        count = sum(1 for _ in register)
    result = f"rows {count}"
except MediationError as error:
    result = type(error).__name__ + ": " + str(error)
spent = time.process_time() - start
after = peak()
print(spent, after - before, result, sep="\\n")
"""


def zeros(prefix: bytes, unit: bytes, total: int) -> bytes:
    """A deflated part of *total* bytes and a prefix, made without holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = unit * (1024 * 1024 // len(unit))
    head = packer.compress(prefix) + packer.flush(zlib.Z_FULL_FLUSH)
    # Behind a full flush a block depends on nothing before it, so that one packing serves for all.
    body = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + body * (total // len(block)) + packer.flush()


def with_raw_part(name: str, packed: bytes, claimed: int = 0xFFFFFFF0) -> bytes:
    """A workbook with one part of packed bytes that claims a size of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for part, text in {**PARTS, "xl/worksheets/sheet1.xml": workbook_sheet()}.items():
            if part != name:
                package.writestr(part, text)
        package.writestr(zipfile.ZipInfo(name), packed)
        info = package.getinfo(name)
        at = info.header_offset
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, claimed
    content = bytearray(file.getvalue())
    struct.pack_into("<H", content, at + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<L", content, at + 22, claimed)
    return bytes(content)


def workbook_sheet() -> str:
    return f'<worksheet><sheetData>{row_xml("a")}<row><c t="s"><v>0</v></c></row></sheetData></worksheet>'


MEBI = 1024 * 1024
HEAD = b"<worksheet><sheetData>" + row_xml("a").encode()
SHEET = "xl/worksheets/sheet1.xml"


def many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for number in range(20_000):
            package.writestr(f"x/{number}", b"")
    return file.getvalue()


def long_directory() -> bytes:
    content = bytearray(workbook(""))
    at = content.rfind(b"PK\x05\x06")
    struct.pack_into("<L", content, at + 12, 0xFFFFFF00)
    return bytes(content)


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(9))
    sheet = f"<!DOCTYPE w [{entities}]><worksheet><sheetData><row><c><v>&e8;</v></c></row></sheetData></worksheet>"
    return workbook(sheet.encode())


def measured(path: Path, script: str = MEASURE) -> tuple[float, int, str]:
    """Seconds, KiB and result of reading a file in a process of its own."""
    source = str(Path(bounds_module.__file__).parents[2])
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": source})
    spent, grown, result = done.stdout.splitlines()
    return float(spent), int(grown), result


BOMBS: dict[str, Callable[[], bytes]] = {
    "a sheet of a thousand times its size": lambda: with_raw_part(SHEET, zeros(HEAD, b"<row><c/></row>", 400 * MEBI)),
    "a part that claims to be small": lambda: with_raw_part(SHEET, zeros(HEAD, b"<row/>", 400 * MEBI), claimed=1000),
    "a text without end in a sheet": lambda: with_raw_part(SHEET, zeros(HEAD + b"<row><c><v>", b"1", 400 * MEBI)),
    "a tag without end in a sheet": lambda: with_raw_part(SHEET, zeros(HEAD + b'<row a="', b"x", 400 * MEBI)),
    "a comment without end": lambda: with_raw_part(SHEET, zeros(HEAD + b"<!--", b"x", 400 * MEBI)),
    "a row of endless cells": lambda: with_raw_part(SHEET, zeros(HEAD + b"<row>", b"<c><v>1</v></c>", 400 * MEBI)),
    "shared texts without number": lambda: with_raw_part(
        "xl/sharedStrings.xml", zeros(b"<sst>", b"<si><t>x</t></si>", 400 * MEBI)
    ),
    "one shared text without end": lambda: with_raw_part(
        "xl/sharedStrings.xml", zeros(b"<sst><si><t>", b"x", 400 * MEBI)
    ),
    "styles without number": lambda: with_raw_part(
        "xl/styles.xml", zeros(b"<s><cellXfs>", b'<xf numFmtId="1"/>', 400 * MEBI)
    ),
    "tags within tags": lambda: with_raw_part(SHEET, zeros(HEAD, b"<a>", 400 * MEBI)),
    "sheets without number": lambda: with_raw_part(
        "xl/workbook.xml", zeros(b"<w><sheets>", b'<sheet name="a"/>', 400 * MEBI)
    ),
    "entities of entities": laughs,
    "parts without number": many_parts,
    "a directory that claims four gigabytes": long_directory,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_second_and_a_hundred_mebibytes(tmp_path: Path, name: str) -> None:
    """Counted in real inflated bytes: what the package claims of itself is a lie here."""
    path = put(tmp_path, "bomb.xlsx", BOMBS[name]())
    spent, grown, result = measured(path)
    assert result.startswith(("TooLarge", "UnreadableFile")), result
    assert spent <= SECONDS, result
    assert grown <= BUDGET_KIB, result


def test_the_measure_would_see_a_reader_that_unpacks_first(tmp_path: Path) -> None:
    """The control: the same bomb, read the simple way, costs more than the budget."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("a", b"0" * (150 * MEBI))
    path = put(tmp_path, "bomb.zip", content.getvalue())
    naive = MEASURE.replace("read_register(sys.argv[1])", "__import__('zipfile').ZipFile(sys.argv[1])").replace(
        "for _ in register", "for _ in [register.read('a')]"
    )
    assert measured(path, naive)[1] > BUDGET_KIB


def test_a_declared_size_is_not_walked(tmp_path: Path) -> None:
    """A sheet may say that it reaches to XFD1048576 and hold two rows."""
    sheet = (
        f'<dimension ref="A1:XFD1048576"/><sheetData>{row_xml("a")}<row r="1048576"><c><v>1</v></c></row></sheetData>'
    )
    path = put(tmp_path, "r.xlsx", workbook(sheet))
    spent, grown, result = measured(path)
    assert (result, spent < SECONDS, grown < BUDGET_KIB) == ("rows 1", True, True)


def test_an_archive_inside_the_package_is_never_opened(tmp_path: Path) -> None:
    """Only the parts that a register needs are unpacked."""
    nested = with_raw_part(SHEET, zeros(HEAD, b"<row/>", 64 * MEBI))
    content = workbook(f"<sheetData>{row_xml('a')}{row_xml('1')}</sheetData>", {"xl/embeddings/b.zip": nested})
    assert cells(put(tmp_path, "r.xlsx", content)) == [["1"]]


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "xl\\evil.xml", "c:/evil.xml"])
def test_a_part_with_the_name_of_a_path_is_refused(tmp_path: Path, name: str) -> None:
    """Although nothing would be extracted."""
    content = workbook("", {name.replace("\\", "!"): "x"}).replace(name.replace("\\", "!").encode(), name.encode())
    with pytest.raises(UnreadableFile, match="name of a path"):
        headings(put(tmp_path, "r.xlsx", content))


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    """Two readers would see two registers."""
    content = workbook("", {"xl/worksheets/sheet2.xml": "x"}).replace(b"sheet2.xml", b"sheet1.xml")
    with pytest.raises(UnreadableFile, match="two parts have one name"):
        headings(put(tmp_path, "r.xlsx", content))


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    """With the remedy."""
    content = bytearray(workbook(""))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="Remove the password"):
        headings(put(tmp_path, "r.xlsx", bytes(content)))


@pytest.mark.parametrize("cut", [10, 200, 700])
def test_a_workbook_that_was_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    """As if a download had stopped."""
    with pytest.raises(UnreadableFile, match="not a sound workbook"):
        headings(put(tmp_path, "r.xlsx", workbook(f"<sheetData>{row_xml('a')}</sheetData>")[:-cut]))


def test_an_encoding_cannot_hide_a_document_type(tmp_path: Path) -> None:
    """The parser says what it sees, in whatever encoding the part claims."""
    sheet = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY e "x">]><worksheet/>'.encode("utf-16")
    with pytest.raises(UnreadableFile):
        headings(put(tmp_path, "r.xlsx", workbook(sheet)))


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(unpacked_bytes=5_000), "bytes when unpacked"), (Bounds(shared_strings=5), "shared texts"),
        (Bounds(shared_bytes=5_000), "bytes of shared texts"), (Bounds(entries=3), "parts in the workbook"),
        (Bounds(depth=2), "levels of nesting"),
    ],
)  # fmt: skip
def test_every_bound_of_a_workbook_is_named(tmp_path: Path, bounds: Bounds, said: str) -> None:
    """Whoever trusts the file can raise exactly that one."""
    strings = "<sst>" + "".join(f"<si><t>{n:0100}</t></si>" for n in range(100)) + "</sst>"
    content = workbook(f"<sheetData>{row_xml('a')}</sheetData>", {"xl/sharedStrings.xml": strings})
    with pytest.raises(TooLarge, match=said):
        rows(put(tmp_path, "r.xlsx", content), bounds=bounds)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (HEAD + b'<row a="' + b"x" * 3 * MEBI, "tag without end"),
        (HEAD + b"<!--" + b"x" * 3 * MEBI, "tag without end"),
        (HEAD + b"<row><c><v>" + b"1" * 3 * MEBI, "characters in one cell"),
        (HEAD + b"<row>" + b"<c><v>1</v></c>" * 100_000, "cells are out of order"),
        (HEAD + b"<a>" * 1000, "levels of nesting"),
    ],
)
def test_what_is_packed_badly_is_bounded_as_well(tmp_path: Path, sheet: bytes, said: str) -> None:
    """A bomb need not be small: these are refused at any ratio."""
    with pytest.raises(UnreadableFile, match=said):
        rows(put(tmp_path, "r.xlsx", workbook(sheet)), bounds=Bounds(ratio=10**9))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
def test_a_part_beside_the_sheets_is_bounded(tmp_path: Path, part: str) -> None:
    """Whatever it holds: nothing in it is needed in such numbers."""
    with pytest.raises(UnreadableFile, match="beside its sheets is too long"):
        rows(put(tmp_path, "r.xlsx", workbook("", {part: b"<w>" + b" " * 20 * MEBI})), bounds=Bounds(ratio=10**9))


@pytest.mark.parametrize(
    "declared", ["<!DOCTYPE w>", '<!DOCTYPE w [<!ENTITY e "x">]>', '<!DOCTYPE w SYSTEM "file:///x">']
)
def test_any_document_type_is_refused_as_such(tmp_path: Path, declared: str) -> None:
    """Harmless ones too: the parser's own limits are a second line, not the first."""
    sheet = f"{declared}<worksheet><sheetData>{row_xml('a')}</sheetData></worksheet>".encode()
    with pytest.raises(UnreadableFile, match="declares a document type"):
        rows(put(tmp_path, "r.xlsx", workbook(sheet)))


def test_shared_texts_are_counted_before_they_are_parsed(tmp_path: Path) -> None:
    """The count is wrong before the XML is: nothing of it was parsed or kept."""
    content = workbook(f"<sheetData>{row_xml('a')}</sheetData>", {"xl/sharedStrings.xml": "<" * 1_000})
    with pytest.raises(TooLarge, match="shared texts"):
        rows(put(tmp_path, "r.xlsx", content), bounds=Bounds(shared_strings=5))
