"""A disk that is really full: a small file system in memory, mounted for one program only."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.survival.programs import HERE

Say = Callable[[str], None]
MEBIBYTES = 64
"""Room for a log of 1,000 pages, at which it is moved into the file, four times over."""


def on_a_small_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program that sees a small disk in the place of a folder."""
    mount = f"mount -t tmpfs -o size={MEBIBYTES}m none {shlex.quote(str(folder))}"
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f"{mount} && exec {shlex.join(command)}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder in whose place a small disk may be mounted."""
    try:
        tried = on_a_small_disk(tmp_path, "true")
    except FileNotFoundError:
        pytest.skip("no program here mounts a file system of its own: unshare is not installed")
    if tried.returncode:
        pytest.skip("this system does not allow a program to mount a file system of its own")
    return tmp_path


def fill(folder: Path, rounds: int, *how: str) -> tuple[int, int, int]:
    """How often a program was told that the disk is full, its entries at the end, and the losses."""
    done = on_a_small_disk(folder, sys.executable, str(HERE / "full_driver.py"), str(folder), str(rounds), *how)
    assert (done.returncode, done.stderr) == (0, "")
    full, entries, lost = json.loads(done.stdout)
    return full, entries, lost


def test_a_full_disk_is_said_and_work_goes_on_when_there_is_room(small: Path, figure: Say) -> None:
    """Every failure is ``StoreFull``; reading goes on meanwhile; nothing is there by half, before and after."""
    full, entries, lost = fill(small, 60)
    figure(
        f"full disk: filled 60 times, told {full} times, {entries:,} entries at the end, {lost} losses, 0 raw errors"
    )
    assert lost == 0
    assert full > 60


def test_the_check_finds_a_store_that_does_not_hear(small: Path, figure: Say) -> None:
    """A control: what found no room is acknowledged."""
    _, _, lost = fill(small, 10, "deaf")
    figure(f"full disk, control of a store that does not hear: {lost} losses seen in 10 rounds")
    assert lost > 0
