"""Notices are delivered at least once, tried again by the class of their failure, and change no case."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.deliveries import Outbox, Summary, backoff, deliver
from community_mediation.domain.delivery import Delivery, DeliveryStatus
from community_mediation.errors import (
    ChannelRefused,
    ChannelUnavailable,
    InvalidQuery,
    InvalidValue,
    NotFound,
    StoreUnavailable,
)
from community_mediation.ports import Channel, Notice, Receipt
from tests.deliveries.helpers import MINUTE, NOW, Told, book, case, failing, notice


def status(book: Casebook, key: str = "hearing-1") -> str:
    found = Outbox(book).find("told", key)
    assert found is not None
    return found.status.value


# ---- asking


def test_a_notice_is_handed_over_as_it_was_asked_for() -> None:
    with book() as opened:
        channel = Told()
        asked = notice(case=case(opened).id, lang="zh")
        assert deliver(opened, [asked], [channel], channel="told") == Summary(taken=1)
        assert channel.sent == [asked]


def test_asking_twice_with_one_key_delivers_once() -> None:
    with book() as opened:
        channel = Told()
        first, second = (Outbox(opened).request(notice(), channel="told") for _ in range(2))
        assert first == second
        assert deliver(opened, [notice()], [channel], channel="told").taken == len(channel.sent) == 1


def test_of_two_who_ask_at_the_same_moment_one_delivery_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither saw the other's request when it looked."""
    with book() as opened:
        outbox = Outbox(opened)
        first = outbox.request(notice(), channel="told")
        monkeypatch.setattr(outbox, "find", lambda channel, key: None)
        assert outbox.request(notice(), channel="told") == first


def test_the_same_key_by_another_channel_is_another_delivery() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        assert len({outbox.request(notice(), channel=name).id for name in ("told", "post")}) == 2


def test_a_notice_about_no_case_of_the_book_is_refused_before_anything_is_written() -> None:
    with book() as opened:
        with pytest.raises(NotFound):
            Outbox(opened).request(notice(case="nowhere"), channel="told")
        assert list(opened.log()) == []


def test_a_key_that_cannot_be_an_id_is_refused_without_being_quoted() -> None:
    with book() as opened, pytest.raises(InvalidValue) as caught:
        Outbox(opened).request(notice("for 孙某"), channel="told")
    assert "孙某" not in str(caught.value)


def test_what_is_not_to_be_sent_yet_waits() -> None:
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        outbox.request(notice(), channel="told", not_before=NOW + MINUTE)
        assert outbox.run([channel], now=NOW).taken == 0
        assert outbox.run([channel], now=NOW + MINUTE).taken == 1


# ---- the stream of its own


def test_a_delivery_never_changes_its_case() -> None:
    with book() as opened:
        about = case(opened)
        deliver(opened, [notice(case=about.id)], [Told()], channel="told")
        assert opened.get(about.id) == about
        assert opened.get(about.id).version == 1


def test_the_facts_of_a_delivery_name_no_one() -> None:
    with book() as opened:
        about = case(opened)
        deliver(opened, [notice(case=about.id)], [Told()], channel="told")
        (row,) = opened.facts("delivery").rows()
        text = repr(row)
    assert {name: row[name] for name in ("case_id", "channel", "kind", "status", "tries", "requested_at")} == {
        "case_id": about.id,
        "channel": "told",
        "kind": "hearing",
        "status": "taken",
        "tries": 1,
        "requested_at": NOW,
    }
    assert not any(secret in text for secret in ("孙某", "sun@", "调解会", "周五"))


def test_address_and_words_stand_in_no_body_of_the_journal_and_in_no_repr() -> None:
    with book() as opened:
        delivery = Outbox(opened).request(notice(), channel="told")
        bodies = [entry.body for entry in opened.store.entries(delivery.id)]
        text = "".join(bodies) + repr(delivery) + repr(delivery.events)
    assert not any(secret in text for secret in ("孙某", "sun@", "调解会", "周五"))


def test_the_journal_and_the_facts_verify_whatever_became_of_the_notices() -> None:
    with book() as opened:
        kinds = (Told(), Told("no", failing(ChannelRefused("no"))), Told("later", failing(ChannelUnavailable("later"))))
        for channel in kinds:
            deliver(opened, [notice()], [channel], channel=channel.name)
        assert [str(row["status"]) for row in opened.facts("delivery").rows()] == ["taken", "refused", "waiting"]
        assert opened.verify().findings == ()


def test_a_delivery_can_be_seen_as_it_was() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        outbox.request(notice(), channel="told")
        outbox.run([Told()], now=NOW + MINUTE)
        found = outbox.find("told", "hearing-1")
        assert found is not None
        before = found.valid_at(NOW)
        assert before is not None and before.status is DeliveryStatus.WAITING
        assert found.valid_at(NOW - MINUTE) is None
        (row,) = opened.facts("delivery", valid_at=NOW).rows()
        assert row["status"] == "waiting"


