"""A row of an outcome table as cells: numbers for machines beside the words for people.

This module alone knows the words of the metrics room, so that paper and screen say the same.
"""

from __future__ import annotations

import attrs

from community_mediation.metrics import (
    CountFigure,
    DistinctFigure,
    MeanFigure,
    ProportionFigure,
    RatioFigure,
    ResultTable,
    Row,
    Scale,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics.printing import caption, line_of, method_of, numbered, said, unit_of, width, word

__all__ = ["Cells", "caption", "cells_of", "clean", "marks_of", "said", "width"]


@attrs.frozen(kw_only=True)
class Cells:
    """One row, ready for a paper.

    Attributes:
        group: The ``by`` columns.
        label: The metric.
        over: The name of the denominator; for times, the method.
        count: The count, or the numerator.
        of: The denominator.
        value: The share (of 1), the time, the sum or the mean.
        lower, upper: The limits of the value, in its unit; a text where one is not reached.
        unit: ``%``, the unit of time, a currency; empty for counts and plain numbers.
        shown: The value as text, or the reason why there is none.
        interval: The limits as text.
        reason: Why there is no value.
        note: What was left out, and what is not known.
        total: Whether the row is the total of a table with groups.
    """

    group: tuple[str, ...]
    label: str
    over: str
    count: int | None
    of: int | None
    value: float | None
    lower: float | str | None
    upper: float | str | None
    unit: str
    shown: str
    interval: str
    reason: str
    note: str
    total: bool


def clean(text: str) -> str:
    """A text from outside without anything that is not seen: controls, direction marks, halves of characters."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def cells_of(table: ResultTable) -> list[Cells]:
    """The rows of a table."""
    return [_cells(row, table) for row in table.rows]


def marks_of(rows: list[Cells]) -> dict[str, int]:
    """The notes that the rows point to, each with its number."""
    return numbered([row.note for row in rows])


def _cells(row: Row, table: ResultTable) -> Cells:
    figure, lang = row.figure, table.lang
    line = line_of(row, lang, len(table.by))
    known = not figure.reason
    count: int | None = None
    of: int | None = None
    value: float | None = None
    lower: float | str | None = None
    upper: float | str | None = None
    over = unit = ""
    if isinstance(figure, CountFigure | DistinctFigure):
        count = figure.value
    elif isinstance(figure, ProportionFigure | ShareFigure):
        over, unit = figure.denominator_name.text(lang), "%"
        if known and figure.value is not None:
            count, of, value = figure.numerator, figure.denominator, float(figure.value)
    elif isinstance(figure, RatioFigure):
        over = figure.metric.denominator.label.text(lang)
        unit = "%" if figure.metric.scale is Scale.PERCENT else ""
        if figure.value is not None and figure.numerator is not None and figure.denominator is not None:
            value = float(figure.value)
            whole = figure.numerator.denominator == figure.denominator.denominator == 1
            count, of = (int(figure.numerator), int(figure.denominator)) if whole else (None, None)
    elif isinstance(figure, TotalFigure | MeanFigure):
        value = None if figure.value is None else float(figure.value)
        count = (figure.counted if isinstance(figure, TotalFigure) else figure.answers) if known else None
        unit = unit_of(figure, lang) if isinstance(figure, TotalFigure) else ""
    else:
        over, unit, value = method_of(row).partition(" (")[0], figure.metric.unit.value, figure.value
        over = "Kaplan-Meier" if over == "Brookmeyer-Crowley" else over
        if line.interval:
            lower, upper = (word("not reached", lang) if limit is None else limit for limit in figure.limits)
    if isinstance(figure, ProportionFigure | ShareFigure | MeanFigure) and figure.interval is not None:
        lower, upper = figure.interval.lower, figure.interval.upper
    return Cells(
        group=tuple(map(clean, line.group)),
        label=clean(line.label),
        over=clean(over),
        count=count,
        of=of,
        value=value,
        lower=lower,
        upper=upper,
        unit=unit,
        shown=clean(line.value),
        interval=line.interval,
        reason="" if known else clean(line.value),
        note=clean(line.note),
        total=row.total and bool(table.by),
    )
