"""What is written is whole, private, safe in a spreadsheet, and reads back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community_mediation.errors import InvalidInput, InvalidValue, MissingExtra, StoreUnavailable
from community_mediation.files import bare, is_safe, marked
from community_mediation.registers import bounds as bounds_module
from community_mediation.registers.files import read_register
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.rows import RawRow, RowProblem
from community_mediation.registers.writers import Value, open_rejects, open_writer, write_table
from tests.registers.helpers import cells, put, rows

SIGNS = "=+-@\t\r\n'＝＋－＠ \ufeff\u200b;,\"|a1张"
payloads = st.one_of(
    st.text(alphabet=SIGNS, max_size=12),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "\ufeff=1", "\u200b=1",
    "=HYPERLINK(\"http://example.invalid\",\"x\")", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "'=1", "''=1", "−1",
]  # fmt: skip


@settings(max_examples=1_000)
@given(payloads)
@example("'")
@example("''=x")
@example("'\t'=x")
def test_the_mark_against_formulas_comes_off_exactly(text: str) -> None:
    """Every text is safe when marked, and itself when read."""
    assert bare(marked(text)) == text
    assert is_safe(marked(text))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_payload_begins_as_a_formula_in_the_file(tmp_path: Path, text: str) -> None:
    """What a spreadsheet sees in the raw cell."""
    write_table(tmp_path / "r.csv", ["a"], [{"a": text}])
    with open(tmp_path / "r.csv", encoding="utf-8-sig", newline="") as file:
        raw = list(csv.reader(file))[1][0]
    assert raw.startswith("'") and cells(tmp_path / "r.csv") == [[text]]


def test_the_control_without_the_mark_is_not_safe() -> None:
    """The check above can fail."""
    assert not any(is_safe(text) for text in FORMULAS if not text.startswith("'"))


@settings(max_examples=150)
@given(st.lists(st.tuples(payloads, payloads).filter(lambda row: any(cell.strip() for cell in row)), max_size=8))
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_any_text_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, lines: list[tuple[str, str]]
) -> None:
    """Quotes, line ends, signs and every character of Unicode."""
    path = tmp_path_factory.getbasetemp() / f"round{suffix}"
    options = {"delimiter": ","} if suffix == ".csv" else {}
    write_table(path, ["a", "b"], [{"a": a, "b": b} for a, b in [("first", "row"), *lines]], overwrite=True)
    assert cells(path, **options)[1:] == [list(line) for line in lines]


@settings(max_examples=40)
@given(st.lists(payloads.filter(lambda text: text.strip() != ""), min_size=1, max_size=25))
def test_any_text_reads_back_from_a_workbook(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Also control characters, and texts that look like their escapes."""
    path = tmp_path_factory.getbasetemp() / "round.xlsx"
    write_table(path, ["a"], [{"a": text} for text in [*texts, "_x0041_", "a\r\nb", " x "]], overwrite=True)
    assert [row[0] for row in cells(path)] == [*texts, "_x0041_", "a\r\nb", " x "]


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    """As an independent reader sees it."""
    write_table(tmp_path / "r.xlsx", ["a"], [{"a": text} for text in FORMULAS])
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert sheet is not None
    assert {cell.data_type for (cell,) in sheet.iter_rows(min_row=2)} == {"s"}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx"])
def test_every_kind_of_value_is_written_as_readers_take_it(tmp_path: Path, suffix: str) -> None:
    """Numbers without a mark, days as days, lists with their escapes."""
    row: dict[str, Value] = {
        "n": -5, "d": Decimal("1200.50"), "f": True, "day": dt.date(2022, 5, 1), "list": ("a;b", "c"), "none": None,
        "t": dt.datetime(2022, 5, 1, 9, 30, tzinfo=dt.UTC), "big": 10**20,
    }  # fmt: skip
    path = tmp_path / f"r{suffix}"
    write_table(path, list(row), [row])
    found = rows(path)[0].cells
    assert str(found["n"]) == "-5" and found["d"] == "1200.50" and found["f"] in (True, "yes")
    assert str(found["day"]) == "2022-05-01" and found["t"] == "2022-05-01T09:30:00+00:00"
    assert found["list"] in ("a;;b; c", ("a;b", "c")) and found.get("none", "") == "" and found["big"] == "1" + "0" * 20


def test_numbers_carry_no_mark(tmp_path: Path) -> None:
    """A minus before a real number is no formula, and a spreadsheet may count with it."""
    write_table(tmp_path / "r.csv", ["n", "t"], [{"n": -5, "t": "-5"}], bom=False)
    assert (tmp_path / "r.csv").read_bytes() == b"n,t\r\n-5,'-5\r\n"


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    """A failure in between leaves nothing, not even a temporary file."""

    def half() -> Iterator[dict[str, str]]:
        yield {"a": "张某"}
        assert not (tmp_path / "r.csv").exists()
        raise KeyError

    with pytest.raises(KeyError):
        write_table(tmp_path / "r.csv", ["a"], half())
    assert list(tmp_path.iterdir()) == []


