"""Servers that crash, processes that are killed, commits that interleave: nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from community_mediation_postgres import heads
from community_mediation_postgres.store import PostgresStore
from community_mediation_postgres.testing import TestServer

from community_mediation.errors import MediationError, StoreUnavailable, VersionConflict
from community_mediation.ports import Change, Key, Store
from community_mediation.testing.stores.counters import COUNT, check_whole, pair
from community_mediation.testing.stores.gardens import chain_fault, change, plot
from community_mediation.testing.stores.helping import CANARY

Say = Callable[[str], None]
PER_BOOK = 10


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server of this module's own, which it may crash. With its log a crash loses what was not flushed to it."""
    try:
        server = TestServer.start(
            {
                # The machine stays up: what the system has taken is there. What the server holds back is lost.
                "fsync": "off",
                "shared_buffers": "32MB",
                "max_wal_size": "128MB",
                # Otherwise what need not be waited for is on the disk a moment later, and no control would see it.
                "wal_writer_delay": "10s",
                "wal_writer_flush_after": "64MB",
            }
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
        pytest.fail(f"No PostgreSQL server could be started: {error!r}")
    yield server
    server.remove()


@pytest.fixture
def new_book(server: TestServer) -> Callable[[], str]:
    """Gives the URL of a new book at each call."""
    return lambda: f"{server.url}&schema=s{next(NUMBERS)}&timeout=60"


NUMBERS = itertools.count()


class Writer:
    """A thread that commits numbers until it is stopped or the server is gone."""

    def __init__(self, store: Store) -> None:
        self.acknowledged = 0
        self.problem: BaseException | None = None
        self._store = store
        self._stop = threading.Event()
        self._more = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        try:
            number = self._store.head().position // 2
            while not self._stop.is_set():
                number += 1
                self._store.commit(pair(self._store, number))
                self.acknowledged = number
                self._more.release()
        except BaseException as error:  # noqa: BLE001 - a thread's exception is the test's to look at
            self.problem = error

    def start(self) -> None:
        self._thread.start()

    def wait_for(self, commits: int) -> None:
        """Until so many commits were acknowledged."""
        for _ in range(commits):
            assert self._more.acquire(timeout=60), self.problem

    def go_on_for(self, seconds: float) -> None:
        """Let it write for a moment more."""
        self._thread.join(seconds)

    def end(self, *others: type[Exception]) -> None:
        """Stop it, and look at how it ended: the server was gone, or one of *others*."""
        self._stop.set()
        self._thread.join()
        if self.problem is not None:
            assert type(self.problem) in (StoreUnavailable, *others), self.problem
            assert self.problem.__cause__ is self.problem.__context__ is None


def crash(server: TestServer, store: Store, commits: int, pause: float, *others: type[Exception]) -> Writer:
    """Stop the server in the middle of a commit that comes after *commits*, and start it again.

    The writer may end by *others* than that the server was gone.
    """
    writer = Writer(store)
    writer.start()
    writer.wait_for(commits)
    writer.go_on_for(pause)
    server.down("immediate")
    server.up()
    writer.end(*others)
    return writer


@pytest.mark.parametrize("stops", [5, pytest.param(200, marks=pytest.mark.long)])
def test_immediate_stops_lose_nothing_that_was_acknowledged(
    server: TestServer, new_book: Callable[[], str], stops: int, figure: Say
) -> None:
    """The same store goes on afterwards: it finds the server again by itself."""
    began, acknowledged, entries, told = time.monotonic(), 0, 0, 0
    for first in range(0, stops, PER_BOOK):
        store = PostgresStore.open(new_book())
        store.prepare([COUNT])
        for number in range(first, min(stops, first + PER_BOOK)):
            writer = crash(server, store, 3 + number % 7, pause=number % 11 / 1000)
            check_whole(store, writer.acknowledged)
            told += writer.problem is not None
            acknowledged += writer.acknowledged
            entries = store.head().position
        store.close()
    figure(
        f"PostgreSQL, immediate stops: {stops}, {acknowledged:,} acknowledged, 0 lost; {told} commits told as failed, "
        f"the others looked up or over ({time.monotonic() - began:.0f} s)"
    )
    assert entries >= 2


def test_a_server_that_need_not_wait_for_its_disk_is_made_to(server: TestServer, new_book: Callable[[], str]) -> None:
    """Its own setting would lose; see the control below."""
    store = PostgresStore.open(f"{new_book()}&options=-c%20synchronous_commit%3Doff")
    store.prepare([COUNT])
    writer = crash(server, store, 20, pause=0)
    check_whole(store, writer.acknowledged)
    store.close()


def test_commits_that_do_not_wait_for_the_disk_are_seen_to_be_lost(
    server: TestServer, new_book: Callable[[], str], monkeypatch: pytest.MonkeyPatch, figure: Say
) -> None:
    """A control: the same, without what makes commits wait."""
    store = PostgresStore.open(new_book())
    store.prepare([COUNT])
    monkeypatch.setattr(heads, "DURABLY", "set_config('synchronous_commit', 'off', true)")
    # A writer that finds the server again at once meets the loss by itself: what it read before is not there any more.
    writer = crash(server, store, 30, 0, VersionConflict)
    lost = writer.acknowledged - store.head().position // 2
    figure(f"PostgreSQL, immediate stop, control that does not wait for the disk: {lost} commits lost")
    assert lost > 0
    with pytest.raises(AssertionError, match="acknowledged"):
        check_whole(store, writer.acknowledged)
    store.close()


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.long)])
def test_a_killed_process_of_the_server_loses_nothing(
    server: TestServer, new_book: Callable[[], str], kills: int, figure: Say
) -> None:
    """The server ends all others with it, and recovers by itself; nobody opens anything again."""
    acknowledged = 0
    store = PostgresStore.open(new_book())
    store.prepare([COUNT])
    for number in range(kills):
        with psycopg.connect(server.url, autocommit=True) as raw:
            writer = Writer(store)
            writer.start()
            writer.wait_for(3 + number % 5)
            row = raw.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'community-mediation' "
                "ORDER BY state = 'idle', pid LIMIT 1"
            ).fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
        writer.end()
        wait_until_up(server)
        check_whole(store, writer.acknowledged)
        acknowledged = writer.acknowledged
    store.close()
    figure(f"PostgreSQL, killed server processes: {kills}, {acknowledged:,} acknowledged, 0 lost")


