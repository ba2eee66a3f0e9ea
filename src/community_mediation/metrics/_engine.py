"""From the caller's frame to small tables of counts, through narwhals.

The recipe is the one that every engine can do: columns brought to one type, numeric
flags, and the number of rows of each group. Ratios and intervals come afterwards, in
plain Python, from the small table.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from operator import add, and_, or_
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.facts.schema import ColumnType
from community_mediation.facts.tables import CASE
from community_mediation.metrics._collected import collected, groups_of, rows_of
from community_mediation.metrics._columns import brought, check_values, kinds_of, midnight
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
from community_mediation.metrics._grains import GRAINS, NOT_GROUPS, Grain
from community_mediation.metrics._signatures import BITS, Group, Signatures, atoms
from community_mediation.metrics._unique import check_rows, lazily, schema_of

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw


FEW: Final = 4
"""Up to how many values a cell is compared with each rather than looked up among them."""


@attrs.frozen
class Frame:
    """The caller's frame, with the columns that are needed brought to one type.

    Attributes:
        lazy: The frame; dates and instants are whole microseconds since 1970.
        kind: ``pandas`` or ``polars``: what a result is given back as.
        by: The columns to break down by.
        grain: The facts table whose rows it holds, and the case's columns with them.
        kinds: What the columns hold.
        rows: How many it has, about, where that is known.
    """

    lazy: nw.LazyFrame[Any]
    kind: str
    by: tuple[str, ...]
    grain: Grain = GRAINS["case"]
    kinds: Mapping[str, ColumnType] = attrs.field(factory=dict, repr=False)
    rows: int | None = attrs.field(default=None, repr=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """Where the frame holds the values of the ``by`` columns as they were given."""
        return tuple(f"__by{index}" for index in range(len(self.by)))

    def sums(self, conditions: Mapping[str, Condition]) -> dict[Group, dict[str, int]]:
        """How many cases fit each (split) condition, by group. Without ``by`` there is one group, ``()``."""
        import narwhals.stable.v2 as nw

        order = atoms(conditions.values())
        for atom in order:
            self._check(atom)
        none = nw.lit(0, nw.Int64())
        flags = [
            nw.when(self._test(atom)).then(nw.lit(1 << index % BITS, nw.Int64())).otherwise(none)
            for index, atom in enumerate(order)
        ] or [none]
        packed = {
            f"__answers{index}": functools.reduce(add, flags[index * BITS : (index + 1) * BITS])
            for index in range(-(-len(flags) // BITS))
        }
        keys = self.keys
        ready = self.lazy.select(*keys, **packed)
        counted = collected(ready.group_by(*packed, *keys).agg(nw.len().alias("__cases")), keys)
        # By columns, since there are many rows.
        answers = zip(*(counted[name].to_list() for name in packed), strict=True)
        rows = zip(groups_of(counted, keys), answers, counted["__cases"].to_list(), strict=True)
        return Signatures(order, rows, () if self.by else ((),)).sums(conditions)

    def _test(self, atom: Condition) -> nw.Expr:
        # All but pandas take what is null for false there, and answer it faster.
        return _told(atom) if isinstance(atom, Among | Days) and self.kind != "pandas" else predicate(atom)

    def _check(self, atom: Condition) -> None:
        kind = self.kinds.get(atom.column) if isinstance(atom, Among | Days) else None
        if kind is None:
            return
        if isinstance(atom, Among):
            check_values(atom.column, kind, atom.values)
        elif isinstance(atom, Days) and kind is not ColumnType.DATE:
            raise InvalidQuery(f"Column {atom.column!r} holds {kind}, and is asked for dates.")


def narwhals_or_raise() -> Any:
    """The module narwhals.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import narwhals.stable.v2 as nw
        import numpy as np  # noqa: F401 - what leaves the engine in columns goes through it
    except ImportError:
        raise MissingExtra("Metrics over frames", "metrics") from None
    return nw


