"""A disk of which the n-th call fails: once, or from there on for good."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import apsw
import attrs

CALLS: Final = ("read", "write", "truncate", "sync", "size", "lock", "open", "delete", "access")

FULL: Final = {"write": apsw.SQLITE_FULL, "truncate": apsw.SQLITE_FULL, "open": apsw.SQLITE_FULL}
"""What fails on a disk without room, and how; all else goes well."""

BROKEN: Final = {
    "read": apsw.SQLITE_IOERR_READ,
    "write": apsw.SQLITE_IOERR_WRITE,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "size": apsw.SQLITE_IOERR_FSTAT,
    "lock": apsw.SQLITE_IOERR_LOCK,
    "open": apsw.SQLITE_CANTOPEN,
    "delete": apsw.SQLITE_IOERR_DELETE,
    "access": apsw.SQLITE_IOERR_ACCESS,
}
"""What fails on a disk that breaks: every call, in its own way."""

_CLASSES: Final = {
    apsw.SQLITE_FULL: apsw.FullError,
    apsw.SQLITE_IOERR: apsw.IOError,
    apsw.SQLITE_CANTOPEN: apsw.CantOpenError,
}


@attrs.define
class Trouble:
    """When what fails.

    Attributes:
        codes: The calls that may fail, with SQLite's code for it.
        at: The number of the call that fails, counted from 1 among those that may; 0 for none.
        stays: Whether all later ones fail as well.
        calls: How many there were.
        failed: Which failed, and how often.
    """

    codes: dict[str, int]
    at: int = 0
    stays: bool = False
    calls: int = 0
    failed: Counter[str] = attrs.field(factory=Counter)

    def meet(self, call: str) -> None:
        """Count a call, and fail if it is its turn."""
        if call in self.codes:
            self.calls += 1
            if self.at and (self.calls == self.at or (self.stays and self.calls > self.at)):
                self.failed[call] += 1
                code = self.codes[call]
                error = _CLASSES[code & 0xFF](f"planted at {call}")
                vars(error).update(result=code & 0xFF, extendedresult=code)
                raise error


class FailingDisk(apsw.VFS):
    """Real files in one folder, in which ``trouble`` may come up."""

    def __init__(self, folder: Path) -> None:
        self.name = f"failing-{id(self)}"
        super().__init__(self.name, "unix")
        self.folder = folder
        self.trouble = Trouble({})

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file."""
        self.trouble.meet("open")
        return FailingFile(name, flags, self)

    def xDelete(self, path: str, sync_folder: bool) -> None:
        """Delete a file."""
        self.trouble.meet("delete")
        super().xDelete(path, sync_folder)

    def xAccess(self, path: str, flags: int) -> bool:
        """Look whether a file is there."""
        self.trouble.meet("access")
        return super().xAccess(path, flags)


class FailingFile(apsw.VFSFile):
    """A real file in whose calls trouble may come up."""

    def __init__(self, name: Any, flags: list[int], disk: FailingDisk) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk

    def xRead(self, amount: int, offset: int) -> bytes:
        """Read."""
        self._disk.trouble.meet("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:
        """Write."""
        self._disk.trouble.meet("write")
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        """Shorten."""
        self._disk.trouble.meet("truncate")
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        """Bring to the disk."""
        self._disk.trouble.meet("sync")
        super().xSync(flags)

    def xFileSize(self) -> int:
        """Say how long it is."""
        self._disk.trouble.meet("size")
        return super().xFileSize()

    def xLock(self, level: int) -> None:
        """Take a lock."""
        self._disk.trouble.meet("lock")
        super().xLock(level)
