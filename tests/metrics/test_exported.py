"""What is exported in Parquet gives on every engine the table that the book itself gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from community_mediation.metrics import ResultTable, Survival, survival, table
from tests.metrics.exported import QUESTION, exported

READ: Final[dict[str, Callable[[Path], Any]]] = {
    "Polars": pl.scan_parquet,
    "Polars, by pattern": lambda place: pl.scan_parquet(place / "*.parquet"),
    "pandas": pd.read_parquet,
    "pandas, nullable": lambda place: pd.read_parquet(place, dtype_backend="numpy_nullable"),
    "pandas over Arrow": lambda place: pd.read_parquet(place, dtype_backend="pyarrow"),
    "Arrow": pq.read_table,
    "an Arrow data set": lambda place: ds.dataset(place).to_table(),
    "DuckDB": lambda place: duckdb.connect().read_parquet(f"{place}/*.parquet"),
}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ResultTable, Survival]:
    return exported(tmp_path_factory.mktemp("export"))


@pytest.mark.parametrize("name", READ)
def test_every_engine_reads_the_parts_as_one_table(name: str, export: tuple[Path, ResultTable, Survival]) -> None:
    place, expected, curve = export
    assert table(READ[name](place), **QUESTION).rows == expected.rows
    assert survival(READ[name](place), **QUESTION).figures == curve.figures


def test_a_part_that_is_lost_would_be_seen(export: tuple[Path, ResultTable, Survival]) -> None:
    """The control."""
    place, expected, _ = export
    assert table(pl.scan_parquet(place / "part-[012].parquet"), **QUESTION).rows != expected.rows
