"""The outcome table over a million cases on PySpark with two threads, against hand-written Spark SQL."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import Result, benchmark, interleaved
from benchmarks._facts import write
from benchmarks._timing import missing
from benchmarks.metrics import MILLION, SQL, UNIQUE, Numbers, by_metrics, timer


def by_hand(session: Any, folder: Path) -> Numbers:
    """The numbers by SQL, after looking that no case stands twice."""
    files = f"parquet.`{folder}`"
    (found,) = session.sql(_in_spark(UNIQUE, files)).collect()
    if found[0] != found[1]:
        raise AssertionError("a case stands twice")
    return {(row[0], row[1]): tuple(row[2:]) for row in session.sql(_in_spark(SQL, files)).collect()}


def _in_spark(sql: str, files: str) -> str:
    """The same SQL, in Spark's words."""
    for ours, theirs in (
        ("read_parquet('{files}')", files),
        ("FILTER (", "FILTER (WHERE "),
        ("conclusion IS DISTINCT FROM 'void'", "NOT (conclusion <=> 'void')"),
    ):
        sql = sql.replace(ours, theirs)
    return sql


@benchmark("spark", on_request=True)
def spark() -> Iterator[Result]:
    """By centre and type of dispute: 400 groups."""
    if missing("spark", "pyspark", "The table on Spark"):
        return
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC"}
    builder = SparkSession.builder.master("local[2]").appName("benchmarks")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        with tempfile.TemporaryDirectory() as place:
            folder = write(Path(place, "case"), MILLION)
            frame = session.read.parquet(str(folder))
            reference = functools.partial(by_hand, session, folder)
            if by_metrics(frame) != reference():
                raise AssertionError("Spark and its SQL give other numbers")
            ours = timer(lambda: by_metrics(frame))
            yield interleaved(f"spark ({MILLION:,})", ours, timer(reference), target=1.25, stretch=1.1, rounds=7)
    finally:
        session.stop()
