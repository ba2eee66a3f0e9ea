"""A sentence for each metric: what was counted over what, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Final

from community_mediation.metrics._definitions import Basis, Metric
from community_mediation.metrics._figures import (
    CountFigure,
    DurationFigure,
    Figure,
    IncidenceFigure,
    ProportionFigure,
)
from community_mediation.metrics._lines import cells_of, exclusion_labels
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._measures import PairedMean, Within
from community_mediation.metrics._parts import Parts
from community_mediation.metrics._rounding import half_up

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable


def explain(table: ResultTable) -> str:
    """The sentences, one line each, about the total."""
    when = "at any time" if table.period is None else f"in {table.period}"
    return "\n".join(_sentence(row.figure, when) for row in table.total)


def _sentence(figure: Figure, when: str) -> str:
    metric = figure.metric
    return f"{metric.name} (version {metric.version}): {told(figure, when)}. Source: {metric.source}."


@singledispatch
def told(figure: Any, when: str) -> str:
    """What was counted over what, and what was left out."""
    raise TypeError(f"no words for a {type(figure).__name__}")


@told.register
def _(figure: CountFigure, when: str) -> str:
    return _count(figure)


@told.register
def _(figure: ProportionFigure, when: str) -> str:
    return _proportion(figure, when)


@told.register
def _(figure: DurationFigure, when: str) -> str:
    return _duration(figure, when)


@told.register
def _(figure: IncidenceFigure, when: str) -> str:
    metric, found = figure.metric, figure.incidence
    reached, otherwise = found.ended
    median = f"no median ({figure.reason})" if figure.reason else f"half within {figure.printed(figure.median.time)}"
    left = _left_out(
        [
            (f"{figure.undated:,} undated", figure.undated),
            (exclusion_labels(metric, figure.left_out, "en"), len(figure.left_out)),
        ]
    )
    return (
        f"time from {metric.start} to {metric.end} of the {figure.basis_cases:,} {rows_word(metric)} {metric.start} "
        f"{when}, where {metric.competing} without it competes (Aalen-Johansen): {median}"
        f"{'' if figure.reason else f' {metric.unit.value} of all'}; {reached:,} got there, {otherwise:,} ended "
        f"otherwise, {found.censored:,} still open when last seen; {figure.known_to_day:,} known to the day only{left}"
    )


@told.register
def _(figure: TotalFigure, when: str) -> str:
    sums = cells_of(figure, "en").value
    value = f"{sums} in {figure.counted:,} {rows_word(figure.metric)}" if not figure.reason else f"no figure ({sums})"
    return f"{figure.metric.what.en}, added up {when}: {value}{_rest(figure, figure.excluded, missing=figure.missing)}"


@told.register
def _(figure: MeanFigure, when: str) -> str:
    cells = cells_of(figure, "en")
    value = f"no figure ({cells.value})"
    if not figure.reason:
        limits = f"limits {cells.interval}" if figure.interval is not None else cells.interval
        pairs = "pairs" if isinstance(figure.metric, PairedMean) else "answers"
        value = f"mean {cells.value} of {figure.answers:,} {pairs} from {figure.clusters:,} cases, {limits}"
    off = [(f"{figure.off_scale:,} off the scale", figure.off_scale)]
    return f"{figure.metric.what.en}, {when}: {value}{_rest(figure, figure.excluded, off, missing=figure.missing)}"


@told.register
def _(figure: DistinctFigure, when: str) -> str:
    value = f"{figure.named:,} in {figure.rows:,} rows" if not figure.reason else f"no figure ({figure.reason})"
    linked = [(f"{figure.unnamed:,} rows linked to none", figure.unnamed)]
    return f"{figure.metric.what.en}, {when}: {value}{_rest(figure, figure.excluded, linked)}"


@told.register
def _(figure: ShareFigure, when: str) -> str:
    metric = figure.metric
    value = f"no figure ({figure.reason})"
    if not figure.reason:
        value = f"{figure.numerator:,} of {figure.denominator:,}, {figure.percent()} %"
    due = [(f"{figure.not_due:,} not due yet", figure.not_due)]
    what = metric.numerator_label.en if isinstance(metric, Within) else metric.what.en
    return f"{what}, counted over {metric.denominator_label.en}, {when}: {value}{_rest(figure, figure.left_out, due)}"


@told.register
def _(figure: RatioFigure, when: str) -> str:
    cells = cells_of(figure, "en")
    metric = figure.metric
    value = f"no figure ({cells.value})"
    if figure.value is not None:
        value = f"{cells.numerator} by {cells.denominator}, {cells.value}"
    return f"{metric.numerator.label.en} by {metric.denominator.label.en}, {when}: {value}"


def rows_word(metric: Metric) -> str:
    """What a row of the metric's table is called."""
    return _ROWS.get(metric.grain, "rows")


