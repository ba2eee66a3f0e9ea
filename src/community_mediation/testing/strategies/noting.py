"""Random moves that note, relate and describe, with what they name taken from the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.items import ITEMS, Item
from community_mediation.domain.legal import Execution, LegalStep, LegalStepKind
from community_mediation.domain.people import Party, PartyExit
from community_mediation.domain.proceedings import ConflictOfInterest
from community_mediation.domain.references import ids_of
from community_mediation.domain.resolution import AgreementForm, Confirmation, ResolutionStage, Term
from community_mediation.domain.stages import Move
from community_mediation.domain.values import ExternalId, When
from community_mediation.testing.strategies.making import Ids, fitting, make, some_id, some_when
from community_mediation.testing.strategies.values import BY, Random


def ids_in(case: Case) -> Ids:
    """The ids of the things of one sort that a case has."""
    state: dict[str, Any] = {
        name: getattr(case, name)
        for name in ("parties", "dispute", "attempts", "assignments", "sessions", "resolutions", "follow_ups")
    }
    state.update(items=case.items, risks=case.risks)
    return lambda what: ids_of(what, state)


def some_item(case: Case, rng: Random) -> Item:
    """Something to note in *case*; a legal step says what its kind needs."""
    cls: Any = rng.choice([each for each in ITEMS.values() if each is not LegalStep])
    item: Any = attrs.evolve(_item(cls, case, rng), id=None)
    at_work = [each.mediator for each in case.assignments if not each.until.is_reached]
    if isinstance(item, ConflictOfInterest) and at_work:
        item = attrs.evolve(item, mediator=rng.choice(at_work))
    return item  # type: ignore[no-any-return]


def _item(cls: Any, case: Case, rng: Random) -> Any:
    return fitting(make(cls, rng), ids_in(case), rng)


def _step(case: Case, kind: LegalStepKind, rng: Random) -> LegalStep:
    details: Mapping[LegalStepKind, dict[str, Any]] = {
        LegalStepKind.CONFIRMATION: {"confirmation": rng.choice(list(Confirmation))},
        LegalStepKind.EXECUTION: {"execution": rng.choice(list(Execution))},
    }
    there = [each.id for each in case.resolutions if each.stage is not ResolutionStage.DRAFTED]
    about = rng.choice(there) if there else None
    return LegalStep(kind=kind, resolution=about, **details.get(kind, {}))


_LEGAL: Final = {
    Move.REPUDIATE: LegalStepKind.REPUDIATION,
    Move.CONFIRM: LegalStepKind.CONFIRMATION,
    Move.EXECUTE: LegalStepKind.EXECUTION,
}


def some_terms(case: Case, rng: Random, prefix: str = "t") -> tuple[Term, ...]:
    """Terms of an agreement, with ids that the case does not have."""
    number = len(case.events)
    return tuple(
        attrs.evolve(fitting(make(Term, rng), ids_in(case), rng), id=f"{prefix}{number}-{each}")
        for each in range(rng.randrange(3))
    )


def noting_mover(case: Case, move: Move, rng: Random) -> Callable[[When], Case]:
    """One way to make a move that notes, relates or describes."""
    pick, ids = rng.choice, ids_in(case)
    there = list(ids("party")) or ["p1"]
    note = pick([None, "because"])
    match move:
        case Move.JOIN:
            party = attrs.evolve(fitting(make(Party, rng), ids, rng), id=f"p{rng.randrange(5, 9)}")
            return lambda at: case.join(party, at=at, by=BY)
        case Move.CHANGE_PARTY:
            party = attrs.evolve(fitting(make(Party, rng), ids, rng), id=pick(there))
            return lambda at: case.change_party(party, at=at, by=BY)
        case Move.LEAVE:
            who, why, heir = pick(there), pick(list(PartyExit)), pick([None, *there])
            return lambda at: case.leave(who, at=at, by=BY, reason=why, successor=heir, note=note)
        case Move.RELEASE:
            assignment = pick([*ids("assignment"), "none"])
            return lambda at: case.release(assignment, at=at, by=BY, reason="replaced", note=note)
        case Move.EXTEND_ATTEMPT:
            until = some_when(rng)
            return lambda at: case.extend_attempt(until=until, at=at, by=BY, reason="complex")
        case Move.PAUSE_ATTEMPT:
            return lambda at: case.pause_attempt(at=at, by=BY, reason="appraisal")
        case Move.RESUME_ATTEMPT:
            return lambda at: case.resume_attempt(at=at, by=BY)
        case Move.DRAFT:
            clauses = some_terms(case, rng, "d")
            return lambda at: case.draft(at=at, by=BY, clauses=clauses, terms=note)
        case Move.ADOPT:
            drafts = [each.id for each in case.resolutions if each.stage is ResolutionStage.DRAFTED] or ["none"]
            draft, form, ends = pick(drafts), pick([None, *AgreementForm]), rng.random() < 0.5
            return lambda at: case.adopt(draft, at=at, by=BY, form=form, concludes=ends)
        case Move.VARY:
            old, clauses = pick([*ids("resolution"), "none"]), some_terms(case, rng, "v")
            return lambda at: case.resolve(at=at, by=BY, replaces=old, clauses=clauses)
        case Move.REPUDIATE | Move.CONFIRM | Move.EXECUTE:
            step = _step(case, _LEGAL[move], rng)
            return lambda at: case.record(step, at=at, by=BY)
        case Move.RECORD:
            item = some_item(case, rng) if rng.random() < 0.9 else _step(case, LegalStepKind.SUIT, rng)
            return lambda at: case.record(item, at=at, by=BY)
        case Move.DESCRIBE:
            dispute: Dispute = fitting(make(Dispute, rng), ids, rng)
            return lambda at: case.describe(dispute, at=at, by=BY)
        case Move.TRANSFER:
            centre = pick(["centre-1", "centre-2"])
            return lambda at: case.transfer(centre, at=at, by=BY, reason="moved")
        case Move.NUMBER:
            external = pick([None, ExternalId("old-register", some_id(rng))])
            return lambda at: case.number(at=at, by=BY, reference="LP-2026-0042", external=external)
        case Move.MERGE:
            return lambda at: case.merge(into="case-other", at=at, by=BY, note=note)
        case Move.SPLIT:
            return lambda at: case.split(into=["case-x", "case-y"], at=at, by=BY, note=note)
        case _:
            raise NotImplementedError(f"no random way to make the move {move}")
