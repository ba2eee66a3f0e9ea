"""Rules of a region: what they say against an event, and what they would have said against a whole history."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs

from community_mediation.domain.events import Amended, Corrected, Registered
from community_mediation.domain.history import in_force
from community_mediation.domain.matter import Event, Matter
from community_mediation.errors import InvalidValue
from community_mediation.ports import Finding, Label, Objection, Severity, Weight
from community_mediation.regions.sources import Dated, labelled, named, one_of, refuse, sourced

Says = Callable[[Matter | None, Event, Matter], str | None]
"""What a rule has to say: a reason without personal data, or nothing. Given the matter before and after the event."""

FROM_REGISTERS: Final = (Registered, Amended)
"""What comes over from an old register: it is told what it breaks, and never refused."""


def _events(value: Any) -> tuple[type[Event], ...]:
    return (value,) if isinstance(value, type) else tuple(value)


def _takes_three(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None, None, None)
    except TypeError:
        return False
    except ValueError:
        pass  # a built-in that does not tell
    return True


@attrs.frozen(kw_only=True)
class Rule(Dated):
    """A rule on events. It holds for what happened while it was in force.

    Attributes:
        name: Its name in code; with the region's before it, the code of its objections.
        label: Its name for people.
        source: The statute, form or house rule.
        article: The article in it, if the source does not say.
        weight: Whether it keeps an event from being recorded, or warns.
        applies_to: The classes of events that it looks at; none: all.
        objection: Gives the reason why an event should not be recorded, or ``None``. A pure function.
        remedy: What to do instead.
    """

    name: str = attrs.field(validator=named)
    label: Label = attrs.field(validator=labelled)
    source: str = attrs.field(validator=sourced)
    article: str = ""
    weight: Weight = attrs.field(default=Weight.WARN, validator=one_of(Weight))
    applies_to: tuple[type[Event], ...] = attrs.field(default=(), converter=_events)
    objection: Says
    remedy: str = ""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        for index, kind in enumerate(self.applies_to):
            given: object = kind
            if not (isinstance(given, type) and issubclass(given, Event)):
                raise refuse("no class of events stands where one belongs", f"$.applies_to[{index}]")
        if not callable(self.objection):
            raise refuse("no function stands where one belongs", "$.objection")
        if not _takes_three(self.objection):
            raise refuse(
                "a function that does not take three arguments",
                "$.objection",
                "It is called with the matter before, the event, and the matter after it.",
            )

    @property
    def basis(self) -> str:
        """The source with its article."""
        return f"{self.source}, {self.article}" if self.article else self.source

    def judge(self, region: str, before: Matter | None, event: Event, after: Matter) -> Objection | None:
        """What the rule has to say against an event; *region* is the name that its code begins with.

        A rule of which nobody knows whether it was in force warns at most, and so does any against an event from an
        old register. A rule that fails blocks: one that cannot be asked does not agree.
        """
        in_force = self.in_force(event.at)
        if in_force is False or (self.applies_to and not isinstance(event, self.applies_to)):
            return None
        weight = self.weight if in_force else Weight.WARN
        remedy = self.remedy
        try:
            reason = self.objection(before, event, after)
            if reason is not None and type(reason) is not str:
                raise TypeError("a rule says a text or nothing")
        except Exception as error:  # noqa: BLE001 - a rule is anybody's code, and its words may name people
            reason = f"the rule {self.name} of the region {region} failed: {type(error).__name__}"
            weight, remedy = Weight.BLOCK, "Mend the rule, or switch it off in the region."
        if not reason:
            return None
        if isinstance(event, FROM_REGISTERS):
            weight = Weight.WARN
        return Objection(code=f"{region}.{self.name}", weight=weight, reason=reason, source=self.basis, remedy=remedy)


Judge = Callable[[Matter | None, Event, Matter], Sequence[Objection]]


def objections(judge: Judge, before: Matter | None, event: Event, after: Matter) -> Sequence[Objection]:
    """What is said against an event; a correction is judged as the event that it puts in, where its target stood."""
    if not isinstance(event, Corrected) or event.replacement is None:
        return judge(before, event, after)
    counted = [each for number, each in in_force(after.events) if number < event.target]
    try:
        then = type(after).fold(after.id, counted) if counted else None
        now = type(after).fold(after.id, [*counted, event.replacement])
    except InvalidValue:
        return judge(before, event, after)
    return judge(then, event.replacement, now)


def replayed(matter: Matter) -> Iterator[tuple[int, Matter | None, Event, Matter]]:
    """The events of a matter that count, by number, each with the matter before and after it."""
    done: list[Event] = []
    before: Matter | None = None
    for number, event in in_force(matter.events):
        done.append(event)
        after = type(matter).fold(matter.id, done)
        yield number, before, event, after
        before = after


_SEVERITY: Final = {Weight.BLOCK: Severity.ERROR, Weight.WARN: Severity.WARNING}


def findings(judge: Judge, matter: Matter) -> list[Finding]:
    """What would have been said against the events of a matter, as they stand now, corrections worked in."""
    return [
        Finding(
            code=each.code,
            severity=_SEVERITY[each.weight],
            message=f"Event {number} ({type(event).__name__}) of matter {matter.id}: {each.reason} [{each.source}]",
            remedy=each.remedy,
        )
        for number, before, event, after in replayed(matter)
        for each in judge(before, event, after)
    ]
