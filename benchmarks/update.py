"""Load a case, move it once, save it durably, against the bare device: 24 KiB written and flushed."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import community_mediation as cm
from benchmarks import Result, benchmark, interleaved
from benchmarks._rows import Book
from benchmarks._timing import missing
from benchmarks._workload import BY, CHINA, cases

CASES = 100
BLOCK = bytes(24 * 1024)
_flush = getattr(os, "fdatasync", os.fsync)


@benchmark("update")
def update() -> Iterator[Result]:
    """As a share of the device's own rate, measured in the same folder; and against other libraries there."""
    with tempfile.TemporaryDirectory() as place:
        folder, numbers = Path(place), itertools.count()
        prepared = folder / "cases.db"
        ready = cases(CASES)
        with cm.open_casebook(f"sqlite:///{prepared}") as book:
            book.add_many(ready)
        later = cm.When.at(dt.datetime(2040, 1, 1, tzinfo=CHINA))

        def ours() -> float:
            # A copy for each round, so that no case grows from round to round.
            path = folder / f"{next(numbers)}.db"
            shutil.copyfile(prepared, path)
            with cm.open_casebook(f"sqlite:///{path}") as book:
                start = time.perf_counter()
                for each in ready:
                    case = book.get(each.id)
                    book.save(case.follow_up(kept=cm.Compliance.KEPT, sued=False, at=later, by=BY))
                return time.perf_counter() - start

        with (folder / "bare").open("wb", 0) as file:

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
        yield result
        if not missing("update", "sqlalchemy", "SQLAlchemy's ORM"):
            from benchmarks._orm import Mapped

            mapped = Mapped(Book.read(prepared))

            def through_orm() -> float:
                path = folder / f"{next(numbers)}.db"
                shutil.copyfile(prepared, path)
                update, end = mapped.updater(path)
                start = time.perf_counter()
                for each in ready:
                    update(each.id)
                taken = time.perf_counter() - start
                end()
                return taken

            yield interleaved(
                "update (SQLAlchemy ORM)",
                ours,
                through_orm,
                target=2.8,
                stretch=4.3,
                higher_is_better=True,
                rounds=7,
            )
        if not missing("update", "eventsourcing", "eventsourcing"):
            from benchmarks._eventsourced import Kept, codec, document, filled

            made = codec()

            def through_eventsourcing() -> float:
                application, ids = filled(folder / f"{next(numbers)}.db", ready)
                start = time.perf_counter()
                for each, id in zip(ready, ids, strict=True):
                    kept: Kept = application.repository.get(id)
                    moved = each.follow_up(kept=cm.Compliance.KEPT, sued=False, at=later, by=BY)
                    kept.happen(document(made, each.id, moved.pending[-1]))
                    application.save(kept)
                taken = time.perf_counter() - start
                application.close()
                return taken

            yield interleaved(
                "update (eventsourcing)",
                ours,
                through_eventsourcing,
                target=1.6,
                stretch=2.4,
                higher_is_better=True,
                rounds=7,
            )
