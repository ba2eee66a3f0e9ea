"""The server for tests goes with whoever started it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from community_mediation_postgres.testing import TestServer

PROGRAM = """
import sys
from community_mediation_postgres.testing import TestServer
server = TestServer.start({"fsync": "off"})
print(server.url, server.folder, flush=True)
sys.stdin.read()
"""


def wait_until_gone(folder: Path) -> None:
    for _ in range(600):
        if not folder.exists():
            return
        threading.Event().wait(0.1)
    pytest.fail("the folder of a server whose program is gone is still there")


def test_a_server_whose_program_was_killed_is_stopped_and_deleted() -> None:
    """By what watches its end."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdin is not None
    url, folder = program.stdout.readline().split()
    psycopg.connect(url).close()
    program.kill()
    program.wait()
    program.stdin.close()
    program.stdout.close()
    wait_until_gone(Path(folder))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_server_that_is_removed_leaves_nothing() -> None:
    """And one that was stopped before, as well."""
    server = TestServer.start({"fsync": "off"})
    psycopg.connect(server.url).close()
    server.down()
    server.remove()
    assert not server.folder.exists()


def test_a_server_that_does_not_start_says_why() -> None:
    """With the words of its log; nothing is left of it."""
    with pytest.raises(OSError, match="no_such_setting"):
        TestServer.start({"no_such_setting": "1"})
