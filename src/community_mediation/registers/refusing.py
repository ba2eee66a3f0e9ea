"""Rows that are not taken: the reasons, and the file in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from community_mediation.casebook.house_rules import (
    LENGTH,
    holds_identity_number,
    identity_number_objections,
)
from community_mediation.domain.matter import Matter
from community_mediation.errors import InvalidInput, InvalidValue
from community_mediation.registers.binding import BoundMapping
from community_mediation.registers.columns import COLUMNS, OWN
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.rows import Cell, RawRow, RowProblem
from community_mediation.registers.snapshots import Contradiction
from community_mediation.registers.writers import LazyRejects

_LOOK_THERE: Final = "Such cells are left empty here: look into the register."
_MOST_CHARS: Final = 16_000
"""More may be too much for a cell of a workbook."""
_BETWEEN: Final = "\x01"


class Refused(InvalidInput):
    """A row that is not taken, with all that is wrong."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = list(problems)
        super().__init__(problems[0].problem)


def conflict(problem: str) -> Refused:
    """The refusal of a row that contradicts the book."""
    return Refused([RowProblem(None, problem, "Correct the case in the book, or leave the row out.")])


def nuls(row: RawRow) -> Iterator[RowProblem]:
    """The cells with a NUL character: no program shows them, and most cannot write them."""
    if "\0" not in "".join(_texts(row)):
        return
    for heading, cell in row.cells.items():
        if any("\0" in text for text in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(text, str)):
            yield RowProblem(heading, "a NUL character, which no text has", "Export the row again.")


def refuse_identity_numbers(row: RawRow, matter: Matter, columns: Mapping[str, str]) -> None:
    """Refuse a row that puts an identity number where it is never erased; *columns* are the headings by canonical name.

    Raises:
        Refused: It does, and says in which columns.
    """
    if not any(identity_number_objections(event, matter.id) for event in matter.pending):
        return
    numbers = ("case_no", "external_id")  # they may name someone, and stand in the open all the same
    private = {columns[name] for name in columns if name in COLUMNS and COLUMNS[name].people and name not in numbers}
    found = [
        heading
        for heading, cell in row.cells.items()
        if heading not in private
        and any(holds_identity_number(str(text)) for text in (cell if isinstance(cell, tuple) else (cell,)))
    ]
    problem = "an identity number stands where it could never be erased"
    remedy = "Take it out, or map the column to one that may name someone."
    headings: list[str | None] = [*found] or [None]
    raise Refused([RowProblem(heading, problem, remedy) for heading in headings])


def long_text(row: RawRow) -> str:
    """The texts of a row that are long enough for an identity number, with something between them that is in none."""
    return _BETWEEN.join([text for text in _texts(row) if len(text) >= LENGTH])


def _texts(row: RawRow) -> Iterable[str]:
    cells = row.cells.values()
    if {*map(type, cells)} == {str}:
        return cells  # type: ignore[return-value]
    return [text for cell in cells for text in (cell if isinstance(cell, tuple) else (str(cell),))]


def added_text(mapping: RegisterMapping, headings: Iterable[str], *others: str | None) -> str:
    """What cases are told besides the cells of their rows: by the mapping, the headings, and *others*."""
    words = [*mapping.constants.values(), *(code for table in mapping.codes.values() for code in table.values())]
    texts = (*words, *headings, mapping.centre, mapping.dispute_scheme, *(own.name for own in mapping.own), *others)
    return _BETWEEN.join([text for text in texts if text is not None])


def told_of(error: InvalidValue, bound: BoundMapping) -> RowProblem:
    """An error in the words of the file: its own headings, not the canonical ones."""
    problem, headings = error.problem, bound.columns
    if error.path.startswith(OWN):
        return RowProblem(
            next((own.heading for own in bound.own if OWN + own.name == error.path), None),
            problem,
            error.remedy or "Mend the cell.",
        )
    if isinstance(error, Contradiction) and error.other is not None:
        problem = problem.replace(repr(error.other), repr(headings.get(error.other, error.other)))
    name = error.path.removeprefix("$.").split(".")[-1].split("[")[0]
    return RowProblem(headings.get(name), problem, error.remedy or "Mend the row.")


def keep(row: RawRow, problems: Sequence[RowProblem], rejects: LazyRejects) -> None:
    """Write a rejected row down, whatever its cells hold."""
    try:
        rejects.write(row, problems)
    except InvalidValue as error:
        # One cell that the format cannot hold must not end the import, nor go missing in silence.
        bare = attrs.evolve(row, cells={heading: _writable(cell) for heading, cell in row.cells.items()})
        rejects.write(bare, [*problems, RowProblem(None, f"in this file of rejects: {error.problem}", _LOOK_THERE)])


def _writable(cell: Cell) -> Cell:
    texts = cell if isinstance(cell, tuple) else (cell,)
    for text in texts:
        if isinstance(text, str) and (
            "\0" in text
            or len(text) > _MOST_CHARS
            or any("\ud800" <= char <= "\udfff" for char in text)
            or (isinstance(cell, tuple) and (not text or text != text.strip()))
        ):
            return ""
    return cell
