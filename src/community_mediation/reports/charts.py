"""Charts of figures: agreement over each denominator, and the curve behind a median time."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidInput, InvalidQuery, MissingExtra, SetupError
from community_mediation.files import write_whole
from community_mediation.metrics import DurationFigure, ProportionFigure, ResultTable, Survival
from community_mediation.reports.cells import Cells, cells_of, clean
from community_mediation.reports.model import Chart
from community_mediation.reports.words import term

if TYPE_CHECKING:
    import altair

FONT: Final = "Segoe UI, Helvetica Neue, Arial, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
_WIDTH: Final = 640
_INK, _MUTED, _RULE, _MARK, _OTHER = "#1b2733", "#5b6770", "#e3e8ec", "#1f5f8b", "#b5541c"


def proportions_chart(table: ResultTable, *, title: str, section: str = "") -> Chart:
    """The shares of the table's total, each with its interval, its denominator's name and both counts.

    Raises:
        InvalidQuery: No share of the total has a value.
        MissingExtra: The packages of the extra ``charts`` are not installed.
    """
    alt = _altair()
    totals = [
        cells
        for row, cells in zip(table.rows, cells_of(table), strict=True)
        if (row.total or not table.by) and isinstance(row.figure, ProportionFigure)
    ]
    drawn = [cells for cells in totals if cells.value is not None]
    if not drawn:
        raise InvalidQuery("Nothing to draw: no proportion of this table has a value.")
    points = [_point(cells) for cells in drawn]
    told = [term("share with its interval", table.lang)]
    if hidden := len(totals) - len(drawn):
        told.append(f"{hidden} {term('without a figure, not drawn', table.lang)}")
    base = alt.Chart(alt.NamedData("points")).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=14))
    )
    axis = alt.Axis(format=".0%", tickCount=6, gridColor=_RULE, domain=False, ticks=False)
    rule = base.mark_rule(strokeWidth=5, color=_MARK, opacity=0.35).encode(
        x=alt.X("lower:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1])), x2="upper:Q"
    )
    point = base.mark_point(filled=True, size=90, color=_MARK, opacity=1).encode(x="share:Q")
    counts = base.mark_text(align="left", color=_INK, fontSize=12).encode(x=alt.value(452), text="counts:N")
    layered = alt.layer(rule, point, counts).properties(width=440, height=alt.Step(32))
    text = "; ".join(f"{one['label']}: {one['counts']} ({one['interval']})" for one in points)
    return _drawn(
        layered,
        {"points": points},
        title=title,
        subtitle=" · ".join(told),
        description=f"{title}. {text}.",
        section=section,
    )


def _point(cells: Cells) -> dict[str, Any]:
    return {
        "label": cells.label,
        "share": cells.value,
        "lower": cells.lower,
        "upper": cells.upper,
        "interval": cells.interval,
        "counts": f"{cells.count:,} / {cells.of:,}  =  {cells.shown}",
    }


def survival_chart(found: Survival, *, title: str, section: str = "", lang: str = "en") -> Chart:
    """The share still open as time goes on, with its median beside the median of the closed cases alone.

    Raises:
        InvalidQuery: There is no curve: no cases, or nobody said until when open ones were watched.
        MissingExtra: The packages of the extra ``charts`` are not installed.
    """
    alt = _altair()
    figure = found.total
    if found.metric.competing is not None:
        raise InvalidQuery(
            "Other ends compete with this one, and the curve is no share still open. Draw it with its own plot()."
        )
    if figure.unobserved or not figure.estimate.cases:
        raise InvalidQuery(f"Nothing to draw: {figure.reason}.")
    unit = term(figure.metric.unit.value, lang)
    curve = alt.Chart(alt.NamedData("steps")).encode(
        x=alt.X(
            "time:Q",
            title=f"{term('time', lang)} ({unit})",
            axis=alt.Axis(grid=False, domainColor=_MUTED, tickColor=_MUTED),
            scale=alt.Scale(nice=False, zero=True),
        )
    )
    axis = alt.Axis(format=".0%", tickCount=4, gridColor=_RULE, domain=False, ticks=False)
    y = alt.Y("open:Q", title=term("share still open", lang), axis=axis, scale=alt.Scale(domain=[0, 1]))
    band = curve.mark_area(interpolate="step-after", color=_MARK, opacity=0.18).encode(
        y=alt.Y("lower:Q", title=term("share still open", lang), axis=axis), y2="upper:Q"
    )
    line = curve.mark_line(interpolate="step-after", color=_MARK, strokeWidth=2).encode(y=y)
    medians = _medians(figure, unit, lang)
    layers = [band, line]
    for place, one in enumerate(medians):
        mark = alt.Chart(alt.NamedData(one["name"]))
        dash = [5, 4] if one["name"] == "closed" else [1, 0]
        layers.append(mark.mark_rule(color=one["colour"], strokeDash=dash, strokeWidth=1.5).encode(x="time:Q"))
        # Top right: a curve that falls leaves it free. The halo keeps a line behind from crossing the words.
        for halo in ({"stroke": "white", "strokeWidth": 5, "color": "white"}, {"color": one["colour"]}):
            words = mark.mark_text(align="right", fontSize=12, fontWeight=600, **halo)
            layers.append(words.encode(x=alt.value(_WIDTH - 4), y=alt.value(14 + 20 * place), text="text:N"))
    estimate = figure.estimate
    told = (
        f"{estimate.cases:,} {term('cases', lang)}, {estimate.ended:,} {term('ended', lang)}, "
        f"{estimate.censored:,} {term('still open', lang)} · Kaplan-Meier, {term('pointwise limits', lang)} "
        f"{100 * estimate.level:g} %"
    )
    layered = alt.layer(*layers).properties(width=_WIDTH, height=300)
    words = "; ".join(one["text"] for one in medians) or f"{term('median', lang)}: {term('not reached', lang)}"
    data = {"steps": _steps(figure), **{one["name"]: [one] for one in medians}}
    description = f"{title}. {told}. {words}."
    return _drawn(layered, data, title=title, subtitle=told, description=description, section=section)


def _steps(figure: DurationFigure) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = [{"time": 0.0, "open": 1.0, "lower": 1.0, "upper": 1.0}]
    for step in figure.estimate.steps:
        known = step.lower is not None and step.upper is not None
        points.append(
            {
                "time": figure.in_unit(step.time),
                "open": step.survival,
                "lower": step.lower if known else step.survival,
                "upper": step.upper if known else step.survival,
            }
        )
    return points


def _medians(figure: DurationFigure, unit: str, lang: str) -> list[dict[str, Any]]:
    found = []
    if figure.value is not None:
        text = f"{term('median', lang)} {figure.printed(figure.estimate.median)} {unit}"
        found.append({"name": "all", "time": figure.value, "text": text, "colour": _MARK})
    if figure.closed_only is not None and figure.estimate.censored:
        alone, short = term("closed cases alone", lang), term("too short", lang)
        text = f"{alone} {figure.printed(figure.closed_only)} {unit}, {short}"
        found.append({"name": "closed", "time": figure.closed_only_value, "text": text, "colour": _OTHER})
    return found


def write_chart(chart: Chart, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a chart as ``.svg``, or as ``.png`` in twice its size.

    Raises:
        InvalidInput: Another ending, or there is a file already and *overwrite* was not asked for.
        SetupError: A PNG with Chinese text on a machine without a Chinese font would show boxes.
        StoreFull, StoreUnavailable: The file cannot be written.
        MissingExtra: A PNG needs the extra ``charts``.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".svg":
        return write_whole(path, chart.svg.encode(), overwrite=overwrite)
    if suffix != ".png":
        raise InvalidInput(f"{Path(path).name}: charts are written as .svg or .png. Choose one of these endings.")
    if any("\u2e80" <= letter <= "\uffef" for letter in chart.svg) and not has_chinese_font():
        raise SetupError(
            "The chart has Chinese text, and this machine has no font for it. Install one (such as Noto Sans CJK),"
            " or write the chart as .svg, which takes the fonts of whoever opens it."
        )
    return write_whole(path, _png(chart.svg), overwrite=overwrite)


@cache
def has_chinese_font() -> bool:
    """Whether pictures made here can show Chinese: without a font, all characters come out as the same box.

    Raises:
        MissingExtra: The packages of the extra ``charts`` are not installed.
    """
    one, other = (
        _png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="4" y="30" font-family="{FONT}" font-size="24">{letter}</text></svg>'
        )
        for letter in "调书"
    )
    return one != other


def _png(svg: str) -> bytes:
    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("Charts", "charts") from None
    return bytes(vl_convert.svg_to_png(svg, scale=2))


def _altair() -> Any:
    try:
        import altair
        import vl_convert  # noqa: F401
    except ImportError:
        raise MissingExtra("Charts", "charts") from None
    return altair


def _drawn(
    layered: altair.LayerChart, data: dict[str, Any], *, title: str, subtitle: str, description: str, section: str
) -> Chart:
    import altair as alt
    import vl_convert

    title = clean(title)
    heading = alt.Title(title, subtitle=subtitle, anchor="start", frame="group", offset=16)
    text: dict[str, Any] = {"labelFont": FONT, "titleFont": FONT, "labelColor": _INK, "titleColor": _MUTED}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 420}
    looks = {"font": FONT, "fontSize": 15, "color": _INK, "subtitleFont": FONT, "subtitleFontSize": 12}
    whole = (
        layered.properties(title=heading, padding=8)
        .configure_view(stroke=None)
        .configure_axis(**text, **sizes)
        .configure_title(**looks, subtitleColor=_MUTED)
        .configure_text(font=FONT)
    )
    # The values are put in last: Altair copies and checks whatever it is given, again at every step.
    svg = vl_convert.vegalite_to_svg({**whole.to_dict(), "datasets": data})
    return Chart(title=title, description=clean(description), svg=svg, section=section)
