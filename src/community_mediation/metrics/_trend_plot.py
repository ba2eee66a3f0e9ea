"""A trend as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import group_name
from community_mediation.metrics._charts import COLOURS, MUTED, altair, folded, titled
from community_mediation.metrics._definitions import Duration
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._lines import cells_of
from community_mediation.metrics._measured import RatioFigure, ShareFigure, TotalFigure
from community_mediation.metrics._measures import Scale
from community_mediation.metrics._records import flat_of
from community_mediation.metrics._trend import NOT_BEGUN, UNFINISHED, Trend, TrendPoint
from community_mediation.metrics._trend_shown import caption, remarks
from community_mediation.metrics._words import word

if TYPE_CHECKING:
    import altair as alt_types


def plot(trend: Trend) -> alt_types.LayerChart | alt_types.VConcatChart:
    """A panel for each metric."""
    alt = altair()
    shown = [point for point in trend.points if (not trend.by or not point.total) and point.state != NOT_BEGUN]
    if not any(point.figure.value is not None for point in shown):
        raise InvalidQuery("Nothing to draw: no period of this trend has a value.")
    panels = []
    for name in trend.names:
        points = [point for point in shown if point.metric.name == name]
        if any(point.figure.value is not None for point in points):
            panels.append(_panel(alt, trend, points))
    chart = panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=28).resolve_scale(color="independent")
    told = [line for remark in remarks(trend) for line in folded(remark)]
    title = caption(trend)
    if len(trend.names) == 1:
        title = shown[0].metric.label.text(trend.lang)
        told = [*folded(caption(trend)), *told]
    return titled(chart, title, told)  # type: ignore[no-any-return]


def _panel(alt: Any, trend: Trend, points: list[TrendPoint]) -> Any:
    lang = trend.lang
    share = isinstance(points[0].figure, ProportionFigure | ShareFigure) or _per_cent(points[0])
    values = _values(trend, points)
    spans = [str(span) for span in trend.periods]
    size = max(360, min(760, 34 * len(spans)))
    crowded = len(spans) > 24
    x = alt.X(
        "period:O",
        title=None,
        scale=alt.Scale(domain=spans),
        axis=alt.Axis(labelAngle=-45 if len(spans) > 12 else 0, labelOverlap="greedy" if crowded else False),
    )
    metric = points[0].metric
    units = _units(points)
    unit = word(metric.unit.value, lang) if isinstance(metric, Duration) else units[0] if len(units) == 1 else ""
    title = unit
    if len(trend.names) > 1:
        title = f"{metric.label.text(lang)} ({unit})" if unit and units else metric.label.text(lang)
    axis = alt.Axis(format=".0%" if share else ",~f", title=None)
    groups = list(dict.fromkeys(value["group"] for value in values))
    if len(groups) > len(COLOURS):
        raise InvalidQuery(
            f"{len(groups)} lines cannot be told apart; {len(COLOURS)} can. Take the rows of fewer groups, or break "
            "down by fewer columns."
        )
    colour = alt.Color(
        "group:N",
        title=None,
        sort=None,
        scale=alt.Scale(domain=groups, range=list(COLOURS)),
        legend=alt.Legend(orient="top", columns=4) if len(groups) > 1 else None,
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, color=colour, detail="stretch:N")
    if len(groups) > 1:
        # Beside each other, so that their limits can be told apart.
        base = base.encode(xOffset=alt.XOffset("group:N", sort=None, scale=alt.Scale(domain=groups)))
    scale = alt.Scale(zero=not share, nice=True)
    y = alt.Y("value:Q", axis=axis, scale=scale, title=None)
    limits = base.transform_filter("isValid(datum.lower)").encode(
        y=alt.Y("lower:Q", axis=axis, scale=scale, title=None), y2="upper:Q"
    )
    layers = []
    if any(value["lower"] is not None for value in values):
        # Of several groups bands would hide each other.
        layers = [limits.mark_area(opacity=0.14)] if len(groups) == 1 else []
        layers.append(limits.mark_rule(opacity=0.4))
    tips = {"period": "period", "group": "group", "shown": "value", "interval": "interval"}
    tips |= {"previous": "on the period before", "year": "on the year before"}
    tooltip = [alt.Tooltip(f"{name}:N", title=word(title, lang)) for name, title in tips.items()]
    layers.append(base.mark_line(strokeWidth=2 if len(groups) == 1 else 1.4).encode(y=y))
    marks = base.encode(y=y, tooltip=tooltip)
    layers.append(marks.transform_filter("!datum.unfinished").mark_point(filled=True, size=46, opacity=1))
    layers.append(
        marks.transform_filter("datum.unfinished").mark_point(fill="white", size=52, strokeWidth=2, opacity=1)
    )
    layers += _breaks(alt, trend, points, x)
    panel = alt.layer(*layers).properties(width=size, height=220 if len(trend.names) == 1 else 150)
    return panel.properties(title=alt.Title(title, anchor="start", fontSize=12)) if title else panel


def _breaks(alt: Any, trend: Trend, points: list[TrendPoint], x: Any) -> list[Any]:
    """A line before the first period of each new definition."""
    name = points[0].metric.name
    first = [
        next(str(span) for span in trend.periods if mark.first <= span.last)
        for mark in trend.breaks
        if mark.concerns(name)
    ]
    if not first:
        return []
    data = alt.InlineData(values=[{"period": period} for period in dict.fromkeys(first)])
    rule = alt.Chart(data).mark_rule(color=MUTED, strokeDash=[4, 4], strokeWidth=1.2)
    return [rule.encode(x=x.copy(), xOffset=alt.value(0))]


def _values(trend: Trend, points: list[TrendPoint]) -> list[dict[str, Any]]:
    """The points; a line is broken where a value is missing and where the definition changes."""
    lang, stretch = trend.lang, 0
    found: list[dict[str, Any]] = []
    several = len(_units(points)) > 1
    before: TrendPoint | None = None
    for point in points:
        figure = point.figure
        cut = before is None or before.group != point.group or before.figure.value is None
        if before is not None and not cut:
            cut = any(
                m.concerns(point.metric.name) and before.period.first < m.first <= point.period.last
                for m in trend.breaks
            )
        stretch += cut
        before = point
        if figure.value is None:
            continue
        cells, flat = cells_of(figure, lang), flat_of(figure)
        name = group_name(point.group, lang) or point.metric.label.text(lang)
        if several and isinstance(figure, TotalFigure):
            # Sums in different currencies are on one axis, and on no one line.
            name = " ".join([name, *_units([point])])
        limits = (flat.get("lower"), flat.get("upper"))
        found.append(
            {
                "period": str(point.period),
                "group": name,
                "value": float(figure.value),
                "lower": limits[0] if None not in limits else None,
                "upper": limits[1] if None not in limits else None,
                "stretch": f"{name} {stretch}",
                "unfinished": point.state == UNFINISHED,
                "shown": " ".join(
                    filter(None, (cells.value or cells.numerator, _of(cells.numerator, cells.denominator)))
                ),
                "interval": cells.interval,
                "previous": point.on_previous.text(lang),
                "year": point.on_year.text(lang),
            }
        )
    return found


def _units(points: list[TrendPoint]) -> list[str]:
    """What the sums among them are told in."""
    figures = (point.figure for point in points)
    sums = (each for each in figures if isinstance(each, TotalFigure) and each.value is not None)
    return list(dict.fromkeys(name for each in sums for name in each.amounts if name is not None))


def _of(numerator: str, denominator: str) -> str:
    return f"({numerator} / {denominator})" if denominator else ""


def _per_cent(point: TrendPoint) -> bool:
    return isinstance(point.figure, RatioFigure) and point.figure.metric.scale is Scale.PERCENT
