"""Conditions on milestones: the rungs of the ladder, and what had happened when the period ended."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._conditions import (
    AT,
    EVERYTHING,
    LADDER,
    MILESTONES,
    NOT_REACHED,
    OTHER_MILESTONES,
    All,
    Among,
    AnyOf,
    Condition,
    Constant,
    Context,
    Days,
    Empty,
    Not,
    Reading,
    Told,
)

ON_THE_SPOT: Final = "on_the_spot"
OBSERVED_ON: Final = "observed_on"


def _known(name: str) -> str:
    if name not in (*MILESTONES, *OTHER_MILESTONES):
        raise InvalidQuery(f"No milestone {name!r}. There are: {', '.join((*MILESTONES, *OTHER_MILESTONES))}.")
    return name


@attrs.frozen
class Rung(Condition):
    """The case stands on a rung: it passed this milestone and all before it.

    A lower milestone that is *unknown* counts as passed where a higher one is *at*: the
    rungs are nested. A settlement on the spot passes all of them, or none that is not
    recorded, as the question says.
    """

    name: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([*LADDER, ON_THE_SPOT])

    def split(self, context: Context) -> tuple[Condition, Condition]:
        index = LADDER.index(self.name)
        passed: list[Condition] = []
        for place, lower in enumerate(LADDER[: index + 1]):
            higher = tuple(Among(name, (AT,)) for name in LADDER[place + 1 :])
            inferred = All((Not(Among(lower, (NOT_REACHED,))), AnyOf(higher)))
            passed.append(AnyOf((Among(lower, (AT,)), inferred)))
        yes: Condition = All(tuple(passed))
        no: Condition = AnyOf(tuple(Among(name, (NOT_REACHED,)) for name in LADDER[: index + 1]))
        if context.on_the_spot is Reading.IMPLIED:
            spot = Among(ON_THE_SPOT, (True,))
            yes, no = AnyOf((spot, yes)), All((Not(spot), no))
        return yes, no


def rung(name: str) -> Rung:
    """Cases on the rung *name* of the ladder.

    Raises:
        InvalidQuery: No such rung.
    """
    if name not in LADDER:
        raise InvalidQuery(f"No rung {name!r}. The ladder is: {' > '.join(LADDER)}.")
    return Rung(name)


def reached(name: str) -> Condition:
    """Cases that passed the milestone *name*, by its own record and whatever the ladder says."""
    return Told(_known(name), (AT,), (NOT_REACHED,))


@attrs.frozen
class InPeriod(Condition):
    """The milestone was passed in the period; without a period, at any time."""

    name: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.name, f"{self.name}_on"])

    def split(self, context: Context) -> tuple[Condition, Condition]:
        at, never = Among(self.name, (AT,)), Among(self.name, (NOT_REACHED,))
        if context.period is None:
            return at, never
        day = f"{self.name}_on"
        within = Days(day, context.period.first, context.period.last)
        return All((at, within)), AnyOf((never, All((at, Not(Empty(day)), Not(within)))))


@attrs.frozen
class Noted(InPeriod):
    """A row that is there because it happened: in the period, or, if none is asked for, whatever its date."""

    def split(self, context: Context) -> tuple[Condition, Condition]:
        return (EVERYTHING, Constant(False)) if context.period is None else InPeriod.split(self, context)


@attrs.frozen
class Undated(Condition):
    """The milestone was passed on a day that nobody knows, and the question is about a period."""

    name: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.name, f"{self.name}_on"])

    def split(self, context: Context) -> tuple[Condition, Condition]:
        if context.period is None:
            return Constant(False), EVERYTHING
        undated = All((Among(self.name, (AT,)), Empty(f"{self.name}_on")))
        return undated, Not(undated)


@attrs.frozen
class ByEnd(Condition):
    """The milestone had been passed when the period ended; without a period, by now.

    A register that stopped watching before the end cannot say that it had not.
    """

    name: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([self.name, f"{self.name}_on", OBSERVED_ON])

    def split(self, context: Context) -> tuple[Condition, Condition]:
        at, never = Among(self.name, (AT,)), Among(self.name, (NOT_REACHED,))
        if context.period is None:
            return at, never
        day, last = f"{self.name}_on", context.period.last
        by_then = Days(day, None, last)
        watched = AnyOf((Empty(OBSERVED_ON), Days(OBSERVED_ON, last, None)))
        later = All((at, Not(Empty(day)), Not(by_then)))
        return All((at, by_then)), AnyOf((All((never, watched)), later))


def in_period(name: str) -> InPeriod:
    """Cases that passed the milestone in the period."""
    return InPeriod(_known(name))


def by_end(name: str) -> ByEnd:
    """Cases that had passed the milestone when the period ended."""
    return ByEnd(_known(name))


def noted(name: str) -> Noted:
    """Rows that were noted in the period; without one, all of them."""
    return Noted(_known(name))
