"""One figure for each period, and how it moved: on the previous period (环比) and on the year before (同比)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import asked, language, period_of, reading_of
from community_mediation.metrics._breaks import Break, breaks_of, defined_in, redefined
from community_mediation.metrics._calendar import Every, every_of, periods
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import Figure
from community_mediation.metrics._movements import Movement, NoChange, movement, none
from community_mediation.metrics._shown import Shown
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._watch import Given

if TYPE_CHECKING:
    import altair

    from community_mediation.metrics._sheet import Sheet

UNFINISHED, NOT_BEGUN = "not finished", "not begun"


@attrs.frozen(kw_only=True)
class TrendPoint:
    """One period of one series.

    Attributes:
        group: The values of the ``by`` columns; empty for the total.
        total: Whether it is the total over all groups.
        period: The period.
        figure: What ``table`` gives for it.
        on_previous: The movement from the period before: 环比.
        on_year: The movement from the same period a year before: 同比.
        state: ``not finished`` where it was not watched to its end, ``not begun`` where it was not watched at all.
    """

    group: Group
    total: bool
    period: Period
    figure: Figure
    on_previous: Movement
    on_year: Movement
    state: str = ""

    @property
    def metric(self) -> Metric:
        """The metric of the figure."""
        return self.figure.metric


@attrs.frozen(kw_only=True)
class Trend(Shown):
    """Figures period by period.

    ``print`` it, show it in a notebook, or pass it on with ``to_json`` and ``to_frame``.

    Attributes:
        points: By group, metric and period; the total stands last.
        by: The columns that it is broken down by.
        every: How long each period is.
        periods: The periods, in order.
        breaks: Where a definition changes.
        watched_through: The last day that was watched to its end; none if nobody said.
        on_the_spot: The reading of on-the-spot settlements.
        lang: The language of printing.
        kind: ``polars`` or ``pandas``: what ``to_frame`` gives.
    """

    points: tuple[TrendPoint, ...] = attrs.field(repr=False)
    by: tuple[str, ...]
    every: Every
    periods: tuple[Period, ...] = attrs.field(repr=False)
    breaks: tuple[Break, ...] = ()
    watched_through: dt.date | None = None
    on_the_spot: Reading = Reading.IMPLIED
    lang: str = "en"
    kind: str = "polars"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the metrics, in order."""
        return tuple(dict.fromkeys(point.metric.name for point in self.points))

    def series(self, metric: str | None = None, group: Any = ()) -> tuple[TrendPoint, ...]:
        """The points of one metric, by default of the only one, and of one group, by default of the total.

        Raises:
            InvalidQuery: No such metric or group, or several metrics and none named.
        """
        if metric is None and len(self.names) > 1:
            raise InvalidQuery(f"Which metric? There are: {', '.join(self.names)}.")
        name, wanted = metric or self.names[0], group if isinstance(group, tuple) else (group,)
        found = tuple(each for each in self.points if (each.metric.name, each.group) == (name, wanted))
        if not found:
            raise InvalidQuery("The trend has no such metric or group.")
        return found

    def __getitem__(self, period: Period | str) -> TrendPoint:
        """The point of that period, where there is one metric; of the total.

        Raises:
            KeyError: No such period.
            InvalidQuery: Several metrics.
        """
        for point in self.series():
            if str(point.period) == str(period):
                return point
        raise KeyError(period)

    def starting(self, first: Period | str) -> Trend:
        """Only the periods from *first* on: the year before is needed for its movements, but not always shown.

        Raises:
            InvalidQuery: No period begins with it or after it.
        """
        day = period_of(first).first  # type: ignore[union-attr]
        kept = tuple(each for each in self.periods if each.first >= day)
        if not kept:
            raise InvalidQuery("The trend has no such period.")
        points = tuple(each for each in self.points if each.period in kept)
        return attrs.evolve(self, periods=kept, points=points)

    def _sheet(self) -> Sheet:
        from community_mediation.metrics._trend_shown import sheet

        return sheet(self)

    def explain(self) -> str:
        """One sentence for each metric: what was counted in which periods, and which movements are withheld."""
        from community_mediation.metrics._trend_shown import explained

        return explained(self)

    def to_frame(self) -> Any:
        """One row for each point."""
        from community_mediation.metrics._trend_shown import to_frame

        return to_frame(self)

    def to_json(self) -> str:
        """The trend as JSON, the same text for the same input."""
        from community_mediation.metrics._trend_shown import to_json

        return to_json(self)

    def plot(self) -> altair.LayerChart | altair.VConcatChart:
        """A line for each group, with its limits, broken where the definition changes, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
            InvalidQuery: No period has a value, or there are more lines than can be told apart.
        """
        from community_mediation.metrics._trend_plot import plot

        return plot(self)


