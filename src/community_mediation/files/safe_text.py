"""Cells that a spreadsheet would run, and the mark that stops it.

A text that begins with ``=``, ``+``, ``-``, ``@`` or their full-width forms (behind blanks or not), or with a
tab or line end, is written with an apostrophe before it. So is a text that already begins with apostrophes before
such a sign: reading takes exactly one away, and every text comes out as it went in.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = r"[\s\ufeff\u00ad\u200b-\u200f\u2060-\u2064]"
_STARTS: Final = rf"(?:{_BLANK}*[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n])"
_DANGEROUS: Final = re.compile(rf"'*{_STARTS}")
_MARKED: Final = re.compile(rf"'+{_STARTS}")
_SIGNS: Final = re.compile(rf"['=+\-@＝＋－＠﹦﹢﹣﹫−]|{_BLANK}")


def marked(text: str) -> str:
    """*text* such that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text and _SIGNS.match(text) and _DANGEROUS.match(text) else text


def bare(text: str) -> str:
    """The text that ``marked`` was given."""
    return text[1:] if text.startswith("'") and _MARKED.match(text) else text


def is_safe(text: str) -> bool:
    """Whether a spreadsheet takes *text* for a text, whatever it holds."""
    return not re.match(_STARTS, text)
