"""What a life of a book is, for the state machine: two stores, what is known of them, and how they are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import attrs

from community_mediation.facts.schema import Cell, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import Capability, Change, FactsVersion, Filter, Key, Lease, Op, Sort, Store
from community_mediation.testing.stores.fixtures import Opener
from community_mediation.testing.stores.gardens import NOON, PLOT, RENTS, TOOL, HandClock, rows_of

MATTERS: Final = ("m1", "m2", "汉", "m\0")
NUMBERS: Final = range(6)
MINUTE: Final = dt.timedelta(minutes=1)


class Broken(Exception):
    """What an iterator of changes raises by itself."""


@attrs.frozen(kw_only=True)
class Told:
    """A change as the machine draws it; a draft makes of it what fits the book."""

    matter: str
    close: frozenset[int] | set[int]
    add: frozenset[int] | set[int]
    cells: dict[str, Any]
    private: dict[int, str]
    keys: frozenset[int] | set[int]
    release: frozenset[int] | set[int]
    leap: int


@attrs.define
class Question:
    """An answer whose pages are read one by one, on each store by its own cursors."""

    filters: Sequence[Filter]
    sort: Sort | None
    limit: int
    cursors: tuple[str | None, str | None] = (None, None)


@attrs.define
class Known:
    """What is known of a book: versions, current rows, holders of keys."""

    versions: dict[str, int] = attrs.field(factory=dict)
    rows: dict[str, set[int]] = attrs.field(factory=dict)
    held: dict[int, tuple[str, int]] = attrs.field(factory=dict)

    def copy(self) -> Known:
        """Another that changes by itself."""
        return Known(dict(self.versions), {name: set(rows) for name, rows in self.rows.items()}, dict(self.held))


class Life:
    """One store beside one in memory; names of matters, keys and subjects are this life's own."""

    def __init__(self, memory: Store, store: Store, clock: HandClock, opener: Opener, prefix: str, table: int) -> None:
        self.memory, self.store, self.clock, self.opener = memory, store, clock, opener
        self.prefix, self.table = prefix, table
        self.start = memory.head().position
        self.known = Known()
        self.pages: list[Question] = []
        self.given: list[Lease] = []
        self.works: dict[str, Lease | None] = {}
        self.tokens: dict[str, int] = {}
        self.era = 0
        self.abandoned: list[Store] = []

    # Names

    def matter(self, name: str) -> str:
        """A matter of this life."""
        return self.prefix + name

    def subject(self, number: int) -> str:
        """A subject of this life."""
        return f"{self.prefix}p{number}"

    def key(self, number: int) -> Key:
        """A key of this life: the same number is always the same key, whoever holds it."""
        return Key("no", f"{self.prefix}{number}", self.subject(number % 3) if number % 2 else None)

    @property
    def schema(self) -> FactsSchema:
        """The table of plots as it is now."""
        more = (Column("shade", ColumnType.TEXT),) if self.table % 2 else ()
        return attrs.evolve(PLOT, version=self.table + 1, columns=(*PLOT.columns, *more))

    @property
    def schemas(self) -> list[FactsSchema]:
        """All tables as they are now."""
        return [self.schema, TOOL]

    @property
    def position(self) -> int:
        """How many entries this life has written."""
        return self.memory.head().position - self.start

    def offers(self, *capabilities: Capability) -> bool:
        """Whether the store declares all of them."""
        return self.store.capabilities >= set(capabilities)

    # What is written

    def row(self, matter: str, number: int, cells: dict[str, Any]) -> FactsRow:
        """A row of a plot."""
        named: dict[str, Cell] = {
            "matter_id": self.matter(matter),
            "row": str(number),
            "crop": cells["crop"],
            "beds": cells["beds"],
            "rent": RENTS[cells["moment"] % len(RENTS)],
            "watered_at": NOON + dt.timedelta(microseconds=cells["moment"]),
            "fenced": None if cells["beds"] is None else cells["beds"] > 1,
        }
        return FactsRow("plot", tuple(named.get(name) for name in self.schema.names))

    def draft(self, batch: Sequence[Told]) -> Draft:
        """What *batch* comes to on this book: changes that are right."""
        return Draft(self, batch)

    def held_by(self, subject: int) -> list[str]:
        """The texts in the parts of a subject, each once; those that can be searched for."""
        name = self.subject(subject)
        parts = (entry.private.get(name) for entry in self.memory.log(self.start, 1_000_000))
        return list(dict.fromkeys(part for part in parts if part))

    def erased(self, subject: int) -> None:
        """Note that a subject is gone."""
        self.known.held = {number: held for number, held in self.known.held.items() if held[1] != subject}

    def change_table(self) -> None:
        """The table of plots has other columns from now on; answers to it are not read on."""
        self.table += 1
        self.pages.clear()

    def versions(self, rows: Sequence[tuple[str, int, int, int | None, dict[str, Any]]]) -> list[FactsVersion]:
        """Facts that the journal could give: each row known over one interval."""
        head = self.memory.head().position
        found: dict[tuple[str, int], FactsVersion] = {}
        for matter, number, after, length, cells in rows:
            known_from = min(self.start + 1 + after, head)
            known_to = None if length is None or known_from + length > head else known_from + length
            found.setdefault((matter, number), FactsVersion(self.row(matter, number, cells), known_from, known_to))
        return list(found.values())

    def rebuilt(self, versions: Sequence[FactsVersion]) -> None:
        """Note the rows that are current now; answers that were begun are not read on."""
        self.pages.clear()
        self.known.rows.clear()
        for version in versions:
            if version.known_to is None:
                name = str(version.row.cells[0]).removeprefix(self.prefix)
                self.known.rows.setdefault(name, set()).add(int(str(version.row.cells[1])))

    def turn(self, seconds: int) -> dt.datetime:
        """Turn the clock; what leases do when it goes back is for their own laws, so they are forgotten then."""
        if seconds < 0:
            self.era += 1
            self.works.clear()
            self.given.clear()
        self.clock.now += dt.timedelta(seconds=seconds, microseconds=seconds % 7)
        return self.clock.now

    def reopen(self, *, close: bool) -> None:
        """Open the store again; one that is not closed is left as it is, until the end of the life."""
        if close:
            self.store.close()
        else:
            self.abandoned.append(self.store)
        self.store = self.opener(self.clock)
        anew = tuple(self.store.prepare(self.schemas))
        assert anew == (), f"Law 5 broke: after opening again {anew} are to be rebuilt"

    # What is asked

    def rows(self, store: Store, filters: Sequence[Filter] = (), **asked: Any) -> list[Any]:
        """Rows of both tables."""
        return [rows_of(store, "plot", filters, **asked), rows_of(store, "tool", **asked)]

    def filters(self, matter: str, part: str) -> list[Filter]:
        """A question about some rows."""
        named = (self.matter(matter), self.matter("m1"))
        return [Filter("matter_id", Op.IN, named), Filter("crop", Op.CONTAINS, part)]

    def question(self, sort: Sort | None, limit: int, contains: str | None) -> Question:
        """A question whose answer comes in pages."""
        return Question([] if contains is None else [Filter("crop", Op.CONTAINS, contains)], sort, limit)


