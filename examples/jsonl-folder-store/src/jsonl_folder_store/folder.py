"""The folder and its two files: what is written is written whole, and one program writes at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from community_mediation.errors import (
    NotACasebook,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreTooNew,
    StoreUnavailable,
)
from jsonl_folder_store.lines import Line

VERSION = 1
HEADER = {"jsonl-folder-store": VERSION}
FULL = (errno.ENOSPC, errno.EDQUOT)


def failed(error: OSError) -> NoReturn:
    """Raise what the library calls *error*: callers never see the system's own."""
    # ``from None``: the text of an OSError names paths, and those may name people.
    if error.errno in FULL:
        raise StoreFull("There is no room left for the journal. Nothing was written. Make room.") from None
    raise StoreUnavailable(
        f"The folder cannot be read or written ({errno.errorcode.get(error.errno or 0, 'error')}). "
        "Look at the disk and at who may use it."
    ) from None


class Folder:
    """The folder of one casebook, held by a lock unless it is for reading only."""

    def __init__(self, path: str, *, create: bool, readonly: bool) -> None:
        self._path, self.readonly = Path(path), readonly
        self._journal = self._path / "journal.jsonl"
        self._lock: BinaryIO | None = None
        try:
            self._look(create=create and not readonly)
            if not readonly:
                self._hold()
                self._mend()
        except (OSError, ValueError) as error:
            self.close()
            failed(error if isinstance(error, OSError) else OSError(errno.EINVAL, ""))
        except StoreError:
            self.close()
            raise

    def _look(self, *, create: bool) -> None:
        if self._journal.is_file():
            with self._journal.open("rb") as file:
                first = file.readline()
            # Before anything is written here: what is no journal is not touched. A crash may leave half a header.
            if first.endswith(b"\n") or not line_of(HEADER).startswith(first):
                check_header(first)
            return
        if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
            raise NotACasebook("There is something else at this place. It was not touched. Name an empty folder.")
        if not create:
            raise StoreUnavailable("There is no casebook at this place. Look at the URL, or open it with create=True.")
        self._path.mkdir(parents=False, exist_ok=True)

    def _hold(self) -> None:
        self._lock = (self._path / "lock").open("ab")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreLocked("Another program has the folder open. Close it there, and try again.") from None

    def _mend(self) -> None:
        with self._journal.open("ab+") as file:
            file.seek(0)
            whole = sum(len(line) for line in file if line.endswith(b"\n"))
            if whole < file.tell():
                # A crash cut the last line off: its commit never returned.
                file.truncate(whole)
            if not whole:
                file.write(line_of(HEADER))
            flush(file)
        self._flush_names()

    def lines(self) -> Iterator[tuple[int, Line]]:
        """The lines after the header, each with its number.

        Raises:
            StoreDamaged: A line is no JSON.
            StoreUnavailable: The file cannot be read.
        """
        try:
            with self._journal.open("rb") as file:
                for number, text in enumerate(file, 1):
                    if not text.endswith(b"\n"):
                        return  # being written by another program, while we only read
                    if number == 1:
                        continue
                    line = parsed(text)
                    if line is None:
                        raise StoreDamaged(f"Line {number} of the journal is no JSON. Restore the last good copy.")
                    yield number, line
        except OSError as error:
            failed(error)

    def append(self, line: Line) -> None:
        """Write one line, and return when it would outlive a power cut.

        Raises:
            StoreFull, StoreUnavailable: It was not written; the file is as it was.
        """
        try:
            size = self._journal.stat().st_size
            try:
                with self._journal.open("ab") as file:
                    file.write(line_of(line))
                    flush(file)
            except OSError:
                os.truncate(self._journal, size)
                raise
        except OSError as error:
            failed(error)

    def rewrite(self, lines: Iterable[Line]) -> None:
        """Put other lines in the place of all, or leave them all.

        Raises:
            StoreFull, StoreUnavailable: Nothing was changed.
        """
        new = self._path / "journal.new"
        try:
            try:
                with new.open("wb") as file:
                    file.write(line_of(HEADER))
                    for line in lines:
                        file.write(line_of(line))
                    flush(file)
                os.replace(new, self._journal)
            finally:
                new.unlink(missing_ok=True)
            self._flush_names()
        except OSError as error:
            failed(error)

    def _flush_names(self) -> None:
        # A new file outlives a power cut when its folder has been flushed too.
        handle = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._lock.close()
            self._lock = None


def line_of(line: Line) -> bytes:
    """One line of the file. JSON escapes line feeds, so that a line is a line."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def flush(file: BinaryIO) -> None:
    """Have it on the disk, not in a buffer."""
    file.flush()
    os.fsync(file.fileno())


def parsed(text: bytes) -> Line | None:
    """A line as it was written, or ``None`` if nobody wrote it."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def check_header(text: bytes) -> None:
    """Refuse a file that is something else, or of a later version."""
    version = (parsed(text) or {}).get("jsonl-folder-store")
    if not isinstance(version, int):
        raise NotACasebook("The journal in this folder is something else. It was not touched.")
    if version > VERSION:
        raise StoreTooNew("A later version of jsonl-folder-store wrote this folder. Upgrade it.")
