"""The moves of a case that are about people: who joins, leaves and mediates, and how they meet."""

from collections.abc import Iterable
from typing import Self

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import Medium, PanelChoice, PanelRole, SessionFormat
from community_mediation.domain.case_base import CaseBase
from community_mediation.domain.frozen import frozen
from community_mediation.domain.people import Party, PartyExit
from community_mediation.domain.validators import items
from community_mediation.domain.values import When


@frozen(kw_only=True)
class CasePeople(CaseBase):
    """Moves about parties, mediators and sessions."""

    def join(self, party: Party, *, at: When, by: str, succeeds: str | None = None) -> Self:
        """Someone becomes a party: a third person concerned, another respondent, an heir.

        Agreements made before do not bind them, but for those of a party who left and whom they succeed.

        Raises:
            InvalidValue: The id is taken, they represent someone who is no party, or they succeed one who has not
                left, or whom another succeeds.
        """
        return self._record(ev.PartyJoined(at=at, by=by, party=party, succeeds=succeeds))

    def change_party(self, party: Party, *, at: When, by: str) -> Self:
        """More, or something else, is known of the party that has this id: all of it is given anew.

        ``person`` links the party to a ``Person``, and ``None`` unlinks it.

        Raises:
            InvalidValue: There is no such party.
        """
        return self._record(ev.PartyChanged(at=at, by=by, party=party))

    def leave(
        self,
        party: str,
        *,
        at: When,
        by: str,
        reason: PartyExit | None = None,
        successor: str | None = None,
        note: str | None = None,
    ) -> Self:
        """A party leaves the case: it withdrew, died, or another stands in its place from now on.

        The outcome no longer depends on it; its *successor*, who has joined before, is bound by what it had agreed to.

        Raises:
            InvalidValue: There is no such party, it has left already, or the successor is no party.
        """
        return self._record(ev.PartyLeft(at=at, by=by, party=party, reason=reason, successor=successor, note=note))

    def assign(
        self,
        *,
        at: When,
        by: str,
        mediator: str,
        role: PanelRole = PanelRole.LEAD,
        attempt: str | None = None,
        chosen: PanelChoice | None = None,
        id: str | None = None,
    ) -> Self:
        """Give the case, or one attempt of it, to a mediator.

        Raises:
            IllegalMove: The case was concluded.
            InvalidValue: There is no such attempt.
        """
        return self._record(
            ev.MediatorAssigned(
                at=at,
                by=by,
                assignment=self._next("assignment", self.assignments) if id is None else id,
                mediator=mediator,
                role=role,
                attempt=attempt,
                chosen=chosen,
            )
        )

    def release(
        self, assignment: str, *, at: When, by: str, reason: str | None = None, note: str | None = None
    ) -> Self:
        """A mediator's work on the case ends before the case does: replaced, withdrawn, challenged (回避).

        Raises:
            IllegalMove: That work had ended.
            InvalidValue: There is no such assignment.
        """
        return self._record(ev.MediatorReleased(at=at, by=by, assignment=assignment, reason=reason, note=note))

    def hold_session(
        self,
        *,
        at: When,
        by: str,
        format: SessionFormat | None = None,
        medium: Medium | None = None,
        attended: Iterable[str] = (),
        agencies: Iterable[str] = (),
        minutes: int | None = None,
        record: str | None = None,
        helpers: Iterable[str] = (),
        place: str | None = None,
        id: str | None = None,
    ) -> Self:
        """Record that people met (调解会).

        Raises:
            IllegalMove: The case was not in mediation; a mediator has a conflict of interest to which not every party
                consented.
            InvalidValue: Someone attended who is no party, or helped who is no helper.
        """
        return self._record(
            ev.SessionHeld(
                at=at,
                by=by,
                session=self._next("session", self.sessions) if id is None else id,
                format=format,
                medium=medium,
                attended=items(attended, "$.attended"),
                agencies=items(agencies, "$.agencies"),
                minutes=minutes,
                record=record,
                helpers=items(helpers, "$.helpers"),
                place=place,
            )
        )
