"""Own fields: what is declared is checked, and no value is ever shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.case import Case
from community_mediation.domain.dispute import OwnValue
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.validators import Sensitivity
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label, Weight
from community_mediation.regions import NEUTRAL, OwnField, OwnType, Region
from tests.regions.samples import BY, on, reported, rule

DAY = on("2026-05-14")
NONE, PERSONAL = Sensitivity.NONE, Sensitivity.PERSONAL


def field(name: str = "f", **given_: Any) -> OwnField:
    return OwnField(**{"name": name, "label": Label(name), "sensitivity": NONE, **given_})


REGION = Region(
    name="x",
    title=Label("x"),
    own_fields=(
        field("rooms", type=OwnType.INT),
        field("street", type=OwnType.CHOICE, choices={"north": Label("North"), "south": Label("South")}),
        field("nickname", sensitivity=PERSONAL),
        field("ward", required_from=dt.date(2026, 5, 1)),
    ),
)
FULL = (OwnValue(name="rooms", public="3"), OwnValue(name="ward", public="7"), OwnValue(name="nickname", value="小某"))


def case_with(*own: OwnValue, when: When = DAY) -> Case:
    dispute = attrs.evolve(reported(DAY).dispute, own=own)
    return reported(when, dispute=dispute)


def said(case: Case, region: Region = REGION) -> dict[str, Weight]:
    return {each.code: each.weight for each in region.objections(None, case.events[0], case)}


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (OwnType.INT, ["0", "-5", "+7", "0012"], ["5.0", "", "five", "١٢", "1" * 19, " 5"]),
        (OwnType.DECIMAL, ["0", "-5.50", "1E+5", ".5"], ["5,0", "x", "NaN", "Infinity", "1_000", "１", "1e999", " 5"]),
        (OwnType.DATE, ["2026-05-14"], ["14.5.2026", "20260514", "2026-W20-4", "2026-02-30", ""]),
        (OwnType.BOOL, ["yes", "no"], ["true", "1", "Yes", "是"]),
        (OwnType.CHOICE, ["north"], ["North", "west", ""]),
        (OwnType.TEXT, ["anything", "=1+1"], []),
    ],
)
def test_a_text_means_what_its_type_says(type: OwnType, good: list[str], bad: list[str]) -> None:
    """As registers write them: a date in ISO form, yes or no, a plain decimal."""
    choices = {"north": Label("North")} if type is OwnType.CHOICE else {}
    private = field(type=type, choices=choices, sensitivity=PERSONAL)
    assert [each for each in good if private.problem(OwnValue(name="f", value=each))] == []
    assert [each for each in bad if not private.problem(OwnValue(name="f", value=each))] == []


@given(
    number=st.integers(-(10**17), 10**17),
    day=st.dates(),
    amount=st.decimals(allow_nan=False, places=2, max_value=10**9, min_value=-(10**9)),
)
def test_what_a_register_writes_is_taken(number: int, day: dt.date, amount: Any) -> None:
    for type, value in ((OwnType.INT, str(number)), (OwnType.DATE, day.isoformat()), (OwnType.DECIMAL, str(amount))):
        assert field(type=type).problem(OwnValue(name="f", public=value)) is None


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=12).filter(lambda text: text.strip() == text)
)
def test_no_problem_shows_the_value(text: str) -> None:
    for type in (OwnType.INT, OwnType.DATE, OwnType.BOOL):
        problem = field(type=type, sensitivity=PERSONAL).problem(OwnValue(name="f", value=text))
        assert problem is None or text not in problem


def test_a_value_that_fits_is_not_objected() -> None:
    assert said(case_with(*FULL)) == {}
    assert REGION.own_field_problems(case_with(*FULL)) == []


def test_a_value_that_does_not_fit_blocks_and_one_that_nobody_declared_warns() -> None:
    case = case_with(*FULL[1:], OwnValue(name="rooms", public="three"), OwnValue(name="colour", public="red"))
    assert said(case) == {"x.own_value_fits": Weight.BLOCK, "x.own_value_undeclared": Weight.WARN}
    assert REGION.own_field_problems(case) == [
        "the field rooms does not hold digits",
        "nobody declared the field colour",
    ]


def test_the_same_from_an_old_register_warns() -> None:
    dispute = attrs.evolve(reported(DAY).dispute, own=(OwnValue(name="rooms", public="three"),))
    case = Case.register(id="old", centre="c", snapshot=Snapshot(dispute=dispute), at=on("2020-01-01"), by=BY)
    assert said(case) == {"x.own_value_fits": Weight.WARN}
    assert [each.code for each in REGION.findings(case)] == ["x.own_value_fits"]


@pytest.mark.parametrize(
    ("value", "place"),
    [(OwnValue(name="nickname", public="red"), "public"), (OwnValue(name="rooms", value="3"), "private")],
)
def test_a_value_in_the_wrong_place_blocks(value: OwnValue, place: str) -> None:
    """A personal field in the public place would survive the erasure of its person."""
    case = case_with(FULL[1], value)
    assert said(case) == {"x.own_value_fits": Weight.BLOCK}
    assert f"stands in the {place} place" in REGION.own_field_problems(case)[0]


@pytest.mark.parametrize(
    ("when", "problems"),
    [
        (on("2026-04-30"), []),
        (on("2026-05-01"), ["the field ward is required, and is missing"]),
        (When.unknown(), []),
    ],
)
def test_a_required_field_is_missed_from_its_day_on(when: When, problems: list[str]) -> None:
    """As a warning: a dispute may be taken down before its form is complete."""
    case = case_with(when=when)
    assert REGION.own_field_problems(case) == problems
    assert said(case) == ({"x.own_value_missing": Weight.WARN} if problems else {})


def test_an_erased_value_is_there_and_fits() -> None:
    assert said(case_with(FULL[1], OwnValue(name="nickname"))) == {}


def test_a_field_twice_blocks() -> None:
    assert said(case_with(*FULL, FULL[0])) == {"x.own_value_fits": Weight.BLOCK}


def test_what_was_told_at_the_report_is_not_told_again_at_each_move() -> None:
    case = case_with(OwnValue(name="rooms", public="three"))
    later = case.accept(at=DAY, by=BY)
    assert REGION.objections(case, later.events[-1], later) == []


def test_a_correction_that_brings_a_bad_value_is_objected() -> None:
    case = case_with(*FULL)
    bad = case_with(FULL[1], OwnValue(name="rooms", public="three"))
    wrong = case.correct(1, bad.events[0], at=DAY, by=BY)
    assert [each.code for each in REGION.objections(case, wrong.events[-1], wrong)] == ["x.own_value_fits"]


def test_where_no_field_is_declared_nothing_is_said_of_own_values() -> None:
    case = case_with(OwnValue(name="colour", public="red"))
    assert said(case, NEUTRAL) == {}
    assert NEUTRAL.own_field_problems(case) == []


def test_a_child_adds_fields_and_replaces_them_by_name() -> None:
    """A centre of its own makes a region of one field more; the rules look at all of them, once."""
    house = Region(name="house", title=Label("House"), parent=REGION, own_fields=(field("colour"), field("rooms")))
    assert [each.name for each in house.own_fields] == ["rooms", "street", "nickname", "ward", "colour"]
    case = case_with(FULL[1], OwnValue(name="rooms", public="three"), OwnValue(name="colour", public="red"))
    assert said(case, house) == {}
    wrong = case_with(FULL[1], OwnValue(name="street", public="west"))
    assert said(wrong, house) == {"house.own_value_fits": Weight.BLOCK}


def test_a_region_may_do_without_one_of_these_rules() -> None:
    lax = REGION.replace(without_rules="own_value_undeclared")
    assert said(case_with(*FULL, OwnValue(name="colour", public="red")), lax) == {}


def test_the_names_of_these_rules_are_taken() -> None:
    with pytest.raises(InvalidValue) as caught:
        Region(name="x", title=Label("x"), rules=(rule("own_value_fits"),))
    assert caught.value.path == "$.rules[0].name"


@pytest.mark.parametrize(
    ("given_", "path"),
    [
        ({"type": OwnType.CHOICE}, "$.choices"),
        ({"choices": {"a": Label("A")}}, "$.choices"),
        ({"type": "int"}, "$.type"),
        ({"sensitivity": "none"}, "$.sensitivity"),
        ({"required_from": "2026-01-01"}, "$.required_from"),
        ({"name": ""}, "$.name"),
    ],
)
def test_a_field_of_no_sense_is_refused_with_its_place(given_: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        field(**given_)
    assert caught.value.path == path


def test_a_problem_that_shows_the_value_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control."""
    monkeypatch.setattr(OwnField, "problem", lambda self, value: f"{value.value} does not fit")
    with pytest.raises(AssertionError):
        test_no_problem_shows_the_value()
