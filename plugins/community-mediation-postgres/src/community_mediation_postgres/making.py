"""Opening a casebook: what the schema holds, before anything is written to it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any, Final

import psycopg

from community_mediation.errors import NotACasebook, StoreReadOnly, StoreTooNew, StoreUnavailable
from community_mediation_postgres import schema as tables
from community_mediation_postgres.address import Address
from community_mediation_postgres.errors import FROM_DRIVER, not_reached, the_one
from community_mediation_postgres.heads import begin
from community_mediation_postgres.session import Session

OLDEST_SERVER: Final = 130000
"""PostgreSQL 13: older ones get no corrections any more."""

NOT_ONE: Final = "The schema holds something else than a casebook. It was not touched. Look at ?schema= in the URL."
TOO_NEW: Final = "A later version of community-mediation-postgres wrote the casebook. Upgrade it to open the casebook."
MAKING: Final = 0x434D4442
"""Of the two numbers of the advisory lock, the first: programs that make or migrate a casebook take turns."""


def make_ready(address: Address, *, create: bool, readonly: bool) -> None:
    """Look at the schema, and make the tables or take them to this version: one transaction, or nothing.

    Raises:
        NotACasebook: The schema holds something else; it was not touched.
        StoreTooNew: A later version wrote it; it was not touched.
        StoreDamaged: The table that says what it is does not hold its one row.
        StoreUnavailable: It is not there and not to be made, or the server cannot be reached.
    """
    with _dialled(address) as session:
        _check_server(session)
        version = _version(session, address)
        if version == tables.VERSION:
            return
        if version is None and (readonly or not create):
            raise StoreUnavailable("There is no casebook in this schema. Look at the URL, or let it be created.")
        if readonly:
            raise StoreReadOnly("The casebook's tables are of an earlier version. Open it for writing once.")
        session.several(begin(address.timeout))
        try:
            session.rows("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (MAKING, address.schema))
            # Another program may have done it while this one waited for the lock.
            _bring_up(session, address, _version(session, address))
            session.commit()
        finally:
            session.abandon()


@contextlib.contextmanager
def _dialled(address: Address) -> Iterator[Session]:
    try:
        raw = psycopg.connect(address.conninfo, autocommit=True, prepare_threshold=None)
    except FROM_DRIVER as error:
        problem = not_reached(error)
    else:
        with contextlib.closing(raw):
            yield Session(raw, writing=True)
        return
    raise problem


def _check_server(session: Session) -> None:
    number, encoding = session.rows(
        "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')"
    )[0]
    if number < OLDEST_SERVER:
        raise StoreUnavailable("The server is older than PostgreSQL 13. Upgrade it.")
    if encoding != "UTF8":
        raise StoreUnavailable("The database cannot hold every text: its encoding is not UTF8. Make another one.")


def _version(session: Session, address: Address) -> int | None:
    """The version of the tables; ``None`` where there are none."""
    names: dict[str, Any] = dict(
        session.rows(
            "SELECT c.relname::text, array_agg(a.attname::text) FROM pg_class c JOIN pg_namespace n "
            "ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
            "WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p') GROUP BY c.oid, c.relname",
            (address.schema,),
        )
    )
    if not names:
        return None
    if not {"format", "version"} <= set(names.get("store", ())):
        raise NotACasebook(NOT_ONE)
    found = session.rows(f"SELECT format, version FROM {address.place}.store")
    if [name for name, _ in found] != [tables.FORMAT] and not names.keys() >= tables.OWN_TABLES:
        raise NotACasebook(NOT_ONE)
    named, number = the_one(found)
    if named != tables.FORMAT:
        raise NotACasebook(NOT_ONE)
    version = int(number)
    if version > tables.VERSION:
        raise StoreTooNew(TOO_NEW)
    return version


def _bring_up(session: Session, address: Address, version: int | None) -> None:
    schema = address.place
    if version is None:
        # Asked before it is made: who may not make schemas may still fill one that was made for the book.
        if not session.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", (address.schema,)):
            session.rows(f"CREATE SCHEMA {schema}")
        for statement in tables.TABLES:
            session.rows(statement.format(schema=schema))
        if _can_pack(session):
            for table, column in tables.PACKED:
                session.rows(f"ALTER TABLE {schema}.{table} ALTER {column} SET COMPRESSION {tables.COMPRESSION}")
        session.rows(f"INSERT INTO {schema}.store VALUES (%s, 1, %s, 0, 0)", (tables.FORMAT, secrets.token_bytes(16)))
        version = 1
    for number in range(version + 1, tables.VERSION + 1):
        for statement in tables.MIGRATIONS[number]:
            session.rows(statement.format(schema=schema))
        session.rows(f"UPDATE {schema}.store SET version = %s", (number,))


def _can_pack(session: Session) -> bool:
    return bool(
        session.rows(
            "SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND %s = ANY(enumvals)",
            (tables.COMPRESSION,),
        )
    )
