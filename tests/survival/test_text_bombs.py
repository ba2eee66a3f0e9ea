"""Registers, mappings and settings in plain text that are larger than they have a right to be: refused as fast.

Workbooks, and the control of the measure itself: ``tests/registers/test_bombs.py``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.registers.test_bombs import BUDGET_KIB, MEASURE, MEBI, SECONDS, measured

Say = Callable[[str], None]
SIZE = 150 * MEBI
"""Half as much again as may be held: whoever reads it all is seen."""
LINE = b"x" * 99 + b"\n"


def endless(head: bytes, unit: bytes) -> Iterator[bytes]:
    """A head, then one thing over and over."""
    yield head
    yield from itertools.repeat(unit * (MEBI // len(unit)), SIZE // MEBI)


REGISTERS: dict[str, Callable[[], Iterator[bytes]]] = {
    "a line without end.csv": lambda: endless(b"a,b\n1,", b"x"),
    "a quotation mark that is never closed.csv": lambda: endless(b'a,b\n1,"', LINE),
    "headings without number.csv": lambda: endless(b"", b"a,"),
    "cells without number in a row.csv": lambda: endless(b"a,b\n", b"1,"),
    "a line without end.jsonl": lambda: endless(b'{"a": "', b"x"),
    "levels without number.jsonl": lambda: endless(b'{"a": ', b"["),
    "a number without end.jsonl": lambda: endless(b'{"a": ', b"9"),
    "keys without number.jsonl": lambda: (
        b"".join(b'{"k%d": 1}\n' % number for number in range(start, start + 1000)) for start in range(0, 10**6, 1000)
    ),
    "a list without end.jsonl": lambda: endless(b'{"a": [1', b", 1"),
}
SETTINGS: dict[str, Callable[[], Iterator[bytes]]] = {
    "a text without end.toml": lambda: endless(b'store = "', b"x"),
    "levels without number.toml": lambda: endless(b"store = ", b"["),
    "tables without number.toml": lambda: endless(b"", b"[[a]]\n"),
}
READERS = {
    "settings": "community_mediation.settings import load as read",
    "mapping": "community_mediation.registers.mapping import RegisterMapping; read = RegisterMapping.load",
}


def refused(path: Path, content: Iterator[bytes], script: str, figure: Say) -> None:
    """Write a file and have it read in a program of its own, which must refuse it within the bounds."""
    with path.open("wb") as file:
        file.writelines(content)
    size = path.stat().st_size // MEBI
    spent, grown, result = measured(path, script)
    path.unlink()
    figure(f"bombs: {path.name} ({size} MiB): {result.partition(':')[0]}, {spent:.2f} s, {grown // 1024} MiB")
    assert result.startswith(("TooLarge", "UnreadableFile", "InvalidSettings", "InvalidMapping")), result
    assert spent <= SECONDS, result
    assert grown <= BUDGET_KIB, result


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_in_text_is_refused_in_a_second_and_a_hundred_mebibytes(
    tmp_path: Path, name: str, figure: Say
) -> None:
    """Nothing of it is held beyond the bounds of a row."""
    script = MEASURE.replace("community_mediation.registers.csv_files", "community_mediation.registers.jsonl_files")
    refused(tmp_path / name, REGISTERS[name](), script, figure)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", SETTINGS)
def test_settings_and_mappings_are_refused_as_fast(tmp_path: Path, name: str, reader: str, figure: Say) -> None:
    """They are files that somebody else may have written."""
    script = MEASURE.replace(
        "from community_mediation.registers.files import read_register", f"from {READERS[reader]}"
    ).replace("with read_register(sys.argv[1]) as register:", "for register in [[read(sys.argv[1])]]:")
    refused(tmp_path / name, SETTINGS[name](), script, figure)
