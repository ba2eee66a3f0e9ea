"""What several laws do: look into errors, run threads, read all pages."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from community_mediation.errors import VersionConflict
from community_mediation.ports import Sort, Store
from community_mediation.testing.stores.gardens import change, plot

CANARY: Final = "canary-7f3a-张"
"""A value that no error may quote."""

PATIENCE = 30.0
"""Seconds after which what should have ended counts as hanging; threads that work at once have four times as many."""

PAGES_AT_MOST: Final = 2000
"""More pages than any answer of a law has: one that goes on is one that never ends."""


def assert_says_nothing(error: BaseException | None) -> None:
    """No value in an error, nor in those behind it."""
    while error is not None:
        for text in (str(error), repr(error), repr(error.args), repr(vars(error))):
            assert CANARY not in text
            assert repr(CANARY)[1:-1] not in text
        error = error.__cause__ or error.__context__


def guarded(work: Callable[[], None], wrong: list[object]) -> None:
    """Run *work*, and note what it raises."""
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - a thread's exception is the test's to report
        wrong.append(error)


def assert_ends(work: Callable[[], None]) -> None:
    """Run *work* in a thread of its own, and fail when it hangs; what it raises is raised here."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a thread's exception is the test's to raise
            raised.append(error)

    # A daemon: a thread that hangs must not keep the run from ending.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if thread.is_alive():
        pytest.fail(f"it hangs: nothing came back in {PATIENCE:g} seconds")
    for error in raised:
        raise error


@contextlib.contextmanager
def at_once(*works: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Run *works* in threads beside the block. At its end it fails for what one of them raised, and when one hangs.

    Gives a function that says whether to go on beside them: one is still at work, none has failed, none hangs.
    """
    wrong: list[object] = []
    # Daemons: a thread that hangs must not keep the run from ending.
    threads = [threading.Thread(target=guarded, args=(work, wrong), daemon=True) for work in works]
    end = time.monotonic() + 4 * PATIENCE
    for thread in threads:
        thread.start()
    try:
        yield lambda: not wrong and time.monotonic() < end and any(thread.is_alive() for thread in threads)
    finally:
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
    assert wrong == []
    if any(thread.is_alive() for thread in threads):
        pytest.fail(f"threads that write at once hang: some had not ended in {4 * PATIENCE:g} seconds")


def write_some(store: Store, name: str) -> None:
    """Thirty commits of one matter each."""
    for number in range(30):
        store.commit([change(f"{name}{number}", add=[plot(f"{name}{number}")])])


def all_pages(store: Store, sort: Sort | None, limit: int) -> list[tuple[Any, ...]]:
    """The rows of all pages."""
    found: list[tuple[Any, ...]] = []
    cursor = None
    for _ in range(PAGES_AT_MOST):
        page = store.find("plot", sort=sort, limit=limit, cursor=cursor)
        assert len(page.rows) <= limit
        found += page.rows
        cursor = page.cursor
        if cursor is None:
            return found
    pytest.fail(f"the pages do not end: {len(found)} rows on {PAGES_AT_MOST} pages")


def lost_updates(store: Store, threads: int = 4, updates: int = 15) -> int:
    """How many of the acknowledged updates of a counter are not in it, when threads add to it at once."""
    store.commit([change("counter", body="0")])
    together = threading.Barrier(threads)

    def add() -> None:
        together.wait(PATIENCE)
        left = updates
        while left:
            entries = store.entries("counter")
            last = entries[-1]
            try:
                store.commit([change("counter", last.version, body=str(int(last.body) + 1))])
            except VersionConflict:
                continue
            left -= 1

    with at_once(*[add] * threads):
        pass
    return threads * updates - int(store.entries("counter")[-1].body)
