"""Whatever a file or a mapping holds: a result or an error of this library, and a book that still verifies."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.errors import MediationError
from community_mediation.registers import COLUMNS, Bounds, RegisterMapping, export_register, import_register, importing
from tests.registers.helpers import workbook
from tests.registers_in.helpers import csv_text, new_book
from tests.registers_in.lives import KEYS, MAPPING, life

BITS = [
    *(
        "",
        "-",
        "无",
        "unknown",
        "=1+1",
        "'",
        '"',
        ";",
        "；；",
        "|",
        "||",
        "叶某|person|x|1980-02-30",
        "\t",
        "\0",
        "\ufeff",
    ),
    *("2022-02-30", "2022-05-14T23:05:00+08:00", "2022年5月1日", "20220501", "5/6/22", "9999-12-31", "0001-01-01"),
    *("1e999", "-1", "12人", "9" * 40, "0x10", "１２", "1,000", "∞", "NaN", "open", "已结", "settled", "true", "是"),
    *(
        "🧓🏽",
        "שלום\u202e",
        "a" * 300,
        "e\u0301",
        "\ud800".encode("utf-8", "replace").decode(),
        "null",
        "../../x",
        "CNY",
    ),
]
MAPPINGS = [
    None,
    *([MAPPING] * 4),
    'zone = "UTC"',
    'zone = "Asia/Shanghai"\n[codes.status]\n"*" = "concluded"\n[money]\ncurrency = "CNY"\nunit = 0.01',
    'zone = "America/New_York"\ncentre = "x"\ndate_formats = ["%d/%m/%Y", "%Y-%m-%d"]\n[codes.conclusion]\n"*" = ""',
    'zone = "Pacific/Apia"\n[dates]\nreported_at = ["%Y-%m-%d"]\n[constants]\nstatus = "closed"',
    'zone = "UTC"\nheader_row = 2',
    'zone = "UTC"\ndelimiter = ";"\nencoding = "gb18030"',
    'zone = "UTC"\nsheet = 2\n[constants]\nexternal_system = "s"\ncurrency = "PHP"',
]


def rows_of(rng: random.Random) -> list[dict[str, str]]:
    """A sound register with some cells spoilt, moved or lost."""
    rows = [{**key, **life(rng.randrange(2**32))} for key in rng.sample(KEYS, rng.randrange(1, 5))]
    for each in rows:
        for _ in range(rng.choice([0, 0, 1, 3, 20])):
            each[rng.choice([*COLUMNS, "own.house", "own.lift"])] = rng.choice(BITS)
        if rng.random() < 0.1:
            each.update(zip(list(each), rng.sample(list(each.values()), len(each)), strict=True))
    return rows


def as_csv(rng: random.Random) -> tuple[str, bytes]:
    headings = ["case_no", "external_system", "external_id", "centre", *life(0), "currency"]
    if rng.random() < 0.2:
        headings += [rng.choice(["own.a b", "own.", "extra", "own.x", "_row"])]
    rows = rows_of(rng)
    text = csv_text(rows, [*dict.fromkeys([*headings, *(name for each in rows for name in each)])])
    return "csv", text.encode(rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), "replace")


def as_json(rng: random.Random) -> tuple[str, bytes]:
    lines = []
    for each in rows_of(rng):
        cells: dict[str, object] = dict(each)
        for _ in range(rng.randrange(4)):
            strange = [None, True, 5, -1.5, 1e300, [], ["a ", ""], [["x"]], {"a": 1}, "\ud800", ["叶某"], 10**30]
            cells[rng.choice(list(cells))] = rng.choice(strange)
        lines.append(json.dumps(cells, ensure_ascii=rng.random() < 0.5))
    return "jsonl", "\n".join(lines).encode("utf-8", "replace")


def as_workbook(rng: random.Random) -> tuple[str, bytes]:
    rows = rows_of(rng)
    headings = [*dict.fromkeys(name for each in rows for name in each)]
    sheet = ""
    for number, line in enumerate([dict(zip(headings, headings, strict=True)), *rows], 1):
        cells = ""
        for name in headings:
            text = "".join(char for char in line.get(name, "") if char.isprintable()).replace("&", "&amp;")
            text = text.replace("<", "&lt;")
            kind = (
                rng.choice(["inlineStr", "inlineStr", "inlineStr", "n", "b", "e", "d"]) if number > 1 else "inlineStr"
            )
            cells += (
                f'<c t="inlineStr"><is><t>{text}</t></is></c>'
                if kind == "inlineStr"
                else f'<c t="{kind}"><v>{text}</v></c>'
            )
        sheet += f"<row>{cells}</row>"
    return "xlsx", workbook(f"<sheetData>{sheet}</sheetData>")


MAKERS: tuple[Callable[[random.Random], tuple[str, bytes]], ...] = (as_csv, as_csv, as_json, as_workbook)


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Bytes flipped, lost, doubled or put in."""
    for _ in range(rng.choice([0, 0, 0, 0, 0, 0, 1, 5])):
        at = rng.randrange(len(data) + 1)
        piece = rng.choice(
            [b"", b'"', b"\0", b"\r", b",", b"\xff", b"\n\n", bytes([rng.randrange(256)]), data[at : at + 30]]
        )
        data = data[:at] + piece + data[at + rng.randrange(3) :]
    return data


