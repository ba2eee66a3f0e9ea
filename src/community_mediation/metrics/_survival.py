"""The curve behind a median time: the share still open, or the share that has got there, as time goes on."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import asked, language, period_of
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._conditions import MILESTONES, Reading
from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.metrics._export import framed
from community_mediation.metrics._figures import DurationFigure, IncidenceFigure, Row
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._time import milestone_labels
from community_mediation.metrics._watch import Given
from community_mediation.metrics._watched import AtTime
from community_mediation.metrics._words import word
from community_mediation.ports import Label

if TYPE_CHECKING:
    import altair

CONCLUSIVE: Final = ("first_concluded", "concluded", "closed")
"""Ends that nothing else can prevent."""


@attrs.frozen(kw_only=True)
class Survival:
    """Curves by group, with the total.

    Of an end that comes to every case, such as the conclusion, the share still open (Kaplan-Meier); of one with which
    others compete, such as an agreement, the share that has got there (Aalen-Johansen).

    Attributes:
        figures: The figure of each group; its ``estimate`` or ``incidence`` holds the curve. The total stands under
            ``()``.
        table: The medians as a table: what printing shows.
    """

    figures: Mapping[Group, DurationFigure | IncidenceFigure] = attrs.field(repr=False)
    table: ResultTable

    @property
    def total(self) -> Any:
        """The figure over all cases: a `DurationFigure`, or an `IncidenceFigure` where other ends compete."""
        return self.figures[()]

    @property
    def metric(self) -> Duration:
        """What was measured."""
        return self.figures[()].metric

    def __getitem__(self, group: Any) -> Any:
        """The figure of a group: its value, or the tuple of its values."""
        return self.figures[group if isinstance(group, tuple) else (group,)]

    def at(self, time: float) -> dict[Group, AtTime]:
        """The share of each curve after so long, in the metric's unit, with its limits.

        Raises:
            InvalidQuery: Nobody said until when open cases were watched, or no time.
        """
        self._watched()
        given: Any = time
        if type(given) is bool or not isinstance(given, int | float | Fraction) or not 0 <= given < math.inf:
            raise InvalidQuery(f"A time on this curve is a number of {self.metric.unit.value}, 0 or more.")
        return {group: figure.by(time) for group, figure in self.figures.items()}

    def __str__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()

    def explain(self) -> str:
        """What was counted over what, and what was left out, in a sentence."""
        return self.table.explain()

    def to_frame(self) -> Any:
        """The curves, one row for each step.

        Columns: ``by``, ``total``, ``time`` in the metric's unit, ``at_risk``, ``ended``, ``otherwise`` where other
        ends compete, ``censored``, ``entered`` (late), then ``survival`` or ``incidence`` with its pointwise limits.
        """
        share = "survival" if self.metric.competing is None else "incidence"
        kinds = dict.fromkeys(self.table.by, "text")
        kinds |= {"total": "bool", "time": "float", "at_risk": "int", "ended": "int"}
        kinds |= {} if self.metric.competing is None else {"otherwise": "int"}
        kinds |= {"censored": "int", "entered": "int", share: "float", "lower": "float", "upper": "float"}
        data: dict[str, list[Any]] = {name: [] for name in kinds}
        for group, figure in self.figures.items():
            for step in steps_of(figure) if not figure.unobserved else ():
                cells = {name: group[i] if group else None for i, name in enumerate(self.table.by)}
                cells |= step | {"total": group == (), "time": figure.in_unit(step["time"])}
                for name, column in data.items():
                    column.append(cells[name])
        return framed(data, kinds, self.table.kind)

    def plot(self) -> altair.LayerChart | altair.FacetChart:
        """The curves with their limits, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
            InvalidQuery: There is no curve.
        """
        from community_mediation.metrics._plot import plot_curves

        self._watched()
        return plot_curves(self)

    def with_lang(self, lang: str) -> Survival:
        """The same, printed in another language."""
        return attrs.evolve(self, table=self.table.with_lang(lang))

    def _watched(self) -> None:
        if missing := self.total.unobserved:
            raise InvalidQuery(
                f"Nobody said until when {missing:,} open cases were watched. Give observed_through=, a date or one "
                "for each centre."
            )


def steps_of(figure: DurationFigure | IncidenceFigure) -> list[dict[str, Any]]:
    """The steps of a figure's curve, as plain columns; the time in microseconds."""
    if isinstance(figure, DurationFigure):
        return [attrs.asdict(step) for step in figure.estimate.steps]
    return [
        {
            "time": step.time,
            "at_risk": step.at_risk,
            "ended": step.ended[0],
            "otherwise": step.ended[1],
            "censored": step.censored,
            "entered": step.entered,
            "incidence": step.incidence[0],
            "lower": step.lower[0],
            "upper": step.upper[0],
        }
        for step in figure.incidence.steps
    ]


def survival(
    frame: Any,
    metric: str | Duration | None = None,
    *,
    start: str = "reported",
    end: str = "first_concluded",
    unit: str = "days",
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Survival:
    """The time from one milestone to another, with those counted in that have not got there yet.

    Args:
        frame: As for ``table``.
        metric: A time of the catalogue, such as ``durability``, or one of your own; or else:
        start: The milestone where the time begins; its date places a case in the period.
        end: The one where it ends. Every case is concluded some day: that is Kaplan-Meier. Not every case comes to an
            agreement: for such an end the conclusion of the case competes, and the curve is its incidence.
        unit: ``days``, ``hours`` or ``minutes``.
        by, period, observed_through, observed_from, valid_at, known_at, lang: As for ``table``.

    Raises:
        InvalidQuery: An unknown metric, milestone, unit or column, or a frame that cannot be counted.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    wanted = _between(start, end, unit) if metric is None else _time(metric)
    language(lang)
    when = period_of(period)
    answer = asked(
        frame,
        [wanted],
        by,
        [(when, Reading.IMPLIED)],
        observed_through=observed_through,
        observed_from=observed_from,
        valid_at=valid_at,
        known_at=known_at,
    )
    figures = {group: answer.figure(wanted, group) for group in [*answer.groups, ()]}
    table = ResultTable(
        rows=tuple(Row(group=group, total=group == (), figure=figure) for group, figure in figures.items()),
        by=answer.by,
        period=when,
        on_the_spot=Reading.IMPLIED,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )
    return Survival(figures=figures, table=table)  # type: ignore[arg-type]


def _time(metric: str | Duration) -> Duration:
    (found,) = chosen([metric])
    if not isinstance(found, Duration):
        raise InvalidQuery(f"Metric {found.name} is no time from one milestone to another, and has no curve.")
    return found


def _between(start: str, end: str, unit: str) -> Duration:
    for name in (start, end):
        if name not in MILESTONES:
            raise InvalidQuery(f"No milestone {name!r}. There are: {', '.join(MILESTONES)}.")
    if start == end:
        raise InvalidQuery("The time begins and ends at the same milestone.")
    if unit not in list(Unit):
        raise InvalidQuery(f"No unit {unit!r}. There are: {', '.join(Unit)}.")
    competing = None if end in CONCLUSIVE else "first_concluded"
    return Duration(
        name=f"{unit}_from_{start}_to_{end}",
        label=Label(
            f"{unit.capitalize()} from {milestone_labels[start].en} to {milestone_labels[end].en}, median",
            f"{milestone_labels[start].zh}至{milestone_labels[end].zh}用时中位数（{word(unit, 'zh')}）",
        ),
        start=start,
        end=end,
        competing=competing,
        unit=Unit(unit),
        source="Kaplan and Meier 1958" if competing is None else "Aalen and Johansen 1978",
    )
