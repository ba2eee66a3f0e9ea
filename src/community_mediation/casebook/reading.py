"""What a book gives back: pages, entries, and facts for a frame of the caller's choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.casebook.columns import ahead, column_of
from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event
from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.facts.schema import Cell, ColumnType, FactsSchema
from community_mediation.ports import ColumnBatch, RecordBatch

if TYPE_CHECKING:
    import pandas
    import polars


@frozen
class Found:
    """A page of rows.

    Attributes:
        rows: Column -> value.
        after: What to pass as ``after`` for the next page; ``None`` at the end.
    """

    rows: Sequence[dict[str, Cell]]
    after: str | None


@frozen(kw_only=True)
class RecordedEntry:
    """One entry of the journal, read back.

    Attributes:
        position: Its place in the journal.
        recorded_at: When the store took it.
        matter_id, kind: The matter.
        version: The matter's version after it.
        events: Its events; ``None`` if no enabled plugin brings the kind.
        erased: Subjects whose private part is gone.
        hash: The entry's hash.
        body: Where ``events`` is ``None``, what is recorded without the private parts, as JSON.
    """

    position: int
    recorded_at: dt.datetime
    matter_id: str
    kind: str
    version: int
    events: tuple[Event, ...] | None = attrs.field(repr=False)
    erased: frozenset[str]
    hash: str
    body: str | None = attrs.field(default=None, repr=False)


@frozen
class Facts:
    """Rows of a facts table, read when asked for, as often as asked for.

    ``to_polars`` and ``to_pandas`` give frames; any library that reads the Arrow C stream
    (DuckDB, pyarrow, Polars) takes the object itself.
    """

    schema: FactsSchema
    columns: tuple[str, ...]
    _read: Callable[[], Iterator[RecordBatch]] = attrs.field(repr=False)
    _by_column: Callable[[], Iterator[ColumnBatch]] | None = attrs.field(default=None, repr=False)

    def batches(self) -> Iterator[RecordBatch]:
        """The rows in batches of bounded size."""
        return self._read()

    def rows(self) -> Iterator[dict[str, Cell]]:
        """The rows one by one, column -> value."""
        for batch in self._read():
            for row in batch.rows:
                yield dict(zip(self.columns, row, strict=True))

    def to_polars(self) -> polars.DataFrame:
        """A Polars frame; decimals are exact, with six places.

        Raises:
            MissingExtra: Polars is not installed.
            InvalidQuery: A decimal has more digits than a frame can hold.
        """
        try:
            import polars as pl
        except ImportError:
            raise MissingExtra("A Polars frame", "metrics") from None
        types: dict[ColumnType, Any] = {
            ColumnType.TEXT: pl.String,
            ColumnType.INT: pl.Int64,
            ColumnType.FLOAT: pl.Float64,
            ColumnType.BOOL: pl.Boolean,
            ColumnType.DECIMAL: pl.Decimal(DECIMAL_DIGITS, DECIMAL_PLACES),
            ColumnType.DATE: pl.Date,
            ColumnType.INSTANT: pl.Datetime("us", "UTC"),
        }
        kinds = {name: self._type(name) for name in self.columns}
        parts: dict[str, list[Any]] = {name: [] for name in self.columns}

        def made(batch: ColumnBatch) -> list[polars.Series]:
            return [
                column_of(name, kinds[name], types[kinds[name]], text, exact_decimals)
                for name, text in zip(self.columns, batch.texts, strict=True)
            ]

        for series in ahead(made, self._by_column()) if self._by_column is not None else ():
            for column in series:
                parts[column.name].append(column)
        for batch in self._read() if self._by_column is None else ():
            for name, given in zip(self.columns, zip(*batch.rows, strict=True), strict=False):
                cells = exact_decimals(name, given) if kinds[name] is ColumnType.DECIMAL else given
                parts[name].append(pl.Series(name, cells, dtype=types[kinds[name]]))
        return pl.DataFrame(
            {name: pl.concat(some) if some else pl.Series(name, [], types[kinds[name]]) for name, some in parts.items()}
        )

    def _type(self, name: str) -> ColumnType:
        column = self.schema.column(name)
        return ColumnType.TEXT if column is None else column.type

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
        kind = self._type(name)
        if kind is ColumnType.INSTANT:
            # Without their zone first: pandas 2 reads objects to the nanosecond, which ends in the year 2262.
            bare = [cell.replace(tzinfo=None) if isinstance(cell, dt.datetime) else None for cell in cells]
            return pd.Series(bare, dtype="datetime64[us]").dt.tz_localize("UTC")
        if kind is ColumnType.DATE:
            return pd.Series(cells, dtype="datetime64[us]")
        dtype = {ColumnType.INT: "Int64", ColumnType.FLOAT: "Float64", ColumnType.BOOL: "boolean"}.get(kind, "object")
        return pd.Series(cells, dtype=dtype)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow C stream interface, through Polars."""
        return self.to_polars().__arrow_c_stream__(requested_schema)


DECIMAL_DIGITS, DECIMAL_PLACES = 38, 6
"""Digits in all, and after the point, of a frame's decimal columns; rows keep all of theirs."""

_EXACT = Context(prec=DECIMAL_DIGITS, traps=[Inexact, InvalidOperation])
_SIX_PLACES = Decimal(1).scaleb(-DECIMAL_PLACES)


def exact_decimals(name: str, cells: Sequence[Any]) -> list[Decimal | None]:
    """The numbers of a column written with the places of a frame's: Polars takes no others reliably.

    Raises:
        InvalidQuery: One has more digits than there is room for; nothing is rounded.
    """
    try:
        return [None if cell is None else _EXACT.quantize(cell, _SIX_PLACES) for cell in cells]
    except (Inexact, InvalidOperation):
        pass
    raise InvalidQuery(
        f"Column {name} holds a number with more than {DECIMAL_PLACES} places or "
        f"{DECIMAL_DIGITS - DECIMAL_PLACES} digits before the point, which a frame, Parquet or DuckDB cannot hold "
        "exactly. Use rows() or SQLite, or leave the column out."
    )
