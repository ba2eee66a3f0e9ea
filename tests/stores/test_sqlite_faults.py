"""When the disk, another program or SQLite itself gets in the way: typed errors, nothing half done, work goes on."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from community_mediation.errors import (
    InvalidValue,
    MediationError,
    StoreClosed,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
)
from community_mediation.ports import FactsVersion, Key, Lease
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_errors import translate
from community_mediation.testing.stores.gardens import (
    NOON,
    PLOT,
    TOOL,
    HandClock,
    chain_fault,
    change,
    plot,
    ref,
    rows_of,
    tool,
)
from community_mediation.testing.stores.helping import CANARY, assert_says_nothing


class Faulty(sqlite3.Connection):
    """A connection whose n-th statement fails."""

    instances: list[Faulty]
    countdown: list[int]
    failed: list[str]
    code = sqlite3.SQLITE_IOERR

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.instances.append(self)

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        self._count(sql)
        return super().execute(sql, values)

    def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
        self._count(sql)
        return super().executemany(sql, rows)

    def _count(self, sql: str) -> None:
        if self.countdown and not sql.startswith("ROLLBACK"):
            self.countdown[0] -= 1
            if self.countdown[0] == 0:
                self.failed.append(sql)
                error = sqlite3.OperationalError(f"failed at {CANARY}")
                error.sqlite_errorcode, error.sqlite_errorname = self.code, "SQLITE_PLANTED"
                raise error


def faulty_store(path: Path, code: int) -> tuple[SqliteStore, type[Faulty]]:
    faulty = type("Planted", (Faulty,), {"instances": [], "countdown": [], "failed": [], "code": code})
    store = SqliteStore.open(path, clock=HandClock(), connect=functools.partial(sqlite3.connect, factory=faulty))
    store.prepare([PLOT, TOOL])
    return store, faulty


@pytest.mark.parametrize(
    ("code", "error"), [(sqlite3.SQLITE_FULL, StoreFull), (sqlite3.SQLITE_IOERR, StoreUnavailable)]
)
def test_a_commit_that_fails_at_any_statement_changes_nothing(
    tmp_path: Path, code: int, error: type[MediationError]
) -> None:
    """The next one succeeds, and entries, facts and keys agree."""
    store, faulty = faulty_store(tmp_path / "book.db", code)
    store.commit([change("m1", add=[plot(beds=1), tool()], keys=[Key("no", "1")], private={"p": "x"})])
    before = (list(store.log()), rows_of(store), rows_of(store, "tool"))
    batch = [
        change("m1", 1, close=[ref()], add=[plot(beds=2)], keys=[Key("no", "1"), Key("no", "2")]),
        change("m2", add=[plot("m2")], private={"p": "y"}),
    ]
    statements = 0
    while True:
        statements += 1
        faulty.countdown[:] = [statements]
        try:
            store.commit(batch)
        except error as caught:
            assert_says_nothing(caught)
        else:
            break
        faulty.countdown.clear()
        assert (list(store.log()), rows_of(store), rows_of(store, "tool")) == before
        assert store.key("no", "2") is None
    faulty.countdown.clear()
    for part in ("BEGIN", "INTO head", "INTO entry", "INTO private", 'INTO "key"', "UPDATE", "COMMIT"):
        assert any(part in each for each in faulty.failed), part
    assert chain_fault(store.log()) is None
    assert (store.head().position, len(rows_of(store))) == (3, 2)
    store.close()


def test_readings_that_fail_give_their_connection_back(tmp_path: Path) -> None:
    """The next reading works, and closing waits for none."""
    store, faulty = faulty_store(tmp_path / "book.db", sqlite3.SQLITE_IOERR)
    store.commit([change(add=[plot()])])
    for read in (store.head, store.log, store.health, lambda: rows_of(store), lambda: store.find("plot")):
        for statement in range(1, 4):
            faulty.countdown[:] = [statement]
            with pytest.raises(StoreUnavailable) as caught:
                read()
            assert_says_nothing(caught.value)
            faulty.countdown.clear()
            read()
    store.close()


def test_an_opening_that_fails_leaves_no_connection_open(tmp_path: Path) -> None:
    """Whatever statement it fails at; the next opening succeeds."""
    path = tmp_path / "book.db"
    faulty: type[Faulty] = type("Planted", (Faulty,), {"instances": [], "countdown": [], "failed": []})
    connect = functools.partial(sqlite3.connect, factory=faulty)
    failed = 0
    while True:
        faulty.countdown[:] = [failed + 1]
        try:
            SqliteStore.open(path, connect=connect).close()
            break
        except StoreUnavailable:
            failed += 1
        for raw in faulty.instances:
            with pytest.raises(sqlite3.ProgrammingError):
                raw.cursor()
        faulty.instances.clear()
    assert failed > 15
    faulty.countdown.clear()
    SqliteStore.open(path, connect=connect).close()


# A full disk


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[SqliteStore, type[Faulty]]]:
    """A casebook on a disk with room for a few pages more."""
    store, roomy = faulty_store(tmp_path / "book.db", sqlite3.SQLITE_FULL)
    store.commit([change(f"m{number}", add=[plot(f"m{number}")]) for number in range(3)])
    set_room(roomy, 4)
    yield store, roomy
    store.close()


def set_room(connections: type[Faulty], pages: int) -> None:
    for raw in connections.instances:
        with contextlib.suppress(sqlite3.ProgrammingError):
            count = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {count + pages}")


def test_a_full_disk_is_said_and_reading_goes_on(small: tuple[SqliteStore, type[Faulty]]) -> None:
    """Nothing of the commit is left; smaller ones may still find room."""
    store, _ = small
    with pytest.raises(StoreFull):
        store.commit(change(f"n{number}", body="x" * 5000, add=[plot(f"n{number}")]) for number in range(2000))
    assert len(rows_of(store)) == store.head().position == 3
    store.commit([change("m0", 1)])


def test_work_goes_on_when_there_is_room_again(small: tuple[SqliteStore, type[Faulty]]) -> None:
    """Without opening anew."""
    store, roomy = small
    big = [change("big", body="x" * 200_000)]
    with pytest.raises(StoreFull):
        store.commit(big)
    set_room(roomy, 1000)
    assert store.commit(big).first == 4


def test_a_rebuild_that_finds_no_room_keeps_the_facts(small: tuple[SqliteStore, type[Faulty]]) -> None:
    """They are replaced as a whole or not at all."""
    store, _ = small
    with pytest.raises(StoreFull):
        store.replace_facts(FactsVersion(plot("m0", str(number)), 1, None) for number in range(20_000))
    assert len(rows_of(store)) == 3


# Locks


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[SqliteStore]:
    """A casebook that waits for others only a moment."""
    store = SqliteStore.open(tmp_path / "book.db", timeout=0.02)
    store.prepare([PLOT])
    yield store
    store.close()


def test_a_writer_that_waits_too_long_is_told(impatient: SqliteStore, tmp_path: Path) -> None:
    """Another program holds the lock; reading goes on; later, so does writing."""
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (
            lambda: impatient.commit([change()]),
            lambda: impatient.replace_facts([]),
            lambda: impatient.erase("p"),
            lambda: impatient.prepare([PLOT, TOOL]),
            lambda: impatient.lease("ann", "post", dt.timedelta(hours=1)),
        ):
            with pytest.raises(StoreLocked):
                write()
        assert impatient.head().position == 0
        other.execute("ROLLBACK")
    assert impatient.commit([change()]).first == 1


def test_a_second_store_waits_for_the_first(impatient: SqliteStore, tmp_path: Path) -> None:
    """In the same program too."""
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db", timeout=0.02)) as second:

        def batch() -> Iterator[Any]:
            for number in range(501):
                yield change(f"m{number}")
            with pytest.raises(StoreLocked):
                second.commit([change("late")])

        impatient.commit(batch())
        second.commit([change("late")])


def test_opening_a_second_time_lets_go_of_no_lock(impatient: SqliteStore, tmp_path: Path) -> None:
    """POSIX drops a process's locks on a file when it closes any handle of it, so no handle of our own is opened."""

    def batch() -> Iterator[Any]:
        for number in range(501):
            yield change(f"m{number}")
        SqliteStore.open(tmp_path / "book.db", timeout=0.02).close()
        other = sqlite3.connect(tmp_path / "book.db", timeout=0, isolation_level=None)
        with contextlib.closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    impatient.commit(batch())


