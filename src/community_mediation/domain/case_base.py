"""What the moves of a case have in common."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Self

from community_mediation.domain.attempt import Assignment, Attempt, Session
from community_mediation.domain.case_state import CaseState
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import Resolution, Term

HasId = Attempt | Assignment | Session | Resolution | FollowUp | Item | Term


@frozen(kw_only=True)
class CaseBase(CaseState):
    """How a move is recorded, and how what is new gets an id."""

    @abstractmethod
    def _record(self, event: Event) -> Self:
        """The next value with *event* recorded; raises if it is impossible."""

    def _next(self, what: str, others: Iterable[HasId]) -> str:
        taken, number = {each.id for each in others}, len(self.events) + 1
        while f"{what}-{number}" in taken:
            number += 1
        return f"{what}-{number}"
