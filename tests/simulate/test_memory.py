"""A simulation of any size streams through the same memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("memory_driver.py")
MORE = 6 * 1024
"""So many KiB may be between a small simulation and a large one: what an allocator keeps, and not what cases take."""


def peak(what: str, count: int, yearly: int, held: str = "5") -> int:
    """The peak of a process that generates so many, with so many a year, in KiB."""
    done = subprocess.run(
        [sys.executable, str(DRIVER), what, str(count), str(yearly), held],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("what", ["cases", "matters"])
def test_more_cases_take_no_more_memory(amount: Callable[[int, int], int], what: str) -> None:
    few, many = amount(200, 10_000), amount(1_500, 100_000)
    small, large = (peak(what, number, amount(500, 10_000)) for number in (few, many))
    print(f"\n  {what}: {small / 1024:.1f} MiB at {few:,} cases, {large / 1024:.1f} MiB at {many:,}")  # noqa: T201
    assert large - small < MORE


def test_a_stream_that_is_held_is_caught() -> None:
    """The control keeps every case."""
    assert peak("cases", 900, 500, "all") - peak("cases", 200, 500) > MORE
