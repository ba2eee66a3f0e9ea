"""Figures as words: the cells and notes that every way of printing shares."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs

from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import CountFigure, DurationFigure, Parts, ProportionFigure, Row
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._words import reason, word


@attrs.frozen
class Line:
    """One row, ready to print.

    Attributes:
        group: The ``by`` columns as text.
        label: The metric.
        numerator: The count, or the numerator.
        denominator: What it is counted over; empty for counts and times.
        value: The percentage or time, or the reason why there is none.
        interval: The limits, without their method.
        note: What was left out, and what is not known.
    """

    group: tuple[str, ...]
    label: str
    numerator: str
    denominator: str
    value: str
    interval: str
    note: str


def line_of(row: Row, lang: str, width: int) -> Line:
    """The row in words; *width* is the number of ``by`` columns."""
    if row.total:
        group = (word("total", lang), *[""] * (width - 1)) if width else ()
    else:
        group = tuple(group_text(value, lang) for value in row.group)
    figure = row.figure
    if isinstance(figure, CountFigure):
        cells = (f"{figure.counted:,}", "", "") if not figure.reason else ("", "", reason(figure.reason, lang))
        interval = ""
        note = _count_note(figure, lang)
    elif isinstance(figure, ProportionFigure):
        denominator = f"{figure.denominator:,}" if figure.denominator else ""
        share = reason(figure.reason, lang) if figure.reason else f"{figure.percent()} %"
        numerator = "" if figure.reason else f"{figure.numerator:,}"
        cells = (numerator, denominator if not figure.reason else "", share)
        interval = _share_limits(figure)
        note = _share_note(figure, lang)
    else:
        unit = f" {figure.metric.unit.value}" if lang == "en" else ""
        median = figure.printed(figure.estimate.median)
        cells = ("", "", reason(figure.reason, lang) if figure.reason else f"{median}{unit}")
        interval = _time_limits(figure, lang)
        note = _time_note(figure, lang)
    return Line(group, row.metric.label.text(lang), *cells, interval, note)


def group_text(value: Any, lang: str) -> str:
    """A value of a ``by`` column; an empty cell is unknown."""
    if value is None:
        return f"({word('unknown', lang)})"
    return str(value).lower() if isinstance(value, bool) else str(value)


def method_of(row: Row) -> str:
    """How the row's limits were found."""
    figure = row.figure
    if isinstance(figure, ProportionFigure) and figure.interval is not None:
        return f"{figure.interval.method} {100 * figure.interval.level:g} %"
    if isinstance(figure, DurationFigure) and figure.estimate.cases:
        return f"Brookmeyer-Crowley (log-log) {100 * figure.estimate.level:g} %"
    return ""


def exclusion_labels(metric: Metric, parts: Parts, lang: str) -> str:
    """The named exclusions with their counts."""
    labels = {exclusion.name: exclusion.label.text(lang) for exclusion in metric.exclusions}
    return ", ".join(f"{labels.get(name, word(name, lang))} {count:,}" for name, count in parts)


def _share_limits(figure: ProportionFigure) -> str:
    if figure.interval is None:
        return ""
    low, high = (half_up(Fraction(100 * limit), 1) for limit in (figure.interval.lower, figure.interval.upper))
    return f"{low}–{high} %"


def _time_limits(figure: DurationFigure, lang: str) -> str:
    estimate = figure.estimate
    if figure.unobserved or not estimate.cases or (estimate.lower is None and estimate.upper is None):
        return ""
    low, high = (figure.printed(limit) or word("not reached", lang) for limit in (estimate.lower, estimate.upper))
    return f"{low}–{high}"


def _joined(parts: list[tuple[str, int]], lang: str) -> list[str]:
    return [f"{word(name, lang)} {count:,}" for name, count in parts if count]


def _count_note(figure: CountFigure, lang: str) -> str:
    notes = _joined([("unknown", figure.unknown), ("undated", figure.undated)], lang)
    if figure.excluded:
        notes.append(f"{word('excluded', lang)}: {exclusion_labels(figure.metric, figure.excluded, lang)}")
    return "; ".join(notes)


def _share_note(figure: ProportionFigure, lang: str) -> str:
    metric = figure.metric
    basis = word(metric.basis.value, lang)
    notes = [f"{word('counted over', lang)}: {metric.denominator_label.text(lang)} ({basis})"]
    if figure.open:
        where = word("in the denominator" if metric.counts_open else "left out", lang)
        notes.append(f"{word('open', lang)} {figure.open:,} ({where})")
    notes += _joined(
        [
            ("unknown outcome", figure.unknown_outcome),
            ("unknown whether in the denominator", figure.unknown_place),
            ("the outcome outside the denominator", figure.outside),
            ("others outside the denominator", figure.elsewhere),
            ("undated", figure.undated),
        ],
        lang,
    )
    if figure.excluded:
        notes.append(f"{word('excluded', lang)}: {exclusion_labels(metric, figure.excluded, lang)}")
    return "; ".join(notes)


def _time_note(figure: DurationFigure, lang: str) -> str:
    estimate = figure.estimate
    notes = ["Kaplan-Meier" + f" ({word(figure.metric.basis.value, lang)})"]
    notes += _joined([("ended", estimate.ended), ("still open", estimate.censored)], lang)
    if figure.closed_only is not None and not figure.unobserved:
        notes.append(f"{word('closed-only median', lang)} {figure.printed(figure.closed_only)}")
    notes += _joined(
        [
            ("known to the day", figure.known_to_day),
            ("ended after observation", figure.ended_later),
            ("undated", figure.undated),
        ],
        lang,
    )
    if figure.left_out:
        notes.append(f"{word('excluded', lang)}: {exclusion_labels(figure.metric, figure.left_out, lang)}")
    return "; ".join(notes)
