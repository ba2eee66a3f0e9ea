"""More kinds of metrics: sums, means, distinct persons, ratios, and what happened by a fixed time."""

from __future__ import annotations

import enum

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.metrics._conditions import EVERYTHING, NOTHING, Condition
from community_mediation.metrics._definitions import Metric, seen_by, times_of
from community_mediation.metrics._milestones import InPeriod
from community_mediation.ports import Label


@attrs.frozen(kw_only=True)
class Placed(Metric):
    """A metric over rows that a milestone places in the period.

    Attributes:
        milestone: The milestone whose date places a row in the period; ``None`` for rows that have none.
        span: The columns with the first and the last day of the period that a row itself is about.
        what: What is counted, in words.
    """

    milestone: str | None = "reported"
    span: tuple[str, str] | None = None
    what: Label

    @property
    def placing(self) -> frozenset[str]:
        """The columns that it needs to place a row and to leave it out."""
        dated = frozenset(self.span or ()) if self.milestone is None else InPeriod(self.milestone).columns
        return self.own_columns | dated


@attrs.frozen(kw_only=True)
class Total(Placed):
    """The sum of a column of numbers; rows where it is empty are counted as missing, not as nothing.

    Attributes:
        column: What is added up.
        unit: The column that says in what, such as a currency: amounts in different ones are never added.
        unit_label: What whole numbers are counted in, where there is no such column.
    """

    column: str
    unit: str | None = None
    unit_label: Label | None = None

    @property
    def columns(self) -> frozenset[str]:
        return self.placing | {self.column} | ({self.unit} if self.unit else set())


@attrs.frozen(kw_only=True)
class Shared(Total):
    """Cases, each shared equally among its rows: of n mediators each is given 1/n, so that all add up to the cases.

    It is shared among all rows that the frame has of it, also those that the metric does not count. For a rate give
    the two sums to `fractional_wilson`: a case in part is no more than a case.
    """

    column: str = "matter_id"


@attrs.frozen(kw_only=True)
class Mean(Placed):
    """The mean of a column of whole numbers, with limits clustered by case.

    Attributes:
        column: The number, such as a score.
        reversed: Rows whose score runs the other way, and counts as ``lowest + highest - score``.
        lowest, highest: The scale. A number outside it is counted as off the scale, and left out.
    """

    column: str = "score"
    reversed: Condition = NOTHING
    lowest: int = 1
    highest: int = 5

    @property
    def columns(self) -> frozenset[str]:
        return self.placing | self.reversed.columns | {self.column}


@attrs.frozen(kw_only=True)
class PairedMean(Placed):
    """The mean change of a score between two waves, of those who answered both; clustered by case.

    Attributes:
        column: The score.
        before, after: The rows of either wave.
        pair: What makes two answers a pair, beside the case. Where one of them is empty, or several rows of a wave
            stand under the same ones, none is a pair: nobody knows which belongs to which.
        lowest, highest: The scale. A number outside it is counted as off the scale, and left out.
    """

    column: str = "score"
    before: Condition
    after: Condition
    pair: tuple[str, ...] = ("party", "question")
    lowest: int = 1
    highest: int = 5

    @property
    def columns(self) -> frozenset[str]:
        return self.placing | self.before.columns | self.after.columns | {self.column, *self.pair}


@attrs.frozen(kw_only=True)
class Distinct(Placed):
    """How many different ones a column names: persons, mediators, cases.

    Attributes:
        column: The name. Rows without one are counted beside: nobody knows whether they are the same.
    """

    column: str

    @property
    def columns(self) -> frozenset[str]:
        return self.placing | {self.column}


@attrs.frozen(kw_only=True)
class Repeat(Placed):
    """The share of those named by a column who appear in at least so many cases.

    Attributes:
        column: The name, such as a person's id.
        times: In how many cases at least.
        denominator_label: Who is counted over.
    """

    column: str
    times: int = 2
    denominator_label: Label

    @property
    def columns(self) -> frozenset[str]:
        return self.placing | {self.column}


def _days(_: object, attribute: attrs.Attribute[int], value: int) -> None:
    if type(value) is not int or value < 0:
        raise InvalidValue("a share by a fixed day needs a whole number of days=, 0 or more")


@attrs.frozen(kw_only=True)
class Within(Metric):
    """The share that got from one milestone to another within so many days, of those observed for so long.

    Whoever was not watched long enough is *not due yet*, and in neither number: a young case is no late one.

    Attributes:
        start: Where the time begins; its date places a row in the period.
        end: Where it ends.
        days: Within how many calendar days; the day of *start* is not counted.
        competing: Another end, after which the first cannot come any more: those are a no at once.
        seen: Up to when each was watched, by the names of its columns.
        numerator_label, denominator_label: What is counted over what, in words.
        settle: Whether one that got there before its time was up counts at once. A deadline that is met is met;
            but a share at a fixed time is comparable only if everybody was watched for all of it.
        without: Whether those are counted who had *not* got there by then.
    """

    start: str
    end: str
    days: int = attrs.field(validator=_days)
    competing: str | None = None
    seen: str = "observed"
    numerator_label: Label
    denominator_label: Label
    settle: bool = False
    without: bool = False

    @property
    def columns(self) -> frozenset[str]:
        return self.own_columns | times_of(self.start, self.end, self.competing) | seen_by(self.seen)


class Scale(enum.StrEnum):
    """How a ratio is told."""

    PERCENT = "percent"
    NUMBER = "number"


@attrs.frozen(kw_only=True)
class Ratio(Metric):
    """One figure by another: a clearance rate, cases per mediator. It may exceed 1, and has no interval.

    Attributes:
        numerator, denominator: The two metrics; they may count different tables.
        scale: Whether it is told in per cent or as a number.
        grain: That of the numerator, for lists.
    """

    numerator: Metric
    denominator: Metric
    scale: Scale = Scale.NUMBER
    grain: str = attrs.field(default=attrs.Factory(lambda self: self.numerator.grain, takes_self=True), init=False)
    filter: Condition = attrs.field(default=EVERYTHING, init=False)

    @property
    def parts(self) -> tuple[Metric, ...]:
        return (self.numerator, self.denominator)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset()
