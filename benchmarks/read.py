"""One case out of the book, against reading its rows with nothing around, and against other libraries."""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import community_mediation as cm
from benchmarks import Result, benchmark, interleaved
from benchmarks._rows import Book
from benchmarks._timing import each, missing
from benchmarks._workload import cases

CASES, OTHERS = 150, 40
ENTRIES = "SELECT * FROM entry WHERE matter_id = ? ORDER BY position"
PARTS = (
    "SELECT private.position, subject, data FROM entry CROSS JOIN private ON place >= entry.position << 20 "
    "AND place < (entry.position + 1) << 20 WHERE kept AND matter_id = ?"
)


@benchmark("read")
def read() -> Iterator[Result]:
    """``book.get``: rows, digests checked, decoded, folded, against the rows alone."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "cases.db"
        ready = cases(CASES)
        ids = [one.id for one in ready]
        with cm.open_casebook(f"sqlite:///{path}") as book:
            book.add_many(ready)
            raw = sqlite3.connect(path)

            def rows(id: str) -> object:
                return raw.execute(ENTRIES, (id,)).fetchall(), raw.execute(PARTS, (id,)).fetchall()

            if [book.get(one.id).events for one in ready] != [one.events for one in ready]:
                raise AssertionError("the book does not give what was saved")
            ours = each(book.get, ids)
            yield interleaved("read (raw rows)", ours, each(rows, ids), target=5.0, stretch=3.0)
            # The others take long; a few cases say as much of them.
            ids, ready = ids[:OTHERS], ready[:OTHERS]
            ours = each(book.get, ids)
            raw.close()
            if not missing("read", "sqlalchemy", "SQLAlchemy's ORM"):
                from benchmarks._orm import Mapped

                reader, end = Mapped(Book.read(path)).reader(path)
                yield _faster("read (SQLAlchemy ORM)", ours, each(reader, ids))
                end()
            if not missing("read", "eventsourcing", "eventsourcing"):
                from benchmarks._eventsourced import Kept, filled

                application, kept = filled(Path(place) / "es.db", ready)

                def theirs(id: uuid.UUID) -> Kept:
                    found: Kept = application.repository.get(id)
                    return found

                yield _faster("read (eventsourcing)", ours, each(theirs, kept))


def _faster(name: str, ours: object, theirs: object) -> Result:
    return interleaved(name, ours, theirs, target=5.0, stretch=8.0, higher_is_better=True, rounds=7)  # type: ignore[arg-type]
