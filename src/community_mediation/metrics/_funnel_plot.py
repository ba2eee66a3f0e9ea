"""A funnel as a chart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from community_mediation.metrics._asking import group_name
from community_mediation.metrics._charts import INK, MARK, MUTED, OTHER, altair, folded, titled
from community_mediation.metrics._funnel import Funnel
from community_mediation.metrics._funnel_limits import law_against_rest, law_of_share
from community_mediation.metrics._funnel_shown import _where, caption, crowded, dispersion_line, remarks, target_line
from community_mediation.metrics._funnel_units import limits_at
from community_mediation.metrics._lines import cells_of
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import say, word

if TYPE_CHECKING:
    import altair as alt_types

_STEPS: Final = 120
_SKEWED: Final = 100


def plot(funnel: Funnel) -> alt_types.LayerChart:
    """Each unit at its size and share; the limits as curves; the names of those outside."""
    alt = altair()
    lang = funnel.lang
    points = [_point(funnel, unit, lang) for unit in funnel.judged]
    curves = _curves(funnel)
    lows = [each["value"] for each in points] + [
        each["value"] for each in curves if each["size"] >= points_from(points)
    ]
    low, high = max(0.0, min(lows) - 0.03), min(1.0, max(lows) + 0.03)
    # Where the largest unit dwarfs the others, a straight axis would heap them all up at its beginning.
    skewed = max(each["size"] for each in points) > _SKEWED * points_from(points)
    scale = alt.Scale(type="log") if skewed else alt.Scale(zero=True, nice=True)
    x = alt.X("size:Q", title=funnel.total.denominator_name.text(lang), scale=scale, axis=alt.Axis(format=",~f"))
    y = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[math.floor(low * 20) / 20, math.ceil(high * 20) / 20]),
    )
    levels = [f"{100 * alarms.level:g} % {word('control limits', lang)}" for alarms in funnel.alarms]
    dashes = [[5, 4], [1, 0], [2, 2], [8, 3]][: len(levels)]
    line = alt.Chart(alt.InlineData(values=curves)).mark_line(
        strokeWidth=1.4, color=MUTED, interpolate="monotone", clip=True
    )
    line = line.encode(
        x=x,
        y=y,
        detail="side:N",
        strokeDash=alt.StrokeDash(
            "level:N",
            title=None,
            scale=alt.Scale(domain=levels, range=dashes),
            legend=alt.Legend(orient="top", symbolStrokeColor=MUTED),
        ),
    )
    centre = alt.Chart(alt.InlineData(values=[{"value": funnel.found.centre}]))
    rule = centre.mark_rule(color=INK, strokeWidth=1).encode(y=y)
    base = alt.Chart(alt.InlineData(values=points)).encode(x=x, y=y)
    colour = alt.condition("datum.outside != ''", alt.value(OTHER), alt.value(MARK))
    titles = {"unit": " / ".join(funnel.by), "counts": word("count", lang), "share": word("value", lang)}
    titles |= {"where": word("where", lang), "note": word("note", lang)}
    mark = base.mark_point(filled=True, size=60, opacity=0.85).encode(
        color=colour, tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]
    )
    named = base.transform_filter("datum.outside != ''")
    # A halo keeps the names readable where curves cross them.
    halo = named.mark_text(align="left", dx=8, fontSize=11, stroke="white", strokeWidth=4, color="white")
    text = named.mark_text(align="left", dx=8, fontSize=11, color=OTHER)
    layers = [rule, line, mark, *(one.encode(text="unit:N") for one in (halo, text))]
    chart = alt.layer(*layers).properties(width=620, height=360)
    return titled(chart, funnel.metric.label.text(lang), _told(funnel))  # type: ignore[no-any-return]


def points_from(points: list[dict[str, Any]]) -> float:
    """The size from which on the limits must be in the picture: those of smaller units may leave it."""
    return float(min(each["size"] for each in points))


def _told(funnel: Funnel) -> list[str]:
    lang = funnel.lang
    said = [caption(funnel, labelled=False), *remarks(funnel)[: 1 + len(funnel.alarms)], dispersion_line(funnel)]
    small = [unit for unit in funnel.not_judged if not unit.figure.reason]
    if small:
        cases = sum(unit.size for unit in small)
        minimum = f"{funnel.found.minimum:g}"
        said.append(say("units below {} cases, not judged: {}, with {} cases", lang, minimum, len(small), cases))
    if crowded(funnel):
        said.append(word("several rows are of one case: the limits are too narrow", lang))
    if funnel.confidential:
        said.append(word("It shows persons: not for a public report", lang))
    said += unfinished_line(funnel)
    assert target_line(funnel) in said
    return [line for text in said for line in folded(text)]


def _point(funnel: Funnel, unit: Any, lang: str) -> dict[str, Any]:
    cells = cells_of(unit.figure, lang)
    return {
        "unit": group_name(unit.group, lang),
        "size": unit.size,
        "value": float(unit.figure.value),
        "outside": unit.outside,
        "counts": f"{cells.numerator} / {cells.denominator}",
        "share": cells.value,
        "where": _where(unit.outside, lang),
        "note": cells.note,
    }


def _curves(funnel: Funnel) -> list[dict[str, Any]]:
    """The limits at sizes from the minimum to the largest unit, for each level and side."""
    found, judged = funnel.found, funnel.judged
    counts = [(unit.figure.numerator, unit.size) for unit in funnel.units if not unit.figure.reason]
    whole = (sum(count for count, _ in counts), sum(size for _, size in counts))
    largest = max(unit.size for unit in judged)
    first = max(1, min(math.ceil(found.minimum), *(unit.size for unit in judged)))
    # Closer where the curves bend: at small sizes.
    sizes = sorted(
        {round(first * (largest / first) ** (step / _STEPS)) for step in range(_STEPS + 1)} | {first, largest}
    )
    levels = [alarms.level for alarms in funnel.alarms]
    curves = []
    for size in sizes:
        law = law_against_rest(size, whole) if funnel.target is None else law_of_share(size, float(funnel.target))
        for limits in limits_at(law, size, levels, found.centre, found.over_dispersion, found.widened):
            level = f"{100 * limits.level:g} % {word('control limits', funnel.lang)}"
            for side in ("lower", "upper"):
                curves.append({"size": size, "value": getattr(limits, side), "level": level, "side": f"{side} {level}"})
    return curves
