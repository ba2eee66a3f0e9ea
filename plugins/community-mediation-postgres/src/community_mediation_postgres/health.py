"""What is weak about a casebook in PostgreSQL, and about the server that keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import attrs

from community_mediation.ports import Finding, Severity
from community_mediation_postgres.access import Access
from community_mediation_postgres.address import Address
from community_mediation_postgres.heads import head, head_of
from community_mediation_postgres.schema import VERSION

OLDEST_SUPPORTED: Final = 14
"""The project ends the support of a major version five years after its first release."""

JUMP: Final = dt.timedelta(days=1)
DEAD_ROWS: Final = 100_000

SETTINGS: Final = (
    "server_version_num",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "data_checksums",
    "log_statement",
    "log_min_duration_statement",
    "log_parameter_max_length",
    "log_parameter_max_length_on_error",
    "max_connections",
)


@attrs.frozen(kw_only=True)
class State:
    """What there is to judge.

    Attributes:
        settings: The server's settings by name, those of ``SETTINGS``.
        version: The version of the tables.
        recorded_at: The last entry's time.
        now: The clock.
        private_parts: Whether any private part is kept.
        superuser: Whether the role may do everything on the server.
        encrypted: Whether the connection is, or needs not be since it does not leave the machine.
        dead_rows: How many rows were given up and are not cleaned away yet.
    """

    settings: Mapping[str, str]
    version: int
    recorded_at: dt.datetime | None
    now: dt.datetime
    private_parts: bool
    superuser: bool
    encrypted: bool
    dead_rows: int


def findings(access: Access, address: Address, now: dt.datetime) -> list[Finding]:
    """Look at the book and its server."""
    schema = address.place
    facts = access.of_store(
        f"version, EXISTS (SELECT 1 FROM {schema}.private), "
        "COALESCE((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false), "
        "COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) "
        "OR COALESCE(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true), "
        "COALESCE((SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE schemaname = %s), 0)::bigint",
        (address.schema,),
    )
    version, private_parts, superuser, encrypted, dead_rows = facts
    return judge(
        State(
            settings=dict(
                access.rows("SELECT name, setting FROM pg_settings WHERE name = ANY(%s::text[])", (list(SETTINGS),))
            ),
            version=version,
            recorded_at=head_of(access.rows(head(schema))).recorded_at,
            now=now,
            private_parts=private_parts,
            superuser=superuser,
            encrypted=encrypted,
            dead_rows=dead_rows,
        )
    )


_OFF: Final[Mapping[str, tuple[Severity, str, str]]] = {
    "fsync": (
        Severity.ERROR,
        "A power cut may destroy the whole database: fsync is off.",
        "Set fsync = on and restart. If the server ran without it, check the database after the next crash.",
    ),
    "full_page_writes": (
        Severity.ERROR,
        "A power cut may damage pages beyond repair: full_page_writes is off.",
        "Set full_page_writes = on, unless the disk is known to write whole pages or nothing.",
    ),
    "synchronous_commit": (
        Severity.INFO,
        "The server's default lets commits return before they are on the disk. This store asks for the opposite.",
        "Set synchronous_commit = on, for other programs that write to this server.",
    ),
    "data_checksums": (
        Severity.WARNING,
        "Damage done by the disk is not noticed when it is read: the pages have no checksums.",
        "Stop the server and run pg_checksums --enable.",
    ),
}


def judge(state: State) -> list[Finding]:
    """The findings."""
    settings = state.settings
    found = [
        Finding(f"{name.replace('_', '-')}-off", severity, message, remedy)
        for name, (severity, message, remedy) in _OFF.items()
        if settings.get(name) == "off"
    ]
    major = int(settings.get("server_version_num", "0")) // 10_000
    if 0 < major < OLDEST_SUPPORTED:
        found.append(
            Finding(
                "postgres-old",
                Severity.WARNING,
                f"PostgreSQL {major} gets no corrections any more.",
                f"Upgrade the server to PostgreSQL {OLDEST_SUPPORTED} or later: pg_dump and restore, or pg_upgrade.",
            )
        )
    if _logs_values(settings):
        found.append(
            Finding(
                "values-in-log",
                Severity.WARNING,
                "The server writes the values of statements into its log, and with them private parts.",
                "Set log_parameter_max_length = 0 and log_parameter_max_length_on_error = 0, or log no statements.",
            )
        )
    if state.superuser:
        found.append(
            Finding(
                "superuser",
                Severity.WARNING,
                "The casebook is opened by a superuser, who may do everything on the server.",
                "Make a role of its own that has rights on the casebook's schema only.",
            )
        )
    if not state.encrypted:
        found.append(
            Finding(
                "connection-unencrypted",
                Severity.WARNING,
                "Private parts travel over the network as they are: the connection is not encrypted.",
                "Add sslmode=verify-full to the URL, and give the server a certificate.",
            )
        )
    if state.dead_rows > DEAD_ROWS:
        found.append(
            Finding(
                "dead-rows",
                Severity.INFO,
                f"{state.dead_rows:,} rows that were given up are not cleaned away; what was erased may be among them.",
                "Look whether autovacuum runs, and whether a transaction stays open; or run VACUUM by hand.",
            )
        )
    if state.version < VERSION:
        found.append(
            Finding(
                "old-tables",
                Severity.INFO,
                f"The tables are of version {state.version}; this plugin's are of version {VERSION}.",
                "Make a backup, and open the casebook for writing once.",
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
                "Protect the server's disks, log and backups: by rights, and by disks that encrypt.",
            )
        )
    return found


def _logs_values(settings: Mapping[str, Any]) -> bool:
    statements = settings.get("log_statement") in ("mod", "all") or settings.get("log_min_duration_statement") != "-1"
    return (statements and settings.get("log_parameter_max_length") != "0") or (
        settings.get("log_parameter_max_length_on_error") != "0"
    )
