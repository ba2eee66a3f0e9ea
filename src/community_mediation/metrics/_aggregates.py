"""What the engine adds up beside counts: sums, distinct ones, and sums by case, each as a small table.

Every recipe is the one that all engines can do: a filter, bare sums over groups, columns
made from them, and sums again. Whole numbers and decimals are added exactly; numbers in
floating point are added as whole millionths, so that their order changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from community_mediation.facts.schema import ColumnType
from community_mediation.metrics._clusters import ClusterSums
from community_mediation.metrics._collected import plain, rows_of
from community_mediation.metrics._conditions import All, AnyOf, Condition, Empty, Not
from community_mediation.metrics._engine import Frame, predicate
from community_mediation.metrics._measures import Mean
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._unique import schema_of

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_CASE = "matter_id"
_MILLION = 1_000_000


Sums = dict[Group, dict[str | None, Fraction]]
"""The sums of each group, and over all under ``()``, by what they are told in."""

NONE: Final = ClusterSums(clusters=0, n=0, y=0, nn=0, ny=0, yy=0)
"""The sums over no case at all."""


def clusters(frame: Frame, rows: Condition, value: Condition | nw.Expr) -> dict[Group, ClusterSums]:
    """The sums by case for each group, and over all under ``()``: *value* is a condition, or a whole number."""
    import narwhals.stable.v2 as nw

    number = _flag(value) if isinstance(value, Condition) else value.cast(nw.Int64)
    ready = frame.lazy.filter(predicate(rows)).select(_CASE, *frame.keys, __n=nw.lit(1, nw.Int64()), __y=number)
    return _by_group(frame, lambda keys: _squared(ready, keys))


def pairs(
    frame: Frame, before: Condition, after: Condition, column: str, pair: Sequence[str]
) -> tuple[dict[Group, ClusterSums], dict[Group, int]]:
    """The sums by case of the changes between two rows that belong together, and how many rows have no other."""
    import narwhals.stable.v2 as nw

    score = nw.col(column).cast(nw.Int64)
    zero = nw.lit(0, nw.Int64())
    one, two = predicate(before), predicate(after)
    # Nobody knows whether two answers without a name are of the same party.
    named = predicate(All(tuple(Not(Empty(name)) for name in pair)))
    ready = frame.lazy.filter(one | two).select(
        _CASE,
        *pair,
        *frame.keys,
        __b=_flag(before),
        __a=_flag(after),
        __named=named,
        __change=nw.when(two).then(score).otherwise(zero) - nw.when(one).then(score).otherwise(zero),
    )
    whole = nw.col("__named") & (nw.col("__b") == 1) & (nw.col("__a") == 1)

    def summed(keys: Sequence[str]) -> nw.LazyFrame[Any]:
        paired = ready.group_by(_CASE, *pair, "__named", *keys).agg(
            nw.col("__b").sum(), nw.col("__a").sum(), nw.col("__change").sum()
        )
        return paired

    def of_pairs(keys: Sequence[str]) -> nw.LazyFrame[Any]:
        there = (
            summed(keys)
            .filter(whole)
            .select(_CASE, *keys, __n=nw.lit(1, nw.Int64()), __y=nw.col("__change").cast(nw.Int64))
        )
        return _squared(there, keys)

    def of_others(keys: Sequence[str]) -> nw.LazyFrame[Any]:
        others = summed(keys).filter(~whole).select(*keys, __rows=(nw.col("__b") + nw.col("__a")).cast(nw.Int64))
        return _summed(others, keys, ["__rows"])

    found = _by_group(frame, of_pairs)
    alone: dict[Group, int] = {}
    for keys in _both(frame):
        for row in rows_of(of_others(keys), keys):
            alone[tuple(plain(row[key]) for key in keys)] = int(row["__rows"] or 0)
    return found, alone


def distinct(frame: Frame, rows: Condition, column: str) -> dict[Group, int]:
    """How many different ones the column names, for each group and over all under ``()``."""
    import narwhals.stable.v2 as nw

    ready = frame.lazy.filter(predicate(rows)).select(*frame.keys, __name=nw.col(column))
    found: dict[Group, int] = {}
    for keys in _both(frame):
        names = ready.select(*keys, "__name").unique().with_columns(__one=nw.lit(1, nw.Int64()))
        for row in rows_of(_summed(names, keys, ["__one"]), keys):
            found[tuple(plain(row[key]) for key in keys)] = int(row["__one"] or 0)
    return found


def repeats(frame: Frame, rows: Condition, column: str, times: int) -> dict[Group, tuple[int, int]]:
    """How many different ones the column names, and how many of them in at least so many cases."""
    import narwhals.stable.v2 as nw

    ready = frame.lazy.filter(predicate(rows)).select(_CASE, *frame.keys, __name=nw.col(column))
    one, zero = nw.lit(1, nw.Int64()), nw.lit(0, nw.Int64())
    found: dict[Group, tuple[int, int]] = {}
    for keys in _both(frame):
        each = ready.select(*keys, "__name", _CASE).unique().with_columns(__cases=one)
        people = each.group_by("__name", *keys).agg(nw.col("__cases").sum())
        often = people.select(*keys, __one=one, __often=nw.when(nw.col("__cases") >= times).then(one).otherwise(zero))
        for row in rows_of(_summed(often, keys, ["__one", "__often"]), keys):
            group = tuple(plain(row[key]) for key in keys)
            found[group] = (int(row["__one"] or 0), int(row["__often"] or 0))
    return found


def totals(frame: Frame, rows: Condition, column: str, unit: str | None) -> Sums:
    """The sum of the column for each group, and over all under ``()``, by what it is told in."""
    import narwhals.stable.v2 as nw

    cell = nw.col(column)
    told = frame.grain.column(column)
    floating = schema_of(frame.lazy)[column].is_float()
    units = ["__unit"] if unit is not None else []
    ready = frame.lazy.filter(predicate(rows))
    if floating:
        whole = cell.floor()
        parts = {"__whole": whole.cast(nw.Int64), "__rest": ((cell - whole) * _MILLION).round().cast(nw.Int64)}
    elif told is not None and told.type is ColumnType.DECIMAL:
        parts = {"__whole": cell}
    else:
        parts = {"__whole": cell.cast(nw.Int64)}
    named = {"__unit": nw.col(unit)} if unit is not None else {}
    ready = ready.select(*frame.keys, **named, **parts, __rows=nw.lit(1, nw.Int64()))
    found: Sums = {}
    for row in rows_of(_summed(ready, [*units, *frame.keys], [*parts, "__rows"]), frame.keys):
        if not row["__rows"]:
            # Over no rows, some engines give a sum of 0, and some none.
            continue
        group = tuple(plain(row[key]) for key in frame.keys)
        amount = Fraction(row["__whole"]) + (Fraction(int(row["__rest"]), _MILLION) if floating else 0)
        name = plain(row["__unit"]) if units else None
        _add(found, group, name, amount)
    return found


def parts(frame: Frame, rows: Condition) -> Sums:
    """For each group, and over all under ``()``, the sum of 1/n over the rows, where n rows of the frame are of a case.

    Counted by n, so that the sum of fractions is exact.
    """
    import narwhals.stable.v2 as nw

    size = nw.col(_CASE).count().over(_CASE)
    ready = frame.lazy.select(_CASE, *frame.keys, __stays=predicate(rows)).with_columns(__size=size)
    counted = ready.filter(nw.col("__stays")).group_by("__size", *frame.keys).agg(nw.len().alias("__rows"))
    found: Sums = {}
    for row in rows_of(counted, frame.keys):
        amount = Fraction(int(row["__rows"]), int(row["__size"]))
        _add(found, tuple(plain(row[key]) for key in frame.keys), None, amount)
    return found


def _add(sums: Sums, group: Group, name: str | None, amount: Fraction) -> None:
    """Add an amount to those of its group, and of all."""
    for each in {group, ()}:
        named = sums.setdefault(each, {})
        named[name] = named.get(name, Fraction(0)) + amount


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Rows that fit one of them."""
    return AnyOf(tuple(conditions))


