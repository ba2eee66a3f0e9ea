"""A disk that remembers what was written to it, and what it may look like after the power was cut at any moment.

Until a file is synced, each sector that was written may be on the disk or not, in any order; so may its new length,
and so may its name until its folder is synced. What was synced is there. That is what POSIX promises, and less than
most file systems do.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import apsw
import attrs

SECTOR: Final = 512


@attrs.frozen
class Write:
    """Bytes came to a file."""

    file: int
    offset: int
    data: bytes = attrs.field(repr=False)


@attrs.frozen
class Truncate:
    """A file was shortened, or lengthened by zeros."""

    file: int
    size: int


@attrs.frozen
class Sync:
    """A file was brought to the disk; with *folder*, all names as well."""

    file: int
    folder: bool


@attrs.frozen
class Name:
    """A name was given to a file, or taken away (*file* is ``None``); with *folder*, all names came to the disk."""

    name: str
    file: int | None
    folder: bool = False


@attrs.frozen
class Mark:
    """Something that the program was told: from here on it holds."""

    said: Any


Event = Write | Truncate | Sync | Name | Mark


class Disk(apsw.VFS):
    """Real files in one folder, and a record of all that happens to them.

    The shared index of a log is memory and not recorded.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"recorded-{id(self)}"
        super().__init__(self.name, "unix")
        self.folder = folder
        self.events: list[Event] = []
        self.start: dict[str, bytes] = {}
        self._files: dict[str, int] = {}
        self._count = 0
        for path in sorted(folder.iterdir()):
            self.start[path.name] = path.read_bytes()
            self._take(path.name)

    def _take(self, name: str) -> int:
        self._files[name] = self._count
        self._count += 1
        return self._files[name]

    def mark(self, said: Any) -> None:
        """Note what was said to the program."""
        self.events.append(Mark(said))

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file, and note a new one."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or Path(path).parent != self.folder:
            return apsw.VFSFile("unix", name, flags)  # a temporary file: nobody looks for it after a power cut
        known, is_new = Path(path).name, not os.path.exists(path)
        file = RecordedFile(name, flags, self)
        if is_new:
            self.events.append(Name(known, self._take(known)))
        file.id = self._files[known]
        # As SQLite does on Unix: with the first sync of a journal or log that it might have made, the folder is synced.
        file.folder_too = bool(flags[0] & apsw.SQLITE_OPEN_CREATE) and known.endswith(("-journal", "-wal"))
        return file

    def xDelete(self, path: str, sync_folder: bool) -> None:
        """Delete a file."""
        super().xDelete(path, sync_folder)
        if Path(path).parent == self.folder:
            self.events.append(Name(Path(path).name, None, bool(sync_folder)))


class RecordedFile(apsw.VFSFile):
    """A real file whose changes are noted."""

    id: int
    folder_too: bool

    def __init__(self, name: Any, flags: list[int], disk: Disk) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk

    def xWrite(self, data: Any, offset: int) -> None:
        """Write."""
        super().xWrite(data, offset)
        self._disk.events.append(Write(self.id, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        """Shorten."""
        super().xTruncate(size)
        self._disk.events.append(Truncate(self.id, size))

    def xSync(self, flags: int) -> None:
        """Bring to the disk."""
        super().xSync(flags)
        self._disk.events.append(Sync(self.id, self.folder_too))
        self.folder_too = False


# ---------------------------------------------------------------- images

FATES: Final = ("lost", "kept", "some writes", "some sectors", "torn")


class Platter:
    """What is on the disk for sure, and what may be, after the events that it was shown."""

    def __init__(self, start: dict[str, bytes]) -> None:
        self._files = {number: bytearray(data) for number, data in enumerate(start.values())}
        self._names: dict[str, int | None] = {name: number for number, name in enumerate(start)}
        self._pending: defaultdict[int, list[Write | Truncate]] = defaultdict(list)
        self._pending_names: list[Name] = []

    def show(self, event: Event) -> None:
        """Go on by one event."""
        match event:
            case Write() | Truncate():
                self._pending[event.file].append(event)
            case Sync(file, folder):
                _apply(self._files.setdefault(file, bytearray()), self._pending.pop(file, []))
                if folder:
                    self._settle_names()
            case Name(_, _, folder):
                self._pending_names.append(event)
                if folder:
                    self._settle_names()

    def _settle_names(self) -> None:
        self._names.update({event.name: event.file for event in self._pending_names})
        self._pending_names.clear()

    @property
    def unsettled(self) -> int:
        """How many changes may be there or not."""
        return sum(map(len, self._pending.values())) + len(self._pending_names)

    def image(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found after a power cut."""
        names = dict(self._names)
        later: defaultdict[str, list[int | None]] = defaultdict(list)
        for event in self._pending_names:
            later[event.name].append(event.file)
        for name, files in later.items():
            # The names of a folder reach the disk in any order, the changes of one name in theirs.
            if kept := chance.randrange(len(files) + 1):
                names[name] = files[kept - 1]
        found = {}
        for name, file in names.items():
            if file is not None:
                data = bytearray(self._files.get(file, b""))
                _apply(data, _survivors(self._pending.get(file, ()), chance))
                found[name] = bytes(data)
        return found


def _survivors(pending: Sequence[Write | Truncate], chance: random.Random) -> list[Write | Truncate]:
    """Which parts of what was not synced reach the disk."""
    fate = chance.choice(FATES)
    if fate == "lost" or not pending:
        return []
    if fate == "kept":
        return list(pending)
    if fate == "some writes":
        return [each for each in pending if chance.random() < 0.5]
    # Some were written out in order, one is torn; or every sector has a fate of its own.
    whole = chance.randrange(len(pending)) if fate == "torn" else 0
    behind = pending[whole : whole + 1] if fate == "torn" else pending
    share = chance.choice((0.1, 0.5, 0.9))
    kept = list(pending[:whole])
    for each in behind:
        parts = _sectors(each) if isinstance(each, Write) else [each]
        kept += [part for part in parts if chance.random() < share]
    return kept


def _sectors(write: Write) -> list[Write | Truncate]:
    """A write cut where sectors end."""
    parts: list[Write | Truncate] = []
    at = 0
    while at < len(write.data):
        end = min(len(write.data), at + SECTOR - (write.offset + at) % SECTOR)
        parts.append(Write(write.file, write.offset + at, write.data[at:end]))
        at = end
    return parts


def _apply(data: bytearray, changes: Sequence[Write | Truncate]) -> None:
    for change in changes:
        size = change.size if isinstance(change, Truncate) else change.offset
        if size > len(data):
            data.extend(bytes(size - len(data)))
        if isinstance(change, Truncate):
            del data[size:]
        else:
            data[size : size + len(change.data)] = change.data


def put(image: dict[str, bytes], folder: Path) -> None:
    """Lay an image into a folder, in the place of what is there."""
    for path in folder.iterdir():
        path.unlink()
    for name, data in image.items():
        (folder / name).write_bytes(data)
