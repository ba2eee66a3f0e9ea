"""A comparison in words, as a frame and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from typing import Any, Final

from community_mediation.metrics._compare import ComparedUnit, Comparison
from community_mediation.metrics._explain import ended, in_total, named, when_of
from community_mediation.metrics._export import framed, group_columns, jsonable, observed
from community_mediation.metrics._lines import basis_word, cells_of, group_text, method_told, share_limits
from community_mediation.metrics._records import record_of
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._sheet import Sheet
from community_mediation.metrics._strata import LeftOut, MantelHaenszel
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import joined, say, word

FORMAT: Final = "community-mediation/comparison"
VERSION: Final = 1

_KINDS: Final = {
    "count": "int",
    "size": "int",
    "judged": "bool",
    "value": "float",
    "lower": "float",
    "upper": "float",
    "adjusted": "float",
    "adjusted_lower": "float",
    "adjusted_upper": "float",
    "covered": "float",
    "observed": "int",
    "expected": "float",
    "ratio": "float",
    "ratio_lower": "float",
    "ratio_upper": "float",
    "strata": "int",
    "left_out": "int",
    "reason": "text",
}


def caption(found: Comparison, *, labelled: bool = True) -> str:
    """What is compared; a chart has the label of the metric as its title."""
    lang = found.lang
    period = word("whole period", lang) if found.period is None else f"{word('period', lang)} {found.period}"
    reading = f"{word('on-the-spot settlements', lang)}: {word(found.on_the_spot.value, lang).replace('_', ' ')}"
    mix = say("adjusted for {}", lang, ", ".join(found.stratified))
    order = word("in order of name, not a ranking", lang)
    what = f"{found.metric.label.text(lang)}, " if labelled else ""
    return f"{word('Comparison', lang)}: {what}{mix}, {period}; {reading}; {order}"


def sheet(found: Comparison) -> Sheet:
    """The comparison to be printed."""
    lang = found.lang
    names = ("count", "of", "crude", "interval", "adjusted", "interval", "expected", "observed / expected", "interval")
    headings = [*found.by, *(word(name, lang) for name in names)]
    rows, notes = [], []
    for unit in found.units:
        rows.append([*(group_text(value, lang) for value in unit.group), *_cells(unit, lang)])
        notes.append(_note(unit, lang))
    left = range(len(found.by))
    said = remarks(found)
    return Sheet(caption=caption(found), headings=headings, rows=rows, notes=notes, left=left, said=said, lang=lang)


def _cells(unit: ComparedUnit, lang: str) -> list[str]:
    counts = [f"{unit.count:,}", f"{unit.size:,}"]
    if unit.adjusted is None or unit.expected is None or unit.value is None:
        return [*counts, word("too few to be judged", lang), *[""] * 6]
    adjusted, expected = unit.adjusted, unit.expected
    ratio = "" if expected.ratio is None else half_up(expected.ratio, 2)
    limits = ""
    if expected.lower is not None and expected.upper is not None:
        limits = f"{half_up(expected.lower, 2)}–{half_up(expected.upper, 2)}"
    return [
        *counts,
        percent(unit.value),
        share_limits(unit.crude),
        word("no stratum in common", lang) if adjusted.share is None else percent(adjusted.share),
        share_limits(adjusted.interval),
        half_up(expected.expected, 1),
        ratio,
        limits,
    ]


def percent(value: Fraction | float) -> str:
    """A share, with one decimal."""
    return f"{half_up(Fraction(100 * value), 1)} %"


def _note(unit: ComparedUnit, lang: str) -> str:
    if unit.adjusted is None or unit.expected is None:
        return ""
    told = []
    if unit.adjusted.covered != 1:
        told.append(
            say("adjusted to {} of all cases: the unit has none of the others", lang, percent(unit.adjusted.covered))
        )
    told += [_lost(each, lang) for each in unit.adjusted.left_out]
    if unit.expected.reason:
        told.append(word(unit.expected.reason, lang))
    own = [
        each for each in unit.expected.left_out if each.stratum not in {one.stratum for one in unit.adjusted.left_out}
    ]
    told += [_lost(each, lang) for each in own]
    return "; ".join(told)


def _lost(each: LeftOut, lang: str) -> str:
    return say("{}: {}, {} cases left out", lang, each.stratum, word(each.why, lang), f"{each.cases:,}")


def remarks(found: Comparison) -> list[str]:
    """What is said of the whole."""
    lang = found.lang
    cases = sum(size for _, size in found.whole.values())
    empty = [name for name, (_, size) in found.whole.items() if not size]
    said = [
        say("standard: the case mix of all units together, {} cases in {} strata", lang, f"{cases:,}", _filled(found)),
        word(f"expected: by the shares of the {found.against}", lang),
    ]
    if empty:
        said.append(say("strata without a case in the denominator: {}", lang, ", ".join(empty)))
    if found.pair is not None:
        said.append(pair_line(found, found.pair))
    small = [unit for unit in found.units if not unit.judged]
    if small:
        lost = sum(unit.size for unit in small)
        said.append(say("units below {} cases, not judged: {}, with {} cases", lang, found.minimum, len(small), lost))
    if found.nowhere:
        said.append(say("cases of no unit: {}", lang, f"{found.nowhere:,}"))
    said.append(f"{word('total', lang)}: {cells_of(found.total, lang).note}")
    methods = Counter(_methods(found))
    said.append(f"{word('limits', lang)}: {'; '.join(methods)}")
    said.append(word("What the strata do not hold is not adjusted for", lang))
    if found.confidential:
        said.append(word("It shows persons: not for a public report", lang))
    return [*said, *unfinished_line(found)]


def _filled(found: Comparison) -> int:
    return sum(1 for _, size in found.whole.values() if size)


def _methods(found: Comparison) -> list[str]:
    limits = []
    for unit in found.judged:
        for interval in (unit.crude, unit.adjusted.interval if unit.adjusted else None):
            if interval is not None:
                limits.append(method_told(interval, found.lang))
        if unit.expected is not None and unit.expected.lower is not None:
            limits.append(f"{word(unit.expected.method, found.lang)} {100 * unit.expected.level:g} %")
    return limits


def pair_line(found: Comparison, pair: MantelHaenszel) -> str:
    """Two units within strata."""
    lang = found.lang
    names = [" / ".join(group_text(value, lang) for value in unit.group) for unit in found.units]
    if pair.difference is None or pair.difference_limits is None:
        return say("{} less {}: no stratum has cases of both; {} cases left out", lang, *names, f"{pair.dropped:,}")
    low, high = (half_up(Fraction(100 * limit), 1) for limit in pair.difference_limits)
    text = say(
        "{} less {}: {} percentage points, {} to {} (Mantel-Haenszel, Sato, {} %; {} cases in {} strata, {} left out)",
        lang,
        *names,
        half_up(100 * pair.difference, 1),
        low,
        high,
        f"{100 * pair.level:g}",
        f"{pair.cases:,}",
        len(pair.strata),
        f"{pair.dropped:,}",
    )
    if pair.odds_ratio is None or pair.odds_ratio_limits is None:
        return text
    odds = (half_up(Fraction(each), 2) for each in (pair.odds_ratio, *pair.odds_ratio_limits))
    return f"{text}; {say('odds ratio {}, {} to {}', lang, *odds)}"


def explained(found: Comparison) -> str:
    """One sentence."""
    metric, lang, judged = found.metric, found.lang, found.judged
    partial = [unit for unit in judged if unit.adjusted is not None and unit.adjusted.left_out]
    told = [
        say(
            "{}, counted over {} ({}), {}: {} units by {}, each with the case mix of all {} cases by {} in {} strata",
            lang,
            named(metric, lang),
            found.total.denominator_name.text(lang),
            basis_word(metric, lang),
            when_of(found.period, lang),
            len(judged),
            joined(found.by, " and ", lang),
            f"{sum(size for _, size in found.whole.values()):,}",
            joined(found.stratified, " and ", lang),
            _filled(found),
        ),
        word(f"what is expected of each by the shares of the {found.against}", lang),
        *unfinished_line(found),
    ]
    if partial:
        told.append(say("{} units lack some of the strata, whose weight the others take", lang, len(partial)))
    if small := len(found.units) - len(judged):
        told.append(say("{} units below {} not judged", lang, small, found.minimum))
    told += [say("{} of no unit left out", lang, f"{found.nowhere:,}")] if found.nowhere else []
    told.append(in_total(found.total, lang))
    told += [word("it shows persons and is not for a public report", lang)] if found.confidential else []
    return ended(told, metric, lang)


def to_frame(found: Comparison) -> Any:
    """One row for each unit."""
    records = [_record(found, unit) for unit in found.units]
    data, first = group_columns(found.by, [unit.group for unit in found.units], _KINDS)
    data |= {name: [record.get(name) for record in records] for name in _KINDS}
    return framed(data, {**first, **_KINDS}, found.kind)


def _record(found: Comparison, unit: ComparedUnit) -> dict[str, Any]:
    record: dict[str, Any] = {"count": unit.count, "size": unit.size, "judged": unit.judged}
    if unit.adjusted is None or unit.expected is None or unit.crude is None or unit.value is None:
        return record | {"reason": f"below {found.minimum}"}
    adjusted, expected = unit.adjusted, unit.expected
    limits = adjusted.interval
    return record | {
        "value": float(unit.value),
        "lower": unit.crude.lower,
        "upper": unit.crude.upper,
        "adjusted": None if adjusted.share is None else float(adjusted.share),
        "adjusted_lower": None if limits is None else limits.lower,
        "adjusted_upper": None if limits is None else limits.upper,
        "covered": float(adjusted.covered),
        "observed": expected.observed,
        "expected": float(expected.expected),
        "ratio": None if expected.ratio is None else float(expected.ratio),
        "ratio_lower": expected.lower,
        "ratio_upper": expected.upper,
        "strata": len(adjusted.strata),
        "left_out": sum(each.cases for each in expected.left_out),
        "reason": expected.reason or None,
    }


def to_json(found: Comparison) -> str:
    """Keys in a fixed order, one line for each unit."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "metric": found.metric.name,
        "metric_version": found.metric.version,
        "period": None if found.period is None else str(found.period),
        "on_the_spot": found.on_the_spot.value,
        **observed(found),
        "by": list(found.by),
        "strata": list(found.stratified),
        "against": found.against,
        "minimum": found.minimum,
        "confidential": found.confidential,
        "total": record_of(found.total),
        "of_no_unit": found.nowhere,
        "whole": {name: list(counts) for name, counts in found.whole.items()},
        "mantel_haenszel": None if found.pair is None else _pair(found.pair),
    }
    lines = [
        {
            "group": [jsonable(value) for value in unit.group],
            **_record(found, unit),
            "strata_counts": {name: list(counts) for name, counts in unit.strata.items()},
            "strata_left_out": [
                {"stratum": each.stratum, "cases": each.cases, "why": each.why}
                for each in (unit.adjusted.left_out if unit.adjusted else ())
            ],
        }
        for unit in found.units
    ]
    rows = ",\n".join("  " + json.dumps(line, ensure_ascii=False, allow_nan=False) for line in lines)
    return json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1] + f', "units": [\n{rows}\n]}}'


def _pair(pair: MantelHaenszel) -> dict[str, Any]:
    return {
        "difference": None if pair.difference is None else float(pair.difference),
        "difference_limits": pair.difference_limits and list(pair.difference_limits),
        "odds_ratio": None if pair.odds_ratio is None else float(pair.odds_ratio),
        "odds_ratio_limits": pair.odds_ratio_limits and list(pair.odds_ratio_limits),
        "cases": pair.cases,
        "left_out": pair.dropped,
        "level": pair.level,
    }
