"""From definitions to figures: each kind of metric over one frame, by group and in total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from community_mediation.metrics import _aggregates as aggregates
from community_mediation.metrics._clusters import ClusteredMean, ClusterSums, clustered, clustered_mean
from community_mediation.metrics._conditions import EVERYTHING, Condition, Context
from community_mediation.metrics._definitions import Count, Duration, Metric, Proportion
from community_mediation.metrics._durations import durations, share_figure, shares_within, time_figure
from community_mediation.metrics._engine import Frame
from community_mediation.metrics._figures import CountFigure, Figure, ProportionFigure
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._measures import (
    Distinct,
    Mean,
    PairedMean,
    Placed,
    Ratio,
    Repeat,
    Shared,
    Total,
    Within,
)
from community_mediation.metrics._partition import count_parts, placed_parts, proportion_parts
from community_mediation.metrics._risk_table import RiskTable
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._watch import Watch

Found = dict[Metric, dict[Group, Figure]]
"""The figures of each metric by group; the total stands under ``()``."""

Counted = Mapping[str, int]


@attrs.frozen
class Question:
    """What is asked beside the metrics themselves.

    Attributes:
        context: The period, and the reading of settlements on the spot.
        watch: From when and up to when cases were watched.
        interval: The limits of a share, where each row is a case of its own.
        method: Their name: ``wilson`` or ``exact``.
    """

    context: Context
    watch: Watch
    interval: Callable[[int, int], Interval]
    method: str = "wilson"


def compute(frame: Frame, metrics: Sequence[Metric], question: Question) -> Found:
    """The figures of the metrics, all of the frame's grain and none made of others."""
    return compute_each(frame, metrics, [question])[0]


def compute_each(frame: Frame, metrics: Sequence[Metric], questions: Sequence[Question]) -> list[Found]:
    """The figures for several questions of one frame; what is counted is counted for all of them in one pass."""
    parts = [
        {metric: _parts(metric, question.context) for metric in metrics if not isinstance(metric, Duration | Within)}
        for question in questions
    ]
    flat = {
        (index, metric, part): when
        for index, of_one in enumerate(parts)
        for metric, found in of_one.items()
        for part, when in found.items()
    }
    counted: dict[Group, dict[Any, int]] = {}
    if flat:
        names = {str(number): key for number, key in enumerate(flat)}
        sums = frame.sums({**dict(zip(names, flat.values(), strict=True)), "cases": EVERYTHING})
        for group, of_group in sums.items():
            counted[group] = {names.get(name, name): count for name, count in of_group.items()}
        counted[()] = {key: sum(group[key] for group in counted.values()) for key in (*flat, "cases")}
    found: list[Found] = []
    for index, question in enumerate(questions):
        figures: Found = {}
        for metric in metrics:
            if isinstance(metric, Duration):
                figures[metric] = {**durations(frame, metric, question.context, question.watch)}
            elif isinstance(metric, Within):
                shares = shares_within(frame, metric, question.context, question.watch, question.interval)
                figures[metric] = {**shares}
            else:
                conditions = parts[index][metric]
                by_group = {
                    group: {part: counts[index, metric, part] for part in conditions} | {"cases": counts["cases"]}
                    for group, counts in counted.items()
                }
                figures[metric] = _counted(frame, metric, conditions, by_group, question)
        found.append(figures)
    return found


def _parts(metric: Metric, context: Context) -> dict[str, Condition]:
    if isinstance(metric, Count):
        return count_parts(metric, context)
    if isinstance(metric, Proportion):
        return proportion_parts(metric, context)
    assert isinstance(metric, Placed)
    return placed_parts(metric, context)


