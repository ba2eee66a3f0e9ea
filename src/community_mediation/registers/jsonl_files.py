"""Reading JSON Lines: one flat object per line, every number with the digits it was given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NoReturn

from community_mediation.errors import UnreadableFile
from community_mediation.registers.bounds import Bounds, Meter
from community_mediation.registers.rows import REJECT_HEADINGS, Cell, RawRow, RegisterFile, RowProblem, heading_text
from community_mediation.registers.text import Lines, recognise

_FLAT: Final = 'Write one flat object per line, such as {"case_no": "2022-1", "reported_at": "2022-05-01"}.'


class _Broken(Exception):
    """Why a line cannot be taken, and what to do."""


def open_jsonl(name: str, file: BinaryIO, size: int, bounds: Bounds, encoding: str | None) -> RegisterFile:
    """A register from an open file of JSON Lines; its headings are all keys, in the order in which they appear."""
    encoding = recognise(name, file, encoding)
    lines = Lines(name, file, encoding, bounds)
    headings: dict[str, None] = {}
    meter = Meter(name, bounds)
    some = False
    for row in _rows(lines, meter, ()):
        some = True
        if not headings.keys() >= row.cells.keys():
            headings.update(dict.fromkeys(row.cells))
            if len(headings) > bounds.columns:
                raise bounds.exceeded(name, "columns", "Keep the keys of the register only")
    lines.release()
    file.seek(0)
    if not some:
        raise UnreadableFile(f"{name}: the file is empty. {_FLAT}")
    if not headings:
        raise UnreadableFile(f"{name}: no line of it is a JSON object with keys. {_FLAT}")
    again = Lines(name, file, encoding, bounds)

    def close() -> None:
        again.release()
        file.close()

    rows = _rows(again, Meter(name, bounds), tuple(headings))
    return RegisterFile(name, tuple(headings), rows, size=size, position=file.tell, close=close)


def _rows(lines: Lines, meter: Meter, headings: tuple[str, ...]) -> Iterator[RawRow]:
    empty = dict.fromkeys(headings, "")
    for line in lines:
        lines.in_record = 0
        if not line.strip():
            continue
        try:
            cells, problems = _cells(line, meter.bounds)
        except _Broken as error:
            meter.row(0)
            yield RawRow(lines.number, empty, (RowProblem(None, *error.args),))
            continue
        meter.row(len(cells))
        if cells:
            yield RawRow(lines.number, {**empty, **cells}, problems)


def _cells(line: str, bounds: Bounds) -> tuple[dict[str, Cell], tuple[RowProblem, ...]]:
    document = _parsed(line)
    if not isinstance(document, dict):
        raise _Broken("not a JSON object", _FLAT)
    escaped = "\\u" in line
    cells: dict[str, Cell] = {}
    problems: list[RowProblem] = []
    for key, value in document.items():
        heading = heading_text(key)
        if not 0 < len(heading) <= 200 or (escaped and not _whole(heading)):
            raise _Broken("a key is empty, too long or broken", _FLAT)
        if heading in REJECT_HEADINGS:
            continue
        if heading in cells:
            raise _Broken("a key stands twice", "Keep one of the two.")
        cells[heading] = ""
        texts: tuple[str, ...]
        if value is None:
            continue
        if isinstance(value, list) and all(type(each) is str for each in value):
            texts = cells[heading] = tuple(value)
        elif isinstance(value, str):
            cells[heading], texts = value, (value,)
        elif isinstance(value, bool):
            cells[heading] = value
            continue
        else:
            problems.append(
                RowProblem(
                    heading, "a value inside a value", "Write a text, a number, true, false, null or a list of texts."
                )
            )
            continue
        if any(len(text) > bounds.cell_chars for text in texts):
            raise bounds.exceeded("a line", "cell_chars")
        if escaped and not all(map(_whole, texts)):
            cells[heading] = ""
            problems.append(
                RowProblem(heading, "half of a character (a lone surrogate)", "Read the source with its own encoding.")
            )
    return cells, tuple(problems)


def _whole(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line.strip(" \t\r\n"))
    except RecursionError:
        raise _Broken("values are nested too deep", _FLAT) from None
    except json.JSONDecodeError as error:
        raise _Broken(f"not valid JSON at character {error.colno}", _FLAT) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Broken("a key stands twice", "Keep one of the two.")
    return found


def _no_number(token: str) -> NoReturn:
    raise _Broken("NaN or Infinity, which is no number", "Write null where a number is unknown.")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_no_number)