def try_one(rng: random.Random, folder: Path) -> str:
    """One file, one mapping, one way to import it: what came of it."""
    ending, data = rng.choice(MAKERS)(rng)
    path = folder / f"register.{ending}"
    path.write_bytes(mutated(rng, data))
    with new_book() as book:
        try:
            text = rng.choice(MAPPINGS)
            if text is not None and rng.random() < 0.05:
                at = rng.randrange(len(text))
                text = text[:at] + rng.choice(BITS) + text[at + 1 :]
            mapping = None if text is None else RegisterMapping.parse(text)
            rejects = rng.choice([None, folder / f"rejects.{rng.choice(['csv', 'jsonl', 'xlsx'])}"])
            result = import_register(
                book,
                path,
                mapping=mapping,
                zone=rng.choice([None, "UTC", "Asia/Shanghai", "Asia/Shanghai"]),
                centre=rng.choice([None, "甲 站"]),
                all_or_nothing=rng.random() < 0.2,
                rejects=rejects,
                overwrite=True,
                bounds=Bounds(rows=200, seconds=30, cell_chars=5_000),
            )
            assert result.rows == result.added + result.amended + result.unchanged + result.rejected
            outcome = "taken" if result.added else "rejected"
            try:
                export_register(book, folder / f"out.{rng.choice(['csv', 'jsonl'])}", identified="why", overwrite=True)
            except MediationError:
                outcome += ", not exported"
        except MediationError as error:
            outcome = type(error).__name__
        assert book.verify().is_whole
    return outcome


def test_any_file_and_any_mapping_give_a_result_or_a_typed_error(
    tmp_path: Path, amount: Callable[[int, int], int]
) -> None:
    rng = random.Random(20220514)
    outcomes: dict[str, int] = {}
    for _ in range(amount(2_000, 50_000)):
        seed = rng.randrange(2**32)
        try:
            outcome = try_one(random.Random(seed), tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}") from error
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    # The fuzz is no fuzz if nearly nothing gets in, or nearly nothing is refused.
    assert outcomes["taken"] > 300 and outcomes["rejected"] > 50, outcomes
    assert {"UnreadableFile", "InvalidMapping"} <= outcomes.keys()
    assert not any("not exported" in outcome for outcome in outcomes), outcomes


def test_the_fuzz_sees_an_error_that_is_not_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importing, "contradictions", lambda values, now: [len(values["sessions"])])
    with pytest.raises((KeyError, TypeError)):
        _try(50, tmp_path)


def _try(times: int, folder: Path) -> None:
    for seed in range(times):
        try_one(random.Random(seed), folder)
