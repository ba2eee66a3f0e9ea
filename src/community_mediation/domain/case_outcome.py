"""The moves of a case that are about its outcome: drafts, agreements, awards, and whether they are kept."""

from collections.abc import Iterable
from typing import Self

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import Medium
from community_mediation.domain.case_people import CasePeople
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.frozen import frozen
from community_mediation.domain.resolution import (
    AgreementForm,
    Compliance,
    Conclusion,
    ResolutionKind,
    ResolutionStage,
    Term,
)
from community_mediation.domain.stages import Move
from community_mediation.domain.validators import items
from community_mediation.domain.values import Money, When
from community_mediation.errors import IllegalMove


@frozen(kw_only=True)
class CaseOutcome(CasePeople):
    """Moves about the outcome."""

    def draft(
        self,
        *,
        at: When,
        by: str,
        kind: ResolutionKind = ResolutionKind.AGREEMENT,
        parties: Iterable[str] = (),
        issues: Iterable[str] = (),
        amount: Money | None = None,
        terms: str | None = None,
        clauses: Iterable[Term] = (),
        number: str | None = None,
        copies: int | None = None,
        facts: str | None = None,
        responsibilities: str | None = None,
        id: str | None = None,
    ) -> Self:
        """Put an agreement or award on paper; it binds nobody until it is adopted. Arguments as for ``resolve``.

        Raises:
            IllegalMove: The case was not in mediation.
            InvalidValue: As for ``resolve``.
        """
        return self._record(
            ev.Drafted(
                at=at,
                by=by,
                resolution=self._next("resolution", self.resolutions) if id is None else id,
                kind=kind,
                parties=items(parties, "$.parties"),
                issues=items(issues, "$.issues"),
                amount=amount,
                terms=terms,
                clauses=items(clauses, "$.clauses"),
                number=number,
                copies=copies,
                facts=facts,
                responsibilities=responsibilities,
            )
        )

    def adopt(
        self,
        resolution: str,
        *,
        at: When,
        by: str,
        form: AgreementForm | None = None,
        effective: When | None = None,
        concludes: bool = True,
    ) -> Self:
        """A draft is signed, or agreed to, as it stands.

        Raises:
            IllegalMove: The case was not in mediation, or that is no draft.
            InvalidValue: There is no such draft, or someone whom it binds has left the case.
        """
        return self._record(
            ev.Adopted(at=at, by=by, resolution=resolution, form=form, effective=effective, concludes=concludes)
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
        clauses: Iterable[Term] = (),
        replaces: str | None = None,
        number: str | None = None,
        copies: int | None = None,
        facts: str | None = None,
        responsibilities: str | None = None,
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
            clauses: The terms, one by one.
            replaces: The id of the agreement or award that this one takes the place of. Then it may be made after the
                case ended as well, which leaves the ending as it was.
            number, copies: The number on the paper, and in how many copies it was made.
            facts, responsibilities: In words.
            id: Its id within the case.

        Raises:
            IllegalMove: The case was not in mediation (on the spot: was in mediation or concluded); what is replaced
                cannot be; a mediator has a conflict of interest to which not every party consented.
            InvalidValue: It binds someone who is no party or has left, or resolves an issue that is none.
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
                clauses=items(clauses, "$.clauses"),
                replaces=replaces,
                number=number,
                copies=copies,
                facts=facts,
                responsibilities=responsibilities,
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
        self,
        *,
        at: When,
        by: str,
        compliance: Compliance,
        resolution: str | None = None,
        term: str | None = None,
        note: str | None = None,
    ) -> Self:
        """Record whether a resolution, or one term of it, is kept (履行).

        It is the latest one unless *resolution* names another. A term tells of the whole: it is kept when every term
        is, and broken or partly kept as soon as one is broken.

        Raises:
            IllegalMove: The case has no resolution that can be kept or broken.
            InvalidValue: The resolution has no such term.
        """
        if resolution is None:
            standing = [each for each in self.resolutions if each.stage is not ResolutionStage.DRAFTED]
            if not standing:
                self._must_be_current(Move.RECORD_COMPLIANCE)
                raise IllegalMove(
                    self.process.value,
                    Move.RECORD_COMPLIANCE.value,
                    self.possible,
                    "there is no resolution that could be kept",
                )
            resolution = standing[-1].id
        return self._record(
            ev.ComplianceRecorded(at=at, by=by, resolution=resolution, compliance=compliance, note=note, term=term)
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
        measures: str | None = None,
        medium: Medium | None = None,
        id: str | None = None,
    ) -> Self:
        """Record a return visit (回访). What it found is recorded of the latest agreement that binds, too.

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
                measures=measures,
                medium=medium,
            )
        )
