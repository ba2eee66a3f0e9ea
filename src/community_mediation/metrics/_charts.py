"""What all charts share: the package, the letters and the colours. Data stand in the chart; nothing is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from community_mediation.errors import MissingExtra

FONT: Final = "Segoe UI, Helvetica Neue, Arial, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
INK, MUTED, RULE, MARK, OTHER = "#1b2733", "#5b6770", "#e3e8ec", "#1f5f8b", "#b5541c"
COLOURS: Final = ("#1f5f8b", "#b5541c", "#3f7d4e", "#7a4b94", "#8a6d1d", "#2a8c8c", "#a33b5a", "#5b6770")
"""Told apart in print and by those who confuse red and green, in this order."""
_WIDE: Final = 0x2E80


def altair() -> Any:
    """The module altair.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import altair
    except ImportError:
        raise MissingExtra("Charts", "charts") from None
    return altair


def titled(chart: Any, title: str, told: Sequence[str]) -> Any:
    """The chart with its heading, in letters that have Chinese among them."""
    alt = altair()
    heading = alt.Title(title, subtitle=[*told], anchor="start", offset=14, subtitleColor=MUTED, subtitlePadding=6)
    return (
        chart.properties(title=heading)
        .configure(font=FONT, background="white", padding=14)
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, titleColor=MUTED, titleFontWeight="normal", labelLimit=320, gridColor=RULE)
        .configure_axisY(domain=False, ticks=False)
        .configure_legend(labelColor=INK, labelLimit=320)
        .configure_header(labelColor=INK, labelLimit=640, labelAnchor="start", labelFontWeight=600)
    )


def folded(text: str, width: int = 110) -> list[str]:
    """A long text in lines, for a subtitle; Chinese letters count twice and may stand apart."""
    from community_mediation.metrics._text import width as columns

    lines, line = [], ""
    for word in _pieces(text):
        if line and columns(line + word) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Where a line may end: after a space or a Chinese letter, unless a sign follows that belongs to it."""
    pieces, word = [], ""
    for place, letter in enumerate(text):
        word += letter
        following = text[place + 1 : place + 2] or " "
        space = letter == " " and following != "%"
        wide = ord(letter) > _WIDE and letter != "（" and following not in "，；。、）：%"
        if space or wide:
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces
