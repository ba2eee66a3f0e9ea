"""Tamper-evident: any change of the journal is found."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from community_mediation.casebook import Casebook, Verification, folding, verifying
from community_mediation.codec import digest
from community_mediation.errors import InvalidQuery, StoreDamaged
from community_mediation.ports import GENESIS, Store, entry_hash
from tests.casebook.checks import found_in, raw
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, Canaries, at, cut, reported, settled, watched


def filled(book: Casebook, canaries: Canaries, length: int = 12) -> Casebook:
    """A book of so many entries, every kind of them."""
    for matter in watched(canaries):
        book.save(matter)
    book.keyed("name", "叶某")
    for part in cut(settled("case-3"), 2, 4):
        book.save(part)
    while book.store.head().position < length:
        book.save(reported(f"case-{book.store.head().position}"))
    return book


def codes(found: Verification) -> set[str]:
    """What was found, in short."""
    return {finding.code for finding in found.findings}


def journal(path: Path) -> tuple[list[Any], list[Any]]:
    """The journal as it lies in the file."""
    return raw(path, "SELECT * FROM entry ORDER BY position"), raw(path, "SELECT * FROM private")


# ---------------------------------------------------------------- whole books


def test_a_whole_book_has_no_findings(book: Casebook) -> None:
    """Empty, filled, and against an anchor of any earlier end."""
    assert book.verify().findings == ()
    assert book.verify(anchor=book.anchor()).is_whole
    anchors = []
    for part in cut(settled(), 1, 2, 3, 4, 5):
        book.save(part)
        anchors.append(book.anchor())
    for anchor in anchors:
        found = book.verify(anchor=anchor)
        assert (found.findings, found.entries, found.head) == ((), 6, book.store.head().hash)


@pytest.mark.parametrize(("facts", "told"), [(False, [4, 8, 12]), (True, [4, 8, 12, 16, 20, 24])])
def test_progress_counts_an_entry_for_the_journal_and_for_the_facts(
    book: Casebook, monkeypatch: pytest.MonkeyPatch, facts: bool, told: list[int]
) -> None:
    """So that it is not at its end while the longer part of the work is still to be done."""
    monkeypatch.setattr(verifying, "PAGE", 4)
    monkeypatch.setattr(folding, "PAGE", 4)
    book.save_all([reported(f"case-{number}") for number in range(12)])
    heard: list[int] = []
    book.verify(facts=facts, progress=heard.append)
    assert heard == told


@pytest.mark.parametrize("anchor", ["", "1", "1:", "x:" + "0" * 64, "-1:" + "0" * 64, "1:" + "0" * 63, "²:" + "0" * 64])
def test_an_anchor_that_is_none_is_refused(book: Casebook, anchor: str) -> None:
    """With an error of the library."""
    with pytest.raises(InvalidQuery, match="anchor"):
        book.verify(anchor=anchor)


def test_a_book_is_whole_while_others_write_and_erase(shelf: Shelf) -> None:
    """What comes in during a verification is none of its business, and an erasure in the middle is no loss."""
    with shelf.new() as book:
        filled(book, Canaries())
        other, done = shelf.again(book), threading.Event()

        def write() -> None:
            number = 0
            while not done.is_set():
                number += 1
                other.save(settled(f"new-{number}"))
                other.erase(f"new-{number}/p1", reason="asked", by=BY)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            found = [book.verify().findings for _ in range(12)]
        finally:
            done.set()
            thread.join()
        assert [finding for findings in found for finding in findings if finding.code != "erasure-unfinished"] == []
        assert book.verify().findings == ()


def test_what_is_written_between_two_pages_is_not_a_finding(book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end is fixed before the first entry is read: neither the head nor the facts may run ahead of it."""
    filled(book, Canaries())
    calls: list[int] = []
    real = type(book.store).log

    def log(self: Store, after: int = 0, limit: int = 1000) -> Any:
        page = real(self, after, limit)
        if not calls:
            calls.append(after)
            book.save(reported("late"))
            book.erase("case-1/p1", reason="asked", by=BY)
        return page

    monkeypatch.setattr(type(book.store), "log", log)
    found = book.verify()
    assert calls
    assert found.entries == 12
    assert found.findings == ()


