"""What is weak about a casebook in SQLite."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Final

import attrs

from community_mediation.ports import Finding, Severity
from community_mediation.stores._sqlite_schema import PAGE_SIZE, SCHEMA_VERSION

SAFE_SQLITE: Final = (3, 51, 3)
"""Earlier ones may, very rarely, damage a file that several connections write through a log."""

JUMP: Final = dt.timedelta(days=1)
LONG_LOG: Final = 256 * 2**20
"""Four times the size that a log is cut back to when it has been taken into the file."""

UNUSED: Final = 64 * 2**20
"""Less than so many unused bytes are not worth a word."""

NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"}
)
MOUNTS: Final = Path("/proc/self/mounts")


@attrs.frozen(kw_only=True)
class State:
    """What there is to judge.

    Attributes:
        sqlite: The version of SQLite.
        journal_mode: As SQLite names it.
        synchronous: As SQLite numbers it, or ``None`` if nothing is written.
        recorded_at: The last entry's time.
        now: The clock.
        private_parts: Whether any private part is kept.
        filesystem: The kind of file system, if it is known.
        version: The version of the tables.
        log_bytes: How long the log beside the file is.
        page_bytes: How long a page is.
        pages: How many pages the file has.
        unused_pages: How many of them hold nothing.
        damage_seen: Whether a page could not be read since the casebook was opened.
        immutable: Whether the file is read as it lies, in a folder where nothing can be written.
    """

    sqlite: tuple[int, ...]
    journal_mode: str
    synchronous: int | None
    recorded_at: dt.datetime | None
    now: dt.datetime
    private_parts: bool
    filesystem: str | None
    version: int = SCHEMA_VERSION
    log_bytes: int = 0
    page_bytes: int = PAGE_SIZE
    pages: int = 0
    unused_pages: int = 0
    damage_seen: bool = False
    immutable: bool = False


DAMAGED: Final = Finding(
    "damaged",
    Severity.ERROR,
    "The file has pages that cannot be read.",
    "Stop writing. Let PRAGMA quick_check say how far it goes, restore the last backup, and look at the disk.",
)


def judge(state: State) -> list[Finding]:
    """The findings."""
    found: list[Finding] = [DAMAGED] if state.damage_seen else []
    if state.sqlite < SAFE_SQLITE and state.journal_mode == "wal":
        found.append(
            Finding(
                "sqlite-old",
                Severity.WARNING,
                f"SQLite {'.'.join(map(str, state.sqlite))} can, in rare races, damage a file with several writers.",
                f"Use a Python with SQLite {'.'.join(map(str, SAFE_SQLITE))} or later, or let one program only write.",
            )
        )
    if state.synchronous is not None and state.synchronous < 2:
        found.append(
            Finding(
                "not-durable",
                Severity.ERROR,
                "A power cut may lose changes that were acknowledged: synchronous is not FULL.",
                "Open the casebook without changing synchronous.",
            )
        )
    # What cannot be written needs no log.
    if state.journal_mode != "wal" and not state.immutable:
        found.append(
            Finding(
                "no-log",
                Severity.WARNING,
                f"Readers and writers wait for each other: the journal mode is {state.journal_mode}, not WAL.",
                "Close other programs that use the file and open it again for writing.",
            )
        )
    if state.filesystem in NETWORK:
        found.append(
            Finding(
                "network-file-system",
                Severity.ERROR,
                f"The file lies on a network file system ({state.filesystem}), where locks cannot be relied on.",
                "Move the casebook to a local disk, or use a database server.",
            )
        )
    if state.log_bytes > LONG_LOG:
        found.append(
            Finding(
                "long-log",
                Severity.WARNING,
                f"The log beside the file has {_megabytes(state.log_bytes)}: it was not taken into the file, most "
                "often because a program reads on without an end.",
                "End programs that hold a reading open. The writing that comes next takes the log in.",
            )
        )
    if state.unused_pages * 4 > state.pages and state.unused_pages * state.page_bytes > UNUSED:
        found.append(
            Finding(
                "unused-pages",
                Severity.INFO,
                f"{_megabytes(state.unused_pages * state.page_bytes)} of the file, more than a quarter, hold nothing.",
                "They are used again. To give them back, close all programs, make a backup, and put it in the place "
                "of the file.",
            )
        )
    if state.version < SCHEMA_VERSION:
        found.append(
            Finding(
                "old-tables",
                Severity.INFO,
                f"The tables are of version {state.version}; this library's are of version {SCHEMA_VERSION}.",
                "Make a backup, and open the casebook for writing once. Nothing is lost by reading it as it is.",
            )
        )
    if state.recorded_at is not None and state.recorded_at - state.now > JUMP:
        found.append(
            Finding(
                "clock-jump",
                Severity.WARNING,
                "The last entry was recorded more than a day after what the clock says now.",
                "Set the machine's clock. Order is kept; recorded times follow the last one until the clock passes it.",
            )
        )
    if state.private_parts:
        found.append(
            Finding(
                "private-unencrypted",
                Severity.INFO,
                "The store keeps private parts as they are given to it, and encrypts nothing itself.",
                "Protect the file and its backups: by rights, and by a disk that encrypts.",
            )
        )
    return found


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def filesystem_of(path: Path, mounts: str) -> str | None:
    """The kind of file system that *path* lies on, from the text of the kernel's list of *mounts*."""
    best, kind = "", None
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if (path.is_relative_to(point)) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def filesystem(path: Path) -> str | None:
    """The kind of file system that *path* lies on, where the system says so."""
    try:
        return filesystem_of(Path(os.path.realpath(path)), MOUNTS.read_text(errors="replace"))
    except OSError:
        return None
