"""The laws of a metric find what they are there to find."""

from __future__ import annotations

import pytest

from tests.testing.outside import Found, run

FAULTS = {
    "Unsourced": "test_it_says_what_it_is",
    "Unlabelled": "test_it_says_what_it_is",
    "Columnless": "test_it_reads_columns_that_are_there",
    "Overlapping": "test_a_book_of_all_kinds_of_lives_is_counted",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run(
        "metric_faults.py",
        tmp_path_factory.mktemp("metrics"),
        FAULTS,
        "TestShare",
        "TestCount",
        "TestTime",
        "TestNothing",
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_its_law(found: dict[str, Found], fault: str) -> None:
    assert FAULTS[fault] in found[f"Test{fault}"].failed


@pytest.mark.parametrize("name", ["TestShare", "TestCount", "TestTime"])
def test_a_sound_metric_keeps_all_laws(found: dict[str, Found], name: str) -> None:
    assert (found[name].failed, found[name].skipped) == (frozenset(), frozenset())
    assert set(FAULTS.values()) <= found[name].passed


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert told.failed == found["TestShare"].passed
    assert "TestNothing must provide the fixture 'metric'" in told.said
