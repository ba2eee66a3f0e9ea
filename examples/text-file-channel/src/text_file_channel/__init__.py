"""Notices into a text file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from community_mediation import hookimpl

if TYPE_CHECKING:
    from community_mediation.ports import Channel

HOOK_API = 1


@hookimpl
def mediation_channels() -> Sequence[Channel]:
    """One channel, into the file that ``TEXT_FILE_CHANNEL`` names; without it, no channel."""
    from text_file_channel.channel import TextFileChannel

    path = os.environ.get("TEXT_FILE_CHANNEL")
    return [TextFileChannel(path)] if path else []
