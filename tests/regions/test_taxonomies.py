"""Lists of codes: what stands in them, above and below."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Code
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label
from community_mediation.regions import Taxonomy, TaxonomyEntry
from tests.regions.samples import taxonomy

TREE = taxonomy("t", "a", ("a1", "a"), ("a11", "a1"), "b")


@st.composite
def trees(draw: st.DrawFn) -> Taxonomy:
    """Lists in which each code has an earlier one as its parent, or none; in any order."""
    count = draw(st.integers(1, 12))
    pairs: list[Any] = [
        (f"c{number}", f"c{draw(st.integers(0, number - 1))}") if number and draw(st.booleans()) else f"c{number}"
        for number in range(count)
    ]
    return taxonomy("t", *draw(st.permutations(pairs)))


def test_a_code_is_looked_up_with_its_scheme_or_without() -> None:
    assert TREE.entry("a1") is TREE.entry(Code("t", "a1")) is TREE.entries[1]
    assert TREE.code("a1") == Code("t", "a1")
    assert TREE.get(Code("other", "a1")) is None
    assert "a1" in TREE and Code("t", "b") in TREE and "x" not in TREE and 5 not in TREE


def test_children_and_ancestors_are_codes_in_order() -> None:
    assert TREE.children() == (Code("t", "a"), Code("t", "b"))
    assert TREE.children("a") == (Code("t", "a1"),)
    assert TREE.ancestors("a11") == (Code("t", "a1"), Code("t", "a"))
    assert [each.code for each in TREE.codes()] == ["a", "a1", "a11", "b"]


@pytest.mark.parametrize(
    ("code", "level", "rolled"), [("a11", 0, "a"), ("a11", 1, "a1"), ("a11", 2, "a11"), ("b", 1, "b")]
)
def test_a_code_rolls_up_to_a_level_and_stays_where_it_stands_no_deeper(code: str, level: int, rolled: str) -> None:
    assert TREE.roll_up(code, level) == Code("t", rolled)


@given(tree=trees(), level=st.integers(0, 5))
def test_rolling_up_twice_is_rolling_up_once(tree: Taxonomy, level: int) -> None:
    """And the result stands at that level, or above it where the code itself does."""
    for code in tree.codes():
        rolled = tree.roll_up(code, level)
        assert tree.roll_up(rolled, level) == rolled
        assert tree.level(rolled) == min(level, tree.level(code))
        assert rolled in (code, *tree.ancestors(code))


@given(tree=trees())
def test_children_and_parents_say_the_same(tree: Taxonomy) -> None:
    """Every code but those at the top is the child of exactly its parent, and all are found from the top."""
    found: list[Code] = []
    open_ = list(tree.children())
    while open_:
        code = open_.pop()
        found.append(code)
        below = tree.children(code)
        assert all(tree.ancestors(each)[0] == code for each in below)
        open_ += below
    assert sorted(found) == sorted(tree.codes())


@pytest.mark.parametrize("ask", ["entry", "code", "children", "ancestors", "level", "roll_up"])
def test_a_code_that_the_list_does_not_have_is_refused(ask: str) -> None:
    with pytest.raises(InvalidValue, match="list t does not have") as caught:
        getattr(TREE, ask)("zz-secret")
    assert "zz-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("codes", "path"),
    [
        (("a", "b", "a"), "$.entries[2]"),
        (("a", ("b", "gone")), "$.entries[1].parent"),
        ((("a", "a"),), "$.entries[0].parent"),
        ((("a", "b"), ("b", "c"), ("c", "a")), "$.entries[0].parent"),
        (("x", ("c", "b"), ("a", "b"), ("b", "a")), "$.entries[1].parent"),
        (("a", " b"), "$.entries[1].code"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_with_its_place(codes: Any, path: str) -> None:
    """A code twice, a parent that is missing, a circle however long, a text that is no code."""
    with pytest.raises(InvalidValue) as caught:
        taxonomy("t", *codes)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"source": " "}, "$.source"),
        ({"title": Label("")}, "$.title"),
        ({"scheme": "two words"}, "$.scheme"),
        ({"version": ""}, "$.version"),
        ({"valid_from": "2020-01-01"}, "$.valid_from"),
    ],
)
def test_a_list_without_what_it_needs_is_refused(change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        attrs.evolve(TREE, **change)
    assert caught.value.path == path


def test_a_level_below_the_top_is_refused() -> None:
    with pytest.raises(InvalidValue, match="level below 0"):
        TREE.roll_up("a", -1)


def test_an_empty_list_has_no_code_and_says_so() -> None:
    empty = taxonomy("t")
    assert len(empty) == 0
    with pytest.raises(InvalidValue, match="empty"):
        empty.entry("a")


def test_an_entry_needs_a_name_for_people() -> None:
    with pytest.raises(InvalidValue):
        TaxonomyEntry(code="a", label="a")  # type: ignore[arg-type]
