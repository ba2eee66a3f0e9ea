"""What the programs write that are started and killed, and what must be there of it afterwards.

Entry number *n* of a writer is a pair of matters that count together: both changes, both facts rows, both keys and
both private parts are of one commit, so that half of one is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.plugins import Plugins
from community_mediation.ports import Change, Key, OpenOptions, Store
from community_mediation.testing.stores.gardens import chain_fault, rows_of

COUNT: Final = FactsSchema("count", (MATTER_ID, ROW, Column("times", ColumnType.INT, "How often it was counted.")))
PART: Final = "x" * 500
COUNTERS: Final = 5
SHARED: Final = 3
FIRST: Final = Change(matter_id="shared", kind="plain", expected=0, version=1, body="0")
"""The first change of a matter of its own, without facts."""


def open_by_url(url: str, plugins: Sequence[str], options: OpenOptions | None = None) -> Store:
    """The store that *url* names, opened by the hook."""
    return Plugins(plugins).open_store(url, options or OpenOptions())


def counted(store: Store, matter: str, number: int) -> Change:
    """The next change of one counter."""
    version = len(store.entries(matter))
    return Change(
        matter_id=matter,
        kind="counter",
        expected=version,
        version=version + 1,
        body=str(number),
        private={"p": PART},
        close=[RowRef("count", matter, "")] if version else [],
        add=[FactsRow("count", (matter, "", version + 1))],
        keys=[Key("number", f"{matter} {number}")],
        release=[Key("number", f"{matter} {number - COUNTERS}")],
    )


def pair(store: Store, number: int) -> list[Change]:
    """The commit of one number: a counter and its twin."""
    return [counted(store, f"{name}{number % COUNTERS}", number) for name in ("left", "right")]


def check_whole(store: Store, least: int) -> None:
    """Nothing that was acknowledged is lost, and nothing is half: chain, facts, keys and private parts agree.

    Args:
        store: The store, opened again.
        least: The last number that was acknowledged.
    """
    assert tuple(store.prepare([COUNT])) == (), "Law 5: no table is to be rebuilt after a kill"
    entries = store.log(limit=1_000_000)
    assert chain_fault(entries) is None, "Law 3: the chain of hashes holds after a kill"
    assert store.head().position == len(entries), "Law 3: the head is the last entry"
    assert len(entries) >= 2 * least, "Law 1: what was acknowledged is there after a kill"
    assert len(entries) % 2 == 0, "Law 1: a commit is all or nothing, also when it is killed"
    numbers = [entry.body for entry in entries]
    wanted = [str(number) for number in range(1, len(entries) // 2 + 1) for _ in range(2)]
    assert numbers == wanted, "Law 3: each number was written once, in order"
    assert all(entry.private == {"p": PART} for entry in entries), "Law 1: private parts are there with their entries"
    # Some positions and the last ones: each reads all facts.
    for position in {
        *range(0, len(entries), max(1, len(entries) // 20)),
        *range(max(0, len(entries) - 5), len(entries)),
    }:
        times: dict[str, int] = {}
        for entry in entries[: position + 1]:
            times[entry.matter_id] = times.get(entry.matter_id, 0) + 1
        # Pairs, not a mapping: a row that was to be closed stands beside the one that took its place.
        found = sorted((str(row[0]), row[2]) for row in rows_of(store, "count", known_at=position + 1))
        assert found == sorted(times.items()), "Law 5: facts equal those that the entries give, at each position"
    last = {entry.matter_id: entry.body for entry in entries}
    for matter, number in last.items():
        assert list(store.keys(matter)) == [Key("number", f"{matter} {number}")], (
            "Law 1: keys are there with their entries"
        )
