"""The table for a notebook: one semantic table, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from community_mediation.metrics._lines import line_of
from community_mediation.metrics._text import caption, headings, numbered, said

if TYPE_CHECKING:
    from community_mediation.metrics._result_table import ResultTable

_TABLE: Final = "border-collapse:collapse;font-size:0.95em;font-variant-numeric:tabular-nums"
_CAPTION: Final = "caption-side:top;text-align:left;font-weight:600;padding:0.4em 0"
_HEAD: Final = "border-bottom:2px solid currentColor;padding:0.25em 0.75em"
_CELL: Final = "border-bottom:1px solid rgba(128,128,128,0.3);padding:0.25em 0.75em"
_FOOT: Final = "text-align:left;font-size:0.85em;padding-top:0.6em"


def to_html(table: ResultTable) -> str:
    """The table in HTML; every text from outside is escaped."""
    lines = [line_of(row, table.lang, len(table.by)) for row in table.rows]
    notes = numbered([line.note for line in lines])
    left = len(table.by) + 1
    heads = "".join(
        f'<th scope="col" style="{_HEAD};text-align:{_side(i < left)}">{escape(text)}</th>'
        for i, text in enumerate(headings(table))
    )
    body = []
    for row, line in zip(table.rows, lines, strict=True):
        mark = f" <sup>{notes[line.note]}</sup>" if line.note else ""
        weight = ";font-weight:600" if row.total and table.by else ""
        names = "".join(
            f'<th scope="row" style="{_CELL};text-align:left;font-weight:inherit">{escape(text)}</th>'
            for text in line.group
        )
        label = f'<th scope="row" style="{_CELL};text-align:left;font-weight:inherit">{escape(line.label)}{mark}</th>'
        figures = "".join(
            f'<td style="{_CELL};text-align:right">{escape(text)}</td>'
            for text in (line.numerator, line.denominator, line.value, line.interval)
        )
        body.append(f'<tr style="font-weight:normal{weight}">{names}{label}{figures}</tr>')
    feet = [f"<sup>{number}</sup> {escape(note)}" for note, number in notes.items()]
    feet += map(escape, said(table))
    foot = ""
    if feet:
        foot = f'<tfoot><tr><td colspan="{left + 4}" style="{_FOOT}">{"<br>".join(feet)}</td></tr></tfoot>'
    head = f'<table lang="{html_lang(table.lang)}" style="{_TABLE}">'
    return (
        f'{head}<caption style="{_CAPTION}">{escape(caption(table))}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>{foot}</table>"
    )


def plain_table(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Collection[int],
    notes: Sequence[str] = (),
    *,
    lang: str = "",
) -> str:
    """A table of texts, with notes under it; the columns *left* begin at the left, the first heads its row."""
    heads = "".join(
        f'<th scope="col" style="{_HEAD};text-align:{_side(i in left)}">{escape(text)}</th>'
        for i, text in enumerate(headings)
    )
    body = []
    for first, *rest in rows:
        cells = "".join(
            f'<td style="{_CELL};text-align:{_side(i in left)}">{escape(text)}</td>'
            for i, text in enumerate(rest, start=1)
        )
        head = f'<th scope="row" style="{_CELL};text-align:left;font-weight:inherit">{escape(first)}</th>'
        body.append(f'<tr style="font-weight:normal">{head}{cells}</tr>')
    foot = ""
    if notes:
        told = "<br>".join(map(escape, notes))
        foot = f'<tfoot><tr><td colspan="{len(headings)}" style="{_FOOT}">{told}</td></tr></tfoot>'
    said = f' lang="{html_lang(lang)}"' if lang else ""
    return (
        f'<table{said} style="{_TABLE}"><caption style="{_CAPTION}">{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>{foot}</table>"
    )


def html_lang(lang: str) -> str:
    """The language as HTML names it."""
    return "zh-CN" if lang == "zh" else lang


def _side(left: bool) -> str:
    return "left" if left else "right"
