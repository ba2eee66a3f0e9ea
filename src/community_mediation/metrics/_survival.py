"""The curve behind a median time: the share still open, as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._conditions import MILESTONES, Context, Reading
from community_mediation.metrics._definitions import OPTIONAL, Duration, Unit
from community_mediation.metrics._engine import engine_errors, open_frame
from community_mediation.metrics._export import framed
from community_mediation.metrics._figures import DurationFigure, Row
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._risk_table import Through, durations
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._table import columns_of, group_order, period_of
from community_mediation.ports import Label


@attrs.frozen(kw_only=True)
class Survival:
    """Kaplan-Meier curves by group, with the total.

    Attributes:
        figures: The figure of each group; its ``estimate`` holds the curve. The total stands under ``()``.
        table: The medians as a table: what printing shows.
    """

    figures: Mapping[Group, DurationFigure] = attrs.field(repr=False)
    table: ResultTable

    @property
    def total(self) -> DurationFigure:
        """The figure over all cases."""
        return self.figures[()]

    def __getitem__(self, group: Any) -> DurationFigure:
        """The figure of a group: its value, or the tuple of its values."""
        return self.figures[group if isinstance(group, tuple) else (group,)]

    def __str__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()

    def to_frame(self) -> Any:
        """The curves, one row for each step: time, at risk, ended, censored, survival and its pointwise limits."""
        kinds = dict.fromkeys(self.table.by, "text")
        kinds |= {"total": "bool", "time": "float", "at_risk": "int", "ended": "int", "censored": "int"}
        kinds |= {"survival": "float", "lower": "float", "upper": "float"}
        data: dict[str, list[Any]] = {name: [] for name in kinds}
        for group, figure in self.figures.items():
            for step in figure.estimate.steps if not figure.unobserved else ():
                cells = {name: group[i] if group else None for i, name in enumerate(self.table.by)}
                cells |= attrs.asdict(step) | {"total": group == (), "time": figure.in_unit(step.time)}
                for name, column in data.items():
                    column.append(cells[name])
        return framed(data, kinds, self.table.kind)


def survival(
    frame: Any,
    *,
    start: str = "reported",
    end: str = "first_concluded",
    unit: str = "days",
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    observed_through: dt.date | dt.datetime | None = None,
) -> Survival:
    """The time from one milestone to another by Kaplan-Meier.

    For an end that competes with others (agreement, acceptance) this overstates how many
    get there: cases that end otherwise are not merely unobserved.

    Raises:
        InvalidQuery: An unknown milestone, unit or column, or a frame that cannot be counted.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    for name in (start, end):
        if name not in MILESTONES:
            raise InvalidQuery(f"No milestone {name!r}. There are: {', '.join(MILESTONES)}.")
    if end not in _CONCLUSIVE:
        raise InvalidQuery(
            f"The end {end!r} competes with other endings, and Kaplan-Meier overstates it."
            f" Possible: {', '.join(_CONCLUSIVE)}."
        )
    if start == end:
        raise InvalidQuery("The time begins and ends at the same milestone.")
    if unit not in list(Unit):
        raise InvalidQuery(f"No unit {unit!r}. There are: {', '.join(Unit)}.")
    told = Unit(unit)
    metric = Duration(
        name=f"{unit}_from_{start}_to_{end}",
        label=Label(f"{unit.capitalize()} from {start} to {end}, median", f"{start} 至 {end} 用时中位数（{unit}）"),
        start=start,
        end=end,
        unit=told,
        source="Kaplan and Meier 1958",
    )
    through = Through.of(observed_through)
    needed = dict.fromkeys(sorted(metric.columns | OPTIONAL), metric.name)
    columns, context = columns_of(by), Context(period_of(period), Reading.IMPLIED)
    with engine_errors():
        source = open_frame(frame, needed, columns)
        found = durations(source, metric, context, through)
    order = [*sorted((group for group in found if group), key=group_order), ()]
    table = ResultTable(
        rows=tuple(Row(group=group, total=group == (), figure=found[group]) for group in order),
        by=source.by,
        period=context.period,
        on_the_spot=context.on_the_spot,
        kind=source.kind,
    )
    return Survival(figures={group: found[group] for group in order}, table=table)


_CONCLUSIVE = ("first_concluded", "concluded", "closed")
