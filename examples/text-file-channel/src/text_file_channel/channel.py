"""The channel, and the form of its file: one block a notice, its body indented, so that no word can end it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from community_mediation.errors import ChannelRefused, ChannelUnavailable
from community_mediation.ports import Notice, Receipt

INDENT: Final = "    "
MAX_LENGTH: Final = 200


class TextFileChannel:
    """Appends each notice to a file, once for each key. One program at a time."""

    name: Final = "text-file"

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "TextFileChannel()"

    def send(self, notice: Notice) -> Receipt:
        """Append the notice, unless its key is in the file.

        Raises:
            ChannelRefused: A text cannot stand in the file.
            ChannelUnavailable: The file cannot be read or written now.
        """
        block = written(notice)
        try:
            # The lock is held from looking to writing: two threads with one key must not both find it missing.
            with self._lock:
                size, keys = self._look()
                if notice.dedupe_key in keys:
                    return Receipt(dedupe_key=notice.dedupe_key, duplicate=True)
                with self._path.open("r+b" if self._path.exists() else "xb") as file:
                    # What a crash left half written is overwritten: its notice comes again.
                    file.truncate(size)
                    file.seek(size)
                    file.write(block.encode())
                    file.flush()
                    os.fsync(file.fileno())
        except (OSError, ValueError):
            # ``from None``: the system's own error would name the path.
            raise ChannelUnavailable("The file cannot be read or written now. The notice is tried again.") from None
        return Receipt(dedupe_key=notice.dedupe_key)

    def _look(self) -> tuple[int, set[str]]:
        size, keys = 0, set()
        for end, notice in read(self._path):
            size = end
            keys.add(notice.dedupe_key)
        return size, keys


def written(notice: Notice) -> str:
    """The block of a notice.

    Raises:
        ChannelRefused: A text holds what the file cannot: control characters, line feeds where one line belongs.
    """
    key, to, subject = notice.dedupe_key, notice.to, notice.subject
    if not key.isprintable() or not 0 < len(key) <= MAX_LENGTH or key != key.strip():
        raise ChannelRefused("The key of the notice is no line of 1 to 200 printable characters.")
    if not to.isprintable() or not 0 < len(to) <= MAX_LENGTH or " " in to:
        raise ChannelRefused("The address is no word of 1 to 200 printable characters. Mend it.")
    for text in (subject, notice.body):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ChannelRefused("A text holds half of a character. Mend the template.") from None
        if any((ord(sign) < 32 and sign not in "\t\n") or ord(sign) == 127 for sign in text):
            raise ChannelRefused("A text holds control characters. Mend the template.")
    if "\n" in subject:
        raise ChannelRefused("The subject has more than one line. Mend the template.")
    lines = [
        f"== {key}",
        f"To: {to}",
        f"Subject: {subject}",
        *(INDENT + line for line in notice.body.split("\n")),
        "==",
    ]
    return "\n".join(lines) + "\n"


def read(path: Path) -> Iterator[tuple[int, Notice]]:
    """The whole notices of a file, each with the place where it ends; nothing where there is no file."""
    if not path.exists():
        return
    place, lines = 0, []
    for raw in path.read_bytes().split(b"\n")[:-1]:
        place += len(raw) + 1
        lines.append(raw.decode())
        if lines[-1] == "==":
            key, to, subject, *body, _ = lines
            words = "\n".join(line.removeprefix(INDENT) for line in body)
            yield (
                place,
                Notice(
                    dedupe_key=key.removeprefix("== "),
                    kind="",
                    to=to.removeprefix("To: "),
                    subject=subject.removeprefix("Subject: "),
                    body=words,
                ),
            )
            lines = []