def score(metric: Mean, turned: Condition) -> nw.Expr:
    """The number that a row brings to a mean; scores that run the other way are turned."""
    import narwhals.stable.v2 as nw

    cell = nw.col(metric.column).cast(nw.Int64)
    other_way = nw.lit(metric.lowest + metric.highest, nw.Int64()) - cell
    return nw.when(predicate(turned)).then(other_way).otherwise(cell)


def _flag(condition: Condition) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return nw.when(predicate(condition)).then(nw.lit(1, nw.Int64())).otherwise(nw.lit(0, nw.Int64()))


def _both(frame: Frame) -> list[tuple[str, ...]]:
    """By group, and over all: distinct ones of two groups may be the same, and a case may stand in both."""
    return [frame.keys, ()] if frame.keys else [()]


def _squared(ready: nw.LazyFrame[Any], keys: Sequence[str]) -> nw.LazyFrame[Any]:
    import narwhals.stable.v2 as nw

    n, y = nw.col("__n"), nw.col("__y")
    by_case = ready.group_by(_CASE, *keys).agg(n.sum(), y.sum())
    products = by_case.select(*keys, __n=n, __y=y, __nn=n * n, __ny=n * y, __yy=y * y, __clusters=nw.lit(1, nw.Int64()))
    return _summed(products, keys, ["__n", "__y", "__nn", "__ny", "__yy", "__clusters"])


def _summed(lazy: nw.LazyFrame[Any], keys: Sequence[str], columns: Sequence[str]) -> nw.LazyFrame[Any]:
    import narwhals.stable.v2 as nw

    sums = [nw.col(name).sum() for name in columns]
    return lazy.group_by(*keys).agg(*sums) if keys else lazy.select(*sums)


def _by_group(frame: Frame, sums: Any) -> dict[Group, ClusterSums]:
    found: dict[Group, ClusterSums] = {}
    for keys in _both(frame):
        for row in rows_of(sums(keys), keys):
            numbers = {name: int(row[f"__{name}"] or 0) for name in ("clusters", "n", "y", "nn", "ny", "yy")}
            found[tuple(plain(row[key]) for key in keys)] = ClusterSums(**numbers)
    return found
