"""A trend in words, as a frame and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from community_mediation.metrics._calendar import Every
from community_mediation.metrics._explain import ended, named, rows_word
from community_mediation.metrics._export import framed, group_columns, jsonable
from community_mediation.metrics._figures import DurationFigure, Figure, IncidenceFigure, ProportionFigure, Row
from community_mediation.metrics._lines import basis_word, cells_of, group_text, method_of
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._movements import Movement, NoChange
from community_mediation.metrics._records import flat_of, record_of
from community_mediation.metrics._sheet import Sheet
from community_mediation.metrics._trend import NOT_BEGUN, UNFINISHED, Trend, TrendPoint
from community_mediation.metrics._words import say, word

FORMAT: Final = "community-mediation/trend"
VERSION: Final = 1

_FIGURES: Final = {
    "total": "bool",
    "metric": "text",
    "version": "int",
    "period": "text",
    "first": "date",
    "last": "date",
    "state": "text",
    "count": "int",
    "numerator": "int",
    "denominator": "int",
    "value": "float",
    "lower": "float",
    "upper": "float",
    "unit": "text",
    "reason": "text",
    "open": "int",
    "unknown": "int",
}
_MOVED: Final = {"kind": "text", "change": "float", "lower": "float", "upper": "float", "reason": "text"}


def caption(trend: Trend) -> str:
    """What it is about."""
    lang = trend.lang
    span = f"{trend.periods[0]} – {trend.periods[-1]}"
    reading = f"{word('on-the-spot settlements', lang)}: {word(trend.on_the_spot.value, lang).replace('_', ' ')}"
    return f"{word('Trend', lang)}, {word(f'by {trend.every}', lang)}, {span}; {reading}"


def sheet(trend: Trend) -> Sheet:
    """The trend to be printed."""
    lang, several = trend.lang, len(trend.names) > 1
    extra = [name for name, count in (("open", open_of), ("unknown", unknown_of)) if _any(trend, count)]
    headings = [*trend.by, *([word("metric", lang)] if several else []), word("period", lang)]
    left = range(len(headings))
    headings += [word(name, lang) for name in ("count", "of", "value", "interval", *extra)]
    headings += [word(name, lang) for name in _moved_names(trend)]
    rows, notes = [], []
    for point in trend.points:
        cells = cells_of(point.figure, lang)
        figures = [cells.numerator, cells.denominator, cells.value, cells.interval]
        more = [_some(open_of(point.figure)), _some(unknown_of(point.figure))]
        if point.state == NOT_BEGUN:
            figures, more = ["", "", "", ""], ["", ""]
        moved = {"on the period before": point.on_previous, "on the year before": point.on_year}
        rows.append(
            [
                *_group(trend, point),
                *([point.metric.label.text(lang)] if several else []),
                f"{point.period} ({word(point.state, lang)})" if point.state else str(point.period),
                *figures,
                *(more[index] for index, name in enumerate(("open", "unknown")) if name in extra),
                *(_cell(point, moved[name], lang) for name in _moved_names(trend)),
            ]
        )
        notes.append(_over(point.figure, lang))
    if len(set(notes)) == 1:
        said, notes = [text for text in notes[:1] if text], []
    else:
        said = []
    return Sheet(
        caption=_head(trend),
        headings=headings,
        rows=rows,
        notes=notes,
        left=left,
        said=[*said, *remarks(trend)],
        lang=lang,
    )


def _head(trend: Trend) -> str:
    names = [point.metric.label.text(trend.lang) for point in trend.points[:1]]
    return caption(trend) if len(trend.names) > 1 else f"{names[0]}. {caption(trend)}"


def _moved_names(trend: Trend) -> tuple[str, ...]:
    """Of years, both are one."""
    return ("on the year before",) if trend.every is Every.YEAR else ("on the period before", "on the year before")


def _group(trend: Trend, point: TrendPoint) -> list[str]:
    if not trend.by:
        return []
    if point.total:
        return [word("total", trend.lang), *[""] * (len(trend.by) - 1)]
    return [group_text(value, trend.lang) for value in point.group]


def _cell(point: TrendPoint, found: Movement, lang: str) -> str:
    if point.state == NOT_BEGUN:
        return ""
    return "–" if found.reason is NoChange.FIRST else found.text(lang)


def _any(trend: Trend, count: Any) -> bool:
    return any(count(point.figure) for point in trend.points)


def _some(count: int) -> str:
    return f"{count:,}" if count else ""


def open_of(figure: Figure) -> int:
    """How many are not decided yet."""
    if isinstance(figure, ProportionFigure):
        return figure.open
    if isinstance(figure, DurationFigure):
        return figure.estimate.censored
    if isinstance(figure, IncidenceFigure):
        return figure.incidence.censored
    return figure.not_due if isinstance(figure, ShareFigure) else 0


def unknown_of(figure: Figure) -> int:
    """Of how many something is not known."""
    named = (getattr(figure, name, 0) for name in ("unknown", "missing", "unnamed", "off_scale", "unobserved"))
    return sum(named) + figure.undated


def _over(figure: Figure, lang: str) -> str:
    if isinstance(figure, ProportionFigure | ShareFigure):
        text = f"{word('counted over', lang)}: {figure.denominator_name.text(lang)}"
        return f"{text} ({basis_word(figure.metric, lang)})"
    return ""


def remarks(trend: Trend) -> list[str]:
    """What is said of the whole: where definitions change, up to when it was watched, and how limits were found."""
    lang = trend.lang
    said = [say("from {} on: {}; no movement crosses it", lang, mark.first, mark.text(lang)) for mark in trend.breaks]
    mixed = [str(span) for span in trend.periods if any(mark.within(span) for mark in trend.breaks)]
    if mixed:
        said.append(say("both definitions are in {}", lang, ", ".join(mixed)))
    if trend.watched_through is None:
        said.append(word("nobody said until when it was watched: the last periods may not be finished", lang))
    else:
        said.append(say("watched through {}", lang, trend.watched_through))
    if _any(trend, open_of):
        said.append(word("open cases are not decided: figures of young periods still move", lang))
    methods = {f"{one}" for point in trend.points if (one := method_of(_row(point), lang))}
    if methods:
        said.append(f"{word('limits', lang)}: {'; '.join(sorted(methods))}")
    moved = {one.method for point in trend.points for one in (point.on_previous, point.on_year) if one.method}
    if moved:
        said.append(f"{word('limits of movements', lang)}: {'; '.join(word(one, lang) for one in sorted(moved))}")
    return said


def _row(point: TrendPoint) -> Row:
    return Row(group=point.group, total=point.total, figure=point.figure)


def explained(trend: Trend) -> str:
    """A sentence for each metric, about the total."""
    return "\n".join(_sentence(trend, trend.series(name)) for name in trend.names)


def _sentence(trend: Trend, points: Sequence[TrendPoint]) -> str:
    lang, metric, first = trend.lang, points[-1].metric, points[0].figure
    seen = [point for point in points if point.state != NOT_BEGUN]
    opened, unknown = (sum(count(point.figure) for point in seen) for count in (open_of, unknown_of))
    told = [
        say(
            "{}: {}, for each {} from {} to {}",
            lang,
            named(metric, lang),
            metric.label.text(lang),
            word(trend.every.value, lang),
            trend.periods[0],
            trend.periods[-1],
        )
    ]
    basis = basis_word(metric, lang)
    if isinstance(first, ProportionFigure | ShareFigure):
        told[0] += say(", counted over {} ({})", lang, first.denominator_name.text(lang), basis)
    else:
        told[0] += say(", of {} ({})", lang, rows_word(metric, lang), basis)
    counts = [
        ("{} open in all", opened),
        ("{} unknown or undated in all", unknown),
        ("{} periods without a figure", sum(1 for point in seen if point.figure.value is None)),
    ]
    told += [say(text, lang, f"{count:,}") for text, count in counts if count]
    told += [say(f"{{}} is {UNFINISHED}", lang, point.period) for point in points if point.state == UNFINISHED]
    later = len(points) - len(seen)
    told += [say("{} periods had not begun when it was last watched", lang, later)] if later else []
    crossed = [mark for mark in trend.breaks if mark.concerns(metric.name)]
    told += [say("no movement across {}: {}", lang, mark.first, mark.text(lang)) for mark in crossed]
    return ended(told, metric, lang)


def to_frame(trend: Trend) -> Any:
    """One row for each point; the movements stand in ``previous_…`` and ``year_…``."""
    moved = {f"{name}_{part}": kind for name in ("previous", "year") for part, kind in _MOVED.items()}
    kinds = {**_FIGURES, **moved}
    records = [_record(point) for point in trend.points]
    data, first = group_columns(trend.by, [point.group for point in trend.points], kinds)
    data |= {name: [record.get(name) for record in records] for name in kinds}
    return framed(data, {**first, **kinds}, trend.kind)


def _record(point: TrendPoint) -> dict[str, Any]:
    figure = point.figure
    value = None if figure.value is None else float(figure.value)
    flat = flat_of(figure)
    shown = {name: flat.get(name) for name in ("count", "numerator", "denominator", "lower", "upper", "unit")}
    watched = point.state != NOT_BEGUN
    return {
        **(shown if watched else {}),
        "total": point.total,
        "metric": figure.metric.name,
        "version": figure.metric.version,
        "period": str(point.period),
        "first": point.period.first,
        "last": point.period.last,
        "state": point.state or None,
        "value": value if watched else None,
        "reason": (figure.reason or None) if watched else point.state,
        "open": open_of(figure) if watched else None,
        "unknown": unknown_of(figure) if watched else None,
        **_moved("previous", point.on_previous),
        **_moved("year", point.on_year),
    }


def _moved(name: str, found: Movement) -> dict[str, Any]:
    return {
        f"{name}_kind": None if found.kind is None else found.kind.value,
        f"{name}_change": None if found.value is None else float(found.value),
        f"{name}_lower": found.lower,
        f"{name}_upper": found.upper,
        f"{name}_reason": None if found.reason is None else _why(found.reason, found.what),
    }


def _why(reason: NoChange, what: str) -> str:
    return f"{reason.value}: {what}" if what else reason.value


def to_json(trend: Trend) -> str:
    """Keys in a fixed order, one line for each point."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "every": trend.every.value,
        "first": str(trend.periods[0]),
        "last": str(trend.periods[-1]),
        "on_the_spot": trend.on_the_spot.value,
        "watched_through": None if trend.watched_through is None else trend.watched_through.isoformat(),
        "breaks": [{"first": mark.first.isoformat(), "what": mark.what} for mark in trend.breaks],
        "by": list(trend.by),
    }
    rows = ",\n".join(f"  {line}" for line in _lines(trend.points))
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "points": [\n{rows}\n]}}'


def _lines(points: Iterable[TrendPoint]) -> Iterable[str]:
    for point in points:
        figure = point.figure
        record = {
            "group": [jsonable(value) for value in point.group],
            "total": point.total,
            "period": str(point.period),
            "state": point.state,
            "metric": figure.metric.name,
            "metric_version": figure.metric.version,
            "basis": figure.metric.basis.value,
            **record_of(figure),
            "on_previous": _json(point.on_previous),
            "on_year": _json(point.on_year),
        }
        yield json.dumps(record, ensure_ascii=False, allow_nan=False)


def _json(found: Movement) -> dict[str, Any]:
    if found.value is None:
        return {"value": None, "reason": None if found.reason is None else _why(found.reason, found.what)}
    limits = None
    if found.lower is not None:
        limits = {"lower": found.lower, "upper": found.upper, "method": found.method}
    unit = {"unit": found.unit} if found.unit else {}
    return {"value": float(found.value), "kind": found.kind, **unit, "interval": limits}
