"""The registers around a case: persons, mediators and centres are matters too."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Self

import attrs

from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event, Matter, State, Step, TimedStep, in_time, moment
from community_mediation.domain.people import MediatorDetails, PersonDetails
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.validators import NARRATIVE, PUBLIC, checked, code, matter_id
from community_mediation.domain.values import NOT_REACHED, Milestone, When
from community_mediation.errors import IllegalMove, InvalidValue

Details = PersonDetails | MediatorDetails | CentreDetails | TallyDetails


@frozen(kw_only=True, field_transformer=checked)
class Created(Event):
    """The record was begun."""

    details: Details = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Changed(Event):
    """From then on the details are these."""

    details: Details = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Ended(Event):
    """The record ended: a mediator left, a centre was dissolved."""

    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


def _created(event: Created, state: State) -> None:
    state.update(details=event.details, created=Milestone.at(event.at), ended=NOT_REACHED)


def _changed(event: Changed, state: State) -> None:
    state["details"] = event.details


def _ended(event: Ended, state: State) -> None:
    state["ended"] = Milestone.at(event.at)


_EFFECTS: dict[type[Event], Callable[[Any, State], None]] = {Created: _created, Changed: _changed, Ended: _ended}


@frozen(kw_only=True)
class Record(Matter):
    """What ``Person``, ``Mediator``, ``Centre`` and ``Tally`` share: created, changed any number of times, ended.

    Attributes:
        details: What is recorded now.
        created, ended: When the record began and ended.
    """

    details: Details
    created: Milestone
    ended: Milestone

    details_type: ClassVar[type[Any]]

    @classmethod
    def create(cls, *, id: str, details: Details, at: When, by: str) -> Self:
        """Begin the record.

        Raises:
            InvalidValue: The details are of another kind.
        """
        cls._check(details)
        return cls._build(matter_id(id), (), (Created(at=at, by=by, details=details),))

    def change(self, *, details: Details, at: When, by: str) -> Self:
        """From *at* on, the details are these.

        Raises:
            IllegalMove: The record had ended by then.
            InvalidValue: The details are of another kind.
        """
        self._check(details)
        return self._record("change", Changed(at=at, by=by, details=details))

    def end(self, *, at: When, by: str, reason: str | None = None, note: str | None = None) -> Self:
        """The record ends.

        Raises:
            IllegalMove: It had ended before.
        """
        return self._record("end", Ended(at=at, by=by, reason=reason, note=note))

    @property
    def is_active(self) -> bool:
        """Whether the record has not ended."""
        return not self.ended.is_reached

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        """The record that *history* tells of.

        Raises:
            InvalidValue: The history does not begin with the creation of such a record.
        """
        return cls._build(id, tuple(history), ())

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The record as it was then; ``None`` before it began."""
        at = moment(when)
        first = timeline(self.events)[0].since
        return None if first is not None and first > at else self._build(self.id, self.history, self.pending, at)

    @classmethod
    def _check(cls, details: Details) -> None:
        if not isinstance(details, cls.details_type):
            raise InvalidValue(f"the details of a {cls.__name__} are {cls.details_type.__name__}", path="$.details")

    @classmethod
    def _build(
        cls, id: str, history: tuple[Event, ...], pending: tuple[Event, ...], as_of: dt.datetime | None = None
    ) -> Self:
        events = history + pending
        if not events or not isinstance(events[0], Created) or not isinstance(events[0].details, cls.details_type):
            raise InvalidValue(f"a history that does not begin with the creation of a {cls.__name__}")
        state: State = {}
        for timed in timeline(events):
            if as_of is None or timed.since is None or timed.since <= as_of:
                timed.step.effect(state)
        return cls(id=id, history=history, pending=pending, as_of=as_of, **state)

    def _record(self, move: str, event: Event) -> Self:
        self._must_be_current(move)
        if self.ended.is_reached and (isinstance(event, Ended) or not event.at < (self.ended.when or event.at)):
            raise IllegalMove("ended", move, (), "the record has ended")
        if event.at < (self.created.when or event.at):
            raise InvalidValue("it happened before the record began", path="$.at")
        return self._build(self.id, self.history, (*self.pending, event))


def timeline(events: Sequence[Event]) -> list[TimedStep]:
    """All steps of a record's history in their order."""
    return in_time(
        Step(event.at, partial(_EFFECTS[type(event)], event), number)
        for number, event in enumerate(events, 1)
        if type(event) in _EFFECTS
    )


@frozen(kw_only=True)
class Person(Record):
    """A natural person or organisation, once, however many cases it is in."""

    details_type: ClassVar[type[Any]] = PersonDetails


@frozen(kw_only=True)
class Mediator(Record):
    """Who mediates (调解员)."""

    details_type: ClassVar[type[Any]] = MediatorDetails


@frozen(kw_only=True)
class Centre(Record):
    """The body that mediates (调解组织、工作室)."""

    details_type: ClassVar[type[Any]] = CentreDetails


@frozen(kw_only=True)
class Tally(Record):
    """A count for a period with no case behind it (统计数). A better count is a change; a wrong one is ended."""

    details_type: ClassVar[type[Any]] = TallyDetails

    @classmethod
    def _check(cls, details: Details) -> None:
        super()._check(details)
        if isinstance(details, TallyDetails) and details.cases is None and details.persons is None:
            raise InvalidValue("a count that counts nothing", path="$.details", remedy="Give cases, persons or both.")
