"""Noting things: ids given and taken, names of what is not there refused by their path, at any stage of the case."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain import items as it
from community_mediation.domain import references
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Claim, Dispute
from community_mediation.domain.events import Recorded
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.people import Party
from community_mediation.domain.validators import REFERS
from community_mediation.domain.values import Code, Money
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import BY, Random, make, tried
from community_mediation.testing.strategies.making import fitting
from tests.domain.test_moves import DISPUTE, PARTIES, STAGES, at, in_mediation, reported, settled, told

YUAN = Money.parse("12.50 CNY")

# ---------------------------------------------------------------- ids


def test_an_id_that_is_left_out_is_given_by_the_sort_of_the_thing() -> None:
    case = (
        reported()
        .record(it.Exhibit(kind="photo"), **told(1))
        .record(it.LegalStep(kind=it.LegalStepKind.SUIT), **told(2))
    )
    case = case.record(it.Risk(kind=it.RiskKind.FIGHT), **told(3))
    assert [each.id for each in (*case.items, *case.risks)] == ["exhibit-2", "legal-step-3", "risk-4"]


def test_an_id_that_is_given_is_kept_and_one_that_is_taken_avoided() -> None:
    case = (
        reported().record(it.Exhibit(id="exhibit-3", kind="photo"), **told(1)).record(it.Exhibit(kind="map"), **told(2))
    )
    assert [each.id for each in case.items] == ["exhibit-3", "exhibit-4"]


@pytest.mark.parametrize("taken", ["x1", "d1", "p1"])
def test_an_id_is_given_once_among_what_is_noted_and_the_parties(taken: str) -> None:
    case = reported().record(it.Exhibit(id="x1", kind="photo"), **told(1))
    case = case.record(it.Risk(id="d1", kind=it.RiskKind.FIGHT), **told(1))
    for item in (it.Exhibit(id=taken, kind="map"), it.Risk(id=taken, kind=it.RiskKind.OTHER)):
        with pytest.raises(InvalidValue, match="the id is taken") as caught:
            case.record(item, **told(2))
        assert caught.value.path == "$.item.id"


def test_ids_of_what_came_from_another_register_are_not_given() -> None:
    with pytest.raises(InvalidValue, match="belong to what came from another register") as caught:
        reported().record(it.Exhibit(id="register-7", kind="photo"), **told(1))
    assert caught.value.path == "$.item.id"


def test_an_item_without_an_id_is_not_put_in_place_by_a_correction() -> None:
    """A correction passes by ``record``, which gives ids."""
    case = reported().record(it.Exhibit(kind="photo"), **told(1))
    with pytest.raises(InvalidValue) as caught:
        case.correct(2, Recorded(item=it.Exhibit(kind="map"), **told(1)), **told(2))
    assert caught.value.path == "$.item.id"
    mended = case.correct(2, Recorded(item=it.Exhibit(id="exhibit-2", kind="map"), **told(1)), **told(2))
    assert [each.kind for each in mended.noted(it.Exhibit)] == ["map"]


@given(
    st.lists(st.sampled_from(sorted(set(ITEMS) - {"referral_return", "legal_step"})), max_size=10), st.integers(0, 99)
)
def test_whatever_is_noted_in_whatever_order_each_has_an_id_of_its_own(names: list[str], seed: int) -> None:
    case, rng = settled(), Random(seed)
    for day, name in enumerate(names, 5):
        item = attrs.evolve(fitting(make(ITEMS[name], rng), lambda what: THERE.get(what, []), rng), id=None)
        with contextlib.suppress(InvalidValue, IllegalMove):
            case = case.record(item, **told(day))
    ids = [each.id for each in (*case.items, *case.risks)]
    assert len(set(ids)) == len(ids) and None not in ids
    assert all(each.when is not None for each in (*case.items, *case.risks))


THERE = {"party": ["p1", "p2"], "resolution": ["resolution-4"], "anything": ["p1"]}

# ---------------------------------------------------------------- what may be noted


@pytest.mark.parametrize("wrong", [None, 5, "photo", {}, Item(), PARTIES[0], reported().events[0], it.Exhibit])
def test_what_is_no_item_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match="nothing that a case notes") as caught:
        reported().record(wrong, **told(1))
    assert caught.value.path == "$.item" and "cm.items" in caught.value.remedy


def test_an_own_sort_of_item_is_refused_rather_than_lost() -> None:
    """No book could read it."""

    @attrs.frozen(kw_only=True)
    class Own(it.Exhibit):
        """Like an exhibit."""

    with pytest.raises(InvalidValue, match="nothing that a case notes"):
        reported().record(Own(kind="photo"), **told(1))


@pytest.mark.parametrize("stage", [*STAGES, "closed", "merged"])
def test_it_may_be_noted_at_any_stage_and_moves_the_case_nowhere(stage: Any) -> None:
    makers: dict[Any, Callable[[], Case]] = {
        **STAGES,
        "closed": lambda: settled().close(**told(4)),
        "merged": lambda: settled().merge(into="case-2", **told(4)),
    }
    before = makers[stage]()
    after = before.record(it.Exhibit(kind="photo"), **told(9))
    assert (after.process, after.file, after.conclusion) == (before.process, before.file, before.conclusion)
    assert after.possible == before.possible and len(after.items) == 1


def test_it_happened_when_the_event_says() -> None:
    """Whatever the item itself claims."""
    (exhibit,) = reported().record(it.Exhibit(kind="photo", when=at(99)), **told(1)).noted(it.Exhibit)
    assert exhibit.when == at(1)


def test_what_was_noted_of_one_sort_can_be_asked_for() -> None:
    case = reported().record(it.Exhibit(kind="photo"), **told(1)).record(it.Link(case="case-2"), **told(2))
    assert [each.case for each in case.noted(it.Link)] == ["case-2"]
    assert len(case.noted(Item)) == 2


# ---------------------------------------------------------------- names of what is not there

NAMELESS: list[tuple[Item, str]] = [
    (it.Consent(party="p9", to=it.ConsentTo.ONLINE), "$.item.party"),
    (it.Consent(party="p1", to=it.ConsentTo.HELPER, about="h9"), "$.item.about"),
    (it.RightsExplained(party="p9"), "$.item.party"),
    (it.Service(paper="summons", party="p9"), "$.item.party"),
    (it.NonAppearance(party="p1", service="s9"), "$.item.service"),
    (it.Mandate(principal="p1", agent="p9"), "$.item.agent"),
    (it.Mandate(principal="p9", agent="p1"), "$.item.principal"),
    (it.Answer(instrument="x", question="y", party="p9"), "$.item.party"),
    (it.Exhibit(kind="photo", party="p9"), "$.item.party"),
    (it.Signature(paper="agreement", party="p9"), "$.item.party"),
    (it.Signature(paper="agreement", resolution="r9"), "$.item.resolution"),
    (it.Payment(amount=YUAN, payer="p9"), "$.item.payer"),
    (it.Payment(amount=YUAN, payee="p9"), "$.item.payee"),
    (it.Payment(amount=YUAN, term="t9"), "$.item.term"),
    (it.Certificate(kind="file_action", party="p9"), "$.item.party"),
    (it.Transmittal(paper="award", to="court", resolution="r9"), "$.item.resolution"),
    (it.Risk(kind=it.RiskKind.FIGHT, parties=("p1", "p9")), "$.item.parties[1]"),
    (it.LegalStep(kind=it.LegalStepKind.REPUDIATION, consent="c9"), "$.item.consent"),
]


@pytest.mark.parametrize(
    ("item", "path"), NAMELESS, ids=lambda each: each if isinstance(each, str) else type(each).__name__
)
def test_what_is_named_must_be_there(item: Item, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        settled().record(item, **told(9))
    assert caught.value.path == path
    assert "It has: " in caught.value.remedy


def test_every_class_that_names_something_is_tried() -> None:
    """The control: a field that is added later and names something is tried above, or here by name."""
    elsewhere = {"LegalStep", "ReferralAnswer", "ReferralReturn", "RiskUpdate"}
    naming = {cls.__name__ for cls in ITEMS.values() if any(REFERS in field.metadata for field in attrs.fields(cls))}
    assert naming - {type(item).__name__ for item, _ in NAMELESS} <= elsewhere


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda case: case.join(Party(id="p3", side="C", represents=("p9",)), **told(9)), "$.party.represents[0]"),
        (
            lambda case: case.describe(
                attrs.evolve(DISPUTE, claims=(Claim(id="c0"), Claim(id="c1", party="p9"))), **told(9)
            ),
            "$.dispute.claims[1].party",
        ),
        (lambda case: case.hold_session(helpers=["h9"], **told(9)), "$.helpers[0]"),
        (lambda case: case.release("as9", **told(9)), "$.assignment"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused_in_moves_too(call: Callable[[Case], Case], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call(in_mediation().assign(mediator="m1", **told(3)))
    assert caught.value.path == path


def test_a_birth_names_only_who_is_in_it() -> None:
    claims = Dispute(type=Code("local", "x"), claims=(Claim(id="c0"), Claim(id="c1", party="p9")))
    twice = Dispute(type=Code("local", "x"), claims=(Claim(id="c1"), Claim(id="c1")))
    guardian = Party(id="g", side="A", represents=("p1", "p9"))
    for known, path in (
        ({"dispute": claims}, "$.dispute.claims[1].party"),
        ({"dispute": twice}, "$.dispute.claims"),
        ({"dispute": DISPUTE, "parties": (PARTIES[0], guardian)}, "$.parties[1].represents[1]"),
    ):
        with pytest.raises(InvalidValue) as caught:
            Case.report(id="x", centre="c1", at=at(), by=BY, **known)
        assert caught.value.path == path


def test_a_check_that_looks_at_the_surface_only_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: what is inside an event is not looked into; then a name that leads nowhere comes in."""
    item = it.Exhibit(kind="photo", party="p9")
    with pytest.raises(InvalidValue):
        reported().record(item, **told(1))
    surface = references._naming
    monkeypatch.setattr(references, "_naming", lambda cls: [each for each in surface(cls) if each[1] is not None])
    assert reported().record(item, **told(1)).noted(it.Exhibit)


def test_a_case_is_numbered_with_something_and_transferred_to_a_centre() -> None:
    case = reported().number(reference="No. 1", **told(1))
    assert (case.reference, case.external) == ("No. 1", None)
    with pytest.raises(InvalidValue, match="no number at all"):
        case.number(**told(2))
    moved = case.transfer("c2", reason="moved", **told(2))
    before = moved.valid_at(at(1.5))
    assert (moved.centre, moved.reference) == ("c2", "No. 1") and before is not None and before.centre == "c1"


def test_a_refusal_changes_nothing() -> None:
    case = settled()
    for call in (
        lambda: case.record(it.Exhibit(kind="photo", party="p9"), **told(9)),
        lambda: case.leave("p9", **told(9)),
        lambda: case.adopt("resolution-4", **told(9)),
    ):
        assert isinstance(tried(call), InvalidValue | IllegalMove)
    assert case == settled()