def _counted(
    frame: Frame, metric: Metric, conditions: Mapping[str, Condition], groups: Mapping[Group, Counted], ask: Question
) -> dict[Group, Figure]:
    """The figures of a metric whose parts are counted, with what the engine has to add up beside."""
    if isinstance(metric, Count):
        return {group: _count(metric, parts) for group, parts in groups.items()}
    if isinstance(metric, Proportion):
        shares = {group: _proportion(metric, parts) for group, parts in groups.items()}
        if frame.grain.name == "case":
            return {group: with_interval(figure, ask.interval) for group, figure in shares.items()}
        return {**_by_case(frame, metric, conditions, shares, ask)}
    stays = conditions.get("stays", EVERYTHING)
    if isinstance(metric, Total):
        shared = isinstance(metric, Shared)
        sums = aggregates.parts(frame, stays) if shared else aggregates.totals(frame, stays, metric.column, metric.unit)
        return {group: _total(metric, parts, sums.get(group, {})) for group, parts in groups.items()}
    if isinstance(metric, Distinct):
        names = aggregates.distinct(frame, stays, metric.column)
        return {group: _distinct(metric, parts, names.get(group, 0)) for group, parts in groups.items()}
    if isinstance(metric, Repeat):
        often = aggregates.repeats(frame, stays, metric.column, metric.times)
        found = {group: _repeat(metric, parts, *often.get(group, (0, 0))) for group, parts in groups.items()}
        return {group: with_interval(figure, ask.interval) for group, figure in found.items()}
    if isinstance(metric, PairedMean):
        changes, alone = aggregates.pairs(frame, conditions["before"], conditions["after"], metric.column, metric.pair)
        return {
            group: _mean(metric, parts, changes.get(group, aggregates.NONE), alone.get(group, 0))
            for group, parts in groups.items()
        }
    assert isinstance(metric, Mean)
    scores = aggregates.clusters(frame, stays, aggregates.score(metric, conditions["turned"]))
    return {group: _mean(metric, parts, scores.get(group, aggregates.NONE)) for group, parts in groups.items()}


def _by_case(
    frame: Frame,
    metric: Proportion,
    conditions: Mapping[str, Condition],
    shares: Mapping[Group, ProportionFigure],
    ask: Question,
) -> dict[Group, ProportionFigure]:
    """Limits clustered by case: two parties of one quarrel are not two independent witnesses."""
    counted = [conditions["numerator"], conditions["other"], *([conditions["open"]] if metric.counts_open else [])]
    sums = aggregates.clusters(frame, aggregates.any_of(counted), conditions["numerator"])
    found: dict[Group, ProportionFigure] = {}
    for group, figure in shares.items():
        by_case = sums.get(group, aggregates.NONE)
        if figure.reason:
            found[group] = figure
            continue
        share = clustered(by_case, method=ask.method)
        found[group] = attrs.evolve(
            figure, interval=share.interval, clusters=by_case.clusters, no_interval=share.reason
        )
    return found


def with_interval(figure: Any, method: Callable[[int, int], Interval]) -> Any:
    """The figure of a share with its limits, if it has a value."""
    return figure if figure.reason else attrs.evolve(figure, interval=method(figure.numerator, figure.denominator))


def blank(metric: Metric, ask: Question) -> Figure:
    """The figure of a group that has no rows of that grain."""
    if isinstance(metric, Duration):
        return time_figure(metric, RiskTable())
    if isinstance(metric, Within):
        return share_figure(metric, RiskTable(), ask.interval)
    if isinstance(metric, Count):
        return _count(metric, {})
    if isinstance(metric, Proportion):
        return _proportion(metric, {})
    if isinstance(metric, Total):
        return _total(metric, {}, {})
    if isinstance(metric, Distinct):
        return _distinct(metric, {}, 0)
    if isinstance(metric, Repeat):
        return _repeat(metric, {}, 0, 0)
    assert isinstance(metric, Mean | PairedMean)
    return _mean(metric, {}, aggregates.NONE)


def ratio(metric: Ratio, numerator: Figure, denominator: Figure) -> RatioFigure:
    """One figure by another."""
    (top, why), (bottom, because) = _whole(numerator), _whole(denominator)
    return RatioFigure(
        metric=metric,
        numerator=top,
        denominator=bottom,
        numerator_reason=why,
        denominator_reason=because,
        basis_cases=numerator.cases if isinstance(numerator, CountFigure) else numerator.basis_cases,
        undated=numerator.undated + denominator.undated,
    )


