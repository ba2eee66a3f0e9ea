"""Load a case, move it once, save it durably, against the bare device: 24 KiB written and flushed."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import community_mediation as cm
from benchmarks import Result, benchmark, interleaved
from benchmarks._workload import BY, CHINA, cases

CASES = 100
BLOCK = bytes(24 * 1024)
_flush = getattr(os, "fdatasync", os.fsync)


@benchmark("update")
def update() -> Sequence[Result]:
    """As a share of the device's own rate; the device is measured in the same folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with cm.open_casebook(f"sqlite:///{folder / 'cases.db'}") as book, (folder / "bare").open("wb", 0) as file:
            ready = cases(CASES)
            book.add_many(ready)
            later = cm.When.at(dt.datetime(2030, 1, 1, tzinfo=CHINA))
            visits = 0

            def ours() -> float:
                nonlocal visits
                visits += 1
                start = time.perf_counter()
                for each in ready:
                    # Three visits, then the file is put away and taken out again: a case does not grow for ever.
                    case = book.get(each.id)
                    if case.file == "open" and visits % 2:
                        case = case.close(at=later, by=BY)
                    else:
                        case = case.follow_up(kept=cm.Compliance.KEPT, sued=False, at=later, by=BY)
                    book.save(case)
                return time.perf_counter() - start

            def reference() -> float:
                start = time.perf_counter()
                for _ in ready:
                    file.write(BLOCK)
                    _flush(file.fileno())
                return time.perf_counter() - start

            result = interleaved(
                f"update ({CASES} cases)", ours, reference, target=0.4, stretch=0.6, higher_is_better=True
            )
        rate = CASES / min(result.reference)
        print(f"{'update':<24} the device alone: {rate:,.0f} flushes of 24 KiB a second", flush=True)
        return [result]
