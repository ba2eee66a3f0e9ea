"""Parties come and go: who is bound by what, who is to be settled with, and who may still sign."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain import outcome
from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.papers import Signature
from community_mediation.domain.people import Party, PartyExit, Role
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.values import NOT_REACHED, Milestone
from community_mediation.errors import IllegalMove, InvalidValue
from tests.domain.test_moves import DISPUTE, PARTIES, at, in_mediation, reported, told

HEIR = Party(id="heir", side="B", role=Role.RESPONDENT)


def respondents(*names: str) -> Case:
    """A case in mediation: one applicant against some."""
    others = (Party(id=each, side="B", role=Role.RESPONDENT) for each in names)
    parties = (Party(id="p1", side="A", role=Role.APPLICANT), *others)
    case = Case.report(id="case-1", centre="c1", dispute=DISPUTE, parties=parties, **told())
    return case.accept(**told(1)).begin_attempt(kind=AttemptKind.PEOPLE, **told(2))


def ended(case: Case) -> Conclusion | None:
    """How the case ends if nothing more is agreed."""
    return case.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(90)).conclusion


# ---------------------------------------------------------------- joining


def test_who_joins_is_there_from_then_on() -> None:
    case = in_mediation().join(HEIR, **told(3))
    assert [party.id for party in case.parties] == ["p1", "p2", "heir"]
    assert case.parties[-1].joined == at(3) and case.parties[-1].is_present
    before = case.valid_at(at(2.9))
    assert before is not None and [party.id for party in before.parties] == ["p1", "p2"]


def test_who_joins_has_not_left_whatever_is_said() -> None:
    gone = Party(id="p3", side="C", left=Milestone.at(at(1)), left_reason=PartyExit.DIED, successor="p1", joined=at(0))
    newcomer = in_mediation().join(gone, **told(3)).parties[-1]
    assert (newcomer.joined, newcomer.left, newcomer.left_reason, newcomer.successor) == (
        at(3),
        NOT_REACHED,
        None,
        None,
    )


def test_an_agreement_of_all_does_not_bind_who_comes_later() -> None:
    case = respondents("p2").resolve(concludes=False, **told(3)).join(HEIR, **told(4))
    assert case.resolutions[0].parties == ("p1", "p2")
    assert ended(case) is Conclusion.SETTLED_IN_PART
    assert ended(case.resolve(parties=["heir"], concludes=False, **told(5))) is Conclusion.SETTLED


def test_an_agreement_that_binds_newcomers_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: nobody is there when someone joins; then the newcomer is taken to have agreed."""
    monkeypatch.setattr("community_mediation.domain.party_effects.bindable", lambda parties: [])
    assert ended(respondents("p2").resolve(concludes=False, **told(3)).join(HEIR, **told(4))) is Conclusion.SETTLED


def test_an_agreement_on_all_issues_does_not_resolve_those_found_later() -> None:
    from community_mediation.domain.dispute import Dispute, Issue

    more = Dispute(type=DISPUTE.type, issues=(*DISPUTE.issues, Issue(id="i3")))
    case = in_mediation().resolve(concludes=False, **told(3)).describe(more, **told(4))
    assert case.resolutions[0].issues == ("i1", "i2")
    assert ended(case) is Conclusion.SETTLED_IN_PART


def test_an_id_is_given_once_among_parties_and_helpers() -> None:
    from community_mediation.domain.proceedings import Helper

    case = in_mediation().record(Helper(id="h1", kind="elder"), **told(3))
    for taken in ("p1", "h1"):
        with pytest.raises(InvalidValue) as caught:
            case.join(Party(id=taken, side="C"), **told(4))
        assert caught.value.path == "$.party.id"
    with pytest.raises(InvalidValue, match="another register"):
        case.join(Party(id="register-3", side="C"), **told(4))


def test_who_joins_to_stand_for_someone_names_someone_who_is_there() -> None:
    guardian = Party(id="g1", side="A", role=Role.GUARDIAN, represents=("p1", "nobody"))
    with pytest.raises(InvalidValue) as caught:
        in_mediation().join(guardian, **told(3))
    assert caught.value.path == "$.party.represents[1]"


