"""Texts as they are kept: exact, in order, and found where they should be."""

from __future__ import annotations

from typing import Any

import psycopg
from community_mediation_postgres.texts import given, kept
from hypothesis import HealthCheck, example, settings
from hypothesis import given as tried
from hypothesis import strategies as st

RARE = st.text(alphabet="\0\1\2\3\4a汉\U0001f33d", max_size=6)
TEXTS = RARE | st.text(max_size=12)


@tried(TEXTS)
def test_a_text_comes_back_and_holds_no_nul(text: str) -> None:
    """Whatever it holds."""
    assert given(kept(text)) == text
    assert "\0" not in kept(text)


@tried(st.text(alphabet=st.characters(min_codepoint=4), max_size=12))
def test_a_text_without_the_four_rare_characters_is_kept_as_it_is(text: str) -> None:
    """So that whoever reads the tables reads it."""
    assert kept(text) == text


@tried(TEXTS, TEXTS)
@example("a\0", "a")
@example("\3", "\4")
def test_kept_texts_are_in_the_order_of_the_texts(one: str, other: str) -> None:
    assert (kept(one) < kept(other)) == (one < other)


@tried(RARE, RARE)
@example("\2", "\1")
@example("\0\1", "\1\0")
def test_a_kept_text_holds_another_where_the_text_does(part: str, text: str) -> None:
    """Half of a code is no character."""
    assert (kept(part) in kept(text)) == (part in text)


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@tried(texts=st.lists(TEXTS, max_size=8), part=RARE)
def test_the_server_orders_and_finds_as_python_does(sql: psycopg.Connection[Any], texts: list[str], part: str) -> None:
    """By the collation that the tables have."""
    query = 'SELECT t FROM unnest(%s::text[]) AS u (t) ORDER BY t COLLATE "C"'
    assert [given(t) for (t,) in sql.execute(query, ([kept(t) for t in texts],))] == sorted(texts)
    query = "SELECT t FROM unnest(%s::text[]) AS u (t) WHERE strpos(t, %s) > 0"
    found = sql.execute(query, ([kept(t) for t in texts], kept(part)))
    assert [given(t) for (t,) in found] == [t for t in texts if part in t]


def test_what_no_code_begins_is_left_as_it_is() -> None:
    """Somebody else may have written it."""
    assert given("a\1b\2") == "a\1b\2"
