"""A book of an earlier version is opened, and the power goes or the program dies while its tables are made new.

That a killed migration goes on or rolls back at each of its statements: ``tests/stores/test_sqlite_migrations.py``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from community_mediation.errors import MediationError
from community_mediation.stores import SqliteStore, _sqlite_file
from community_mediation.testing.stores.gardens import PLOT, TOOL, change
from tests.stores.test_sqlite_migrations import VERSIONS, expected, old_book, piecemeal, told, version_of
from tests.survival.programs import result, start
from tests.survival.recorded_disk import Disk, put
from tests.survival.seam import connector
from tests.survival.test_power_cut import Life, folder, images

Say = Callable[[str], None]
HOUR = dt.timedelta(hours=1)


def is_whole(path: Path, version: int) -> bool:
    """Whether a book opens with all that it held, and is used like a new one."""
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT, TOOL])
        kept = told(store) == expected(version)
        store.commit([change("later")])
        return kept and store.lease("ann", "post", HOUR) is not None and list(store.keys("later")) == []


def cut_migrations(parent: Path, version: int, count: int) -> tuple[int, int]:
    """Cut the opening of an old book by the power; how many images there were, and how many are not whole."""
    place, image_folder = folder(parent, "life"), folder(parent, "image")
    path = old_book(version, place / "book.db")
    disk = Disk(place)
    with contextlib.closing(SqliteStore.open(path, connect=connector(disk.name))) as store:
        store.prepare([PLOT, TOOL])
    life = Life(disk.start, tuple(disk.events), lambda path, told: 0)
    looked = broken = 0
    for image, _, _ in images(life, count, random.Random(version)):
        put(image, image_folder)
        looked += 1
        try:
            broken += not is_whole(image_folder / "book.db", version)
        except MediationError:
            broken += 1
    return looked, broken


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_power_cut_during_a_migration_leaves_a_book_that_opens(
    tmp_path: Path, version: int, count: int, figure: Say
) -> None:
    """Of the old version or of the new one, with all that it held; the next opening goes on."""
    looked, broken = cut_migrations(tmp_path, version, count)
    figure(f"migration from version {version}, power cut: {looked:,} images, {broken} not whole")
    assert broken == 0
    assert looked == count


def test_the_images_find_a_migration_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Say) -> None:
    """A control: each statement a transaction of its own, the number of the version first."""
    monkeypatch.setattr(_sqlite_file, "_migrate", piecemeal)
    looked, broken = cut_migrations(tmp_path, 1, 100)
    figure(f"migration, control of one in pieces: {broken} of {looked} images not whole")
    assert broken > 0


@pytest.mark.parametrize("kills", [100, pytest.param(3_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_kill_during_a_migration_leaves_a_book_that_opens(
    tmp_path: Path, version: int, kills: int, figure: Say
) -> None:
    """At moments spread over the whole of an opening."""
    # The first one is not killed: it shows how long an opening takes.
    paths = [old_book(version, folder(tmp_path, f"{number:05}") / "book.db") for number in range(kills + 1)]
    assert result(start("migration_driver.py", str(tmp_path), str(version))) == ""
    old = sum(version_of(path) == version for path in paths[1:])
    broken = sum(not is_whole(path, version) for path in paths)
    figure(
        f"migration from version {version}, kill -9: {kills:,} kills, {old:,} of them before it was done, "
        f"{broken} not whole"
    )
    assert broken == 0
    assert kills / 10 < old < kills
