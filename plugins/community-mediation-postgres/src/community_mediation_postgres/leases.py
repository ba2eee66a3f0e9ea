"""Leases in PostgreSQL: each key has a row, and its lock is whose turn it is. Commits are not waited for."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

from community_mediation.ports import Lease
from community_mediation.stores.kit import wait_until
from community_mediation_postgres.errors import the_one
from community_mediation_postgres.session import Session

TICK: Final = dt.timedelta(microseconds=1)


def take_lease(session: Session, schema: str, name: str, key: str, ttl: dt.timedelta, now: dt.datetime) -> Lease | None:
    """Give *name* the work, unless another name has it."""
    salt = _salt(session, schema)
    worker, work = _digest(salt, name), _digest(salt, key)
    token, other, until, microseconds = _locked(session, schema, work, worker, now)
    # A row without a token was made just now, or by whoever died before it was given out.
    wait = wait_until(now, _in_utc(until), microseconds * TICK) if token else None
    if wait is not None and bytes(other) != worker:
        session.run(f"UPDATE {schema}.lease SET until = %s WHERE work = %s", (wait, work))
        return None
    end = now + ttl
    # The token is drawn when the row is locked: a lower one cannot be given out later.
    token = session.value(
        f"UPDATE {schema}.lease SET worker = %s, token = nextval('{schema}.lease_token'), until = %s, "
        "microseconds = %s WHERE work = %s RETURNING token",
        (worker, end, ttl // TICK, work),
    )
    return Lease(name, key, token, end)


def give_back(session: Session, schema: str, lease: Lease, now: dt.datetime) -> bool:
    """Give a lease back; whether it was still held."""
    work = _digest(_salt(session, schema), lease.key)
    until = session.value(
        f"DELETE FROM {schema}.lease WHERE work = %s AND token = %s RETURNING until AT TIME ZONE 'UTC'",
        (work, lease.token),
    )
    return until is not None and now < _in_utc(until)


def _locked(
    session: Session, schema: str, work: bytes, worker: bytes, now: dt.datetime
) -> tuple[int, bytes, dt.datetime, int]:
    while True:
        session.run(
            f"INSERT INTO {schema}.lease VALUES (%s, %s, 0, %s, 0) ON CONFLICT (work) DO NOTHING", (work, worker, now)
        )
        found = session.row(
            "SELECT token, worker, until AT TIME ZONE 'UTC', microseconds "
            f"FROM {schema}.lease WHERE work = %s FOR UPDATE",
            (work,),
        )
        # It may have been given back in between.
        if found is not None:
            return found


def _in_utc(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC)


def _salt(session: Session, schema: str) -> bytes:
    (salt,) = the_one(session.rows(f"SELECT salt FROM {schema}.store"))
    return bytes(salt)


def _digest(salt: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16, key=salt).digest()
