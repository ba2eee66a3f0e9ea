"""Checking a published table as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._checked_table import CheckedTable
from community_mediation.metrics._published_checks import FigureCheck
from community_mediation.metrics._published_rows import PublishedRows, names_in, needs, rows_in


def check_table(
    table: Any,
    checks: FigureCheck | Iterable[FigureCheck],
    *,
    label: str | Sequence[str] = (),
    units: Mapping[str, str] | None = None,
    places: Mapping[str, int] | None = None,
    lang: str = "en",
) -> CheckedTable:
    """Recompute what follows from the figures of a published table, and compare it with what was printed.

    A figure that does not fit is found and not refused, with its difference; one that cannot be checked says why. A
    printed figure is taken to be as exact as it was printed: a count in full, 19.2 万件 to half of its last place.

    Args:
        table: Rows (mappings), a frame, or the path of a CSV file, which keeps every printed decimal. For a long table,
            one figure in a row, use ``spread`` first.
        checks: What follows from what: ``RateCheck``, ``SumCheck``, ``ProductCheck`` within a row; ``ShareCheck``,
            ``PartsCheck``, ``SameCheck`` and ``ChangeCheck`` from row to row.
        label: The columns that say whose figures a row holds.
        units: The unit of a column, if the cells do not say it: ``{"mediated": "万件"}``. Rates, shares and changes in
            per cent need none.
        places: The decimals that a column prints, if a spreadsheet dropped zeros at the end: ``{"percent": 2}``.
        lang: ``en`` or ``zh``, for printing.

    Raises:
        InvalidQuery: No check, a column that is not there, two rows for one total, something that is no table.
        MissingExtra: The table is a frame, and the packages of the extra ``metrics`` are not installed.
    """
    wanted = (checks,) if isinstance(checks, FigureCheck) else tuple(checks)
    for check in wanted:
        if not isinstance(check, FigureCheck):
            raise InvalidQuery(
                f"A {type(check).__name__} is no check. Give a RateCheck, a SumCheck or another of them."
            )
    if not wanted:
        raise InvalidQuery("No check is asked for. Say what follows from what, such as RateCheck(of=…, over=…).")
    if lang not in ("en", "zh"):
        raise InvalidQuery(f"No words in {lang!r}. There are: en, zh.")
    rows = rows_in(table)
    if not rows:
        return CheckedTable(figures=(), lang=lang)
    labels, units, places = names_in(label), units or {}, places or {}
    needs(rows, (*labels, *units, *places, *(column for check in wanted for column in check.columns)))
    published = PublishedRows(rows=rows, label=labels, units=units, places=places, lang=lang)
    figures = tuple(figure for check in wanted for figure in check.found_in(published))
    read = {cell for figure in figures for cell in figure.cells}
    names = {*labels, *(column for check in wanted for column in check.names)}
    untouched = tuple(
        (published.where(row), column)
        for row, cells in enumerate(rows)
        for column in cells
        if column not in names and (row, column) not in read and published.figure(row, column) is not None
    )
    return CheckedTable(figures=figures, untouched=untouched, lang=lang)
