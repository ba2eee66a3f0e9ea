"""Papers as files: a page that prints on A4, or plain text."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import Final

from community_mediation.errors import InvalidInput
from community_mediation.files import shown, write_whole
from community_mediation.ports import Block, Paper, Part
from community_mediation.reports.cells import clean
from community_mediation.reports.html import escaped, page
from community_mediation.reports.words import term

FORMS: Final = ("html", "txt")
"""How a paper can be written."""
BLANK: Final = "____________________"

_STYLE: Final = """
body { max-width: 50rem; }
header { border: 0; padding-bottom: 0; }
h1 { text-align: center; font-size: 1.5rem; letter-spacing: 0.05em; margin-bottom: 1rem; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 0.3rem; border-bottom: 1px solid var(--ink); break-after: avoid; }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; margin: 0; }
dt, dd { margin: 0; padding: 0.22rem 0.5rem 0.22rem 0; border-bottom: 1px solid var(--rule); }
dt { color: var(--muted); }
dd { white-space: pre-wrap; overflow-wrap: anywhere; }
dd.blank { color: transparent; }
p.said { white-space: pre-wrap; margin: 0.5rem 0; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 1.6rem 2rem; margin-top: 1.2rem; break-inside: avoid; }
.sign p { margin: 0; border-bottom: 1px solid var(--ink); padding: 1.4rem 0 0.2rem; }
.sign + dl { margin-top: 1.6rem; }
.sign span { color: var(--muted); padding-right: 0.6rem; }
.missing { border-left: 4px solid #b3261e; background: #fdf1ef; padding: 0.6rem 1rem; margin: 1.2rem 0; }
.missing h2 { border: 0; margin: 0 0 0.3rem; font-size: 1rem; }
@media print { @page { size: A4; margin: 18mm; } html { font-size: 80%; } .missing { display: none; } }
"""


def write_paper(
    paper: Paper, path: str | os.PathLike[str], *, form: str | None = None, overwrite: bool = False
) -> Path:
    """Write a paper as a page that prints on A4, or as plain text. Only its owner can read the file: it names people.

    What is not known is a blank line to be filled in by hand. What the paper lacks stands above it on the screen
    and at the end of the text, and is not printed on paper.

    Args:
        paper: What to write.
        path: Where it shall lie.
        form: ``html`` or ``txt``; by the path's ending, if not given.
        overwrite: Replace a file that is there.

    Raises:
        InvalidInput: A file is there, or no such form.
        StoreFull, StoreUnavailable: The file cannot be written.
    """
    match form or Path(os.fsdecode(path)).suffix.lower().removeprefix("."):
        case "html" | "htm":
            text = paper_page(paper)
        case "txt":
            text = paper_text(paper)
        case _:
            raise InvalidInput(f"{shown(path)}: a paper is written as one of {', '.join(FORMS)}. Choose one of them.")
    return write_whole(path, text.encode("utf-8", "replace"), overwrite=overwrite, private=True)


def paper_text(paper: Paper) -> str:
    """The paper as plain text."""
    lines = [_line(paper.title), ""]
    colon = "：" if paper.lang.startswith("zh") else ": "
    for part in paper.parts:
        text = BLANK if part.text is None else _lines(part.text)
        match part.block:
            case Block.HEADING:
                lines += ["", _line(part.label or part.text or ""), ""]
            case Block.PARAGRAPH:
                lines += [_lines(part.text or ""), ""]
            case Block.FIELD:
                lines.append(f"{_line(part.label)}{colon}{text}")
            case Block.SIGNATURE:
                lines += ["", f"{_line(part.label)}{colon}{text}"]
    if paper.findings:
        lines += ["", f"[{term('Missing', paper.lang)}]", *(f"- {_line(each.message)}" for each in paper.findings)]
    return "\n".join(lines).rstrip() + "\n"


def paper_page(paper: Paper) -> str:
    """The paper as a page; everything from outside is escaped."""
    missing = ""
    if paper.findings:
        items = "".join(f"<li>{escaped(each.message)}</li>" for each in paper.findings)
        heading = term("Missing", paper.lang)
        missing = f'<aside class="missing" role="note"><h2>{heading}</h2><ul>{items}</ul></aside>\n'
    body = "".join(_block(block, list(parts)) for block, parts in groupby(paper.parts, lambda part: part.block))
    return page(paper.title, "", paper.lang, missing + body, style=_STYLE)


def _block(block: Block, parts: list[Part]) -> str:
    match block:
        case Block.HEADING:
            return "".join(f"<h2>{escaped(part.label or part.text or '')}</h2>\n" for part in parts)
        case Block.PARAGRAPH:
            return "".join(f'<p class="said">{_escaped_lines(part.text or "")}</p>\n' for part in parts)
        case Block.FIELD:
            rows = "".join(f"<dt>{escaped(part.label)}</dt>{_value(part.text)}" for part in parts)
            return f"<dl>{rows}</dl>\n"
        case Block.SIGNATURE:
            lines = "".join(
                f"<p><span>{escaped(part.label)}</span>{_escaped_lines(part.text or '')}</p>" for part in parts
            )
            return f'<div class="sign">{lines}</div>\n'


def _value(text: str | None) -> str:
    # A reader of the screen hears that it is blank; paper shows the line alone.
    return f'<dd class="blank">{BLANK}</dd>' if text is None else f"<dd>{_escaped_lines(text)}</dd>"


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def _line(text: str) -> str:
    return " ".join(_lines(text).split())


def _escaped_lines(text: str) -> str:
    return "\n".join(escaped(line) for line in text.splitlines())
