"""Generates so many cases, holds the last few or all, and says how much memory the process had at most, in KiB."""

from __future__ import annotations

import collections
import contextlib
import resource
import sys
from pathlib import Path

from community_mediation import simulate


def main(what: str, count: int, yearly: int, held: int | None) -> None:
    """Take them one by one."""
    # So many are open at one time, however many there are.
    years = max(1, count // yearly)
    period = simulate.Scenario().period
    longer = type(period)(period.first, period.last.replace(year=period.first.year + years - 1))
    scenario = simulate.Scenario(cases=count, period=longer, centres=3)
    stream = simulate.cases(scenario) if what == "cases" else simulate.matters(scenario)
    kept: collections.deque[object] = collections.deque(maxlen=held)
    with contextlib.suppress(OSError):
        # A new process has the peak of the one that started it, until that is forgotten.
        Path("/proc/self/clear_refs").write_text("5")
    kept.extend(stream)
    sys.stdout.write(f"{peak()}\n")


def peak() -> int:
    """Of this process, in KiB."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), None if sys.argv[4] == "all" else int(sys.argv[4]))
