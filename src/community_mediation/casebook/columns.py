"""A frame's columns out of the texts in which a store gives them: no cell becomes an object of Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from community_mediation.errors import StoreDamaged
from community_mediation.facts.schema import ColumnType

if TYPE_CHECKING:
    import polars

# What the cast takes exactly as it stands: no exponent, and no more places than a frame's column has.
_PLAIN_DECIMAL: Final = r"^-?[0-9]{1,32}(\.[0-9]{1,6})?$"
# With a point and no "%." before it Polars parses by places, five times as fast; as strictly.
_INSTANT: Final = "%Y-%m-%dT%H:%M:%S.%6fZ"

WAITING: Final = 2
"""How many pages may wait to be parsed, or to be taken."""

T = TypeVar("T")
R = TypeVar("R")

Exact = Callable[[str, Sequence[Any]], Sequence[Decimal | None]]


def ahead(make: Callable[[T], R], given: Iterable[T]) -> Generator[R, None, None]:
    """What is made of each that is given, in order, in a thread beside the one that reads the next.

    Both a database that steps and Polars that parses let go of Python's lock. Few wait, so that memory is bounded.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(1, "facts") as pool:
        for each in given:
            waiting.append(pool.submit(make, each))
            if len(waiting) > WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def column_of(name: str, kind: ColumnType, dtype: Any, text: str, exact: Exact) -> polars.Series:
    """The column that a JSON array holds; *exact* makes those numbers that Polars might round.

    Raises:
        StoreDamaged: A cell is not of its column's form.
        InvalidQuery: As *exact* says.
    """
    import polars as pl

    numbers = {ColumnType.INT: pl.Int64, ColumnType.BOOL: pl.Int64, ColumnType.FLOAT: pl.Float64}
    try:
        kept: pl.Series = pl.Series([text]).str.json_decode(pl.List(numbers.get(kind, pl.String)))[0].rename(name)
        match kind:
            case ColumnType.BOOL:
                return kept.cast(pl.Boolean)
            case ColumnType.DATE:
                return kept.str.to_date("%Y-%m-%d")
            case ColumnType.INSTANT:
                return kept.str.to_datetime(_INSTANT, time_unit="us", time_zone="UTC", cache=False)
            case ColumnType.DECIMAL if kept.str.contains(_PLAIN_DECIMAL).all():
                return kept.cast(dtype)
            case ColumnType.DECIMAL:
                decimals = exact(name, [None if cell is None else Decimal(cell) for cell in kept])
                return pl.Series(name, decimals, dtype=dtype)
        return kept
    except (pl.exceptions.PolarsError, ArithmeticError):
        pass
    raise StoreDamaged("A facts row holds something else than its column says. Rebuild the facts.")
