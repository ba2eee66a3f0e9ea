"""The laws find what they are there to find: the whole kit, run on stores in memory with one planted fault each."""

from __future__ import annotations

import sys

import pytest

from community_mediation.ports import Store
from community_mediation.stores import MemoryStore
from community_mediation.testing.stores import helping
from community_mediation.testing.stores.gardens import PLOT, change, plot, rows_of
from tests.stores.mutant_runs import MACHINE_TEST, law_of, run, table
from tests.stores.mutants import FAULTS, MACHINE, LostUpdate
from tests.testing.outside import Found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    names = [kind.__name__ for kind in (MemoryStore, *FAULTS)]
    return run("mutant_book.py", names, tmp_path_factory.mktemp("mutants"))


def test_the_store_without_a_fault_breaks_no_law(found: dict[str, Found]) -> None:
    """The control of all that follows."""
    assert found["MemoryStore"].failed == frozenset()
    assert MACHINE_TEST in found["MemoryStore"].passed


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda kind: kind.__name__)
def test_a_planted_fault_breaks_its_law(found: dict[str, Found], faulty: type[Store]) -> None:
    """The test that names the law fails, whatever else does."""
    assert FAULTS[faulty] in found[faulty.__name__].failed


@pytest.mark.parametrize("faulty", sorted(MACHINE, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_the_machine_catches_it_by_itself(found: dict[str, Found], faulty: type[Store]) -> None:
    """Without having been told where to look."""
    assert MACHINE_TEST in found[faulty.__name__].failed


def test_each_fault_is_of_some_law(found: dict[str, Found]) -> None:
    """Each required law that a store in memory can break is broken by one of them; ``-rP`` shows the table."""
    faults = {kind.__name__: test for kind, test in FAULTS.items()}
    sys.stdout.write(table(faults, found) + "\n")
    assert {law_of(test) for test in FAULTS.values()} == {*(f"Law {number}" for number in range(1, 9)), "SEARCH", "LEASES"}


def test_updates_that_are_lost_between_threads_are_found() -> None:
    """A control of the count itself."""
    assert helping.lost_updates(LostUpdate(), threads=8, updates=200) > 0


def test_rows_of_gives_all_batches() -> None:
    """What the laws read facts with is whole."""
    store = MemoryStore()
    store.prepare([PLOT])
    store.commit([change(add=[plot(row=str(number)) for number in range(9000)])])
    assert len(rows_of(store)) == 9000
