"""Tables as Arrow has them, and the folder of Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from community_mediation.casebook.reading import DECIMAL_DIGITS, DECIMAL_PLACES, exact_decimals
from community_mediation.errors import MissingExtra
from community_mediation.facts.schema import ColumnType
from community_mediation.registers.manifest import write_manifest
from community_mediation.registers.tables import TOGETHER, Rows, Table, Take, part

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


PART_ROWS: Final = 64 * TOGETHER
"""From how many rows on a part is full and the next one begins: about a million, some 100 MB of cases."""


class _Parts:
    """The files of a table, one after the other."""

    def __init__(self, place: Path, schema: pyarrow.Schema) -> None:
        self._place, self._schema = place, schema
        self._number = self._held = 0
        self._open = ExitStack()
        self._writer = self._begin()

    def write(self, rows: pyarrow.Table) -> None:
        """Some rows more, as a row group of their own."""
        if self._held >= PART_ROWS:
            self._open.close()
            self._number, self._held = self._number + 1, 0
            self._writer = self._begin()
        self._writer.write_table(rows)
        self._held += len(rows)

    def close(self) -> None:
        """Finish the last file."""
        self._open.close()

    def _begin(self) -> Any:
        import pyarrow.parquet as pq

        # A file of Python's own: what goes wrong with it is told in Python's own words.
        file = self._open.enter_context((self._place / part(self._number)).open("xb"))
        return self._open.enter_context(pq.ParquetWriter(file, self._schema, compression="zstd"))


class _ParquetFolder:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack

    def table(self, table: Table) -> Take:
        """A folder of its own: other programs take a folder for a table, however many parts it has."""
        schema = arrow_schema(table, "parquet", "Writing Parquet")
        place = self._folder / table.name
        place.mkdir(parents=True)
        parts = self._stack.enter_context(closing(_Parts(place, schema)))
        return lambda rows: parts.write(arrow_rows(table, schema, rows))


@contextmanager
def open_parquet(path: Path) -> Iterator[_ParquetFolder]:
    """A folder of Parquet files at *path*, one folder for each table."""
    with ExitStack() as stack:
        yield _ParquetFolder(path, stack)
    write_manifest(path)