def test_closing_waits_for_the_commit_of_another_thread(tmp_path: Path) -> None:
    """What was begun is finished; what comes after finds the store closed."""
    store = SqliteStore.open(tmp_path / "book.db")
    closers: list[threading.Thread] = []

    def batch() -> Iterator[Any]:
        for number in range(1200):
            if number == 600:
                closers.append(threading.Thread(target=store.close))
                closers[0].start()
            yield change(f"m{number}")

    assert store.commit(batch()).last == 1200
    closers[0].join()
    with pytest.raises(StoreClosed):
        store.commit([change("late")])
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db", create=False)) as again:
        assert again.head().position == 1200


@pytest.mark.parametrize("another", [False, True])
def test_a_file_that_was_moved_away_is_not_written(impatient: SqliteStore, tmp_path: Path, another: bool) -> None:
    """Nothing is acknowledged that would be lost with it, also when another file lies in its place."""
    (tmp_path / "book.db").rename(tmp_path / "elsewhere.db")
    if another:
        (tmp_path / "book.db").touch()
    for write in (lambda: impatient.commit([change()]), lambda: impatient.erase("p")):
        with pytest.raises(StoreUnavailable):
            write()


# Damage


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    """The error does not quote them."""
    store = SqliteStore.open(tmp_path / "book.db")
    store.prepare([PLOT])
    store.commit([change(body=CANARY, add=[plot(crop=CANARY, watered_at=None)])])
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as raw:
        raw.execute("UPDATE entry SET body = CAST(CAST(body AS BLOB) || x'ff' AS TEXT)")
        raw.execute("UPDATE plot_versions SET watered_at = ?", (CANARY,))
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db")) as store:
        store.prepare([PLOT])
        for read in (store.log, lambda: store.entries("m1"), lambda: rows_of(store), lambda: store.find("plot")):
            with pytest.raises(StoreDamaged) as caught:
                read()
            assert_says_nothing(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "2024-01-01T00:00:00.000000",
        "2024-01-01T08:00:00.000000+08:00",
        "2024-01-01T00:00:00Z",
        "2024-01-01 00:00:00.000000Z",
        "2024-01-01T00:00:00.000000+00:00",
        "20240101T000000.000000Z",
        "2024-W01-1T00:00:00.000000Z",
        "2024-01-01T00:00:00.000000Z ",
        "2024-01-01T00:00:00,000000Z",
    ],
)
def test_an_entry_without_a_time_is_damage(tmp_path: Path, value: str) -> None:
    """Only UTC is one, and only as it is written here: other spellings stand in another order."""
    store = SqliteStore.open(tmp_path / "book.db")
    store.commit([change()])
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as raw:
        raw.execute("UPDATE entry SET recorded_at = ?", (value,))
    with pytest.raises(StoreDamaged):
        store.head()
    store.close()


