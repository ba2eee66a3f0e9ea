"""Where the definition of a series changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import period_of
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._words import say


@attrs.frozen(kw_only=True)
class Break:
    """From a day on something else is counted.

    Attributes:
        first: The first day of the new definition.
        what: What changes.
        metric: The metric that counts from then on; none where the definition changes outside of this library.
    """

    first: dt.date
    what: str
    metric: Metric | None = None

    def text(self, lang: str) -> str:
        """What changes, in words; those of the caller are in the caller's language."""
        if self.metric is None:
            return self.what
        return say("{}: version {}", lang, self.metric.name, self.metric.version)

    def concerns(self, name: str) -> bool:
        """Whether the metric of that name is counted otherwise."""
        return self.metric is None or self.metric.name == name

    def within(self, period: Period) -> bool:
        """Whether it falls inside the period, which then holds cases of both definitions."""
        return period.first < self.first <= period.last


def breaks_of(given: Mapping[Any, Any], wanted: Sequence[Metric], spans: Sequence[Period]) -> tuple[Break, ...]:
    """The breaks, from what the caller gave; a year may be given as a number.

    Raises:
        InvalidQuery: No period, or one outside of the series, where nothing would break; nothing said of it; or a
            metric of another name, of a version that is none, or that begins within a period.
    """
    found = []
    for when, what in given.items():
        span = period_of(when if isinstance(when, Period) else str(when))
        assert span is not None
        if not spans[0].first <= span.first <= spans[-1].last:
            raise InvalidQuery(f"The series runs from {spans[0]} to {spans[-1]}: a break at {span} is outside of it.")
        if isinstance(what, Metric):
            found.append(_version(span, what, wanted, spans))
        elif isinstance(what, str) and what.strip():
            found.append(Break(first=span.first, what=what))
        else:
            raise InvalidQuery(f"Say what changes in {span}, or give the metric that counts from then on.")
    return tuple(sorted(found, key=lambda each: each.first))


def _version(span: Period, metric: Metric, wanted: Sequence[Metric], spans: Sequence[Period]) -> Break:
    before = next((each for each in wanted if each.name == metric.name), None)
    if before is None:
        raise InvalidQuery(f"The metric from {span} on is {metric.name}, which is not asked for. Name it the same.")
    if metric.version == before.version or type(metric) is not type(before) or metric.grain != before.grain:
        raise InvalidQuery(
            f"The metric {metric.name} from {span} on needs another version, and the same kind and grain."
        )
    if all(span.first != each.first for each in spans):
        raise InvalidQuery(f"A version of {metric.name} cannot begin on {span.first}, within a period of the series.")
    return Break(first=span.first, what=say("{}: version {}", "en", metric.name, metric.version), metric=metric)


def defined_in(span: Period, metric: Metric, marks: Sequence[Break]) -> Metric:
    """The version of the metric that counts in the period."""
    for mark in marks:
        if mark.metric is not None and mark.metric.name == metric.name and mark.first <= span.first:
            metric = mark.metric
    return metric


def redefined(before: Period, now: Period, name: str, marks: Sequence[Break]) -> str:
    """What changes between two periods, or within one of them; empty for nothing."""
    crossed = [mark for mark in marks if mark.concerns(name) and before.first < mark.first <= now.last]
    return "; ".join(mark.what for mark in crossed)
