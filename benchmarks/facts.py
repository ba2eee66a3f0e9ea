"""Facts of very many cases out of SQLite into a frame, against ADBC on the same table.

ADBC's driver for SQLite reads columns in C. It knows no dates, moments or decimals: they are made of its texts here, as
the library makes them, and once more ADBC is measured as it is. (A casebook does not use it: the driver brings an
SQLite of its own, and two in one process drop each other's locks on a file, https://www.sqlite.org/howtocorrupt.html,
2.2.1. Here nobody writes.)
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

import community_mediation as cm
from benchmarks import Result, Timer, benchmark, interleaved
from benchmarks._timing import missing
from benchmarks._workload import cases
from community_mediation.facts.schema import ColumnType

ROWS, MILLION = 100_000, 1_000_000
MODELS = 1_000
FEW = ("centre", "dispute_type", "conclusion", "amount_agreed", "reported_on")


def multiply(path: Path, rows: int) -> None:
    """Let the book's facts of cases be *rows*: its own over and over, under other ids."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = [f'"{column[1]}"' for column in connection.execute("PRAGMA table_info(case_versions)")]
        picked = ", ".join(["printf('%08x', number) || substr(matter_id, 9)", *names[1:]])
        connection.execute("CREATE TEMP TABLE model AS SELECT * FROM case_versions ORDER BY matter_id")
        connection.execute("DELETE FROM case_versions")
        connection.execute(
            "WITH RECURSIVE copy (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM copy WHERE number < ?) "
            f"INSERT INTO case_versions SELECT {picked} FROM copy CROSS JOIN model",
            (rows // MODELS,),
        )
        connection.commit()


def through_adbc(path: Path, names: Sequence[str]) -> pl.DataFrame:
    """The columns as ADBC gives them."""
    import adbc_driver_sqlite.dbapi as adbc

    picked = ", ".join(f'"{name}"' for name in names)
    with adbc.connect(f"file:{path}?mode=ro") as connection, connection.cursor() as cursor:
        cursor.execute(f'SELECT {picked} FROM case_versions WHERE known_to IS NULL ORDER BY matter_id, "row"')
        found = pl.from_arrow(cursor.fetch_arrow_table())
    assert isinstance(found, pl.DataFrame)
    return found


def typed(frame: pl.DataFrame, kinds: dict[str, ColumnType]) -> pl.DataFrame:
    """The same with the types of a frame of facts."""
    made: dict[ColumnType, Callable[[Any], Any]] = {
        ColumnType.TEXT: lambda column: column.cast(pl.String),
        ColumnType.BOOL: lambda column: column.cast(pl.Boolean),
        ColumnType.DECIMAL: lambda column: column.cast(pl.String).cast(pl.Decimal(38, 6)),
        ColumnType.DATE: lambda column: column.cast(pl.String).str.to_date("%Y-%m-%d"),
        ColumnType.INSTANT: lambda column: column.cast(pl.String).str.to_datetime(
            "%Y-%m-%dT%H:%M:%S.%6fZ", time_unit="us", time_zone="UTC", cache=False
        ),
    }
    return frame.with_columns(made[kind](pl.col(name)) for name, kind in kinds.items() if kind in made)


def timer(read: Callable[[], pl.DataFrame], rows: int) -> Timer:
    """A timer of a reading of so many rows."""

    def run() -> float:
        start = time.perf_counter()
        frame = read()
        taken = time.perf_counter() - start
        if len(frame) != rows:
            raise AssertionError(f"{len(frame)} rows instead of {rows}")
        return taken

    return run


def measure(rows: int) -> Iterator[Result]:
    """All columns, five columns, and all columns against ADBC as it is."""
    if missing("facts", "adbc_driver_sqlite", "Reading through ADBC"):
        return
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "cases.db")
        with cm.open_casebook(f"sqlite:///{path}") as book:
            book.add_many(cases(MODELS))
        multiply(path, rows)
        with cm.open_casebook(f"sqlite:///{path}") as book:
            kinds = {column.name: column.type for column in book.tables["case"].columns}

            def compared(what: str, names: Sequence[str], *, as_it_is: bool = False) -> Result:
                chosen = {name: kinds[name] for name in names}

                def ours() -> pl.DataFrame:
                    return book.facts("case", columns=names).to_polars()

                def reference() -> pl.DataFrame:
                    found = through_adbc(path, names)
                    return found if as_it_is else typed(found, chosen)

                if not as_it_is and not ours().equals(reference()):
                    raise AssertionError("the two frames differ")
                name = f"facts ({rows:,} x {what})"
                return interleaved(name, timer(ours, rows), timer(reference, rows), target=1.5, stretch=1.2, rounds=7)

            yield compared("5 columns", FEW)
            yield compared(f"{len(kinds)} columns", tuple(kinds))
            yield compared(f"{len(kinds)}, ADBC as it is", tuple(kinds), as_it_is=True)


@benchmark("facts")
def facts() -> Iterator[Result]:
    """100,000 cases."""
    return measure(ROWS)


@benchmark("facts-million", on_request=True)
def facts_million() -> Iterator[Result]:
    """A million cases: some ten minutes, and 1 GB in the temporary folder."""
    return measure(MILLION)
