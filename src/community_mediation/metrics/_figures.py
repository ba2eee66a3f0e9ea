"""Figures: what a metric gave, with everything that a reader needs to doubt it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.metrics._definitions import Count, Duration, Metric, Proportion
from community_mediation.metrics._incidence import Incidence
from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._kaplan_meier import Estimate
from community_mediation.metrics._measured import (
    DistinctFigure,
    MeanFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
)
from community_mediation.metrics._parts import Parts, absent
from community_mediation.metrics._rounding import half_up, percent
from community_mediation.metrics._watched import AtTime, TimeReached
from community_mediation.ports import Label


@attrs.frozen(kw_only=True)
class CountFigure:
    """How many, and for how many it cannot be told.

    Attributes:
        counted: The cases known to count.
        unknown: Cases for which it cannot be told.
        undated: Cases that count if their unknown date lies in the period.
        excluded: Cases left out by name, that would have counted.
        cases: The rows looked at.
    """

    metric: Count
    counted: int
    unknown: int
    undated: int
    excluded: Parts
    cases: int

    @property
    def value(self) -> int | None:
        """The number; none where nothing is known but that something is unknown."""
        return None if self.reason else self.counted

    @property
    def reason(self) -> str:
        """Why there is no value."""
        return "" if self.counted else absent(self.unknown, self.undated)


@attrs.frozen(kw_only=True)
class ProportionFigure:
    """A numerator within its denominator, and every case of the basis in exactly one part.

    Attributes:
        numerator: Cases of the denominator with the outcome.
        other: Cases of the denominator with another known outcome.
        open: Cases where the denominator stands, and the outcome is still open.
        unknown_outcome: Cases where the denominator stands, and the outcome is not known.
        unknown_place: Cases for which it is not known whether they belong to the denominator.
        outside: The outcome without the denominator, such as an agreement in a mediation never begun.
        elsewhere: Other cases outside the denominator.
        excluded: Cases left out by name.
        basis_cases: The cases of the basis: the sum of all these parts.
        undated: Cases for which it is not known whether they belong to the basis.
        interval: The limits; none without a value.
        clusters: The cases that the rows of the denominator come from, where a case has several.
        no_interval: Why there are no limits, where there is a value.

    Raises:
        InvalidValue: The parts do not add up to the basis: the definition lost cases, or took some twice.
    """

    metric: Proportion
    numerator: int
    other: int
    open: int
    unknown_outcome: int
    unknown_place: int
    outside: int
    elsewhere: int
    excluded: Parts
    basis_cases: int
    undated: int
    interval: Interval | None = None
    clusters: int | None = None
    no_interval: str = ""

    def __attrs_post_init__(self) -> None:
        parts = (self.numerator, self.other, self.open, self.unknown, self.outside, self.elsewhere)
        total = sum(parts) + sum(count for _, count in self.excluded)
        if total != self.basis_cases:
            raise InvalidValue(
                f"metric {self.metric.name}: its parts hold {total:,} cases, its basis {self.basis_cases:,}",
                remedy="Each case must be in exactly one part; open and decided outcomes may not overlap.",
            )

    @property
    def denominator(self) -> int:
        """What the numerator is counted over."""
        return self.numerator + self.other + (self.open if self.metric.counts_open else 0)

    @property
    def denominator_name(self) -> Label:
        """The denominator's name."""
        return self.metric.denominator_label

    @property
    def unknown(self) -> int:
        """Cases with an unknown outcome, or of which it is unknown whether they belong to the denominator."""
        return self.unknown_outcome + self.unknown_place

    @property
    def value(self) -> Fraction | None:
        """The share, exact; none where nothing is known to stand in the denominator."""
        return None if self.reason else Fraction(self.numerator, self.denominator)

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.numerator + self.other:
            return ""
        if self.unknown + self.undated:
            # Pending cases alone would print as 0 % while the decided ones are all unknown.
            return absent(self.unknown, self.undated)
        return "" if self.denominator else "no cases" if not self.open else f"open: {self.open:,}"

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The share if every unknown case stood in the denominator without, and with, the outcome.

        Source: C. F. Manski, Nonparametric bounds on treatment effects, 1990 (no assumption on what is missing).
        """
        widest = self.denominator + self.unknown
        if not widest:
            return None
        return Fraction(self.numerator, widest), Fraction(self.numerator + self.unknown, widest)

    def percent(self, places: int = 1) -> str:
        """The share as a percentage, half-up, or the reason why there is none."""
        return self.reason or percent(self.numerator, self.denominator, places)


@attrs.frozen(kw_only=True)
class TimeFigure:
    """A time that half of the cases took, with those counted in that have not got there.

    Attributes:
        closed_only: The plain median of the cases that got there: too short as long as others may yet.
        known_to_day: Cases whose time is known to the day only.
        ended_later: Cases that ended after the date of observation, and count as open at it.
        left_out: Cases left out, by reason.
        unobserved: Open cases of which nobody said until when they were watched.
        basis_cases: The cases of the basis.
        undated: Cases for which it is not known whether they belong to the basis.
    """

    metric: Duration
    closed_only: Fraction | None
    known_to_day: int
    ended_later: int
    left_out: Parts
    unobserved: int
    basis_cases: int
    undated: int

    @property
    def median(self) -> TimeReached:
        """When half of all cases had got there, in microseconds, with its limits; often never."""
        raise NotImplementedError

    @property
    def cases(self) -> int:
        """The cases that the estimate is made of."""
        raise NotImplementedError

    @property
    def value(self) -> float | None:
        """The median in the metric's unit; none if it is not reached or cannot be told."""
        return None if self.reason else self.in_unit(self.median.time)

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The limits of the median in the metric's unit; ``None`` for a limit that is not reached."""
        median = self.median
        return self.in_unit(median.lower), self.in_unit(median.upper)

    @property
    def closed_only_value(self) -> float | None:
        """The closed-only median in the metric's unit."""
        return self.in_unit(self.closed_only)

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.unobserved:
            return f"observed_through not given: {self.unobserved:,} open"
        if not self.cases:
            return absent(sum(count for _, count in self.left_out), self.undated) or "no cases"
        return "not reached" if self.median.time is None else ""

    def in_unit(self, microseconds: Fraction | int | None) -> float | None:
        """A time in the metric's unit."""
        return None if microseconds is None else float(Fraction(microseconds, self.metric.unit.microseconds))

    def printed(self, microseconds: Fraction | int | None) -> str:
        """A time in the metric's unit, half-up, as text: one decimal, two below one; empty for none."""
        if microseconds is None:
            return ""
        time = Fraction(microseconds, self.metric.unit.microseconds)
        return half_up(time, 1 if time >= 1 else 2)


