"""Names for the codes of the closed lists: every code has one in both languages, and a region may have its own."""

from __future__ import annotations

import enum
import importlib
import pkgutil
from typing import Any

import pytest

from community_mediation import domain
from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.stages import FileStage, Origin, Process
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label
from community_mediation.regions import NEUTRAL, Region
from community_mediation.regions.labels import NEUTRAL as TABLE
from community_mediation.regions.labels import key_of
from tests.regions.samples import CN


def closed_lists() -> set[type[enum.StrEnum]]:
    """Every closed list of the domain."""
    modules = [
        importlib.import_module(f"{domain.__name__}.{each.name}") for each in pkgutil.iter_modules(domain.__path__)
    ]
    things = [thing for module in modules for thing in vars(module).values()]
    return {each for each in things if isinstance(each, type) and issubclass(each, enum.StrEnum)} - {enum.StrEnum}


def nameless(table: Any) -> list[str]:
    """The codes that lack a name in a language."""
    members = [member for each in closed_lists() for member in each]
    return sorted(
        f"{type(each).__name__}.{each.value}"
        for each in members
        if key_of(each) not in table or not table[key_of(each)].en or not table[key_of(each)].zh
    )


def test_every_code_has_a_name_in_english_and_chinese() -> None:
    assert len(closed_lists()) > 30
    assert nameless(TABLE) == []


def test_a_code_without_a_name_would_be_named_here() -> None:
    """A control."""
    cut = {key: label for key, label in TABLE.items() if key != ("Process", "accepted")}
    assert nameless({**cut, ("Process", "reported"): Label("Reported")}) == ["Process.accepted", "Process.reported"]


def test_the_table_names_no_code_that_does_not_exist() -> None:
    there = {key_of(member) for each in closed_lists() for member in each}
    assert sorted(set(TABLE) - there) == []


def test_no_two_closed_lists_share_a_name() -> None:
    """The table goes by the name of the class."""
    names = [each.__name__ for each in closed_lists()]
    assert sorted(names) == sorted(set(names))


def test_codes_that_read_the_same_in_two_lists_keep_their_own_names() -> None:
    assert Process.REPORTED == Origin.REPORTED  # type: ignore[comparison-overlap]
    assert NEUTRAL.label(Process.REPORTED, "zh") == "已登记"
    assert NEUTRAL.label(Origin.REPORTED, "zh") == "本处登记"


def test_a_region_has_its_own_names_and_the_neutral_ones_beside_them() -> None:
    """By the class or its name, by the code or its text; English where a language is missing."""
    assert CN.label(Process.REPORTED) == "Docketed"
    assert CN.label(Process.REPORTED, "zh_CN") == "已登记受理"
    assert CN.label(Process.CONCLUDED, "zh") == "Wound up"
    assert CN.label(Process.ACCEPTED, "zh") == "已受理"
    assert CN.label(Conclusion.SETTLED) == "Settled"
    assert CN.label(Origin.REPORTED) == "Reported"


def test_a_child_keeps_the_names_of_its_parent_but_for_its_own() -> None:
    child = Region(
        name="child",
        title=Label("Child"),
        parent=CN,
        labels={"Process": {"concluded": Label("Done")}, "FileStage": {"open": Label("On the desk")}},
    )
    assert [child.label(each) for each in (Process.REPORTED, Process.CONCLUDED, FileStage.OPEN)] == [
        "Docketed",
        "Done",
        "On the desk",
    ]
    assert CN.label(Process.CONCLUDED) == "Wound up"


def test_a_code_of_a_plugin_has_a_name_without_a_table() -> None:
    class Weather(enum.StrEnum):
        """A closed list of somebody else."""

        HEAVY_RAIN = "heavy_rain"

    assert NEUTRAL.label(Weather.HEAVY_RAIN, "zh") == "Heavy rain"
    wet = Region(name="wet", title=Label("Wet"), labels={Weather: {"heavy_rain": Label("Pouring")}})
    assert wet.label(Weather.HEAVY_RAIN) == "Pouring"


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        ({"Progress": {"reported": Label("x")}}, "$.labels[Progress]"),
        ({str: {"reported": Label("x")}}, "$.labels[<class 'str'>]"),
        ({"Process": {"begun": Label("x")}}, "$.labels[Process][begun]"),
        ({Process: {Origin.REPORTED: Label("x")}}, "$.labels[Process][reported]"),
        ({Process: {"reported": "x"}}, "$.labels[Process][reported]"),
        ([("Process", {})], "$.labels"),
    ],
)
def test_a_name_for_what_does_not_exist_is_refused_with_its_place(labels: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Region(name="x", title=Label("x"), labels=labels)
    assert caught.value.path == path
