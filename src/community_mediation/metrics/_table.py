"""The outcome table: the chosen metrics over one frame, broken down and in total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._computing import Found, Question, blank, compute_each, flattened, ratio
from community_mediation.metrics._conditions import Context, Reading
from community_mediation.metrics._definitions import Count, Duration, Metric, Proportion
from community_mediation.metrics._engine import engine_errors
from community_mediation.metrics._figures import Figure, Row
from community_mediation.metrics._grains import grain_of
from community_mediation.metrics._intervals import interval_method
from community_mediation.metrics._measures import Placed, Ratio, Within
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._sources import Source, source_of
from community_mediation.metrics._watch import Given, Watch


def table(
    frame: Any,
    *,
    metrics: str | Metric | Iterable[str | Metric] | None = None,
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    interval: str = "wilson",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> ResultTable:
    """Count the metrics over the rows of the facts tables.

    Args:
        frame: A casebook; or a frame of the engine of your choice with one row for each case (Polars, pandas, DuckDB,
            PySpark, Arrow, or something with ``to_polars()``); or several of them by the name of their table,
            ``{"case": …, "case_answer": …}``. Rows of other tables find their case by ``matter_id``.
        metrics: Names of the catalogue, or metrics of your own; by default all.
        by: Columns to break down by; a total is always added.
        period: Only cases of this period, by local dates; each metric says which date.
        on_the_spot: ``implied`` or ``as_recorded``: whether a settlement on the spot passes the rungs.
        interval: ``wilson`` or ``exact``.
        observed_through: Up to when open cases were watched, where they do not say so themselves: one moment, or one
            for each centre. Of a casebook, by default its last entry, or *valid_at* or *known_at* if that is earlier.
        observed_from: From when cases were watched, the same way. Times of cases that are older count from then on
            only: those that had ended before are in no book (late entry).
        valid_at: Of a casebook: what was true at that moment.
        known_at: Of a casebook: what it knew at that position or moment.
        lang: ``en`` or ``zh``, for printing.

    Raises:
        InvalidQuery: An unknown metric or column, another grain, a frame that cannot be counted, a bad argument.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    wanted = chosen(metrics)
    method = interval_method(interval)
    context = Context(period_of(period), reading_of(on_the_spot))
    language(lang)
    source = source_of(frame, valid_at, known_at)
    watch = Watch.of(observed_through or source.observed_through, observed_from)
    ask = Question(context, watch, method, interval)
    columns = columns_of(by)
    with engine_errors():
        figures = figures_of(source, wanted, columns, ask)
    groups = sorted({group for found in figures.values() for group in found if group or not columns}, key=group_order)
    order = [*groups, ()] if columns else groups
    rows = [
        Row(group=group, total=group == (), figure=figures[metric].get(group) or blank_of(metric, ask))
        for group in order
        for metric in wanted
    ]
    return ResultTable(
        rows=tuple(rows),
        by=columns,
        period=context.period,
        on_the_spot=context.on_the_spot,
        lang=lang,
        kind=source.kind,
        watched_through=watch.finished,
    )


def figures_of(source: Source, metrics: Sequence[Metric], by: Sequence[str], ask: Question) -> Found:
    """The figures of all metrics by group, whatever tables they count."""
    return figures_for(source, metrics, by, [ask])[0]


def figures_for(
    source: Source, metrics: Sequence[Metric], by: Sequence[str], questions: Sequence[Question]
) -> list[Found]:
    """The same for several questions at once."""
    by_grain: dict[str, list[Metric]] = {}
    for metric in flattened(metrics):
        by_grain.setdefault(metric.grain, []).append(metric)
    found: list[Found] = [{} for _ in questions]
    for grain, members in by_grain.items():
        needed = _needed(members, frozenset().union(*(ask.watch.columns for ask in questions)))
        frame = source.open(grain_of(grain), needed, by)
        for figures, of_one in zip(found, compute_each(frame, members, questions), strict=True):
            figures.update(of_one)
    for figures, ask in zip(found, questions, strict=True):
        for metric in metrics:
            if isinstance(metric, Ratio):
                figures[metric] = _ratios(metric, figures, ask)
    return found


def _ratios(metric: Ratio, figures: Found, ask: Question) -> dict[Group, Figure]:
    for part in metric.parts:
        if isinstance(part, Ratio) and part not in figures:
            figures[part] = _ratios(part, figures, ask)
    top, bottom = figures[metric.numerator], figures[metric.denominator]
    return {
        group: ratio(
            metric,
            top.get(group) or blank_of(metric.numerator, ask),
            bottom.get(group) or blank_of(metric.denominator, ask),
        )
        for group in {**top, **bottom}
    }


def blank_of(metric: Metric, ask: Question) -> Figure:
    """The figure of a group that has no rows."""
    if isinstance(metric, Ratio):
        return ratio(metric, blank_of(metric.numerator, ask), blank_of(metric.denominator, ask))
    return blank(metric, ask)


def language(lang: str) -> None:
    """Refuse a language that figures have no words in.

    Raises:
        InvalidQuery: There are none.
    """
    if lang not in ("en", "zh"):
        raise InvalidQuery(f"No labels in {lang!r}. There are: en, zh.")


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


def reading_of(name: str) -> Reading:
    """The reading of settlements on the spot, from its name."""
    try:
        return Reading(name)
    except ValueError:
        raise InvalidQuery(f"No reading {name!r}. There are: {', '.join(Reading)}.") from None


def _needed(metrics: Iterable[Metric], also: frozenset[str]) -> dict[str, str]:
    needed: dict[str, str] = {}
    for metric in metrics:
        if not isinstance(metric, Count | Proportion | Duration | Placed | Within):
            raise InvalidQuery(f"Metric {metric.name} is of no kind that can be counted.")
        for column in sorted(metric.columns | (also if isinstance(metric, Duration | Within) else frozenset())):
            needed.setdefault(column, metric.name)
    return needed


def group_order(group: Group) -> tuple[tuple[bool, str, Any], ...]:
    """The order in which groups are printed: by their values, empty cells last."""
    return tuple((value is None, type(value).__name__, value) for value in group)
