"""Whoever changes a single bit of the journal is found out.

What is removed, moved, doubled, cut off at the end or rewritten as a whole: ``tests/casebook/test_verifying.py``.
"""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from community_mediation.casebook import Casebook, verifying
from community_mediation.stores import SqliteStore
from tests.casebook.samples import cut, reported, settled
from tests.survival import cases

Say = Callable[[str], None]
ENTRIES = 60
COLUMNS = {
    "entry": ("position", "matter_id", "kind", "expected", "version", "recorded_at", "body", "previous", "hash"),
    "private": ("place", "subject", "data", "kept"),
}
NUMBER_BITS = 43
"""Of the 63 that SQLite has; the others have a test of their own."""


@attrs.frozen
class Bit:
    """A bit of a cell of the journal; *name* is the column by which its row is found, *row* that column's value."""

    table: str
    column: str
    name: str
    row: int
    value: str | int
    number: int

    @property
    def flipped(self) -> bytes | int:
        """The cell with the bit changed."""
        if isinstance(self.value, int):
            return self.value ^ (1 << self.number)
        plain = bytearray(self.value.encode())
        plain[self.number // 8] ^= 1 << self.number % 8
        return bytes(plain)


def bits(raw: sqlite3.Connection) -> Iterator[Bit]:
    """Every bit of the journal and of the private parts."""
    for table, columns in COLUMNS.items():
        name = columns[0]
        for column in columns:
            for row, value in raw.execute(f"SELECT {name}, {column} FROM {table} ORDER BY {name}").fetchall():
                count = NUMBER_BITS if isinstance(value, int) else 8 * len(value.encode())
                yield from (Bit(table, column, name, row, value, number) for number in range(count))


def spread(all_bits: list[Bit], count: int, chance: random.Random) -> list[Bit]:
    """So many bits, as many of each column as of any other, as far as they go."""
    columns: dict[tuple[str, str], list[Bit]] = {}
    for bit in all_bits:
        columns.setdefault((bit.table, bit.column), []).append(bit)
    share = -(-count // len(columns))
    return [bit for some in columns.values() for bit in chance.sample(some, min(share, len(some)))]


def write_journal(book: Casebook) -> None:
    """A journal of many short entries."""
    parts = [part for number in range(7) for part in cut(settled(f"case-{number}"), *range(1, 9))]
    for part in parts[:ENTRIES]:
        book.save(part)


def flip(book: Casebook, raw: sqlite3.Connection, some: list[Bit]) -> Counter[str]:
    """Change one bit after the other and put it back; counts those that are found, and those that change nothing.

    What decides is whether something else is read than was recorded: a time in another spelling may mean the same
    moment, the order of private parts within an entry says nothing, and any number but 0 is as true as 1.
    """
    original = tuple(book.store.log())
    found: Counter[str] = Counter()
    for bit in some:
        wrong, moved = bit.flipped, bit.column == bit.name
        if moved and raw.execute(f"SELECT 1 FROM {bit.table} WHERE {bit.name} = ?", (wrong,)).fetchall():
            found["impossible"] += 1  # two of one number: the table itself refuses that
            continue
        hole = "?" if isinstance(wrong, int) else "CAST(? AS TEXT)"
        change = f"UPDATE {bit.table} SET {bit.column} = {hole} WHERE {bit.name} = ?"
        raw.execute(change, (wrong, bit.row))
        if not book.verify(facts=False).is_whole:
            found["found"] += 1
        elif tuple(book.store.log()) == original:
            found["means the same"] += 1
        else:
            found["missed"] += 1
        raw.execute(change, (bit.value, wrong if moved else bit.row))
    assert tuple(book.store.log()) == original
    return found


@contextlib.contextmanager
def journal(path: Path) -> Iterator[tuple[Casebook, sqlite3.Connection]]:
    """A book, and a way behind its back."""
    with cases.book_over(SqliteStore.open(path)) as book:
        write_journal(book)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous = OFF")
            yield book, raw


@pytest.mark.parametrize("count", [5_000, pytest.param(None, marks=pytest.mark.long, id="all")])
def test_every_changed_bit_of_a_journal_is_found(tmp_path: Path, count: int | None, figure: Say) -> None:
    """In every column of every entry and every private part, down to bytes that are no text any more."""
    began = time.monotonic()
    with journal(tmp_path / "book.db") as (book, raw):
        every = list(bits(raw))
        some = every if count is None else spread(every, count, random.Random(0))
        found = flip(book, raw, some)
        assert len(book.store.log()) == ENTRIES
        assert book.verify().is_whole
    figure(
        f"tampering: {len(some):,} of the {len(every):,} bits of a journal of {ENTRIES} entries flipped, "
        f"{found['found']:,} found, {found['means the same']:,} mean the same, {found['impossible']} refused by the "
        f"table, {found['missed']} missed ({time.monotonic() - began:.0f} s)"
    )
    assert found["missed"] == 0
    assert found["found"] > len(some) * 0.8


def test_a_position_beyond_all_journals_is_found(tmp_path: Path) -> None:
    """The upper bits of an entry's number are bits as well."""
    with journal(tmp_path / "book.db") as (book, raw):
        numbers = range(NUMBER_BITS, 63)
        some = [Bit("entry", "position", "position", ENTRIES, ENTRIES, number) for number in numbers]
        assert flip(book, raw, some) == {"found": len(some)}


@pytest.mark.parametrize("part", ["_check_chain", "_check_parts"])
def test_a_verification_that_leaves_something_out_is_caught(
    tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch, figure: Say
) -> None:
    """A control: the chain, or the private parts, are not looked at."""
    monkeypatch.setattr(verifying, part, lambda *_: None)
    with journal(tmp_path / "book.db") as (book, raw):
        found = flip(book, raw, spread(list(bits(raw)), 500, random.Random(1)))
    figure(f"tampering, control of a verification without {part}: {found['missed']} of 500 bits missed")
    assert found["missed"] > 20


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_a_long_journal_is_verified(tmp_path: Path, count: int, figure: Say) -> None:
    """The chain and every private part; with the facts, which are folded anew, it takes longer."""
    with cases.book_over(SqliteStore.open(tmp_path / "book.db")) as book:
        book.add_many(reported(f"case-{number}") for number in range(count))
        times = []
        for facts in (False, True):
            began = time.monotonic()
            found = book.verify(facts=facts)
            times.append(time.monotonic() - began)
            assert (found.entries, found.findings) == (count, ())
        figure(f"tampering: {count:,} entries verified in {times[0]:.1f} s, with all facts folded in {times[1]:.1f} s")
        middle = count // 2
        with contextlib.closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as raw:
            raw.execute("UPDATE entry SET body = replace(body, 'account-1', 'account-2') WHERE position = ?", (middle,))
        assert [finding.code for finding in book.verify().findings] == ["chain"]