_ROWS: Final = {
    "case": "cases",
    "case_party": "parties",
    "case_mediator": "assignments",
    "case_session": "sessions",
    "case_resolution": "agreements",
    "case_term": "terms",
    "case_risk": "dangers",
    "case_answer": "answers",
    "tally": "tallies",
}


def _rest(figure: Any, parts: Parts, more: Sequence[tuple[str, int]] = (), missing: int = 0) -> str:
    return _left_out(
        [
            (f"{missing:,} without a value", missing),
            *more,
            (f"{figure.undated:,} undated", figure.undated),
            (exclusion_labels(figure.metric, parts, "en"), len(parts)),
        ]
    )


def _count(figure: CountFigure) -> str:
    left = _left_out(
        [
            (f"{figure.unknown:,} of which it is unknown", figure.unknown),
            (f"{figure.undated:,} on an unknown date", figure.undated),
            (exclusion_labels(figure.metric, figure.excluded, "en"), len(figure.excluded)),
        ]
    )
    value = f"{figure.counted:,}" if not figure.reason else f"no figure ({figure.reason})"
    return f"{figure.metric.what.en}: {value}{left}"


def _proportion(figure: ProportionFigure, when: str) -> str:
    metric = figure.metric
    basis = "concluded" if metric.basis is Basis.EVENT and metric.milestone == "concluded" else metric.milestone
    left = _left_out(
        [
            (f"{figure.unknown_outcome:,} with an unknown outcome", figure.unknown_outcome),
            (f"{figure.unknown_place:,} not known to belong to the denominator", figure.unknown_place),
            (f"{figure.outside:,} with the outcome outside the denominator", figure.outside),
            (f"{figure.elsewhere:,} others outside it", figure.elsewhere),
            (f"{figure.undated:,} undated", figure.undated),
            (exclusion_labels(metric, figure.excluded, "en"), len(figure.excluded)),
        ]
    )
    if figure.reason:
        counted = f"no figure ({figure.reason})"
    else:
        counted = f"{figure.numerator:,} of {figure.denominator:,}, {figure.percent()} %"
    if figure.bounds is not None and figure.unknown and not figure.reason:
        low, high = (half_up(100 * bound, 1) for bound in figure.bounds)
        counted += f", and between {low} % and {high} % whatever the unknown cases are"
    if figure.open:
        counted += f"; {figure.open:,} open {'counted in the denominator' if metric.counts_open else 'left out'}"
    return (
        f"{metric.numerator_label.en}, counted over {metric.denominator_label.en}, among the "
        f"{figure.basis_cases:,} {rows_word(metric)} {basis} {when} ({metric.basis.value}): {counted}{left}"
    )


def _duration(figure: DurationFigure, when: str) -> str:
    metric, estimate = figure.metric, figure.estimate
    left = _left_out(
        [
            (f"{figure.undated:,} undated", figure.undated),
            (exclusion_labels(metric, figure.left_out, "en"), len(figure.left_out)),
        ]
    )
    median = f"no median ({figure.reason})"
    if not figure.reason:
        median = f"median {figure.printed(estimate.median)} {metric.unit.value}"
    closed = ""
    if figure.closed_only is not None:
        closed = (
            f"; the median of the ended ones alone, {figure.printed(figure.closed_only)}, "
            f"{'is too short while cases are open' if estimate.censored else 'leaves out none'}"
        )
    return (
        f"time from {metric.start} to {metric.end} of the {figure.basis_cases:,} {rows_word(metric)} {metric.start} "
        f"{when}: {median} "
        f"by Kaplan-Meier, {estimate.ended:,} ended and {estimate.censored:,} still open when last seen; "
        f"{figure.known_to_day:,} known to the day only{closed}{left}"
    )


def _left_out(parts: list[tuple[str, int]]) -> str:
    found = [text for text, count in parts if count]
    return f"; left out: {', '.join(found)}" if found else ""
