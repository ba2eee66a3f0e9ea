"""Every metric that is shipped says what its definition says of single rows, whatever the facts are."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.metrics import catalogue, table
from community_mediation.metrics import _aggregates as aggregates
from community_mediation.metrics._measures import Ratio
from tests.metrics import naive
from tests.metrics.frames import FEW
from tests.metrics.worlds import WORLDS, World, a_world, in_polars

PERIODS = st.sampled_from([None, Period.parse("2022-03"), Period.parse("2022-03-01..2022-03-11")])
BREAKDOWNS = st.sampled_from([(), ("centre",), ("centre", "matter")])
METRICS = [metric for metric in catalogue().values() if type(metric) in naive.KINDS]
SAID = {"clusters", "interval", "limits"}


def differs(figure: Any, expected: dict[str, Any]) -> str:
    """Which of what a figure says is not as expected; empty if all is."""
    found = {name: getattr(figure, name) for name in expected if name != "limits"}
    if "limits" in expected:
        found["limits"] = (None, None) if figure.interval is None else (figure.interval.lower, figure.interval.upper)
    return next((f"{name}: {found[name]}, not {expected[name]}" for name in expected if found[name] != expected[name]), "")


def checked(world: World, by: tuple[str, ...], period: Period | None, metrics: list[Any] = METRICS) -> None:
    """Each figure against the naive one, group by group."""
    result = table(in_polars(world), metrics=metrics, by=by, period=period)
    figures: dict[str, dict[Any, Any]] = {}
    for row in result.rows:
        figures.setdefault(row.metric.name, {})[row.group] = row.figure
    for metric in metrics:
        expected = naive.figures(metric, world, by, period)
        for group, figure in figures[metric.name].items():
            wanted = expected.get(group) or naive.KINDS[type(metric)](metric, [], period)
            assert not (problem := differs(figure, wanted)), f"{metric.name} of {group}: {problem}"
        assert set(expected) <= set(figures[metric.name])


@given(WORLDS, st.sampled_from([(), ("centre",), ("centre", "agreement")]), PERIODS)
@FEW
def test_every_metric_is_what_single_rows_say(world: World, by: tuple[str, ...], period: Period | None) -> None:
    """Of every table, by group and in total, for a period and without one."""
    metrics = METRICS if by != ("centre", "agreement") else [each for each in METRICS if each.grain != "tally"]
    checked(world, by, period, metrics)
