"""A sound channel, and channels with one planted fault each."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

import attrs
import pytest

from community_mediation.errors import ChannelError, ChannelRefused, ChannelUnavailable
from community_mediation.ports import Channel, Notice, Receipt
from community_mediation.testing import Arrived, ChannelConformance

GOOD = "+1-202-555-0143"
BAD = "nobody"


class Box:
    """A channel into a list."""

    name = "box"

    def __init__(self) -> None:
        self.box: list[Arrived] = []
        self.keys: set[str] = set()
        self.lock = threading.Lock()

    def send(self, notice: Notice) -> Receipt:
        self.check(notice)
        with self.lock:
            duplicate = notice.dedupe_key in self.keys
            if not duplicate:
                self.keys.add(notice.dedupe_key)
                self.put(notice)
        return Receipt(dedupe_key=notice.dedupe_key, duplicate=duplicate)

    def check(self, notice: Notice) -> None:
        if notice.to != GOOD:
            raise ChannelRefused("There is no such recipient. Mend the address.")

    def put(self, notice: Notice) -> None:
        self.box.append(Arrived(notice.to, notice.subject, notice.body))


class Forgetful(Box):
    """At least once, and honest about it: no fault."""

    def send(self, notice: Notice) -> Receipt:
        self.keys.clear()
        return super().send(notice)


class Dropping(Box):
    def put(self, notice: Notice) -> None:
        pass


class Doubling(Box):
    def put(self, notice: Notice) -> None:
        super().put(notice)
        super().put(notice)


class Lying(Box):
    def send(self, notice: Notice) -> Receipt:
        receipt = super().send(notice)
        if receipt.duplicate:
            self.put(notice)
        return receipt


class ByWords(Box):
    def send(self, notice: Notice) -> Receipt:
        receipt = super().send(attrs.evolve(notice, dedupe_key=notice.body))
        return attrs.evolve(receipt, dedupe_key=notice.dedupe_key)


class Stripping(Box):
    def put(self, notice: Notice) -> None:
        super().put(attrs.evolve(notice, body=" ".join(notice.body.split())))


class Misnaming(Box):
    def send(self, notice: Notice) -> Receipt:
        return attrs.evolve(super().send(notice), dedupe_key="")


class Quoting(Box):
    def check(self, notice: Notice) -> None:
        if notice.to != GOOD:
            raise ChannelRefused(f"There is no {notice.to}.")


class Bare(Box):
    """Raises the root of its errors, which says neither refused nor unavailable."""

    def check(self, notice: Notice) -> None:
        if notice.to != GOOD:
            raise ChannelError("no")


class Encoding(Box):
    def put(self, notice: Notice) -> None:
        notice.body.encode()
        super().put(notice)


class Mixing(Box):
    """Keeps what it sends in one place for all threads."""

    def send(self, notice: Notice) -> Receipt:
        self.check(notice)
        self.current = notice
        threading.Event().wait(0.002)
        self.put(self.current)
        return Receipt(dedupe_key=notice.dedupe_key)


class Racing(Box):
    """Looks whether it knows the key, and writes it down later."""

    def send(self, notice: Notice) -> Receipt:
        self.check(notice)
        duplicate = notice.dedupe_key in self.keys
        threading.Event().wait(0.002)
        self.put(notice)
        with self.lock:
            duplicate = duplicate or notice.dedupe_key in self.keys
            self.keys.add(notice.dedupe_key)
        return Receipt(dedupe_key=notice.dedupe_key, duplicate=duplicate)


class Chatty(Box):
    def put(self, notice: Notice) -> None:
        logging.getLogger("box").debug("to %s", notice.to)
        super().put(notice)


class Nameless(Box):
    name = "my box"


class Sound(ChannelConformance):
    kind: type[Box] = Box

    @pytest.fixture
    def channel(self) -> Channel:
        return self.kind()

    @pytest.fixture
    def good_address(self) -> str:
        return GOOD

    @pytest.fixture
    def bad_address(self) -> str | None:
        return BAD

    @pytest.fixture
    def delivered(self, channel: Box) -> Callable[[], Sequence[Arrived]]:
        return lambda: channel.box

    @pytest.fixture
    def unreachable(self) -> Channel | None:
        class Away(Box):
            def put(self, notice: Notice) -> None:
                raise ChannelUnavailable("The other end is not there. It is tried again.")

        return Away()


class TestSound(Sound):
    pass


class TestForgetful(Sound):
    kind = Forgetful


class TestDropping(Sound):
    kind = Dropping


class TestDoubling(Sound):
    kind = Doubling


class TestLying(Sound):
    kind = Lying


class TestByWords(Sound):
    kind = ByWords


class TestStripping(Sound):
    kind = Stripping


class TestMisnaming(Sound):
    kind = Misnaming


class TestQuoting(Sound):
    kind = Quoting


class TestBare(Sound):
    kind = Bare


class TestEncoding(Sound):
    kind = Encoding


class TestMixing(Sound):
    kind = Mixing


class TestRacing(Sound):
    kind = Racing


class TestChatty(Sound):
    kind = Chatty


class TestNameless(Sound):
    kind = Nameless


class TestRawAway(Sound):
    @pytest.fixture
    def unreachable(self) -> Channel | None:
        class Away(Box):
            def put(self, notice: Notice) -> None:
                raise ConnectionRefusedError

        return Away()


class TestWithoutMore(Sound):
    """Gives what it must, and not what it may."""

    @pytest.fixture
    def bad_address(self) -> str | None:
        return None

    @pytest.fixture
    def unreachable(self) -> Channel | None:
        return None


class TestNothing(ChannelConformance):
    """Gives nothing."""
