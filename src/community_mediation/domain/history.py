"""Reading a case's history: corrections put in place, steps in time, and whether each event was legal there."""

from collections.abc import Sequence

import attrs

from community_mediation.domain.effects import steps_of
from community_mediation.domain.events import Amended, Corrected, Registered
from community_mediation.domain.matter import Event, State, TimedStep, in_time
from community_mediation.domain.rules import BIRTHS, guard
from community_mediation.errors import IllegalMove, InvalidValue


def in_force(events: Sequence[Event]) -> list[tuple[int, Event]]:
    """The events that count, by number: corrected ones replaced or struck, amendments worked into the registration."""
    current: dict[int, Event] = {}
    for number, event in enumerate(events, 1):
        if isinstance(event, Corrected):
            if not _fits(event, events[: number - 1]):
                continue
            if event.replacement is not None:
                current[event.target] = event.replacement
            else:
                current.pop(event.target, None)
        elif isinstance(event, Amended):
            birth = current.get(1)
            if isinstance(birth, Registered):
                current[1] = amend(birth, event)
        elif number == 1 or not isinstance(event, BIRTHS):
            current[number] = event
    return sorted(current.items())


def _fits(event: Corrected, before: Sequence[Event]) -> bool:
    # What no move would record changes nothing: any history can be read.
    if event.target > len(before) or isinstance(event.replacement, Corrected | Amended):
        return False
    target = before[event.target - 1]
    is_birth = event.target == 1
    return isinstance(event.replacement, BIRTHS) is is_birth is isinstance(target, BIRTHS) and not isinstance(
        target, Corrected | Amended
    )


def amend(birth: Registered, event: Amended) -> Registered:
    """The registration with an amendment worked in."""
    known = {field.name for field in attrs.fields(type(birth.snapshot))}
    changes = {name: getattr(event.snapshot, name) for name in event.fields if name in known}
    return attrs.evolve(birth, at=event.reported or birth.at, snapshot=attrs.evolve(birth.snapshot, **changes))


def timeline(events: Sequence[Event]) -> list[TimedStep]:
    """All steps of a history in their order."""
    return in_time(step for number, event in in_force(events) for step in steps_of(number, event))


def illegal(events: Sequence[Event]) -> dict[int, IllegalMove | InvalidValue]:
    """The events that could not stand where they do in time, by number, with the reason."""
    counted = dict(in_force(events))
    state: State = {}
    result: dict[int, IllegalMove | InvalidValue] = {}
    for timed in timeline(events):
        number = timed.step.number
        if number != 1:
            try:
                if counted[number].at < counted[1].at:
                    raise InvalidValue("it happened before the case was reported", path="$.at")
                guard(counted[number], state)
            except (IllegalMove, InvalidValue) as error:
                result[number] = error
        timed.step.effect(state)
    return result
