"""The laws of a channel find what they are there to find."""

from __future__ import annotations

import pytest

from tests.testing.outside import Found, run

FAULTS = {
    "Dropping": "test_what_was_taken_arrives",
    "Doubling": "test_what_was_taken_arrives",
    "Lying": "test_a_receipt_says_whether_a_notice_went_out_again",
    "ByWords": "test_another_notice_of_the_same_words_is_no_duplicate",
    "Stripping": "test_words_arrive_as_they_were_sent",
    "Misnaming": "test_a_receipt_names_its_notice",
    "Quoting": "test_a_bad_address_is_refused_for_good",
    "Bare": "test_a_notice_that_cannot_be_sent_is_told_by_a_typed_error",
    "Encoding": "test_a_notice_that_cannot_be_sent_is_told_by_a_typed_error",
    "Mixing": "test_many_threads_may_send_at_once",
    "Racing": "test_one_notice_from_many_threads_is_told_honestly",
    "Chatty": "test_it_keeps_addresses_and_words_to_itself",
    "Nameless": "test_it_says_its_name",
    "RawAway": "test_an_end_that_is_not_there_is_unavailable",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    return run(
        "channel_faults.py",
        tmp_path_factory.mktemp("channels"),
        FAULTS,
        "TestSound",
        "TestForgetful",
        "TestWithoutMore",
        "TestNothing",
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_its_law(found: dict[str, Found], fault: str) -> None:
    assert FAULTS[fault] in found[f"Test{fault}"].failed


@pytest.mark.parametrize("name", ["TestSound", "TestForgetful"])
def test_a_sound_channel_keeps_all_laws(found: dict[str, Found], name: str) -> None:
    """Whether it sends once, or at least once and says so."""
    assert (found[name].failed, found[name].skipped) == (frozenset(), frozenset())
    assert set(FAULTS.values()) <= found[name].passed


def test_what_a_channel_cannot_tell_is_skipped_by_name(found: dict[str, Found]) -> None:
    told = found["TestWithoutMore"]
    assert told.failed == frozenset()
    assert told.skipped == {
        "test_a_bad_address_is_refused_for_good",
        "test_an_end_that_is_not_there_is_unavailable",
    }
    assert "TestWithoutMore gives no fixture 'bad_address'" in told.said


def test_a_fixture_that_is_missing_fails_every_law_and_says_so(found: dict[str, Found]) -> None:
    """Rather than passing, or being skipped, in silence."""
    told = found["TestNothing"]
    assert (told.passed, told.skipped) == (frozenset(), frozenset())
    assert told.failed == found["TestSound"].passed
    assert "TestNothing must provide the fixture 'channel'" in told.said
    assert "def good_address(self)" in told.said