LOOSE = "DROP TABLE store; CREATE TABLE store (rebuilds, salt); INSERT INTO store VALUES "
BY_HAND = {
    "emptied": "DELETE FROM store",
    "doubled": "INSERT INTO store SELECT * FROM store",
    "without a salt": f"{LOOSE} (0, NULL)",
    "with another": f"{LOOSE} (0, 'a text')",
    "with a short one": f"{LOOSE} (0, x'00')",
}
TTL = dt.timedelta(hours=1)
CALLS: dict[str, Callable[[SqliteStore], object]] = {
    "commit": lambda store: store.commit([change("m2", keys=[Key("no", "2")])]),
    "key": lambda store: store.key("no", "1"),
    "replace_facts": lambda store: store.replace_facts([]),
    "search": lambda store: store.search("x"),
    "lease": lambda store: store.lease("ann", "post", TTL),
    "release": lambda store: store.release(Lease("ann", "post", 1, NOON)),
}


@pytest.fixture(params=BY_HAND)
def meddled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    """A book that is open, and into whose table of one row somebody wrote."""
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db")) as store:
        store.prepare([PLOT])
        store.commit([change("m1", add=[plot(beds=1)], keys=[Key("no", "1")])])
        with contextlib.closing(sqlite3.connect(tmp_path / "book.db")) as connection:
            connection.executescript(BY_HAND[request.param])
        yield store


@pytest.mark.parametrize("call", CALLS)
def test_a_table_of_one_row_into_which_somebody_wrote_is_damage(meddled: SqliteStore, call: str) -> None:
    """Whichever call needs its salt; with what is wrong and what to do, and nothing is written."""
    with pytest.raises(StoreDamaged, match=r"table store does not hold its one row.*Restore the last backup"):
        CALLS[call](meddled)
    assert meddled.head().position == 1


def test_what_needs_no_salt_is_read_without_it(meddled: SqliteStore) -> None:
    """So that the book can be copied into a new store, as the error says."""
    assert [entry.matter_id for entry in meddled.log()] == ["m1"]
    assert (len(meddled.keys("m1")), len(rows_of(meddled))) == (1, 1)


def test_a_file_that_breaks_later_is_damage(tmp_path: Path) -> None:
    """Its first page is that of a casebook, the others are noise."""
    path = tmp_path / "book.db"
    store = SqliteStore.open(path)
    store.prepare([PLOT])
    store.commit(change(f"m{number}", add=[plot(f"m{number}")]) for number in range(500))
    store.close()
    data = path.read_bytes()
    path.write_bytes(data[:16384] + bytes(255 - byte for byte in data[16384:]))
    with pytest.raises(StoreDamaged):
        SqliteStore.open(path)


# What SQLite says, in our words


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull),
        (sqlite3.SQLITE_BUSY, StoreLocked),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreLocked),
        (sqlite3.SQLITE_LOCKED, StoreLocked),
        (sqlite3.SQLITE_READONLY, StoreReadOnly),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnavailable),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged),
        (sqlite3.SQLITE_NOTADB, StoreDamaged),
        (sqlite3.SQLITE_CONSTRAINT, StoreDamaged),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreUnavailable),
        (sqlite3.SQLITE_CANTOPEN, StoreUnavailable),
        (sqlite3.SQLITE_NOMEM, StoreUnavailable),
        (sqlite3.SQLITE_ERROR, StoreUnavailable),
        (sqlite3.SQLITE_TOOBIG, InvalidValue),
    ],
)
def test_every_code_has_its_branch(code: int, error: type[MediationError]) -> None:
    """And its text is ours."""
    raised = sqlite3.OperationalError(CANARY)
    raised.sqlite_errorcode, raised.sqlite_errorname = code, "SQLITE_NAME"
    found = translate(raised)
    assert type(found) is error
    assert_says_nothing(found)
