"""The laws of a report format find what they are there to find."""

from __future__ import annotations

import pytest

from tests.testing.outside import Found, run

FAULTS = {
    "Noughts": "test_what_is_unknown_is_never_nought",
    "Shares": "test_cells_are_figures",
    "Truths": "test_cells_are_figures",
    "Double": "test_every_rule_of_the_form_holds",
    "Dividing": "test_an_empty_book_is_rendered",
    "Strict": "test_a_book_of_all_kinds_of_lives_is_rendered",
    "Ordered": "test_the_same_book_gives_the_same_report",
    "Counting": "test_the_same_book_gives_the_same_report",
    "Naming": "test_it_names_no_one",
    "Foreign": "test_it_says_what_it_is",
    "Unsourced": "test_it_says_what_it_is",
    "Letters": "test_it_says_what_it_is",
    "Other": "test_an_empty_book_is_rendered",
    "NoParts": "test_every_rule_is_about_columns_that_are_there",
    "Timeless": "test_a_period_is_taken_or_refused_by_a_typed_error",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run(
        "report_faults.py", tmp_path_factory.mktemp("reports"), FAULTS, "TestSound", "TestTrueNoughts", "TestNothing"
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_its_law(found: dict[str, Found], fault: str) -> None:
    assert FAULTS[fault] in found[f"Test{fault}"].failed


@pytest.mark.parametrize("name", ["TestSound", "TestTrueNoughts"])
def test_a_sound_format_keeps_all_laws(found: dict[str, Found], name: str) -> None:
    """Also one whose noughts are true, and named as such."""
    assert (found[name].failed, found[name].skipped) == (frozenset(), frozenset())
    assert set(FAULTS.values()) <= found[name].passed


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert told.failed == found["TestSound"].passed
    assert "TestNothing must provide the fixture 'report_format'" in told.said


def test_a_nought_is_told_with_its_column_and_the_remedy(found: dict[str, Found]) -> None:
    assert "endings: give None, or name the column in the fixture true_noughts" in found["TestNoughts"].said
    assert "{'ended'}" in found["TestNoughts"].said
