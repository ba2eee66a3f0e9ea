"""Figures of times: medians by Kaplan-Meier, incidences of ends that compete, and shares by a fixed day."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from community_mediation.metrics._conditions import Context
from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.metrics._engine import Frame
from community_mediation.metrics._figures import DurationFigure, IncidenceFigure
from community_mediation.metrics._incidence import cumulative_incidence
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._kaplan_meier import kaplan_meier, plain_median
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._measures import Within
from community_mediation.metrics._risk_table import ENDED, LATER, OPEN, OTHER, RiskTable, risk_tables
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._watch import Watch

REACHED, OTHERWISE = "reached", "otherwise"


def durations(
    frame: Frame, metric: Duration, context: Context, watch: Watch
) -> dict[Group, DurationFigure | IncidenceFigure]:
    """The figure of each group, and the total under ``()``."""
    return {group: time_figure(metric, table) for group, table in risk_tables(frame, metric, context, watch).items()}


def time_figure(metric: Duration, table: RiskTable) -> DurationFigure | IncidenceFigure:
    """The figure from a risk table."""
    ended, censored = table.times(ENDED), table.times(OPEN, LATER)
    entries = table.late or None
    if metric.competing is not None:
        return IncidenceFigure(
            metric=metric,
            incidence=cumulative_incidence({REACHED: ended, OTHERWISE: table.times(OTHER)}, censored, entries=entries),
            closed_only=plain_median(ended),
            known_to_day=table.by_day,
            ended_later=table.times(LATER).total(),
            left_out=table.left_out(metric),
            unobserved=table.number("unobserved"),
            basis_cases=table.basis_cases,
            undated=table.number("undated"),
        )
    return DurationFigure(
        metric=metric,
        estimate=kaplan_meier(ended, censored, entries=entries),
        closed_only=plain_median(ended),
        known_to_day=table.by_day,
        ended_later=table.times(LATER).total(),
        left_out=table.left_out(metric),
        unobserved=table.number("unobserved"),
        basis_cases=table.basis_cases,
        undated=table.number("undated"),
    )


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
    ended, open_ = table.times(ENDED), table.times(OPEN, LATER)
    in_time = sum(cases for time, cases in ended.items() if time <= limit)
    late = ended.total() - in_time + table.times(OTHER).total()
    # A deadline has passed the day after; but on its last day everybody was watched for all of it.
    over = sum(cases for time, cases in open_.items() if (time > limit if metric.settle else time >= limit))
    short = open_.total() - over
    numerator, denominator = in_time, in_time + late + over
    if metric.without:
        numerator = denominator - numerator
    left_out = table.left_out(metric)
    if short and not metric.settle:
        left_out = (*left_out, ("not seen for so long", short))
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
