"""A delivery as a value: its moves, its past, and any history that can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import open_casebook
from community_mediation.deliveries.kinds import delivery_keys
from community_mediation.domain import delivery as dv
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.delivery import FINAL, Delivery, DeliveryStatus, Recipient
from community_mediation.domain.matter import Event
from community_mediation.domain.record import Centre, Created
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.facts.deliveries import delivery_rows
from tests.deliveries.helpers import MINUTE, NOW

AT = When.at(NOW)
LATER = When.at(NOW + MINUTE)


def waiting(**given: object) -> Delivery:
    fields = {"channel": "told", "kind": "hearing", "dedupe_key": "k1", "recipient": Recipient(address="a"), **given}
    return Delivery.request(id="d1", at=AT, by="x", **fields)  # type: ignore[arg-type]


def trying() -> Delivery:
    return waiting().trying(at=AT, by="x", until=LATER)


MOVES = {
    "try": lambda one: one.trying(at=AT, by="x", until=LATER),
    "take": lambda one: one.taken(at=AT, by="x", reference="n1"),
    "refuse": lambda one: one.refused(at=AT, by="x", reason="refused"),
    "fail": lambda one: one.failed(at=AT, by="x", next_try=LATER, reason="unavailable"),
}
ALLOWED = {
    DeliveryStatus.WAITING: {"try": "trying"},
    DeliveryStatus.TRYING: {"try": "trying", "take": "taken", "refuse": "refused", "fail": "waiting"},
    DeliveryStatus.TAKEN: {},
    DeliveryStatus.REFUSED: {},
}


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_a_move_leads_where_the_table_says_or_is_refused_and_changes_nothing(names: Sequence[str]) -> None:
    one = waiting()
    for name in names:
        target = ALLOWED[one.status].get(name)
        if target is None:
            with pytest.raises(IllegalMove) as caught:
                MOVES[name](one)
            assert set(caught.value.possible) == set(ALLOWED[one.status])
        else:
            one = MOVES[name](one)
            assert one.status.value == target
    assert one.tries == sum(isinstance(event, dv.Tried) for event in one.events)
    assert (one.due is None) is (one.status in FINAL) is (one.ended is not None)
    assert Delivery.fold("d1", one.events) == one.saved()


anyhow = st.lists(
    st.sampled_from(
        [
            dv.Tried(at=AT, by="x", until=When.unknown()),
            dv.Taken(at=AT, by="x"),
            dv.Refused(at=AT, by="x", reason="r"),
            dv.Failed(at=When.unknown(), by="x", next_try=When.on(dt.date(2022, 5, 15), "Asia/Shanghai"), reason="r"),
            waiting().events[0],
        ]
    ),
    max_size=8,
)


@given(anyhow)
def test_any_history_that_begins_with_a_request_can_be_read(events: list[Event]) -> None:
    """Legality is judged when an event is recorded, not when it is read."""
    one = Delivery.fold("d1", [waiting().events[0], *events])
    assert one.version == len(events) + 1
    assert len(delivery_rows(one)) == 1
    assert one.valid_at(NOW + MINUTE) is not None


def test_a_history_that_begins_otherwise_is_none_of_a_delivery() -> None:
    with pytest.raises(InvalidValue):
        Delivery.fold("d1", [dv.Taken(at=AT, by="x")])
    with pytest.raises(InvalidValue):
        Delivery.fold("d1", [])


def test_every_event_comes_back_from_the_book_as_it_went_in() -> None:
    with open_casebook("memory:") as book:
        failed = trying().failed(at=AT, by="x", next_try=LATER, reason="unavailable")
        taken = failed.trying(at=LATER, by="x", until=LATER).taken(at=LATER, by="x", reference="n1", duplicate=True)
        book.save(taken)
        refused = Delivery.request(
            id="d2", channel="told", kind="k", dedupe_key="k2", recipient=Recipient(), at=AT, by="x", not_before=LATER
        )
        book.save(refused.trying(at=AT, by="x", until=LATER).refused(at=AT, by="x", reason="refused"))
        assert book.get("d1") == taken.saved()
        assert (
            book.get("d2").events
            == refused.trying(at=AT, by="x", until=LATER).refused(at=AT, by="x", reason="refused").events
        )
        assert {type(event) for id in ("d1", "d2") for event in book.get(id).events} == set(dv.DELIVERY_EVENTS.values())


def test_a_look_at_the_past_cannot_move() -> None:
    past = trying().valid_at(NOW)
    assert past is not None
    with pytest.raises(IllegalMove):
        past.taken(at=AT, by="x")


def test_it_is_due_from_when_it_was_asked_for_or_later_if_that_was_said() -> None:
    assert waiting().is_due(NOW) and not waiting().is_due(NOW - MINUTE)
    assert not waiting(not_before=LATER).is_due(NOW) and waiting(not_before=LATER).is_due(NOW + MINUTE)


def test_what_is_no_delivery_has_no_rows_and_keys_of_one() -> None:
    centre = Centre.fold("c1", [Created(at=AT, by="x", details=CentreDetails())])
    for make in (delivery_rows, delivery_keys):
        with pytest.raises(TypeError):
            make(centre)
