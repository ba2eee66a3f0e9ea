"""What is weak about a casebook in SQLite."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Final

import attrs

from community_mediation.ports import Finding, Severity

SAFE_SQLITE: Final = (3, 51, 3)
"""Earlier ones may, very rarely, damage a file that several connections write through a log."""

JUMP: Final = dt.timedelta(days=1)
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
    """

    sqlite: tuple[int, ...]
    journal_mode: str
    synchronous: int | None
    recorded_at: dt.datetime | None
    now: dt.datetime
    private_parts: bool
    filesystem: str | None


def judge(state: State) -> list[Finding]:
    """The findings."""
    found: list[Finding] = []
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
    if state.journal_mode != "wal":
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
                "Protect file and backups, or seal the private parts.",
            )
        )
    return found


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
