"""The rows of a published table, whatever they come in, and the figures in their cells."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.files import check_name
from community_mediation.metrics._printed import Bounds, Printed
from community_mediation.metrics._published_words import say

Cell = tuple[int, str]
"""The number of a row, from 0, and a column."""


def names_in(columns: str | Sequence[str]) -> tuple[str, ...]:
    """One column or several, as a tuple."""
    return (columns,) if isinstance(columns, str) else tuple(columns)


def rows_in(table: Any) -> tuple[dict[str, Any], ...]:
    """The rows of a frame, of a CSV file or of plain mappings.

    Raises:
        InvalidQuery: It is none of these, or the file cannot be opened, or is no UTF-8.
        MissingExtra: It is a frame, and the packages of the extra ``metrics`` are not installed.
    """
    if isinstance(table, str | Path):
        check_name(table, InvalidQuery)
        try:
            with Path(table).open(encoding="utf-8-sig", newline="") as lines:
                return tuple(csv.DictReader(lines))
        except UnicodeDecodeError:
            raise InvalidQuery("The file of the published table is no UTF-8. Save it as CSV UTF-8.") from None
        except OSError:
            raise InvalidQuery("The file of the published table cannot be opened. Check its path.") from None
    if isinstance(table, Iterable) and not hasattr(table, "columns"):
        rows = tuple(table)
        if all(isinstance(row, Mapping) for row in rows):
            return tuple(dict(row) for row in rows)
    from community_mediation.metrics._collected import plain
    from community_mediation.metrics._engine import narwhals_or_raise

    nw = narwhals_or_raise()
    frame = nw.from_native(table, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, nw.DataFrame):
        raise InvalidQuery(f"A {type(table).__name__} is no table. Give rows, a frame, or the path of a CSV file.")
    return tuple({name: plain(cell) for name, cell in row.items()} for row in frame.rows(named=True))


def needs(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> None:
    """See that each column is in some row.

    Raises:
        InvalidQuery: One is in none.
    """
    known = list(dict.fromkeys(name for row in rows for name in row))
    for column in columns:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=3, cutoff=0.5) or known
            raise InvalidQuery(f"The table has no column {column!r}. There are: {', '.join(near)}.")


@attrs.frozen(kw_only=True)
class PublishedRows:
    """A published table that checks read.

    Attributes:
        rows: The cells as they were given.
        label: The columns that say whose figures a row holds.
        units: The unit of a column, where the cells do not say it.
        places: The decimals that a column prints, where a spreadsheet dropped zeros at the end.
        lang: The language of what is said.
    """

    rows: tuple[dict[str, Any], ...] = attrs.field(repr=False)
    label: tuple[str, ...]
    units: Mapping[str, str]
    places: Mapping[str, int]
    lang: str = "en"
    # A figure is read by several checks, and once more to say what none has read.
    _read: dict[Cell, Printed | None] = attrs.field(init=False, factory=dict, repr=False, eq=False)

    def where(self, row: int) -> str:
        """What the row is called: its labels, or its number from 1."""
        told = [str(self.rows[row][name]) for name in self.label if not empty(self.rows[row].get(name))]
        return " ".join(told) or say(self.lang, "row", row + 1)

    def text(self, row: int, column: str) -> str:
        """A cell as text, empty if there is nothing in it."""
        cell = self.rows[row].get(column)
        return "" if empty(cell) else str(cell).strip()

    def figure(self, row: int, column: str) -> Printed | None:
        """The figure in a cell; none if it is empty or holds something else."""
        try:
            return self._read[row, column]
        except KeyError:
            found = self._read[row, column] = self._figure(row, column)
            return found

    def _figure(self, row: int, column: str) -> Printed | None:
        cell = self.rows[row].get(column)
        if isinstance(cell, Printed) or empty(cell):
            return cell if isinstance(cell, Printed) else None
        try:
            return Printed.parse(cell, self.units.get(column, ""), places=self.places.get(column))
        except InvalidValue:
            return None

    def groups(self, columns: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        """The numbers of the rows by the texts in these columns."""
        found: dict[tuple[str, ...], list[int]] = {}
        for row in range(len(self.rows)):
            found.setdefault(tuple(self.text(row, column) for column in columns), []).append(row)
        return found


def empty(cell: Any) -> bool:
    """Nothing is printed in the cell."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return True
    return bool(cell != cell) or (isinstance(cell, str) and not cell.strip())


@attrs.frozen(kw_only=True)
class Side:
    """One side of a calculation: columns of a row, added up; one with ``-`` before it is taken away.

    Attributes:
        value: What they give; none if one of them is not there.
        working: The figures, as they are added.
        cells: The cells that were read.
        lacking: The columns that hold no figure.
    """

    value: Bounds | None
    working: str
    cells: frozenset[Cell]
    lacking: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: PublishedRows, row: int, terms: Sequence[str]) -> Side:
        """The columns of one row."""
        total, working, cells, lacking = Bounds.at(0), "", set(), []
        for term in terms:
            column = term.removeprefix("-")
            figure = rows.figure(row, column)
            if figure is None:
                lacking.append(column)
                continue
            minus = term != column
            total = total - figure.bounds if minus else total + figure.bounds
            working += (" - " if minus else " + " if working else "") + bare(figure)
            cells.add((row, column))
        return cls(
            value=None if lacking else total,
            working=f"({working})" if len(terms) > 1 else working,
            cells=frozenset(cells),
            lacking=tuple(lacking),
        )


def bare(figure: Printed) -> str:
    """A figure as a term of a sum, with its unit where that is no single one."""
    return str(figure).removesuffix(" %")


def written(terms: Sequence[str], *, brackets: bool = True) -> str:
    """Columns as a sum: ``filed - pending``."""
    text = " ".join(f"- {term[1:]}" if term.startswith("-") else f"+ {term}" for term in terms).removeprefix("+ ")
    return f"({text})" if brackets and len(terms) > 1 else text


def columns_in(terms: Iterable[str]) -> list[str]:
    """The columns of signed terms."""
    return [term.removeprefix("-") for term in terms]