def test_while_it_is_written_its_name_says_nothing(tmp_path: Path) -> None:
    """And nobody else may read it."""
    with open_writer(tmp_path / "张某.csv", ["a"]):
        (part,) = tmp_path.iterdir()
        assert part.name.startswith(".") and "张" not in part.name
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "张某.csv").stat().st_mode) == 0o600


def test_a_public_file_follows_the_habits_of_the_machine(tmp_path: Path) -> None:
    """The umask decides."""
    before = os.umask(0o027)
    try:
        write_table(tmp_path / "r.csv", ["a"], [], private=False)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "r.csv").stat().st_mode) == 0o640


def test_a_file_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    """Also one that appeared while ours was being written."""
    path = put(tmp_path, "r.csv", "theirs")
    with pytest.raises(InvalidInput, match="there is a file already"):
        write_table(path, ["a"], [])
    path.unlink()

    def late() -> Iterator[dict[str, str]]:
        path.write_text("theirs")
        yield {"a": "ours"}

    with pytest.raises(InvalidInput, match="there is a file already"):
        write_table(path, ["a"], late())
    assert path.read_text() == "theirs"
    write_table(path, ["a"], [], overwrite=True)
    assert path.read_bytes().endswith(b"a\r\n")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx"])
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, suffix: str) -> None:
    """The system itself refuses to write on, in a process whose files may not grow."""
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "from community_mediation.registers.writers import write_table\n"
        "from community_mediation.errors import StoreFull\n"
        "try: write_table(sys.argv[1], ['a'], ({'a': f'{n * 7919}' * 3} for n in range(3000)))\n"
        "except StoreFull as error: print(error)\n"
    )
    path = tmp_path / f"r{suffix}"
    env = {**os.environ, "PYTHONPATH": str(Path(bounds_module.__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, env=env
    )
    assert "no room" in done.stdout and done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_a_typed_error(tmp_path: Path) -> None:
    """Without its path."""
    with pytest.raises(StoreUnavailable, match="cannot be written") as caught:
        write_table(tmp_path / "gone" / "r.csv", ["a"], [])
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "value"),
    [(".csv", "a\0b"), (".csv", "\ud800"), (".jsonl", "\ud800"), (".xlsx", "\ud800"), (".xlsx", "x" * 40_000)],
)
def test_what_a_format_cannot_hold_is_refused_without_quoting_it(tmp_path: Path, suffix: str, value: str) -> None:
    """Rather than being changed."""
    with pytest.raises(InvalidValue):
        write_table(tmp_path / f"r{suffix}", ["a"], [{"a": value}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "headings"), [("r.xls", ["a"]), ("r.csv", []), ("r.csv", ["a", "a"]), ("r.csv", [""])]
)
def test_a_table_that_could_not_be_read_back_is_not_written(tmp_path: Path, name: str, headings: list[str]) -> None:
    """Unknown endings, and headings that are equal or empty."""
    with pytest.raises(InvalidInput):
        write_table(tmp_path / name, headings, [])


def test_a_row_with_cells_of_no_heading_is_refused(tmp_path: Path) -> None:
    """They would be lost in silence."""
    with pytest.raises(InvalidValue, match="without a heading"):
        write_table(tmp_path / "r.csv", ["a"], [{"b": "1"}])


def test_a_workbook_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says which."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[xlsx\]"):
        write_table(tmp_path / "r.xlsx", ["a"], [])
    assert list(tmp_path.iterdir()) == []


def test_rejected_rows_can_be_mended_and_imported_again(tmp_path: Path) -> None:
    """Cells as they came, problems beside them, and the readers pass over those."""
    text = 'case_no,reported_at,dispute_type,brief\n1,2022-13-01,noise,"=1;\n张某"\n2,2022-05-01,noise,x\n'
    path = put(tmp_path, "r.csv", text)
    mapping = RegisterMapping(zone="Asia/Shanghai")
    with read_register(path) as register, open_rejects(tmp_path / "rejects.csv", register.headings) as rejects:
        bound = mapping.bind(register.headings)
        for row in register:
            _, problems = bound.values(row)
            if problems:
                rejects.write(row, problems)
    raw = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "_row,_column,_problem,_remedy" in raw and "reported_at,'2022-13-01' is not a date" in raw.replace('"', "")
    mended = put(tmp_path, "mended.csv", raw.replace("2022-13-01,", "2022-12-01,", 1))
    (row,) = rows(mended)
    found, problems = bound.values(row)
    assert problems == [] and found["brief"] == "=1;\n张某"


def test_a_row_with_several_problems_is_rejected_once(tmp_path: Path) -> None:
    """One line to mend, all reasons beside it."""
    with open_rejects(tmp_path / "x.csv", ["a", "b"]) as rejects:
        row = RawRow(7, {"a": "1", "b": "2"})
        rejects.write(row, [RowProblem("a", "p1", "r1"), RowProblem(None, "p2", "r2")])
    with open(tmp_path / "x.csv", encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["1", "2", "7", "a\nthe whole row", "p1\np2", "r1\nr2"]
