"""What is weak about a server is found, and has a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from community_mediation_postgres.health import SETTINGS, State, judge
from community_mediation_postgres.store import PostgresStore

from community_mediation.testing.stores.gardens import NOON, change

Sql = psycopg.Connection[Any]


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore.open(url)
    store.commit([change("m1", private={"p": "x"})])
    yield store
    store.close()


SOUND = {
    "server_version_num": "180001",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "0",
}


def codes(settings: dict[str, str] | None = None, **more: Any) -> list[str]:
    plain: dict[str, Any] = {
        "settings": {**SOUND, **(settings or {})},
        "version": 1,
        "recorded_at": NOON,
        "now": NOON,
        "private_parts": False,
        "superuser": False,
        "encrypted": True,
        "dead_rows": 0,
    }
    found = judge(State(**{**plain, **more}))
    assert all(finding.remedy for finding in found)
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("settings", "more", "wanted"),
    [
        ({}, {}, []),
        ({"fsync": "off"}, {}, ["fsync-off"]),
        ({"full_page_writes": "off"}, {}, ["full-page-writes-off"]),
        ({"synchronous_commit": "off"}, {}, ["synchronous-commit-off"]),
        ({"data_checksums": "off"}, {}, ["data-checksums-off"]),
        ({"server_version_num": "130004"}, {}, ["postgres-old"]),
        ({"log_statement": "all"}, {}, ["values-in-log"]),
        ({"log_statement": "all", "log_parameter_max_length": "0"}, {}, []),
        ({"log_statement": "ddl"}, {}, []),
        ({"log_min_duration_statement": "0"}, {}, ["values-in-log"]),
        ({"log_parameter_max_length_on_error": "-1"}, {}, ["values-in-log"]),
        ({}, {"superuser": True}, ["superuser"]),
        ({}, {"encrypted": False}, ["connection-unencrypted"]),
        ({}, {"dead_rows": 10**6}, ["dead-rows"]),
        ({}, {"version": 0}, ["old-tables"]),
        ({}, {"recorded_at": NOON.replace(year=2030)}, ["clock-jump"]),
        ({}, {"recorded_at": None}, []),
        ({}, {"private_parts": True}, ["private-unencrypted"]),
    ],
)
def test_each_weakness_is_found(settings: dict[str, str], more: dict[str, Any], wanted: list[str]) -> None:
    """By itself, with a remedy; a sound server has none."""
    assert codes(settings, **more) == wanted


def test_health_looks_at_the_server(store: PostgresStore, sql: Sql) -> None:
    """What it finds is what the server says of itself."""
    found = {finding.code for finding in store.health()}
    assert "private-unencrypted" in found
    assert ("superuser" in found) == sql.execute(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()[0]  # type: ignore[index]
    settings = dict(sql.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (list(SETTINGS),)))
    assert ("fsync-off" in found) == (settings["fsync"] == "off")
    assert {"server_version_num", "fsync", "full_page_writes"} <= set(settings)
