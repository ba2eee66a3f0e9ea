"""That a frame has one row for each thing that it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._collected import rows_of, streamed

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw


MOST_HASHES: Final = 50_000_000
"""How many may leave the engine, eight bytes each."""

MOST_FROM_AFAR: Final = 5_000_000
"""How many may leave a cluster."""


def schema_of(native: Any) -> Mapping[str, Any]:
    """The columns of a frame with their types."""
    import narwhals.stable.v2 as nw

    found: Mapping[str, Any] = native.collect_schema() if isinstance(native, nw.LazyFrame) else native.schema
    return found


def lazily(native: Any) -> nw.LazyFrame[Any]:
    """The frame, to be computed later."""
    import narwhals.stable.v2 as nw

    return native.lazy() if isinstance(native, nw.DataFrame) else native


def check_rows(native: Any, key: Sequence[str]) -> int | None:
    """Look that no two rows have the same *key*; give the number of rows that have one, where it came to light.

    Raises:
        InvalidQuery: Some have, or of a key of several columns the first is empty.
    """
    import narwhals.stable.v2 as nw

    columns, lazy = set(schema_of(native)), lazily(native)
    id_, counted = nw.col(key[0]), None
    if len(key) > 1 and key[0] in columns:
        (row,) = rows_of(lazy.select(rows=nw.len(), named=id_.count()))
        counted = row["rows"] or 0
        if row["rows"] != row["named"]:
            raise InvalidQuery(
                f"{row['rows'] - row['named']:,} rows have no {key[0]}, which names what they are about."
            )
    if not set(key) <= columns:
        return None
    # Different hashes are of different rows, and cost a half; only where some are the same the rows must tell.
    hashes = _hashes(lazy, key, counted)
    if hashes is not None and hashes[0] == hashes[1]:
        return hashes[0]
    named = lazy.filter(~id_.is_null())
    if len(key) == 1:
        (row,) = rows_of(named.select(rows=id_.count(), cases=id_.n_unique()))
    else:
        (row,) = rows_of(named.select(rows=id_.count()))
        (found,) = rows_of(named.select(*key).unique().select(cases=id_.count()))
        row = {**row, **found}
    # Over no rows at all some engines count nothing instead of 0.
    if (row["rows"] or 0) != (row["cases"] or 0):
        what = "cases" if len(key) == 1 else "different ones"
        raise InvalidQuery(
            f"The frame has {row['rows']:,} rows for {row['cases']:,} {what}, so that some would count twice."
            f" Give one row for each {' and '.join(key)}."
        )
    return int(row["rows"] or 0)


def _hashes(lazy: nw.LazyFrame[Any], names: Sequence[str], counted: int | None) -> tuple[int, int] | None:
    """How many rows are named, and how many different numbers the engine makes of these columns, where it does.

    The frame has *counted* rows, if they have been counted.
    """
    import narwhals.stable.v2 as nw

    native = nw.to_native(lazy.filter(~nw.col(names[0]).is_null()))
    hashes: nw.LazyFrame[Any]
    if lazy.implementation.is_polars():
        import polars as pl

        parts = pl.struct(names) if len(names) > 1 else pl.col(*names)
        hashes = nw.from_native(native.select(parts.hash().alias("hash")))
    elif lazy.implementation.is_duckdb():
        from duckdb import ColumnExpression, FunctionExpression

        number = FunctionExpression("hash", *map(ColumnExpression, names))
        hashes = nw.from_native(native.select(number.alias("hash")))
    elif lazy.implementation.is_pyspark():
        from pyspark.sql import functions

        columns = ("`" + name.replace("`", "``") + "`" for name in names)
        hashes = nw.from_native(native.select(functions.xxhash64(*columns).alias("hash")))
    else:
        return None
    if counted is None:
        counted = rows_of(lazy.select(rows=nw.len()))[0]["rows"] or 0
    if counted > (MOST_FROM_AFAR if lazy.implementation.is_pyspark() else MOST_HASHES):
        (row,) = rows_of(hashes.select(rows=nw.len(), cases=nw.col("hash").n_unique()))
        return row["rows"] or 0, row["cases"] or 0
    import numpy as np

    # Sorting them takes half the time of looking each up.
    numbers = np.sort(streamed(hashes)["hash"].to_numpy())
    return len(numbers), len(numbers) - int((numbers[1:] == numbers[:-1]).sum())
