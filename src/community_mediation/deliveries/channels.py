"""The channel that is built in: notices as mail files in a folder, for any mail program to pick up."""

from __future__ import annotations

import hashlib
import os
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from community_mediation.errors import ChannelRefused, ChannelUnavailable, InvalidInput, StoreError
from community_mediation.files import atomic_file
from community_mediation.ports import Channel, Clock, Notice, Receipt, system_clock

OUTBOX_VARIABLE: Final = "COMMUNITY_MEDIATION_OUTBOX"
"""The environment variable that names the folder of the built-in channel."""

_HEADERS: Final = frozenset(
    {
        "to", "subject", "date", "message-id", "content-language", "x-unsent",
        "mime-version", "content-type", "content-transfer-encoding",
    }
)  # fmt: skip


class FolderChannel:
    """Writes each notice into a folder, as one file of Internet mail (RFC 5322, ``.eml``), whole or not at all.

    The file's name is a digest of the notice's ``dedupe_key``: while it lies there, the same
    notice is recognised and not written again. It is readable by its owner only. The sender is left to the
    mail program that picks it up (``X-Unsent`` opens it as a draft).

    Args:
        folder: An existing folder.
        clock: Gives the date of the mail.
    """

    name: Final = "folder"

    def __init__(self, folder: str | os.PathLike[str], *, clock: Clock = system_clock) -> None:
        self._folder, self._clock = Path(folder), clock

    def __repr__(self) -> str:
        # The folder's path may name whose it is.
        return "FolderChannel()"

    def send(self, notice: Notice) -> Receipt:
        """Write the file.

        Raises:
            ChannelRefused: The address is not that of exactly one mailbox, or a text cannot be mail.
            ChannelUnavailable: The folder is missing, full or closed to us.
        """
        digest = hashlib.sha256(notice.dedupe_key.encode(errors="surrogatepass")).hexdigest()[:40]
        path = self._folder / f"{digest}.eml"
        content = self._mail(notice, digest)
        try:
            with atomic_file(path) as file:
                file.write(content)
        except InvalidInput:
            return Receipt(dedupe_key=notice.dedupe_key, reference=path.name, duplicate=True)
        except StoreError:
            problem = "The folder of the channel 'folder' is missing, full or closed. Make it, or make room."
        else:
            return Receipt(dedupe_key=notice.dedupe_key, reference=path.name)
        raise ChannelUnavailable(problem)

    def _mail(self, notice: Notice, digest: str) -> bytes:
        try:
            mail = EmailMessage(policy=SMTP)
            mail["To"] = notice.to
            mail["Subject"] = " ".join(notice.subject.split())
            mail["Date"] = format_datetime(self._clock())
            mail["Message-ID"] = f"<{digest}@community-mediation.invalid>"
            mail["X-Unsent"] = "1"
            mail.set_content(notice.body)
            mail["Content-Language"] = notice.lang.replace("_", "-")
            content = mail.as_bytes()
            is_sound = _is_sound(content, notice.to)
        except (ValueError, LookupError, TypeError, AttributeError, MessageError, RecursionError):
            # The last, for comments in an address may stand in each other.
            is_sound, content = False, b""
        if not is_sound:
            raise ChannelRefused("The address is not that of one mailbox, or a text cannot be mail. Mend the notice.")
        return content


def _is_sound(content: bytes, to: str) -> bool:
    """Read back as mail, it has the headers that were set, and goes to the one mailbox that was meant."""
    mail = BytesParser(policy=SMTP).parsebytes(content)
    names = [name.lower() for name in mail.keys()]  # noqa: SIM118 - a message is no mapping
    if len(set(names)) != len(names) or not set(names) <= _HEADERS or mail["To"].defects:
        return False
    mailboxes, groups = mail["To"].addresses, mail["To"].groups
    if len(mailboxes) != 1 or len(groups) != 1 or groups[0].display_name is not None:
        return False
    address = mailboxes[0].addr_spec
    # Mail programs that take non-ASCII addresses are rare; names beside the address may hold anything.
    return address.isascii() and address in to and all(address.partition("@")[::2])


def folder_channels() -> list[Channel]:
    """The channel for the folder that ``COMMUNITY_MEDIATION_OUTBOX`` names; none where it is not set."""
    folder = os.environ.get(OUTBOX_VARIABLE, "").strip()
    return [FolderChannel(folder)] if folder else []
