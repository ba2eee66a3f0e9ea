"""What agreements and awards do to a case, and what becomes of them."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from community_mediation.domain.attempt import AttemptResult
from community_mediation.domain.effect import apply
from community_mediation.domain.events import Adopted, ComplianceRecorded, Drafted, FollowedUp, Resolved
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.making import changed, maker
from community_mediation.domain.matter import State
from community_mediation.domain.outcome import agreements_in, covers, unsettled
from community_mediation.domain.resolution import (
    Compliance,
    Conclusion,
    Extent,
    Resolution,
    ResolutionKind,
    ResolutionStage,
    Term,
)
from community_mediation.domain.stages import KEPT_OR_NOT, Process
from community_mediation.domain.state import conclude, first
from community_mediation.domain.values import NOT_REACHED, Milestone, When

_resolution: Final = maker(Resolution)
_follow_up: Final = maker(FollowUp)
_CONTENT: Final = (
    "kind",
    "parties",
    "issues",
    "amount",
    "terms",
    "clauses",
    "number",
    "copies",
    "facts",
    "responsibilities",
)


def _content(event: Drafted | Resolved) -> dict[str, Any]:
    """What is agreed, whether it binds yet or not."""
    return {name: getattr(event, name) for name in _CONTENT}


@apply.register
def _(event: Drafted, state: State) -> None:
    state["resolutions"] += (
        _resolution(
            id=event.resolution,
            stage=ResolutionStage.DRAFTED,
            agreed=NOT_REACHED,
            effective=NOT_REACHED,
            **_content(event),
        ),
    )


@apply.register
def _(event: Adopted, state: State) -> None:
    draft: Resolution | None = next((each for each in state["resolutions"] if each.id == event.resolution), None)
    if draft is None:
        return
    place = state["resolutions"].index(draft)
    state["resolutions"] = (*state["resolutions"][:place], *state["resolutions"][place + 1 :])
    if place < state["resolutions_before"]:
        # A draft from before a reopening is signed now: the line between then and now moves with those behind it.
        state["resolutions_before"] -= 1

    def signed(extent: Extent) -> Resolution:
        return changed(
            draft,
            form=event.form,
            extent=extent,
            stage=ResolutionStage.EFFECTIVE,
            agreed=Milestone.at(event.at),
            effective=Milestone.at(event.effective or event.at),
        )

    _take(draft, signed, event.at, event.concludes, state)


@apply.register
def _(event: Resolved, state: State) -> None:
    def made(extent: Extent) -> Resolution:
        return _resolution(
            id=event.resolution,
            form=event.form,
            extent=extent,
            on_the_spot=event.on_the_spot,
            agreed=Milestone.at(event.at),
            effective=Milestone.at(event.effective or event.at),
            replaces=event.replaces,
            **_content(event),
        )

    concludes = event.concludes
    if event.replaces is not None:
        change(state, event.replaces, stage=ResolutionStage.VARIED)
        concludes = concludes and state["process"] is not Process.CONCLUDED
    _take(event, made, event.at, concludes, state)


def _take(
    agreed: Resolved | Resolution,
    made: Callable[[Extent], Resolution],
    when: When,
    concludes: bool,
    state: State,
) -> None:
    kind = agreed.kind
    agreements = [*agreements_in(state), agreed] if kind is ResolutionKind.AGREEMENT else [agreed]
    full = covers(agreements, state)
    state["resolutions"] += (made(Extent.FULL if full else Extent.PARTIAL),)
    result = None
    if kind is ResolutionKind.AGREEMENT:
        first(state, "agreed", Milestone.at(when))
        ending = Conclusion.SETTLED if full else Conclusion.SETTLED_IN_PART
    elif kind is ResolutionKind.PRIVATE_SETTLEMENT:
        ending = Conclusion.RESOLVED_BEFORE_SESSION
    else:
        ending, result = unsettled(state), AttemptResult.AWARDED
    if concludes:
        conclude(state, ending, when, result)


def change(state: State, resolution: str | None, **changes: Any) -> None:
    """Change one resolution of the state; none if there is none of that id."""
    state["resolutions"] = tuple(
        changed(each, **changes) if each.id == resolution else each for each in state["resolutions"]
    )


_FOUND: Final = {
    Compliance.KEPT: (ResolutionStage.COMPLIED, "complied"),
    Compliance.PARTLY: (ResolutionStage.PARTLY, None),
    Compliance.BREACHED: (ResolutionStage.BREACHED, "breached"),
    Compliance.PENDING: (ResolutionStage.EFFECTIVE, None),
}


def unconfirm(state: State, id: str | None) -> None:
    """A confirmation that was granted no longer stands: the resolution is where its compliance says."""
    for each in state["resolutions"]:
        if each.id == id and each.stage is ResolutionStage.CONFIRMED:
            found_before = _FOUND[each.compliance][0] if each.compliance is not None else ResolutionStage.EFFECTIVE
            change(state, id, stage=found_before, confirmed=NOT_REACHED)


@apply.register
def _(event: ComplianceRecorded, state: State) -> None:
    found(state, event.resolution, event.compliance, event.at, event.term)


def found(state: State, id: str, compliance: Compliance, when: When, term: str | None = None) -> None:
    """Someone found at *when* how far a resolution, or one term of it, is kept."""
    at = Milestone.at(when)
    resolution = next((each for each in state["resolutions"] if each.id == id), None)
    if resolution is None:
        return
    clauses = resolution.clauses
    if term is not None:
        clauses = tuple(_term(each, compliance, at) if each.id == term else each for each in clauses)
        compliance = kept_of(clauses) or compliance
    elif compliance is Compliance.KEPT:
        clauses = tuple(each if each.compliance is Compliance.KEPT else _term(each, compliance, at) for each in clauses)
    stage, milestone = _FOUND[compliance]
    changes = {"stage": stage, "compliance": compliance, "last_contact": at, "clauses": clauses}
    if milestone is not None:
        changes[milestone] = at
    change(state, id, **changes)


def _term(term: Term, compliance: Compliance, at: Milestone) -> Term:
    changes: dict[str, Any] = {"compliance": compliance}
    if (milestone := _FOUND[compliance][1]) is not None:
        changes[milestone] = at
    return changed(term, **changes)


def kept_of(terms: Iterable[Term]) -> Compliance | None:
    """How far an agreement is kept, by what is known of its terms; ``None`` where nothing is.

    Kept when every term is; broken when a term is broken and none is kept, even in part; partly when a term is
    broken, or kept in part only, and something is kept; otherwise there is nothing broken, and something to come.
    """
    found = [term.compliance for term in terms]
    if not any(found):
        return None
    if all(each is Compliance.KEPT for each in found):
        return Compliance.KEPT
    something_kept = Compliance.KEPT in found or Compliance.PARTLY in found
    if Compliance.BREACHED in found:
        return Compliance.PARTLY if something_kept else Compliance.BREACHED
    return Compliance.PARTLY if Compliance.PARTLY in found else Compliance.PENDING


@apply.register
def _(event: FollowedUp, state: State) -> None:
    state["follow_ups"] += (
        _follow_up(
            id=event.follow_up,
            when=event.at,
            kept=event.kept,
            satisfaction=event.satisfaction,
            sued=event.sued,
            new_danger=event.new_danger,
            note=event.note,
            measures=event.measures,
            medium=event.medium,
        ),
    )
    if event.sued is not None:
        state["litigation"] = event.sued or bool(state["litigation"])
    standing = [each for each in state["resolutions"] if each.stage in KEPT_OR_NOT]
    if event.kept is not None and standing:
        found(state, standing[-1].id, event.kept, event.at)
