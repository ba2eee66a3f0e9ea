"""The table as JSON and as a frame."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import MissingExtra
from community_mediation.metrics._figures import Figure
from community_mediation.metrics._records import flat_of, record_of
from community_mediation.metrics._signatures import Group

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable
    from community_mediation.metrics._shown import Observed

FORMAT: Final = "community-mediation/outcome-table"
VERSION: Final = 1

_COLUMNS: Final = {
    "total": "bool",
    "metric": "text",
    "version": "int",
    "label": "text",
    "basis": "text",
    "denominator_name": "text",
    "count": "int",
    "numerator": "int",
    "denominator": "int",
    "value": "float",
    "lower": "float",
    "upper": "float",
    "method": "text",
    "level": "float",
    "clusters": "int",
    "unit": "text",
    "reason": "text",
    "closed_only_median": "float",
    "open": "int",
    "unknown": "int",
    "undated": "int",
    "outside": "int",
    "elsewhere": "int",
    "excluded": "int",
    "basis_cases": "int",
}


def to_json(table: ResultTable) -> str:
    """Keys in a fixed order, numbers as plain JSON, one line for each row of the table."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "period": None if table.period is None else str(table.period),
        "on_the_spot": table.on_the_spot.value,
        **observed(table),
        "by": list(table.by),
    }
    rows = [
        {"group": [jsonable(value) for value in row.group], "total": row.total, **_record(row.figure)}
        for row in table.rows
    ]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "rows": [\n{lines}\n]}}'


def observed(found: Observed) -> dict[str, Any]:
    """The last day that was watched to its end, and whether the period goes on after it."""
    through = found.watched_through
    return {"watched_through": None if through is None else through.isoformat(), "unfinished": found.unfinished}


def jsonable(value: Any) -> Any:
    """A value of a ``by`` column as JSON has it."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _record(figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    shared = {"metric": metric.name, "metric_version": metric.version, "basis": metric.basis.value}
    return {**shared, **record_of(figure)}


def _flat(figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    shared = {"metric": metric.name, "version": metric.version, "basis": metric.basis.value}
    return {**shared, "reason": figure.reason or None, "undated": figure.undated, **flat_of(figure)}


def to_frame(table: ResultTable) -> Any:
    """One row for each row of the table, with the ``by`` columns first."""
    records = [_flat(row.figure) | {"total": row.total, "label": row.metric.label.text(table.lang)}
               for row in table.rows]  # fmt: skip
    data, kinds = group_columns(table.by, [row.group for row in table.rows], _COLUMNS)
    data |= {name: [record.get(name) for record in records] for name in _COLUMNS}
    return framed(data, {**kinds, **_COLUMNS}, table.kind)


def group_columns(
    by: Sequence[str], groups: Sequence[Group], others: Collection[str]
) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """The ``by`` columns of a frame with their kinds; one named like another column of the frame is ``by_…``."""
    cells = {name: [group[i] if group else None for group in groups] for i, name in enumerate(by)}
    data = {f"by_{name}" if name in others else name: found for name, found in cells.items()}
    return data, {name: _kind(found) for name, found in data.items()}


def _kind(cells: list[Any]) -> str:
    kinds = {type(cell) for cell in cells if cell is not None}
    names: dict[type, str] = {int: "int", bool: "bool", float: "float", dt.date: "date"}
    return names.get(kinds.pop(), "text") if len(kinds) == 1 else "text"


def framed(data: dict[str, list[Any]], kinds: dict[str, str], kind: str) -> Any:
    """Columns of plain values as a frame of that kind.

    Raises:
        MissingExtra: The kind's package is not installed.
    """
    texts = {name: [None if cell is None else str(cell) for cell in data[name]]
             for name, wanted in kinds.items() if wanted == "text"}  # fmt: skip
    data = {**data, **texts}
    try:
        if kind == "pandas":
            import pandas as pd

            dtypes = {"int": "Int64", "float": "Float64", "bool": "boolean", "text": "string", "date": "object"}
            return pd.DataFrame({name: pd.array(cells, dtype=dtypes[kinds[name]]) for name, cells in data.items()})  # type: ignore[call-overload]
        import polars as pl
    except ImportError:
        raise MissingExtra("A frame of results", "metrics") from None
    types = {"int": pl.Int64, "float": pl.Float64, "bool": pl.Boolean, "text": pl.String, "date": pl.Date}
    return pl.DataFrame(data, schema={name: types[wanted] for name, wanted in kinds.items()})
