"""What leaves an engine: small tables and long columns of numbers, both with a limit."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import InvalidQuery, MediationError
from community_mediation.metrics._signatures import Group

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

MOST_GROUPS: Final = 100_000
"""Into how many groups a table may break down."""

MOST_ROWS: Final = 1_000_000
"""How many rows may leave the engine: groups, times what has to be told apart in each."""

MOST_TIMES: Final = 20_000_000
"""How many different times may leave it, which are kept in columns of numbers."""


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


def collected(lazy: nw.LazyFrame[Any], keys: Sequence[str] = (), most: int | None = None) -> nw.DataFrame[Any]:
    """A small table, computed by the engine.

    Raises:
        InvalidQuery: It has more than *most* rows (else `MOST_ROWS`), or *keys* have too many different values.
    """
    most = MOST_ROWS if most is None else most
    # Cut off, so that no more leaves the engine than can be told to be too much.
    found = streamed(lazy.head(most + 1))
    if keys and len(found.select(*keys).unique()) > MOST_GROUPS:
        raise InvalidQuery(
            f"The table would have more than {MOST_GROUPS:,} groups. Break down by fewer or coarser columns, or ask for"
            " a part of the frame at a time."
        )
    if len(found) > most:
        raise InvalidQuery(
            f"More than {most:,} different rows would have to be told apart. Ask for fewer metrics or groups, or"
            " for a part of the frame at a time."
        )
    return found


def streamed(lazy: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
    """All rows, computed by the engine."""
    if lazy.implementation.is_polars():
        # Its other engine holds whole columns in memory.
        return lazy.collect(engine="streaming")
    return lazy.collect() if lazy.implementation.is_pandas_like() else lazy.collect(backend="polars")


def rows_of(lazy: nw.LazyFrame[Any], keys: Sequence[str] = ()) -> Sequence[Mapping[str, Any]]:
    """The rows of a small table, computed by the engine.

    Raises:
        InvalidQuery: It is not small, or *keys* have too many different values.
    """
    return collected(lazy, keys).rows(named=True)


def groups_of(table: nw.DataFrame[Any], keys: Sequence[str]) -> Iterator[Group]:
    """The group of each row of a small table."""
    groups = zip(*(table[key].to_list() for key in keys), strict=True) if keys else repeat((), len(table))
    # Each comes with many rows.
    return map(functools.cache(lambda cells: tuple(map(plain, cells))), groups)


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
        if value.tzinfo is not None:
            # Each engine shows an instant by a clock of its own.
            return value.astimezone(dt.UTC)
        return value.date() if value.time() == dt.time() else value
    return value
