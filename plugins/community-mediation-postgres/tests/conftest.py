"""One server for all tests of a process, and a schema of its own for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from community_mediation_postgres.testing import TestServer

URL = "COMMUNITY_MEDIATION_POSTGRES_URL"
FAST = {
    # These tests stop no machine, only processes: what the system has taken is there.
    "fsync": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "128MB",
}
MEMORY = "/dev/shm"
NUMBERS = itertools.count()


def with_settings(url: str, **settings: object) -> str:
    """The URL with further parameters."""
    more = "&".join(f"{name}={value}" for name, value in settings.items())
    return f"{url}{'&' if '?' in url else '?'}{more}" if more else url


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A database on a real server: the one that the environment names, or one that is started from a package."""
    named = os.environ.get(URL)
    if named:
        yield named
        return
    try:
        # Most tests make tables and drop them: where files are in memory, that is most of their time.
        server = TestServer.start(FAST, place=MEMORY if os.access(MEMORY, os.W_OK) else None)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
        pytest.fail(f"There is no PostgreSQL server: {URL} is not set, and none could be started: {error!r}")
    try:
        yield server.url
    finally:
        server.remove()


@pytest.fixture
def new_schema(server_url: str) -> Iterator[Callable[[], str]]:
    """Gives the URL of a schema that is not there yet, at each call; it is dropped in the end."""
    names = []

    def fresh() -> str:
        names.append(f"t{os.getpid()}_{next(NUMBERS)}")
        return with_settings(server_url, schema=names[-1], timeout=20, application_name=names[-1])

    yield fresh
    with psycopg.connect(server_url, autocommit=True) as raw:
        for name in names:
            raw.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture
def url(new_schema: Callable[[], str]) -> str:
    """The URL of a schema that is not there yet."""
    return new_schema()


@pytest.fixture
def sql(server_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection beside the store's, to look and to plant."""
    with psycopg.connect(server_url, autocommit=True) as raw:
        yield raw


PROPERTY = "survival figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says a line with what a test counted; the lines stand at the end of a run of all tests."""

    def say(line: str) -> None:
        record_property(PROPERTY, line)
        print(line)  # noqa: T201 - `pytest -rA` shows it beside the test

    return say
