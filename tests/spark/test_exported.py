"""Spark reads what is exported in Parquet, its parts as one table and its instants as instants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from community_mediation.metrics import ResultTable, Survival, survival, table
from tests.metrics.exported import QUESTION, exported


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ResultTable, Survival]:
    return exported(tmp_path_factory.mktemp("export"))


def test_spark_reads_the_parts_as_one_table(spark: Any, export: tuple[Path, ResultTable, Survival]) -> None:
    place, expected, curve = export
    cases = spark.read.parquet(str(place))
    assert table(cases, **QUESTION).rows == expected.rows
    assert survival(cases, **QUESTION).figures == curve.figures


def test_every_column_has_its_type(spark: Any, export: tuple[Path, ResultTable, Survival]) -> None:
    types = dict(spark.read.parquet(str(export[0])).dtypes)
    assert (types["reported_at"], types["reported_on"]) == ("timestamp", "date")
    assert (types["amount_agreed"], types["on_the_spot"], types["parties"]) == ("decimal(38,6)", "boolean", "bigint")
