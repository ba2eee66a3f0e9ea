"""What a book gives back: pages, entries, and facts for a frame of the caller's choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.domain.matter import Event
from community_mediation.errors import MissingExtra
from community_mediation.facts.schema import Cell, ColumnType, FactsSchema
from community_mediation.ports import RecordBatch

if TYPE_CHECKING:
    import pandas
    import polars


@attrs.frozen
class Found:
    """A page of rows.

    Attributes:
        rows: Column -> value.
        after: What to pass as ``after`` for the next page; ``None`` at the end.
    """

    rows: Sequence[dict[str, Cell]]
    after: str | None


@attrs.frozen(kw_only=True)
class RecordedEntry:
    """One entry of the journal, read back.

    Attributes:
        position: Its place in the journal.
        recorded_at: When the store took it.
        matter_id, kind: The matter.
        version: The matter's version after it.
        events: Its events; ``None`` if the kind is not installed.
        erased: Subjects whose private part is gone.
        hash: The entry's hash.
    """

    position: int
    recorded_at: dt.datetime
    matter_id: str
    kind: str
    version: int
    events: tuple[Event, ...] | None = attrs.field(repr=False)
    erased: frozenset[str]
    hash: str


@attrs.frozen
class Facts:
    """Rows of a facts table, read when asked for, as often as asked for.

    ``to_polars`` and ``to_pandas`` give frames; any library that reads the Arrow C stream
    (DuckDB, pyarrow, Polars) takes the object itself.
    """

    schema: FactsSchema
    columns: tuple[str, ...]
    _read: Callable[[], Iterator[RecordBatch]] = attrs.field(repr=False)

    def batches(self) -> Iterator[RecordBatch]:
        """The rows in batches of bounded size."""
        return self._read()

    def rows(self) -> Iterator[dict[str, Cell]]:
        """The rows one by one, column -> value."""
        for batch in self._read():
            for row in batch.rows:
                yield dict(zip(self.columns, row, strict=True))

    def to_polars(self) -> polars.DataFrame:
        """A Polars frame; decimals keep their digits.

        Raises:
            MissingExtra: Polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra("A Polars frame", "metrics") from None
        schema = {name: self._polars_type(pl, name) for name in self.columns}
        frames = []
        for batch in self._read():
            cells = list(zip(*batch.rows, strict=True)) if batch.rows else [() for _ in self.columns]
            frames.append(
                pl.DataFrame(
                    {
                        name: pl.Series(name, column, dtype=schema[name])
                        for name, column in zip(self.columns, cells, strict=True)
                    }
                )
            )
        return pl.concat(frames) if frames else pl.DataFrame(schema=schema)

    def _polars_type(self, pl: Any, name: str) -> Any:
        column = self.schema.column(name)
        kind = ColumnType.TEXT if column is None else column.type
        return {
            ColumnType.TEXT: pl.String,
            ColumnType.INT: pl.Int64,
            ColumnType.FLOAT: pl.Float64,
            ColumnType.BOOL: pl.Boolean,
            ColumnType.DECIMAL: pl.Decimal(38, DECIMAL_PLACES),
            ColumnType.DATE: pl.Date,
            ColumnType.INSTANT: pl.Datetime("us", "UTC"),
        }[kind]

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame: texts as objects, integers and truth values nullable, instants in UTC, dates as days.

        Raises:
            MissingExtra: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtra("A pandas frame", "pandas") from None
        data: dict[str, list[Cell]] = {name: [] for name in self.columns}
        for batch in self._read():
            for row in batch.rows:
                for name, cell in zip(self.columns, row, strict=True):
                    data[name].append(cell)
        return pd.DataFrame({name: self._pandas_series(pd, name, cells) for name, cells in data.items()})

    def _pandas_series(self, pd: Any, name: str, cells: list[Cell]) -> Any:
        column = self.schema.column(name)
        kind = ColumnType.TEXT if column is None else column.type
        if kind is ColumnType.INSTANT:
            return pd.to_datetime(pd.Series(cells, dtype="object"), utc=True).astype("datetime64[us, UTC]")
        if kind is ColumnType.DATE:
            return pd.to_datetime(pd.Series(cells, dtype="object")).astype("datetime64[us]")
        dtype = {ColumnType.INT: "Int64", ColumnType.FLOAT: "Float64", ColumnType.BOOL: "boolean"}.get(kind, "object")
        return pd.Series(cells, dtype=dtype)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow C stream interface, through Polars."""
        return self.to_polars().__arrow_c_stream__(requested_schema)


DECIMAL_PLACES = 6
"""Digits after the point in a frame's decimal columns; rows keep all of theirs."""