def _whole(figure: Figure) -> tuple[Fraction | None, str]:
    """The value that a ratio is made of, or why there is none."""
    if isinstance(figure, DistinctFigure) and figure.unnamed:
        # How many they are nobody knows; without them the ratio would pass for the whole.
        return None, f"not linked: {figure.unnamed:,}"
    if isinstance(figure, TotalFigure) and len(figure.amounts) > 1:
        return None, "several units"
    return (None, figure.reason) if figure.value is None else (Fraction(figure.value), "")


def _excluded(metric: Metric, parts: Counted) -> tuple[tuple[str, int], ...]:
    counts = ((each.name, parts.get(f"excluded:{each.name}", 0)) for each in metric.exclusions)
    return tuple((name, count) for name, count in counts if count)


def _count(metric: Count, parts: Counted) -> CountFigure:
    return CountFigure(
        metric=metric,
        counted=parts.get("counted", 0),
        unknown=parts.get("unknown", 0),
        undated=parts.get("undated", 0),
        excluded=_excluded(metric, parts),
        cases=parts.get("cases", 0),
    )


_SHARES = ("numerator", "other", "open", "unknown_outcome", "unknown_place", "outside", "elsewhere", "undated")


def _proportion(metric: Proportion, parts: Counted) -> ProportionFigure:
    counts: dict[str, Any] = {name: parts.get(name, 0) for name in _SHARES}
    excluded = _excluded(metric, parts)
    return ProportionFigure(metric=metric, basis_cases=parts.get("basis", 0), excluded=excluded, **counts)


def _placed(metric: Metric, parts: Counted) -> dict[str, Any]:
    return {
        "undated": parts.get("undated", 0),
        "excluded": _excluded(metric, parts),
        "basis_cases": parts.get("basis", 0),
    }


def _total(metric: Total, parts: Counted, sums: Mapping[str | None, Fraction]) -> TotalFigure:
    amounts = dict(sorted(sums.items(), key=lambda each: (each[0] is None, each[0] or "")))
    counted, missing = parts.get("stays", 0), parts.get("missing", 0)
    return TotalFigure(metric=metric, amounts=amounts, counted=counted, missing=missing, **_placed(metric, parts))


def _distinct(metric: Distinct, parts: Counted, named: int) -> DistinctFigure:
    rows, unnamed = parts.get("stays", 0), parts.get("missing", 0)
    return DistinctFigure(metric=metric, named=named, rows=rows, unnamed=unnamed, **_placed(metric, parts))


def _repeat(metric: Repeat, parts: Counted, people: int, often: int) -> ShareFigure:
    placed = _placed(metric, parts)
    unnamed = [("not linked", parts["missing"])] if parts.get("missing") else []
    left_out = (*placed.pop("excluded"), *unnamed)
    return ShareFigure(metric=metric, numerator=often, denominator=people, left_out=left_out, **placed)


def _mean(metric: Mean | PairedMean, parts: Counted, sums: ClusterSums, alone: int = 0) -> MeanFigure:
    mean = clustered_mean(sums)
    return MeanFigure(
        metric=metric,
        answers=int(sums.n),
        clusters=sums.clusters,
        total=int(sums.y),
        interval=_limits(mean),
        no_interval=mean.reason if sums.n else "",
        missing=parts.get("missing", 0) + alone,
        off_scale=parts.get("off_scale", 0),
        **_placed(metric, parts),
    )


def _limits(mean: ClusteredMean) -> Interval | None:
    if mean.lower is None or mean.upper is None:
        return None
    return Interval(lower=mean.lower, upper=mean.upper, method=mean.method, level=mean.level)


def flattened(metrics: Iterable[Metric]) -> list[Metric]:
    """The metrics that count rows themselves, each once: those asked for, and those that others are made of."""
    found: dict[Metric, None] = {}
    for metric in metrics:
        found |= dict.fromkeys(flattened(metric.parts) if metric.parts else [metric])
    return list(found)
