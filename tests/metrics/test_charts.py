"""What all charts share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from community_mediation.metrics._charts import _pieces, folded
from community_mediation.metrics._text import width


@given(st.text("ab ，。（）调解员%1", max_size=300))
def test_a_folded_text_loses_nothing_and_no_line_is_too_wide(text: str) -> None:
    """But for a piece that cannot be broken, and for spaces at the ends of lines."""
    lines = folded(text, 40)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    pieces = {piece.strip() for piece in _pieces(text)}
    assert all(width(line) <= 41 or line.strip() in pieces for line in lines)


def test_a_number_keeps_its_sign_and_a_bracket_what_it_holds() -> None:
    """Nobody reads a line that begins with a per cent sign, or ends with an open bracket."""
    assert folded("one two three 45.2 % and", 20) == ["one two three", "45.2 % and"]
    assert folded("启动调解（百分之五）的案件", 10) == ["启动调解", "（百分之", "五）的案件"]
