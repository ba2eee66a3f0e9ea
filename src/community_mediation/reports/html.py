"""A report as one page: nothing loaded from elsewhere, nothing run, and it prints."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from community_mediation.errors import InvalidInput
from community_mediation.files import write_whole
from community_mediation.reports.cells import Cells, caption, cells_of, clean, marks_of, said
from community_mediation.reports.model import Chart, OutcomeReport, Sheet
from community_mediation.reports.words import term

_STYLE: Final = """
:root { --ink: #1b2733; --muted: #5b6770; --rule: #d5dce2; --head: #f1f4f7; --mark: #1f5f8b; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink); background: #fff;
  font: 1rem/1.5 "Segoe UI", "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  sans-serif; }
header { border-bottom: 3px solid var(--mark); padding-bottom: 1rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 0.5rem; }
h3 { font-size: 0.95rem; margin: 1.2rem 0 0.3rem; }
header p { color: var(--muted); margin: 0.4rem 0 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding-bottom: 0.5rem; }
th, td { padding: 0.4rem 0.7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { background: var(--head); border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: normal; }
.n { text-align: right; white-space: nowrap; }
td.v { font-weight: 600; }
td.why { text-align: right; font-style: italic; color: var(--muted); }
td.over { color: var(--muted); }
tr.total > * { background: var(--head); font-weight: 600; }
sup { line-height: 0; }
a { color: var(--mark); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
ol, ul { margin: 0; padding-left: 1.5rem; }
.notes, footer { font-size: 0.84rem; color: var(--muted); }
.notes h3, footer h3 { color: var(--ink); }
.notes p, footer p { margin: 0.3rem 0; }
figure { margin: 1.5rem 0; break-inside: avoid; }
figure svg { display: block; max-width: 100%; height: auto; }
footer { border-top: 1px solid var(--rule); margin-top: 3rem; }
@media (max-width: 40rem) { body { padding: 1.2rem 0.9rem; } th, td { padding: 0.35rem 0.45rem; } }
@media print {
  @page { size: A4; margin: 14mm; }
  html { font-size: 68%; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1rem; }
  figure { margin: 0.6rem 0; }
  th, td { padding: 0.2rem 0.5rem; }
  body { line-height: 1.35; }
  section + section { break-before: page; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  a { color: inherit; }
}
"""
# No script, no address: even a text that slipped through could load and run nothing.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(
    report: OutcomeReport,
    path: str | os.PathLike[str],
    *,
    charts: Sequence[Chart] = (),
    overwrite: bool = False,
) -> Path:
    """Write *report* as one page that holds its charts.

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for, or a chart names no section.
        StoreFull, StoreUnavailable: The file cannot be written.
    """
    return write_whole(path, to_html(report, charts=charts).encode(), overwrite=overwrite)


def to_html(report: OutcomeReport, *, charts: Sequence[Chart] = ()) -> str:
    """The page as text; everything from outside is escaped.

    Raises:
        InvalidInput: A chart names a section that the report does not have.
    """
    known = {sheet.title for sheet in report.sections}
    if lost := [chart.title for chart in charts if chart.section and chart.section not in known]:
        raise InvalidInput(f"A chart belongs to a section that the report does not have: {lost[0]!r}.")
    sections = "".join(
        _section(number, sheet, report, [chart for chart in charts if chart.section == sheet.title])
        for number, sheet in enumerate(report.sections, 1)
    )
    rest = "".join(_figure(chart) for chart in charts if not chart.section)
    foot = footer(report.sources, report.generated_from, report.lang)
    return page(report.title, report.subtitle, report.lang, sections + rest, foot)


def page(title: str, subtitle: str, lang: str, main: str, foot: str = "", *, style: str = "") -> str:
    """A whole page around *main* and *foot*, which are HTML already; *style* is added to that of all pages."""
    heading = escaped(title)
    under = f"<p>{escaped(subtitle)}</p>" if subtitle else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_lang(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{heading}</h1>{under}</header>\n<main>\n{main}</main>\n{foot}</body>\n</html>\n"
    )


def _lang(lang: str) -> str:
    return "zh-CN" if lang.startswith("zh") else "en"


def escaped(text: str) -> str:
    """A text from outside as HTML: without controls, and never markup."""
    return escape(clean(text))


def _section(number: int, sheet: Sheet, report: OutcomeReport, charts: Iterable[Chart]) -> str:
    table, rows = sheet.table, cells_of(sheet.table)
    marks = marks_of(rows)
    words = ("Metric", "Counted over", "Number", "Out of", "Figure", "Interval")
    left = len(table.by) + 2
    heads = "".join(
        f'<th scope="col"{"" if place < left else " class=n"}>{escaped(text)}</th>'
        for place, text in enumerate([*table.by, *(term(each, report.lang) for each in words)])
    )
    body = "\n".join(_row(cells, marks, number) for cells in rows)
    pictures = "".join(_figure(chart) for chart in charts)
    return (
        f'<section aria-labelledby="s{number}">\n<h2 id="s{number}">{escaped(sheet.title)}</h2>\n{pictures}'
        f'<div class="scroll"><table lang="{_lang(table.lang)}"><caption>{escaped(caption(table))}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>\n"
        f"{_notes(number, sheet, marks, report.lang)}</section>\n"
    )


def _row(cells: Cells, marks: dict[str, int], section: int) -> str:
    number = marks.get(cells.note)
    mark = f' <sup><a href="#s{section}n{number}">{number}</a></sup>' if number else ""
    names = "".join(f'<th scope="row">{escape(text)}</th>' for text in cells.group)
    count, of = ("" if value is None else f"{value:,}" for value in (cells.count, cells.of))
    look = "n" if cells.unit else "n v"
    if cells.reason:
        value = f'<td class="why">{escape(cells.reason)}</td>'
    else:
        value = f'<td class="n v">{escape(cells.shown)}</td>'
    return (
        f'<tr{" class=total" if cells.total else ""}>{names}<th scope="row">{escape(cells.label)}{mark}</th>'
        f'<td class="over">{escape(cells.over)}</td><td class="{look}">{count}</td><td class="n">{of}</td>{value}'
        f'<td class="n">{escape(cells.interval)}</td></tr>'
    )


def _notes(section: int, sheet: Sheet, marks: dict[str, int], lang: str) -> str:
    items = "".join(f'<li id="s{section}n{number}">{escape(note)}</li>' for note, number in marks.items())
    lines = [*said(sheet.table), *sheet.notes]
    texts = "".join(f"<p>{escaped(line)}</p>" for line in lines if line)
    if not items and not texts:
        return ""
    listed = f"<ol>{items}</ol>" if items else ""
    return f'<div class="notes"><h3>{term("Notes", lang)}</h3>{listed}{texts}</div>\n'


def _figure(chart: Chart) -> str:
    return f'<figure role="img" aria-label="{escaped(chart.description)}">{chart.svg}</figure>\n'


def footer(sources: Sequence[str], generated_from: str, lang: str) -> str:
    """Where the figures come from."""
    parts = []
    if sources:
        listed = "".join(f"<li>{escaped(source)}</li>" for source in sources)
        parts.append(f"<h3>{term('Sources', lang)}</h3><ul>{listed}</ul>")
    if generated_from:
        parts.append(f"<h3>{term('Computed from', lang)}</h3><p>{escaped(generated_from)}</p>")
    return f"<footer>{''.join(parts)}</footer>\n" if parts else ""
