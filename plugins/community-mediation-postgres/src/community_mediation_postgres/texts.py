"""Texts as PostgreSQL can keep them: the character NUL has no place in its texts.

The four characters U+0000 to U+0003, which hardly any text holds, are written in three characters each: U+0001, and
two of U+0002 and U+0003. All others stand for themselves. Since the codes have one length and rise with what they
stand for, kept texts are in the order of the texts; and since U+0002 and U+0003 never begin one, a kept text holds
another exactly where the text holds the other.
"""

from __future__ import annotations

import re
from typing import Final

_CODES: Final = {0: "\1\2\2", 1: "\1\2\3", 2: "\1\3\2", 3: "\1\3\3"}
_TEXTS: Final = {code: chr(number) for number, code in _CODES.items()}
_CODE: Final = re.compile("\1[\2\3][\2\3]")


def kept(text: str) -> str:
    """The text as it is kept."""
    if "\0" in text or "\1" in text or "\2" in text or "\3" in text:
        return text.translate(_CODES)
    return text


def given(text: str) -> str:
    """The text that ``kept`` kept."""
    # What no code begins was put there by somebody else, and stays as it is.
    return _CODE.sub(lambda found: _TEXTS[found[0]], text) if "\1" in text else text
