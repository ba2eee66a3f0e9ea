"""Units beside each other with their case mix taken into account: crude, adjusted, and observed over expected."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._asking import asked, columns_of, group_name, language, period_of, reading_of
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._expected import ObservedExpected, observed_expected
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._funnel import of_persons, share_in, share_of, unit_named, units_of
from community_mediation.metrics._funnel_units import MINIMUM
from community_mediation.metrics._intervals import Interval, wilson
from community_mediation.metrics._measured import ShareFigure
from community_mediation.metrics._shown import Shown, Watched
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._strata import MantelHaenszel, Standardised, Strata, mantel_haenszel, standardised
from community_mediation.metrics._watch import Given

if TYPE_CHECKING:
    import altair

    from community_mediation.metrics._sheet import Sheet

AGAINST: Final = ("whole", "rest")


@attrs.frozen(kw_only=True)
class ComparedUnit:
    """One unit.

    Attributes:
        group: The values of the ``by`` columns.
        count: How many count.
        size: Among how many: the denominator.
        crude: The limits of the share as it is; none for a unit that is not judged.
        adjusted: The share that it would have with the case mix of all; none for a unit that is not judged.
        expected: What it observed over what is expected of its case mix; none for a unit that is not judged.
        strata: By stratum, how many count among how many.
    """

    group: Group
    count: int
    size: int
    crude: Interval | None
    adjusted: Standardised | None
    expected: ObservedExpected | None
    strata: Strata = attrs.field(repr=False, hash=False)

    @property
    def value(self) -> Fraction | None:
        """The crude share."""
        return Fraction(self.count, self.size) if self.size else None

    @property
    def judged(self) -> bool:
        """Whether it has the minimum of cases."""
        return self.adjusted is not None


@attrs.frozen(kw_only=True)
class Comparison(Watched, Shown):
    """Units in order of their names, never of their shares.

    ``print`` it, show it in a notebook, or pass it on with ``to_frame`` and ``to_json``.

    Attributes:
        units: All units, also those that are not judged.
        whole: By stratum, how many count among how many, of all units together: the standard.
        pair: The first of two units less the second, within strata; none unless there are exactly two that are judged.
        total: The share of all rows.
        nowhere: How many in the denominator belong to no unit.
        against: ``whole`` or ``rest``: what is expected of a unit comes from all units, or from all others.
        minimum: Units with fewer cases are not judged.
        confidential: Whether the units are persons: then it is not for a public report.
        by, stratified: The columns that make a unit, and a stratum.
        period, on_the_spot, lang, kind, watched_through: As in a ``ResultTable``.
    """

    units: tuple[ComparedUnit, ...] = attrs.field(repr=False)
    whole: Strata = attrs.field(repr=False)
    pair: MantelHaenszel | None
    total: ProportionFigure | ShareFigure = attrs.field(repr=False)
    nowhere: int = 0
    against: str
    minimum: int
    confidential: bool
    by: tuple[str, ...]
    stratified: tuple[str, ...]
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
    def judged(self) -> tuple[ComparedUnit, ...]:
        """The units that have the minimum of cases."""
        return tuple(unit for unit in self.units if unit.judged)

    def __getitem__(self, group: Any) -> ComparedUnit:
        """The unit of that name, or of the tuple of its values.

        Raises:
            KeyError: There is none.
        """
        return unit_named(self.units, group)

    def _sheet(self) -> Sheet:
        from community_mediation.metrics._compare_shown import sheet

        return sheet(self)

    def explain(self) -> str:
        """What was compared, within which strata, and which strata and cases were lost."""
        from community_mediation.metrics._compare_shown import explained

        return explained(self)

    def to_frame(self) -> Any:
        """One row for each unit."""
        from community_mediation.metrics._compare_shown import to_frame

        return to_frame(self)

    def to_json(self) -> str:
        """The comparison as JSON, the same text for the same input."""
        from community_mediation.metrics._compare_shown import to_json

        return to_json(self)

    def plot(self) -> altair.LayerChart:
        """The crude and the adjusted share of each unit, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
        """
        from community_mediation.metrics._compare_plot import plot

        return plot(self)


def compare(
    source: Any,
    metric: str | Metric = "agreement_of_accepted",
    by: str | Sequence[str] = "centre",
    strata: str | Sequence[str] = ("dispute_type",),
    *,
    against: str = "whole",
    minimum: int = MINIMUM,
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Comparison:
    """Compare units, such as centres, within strata, such as kinds of dispute, that they have in different numbers.

    For each unit: the crude share; the share that it would have with the case mix of all (direct standardisation); and
    how many count beside how many were to be expected of its own case mix (indirect). Of exactly two units also their
    difference within strata (Mantel-Haenszel). What is adjusted for is what the strata hold, and nothing else.

    Args:
        source: As for ``table``: a casebook, or frames.
        metric: A share of the catalogue, or one of your own.
        by: The columns that make a unit. Rows where they are all empty belong to none, and are in no standard.
        strata: The columns that make a stratum. An empty cell is a stratum of its own.
        against: Whose shares are expected of a unit: those of the ``whole``, itself among them, or of the ``rest``.
        minimum: Units with a smaller denominator are listed, and not judged; they stay in the whole.
        period, on_the_spot, observed_through, observed_from, valid_at, known_at, lang: As for ``table``.

    Raises:
        InvalidQuery: A metric that is no share, one unit only, none that reaches the minimum, no strata, a column that
            is both; and as for ``table``.
        InvalidValue: A minimum below 1.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    wanted = share_of(metric)
    if against not in AGAINST:
        raise InvalidQuery(f"Nothing {against!r} to be compared with. There are: {', '.join(AGAINST)}.")
    if type(minimum) is not int or minimum < 1:
        raise InvalidValue("a minimum that is no whole number of cases, 1 or more")
    columns, mix = columns_of(by), columns_of(strata)
    if not mix:
        raise InvalidQuery("No strata. Without them it is a funnel.")
    when, reading = period_of(period), reading_of(on_the_spot)
    answer = asked(
        source,
        [wanted],
        (*columns, *mix),
        [(when, reading)],
        observed_through=observed_through,
        observed_from=observed_from,
        valid_at=valid_at,
        known_at=known_at,
    )
    by_unit: dict[Group, dict[str, tuple[int, int]]] = {}
    names = _names(dict.fromkeys(group[len(columns) :] for group in answer.groups), lang)
    for group in answer.groups:
        figure = share_in(answer, wanted, group)
        name = names[group[len(columns) :]]
        by_unit.setdefault(group[: len(columns)], {})[name] = (figure.numerator, figure.denominator)
    groups, nowhere = units_of([*by_unit], columns)
    whole = _summed([by_unit[group] for group in groups])
    units = tuple(_unit(group, by_unit[group], whole, against=against, minimum=minimum) for group in groups)
    judged = [unit for unit in units if unit.judged]
    if not judged:
        raise InvalidQuery("No unit reaches the minimum count: there is nothing to compare.")
    return Comparison(
        units=units,
        whole=whole,
        pair=mantel_haenszel(*(unit.strata for unit in judged)) if len(judged) == len(units) == 2 else None,
        total=share_in(answer, wanted, ()),
        nowhere=0 if nowhere is None else sum(size for _, size in by_unit[nowhere].values()),
        against=against,
        minimum=minimum,
        confidential=of_persons(wanted, columns),
        by=columns,
        stratified=mix,
        period=when,
        on_the_spot=reading,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )


