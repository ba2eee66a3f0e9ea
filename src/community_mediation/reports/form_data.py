"""A filled-in report for machines: JSON with everything, or CSV with a file for each table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from community_mediation.files import marked
from community_mediation.ports import Figure, Label, Report, ReportColumn, ReportTable

UNKNOWN: Final = "unknown"
"""What stands in a CSV where a figure is not known; never 0, and no empty cell that might read as one."""


def report_json(report: Report) -> str:
    """The report as one JSON object. Decimals are texts, so that no digit is lost; ``null`` is not known."""
    return json.dumps(_report(report), ensure_ascii=False, indent=2) + "\n"


def _report(report: Report) -> dict[str, Any]:
    return {
        "format": report.format,
        "version": report.version,
        "title": _label(report.title),
        "audience": report.audience.value,
        "period": None if report.period is None else str(report.period),
        "lang": report.lang,
        "tables": [_table(table) for table in report.tables],
        "sources": list(report.sources),
        "generated_from": report.generated_from,
        "findings": [
            {"code": each.code, "severity": each.severity.value, "message": each.message, "remedy": each.remedy}
            for each in report.all_findings()
        ],
    }


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": _label(table.title),
        "columns": [_column(column) for column in table.columns],
        "rows": [{column.name: _exact(row[column.name]) for column in table.columns} for row in table.rows],
        "rules": [
            {"column": rule.column, "relation": rule.relation.value, "parts": list(rule.parts), "source": rule.source}
            for rule in table.rules
        ],
        "sums": [
            {"total": each.total, "parts": list(each.parts), "columns": list(each.columns), "source": each.source}
            for each in table.sums
        ],
        "notes": list(table.notes),
    }


def _column(column: ReportColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": _label(column.label),
        "unit": column.unit,
        "group": None if column.group is None else _label(column.group),
        "doc": column.doc,
    }


def _label(label: Label) -> dict[str, str]:
    return {"en": label.en, **({"zh": label.zh} if label.zh else {}), **label.others}


def _exact(figure: Figure) -> int | str | None:
    return f"{figure:f}" if isinstance(figure, Decimal) else figure


def table_csv(table: ReportTable) -> bytes:
    """A table with the names of its columns above, in UTF-8 with the mark that spreadsheet programs look for."""
    names = [column.name for column in table.columns]
    return _csv(names, ([row[name] for name in names] for row in table.rows))


def findings_csv(report: Report) -> bytes:
    """What is wrong with the report, a row each."""
    rows = ([each.code, each.severity.value, each.message, each.remedy] for each in report.all_findings())
    return _csv(["code", "severity", "message", "remedy"], rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Figure]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([marked(head) for head in heads])
    writer.writerows([[_cell(figure) for figure in row] for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(figure: Figure) -> str:
    if figure is None:
        return UNKNOWN
    # A minus before a real number is no formula; before a text it may be one.
    return (
        marked(figure.replace("\0", ""))
        if isinstance(figure, str)
        else f"{figure:f}"
        if isinstance(figure, Decimal)
        else str(figure)
    )
