"""Timers that several benchmarks need."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from benchmarks import Timer

Thing = TypeVar("Thing")


def each(call: Callable[[Thing], object], things: Iterable[Thing]) -> Timer:
    """A timer of one call for each thing, by the processor's time.

    Nothing here waits for a disk. The clock on the wall would count what other programs do, and most of it against
    the side that takes longer: the shorter one ends before it loses its turn.
    """
    several = list(things)

    def run() -> float:
        start = time.process_time()
        for thing in several:
            call(thing)
        return time.process_time() - start

    return run


def missing(name: str, library: str, what: str) -> bool:
    """Whether a library that only the benchmarks need is not installed; says so in a line."""
    if importlib.util.find_spec(library) is not None:
        return False
    print(f"{name:<24} {what} is not measured: {library} is not installed.", flush=True)
    return True
