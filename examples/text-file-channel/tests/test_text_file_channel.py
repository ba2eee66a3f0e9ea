"""The channel keeps the laws; and what only a file can suffer."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from text_file_channel import mediation_channels
from text_file_channel.channel import TextFileChannel, read

from community_mediation.errors import ChannelUnavailable
from community_mediation.ports import Channel, Notice
from community_mediation.testing import Arrived, ChannelConformance


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notices.txt"


class TestConformance(ChannelConformance):
    """All laws, with an address that is refused and a folder that is not there."""

    @pytest.fixture
    def channel(self, path: Path) -> Channel:
        return TextFileChannel(path)

    @pytest.fixture
    def good_address(self) -> str:
        return "+1-202-555-0143"

    @pytest.fixture
    def bad_address(self) -> str | None:
        return "two words"

    @pytest.fixture
    def delivered(self, path: Path) -> Callable[[], Sequence[Arrived]]:
        return lambda: [Arrived(notice.to, notice.subject, notice.body) for _, notice in read(path)]

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> Channel | None:
        return TextFileChannel(tmp_path / "no" / "such" / "folder.txt")


def notice(key: str, body: str = "The hearing begins at nine.") -> Notice:
    return Notice(dedupe_key=key, kind="hearing", to="+1-202-555-0143", subject="Hearing", body=body)


def test_the_file_can_be_read_by_anyone(path: Path) -> None:
    TextFileChannel(path).send(notice("case-1/hearing"))
    assert path.read_text("utf-8") == (
        "== case-1/hearing\nTo: +1-202-555-0143\nSubject: Hearing\n    The hearing begins at nine.\n==\n"
    )


def test_a_key_is_recognised_after_a_restart(path: Path) -> None:
    """It is the file that remembers."""
    assert not TextFileChannel(path).send(notice("k1")).duplicate
    assert TextFileChannel(path).send(notice("k1")).duplicate


def test_words_that_look_like_the_end_do_not_end_a_notice(path: Path) -> None:
    """Nor do they begin another."""
    channel = TextFileChannel(path)
    channel.send(notice("k1", body="==\n== k2\nTo: nobody"))
    assert not channel.send(notice("k2")).duplicate
    assert [found.dedupe_key for _, found in read(path)] == ["k1", "k2"]


@pytest.mark.parametrize("kept", [1, 20, 60])
def test_a_notice_that_was_cut_off_comes_again(path: Path, kept: int) -> None:
    """And is then there once, and whole."""
    channel = TextFileChannel(path)
    channel.send(notice("k1"))
    size = path.stat().st_size
    channel.send(notice("k2"))
    os.truncate(path, size + kept)
    assert not channel.send(notice("k2")).duplicate
    assert [found.dedupe_key for _, found in read(path)] == ["k1", "k2"]


def test_a_full_disk_is_told_without_the_path(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice is tried again later."""

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ChannelUnavailable) as caught:
            TextFileChannel(path).send(notice("k1"))
    assert str(path) not in str(caught.value)


def test_the_plugin_brings_the_channel_that_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And none where no file is named; making it writes nothing."""
    monkeypatch.delenv("TEXT_FILE_CHANNEL", raising=False)
    assert mediation_channels() == []
    monkeypatch.setenv("TEXT_FILE_CHANNEL", str(path))
    (channel,) = mediation_channels()
    assert (channel.name, path.exists()) == ("text-file", False)
