"""The case: one dispute brought to mediation, as a value with a history."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Self, TypeVar

from community_mediation.domain import events as ev
from community_mediation.domain.case_moves import CaseMoves
from community_mediation.domain.case_state import Held, Lived, held_in
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.effects import apply
from community_mediation.domain.frozen import frozen
from community_mediation.domain.history import illegal, in_force, timeline
from community_mediation.domain.matter import Event, State, TimedStep, later, moment
from community_mediation.domain.people import Party
from community_mediation.domain.rules import BIRTHS, check_birth, guard, move_of
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.validators import items, matter_id
from community_mediation.domain.values import ExternalId, When
from community_mediation.errors import IllegalMove, InvalidValue

ACase = TypeVar("ACase", bound="Case")


@frozen(kw_only=True)
class Case(CaseMoves):
    """One dispute brought to mediation (纠纷案件).

    A case begins with ``report`` (lived through here) or ``register`` (from another
    register). Every other move is a method that returns the next value and leaves this
    one as it is. ``at`` says when it happened and may lie in the past; the move is judged
    by where the case stood then, and refused if something recorded later would become
    impossible. ``by`` is the id of the account that records it.

    Its fields are those of ``CaseState``, its moves those of ``CaseMoves``.
    """

    @classmethod
    def report(
        cls,
        *,
        id: str,
        centre: str,
        dispute: Dispute,
        at: When,
        by: str,
        parties: Iterable[Party] = (),
        intake: Intake | None = None,
        reference: str | None = None,
        external: ExternalId | None = None,
    ) -> Self:
        """A dispute reaches the centre.

        Raises:
            InvalidValue: A value breaks its rule, or two parties or issues share an id.
        """
        return cls._born(
            id,
            ev.Reported(
                at=at,
                by=by,
                centre=centre,
                reference=reference,
                external=external,
                dispute=dispute,
                intake=Intake() if intake is None else intake,
                parties=items(parties, "$.parties"),
            ),
        )

    @classmethod
    def register(
        cls,
        *,
        id: str,
        centre: str,
        snapshot: Snapshot,
        at: When,
        by: str,
        reference: str | None = None,
        external: ExternalId | None = None,
    ) -> Self:
        """Take a case over from another register at whatever stage it has reached; *at* is when it was reported.

        Raises:
            InvalidValue: A value breaks its rule, or two parties or issues share an id.
        """
        return cls._born(
            id, ev.Registered(at=at, by=by, centre=centre, reference=reference, external=external, snapshot=snapshot)
        )

    @classmethod
    def _born(cls, id: str, event: ev.Reported | ev.Registered) -> Self:
        check_birth(event)
        return cls._build(matter_id(id), (), (event,))

    @classmethod
    def fold(cls, id: str, history: Sequence[Event], pending: Sequence[Event] = ()) -> Self:
        """The case that *history* tells of, and what is not saved yet.

        Raises:
            InvalidValue: The history does not begin with the birth of a case.
        """
        return cls._build(id, tuple(history), tuple(pending))

    @classmethod
    def _build(
        cls, id: str, history: tuple[Event, ...], pending: tuple[Event, ...], as_of: dt.datetime | None = None
    ) -> Self:
        events = history + pending
        if not events or not isinstance(events[0], BIRTHS):
            raise InvalidValue("a history that does not begin with the birth of a case")
        steps = _steps(events, as_of)
        state: State = {}
        held = tuple(_living(steps, state))
        made = cls(id=id, history=history, pending=pending, as_of=as_of, frontier=steps[-1].since, **state)
        return _having(made, Lived(held, None))

    def saved(self) -> Self:
        """The same value with its pending events in its history."""
        made = super().saved()
        return made if self._lived is None else _having(made, Lived(self._lived.held, None))

    def recorded(self) -> Self:
        """The value that the book holds: the one without the pending events. Only where there is a history."""
        known = None if self._lived is None else self._lived.recorded
        return known if isinstance(known, type(self)) else super().recorded()

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The case as it was then, by all that this value knows; ``None`` before it was reported.

        What is known to the day holds from the beginning of its day, but never before what was
        recorded ahead of it; a day asked for means its end.

        Raises:
            InvalidValue: The time is unknown or has no zone.
        """
        at = moment(when)
        birth = timeline(self.events)[0]
        if birth.since is not None and birth.since > at:
            return None
        return self._build(self.id, self.history, self.pending, as_of=at)

    def _record(self, event: Event) -> Self:
        self._must_be_current(str(move_of(event)))
        latest = event.at.latest
        substitutes = isinstance(event, ev.Corrected | ev.Amended)
        pending = (*self.pending, event)
        if not substitutes and (latest is None or self._frontier is None or latest >= self._frontier):
            state = self._state()
            guard(event, state)
            apply(event, state)
            frontier = later(self._frontier, event.at.earliest)
            made = type(self)(id=self.id, history=self.history, pending=pending, frontier=frontier, **state)
            if self._lived is None:
                return made
            held = (*self._lived.held, (frontier, held_in(state)))
            return _having(made, Lived(held, self._lived.recorded if self.pending else self))
        self._require_possible(event)
        return self._build(self.id, self.history, pending)

    def _require_possible(self, event: Event) -> None:
        """Refuse a late event or a correction that is impossible in its place, or makes a later event so."""
        before = self.events
        after = (*before, event)
        birth = dict(in_force(after))[1]
        if isinstance(event, ev.Corrected | ev.Amended) and isinstance(birth, ev.Reported | ev.Registered):
            check_birth(birth)
        known = illegal(before)
        for number, error in sorted(illegal(after).items()):
            if number == len(after) or (isinstance(event, ev.Corrected) and number == event.target):
                raise error
            if number not in known:
                raise IllegalMove(
                    self.process.value,
                    str(move_of(event)),
                    self.possible,
                    f"event {number}, recorded before, would become impossible ({_brief(error)}); correct that first",
                )


def held_by(case: Case) -> Sequence[Held]:
    """What held from when, after each step of what the case has lived through, in their order."""
    if case._lived is not None:
        return case._lived.held
    return list(_living(_steps(case.events, case.as_of), {}))


def _steps(events: Sequence[Event], as_of: dt.datetime | None) -> list[TimedStep]:
    steps = timeline(events)
    return steps if as_of is None else [timed for timed in steps if timed.since is None or timed.since <= as_of]


def _living(steps: Sequence[TimedStep], state: State) -> Iterator[Held]:
    """Takes the steps in *state*, and tells what holds after each."""
    for timed in steps:
        timed.step.effect(state)
        yield timed.since, held_in(state)


def _having(case: ACase, lived: Lived) -> ACase:
    # Nobody else has seen the value yet.
    object.__setattr__(case, "_lived", lived)
    return case


def _brief(error: IllegalMove | InvalidValue) -> str:
    return error.brief if isinstance(error, IllegalMove) else f"{error.problem} @ {error.path}"
