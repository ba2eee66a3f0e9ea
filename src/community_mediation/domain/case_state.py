"""The fields of a case, and what can be read off them."""

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

import attrs

from community_mediation.domain.attempt import Assignment, Attempt, Session
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.matter import Matter, State
from community_mediation.domain.outcome import agreed_among
from community_mediation.domain.people import Party
from community_mediation.domain.resolution import Conclusion, Resolution
from community_mediation.domain.risk import Risk
from community_mediation.domain.rules import moves_in
from community_mediation.domain.stages import FileStage, Move, Origin, Process
from community_mediation.domain.values import ExternalId, Milestone, Reach, When

AnItem = TypeVar("AnItem", bound=Item)

Held = tuple[dt.datetime | None, tuple[Any, ...]]
"""From when a state held, and those of its fields that ``HELD_FIELDS`` names."""


class Lived(NamedTuple):
    """What a case has lived through, noted on the way so that nobody need fold its history for it again.

    Attributes:
        held: What held from when, one after each step of the history.
        recorded: The value without the pending events; ``None``: this one.
    """

    held: tuple[Held, ...]
    recorded: "CaseState | None"


@frozen(kw_only=True)
class CaseState(Matter):
    """What is true of a case.

    Attributes:
        origin: Reported here, or registered from elsewhere.
        centre: The id of the centre.
        reference: The number on its papers.
        external: Its number in another system.
        dispute, intake, parties: What it is about, how it came in, who quarrels.
        process, file: Where it stands on these two axes; the third is each resolution's ``stage``.
        conclusion, reason: How and why it ended; ``None`` while it has not.
        first_conclusion: How it first ended, kept when it is reopened.
        attempts, assignments, sessions, resolutions, follow_ups, risks: What was done.
        items: What else was noted, in order; ``noted(Service)`` gives those of one class.
        litigation: Whether it went to court; ``None``: nobody noted it.
        superseded_by: The cases in which this one goes on, after it was merged or split.
        sessions_held: How many sessions were held; ``None`` if a register did not say.
        resolutions_before: How many of the resolutions are older than the last reopening.
        reported … closed: Milestones.
        observed: Registered cases: up to when the register had watched the case.
    """

    origin: Origin
    centre: str
    reference: str | None
    external: ExternalId | None
    dispute: Dispute
    intake: Intake
    parties: tuple[Party, ...]
    process: Process
    file: FileStage
    conclusion: Conclusion | None
    first_conclusion: Conclusion | None
    reason: str | None
    attempts: tuple[Attempt, ...]
    assignments: tuple[Assignment, ...]
    sessions: tuple[Session, ...]
    sessions_held: int | None
    resolutions: tuple[Resolution, ...]
    resolutions_before: int
    follow_ups: tuple[FollowUp, ...]
    risks: tuple[Risk, ...]
    items: tuple[Item, ...]
    litigation: bool | None
    superseded_by: tuple[str, ...]
    reported: Milestone
    accepted: Milestone
    agreed_to_mediate: Milestone
    begun: Milestone
    first_session: Milestone
    joint_session: Milestone
    agreed: Milestone
    concluded: Milestone
    first_concluded: Milestone
    closed: Milestone
    observed: When | None
    _frontier: dt.datetime | None = attrs.field(default=None, repr=False, eq=False)
    # Whoever makes another value of this one by ``attrs.evolve`` leaves it behind: it tells of these events alone.
    _lived: Lived | None = attrs.field(default=None, init=False, repr=False, eq=False)

    @property
    def agreement(self) -> str:
        """``full``, ``partial``, ``none``, ``open`` (not ended) or ``unknown``. Awards are no agreements."""
        return agreement_of(self.conclusion, self.agreed, self.resolutions[self.resolutions_before :])

    @property
    def is_counted(self) -> bool:
        """Whether the case counts as one: it does not go on in another."""
        return not self.superseded_by

    def noted(self, kind: type[AnItem]) -> tuple[AnItem, ...]:
        """What was noted of one class, in order: ``case.noted(cm.items.Service)``."""
        return tuple(each for each in (*self.items, *self.risks) if isinstance(each, kind))

    @property
    def possible(self) -> tuple[Move, ...]:
        """The moves that the case can make now."""
        return () if self.as_of is not None else moves_in(self._state())

    def _state(self) -> State:
        return dict(zip(STATE_FIELDS, _VALUES(self), strict=True))


def agreement_of(conclusion: Conclusion | None, agreed: Milestone, resolutions: Sequence[Resolution]) -> str:
    """What ``CaseState.agreement`` says, from the conclusion, the milestone and the resolutions since a reopening."""
    if conclusion is None:
        return "unknown" if agreed.state is Reach.UNKNOWN else "open"
    if conclusion is Conclusion.SETTLED:
        return "full"
    if conclusion is Conclusion.UNKNOWN:
        return "unknown"
    if conclusion is Conclusion.VOID:
        return "none"  # it is no case: whatever was agreed is counted where it goes on
    return "partial" if agreed_among(resolutions) or conclusion is Conclusion.SETTLED_IN_PART else "none"


STATE_FIELDS: Final = tuple(name for name in CaseState.__annotations__ if not name.startswith("_"))
"""The fields that folding fills."""
_VALUES: Final = attrgetter(*STATE_FIELDS)

HELD_FIELDS: Final = (
    "centre",
    "dispute",
    "process",
    "file",
    "conclusion",
    "agreed",
    "resolutions",
    "resolutions_before",
    "superseded_by",
    "assignments",
)
"""The fields whose past the facts tell."""
held_in: Final = itemgetter(*HELD_FIELDS)
"""Takes the values of ``HELD_FIELDS`` out of a state."""