# ---------------------------------------------------------------- single bits


def flips(value: Any) -> Iterator[Any]:
    """The value with each of its bits changed, one at a time."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(30))
        return
    plain = value.encode()
    for place in range(len(plain)):
        for bit in range(8):
            yield plain[:place] + bytes([plain[place] ^ (1 << bit)]) + plain[place + 1 :]


def tampered(path: Path, table: str, column: str, step: int) -> Iterator[str]:
    """The file with one bit of a column changed after the other, put back each time; yields where."""
    name = "position" if table == "entry" else "place"
    for place, value in raw(path, f"SELECT {name}, {column} FROM {table} ORDER BY {name}"):
        for number, wrong in enumerate(flips(value)):
            if number % step or (column == name and raw(path, f"SELECT 1 FROM {table} WHERE {name} = ?", wrong)):
                continue  # two of one number: the table itself refuses that
            hole = "?" if isinstance(value, int) else "CAST(? AS TEXT)"
            raw(path, f"UPDATE {table} SET {column} = {hole} WHERE {name} = ?", wrong, place)
            yield f"{table}.{column} of {place}, change {number}"
            there = wrong if column == name else place
            raw(path, f"UPDATE {table} SET {column} = ? WHERE {name} = ?", value, there)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("entry", column) for column in ("matter_id", "kind", "recorded_at", "body", "previous", "hash")),
        *(("entry", column) for column in ("position", "expected", "version")),
        *(("private", column) for column in ("place", "subject", "data", "kept")),
    ],
)
def test_every_changed_bit_is_found(sqlite: Shelf, amount: Callable[[int, int], int], table: str, column: str) -> None:
    """In every field of every entry and of every private part, down to bytes that are no text any more.

    What decides is whether something else is read than was recorded: a time in another spelling
    may mean the same moment, and the order of private parts within an entry says nothing.
    """
    with sqlite.new() as book:
        filled(book, Canaries(), amount(12, 60))
        path = sqlite.path(book)
        before, original = journal(path), tuple(book.store.log())
        found = 0
        for where in tampered(path, table, column, amount(STEPS.get(column, 1), 1)):
            if book.verify(facts=False).is_whole:
                assert tuple(book.store.log()) == original, where
            else:
                found += 1
        assert found
        assert journal(path) == before
        assert book.verify().is_whole


STEPS = {
    "body": 171,
    "data": 171,
    "previous": 71,
    "hash": 71,
    "recorded_at": 17,
    "matter_id": 9,
    "kind": 9,
    "subject": 17,
}
STEPS |= {"matter_id": 9, "kind": 9, "position": 5, "expected": 5, "version": 5, "place": 7, "kept": 11}
"""Every so many bits in the short run, odd so that all eight of a byte have their turn."""


def test_a_verification_that_skips_private_parts_is_caught(sqlite: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: every digest is taken to fit; then a changed private part goes unseen."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        raw(path, "UPDATE private SET data = replace(data, 'canary', 'parrot') WHERE position = 1")
        assert codes(book.verify(facts=False)) == {"private-changed"}

        class Anything(str):
            def __ne__(self, other: object) -> bool:
                return False

        monkeypatch.setattr(verifying, "digest", lambda text: Anything(digest(text)))
        assert book.verify(facts=False).is_whole


# ---------------------------------------------------------------- whole entries


@pytest.mark.parametrize("position", [1, 5, 11])
def test_a_removed_entry_is_found(sqlite: Shelf, position: int) -> None:
    """Wherever it stood, but for the last one."""
    with sqlite.new() as book:
        filled(book, Canaries())
        raw(sqlite.path(book), "DELETE FROM entry WHERE position = ?", position)
        assert {"gap", "chain"} <= codes(book.verify())
        raw(sqlite.path(book), "UPDATE entry SET position = position - 1 WHERE position > ?", position)
        assert "chain" in codes(book.verify())


def test_two_entries_that_changed_places_are_found(sqlite: Shelf) -> None:
    """Also if their private parts went along."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        for old, to in ((3, 99), (4, 3), (99, 4)):
            raw(path, "UPDATE entry SET position = ? WHERE position = ?", to, old)
            raw(path, "UPDATE private SET place = place + ? WHERE position = ?", (to - old) << 20, old)
        assert "chain" in codes(book.verify())


