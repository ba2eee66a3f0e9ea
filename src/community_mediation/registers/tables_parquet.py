"""Tables as Arrow has them, and the folder of Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from community_mediation.casebook.reading import DECIMAL_DIGITS, DECIMAL_PLACES, exact_decimals
from community_mediation.errors import MissingExtra
from community_mediation.facts.schema import ColumnType
from community_mediation.registers.tables import PART, Rows, Table, Take

if TYPE_CHECKING:
    import pyarrow


def arrow_schema(table: Table, extra: str, what: str) -> pyarrow.Schema:
    """The columns of a table as Arrow has them: every type of a cell has one that holds it exactly.

    Raises:
        MissingExtra: Arrow is not installed; *extra* brings it.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra(what, extra) from None
    types: dict[ColumnType, Any] = {
        ColumnType.TEXT: pa.string(),
        ColumnType.INT: pa.int64(),
        ColumnType.FLOAT: pa.float64(),
        ColumnType.BOOL: pa.bool_(),
        ColumnType.DECIMAL: pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
        ColumnType.DATE: pa.date32(),
        ColumnType.INSTANT: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(column.name, types[column.type]) for column in table.columns])


def arrow_rows(table: Table, schema: pyarrow.Schema, rows: Rows) -> pyarrow.Table:
    """Rows as Arrow has them.

    Raises:
        InvalidQuery: A decimal has more digits than its column.
    """
    import pyarrow as pa

    arrays = []
    for column, cells in zip(table.columns, zip(*rows, strict=True), strict=True):
        exact = exact_decimals(column.name, cells) if column.type is ColumnType.DECIMAL else cells
        arrays.append(pa.array(exact, schema.field(column.name).type))
    return pa.Table.from_arrays(arrays, schema=schema)


class _ParquetFolder:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack

    def table(self, table: Table) -> Take:
        """A folder of its own: other programs take a folder for a table, and may add parts to it."""
        schema = arrow_schema(table, "parquet", "Writing Parquet")
        import pyarrow.parquet as pq

        place = self._folder / table.name
        place.mkdir(parents=True)
        # A file of Python's own: what goes wrong with it is told in Python's own words.
        file = self._stack.enter_context((place / PART).open("xb"))
        writer = self._stack.enter_context(pq.ParquetWriter(file, schema, compression="zstd"))
        return lambda rows: writer.write_table(arrow_rows(table, schema, rows))


@contextmanager
def open_parquet(path: Path) -> Iterator[_ParquetFolder]:
    """A folder of Parquet files at *path*, one folder for each table."""
    with ExitStack() as stack:
        yield _ParquetFolder(path, stack)
