"""Figures as words: the cells and notes that every way of printing shares."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch
from typing import Any

import attrs

from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import (
    CountFigure,
    DurationFigure,
    IncidenceFigure,
    ProportionFigure,
    Row,
    TimeFigure,
)
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._measures import PairedMean
from community_mediation.metrics._parts import Parts
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


@attrs.frozen
class Cells:
    """A figure in words: the cells of a line that are not about its group."""

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
    cells = cells_of(row.figure, lang)
    return Line(group, row.metric.label.text(lang), *attrs.astuple(cells))


@singledispatch
def cells_of(figure: Any, lang: str) -> Cells:
    """The figure in words."""
    raise TypeError(f"no words for a {type(figure).__name__}")


@cells_of.register
def _(figure: CountFigure, lang: str) -> Cells:
    counted, why = (f"{figure.counted:,}", "") if not figure.reason else ("", reason(figure.reason, lang))
    return Cells(counted, "", why, "", _count_note(figure, lang))


@cells_of.register
def _(figure: ProportionFigure, lang: str) -> Cells:
    note = _share_note(figure, lang)
    if figure.reason:
        return Cells("", "", reason(figure.reason, lang), "", note)
    return Cells(
        f"{figure.numerator:,}",
        f"{figure.denominator:,}",
        f"{figure.percent()} %",
        share_limits(figure.interval) or word(figure.no_interval, lang),
        note,
    )


@cells_of.register
def _(figure: DurationFigure, lang: str) -> Cells:
    return Cells("", "", _median(figure, lang), _time_limits(figure, lang), _time_note(figure, lang))


@cells_of.register
def _(figure: IncidenceFigure, lang: str) -> Cells:
    reached = f"{figure.incidence.ended[0]:,}" if not figure.unobserved and figure.incidence.cases else ""
    of = f"{figure.incidence.cases:,}" if reached else ""
    return Cells(reached, of, _median(figure, lang), _time_limits(figure, lang), _incidence_note(figure, lang))


@cells_of.register
def _(figure: TotalFigure, lang: str) -> Cells:
    note = _joined([("missing", figure.missing), ("undated", figure.undated)], lang)
    note += _excluded(figure.metric, figure.excluded, lang)
    if figure.reason:
        return Cells("", "", reason(figure.reason, lang), "", "; ".join(note))
    amounts = [f"{decimal(amount)} {_unit(figure, name, lang)}" for name, amount in figure.amounts.items()]
    return Cells(f"{figure.counted:,}", "", "; ".join(each.strip() for each in amounts), "", "; ".join(note))


@cells_of.register
def _(figure: MeanFigure, lang: str) -> Cells:
    paired = isinstance(figure.metric, PairedMean)
    note = [f"{word('from cases', lang)} {figure.clusters:,}"] if figure.clusters else []
    note += _joined(
        [
            ("without the other answer" if paired else "missing", figure.missing),
            ("off the scale", figure.off_scale),
            ("undated", figure.undated),
        ],
        lang,
    )
    note += _excluded(figure.metric, figure.excluded, lang)
    if figure.value is None:
        return Cells("", "", reason(figure.reason, lang), "", "; ".join(note))
    limits = word(figure.no_interval, lang)
    if figure.interval is not None:
        low, high = (half_up(Fraction(each), 2) for each in (figure.interval.lower, figure.interval.upper))
        limits = f"{low}–{high}"
    return Cells(f"{figure.answers:,}", "", half_up(figure.value, 2), limits, "; ".join(note))


@cells_of.register
def _(figure: DistinctFigure, lang: str) -> Cells:
    note = _joined(
        [("rows that name one", figure.rows), ("not linked", figure.unnamed), ("undated", figure.undated)], lang
    )
    note += _excluded(figure.metric, figure.excluded, lang)
    counted, why = ("", reason(figure.reason, lang)) if figure.reason else (f"{figure.named:,}", "")
    # Those that name nobody may be as many others, or all the same.
    bounds = "–".join(f"{bound:,}" for bound in figure.bounds) if figure.unnamed and not figure.reason else ""
    return Cells(counted, "", why, bounds, "; ".join(note))


@cells_of.register
def _(figure: ShareFigure, lang: str) -> Cells:
    note = [f"{word('counted over', lang)}: {figure.denominator_name.text(lang)} ({basis_word(figure.metric, lang)})"]
    note += _joined([("not due yet", figure.not_due), ("undated", figure.undated)], lang)
    note += _excluded(figure.metric, figure.left_out, lang)
    if figure.reason:
        return Cells("", "", reason(figure.reason, lang), "", "; ".join(note))
    numbers = (f"{figure.numerator:,}", f"{figure.denominator:,}", f"{figure.percent()} %")
    return Cells(*numbers, share_limits(figure.interval), "; ".join(note))


@cells_of.register
def _(figure: RatioFigure, lang: str) -> Cells:
    metric = figure.metric
    note = f"{word('counted over', lang)}: {metric.denominator.label.text(lang)}"
    if figure.value is None:
        return Cells("", "", reason(figure.reason, lang), "", note)
    top, bottom = (decimal(each) for each in (figure.numerator, figure.denominator) if each is not None)
    return Cells(top, bottom, figure.printed(), "", note)


def _unit(figure: TotalFigure, name: str | None, lang: str) -> str:
    label = figure.metric.unit_label
    if name is not None:
        return name
    return word("currency unknown", lang) if figure.metric.unit else label.text(lang) if label is not None else ""


def unit_of(figure: TotalFigure, lang: str) -> str:
    """What a sum is told in; empty where it is told in several."""
    return _unit(figure, next(iter(figure.amounts)), lang) if len(figure.amounts) == 1 else ""


def decimal(amount: Fraction) -> str:
    """A number with as many decimals as it has, two at most but for whole ones."""
    if amount.denominator == 1:
        return f"{amount.numerator:,}"
    whole, _, places = half_up(amount, 2).partition(".")
    return f"{int(whole):,}.{places}" if whole not in ("-0",) else f"-0.{places}"


def group_text(value: Any, lang: str) -> str:
    """A value of a ``by`` column; an empty cell is unknown."""
    if value is None:
        return f"({word('unknown', lang)})"
    return str(value).lower() if isinstance(value, bool) else str(value)


def method_of(row: Row, lang: str = "en") -> str:
    """How the row's limits were found."""
    figure = row.figure
    if isinstance(figure, ProportionFigure | ShareFigure | MeanFigure):
        return "" if figure.interval is None else method_told(figure.interval, lang)
    if isinstance(figure, DurationFigure) and figure.estimate.cases:
        return f"{word('Brookmeyer-Crowley (log-log)', lang)} {100 * figure.estimate.level:g} %"
    if isinstance(figure, IncidenceFigure) and figure.incidence.cases:
        return f"{word('Aalen-Johansen (log-log)', lang)} {100 * figure.incidence.level:g} %"
    return ""


