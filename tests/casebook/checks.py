"""What tests of the book look at: everything that a book says, and what it ought to say by folding its journal."""

from __future__ import annotations

import base64
import datetime as dt
import json
import sqlite3
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.history import timeline
from community_mediation.domain.matter import Matter
from community_mediation.facts.schema import Cell, FactsRow
from community_mediation.plugins import Plugins
from community_mediation.ports import Kind
from tests.casebook.samples import TICK

Row = dict[str, Cell]
Shown = dict[str, list[str]]


def printed(rows: Iterable[Mapping[str, Cell]]) -> list[str]:
    """Rows to compare to the last digit: 1.0 is not 1.00."""
    return sorted(repr(sorted(row.items())) for row in rows)


def all_facts(book: Casebook, known_at: int | None = None) -> Shown:
    """Every row of every table, as known at a position."""
    return {table: printed(book.facts(table, known_at=known_at).rows()) for table in book.tables}


def all_versions(book: Casebook) -> list[Shown]:
    """Every row of every table at every position."""
    return [all_facts(book, position) for position in range(book.store.head().position + 1)]


def folded_facts(book: Casebook, matters: Iterable[Matter], kinds: Mapping[str, Kind] | None = None) -> Shown:
    """The rows that *matters* come to."""
    rows: dict[str, list[Row]] = {table: [] for table in book.tables}
    known = kinds or Plugins().kinds()
    for matter in matters:
        kind = next(each for each in known.values() if each.matter is type(matter))
        for row in kind.rows(matter):
            rows[row.table].append(dict(zip(book.tables[row.table].names, row.cells, strict=True)))
    return {table: printed(some) for table, some in rows.items()}


def matters_at(book: Casebook, position: int) -> list[Matter]:
    """All matters but the book's own, as known at a position."""
    ids = dict.fromkeys(entry.matter_id for entry in book.log() if entry.position <= position and entry.kind != "book")
    return [book.get(id, known_at=position) for id in ids]


def state_of(book: Casebook) -> tuple[Any, ...]:
    """All that a refused change must leave as it was."""
    entries = tuple(book.store.log(limit=10_000))
    return entries, book.store.head(), all_facts(book)


def moments(case: Case) -> list[dt.datetime]:
    """Every boundary in the life of a case, and a microsecond before and after each."""
    edges = {timed.since for timed in timeline(case.events) if timed.since is not None}
    return sorted({edge + step for edge in edges for step in (-TICK, 0 * TICK, TICK)})


def named(rows: Iterable[FactsRow]) -> list[tuple[str, Row]]:
    """Rows with their table, column by column."""
    schemas = {schema.table: schema for kind in Plugins().kinds().values() for schema in kind.schemas}
    return [(row.table, dict(zip(schemas[row.table].names, row.cells, strict=True))) for row in rows]


# ---------------------------------------------------------------- files and leaks


def raw(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a statement on a file behind the library's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        return connection.execute(sql, values).fetchall()


def bytes_of(path: Path) -> bytes:
    """All that lies on the disk: the file, its log and the log's index."""
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    return b"".join(file.read_bytes() for file in files if file.exists())


def disguises(canary: str) -> Iterator[bytes]:
    """A text as it might lie about: plain, as JSON, in a URL, as base64 or hex, in UTF-16."""
    plain = canary.encode()
    yield plain
    yield json.dumps(canary)[1:-1].encode()
    yield urllib.parse.quote(canary).encode()
    yield plain.hex().encode()
    yield canary.encode("utf-16-le")
    # The middle of a base64 text looks the same wherever the text begins in a group of three.
    for shift in range(3):
        yield base64.b64encode(b"\0" * shift + plain)[4:-4]


def found_in(haystack: bytes | str, canaries: Iterable[str]) -> list[str]:
    """Those of the canaries that can be found in some disguise."""
    hay = haystack.encode("utf-8", "backslashreplace") if isinstance(haystack, str) else haystack
    return [canary for canary in canaries if any(form in hay for form in disguises(canary))]
