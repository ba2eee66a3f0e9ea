"""Figures of times: medians by Kaplan-Meier, incidences of ends that compete, and shares by a fixed day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, Final

import attrs

from community_mediation.metrics._conditions import Context
from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.metrics._engine import Frame
from community_mediation.metrics._figures import DurationFigure, IncidenceFigure
from community_mediation.metrics._incidence import incidence_of
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._kaplan_meier import estimated, plain_median
from community_mediation.metrics._measured import NOT_SEEN, ShareFigure
from community_mediation.metrics._measures import Within
from community_mediation.metrics._numbers import total
from community_mediation.metrics._packed import CAME, ENDED, LATER, OPEN, OTHER
from community_mediation.metrics._risk_table import RiskTable, risk_tables
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._walk import Walk
from community_mediation.metrics._watch import Watch

REACHED, OTHERWISE = "reached", "otherwise"
KNOWN_BY_THEIR_END: Final = "known only because they ended"


def durations(
    frame: Frame, metric: Duration, context: Context, watch: Watch
) -> dict[Group, DurationFigure | IncidenceFigure]:
    """The figure of each group, and the total under ``()``."""
    return {group: time_figure(metric, table) for group, table in risk_tables(frame, metric, context, watch).items()}


def time_figure(metric: Duration, table: RiskTable) -> DurationFigure | IncidenceFigure:
    """The figure from a risk table."""
    ended, others = table.cases(ENDED), table.cases(OTHER)
    over = ended if metric.competing is None else table.cases(ENDED, OTHER)
    walk = Walk.through(table.time, over, table.cases(OPEN, LATER), table.cases(CAME))
    common: dict[str, Any] = {
        "metric": metric,
        "closed_only": plain_median(table.time, ended),
        "known_to_day": table.by_day,
        "ended_later": total(table.cases(LATER)),
        "left_out": table.left_out(metric),
        "unobserved": table.number("unobserved"),
        "basis_cases": table.basis_cases,
        "undated": table.number("undated"),
    }
    if metric.competing is not None:
        return IncidenceFigure(incidence=incidence_of(walk, {REACHED: ended, OTHERWISE: others}), **common)
    return DurationFigure(estimate=estimated(walk), **common)


def shares_within(
    frame: Frame, metric: Within, context: Context, watch: Watch, method: Callable[[int, int], Interval]
) -> dict[Group, ShareFigure]:
    """The share of each group that got there in time, and the total under ``()``."""
    horizon = None if metric.settle else metric.days * Unit.DAYS.microseconds
    tables = risk_tables(frame, metric, context, watch, by_day=True, horizon=horizon)
    return {group: share_figure(metric, table, method) for group, table in tables.items()}


def share_figure(metric: Within, table: RiskTable, method: Callable[[int, int], Interval]) -> ShareFigure:
    """The figure from a risk table of whole days."""
    limit = metric.days * Unit.DAYS.microseconds
    ended, open_ = table.cases(ENDED), table.cases(OPEN, LATER)
    passed = bisect_right(table.time, limit)
    in_time = sum(ended[:passed])
    late = sum(ended[passed:]) + sum(table.cases(OTHER))
    # A deadline has passed the day after; but on its last day everybody was watched for all of it.
    over = sum(open_[passed if metric.settle else bisect_left(table.time, limit) :])
    short = sum(open_) - over
    left_out = table.left_out(metric)
    if metric.seen != "observed" and not metric.settle and short and not over + late:
        # Somebody has to look, and nobody was seen for so long: a share of those alone whose end is known would be 1.
        left_out, in_time = (*left_out, (KNOWN_BY_THEIR_END, in_time)) if in_time else left_out, 0
    numerator, denominator = in_time, in_time + late + over
    if metric.without:
        numerator = denominator - numerator
    if short and not metric.settle:
        left_out = (*left_out, (NOT_SEEN, short))
    if table.number("unobserved"):
        left_out = (*left_out, ("observed_through not given", table.number("unobserved")))
    figure = ShareFigure(
        metric=metric,
        numerator=numerator,
        denominator=denominator,
        not_due=table.number("not due") + (short if metric.settle else 0),
        left_out=left_out,
        undated=table.number("undated"),
        basis_cases=table.basis_cases,
    )
    return attrs.evolve(figure, interval=method(numerator, denominator)) if denominator else figure
