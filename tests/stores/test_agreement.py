"""The file and the memory agree, whatever is done to both."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from community_mediation.errors import MediationError
from community_mediation.ports import Change, FactsVersion, Filter, Key, Op, Sort, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.testing.stores.gardens import (
    NOON,
    PLOT,
    TOOL,
    HandClock,
    chain_fault,
    change,
    plot,
    ref,
    rows_of,
    tool,
)

matters = st.sampled_from(["m1", "m2", "汉", "m\0"])
small = st.integers(0, 3)


class Agreement(RuleBasedStateMachine):
    """Every call to the one is made to the other; what they give is equal."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = HandClock()
        self.memory: Store = MemoryStore(self.clock)
        self.file = self.opened()
        for store in (self.memory, self.file):
            store.prepare([PLOT, TOOL])

    def opened(self) -> Store:
        """The file, opened."""
        return SqliteStore.open(self.folder / "book.db", clock=self.clock)

    def teardown(self) -> None:
        self.file.close()
        self.memory.close()
        shutil.rmtree(self.folder)

    def both(self, call: Callable[[Store], Any], *, exact: bool = True) -> Any:
        """What the call gives on both; an error is an answer, too."""
        answers = []
        for store in (self.memory, self.file):
            try:
                answers.append(call(store))
            except MediationError as error:
                answers.append(type(error) if exact else "refused")
        assert answers[0] == answers[1]
        return answers[0]

    def made(self, matter: str, lag: int, data: dict[str, Any], seen: dict[str, int]) -> Change:
        """A change on the version that the matter has, less *lag*, with rows that fit what is there."""
        version = seen.get(matter, 0)
        if matter not in seen:
            entries = self.memory.entries(matter)
            version = entries[-1].version if entries else 0
        expected = max(0, version - lag)
        seen[matter] = version + 1 if expected == version else version
        rows = [str(number) for number in sorted(data["rows"])]
        current = {row[1] for row in rows_of(self.memory, filters=[Filter("matter_id", Op.EQ, matter)])}
        fresh = len([one for one in seen if one == matter]) == 1
        close = [ref(matter, row) for row in rows if row in current] if data["close"] and fresh else []
        return change(
            matter,
            expected,
            version=version + 1,
            body=data["body"],
            private={f"p{number}": data["body"] for number in data["subjects"]},
            close=close,
            add=[plot(matter, row, beds=data["beds"], crop=data["body"]) for row in rows],
            keys=[Key("no", str(number), f"p{number}") for number in data["keys"]],
        )

    @rule(
        batch=st.lists(
            st.tuples(
                matters,
                st.sampled_from([0, 0, 0, 0, 1]),
                st.fixed_dictionaries(
                    {
                        "rows": st.sets(small, max_size=3),
                        "close": st.sampled_from([True, True, True, False]),
                        "beds": st.none() | small,
                        "body": st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
                        "subjects": st.sets(small, max_size=2),
                        "keys": st.sets(st.integers(0, 9), max_size=1),
                    }
                ),
            ),
            max_size=4,
        )
    )
    def commit(self, batch: list[tuple[str, int, dict[str, Any]]]) -> None:
        seen: dict[str, int] = {}
        changes = [self.made(matter, lag, data, seen) for matter, lag, data in batch]
        self.both(lambda store: store.commit(iter(changes)), exact=len(changes) < 2)

    @rule(matter=matters, row=small)
    def close_a_row(self, matter: str, row: int) -> None:
        entries = self.memory.entries(matter)
        version = entries[-1].version if entries else 0
        self.both(lambda store: store.commit([change(matter, version, close=[ref(matter, str(row))])]))

    @rule(hours=st.integers(-50, 50))
    def move_the_clock(self, hours: int) -> None:
        self.clock.now += dt.timedelta(hours=hours)

    @rule()
    def open_again(self) -> None:
        self.file.close()
        self.file = self.opened()
        assert self.file.prepare([PLOT, TOOL]) == ()

    @rule(subject=small)
    def erase(self, subject: int) -> None:
        self.both(lambda store: store.erase(f"p{subject}"))

    @precondition(lambda self: self.memory.head().position)
    @rule(count=st.integers(0, 3), start=st.integers(0, 20), length=st.none() | st.integers(0, 9))
    def replace_facts(self, count: int, start: int, length: int | None) -> None:
        end = None if length is None else start + length
        versions = [FactsVersion(plot("m1", str(number), beds=7), start, end) for number in range(count)]
        versions.append(FactsVersion(tool("m2"), 1, None))
        self.both(lambda store: store.replace_facts(versions))

    @rule(
        column=st.sampled_from(["crop", "beds", "matter_id", "row"]),
        descending=st.booleans(),
        limit=st.integers(1, 4),
        known=st.none() | st.integers(0, 30),
    )
    def read_pages(self, column: str, descending: bool, limit: int, known: int | None) -> None:
        def pages(store: Store) -> list[Any]:
            found, cursor = [], None
            while True:
                page = store.find("plot", sort=Sort(column, descending), limit=limit, cursor=cursor)
                found.append(list(page.rows))
                cursor = page.cursor
                if cursor is None:
                    return found

        self.both(pages)
        self.both(lambda store: rows_of(store, known_at=known))

    @rule(matter=matters, known=st.none() | st.integers(0, 30), hours=st.integers(-99, 99))
    def read_entries(self, matter: str, known: int | None, hours: int) -> None:
        self.both(lambda store: list(store.entries(matter, known)))
        self.both(lambda store: store.position_at(NOON + dt.timedelta(hours=hours)))

    @invariant()
    def agree(self) -> None:
        entries = self.both(lambda store: list(store.log()))
        assert chain_fault(entries) is None
        self.both(lambda store: store.head())
        self.both(lambda store: [rows_of(store), rows_of(store, "tool")])
        self.both(lambda store: [store.key("no", str(number)) for number in range(10)])


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(
    settings.get_profile(settings.get_current_profile_name()),
    max_examples=min(settings.get_profile(settings.get_current_profile_name()).max_examples, 1000) // 5,
    stateful_step_count=20,
)
