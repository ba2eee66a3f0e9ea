"""Every definition that authorities and researchers use is covered, or the docs say why not."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from community_mediation import metrics
from community_mediation.domain.values import Money
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics import catalogue, cost_saving, table
from tests.metrics.frames import case, in_polars

PAGE: Final = Path(__file__).parents[2] / "docs" / "explanation" / "definitions.md"
DEFINITIONS: Final = frozenset(
    {
        "agreement_rate_mediated",
        "full_agreement_rate",
        "resolution_rate_referred",
        "settlement_rate_filed",
        "settlement_rate_disposed",
        "settlement_rate_substantive",
        "uptake_rate",
        "effective_reach",
        "refusal_rate",
        "discontinuation_rate",
        "conclusion_rate",
        "days_intake_to_disposition",
        "on_time_rate",
        "compliance_rate",
        "durability_rate",
        "repudiation_rate",
        "recurrence_rate",
        "party_satisfaction",
        "procedural_justice",
        "relationship_change",
        "self_sufficiency",
        "police_calls_change",
        "recidivism_effect",
        "cost_saving",
        "people_served",
        "volunteer_hours_per_volunteer",
        "mediator_agreement_rate",
    }
)
NO_METRIC: Final = {"police_calls_change", "recidivism_effect"}


def rows(page: str) -> dict[str, str]:
    """What the page says of each definition."""
    found = re.findall(r"^\| ([a-z_]+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    return {name: here for name, here in found if name != "definition"}


def uncovered(page: str) -> set[str]:
    """Definitions that nothing covers, or by something that does not exist."""
    told = rows(page)
    missing = set(DEFINITIONS - set(told))
    for name, here in told.items():
        named = [each for each in re.findall(r"`([a-z_0-9]+)`", here) if each not in ("role",)]
        covered = [each for each in named if each in catalogue() or each in metrics.__all__]
        if len(covered) < len(named) or not named or (name in NO_METRIC) != here.startswith("No metric: "):
            missing.add(name)
    return missing


def test_every_definition_is_covered_or_explained() -> None:
    """27 of them; each that is named exists."""
    assert len(DEFINITIONS) == 27
    assert rows(PAGE.read_text("utf-8")).keys() == DEFINITIONS
    assert uncovered(PAGE.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("`full_agreement_of_begun`", "`full_agreement`", "full_agreement_rate"),
        ("| effective_reach |", "| effective reach |", "effective_reach"),
        ("No metric: calls", "Calls", "police_calls_change"),
    ],
)
def test_a_definition_that_is_lost_or_badly_named_is_found(old: str, new: str, found: str) -> None:
    assert found in uncovered(PAGE.read_text("utf-8").replace(old, new))


# ------------------------------------------------------------------------------------------------ costs

PESOS: Final = Money(Decimal("9500"), "PHP")
SETTLED: Final = table(in_polars([case(agreement="full")] * 3 + [case(agreement="none")]))


def test_a_cost_is_a_product_that_names_its_parts() -> None:
    """3 settled cases at 9,500 pesos are 28,500."""
    found = cost_saving(SETTLED["agreement_of_reported"], PESOS, as_of=2013, source="the Department")
    assert found.value == Decimal("28500")
    assert "3 cases with an agreement" in str(found)
    assert "9,500 PHP each (2013, the Department) = 28,500" in str(found)
    assert "9,500 PHP（2013，the Department）= 28,500" in found.text("zh")


def test_a_count_has_a_cost_too_to_the_cent() -> None:
    cent = Money(Decimal("0.01"), "USD")
    assert cost_saving(SETTLED["reported"], cent, as_of=dt.date(2019, 6, 30), source="x").value == Decimal("0.04")


def test_the_published_product_is_reproduced() -> None:
    """The Philippines in 2013: 327,124 settled at 9,500 pesos each are 3,107,678,000."""
    book = table(in_polars([case(agreement="full")]))["agreement_of_reported"]
    many = metrics.CostSaving(
        cases=327_124, what=book.metric.numerator_label, unit_cost=PESOS, as_of=2013, source="the Department"
    )
    assert many.value == 3_107_678_000


@pytest.mark.parametrize(
    ("figure", "asked"),
    [
        ("days_to_conclusion", {}),
        ("agreement_of_begun", {}),
        ("reported", {"unit_cost": 9500}),
        ("reported", {"as_of": "2013"}),
        ("reported", {"source": " "}),
    ],
)
def test_a_cost_of_nothing_or_without_its_source_is_refused(figure: str, asked: dict[str, Any]) -> None:
    given: dict[str, Any] = {"unit_cost": PESOS, "as_of": 2013, "source": "the Department", **asked}
    with pytest.raises((InvalidQuery, InvalidValue)):
        cost_saving(SETTLED[figure], given.pop("unit_cost"), **given)