class Draft:
    """A batch in the making: what each change may do after those before it."""

    def __init__(self, life: Life, batch: Sequence[Told]) -> None:
        self._life = life
        self.known = life.known.copy()
        self.changes = [self._change(told) for told in batch]

    def _change(self, told: Told) -> Change:
        life, known, name = self._life, self.known, told.matter
        version = known.versions.get(name, 0)
        rows = known.rows.setdefault(name, set())
        close = sorted(rows & told.close)
        add = sorted(told.add - (rows - told.close))
        rows.difference_update(close)
        rows.update(add)
        release = sorted(told.release)
        for number in release:
            if known.held.get(number, ("", 0))[0] == name:
                del known.held[number]
        keys = [number for number in sorted(told.keys) if known.held.get(number, (name, 0))[0] == name]
        for number in keys:
            known.held.setdefault(number, (name, number % 3 if number % 2 else -1))
        known.versions[name] = version + told.leap
        return Change(
            matter_id=life.matter(name),
            kind="garden",
            expected=version,
            version=version + told.leap,
            body=f'"{told.cells["crop"]}"',
            private={life.subject(number): text for number, text in told.private.items()},
            close=[RowRef("plot", life.matter(name), str(number)) for number in close],
            add=[life.row(name, number, told.cells) for number in add],
            keys=[life.key(number) for number in keys],
            release=[life.key(number) for number in release],
        )

    def with_fault(self, fault: str) -> list[Change] | None:
        """The changes with one fault in the last; ``None`` where the book leaves no room for it."""
        life, last = self._life, self.changes[-1]
        name = last.matter_id.removeprefix(life.prefix)
        others = [number for number, (holder, _) in self.known.held.items() if holder != name]
        match fault:
            case "stale" if last.expected:
                last = attrs.evolve(last, expected=last.expected - 1)
            case "ahead":
                last = attrs.evolve(last, expected=last.expected + 1, version=last.version + 1)
            case "taken" if others:
                last = attrs.evolve(last, keys=[*last.keys, life.key(others[0])])
            case "surrogate":
                last = attrs.evolve(last, body="\ud800")
            case "kind" if last.expected:
                last = attrs.evolve(last, kind="barn")
            case "unclosed":
                last = attrs.evolve(last, close=[*last.close, RowRef("plot", last.matter_id, "nowhere")])
            case "twice" if last.add:
                last = attrs.evolve(last, add=[*last.add, last.add[0]])
            case "raises":
                pass
            case _:
                return None
        return [*self.changes[:-1], last]

    def take(self) -> None:
        """The batch was taken."""
        self._life.known = self.known
