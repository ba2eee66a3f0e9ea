"""The laws find what they are there to find: the kit, run on stores with one planted fault each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from community_mediation.ports import Capability
from community_mediation.stores import MemoryStore
from community_mediation.testing.stores import helping
from community_mediation.testing.stores.gardens import PLOT, change, plot, rows_of
from community_mediation.testing.stores.machine import MachineLaws
from tests.stores.mutant_runs import MACHINE_TEST, law_of, run, table
from tests.stores.mutants import FAULTS, MACHINE
from tests.stores.mutants_lasting import LASTING
from tests.stores.mutants_reading import Stale
from tests.stores.mutants_writing import LostUpdate
from tests.testing.outside import Found

NAMED = {kind.__name__: test for kind, test in FAULTS.items()}
NAMED_IN_FILES = {kind.__name__: test for kind, test in LASTING.items()}
BY_MACHINE = sorted(kind.__name__ for kind in MACHINE)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """What came of the stores in memory, each run on its own test and by the machine; the sound one on all of those."""
    chosen = {name: [test, *([MACHINE_TEST] if name in BY_MACHINE else [])] for name, test in NAMED.items()}
    chosen["MemoryStore"] = [*dict.fromkeys(NAMED.values()), MACHINE_TEST]
    return run("mutant_book.py", chosen, tmp_path_factory.mktemp("mutants"))


@pytest.fixture(scope="module")
def found_in_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    chosen = {name: [test] for name, test in NAMED_IN_FILES.items()}
    chosen["SqliteStore"] = [*NAMED_IN_FILES.values()]
    return run("mutant_files.py", chosen, tmp_path_factory.mktemp("mutants"))


def test_the_store_without_a_fault_breaks_no_law(found: dict[str, Found]) -> None:
    """The control of all that follows."""
    assert found["MemoryStore"].failed == found["MemoryStore"].skipped == frozenset()
    assert found["MemoryStore"].passed == {*NAMED.values(), MACHINE_TEST}


def test_the_store_in_a_file_without_a_fault_breaks_no_law(found_in_files: dict[str, Found]) -> None:
    """Opened by the same plugin as those with one."""
    assert found_in_files["SqliteStore"].failed == found_in_files["SqliteStore"].skipped == frozenset()
    assert found_in_files["SqliteStore"].passed == set(NAMED_IN_FILES.values())


@pytest.mark.parametrize("faulty", NAMED)
def test_a_planted_fault_breaks_its_law(found: dict[str, Found], faulty: str) -> None:
    """The test that names the law fails."""
    assert NAMED[faulty] in found[faulty].failed


@pytest.mark.parametrize("faulty", NAMED_IN_FILES)
def test_a_planted_fault_in_a_file_breaks_its_law(found_in_files: dict[str, Found], faulty: str) -> None:
    """Also those that only show when the file is opened again, by another program, or after a kill."""
    assert NAMED_IN_FILES[faulty] in found_in_files[faulty].failed


@pytest.mark.parametrize("faulty", BY_MACHINE)
def test_the_machine_catches_it_by_itself(found: dict[str, Found], faulty: str) -> None:
    """Without having been told where to look."""
    assert MACHINE_TEST in found[faulty].failed


def test_each_law_is_broken_by_some_fault(found: dict[str, Found], found_in_files: dict[str, Found]) -> None:
    """Laws 9 and 10 apart: a declaration is tried on stores of its own, old files by each store; ``-rP`` shows all."""
    sys.stdout.write(table({**NAMED, **NAMED_IN_FILES}, {**found, **found_in_files}) + "\n")
    laws = {law_of(test) for test in (*NAMED.values(), *NAMED_IN_FILES.values())}
    offered = {Capability.SEARCH, Capability.LEASES, Capability.BACKUP, Capability.ERASE}
    assert laws == {*(f"Law {number}" for number in range(1, 9)), *(capability.name for capability in offered)}


def test_a_machine_that_fails_names_the_law_and_the_one_step_that_breaks_it(amount: Callable[[int, int], int]) -> None:
    """What an author reads: which law, what differs, and what was done to the store, wherever chance began."""
    known = settings.get_current_profile_name()
    settings.register_profile("by chance", settings(), derandomize=False, database=None)
    settings.load_profile("by chance")
    try:
        for _ in range(amount(4, 40)):
            with pytest.raises(
                AssertionError, match=r"^Law 5 broke: the facts known before the commit differ"
            ) as caught:
                MachineLaws().test_it_answers_as_memory_does_whatever_is_done(Stale, None)
            steps = [line for line in "\n".join(caught.value.__notes__).splitlines() if line.startswith("state.")]
            [done] = [step for step in steps if not step.startswith(("state.agree", "state.teardown"))]
            assert done.startswith("state.commit(") and "add={0}" in done
    finally:
        settings.load_profile(known)


@pytest.mark.long
def test_the_whole_kit_runs_to_its_end_on_every_broken_store(tmp_path: Path) -> None:
    """However broken a store is, no law hangs on it or needs another one's result."""
    stores: list[type[MemoryStore]] = [MemoryStore, *FAULTS]
    whole = run("mutant_book.py", {kind.__name__: [] for kind in stores}, tmp_path)
    assert {name for name, found in whole.items() if not found.failed} == {"MemoryStore"}


def test_updates_that_are_lost_between_threads_are_found() -> None:
    """A control of the count itself."""
    assert helping.lost_updates(LostUpdate(), threads=8, updates=200) > 0


def test_rows_of_gives_all_batches() -> None:
    """What the laws read facts with is whole."""
    store = MemoryStore()
    store.prepare([PLOT])
    store.commit([change(add=[plot(row=str(number)) for number in range(9000)])])
    assert len(rows_of(store)) == 9000
