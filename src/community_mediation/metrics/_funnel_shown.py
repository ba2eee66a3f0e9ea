"""A funnel in words, as a frame and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, Final

from community_mediation.metrics._explain import ended, in_total, named, when_of
from community_mediation.metrics._export import framed, group_columns, jsonable, observed
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._funnel import REST, Funnel, FunnelUnit
from community_mediation.metrics._funnel_limits import FunnelLimits
from community_mediation.metrics._funnel_units import Alarms
from community_mediation.metrics._lines import basis_word, cells_of, group_text
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._records import record_of
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._sheet import Sheet
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import joined, reason, say, word

FORMAT: Final = "community-mediation/funnel"
VERSION: Final = 1


def caption(funnel: Funnel, *, labelled: bool = True) -> str:
    """What is compared; a chart has the label of the metric as its title."""
    lang = funnel.lang
    period = word("whole period", lang) if funnel.period is None else f"{word('period', lang)} {funnel.period}"
    reading = f"{word('on-the-spot settlements', lang)}: {word(funnel.on_the_spot.value, lang).replace('_', ' ')}"
    order = word(f"in order of {funnel.order}, not a ranking", lang)
    what = f"{funnel.metric.label.text(lang)}, " if labelled else ""
    return f"{word('Funnel', lang)}: {what}{period}; {reading}; {order}"


def sheet(funnel: Funnel) -> Sheet:
    """The funnel to be printed."""
    lang = funnel.lang
    headings = [*funnel.by, *(word(name, lang) for name in ("count", "of", "value"))]
    headings += [f"{100 * level:g} % {word('control limits', lang)}" for level in _levels(funnel)]
    if funnel.target is None:
        headings.append(word("the rest", lang))
    headings.append(word("where", lang))
    rows = []
    for unit in funnel.units:
        cells = cells_of(unit.figure, lang)
        row = [*(group_text(value, lang) for value in unit.group)]
        if unit.point is None:
            why = reason(unit.figure.reason, lang) if unit.figure.reason else word("too few to be judged", lang)
            blank = [""] * (len(_levels(funnel)) + (funnel.target is None))
            rows.append([*row, cells.numerator, cells.denominator, "", *blank, why])
            continue
        row += [cells.numerator, cells.denominator, cells.value]
        row += [_limits(each) for each in unit.point.limits]
        if funnel.target is None:
            row.append(_percent(unit.point.target))
        rows.append([*row, _where(unit.outside, lang)])
    left = {*range(len(funnel.by)), len(headings) - 1}
    return Sheet(caption=caption(funnel), headings=headings, rows=rows, left=left, said=remarks(funnel), lang=lang)


def _levels(funnel: Funnel) -> tuple[float, ...]:
    return tuple(alarms.level for alarms in funnel.alarms)


def _limits(limits: FunnelLimits) -> str:
    return f"{half_up(Fraction(100 * limits.lower), 1)}–{_percent(limits.upper)}"


def _percent(value: float | Fraction) -> str:
    return f"{half_up(Fraction(100 * value), 1)} %"


def _where(text: str, lang: str) -> str:
    where, _, level = text.partition(" ")
    return say(f"{where} {{}}", lang, level) if where else ""


def remarks(funnel: Funnel) -> list[str]:
    """What is said of the whole."""
    lang = funnel.lang
    said = [target_line(funnel)]
    said += [_alarm_line(alarms, half_up(Fraction(alarms.expected), 1), lang) for alarms in funnel.alarms]
    said.append(dispersion_line(funnel))
    small = [unit for unit in funnel.not_judged if not unit.figure.reason]
    if small:
        counts = (_minimum(funnel), len(small), sum(unit.size for unit in small))
        said.append(say("units below {} cases, not judged: {}, with {} cases", lang, *counts))
    if funnel.nowhere is not None:
        said.append(say("cases of no unit: {}", lang, f"{funnel.nowhere.denominator:,}"))
    note = cells_of(funnel.total, lang).note
    said.append(f"{word('total', lang)}: {note}")
    if crowded(funnel):
        said.append(word("several rows are of one case: the limits are too narrow", lang))
    if funnel.confidential:
        said.append(word("It shows persons: not for a public report", lang))
    return [*said, *unfinished_line(funnel)]


def _alarm_line(alarms: Alarms, expected: str, lang: str) -> str:
    how = word("exact" if alarms.exact else "nominal", lang)
    return say(
        "{} of {} units outside the {} limits; {} expected by chance alone ({})",
        lang,
        alarms.seen,
        alarms.units,
        f"{100 * alarms.level:g} %",
        expected,
        how,
    )


def target_line(funnel: Funnel) -> str:
    """What units are compared with."""
    lang = funnel.lang
    if funnel.target is None:
        return word("Each unit is compared with the rest (hypergeometric limits)", lang)
    text = "target {}: all units together (binomial limits)" if funnel.stated == "overall" else (
        "target {}: given (binomial limits)"
    )  # fmt: skip
    return say(text, lang, _percent(funnel.target))


def dispersion_line(funnel: Funnel) -> str:
    """Whether units vary more than by chance, by which formula, and what was done about it."""
    lang, found = funnel.lang, funnel.found.over_dispersion
    if found is None:
        return word("over-dispersion: cannot be told from so few units", lang)
    text = say(
        "over-dispersion: phi = {} (mean of the squared scores, {} % winsorised at either end; 1 by chance alone), "
        "tau = {} (DerSimonian and Laird)",
        lang,
        f"{found.phi:.2f}",
        f"{100 * found.winsorised:g}",
        f"{found.tau_squared**0.5:.3f}",
    )
    widened = funnel.found.widened
    return f"{text}; {word(f'limits widened, {widened}' if widened else 'limits not widened', lang)}"


def _minimum(funnel: Funnel) -> str:
    return f"{funnel.found.minimum:g}"


def crowded(funnel: Funnel) -> bool:
    """Whether a unit holds several rows of one case, which are not independent."""
    shares = (unit.figure for unit in funnel.judged)
    return any(
        isinstance(each, ProportionFigure) and each.clusters is not None and each.clusters < each.denominator
        for each in shares
    )


def explained(funnel: Funnel) -> str:
    """One sentence."""
    metric, lang = funnel.metric, funnel.lang
    judged, left = funnel.judged, funnel.not_judged
    against = word("the rest of all units", lang)
    if funnel.target is not None:
        against = say(f"{{}} ({funnel.stated})", lang, _percent(funnel.target))
    told = [
        say(
            "{}, counted over {} ({}), {}, by {}: {} units with {} in the denominator, each compared with {}",
            lang,
            named(metric, lang),
            funnel.total.denominator_name.text(lang),
            basis_word(metric, lang),
            when_of(funnel.period, lang),
            joined(funnel.by, " and ", lang),
            len(judged),
            f"{sum(unit.size for unit in judged):,}",
            against,
        )
    ]
    told += unfinished_line(funnel)
    told += [_alarm_line(alarms, half_up(Fraction(alarms.expected), 1), lang) for alarms in funnel.alarms]
    if left:
        words = "{} units not judged (below {}, or without a share)"
        told.append(say(words, lang, len(left), _minimum(funnel)))
    if funnel.nowhere is not None:
        told.append(say("{} of no unit left out", lang, f"{funnel.nowhere.denominator:,}"))
    told.append(in_total(funnel.total, lang))
    told += [word("it shows persons and is not for a public report", lang)] if funnel.confidential else []
    return ended(told, metric, lang)


def to_frame(funnel: Funnel) -> Any:
    """One row for each unit; a unit that is not judged has no limits."""
    names = {level: f"{100 * level:g}".replace(".", "_") for level in _levels(funnel)}
    kinds = {"count": "int", "size": "int", "value": "float", "judged": "bool", "target": "float", "score": "float"}
    kinds |= {f"{side}_{name}": "float" for name in names.values() for side in ("lower", "upper")}
    kinds |= {"outside": "text", "reason": "text"}
    records = [_record(funnel, unit, names) for unit in funnel.units]
    data, first = group_columns(funnel.by, [unit.group for unit in funnel.units], kinds)
    data |= {name: [record.get(name) for record in records] for name in kinds}
    return framed(data, {**first, **kinds}, funnel.kind)


def _record(funnel: Funnel, unit: FunnelUnit, names: dict[float, str]) -> dict[str, Any]:
    figure, point = unit.figure, unit.point
    found = {
        "count": figure.numerator,
        "size": figure.denominator,
        "value": None if figure.value is None else float(figure.value),
        "judged": point is not None,
        "outside": unit.outside or None,
        "reason": figure.reason or (f"below {_minimum(funnel)}" if point is None else None),
    }
    if point is not None:
        found |= {"target": point.target, "score": point.score}
        for limits in point.limits:
            found |= {f"lower_{names[limits.level]}": limits.lower, f"upper_{names[limits.level]}": limits.upper}
    return found


def to_json(funnel: Funnel) -> str:
    """Keys in a fixed order, one line for each unit."""
    spread = funnel.found.over_dispersion
    head = {
        "format": FORMAT,
        "version": VERSION,
        "metric": funnel.metric.name,
        "metric_version": funnel.metric.version,
        "period": None if funnel.period is None else str(funnel.period),
        "on_the_spot": funnel.on_the_spot.value,
        **observed(funnel),
        "by": list(funnel.by),
        "order": funnel.order,
        "target": None if funnel.target is None else float(funnel.target),
        "stated": REST if funnel.target is None else funnel.stated,
        "minimum": funnel.found.minimum,
        "widened": funnel.found.widened,
        "over_dispersion": None
        if spread is None
        else {"phi": spread.phi, "tau_squared": spread.tau_squared, "winsorised": spread.winsorised},
        "alarms": [
            {
                "level": each.level,
                "units": each.units,
                "seen": each.seen,
                "expected": each.expected,
                "exact": each.exact,
            }
            for each in funnel.alarms
        ],
        "confidential": funnel.confidential,
        "total": _share(funnel.total),
        "of_no_unit": None if funnel.nowhere is None else _share(funnel.nowhere),
    }
    rows = ",\n".join(f"  {_line(unit)}" for unit in funnel.units)
    return json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1] + f', "units": [\n{rows}\n]}}'


def _share(figure: ProportionFigure | ShareFigure) -> dict[str, Any]:
    return record_of(figure)


def _line(unit: FunnelUnit) -> str:
    point = unit.point
    record = {
        "group": [jsonable(value) for value in unit.group],
        "figure": _share(unit.figure),
        "target": None if point is None else point.target,
        "score": None if point is None else point.score,
        "limits": []
        if point is None
        else [{"level": each.level, "lower": each.lower, "upper": each.upper} for each in point.limits],
        "outside": unit.outside,
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)
