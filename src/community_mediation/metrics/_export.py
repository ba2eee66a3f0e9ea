"""The table as JSON and as a frame."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from community_mediation.errors import MissingExtra
from community_mediation.metrics._figures import CountFigure, Figure, ProportionFigure

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable

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
        "by": list(table.by),
    }
    rows = [
        {"group": [_jsonable(value) for value in row.group], "total": row.total, **_record(row.figure)}
        for row in table.rows
    ]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "rows": [\n{lines}\n]}}'


def _jsonable(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _record(figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    shared: dict[str, Any] = {"metric": metric.name, "metric_version": metric.version, "basis": metric.basis.value}
    if isinstance(figure, CountFigure):
        return {
            **shared,
            "kind": "count",
            "value": figure.value,
            "reason": figure.reason,
            "unknown": figure.unknown,
            "undated": figure.undated,
            "excluded": dict(figure.excluded),
        }
    if isinstance(figure, ProportionFigure):
        limits = figure.interval
        return {
            **shared,
            "kind": "proportion",
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "denominator_name": figure.metric.denominator_label.en,
            "percent": None if figure.reason else figure.percent(),
            "value": None if figure.value is None else float(figure.value),
            "reason": figure.reason,
            "interval": limits
            and {"lower": limits.lower, "upper": limits.upper, "method": limits.method, "level": limits.level},
            "other": figure.other,
            "open": figure.open,
            "counts_open": figure.metric.counts_open,
            "unknown_outcome": figure.unknown_outcome,
            "unknown_place": figure.unknown_place,
            "outside": figure.outside,
            "elsewhere": figure.elsewhere,
            "excluded": dict(figure.excluded),
            "basis_cases": figure.basis_cases,
            "undated": figure.undated,
        }
    lower, upper = figure.limits
    return {
        **shared,
        "kind": "duration",
        "start": figure.metric.start,
        "end": figure.metric.end,
        "unit": figure.metric.unit.value,
        "median": figure.value,
        "reason": figure.reason,
        "interval": {"lower": lower, "upper": upper, "method": "Brookmeyer-Crowley", "level": figure.estimate.level},
        "closed_only_median": figure.closed_only_value,
        "ended": figure.estimate.ended,
        "censored": figure.estimate.censored,
        "known_to_day": figure.known_to_day,
        "ended_later": figure.ended_later,
        "unobserved": figure.unobserved,
        "excluded": dict(figure.left_out),
        "basis_cases": figure.basis_cases,
        "undated": figure.undated,
    }


def _flat(figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    cells: dict[str, Any] = {"metric": metric.name, "version": metric.version, "basis": metric.basis.value}
    cells |= {"reason": figure.reason or None, "undated": figure.undated}
    if isinstance(figure, CountFigure):
        return cells | {
            "count": figure.value,
            "unknown": figure.unknown,
            "excluded": sum(count for _, count in figure.excluded),
        }
    cells["basis_cases"] = figure.basis_cases
    if isinstance(figure, ProportionFigure):
        limits = figure.interval
        return cells | {
            "denominator_name": figure.metric.denominator_label.en,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "value": None if figure.value is None else float(figure.value),
            "lower": limits and limits.lower,
            "upper": limits and limits.upper,
            "method": limits and limits.method,
            "level": limits and limits.level,
            "open": figure.open,
            "unknown": figure.unknown,
            "outside": figure.outside,
            "elsewhere": figure.elsewhere,
            "excluded": sum(count for _, count in figure.excluded),
        }
    lower, upper = figure.limits
    return cells | {
        "count": figure.estimate.ended,
        "value": figure.value,
        "lower": lower,
        "upper": upper,
        "method": "Brookmeyer-Crowley",
        "level": figure.estimate.level,
        "unit": figure.metric.unit.value,
        "closed_only_median": figure.closed_only_value,
        "open": figure.estimate.censored,
        "excluded": sum(count for _, count in figure.left_out),
    }


def to_frame(table: ResultTable) -> Any:
    """One row for each row of the table, with the ``by`` columns first."""
    records = [_flat(row.figure) | {"total": row.total, "label": row.metric.label.text(table.lang)}
               for row in table.rows]  # fmt: skip
    groups = {name: [row.group[i] if row.group else None for row in table.rows] for i, name in enumerate(table.by)}
    kinds = {f"by_{name}" if name in _COLUMNS else name: _kind(cells) for name, cells in groups.items()}
    data = dict(zip(kinds, groups.values(), strict=True))
    data |= {name: [record.get(name) for record in records] for name in _COLUMNS}
    return framed(data, {**kinds, **_COLUMNS}, table.kind)


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
