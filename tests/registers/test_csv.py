"""CSV: separators, quoting, broken rows."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from community_mediation.errors import TooLarge, UnreadableFile
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.files import read_register
from community_mediation.registers.rows import RawRow
from tests.registers.helpers import HEADER, cells, headings, put, rows


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    """Even where cells hold the other ones."""
    text = "\n".join(separator.join(row) for row in [["a", "b", "c"], ['"x,;|\ty"', "1", "2"], ["3", "4", '"p;q,r"']])
    assert cells(put(tmp_path, "r.csv", text)) == [["x,;|\ty", "1", "2"], ["3", "4", "p;q,r"]]


def test_lists_in_cells_do_not_pass_for_separators(tmp_path: Path) -> None:
    """A comma file whose parties are separated by semicolons and bars."""
    text = "case_no,applicants,x\n1,张某|person|男;李某|person|女,y\n2,甲|person;乙|person,z\n"
    assert headings(put(tmp_path, "r.csv", text)) == ("case_no", "applicants", "x")


def test_the_separator_that_a_spreadsheet_declares_is_taken(tmp_path: Path) -> None:
    """And its line is no row."""
    found = rows(put(tmp_path, "r.csv", "sep=;\r\na;b\r\n1,5;2\r\n"))
    assert [(row.number, dict(row.cells)) for row in found] == [(2, {"a": "1,5", "b": "2"})]


def test_a_separator_that_was_given_is_not_doubted(tmp_path: Path) -> None:
    """And one that cannot be is refused."""
    path = put(tmp_path, "r.csv", "a,b;c\n1,2;3\n")
    assert headings(path, delimiter=";") == ("a,b", "c")
    with pytest.raises(UnreadableFile, match="delimiter"):
        headings(path, delimiter="x")


def test_two_separators_that_fit_equally_are_not_guessed_between(tmp_path: Path) -> None:
    """Either choice would be silent."""
    with pytest.raises(UnreadableFile, match="two separators fit equally"):
        headings(put(tmp_path, "r.csv", "a,b;c\n1,2;3\n"))


def test_a_file_of_one_column_is_read(tmp_path: Path) -> None:
    """There is no separator to find."""
    assert cells(put(tmp_path, "r.csv", "case_no\n1\n2\n")) == [["1"], ["2"]]


def test_a_quoted_cell_of_several_lines_is_one_row(tmp_path: Path) -> None:
    """Rows are numbered as a spreadsheet shows them, blank ones included."""
    found = rows(put(tmp_path, "r.csv", 'a,b\r\n"x\r\ny",1\r\n\r\nz,2\r\n'))
    assert [(row.number, row.cells["a"]) for row in found] == [(2, "x\r\ny"), (4, "z")]


@pytest.mark.parametrize(
    ("row", "said"), [("1,2", "2 cells where there are 3"), ("1,2,3,4", "4 cells where there are 3")]
)
def test_a_row_of_the_wrong_width_is_a_problem_of_that_row(tmp_path: Path, row: str, said: str) -> None:
    """The others are unaffected."""
    found = rows(put(tmp_path, "r.csv", f"a,b,c\n{row}\n1,2,3\n"), delimiter=",")
    assert [len(each.problems) for each in found] == [1, 0]
    assert said in found[0].problems[0].problem and found[0].problems[0].column is None


def test_empty_cells_behind_the_last_heading_do_not_count(tmp_path: Path) -> None:
    """Spreadsheets write such tails."""
    assert cells(put(tmp_path, "r.csv", "a,b,,\n1,2,,\n3,4,,,,\n")) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,a\n1,2,3\n", r"columns? A and C \('a'\)"),
        ("a,,c\n1,2,3\n", "no heading over column B"),
        ("a, ,c\n1,2,3\n", "no heading over column B"),
        ("a,b\u00a0,b\n1,2,3\n", "B and C"),
        ("1,2022-05-01,x,x\n2,2022-05-02,y,z\n", "C and D. Rename"),
    ],
)
def test_headings_that_are_equal_or_missing_are_named_by_their_letters(tmp_path: Path, text: str, said: str) -> None:
    """A first row that looks like a case is not quoted."""
    with pytest.raises(UnreadableFile, match=said):
        headings(put(tmp_path, "r.csv", text))


def test_a_file_of_headings_only_has_no_rows(tmp_path: Path) -> None:
    """That is a register of nothing, and no error."""
    assert rows(put(tmp_path, "r.csv", HEADER)) == []


def test_the_row_of_the_headings_can_be_said(tmp_path: Path) -> None:
    """Title rows above it are passed over."""
    path = put(tmp_path, "r.csv", "Register of 2022\n\na,b\n1,2\n")
    assert [(row.number, dict(row.cells)) for row in rows(path, header_row=3)] == [(4, {"a": "1", "b": "2"})]
    with pytest.raises(UnreadableFile, match="row 2 is empty"):
        headings(path, header_row=2)


def test_a_quotation_mark_that_is_never_closed_is_told_with_what_it_swallowed(tmp_path: Path) -> None:
    """The rows before it stand; what follows is not lost in silence."""
    text = HEADER + "1,2022-05-01,x\r\n" + '2,2022-05-01,"x\r\n' + "3,2022-05-01,x\r\n" * 8
    found = rows(put(tmp_path, "r.csv", text))
    assert [bool(row.problems) for row in found] == [False, True]
    assert "9 lines of the file (from line 3)" in found[1].problems[0].problem


def test_a_text_behind_a_closing_quotation_mark_is_a_problem_of_its_row(tmp_path: Path) -> None:
    """It is not joined by a guess, and the next row is read."""
    found = rows(put(tmp_path, "r.csv", HEADER + '1,2022-05-01,"a"b"\r\n2,2022-05-01,x\r\n'))
    assert [bool(row.problems) for row in found] == [True, False]


def test_a_swallowing_quotation_mark_is_bounded_in_memory(tmp_path: Path) -> None:
    """A hundred megabytes behind it are never held."""
    path = put(
        tmp_path, "r.csv", (HEADER + '1,2022-05-01,"x\r\n').encode() + b"2,2022-05-01,xxxxxxxxxx\r\n" * 1_000_000
    )
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="never closed"):
            rows(path)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_a_line_without_end_is_bounded(tmp_path: Path) -> None:
    """There may be no line end in the whole file."""
    with pytest.raises(TooLarge, match="in one row"):
        rows(put(tmp_path, "r.csv", b"a" * 20_000_000))


@pytest.mark.parametrize("length", [1_001, 200_000])
def test_a_cell_beyond_its_bound_is_refused(tmp_path: Path, length: int) -> None:
    """By our own bound, and before the csv module's."""
    with pytest.raises(TooLarge, match="in one cell"):
        rows(put(tmp_path, "r.csv", "a,b\n1," + "x" * length + "\n"), bounds=Bounds(cell_chars=1_000))


