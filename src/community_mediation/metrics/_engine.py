"""From the caller's frame to small tables of counts, through narwhals.

The recipe is the one that every engine can do: columns brought to one type, numeric
flags from null-filled predicates, bare sums over groups. Ratios and intervals come
afterwards, in plain Python, from the small table.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.errors import InvalidQuery, MediationError, MissingExtra
from community_mediation.facts.schema import Column, ColumnType
from community_mediation.facts.tables import CASE
from community_mediation.metrics._conditions import (
    All,
    Among,
    AnyOf,
    Condition,
    Constant,
    Days,
    Empty,
    Not,
)
from community_mediation.metrics._definitions import OPTIONAL
from community_mediation.metrics._grains import GRAINS, Grain
from community_mediation.metrics._signatures import BITS, Group, Signatures, atoms

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_NOT_GROUPS: Final = frozenset({"matter_id", "row", "own"})


@attrs.frozen
class Frame:
    """The caller's frame, with the columns that are needed brought to one type.

    Attributes:
        lazy: The frame; dates are naive midnights, instants are in UTC.
        kind: ``pandas`` or ``polars``: what a result is given back as.
        by: The columns to break down by.
        grain: The facts table whose rows it holds, and the case's columns with them.
    """

    lazy: nw.LazyFrame[Any]
    kind: str
    by: tuple[str, ...]
    grain: Grain = GRAINS["case"]

    @property
    def keys(self) -> tuple[str, ...]:
        """Where the frame holds the values of the ``by`` columns as they were given."""
        return tuple(f"__by{index}" for index in range(len(self.by)))

    def sums(self, conditions: Mapping[str, Condition]) -> dict[Group, dict[str, int]]:
        """How many cases fit each (split) condition, by group. Without ``by`` there is one group, ``()``."""
        import narwhals.stable.v2 as nw

        order = atoms(conditions.values())
        for atom in order:
            _check_values(self.grain, atom)
        none = nw.lit(0, nw.Int64())
        flags = [
            nw.when(predicate(atom)).then(nw.lit(1 << index % BITS, nw.Int64())).otherwise(none)
            for index, atom in enumerate(order)
        ] or [none]
        packed = {
            f"__answers{index}": reduce(add, flags[index * BITS : (index + 1) * BITS])
            for index in range(-(-len(flags) // BITS))
        }
        keys = self.keys
        ready = self.lazy.select(nw.lit(1).alias("__case"), *keys, **packed)
        counted = rows_of(ready.group_by(*packed, *keys).agg(nw.col("__case").sum()))
        rows = (
            (
                tuple(plain(row[key]) for key in keys),
                tuple(int(row[name]) for name in packed),
                int(row["__case"]),
            )
            for row in counted
        )
        return Signatures(order, rows, () if self.by else ((),)).sums(conditions)


def narwhals_or_raise() -> Any:
    """The module narwhals.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import narwhals.stable.v2 as nw
    except ImportError:
        raise MissingExtra("Metrics over frames", "metrics") from None
    return nw


def open_frame(
    frame: Any, needed: Mapping[str, str], by: Sequence[str], grain: Grain = GRAINS["case"], cases: Any = None
) -> Frame:
    """Check the caller's frame and bring the *needed* columns (each with who needs it) to one type.

    Columns that the frame lacks and a case has are taken from the frame *cases*, if there is one.

    Raises:
        InvalidQuery: Not a frame, a missing column, another grain, several rows for a case, a column of a wrong type.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    native = in_narwhals(frame)
    kind = "pandas" if native.implementation.is_pandas_like() else "polars"
    wanted = {**dict.fromkeys(by, ""), **grain.underived(needed)}
    joined = None
    if cases is not None and grain.name != CASE.table:
        of_case = [name for name in wanted if name not in schema_of(native) and CASE.column(name) is not None]
        joined = in_narwhals(cases) if of_case else None
        if joined is not None:
            _check_rows(joined, ("matter_id",))
            ready = _brought(joined, {name: wanted[name] for name in of_case}, (), GRAINS["case"], keep=("matter_id",))
            native = _joined(_lazy(native), ready, schema_of(native))
    lazy = _brought(native, grain.underived(needed), by, grain)
    if joined is None or grain.name != CASE.table:
        _check_rows(lazy, ("matter_id",) if grain.name == CASE.table else ("matter_id", "row"))
    return Frame(grain.derived(lazy, needed), kind, tuple(by), grain)


def in_narwhals(frame: Any) -> Any:
    """The caller's frame, through narwhals.

    Raises:
        InvalidQuery: It is none.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    nw = narwhals_or_raise()
    native = nw.from_native(frame, pass_through=True)
    if isinstance(native, nw.DataFrame | nw.LazyFrame):
        return native
    if not callable(to_polars := getattr(frame, "to_polars", None)):
        raise InvalidQuery(
            f"A {type(frame).__name__} is not a frame. Give a Polars or pandas frame, or the facts of a book."
        )
    try:
        return nw.from_native(to_polars())
    except ImportError:
        raise MissingExtra("Metrics over facts", "metrics") from None