# ---- failing by class


def test_what_a_channel_refuses_is_not_tried_again() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        outbox.request(notice(), channel="told")
        assert outbox.run([Told(fault=failing(ChannelRefused("too long")))]) == Summary(refused=1)
        assert outbox.run([channel := Told()], now=NOW + dt.timedelta(days=365)) == Summary()
        assert (channel.sent, status(opened)) == ([], "refused")


def test_what_a_channel_cannot_take_now_is_tried_again_when_its_time_comes() -> None:
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        outbox.request(notice(), channel="told")
        assert outbox.run([Told(fault=failing(ChannelUnavailable("busy")))], now=NOW) == Summary(failed=1)
        assert outbox.run([channel], now=NOW + MINUTE - dt.timedelta(microseconds=1)) == Summary()
        assert outbox.run([channel], now=NOW + MINUTE) == Summary(taken=1)
        assert channel.sent == [notice()]


def test_a_channel_that_breaks_its_contract_is_named_and_its_notice_kept() -> None:
    """The finding holds the class of the error and not its text, which may name someone."""
    with book() as opened:
        outbox = Outbox(opened)
        for key in ("a", "b"):
            outbox.request(notice(key), channel="told")
        summary = outbox.run([Told(fault=failing(KeyError("孙某")))])
        assert summary.failed == 2
        (finding,) = summary.findings
        assert finding.code == "channel.fault" and "'told'" in finding.message and "KeyError" in finding.message
        assert "孙某" not in repr(summary)
        assert outbox.run([Told()], now=NOW + MINUTE).taken == 2


@pytest.mark.parametrize("receipt", [None, Receipt(dedupe_key="another")])
def test_without_a_receipt_of_this_notice_it_does_not_count_as_taken(receipt: Any) -> None:
    class Silent(Told):
        def send(self, notice: Notice) -> Receipt:
            answer: Receipt = receipt
            return answer

    with book() as opened:
        assert deliver(opened, [notice()], [Silent()], channel="told").failed == 1


def test_a_number_that_cannot_be_kept_does_not_send_the_notice_again() -> None:
    class Odd(Told):
        def send(self, notice: Notice) -> Receipt:
            return Receipt(dedupe_key=notice.dedupe_key, reference="\x00" * 300)

    with book() as opened:
        assert deliver(opened, [notice()], [Odd()], channel="told").taken == 1


def test_one_channel_that_fails_keeps_no_other_from_its_notices() -> None:
    with book() as opened:
        outbox, good = Outbox(opened), Told("good")
        for key in ("a", "b", "c"):
            outbox.request(notice(key), channel="told")
            outbox.request(notice(key), channel="good")
        summary = outbox.run([Told(fault=failing(OSError())), good])
        assert (summary.taken, summary.failed) == (3, 3)


def test_a_channel_that_is_not_there_is_told_and_its_notices_wait() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        outbox.request(notice(), channel="told")
        (finding,) = outbox.run([]).findings
        assert finding.code == "channel.missing" and "'told'" in finding.message
        assert outbox.run([Told()]).taken == 1


def test_two_channels_of_one_name_are_refused() -> None:
    with book() as opened, pytest.raises(InvalidValue, match="told"):
        Outbox(opened).run([Told(), Told()])


@given(st.integers(min_value=1, max_value=10_000))
def test_waiting_grows_and_never_passes_six_hours(tries: int) -> None:
    assert MINUTE <= backoff(tries) <= backoff(tries + 1) <= dt.timedelta(hours=6)


def test_waiting_begins_with_a_minute_and_doubles() -> None:
    assert [backoff(tries) / MINUTE for tries in (1, 2, 3)] == [1, 2, 4]


# ---- at least once


class Killed(BaseException):
    """The program dies."""


def die(notice: Notice) -> None:
    raise Killed


def test_a_runner_that_dies_after_the_sending_sends_again_with_the_same_key() -> None:
    class Dies(Told):
        def send(self, notice: Notice) -> Receipt:
            super().send(notice)
            raise Killed

    with book() as opened:
        outbox, dead, alive = Outbox(opened), Dies(), Told()
        outbox.request(notice(), channel="told")
        with pytest.raises(Killed):
            outbox.run([dead], now=NOW)
        assert outbox.run([alive], now=NOW + 9 * MINUTE) == Summary()
        assert outbox.run([alive], now=NOW + 10 * MINUTE) == Summary(taken=1)
        assert dead.sent == alive.sent == [notice()]


