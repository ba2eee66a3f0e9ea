"""Figures of sums, means, distinct persons, ratios and shares by a fixed time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.metrics._intervals import Interval
from community_mediation.metrics._measures import Distinct, Mean, PairedMean, Ratio, Repeat, Scale, Total, Within
from community_mediation.metrics._parts import Parts, absent
from community_mediation.metrics._rounding import half_up
from community_mediation.ports import Label


@attrs.frozen(kw_only=True)
class TotalFigure:
    """A sum, by what it is told in.

    Attributes:
        amounts: The exact sums, by currency or other unit; one under ``None`` where there is no such column.
        counted: The rows that were added up.
        missing: Rows whose cell is empty: what they hold is not in the sum.
        undated: Rows for which it is not known whether they belong to the basis.
        excluded: Rows left out by name.
        basis_cases: The rows of the basis.
    """

    metric: Total
    amounts: Mapping[str | None, Fraction] = attrs.field(hash=False)
    counted: int
    missing: int
    undated: int
    excluded: Parts
    basis_cases: int

    @property
    def value(self) -> Fraction | None:
        """The sum; none where it is told in several units, or where nothing was added up."""
        return None if self.reason or len(self.amounts) != 1 else next(iter(self.amounts.values()))

    @property
    def reason(self) -> str:
        """Why there is no sum at all."""
        return "" if self.counted else absent(self.missing, self.undated) or "no cases"


@attrs.frozen(kw_only=True)
class MeanFigure:
    """A mean, with its limits clustered by case.

    Attributes:
        answers: The rows in it; for a change, the pairs.
        clusters: The cases that they come from.
        total: Their sum.
        interval: The limits; none where they cannot be told.
        no_interval: Why there are no limits.
        missing: Rows without a number; for a change, answers without their other.
        off_scale: Rows whose number the scale does not have.
        undated: Rows for which it is not known whether they belong to the basis.
        excluded: Rows left out by name.
        basis_cases: The rows of the basis.
    """

    metric: Mean | PairedMean
    answers: int
    clusters: int
    total: int
    interval: Interval | None
    no_interval: str = ""
    missing: int
    off_scale: int = 0
    undated: int
    excluded: Parts
    basis_cases: int

    @property
    def value(self) -> Fraction | None:
        """The mean, exact."""
        return None if self.reason else Fraction(self.total, self.answers)

    @property
    def reason(self) -> str:
        """Why there is no value."""
        return "" if self.answers else absent(self.missing + self.off_scale, self.undated) or "no cases"


@attrs.frozen(kw_only=True)
class DistinctFigure:
    """How many different ones.

    Attributes:
        named: How many different ones the column names.
        rows: How many rows name one: participations.
        unnamed: Rows that name none; each may be another one, or all the same.
        undated: Rows for which it is not known whether they belong to the basis.
        excluded: Rows left out by name.
        basis_cases: The rows of the basis.
    """

    metric: Distinct
    named: int
    rows: int
    unnamed: int
    undated: int
    excluded: Parts
    basis_cases: int

    @property
    def value(self) -> int | None:
        """How many different ones are named, which is the least that it may be; see ``bounds``."""
        return None if self.reason else self.named

    @property
    def bounds(self) -> tuple[int, int]:
        """The fewest and the most that it may be: who is not named may be another one each, or all the same."""
        return max(self.named, 1 if self.unnamed else 0), self.named + self.unnamed

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.named:
            return ""
        return f"not linked: {self.unnamed:,}" if self.unnamed else absent(0, self.undated)


NOT_SEEN: Final = "not seen for so long"
"""Under this name those are left out who were not seen on the day that a share is about."""


@attrs.frozen(kw_only=True)
class ShareFigure:
    """A share of those observed for long enough, or of different persons.

    Attributes:
        numerator: Those with the outcome.
        denominator: Those counted over.
        interval: The limits; none without a value.
        not_due: Those not watched for long enough, of whom it cannot be told yet.
        left_out: Others that are not in it, by name.
        undated: Rows for which it is not known whether they belong to the basis.
        basis_cases: The rows of the basis; for persons, their participations.
    """

    metric: Within | Repeat
    numerator: int
    denominator: int
    interval: Interval | None = None
    not_due: int = 0
    left_out: Parts
    undated: int
    basis_cases: int

    @property
    def denominator_name(self) -> Label:
        """The denominator's name."""
        return self.metric.denominator_label

    @property
    def value(self) -> Fraction | None:
        """The share, exact."""
        return None if self.reason else Fraction(self.numerator, self.denominator)

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.denominator:
            return ""
        if NOT_SEEN in dict(self.left_out):
            return "nobody was watched that long"
        return f"not due yet: {self.not_due:,}" if self.not_due else absent(0, self.undated) or "no cases"

    def percent(self, places: int = 1) -> str:
        """The share as a percentage, half-up, or the reason why there is none."""
        return self.reason or half_up(Fraction(100 * self.numerator, self.denominator), places)


@attrs.frozen(kw_only=True)
class RatioFigure:
    """One figure by another. It may exceed 1, and has no interval.

    Attributes:
        numerator, denominator: The two figures' values; none where there is none.
        numerator_reason, denominator_reason: Why there is none.
        basis_cases: The rows of the numerator's basis.
    """

    metric: Ratio
    numerator: Fraction | None
    denominator: Fraction | None
    numerator_reason: str = ""
    denominator_reason: str = ""
    basis_cases: int = 0
    undated: int = 0

    @property
    def value(self) -> Fraction | None:
        """The ratio, exact."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.numerator is not None and self.denominator:
            return ""
        if self.denominator is None:
            return self.denominator_reason or "no cases"
        return self.numerator_reason or "no cases"

    def printed(self) -> str:
        """The ratio as text, half-up, or the reason why there is none."""
        if self.value is None:
            return self.reason
        percent = self.metric.scale is Scale.PERCENT
        return f"{half_up(100 * self.value, 1)} %" if percent else half_up(self.value, 2)