def schema_of(native: Any) -> Mapping[str, Any]:
    """The columns of a frame with their types."""
    import narwhals.stable.v2 as nw

    found: Mapping[str, Any] = native.collect_schema() if isinstance(native, nw.LazyFrame) else native.schema
    return found


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    import narwhals.stable.v2 as nw

    return native.lazy() if isinstance(native, nw.DataFrame) else native


def _joined(lazy: nw.LazyFrame[Any], cases: nw.LazyFrame[Any], own: Iterable[str]) -> nw.LazyFrame[Any]:
    if "matter_id" not in own:
        raise InvalidQuery("The frame has no column matter_id, by which its rows find their cases.")
    if lazy.implementation is not cases.implementation:
        raise InvalidQuery("The frame of the cases is of another engine than the one beside it. Give both of one.")
    return lazy.join(cases, on="matter_id", how="left")


def _brought(
    native: Any, needed: Mapping[str, str], by: Sequence[str], grain: Grain, keep: Sequence[str] = ()
) -> nw.LazyFrame[Any]:
    """The frame with the columns in the types that their schema says."""
    import narwhals.stable.v2 as nw

    schema = schema_of(native)
    _check_columns(list(schema), needed, by, grain)
    # Taken before the typing: a flag that is empty is a group of its own, and no "no".
    with_columns = [nw.col(name).alias(f"__by{index}") for index, name in enumerate(by)]
    for name in sorted(set(needed) & set(schema)):
        column = grain.column(name)
        if column is not None:
            with_columns.append(_typed(native, column, schema[name]).alias(name))
    missing = sorted((OPTIONAL & set(needed)) - set(schema))
    lacking = [nw.lit(None).cast(_target(grain, name)).alias(name) for name in missing]
    lazy = _lazy(native)
    if with_columns or lacking:
        lazy = lazy.with_columns(*with_columns, *lacking)
    return lazy.select(*keep, *sorted(needed)) if keep else lazy


def _check_columns(columns: Sequence[str], needed: Mapping[str, str], by: Sequence[str], grain: Grain) -> None:
    if "known_from" in columns:
        raise InvalidQuery(
            "This frame holds all versions of the rows. Give the current rows, or those known at a time."
        )
    missing = sorted(set(needed) - set(columns) - OPTIONAL)
    if missing:
        hint = f"Give a frame with the columns of the facts table {grain.name}."
        other = grain.looking_like(columns)
        if other:
            hint = f"The frame looks like {other}; this counts the table {grain.name}. {hint}"
        elif grain.name != CASE.table and all(CASE.column(name) is not None for name in missing):
            hint = f'Those are columns of the case. Give both: {{"case": …, "{grain.name}": …}}, or a casebook.'
        raise InvalidQuery(f"The frame lacks {', '.join(missing)}, which {needed[missing[0]]} needs. {hint}")
    if grain.name != CASE.table and not set(grain.telling) & set(columns):
        raise InvalidQuery(
            f"The frame has none of the columns that make a row of {grain.name}: {', '.join(grain.telling)}. "
            f"{next(iter(needed.values()), 'The metric')} counts the table {grain.name}."
        )
    possible = [name for name in columns if name not in _NOT_GROUPS]
    for name in by:
        if name not in possible:
            raise InvalidQuery(f"Cannot break down by {name!r}. Possible: {', '.join(possible)}.")


def _check_rows(native: Any, key: Sequence[str]) -> None:
    import narwhals.stable.v2 as nw

    if not set(key) <= set(schema_of(native)):
        return
    id_ = nw.col(key[0])
    named = _lazy(native).filter(~id_.is_null())
    if len(key) == 1:
        (row,) = rows_of(named.select(rows=id_.count(), cases=id_.n_unique()))
    else:
        (row,) = rows_of(named.select(rows=id_.count()))
        (found,) = rows_of(named.select(*key).unique().select(cases=id_.count()))
        row = {**row, **found}
    if row["rows"] != row["cases"]:
        what = "cases" if len(key) == 1 else "different ones"
        raise InvalidQuery(
            f"The frame has {row['rows']:,} rows for {row['cases']:,} {what}, so that some would count twice."
            f" Give one row for each {' and '.join(key)}."
        )


_PLAIN: Final = {ColumnType.TEXT: str, ColumnType.INT: int, ColumnType.BOOL: bool}


def _check_values(grain: Grain, atom: Condition) -> None:
    # Some engines raise where types differ, others answer "no": nothing may depend on which.
    column = grain.column(atom.column) if isinstance(atom, Among) else None
    if isinstance(atom, Among) and column is not None:
        wanted = _PLAIN.get(column.type)
        if any(type(value) is not wanted for value in atom.values):
            raise InvalidQuery(f"Column {atom.column!r} holds {column.type}, and is compared with something else.")