FAULTS = {
    "a row of facts": "DELETE FROM {0}.count_versions WHERE known_from = 1",
    "a row's end": "UPDATE {0}.count_versions SET known_to = NULL WHERE known_from = 1",
    "a key": "DELETE FROM {0}.key WHERE matter_id = 'left2'",
    "a private part of two": "DELETE FROM {0}.private WHERE position = 3",
    "one entry of two": "DELETE FROM {0}.entry WHERE position = (SELECT max(position) FROM {0}.entry)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_finds_a_commit_that_is_half_there(
    server: TestServer, new_book: Callable[[], str], fault: str
) -> None:
    """A control: something is missing beside its entry, or its entry is."""
    url = new_book()
    store = PostgresStore.open(url)
    store.prepare([COUNT])
    for number in range(1, 8):
        store.commit(pair(store, number))
    check_whole(store, 7)
    with psycopg.connect(server.url, autocommit=True) as raw:
        raw.execute(FAULTS[fault].format(url.partition("schema=")[2].partition("&")[0]))
    with pytest.raises(AssertionError):
        check_whole(store, 0)
    store.close()


def wait_until_up(server: TestServer) -> None:
    """Until a server that recovers takes connections again."""
    for _ in range(600):
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(server.url):
            return
        threading.Event().wait(0.05)
    pytest.fail("the server did not come back")


class Pause:
    """Where a slow writer stands in the middle of its transaction, until it is let go on."""

    def __init__(self) -> None:
        self._inside, self._go_on = threading.Event(), threading.Event()

    def stand(self) -> None:
        """Stand here."""
        self._inside.set()
        self._go_on.wait(60)

    def wait(self) -> None:
        """Until the writer stands."""
        assert self._inside.wait(60)

    def end(self) -> None:
        """Let the writer go on."""
        self._go_on.set()


def follow(
    read: Callable[[int], list[int]], write: Callable[[str, Pause | None], None], *, patience: float
) -> tuple[bool, set[int]]:
    """Follow a log while a slow writer and a quick one overlap.

    Args:
        read: Gives the positions above one.
        write: Writes under a name; it stands at the pause, if there is one, before it commits.
        patience: How many seconds the quick writer is given.

    Returns:
        Whether the quick writer was done before the slow one, and the positions that were seen.
    """
    pause = Pause()
    slow = threading.Thread(target=write, args=("slow", pause))
    quick = threading.Thread(target=write, args=("quick", None))
    slow.start()
    pause.wait()
    quick.start()
    quick.join(patience)
    overtaken = not quick.is_alive()
    seen = set(read(0))
    pause.end()
    slow.join()
    quick.join()
    return overtaken, seen | set(read(max(seen, default=0)))


