"""A sentence for each metric: what was counted over what, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Final

from community_mediation.domain.values import Period
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import (
    CountFigure,
    DurationFigure,
    Figure,
    IncidenceFigure,
    ProportionFigure,
    TimeFigure,
)
from community_mediation.metrics._lines import basis_word, cells_of, exclusions_told
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._measures import PairedMean, Within
from community_mediation.metrics._milestones import in_period
from community_mediation.metrics._parts import Parts
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._time import milestone_label
from community_mediation.metrics._words import in_sentence, joined, reason, say, word

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable


def explain(table: ResultTable) -> str:
    """The sentences, one line each, about the total."""
    lang, when = table.lang, when_of(table.period, table.lang)
    return "\n".join(
        say(
            "{}: {}. Source: {}.",
            lang,
            named(row.metric, lang),
            joined([told(row.figure, when, lang), *_apart(row.figure, table), *unfinished_line(table)], "; ", lang),
            row.metric.source,
        )
        for row in table.total
    )


def _apart(figure: Figure, table: ResultTable) -> list[str]:
    """Why fewer passed a milestone than a rate of the same table is counted over."""
    if not isinstance(figure, CountFigure) or table.on_the_spot is not Reading.IMPLIED:
        return []
    count = figure.metric
    if figure.reason or count.counted != in_period(count.milestone):
        return []
    for row in table.total:
        rate = row.figure
        if (
            isinstance(rate, ProportionFigure)
            and (rate.metric.rung, rate.metric.grain) == (count.milestone, count.grain)
            and rate.metric.filter == count.filter
            and rate.denominator > figure.counted
        ):
            return [say(_RECORDED, table.lang, rate.denominator_name.text(table.lang), f"{rate.denominator:,}")]
    return []


_RECORDED: Final = (
    "recorded ones only, while a rate over {} counts {}, with settlements on the spot implied to stand on that rung"
)


def named(metric: Metric, lang: str) -> str:
    """The name and version that a sentence begins with."""
    return say("{} (version {})", lang, metric.name, metric.version)


def when_of(period: Period | None, lang: str) -> str:
    """The period as a sentence has it."""
    return word("at any time", lang) if period is None else say("in {}", lang, period)


def ended(clauses: Iterable[str], metric: Metric, lang: str) -> str:
    """The clauses as one sentence, with the source of the metric."""
    return say("{}. Source: {}.", lang, joined(clauses, "; ", lang), metric.source)


def in_total(figure: ProportionFigure | ShareFigure, lang: str) -> str:
    """What the note of a table says of the share of all units together."""
    return say("in total {}", lang, in_sentence(cells_of(figure, lang).note, lang))


def rows_word(metric: Metric, lang: str) -> str:
    """What the rows of the metric's table are called."""
    return word(_ROWS.get(metric.grain, "rows"), lang)


def rows_told(metric: Metric, count: int, lang: str) -> str:
    """How many rows of the metric's table; Chinese has a measure word for each kind."""
    return say(f"{{}} {_ROWS.get(metric.grain, 'rows')}", lang, f"{count:,}")


_ROWS: Final = {
    "case": "cases",
    "case_party": "parties",
    "case_mediator": "assignments",
    "case_session": "sessions",
    "case_resolution": "agreements",
    "case_term": "terms",
    "case_risk": "dangers",
    "case_answer": "answers",
    "tally": "tallies",
}


@singledispatch
def told(figure: Any, when: str, lang: str) -> str:
    """What was counted over what, and what was left out."""
    raise TypeError(f"no words for a {type(figure).__name__}")


@told.register
def _(figure: CountFigure, when: str, lang: str) -> str:
    value = _absent(figure.reason, lang) if figure.reason else f"{figure.counted:,}"
    left = [("{} of which it is unknown", figure.unknown), ("{} on an unknown date", figure.undated)]
    return say("{}: {}", lang, figure.metric.what.text(lang), value) + _left(figure, left, figure.excluded, lang)


@told.register
def _(figure: ProportionFigure, when: str, lang: str) -> str:
    metric = figure.metric
    counted = _share(figure, lang)
    if figure.bounds is not None and figure.unknown and not figure.reason:
        bounds = (half_up(100 * bound, 1) for bound in figure.bounds)
        counted += say(", and between {} % and {} % whatever the unknown cases are", lang, *bounds)
    if figure.open:
        where = "; {} open counted in the denominator" if metric.counts_open else "; {} open left out"
        counted += say(where, lang, f"{figure.open:,}")
    left = [
        ("{} with an unknown outcome", figure.unknown_outcome),
        ("{} not known to belong to the denominator", figure.unknown_place),
        ("{} with the outcome outside the denominator", figure.outside),
        ("{} others outside it", figure.elsewhere),
        ("{} undated", figure.undated),
    ]
    return say(
        "{}, counted over {}, among the {} {} {} ({}): {}",
        lang,
        metric.numerator_label.text(lang),
        metric.denominator_label.text(lang),
        rows_told(metric, figure.basis_cases, lang),
        _milestone(metric.milestone, lang),
        when,
        basis_word(metric, lang),
        counted,
    ) + _left(figure, left, figure.excluded, lang)