def _target(grain: Grain, name: str) -> Any:
    import narwhals.stable.v2 as nw

    column = grain.column(name)
    # The last contact is known to the day only; its instant is a column that no table has.
    instant = name.endswith("_at") if column is None else column.type is ColumnType.INSTANT
    return nw.Datetime("us", "UTC") if instant else nw.Datetime("us")


def _typed(frame: Any, column: Column, dtype: Any) -> nw.Expr:
    """The column in the type that its schema says, whatever the engine made of it."""
    import narwhals.stable.v2 as nw

    cell, name = nw.col(column.name), column.name
    if column.type is ColumnType.TEXT:
        if dtype.is_numeric() or dtype.is_temporal() or dtype == nw.Boolean:
            raise InvalidQuery(f"Column {name!r} holds {dtype}, not text.")
        return cell if dtype == nw.String else cell.cast(nw.String)
    if column.type is ColumnType.DATE:
        if dtype == nw.Datetime and getattr(dtype, "time_zone", None) is not None:
            raise InvalidQuery(f"Column {name!r} holds instants, not local dates.")
        if dtype == nw.String and not frame.implementation.is_pandas_like():
            return cell.str.to_datetime(format="%Y-%m-%d").cast(nw.Datetime("us"))
        return cell.cast(nw.Datetime("us"))
    if column.type is ColumnType.INSTANT:
        if not _is_aware(frame, name, dtype):
            raise InvalidQuery(f"Column {name!r} holds times without a zone. Give aware instants, in UTC.")
        known = dtype == nw.Datetime
        return (cell.dt.convert_time_zone("UTC") if known else cell).cast(nw.Datetime("us", "UTC"))
    if column.type is ColumnType.BOOL:
        return cell == 1 if dtype.is_numeric() else cell == nw.lit(True)
    return cell


def _is_aware(frame: Any, name: str, dtype: Any) -> bool:
    import narwhals.stable.v2 as nw

    if dtype == nw.Datetime:
        return dtype.time_zone is not None
    if isinstance(frame, nw.LazyFrame):
        return not (dtype == nw.String or dtype == nw.Date)
    # pandas keeps instants as objects where they are mixed with nothing; casting naive ones would invent a zone.
    cells = (cell for cell in frame[name].drop_nulls().to_list() if cell is not None)
    return all(isinstance(cell, dt.datetime) and cell.tzinfo is not None for cell in cells)


def predicate(condition: Condition) -> nw.Expr:
    """A plain condition as an expression that is true or false, never null."""
    import narwhals.stable.v2 as nw

    match condition:
        case Among(column, (True,)):
            return (nw.col(column) == nw.lit(True)).fill_null(False)
        case Among(column, values):
            return nw.col(column).is_in(list(values)).fill_null(False)
        case Empty(column):
            return nw.col(column).is_null()
        case Days(column, first, last):
            return _within(nw.col(column), first, last)
        case Constant(value):
            return nw.lit(value)
        case Not(part):
            return ~predicate(part)
        case All(parts):
            return nw.all_horizontal(*map(predicate, parts), ignore_nulls=False) if parts else nw.lit(True)
        case AnyOf(parts):
            return nw.any_horizontal(*map(predicate, parts), ignore_nulls=False) if parts else nw.lit(False)
    raise InvalidQuery(f"A {type(condition).__name__} must be split into its yes and its no first.")


def _within(cell: nw.Expr, first: dt.date | None, last: dt.date | None) -> nw.Expr:
    within = ~cell.is_null()
    if first is not None:
        within = within & (cell >= dt.datetime.combine(first, dt.time())).fill_null(False)
    if last is not None:
        within = within & (cell <= dt.datetime.combine(last, dt.time())).fill_null(False)
    return within


@contextlib.contextmanager
def engine_errors() -> Iterator[None]:
    """Turn what an engine raises into the library's own error.

    Raises:
        InvalidQuery: The engine refused; its own message may quote cells, so only its kind is passed on.
    """
    try:
        yield
    except MediationError:
        raise
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own, and none may pass
        raise InvalidQuery(
            f"The frame cannot be counted ({type(error).__name__}). Check that its columns have the types of the facts"
            " table, and that the columns of own conditions have the type that they are compared with."
        ) from None


def rows_of(lazy: nw.LazyFrame[Any]) -> Iterable[Mapping[str, Any]]:
    """The rows of a small table, computed by the engine."""
    return lazy.collect().rows(named=True)


def plain(value: Any) -> Any:
    """A cell of a ``by`` column as a plain Python value, the same from every engine."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime):
        value = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
        return value.date() if value.tzinfo is None and value.time() == dt.time() else value
    return value
