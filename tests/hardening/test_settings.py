"""Settings files that are made to hurt the one who reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_mediation.errors import InvalidSettings
from community_mediation.settings import LONGEST_PROBLEM, MOST_DOTS, load, parse

FILE = Path("some.toml")


def refused(data: bytes) -> str:
    with pytest.raises(InvalidSettings) as raised:
        parse(data, path=FILE)
    return str(raised.value)


def test_a_number_of_thousands_of_digits_is_refused_like_any_other_mistake() -> None:
    assert "a number that is too long" in refused(b"store = " + b"1" * 5000)


def test_a_key_of_very_many_parts_is_refused_before_it_is_read() -> None:
    assert "nested too deeply" in refused(b"a" + b".a" * (MOST_DOTS + 1) + b" = 1")


def test_a_mistake_is_told_in_few_words_whatever_the_key_is() -> None:
    assert len(refused(b"[" + b"k" * 5000 + b"]\n[" + b"k" * 5000 + b"]")) < LONGEST_PROBLEM + 100
    assert len(refused(b"k" * 5000 + b" = 1")) < LONGEST_PROBLEM + 100


def test_a_key_does_not_write_on_the_terminal() -> None:
    assert "\x1b" not in refused(b'"\\u001b[31mred" = 1')


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="no file can have that name"):
        load("a\0b")
