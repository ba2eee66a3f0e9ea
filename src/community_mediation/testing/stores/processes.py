"""Laws 1 to 3 among programs: some are killed while they write, some write at once.

Each test starts ``community_mediation.testing.stores.worker`` on the store that ``store_url`` names.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import ClassVar, Final

import attrs
import pytest

from community_mediation.errors import StoreReadOnly, VersionConflict
from community_mediation.ports import Capability, OpenOptions, Store
from community_mediation.testing._missing import missing
from community_mediation.testing.stores import helping
from community_mediation.testing.stores.counters import COUNT, FIRST, SHARED, check_whole, open_by_url, pair
from community_mediation.testing.stores.fixtures import Address, StoreFixtures, need
from community_mediation.testing.stores.gardens import chain_fault

WORKER: Final = "community_mediation.testing.stores.worker"
WANTED: Final = (
    "the URL of an empty book and the names of the plugins that open it, for a store that declares PROCESSES; "
    'such as (f"sqlite:///{tmp_path}/other.db", [])'
)


class Program:
    """A worker in a process of its own. What it does not say in time ends it."""

    def __init__(self, address: Address, *work: str) -> None:
        url, plugins = address
        named = [part for plugin in plugins for part in ("--plugin", plugin)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", WORKER, url, *named, *work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
        )

    def line(self) -> str:
        """The next line that it says; fails when none comes."""
        assert self.process.stdout is not None
        watch = threading.Timer(2 * helping.PATIENCE, self.process.kill)
        watch.start()
        try:
            line = self.process.stdout.readline()
        finally:
            watch.cancel()
        if not line.endswith("\n"):
            self.process.kill()
            assert self.process.stderr is not None
            pytest.fail(f"a program that opened the store by its URL said nothing more: {self.process.stderr.read()}")
        return line.rstrip("\n")

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def rest(self) -> list[str]:
        """The whole lines that it still said; it has ended."""
        assert self.process.stdout is not None
        return [line.rstrip("\n") for line in self.process.stdout if line.endswith("\n")]

    def end(self) -> None:
        """Kill it if it is still there, and let go of its pipes."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


@contextlib.contextmanager
def programs(address: Address, *works: tuple[str, ...]) -> Iterator[list[Program]]:
    """Workers that have opened the store; none is left behind."""
    started: list[Program] = []
    try:
        for work in works:
            started.append(Program(address, *work))
        for program in started:
            assert program.line() == "ready"
        yield started
    finally:
        for program in started:
            program.end()


@contextlib.contextmanager
def opened(address: Address, options: OpenOptions | None = None) -> Iterator[Store]:
    """The store as another program finds it."""
    store = open_by_url(*address, options)
    try:
        yield store
    finally:
        store.close()