def trend(
    source: Any,
    metrics: str | Metric | Iterable[str | Metric],
    *,
    every: str = "month",
    first: Period | str,
    last: Period | str,
    by: str | Sequence[str] = (),
    breaks: Mapping[Any, str | Metric] | None = None,
    on_the_spot: str = "implied",
    interval: str = "wilson",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Trend:
    """Follow figures from period to period.

    Each figure is the one that ``table`` gives for the period, and all are counted at once. It moves on the previous
    period and on the same period a year before: counts, sums and ratios by a part of what they were, shares by
    percentage points with their limits (Newcombe), means and medians by what they are told in. Where there is no
    movement, there is the reason: from 0, no figure, a period that is not finished, a definition that changes.

    Args:
        source: As for ``table``: a casebook, or frames.
        metrics: One or several names of the catalogue, or metrics of your own.
        every: ``month``, ``quarter``, ``half`` or ``year``.
        first: A period that begins with the first one, such as ``2021`` or ``2021-Q1``. Begin a year early for the
            movements on the year before.
        last: A period that ends with the last one.
        by: Columns to break down by; the total is always added.
        breaks: Where a definition changes: from which period on, and what changes, such as
            ``{"2022": "includes cases referred by courts"}``; no movement crosses it. Or the metric that counts from
            then on, of the same name and another version.
        on_the_spot, interval, observed_from, valid_at, known_at, lang: As for ``table``.
        observed_through: Up to when cases were watched: a date, to its end; an instant, to the end of the day before.
            Of a casebook, by default its last entry. What ends later is not finished, and does not move.

    Raises:
        InvalidQuery: Periods that are none, reversed or too many, a break outside of them; and as for ``table``.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    wanted = chosen(metrics)
    length = every_of(every)
    start, end = period_of(first), period_of(last)
    if start is None or end is None:
        raise InvalidQuery("A trend needs its first= and its last= period.")
    spans = periods(length, start, end)
    marks = breaks_of(breaks or {}, wanted, spans)
    reading = reading_of(on_the_spot)
    counted = [*wanted, *(mark.metric for mark in marks if mark.metric is not None)]
    answer = asked(
        source,
        list(dict.fromkeys(counted)),
        by,
        [(span, reading) for span in spans],
        interval=interval,
        observed_through=observed_through,
        observed_from=observed_from,
        valid_at=valid_at,
        known_at=known_at,
    )
    through = answer.watch.finished
    states = [_state(span, through) for span in spans]
    points: list[TrendPoint] = []
    for group in [*answer.groups, ()]:
        for metric in wanted:
            figures = [answer.figure(defined_in(span, metric, marks), group, index) for index, span in enumerate(spans)]
            for index, span in enumerate(spans):
                points.append(
                    TrendPoint(
                        group=group,
                        total=group == (),
                        period=span,
                        figure=figures[index],
                        on_previous=_moved(index, 1, spans, figures, states, marks),
                        on_year=_moved(index, length.in_a_year, spans, figures, states, marks),
                        state=states[index],
                    )
                )
    return Trend(
        points=tuple(points),
        by=answer.by,
        every=length,
        periods=spans,
        breaks=marks,
        watched_through=through,
        on_the_spot=reading,
        lang=lang,
        kind=answer.kind,
    )


def _moved(
    index: int,
    back: int,
    spans: Sequence[Period],
    figures: Sequence[Figure],
    states: Sequence[str],
    marks: Sequence[Break],
) -> Movement:
    if states[index]:
        return none(NoChange.UNFINISHED)
    if index < back:
        return none(NoChange.FIRST)
    if what := redefined(spans[index - back], spans[index], figures[index].metric.name, marks):
        return none(NoChange.REDEFINED, what)
    return movement(figures[index], figures[index - back])


def _state(span: Period, through: dt.date | None) -> str:
    if through is None or through >= span.last:
        return ""
    return UNFINISHED if through >= span.first else NOT_BEGUN
