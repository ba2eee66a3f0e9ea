"""Columns brought to one type, whatever the engine made of them.

Times become whole microseconds since 1970 began: an instant's in UTC, and for a date those of its
midnight, as its zone is not known. Every engine compares, subtracts and groups whole numbers alike,
while each has a notion of its own of dates, instants and the zone that it shows them in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import ColumnType

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAY: Final = 86_400_000_000
_TIMES: Final = (ColumnType.DATE, ColumnType.INSTANT)
_PLAIN: Final = {ColumnType.TEXT: str, ColumnType.INT: int, ColumnType.BOOL: bool}


def microseconds(moment: dt.datetime) -> int:
    """An instant, as the frame holds it."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def midnight(day: dt.date) -> int:
    """A date, as the frame holds it."""
    return (day.toordinal() - _EPOCH.toordinal()) * DAY


def own_kind(dtype: Any) -> ColumnType | None:
    """The kind of a column that the table does not know, by its type; ``None`` if the column stays as it is."""
    import narwhals.stable.v2 as nw

    if dtype == nw.Date or (dtype == nw.Datetime and dtype.time_zone is None):
        return ColumnType.DATE
    if dtype == nw.Datetime:
        return ColumnType.INSTANT
    if dtype == nw.Boolean:
        return ColumnType.BOOL
    return ColumnType.TEXT if dtype in (nw.String, nw.Categorical, nw.Enum) else None


def check_values(name: str, kind: ColumnType, values: tuple[object, ...]) -> None:
    """Refuse to compare a column with values of another type.

    Some engines raise where types differ, some answer "no", some turn one into the other: nothing may depend on which.

    Raises:
        InvalidQuery: They differ.
    """
    wanted = _PLAIN.get(kind)
    if any(type(value) is not wanted for value in values):
        raise InvalidQuery(f"Column {name!r} holds {kind}, and is compared with something else.")


def brought(
    native: Any, lazy: nw.LazyFrame[Any], schema: Mapping[str, Any], kinds: Mapping[str, ColumnType]
) -> nw.LazyFrame[Any]:
    """The frame with these columns as their kinds say.

    Args:
        native: The frame as it was given, whose cells may have to be looked at.
        lazy: The same, lazily, perhaps with more columns.
        schema: The types of its columns.
        kinds: What is wanted.

    Raises:
        InvalidQuery: A column holds something else.
    """
    for name, kind in kinds.items():
        _check(native, name, kind, schema[name])
    in_sql = native.implementation.is_duckdb() or native.implementation.is_spark_like()
    elsewhere = {name: schema[name] for name, kind in kinds.items() if in_sql and kind in _TIMES}
    expressions = [
        _typed(native, name, kinds[name], schema[name]).alias(name) for name in kinds if name not in elsewhere
    ]
    if expressions:
        lazy = lazy.with_columns(*expressions)
    return _times_in_sql(lazy, elsewhere) if elsewhere else lazy


def _check(frame: Any, name: str, kind: ColumnType, dtype: Any) -> None:
    import narwhals.stable.v2 as nw

    if kind is ColumnType.TEXT and (dtype.is_numeric() or dtype.is_temporal() or dtype == nw.Boolean):
        raise InvalidQuery(f"Column {name!r} holds {dtype}, not text.")
    if kind is ColumnType.DATE and dtype == nw.Datetime and dtype.time_zone is not None:
        raise InvalidQuery(f"Column {name!r} holds instants, not local dates.")
    if kind is ColumnType.INSTANT and not _is_aware(frame, name, dtype):
        raise InvalidQuery(f"Column {name!r} holds times without a zone. Give aware instants, in UTC.")


def _is_aware(frame: Any, name: str, dtype: Any) -> bool:
    import narwhals.stable.v2 as nw

    if dtype == nw.Datetime:
        return dtype.time_zone is not None
    if isinstance(frame, nw.LazyFrame):
        return not (dtype == nw.String or dtype == nw.Date)
    # pandas keeps instants as objects where they are mixed with nothing; casting naive ones would invent a zone.
    cells = (cell for cell in frame[name].drop_nulls().to_list() if cell is not None)
    return all(isinstance(cell, dt.datetime) and cell.tzinfo is not None for cell in cells)


def _typed(frame: Any, name: str, kind: ColumnType, dtype: Any) -> nw.Expr:
    import narwhals.stable.v2 as nw

    cell = nw.col(name)
    if kind is ColumnType.TEXT:
        return cell if dtype == nw.String else cell.cast(nw.String)
    if kind is ColumnType.BOOL:
        said = cell == 1 if dtype.is_numeric() else cell == nw.lit(True)
        # To pandas an empty object is not True, and so False; empty it stays.
        return nw.when(~cell.is_null()).then(said) if frame.implementation.is_pandas_like() else said
    if kind is ColumnType.DATE:
        if dtype == nw.String and not frame.implementation.is_pandas_like():
            cell = cell.str.to_datetime(format="%Y-%m-%d")
        return cell.cast(nw.Datetime("us")).dt.timestamp("us")
    if kind is ColumnType.INSTANT:
        known = dtype == nw.Datetime
        return (cell.dt.convert_time_zone("UTC") if known else cell).cast(nw.Datetime("us", "UTC")).dt.timestamp("us")
    return cell


def _times_in_sql(lazy: nw.LazyFrame[Any], dtypes: Mapping[str, Any]) -> nw.LazyFrame[Any]:
    """The frame with these times in microseconds, by functions of the engine's own: narwhals has none for it."""
    import narwhals.stable.v2 as nw

    native = nw.to_native(lazy)
    if lazy.implementation.is_duckdb():
        from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, StarExpression

        def in_duckdb(name: str, dtype: Any) -> Any:
            cell = ColumnExpression(name)
            if dtype == nw.String:
                cell = FunctionExpression("strptime", cell, ConstantExpression("%Y-%m-%d"))
            elif dtype != nw.Datetime or dtype.time_zone is None:
                cell = cell.cast("TIMESTAMP")
            return FunctionExpression("epoch_us", cell).alias(name)

        made = [in_duckdb(name, dtype) for name, dtype in dtypes.items()]
        return nw.from_native(native.select(StarExpression(exclude=list(dtypes)), *made))
    from pyspark.sql import functions

    def in_spark(name: str, dtype: Any) -> Any:
        cell = functions.col("`" + name.replace("`", "``") + "`")
        if dtype == nw.Datetime and dtype.time_zone is not None:
            return functions.unix_micros(cell)
        day = functions.to_date(cell, "yyyy-MM-dd") if dtype == nw.String else cell.cast("date")
        since = functions.unix_date(day).cast("long") * functions.lit(DAY)
        if dtype != nw.Datetime:
            return since
        # A time of day without a zone: by its parts, since anything else would lend it the session's.
        seconds = (
            functions.hour(cell) * 3600 + functions.minute(cell) * 60 + functions.extract(functions.lit("SECOND"), cell)
        )
        return since + (seconds * 1_000_000).cast("long")

    return nw.from_native(native.withColumns({name: in_spark(name, dtype) for name, dtype in dtypes.items()}))
