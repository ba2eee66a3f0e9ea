"""Each single call to the disk fails, once or from there on: typed errors, nothing by half, and work goes on after."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs
import pytest

from community_mediation.errors import MediationError, NotACasebook, StoreFull, StoreUnavailable
from community_mediation.ports import Change, Committed, Store
from community_mediation.stores import SqliteStore
from community_mediation.testing.stores.gardens import NOON, rows_of
from tests.survival.counters import COUNT, Lost, batch, check_whole, versions
from tests.survival.failing_disk import BROKEN, FULL, FailingDisk, Trouble
from tests.survival.seam import connector

Say = Callable[[str], None]
Act = Callable[[Store], object]
FEW_PAGES = 2
"""Every act runs a checkpoint, so that its calls fail as well."""
THERE = 10

ACTS: dict[str, Act] = {
    "commit": lambda store: store.commit(batch(THERE + 1, 3)),
    "erase": lambda store: store.erase("s3"),
    "rebuild": lambda store: store.replace_facts(versions(THERE)),
    "log": lambda store: store.log(),
    "facts": lambda store: rows_of(store, "count"),
    "health": lambda store: store.health(),
}
KINDS = [
    *((name, "broken") for name in ACTS),
    # Reading needs no room.
    *((name, "full") for name in ("commit", "erase", "rebuild")),
]
CODES = {"full": FULL, "broken": BROKEN}


@attrs.frozen
class Outcome:
    """What became of an act, one of whose calls failed.

    Attributes:
        failed: The calls that did.
        error: What was raised, if anything was.
        readable: Whether the journal could be read while the trouble lasted.
        store: The store, the trouble being over.
        left: A folder with the files as a kill right after the act would have left them.
    """

    failed: Counter[str]
    error: Exception | None
    readable: bool
    store: Store
    left: Path


def outcomes(parent: Path, act: Act, codes: dict[str, int], *, stays: bool) -> Iterator[Outcome]:
    """Do something on a fresh book again and again, failing at the first call, the second, … until there is none."""
    place, made, left = parent / "place", parent / "made", parent / "left"
    made.mkdir(exist_ok=True)
    with contextlib.closing(SqliteStore.open(made / "book.db")) as store:
        store.prepare([COUNT])
        if not store.head().position:
            store.commit(batch(1, THERE))
    at = 0
    while True:
        at += 1
        for target in (place, left):
            shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, place)
        disk = FailingDisk(place)
        connect = connector(disk.name, every=FEW_PAGES)
        with contextlib.closing(SqliteStore.open(place / "book.db", connect=connect, timeout=0.05)) as store:
            store.prepare([COUNT])
            disk.trouble = trouble = Trouble(codes, at=at, stays=stays)
            error = caught(lambda: act(store))
            if not trouble.failed:
                return
            failed = Counter(trouble.failed)
            readable = caught(store.log) is None
            disk.trouble = Trouble({})
            shutil.copytree(place, left)
            yield Outcome(failed, error, readable, store, left)


def caught(act: Callable[[], object]) -> Exception | None:
    """What an act raises."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - that it is one of the library's own is the claim
        return error
    return None


def length_after_a_kill(left: Path) -> int:
    """How many entries a book has, whole, whose program died."""
    with contextlib.closing(SqliteStore.open(left / "book.db")) as store:
        return check_whole(store, range(1, THERE + 1))


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_whatever_call_fails_nothing_is_there_by_half(tmp_path: Path, name: str, kind: str, figure: Say) -> None:
    """The error is typed and says nothing was done when nothing was; the same store goes on when the trouble is over.

    What a program that dies right after the error leaves behind is whole as well. An act may also succeed in spite of
    a call that fails, such as one of a checkpoint: then it is done.
    """
    wanted = StoreFull if kind == "full" else StoreUnavailable
    found: Counter[str] = Counter()
    for stays in (False, True):
        for outcome in outcomes(tmp_path, ACTS[name], CODES[kind], stays=stays):
            found["faults"] += 1
            done = outcome.error is None
            found["errors"] += not done
            assert done or type(outcome.error) is wanted, (outcome.failed, outcome.error)
            length = THERE + 3 if done and name == "commit" else THERE
            assert len(outcome.store.log()) == length
            after_kill = length_after_a_kill(outcome.left)
            found["came up after a kill"] += after_kill > length
            assert after_kill == length or (after_kill == THERE + 3 and kind == "broken"), outcome.failed
            assert outcome.readable or kind == "broken"
            assert check_whole(outcome.store, range(1, THERE + 1)) == length
    figure(
        f"failing disk ({kind}), {name}: each of {found['faults']} calls failed, {found['errors']} typed errors, "
        f"0 halves, {found['came up after a kill']} reported as failed that stood after a kill"
    )
    assert found["errors"] >= 4


