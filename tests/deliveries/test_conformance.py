"""The built-in channel keeps what every channel keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from community_mediation.deliveries import FolderChannel
from community_mediation.ports import Channel
from community_mediation.testing import Arrived, ChannelConformance


class TestFolderChannel(ChannelConformance):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> Channel:
        return FolderChannel(tmp_path)

    @pytest.fixture
    def good_address(self) -> str:
        return "sun@example.org"

    @pytest.fixture
    def bad_address(self) -> str:
        return "sun@example.org, zhou@example.org"

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> Channel:
        return FolderChannel(tmp_path / "missing")

    @pytest.fixture
    def delivered(self, tmp_path: Path) -> Callable[[], Sequence[Arrived]]:
        def read() -> list[Arrived]:
            return [_arrived(path) for path in sorted(tmp_path.glob("*.eml"))]

        return read


def _arrived(path: Path) -> Arrived:
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(mail, EmailMessage)
    # A mail ends its last line, and its lines in two characters.
    body = mail.get_content().replace("\r\n", "\n").removesuffix("\n")
    return Arrived(str(mail["To"]), str(mail["Subject"]), body)
