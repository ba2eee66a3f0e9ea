"""The beginning of transactions, the lock of all commits, and the journal's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from community_mediation.errors import StoreDamaged
from community_mediation.ports import GENESIS, Head

DURABLY: Final = (
    "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END"
)
"""A commit waits for the log to be on the disk, whatever the server's settings say; where they ask for more than that,
such as the answer of a standby, they are left."""


def begin(timeout: float) -> str:
    """Begin a transaction in which no lock is waited for longer than *timeout* seconds.

    Each statement sees what was committed before it: what stands behind the lock is read after the lock is held.
    """
    milliseconds = max(1, round(timeout * 1000))
    return (
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
        f"SELECT {DURABLY}, set_config('lock_timeout', '{milliseconds}', true)"
    )


def lock(schema: str) -> str:
    """Further statements: take the lock that all commits hold to their end, and read the journal's end."""
    return f"; SELECT salt, tables FROM {schema}.store FOR NO KEY UPDATE; {head(schema)}"


def head(schema: str) -> str:
    """The journal's end. Its time is a text: text results know no other zone than the session's."""
    return (
        "SELECT position, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), hash "
        f"FROM {schema}.entry ORDER BY position DESC LIMIT 1"
    )


def head_of(rows: Sequence[tuple[Any, ...]]) -> Head:
    """The rows of ``head`` as a head."""
    if not rows:
        return Head(0, None, GENESIS)
    position, recorded, digest = rows[0]
    try:
        moment = dt.datetime.fromisoformat(recorded).replace(tzinfo=dt.UTC)
    except (ValueError, TypeError):
        pass
    else:
        return Head(position, moment, digest)
    raise StoreDamaged("An entry holds no time where there should be one. Run verify.")
