"""The outcome table: the chosen metrics over one frame, broken down and in total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._conditions import EVERYTHING, Condition, Context, Reading
from community_mediation.metrics._definitions import OPTIONAL, Count, Duration, Metric, Proportion
from community_mediation.metrics._engine import Frame, engine_errors, open_frame
from community_mediation.metrics._figures import CountFigure, Figure, ProportionFigure, Row
from community_mediation.metrics._intervals import interval_method
from community_mediation.metrics._partition import count_parts, proportion_parts
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._risk_table import Through, durations
from community_mediation.metrics._signatures import Group


def table(
    frame: Any,
    *,
    metrics: str | Metric | Iterable[str | Metric] | None = None,
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    interval: str = "wilson",
    observed_through: dt.date | dt.datetime | None = None,
    lang: str = "en",
) -> ResultTable:
    """Count the metrics over the rows of the facts table ``case``.

    Args:
        frame: A Polars or pandas frame, one row for each case, or something with ``to_polars()``.
        metrics: Names of the catalogue, or metrics of your own; by default all.
        by: Columns to break down by; a total is always added.
        period: Only cases of this period, by local dates; each metric says which date.
        on_the_spot: ``implied`` or ``as_recorded``: whether a settlement on the spot passes the rungs.
        interval: ``wilson`` or ``exact``.
        observed_through: Up to when open cases were watched, where they do not say so themselves.
        lang: ``en`` or ``zh``, for printing.

    Raises:
        InvalidQuery: An unknown metric or column, another grain, a frame that cannot be counted, a bad argument.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    wanted = chosen(metrics)
    method = interval_method(interval)
    context = Context(period_of(period), _reading(on_the_spot))
    if lang not in ("en", "zh"):
        raise InvalidQuery(f"No labels in {lang!r}. There are: en, zh.")
    through = Through.of(observed_through)
    needed, columns = _needed(wanted), columns_of(by)
    with engine_errors():
        source = open_frame(frame, needed, columns)
        figures = _counted(source, [metric for metric in wanted if not isinstance(metric, Duration)], context)
        for metric in wanted:
            if isinstance(metric, Duration):
                for group, figure in durations(source, metric, context, through).items():
                    figures.setdefault(group, {})[metric.name] = figure
    groups = sorted((group for group in figures if group or not source.by), key=group_order)
    order = [*groups, ()] if source.by else groups
    rows = [
        Row(group=group, total=group == (), figure=_with_interval(figures[group][metric.name], method))
        for group in order
        for metric in wanted
    ]
    return ResultTable(
        rows=tuple(rows),
        by=source.by,
        period=context.period,
        on_the_spot=context.on_the_spot,
        lang=lang,
        kind=source.kind,
    )


def columns_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The columns to break down by.

    Raises:
        InvalidQuery: One stands twice.
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    if len(set(columns)) != len(columns):
        raise InvalidQuery("A column stands twice in by=. Name each once.")
    return columns


def period_of(period: Period | str | None) -> Period | None:
    """The period, from its text if need be."""
    if period is None or isinstance(period, Period):
        return period
    if not isinstance(period, str):
        raise InvalidQuery("The period is neither a Period nor its text, such as 2022-Q3.")
    return Period.parse(period)


def _reading(name: str) -> Reading:
    try:
        return Reading(name)
    except ValueError:
        raise InvalidQuery(f"No reading {name!r}. There are: {', '.join(Reading)}.") from None


def _needed(metrics: Iterable[Metric]) -> dict[str, str]:
    needed: dict[str, str] = {}
    for metric in metrics:
        if metric.grain != "case":
            raise InvalidQuery(f"Metric {metric.name} counts the table {metric.grain}, and this table counts cases.")
        if not isinstance(metric, Count | Proportion | Duration):
            raise InvalidQuery(f"Metric {metric.name} is neither a Count, a Proportion nor a Duration.")
        for column in sorted(metric.columns | (OPTIONAL if isinstance(metric, Duration) else frozenset())):
            needed.setdefault(column, metric.name)
    return needed


def _parts(metric: Metric, context: Context) -> dict[str, Condition]:
    if isinstance(metric, Count):
        return count_parts(metric, context)
    assert isinstance(metric, Proportion)
    return proportion_parts(metric, context)


def _counted(frame: Frame, metrics: Sequence[Metric], context: Context) -> dict[Group, dict[str, Figure]]:
    """The figures of counts and proportions by group, with the total under ``()``."""
    if not metrics:
        return {}
    parts = {metric.name: _parts(metric, context) for metric in metrics}
    flat = {f"{metric}/{part}": when for metric, found in parts.items() for part, when in found.items()}
    sums = frame.sums({**flat, "cases": EVERYTHING})
    total = {name: sum(group[name] for group in sums.values()) for name in (*flat, "cases")}
    return {
        group: {
            metric.name: _figure(
                metric, {part: found[f"{metric.name}/{part}"] for part in parts[metric.name]}, found["cases"]
            )
            for metric in metrics
        }
        for group, found in {**sums, (): total}.items()
    }


def _figure(metric: Metric, parts: Mapping[str, int], cases: int) -> Figure:
    excluded = tuple(
        (exclusion.name, parts[f"excluded:{exclusion.name}"])
        for exclusion in metric.exclusions
        if parts[f"excluded:{exclusion.name}"]
    )
    if isinstance(metric, Count):
        return CountFigure(
            metric=metric,
            counted=parts["counted"],
            unknown=parts["unknown"],
            undated=parts["undated"],
            excluded=excluded,
            cases=cases,
        )
    assert isinstance(metric, Proportion)
    plain = {name: count for name, count in parts.items() if not name.startswith("excluded:")}
    return ProportionFigure(metric=metric, basis_cases=plain.pop("basis"), excluded=excluded, interval=None, **plain)


def _with_interval(figure: Figure, method: Any) -> Figure:
    if isinstance(figure, ProportionFigure) and not figure.reason:
        return attrs.evolve(figure, interval=method(figure.numerator, figure.denominator))
    return figure


def group_order(group: Group) -> tuple[tuple[bool, str, Any], ...]:
    """The order in which groups are printed: by their values, empty cells last."""
    return tuple((value is None, type(value).__name__, value) for value in group)
