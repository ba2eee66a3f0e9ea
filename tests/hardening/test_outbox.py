"""Channels that misbehave in ways that no channel should, and what a run makes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.deliveries import FolderChannel, Outbox, Summary
from community_mediation.errors import ChannelRefused
from community_mediation.ports import Notice, Receipt

NOW = dt.datetime(2022, 5, 14, 9, 30, tzinfo=dt.UTC)
UNASSIGNED = "99010119900101001"
"""The first 17 digits of an identity number, of an area that is assigned to nobody."""


class Answering:
    """A channel that gives one reference for every notice, or ends the program."""

    name = "answering"

    def __init__(self, reference: str | None) -> None:
        self.reference, self.sent = reference, 0

    def send(self, notice: Notice) -> Receipt:
        self.sent += 1
        if self.reference is None:
            raise SystemExit(1)
        return Receipt(dedupe_key=notice.dedupe_key, reference=self.reference)


def ran(channel: Answering) -> tuple[Summary, list[str | None], str]:
    with open_casebook("memory:", clock=lambda: NOW) as book:
        outbox = Outbox(book)
        asked = [
            outbox.request(Notice(dedupe_key=key, kind="hearing", to="sun@example.org"), channel=channel.name)
            for key in ("one", "two")
        ]
        summary = outbox.run([channel], now=NOW)
        outbox.run([channel], now=NOW + dt.timedelta(seconds=30))
        references = [book.get(each.id).reference for each in asked]
        return summary, references, "".join(entry.body for entry in book.store.log(0, 100))


def test_what_was_sent_is_not_sent_again_because_its_number_may_not_be_kept() -> None:
    channel = Answering(identity_number())
    summary, references, _ = ran(channel)
    assert (summary.taken, channel.sent, references) == (2, 2, [None, None])


def identity_number() -> str:
    """With its check character by ISO 7064 MOD 11-2."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(UNASSIGNED))
    return UNASSIGNED + "10X98765432"[total % 11]


def test_an_address_that_a_channel_gives_as_its_number_is_not_kept_in_public() -> None:
    summary, references, bodies = ran(Answering("to:sun@example.org"))
    assert (summary.taken, references) == (2, [None, None])
    assert "sun@example.org" not in bodies


def test_another_number_of_a_channel_is_kept() -> None:
    assert ran(Answering("no-1"))[1] == ["no-1", "no-1"]


def test_a_channel_that_ends_the_program_does_not_end_the_run() -> None:
    channel = Answering(None)
    summary, _, _ = ran(channel)
    assert (summary.failed, channel.sent) == (2, 2)
    assert [each.code for each in summary.findings] == ["channel.fault"]


def test_an_address_with_comments_in_comments_is_refused(tmp_path: Path) -> None:
    deep = "(" * 5000 + ")" * 5000 + "sun@example.org"
    with pytest.raises(ChannelRefused):
        FolderChannel(tmp_path).send(Notice(dedupe_key="one", kind="hearing", to=deep))
    assert not list(tmp_path.iterdir())