def test_a_doubled_entry_is_found(sqlite: Shelf) -> None:
    """At the end, where nothing comes after it."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        raw(
            path,
            "INSERT INTO entry SELECT 13, matter_id, kind, expected, version, recorded_at, body, previous, hash "
            "FROM entry WHERE position = 12",
        )
        assert "chain" in codes(book.verify())


def rewrite(path: Path) -> None:
    """Write all hashes anew, as somebody would who knows how they are made."""
    previous = GENESIS
    with_moment = "SELECT position, matter_id, kind, expected, version, recorded_at, body FROM entry ORDER BY position"
    for position, matter_id, kind, expected, version, recorded, body in raw(path, with_moment):
        moment = dt.datetime.fromisoformat(recorded)
        hash = entry_hash(previous, position, matter_id, kind, expected, version, moment, body)
        raw(path, "UPDATE entry SET previous = ?, hash = ? WHERE position = ?", previous, hash, position)
        previous = hash


def test_a_cut_tail_is_found_with_an_anchor_only(sqlite: Shelf) -> None:
    """What is gone altogether leaves no trace in the book itself: that is what the anchor is for."""
    with sqlite.new() as book:
        filled(book, Canaries())
        anchor, path = book.anchor(), sqlite.path(book)
        for table in ("entry", "private"):
            raw(path, f"DELETE FROM {table} WHERE position > 9")
        assert codes(book.verify(facts=False)) == set()
        book.rebuild_facts()
        assert codes(book.verify()) == set()
        assert codes(book.verify(anchor=anchor)) == {"anchor"}


def test_a_full_rewrite_is_found_with_an_anchor_only(sqlite: Shelf) -> None:
    """Whoever writes every hash anew deceives the book, but not the anchor that lies elsewhere."""
    with sqlite.new() as book:
        filled(book, Canaries())
        anchor, path = book.anchor(), sqlite.path(book)
        raw(path, "UPDATE entry SET body = replace(body, 'account-1', 'account-2')")
        assert "chain" in codes(book.verify())
        rewrite(path)
        assert codes(book.verify()) == set()
        assert codes(book.verify(anchor=anchor)) == {"anchor"}


def test_a_private_part_that_is_gone_is_found(sqlite: Shelf) -> None:
    """Unless an erasure was recorded that removed it; a part that was slipped in is found as well."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        raw(path, "DELETE FROM private WHERE subject = 'case-1/p1'")
        assert codes(book.verify()) == {"private-missing"}
        book.erase("case-1/p1", reason="asked", by=BY)
        assert codes(book.verify()) == set()
        book.save(book.get("case-2").reopen(at=at(400), by=BY, note="calm"))
        raw(path, "DELETE FROM private WHERE position = (SELECT max(position) FROM private WHERE subject = 'case-2')")
        assert codes(book.verify()) == {"private-missing"}
        raw(path, "INSERT INTO private (place, subject, data, kept) VALUES (2 << 20 | 99, 'person-9', '{}', 1)")
        assert codes(book.verify()) == {"private-missing", "private-added"}


