"""The laws of a region find what they are there to find."""

from __future__ import annotations

import pytest

from community_mediation.regions import NEUTRAL, Region
from community_mediation.testing import RegionConformance
from tests.testing.outside import Found, run

FAULTS = {
    "Silent": "test_each_rule_speaks_against_its_breach",
    "Raising": "test_its_rules_never_fail",
    "Talking": "test_its_rules_never_fail",
    "Naming": "test_its_objections_name_no_one",
    "Counting": "test_the_same_event_is_judged_the_same",
    "Hasty": "test_the_deadlines_of_any_case_are_reckoned",
    "Open": "test_its_crosswalks_leave_no_code_open",
    "Unsourced": "test_everything_names_its_source",
    "Unnamed": "test_everything_has_a_name_for_people",
    "Forgetful": "test_its_numbers_are_read_as_they_are_printed",
    "Severe": "test_what_an_old_register_says_is_never_blocked",
}


class TestNeutral(RegionConformance):
    """The region of a centre that names none keeps them all."""

    @pytest.fixture
    def region(self) -> Region:
        return NEUTRAL


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run("region_faults.py", tmp_path_factory.mktemp("regions"), FAULTS, "TestSound", "TestOpen", "TestNothing")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_its_law(found: dict[str, Found], fault: str) -> None:
    assert FAULTS[fault] in found[f"Test{fault}"].failed


def test_a_sound_region_keeps_all_laws(found: dict[str, Found]) -> None:
    assert (found["TestSound"].failed, found["TestSound"].skipped) == (frozenset(), frozenset())
    assert set(FAULTS.values()) <= found["TestSound"].passed


def test_rules_whose_breach_nobody_shows_are_skipped_by_name(found: dict[str, Found]) -> None:
    assert found["TestOpen"].skipped == {"test_each_rule_speaks_against_its_breach"}
    assert "TestOpen gives no fixture 'breaches'" in found["TestOpen"].said


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert told.failed == found["TestSound"].passed
    assert "TestNothing must provide the fixture 'region'" in told.said
