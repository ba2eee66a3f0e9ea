"""Drafts, what becomes of them, and agreements that take the place of others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.case import Case
from community_mediation.domain.case_state import STATE_FIELDS
from community_mediation.domain.dispute import Issue
from community_mediation.domain.effect import apply
from community_mediation.domain.events import Adopted
from community_mediation.domain.matter import State
from community_mediation.domain.people import Party, Role
from community_mediation.domain.resolution import (
    AgreementForm,
    Conclusion,
    Extent,
    ResolutionKind,
    ResolutionStage,
    Term,
    TermKind,
)
from community_mediation.domain.values import NOT_REACHED, Milestone, Money
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import tried
from tests.domain.test_moves import DISPUTE, at, in_mediation, settled, told
from tests.domain.test_parties import ended, respondents

CONTENTS: dict[str, Any] = {
    "amount": Money(Decimal("1200.50"), "CNY"),
    "terms": "quiet after ten",
    "clauses": (Term(id="t1", kind=TermKind.APOLOGY, debtor="p2"),),
    "number": "No. 12",
    "copies": 3,
    "facts": "the fence fell",
    "responsibilities": "the storm's",
}


def state_of(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in STATE_FIELDS}


# ---------------------------------------------------------------- drafts


def test_a_draft_binds_nobody_and_counts_for_nothing() -> None:
    case = in_mediation().draft(**CONTENTS, **told(3))
    (draft,) = case.resolutions
    assert (draft.stage, draft.agreed, draft.effective) == (ResolutionStage.DRAFTED, NOT_REACHED, NOT_REACHED)
    assert (case.process, case.agreed, case.agreement) == ("in_mediation", NOT_REACHED, "open")
    assert ended(case) is Conclusion.NOT_SETTLED
    assert case.conclude_without_agreement(conclusion=Conclusion.LAPSED, **told(9)).agreement in ("none", "partial")


def test_a_draft_left_lying_makes_no_agreement_in_part() -> None:
    """A case that ended with nothing but a draft ended without an agreement."""
    case = in_mediation().draft(**told(3)).conclude_without_agreement(conclusion=Conclusion.LAPSED, **told(9))
    assert case.agreement == "none"


def test_a_draft_is_neither_kept_nor_repudiated_nor_varied() -> None:
    case = in_mediation().draft(id="d1", **told(3))
    with pytest.raises(IllegalMove, match="no resolution that could be kept"):
        case.record_compliance(compliance="kept", **told(4))  # type: ignore[arg-type]
    with pytest.raises(IllegalMove, match="resolution drafted"):
        case.resolve(replaces="d1", **told(4))


@given(
    st.sampled_from(ResolutionKind),
    st.sampled_from([(), ("p2",), ("p1", "p2"), ("p2", "p3")]),
    st.sampled_from([(), ("i1",), ("i1", "i2")]),
    st.sampled_from([None, *AgreementForm]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "agree", "award", "reopen", "join", "leave"]),
    st.booleans(),
)
def test_to_adopt_a_draft_is_to_resolve_then_with_the_same_contents(
    kind: ResolutionKind,
    parties: tuple[str, ...],
    issues: tuple[str, ...],
    form: AgreementForm | None,
    concludes: bool,
    dated: bool,
    between: str,
    full: bool,
) -> None:
    """Whatever happened in between: the same state to the last field."""
    contents = {**(CONTENTS if full else {}), "kind": kind, "parties": parties, "issues": issues, "id": "d1"}

    def after(case: Case) -> Case:
        match between:
            case "agree":
                return case.resolve(parties=["p3"], concludes=False, id="r1", **told(4))
            case "award":
                return case.resolve(kind=ResolutionKind.AWARD, id="r1", **told(4)).reopen(**told(5))
            case "reopen":
                case = case.resolve(issues=["i2"], id="r1", **told(4)).reopen(**told(4.5))
                return case.resolve(parties=["p2"], concludes=False, id="r2", **told(5))
            case "join":
                return case.join(Party(id="p4", side="B", role=Role.RESPONDENT), **told(4))
            case "leave":
                return case.leave("p3", **told(4))
        return case

    ending: dict[str, Any] = {"form": form, "concludes": concludes, "effective": at(20) if dated else None, **told(9)}
    adopted = tried(lambda: after(respondents("p2", "p3").draft(**contents, **told(3))).adopt("d1", **ending))
    resolved = tried(lambda: after(respondents("p2", "p3")).resolve(**contents, **ending))
    if between == "leave" and "p3" in parties:
        assert isinstance(adopted, InvalidValue) and isinstance(resolved, InvalidValue)
    else:
        assert state_of(adopted) == state_of(resolved)


def test_a_draft_from_before_a_reopening_does_not_hide_what_was_agreed_since() -> None:
    """However many resolutions stand before and behind it."""
    case = respondents("p2", "p3").draft(parties=["p2"], id="d1", **told(3))
    case = case.resolve(parties=["p3"], id="r1", **told(4)).reopen(**told(5))
    case = case.resolve(parties=["p3"], concludes=False, id="r2", **told(6)).adopt("d1", concludes=False, **told(7))
    assert [each.id for each in case.resolutions[case.resolutions_before :]] == ["r2", "d1"]
    assert ended(case) is Conclusion.SETTLED


def test_an_adoption_that_leaves_the_line_where_it_was_would_be_noticed() -> None:
    """Planted fault: what was agreed since the reopening is then taken for older."""

    def adopted() -> Case:
        case = respondents("p2", "p3").draft(id="d1", parties=["p2"], **told(3)).resolve(id="r1", **told(4))
        case = case.reopen(**told(5)).resolve(parties=["p3"], concludes=False, id="r2", **told(6))
        return case.adopt("d1", concludes=False, **told(7))

    assert ended(adopted()) is Conclusion.SETTLED
    real = apply.registry[Adopted]

    def careless(event: Adopted, state: State) -> None:
        line = state["resolutions_before"]
        real(event, state)
        state["resolutions_before"] = line

    apply.register(Adopted, careless)
    try:
        assert ended(adopted()) is Conclusion.SETTLED_IN_PART
    finally:
        apply.register(Adopted, real)


def test_only_a_draft_is_adopted() -> None:
    case = in_mediation().resolve(id="r1", concludes=False, **told(3))
    with pytest.raises(IllegalMove, match="resolution effective"):
        case.adopt("r1", **told(4))
    with pytest.raises(InvalidValue) as caught:
        case.adopt("r9", **told(4))
    assert caught.value.path == "$.resolution"


# ---------------------------------------------------------------- variations


def test_one_that_replaces_another_says_so_and_the_other_is_varied() -> None:
    case = in_mediation().resolve(id="r1", concludes=False, **told(3)).resolve(id="r2", replaces="r1", **told(4))
    assert [(each.id, each.stage, each.replaces) for each in case.resolutions] == [
        ("r1", ResolutionStage.VARIED, None),
        ("r2", ResolutionStage.EFFECTIVE, "r1"),
    ]


@pytest.mark.parametrize("kind", ResolutionKind)
def test_varied_after_the_end_the_ending_stays_as_it_was(kind: ResolutionKind) -> None:
    before = settled()
    case = before.close(**told(4)).resolve(id="r9", kind=kind, replaces="resolution-4", issues=["i1"], **told(9))
    assert (case.conclusion, case.concluded) == (before.conclusion, before.concluded)
    assert (case.first_concluded, case.file, case.attempts) == (before.first_concluded, "closed", before.attempts)
    assert case.resolutions[-1].agreed == Milestone.at(at(9))


def test_what_was_replaced_does_not_count_beside_what_replaced_it() -> None:
    """An agreement on both points, varied to one on the first, leaves the second open."""
    case = in_mediation().resolve(id="r1", concludes=False, **told(3))
    varied = case.resolve(id="r2", replaces="r1", issues=["i1"], concludes=False, **told(4))
    assert ended(varied) is Conclusion.SETTLED_IN_PART
    assert varied.resolutions[-1].extent is Extent.PARTIAL
    added = case.resolve(id="r2", issues=["i1"], concludes=False, **told(4))
    assert ended(added) is Conclusion.SETTLED, "the control: beside it, both count"


def test_an_agreement_that_an_award_replaced_is_none_any_more() -> None:
    case = in_mediation().resolve(id="r1", concludes=False, **told(3))
    assert ended(case.resolve(replaces="r1", kind=ResolutionKind.AWARD, concludes=False, **told(4))) == "not_settled"


def test_what_is_replaced_must_be_there_and_bind() -> None:
    case = settled()
    with pytest.raises(InvalidValue) as caught:
        case.resolve(replaces="r9", **told(9))
    assert caught.value.path == "$.replaces"
    once = case.resolve(id="r2", replaces="resolution-4", **told(9))
    with pytest.raises(IllegalMove, match="resolution varied"):
        once.resolve(id="r3", replaces="resolution-4", **told(10))
    assert once.resolve(id="r3", replaces="r2", **told(10)).resolutions[-1].replaces == "r2"


def test_what_is_agreed_on_the_spot_replaces_nothing() -> None:
    """It was made before any mediation; an older agreement is varied, not settled once more."""
    from community_mediation.domain.snapshot import Snapshot

    old = Case.register(
        id="old-1", centre="c1", snapshot=Snapshot(dispute=DISPUTE, agreed=Milestone.at(at(1))), **told()
    )
    with pytest.raises(InvalidValue) as caught:
        old.resolve(on_the_spot=True, replaces="register-agreement", **told(9))
    assert caught.value.path == "$.replaces"


def test_after_the_end_only_a_variation_is_agreed() -> None:
    with pytest.raises(IllegalMove) as caught:
        settled().resolve(**told(9))
    assert caught.value.move == "resolve" and "vary" in caught.value.possible


@given(st.lists(st.sampled_from([(), ("i1",), ("i2",), ("i1", "i2")]), min_size=1, max_size=6))
def test_of_a_chain_of_variations_the_last_one_counts(chain: list[tuple[str, ...]]) -> None:
    """As if it alone had been agreed."""
    case = in_mediation()
    for number, issues in enumerate(chain):
        replaces = f"r{number - 1}" if number else None
        case = case.resolve(id=f"r{number}", issues=issues, replaces=replaces, concludes=False, **told(3 + number))
    alone = in_mediation().resolve(issues=chain[-1], concludes=False, **told(3))
    assert ended(case) is ended(alone)
    assert case.resolutions[-1].extent is alone.resolutions[-1].extent


def test_the_two_issues_are_what_an_agreement_in_part_leaves_open() -> None:
    """The control of the chain: with no issues, there is nothing to leave open."""
    bare = attrs.evolve(DISPUTE, issues=())
    assert bare.issues == () and DISPUTE.issues == (Issue(id="i1"), Issue(id="i2"))
    assert ended(in_mediation().resolve(issues=["i1"], concludes=False, **told(3))) is Conclusion.SETTLED_IN_PART
