"""A first connection that fails is told by its cause, with what to look at, and without what the URL says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from community_mediation_postgres.errors import not_reached
from community_mediation_postgres.store import PostgresStore
from community_mediation_postgres.testing import TestServer

from community_mediation.errors import StoreUnavailable
from community_mediation.testing.stores.helping import CANARY, assert_says_nothing

SECRET = "canary-secret"
HBA = """
local all canary_word scram-sha-256
local all canary_role,canary_nobody,canary_idle,postgres trust
"""


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server of this module's own, which asks one role for a password and knows nothing of another."""
    try:
        server = TestServer.start({"fsync": "off", "shared_buffers": "16MB"})
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
        pytest.fail(f"No PostgreSQL server could be started: {error!r}")
    with psycopg.connect(server.url, autocommit=True) as raw:
        raw.execute(f"CREATE ROLE canary_word LOGIN PASSWORD '{SECRET}'")
        raw.execute("CREATE ROLE canary_idle")
        raw.execute("CREATE ROLE canary_role LOGIN")
        raw.execute("CREATE DATABASE canary_closed")
        raw.execute("REVOKE CONNECT ON DATABASE canary_closed FROM PUBLIC")
    (server.folder / "data" / "pg_hba.conf").write_text(HBA)
    server.down()
    server.up()
    yield server
    server.remove()


@pytest.mark.parametrize(
    ("user", "database", "more", "wanted"),
    [
        ("canary_word:canary-wrong", "postgres", "", "refused the role or its password.*password file"),
        ("canary_word", "postgres", "&passfile=/dev/null", "refused the role or its password.*password file"),
        ("canary_nobody", "postgres", "", "refused the role or its password"),
        ("canary_idle", "postgres", "", "refused the role or its password.*may log in"),
        ("canary_other", "postgres", "", r"refused the role or its password.*pg_hba\.conf"),
        ("canary_role", "canary_none", "", "no such database.*Make it first"),
        ("canary_role", "canary_closed", "", "may not connect to this database.*CONNECT"),
        ("canary_role", "postgres", "&port=9", "cannot be reached.*host and the port"),
        ("canary_role", "postgres", "&hostaddr=127.0.0.1&port=9", "cannot be reached.*host and the port"),
        ("canary_role", "postgres", "&host=canary-host.invalid", "no host of this name"),
    ],
)
def test_each_cause_is_told_with_what_to_look_at(
    server: TestServer, user: str, database: str, more: str, wanted: str
) -> None:
    """By a real server, or by none."""
    host = quote(str(server.folder / "data"), safe="")
    with pytest.raises(StoreUnavailable, match=wanted) as caught:
        PostgresStore.open(f"postgresql://{user}@/{database}?host={host}&connect_timeout=5{more}")
    assert "canary" not in str(caught.value)
    assert str(server.folder) not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_server_that_is_down_cannot_be_reached(server: TestServer) -> None:
    server.down()
    try:
        with pytest.raises(StoreUnavailable, match=r"cannot be reached.*whether the server runs"):
            PostgresStore.open(server.url)
    finally:
        server.up()


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("FATAL:  sorry, too many clients already", "pool_size"),
        ("FATAL:  the database system is starting up", "Try again"),
        ("server does not support SSL, but SSL was required", "sslmode"),
        ("connection timeout expired", "cannot be reached"),
        ("FATAL:  Passwort-Authentifizierung f\xfcr Benutzer fehlgeschlagen", "could not be made.*server's log"),
    ],
)
def test_what_the_server_says_is_searched_and_not_passed_on(said: str, wanted: str) -> None:
    """In a language that is not known here, all that may be the cause is named."""
    told = not_reached(psycopg.OperationalError(f"connection failed: {CANARY} {said}"))
    assert type(told) is StoreUnavailable
    assert_says_nothing(told)
    with pytest.raises(StoreUnavailable, match=wanted):
        raise told
