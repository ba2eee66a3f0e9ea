"""What every notification channel keeps."""

from __future__ import annotations

import collections
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pytest

from community_mediation.errors import ChannelRefused, ChannelUnavailable
from community_mediation.ports import Channel, Notice, Receipt
from community_mediation.testing._missing import missing

SUBJECT: Final = "canary-subject-41c7"
BODY: Final = "canary-body-88e2 孙某"
THREADS: Final = 6

TEXTS: Final = (
    "plain",
    "调解会改到五月十四日上午",
    "שלום עולם",
    "🧓🏽 e\u0301 ﬁ",
    "<b>&amp;</b> {{ x }} %s ${y} \\n",
    "=1+1",
    "From here\n.\n\"quoted\", 'too'; a\tb",
    "two  spaces and an empty line\n\nafter it",
    "From: someone\nBcc: nobody",
    "长" * 2_000,
)
"""Bodies that arrive as they were sent. Beyond tabs and line feeds there are no control characters in a notice:
NUL and its like cannot be carried by mail or XML, and whoever writes notices does not need them."""


class Arrived(NamedTuple):
    """A notice as it came out at the other end."""

    to: str
    subject: str
    body: str


class ChannelConformance:
    """What every channel keeps.

    Inherit it in a class ``Test…`` and give the fixtures ``channel``, ``good_address`` and ``delivered``;
    ``bad_address`` and ``unreachable`` where the channel can tell. Test against an end of your own, such as
    a mail server in the test, never against the real one.
    """

    @pytest.fixture
    def channel(self) -> Channel:
        """The channel, with nothing sent through it yet."""
        raise missing(self, "channel", "the channel, with nothing sent through it yet")

    @pytest.fixture
    def good_address(self) -> str:
        """An address that the channel takes."""
        raise missing(self, "good_address", "an address that the channel takes")

    @pytest.fixture
    def delivered(self) -> Callable[[], Sequence[Arrived]]:
        """Gives what has arrived so far: called after ``send``, and may wait for it."""
        raise missing(self, "delivered", "a function that gives what has arrived so far, as Arrived(to, subject, body)")

    @pytest.fixture
    def bad_address(self) -> str | None:
        """An address that the channel never takes; ``None`` if it cannot tell."""
        return None

    @pytest.fixture
    def unreachable(self) -> Channel | None:
        """A channel whose other end is not there; ``None`` if it has none."""
        return None

    def notice(self, to: str, key: str = "k1", *, subject: str = SUBJECT, body: str = BODY) -> Notice:
        """A notice, as the library makes them."""
        return Notice(dedupe_key=key, kind="hearing", case="case-1", to=to, subject=subject, body=body)

    def test_it_says_its_name(self, channel: Channel) -> None:
        """A word without blanks, the same each time, for settings and the stream of deliveries."""
        assert isinstance(channel, Channel)
        name = channel.name
        assert name and name == channel.name and name.isprintable() and not set(name) & set(" /")

    def test_a_receipt_names_its_notice(self, channel: Channel, good_address: str) -> None:
        """By its key; the first time it is no duplicate."""
        receipt = channel.send(self.notice(good_address, "key-7"))
        assert isinstance(receipt, Receipt)
        assert (receipt.dedupe_key, receipt.duplicate) == ("key-7", False)

    def test_what_was_taken_arrives(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]]
    ) -> None:
        """Once, at the address that it was sent to."""
        channel.send(self.notice(good_address))
        assert list(delivered()) == [Arrived(good_address, SUBJECT, BODY)]

    @pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
    def test_words_arrive_as_they_were_sent(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]], text: str
    ) -> None:
        """Every script, markup and line feed; a subject is one line."""
        subject = " ".join(text.split())[:100]
        channel.send(self.notice(good_address, subject=subject, body=text))
        assert list(delivered()) == [Arrived(good_address, subject, text)]

    def test_a_receipt_says_whether_a_notice_went_out_again(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]]
    ) -> None:
        """As often as it arrives, as often a receipt says that it was no duplicate."""
        receipts = [channel.send(self.notice(good_address)) for _ in range(3)]
        assert len(delivered()) == sum(not receipt.duplicate for receipt in receipts)
        assert {receipt.dedupe_key for receipt in receipts} == {"k1"}

    def test_another_notice_of_the_same_words_is_no_duplicate(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]]
    ) -> None:
        """It is the key that counts."""
        assert not channel.send(self.notice(good_address, "k1")).duplicate
        assert not channel.send(self.notice(good_address, "k2")).duplicate
        assert list(delivered()) == [Arrived(good_address, SUBJECT, BODY)] * 2

    def test_many_threads_may_send_at_once(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]]
    ) -> None:
        """Nothing is lost, doubled or mixed up."""
        receipts: list[Receipt] = []

        def send(thread: int) -> None:
            for number in range(5):
                words = f"{thread}-{number}"
                receipts.append(channel.send(self.notice(good_address, f"k{words}", subject=words, body=words * 50)))

        in_threads(send)
        wanted = {f"{thread}-{number}" for thread in range(THREADS) for number in range(5)}
        assert {receipt.dedupe_key for receipt in receipts} == {f"k{words}" for words in wanted}
        found = collections.Counter(delivered())
        assert found == collections.Counter(Arrived(good_address, words, words * 50) for words in wanted)

    def test_one_notice_from_many_threads_is_told_honestly(
        self, channel: Channel, good_address: str, delivered: Callable[[], Sequence[Arrived]]
    ) -> None:
        """As often as it arrives, as often a receipt says that it was no duplicate."""
        receipts: list[Receipt] = []
        in_threads(lambda thread: receipts.append(channel.send(self.notice(good_address))))
        assert len(delivered()) == sum(not receipt.duplicate for receipt in receipts) >= 1

    def test_a_bad_address_is_refused_for_good(
        self,
        channel: Channel,
        good_address: str,
        bad_address: str | None,
        delivered: Callable[[], Sequence[Arrived]],
    ) -> None:
        """With ``ChannelRefused``, so that it is not tried again; nothing arrives, and the next notice does."""
        if bad_address is None:
            pytest.skip(f"{type(self).__name__} gives no fixture 'bad_address'")
        with pytest.raises(ChannelRefused) as caught:
            channel.send(self.notice(bad_address))
        assert_names_no_one(caught.value, bad_address)
        assert list(delivered()) == []
        assert not channel.send(self.notice(good_address)).duplicate
        assert len(delivered()) == 1

    def test_an_end_that_is_not_there_is_unavailable(self, unreachable: Channel | None, good_address: str) -> None:
        """With ``ChannelUnavailable``, so that the notice is tried again."""
        if unreachable is None:
            pytest.skip(f"{type(self).__name__} gives no fixture 'unreachable'")
        with pytest.raises(ChannelUnavailable) as caught:
            unreachable.send(self.notice(good_address))
        assert_names_no_one(caught.value, good_address)

    @pytest.mark.parametrize(
        "odd",
        [
            {"to": ""},
            {"to": "\0"},
            {"to": "a\nb"},
            {"to": "x" * 100_000},
            {"to": "\ud800"},
            {"subject": "two\nlines"},
            {"subject": "\ud800"},
            {"body": "a\0b"},
            {"body": "\ud800"},
            {"body": "", "subject": ""},
            {"key": "k 1/\n2"},
            {"key": "x" * 5_000},
        ],
        ids=repr,
    )
    def test_a_notice_that_cannot_be_sent_is_told_by_a_typed_error(
        self, channel: Channel, good_address: str, odd: dict[str, str]
    ) -> None:
        """It is taken, refused or unavailable; nothing else comes out, and no words in the error."""
        given = {"to": good_address, "key": "k1", "subject": SUBJECT, "body": BODY, **odd}
        told: BaseException | None = None
        try:
            channel.send(self.notice(given.pop("to"), given.pop("key"), **given))
        except (ChannelRefused, ChannelUnavailable) as error:
            told = error
        assert_names_no_one(told, good_address)

    def test_it_keeps_addresses_and_words_to_itself(
        self, channel: Channel, good_address: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """They stand in no receipt, no ``repr`` and no log line."""
        with caplog.at_level(logging.DEBUG):
            receipt = channel.send(self.notice(good_address))
            again = channel.send(self.notice(good_address))
        shown = [repr(receipt), receipt.reference, repr(again), repr(channel), caplog.text]
        for text in shown:
            for secret in (good_address, SUBJECT, BODY):
                assert secret not in text


def in_threads(work: Callable[[int], object]) -> None:
    """Run *work* in several threads that begin together; what one of them raises is raised here."""
    together = threading.Barrier(THREADS)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            together.wait(30)
            work(number)
        except BaseException as error:  # noqa: BLE001 - a thread's exception is the test's to raise
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if any(thread.is_alive() for thread in threads):
        pytest.fail("it hangs when several threads send at once")
    for error in raised:
        raise error


def assert_names_no_one(error: BaseException | None, address: str) -> None:
    """No address and no words in an error, nor in those behind it."""
    while error is not None:
        for text in (str(error), repr(error), repr(error.args)):
            for secret in (address, SUBJECT, BODY):
                assert secret not in text
        error = error.__cause__ or error.__context__
