"""Any bytes are rows or a typed error, and no error names anybody."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from community_mediation.errors import MediationError
from community_mediation.registers.files import read_register
from community_mediation.registers.mapping import RegisterMapping
from tests.registers.helpers import TIGHT

CANARY = "张某测试甲"
HEADINGS = [
    "case_no", "title", "reported_at", "dispute_type", "brief", "applicants", "mediators", "status", "sessions",
    "amount_claimed", "currency", "litigation", "conclusion", "satisfaction_applicant", "own.note",
]  # fmt: skip
ROW = [
    "1", CANARY, "2022-05-01", "noise", f"{CANARY}说：\n“好”",
    f"{CANARY}|person|女|1970-01-02;{CANARY}", CANARY, "open",
    "2", "1200.5", "CNY", "yes", "settled", "5", CANARY,
]  # fmt: skip
VALID = [ROW] * 3
MAPPING = RegisterMapping(zone="Asia/Shanghai")
TOKENS = [
    b'"', b'""', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"{", b"[", b"\\u", b"'=", b"|", b"<", b"&",
    b"]]>", b"<!DOCTYPE", CANARY.encode(), CANARY.encode("gb18030"), b"9" * 40, b"\xe5\xbc", b"PK\x05\x06",
]  # fmt: skip


def csv_bytes() -> bytes:
    lines = [HEADINGS, *VALID]
    return "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def jsonl_bytes() -> bytes:
    import json

    return "\n".join(json.dumps(dict(zip(HEADINGS, line, strict=True)), ensure_ascii=False) for line in VALID).encode()


def xlsx_bytes() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for line in [HEADINGS, *VALID]:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


def mutated(dice: random.Random, content: bytes) -> bytes:
    """*content* with a few bytes changed, cut, doubled or replaced by what parsers stumble over."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(data) + 1)
        end = min(len(data), at + dice.choice([0, 1, 3, 40]))
        match dice.randrange(5):
            case 0:
                data[at:end] = dice.choice(TOKENS)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * dice.randint(1, 30)
            case 3:
                data[at:end] = dice.randbytes(end - at)
            case _:
                del data[at if dice.random() < 0.2 else end :]
    return bytes(data)


def zipped(dice: random.Random, content: bytes) -> bytes:
    """A workbook with one of its parts mutated inside a sound package."""
    import zipfile

    file, name = io.BytesIO(), ""
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        name = dice.choice(source.namelist())
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, mutated(dice, data) if part == name else data)
    return file.getvalue()


def noise(dice: random.Random, content: bytes) -> bytes:
    """Bytes of no file at all."""
    return dice.randbytes(dice.randint(1, 300)) if dice.random() < 0.5 else b"".join(dice.choices(TOKENS, k=30))


def said_of(path: Path) -> list[str]:
    """Every message that reading a file and understanding its rows brings forth."""
    said: list[str] = []
    try:
        with read_register(path, bounds=TIGHT) as register:
            bound = MAPPING.bind(register.headings)
            for row in register:
                said.append(repr(row))
                _, problems = bound.values(row)
                said.extend(str(problem.rejection(register.name, row.number)) for problem in problems)
    except MediationError as error:
        said.append(str(error) + repr(error))
    return said


Change = Callable[[random.Random, bytes], bytes]
CASES: list[tuple[str, Callable[[], bytes], Change, int]] = [
    ("r.csv", csv_bytes, mutated, 900), ("r.csv", csv_bytes, noise, 300), ("r.jsonl", jsonl_bytes, mutated, 500),
    ("r.jsonl", jsonl_bytes, noise, 100), ("r.xlsx", xlsx_bytes, mutated, 300), ("r.xlsx", xlsx_bytes, zipped, 500),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "change", "count"), CASES)
def test_any_bytes_are_rows_or_a_typed_error(
    tmp_path: Path, amount: Callable[[int, int], int], name: str, make: Callable[[], bytes], change: Change, count: int
) -> None:
    """Nothing else is raised, nothing hangs, nothing is left open."""
    dice, content, path = random.Random(f"{name}{change.__name__}"), make(), tmp_path / name
    outcomes = set()
    for _ in range(amount(count, count * 500)):
        path.write_bytes(change(dice, content))
        outcomes.add(len(said_of(path)) > 1)
    # Both ends are reached: a fuzzer that only ever breaks the file tests its first line.
    assert outcomes == ({False, True} if change is not noise else {False})


def test_the_unchanged_files_are_read_without_a_problem(tmp_path: Path) -> None:
    """The control: the fuzzers begin with files that are right."""
    for name, make in [("r.csv", csv_bytes), ("r.jsonl", jsonl_bytes), ("r.xlsx", xlsx_bytes)]:
        (tmp_path / name).write_bytes(make())
        assert len(said_of(tmp_path / name)) == len(VALID)


@pytest.mark.parametrize("column", range(len(HEADINGS)))
def test_a_name_in_any_column_shows_in_no_message(tmp_path: Path, column: int) -> None:
    """In a right file and in broken ones; in Chinese and as it is spelt in Latin letters."""
    dice = random.Random(column)
    for canary in (CANARY, "zhangmou", "Zhang Mou"):
        changed = [[canary if at == column else cell.replace(CANARY, "x") for at, cell in enumerate(ROW)]] * 3
        lines = [HEADINGS, *changed]
        text = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
        path = tmp_path / "r.csv"
        for content in [text.encode(), *(shuffled(dice, text) for _ in range(15))]:
            path.write_bytes(content)
            assert canary not in " ".join(said_of(path))


def shuffled(dice: random.Random, text: str) -> bytes:
    """The rows below the headings with quotes and separators moved."""
    head, _, body = text.partition("\r\n")
    cells = list(body)
    for _ in range(6):
        cells[dice.randrange(len(cells))] = dice.choice('",;\n')
    return (head + "\r\n" + "".join(cells)).encode()


def test_a_planted_leak_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an error that quotes its cell is found by the canary."""
    from community_mediation.registers import cells

    monkeypatch.setattr(cells, "described", repr)
    text = f"case_no,reported_at,dispute_type,sessions\n1,2022-05-01,noise,{CANARY}\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    assert CANARY in " ".join(said_of(tmp_path / "r.csv"))


def test_no_warning_is_given_while_reading(tmp_path: Path) -> None:
    """Warnings of parsers quote what they stumble over."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (tmp_path / "r.xlsx").write_bytes(xlsx_bytes())
        said_of(tmp_path / "r.xlsx")
