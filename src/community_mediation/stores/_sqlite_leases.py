"""Leases in SQLite, inside the transaction of each."""

from __future__ import annotations

import datetime as dt
import hashlib

from community_mediation.ports import Lease
from community_mediation.stores._sqlite_commit import moment
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import salt_of
from community_mediation.stores.kit.cells import instant_text
from community_mediation.stores.kit.leasing import wait_until

HELD = "SELECT token, worker, until, microseconds FROM lease WHERE work = ?"
TICK = dt.timedelta(microseconds=1)


def take_lease(connection: Connection, name: str, key: str, ttl: dt.timedelta, now: dt.datetime) -> Lease | None:
    """Give *name* the work, unless another name has it."""
    salt = salt_of(connection)
    worker, work = _digest(salt, name), _digest(salt, key)
    held = connection.row(HELD, (work,))
    if held is not None:
        token, other, until, microseconds = held
        wait = wait_until(now, moment(until), microseconds * TICK)
        if wait is not None and other != worker:
            connection.rows("UPDATE lease SET until = ? WHERE token = ?", (instant_text(wait), token))
            return None
        connection.rows("DELETE FROM lease WHERE token = ?", (token,))
    end = now + ttl
    connection.rows(
        "INSERT INTO lease (work, worker, until, microseconds) VALUES (?, ?, ?, ?)",
        (work, worker, instant_text(end), ttl // TICK),
    )
    return Lease(name, key, connection.value("SELECT last_insert_rowid()"), end)


def give_back(connection: Connection, lease: Lease, now: dt.datetime) -> bool:
    """Give a lease back; whether it was still held."""
    work = _digest(salt_of(connection), lease.key)
    held = connection.row(f"{HELD} AND token = ?", (work, lease.token))
    if held is None:
        return False
    connection.rows("DELETE FROM lease WHERE token = ?", (lease.token,))
    return now < moment(held[2])


def _digest(salt: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16, key=salt).digest()
