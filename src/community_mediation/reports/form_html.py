"""A filled-in report as one page: nothing loaded from elsewhere, nothing run, and it prints across the sheet."""

from __future__ import annotations

from typing import Final

from community_mediation.ports import Figure, Report, ReportTable
from community_mediation.reports.html import escaped, footer, page
from community_mediation.reports.printed import (
    UNKNOWN,
    Remark,
    common_unit,
    figure_text,
    findings_of,
    group_spans,
    heading,
    is_number,
    subtitle,
    totals,
)
from community_mediation.reports.words import term

_STYLE: Final = """
body { max-width: 96rem; }
table { font-size: 0.86rem; }
th, td { padding: 0.35rem 0.5rem; }
thead th { text-align: center; font-size: 0.82rem; line-height: 1.25; }
thead th.t { text-align: left; }
thead tr:first-child th.g { border-bottom: 1px solid var(--rule); }
th.edge, td.edge { border-left: 1px solid var(--rule); }
td.unknown { text-align: right; color: var(--muted); }
td.wrong { background: #fbe3df; color: #8f1d0e; font-weight: 600; }
.findings { border-left: 4px solid var(--rule); background: var(--head); padding: 0.6rem 1rem; margin: 1.2rem 0; }
.findings.error { border-color: #b3261e; background: #fdf1ef; }
.findings h2 { font-size: 1rem; margin: 0 0 0.3rem; }
.findings li.error { color: #8f1d0e; font-weight: 600; }
@media print { @page { size: A4 landscape; margin: 12mm; } html { font-size: 56%; }
  th, td { padding: 0.25rem 0.35rem; } }
"""


def report_page(report: Report, lang: str) -> str:
    """The page as text; everything from outside is escaped."""
    told = findings_of(report, lang)
    sections = "".join(_section(number, table, lang) for number, table in enumerate(report.tables, 1))
    foot = footer(report.sources, report.generated_from, lang)
    return page(
        report.title.text(lang), subtitle(report, lang), lang, _findings(told, lang) + sections, foot, style=_STYLE
    )


def _findings(told: list[Remark], lang: str) -> str:
    if not told:
        return ""
    items = "".join(f'<li class="{each.severity.value}">{escaped(each.text)}</li>' for each in told)
    return (
        f'<aside class="findings {told[0].severity.value}" role="note"><h2>{term("Findings", lang)}</h2>'
        f"<ul>{items}</ul></aside>\n"
    )


def _section(number: int, table: ReportTable, lang: str) -> str:
    unit = common_unit(table, lang)
    caption = f"<caption>{term('Unit', lang)}: {escaped(unit)}</caption>" if unit else ""
    wrong = set(table.unfit())
    bold = totals(table)
    edges = _edges(table)
    body = "\n".join(
        f"<tr{' class=total' if place in bold else ''}>"
        + "".join(
            _cell(row[column.name], is_wrong=(place, column.name) in wrong, is_edge=column.name in edges)
            for column in table.columns
        )
        + "</tr>"
        for place, row in enumerate(table.rows)
    )
    notes = "".join(f"<p>{escaped(note)}</p>" for note in table.notes)
    noted = f'<div class="notes"><h3>{term("Notes", lang)}</h3>{notes}</div>\n' if notes else ""
    return (
        f'<section aria-labelledby="t{number}">\n<h2 id="t{number}">{escaped(table.title.text(lang))}</h2>\n'
        f'<div class="scroll"><table>{caption}\n<thead>{_head(table, lang, unit, edges)}</thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>\n{noted}</section>\n"
    )


def _edges(table: ReportTable) -> frozenset[str]:
    """The columns with which a group begins or ends."""
    before = zip((None, *table.columns), table.columns, strict=False)
    return frozenset(now.name for last, now in before if last is not None and last.group != now.group)


def _head(table: ReportTable, lang: str, unit: str, edges: frozenset[str]) -> str:
    spans = group_spans(table, lang)
    lower, upper, place = "", "", 0
    for text, size in spans:
        mine = table.columns[place : place + size]
        place += size
        edge = " edge" if mine[0].name in edges else ""
        if text:
            upper += f'<th scope="colgroup" colspan="{size}" class="g{edge}">{escaped(text)}</th>'
            lower += "".join(_heading(table, column.name, heading(column, lang, unit), edges) for column in mine)
        else:
            upper += "".join(_heading(table, each.name, heading(each, lang, unit), edges, rows=2) for each in mine)
    if spans:
        return f"<tr>{upper}</tr>\n<tr>{lower}</tr>"
    return f"<tr>{''.join(_heading(table, each.name, heading(each, lang, unit), edges) for each in table.columns)}</tr>"


def _heading(table: ReportTable, name: str, text: str, edges: frozenset[str], *, rows: int = 1) -> str:
    looks = [*([] if is_number(table, name) else ["t"]), *(["edge"] if name in edges else [])]
    look = f' class="{" ".join(looks)}"' if looks else ""
    span = f' rowspan="{rows}"' if rows > 1 else ""
    return f'<th scope="col"{span}{look}>{escaped(text)}</th>'


def _cell(figure: Figure, *, is_wrong: bool, is_edge: bool) -> str:
    looks = ["unknown"] if figure is None else ["n"] if not isinstance(figure, str) else []
    looks += [*(["wrong"] if is_wrong else []), *(["edge"] if is_edge else [])]
    look = f' class="{" ".join(looks)}"' if looks else ""
    text = UNKNOWN if figure is None else figure_text(figure)
    return f"<td{look}>{escaped(text)}</td>"
