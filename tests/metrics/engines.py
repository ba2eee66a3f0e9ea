"""The same frame for each engine that the metrics run on."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl

_NUMBERS: Final = itertools.count()


@cache
def _place() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="frames")


def in_parquet(frame: pl.DataFrame) -> str:
    """A file of its own, in small row groups; it goes with the process."""
    path = Path(_place().name, f"{next(_NUMBERS)}.parquet")
    frame.write_parquet(path, row_group_size=7)
    return str(path)


def in_duckdb(frame: pl.DataFrame, zone: str = "UTC") -> duckdb.DuckDBPyRelation:
    """A relation over Arrow, on a connection of its own with a clock of its own."""
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    return connection.from_arrow(frame.to_arrow())


def over_parquet(frame: pl.DataFrame, zone: str = "UTC") -> duckdb.DuckDBPyRelation:
    """A relation over a file."""
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    return connection.read_parquet(in_parquet(frame))


def in_objects(frame: pl.DataFrame) -> pd.DataFrame:
    """In pandas, which keeps dates and gaps as objects."""
    return pd.DataFrame(frame.to_dicts(), columns=frame.columns)


ENGINES: Final[dict[str, Callable[[pl.DataFrame], Any]]] = {
    "lazy Polars": lambda frame: frame.lazy(),
    "Polars over a file": lambda frame: pl.scan_parquet(in_parquet(frame)),
    "pandas of objects": in_objects,
    "pandas over NumPy": lambda frame: frame.to_pandas(),
    "nullable pandas": lambda frame: in_objects(frame).convert_dtypes(dtype_backend="numpy_nullable"),
    "pandas over Arrow": lambda frame: frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "Arrow": lambda frame: frame.to_arrow(),
    "DuckDB": in_duckdb,
    "DuckDB over a file": over_parquet,
    "DuckDB by another clock": lambda frame: over_parquet(frame, "America/New_York"),
}
"""How each engine is given a frame."""