def _names(strata: Iterable[Group], lang: str) -> dict[Group, str]:
    """The strata as texts, each its own: an empty cell and one in which its word is written are two strata."""
    found: dict[Group, str] = {}
    taken: Counter[str] = Counter()
    for stratum in strata:
        name = told = group_name(stratum, lang)
        while taken[name]:
            taken[told] += 1
            name = f"{told} ({taken[told]})"
        taken[name] += 1
        found[stratum] = name
    return found


def _summed(parts: Sequence[Strata]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for part in parts:
        for name, (count, size) in part.items():
            before = found.get(name, (0, 0))
            found[name] = (before[0] + count, before[1] + size)
    return found


def _unit(group: Group, strata: Strata, whole: Strata, *, against: str, minimum: int) -> ComparedUnit:
    count, size = (sum(each[place] for each in strata.values()) for place in (0, 1))
    judged = size >= minimum
    others = whole
    if against == "rest":
        others = {
            name: (k - strata.get(name, (0, 0))[0], n - strata.get(name, (0, 0))[1]) for name, (k, n) in whole.items()
        }
    return ComparedUnit(
        group=group,
        count=count,
        size=size,
        crude=wilson(count, size) if judged else None,
        adjusted=standardised(strata, whole) if judged else None,
        expected=observed_expected(strata, others) if judged else None,
        strata=strata,
    )
