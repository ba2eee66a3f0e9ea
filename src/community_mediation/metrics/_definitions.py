"""What a metric is: data, with its denominator's name, its source and its version."""

from __future__ import annotations

import enum
from typing import Final

import attrs

from community_mediation.metrics._conditions import EVERYTHING, Condition, col
from community_mediation.metrics._milestones import InPeriod, Rung, Undated
from community_mediation.ports import Label


class Basis(enum.StrEnum):
    """Which cases a figure is about."""

    COHORT = "cohort"
    """Those reported in the period, whatever came of them since."""
    EVENT = "event"
    """Those to which something happened in the period."""
    STOCK = "stock"
    """Those that stood so when the period ended."""


class Unit(enum.StrEnum):
    """What a duration is told in."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"

    @property
    def microseconds(self) -> int:
        """How long one is."""
        return {"days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000}[self.value]


class Attribution(enum.StrEnum):
    """How a case that several mediators worked on counts for each of them."""

    EACH = "each"
    """In full for each: the figures of all mediators add up to more than the cases."""
    LEAD = "lead"
    """For the one who led."""
    SHARED = "shared"
    """In part, 1/n for each of n: the figures of all mediators add up to the cases."""


@attrs.frozen
class Exclusion:
    """Cases left out by name, and counted."""

    name: str
    when: Condition
    label: Label


VOID: Final = Exclusion("void", col("conclusion") == "void", Label("void", "作废"))
"""A case entered by mistake, or absorbed by another, is no case: no figure counts it, every figure says how many."""

RUNG_LABELS: Final = {
    "reported": Label("cases reported", "登记的案件"),
    "accepted": Label("cases accepted", "受理的案件"),
    "agreed_to_mediate": Label("cases in which the parties agreed to mediate", "当事人同意调解的案件"),
    "begun": Label("mediations begun", "启动调解的案件"),
    "joint_session": Label("cases with a joint session", "召开面对面调解会的案件"),
}


@attrs.frozen(kw_only=True)
class Metric:
    """What every metric says of itself.

    Attributes:
        name: Its name in code, JSON and on the command line.
        label: Its name for people.
        grain: The facts table whose rows it counts. Columns that it lacks and the table ``case`` has are the case's.
        basis: Which of them the figure is about.
        filter: Narrows the basis.
        exclusions: Rows left out by name; the first that fits takes the row.
        attribution: For rows of mediators, how a case counts for each; ``None`` elsewhere.
        source: Who defines it so.
        version: Raised when the definition changes; a series breaks there.
    """

    name: str
    label: Label
    grain: str = "case"
    basis: Basis = Basis.COHORT
    filter: Condition = EVERYTHING
    exclusions: tuple[Exclusion, ...] = (VOID,)
    attribution: Attribution | None = None
    source: str
    version: int = 1

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The metrics whose figures it is made of; none for one that counts rows itself."""
        return ()

    @property
    def own_columns(self) -> frozenset[str]:
        """The columns that its filter and exclusions read."""
        return self.filter.columns.union(*(exclusion.when.columns for exclusion in self.exclusions))

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it needs."""
        return self.own_columns


@attrs.frozen(kw_only=True, cache_hash=True)
class Count(Metric):
    """How many. Milestones are counted as they are recorded, not as the ladder implies them.

    Attributes:
        counted: The rows counted; those for which it cannot be told are listed as unknown.
        milestone: The milestone whose date places a row in the period.
        what: What is counted, in words.
    """

    counted: Condition
    milestone: str
    what: Label

    @property
    def columns(self) -> frozenset[str]:
        return self.own_columns | self.counted.columns | Undated(self.milestone).columns


@attrs.frozen(kw_only=True, cache_hash=True)
class Proportion(Metric):
    """A numerator within a denominator, over cases (rows) of which each falls in exactly one part.

    Attributes:
        numerator: The outcome counted: yes, no, or cannot be told.
        denominator: Which cases it is counted over; a rung, or a filter across the ladder.
        denominator_label: The denominator's name: no figure is printed without it.
        numerator_label: What the outcome is, in words.
        pending: Cases whose outcome is still open.
        counts_open: Whether pending cases stand in the denominator.
        milestone: The milestone whose date places a case in the period.
    """

    numerator: Condition
    numerator_label: Label
    denominator: Condition
    denominator_label: Label
    pending: Condition = col("agreement") == "open"
    counts_open: bool = False
    milestone: str = "reported"

    @property
    def columns(self) -> frozenset[str]:
        conditions = (self.numerator, self.denominator, self.pending, InPeriod(self.milestone))
        return self.own_columns.union(*(condition.columns for condition in conditions))

    @property
    def rung(self) -> str | None:
        """The rung that it is counted over; ``None`` for a filter across the ladder."""
        return self.denominator.name if isinstance(self.denominator, Rung) else None


@attrs.frozen(kw_only=True, cache_hash=True)
class Duration(Metric):
    """The time from one milestone to another, with cases that have not got there yet.

    Attributes:
        start: Where it begins; its date places a row in the period.
        end: Where it ends.
        competing: Another end, after which the first cannot come any more: an ended case will not be accepted.
            Then the figure is the incidence of *end* (Aalen-Johansen), and not Kaplan-Meier, which would take
            those cases for ones that may still get there.
        seen: Up to when each was watched, by the names of its columns ``…_at`` and ``…_on``.
        unit: What it is told in.
    """

    start: str = "reported"
    end: str = "first_concluded"
    competing: str | None = None
    seen: str = "observed"
    unit: Unit = Unit.DAYS

    @property
    def columns(self) -> frozenset[str]:
        return self.own_columns | times_of(self.start, self.end, self.competing) | seen_by(self.seen)


def times_of(*milestones: str | None) -> frozenset[str]:
    """The three columns of each milestone."""
    return frozenset(f"{name}{part}" for name in milestones if name is not None for part in ("", "_at", "_on"))


def seen_by(name: str) -> frozenset[str]:
    """The two columns that say up to when a row was watched."""
    return frozenset({f"{name}_at", f"{name}_on"})


OPTIONAL: Final = frozenset({"observed_at", "observed_on", "last_contact_at"})
"""Columns that only registered cases fill, or nobody; a frame without them has no such cases."""
