"""The power goes while a book is written: what was acknowledged is there, and nothing is there by half.

A life of a book is recorded write by write. Then it is cut at random moments, and the disk is laid out as it may be
found then: what was synced is there, of all else any part. Each such image is opened with the ordinary store.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import attrs
import pytest

from community_mediation.errors import NotACasebook
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_file import CasebookFile
from community_mediation.stores._sqlite_schema import SCHEMA_VERSION
from tests.survival import cases, counters
from tests.survival.counters import COUNT, Lost
from tests.survival.recorded_disk import Disk, Event, Mark, Platter, Write, put
from tests.survival.seam import connector

Say = Callable[[str], None]
SYNC = "PRAGMA synchronous = FULL"
SMALL_LOG = 30
"""Pages of log until a checkpoint: few, so that there are many of them in a short life."""
PER_LIFE = 200
ODD_CASES = 5
"""Every so many lives is one of a whole casebook; the others are counters, whose images are cheaper to look at."""


@attrs.frozen
class Life:
    """A recorded life: what lay there before, what happened, and how to look at what is left."""

    start: Mapping[str, bytes]
    events: tuple[Event, ...]
    check: Callable[[Path, Collection[int]], int]


def folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir()
    return made


def life_of_counters(place: Path, seed: int, instead: Mapping[str, str]) -> Life:
    """Two stores of one program take turns in one book; it is closed and opened again on the way."""
    path = place / "book.db"
    SqliteStore.open(path).close()
    disk, chance = Disk(place), random.Random(seed)
    connect = connector(disk.name, instead=instead, every=SMALL_LOG)
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            stores = [stack.enter_context(contextlib.closing(SqliteStore.open(path, connect=connect))) for _ in "ab"]
            for store in stores:
                store.prepare([COUNT])
            for _ in range(8):
                counters.live(chance.choice(stores), chance, 2, disk.mark)

    def check(image: Path, told: Collection[int]) -> int:
        with contextlib.closing(SqliteStore.open(image)) as store:
            return counters.check_whole(store, told, places=4)

    return Life(disk.start, tuple(disk.events), check)


def life_of_cases(place: Path, seed: int, instead: Mapping[str, str]) -> Life:
    """A casebook with all its tables."""
    path = place / "book.db"
    cases.book_over(SqliteStore.open(path)).close()
    disk, chance = Disk(place), random.Random(seed)
    connect = connector(disk.name, instead=instead, every=SMALL_LOG * 5)
    for _ in range(2):
        with cases.book_over(SqliteStore.open(path, connect=connect)) as book:
            cases.live(book, chance, 3, disk.mark)
            hashes = [entry.hash for entry in book.store.log()]

    def check(image: Path, told: Collection[int]) -> int:
        with cases.book_over(SqliteStore.open(image)) as book:
            return cases.check_whole(book, hashes, told)

    return Life(disk.start, tuple(disk.events), check)


def images(life: Life, count: int, chance: random.Random) -> Iterator[tuple[dict[str, bytes], list[int], int]]:
    """The disk at random moments, what had been told by then, and how many writes were not synced."""
    platter, told, shown = Platter(dict(life.start)), list[int](), 0
    for cut in sorted(chance.choices(range(len(life.events) + 1), k=count)):
        for event in life.events[shown:cut]:
            platter.show(event)
            if isinstance(event, Mark):
                told.append(event.said)
        shown = cut
        yield platter.image(chance), told, platter.unsettled


def cut_lives(parent: Path, count: int, instead: Mapping[str, str] | None = None) -> Counter[str]:
    """Cut lives *count* times; counts the images, those with something unsynced, and what was lost."""
    found: Counter[str] = Counter()
    image_folder = folder(parent, "image")
    for number in range(-(-count // PER_LIFE)):
        live = life_of_cases if number % ODD_CASES == ODD_CASES - 1 else life_of_counters
        life = live(folder(parent, f"life-{number}"), number, instead or {})
        chance = random.Random(number)
        for image, told, unsettled in images(life, min(PER_LIFE, count - found["images"]), chance):
            put(image, image_folder)
            found["images"] += 1
            found["torn"] += unsettled > 0
            found["told"] += len(told)
            try:
                life.check(image_folder / "book.db", told)
            except Lost:
                found["lost"] += 1
    return found


@pytest.mark.parametrize("count", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, count: int, figure: Say) -> None:
    """Commits, erasures, rebuilds, checkpoints, closing and opening: whenever it comes, and whatever of it is torn."""
    began = time.monotonic()
    found = cut_lives(tmp_path, count)
    figure(
        f"power cut: {found['images']:,} images, {found['torn']:,} of them with writes under way, "
        f"{found['told']:,} acknowledgements to keep, {found['lost']} lost ({time.monotonic() - began:.0f} s)"
    )
    assert found["lost"] == 0
    assert found["images"] == count
    assert found["torn"] > count // 2


def test_the_images_find_a_log_that_is_not_synced(tmp_path: Path, figure: Say) -> None:
    """A control: with ``synchronous = NORMAL`` books stay whole, but acknowledged commits are gone."""
    found = cut_lives(tmp_path, 200, {SYNC: "PRAGMA synchronous = NORMAL"})
    figure(f"power cut, control synchronous=NORMAL: {found['images']} images, {found['lost']} with losses")
    assert found["lost"] > 20


def test_the_images_find_a_disk_that_is_never_waited_for(tmp_path: Path, figure: Say) -> None:
    """A control: with ``synchronous = OFF`` books are damaged as well."""
    life = life_of_counters(folder(tmp_path, "life"), 1, {SYNC: "PRAGMA synchronous = OFF"})
    outcomes: Counter[str] = Counter()
    image_folder = folder(tmp_path, "image")
    for image, told, _ in images(life, 100, random.Random(1)):
        put(image, image_folder)
        try:
            life.check(image_folder / "book.db", told)
        except Exception as error:  # noqa: BLE001 - a damaged file fails in many ways, and that it does is the claim
            outcomes["lost" if isinstance(error, Lost) else "damaged"] += 1
    figure(f"power cut, control synchronous=OFF: 100 images, {outcomes['lost']} lost, {outcomes['damaged']} damaged")
    assert outcomes["lost"] > 5
    assert outcomes["damaged"] > 5


# ---------------------------------------------------------------- the first moments


def cut_creations(parent: Path, count: int) -> Counter[str]:
    """Cut the making of a book; counts the images, and those that cannot be opened."""
    place, image_folder = folder(parent, "life"), folder(parent, "image")
    disk, chance = Disk(place), random.Random(0)
    with contextlib.closing(SqliteStore.open(place / "book.db", connect=connector(disk.name))) as store:
        store.prepare([COUNT])
    life = Life(disk.start, tuple(disk.events), lambda path, told: 0)
    found: Counter[str] = Counter()
    for image, _, _ in images(life, count, chance):
        put(image, image_folder)
        found["images"] += 1
        try:
            with contextlib.closing(SqliteStore.open(image_folder / "book.db")) as store:
                assert counters.check_whole(store, ()) == 0
        except NotACasebook:
            found["refused"] += 1
    return found


def test_a_book_that_was_just_being_made_is_made_anew(tmp_path: Path, figure: Say) -> None:
    """Whatever part of its first pages came to the disk."""
    found = cut_creations(tmp_path, 300)
    figure(f"power cut while a book is made: {found['images']} images, {found['refused']} refused")
    assert found["refused"] == 0


def test_the_images_find_a_making_that_is_not_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Say
) -> None:
    """A control: whatever cannot be read is refused."""
    monkeypatch.setattr(CasebookFile, "_creation_was_killed", lambda _: False)
    found = cut_creations(tmp_path, 60)
    figure(f"power cut while a book is made, control: {found['images']} images, {found['refused']} refused")
    assert found["refused"] > 0


# ---------------------------------------------------------------- erased bytes


def revived(life: Life, count: int, seed: int) -> int:
    """In how many images the bytes of something stand again that was told to be erased."""
    return sum(
        any(counters.private_part(-number).encode() in data for number in told if number < 0 for data in image.values())
        for image, told, _ in images(life, count, random.Random(seed))
    )


def test_a_power_cut_brings_no_erased_bytes_back(tmp_path: Path, figure: Say) -> None:
    """Neither in the file nor in the log, from the moment at which the erasure returned."""
    found = sum(revived(life_of_counters(folder(tmp_path, f"life-{seed}"), seed, {}), 500, seed) for seed in range(4))
    figure(f"power cut after erasures: 2,000 images, erased bytes back in {found}")
    assert found == 0


def test_the_images_find_an_emptied_log_that_is_not_waited_for(tmp_path: Path, figure: Say) -> None:
    """A control: nothing is written after the log was emptied, so that the disk may still have it as it was."""
    instead = {f"PRAGMA user_version = {SCHEMA_VERSION}": "SELECT 1"}
    lives = [life_of_counters(folder(tmp_path, f"life-{seed}"), seed, instead) for seed in range(4)]
    found = sum(revived(life, 500, seed) for seed, life in enumerate(lives))
    figure(f"power cut after erasures, control of a log that is not waited for: erased bytes back in {found} images")
    assert found > 0


# ---------------------------------------------------------------- the simulation itself


def test_what_was_synced_is_in_every_image_and_all_else_in_some(tmp_path: Path) -> None:
    """The images are neither too kind nor too cruel."""
    platter = Platter({"a": b""})
    disk = Disk(tmp_path)
    for event in (*disk.events, Write(0, 0, b"s" * 512), Write(0, 512, b"s" * 512)):
        platter.show(event)
    before = {platter.image(random.Random(seed))["a"] for seed in range(200)}
    assert before == {b"", b"s" * 512, b"\0" * 512 + b"s" * 512, b"s" * 1024}
