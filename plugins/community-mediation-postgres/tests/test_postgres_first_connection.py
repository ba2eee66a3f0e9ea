"""A first connection that fails is told by its cause, with what to look at, and without what the URL says."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from community_mediation_postgres.address import Address
from community_mediation_postgres.errors import not_reached
from community_mediation_postgres.store import PostgresStore
from community_mediation_postgres.testing import TestServer
from psycopg.conninfo import conninfo_to_dict

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


@pytest.fixture(params=["silent", "unanswering"])
def deaf(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port at which connections are taken and nothing is said, or at which not even that is done."""
    with socket.create_server(("127.0.0.1", 0), backlog=0 if request.param == "unanswering" else 8) as listening:
        port = listening.getsockname()[1]
        with contextlib.ExitStack() as callers:
            for _ in range(4 if request.param == "unanswering" else 0):
                # Nobody takes these, and when there are enough of them the system answers no more.
                caller = callers.enter_context(socket.socket())
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
            yield port


def test_a_server_that_stays_silent_is_waited_for_as_long_as_the_url_says(deaf: int) -> None:
    """In whole seconds, two at least: the driver alone would wait for minutes."""
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        PostgresStore.open(f"postgresql://canary@127.0.0.1:{deaf}/canary?timeout=0.2")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("query", "environment", "seconds"),
    [
        ("", "", 30),
        ("timeout=0.2", "", 2),
        ("timeout=2.5", "", 3),
        ("timeout=5&connect_timeout=60", "", 5),
        ("timeout=60&connect_timeout=5", "", 5),
        ("timeout=5&connect_timeout=0", "", 5),
        ("timeout=5&connect_timeout=-1", "", 5),
        ("", "4", 4),
        ("", "90", 30),
        ("connect_timeout=3", "4", 3),
    ],
)
def test_a_parameter_of_libpq_makes_the_wait_shorter_and_never_longer(
    monkeypatch: pytest.MonkeyPatch, query: str, environment: str, seconds: int
) -> None:
    """In the URL, or else in the environment; its 0 would be no bound at all."""
    monkeypatch.setenv("PGCONNECT_TIMEOUT", environment)
    known = conninfo_to_dict(Address.parse(f"postgresql://db.example/mediation?{query}").conninfo)
    assert known["connect_timeout"] == str(seconds)


@pytest.mark.parametrize("value", ["soon", "nan", "inf"])
def test_a_parameter_of_libpq_that_is_no_number_is_told_as_a_url_that_cannot_be_read(value: str) -> None:
    """Before the server is asked for anything."""
    with pytest.raises(StoreUnavailable, match="libpq cannot read the URL"):
        Address.parse(f"postgresql://db.example/mediation?connect_timeout={value}")


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
