"""A matter: anything with an identity and a history.

A matter is a frozen value. A move checks its rule and returns the next value, which
carries the new event in ``pending`` until a book saves it. Folding takes events in the
order in which they were recorded, puts corrections in the place of what they correct,
orders what is left by time, and never raises; legality is judged when an event is
recorded.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Self

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import PUBLIC, checked, identifier
from community_mediation.domain.values import UTC, When
from community_mediation.errors import IllegalMove, InvalidValue


@frozen(kw_only=True, field_transformer=checked)
class Event:
    """Something that happened to a matter.

    Attributes:
        at: When it happened, as exactly as it is known.
        by: The id of whoever recorded it: an account, never a name.
    """

    at: When = attrs.field(metadata=PUBLIC)
    by: str = attrs.field(metadata=PUBLIC, validator=identifier)


State = dict[str, Any]
"""The fields of a matter while they are being folded."""


class Step(NamedTuple):
    """One effect of an event, with the time from which it holds."""

    when: When
    effect: Callable[[State], None]
    number: int


class TimedStep(NamedTuple):
    """A step in its place: ``since`` is the first moment at which it can have held; ``None``: always."""

    step: Step
    since: dt.datetime | None


def in_time(steps: Iterable[Step]) -> list[TimedStep]:
    """Order steps by when they happened; where that cannot be told, in the order in which they were recorded.

    The first step is the birth and stays first. Every other goes before the first step that is
    certainly later: since "certainly before" is transitive, the result never contradicts it.
    ``since`` never goes back, so that what held at a moment is always a prefix of the list.
    """
    ordered: list[tuple[Step, dt.datetime | None]] = []
    result: list[TimedStep] = []
    frontier: dt.datetime | None = None
    moved = False
    for step in steps:
        when = step.when
        # An instant is its own beginning and end.
        earliest = when.earliest
        latest = earliest if when.instant is not None else when.latest
        place = len(ordered)
        if latest is not None and frontier is not None and latest < frontier:
            for index in range(1, len(ordered)):
                other = ordered[index][1]
                if other is not None and latest < other:
                    place, moved = index, True
                    break
        ordered.insert(place, (step, earliest))
        if earliest is not None and (frontier is None or earliest > frontier):
            frontier = earliest
        result.append(TimedStep(step, frontier))
    if not moved:
        return result
    result.clear()
    since: dt.datetime | None = None
    for step, earliest in ordered:
        since = later(since, earliest)
        result.append(TimedStep(step, since))
    return result


def later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    """The later of two moments; ``None`` is before all."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def moment(valid_at: When | dt.datetime) -> dt.datetime:
    """The moment that a question about *valid_at* means: the end of a day, or the instant itself.

    Raises:
        InvalidValue: The time is unknown or has no zone.
    """
    when = valid_at if isinstance(valid_at, When) else When.at(valid_at)
    latest = when.latest
    if latest is None:
        raise InvalidValue("an unknown time", remedy="Ask for a day or a moment.")
    return latest.astimezone(UTC)


@frozen(kw_only=True)
class Matter:
    """What every kind of matter has.

    Attributes:
        id: Its id in the book.
        history: The events that the book holds, in the order in which they were recorded.
        pending: New events, not saved yet.
        as_of: Set on a value as it was at some past moment: such a value is for looking at and cannot move.
    """

    id: str
    history: tuple[Event, ...] = attrs.field(default=(), repr=False)
    pending: tuple[Event, ...] = attrs.field(default=(), repr=False)
    as_of: dt.datetime | None = None

    @property
    def version(self) -> int:
        """How many events the book holds of it: what a save checks against."""
        return len(self.history)

    @property
    def events(self) -> tuple[Event, ...]:
        """All its events, saved and pending; event number *n* is ``events[n - 1]``."""
        return self.history + self.pending

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        """The matter that *history* tells of. Never raises for events of its own kind."""
        raise NotImplementedError

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The matter as it was then, by all that is known now; ``None`` before it began."""
        raise NotImplementedError

    def saved(self) -> Self:
        """The same value with its pending events in its history."""
        return attrs.evolve(self, history=self.events, pending=())

    def recorded(self) -> Self:
        """The value that the book holds: the one without the pending events. Only where there is a history."""
        return self.fold(self.id, self.history)

    def _must_be_current(self, move: str) -> None:
        if self.as_of is not None:
            raise IllegalMove(
                f"as of {self.as_of.isoformat()}",
                move,
                (),
                "this is a look at the past; get the present one to change it",
            )
