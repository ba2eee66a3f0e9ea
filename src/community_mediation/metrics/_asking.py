"""One question, or several at once, put to a source: what every kind of result begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._collected import engine_errors
from community_mediation.metrics._computing import Found, Question, blank, compute_each, flattened, ratio
from community_mediation.metrics._conditions import Context, Reading
from community_mediation.metrics._definitions import Count, Duration, Metric, Proportion
from community_mediation.metrics._figures import Figure
from community_mediation.metrics._grains import grain_of
from community_mediation.metrics._intervals import interval_method
from community_mediation.metrics._lines import group_text
from community_mediation.metrics._measures import Placed, Ratio, Within
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._sources import Source, source_of
from community_mediation.metrics._watch import Given, Watch


@attrs.frozen
class Answer:
    """The figures for each question, by metric and group.

    Attributes:
        by: The columns that they are broken down by.
        found: One for each question.
        kind: The kind of frame that results are given back as.
        watch: From when and up to when the source was watched, as it was told or as a book knows it.
    """

    by: tuple[str, ...]
    questions: tuple[Question, ...]
    found: tuple[Found, ...]
    kind: str
    watch: Watch

    @property
    def groups(self) -> list[Group]:
        """All groups in the order in which they are printed, without the total."""
        return sorted({group for one in self.found for of in one.values() for group in of if group}, key=group_order)

    def figure(self, metric: Metric, group: Group, index: int = 0) -> Figure:
        """The figure of a group for one of the questions; a blank one for a group without rows."""
        return self.found[index][metric].get(group) or blank_of(metric, self.questions[index])


def asked(
    frame: Any,
    metrics: Sequence[Metric],
    by: str | Sequence[str],
    contexts: Sequence[tuple[Period | None, Reading]],
    *,
    interval: str = "wilson",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
) -> Answer:
    """Count the metrics for each pair of a period and a reading, over the same state of the source.

    Raises:
        InvalidQuery: As ``table`` does.
        MissingExtra: As ``table`` does.
    """
    method = interval_method(interval)
    source = source_of(frame, valid_at, known_at)
    watch = Watch.of(observed_through or source.observed_through, observed_from)
    questions = tuple(Question(Context(*context), watch, method, interval) for context in contexts)
    columns = columns_of(by)
    with engine_errors():
        found = figures_for(source, metrics, columns, questions)
    return Answer(columns, questions, tuple(found), source.kind, watch)


def group_name(group: Group, lang: str) -> str:
    """The values of a group as one text."""
    return " / ".join(group_text(value, lang) for value in group)


def figures_for(
    source: Source, metrics: Sequence[Metric], by: Sequence[str], questions: Sequence[Question]
) -> list[Found]:
    """The figures of all metrics by group for each question, whatever tables they count."""
    by_grain: dict[str, list[Metric]] = {}
    for metric in flattened(metrics):
        by_grain.setdefault(metric.grain, []).append(metric)
    found: list[Found] = [{} for _ in questions]
    for grain, members in by_grain.items():
        needed = _needed(members, frozenset().union(*(ask.watch.columns for ask in questions)))
        frame = source.open(grain_of(grain), needed, by)
        for figures, of_one in zip(found, compute_each(frame, members, questions), strict=True):
            figures.update(of_one)
    for figures, ask in zip(found, questions, strict=True):
        for metric in metrics:
            if isinstance(metric, Ratio):
                figures[metric] = _ratios(metric, figures, ask)
    return found


def _ratios(metric: Ratio, figures: Found, ask: Question) -> dict[Group, Figure]:
    for part in metric.parts:
        if isinstance(part, Ratio) and part not in figures:
            figures[part] = _ratios(part, figures, ask)
    top, bottom = figures[metric.numerator], figures[metric.denominator]
    return {
        group: ratio(
            metric,
            top.get(group) or blank_of(metric.numerator, ask),
            bottom.get(group) or blank_of(metric.denominator, ask),
        )
        for group in {**top, **bottom}
    }


def blank_of(metric: Metric, ask: Question) -> Figure:
    """The figure of a group that has no rows."""
    if isinstance(metric, Ratio):
        return ratio(metric, blank_of(metric.numerator, ask), blank_of(metric.denominator, ask))
    return blank(metric, ask)


def language(lang: str) -> None:
    """Refuse a language that figures have no words in.

    Raises:
        InvalidQuery: There are none.
    """
    if lang not in ("en", "zh"):
        raise InvalidQuery(f"No labels in {lang!r}. There are: en, zh.")


def columns_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The columns to break down by.

    Raises:
        InvalidQuery: One stands twice.
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    if len(set(columns)) != len(columns):
        raise InvalidQuery("A column stands twice in by=. Name each once.")
    return columns


def period_of(period: Period | str | None) -> Period | None:
    """The period, from its text if need be."""
    if period is None or isinstance(period, Period):
        return period
    if not isinstance(period, str):
        raise InvalidQuery("The period is neither a Period nor its text, such as 2022-Q3.")
    return Period.parse(period)


def reading_of(name: str) -> Reading:
    """The reading of settlements on the spot, from its name."""
    try:
        return Reading(name)
    except ValueError:
        raise InvalidQuery(f"No reading {name!r}. There are: {', '.join(Reading)}.") from None


def _needed(metrics: Iterable[Metric], also: frozenset[str]) -> dict[str, str]:
    needed: dict[str, str] = {}
    for metric in metrics:
        if not isinstance(metric, Count | Proportion | Duration | Placed | Within):
            raise InvalidQuery(f"Metric {metric.name} is of no kind that can be counted.")
        for column in sorted(metric.columns | (also if isinstance(metric, Duration | Within) else frozenset())):
            needed.setdefault(column, metric.name)
    return needed


def group_order(group: Group) -> tuple[tuple[bool, str, Any], ...]:
    """The order in which groups are printed: by their values, empty cells last."""
    return tuple((value is None, type(value).__name__, value) for value in group)