def test_an_unfinished_erasure_is_named(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record came before the crash, the deed did not: running it again finishes it."""
    with shelf.new() as book:
        filled(book, Canaries())

        def crash(self: Store, subject: str) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(type(book.store), "erase", crash)
            with pytest.raises(KeyboardInterrupt):
                book.erase("person-1", reason="asked", by=BY)
        found = book.verify()
        assert codes(found) == {"erasure-unfinished"}
        assert all("again" in finding.remedy for finding in found.findings)
        book.erase("person-1", reason="asked", by=BY)
        assert codes(book.verify()) == set()


def test_versions_that_do_not_count_the_events_are_found(sqlite: Shelf) -> None:
    """Even where the chain was written anew."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        body = json.loads(raw(path, "SELECT body FROM entry WHERE position = 2")[0][0])
        body["events"].pop()
        raw(path, "UPDATE entry SET body = ? WHERE position = 2", json.dumps(body))
        rewrite(path)
        assert "version" in codes(book.verify())


def test_findings_are_bounded_and_name_no_one(sqlite: Shelf) -> None:
    """A hundred at most, whatever was done to the book; and no canary is in any of them."""
    canaries = Canaries()
    with sqlite.new() as book:
        filled(book, canaries, 130)
        path = sqlite.path(book)
        raw(path, "UPDATE private SET data = data || ' '")
        raw(path, "UPDATE entry SET hash = upper(hash)")
        found = book.verify()
        assert len(found.findings) == 100
        assert found_in(repr(found), canaries.all) == []


def test_a_journal_that_cannot_be_read_on_is_a_finding(sqlite: Shelf) -> None:
    """``verify`` says so, rather than failing: bytes that are no text, a time that is none."""
    with sqlite.new() as book:
        filled(book, Canaries())
        path = sqlite.path(book)
        whole = raw(path, "SELECT recorded_at FROM entry WHERE position = 7")[0][0]
        raw(path, "UPDATE entry SET recorded_at = 'yesterday' WHERE position = 7")
        assert "unreadable" in codes(book.verify())
        raw(path, "UPDATE entry SET recorded_at = ? WHERE position = 7", whole)
        raw(path, "UPDATE entry SET body = CAST(x'FF' AS TEXT) WHERE position = 7")
        assert "unreadable" in codes(book.verify())


@pytest.mark.parametrize("sql", ["recorded_at = 'yesterday'", "body = CAST(x'FF' AS TEXT)"])
def test_what_cannot_be_read_does_not_send_for_a_verification(sqlite: Shelf, sql: str) -> None:
    """For this is one."""
    with sqlite.new() as book:
        filled(book, Canaries())
        raw(sqlite.path(book), f"UPDATE entry SET {sql} WHERE position = 7")
        (found,) = book.verify().findings
        assert found.code == "unreadable"
        assert "verify" not in found.message


def test_facts_that_cannot_be_derived_do_not_send_for_a_verification(
    book: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the error that reading the matter gets does."""
    book.save(settled())

    def damaged(*given: object) -> Any:
        raise StoreDamaged("Matter case-1 is not what its entries say. Run verify, and restore a backup.")

    monkeypatch.setattr(type(book._folder), "matter", damaged)
    (found,) = book.verify().findings
    assert found.message.endswith("Matter case-1 is not what its entries say.")


@pytest.mark.parametrize(("page", "place"), [(3, "After entry 6: "), (500, "")])
def test_what_cannot_be_read_is_placed_only_as_far_as_is_known(
    sqlite: Shelf, monkeypatch: pytest.MonkeyPatch, page: int, place: str
) -> None:
    """In the first page any entry may be the one: it was none that comes after entry 0."""
    monkeypatch.setattr(verifying, "PAGE", page)
    with sqlite.new() as book:
        filled(book, Canaries())
        raw(sqlite.path(book), "UPDATE entry SET body = CAST(x'FF' AS TEXT) WHERE position = 8")
        (found,) = book.verify().findings
        assert found.message.startswith(f"{place}The casebook holds")
