"""Each kind of figure as plain values: in full for JSON, and as the cells of one row for a frame."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import singledispatch
from typing import Any

from community_mediation.metrics._figures import CountFigure, DurationFigure, IncidenceFigure, ProportionFigure
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._parts import Parts


@singledispatch
def record_of(figure: Any) -> dict[str, Any]:
    """All that a figure says, but of its metric."""
    raise TypeError(f"no record of a {type(figure).__name__}")


@singledispatch
def flat_of(figure: Any) -> dict[str, Any]:
    """The cells of a figure that differ between kinds."""
    raise TypeError(f"no row of a {type(figure).__name__}")


def _limits(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {"lower": interval.lower, "upper": interval.upper, "method": interval.method, "level": interval.level}


def _flat_limits(interval: Interval | None) -> dict[str, Any]:
    return _limits(interval) or {}


def _sum(parts: Parts) -> int:
    return sum(count for _, count in parts)


def _number(value: Fraction | int | None) -> float | None:
    return None if value is None else float(value)


@record_of.register
def _(figure: CountFigure) -> dict[str, Any]:
    return {
        "kind": "count",
        "value": figure.value,
        "reason": figure.reason,
        "unknown": figure.unknown,
        "undated": figure.undated,
        "excluded": dict(figure.excluded),
    }


@flat_of.register
def _(figure: CountFigure) -> dict[str, Any]:
    return {"count": figure.value, "unknown": figure.unknown, "excluded": _sum(figure.excluded)}


@record_of.register
def _(figure: ProportionFigure) -> dict[str, Any]:
    found = {
        "kind": "proportion",
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "denominator_name": figure.metric.denominator_label.en,
        "percent": None if figure.reason else figure.percent(),
        "value": _number(figure.value),
        "reason": figure.reason,
        "interval": _limits(figure.interval),
        "other": figure.other,
        "open": figure.open,
        "counts_open": figure.metric.counts_open,
        "unknown_outcome": figure.unknown_outcome,
        "unknown_place": figure.unknown_place,
        "outside": figure.outside,
        "elsewhere": figure.elsewhere,
        "excluded": dict(figure.excluded),
        "basis_cases": figure.basis_cases,
        "undated": figure.undated,
    }
    return found if figure.clusters is None else {**found, "clusters": figure.clusters}


@flat_of.register
def _(figure: ProportionFigure) -> dict[str, Any]:
    return {
        "denominator_name": figure.metric.denominator_label.en,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": _number(figure.value),
        **_flat_limits(figure.interval),
        "clusters": figure.clusters,
        "open": figure.open,
        "unknown": figure.unknown,
        "outside": figure.outside,
        "elsewhere": figure.elsewhere,
        "excluded": _sum(figure.excluded),
        "basis_cases": figure.basis_cases,
    }


@record_of.register
def _(figure: DurationFigure) -> dict[str, Any]:
    estimate = figure.estimate
    return {
        **_time(figure, "Brookmeyer-Crowley", estimate.level),
        "ended": estimate.ended,
        "censored": estimate.censored,
        **({"entered_late": estimate.entered} if estimate.entered else {}),
        **_watched(figure),
    }


@record_of.register
def _(figure: IncidenceFigure) -> dict[str, Any]:
    found = figure.incidence
    return {
        **_time(figure, "Aalen-Johansen, by inverting the limits", found.level),
        "competing": figure.metric.competing,
        "ended": found.ended[0],
        "ended_otherwise": found.ended[1],
        "censored": found.censored,
        **({"entered_late": found.entered} if found.entered else {}),
        **_watched(figure),
    }


def _time(figure: DurationFigure | IncidenceFigure, method: str, level: float) -> dict[str, Any]:
    lower, upper = figure.limits
    return {
        "kind": "duration" if isinstance(figure, DurationFigure) else "incidence",
        "start": figure.metric.start,
        "end": figure.metric.end,
        "unit": figure.metric.unit.value,
        "median": figure.value,
        "reason": figure.reason,
        "interval": {"lower": lower, "upper": upper, "method": method, "level": level},
        "closed_only_median": figure.closed_only_value,
    }


def _watched(figure: DurationFigure | IncidenceFigure) -> dict[str, Any]:
    return {
        "known_to_day": figure.known_to_day,
        "ended_later": figure.ended_later,
        "unobserved": figure.unobserved,
        "excluded": dict(figure.left_out),
        "basis_cases": figure.basis_cases,
        "undated": figure.undated,
    }


@flat_of.register
def _(figure: DurationFigure) -> dict[str, Any]:
    estimate = figure.estimate
    return _flat_time(figure, "Brookmeyer-Crowley", estimate.level, estimate.ended, estimate.censored)


@flat_of.register
def _(figure: IncidenceFigure) -> dict[str, Any]:
    found = figure.incidence
    cells = _flat_time(figure, "Aalen-Johansen", found.level, found.ended[0], found.censored)
    return cells | {"denominator": found.cases, "elsewhere": found.ended[1]}


def _flat_time(
    figure: DurationFigure | IncidenceFigure, method: str, level: float, ended: int, censored: int
) -> dict[str, Any]:
    lower, upper = figure.limits
    return {
        "count": ended,
        "value": figure.value,
        "lower": lower,
        "upper": upper,
        "method": method,
        "level": level,
        "unit": figure.metric.unit.value,
        "closed_only_median": figure.closed_only_value,
        "open": censored,
        "excluded": _sum(figure.left_out),
        "basis_cases": figure.basis_cases,
    }


@record_of.register
def _(figure: TotalFigure) -> dict[str, Any]:
    return {
        "kind": "total",
        "amounts": {unit or "": decimal_text(amount) for unit, amount in figure.amounts.items()},
        "reason": figure.reason,
        "counted": figure.counted,
        "missing": figure.missing,
        **_placed(figure, figure.excluded),
    }


@flat_of.register
def _(figure: TotalFigure) -> dict[str, Any]:
    unit = next(iter(figure.amounts)) if len(figure.amounts) == 1 else None
    return {
        "count": figure.counted,
        "value": _number(figure.value),
        "unit": unit if unit is not None else figure.metric.unit_label and figure.metric.unit_label.en,
        "unknown": figure.missing,
        **_flat_placed(figure, figure.excluded),
    }


@record_of.register
def _(figure: MeanFigure) -> dict[str, Any]:
    return {
        "kind": "mean",
        "value": _number(figure.value),
        "reason": figure.reason,
        "interval": _limits(figure.interval),
        "no_interval": figure.no_interval,
        "answers": figure.answers,
        "clusters": figure.clusters,
        "missing": figure.missing,
        "off_scale": figure.off_scale,
        **_placed(figure, figure.excluded),
    }


@flat_of.register
def _(figure: MeanFigure) -> dict[str, Any]:
    return {
        "count": figure.answers,
        "value": _number(figure.value),
        **_flat_limits(figure.interval),
        "clusters": figure.clusters,
        "unknown": figure.missing + figure.off_scale,
        **_flat_placed(figure, figure.excluded),
    }


@record_of.register
def _(figure: DistinctFigure) -> dict[str, Any]:
    return {
        "kind": "distinct",
        "value": figure.value,
        "reason": figure.reason,
        "rows": figure.rows,
        "unnamed": figure.unnamed,
        **_placed(figure, figure.excluded),
    }


@flat_of.register
def _(figure: DistinctFigure) -> dict[str, Any]:
    return {"count": figure.value, "unknown": figure.unnamed, **_flat_placed(figure, figure.excluded)}


@record_of.register
def _(figure: ShareFigure) -> dict[str, Any]:
    return {
        "kind": "share",
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "denominator_name": figure.denominator_name.en,
        "percent": None if figure.reason else figure.percent(),
        "value": _number(figure.value),
        "reason": figure.reason,
        "interval": _limits(figure.interval),
        "not_due": figure.not_due,
        **_placed(figure, figure.left_out),
    }


@flat_of.register
def _(figure: ShareFigure) -> dict[str, Any]:
    return {
        "denominator_name": figure.denominator_name.en,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": _number(figure.value),
        **_flat_limits(figure.interval),
        "open": figure.not_due,
        **_flat_placed(figure, figure.left_out),
    }


@record_of.register
def _(figure: RatioFigure) -> dict[str, Any]:
    metric = figure.metric
    return {
        "kind": "ratio",
        "numerator": _number(figure.numerator),
        "denominator": _number(figure.denominator),
        "numerator_metric": metric.numerator.name,
        "denominator_metric": metric.denominator.name,
        "scale": metric.scale.value,
        "value": _number(figure.value),
        "printed": None if figure.value is None else figure.printed(),
        "reason": figure.reason,
    }


@flat_of.register
def _(figure: RatioFigure) -> dict[str, Any]:
    return {"denominator_name": figure.metric.denominator.label.en, "value": _number(figure.value)}


def _placed(figure: Any, parts: Parts) -> Mapping[str, Any]:
    return {"undated": figure.undated, "excluded": dict(parts), "basis_cases": figure.basis_cases}


def _flat_placed(figure: Any, parts: Parts) -> Mapping[str, Any]:
    return {"excluded": _sum(parts), "basis_cases": figure.basis_cases}


def decimal_text(amount: Fraction) -> str:
    """An exact sum as text: sums of decimals have no more than a frame's six places."""
    whole, rest = divmod(abs(amount.numerator) * 10**6 // amount.denominator, 10**6)
    places = f"{rest:06d}".rstrip("0")
    return f"{'-' if amount < 0 else ''}{whole}" + (f".{places}" if places else "")
