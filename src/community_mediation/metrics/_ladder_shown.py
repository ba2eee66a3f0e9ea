"""A ladder in words, as a frame and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from community_mediation.metrics._definitions import RUNG_LABELS
from community_mediation.metrics._explain import when_of
from community_mediation.metrics._export import framed, group_columns, jsonable, observed
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._ladder import Ladder, Reach, Standing
from community_mediation.metrics._lines import cells_of, group_text, method_told, share_limits
from community_mediation.metrics._records import record_of
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._sheet import Sheet
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import joined, reason, say, word

if TYPE_CHECKING:
    from community_mediation.metrics._conditions import Reading

FORMAT: Final = "community-mediation/ladder"
VERSION: Final = 1

_KINDS: Final = {
    "total": "bool",
    "on_the_spot": "text",
    "rung": "text",
    "metric": "text",
    "cases": "int",
    "unknown": "int",
    "below": "int",
    "numerator": "int",
    "denominator": "int",
    "value": "float",
    "lower": "float",
    "upper": "float",
    "full": "int",
    "full_value": "float",
    "full_lower": "float",
    "full_upper": "float",
    "in_part": "int",
    "open": "int",
    "unknown_outcome": "int",
    "outside": "int",
    "excluded": "int",
    "reason": "text",
}


def caption(ladder: Ladder) -> str:
    """What it is about."""
    lang = ladder.lang
    period = word("whole period", lang) if ladder.period is None else f"{word('period', lang)} {ladder.period}"
    readings = ", ".join(word(each.value, lang).replace("_", " ") for each in ladder.readings)
    return f"{word('The ladder', lang)}, {period}; {word('on-the-spot settlements', lang)}: {readings}"


def sheet(ladder: Ladder) -> Sheet:
    """The ladder to be printed."""
    lang = ladder.lang
    both = len(ladder.readings) > 1
    first = [word("on-the-spot settlements", lang)] if both else []
    names = ("rung", "stand on it", "unknown", "agreed", "of", "value", "interval", "in full", "share in full")
    headings = [*first, *ladder.by, *(word(name, lang) for name in names), word("interval", lang)]
    rows, notes = [], []
    for each in ladder.rungs:
        cells = cells_of(each.agreement, lang)
        rows.append(
            [
                *([word(each.reading.value, lang).replace("_", " ")] if both else []),
                *_group(ladder, each),
                RUNG_LABELS[each.rung].text(lang),
                f"{each.cases:,}",
                f"{each.unknown:,}" if each.unknown else "",
                *(cells.numerator, cells.denominator, cells.value, cells.interval),
                *_full(each.full),
            ]
        )
        notes.append(cells.note)
    said = [*unfinished_line(ladder), *(reach_line(ladder, reading) for reading in ladder.readings)]
    if limits := next((one.agreement.interval for one in ladder.rungs if one.agreement.interval is not None), None):
        said.append(f"{word('limits', lang)}: {method_told(limits, lang)}")
    left = range(len(first) + len(ladder.by) + 1)
    return Sheet(caption=caption(ladder), headings=headings, rows=rows, notes=notes, left=left, said=said, lang=lang)


def _group(ladder: Ladder, each: Standing) -> list[str]:
    if not ladder.by:
        return []
    if each.total:
        return [word("total", ladder.lang), *[""] * (len(ladder.by) - 1)]
    return [group_text(value, ladder.lang) for value in each.group]


def _full(figure: ProportionFigure) -> list[str]:
    if figure.reason:
        return ["", "", ""]
    return [f"{figure.numerator:,}", f"{figure.percent()} %", share_limits(figure.interval)]


def reach_line(ladder: Ladder, reading: Reading) -> str:
    """Uptake times agreement is effective reach, in numbers, of the total."""
    lang = ladder.lang
    found = ladder.reach(reading=reading)
    head = f"{word(reading.value, lang).replace('_', ' ')}: " if len(ladder.readings) > 1 else ""
    if not found.taken_up:
        return head + word("no effective reach: no case is known to have begun", lang)
    text = say(
        "uptake {} of {} ({}) x agreement {} of {} ({}) = effective reach {} of {} ({})",
        lang,
        *_parts(found.taken_up, found.reported),
        *_parts(found.agreed, found.taken_up),
        *_parts(found.agreed, found.reported),
    )
    told = [
        ("not decided yet or unknown: {}, counted as no agreement", found.undecided),
        ("agreed without a mediation begun: {}, not in it", found.elsewhere),
        ("unknown whether begun: {}, left out", found.unknown),
    ]
    return "; ".join([head + text, *(say(words, lang, f"{count:,}") for words, count in told if count)])


def _parts(numerator: int, denominator: int) -> tuple[str, str, str]:
    return f"{numerator:,}", f"{denominator:,}", f"{half_up(Fraction(100 * numerator, denominator), 1)} %"


def explained(ladder: Ladder) -> str:
    """A sentence for each reading, about the total."""
    return "\n".join(_sentence(ladder, reading) for reading in ladder.readings)


_SPOT: Final = {"implied": "standing on every rung", "as_recorded": "standing where it is recorded"}


def _sentence(ladder: Ladder, reading: Reading) -> str:
    lang = ladder.lang
    rungs = [each for each in ladder.total if each.reading is reading]
    figure = rungs[0].agreement
    labels = {each.name: each.label.text(lang) if lang != "en" else each.name for each in figure.metric.exclusions}
    out = [say(", {} {} left out", lang, f"{count:,}", labels[name]) for name, count in figure.excluded]
    out += [say(", {} undated left out", lang, f"{figure.undated:,}")] if figure.undated else []
    text = say(
        "Of the {} cases reported {} (cohort){}, settlements on the spot {}: {}; agreed is in full or in part, and "
        "cases still open are left out of every denominator but the first",
        lang,
        f"{figure.basis_cases:,}",
        when_of(ladder.period, lang),
        "".join(out),
        word(_SPOT[reading.value], lang),
        joined((_step(each, lang) for each in rungs), "; ", lang),
    )
    return say("{}.", lang, joined([text, *unfinished_line(ladder)], "; ", lang))


def _step(each: Standing, lang: str) -> str:
    figure = each.agreement
    rate = say("no rate ({})", lang, reason(figure.reason, lang))
    if not figure.reason:
        rate = say("{} of {}", lang, f"{figure.numerator:,}", f"{figure.denominator:,}")
    unknown = say(", unknown of {}", lang, f"{each.unknown:,}") if each.unknown else ""
    return say("{} {}{}, agreed {}", lang, f"{each.cases:,}", RUNG_LABELS[each.rung].text(lang), unknown, rate)


def to_frame(ladder: Ladder) -> Any:
    """One row for each rung of each group and reading."""
    records = [_record(each) for each in ladder.rungs]
    data, kinds = group_columns(ladder.by, [each.group for each in ladder.rungs], _KINDS)
    data |= {name: [record[name] for record in records] for name in _KINDS}
    return framed(data, {**kinds, **_KINDS}, ladder.kind)


def _record(each: Standing) -> dict[str, Any]:
    share, full = each.agreement, each.full
    return {
        "total": each.total,
        "on_the_spot": each.reading.value,
        "rung": each.rung,
        "metric": share.metric.name,
        "cases": each.cases,
        "unknown": each.unknown,
        "below": each.below,
        "numerator": share.numerator,
        "denominator": share.denominator,
        **_limits(share, ""),
        "full": full.numerator,
        **_limits(full, "full_"),
        "in_part": each.in_part,
        "open": share.open,
        "unknown_outcome": share.unknown_outcome,
        "outside": share.outside,
        "excluded": sum(count for _, count in share.excluded),
        "reason": share.reason or None,
    }


def _limits(figure: ProportionFigure, name: str) -> dict[str, Any]:
    limits = figure.interval
    return {
        f"{name}value": None if figure.value is None else float(figure.value),
        f"{name}lower": None if limits is None else limits.lower,
        f"{name}upper": None if limits is None else limits.upper,
    }


def to_json(ladder: Ladder) -> str:
    """Keys in a fixed order, one line for each rung."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "period": None if ladder.period is None else str(ladder.period),
        **observed(ladder),
        "by": list(ladder.by),
        "reach": [_reach(each.reading, Reach.of(each)) for each in ladder.total if each.rung == "begun"],
    }
    lines = [
        json.dumps(
            {
                "group": [jsonable(value) for value in each.group],
                "total": each.total,
                "on_the_spot": each.reading.value,
                "rung": each.rung,
                "cases": each.cases,
                "unknown": each.unknown,
                "below": each.below,
                "agreement": {"metric": each.agreement.metric.name, **record_of(each.agreement)},
                "full": {"metric": each.full.metric.name, **record_of(each.full)},
            },
            ensure_ascii=False,
            allow_nan=False,
        )
        for each in ladder.rungs
    ]
    rows = ",\n".join(f"  {line}" for line in lines)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "rungs": [\n{rows}\n]}}'


def _reach(reading: Reading, found: Reach) -> dict[str, Any]:
    counts = ("rung", "reported", "taken_up", "agreed", "undecided", "elsewhere", "unknown")
    return {"on_the_spot": reading.value, **{name: getattr(found, name) for name in counts}}