@attrs.frozen(kw_only=True)
class DurationFigure(TimeFigure):
    """A median time to an end that comes to every case.

    Attributes:
        estimate: The Kaplan-Meier estimate, in microseconds.
    """

    estimate: Estimate

    @property
    def median(self) -> TimeReached:
        """When half of all cases had ended, in microseconds, with its limits."""
        found = self.estimate
        return TimeReached(share=0.5, time=found.median, lower=found.lower, upper=found.upper, level=found.level)

    @property
    def cases(self) -> int:
        """The cases that the estimate is made of."""
        return self.estimate.cases

    def by(self, time: int | float) -> AtTime:
        """The share still open after so long, in the metric's unit, with its limits."""
        return self.estimate.at(round(Fraction(time) * self.metric.unit.microseconds))


@attrs.frozen(kw_only=True)
class IncidenceFigure(TimeFigure):
    """How many get to an end with which others compete, and how soon.

    Attributes:
        incidence: The Aalen-Johansen estimate of ``reached`` and ``otherwise``, in microseconds.
    """

    incidence: Incidence

    @property
    def median(self) -> TimeReached:
        """When half of all had got there, with its limits; often never."""
        return self.incidence.median("reached")

    @property
    def cases(self) -> int:
        """The cases that the estimate is made of."""
        return self.incidence.cases

    def by(self, time: int | float) -> AtTime:
        """The share that had got there after so long, in the metric's unit, with its limits."""
        return self.incidence.at("reached", round(Fraction(time) * self.metric.unit.microseconds))


Figure = (
    CountFigure
    | ProportionFigure
    | DurationFigure
    | IncidenceFigure
    | TotalFigure
    | MeanFigure
    | DistinctFigure
    | ShareFigure
    | RatioFigure
)


@attrs.frozen(kw_only=True)
class Row:
    """One line of a table.

    Attributes:
        group: The values of the ``by`` columns; empty for the total.
        total: Whether it is the total over all groups.
        figure: What was found.
    """

    group: tuple[Any, ...]
    total: bool
    figure: Figure

    @property
    def metric(self) -> Metric:
        """The metric of the figure."""
        return self.figure.metric
