"""The moves of a case along its process: each says its rule and returns the next value."""

from typing import Self

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, AttemptResult, PanelChoice
from community_mediation.domain.case_records import CaseRecords
from community_mediation.domain.frozen import frozen
from community_mediation.domain.values import When


@frozen(kw_only=True)
class CaseMoves(CaseRecords):
    """What can be done with a case once it is born."""

    def accept(self, *, at: When, by: str) -> Self:
        """Take the dispute on for mediation (受理).

        Raises:
            IllegalMove: The case was not merely reported.
        """
        return self._record(ev.Accepted(at=at, by=by))

    def decline(self, *, at: When, by: str, reason: str | None = None, note: str | None = None) -> Self:
        """Do not take the dispute on (不予受理).

        Raises:
            IllegalMove: The case was not merely reported.
        """
        return self._record(ev.Declined(at=at, by=by, reason=reason, note=note))

    def begin_attempt(
        self,
        *,
        at: When,
        by: str,
        kind: AttemptKind,
        id: str | None = None,
        consented: When | None = None,
        due: When | None = None,
        chosen: PanelChoice | None = None,
    ) -> Self:
        """Begin a process with one panel.

        Args:
            at: When it begins.
            by: Who records it.
            kind: The process that it follows.
            id: Its id within the case.
            consented: When the parties agreed to it.
            due: Up to when it is to be over (化解时限).
            chosen: How the panel was chosen.

        Raises:
            IllegalMove: The case was neither accepted nor in mediation, or an attempt was running.
        """
        return self._record(
            ev.AttemptBegun(
                at=at,
                by=by,
                kind=kind,
                attempt=self._next("attempt", self.attempts) if id is None else id,
                consented=consented,
                due=due,
                chosen=chosen,
            )
        )

    def extend_attempt(self, *, until: When, at: When, by: str, reason: str | None = None) -> Self:
        """Make the time for the running attempt longer (延长期限). Record the parties' ``Consent`` where it needs one.

        Raises:
            IllegalMove: No attempt was running.
        """
        return self._record(ev.AttemptExtended(at=at, by=by, until=until, reason=reason))

    def pause_attempt(self, *, at: When, by: str, reason: str | None = None) -> Self:
        """Stop the clock of the running attempt (中止).

        Raises:
            IllegalMove: No attempt was running, or its clock stood still already.
        """
        return self._record(ev.AttemptPaused(at=at, by=by, reason=reason))

    def resume_attempt(self, *, at: When, by: str) -> Self:
        """Let the clock of the paused attempt go on.

        Raises:
            IllegalMove: No attempt was paused.
        """
        return self._record(ev.AttemptResumed(at=at, by=by))

    def end_attempt(
        self,
        *,
        at: When,
        by: str,
        result: AttemptResult | None = None,
        reason: str | None = None,
        note: str | None = None,
    ) -> Self:
        """End the running attempt, but not the case.

        Raises:
            IllegalMove: No attempt was running.
        """
        return self._record(ev.AttemptEnded(at=at, by=by, reason=reason, note=note, result=result))

    def close(self, *, at: When, by: str) -> Self:
        """Put the file away (归档). It needs a conclusion, but neither compliance nor a visit.

        Raises:
            IllegalMove: The case was not concluded, or the file is closed.
        """
        return self._record(ev.Closed(at=at, by=by))

    def reopen(self, *, at: When, by: str, reason: str | None = None, note: str | None = None) -> Self:
        """Take a concluded case up again; its first conclusion is kept.

        Raises:
            IllegalMove: The case was not concluded.
        """
        return self._record(ev.Reopened(at=at, by=by, reason=reason, note=note))
