"""Numbers on papers: parsing and printing undo each other, and no text is read in two ways."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.errors import InvalidReference, InvalidValue
from community_mediation.regions import CALENDAR_YEAR, Reference, ReferencePattern
from community_mediation.regions.templates import Template
from tests.regions.samples import CN, PH

PEOPLE, DOCKET = CN.pattern("people"), PH.pattern("case")


def pattern(template: str, *alternatives: str) -> ReferencePattern:
    return ReferencePattern(name="x", template=template, alternatives=alternatives, source="a test")


PATTERNS = (
    PEOPLE,
    DOCKET,
    pattern("{serial}"),
    pattern("{year}{serial:03}"),
    pattern("{serial:02}/{year}"),
    pattern("{{{year}}}-{serial}-{place}"),
    pattern("№ {serial} ({office}), {year}", "No. {serial} ({office}), {year}", "No {serial} ({office}), {year}"),
    pattern("{office}--{town}-{serial:03}", "{office}~{town}-{serial:03}"),
)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[ReferencePattern, Reference]:
    """A pattern and a number of it, in any spelling and width."""
    chosen = draw(st.sampled_from(PATTERNS))
    spellings = (chosen.template, *chosen.alternatives)
    # What ends a text in any spelling cannot stand in it.
    ends = {text[:1] for each in spellings for text in each.texts}
    letters = st.text("晋医人ABc0129 é(", min_size=1, max_size=6)
    texts = letters.map(lambda text: "".join(each for each in text if each not in ends).strip() or "Z")
    made = Reference(
        year=draw(st.integers(0, 9999)) if chosen.has_year else None,
        serial=draw(st.integers(1, 5000) | st.integers(1, 10**18 - 1)),
        fields={name: draw(texts) for name in chosen.text_fields},
        width=draw(st.integers(1, 18)),
        spelling=draw(st.integers(0, len(chosen.alternatives))),
    )
    return chosen, made


@given(numbers())
def test_what_is_printed_is_read_as_what_it_was(number: tuple[ReferencePattern, Reference]) -> None:
    chosen, made = number
    assert chosen.parse(chosen.print(made)) == made


@given(
    chosen=st.sampled_from(PATTERNS), text=st.text("晋医-~0129/()[]〔〕{}No. №,人调字号LP", max_size=24), data=st.data()
)
def test_what_is_read_is_printed_as_it_was(chosen: ReferencePattern, text: str, data: st.DataObject) -> None:
    """Any text that is read, however its zeros and brackets are: also one that was bent from a printed number."""
    _, made = data.draw(numbers())
    for each in (text, _bent(chosen, made, data)):
        if chosen.matches(each):
            assert chosen.print(chosen.parse(each)) == each


def _bent(chosen: ReferencePattern, made: Reference, data: st.DataObject) -> str:
    try:
        printed = chosen.print(made)
    except InvalidReference:
        return ""
    place = data.draw(st.integers(0, len(printed) - 1))
    return printed[:place] + data.draw(st.sampled_from(["", "0", "[", "-", "9"])) + printed[place + 1 :]


@given(numbers())
def test_at_most_one_template_reads_a_text(number: tuple[ReferencePattern, Reference]) -> None:
    chosen, made = number
    text = chosen.print(made)
    assert sum(reader.fullmatch(text) is not None for reader in chosen._readers) == 1


def test_two_alternatives_that_overlap_would_be_caught() -> None:
    """A control: two templates of which one begins as the other, put beside each other by force, read one text."""
    forced = pattern("{office}+{town}-{serial}")
    object.__setattr__(forced, "alternatives", (Template.parse("{office}++{town}-{serial}"),))
    assert sum(reader.fullmatch("a++b-1") is not None for reader in forced._readers) == 2


@pytest.mark.parametrize(
    ("chosen", "text", "wanted"),
    [
        (PEOPLE, "晋医人调字[2019]011号", (2019, 11, 3, 0)),
        (PEOPLE, "晋医人调字〔2019〕011号", (2019, 11, 3, 1)),
        (PEOPLE, "晋医人调字[2019]11号", (2019, 11, 2, 0)),
        (PEOPLE, "晋医人调字[2019]0011号", (2019, 11, 4, 0)),
        (DOCKET, "LP-2026-0042", (2026, 42, 4, 0)),
        (DOCKET, "LP-2026-10000", (2026, 10000, 5, 0)),
    ],
)
def test_a_number_is_taken_apart_and_keeps_its_zeros_and_brackets(
    chosen: ReferencePattern, text: str, wanted: tuple[int, int, int, int]
) -> None:
    read = chosen.parse(text)
    assert (read.year, read.serial, read.width, read.spelling) == wanted
    assert chosen.print(read) == text


def test_the_place_is_a_field_and_is_never_shown_in_an_error() -> None:
    assert dict(PEOPLE.parse("晋医人调字[2019]011号").fields) == {"place": "晋医"}
    with pytest.raises(InvalidReference) as caught:
        PEOPLE.parse("孙某人调字[19]1号")
    assert "孙某" not in str(caught.value)
    assert "{place}人调字[{year}]{serial:03}号" in str(caught.value)
    assert "{place}人调字〔{year}〕{serial:03}号" in str(caught.value)


def test_a_serial_goes_beyond_its_width() -> None:
    assert [PEOPLE.print(PEOPLE.make(serial=each, year=2026, place="晋医"))[-5:] for each in (1, 999, 1000)] == [
        "]001号",
        "]999号",
        "1000号",
    ]


def test_spellings_of_one_number_are_the_same_number() -> None:
    texts = PEOPLE.written(PEOPLE.make(serial=11, year=2019, place="晋医"))
    assert texts[0] == "晋医人调字[2019]011号"
    assert set(texts) == {
        f"晋医人调字{left}2019{right}{zeros}11号" for left, right in ("[]", "〔〕") for zeros in ("", "0", "00", "000")
    }
    assert len({PEOPLE.parse(each).identity for each in texts}) == 1
    assert len(texts) == 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LP-2026-",
        "LP-2026-0",
        "LP-2026-0000",
        "LP-26-0042",
        "LP-2026-0042 ",
        " LP-2026-0042",
        "lp-2026-0042",
        "LP-2026-００42",
        "LP-２０２６-0042",
        "LP-2026--42",
        "LP-2026-+42",
        "LP-2026-4_2",
        "LP-2026-0042\n",
        "LP-2026-" + "1" * 19,
        "LP-2026-" + "1" * 300,
    ],
)
def test_what_is_no_number_of_the_pattern_is_refused(text: str) -> None:
    """No blanks, no wide digits, no zero, no more digits than a column holds."""
    assert not DOCKET.matches(text)
    with pytest.raises(InvalidReference, match="not a number of the pattern case"):
        DOCKET.parse(text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidReference):
        DOCKET.parse(42)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"place": "晋", "more": "x"},
        {"place": "晋人医"},
        {"place": "人"},
        {"place": " 晋"},
        {"place": ""},
        {"place": "晋\n"},
        {"place": "\ud800"},
        {"place": "晋" * 200},
        {"place": 7},
    ],
)
def test_a_field_that_could_not_be_read_back_is_refused(fields: dict[str, Any]) -> None:
    """Missing, unknown, or holding the sign that would end it, in whichever spelling."""
    with pytest.raises(InvalidReference):
        PEOPLE.make(serial=1, year=2026, **fields)


@pytest.mark.parametrize(
    "change",
    [{"year": None}, {"year": 12345}, {"year": -1}, {"spelling": 2}],
)
def test_a_number_that_is_none_of_the_pattern_is_not_printed(change: dict[str, Any]) -> None:
    made = PEOPLE.make(serial=1, year=2026, place="晋医")
    with pytest.raises(InvalidReference):
        PEOPLE.print(attrs.evolve(made, **change))


@pytest.mark.parametrize(
    "change", [{"serial": 0}, {"serial": True}, {"serial": 10**18}, {"width": 0}, {"spelling": -1}]
)
def test_a_number_of_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidReference):
        Reference(**{"serial": 1, **change})


@pytest.mark.parametrize(
    "template",
    [
        "{place}{serial}",
        "{serial}{place}",
        "{serial}{year}",
        "{place}{year}-{serial}",
        "{year}{place}-{serial}",
        "{a}{b}-{serial}",
        "{serial}1",
        "{serial}１-{year}",
        "{year}",
        "{serial}-{serial}",
        "{place}-{place}-{serial}",
        "{}-{serial}",
        "{Place}-{serial}",
        "{year:04}-{serial}",
        "{serial:3}",
        "{serial:019}",
        "{serial",
        "serial}",
        " {serial}",
        "{serial} ",
        "{serial}\n",
        "",
        "x" * 121,
    ],
)
def test_a_template_that_does_not_say_where_a_field_ends_is_refused(template: str) -> None:
    """Two fields beside each other, digits after digits, no serial, or what is no template at all."""
    with pytest.raises(InvalidValue) as caught:
        pattern(template)
    assert caught.value.path == "$.template"


@pytest.mark.parametrize(
    ("template", "problem"),
    [("{seral:03}", "only {serial} has a width"), ("{Place}-{serial}", "a field that is no name")],
)
def test_a_wrong_field_is_told_by_what_is_wrong_with_it(template: str, problem: str) -> None:
    """A misspelt serial is a sound name, and it is the width that does not belong to it."""
    with pytest.raises(InvalidValue) as caught:
        pattern(template)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    "alternative",
    [
        "{place}人调字[{year}]{serial:03}号",
        "{place}人调字[{year}]{serial}号",
        "{place}人调字[{year}]{serial:03}号x",
        "{place}人调[{year}]{serial:03}",
        "{place}人调字[{year}]-{town}-{serial:03}号",
        "{year}人调字[{place}]{serial:03}号",
    ],
)
def test_an_alternative_that_could_be_mistaken_for_another_is_refused(alternative: str) -> None:
    """The same but for its zeros, one that goes on where the other ends, other fields, another order."""
    with pytest.raises(InvalidValue) as caught:
        pattern("{place}人调字[{year}]{serial:03}号", alternative)
    assert caught.value.path == "$.alternatives[0]"


def test_a_template_prints_as_it_was_written() -> None:
    for text in ("{place}人调字[{year}]{serial:03}号", "{{{year}}}-{serial}-{place}", "LP-{year}-{serial:04}"):
        assert str(Template.parse(text)) == text


def test_a_pattern_says_what_it_counts_by() -> None:
    assert PEOPLE.has_year and PEOPLE.text_fields == ("place",)
    assert not pattern("{serial}").has_year
    assert DOCKET.fiscal is CALENDAR_YEAR


def test_every_sample_pattern_reads_what_it_makes() -> None:
    for each in PATTERNS:
        made = each.make(serial=7, year=2026 if each.has_year else None, **dict.fromkeys(each.text_fields, "Z"))
        assert each.parse(each.print(made)) == made
