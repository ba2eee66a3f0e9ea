"""Units beside each other by a share: which lie outside of what chance explains. Never a ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import Answer, asked, group_name, language, period_of, reading_of
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Metric, Proportion
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._funnel_limits import LEVELS
from community_mediation.metrics._funnel_units import MINIMUM, Alarms, FunnelPoint, FunnelUnits, funnel_of
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._measures import Within
from community_mediation.metrics._shown import Shown, Watched
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._watch import Given

if TYPE_CHECKING:
    import altair

    from community_mediation.metrics._sheet import Sheet

REST: Final = "rest"
ORDERS: Final = ("name", "size")
_PERSONS: Final = frozenset({"mediator", "person", "party"})
MOST_UNITS: Final = 20_000


class Grouped(Protocol):
    """What stands for a group."""

    @property
    def group(self) -> Group:
        """The values of its columns."""
        ...


Unit = TypeVar("Unit", bound=Grouped)


@attrs.frozen(kw_only=True)
class FunnelUnit:
    """One unit of a funnel.

    Attributes:
        group: The values of the ``by`` columns.
        figure: Its share, with all that was left out.
        point: Where it lies; none for a unit below the minimum, or without a value, which is not judged.
    """

    group: Group
    figure: ProportionFigure | ShareFigure
    point: FunnelPoint | None

    @property
    def size(self) -> int:
        """Its denominator."""
        return self.figure.denominator

    @property
    def outside(self) -> str:
        """``below`` or ``above`` with the widest limits that it lies outside of, such as ``below 99.8 %``; or empty."""
        if self.point is None:
            return ""
        for limits in sorted(self.point.limits, key=lambda each: -each.level):
            if where := limits.where(self.point.value):
                return f"{where} {100 * limits.level:g} %"
        return ""


@attrs.frozen(kw_only=True)
class Funnel(Watched, Shown):
    """Units in a funnel, by name or by size, and never by their share: a list in that order would be a ranking.

    ``print`` it, show it in a notebook, or pass it on with ``to_frame`` and ``to_json``.

    Attributes:
        units: All units, also those that are not judged.
        found: The funnel itself: limits, alarms and over-dispersion.
        total: The share of all rows, those of no unit among them.
        nowhere: The share of the rows whose ``by`` columns are empty: they are in no unit; none if there are none.
        target: The fixed target; none where each unit is compared with the rest.
        stated: Where the target comes from: ``overall``, ``given`` or ``rest``.
        order: ``name`` or ``size``.
        confidential: Whether the units are persons: then it is not for a public report.
        by, period, on_the_spot, lang, kind, watched_through: As in a ``ResultTable``.
    """

    units: tuple[FunnelUnit, ...] = attrs.field(repr=False)
    found: FunnelUnits = attrs.field(repr=False)
    total: ProportionFigure | ShareFigure = attrs.field(repr=False)
    nowhere: ProportionFigure | ShareFigure | None = attrs.field(repr=False, default=None)
    target: Fraction | None
    stated: str
    order: str
    confidential: bool
    by: tuple[str, ...]
    period: Period | None
    on_the_spot: Reading
    lang: str = "en"
    kind: str = "polars"
    watched_through: dt.date | None = None

    @property
    def metric(self) -> Metric:
        """What is compared."""
        return self.total.metric

    @property
    def judged(self) -> tuple[FunnelUnit, ...]:
        """The units that are compared."""
        return tuple(unit for unit in self.units if unit.point is not None)

    @property
    def not_judged(self) -> tuple[FunnelUnit, ...]:
        """The units below the minimum, or without a value."""
        return tuple(unit for unit in self.units if unit.point is None)

    @property
    def alarms(self) -> tuple[Alarms, ...]:
        """For each level, how many units lie outside, beside how many would by chance alone."""
        return self.found.alarms

    def outside(self, level: float = 0.998) -> tuple[FunnelUnit, ...]:
        """The units outside of the limits of a level.

        Raises:
            InvalidQuery: There are no limits of that level.
        """
        return tuple(unit for unit in self.judged if unit.point is not None and unit.point.where(level))

    def __getitem__(self, group: Any) -> FunnelUnit:
        """The unit of that name, or of the tuple of its values.

        Raises:
            KeyError: There is none.
        """
        return unit_named(self.units, group)

    def _sheet(self) -> Sheet:
        from community_mediation.metrics._funnel_shown import sheet

        return sheet(self)

    def explain(self) -> str:
        """What was compared with what, who was left out, and how many lie outside beside how many would by chance."""
        from community_mediation.metrics._funnel_shown import explained

        return explained(self)

    def to_frame(self) -> Any:
        """One row for each unit."""
        from community_mediation.metrics._funnel_shown import to_frame

        return to_frame(self)

    def to_json(self) -> str:
        """The funnel as JSON, the same text for the same input."""
        from community_mediation.metrics._funnel_shown import to_json

        return to_json(self)

    def plot(self) -> altair.LayerChart:
        """The units by size and share, within the limits, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
        """
        from community_mediation.metrics._funnel_plot import plot

        return plot(self)


def funnel(
    source: Any,
    metric: str | Metric = "agreement_of_accepted",
    by: str | Sequence[str] = "centre",
    *,
    target: Fraction | float | str | None = None,
    minimum: int = MINIMUM,
    levels: Iterable[float] = LEVELS,
    widen: str = "",
    winsorise: float = 0.1,
    order: str = "name",
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Funnel:
    """Compare units, such as centres, by a share: who lies outside of what chance explains?

    Args:
        source: As for ``table``: a casebook, or frames.
        metric: A share of the catalogue, or one of your own. ``agreement_of_accepted`` is the fair one: what is
            turned away, or never begun, is not hidden by it.
        by: The columns that make a unit. Rows where they are all empty belong to none.
        target: What units are compared with: by default the share of all units together; a fixed share; or
            ``"rest"``: for each unit the share of all others, with its uncertainty (Fisher's exact test).
        minimum: Units with a smaller denominator are listed, and not judged.
        levels: Of the limits: 95 % and 99.8 %.
        widen: ``additive`` or ``multiplicative``: widen the limits for over-dispersion; by default it is only stated.
        winsorise: The share of scores at either end that is drawn in, to find it.
        order: ``name`` or ``size``.
        period, on_the_spot, observed_through, observed_from, valid_at, known_at, lang: As for ``table``.

    Raises:
        InvalidQuery: A metric that is no share, one unit only, none that reaches the minimum, a target that is none,
            an order by the share; and as for ``table``.
        InvalidValue: A target, minimum or level that is none.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    wanted = share_of(metric)
    if order not in ORDERS:
        raise InvalidQuery(
            f"No order {order!r}. There are: {', '.join(ORDERS)}. In order of the share it is a ranking."
        )
    fixed = _fixed(target)
    when, reading = period_of(period), reading_of(on_the_spot)
    answer = asked(
        source,
        [wanted],
        by,
        [(when, reading)],
        observed_through=observed_through,
        observed_from=observed_from,
        valid_at=valid_at,
        known_at=known_at,
    )
    groups, nowhere = units_of(answer.groups, answer.by)
    figures = {group: share_in(answer, wanted, group) for group in groups}
    counts = {
        str(index): (figure.numerator, figure.denominator)
        for index, figure in enumerate(figures.values())
        if not figure.reason
    }
    if fixed is None and target is None:
        cases = sum(size for _, size in counts.values())
        fixed = Fraction(sum(count for count, _ in counts.values()), cases) if cases else None
    found = _placed(counts, fixed, levels=tuple(levels), minimum=minimum, widen=widen, winsorise=winsorise)
    names = {str(index): group for index, group in enumerate(figures)}
    points = {
        names[point.name]: attrs.evolve(point, name=group_name(names[point.name], lang)) for point in found.points
    }
    found = attrs.evolve(
        found, points=tuple(points.values()), too_small=tuple(group_name(names[each], lang) for each in found.too_small)
    )
    units = [FunnelUnit(group=group, figure=one, point=points.get(group)) for group, one in figures.items()]
    if order == "size":
        units.sort(key=lambda unit: -unit.size)
    return Funnel(
        units=tuple(units),
        found=found,
        total=share_in(answer, wanted, ()),
        nowhere=None if nowhere is None else share_in(answer, wanted, nowhere),
        target=fixed,
        stated=REST if fixed is None else "overall" if target is None else "given",
        order=order,
        confidential=of_persons(wanted, answer.by),
        by=answer.by,
        period=when,
        on_the_spot=reading,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )


def share_of(metric: str | Metric) -> Proportion | Within:
    """The metric, if it is a share of rows that each count for one unit.

    Raises:
        InvalidQuery: It is none.
    """
    (wanted,) = chosen([metric])
    if not isinstance(wanted, Proportion | Within):
        raise InvalidQuery(
            f"Metric {wanted.name} is no share of cases, and has no funnel. Shares are those that are named "
            "…_of_… or …_within_…, such as agreement_of_accepted."
        )
    return wanted


def units_of(groups: Sequence[Group], by: Sequence[str]) -> tuple[list[Group], Group | None]:
    """The units among the groups, and the group of the rows that belong to none.

    Raises:
        InvalidQuery: Nothing to break down by, fewer than two units, or too many.
    """
    if not by:
        raise InvalidQuery("Units are compared: say by which column, such as by='centre'.")
    units = [group for group in groups if any(value is not None for value in group)]
    nowhere = next((group for group in groups if all(value is None for value in group)), None)
    if len(units) < 2:
        raise InvalidQuery(f"{len(units) or 'No'} unit by {' and '.join(by)}: there is nothing to compare.")
    if len(units) > MOST_UNITS:
        raise InvalidQuery(f"{len(units):,} units, and at most {MOST_UNITS:,} are compared at once.")
    return units, nowhere


def unit_named(units: Iterable[Unit], group: Any) -> Unit:
    """The unit of that name, or of the tuple of its values.

    Raises:
        KeyError: There is none.
    """
    wanted = group if isinstance(group, tuple) else (group,)
    for unit in units:
        if unit.group == wanted:
            return unit
    raise KeyError(group)


def of_persons(metric: Metric, by: Sequence[str]) -> bool:
    """Whether the units are mediators or other persons."""
    return metric.attribution is not None or metric.grain == "case_mediator" or bool(_PERSONS & set(by))


def share_in(answer: Answer, metric: Metric, group: Group) -> ProportionFigure | ShareFigure:
    """The share of a group."""
    found = answer.figure(metric, group)
    assert isinstance(found, ProportionFigure | ShareFigure)
    return found


def _fixed(target: Fraction | float | str | None) -> Fraction | None:
    if target is None or target == REST:
        return None
    if isinstance(target, bool) or not isinstance(target, int | float | Fraction) or not 0 <= target <= 1:
        raise InvalidQuery(f"The target is a share between 0 and 1, or {REST!r}; 85 % is Fraction(85, 100) or 0.85.")
    return Fraction(str(target)) if isinstance(target, float) else Fraction(target)


def _placed(counts: dict[str, tuple[int, int]], target: Fraction | None, **given: Any) -> FunnelUnits:
    """The funnel; its numbers are those of the table, so that whatever is wrong with them is the caller's question."""
    if not counts:
        raise InvalidQuery("No unit has a share: there is nothing to compare.")
    return funnel_of(counts, target=None if target is None else float(target), **given)