@told.register
def _(figure: DurationFigure, when: str, lang: str) -> str:
    estimate = figure.estimate
    median = say("median {} {}", lang, figure.printed(estimate.median), word(figure.metric.unit.value, lang))
    closed = ""
    if figure.closed_only is not None:
        lies = "is too short while cases are open" if estimate.censored else "leaves out none"
        closed = say(f"; the median of the ended ones alone, {{}}, {lies}", lang, figure.printed(figure.closed_only))
    text = say(
        "{}: {} by Kaplan-Meier, {} ended and {} still open when last seen; {} known to the day only",
        lang,
        _time(figure, when, lang),
        _absent(figure.reason, lang, "no median ({})") if figure.reason else median,
        *(f"{count:,}" for count in (estimate.ended, estimate.censored, figure.known_to_day)),
    )
    return text + closed + _left(figure, [("{} undated", figure.undated)], figure.left_out, lang)


@told.register
def _(figure: IncidenceFigure, when: str, lang: str) -> str:
    metric, found = figure.metric, figure.incidence
    half = say("half within {} {} of all", lang, figure.printed(figure.median.time), word(metric.unit.value, lang))
    text = say(
        "{}, where {} without it competes (Aalen-Johansen): {}; {} got there, {} ended otherwise, {} still open when "
        "last seen; {} known to the day only",
        lang,
        _time(figure, when, lang),
        _milestone(metric.competing or "", lang),
        _absent(figure.reason, lang, "no median ({})") if figure.reason else half,
        *(f"{count:,}" for count in (*found.ended, found.censored, figure.known_to_day)),
    )
    return text + _left(figure, [("{} undated", figure.undated)], figure.left_out, lang)


@told.register
def _(figure: TotalFigure, when: str, lang: str) -> str:
    sums = in_sentence(cells_of(figure, lang).value, lang)
    value = say("no figure ({})", lang, sums)
    if not figure.reason:
        value = say("{} in {}", lang, sums, rows_told(figure.metric, figure.counted, lang))
    left = [("{} without a value", figure.missing), ("{} undated", figure.undated)]
    text = say("{}, added up {}: {}", lang, figure.metric.what.text(lang), when, value)
    return text + _left(figure, left, figure.excluded, lang)


@told.register
def _(figure: MeanFigure, when: str, lang: str) -> str:
    cells = cells_of(figure, lang)
    value = say("no figure ({})", lang, cells.value)
    if not figure.reason:
        pairs = "{} pairs" if isinstance(figure.metric, PairedMean) else "{} answers"
        value = say(
            "mean {} of {} from {} cases, {}",
            lang,
            cells.value,
            say(pairs, lang, f"{figure.answers:,}"),
            f"{figure.clusters:,}",
            say("limits {}", lang, cells.interval) if figure.interval is not None else cells.interval,
        )
    left = [
        ("{} without a value", figure.missing),
        ("{} off the scale", figure.off_scale),
        ("{} undated", figure.undated),
    ]
    text = say("{}, {}: {}", lang, figure.metric.what.text(lang), when, value)
    return text + _left(figure, left, figure.excluded, lang)


@told.register
def _(figure: DistinctFigure, when: str, lang: str) -> str:
    value = _absent(figure.reason, lang)
    if not figure.reason:
        value = say("{} in {}", lang, f"{figure.named:,}", say("{} rows", lang, f"{figure.rows:,}"))
    left = [("{} rows linked to none", figure.unnamed), ("{} undated", figure.undated)]
    text = say("{}, {}: {}", lang, figure.metric.what.text(lang), when, value)
    return text + _left(figure, left, figure.excluded, lang)


@told.register
def _(figure: ShareFigure, when: str, lang: str) -> str:
    metric = figure.metric
    what = metric.numerator_label if isinstance(metric, Within) else metric.what
    text = say(
        "{}, counted over {}, {}: {}",
        lang,
        what.text(lang),
        metric.denominator_label.text(lang),
        when,
        _share(figure, lang),
    )
    left = [("{} not due yet", figure.not_due), ("{} undated", figure.undated)]
    return text + _left(figure, left, figure.left_out, lang)


@told.register
def _(figure: RatioFigure, when: str, lang: str) -> str:
    cells, metric = cells_of(figure, lang), figure.metric
    value = say("no figure ({})", lang, cells.value)
    if figure.value is not None:
        value = say("{} by {}, {}", lang, cells.numerator, cells.denominator, cells.value)
    names = (metric.numerator.label.text(lang), metric.denominator.label.text(lang))
    return say("{} by {}, {}: {}", lang, *names, when, value)


def _absent(why: str, lang: str, text: str = "no figure ({})") -> str:
    return say(text, lang, reason(why, lang))


def _share(figure: ProportionFigure | ShareFigure, lang: str) -> str:
    if figure.reason:
        return _absent(figure.reason, lang)
    return say("{} of {}, {} %", lang, f"{figure.numerator:,}", f"{figure.denominator:,}", figure.percent())


def _milestone(name: str, lang: str) -> str:
    """English sentences have its name in code, which is a word."""
    return name if lang == "en" else milestone_label(name).text(lang)


def _time(figure: TimeFigure, when: str, lang: str) -> str:
    metric = figure.metric
    start, end = _milestone(metric.start, lang), _milestone(metric.end, lang)
    return say(
        "time from {} to {} of the {} {} {}", lang, start, end, rows_told(metric, figure.basis_cases, lang), start, when
    )


def _left(figure: Figure, counts: Sequence[tuple[str, int]], parts: Parts, lang: str) -> str:
    found = [say(text, lang, f"{count:,}") for text, count in counts if count]
    found += exclusions_told(figure.metric, parts, lang)
    return say("; left out: {}", lang, joined(found, ", ", lang)) if found else ""
