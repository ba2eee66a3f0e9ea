"""One case out of the book, against reading its rows with nothing around, and against other libraries."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator, Sequence
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
                yield _faster("read (eventsourcing)", ours, _eventsourcing(Path(place) / "es.db", ready))


def _faster(name: str, ours: object, theirs: object) -> Result:
    return interleaved(name, ours, theirs, target=5.0, stretch=8.0, higher_is_better=True, rounds=7)  # type: ignore[arg-type]


def _eventsourcing(path: Path, ready: Sequence[cm.Case]) -> object:
    """The same events as documents of an aggregate of that library, in its own SQLite tables."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate
    from eventsourcing.domain import event as happening

    from community_mediation.casebook.folding import Folder
    from community_mediation.plugins import Plugins

    codec = Folder(Plugins().kinds()).codec

    class Kept(Aggregate):
        """A case as that library keeps one."""

        def __init__(self) -> None:
            self.known: dict[str, object] = {}

        @happening("Happened")
        def happen(self, what: dict[str, object]) -> None:
            """One event."""
            self.known.update(what)

    application: Application[uuid.UUID] = Application(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": os.fspath(path)}
    )
    ids = []
    for case in ready:
        kept = Kept()
        for event in case.pending:
            encoded = codec.encode(case.id, [event], salt=str)
            kept.happen({**json.loads(encoded.body)["events"][0], "private": dict(encoded.private)})
        application.save(kept)
        ids.append(kept.id)
    # The application ends what it opened when nobody holds it any more.
    return each(lambda id: application.repository.get(id), ids)  # noqa: PLW0108 - its type cannot be told