def test_who_follows_the_log_misses_no_entry_of_a_slow_commit(new_book: Callable[[], str]) -> None:
    """Two programs: what commits first has the lower position, however long the other takes."""
    url = new_book()
    stores = {name: PostgresStore.open(url) for name in ("slow", "quick", "reader")}

    def write(name: str, pause: Pause | None) -> None:
        def batch() -> Iterator[Change]:
            yield change(name)
            # The second change is of another group: the first is written when it is asked for what comes next.
            yield change(name, 1)
            if pause is not None:
                pause.stand()

        stores[name].commit(batch())

    found = follow(lambda after: [entry.position for entry in stores["reader"].log(after)], write, patience=0.5)
    assert found == (False, {1, 2, 3, 4})
    assert [entry.matter_id for entry in stores["reader"].log()] == ["slow", "slow", "quick", "quick"]
    assert chain_fault(stores["reader"].log()) is None
    for store in stores.values():
        store.close()


def test_positions_of_a_sequence_are_seen_to_be_missed(server: TestServer) -> None:
    """A control: a table as one would make it, and a reader that asks for what is above its last."""
    table = f"plain{next(NUMBERS)}"
    with psycopg.connect(server.url, autocommit=True) as raw:
        raw.execute(f"CREATE TABLE {table} (position bigserial PRIMARY KEY, name text)")

        def write(name: str, pause: Pause | None) -> None:
            with psycopg.connect(server.url) as own:
                own.execute(f"INSERT INTO {table} (name) VALUES (%s)", (name,))
                if pause is not None:
                    pause.stand()

        def read(after: int) -> list[int]:
            found = raw.execute(f"SELECT position FROM {table} WHERE position > %s", (after,))
            return [position for (position,) in found]

        assert follow(read, write, patience=60) == (True, {2})
        assert len(read(0)) == 2


def test_no_value_is_in_the_servers_log(server: TestServer, new_book: Callable[[], str]) -> None:
    """Whatever is refused: by a version, a key, a constraint, a name that is too long, a connection that is lost."""
    store = PostgresStore.open(new_book())
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 4000)))
    store.commit([change("m1", private={CANARY: CANARY}, keys=[Key("no", CANARY, CANARY)])])
    for broken in (
        [change("m1", private={CANARY: CANARY}, body=CANARY)],
        [change("m2", private={CANARY: CANARY}, keys=[Key("no", CANARY)])],
        [change(long, private={CANARY: CANARY}, body=CANARY)],
        [change("m2", private={CANARY: CANARY + "\ud800"})],
        [change(f"x{n}", private={CANARY: CANARY}) for n in range(200)] + [change("m1")],
        [change(f"x{n}", private={CANARY: CANARY}) for n in range(200)] + [change(long)],
    ):
        with pytest.raises(MediationError):
            store.commit(broken)
    with pytest.raises(MediationError):
        store.commit([change("m2", add=[plot("m2", crop=CANARY)])])
    store.search(CANARY)
    store.close()
    assert "ERROR" in server.log
    assert CANARY not in server.log


def test_values_are_seen_in_the_log_of_plain_tables(server: TestServer) -> None:
    """A control: a unique name, and a driver's exception."""
    table = f"plain{next(NUMBERS)}"
    with psycopg.connect(server.url, autocommit=True) as raw:
        raw.execute(f"CREATE TABLE {table} (name text UNIQUE)")
        with pytest.raises(psycopg.Error) as caught:
            raw.execute(f"INSERT INTO {table} VALUES (%s), (%s)", (f"{CANARY}-plain",) * 2)
    assert CANARY in str(caught.value)
    assert f"{CANARY}-plain" in server.log


def test_a_commit_of_many_changes_takes_little_memory(new_book: Callable[[], str], figure: Say) -> None:
    """They are asked for in groups and forgotten when they are written."""
    import tracemalloc

    store = PostgresStore.open(new_book())
    size, count = 20_000, 2_000

    def batch() -> Iterator[Change]:
        for number in range(count):
            yield change(f"m{number}", private={"p": f"{number:08}" * (size // 8)})

    tracemalloc.start()
    try:
        store.commit(batch())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    store.close()
    figure(f"PostgreSQL, one commit of {count * size / 1e6:.0f} MB: {peak / 1e6:.0f} MB of memory at most")
    assert peak < count * size / 2


def test_search_finds_two_characters_among_many_parts(new_book: Callable[[], str], figure: Say) -> None:
    """And nothing else, with pages that go on."""
    store: Any = PostgresStore.open(new_book())
    count, filler = 5_000, "调解员记录了双方的陈述，" * 8
    store.commit(
        [change(f"m{n:05}", private={"p": f"{filler}{'孙某' if n % 500 == 7 else '赵某'}"}) for n in range(count)]
    )
    began = time.monotonic()
    page = store.search("孙某", 4)
    found = list(page.matters)
    while page.cursor is not None:
        page = store.search("孙某", 4, page.cursor)
        found += page.matters
    figure(f"PostgreSQL, search of {count:,} parts: {(time.monotonic() - began) * 1000 / 3:.0f} ms a page")
    assert found == [f"m{n:05}" for n in range(7, count, 500)]
    store.close()
