"""Cases into a durable SQLite file, against writing the very same rows with nothing around."""

from __future__ import annotations

import itertools
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import community_mediation as cm
from benchmarks import Result, Timer, benchmark, interleaved
from benchmarks._rows import Book, total
from benchmarks._timing import missing
from benchmarks._workload import anew, cases, gathered
from community_mediation.plugins import Plugins
from community_mediation.stores import SqliteStore

CASES = 250


@benchmark("import")
def add_many() -> Iterator[Result]:
    """``add_many`` of ready-made cases: encode, hash, entries, facts of all grains, keys, indexes, one commit."""
    with tempfile.TemporaryDirectory() as place:
        folder, numbers = Path(place), itertools.count()

        def fresh() -> Path:
            return folder / f"{next(numbers)}.db"

        def ours() -> float:
            ready, path = anew(made), fresh()
            with cm.open_casebook(f"sqlite:///{path}") as book:
                start = time.perf_counter()
                book.add_many(ready)
                taken = time.perf_counter() - start
            path.unlink()
            return taken

        def committed() -> float:
            path = fresh()
            store = SqliteStore.open(path)
            store.prepare(schemas)
            start = time.perf_counter()
            store.commit(iter(changes))
            taken = time.perf_counter() - start
            store.close()
            path.unlink()
            return taken

        made, first = pickle.dumps(cases(CASES)), fresh()
        with cm.open_casebook(f"sqlite:///{first}") as book:
            book.add_many(pickle.loads(made))
        rows = Book.read(first)
        changes, kinds = gathered(pickle.loads(made)), Plugins().kinds()
        schemas = [schema for kind in kinds.values() for schema in kind.schemas]

        def into_empty(write: Callable[[Path], float]) -> Timer:
            def run() -> float:
                path = fresh()
                rows.empty(path)
                taken = write(path)
                if total(path) != {name: len(table.rows) for name, table in rows.tables.items()}:
                    raise AssertionError("the reference wrote other rows")
                path.unlink()
                return taken

            return run

        for name, timer in ((f"import ({CASES} cases)", ours), ("import (store's part)", committed)):
            yield interleaved(name, timer, into_empty(rows.write), target=0.5, stretch=0.65, higher_is_better=True)
        if not missing("import", "sqlalchemy", "Writing through SQLAlchemy"):
            from benchmarks._orm import Mapped

            mapped = Mapped(rows)
            for other, write, target in (("Core", mapped.write_core, 1.5), ("ORM", mapped.write_orm, 4.0)):
                yield interleaved(
                    f"import (SQLAlchemy {other})",
                    ours,
                    into_empty(write),
                    target=target,
                    stretch=target,
                    higher_is_better=True,
                    rounds=7,
                )
