"""What sets a deadline running, or ends it: named moments in the life of a case.

A trigger gives, for a case, the subjects to which it happened and when: the whole case (the empty
id), or one of its resolutions, sessions or attempts. What nobody knows the time of is there with an
unknown time; what has not happened is not there. Regions add triggers of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.history import in_force
from community_mediation.domain.item import Item
from community_mediation.domain.legal import LegalStep
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import Confirmation
from community_mediation.domain.values import Milestone, Reach, When
from community_mediation.ports import Label
from community_mediation.regions.sources import labelled, named

Moments = Callable[[Case], Iterable[tuple[str, When]]]
"""The id of a subject within the case (``""`` for the case as a whole), and when it happened to that."""
THE_CASE: Final = ""
"""The subject of what happens to a case as a whole."""


@attrs.frozen(kw_only=True)
class Trigger:
    """A named moment of a case.

    Attributes:
        name: Its name in deadlines.
        label: Its name for people.
        about: What its subjects are: ``case``, ``resolution``, ``session``, … What begins and what ends a deadline
            must happen to the same subject, if both are about the same sort of thing.
        moments: The subjects and times, from a case.
    """

    name: str = attrs.field(validator=named)
    label: Label = attrs.field(validator=labelled)
    about: str = attrs.field(default="case", validator=named)
    moments: Moments


def _time(value: Any) -> When | None:
    """When a thing happened: ``None`` if it did not, unknown if that is not known."""
    if isinstance(value, Milestone):
        if value.state is Reach.NOT_REACHED:
            return None
        return value.when or When.unknown()
    return value if isinstance(value, When) else None


def milestone(name: str) -> Moments:
    """A milestone of the case, such as ``accepted``. One that nobody knows of has an unknown time."""

    def moments(case: Case) -> Iterable[tuple[str, When]]:
        when = _time(getattr(case, name, None))
        return () if when is None else ((THE_CASE, when),)

    return moments


def each_of(field: str, moment: str, where: Callable[[Any], bool] = lambda thing: True) -> Moments:
    """A time or milestone of everything in a field of the case: ``each_of("resolutions", "effective")``."""

    def moments(case: Case) -> Iterable[tuple[str, When]]:
        for thing in getattr(case, field, ()):
            when = _time(getattr(thing, moment, None)) if where(thing) else None
            if when is not None:
                yield thing.id, when

    return moments


def noted(kind: type[Item], where: Callable[[Any], bool] = lambda item: True, subject: str = "id") -> Moments:
    """Items of a class that were noted: ``noted(Service, lambda item: item.paper == "summons")``.

    *subject* is the field that says to what it happened: the item itself, or what it names, such as ``resolution``.
    """

    def moments(case: Case) -> Iterable[tuple[str, When]]:
        for item in case.noted(kind):
            if where(item):
                yield str(getattr(item, subject, None) or THE_CASE), item.when or When.unknown()

    return moments


def happened(kind: type[Event], where: Callable[[Any], bool] = lambda event: True) -> Moments:
    """Events of a class that count, corrections worked in; each is a subject of its own, ``event-4``."""

    def moments(case: Case) -> Iterable[tuple[str, When]]:
        for number, event in in_force(case.events):
            # A case as it was then still carries its later events.
            later = case.as_of is not None and event.at.earliest is not None and event.at.earliest > case.as_of
            if isinstance(event, kind) and where(event) and not later:
                yield f"event-{number}", event.at

    return moments


def _extended(case: Case) -> Iterable[tuple[str, When]]:
    return [(attempt.id, extension.at) for attempt in case.attempts for extension in attempt.extensions]


def _built_in() -> tuple[Trigger, ...]:
    milestones = (
        ("reported", "reported", "登记"),
        ("accepted", "accepted", "受理"),
        ("agreed_to_mediate", "agreed to mediate", "同意调解"),
        ("begun", "mediation begun", "开始调解"),
        ("first_session", "first session", "首次调解"),
        ("joint_session", "first joint session", "首次面对面调解"),
        ("agreed", "agreed", "达成协议"),
        ("concluded", "concluded", "办结"),
        ("first_concluded", "first concluded", "首次办结"),
        ("closed", "file closed", "归档"),
    )
    things = (
        ("attempt_begun", "attempts", "begun", "attempt begun", "调解轮次开始"),
        ("attempt_ended", "attempts", "ended", "attempt ended", "调解轮次结束"),
        ("session", "sessions", "held", "session held", "召开调解会"),
        ("mediator_assigned", "assignments", "since", "mediator assigned", "指派调解员"),
        ("follow_up", "follow_ups", "when", "return visit", "回访"),
        ("resolution_agreed", "resolutions", "agreed", "resolution agreed", "协议达成"),
        ("effective", "resolutions", "effective", "resolution effective", "协议生效"),
        ("complied", "resolutions", "complied", "complied with", "协议履行"),
        ("breached", "resolutions", "breached", "breached", "违约"),
        ("repudiated", "resolutions", "repudiated", "repudiated", "反悔"),
        ("confirmed", "resolutions", "confirmed", "confirmed by a court", "司法确认"),
    )
    applied = noted(LegalStep, lambda step: step.confirmation is Confirmation.APPLIED, "resolution")
    return (
        Trigger(
            name="confirmation_applied",
            label=Label("applied for judicial confirmation", "申请司法确认"),
            about="resolution",
            moments=applied,
        ),
        Trigger(
            name="attempt_extended",
            label=Label("time for an attempt made longer", "延长调解期限"),
            about="attempt",
            moments=_extended,
        ),
        *(Trigger(name=name, label=Label(en, zh), moments=milestone(name)) for name, en, zh in milestones),
        *(
            Trigger(name=name, label=Label(en, zh), about=field.removesuffix("s"), moments=each_of(field, at))
            for name, field, at, en, zh in things
        ),
    )


TRIGGERS: Final[Mapping[str, Trigger]] = {trigger.name: trigger for trigger in _built_in()}
"""The triggers that every region has."""