# ---------------------------------------------------------------- leaving


def test_the_outcome_no_longer_depends_on_who_left() -> None:
    case = respondents("p2", "p3").resolve(parties=["p2"], concludes=False, **told(3))
    assert ended(case) is Conclusion.SETTLED_IN_PART
    assert ended(case.leave("p3", reason=PartyExit.NOT_CONCERNED, **told(4))) is Conclusion.SETTLED


def test_a_successor_is_bound_by_what_the_dead_party_agreed_to() -> None:
    case = respondents("p2").resolve(parties=["p2"], concludes=False, **told(3))
    joined = case.join(HEIR, **told(4))
    assert ended(joined.leave("p2", reason=PartyExit.DIED, **told(5))) is Conclusion.SETTLED_IN_PART
    inherited = joined.leave("p2", reason=PartyExit.DIED, successor="heir", **told(5))
    assert ended(inherited) is Conclusion.SETTLED
    assert (inherited.parties[1].successor, inherited.parties[1].left_reason) == ("heir", PartyExit.DIED)


def test_an_heirs_heir_is_bound_too() -> None:
    """And one who succeeds several is bound by what each of them agreed to."""
    case = respondents("p2", "p3").resolve(parties=["p2"], issues=["i1"], concludes=False, **told(3))
    case = case.resolve(parties=["p3"], issues=["i2"], concludes=False, **told(3))
    case = case.join(HEIR, **told(4)).leave("p2", successor="heir", **told(5)).leave("p3", successor="heir", **told(5))
    assert ended(case) is Conclusion.SETTLED
    last = Party(id="last", side="B", role=Role.RESPONDENT)
    assert ended(case.join(last, **told(6)).leave("heir", successor="last", **told(7))) is Conclusion.SETTLED


@given(st.permutations(["p2", "p3", "p4"]), st.integers(1, 3))
def test_whoever_succeeds_whom_the_last_heir_is_bound(order: list[str], signed: int) -> None:
    """A chain of successors ends with someone bound by all that was agreed along it, in whatever order they left."""
    case = respondents("p2", "p3", "p4").resolve(parties=order[:signed], concludes=False, **told(3))
    case = case.leave(order[0], successor=order[1], **told(4)).leave(order[1], successor=order[2], **told(5))
    assert ended(case) is Conclusion.SETTLED


def test_a_party_leaves_once_and_to_someone_who_is_there() -> None:
    case = in_mediation().leave("p2", **told(3))
    calls: dict[str, Callable[[], Case]] = {
        "$.party": lambda: case.leave("p2", **told(4)),
        "$.successor": lambda: case.leave("p1", successor="p2", **told(4)),
    }
    for path, call in calls.items():
        with pytest.raises(InvalidValue) as caught:
            call()
        assert caught.value.path == path
    with pytest.raises(InvalidValue):
        in_mediation().leave("p1", successor="p1", **told(4))


def test_from_a_case_without_parties_nobody_leaves() -> None:
    empty = Case.report(id="x", centre="c1", dispute=DISPUTE, **told())
    assert {"leave", "change_party"}.isdisjoint(empty.possible)
    with pytest.raises(IllegalMove, match="no party is there"):
        empty.leave("p1", **told(1))
    with pytest.raises(IllegalMove, match="has no parties"):
        empty.change_party(PARTIES[0], **told(1))


def test_who_left_still_attended_and_is_still_told_of() -> None:
    case = in_mediation().hold_session(attended=["p2"], **told(3)).leave("p2", **told(4))
    assert case.hold_session(attended=["p2"], **told(3.5)).sessions[1].attended == ("p2",)


# ---------------------------------------------------------------- signing


