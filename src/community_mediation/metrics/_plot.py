"""The proportions of a table as a chart: a point with its interval for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import group_name
from community_mediation.metrics._charts import altair
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._lines import line_of
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._text import caption, unfinished_line
from community_mediation.metrics._words import say, word

if TYPE_CHECKING:
    from altair import FacetChart, LayerChart

    from community_mediation.metrics._result_table import ResultTable
    from community_mediation.metrics._survival import Survival


def plot(table: ResultTable) -> LayerChart | FacetChart:
    """Build the chart; shares without a value are not drawn, and the subtitle says how many."""
    alt = altair()
    points = []
    hidden = 0
    for row in table.rows:
        figure = row.figure
        if not isinstance(figure, ProportionFigure | ShareFigure):
            continue
        if figure.value is None or figure.interval is None:
            hidden += 1
            continue
        line = line_of(row, table.lang, len(table.by))
        points.append(
            {
                "metric": line.label,
                "group": " / ".join(filter(None, line.group)) or line.label,
                "share": float(figure.value),
                "lower": figure.interval.lower,
                "upper": figure.interval.upper,
                "counts": f"{figure.numerator:,} / {figure.denominator:,}",
                "denominator": figure.denominator_name.text(table.lang),
                "note": line.note,
            }
        )
    if not points:
        raise InvalidQuery("Nothing to draw: no proportion of this table has a value.")
    base = alt.Chart(alt.InlineData(values=points)).encode(
        y=alt.Y("group:N", title=None, sort=None),
        tooltip=[alt.Tooltip(f"{name}:N") for name in ("metric", "counts", "denominator", "note")],
    )
    axis = alt.Axis(format="%")
    rule = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("lower:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1])), x2="upper:Q"
    )
    point = base.mark_point(filled=True, size=70).encode(x=alt.X("share:Q", title=None))
    layered = alt.layer(rule, point)
    told = [say("{} without a value, not drawn", table.lang, hidden)] if hidden else []
    title = alt.Title(caption(table), subtitle=[*told, *unfinished_line(table)])
    whole = layered.facet(row=alt.Row("metric:N", title=None, sort=None)) if table.by else layered
    chart: LayerChart | FacetChart = whole.properties(title=title)
    return chart


def plot_curves(curves: Survival) -> LayerChart | FacetChart:
    """The steps of each group with their limits."""
    alt = altair()
    from community_mediation.metrics._survival import steps_of
    from community_mediation.metrics._time import milestone_label

    metric, lang = curves.metric, curves.table.lang
    share = "survival" if metric.competing is None else "incidence"
    points = []
    for group, figure in curves.figures.items():
        if curves.table.by and not group:
            continue
        name = group_name(group, lang) or metric.label.text(lang)
        start = {
            "time": 0,
            share: 1.0 if metric.competing is None else 0.0,
            "lower": None,
            "upper": None,
            "at_risk": None,
        }
        for step in [start, *steps_of(figure)]:
            points.append(
                {
                    "group": name,
                    "time": figure.in_unit(step["time"]),
                    "share": step[share],
                    "lower": step["lower"],
                    "upper": step["upper"],
                    "at risk": step["at_risk"],
                }
            )
    if len(points) <= len(curves.figures):
        raise InvalidQuery("Nothing to draw: no case is in any curve.")
    title = f"{word(metric.unit.value, lang)}"
    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=alt.X("time:Q", title=title),
        color=alt.Color("group:N", title=None, legend=alt.Legend(labelLimit=400) if curves.table.by else None),
    )
    axis, scale = alt.Axis(format="%"), alt.Scale(domain=[0, 1])
    told = word("still open" if metric.competing is None else "got there", lang)
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(
        y=alt.Y("lower:Q", title=told, axis=axis, scale=scale), y2="upper:Q"
    )
    line = base.mark_line(interpolate="step-after").encode(
        y=alt.Y("share:Q", title=told, axis=axis),
        tooltip=["group:N", "time:Q", alt.Tooltip("share:Q", format=".1%"), "at risk:Q"],
    )
    since, until = (milestone_label(name).text(lang) for name in (metric.start, metric.end))
    heading = f"{since}至{until}：{told}" if lang == "zh" else f"From {since} to {until}: {told}"
    chart: LayerChart | FacetChart = alt.layer(band, line).properties(
        title=alt.Title(heading, subtitle=[caption(curves.table), *unfinished_line(curves.table)])
    )
    return chart
