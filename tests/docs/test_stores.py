"""What the pages on stores say is what the code does: findings, capabilities, tiers of the kit, laws."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from community_mediation.ports import Capability
from community_mediation.ports import store as port
from community_mediation.stores import MemoryStore, SqliteStore, _sqlite_health
from community_mediation.testing import StoreConformance
from community_mediation.testing.stores.fixtures import METHODS

DOCS = Path(__file__).parents[2] / "docs"


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading, by the code in their first cell."""
    text = (DOCS / page).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in cells[2:]}


def given() -> dict[str, str]:
    """The findings that a book in SQLite can give, with their severity, as its source has them."""
    found = {}
    for call in ast.walk(ast.parse(inspect.getsource(_sqlite_health))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Finding":
            code, severity, *_ = call.args
            assert isinstance(code, ast.Constant)
            assert isinstance(severity, ast.Attribute)
            found[str(code.value)] = severity.attr.lower()
    return found


def test_every_finding_of_sqlite_is_on_its_page() -> None:
    """With how bad it is, what it means and what to do; and none that is no longer given."""
    told = rows("how-to/operate-sqlite.md", "What health says")
    assert {code: cells[0] for code, cells in told.items()} == given()
    assert all(len(cells) == 3 and all(cells) for cells in told.values())


def test_every_capability_stands_with_its_protocol_and_who_has_it() -> None:
    told = rows("reference/stores.md", "What a store may offer")
    plugin = pytest.importorskip("community_mediation_postgres.store")
    offered = inspect.getsource(plugin.PostgresStore.capabilities.fget)
    assert list(told) == [capability.name for capability in Capability]
    for capability in Capability:
        protocol, promise, memory, sqlite, postgresql = told[capability.name]
        assert protocol.strip("`") == (METHODS[capability].__name__ if capability in METHODS else "–")
        assert promise
        assert (memory == "yes") == (capability in MemoryStore().capabilities)
        assert (sqlite == "yes") == (capability in frozenset(Capability))
        assert (postgresql == "yes") == (f"Capability.{capability.name}" in offered)
    assert "frozenset(Capability)" in inspect.getsource(SqliteStore)


def test_every_class_of_laws_is_in_a_tier() -> None:
    page = (DOCS / "reference/stores.md").read_text("utf-8").partition("\n## The kit\n")[2]
    named = set(re.findall(r"`(\w+Laws)`", page))
    assert named == {kind.__name__ for kind in StoreConformance.__bases__}


@pytest.mark.parametrize("number", range(1, 11))
def test_every_law_of_the_port_stands_with_its_reason(number: int) -> None:
    page = (DOCS / "reference/stores.md").read_text("utf-8").partition("\n## The laws\n")[2].partition("\n## ")[0]
    law = re.search(rf"^{number}\. \*\*.+?\*\*.+?(?=^\d+\. |\Z)", page, re.M | re.S)
    assert law and len(law[0]) > 150
    assert re.search(rf"^{number}\. ", str(port.__doc__), re.M)


def test_a_finding_that_is_left_out_would_be_seen() -> None:
    """A control: the table is read, and the source is."""
    assert len(given()) == 10
    assert "nothing-of-that" not in rows("how-to/operate-sqlite.md", "What health says")
