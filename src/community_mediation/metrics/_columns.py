"""Columns brought to one type, whatever the engine made of them.

Times become whole microseconds since 1970 began: an instant's in UTC, and for a date those of its
midnight, as its zone is not known. Every engine compares, subtracts and groups whole numbers alike,
while each has a notion of its own of dates, instants and the zone that it shows them in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import ColumnType

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from community_mediation.metrics._grains import Grain

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()
DAY: Final = 86_400_000_000
_TIMES: Final = (ColumnType.DATE, ColumnType.INSTANT)
_PLAIN: Final = {ColumnType.TEXT: str, ColumnType.INT: int, ColumnType.BOOL: bool}


def midnight(day: dt.date) -> int:
    """A date, as the frame holds it."""
    return (day.toordinal() - _EPOCH) * DAY


def check_values(name: str, kind: ColumnType, values: tuple[object, ...]) -> None:
    """Refuse to compare a column with values of another type.

    Some engines raise where types differ, some answer "no", some turn one into the other: nothing may depend on which.

    Raises:
        InvalidQuery: They differ.
    """
    wanted = _PLAIN.get(kind)
    if any(type(value) is not wanted for value in values):
        raise InvalidQuery(f"Column {name!r} holds {kind}, and is compared with something else.")


def kinds_of(frame: Any, schema: Mapping[str, Any], names: Iterable[str], grain: Grain) -> dict[str, ColumnType]:
    """What these columns hold: as the table says, or for a column of one's own as the cells say.

    Raises:
        InvalidQuery: A column of the table holds something else than the table says.
    """
    kinds: dict[str, ColumnType] = {}
    for name in sorted(names):
        column, dtype = grain.column(name), schema[name]
        kind = _own_kind(frame, name, dtype) if column is None else column.type
        if kind is not None:
            _check(frame, name, kind, dtype)
            kinds[name] = kind
    return kinds


def brought(lazy: nw.LazyFrame[Any], schema: Mapping[str, Any], kinds: Mapping[str, ColumnType]) -> nw.LazyFrame[Any]:
    """The frame with these columns in the type of their kind."""
    in_sql = lazy.implementation.is_duckdb() or lazy.implementation.is_spark_like()
    elsewhere = {name: schema[name] for name, kind in kinds.items() if in_sql and kind in _TIMES}
    here = [name for name in kinds if name not in elsewhere]
    if here:
        pandas = lazy.implementation.is_pandas_like()
        lazy = lazy.with_columns(_typed(name, kinds[name], schema[name], pandas=pandas).alias(name) for name in here)
    return _times_in_sql(lazy, elsewhere) if elsewhere else lazy


def _own_kind(frame: Any, name: str, dtype: Any) -> ColumnType | None:
    """The kind of a column that the table does not know, from what it holds; ``None`` if that cannot be told."""
    import narwhals.stable.v2 as nw

    if dtype == nw.Date or dtype == nw.Datetime:
        return ColumnType.DATE if getattr(dtype, "time_zone", None) is None else ColumnType.INSTANT
    if dtype == nw.Boolean:
        return ColumnType.BOOL
    if dtype in (nw.String, nw.Categorical, nw.Enum):
        return ColumnType.TEXT
    if dtype.is_numeric():
        return ColumnType.INT
    kinds = (ColumnType.TEXT, ColumnType.BOOL, ColumnType.DATE, ColumnType.INT)
    return next((kind for kind in kinds if _are_cells(frame, name, dtype, _CELLS[kind])), None)


def _check(frame: Any, name: str, kind: ColumnType, dtype: Any) -> None:
    import narwhals.stable.v2 as nw

    zoned = dtype == nw.Datetime and dtype.time_zone is not None
    if kind is ColumnType.DATE and zoned:
        raise InvalidQuery(f"Column {name!r} holds instants, not local dates.")
    if kind is ColumnType.INSTANT:
        if not (zoned or _are_cells(frame, name, dtype, _is_aware)):
            raise InvalidQuery(f"Column {name!r} holds times without a zone. Give aware instants, in UTC.")
        return
    text = dtype in (nw.String, nw.Categorical, nw.Enum)
    fits = {
        ColumnType.TEXT: text,
        ColumnType.BOOL: dtype == nw.Boolean or dtype.is_integer(),
        ColumnType.DATE: dtype == nw.Date or dtype == nw.Datetime or text,
    }.get(kind, dtype.is_numeric())
    if not (fits or dtype == nw.Unknown or _are_cells(frame, name, dtype, _CELLS[kind])):
        raise InvalidQuery(f"Column {name!r} holds {dtype}, not {kind}.")


def _is_aware(cell: object) -> bool:
    return isinstance(cell, dt.datetime) and cell.tzinfo is not None


_CELLS: Final[Mapping[ColumnType, Callable[[object], bool]]] = {
    ColumnType.TEXT: lambda cell: isinstance(cell, str),
    ColumnType.BOOL: lambda cell: isinstance(cell, bool),
    ColumnType.DATE: lambda cell: isinstance(cell, dt.date) and not _is_aware(cell),
    ColumnType.INT: lambda cell: isinstance(cell, int | float),
    ColumnType.FLOAT: lambda cell: isinstance(cell, int | float),
    ColumnType.DECIMAL: lambda cell: isinstance(cell, int | float | Decimal),
}


def _are_cells(frame: Any, name: str, dtype: Any, fits: Callable[[object], bool]) -> bool:
    """Whether all cells of a column fit, of which pandas knows only that they are objects, or that there are none."""
    import narwhals.stable.v2 as nw

    if isinstance(frame, nw.LazyFrame) or not (dtype == nw.Object or dtype == nw.String or dtype.is_float()):
        return bool(dtype == nw.Unknown)
    # pandas calls a column of gaps alone floats or texts. A time without a zone would be lent one by a cast.
    return all(fits(cell) for cell in frame[name].drop_nulls().to_list() if cell is not None)


def _typed(name: str, kind: ColumnType, dtype: Any, *, pandas: bool) -> nw.Expr:
    import narwhals.stable.v2 as nw

    cell = nw.col(name)
    if kind is ColumnType.TEXT:
        return cell if dtype == nw.String else cell.cast(nw.String)
    if kind is ColumnType.BOOL:
        said = cell == 1 if dtype.is_numeric() else cell == nw.lit(True)
        # To pandas an empty object is not True, and so False; empty it stays.
        return nw.when(~cell.is_null()).then(said) if pandas else said
    if kind is ColumnType.DATE:
        if dtype == nw.String:
            cell = cell.str.to_datetime(format="%Y-%m-%d")
        cell = cell.cast(nw.Datetime("us"))
        # A day that is told with a time of day is still that day, and the last one of its period.
        return (cell if dtype in (nw.Date, nw.String) else cell.dt.truncate("1d")).dt.timestamp("us")
    if kind is ColumnType.INSTANT:
        known = dtype == nw.Datetime
        return (cell.dt.convert_time_zone("UTC") if known else cell).cast(nw.Datetime("us", "UTC")).dt.timestamp("us")
    # What is no number is an empty cell, in every engine.
    return nw.when(~cell.is_nan()).then(cell) if dtype.is_float() else cell


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
                # By way of the day: a time of day beside it is cut off.
                cell = cell.cast("DATE").cast("TIMESTAMP")
            return FunctionExpression("epoch_us", cell).alias(name)

        made = [in_duckdb(name, dtype) for name, dtype in dtypes.items()]
        in_numbers: nw.LazyFrame[Any] = nw.from_native(native.select(StarExpression(exclude=list(dtypes)), *made))
        return in_numbers
    from pyspark.sql import functions

    def in_spark(name: str, dtype: Any) -> Any:
        cell = functions.col("`" + name.replace("`", "``") + "`")
        if dtype == nw.Datetime and dtype.time_zone is not None:
            return functions.unix_micros(cell)
        day = functions.to_date(cell, "yyyy-MM-dd") if dtype == nw.String else cell.cast("date")
        return functions.unix_date(day).cast("long") * functions.lit(DAY)

    found: nw.LazyFrame[Any] = nw.from_native(
        native.withColumns({name: in_spark(name, dtype) for name, dtype in dtypes.items()})
    )
    return found
