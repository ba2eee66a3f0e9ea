"""The laws of a kind of document find what they are there to find."""

from __future__ import annotations

import pytest

from tests.testing.outside import Found, run

FAULTS = {
    "Programmed": "test_what_is_not_known_stays_blank",
    "Empty": "test_what_is_not_known_stays_blank",
    "Fragile": "test_it_is_written_for_any_matter",
    "Titled": "test_only_its_texts_name_people",
    "Told": "test_only_its_texts_name_people",
    "Numbered": "test_the_same_matter_gives_the_same_paper",
    "Taking": "test_a_matter_of_another_kind_is_refused",
    "Unsourced": "test_it_says_what_it_is",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run("document_faults.py", tmp_path_factory.mktemp("documents"), FAULTS, "TestSound", "TestNothing")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_its_law(found: dict[str, Found], fault: str) -> None:
    assert FAULTS[fault] in found[f"Test{fault}"].failed


def test_a_sound_kind_keeps_all_laws(found: dict[str, Found]) -> None:
    assert (found["TestSound"].failed, found["TestSound"].skipped) == (frozenset(), frozenset())
    assert set(FAULTS.values()) <= found["TestSound"].passed


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert told.failed == found["TestSound"].passed
    assert "TestNothing must provide the fixture 'document_kind'" in told.said