def spoilt_openings(parent: Path, *, fresh: bool, stays: bool) -> tuple[int, int]:
    """Open a book, failing at the first call, the second, …; how many failed, and how many books were refused after."""
    place = parent / "place"
    refused = 0
    for at in range(1, 1000):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if not fresh:
            with contextlib.closing(SqliteStore.open(place / "book.db")) as store:
                store.prepare([COUNT])
                store.commit(batch(1, THERE))
        disk = FailingDisk(place)
        disk.trouble = trouble = Trouble(BROKEN, at=at, stays=stays)

        def opening(disk: FailingDisk = disk) -> None:
            connect = connector(disk.name)
            with contextlib.closing(SqliteStore.open(disk.folder / "book.db", connect=connect, timeout=0.05)) as store:
                store.prepare([COUNT])

        error = caught(opening)
        if not trouble.failed:
            return at - 1, refused
        assert error is None or isinstance(error, MediationError), (trouble.failed, error)
        try:
            with contextlib.closing(SqliteStore.open(place / "book.db")) as store:
                assert check_whole(store, ()) == (0 if fresh else THERE)
        except NotACasebook:
            refused += 1
    raise AssertionError("an opening that never ends well")


@pytest.mark.parametrize(
    ("fresh", "stays"),
    [(False, False), (False, True), (True, False), (True, True)],
    ids=["there, once", "there, for good", "new, once", "new, for good"],
)
def test_an_opening_whose_calls_fail_leaves_a_book_that_opens(
    tmp_path: Path, fresh: bool, stays: bool, figure: Say
) -> None:
    """A new one and one that is there."""
    faults, refused = spoilt_openings(tmp_path, fresh=fresh, stays=stays)
    figure(
        f"failing disk, opening a {'new' if fresh else 'made'} book, {'for good' if stays else 'once'}: "
        f"each of {faults} calls failed, {refused} books refused after"
    )
    assert refused == 0
    assert faults > 20


class Deaf(SqliteStore):
    """The planted fault: what the disk says against a commit is not heard, and the commit is acknowledged."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Say that it is done whatever happened."""
        try:
            return super().commit(changes)
        except (StoreFull, StoreUnavailable):
            return Committed(0, 0, NOON)


def test_the_sweep_finds_a_store_that_passes_over_errors(tmp_path: Path, figure: Say) -> None:
    """A control."""
    lost = at = 0
    while True:
        at += 1
        shutil.rmtree(tmp_path / "place", ignore_errors=True)
        (tmp_path / "place").mkdir()
        disk = FailingDisk(tmp_path / "place")
        path = disk.folder / "book.db"
        with contextlib.closing(Deaf.open(path, connect=connector(disk.name, every=FEW_PAGES))) as store:
            store.prepare([COUNT])
            disk.trouble = trouble = Trouble(BROKEN, at=at)
            store.commit(batch(1, 3))
            disk.trouble = Trouble({})
            if not trouble.failed:
                break
            try:
                check_whole(store, [1, 2, 3])
            except Lost:
                lost += 1
    figure(f"failing disk, control of a store that passes over errors: {lost} of {at - 1} failing calls lose a commit")
    assert lost > 10
