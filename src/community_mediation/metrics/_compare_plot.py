"""A comparison as a chart: the crude share of each unit beside the one adjusted for case mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from community_mediation.metrics._asking import group_name
from community_mediation.metrics._charts import INK, MARK, MUTED, altair, folded, titled
from community_mediation.metrics._compare import ComparedUnit, Comparison
from community_mediation.metrics._compare_shown import caption, pair_line, percent
from community_mediation.metrics._lines import share_limits
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import say, word

if TYPE_CHECKING:
    import altair as alt_types


def plot(found: Comparison) -> alt_types.LayerChart:
    """Both shares of each unit that is judged, in order of name."""
    alt = altair()
    lang = found.lang
    crude, adjusted = word("crude", lang), say("adjusted for {}", lang, ", ".join(found.stratified))
    values = [each for unit in found.judged for each in _values(unit, crude, adjusted, lang)]
    units = list(dict.fromkeys(each["unit"] for each in values))
    counts = [sum(each[place] for each in found.whole.values()) for place in (0, 1)]
    y = alt.Y("unit:N", title=None, sort=None, scale=alt.Scale(domain=units), axis=alt.Axis(grid=True))
    offset = alt.YOffset("what:N", sort=None, scale=alt.Scale(domain=[crude, adjusted], paddingInner=0.4))
    scale = alt.Scale(domain=[crude, adjusted], range=[MUTED, MARK])
    colour = alt.Color("what:N", title=None, scale=scale, legend=alt.Legend(orient="top"))
    axis = alt.Axis(format=".0%")
    x = alt.X("share:Q", title=None, axis=axis, scale=alt.Scale(zero=False, nice=True))
    tooltip = [alt.Tooltip(f"{name}:N", title=word(title, lang)) for name, title in _TITLES.items()]
    base = alt.Chart(alt.InlineData(values=values)).encode(y=y, yOffset=offset, color=colour, tooltip=tooltip)
    rule = base.transform_filter("isValid(datum.lower)").mark_rule(strokeWidth=2, opacity=0.55)
    rule = rule.encode(x=alt.X("lower:Q", title=None, axis=axis), x2="upper:Q")
    point = base.mark_point(filled=True, size=58, opacity=1).encode(x=x)
    layers = [rule, point]
    if counts[1]:
        whole = alt.Chart(alt.InlineData(values=[{"share": counts[0] / counts[1]}]))
        layers.insert(0, whole.mark_rule(color=INK, strokeWidth=1, strokeDash=[4, 4]).encode(x=x))
    told = folded(caption(found, labelled=False))
    if counts[1]:
        told += folded(say("dashed: all units together, {}", lang, percent(counts[0] / counts[1])))
    told += folded(pair_line(found, found.pair)) if found.pair is not None else []
    small = [unit for unit in found.units if not unit.judged]
    if small:
        cases = sum(unit.size for unit in small)
        words = "units below {} cases, not judged: {}, with {} cases"
        told += folded(say(words, lang, found.minimum, len(small), cases))
    told += [word("It shows persons: not for a public report", lang)] if found.confidential else []
    told += unfinished_line(found)
    chart = alt.layer(*layers).properties(width=520, height=alt.Step(34, **{"for": "position"}))
    return titled(chart, found.metric.label.text(lang), told)  # type: ignore[no-any-return]


_TITLES = {"unit": "unit", "what": "metric", "shown": "value", "interval": "interval", "counts": "count"}


def _values(unit: ComparedUnit, crude: str, adjusted: str, lang: str) -> list[dict[str, Any]]:
    shares = [(crude, unit.value, unit.crude)]
    if unit.adjusted is not None and unit.adjusted.share is not None:
        shares.append((adjusted, unit.adjusted.share, unit.adjusted.interval))
    return [
        {
            "unit": group_name(unit.group, lang),
            "what": what,
            "share": None if share is None else float(share),
            "lower": None if limits is None else limits.lower,
            "upper": None if limits is None else limits.upper,
            "shown": "" if share is None else percent(share),
            "interval": share_limits(limits),
            "counts": f"{unit.count:,} / {unit.size:,}",
        }
        for what, share, limits in shares
    ]
