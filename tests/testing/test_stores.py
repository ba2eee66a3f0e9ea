"""What an author of a store sees of the laws; their mutants stand beside the stores."""

from __future__ import annotations

import re

import pytest

from tests.testing.outside import Found, run


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run(
        "store_faults.py",
        tmp_path_factory.mktemp("stores"),
        {},
        "TestAmnesiac",
        "TestElsewhere",
        "TestMistaken",
        "TestNothing",
    )


@pytest.mark.parametrize(
    "law",
    [
        "test_what_was_committed_is_there_after_opening_again",
        "test_keys_are_there_after_opening_again",
        "test_what_was_refused_is_not_there_after_opening_again",
        "test_recorded_times_do_not_go_back_after_opening_again",
        "test_a_table_that_changed_meanwhile_is_to_be_rebuilt",
        "test_what_was_erased_stays_erased_after_opening_again",
        "test_two_openings_of_a_book_lose_no_update",
        "test_two_openings_of_a_book_see_one_journal",
    ],
)
@pytest.mark.parametrize("name", ["TestAmnesiac", "TestElsewhere"])
def test_a_store_that_only_says_that_it_lasts_fails_by_name(found: dict[str, Found], name: str, law: str) -> None:
    """Whether it forgets, or its factory opens another book."""
    assert law in found[name].failed


def test_what_a_store_does_not_declare_is_skipped_by_name(found: dict[str, Found]) -> None:
    told = found["TestMistaken"]
    assert len(told.skipped) == 8
    assert "Mistaken does not declare PERSISTENT" in told.said


def test_a_law_that_fails_shows_the_values(found: dict[str, Found]) -> None:
    """Though its module is not named as a test's is."""
    told = found["TestMistaken"]
    assert "test_the_second_writer_loses_and_changes_nothing" in told.failed
    assert "['seventeen'] == ['\"first\"']" in told.said


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert len(told.failed) > 70
    assert "TestNothing must provide the fixture 'open_store'" in told.said


def test_every_law_says_its_number_or_its_capability(found: dict[str, Found]) -> None:
    """So that a failure leads to the sentence in the port."""
    from community_mediation.ports import Capability
    from community_mediation.testing import StoreConformance

    laws = [getattr(StoreConformance, name) for name in dir(StoreConformance) if name.startswith("test_")]
    assert len(laws) == len(found["TestNothing"].failed)
    begins = re.compile(rf"(Law \d+|{'|'.join(one.name for one in Capability)})\b")
    assert [law.__name__ for law in laws if not begins.match(str(law.__doc__))] == []
