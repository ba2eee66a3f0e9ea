"""The ladder as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import group_name
from community_mediation.metrics._charts import INK, MARK, altair, folded, titled
from community_mediation.metrics._definitions import RUNG_LABELS
from community_mediation.metrics._ladder import Ladder, Standing
from community_mediation.metrics._ladder_shown import caption, reach_line
from community_mediation.metrics._lines import share_limits
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import say, word

if TYPE_CHECKING:
    import altair as alt_types


def plot(ladder: Ladder) -> alt_types.LayerChart | alt_types.FacetChart:
    """A bar of the cases on each rung; the agreed ones dark, with their share."""
    alt = altair()
    lang = ladder.lang
    if not any(each.cases for each in ladder.rungs):
        raise InvalidQuery("Nothing to draw: no case stands on any rung.")
    values = [_value(ladder, each) for each in ladder.rungs]
    many = len(ladder.readings) > 1 or bool(ladder.by)
    agreed, others = word("agreed, in full or in part", lang), word("others on the rung", lang)
    bars = [
        {"rung": each["rung"], "panel": each["panel"], "part": part, "cases": count, "order": order, **_told(each)}
        for each in values
        for order, (part, count) in enumerate(((agreed, each["agreed"]), (others, each["cases"] - each["agreed"])))
    ]
    y = alt.Y("rung:N", title=None, sort=None, axis=alt.Axis(labelPadding=10))
    colour = alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(domain=[agreed, others], range=[MARK, "#b9cfdd"]),
        legend=alt.Legend(orient="top", direction="horizontal"),
    )
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in _titles(lang).items()]
    x = alt.X("cases:Q", title=word("cases", lang), axis=alt.Axis(tickMinStep=1), stack="zero")
    data = alt.InlineData(values=[*bars, *({**each, "part": None} for each in values)])
    base = alt.Chart(data)
    bar = base.transform_filter("datum.part != null").mark_bar(height={"band": 0.66})
    bar = bar.encode(x=x, y=y, color=colour, order="order:Q", tooltip=tooltip)
    text = base.transform_filter("datum.part == null").mark_text(align="left", dx=6, color=INK)
    text = text.encode(x=alt.X("cases:Q"), y=y, text="told:N")
    layered = alt.layer(bar, text).properties(width=460, height=alt.Step(30))
    chart = layered
    if many:
        chart = layered.facet(row=_row(alt, [each["panel"] for each in values]))
    told = [part for reading in ladder.readings for part in folded(reach_line(ladder, reading))]
    return titled(chart, caption(ladder), [*told, *unfinished_line(ladder)])  # type: ignore[no-any-return]


def _row(alt: Any, panels: list[str]) -> Any:
    header = alt.Header(orient="top", labelAngle=0, labelAnchor="start")
    return alt.Row("panel:N", title=None, sort=list(dict.fromkeys(panels)), header=header)


def _value(ladder: Ladder, each: Standing) -> dict[str, Any]:
    lang, figure = ladder.lang, each.agreement
    reading = word(each.reading.value, lang).replace("_", " ")
    name = word("total", lang) if each.total else group_name(each.group, lang)
    parts = [name] if ladder.by else []
    parts += [f"{word('on-the-spot settlements', lang)}: {reading}"] if len(ladder.readings) > 1 else []
    counts = "" if figure.reason else f"{figure.numerator:,} / {figure.denominator:,} = {figure.percent()} %"
    unknown = say("{} unknown", lang, f"{each.unknown:,}") if each.unknown else ""
    return {
        "rung": RUNG_LABELS[each.rung].text(lang),
        "panel": "; ".join(parts),
        "cases": each.cases,
        "agreed": figure.numerator,
        "counts": counts or figure.reason,
        "interval": share_limits(figure.interval),
        "unknown": f"{each.unknown:,}",
        "told": "   ".join(filter(None, (counts, unknown))),
    }


def _told(each: dict[str, Any]) -> dict[str, Any]:
    return {name: each[name] for name in ("counts", "interval", "unknown")}


def _titles(lang: str) -> dict[str, str]:
    shown = {"rung": "rung", "part": "metric", "cases": "cases"}
    shown |= {"counts": "value", "interval": "interval", "unknown": "unknown"}
    return {name: word(title, lang) for name, title in shown.items()}
