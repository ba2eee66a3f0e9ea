"""The moves of a case: each says its rule and returns the next value."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Self

import attrs

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import (
    Assignment,
    Attempt,
    AttemptKind,
    Medium,
    PanelRole,
    Session,
    SessionFormat,
)
from community_mediation.domain.case_state import CaseState
from community_mediation.domain.follow_up import FollowUp, Satisfaction
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, Resolution, ResolutionKind
from community_mediation.domain.rules import BIRTHS, MOVES, check_birth
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import Move, Origin
from community_mediation.domain.validators import items
from community_mediation.domain.values import Money, When
from community_mediation.errors import IllegalMove, InvalidValue

HasId = Attempt | Assignment | Session | Resolution | FollowUp


@attrs.frozen(kw_only=True)
class CaseMoves(CaseState):
    """What can be done with a case once it is born."""

    @abstractmethod
    def _record(self, event: Event) -> Self:
        """The next value with *event* recorded; raises if it is impossible."""

    def _next(self, what: str, others: Iterable[HasId]) -> str:
        taken, number = {each.id for each in others}, len(self.events) + 1
        while f"{what}-{number}" in taken:
            number += 1
        return f"{what}-{number}"

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
        self, *, at: When, by: str, kind: AttemptKind, id: str | None = None, consented: When | None = None
    ) -> Self:
        """Begin a process with one panel; *consented* is when the parties agreed to it.

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
            )
        )

    def end_attempt(self, *, at: When, by: str, reason: str | None = None, note: str | None = None) -> Self:
        """End the running attempt, but not the case.

        Raises:
            IllegalMove: No attempt was running.
        """
        return self._record(ev.AttemptEnded(at=at, by=by, reason=reason, note=note))

    def assign(
        self,
        *,
        at: When,
        by: str,
        mediator: str,
        role: PanelRole = PanelRole.LEAD,
        attempt: str | None = None,
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
            )
        )

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
        id: str | None = None,
    ) -> Self:
        """Record that people met (调解会).

        Raises:
            IllegalMove: The case was not in mediation.
            InvalidValue: Someone attended who is no party.
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
            )
        )

    def resolve(
        self,
        *,
        at: When,
        by: str,
        form: AgreementForm | None = None,
        kind: ResolutionKind = ResolutionKind.AGREEMENT,
        on_the_spot: bool = False,
        parties: Iterable[str] = (),
        issues: Iterable[str] = (),
        amount: Money | None = None,
        effective: When | None = None,
        concludes: bool = True,
        terms: str | None = None,
        id: str | None = None,
    ) -> Self:
        """Record an agreement (or an award): oral, written, or on the spot.

        Args:
            at: When it was reached.
            by: Who records it.
            form: Oral or written.
            kind: Agreement, award or private settlement.
            on_the_spot: Reached at once, with no attempt begun: possible before mediation only.
            parties: The ids of those it binds; none: all.
            issues: The ids of the issues it resolves; none: all.
            amount: The amount agreed.
            effective: When it takes effect, if not at once.
            concludes: False for an agreement that leaves the rest open.
            terms: In words.
            id: Its id within the case.

        Raises:
            IllegalMove: The case was not in mediation (on the spot: was in mediation or concluded).
            InvalidValue: It binds someone who is no party, or resolves an issue that the case does not have.
        """
        return self._record(
            ev.Resolved(
                at=at,
                by=by,
                resolution=self._next("resolution", self.resolutions) if id is None else id,
                kind=kind,
                form=form,
                on_the_spot=on_the_spot,
                parties=items(parties, "$.parties"),
                issues=items(issues, "$.issues"),
                amount=amount,
                effective=effective,
                concludes=concludes,
                terms=terms,
            )
        )

    def conclude_without_agreement(
        self, *, at: When, by: str, conclusion: Conclusion, reason: str | None = None, note: str | None = None
    ) -> Self:
        """End the case without an agreement made now. What was agreed in part before stays agreed.

        Raises:
            IllegalMove: The case was concluded, or cannot end so at its stage.
        """
        return self._record(ev.ConcludedWithoutAgreement(at=at, by=by, conclusion=conclusion, reason=reason, note=note))

    def withdraw(
        self, *, at: When, by: str, party: str | None = None, reason: str | None = None, note: str | None = None
    ) -> Self:
        """The applicant takes the dispute back (撤回).

        Raises:
            IllegalMove: The case was concluded.
        """
        return self._record(ev.Withdrawn(at=at, by=by, party=party, reason=reason, note=note))

    def record_compliance(
        self, *, at: When, by: str, compliance: Compliance, resolution: str | None = None, note: str | None = None
    ) -> Self:
        """Record whether a resolution is kept (履行); the latest one unless *resolution* names another.

        Raises:
            IllegalMove: The case has no resolution that can be kept or broken.
        """
        if resolution is None:
            if not self.resolutions:
                self._must_be_current(Move.RECORD_COMPLIANCE)
                raise IllegalMove(
                    self.process.value,
                    Move.RECORD_COMPLIANCE.value,
                    self.possible,
                    "there is no resolution that could be kept",
                )
            resolution = self.resolutions[-1].id
        return self._record(
            ev.ComplianceRecorded(at=at, by=by, resolution=resolution, compliance=compliance, note=note)
        )

    def follow_up(
        self,
        *,
        at: When,
        by: str,
        kept: Compliance | None = None,
        satisfaction: Iterable[Satisfaction] = (),
        sued: bool | None = None,
        new_danger: bool | None = None,
        note: str | None = None,
        id: str | None = None,
    ) -> Self:
        """Record a return visit (回访).

        Raises:
            IllegalMove: The case was not concluded.
        """
        return self._record(
            ev.FollowedUp(
                at=at,
                by=by,
                follow_up=self._next("follow-up", self.follow_ups) if id is None else id,
                kept=kept,
                satisfaction=items(satisfaction, "$.satisfaction"),
                sued=sued,
                new_danger=new_danger,
                note=note,
            )
        )

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

    def correct(self, number: int, replacement: Event | None, *, at: When, by: str, reason: str | None = None) -> Self:
        """Put *replacement* in the place of event *number* (1 is the first); ``None`` strikes it.

        Raises:
            InvalidValue: There is no such event; it is itself a correction; a birth was to be struck or replaced
                by something else than a birth of the same kind; the replacement is no event of a case.
            IllegalMove: What was recorded after it would become impossible: correct that first.
        """
        events = self.events
        if type(number) is not int or not 1 <= number <= len(events):
            raise InvalidValue("no event has that number", path="$.number", remedy=f"They run from 1 to {len(events)}.")
        target = events[number - 1]
        if isinstance(target, ev.Corrected | ev.Amended):
            raise InvalidValue(
                "a correction is not corrected",
                path="$.number",
                remedy="Correct the event that it stands for once more.",
            )
        if isinstance(target, BIRTHS) != isinstance(replacement, BIRTHS) or (
            isinstance(target, BIRTHS) and type(target) is not type(replacement)
        ):
            raise InvalidValue(
                "the first event, and only it, is the birth of the case",
                path="$.replacement",
                remedy=f"Replace it with another {type(events[0]).__name__}, and others with other moves.",
            )
        if isinstance(replacement, ev.Corrected | ev.Amended):
            raise InvalidValue("a correction puts one event in the place of another", path="$.replacement")
        if isinstance(replacement, Event) and type(replacement) not in {*BIRTHS, *MOVES}:
            raise InvalidValue(f"a {type(replacement).__name__} is no event of a case", path="$.replacement")
        if isinstance(replacement, BIRTHS):
            check_birth(replacement)
        return self._record(ev.Corrected(at=at, by=by, target=number, replacement=replacement, reason=reason))

    def amend(
        self, *, at: When, by: str, snapshot: Snapshot, fields: Iterable[str], reported: When | None = None
    ) -> Self:
        """The other register now says something else: *fields* take the values that *snapshot* has.

        Raises:
            IllegalMove: The case did not come from a register.
            InvalidValue: A field that a snapshot does not have.
        """
        if self.origin is not Origin.REGISTERED:
            raise IllegalMove(
                self.process.value, Move.AMEND.value, self.possible, "the case did not come from another register"
            )
        names = items(fields, "$.fields")
        known = {field.name for field in attrs.fields(Snapshot)}
        if unknown := [name for name in names if type(name) is str and name not in known]:
            raise InvalidValue(f"a snapshot has no field {unknown[0]!r}", path="$.fields")
        return self._record(ev.Amended(at=at, by=by, fields=names, snapshot=snapshot, reported=reported))
