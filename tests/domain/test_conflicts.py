"""A mediator with a disclosed conflict of interest acts only with every party's recorded consent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain import rules
from community_mediation.domain.case import Case
from community_mediation.domain.people import Party, Role
from community_mediation.domain.proceedings import ConflictOfInterest, Consent, ConsentTo
from community_mediation.domain.resolution import Conclusion, ResolutionKind
from community_mediation.domain.stages import Move
from community_mediation.errors import IllegalMove
from community_mediation.testing.strategies import tried
from tests.domain.test_moves import in_mediation, told

CONFLICT = ConflictOfInterest(id="conflict-1", mediator="m1", nature="relative")
ACTS: dict[str, Callable[[Case], Case]] = {
    "hold_session": lambda case: case.hold_session(**told(9)),
    "draft": lambda case: case.draft(**told(9)),
    "adopt": lambda case: case.adopt("d1", **told(9)),
    "resolve": lambda case: case.resolve(**told(9)),
    "vary": lambda case: case.resolve(replaces="r1", **told(9)),
}
acts = pytest.mark.parametrize("act", ACTS)


def disclosed() -> Case:
    """A case in mediation with a draft and an agreement, whose mediator then tells of a conflict."""
    case = in_mediation().assign(mediator="m1", id="as1", **told(2.1)).draft(id="d1", **told(3))
    return case.resolve(id="r1", concludes=False, **told(3)).record(CONFLICT, **told(4))


def consent(party: str, about: str | None = "conflict-1", *, given: bool = True) -> Consent:
    return Consent(party=party, to=ConsentTo.CONFLICT_OF_INTEREST, about=about, given=given)


def may(case: Case, act: str) -> bool:
    """Whether the mediator may act; a refusal says why and what to do."""
    after = tried(lambda: ACTS[act](case))
    if isinstance(after, IllegalMove):
        assert "mediator m1 disclosed a conflict of interest" in str(after)
        assert "consent of every party" in str(after) and "release the mediator" in str(after)
    return isinstance(after, Case)


@acts
def test_nobody_acts_without_the_consent_of_every_party(act: str) -> None:
    case = disclosed()
    assert not may(case, act)
    case = case.record(consent("p1"), **told(5))
    assert not may(case, act)
    assert may(case.record(consent("p2"), **told(5)), act)


@acts
def test_before_it_was_disclosed_nothing_was_forbidden(act: str) -> None:
    """The control: the same case without the disclosure."""
    case = in_mediation().assign(mediator="m1", id="as1", **told(2.1)).draft(id="d1", **told(3))
    assert may(case.resolve(id="r1", concludes=False, **told(3)), act)


@acts
def test_a_refusal_withdraws_the_consent(act: str) -> None:
    case = disclosed().record(consent("p1"), **told(5)).record(consent("p2"), **told(5))
    assert may(case, act)
    assert not may(case.record(consent("p2", given=False), **told(6)), act)


@acts
def test_a_mediator_who_was_released_no_longer_blocks(act: str) -> None:
    assert may(disclosed().release("as1", reason="challenged", **told(5)), act)


def test_consent_about_something_else_does_not_count() -> None:
    case = disclosed().record(ConflictOfInterest(id="conflict-2", mediator="m2"), **told(4))
    for about in ("conflict-2", "attempt-3", "d1"):
        told_so = case.record(consent("p1", about), **told(5)).record(consent("p2", about), **told(5))
        assert not may(told_so, "hold_session"), about
    for to in set(ConsentTo) - {ConsentTo.CONFLICT_OF_INTEREST}:
        other = case.record(Consent(party="p1", to=to, about="conflict-1"), **told(5))
        other = other.record(Consent(party="p2", to=to, about="conflict-1"), **told(5))
        assert not may(other, "hold_session"), to


def test_consent_in_general_counts_for_each_conflict_that_is_not_spoken_of() -> None:
    case = disclosed().record(consent("p1", None), **told(5)).record(consent("p2", None), **told(5))
    assert may(case, "resolve")
    assert not may(case.record(consent("p1", given=False), **told(6)), "resolve")


def test_a_conflict_of_someone_who_does_not_mediate_here_forbids_nothing() -> None:
    case = in_mediation().assign(mediator="m2", **told(2.1)).record(CONFLICT, **told(4))
    assert may(case, "hold_session")


def test_people_may_still_settle_on_their_own() -> None:
    case = disclosed().resolve(kind=ResolutionKind.PRIVATE_SETTLEMENT, **told(9))
    assert case.conclusion is Conclusion.RESOLVED_BEFORE_SESSION


def test_what_must_wait_for_consent_is_not_among_the_possible() -> None:
    waiting = {Move.HOLD_SESSION, Move.DRAFT, Move.ADOPT}
    case = disclosed()
    assert waiting.isdisjoint(case.possible)
    consented = case.record(consent("p1"), **told(5)).record(consent("p2"), **told(5))
    assert waiting <= set(consented.possible)


def test_who_joins_later_is_asked_too_and_who_left_is_not() -> None:
    case = disclosed().record(consent("p1"), **told(5)).record(consent("p2"), **told(5))
    joined = case.join(Party(id="p3", side="C"), **told(6))
    assert not may(joined, "hold_session")
    assert may(joined.record(consent("p3"), **told(7)), "hold_session")
    assert may(joined.leave("p3", **told(7)), "hold_session")
    assert may(case.join(Party(id="w", side="W", role=Role.WITNESS), **told(6)), "hold_session")


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2"]), st.booleans()), max_size=8))
def test_the_last_word_of_each_party_decides(words: list[tuple[str, bool]]) -> None:
    case = disclosed()
    for party, given_ in words:
        case = case.record(consent(party, given=given_), **told(5))
    last = dict(words)
    assert may(case, "hold_session") is (last.get("p1", False) and last.get("p2", False))


def test_a_guard_that_forgets_conflicts_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault."""
    assert not may(disclosed(), "resolve")
    monkeypatch.setattr(rules, "check_conflicts", lambda *given: None)
    assert may(disclosed(), "resolve")