@pytest.mark.parametrize("way", ["resolve", "draft", "adopt", "sign"])
def test_nobody_signs_who_has_left(way: str) -> None:
    case = in_mediation().draft(id="d1", parties=["p1", "p2"], **told(3)).leave("p2", **told(4))
    calls: dict[str, Callable[[float], Case]] = {
        "resolve": lambda day: case.resolve(parties=["p1", "p2"], **told(day)),
        "draft": lambda day: case.draft(parties=["p2"], **told(day)),
        "adopt": lambda day: case.adopt("d1", **told(day)),
        "sign": lambda day: case.record(Signature(paper="agreement", party="p2"), **told(day)),
    }
    with pytest.raises(InvalidValue, match="nobody signs who has left"):
        calls[way](5)
    late = calls[way](3.5)
    assert len(late.events) == len(case.events) + 1, "before it left, it signed"


# ---------------------------------------------------------------- who is to be settled with


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.GUARDIAN, Role.WITNESS])
def test_who_stands_beside_the_quarrel_is_not_to_be_settled_with(role: Role) -> None:
    case = in_mediation().join(Party(id="x", side="B", role=role), **told(3))
    case = case.resolve(parties=["p1", "p2"], concludes=False, **told(4))
    assert ended(case) is Conclusion.SETTLED


def test_counting_them_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a witness counts like anyone else, in a case without a respondent."""
    two = (Party(id="a", side="A"), Party(id="b", side="B"), Party(id="w", side="W", role=Role.WITNESS))
    case = Case.report(id="x", centre="c1", dispute=DISPUTE, parties=two, **told()).accept(**told(1))
    case = case.begin_attempt(kind=AttemptKind.PEOPLE, **told(2)).resolve(
        parties=["a", "b"], concludes=False, **told(3)
    )
    assert ended(case) is Conclusion.SETTLED
    monkeypatch.setattr(outcome, "BESIDE", frozenset())
    assert ended(case) is Conclusion.SETTLED_IN_PART


# ---------------------------------------------------------------- changing


def test_changing_a_party_tells_all_of_it_anew_but_when_it_came_and_left() -> None:
    case = reported().join(HEIR, **told(1)).leave("heir", reason=PartyExit.WITHDREW, **told(2))
    case = case.change_party(Party(id="heir", side="C", name="孙某", left=NOT_REACHED), **told(3))
    heir = case.parties[-1]
    assert (heir.side, heir.role, heir.name) == ("C", None, "孙某")
    assert (heir.joined, heir.left, heir.left_reason) == (at(1), Milestone.at(at(2)), PartyExit.WITHDREW)


def test_a_party_is_linked_to_a_person_and_unlinked_again() -> None:
    case = reported().change_party(Party(id="p1", side="A", person="person-1"), **told(1))
    case = case.change_party(Party(id="p1", side="A"), **told(2))
    seen = [then.parties[0].person for day in (0.5, 1.5, 2.5) if (then := case.valid_at(at(day))) is not None]
    assert seen == [None, "person-1", None]


def test_only_who_is_there_can_be_changed() -> None:
    with pytest.raises(InvalidValue) as caught:
        reported().change_party(Party(id="p9", side="A"), **told(1))
    assert caught.value.path == "$.party.id"


def test_an_heir_who_is_found_later_is_bound_by_what_the_dead_had_agreed_to() -> None:
    """The day of the death stays what it was; nobody succeeds a party who is there, or one who has a successor."""
    case = in_mediation().resolve(concludes=False, **told(3)).leave("p2", reason=PartyExit.DIED, **told(4))
    heir = Party(id="p3", side="B", role=Role.RESPONDENT)
    found = case.join(heir, succeeds="p2", **told(9))
    gone = next(each for each in found.parties if each.id == "p2")
    assert (gone.left, gone.successor) == (Milestone.at(at(4)), "p3")
    ended = found.conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(10))
    assert ended.conclusion is Conclusion.SETTLED
    stranger = case.join(heir, **told(9)).conclude_without_agreement(conclusion=Conclusion.NOT_SETTLED, **told(10))
    assert stranger.conclusion is Conclusion.SETTLED_IN_PART
    for base, who in ((case, "p1"), (found, "p2"), (case, "nobody")):
        with pytest.raises(InvalidValue) as caught:
            base.join(Party(id="p4", side="B"), succeeds=who, **told(11))
        assert caught.value.path == "$.succeeds"
