"""The proportions of a table as a chart: a point with its interval for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._lines import line_of
from community_mediation.metrics._text import caption

if TYPE_CHECKING:
    import altair

    from community_mediation.metrics._result_table import ResultTable


def plot(table: ResultTable) -> altair.LayerChart | altair.FacetChart:
    """Build the chart; shares without a value are not drawn, and the subtitle says how many."""
    try:
        import altair as alt
    except ImportError:
        raise MissingExtra("Charts", "charts") from None
    points = []
    hidden = 0
    for row in table.rows:
        figure = row.figure
        if not isinstance(figure, ProportionFigure):
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
    title = alt.Title(caption(table), subtitle=[f"{hidden} without a value, not drawn"] if hidden else [])
    if table.by:
        return layered.facet(row=alt.Row("metric:N", title=None, sort=None)).properties(title=title)
    return layered.properties(title=title)
