"""A sentence for each metric: what was counted over what, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_mediation.metrics._definitions import Basis
from community_mediation.metrics._figures import CountFigure, DurationFigure, Figure, ProportionFigure
from community_mediation.metrics._lines import exclusion_labels
from community_mediation.metrics._rounding import half_up

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable


def explain(table: ResultTable) -> str:
    """The sentences, one line each, about the total."""
    when = "at any time" if table.period is None else f"in {table.period}"
    return "\n".join(_sentence(row.figure, when) for row in table.total)


def _sentence(figure: Figure, when: str) -> str:
    metric = figure.metric
    if isinstance(figure, CountFigure):
        told = _count(figure)
    elif isinstance(figure, ProportionFigure):
        told = _proportion(figure, when)
    else:
        told = _duration(figure, when)
    return f"{metric.name} (version {metric.version}): {told}. Source: {metric.source}."


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
        f"{figure.basis_cases:,} cases {basis} {when} ({metric.basis.value}): {counted}{left}"
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
        f"time from {metric.start} to {metric.end} of the {figure.basis_cases:,} cases {metric.start} {when}: {median} "
        f"by Kaplan-Meier, {estimate.ended:,} ended and {estimate.censored:,} still open when last seen; "
        f"{figure.known_to_day:,} known to the day only{closed}{left}"
    )


def _left_out(parts: list[tuple[str, int]]) -> str:
    found = [text for text, count in parts if count]
    return f"; left out: {', '.join(found)}" if found else ""
