"""When the server goes away, a program's terminal and log hold nothing that the driver says of a store."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import psycopg_pool
import pytest
from community_mediation_postgres.quiet import POOL, Connection, keep_quiet
from community_mediation_postgres.testing import TestServer

PROGRAM = """
import sys
from community_mediation_postgres import access
from community_mediation_postgres.store import PostgresStore
from community_mediation.errors import StoreUnavailable
from community_mediation.testing.stores.gardens import change
if sys.argv[2] == "loud":
    access.keep_quiet = lambda: None
store = PostgresStore.open(sys.argv[1])
store.commit([change("m1")])
print("ready", flush=True)
sys.stdin.readline()
for use in (store.head, lambda: store.commit([change("m2")])):
    try:
        use()
    except StoreUnavailable:
        print("refused", flush=True)
store.close()
"""
"""Goes on with a book when its server is gone. It sets up no logging: then warnings go to the terminal."""


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server of this module's own, which it may stop."""
    try:
        server = TestServer.start({"fsync": "off", "shared_buffers": "16MB"})
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
        pytest.fail(f"No PostgreSQL server could be started: {error!r}")
    yield server
    server.remove()


def said(server: TestServer, how: str) -> str:
    """What the program writes to its terminal while its server goes away."""
    command = [sys.executable, "-c", PROGRAM, f"{server.url}&schema={how}&timeout=1.5", how]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        server.down()
        try:
            told, errors = program.communicate("\n", timeout=60)
        finally:
            server.up()
    assert (told, program.returncode) == ("refused\n" * 2, 0)
    return errors


def test_nothing_is_on_the_terminal_when_the_server_goes_away(server: TestServer) -> None:
    """The errors that are raised say it."""
    assert said(server, "quiet") == ""


def test_the_driver_left_to_itself_would_be_heard(server: TestServer) -> None:
    """A control: it says where the server is, and who asked."""
    errors = said(server, "loud")
    assert "error connecting" in errors
    assert str(server.folder) in errors


def test_the_other_pools_of_a_program_are_logged_as_before(caplog: pytest.LogCaptureFixture) -> None:
    """Their logger, its level and its handlers are the program's."""
    keep_quiet()
    with (
        psycopg_pool.ConnectionPool(
            "host=127.0.0.1 port=9", name="its own", min_size=0, max_size=1, open=True, timeout=0.5
        ) as pool,
        pytest.raises(psycopg_pool.PoolTimeout),
    ):
        pool.getconn()
    assert "error connecting in 'its own'" in caplog.text


def test_what_is_logged_of_a_connection_of_a_store_is_not_heard(
    server: TestServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether by itself, by its pool's name, or by a pipeline on it; that of a program's own is."""
    keep_quiet()
    logger = logging.getLogger("psycopg")
    with Connection.connect(server.url) as ours, psycopg.connect(server.url) as other, ours.pipeline() as pipeline:
        for named in (ours, pipeline, POOL, other):
            logger.warning("error ignored in %s", named)
    assert [record.args for record in caplog.records] == [(other,)]
