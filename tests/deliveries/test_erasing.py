"""Whom a notice went to can be erased, and what was counted stays."""

from __future__ import annotations

import pytest

from community_mediation.casebook import Casebook
from community_mediation.deliveries import Outbox, Summary
from community_mediation.domain.delivery import Delivery
from community_mediation.domain.people import PersonDetails
from community_mediation.domain.record import Person
from community_mediation.domain.values import When
from tests.deliveries.helpers import NOW, Told, book, notice


def person(opened: Casebook) -> str:
    details = PersonDetails(name="孙某")
    return opened.save(Person.create(id=opened.new_id(), details=details, at=When.at(NOW), by="desk")).id


def private_parts(opened: Casebook, delivery: Delivery) -> list[str]:
    return [part for entry in opened.store.entries(delivery.id) for part in entry.private.values()]


def test_erasing_a_person_erases_the_notices_to_them() -> None:
    with book() as opened:
        who = person(opened)
        delivery = Outbox(opened).request(notice(), channel="told", person=who)
        assert len(private_parts(opened, delivery)) == 1
        opened.erase(who, reason="asked for", by="desk")
        assert private_parts(opened, delivery) == []
        assert opened.get(delivery.id).recipient.address is None
        assert opened.verify().findings == ()


def test_the_control_notices_to_another_person_stay() -> None:
    with book() as opened:
        who, other = person(opened), person(opened)
        delivery = Outbox(opened).request(notice(), channel="told", person=other)
        opened.erase(who, reason="asked for", by="desk")
        assert opened.get(delivery.id).recipient.address == notice().to


def test_a_delivery_to_nobody_known_is_erased_by_its_own_subject() -> None:
    with book() as opened:
        delivery = Outbox(opened).request(notice(), channel="told")
        opened.erase(delivery.recipient_subject, reason="asked for", by="desk")
        assert private_parts(opened, delivery) == []


@pytest.mark.parametrize("channel", [Told()])
def test_an_erased_notice_that_still_waits_is_never_sent(channel: Told) -> None:
    with book() as opened:
        outbox = Outbox(opened)
        delivery = outbox.request(notice(), channel="told")
        opened.erase(delivery.recipient_subject, reason="asked for", by="desk")
        assert outbox.run([channel]) == Summary(refused=1)
        assert channel.sent == []
        assert opened.get(delivery.id).reason == "erased"