def open_frame(
    frame: Any, needed: Mapping[str, str], by: Sequence[str], grain: Grain = GRAINS["case"], cases: Any = None
) -> Frame:
    """Check the caller's frame and bring the *needed* columns (each with who needs it) to one type.

    Columns that the frame lacks and a case has are taken from the frame *cases*, if there is one.

    Raises:
        InvalidQuery: Not a frame, a missing column, another grain, several rows for a case, rows whose case is not
            among the cases, a column of a wrong type.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    nw = narwhals_or_raise()
    native = in_narwhals(frame)
    kind = "pandas" if native.implementation.is_pandas_like() else "polars"
    asked = grain.underived(needed)
    if grain.of_case and grain.name != CASE.table:
        # Rows of one case are told by it to be no independent witnesses.
        asked.setdefault("matter_id", next(iter(needed.values()), "the metric"))
    if cases is not None and grain.name != CASE.table:
        lacking = {*by, *asked} - set(schema_of(native))
        if of_case := sorted(name for name in lacking if CASE.column(name) is not None):
            native = _joined(native, in_narwhals(cases), of_case)
    schema = schema_of(native)
    _check_columns(list(schema), asked, by, grain)
    rows = check_rows(native, ("matter_id",) if grain.name == CASE.table else ("matter_id", "row"))
    kinds = kinds_of(native, schema, set(asked) & set(schema), grain)
    lazy = lazily(native)
    if by:
        # Taken before the typing: a flag that is empty is a group of its own, and no "no".
        lazy = lazy.with_columns(nw.col(name).alias(f"__by{index}") for index, name in enumerate(by))
    lazy = brought(lazy, schema, kinds)
    if missing := sorted((OPTIONAL & set(asked)) - set(schema)):
        # In pandas no plain integer is empty.
        empty = nw.lit(None).cast(nw.Float64() if kind == "pandas" else nw.Int64())
        lazy = lazy.with_columns(empty.alias(name) for name in missing)
    return Frame(grain.derived(lazy, needed), kind, tuple(by), grain, kinds, rows)


def in_narwhals(frame: Any) -> Any:
    """The caller's frame, through narwhals.

    Raises:
        InvalidQuery: It is none.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    nw = narwhals_or_raise()
    native = nw.from_native(frame, pass_through=True)
    if isinstance(native, nw.DataFrame) and native.implementation.is_pyarrow():
        return native.lazy(backend="polars")
    if isinstance(native, nw.DataFrame | nw.LazyFrame):
        return native
    if not callable(to_polars := getattr(frame, "to_polars", None)):
        raise InvalidQuery(
            f"A {type(frame).__name__} is not a frame. Give one of Polars, pandas, DuckDB, Arrow or Spark, or the facts"
            " of a book."
        )
    try:
        return nw.from_native(to_polars())
    except ImportError:
        raise MissingExtra("Metrics over facts", "metrics") from None


def _joined(native: Any, cases: Any, names: Sequence[str]) -> Any:
    """The frame with these columns of the cases that its rows belong to."""
    import narwhals.stable.v2 as nw

    if "matter_id" not in schema_of(native):
        raise InvalidQuery("The frame has no column matter_id, by which its rows find their cases.")
    if native.implementation is not cases.implementation:
        raise InvalidQuery("The frame of the cases is of another engine than the one beside it. Give both of one.")
    schema = schema_of(cases)
    _check_versions(schema, "The frame of the cases")
    if "matter_id" not in schema:
        raise InvalidQuery("The frame of the cases has no column matter_id, by which rows find their cases.")
    check_rows(cases, ("matter_id",))
    picked = cases.select("matter_id", *(name for name in names if name in schema))
    # In some engines what is empty finds what is empty.
    picked = picked.filter(~nw.col("matter_id").is_null()).with_columns(__found=nw.lit(1, nw.Int64()))
    if type(native) is not type(picked):
        native, picked = lazily(native), lazily(picked)
    joined = native.join(picked, on="matter_id", how="left")
    (row,) = rows_of(lazily(joined).select(rows=nw.len(), found=nw.col("__found").count()))
    if lost := (row["rows"] or 0) - (row["found"] or 0):
        raise InvalidQuery(
            f"{lost:,} of {row['rows']:,} rows belong to no case of the frame beside them. Give all their cases; to ask"
            " about some cases only, filter both frames, or give the metric a filter."
        )
    return joined


def _check_versions(columns: Mapping[str, Any] | Sequence[str], what: str) -> None:
    if "known_from" in columns:
        raise InvalidQuery(f"{what} holds all versions of the rows. Give the current rows, or those known at a time.")


def _check_columns(columns: Sequence[str], needed: Mapping[str, str], by: Sequence[str], grain: Grain) -> None:
    _check_versions(columns, "This frame")
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
    possible = [name for name in columns if name not in NOT_GROUPS]
    for name in by:
        if name not in possible:
            raise InvalidQuery(f"Cannot break down by {name!r}. Possible: {', '.join(possible)}.")


def predicate(condition: Condition) -> nw.Expr:
    """A plain condition as an expression that is true or false, never null."""
    import narwhals.stable.v2 as nw

    match condition:
        case Among() | Days():
            return _told(condition).fill_null(False)
        case Empty(column):
            return nw.col(column).is_null()
        case Constant(value):
            return nw.lit(value)
        case Not(part):
            return ~predicate(part)
        case All(parts):
            return nw.all_horizontal(*map(predicate, parts), ignore_nulls=False) if parts else nw.lit(True)
        case AnyOf(parts):
            return nw.any_horizontal(*map(predicate, parts), ignore_nulls=False) if parts else nw.lit(False)
    raise InvalidQuery(f"A {type(condition).__name__} must be split into its yes and its no first.")


def _told(condition: Among | Days) -> nw.Expr:
    """The same, null where the cell is."""
    import narwhals.stable.v2 as nw

    cell = nw.col(condition.column)
    if isinstance(condition, Days):
        bounds = [] if condition.first is None else [cell >= midnight(condition.first)]
        bounds += [] if condition.last is None else [cell <= midnight(condition.last)]
        return functools.reduce(and_, bounds) if bounds else ~cell.is_null()
    # A list is looked through row by row. Whole numbers beside gaps are floats to some engines, and others do not look
    # for floats among integers.
    if condition.values and (len(condition.values) <= FEW or all(type(value) is int for value in condition.values)):
        return functools.reduce(or_, (cell == nw.lit(value) for value in condition.values))
    return cell.is_in(list(condition.values))
