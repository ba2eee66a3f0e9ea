"""Which stores with a planted fault there are, and the test that has to fail for each."""

from __future__ import annotations

from typing import Final

from community_mediation.stores import MemoryStore
from tests.stores.mutants_offers import (
    EndlessLease,
    RepeatingTokens,
    SearchByThree,
    SearchErased,
    SearchMoving,
    SearchWildcards,
    StaleRelease,
    TwoHolders,
)
from tests.stores.mutants_reading import (
    Backwards,
    Coarse,
    Lagging,
    Late,
    Reordering,
    Skipping,
    Stale,
    Unpinned,
    Wildcards,
    WithoutOffset,
)
from tests.stores.mutants_writing import (
    Careless,
    Forgiving,
    InTwoParts,
    LeavingKeys,
    LeavingSalt,
    LostUpdate,
    Quoting,
    RacyKeys,
    Reentrant,
    ReleaseIgnored,
    ReleaseLate,
    Renaming,
    Robbing,
    Rounding,
    Swallowing,
    Waiting,
    WithoutFacts,
    WithoutSubjects,
)

FAULTS: Final[dict[type[MemoryStore], str]] = {
    InTwoParts: "test_a_change_that_is_refused_takes_the_whole_batch_with_it",
    WithoutFacts: "test_an_entry_and_its_facts_are_written_together",
    Swallowing: "test_the_second_writer_loses_and_changes_nothing",
    Reentrant: "test_a_commit_cannot_begin_inside_another",
    Waiting: "test_a_commit_cannot_begin_inside_another",
    LostUpdate: "test_the_second_writer_loses_and_changes_nothing",
    Renaming: "test_a_matter_keeps_its_kind",
    RacyKeys: "test_threads_that_race_for_a_key_have_one_winner",
    ReleaseIgnored: "test_a_key_that_was_given_up_is_free",
    ReleaseLate: "test_a_change_gives_up_before_it_takes",
    Robbing: "test_a_key_that_is_not_held_is_left_as_it_is",
    Skipping: "test_the_log_gives_every_entry_once_in_order",
    Late: "test_who_follows_the_log_misses_no_entry",
    Reordering: "test_the_log_gives_every_entry_once_in_order",
    Backwards: "test_recorded_times_never_go_back",
    Coarse: "test_an_entry_is_recorded_when_the_clock_says",
    WithoutOffset: "test_recorded_times_never_go_back",
    Rounding: "test_cells_come_back_with_their_type",
    Careless: "test_a_change_closes_rows_of_its_own_matter_only",
    WithoutSubjects: "test_the_keys_of_a_matter_come_by_kind_and_value",
    Stale: "test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it",
    Lagging: "test_a_row_is_known_from_its_entry_up_to_the_one_that_closes_it",
    Unpinned: "test_pages_do_not_move_while_rows_are_added",
    Wildcards: "test_a_filter_finds_what_meets_it",
    Quoting: "test_an_error_quotes_no_value",
    Forgiving: "test_a_closed_store_says_so",
    LeavingSalt: "test_what_is_erased_is_gone_and_the_rest_stays",
    LeavingKeys: "test_what_is_erased_is_gone_and_the_rest_stays",
    SearchWildcards: "test_no_character_is_a_wildcard_or_a_word_of_a_language",
    SearchByThree: "test_a_text_is_found_wherever_it_stands",
    SearchErased: "test_what_was_erased_is_not_found",
    SearchMoving: "test_pages_of_a_search_do_not_move_while_entries_are_added",
    TwoHolders: "test_of_threads_that_race_one_has_the_work",
    RepeatingTokens: "test_tokens_of_a_key_only_rise",
    StaleRelease: "test_a_stale_token_gives_nothing_back",
    EndlessLease: "test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_a_lease_lasts",
}
"""By the store with the fault, the test that has to fail for it."""

MACHINE: Final[frozenset[type[MemoryStore]]] = frozenset(
    {
        InTwoParts, WithoutFacts, Swallowing, LostUpdate, Renaming, ReleaseIgnored, ReleaseLate, Robbing, Late,
        Reordering, Backwards, Coarse, Rounding, WithoutSubjects, Stale, Lagging, Unpinned, LeavingSalt, LeavingKeys,
        SearchByThree, SearchErased, SearchMoving, RepeatingTokens, StaleRelease,
    }
)  # fmt: skip
"""Those that the state machine has to catch by itself."""
