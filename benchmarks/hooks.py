"""What plugins cost that have nothing to say: ``save`` with three idle ones, against ``save`` with none."""

from __future__ import annotations

import contextlib
import importlib.metadata
import time
from collections.abc import Iterator, Sequence
from types import ModuleType, SimpleNamespace
from unittest import mock

import community_mediation as cm
from benchmarks import Result, Timer, benchmark, interleaved
from benchmarks._workload import cases
from community_mediation.hookspecs import hookimpl

CASES = 100
NAMES = ("idle-1", "idle-2", "idle-3")


@hookimpl
def mediation_check(event: object) -> None:
    """Objects to nothing."""


def idle(name: str) -> ModuleType:
    """A plugin that is asked of everything and never says anything."""
    module = ModuleType(name)
    vars(module).update(mediation_check=mediation_check, HOOK_API=1)
    return module


@contextlib.contextmanager
def installed() -> Iterator[None]:
    """As if three idle plugins were installed beside what is."""
    real = importlib.metadata.entry_points

    def points(**wanted: str) -> list[object]:
        ours = [SimpleNamespace(name=name, value=name, dist=None, load=lambda name=name: idle(name)) for name in NAMES]
        return [*real(**wanted), *ours]

    with mock.patch.object(importlib.metadata, "entry_points", points):
        yield


@benchmark("hooks")
def hooks() -> Sequence[Result]:
    """Into memory, where nothing hides behind a disk."""

    def saving(*plugins: str) -> Timer:
        def run() -> float:
            ready = cases(CASES)
            with cm.open_casebook("memory:", plugins=plugins) as book:
                start = time.process_time()
                for each in ready:
                    book.save(each)
                return time.process_time() - start

        return run

    with installed():
        return [interleaved("hooks (3 idle plugins)", saving(*NAMES), saving(), target=1.05, stretch=1.02, rounds=21)]
