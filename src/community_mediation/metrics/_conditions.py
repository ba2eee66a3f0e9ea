"""Conditions on the columns of a facts table, as data.

A condition answers *yes*, *no* or *cannot be told* for each case, after Kleene's strong
three-valued logic: ``&``, ``|`` and ``~`` keep what cannot be told apart from "no". The
engine sees two plain predicates for each condition, the yes and the no; what is neither
is unknown, and is counted as such.

    col("agreement").is_in(["full", "partial"], not_in=["none"])      # other values: cannot be told
    col("conclusion") == "void"                                       # an empty cell is a no
    rung("begun") & ~(col("channel") == "police_call")
    answered(rung("begun"), no=reached("concluded"))                  # begun, ended without, or still open

Source: S. C. Kleene, Introduction to Metamathematics, 1952, § 64.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Any, Final

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery

Plain = str | int | bool
"""What a cell is compared with."""

LADDER: Final = ("reported", "accepted", "agreed_to_mediate", "begun", "joint_session")
"""The nested milestones: each rung holds the cases that passed it and all before it."""

MILESTONES: Final = (*LADDER, "first_session", "agreed", "concluded", "first_concluded", "closed")
"""Those of a case."""
OTHER_MILESTONES: Final = (
    "held",
    "effective",
    "complied",
    "breached",
    "repudiated",
    "confirmed",
    "left",
    "raised",
    "answered",
    "failed",
    "returned",
)
"""Those of the rows of other tables. Two are made from others: ``failed`` is the earlier of ``breached`` and
``repudiated``; a case ``returned`` when two of its persons next came with another one."""
AT, NOT_REACHED = "at", "not_reached"


class Reading(enum.StrEnum):
    """How a settlement on the spot stands on the ladder."""

    IMPLIED = "implied"
    AS_RECORDED = "as_recorded"


@attrs.frozen
class Context:
    """What a condition needs from the question: the period, and the reading of on-the-spot settlements."""

    period: Period | None = None
    on_the_spot: Reading = Reading.IMPLIED


class Condition:
    """The base of all conditions. Join them with ``&``, ``|`` and ``~``."""

    __slots__ = ()

    def __and__(self, other: Condition) -> Condition:
        return All((self, _condition(other)))

    def __or__(self, other: Condition) -> Condition:
        return AnyOf((self, _condition(other)))

    def __invert__(self) -> Condition:
        return Not(self)

    def __bool__(self) -> bool:
        raise InvalidQuery("A condition has no truth value of its own. Join conditions with &, | and ~.")

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it reads."""
        raise NotImplementedError

    def split(self, context: Context) -> tuple[Condition, Condition]:
        """Its yes and its no, both in plain conditions."""
        return self, Not(self)


def _condition(value: Any) -> Condition:
    if not isinstance(value, Condition):
        raise InvalidQuery(f"A condition cannot be joined with a {type(value).__name__}. Compare a col(…) first.")
    return value


@attrs.frozen
class Among(Condition):
    """The cell is one of *values*; empty is a no."""

    column: str
    values: tuple[Plain, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.column])


@attrs.frozen
class Told(Condition):
    """Yes for the values *yes*, no for the values *no*; any other value, or none, cannot be told."""

    column: str
    yes: tuple[Plain, ...]
    no: tuple[Plain, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.column])

    def split(self, context: Context) -> tuple[Condition, Condition]:
        return Among(self.column, self.yes), Among(self.column, self.no)


@attrs.frozen
class Empty(Condition):
    """The cell is empty."""

    column: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.column])


@attrs.frozen
class Days(Condition):
    """The date lies between *first* and *last*, both included; empty is a no."""

    column: str
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.column])


@attrs.frozen
class Constant(Condition):
    """The same answer for every case."""

    value: bool

    @property
    def columns(self) -> frozenset[str]:
        return frozenset()


@attrs.frozen
class Several(Condition):
    """A condition made of parts."""

    parts: tuple[Condition, ...]

    @property
    def columns(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.columns for part in self.parts))


@attrs.frozen
class All(Several):
    """Every part is a yes."""

    def split(self, context: Context) -> tuple[Condition, Condition]:
        pairs = [part.split(context) for part in self.parts]
        return All(tuple(yes for yes, _ in pairs)), AnyOf(tuple(no for _, no in pairs))


@attrs.frozen
class AnyOf(Several):
    """Some part is a yes."""

    def split(self, context: Context) -> tuple[Condition, Condition]:
        pairs = [part.split(context) for part in self.parts]
        return AnyOf(tuple(yes for yes, _ in pairs)), All(tuple(no for _, no in pairs))


@attrs.frozen
class Not(Condition):
    """The part is a no."""

    part: Condition

    @property
    def columns(self) -> frozenset[str]:
        return self.part.columns

    def split(self, context: Context) -> tuple[Condition, Condition]:
        yes, no = self.part.split(context)
        return no, yes


@attrs.frozen
class Answered(Condition):
    """Yes where *yes* is a yes, no where *no* is a yes, and otherwise it cannot be told (yet)."""

    yes: Condition
    no: Condition

    @property
    def columns(self) -> frozenset[str]:
        return self.yes.columns | self.no.columns

    def split(self, context: Context) -> tuple[Condition, Condition]:
        yes = self.yes.split(context)[0]
        return yes, All((self.no.split(context)[0], Not(yes)))


EVERYTHING: Final = Constant(True)
NOTHING: Final = Constant(False)


class Column:
    """A column, to be compared. ``col("conclusion") == "void"`` makes a condition."""

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, value: Plain) -> Condition:  # type: ignore[override]
        return self.is_in([value])

    def is_in(self, values: Iterable[Plain], *, not_in: Iterable[Plain] | None = None) -> Condition:
        """One of *values*. With *not_in*, only those are a no, and everything else cannot be told."""
        yes = self._plain(values)
        if not_in is None:
            return Among(self.name, yes)
        no = self._plain(not_in)
        if set(yes) & set(no):
            raise InvalidQuery(f"Column {self.name!r}: a value stands under both yes and no.")
        return Told(self.name, yes, no)

    def is_null(self) -> Condition:
        """The cell is empty."""
        return Empty(self.name)

    def between(self, first: dt.date | None, last: dt.date | None) -> Condition:
        """A date from *first* to *last*, both included; ``None`` leaves an end open."""
        return Days(self.name, first, last)

    def _plain(self, values: Iterable[Plain]) -> tuple[Plain, ...]:
        if isinstance(values, str):
            raise InvalidQuery(f"Column {self.name!r}: give a list of values, or compare with ==.")
        found = tuple(values)
        if not all(isinstance(value, str | int | bool) for value in found):
            raise InvalidQuery(f"Column {self.name!r} is compared with texts, whole numbers and truth values only.")
        return found


def col(name: str) -> Column:
    """The column *name* of the grain."""
    return Column(name)


def answered(yes: Condition, *, no: Condition) -> Condition:
    """Two questions in one: *yes* wins where both hold, and where neither does it cannot be told yet.

    Raises:
        InvalidQuery: One of them is no condition.
    """
    return Answered(_condition(yes), _condition(no))
