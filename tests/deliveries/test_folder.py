"""The folder channel writes mail that goes to one mailbox, whatever its texts hold."""

from __future__ import annotations

import os
import stat
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community_mediation.deliveries import OUTBOX_VARIABLE, FolderChannel, folder_channels
from community_mediation.errors import ChannelError, ChannelRefused, ChannelUnavailable
from community_mediation.ports import Channel
from tests.deliveries.helpers import NOW, notice


def channel(folder: Path) -> FolderChannel:
    return FolderChannel(folder, clock=lambda: NOW)


def only_mail(folder: Path) -> EmailMessage:
    (path,) = folder.iterdir()
    return read(path.read_bytes())


def read(content: bytes) -> EmailMessage:
    mail = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(mail, EmailMessage)
    return mail


def test_it_is_a_channel(tmp_path: Path) -> None:
    assert isinstance(channel(tmp_path), Channel)


def test_a_notice_lies_there_as_mail_in_any_language(tmp_path: Path) -> None:
    channel(tmp_path).send(notice(lang="zh_CN"))
    mail = only_mail(tmp_path)
    assert (mail["To"], mail["Subject"]) == ("孙某 <sun@example.org>", "调解会")
    assert mail.get_content().splitlines() == ["周五上午九点。"]
    assert mail["Date"].datetime == NOW
    assert mail["Content-Language"] == "zh-CN"


def test_the_file_says_nothing_by_its_name_and_is_for_its_owner_only(tmp_path: Path) -> None:
    channel(tmp_path).send(notice("case-7-for-p1"))
    (path,) = tmp_path.iterdir()
    assert "p1" not in path.name and path.suffix == ".eml"
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_key_again_is_recognised_and_not_written_again(tmp_path: Path) -> None:
    first = channel(tmp_path).send(notice())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    second = channel(tmp_path).send(notice(body="another text"))
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.reference == second.reference
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_key_is_another_file(tmp_path: Path) -> None:
    for key in ("a", "b"):
        channel(tmp_path).send(notice(key))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "to",
    [
        "", "孙某", "nobody", "a@example.org, b@example.org", "a@example.org; b@example.org",
        "a@example.org\nBcc: b@example.org", "a@example.org\r\nBcc: b@example.org", "a@example.org\x00",
        "all: a@example.org;", "李@example.org", "\udce5@example.org", "a@", "@example.org",
    ],
)  # fmt: skip
def test_what_is_not_one_mailbox_is_refused_and_leaves_nothing(tmp_path: Path, to: str) -> None:
    with pytest.raises(ChannelRefused):
        channel(tmp_path).send(notice(to=to))
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_names_no_one(tmp_path: Path) -> None:
    with pytest.raises(ChannelRefused) as caught:
        channel(tmp_path).send(notice(to="孙某 <sun>", subject="secret\ud800", body="secret\ud800"))
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert not any(word in repr(error) for error in chain for word in ("孙某", "sun", "secret"))


anything = st.text(st.characters(), max_size=60)
injected = st.sampled_from(
    ["\nBcc: b@example.org", "\r\nBcc: b@example.org", "\r\n\r\nbody", "\u2028Bcc: x", "\x85Bcc: x", "=?utf-8?q?=0A?="]
)


@settings(max_examples=300)
@given(anything, anything, st.lists(injected, max_size=2), st.text(max_size=10))
@example("", "", ["\nBcc: b@example.org"], "zh\nBcc: b@example.org")
def test_no_text_adds_a_header_or_a_recipient(
    tmp_path_factory: pytest.TempPathFactory, subject: str, body: str, more: list[str], lang: str
) -> None:
    """Either the notice is refused, or the mail has the headers that were meant and goes to the one mailbox."""
    folder = tmp_path_factory.mktemp("mail")
    tail = "".join(more)
    to = f'"{tail}" <sun@example.org>' if tail else "sun@example.org"
    try:
        channel(folder).send(notice(subject=subject + tail, body=body + tail, to=to, lang=lang))
    except ChannelError:
        assert list(folder.iterdir()) == []
        return
    mail = only_mail(folder)
    assert [each.addr_spec for each in mail["To"].addresses] == ["sun@example.org"]
    assert sorted(name.lower() for name in mail.keys()) == [  # noqa: SIM118 - a message is no mapping
        "content-language", "content-transfer-encoding", "content-type", "date", "message-id", "mime-version",
        "subject", "to", "x-unsent",
    ]  # fmt: skip


def test_the_control_mail_put_together_by_hand_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that lets a line end into a header is not believed: what is written is read back first."""
    whole = EmailMessage.as_bytes

    def leaky(self: EmailMessage, *args: object) -> bytes:
        return whole(self).replace(b"Subject:", b"Bcc: b@example.org\r\nSubject:", 1)

    monkeypatch.setattr(EmailMessage, "as_bytes", leaky)
    with pytest.raises(ChannelRefused):
        channel(tmp_path).send(notice())


def test_a_missing_folder_is_not_made_and_the_notice_comes_again(tmp_path: Path) -> None:
    """It may be a disk that is not mounted."""
    with pytest.raises(ChannelUnavailable) as caught:
        channel(tmp_path / "outbox").send(notice())
    assert str(tmp_path) not in str(caught.value)
    assert not (tmp_path / "outbox").exists()


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OUTBOX_VARIABLE, str(tmp_path))
    (found,) = folder_channels()
    found.send(notice())
    assert found.name == "folder" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_it_there_is_no_such_channel(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(OUTBOX_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(OUTBOX_VARIABLE, value)
    assert folder_channels() == []


def test_making_the_channel_touches_nothing(tmp_path: Path) -> None:
    assert repr(FolderChannel(tmp_path / "孙某")) == "FolderChannel()"
    assert list(tmp_path.iterdir()) == []