@pytest.mark.parametrize(("bound", "said"), [("rows", "rows"), ("cells", "cells")])
def test_rows_and_cells_are_counted_while_reading(tmp_path: Path, bound: str, said: str) -> None:
    """The rows before the bound were given."""
    bounds = Bounds(rows=10) if bound == "rows" else Bounds(cells=30)
    path = put(tmp_path, "r.csv", HEADER + "1,2022-05-01,x\r\n" * 20)
    seen: list[RawRow] = []
    with read_register(path, bounds=bounds) as register, pytest.raises(TooLarge, match=said):
        seen.extend(register)
    assert [row.number for row in seen] == [*range(2, 12)]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    """A heading each for a thousand columns is no register."""
    with pytest.raises(UnreadableFile, match="columns"):
        headings(put(tmp_path, "r.csv", ",".join(f"c{n}" for n in range(2_000)) + "\n"))


def test_a_nul_is_a_problem_of_its_row(tmp_path: Path) -> None:
    """The others are unaffected."""
    found = rows(put(tmp_path, "r.csv", "a,b\n1,x\0y\n2,z\n"))
    assert [bool(row.problems) for row in found] == [True, False]


def test_a_large_register_streams_in_bounded_memory(tmp_path: Path) -> None:
    """The peak for 20 MB is that for a handful."""
    path = tmp_path / "r.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"2022-{n},2022-05-01,{'邻里纠纷' * 300}\r\n" for n in range(6_000))
    tracemalloc.start()
    try:
        with read_register(path) as register:
            assert sum(1 for _ in register) == 6_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_columns_of_a_file_of_rejects_are_passed_over(tmp_path: Path) -> None:
    """A mended file of rejects is imported as it is."""
    text = "a,_row,b,_column,_problem,_remedy\n1,7,2,x,y,z\n"
    path = put(tmp_path, "r.csv", text)
    assert headings(path) == ("a", "b")
    assert cells(path) == [["1", "2"]]


def test_line_ends_of_all_systems_are_read(tmp_path: Path) -> None:
    """Old ones too."""
    for end in ("\n", "\r\n", "\r"):
        assert cells(put(tmp_path, "r.csv", end.join(["a,b", "1,2", "3,4", ""]))) == [["1", "2"], ["3", "4"]]