def method_told(interval: Interval, lang: str) -> str:
    """How limits were found, and their level."""
    # The degrees of freedom differ from row to row; the method does not.
    return f"{word(interval.method.partition(' with ')[0], lang)} {100 * interval.level:g} %"


def basis_word(metric: Metric, lang: str) -> str:
    """The basis, in words."""
    return word(metric.basis.value, lang)


def exclusions_told(metric: Metric, parts: Parts, lang: str) -> list[str]:
    """The named exclusions, each with its count."""
    labels = {exclusion.name: exclusion.label.text(lang) for exclusion in metric.exclusions}
    return [f"{labels.get(name, word(name, lang))} {count:,}" for name, count in parts]


def exclusion_labels(metric: Metric, parts: Parts, lang: str) -> str:
    """The named exclusions with their counts, as a note has them."""
    return ", ".join(exclusions_told(metric, parts, lang))


def share_limits(interval: Interval | None) -> str:
    """The limits of a share, without their method."""
    if interval is None:
        return ""
    low, high = (half_up(Fraction(100 * limit), 1) for limit in (interval.lower, interval.upper))
    return f"{low}–{high} %"


def _median(figure: TimeFigure, lang: str) -> str:
    unit = f" {figure.metric.unit.value}" if lang == "en" else ""
    return reason(figure.reason, lang) if figure.reason else f"{figure.printed(figure.median.time)}{unit}"


def _time_limits(figure: TimeFigure, lang: str) -> str:
    if figure.unobserved or not figure.cases:
        return ""
    lower, upper = figure.median.lower, figure.median.upper
    if lower is None and upper is None:
        return ""
    low, high = (figure.printed(limit) or word("not reached", lang) for limit in (lower, upper))
    return f"{low}–{high}"


def _excluded(metric: Metric, parts: Parts, lang: str) -> list[str]:
    return [f"{word('excluded', lang)}: {exclusion_labels(metric, parts, lang)}"] if parts else []


def _incidence_note(figure: IncidenceFigure, lang: str) -> str:
    estimate = figure.incidence
    notes = [f"Aalen-Johansen ({basis_word(figure.metric, lang)})"]
    reached, otherwise = estimate.ended
    notes += _joined([("got there", reached), ("ended otherwise", otherwise), ("still open", estimate.censored)], lang)
    notes += _late(estimate.entered, estimate.trap, lang)
    notes += _joined(
        [
            ("known to the day", figure.known_to_day),
            ("ended after observation", figure.ended_later),
            ("undated", figure.undated),
        ],
        lang,
    )
    return "; ".join([*notes, *_excluded(figure.metric, figure.left_out, lang)])


def _late(entered: int, trap: Any, lang: str) -> list[str]:
    notes = _joined([("came under observation late", entered)], lang)
    return [*notes, word("few were watched early: the curve is unsafe", lang)] if trap is not None else notes


def _joined(parts: list[tuple[str, int]], lang: str) -> list[str]:
    return [f"{word(name, lang)} {count:,}" for name, count in parts if count]


def _count_note(figure: CountFigure, lang: str) -> str:
    notes = _joined([("unknown", figure.unknown), ("undated", figure.undated)], lang)
    if figure.excluded:
        notes.append(f"{word('excluded', lang)}: {exclusion_labels(figure.metric, figure.excluded, lang)}")
    return "; ".join(notes)


def _share_note(figure: ProportionFigure, lang: str) -> str:
    metric = figure.metric
    notes = [f"{word('counted over', lang)}: {metric.denominator_label.text(lang)} ({basis_word(metric, lang)})"]
    if figure.clusters:
        notes.append(f"{word('from cases', lang)} {figure.clusters:,}")
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
    notes += _late(estimate.entered, estimate.trap, lang)
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
