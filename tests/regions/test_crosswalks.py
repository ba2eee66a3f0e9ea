"""Crosswalks: explicit tables, and nothing is chosen in silence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Code
from community_mediation.errors import AmbiguousCrosswalk, InvalidInput, InvalidValue
from community_mediation.ports import Severity
from community_mediation.regions import Crosswalk
from tests.regions.samples import CROSSWALK, taxonomy

LEFT, MIDDLE, RIGHT = "abcd", "pqrs", "wxyz"


def tables(source: str, left: str, target: str, right: str) -> st.SearchStrategy[Crosswalk]:
    """Any table from some codes to others."""
    rows = st.sets(st.tuples(st.sampled_from(left), st.sampled_from(right)), max_size=10)
    return rows.map(lambda each: Crosswalk(source=source, target=target, rows=sorted(each), source_of="a test"))


def test_a_code_with_one_counterpart_is_mapped() -> None:
    assert CROSSWALK.map("a1") == CROSSWALK.map(Code("a", "a1")) == CROSSWALK.get("a1") == Code("b", "b1")


def test_a_code_with_several_needs_a_choice_among_them() -> None:
    with pytest.raises(AmbiguousCrosswalk) as caught:
        CROSSWALK.map("a2")
    assert caught.value.code == "a:a2"
    assert caught.value.choices == ("b:b1", "b:b2")
    assert CROSSWALK.map("a2", choose="b2") == CROSSWALK.map("a2", Code("b", "b2")) == Code("b", "b2")


@pytest.mark.parametrize(("code", "choose"), [("a2", "b9"), ("a1", "b2"), ("a3", "b1"), ("a2", Code("c", "b1"))])
def test_a_choice_that_the_table_does_not_have_is_refused(code: str, choose: Any) -> None:
    """Where one code stands for one only, a choice must be that one."""
    with pytest.raises(InvalidValue) as caught:
        CROSSWALK.map(code, choose)
    assert caught.value.path == "$.choose"


@pytest.mark.parametrize(("code", "says"), [("a3", "known to have none"), ("a9", "No row has it")])
def test_a_code_without_a_counterpart_is_none_or_an_error_with_its_remedy(code: str, says: str) -> None:
    assert CROSSWALK.get(code) is None
    with pytest.raises(InvalidInput, match=says) as caught:
        CROSSWALK.map(code)
    assert "add a row" in str(caught.value)


def test_a_code_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidValue, match="reads a"):
        CROSSWALK.map(Code("b", "b1"))


@given(table=tables("a", LEFT, "b", MIDDLE), code=st.sampled_from(LEFT))
def test_mapping_agrees_with_the_rows(table: Crosswalk, code: str) -> None:
    """One row: that. Several: none without a choice, and each with it. No row: nothing."""
    rights = [right for left, right in table.rows if left == code]
    assert [each.code for each in table.choices(code)] == rights
    if len(rights) > 1:
        with pytest.raises(AmbiguousCrosswalk):
            table.map(code)
    else:
        assert table.get(code) == (Code("b", rights[0]) if rights else None)
    assert [table.map(code, right).code for right in rights] == rights


@given(table=tables("a", LEFT, "b", MIDDLE))
def test_the_inverse_of_the_inverse_is_the_table(table: Crosswalk) -> None:
    assert table.inverse().inverse() == table
    assert {(right, left) for left, right in table.inverse().rows} == set(table.rows)


@given(one=tables("a", LEFT, "b", MIDDLE), two=tables("b", MIDDLE, "c", RIGHT), code=st.sampled_from(LEFT))
def test_a_chain_maps_where_both_parts_do(one: Crosswalk, two: Crosswalk, code: str) -> None:
    """What one row after the other gives is what the chain gives."""
    chain = one.then(two)
    wanted = {right for middle in one.choices(code) for right in two.choices(middle)}
    assert set(chain.choices(code)) == wanted
    if len(one.choices(code)) == 1 and len(wanted) == 1:
        assert chain.map(code) == two.map(one.map(code))


def test_a_chain_that_does_not_meet_is_refused() -> None:
    with pytest.raises(InvalidValue, match="reads a"):
        CROSSWALK.then(CROSSWALK)


def test_coverage_names_what_is_not_mapped_and_what_is_no_code() -> None:
    a, b = taxonomy("a", "a1", "a2", "a4"), taxonomy("b", "b1")
    found = [(each.code, each.severity, each.message) for each in CROSSWALK.coverage(a, b)]
    assert found == [
        ("crosswalk.unknown_code", Severity.ERROR, "crosswalk a -> b: a has no code a3"),
        ("crosswalk.unknown_code", Severity.ERROR, "crosswalk a -> b: b has no code b2"),
        ("crosswalk.unmapped", Severity.WARNING, "crosswalk a -> b: a:a4 is not mapped"),
    ]


def test_a_table_that_covers_both_lists_has_no_finding() -> None:
    assert CROSSWALK.coverage(taxonomy("a", "a1", "a2", "a3"), taxonomy("b", "b1", "b2", "b3")) == []


def test_coverage_of_other_lists_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        CROSSWALK.coverage(taxonomy("a"), taxonomy("c"))
    assert caught.value.path == "$.target"


@pytest.mark.parametrize(
    ("given_", "path"),
    [
        ({"rows": [("x", "y"), ("x", "y")]}, "$.rows[1]"),
        ({"rows": [("x", "y")], "without": ("x",)}, "$.without[0]"),
        ({"rows": [("x", "")]}, "$.rows[0].code"),
        ({"rows": [], "target": "a"}, "$.target"),
        ({"rows": [], "source_of": ""}, "$.source_of"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_its_place(given_: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Crosswalk(**{"source": "a", "target": "b", "source_of": "a test", **given_})
    assert caught.value.path == path


def test_a_table_that_chooses_in_silence_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: the first of several is taken."""
    right = Crosswalk.get

    def silent(self: Crosswalk, code: Any, choose: Any = None) -> Code | None:
        choices = self.choices(code)
        return choices[0] if choose is None and choices else right(self, code, choose)

    monkeypatch.setattr(Crosswalk, "get", silent)
    with pytest.raises(pytest.fail.Exception, match="AmbiguousCrosswalk"):
        test_a_code_with_several_needs_a_choice_among_them()
