"""A casebook names its own weaknesses, each when it is there and only then."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import sqlite3
from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.ports import Severity
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_health import State, filesystem_of, judge
from community_mediation.testing.stores.gardens import NOON, HandClock, change

SOUND = State(
    sqlite=(3, 51, 3),
    journal_mode="wal",
    synchronous=2,
    recorded_at=NOON,
    now=NOON,
    private_parts=False,
    filesystem="ext4",
)


def codes(state: State) -> list[str]:
    return [finding.code for finding in judge(state)]


def test_a_sound_casebook_has_no_findings() -> None:
    """Nothing is said where nothing is to do."""
    assert codes(SOUND) == []
    assert codes(attrs.evolve(SOUND, recorded_at=None, synchronous=None, filesystem=None)) == []


@pytest.mark.parametrize(
    ("weak", "code", "strong"),
    [
        ({"sqlite": (3, 51, 2)}, "sqlite-old", {"sqlite": (3, 52, 0)}),
        ({"synchronous": 1}, "not-durable", {"synchronous": 3}),
        ({"journal_mode": "delete"}, "no-log", {"journal_mode": "wal"}),
        (
            {"recorded_at": NOON + dt.timedelta(1, 1)},
            "clock-jump",
            {"recorded_at": NOON + dt.timedelta(1)},
        ),
        ({"filesystem": "nfs4"}, "network-file-system", {"filesystem": "btrfs"}),
        ({"private_parts": True}, "private-unencrypted", {"private_parts": False}),
    ],
)
def test_each_weakness_is_found_and_its_remedy_named(weak: dict[str, Any], code: str, strong: dict[str, Any]) -> None:
    """And is not found just on the other side of its bound."""
    (finding,) = judge(attrs.evolve(SOUND, **weak))
    assert finding.code == code
    assert finding.remedy
    assert codes(attrs.evolve(SOUND, **strong)) == []


def test_an_old_sqlite_without_a_log_is_not_to_blame() -> None:
    """What it may damage is a file with a log."""
    assert codes(attrs.evolve(SOUND, sqlite=(3, 40, 0), journal_mode="delete")) == ["no-log"]


class Hasty(sqlite3.Connection):
    """A connection that does not wait for the disk, whatever it is told."""

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), values)


@pytest.mark.parametrize("factory", [sqlite3.Connection, Hasty])
def test_a_store_looks_at_its_own_settings(tmp_path: Path, factory: type[sqlite3.Connection]) -> None:
    """What its connection is really set to, not what it should be."""
    connect = functools.partial(sqlite3.connect, factory=factory)
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db", connect=connect)) as store:
        found = {finding.code for finding in store.health()}
        assert ("not-durable" in found) is (factory is Hasty)
        assert ("sqlite-old" in found) is (sqlite3.sqlite_version_info < (3, 51, 3))
        assert "no-log" not in found


def test_a_file_that_is_read_as_it_lies_needs_no_log() -> None:
    """A backup in a folder where nothing can be written."""
    assert codes(attrs.evolve(SOUND, journal_mode="delete", immutable=True)) == []


def test_a_store_compares_its_last_entry_with_the_clock(tmp_path: Path) -> None:
    """The clock was set back after it."""
    clock = HandClock()
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db", clock=clock)) as store:
        store.commit([change()])
        assert "clock-jump" not in {finding.code for finding in store.health()}
        clock.now = NOON - dt.timedelta(days=2)
        assert "clock-jump" in {finding.code for finding in store.health()}


def test_private_parts_are_mentioned_once_there_are_any(tmp_path: Path) -> None:
    """And no more once they are erased; in a store for reading only too."""
    path = tmp_path / "book.db"
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert "private-unencrypted" not in {finding.code for finding in store.health()}
        store.commit([change(private={"p": "x"})])
        (finding,) = [finding for finding in store.health() if finding.code == "private-unencrypted"]
        assert finding.severity is Severity.INFO
        with contextlib.closing(SqliteStore.open(path, readonly=True)) as reader:
            assert "private-unencrypted" in {finding.code for finding in reader.health()}
        store.erase("p")
        assert "private-unencrypted" not in {finding.code for finding in store.health()}


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/srv /srv nfs4 rw 0 0
tmpfs /srv/me/tmp tmpfs rw 0 0
share /mnt/my\\040share cifs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/book.db", "ext4"),
        ("/srv/me/book.db", "nfs4"),
        ("/srvs/book.db", "ext4"),
        ("/srv/me/tmp/book.db", "tmpfs"),
        ("/mnt/my share/book.db", "cifs"),
    ],
)
def test_a_file_lies_on_the_innermost_mount(path: str, kind: str) -> None:
    """As the kernel lists them."""
    assert filesystem_of(Path(path), MOUNTS) == kind


def test_where_mounts_are_not_known_nothing_is_said() -> None:
    """An empty list names none."""
    assert filesystem_of(Path("/book.db"), "") is None
