"""Lists and people in one cell."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.errors import InvalidValue
from community_mediation.registers.lists import PartyCell, format_party, join_list, parse_party, split_list

texts = st.text(alphabet=st.one_of(st.sampled_from(";；| -a张"), st.characters(exclude_categories=["Cs"])), min_size=1)
items = texts.map(str.strip).filter(bool)
names = items.filter(lambda name: "\0" not in name)
parties = st.builds(
    PartyCell,
    name=names,
    kind=st.sampled_from([None, "person", "organisation", "group"]),
    sex=st.sampled_from([None, "male", "female", "other"]),
    born=st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2022, 1, 1)),
)


@settings(max_examples=200)
@given(st.lists(items, max_size=6))
def test_a_list_is_read_as_it_was_written(listed: list[str]) -> None:
    """Whatever separators the items hold, join and split are inverse."""
    assert split_list(join_list(listed)) == tuple(listed)


@settings(max_examples=200)
@given(parties)
def test_a_party_is_read_as_it_was_written(party: PartyCell) -> None:
    """Whatever the name holds, format and parse are inverse."""
    assert parse_party(format_party(party)) == party


@settings(max_examples=100)
@given(st.lists(parties, max_size=4))
def test_parties_survive_a_whole_cell(listed: list[PartyCell]) -> None:
    """Both escapes together are inverse too."""
    assert [parse_party(item) for item in split_list(join_list(map(format_party, listed)))] == listed


def test_without_doubling_the_escape_would_be_lost() -> None:
    """The control: a join that does not escape fails the property above."""
    assert split_list("; ".join(["甲;乙"])) != ("甲;乙",)


@pytest.mark.parametrize("text", ["张某;李某", "张某；李某", " 张某 ； 李某 ;", ";张某;李某"])
def test_both_semicolons_separate(text: str) -> None:
    """The full-width one is what a Chinese keyboard types."""
    assert split_list(text) == ("张某", "李某")


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("张某", PartyCell(name="张某")),
        ("张某||男", PartyCell(name="张某", sex="male")),
        ("张某|自然人|女|1970-01-02", PartyCell(name="张某", kind="person", sex="female", born=dt.date(1970, 1, 2))),
        ("某厂|单位", PartyCell(name="某厂", kind="organisation")),
        ("张某|||1970年1月2日", PartyCell(name="张某", born=dt.date(1970, 1, 2))),
        ("张某|-|-|-", PartyCell(name="张某")),
    ],
)
def test_later_fields_of_a_party_may_be_left_out_or_empty(text: str, party: PartyCell) -> None:
    """An empty kind between two bars is no escaped bar."""
    assert parse_party(text) == party


@pytest.mark.parametrize(
    "text", ["|person", "张某|x|男", "张某|person|女|31/12/1970", "张某|person|女|1970-01-02|more"]
)
def test_a_broken_party_is_refused_without_its_name(text: str) -> None:
    """The problem says which field, never who."""
    with pytest.raises(InvalidValue) as caught:
        parse_party(text)
    assert "张某" not in str(caught.value) and "1970" not in str(caught.value)


def test_a_party_shows_nothing_of_itself() -> None:
    """Not its name, and not its birth date."""
    shown = repr(PartyCell(name="张某", sex="male", born=dt.date(1970, 1, 2)))
    assert "张某" not in shown and "1970" not in shown


@pytest.mark.parametrize("item", ["", " 张某", "张某\n"])
def test_what_a_list_cannot_keep_is_refused_when_writing(item: str) -> None:
    """Rather than coming out changed."""
    with pytest.raises(InvalidValue):
        join_list([item])