class ProcessLaws(StoreFixtures):
    """For stores that declare ``PERSISTENT``, and further ones for ``PROCESSES``."""

    kills: ClassVar[int] = 5
    programs: ClassVar[int] = 3
    updates: ClassVar[int] = 30

    @pytest.fixture
    def address(self, book: Store, store_url: Address | None) -> Address:
        """The store's address, of a store that lasts."""
        need(book, Capability.PERSISTENT)
        if store_url is None:
            if Capability.PROCESSES in book.capabilities:
                raise missing(self, "store_url", WANTED)
            pytest.skip(f"{type(self).__name__} gives no store_url: whether the store outlives a kill is not looked at")
        # What is asked for by URL may be the same book, and some stores take one program only.
        book.close()
        return store_url

    @pytest.fixture
    def shared(self, book: Store, address: Address) -> Address:
        """The address of a store that several programs use at once."""
        need(book, Capability.PROCESSES)
        return address

    def test_a_kill_loses_nothing_that_was_acknowledged(self, address: Address) -> None:
        """Law 1: and leaves nothing half; the next program goes on from there."""
        chance = random.Random(7)
        acknowledged = 0
        for _ in range(self.kills):
            with programs(address, ("write",)) as (writer,):
                writer.go()
                for _ in range(chance.randrange(2, 14)):
                    acknowledged = int(writer.line())
                # In the middle of what comes next, wherever that is.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    writer.process.wait(chance.random() / 50)
                writer.process.kill()
                writer.process.wait()
                acknowledged = max([acknowledged, *map(int, writer.rest())])
            with opened(address) as store:
                check_whole(store, acknowledged)
                acknowledged = store.head().position // 2

    def test_what_is_written_between_kills_is_whole(self, address: Address) -> None:
        """Law 1: another program commits after each kill, and finds its own."""
        with opened(address) as store:
            store.prepare([COUNT])
            store.commit(pair(store, 1))
        with programs(address, ("write",)) as (writer,):
            writer.go()
            writer.line()
        with opened(address) as store:
            store.prepare([COUNT])
            number = store.head().position // 2 + 1
            store.commit(pair(store, number))
        with opened(address) as store:
            check_whole(store, number)

    def test_a_book_that_is_opened_for_reading_takes_nothing(self, address: Address) -> None:
        """Law 7: each writing is a ``StoreReadOnly``; all that was written is read."""
        with opened(address) as store:
            store.prepare([COUNT])
            store.commit(pair(store, 1))
        with opened(address, OpenOptions(create=False, readonly=True)) as store:
            assert tuple(store.prepare([COUNT])) == ()
            for write in (
                lambda: store.commit(pair(store, 2)),
                lambda: store.erase("p"),
                lambda: store.replace_facts([]),
            ):
                with pytest.raises(StoreReadOnly):
                    write()
            check_whole(store, 1)
        with opened(address) as store:
            check_whole(store, 1)

    def test_programs_lose_no_update(self, shared: Address) -> None:
        """Law 2: counters hold as many as all of them have added."""
        with opened(shared) as store:
            store.prepare([COUNT])
            for number in range(SHARED):
                store.commit([attrs.evolve(FIRST, matter_id=f"shared{number}")])
        with programs(shared, *[("add", str(self.updates))] * self.programs) as racing:
            for program in racing:
                program.go()
            done = sum(int(program.line()) for program in racing)
        with opened(shared) as store:
            total = sum(int(store.entries(f"shared{number}")[-1].body) for number in range(SHARED))
            assert (done, total) == (self.programs * self.updates,) * 2
            assert chain_fault(store.log(limit=1_000_000)) is None
            with pytest.raises(VersionConflict):
                store.commit([attrs.evolve(FIRST, matter_id="shared0", expected=1, version=2)])

    def test_of_programs_that_race_for_a_key_one_has_it(self, shared: Address) -> None:
        """Law 2: each key has one holder, and it is who was told so."""
        keys = 20
        with opened(shared) as store:
            store.prepare([COUNT])
        with programs(shared, *[("take", f"t{number}", str(keys)) for number in range(self.programs)]) as racing:
            for program in racing:
                program.go()
            won = {f"t{n} {number}": number for n, program in enumerate(racing) for number in program.line().split()}
        with opened(shared) as store:
            assert sorted(won.values(), key=int) == [str(number) for number in range(keys)]
            assert {matter: store.key("race", number) for matter, number in won.items()} == {m: m for m in won}
            assert store.head().position == keys

    def test_a_writer_that_is_killed_holds_nobody_up(self, shared: Address) -> None:
        """Law 1: another that writes beside it goes on, and both are whole."""
        with programs(shared, ("write",), ("take", "t", "40")) as (writer, taker):
            writer.go()
            taker.go()
            for _ in range(3):
                writer.line()
            writer.process.kill()
            assert len(taker.line().split()) == 40
        with opened(shared) as store:
            assert chain_fault(store.log(limit=1_000_000)) is None
            assert sum(entry.kind == FIRST.kind for entry in store.log(limit=1_000_000)) == 40
