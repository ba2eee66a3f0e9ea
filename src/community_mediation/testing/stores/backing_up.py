"""What a store keeps that declares ``BACKUP``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from community_mediation.errors import InvalidQuery, StoreClosed, StoreError
from community_mediation.ports import Capability, Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures, need
from community_mediation.testing.stores.gardens import PLOT, TOOL, chain_fault, change, plot, ref, rows_of, tool
from community_mediation.testing.stores.helping import CANARY, at_once


class BackupLaws(StoreFixtures):
    """A whole copy, while others go on."""

    @pytest.fixture
    def saved(self, book: Store) -> Any:
        """The store with something in it, if it makes copies."""
        need(book, Capability.BACKUP)
        book.commit([change("m1", add=[plot(beds=1)], private={"p": "x", "q": "y"}, keys=[Key("no", "1", "p")])])
        book.commit([change("m1", 1, close=[ref()], add=[plot(beds=2), tool()]), change("m2", keys=[Key("no", "2")])])
        return book

    def test_a_copy_is_the_store_as_it_was(self, saved: Any, tmp_path: Path, open_copy: Callable[[str], Store]) -> None:
        """BACKUP: it opens like the store; entries, private parts, keys and facts at every position are there."""
        head = saved.backup(str(tmp_path / "copy"))
        assert head == saved.head()
        saved.commit([change("m3")])
        copy = open_copy(str(tmp_path / "copy"))
        try:
            assert tuple(copy.prepare([PLOT, TOOL])) == ()
            assert copy.head() == head
            assert list(copy.log()) == list(saved.log(limit=3))
            for known_at in range(4):
                assert rows_of(copy, known_at=known_at) == rows_of(saved, known_at=known_at)
            assert rows_of(copy, "tool") == rows_of(saved, "tool")
            assert [list(copy.keys(name)) for name in ("m1", "m2")] == [list(saved.keys(name)) for name in ("m1", "m2")]
        finally:
            copy.close()

    def test_a_copy_goes_its_own_way(self, saved: Any, tmp_path: Path, open_copy: Callable[[str], Store]) -> None:
        """BACKUP: what is written to one is not in the other."""
        saved.backup(str(tmp_path / "copy"))
        copy = open_copy(str(tmp_path / "copy"))
        try:
            copy.prepare([PLOT, TOOL])
            assert copy.commit([change("m9", add=[plot("m9")])]).first == 4
            assert saved.head().position == 3
            saved.commit([change("m8")])
            assert list(copy.entries("m8")) == list(saved.entries("m9")) == []
        finally:
            copy.close()

    def test_a_copy_holds_nothing_that_was_erased(
        self, saved: Any, tmp_path: Path, open_copy: Callable[[str], Store]
    ) -> None:
        """BACKUP: neither private parts nor keys; the chain holds."""
        saved.erase("p")
        saved.backup(str(tmp_path / "copy"))
        copy = open_copy(str(tmp_path / "copy"))
        try:
            assert dict(copy.entries("m1")[0].private) == {"q": "y"}
            assert (copy.key("no", "1"), copy.key("no", "2")) == (None, "m2")
            assert chain_fault(copy.log()) is None
        finally:
            copy.close()

    @pytest.mark.parametrize("kind", ["file", "empty file", "folder", "link"])
    def test_a_path_that_is_taken_is_left_alone(self, saved: Any, tmp_path: Path, kind: str) -> None:
        """BACKUP: whatever is there; nothing is written beside it."""
        place = tmp_path / "folder" / "copy"
        place.parent.mkdir()
        if kind == "folder":
            place.mkdir()
        elif kind == "link":
            place.symlink_to(tmp_path / "nowhere")
        else:
            place.write_text("dear" if kind == "file" else "")
        with pytest.raises(InvalidQuery):
            saved.backup(str(place))
        assert [path.name for path in place.parent.iterdir()] == ["copy"]
        assert kind in ("folder", "link") or place.read_text() == ("dear" if kind == "file" else "")
        assert not (tmp_path / "nowhere").exists()
        assert saved.head().position == 3

    def test_a_copy_that_cannot_be_written_leaves_nothing(self, saved: Any, tmp_path: Path) -> None:
        """BACKUP: the error is typed, and does not name the place, which may name someone."""
        place = tmp_path / CANARY / "copy"
        with pytest.raises(StoreError) as caught:
            saved.backup(str(place))
        assert CANARY not in str(caught.value)
        assert not place.parent.exists()
        assert saved.head().position == 3

    def test_a_copy_is_of_one_position_while_writers_go_on(
        self, saved: Any, tmp_path: Path, open_copy: Callable[[str], Store]
    ) -> None:
        """BACKUP: whole commits only, with all of their facts, keys and private parts."""
        done = threading.Event()

        def write() -> None:
            number = 0
            while not done.is_set():
                pair = [f"a{number}", f"b{number}"]
                saved.commit([change(n, add=[tool(n)], private={"r": "x" * 2000}, keys=[Key("pair", n)]) for n in pair])
                number += 1

        before = saved.head().position
        with at_once(write) as writing:
            try:
                while saved.head().position < before + 40:
                    assert writing(), "writing ended or hangs"
                heads = [saved.backup(str(tmp_path / f"copy{number}")) for number in range(3)]
            finally:
                done.set()
        for number, head in enumerate(heads):
            copy = open_copy(str(tmp_path / f"copy{number}"))
            try:
                copy.prepare([PLOT, TOOL])
                entries = copy.log(limit=1_000_000)
                pairs = [entry for entry in entries if entry.matter_id[0] in "ab"]
                assert copy.head() == head
                assert len(entries) == head.position >= before + 40
                assert chain_fault(entries) is None
                assert len(pairs) % 2 == 0
                assert {row[0] for row in rows_of(copy, "tool")} == {"m1", *(entry.matter_id for entry in pairs)}
                assert all(entry.private == {"r": "x" * 2000} for entry in pairs)
                assert all(copy.key("pair", entry.matter_id) == entry.matter_id for entry in pairs)
            finally:
                copy.close()

    def test_a_closed_store_makes_no_copy(self, saved: Any, tmp_path: Path) -> None:
        """BACKUP: it says that it is closed, and leaves nothing."""
        saved.close()
        with pytest.raises(StoreClosed):
            saved.backup(str(tmp_path / "copy"))
        assert not (tmp_path / "copy").exists()