def test_a_book_that_fails_after_the_sending_sends_again_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        outbox.request(notice(), channel="told")
        save = opened.save

        def fails(matter: Delivery) -> Delivery:
            if matter.status is DeliveryStatus.TAKEN:
                raise StoreUnavailable("planted")
            return save(matter)

        with monkeypatch.context() as patch:
            patch.setattr(opened, "save", fails)
            with pytest.raises(StoreUnavailable):
                outbox.run([channel], now=NOW)
        again = outbox.run([channel], now=NOW + 10 * MINUTE)
        assert (again.taken, again.duplicates) == (1, 1)
        assert [each.dedupe_key for each in channel.sent] == ["hearing-1", "hearing-1"]


def test_a_runner_that_dies_before_the_sending_loses_nothing() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        outbox.request(notice(), channel="told")
        with pytest.raises(Killed):
            outbox.run([Told(fault=die)], now=NOW)
        assert outbox.run([Told()], now=NOW + 10 * MINUTE).taken == 1


def test_the_control_a_runner_that_records_first_loses_the_notice_with_its_life() -> None:
    """What "at most once" would do: the same crash, and nobody sends any more."""
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        asked = outbox.request(notice(), channel="told")
        claimed = asked.trying(at=asked.requested, by="x", until=asked.requested)
        opened.save(claimed.taken(at=asked.requested, by="x"))
        assert outbox.run([channel], now=NOW + dt.timedelta(days=1)) == Summary()
        assert channel.sent == []


# ---- two runners


def test_what_one_runner_has_in_hand_another_leaves_alone() -> None:
    with book() as opened:
        outbox, other = Outbox(opened), Told()
        seen: list[Summary] = []
        outbox.request(notice(), channel="told")
        first = Told(fault=lambda notice: seen.append(Outbox(opened).run([other], now=NOW)))
        assert outbox.run([first], now=NOW).taken == 1
        assert (seen, other.sent) == ([Summary()], [])


def test_of_two_who_read_the_same_notice_only_one_sends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second runs, whole, between the reading of the first and its claim."""
    with book() as opened:
        outbox, first, second = Outbox(opened), Told(), Told()
        stale = outbox.request(notice(), channel="told")
        assert Outbox(opened).run([second], now=NOW).taken == 1
        monkeypatch.setattr(outbox, "due", lambda now: iter([stale]))
        assert outbox.run([first], now=NOW) == Summary(left=1)
        assert (len(first.sent), len(second.sent)) == (0, 1)


def test_runners_in_many_threads_send_each_notice_once() -> None:
    with book() as opened:
        keys = {f"k{number}" for number in range(20)}
        for key in keys:
            Outbox(opened).request(notice(key), channel="told")
        channel = Told()
        threads = [threading.Thread(target=lambda: Outbox(opened).run([channel], now=NOW)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(each.dedupe_key for each in channel.sent) == sorted(keys)


def test_a_channel_slower_than_the_claim_may_send_twice_and_the_first_record_stands() -> None:
    """The limit of the promise, said aloud."""
    with book() as opened:
        outbox, other = Outbox(opened), Told()
        outbox.request(notice(), channel="told")
        slow = Told(fault=lambda notice: Outbox(opened).run([other], now=NOW + 10 * MINUTE))
        assert outbox.run([slow], now=NOW) == Summary(left=1)
        assert slow.sent == other.sent == [notice()]
        assert status(opened) == "taken"


# ---- the rest


@pytest.mark.parametrize(("limit", "sent"), [(0, 0), (2, 2), (9, 3), (None, 3)])
def test_a_run_tries_at_most_so_many(limit: int | None, sent: int) -> None:
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        for key in ("a", "b", "c"):
            outbox.request(notice(key), channel="told")
        assert outbox.run([channel], limit=limit).taken == len(channel.sent) == sent


def test_the_longest_due_goes_first() -> None:
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        for minutes, key in ((2, "second"), (1, "first"), (3, "third")):
            outbox.request(notice(key), channel="told", not_before=NOW + minutes * MINUTE)
        outbox.run([channel], now=NOW + 5 * MINUTE)
        assert [each.dedupe_key for each in channel.sent] == ["first", "second", "third"]


def test_more_notices_than_a_page_are_all_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community_mediation.deliveries.outbox._PAGE", 2)
    with book() as opened:
        outbox, channel = Outbox(opened), Told()
        for number in range(7):
            outbox.request(notice(f"k{number}"), channel="told")
        assert outbox.run([channel]).taken == 7


@pytest.mark.parametrize("wrong", [-1, True, 1.5])
def test_a_limit_that_is_none_is_refused(wrong: Any) -> None:
    with book() as opened, pytest.raises(InvalidQuery):
        Outbox(opened).run([], limit=wrong)


def test_a_moment_without_its_zone_is_refused() -> None:
    with book() as opened, pytest.raises(InvalidQuery):
        Outbox(opened).run([], now=NOW.replace(tzinfo=None))


def test_channels_may_come_by_name() -> None:
    with book() as opened:
        outbox = Outbox(opened)
        outbox.request(notice(), channel="told")
        channel: Channel = Told()
        assert outbox.run({"told": channel}).taken == 1
