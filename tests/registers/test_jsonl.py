"""JSON Lines: flat objects, exact numbers, broken lines told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_mediation.errors import TooLarge, UnreadableFile
from community_mediation.registers.bounds import Bounds
from tests.registers.helpers import headings, put, rows


def test_numbers_keep_the_digits_that_were_given(tmp_path: Path) -> None:
    """No binary fraction comes between."""
    line = '{"a": 0.10, "b": 12345678901234567890, "c": 1e2, "d": true, "e": null, "f": ["x", "y;z"]}'
    row = rows(put(tmp_path, "r.jsonl", line))[0]
    assert row.cells == {"a": "0.10", "b": "12345678901234567890", "c": "1e2", "d": True, "e": "", "f": ("x", "y;z")}


def test_the_headings_are_all_keys_of_the_file(tmp_path: Path) -> None:
    """Also those that only the last line has; what a line lacks is empty."""
    path = put(tmp_path, "r.jsonl", '{"a": "1"}\n\n{"b": "2", "_row": 7}\n')
    assert headings(path) == ("a", "b")
    assert [(row.number, dict(row.cells)) for row in rows(path)] == [(1, {"a": "1", "b": ""}), (3, {"a": "", "b": "2"})]


@pytest.mark.parametrize(
    "line",
    ['{"a": "1"', "[1]", '"a"', "12", "null", "nonsense", '{"a": NaN}', '{"a": -Infinity}', '{"a": 1, "a": 2}',
     '{"a": 1, " a": 2}', '{"": 1}', "[" * 50_000, '{"a":' * 50_000, '{"a": 1} {"a": 2}'],
)  # fmt: skip
def test_a_broken_line_is_a_problem_of_its_row(tmp_path: Path, line: str) -> None:
    """Reading goes on behind it."""
    found = rows(put(tmp_path, "r.jsonl", f'{{"a": "张某"}}\n{line}\n{{"a": "2"}}\n'))
    assert [(row.number, bool(row.problems)) for row in found] == [(1, False), (2, True), (3, False)]
    assert found[1].problems[0].column is None


@pytest.mark.parametrize("value", ['{"x": 1}', '[["x"]]', '["x", null]', '"\\ud800"', '["\\udfff"]'])
def test_a_value_that_no_cell_can_be_is_a_problem_of_its_column(tmp_path: Path, value: str) -> None:
    """Nested values and halves of characters."""
    found = rows(put(tmp_path, "r.jsonl", f'{{"a": {value}, "b": "1"}}\n'))
    assert [problem.column for problem in found[0].problems] == ["a"]


def test_a_surrogate_pair_is_one_character(tmp_path: Path) -> None:
    """Only a lone half is broken."""
    assert rows(put(tmp_path, "r.jsonl", '{"a": "\\ud83d\\ude00"}'))[0].cells["a"] == "\U0001f600"


def test_a_line_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    """Before it is parsed."""
    with pytest.raises(TooLarge, match="in one row"):
        rows(put(tmp_path, "r.jsonl", '{"a": "' + "x" * 10_000 + '"}'), bounds=Bounds(record_chars=5_000))


def test_ever_new_keys_are_refused(tmp_path: Path) -> None:
    """Headings are held in memory."""
    text = "\n".join(f'{{"k{n}": 1}}' for n in range(50))
    with pytest.raises(TooLarge, match="columns"):
        rows(put(tmp_path, "r.jsonl", text), bounds=Bounds(columns=20))


def test_a_file_without_any_object_is_refused(tmp_path: Path) -> None:
    """An array over all lines, for example."""
    with pytest.raises(UnreadableFile, match="no line of it is a JSON object"):
        rows(put(tmp_path, "r.jsonl", "[1,\n2]\n"))
