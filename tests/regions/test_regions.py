"""Regions: put together from others, and whole, or they are not made."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from community_mediation.domain.events import Accepted
from community_mediation.domain.values import Code
from community_mediation.errors import AmbiguousCrosswalk, InvalidValue, NotFound
from community_mediation.ports import Severity, Weight
from community_mediation.regions import (
    NEUTRAL,
    PLAIN_COUNTING,
    WEEKDAYS,
    Calendar,
    Crosswalk,
    Extension,
    FiscalYear,
    ReferencePattern,
    Region,
    Trigger,
    region_of,
)
from tests.regions.samples import BY, CN, CROSSWALK, PH, deadline, label, on, reported, rule, taxonomy

DAY = on("2026-05-14")
CASE = reported(DAY).accept(at=DAY, by=BY)


def region(name: str = "x", **given: Any) -> Region:
    return Region(name=name, title=label(name), **given)


def pattern(name: str, template: str = "{serial}") -> ReferencePattern:
    return ReferencePattern(name=name, template=template, source="a test")


def codes(each: Region) -> list[str]:
    return [objection.code for objection in each.objections(None, CASE.events[1], CASE)]


PARENT = region(
    "parent",
    taxonomies=(taxonomy("a", "a1", "a2", "a3"), taxonomy("b", "b1", "b2")),
    crosswalks=(CROSSWALK,),
    deadlines=(deadline("one", 1), deadline("two", 2)),
    rules=(rule("one", "parent"), rule("two", "parent")),
    patterns=(pattern("one"), pattern("two")),
    triggers=(Trigger(name="own", label=label("own"), moments=lambda case: ()),),
    calendar=Calendar(name="c", years={2026}, source="a test"),
    fiscal_year=FiscalYear(start_month=4),
)


# ---------------------------------------------------------------- putting together


def test_what_a_region_does_not_state_it_has_from_its_parent() -> None:
    child = region("child", parent=PARENT)
    for name in ("taxonomies", "crosswalks", "deadlines", "rules", "patterns", "triggers", "calendar", "fiscal_year"):
        assert getattr(child, name) == getattr(PARENT, name)


def test_a_region_without_a_parent_has_the_plainest_of_everything() -> None:
    bare = region()
    assert (bare.calendar, bare.counting) == (WEEKDAYS, PLAIN_COUNTING)
    assert (bare.rules, bare.deadlines, bare.patterns, bare.taxonomies) == ((), (), (), ())
    assert list(bare.objections(None, CASE.events[0], CASE)) == []
    assert bare.deadlines_of(CASE, DAY) == []


def test_lists_add_up_by_name_and_the_child_wins() -> None:
    child = region(
        "child",
        parent=PARENT,
        deadlines=(deadline("two", 20), deadline("three", 3)),
        rules=(rule("two", "child"), rule("three", "child")),
        taxonomies=(taxonomy("b", "b1", "b2", "b3"),),
    )
    assert [(each.name, each.limit) for each in child.deadlines] == [("one", 1), ("two", 20), ("three", 3)]
    found = child.objections(None, CASE.events[1], CASE)
    assert [each.reason for each in found] == ["parent", "child", "child"]
    assert len(child.taxonomy("b")) == 3
    assert len(PARENT.taxonomy("b")) == 2


def test_the_code_of_an_objection_names_the_region_that_states_the_rule() -> None:
    """However many regions hand it down: programs may rely on it."""
    child = region("child", parent=PARENT, rules=(rule("two", "child"),))
    grandchild = region("grandchild", parent=child, rules=(rule("three"),))
    assert codes(grandchild) == ["parent.one", "child.two", "grandchild.three"]


def test_a_child_switches_off_by_name() -> None:
    child = region("child", parent=PARENT, without_rules="one", without_deadlines=("two",))
    assert codes(child) == ["parent.two"]
    assert [each.name for each in child.deadlines] == ["one"]
    assert codes(region("grandchild", parent=child)) == ["parent.two"]
    assert codes(PARENT) == ["parent.one", "parent.two"]


def test_the_first_pattern_that_a_region_states_is_the_usual_one() -> None:
    child = region("child", parent=PARENT, patterns=(pattern("mine"),))
    assert child.pattern().name == "mine"
    assert [each.name for each in child.patterns] == ["mine", "one", "two"]
    assert PARENT.pattern().name == "one"


def test_a_changed_copy_keeps_the_rest() -> None:
    child = region("child", parent=PARENT, rules=(rule("three"),))
    other = child.replace(name="other", title=label("other"), without_rules=("one",))
    assert codes(other) == ["parent.two", "other.three"]
    assert codes(child) == ["parent.one", "parent.two", "child.three"]
    assert other.parent is PARENT


def test_regions_are_values() -> None:
    """Equal by what they state, usable as keys, and short when printed."""
    one, two = region(rules=(rule("r", None, objection=str),)), region(rules=(rule("r", None, objection=str),))
    assert one == two
    assert len({one, two, NEUTRAL, CN, copy.copy(CN)}) == 3
    assert "rules" not in repr(CN)


# ---------------------------------------------------------------- looking up


@pytest.mark.parametrize("ask", ["taxonomy", "deadline", "pattern", "trigger"])
def test_what_a_region_does_not_have_is_told_with_what_it_has(ask: str) -> None:
    with pytest.raises(NotFound, match=f"The region parent has no {ask} of that name. It has: "):
        getattr(PARENT, ask)("gone")


def test_a_region_without_patterns_has_no_usual_one() -> None:
    with pytest.raises(NotFound, match="It has: none"):
        region().pattern()


def test_crosswalks_are_found_by_their_ends() -> None:
    assert PARENT.crosswalk("a", "b") is CROSSWALK
    with pytest.raises(NotFound, match="a -> b"):
        PARENT.crosswalk("b", "a")
    with pytest.raises(AmbiguousCrosswalk):
        PARENT.crosswalk("a", "b").map("a2")


def test_a_code_has_the_name_of_its_list_or_is_shown_itself() -> None:
    assert NEUTRAL.name_of(Code("neutral", "noise"), "zh") == "噪声等滋扰"
    assert CN.name_of(Code("neutral", "noise")) == "Noise and other nuisance"
    assert NEUTRAL.name_of(Code("elsewhere", "noise")) == "elsewhere:noise"


def test_every_region_has_the_built_in_triggers_and_its_own() -> None:
    assert PARENT.trigger("accepted").name == "accepted"
    assert PARENT.trigger("own").name == "own"
    with pytest.raises(NotFound):
        NEUTRAL.trigger("own")


# ---------------------------------------------------------------- whole or not at all

LONGER = Extension(limit=1, trigger="gone", label=label("x"), source="a test")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"rules": (rule("r"), rule("s"), rule("r"))}, "$.rules[2]"),
        ({"deadlines": (deadline("d"), deadline("d"))}, "$.deadlines[1]"),
        ({"patterns": (pattern("p"), pattern("p"))}, "$.patterns[1]"),
        ({"taxonomies": (taxonomy("t"), taxonomy("t"))}, "$.taxonomies[1]"),
        ({"crosswalks": (CROSSWALK,)}, "$.crosswalks[0].source"),
        ({"taxonomies": (taxonomy("a"),), "crosswalks": (CROSSWALK,)}, "$.crosswalks[0].target"),
        ({"deadlines": (deadline("d", trigger="gone"),)}, "$.deadlines[0].trigger"),
        ({"deadlines": (deadline("d", satisfied_by=("agreed", "gone")),)}, "$.deadlines[0].satisfied_by[1]"),
        ({"deadlines": (deadline("d", extension=LONGER),)}, "$.deadlines[0].extension.trigger"),
        ({"without_rules": ("gone",)}, "$.without_rules[0]"),
        ({"parent": PARENT, "without_deadlines": ("one", "gone")}, "$.without_deadlines[1]"),
        ({"rules": (deadline("d"),)}, "$.rules[0]"),
        ({"rules": "r"}, "$.rules"),
        ({"parent": "parent"}, "$.parent"),
        ({"parent": PARENT, "name": "parent"}, "$.name"),
        ({"name": "two words"}, "$.name"),
        ({"title": "x"}, "$.title"),
        ({"calendar": "x"}, "$.calendar"),
        ({"fiscal_year": None}, "$.fiscal_year"),
    ],
)
def test_a_region_that_contradicts_itself_is_refused_with_its_place(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Region(**{"name": "x", "title": label("x"), **given})
    assert caught.value.path == path


def test_a_child_may_use_the_lists_and_triggers_of_its_parent() -> None:
    child = region(
        "child",
        parent=PARENT,
        crosswalks=(Crosswalk(source="b", target="a", rows={"b1": "a1"}, source_of="a test"),),
        deadlines=(deadline("d", trigger="own"),),
    )
    assert [f"{each.source} -> {each.target}" for each in child.crosswalks] == ["a -> b", "b -> a"]


# ---------------------------------------------------------------- which region


def test_a_centre_that_names_no_region_has_the_neutral_one() -> None:
    assert region_of({"x": PARENT}, None) == (NEUTRAL, None)
    assert region_of({}, "neutral") == (NEUTRAL, None)
    assert region_of({"cn_sample": CN}, "cn_sample") == (CN, None)


def test_a_region_that_nobody_knows_is_a_finding_and_no_refusal() -> None:
    found, finding = region_of({"cn_sample": CN, "ph_sample": PH}, "atlantis")
    assert found is NEUTRAL
    assert finding is not None
    assert (finding.code, finding.severity) == ("region.unknown", Severity.WARNING)
    assert "atlantis" in finding.message
    assert "cn_sample, ph_sample" in finding.remedy


def test_rules_of_a_region_are_in_force_by_the_date_of_the_event() -> None:
    dated = region(rules=(rule("r", weight=Weight.BLOCK, valid_from=dt.date(2026, 5, 15)),))
    assert list(dated.objections(None, Accepted(at=DAY, by=BY), CASE)) == []
