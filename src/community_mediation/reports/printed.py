"""A filled-in report in words: what a sheet and a page of it have in common."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import attrs

from community_mediation.ports import (
    Figure,
    Label,
    Relation,
    Report,
    ReportColumn,
    ReportTable,
    Severity,
)
from community_mediation.reports.cells import clean
from community_mediation.reports.words import term

UNKNOWN: Final = "—"
"""What is printed where a figure is not known; never 0."""
_FOOTING: Final = frozenset({"report.does_not_foot", "report.not_checked"})


@attrs.frozen
class Remark:
    """A finding, ready to print."""

    severity: Severity
    text: str


def figure_text(figure: Figure) -> str:
    """A cell as text."""
    if figure is None:
        return UNKNOWN
    if isinstance(figure, Decimal):
        return f"{figure:,f}"
    return f"{figure:,}" if isinstance(figure, int) else clean(figure)


def is_number(table: ReportTable, column: str) -> bool:
    """Whether a column holds figures: a unit says so, or a cell."""
    unit = next(each.unit for each in table.columns if each.name == column)
    return bool(unit) or any(isinstance(row[column], int | Decimal) for row in table.rows)


def heading(column: ReportColumn, lang: str, common: str) -> str:
    """A column's heading, with its unit where that is not the one of the whole table."""
    text, unit = clean(column.label.text(lang)), unit_text(column.unit, lang)
    if not unit or unit == common:
        return text
    return f"{text}（{unit}）" if lang.startswith("zh") else f"{text} ({unit})"


def unit_text(unit: str, lang: str) -> str:
    """A unit, where readers of the language can read it."""
    return clean(unit) if lang.startswith("zh") or unit.isascii() else ""


def common_unit(table: ReportTable, lang: str) -> str:
    """The unit of most columns, to be said once; empty where the readers of the language cannot read it."""
    units = [column.unit for column in table.columns if column.unit]
    return unit_text(max(units, key=units.count), lang) if units else ""


def subtitle(report: Report, lang: str) -> str:
    """Period, for whom, and which version of which format."""
    period = term("whole period", lang) if report.period is None else str(report.period)
    colon = "：" if lang.startswith("zh") else ": "
    parts = [
        f"{term('Period', lang)}{colon}{period}",
        f"{term('For', lang)}{colon}{term(report.audience.value, lang)}",
        f"{term('Report', lang)}{colon}{clean(report.format)}, {term('version', lang)} {report.version}",
    ]
    return " · ".join(parts)


def group_spans(table: ReportTable, lang: str) -> list[tuple[str, int]]:
    """The headings above the headings, each with how many columns it spans; empty where no column has one."""
    if not any(column.group for column in table.columns):
        return []
    spans: list[tuple[Label | None, int]] = []
    for column in table.columns:
        if spans and column.group is not None and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return [("" if group is None else clean(group.text(lang)), size) for group, size in spans]


def totals(table: ReportTable) -> frozenset[int]:
    """The numbers of the rows that are totals."""
    return frozenset(each.total for each in table.sums)


def findings_of(report: Report, lang: str) -> list[Remark]:
    """Everything that is wrong with the report, worst first; rules that could not be checked are told together."""
    own = [Remark(each.severity, clean(each.message)) for each in report.findings if each.code not in _FOOTING]
    wrong = [Remark(Severity.ERROR, text) for table in report.tables for text in _unfit(table, lang)]
    result = [*wrong, *sorted(own, key=lambda each: _ORDER.index(each.severity))]
    unchecked = sum(each.code == "report.not_checked" for each in report.all_findings())
    if unchecked:
        text = Label(
            f"{unchecked:,} rules could not be checked, because a figure is not known.",
            f"因数值未知，{unchecked:,} 条核对规则无法检查。",
        )
        result.append(Remark(Severity.INFO, text.text(lang)))
    return result


_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_MUST: Final = {
    Relation.EQUALS: Label("must equal", "应等于"),
    Relation.AT_MOST: Label("must be at most", "不应大于"),
    Relation.AT_LEAST: Label("must be at least", "不应小于"),
}


def _unfit(table: ReportTable, lang: str) -> Iterator[str]:
    labels = {column.name: clean(column.label.text(lang)) for column in table.columns}
    title, zh = clean(table.title.text(lang)), lang.startswith("zh")
    for number, row in enumerate(table.rows, 1):
        where = f"{title}，第 {number} 行" if zh else f"{title}, row {number}"
        for rule in table.rules:
            if rule.holds(row) is not False:
                continue
            parts = " + ".join(f"{labels[name]} {figure_text(row[name])}" for name in rule.parts)
            left = f"{labels[rule.column]} {figure_text(row[rule.column])}"
            must = _MUST[rule.relation].text(lang)
            yield (
                f"{where}：{left} {must} {parts}，实际不符。"
                if zh
                else f"{where}: {left} {must} {parts}, and does not."
            )
        for each in table.sums:
            for name in each.columns if each.total == number - 1 else ():
                if each.holds(table.rows, name) is not False:
                    continue
                left = f"{labels[name]} {figure_text(row[name])}"
                if zh:
                    yield f"{where}：{left} 应等于其 {len(each.parts)} 行之和，实际不符。"
                else:
                    yield f"{where}: {left} must equal the sum of its {len(each.parts)} rows, and does not."
