"""One question, or several at once, put to a source: what every kind of result begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.metrics._computing import Found, Question
from community_mediation.metrics._conditions import Context, Reading
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._engine import engine_errors
from community_mediation.metrics._figures import Figure
from community_mediation.metrics._intervals import interval_method
from community_mediation.metrics._lines import group_text
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._sources import source_of
from community_mediation.metrics._table import blank_of, columns_of, figures_for, group_order
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
