"""What can be declared, and what is refused, each with the place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import community_mediation as cm
from community_mediation import simulate
from community_mediation.domain.values import Period
from community_mediation.errors import InvalidValue
from community_mediation.simulate import DisputeKind, Ending, Scenario, Season, Spread
from community_mediation.simulate.scenario import SHARES


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "much", None, True])
def test_a_share_is_a_number_from_0_to_1(name: str, share: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"@ \$\.{name}\."):
        Scenario(**{name: share})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("seed", -1), ("seed", 2**63), ("cases", -1), ("cases", 1.0), ("cases", True), ("runs_on", -1)),
        *(("centres", 0), ("mediators", 2), ("regulars", 0), ("currency", "yuan"), ("kinds", ()), ("quotas", ((1,),))),
        *(("lateness", Spread.quartiles(1, 2, 3, 4, 5)), ("season", Season(festival=0, weekdays=(0,) * 7))),
        ("period", Period(dt.date(1969, 1, 1), dt.date(1969, 12, 31))),
        ("period", Period(dt.date(2950, 1, 1), dt.date(2950, 12, 31))),
        ("kinds", Scenario().kinds[:1] * 2),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_place(name: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"@ \$\.{name}\."):
        Scenario(**{name: value})


def test_more_agreements_cannot_be_broken_or_kept_in_part_than_there_are() -> None:
    with pytest.raises(InvalidValue, match=r"@ \$\.partly\."):
        Scenario(breached=0.6, partly=0.6)


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidValue, match="time zone database"):
        Scenario(zone="Asia/Atlantis")


CODE = cm.Code("neutral", "debt")


@pytest.mark.parametrize(
    "make",
    [
        lambda: DisputeKind(code=CODE, share=-1, theme="debt"),
        lambda: DisputeKind(code=CODE, share=1, theme="dragons"),
        lambda: DisputeKind(code=CODE, share=1, theme="debt", odds={Ending.SETTLED: 0}),
        lambda: DisputeKind(code=CODE, share=1, theme="debt", odds={Ending.SETTLED: float("inf")}),
        lambda: Season(months=(1.0,) * 11),
        lambda: Season(festival=-1),
        lambda: Spread(((0, 1), (1, float("nan")))),
        lambda: Spread(((0, 3), (1, 2))),
        lambda: Spread(((0.1, 1), (1, 2))),
        lambda: Spread(()),
        lambda: Spread.quartiles(5, 4, 3, 2, 1),
    ],
)
def test_parts_of_a_scenario_are_checked_when_they_are_made(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()


def test_a_spread_tells_the_share_below_a_value_and_the_value_of_a_share() -> None:
    spread = Spread.quartiles(0, 10, 20, 40, 80)
    assert [spread.at(share) for share in (0, 0.25, 0.375, 1)] == [0, 10, 15, 80]
    assert [spread.share_below(value) for value in (-1, 0, 15, 80, 99)] == [0, 0, 0.375, 1, 1]
    assert spread.most == 80


def test_nothing_at_all_can_be_simulated() -> None:
    assert list(simulate.cases(Scenario(cases=0))) == []


def test_every_theme_has_words_in_both_languages() -> None:
    assert {kind.theme for kind in Scenario().kinds} == set(simulate.themes())
    for name in simulate.themes():
        kind = DisputeKind(code=CODE, share=1, theme=name)
        for english in (0.0, 1.0):
            made = list(simulate.cases(Scenario(cases=3, kinds=(kind,), english=english)))
            assert [str(case.dispute.title).isascii() for case in made] == [bool(english)] * 3


def test_printed_numbers_count_up_in_each_centre_and_year() -> None:
    period = Period(dt.date(2022, 7, 1), dt.date(2023, 6, 30))
    made = list(simulate.cases(Scenario(cases=90, centres=2, period=period, late=0)))
    for centre in {case.centre for case in made}:
        for year in (2022, 2023):
            numbers = [
                str(case.reference) for case in made if case.centre == centre and str(case.reference)[:4] == str(year)
            ]
            assert numbers == [f"{year}-{number:04}" for number in range(1, len(numbers) + 1)]


def test_a_country_is_many_centres_and_a_workload_has_no_loose_ends() -> None:
    assert Scenario.country().centres == 400
    assert Scenario.country(centres=7).centres == 7
    made = list(simulate.cases(Scenario.workload(cases=30)))
    assert {case.conclusion for case in made} == {"settled"}


def test_public_names_are_few_and_sorted() -> None:
    assert simulate.__all__ == sorted(simulate.__all__)
    assert len(simulate.__all__) <= 13
    assert all(getattr(simulate, name).__doc__ for name in simulate.__all__)


def test_only_one_module_throws_dice_and_none_uses_functions_that_differ_between_machines() -> None:
    """Chance is `Random.random` alone; logarithms, powers and sums of floats are left out. See `dice`."""
    folder = Path(simulate.__file__).parent
    sources = {path.name: path.read_text("utf-8") for path in folder.glob("*.py")}
    assert [name for name, text in sources.items() if "import random" in text] == ["dice.py"]
    forbidden = ("math.log", "math.exp", "math.pow", "math.sqrt", "math.sin", " hash(", "uuid4", "now()", "today()")
    assert {name: word for name, text in sources.items() for word in forbidden if word in text} == {}
