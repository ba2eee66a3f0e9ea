"""The store keeps the laws; and what only a folder can suffer."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonl_folder_store.folder import HEADER
from jsonl_folder_store.store import JsonlFolderStore

import community_mediation as cm
from community_mediation.errors import (
    NotACasebook,
    StoreClosed,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreTooNew,
    StoreUnavailable,
)
from community_mediation.ports import Capability, Change, Key
from community_mediation.testing import Opener, StoreConformance, strategies


class TestConformance(StoreConformance):
    """All laws that hold for a store that lasts."""

    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Opener:
        return lambda clock: JsonlFolderStore.open(str(tmp_path / "book"), clock=clock)


def change(matter: str = "m1", expected: int = 0, **more: Any) -> Change:
    return Change(matter_id=matter, kind="garden", expected=expected, version=expected + 1, body="{}", **more)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "book")


@pytest.fixture
def store(path: str) -> Iterator[JsonlFolderStore]:
    store = JsonlFolderStore.open(path)
    yield store
    store.close()


def test_a_casebook_lives_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the front door, by URL, and with the plugin enabled by its name."""
    monkeypatch.chdir(tmp_path)
    with cm.open_casebook("jsonl:///cases", plugins=["jsonl-folder"]) as book:
        saved = [book.save(strategies.lived_case(strategies.Random(seed), id=f"c{seed}")) for seed in range(20)]
    with cm.open_casebook("jsonl:///cases", plugins=["jsonl-folder"], create=False) as book:
        assert [book.get(case.id) for case in saved] == saved
        assert book.verify().is_whole
    with cm.open_casebook("jsonl:///cases?mode=ro", plugins=["jsonl-folder"]) as book:
        assert book.get("c3") == saved[3]


def test_a_book_moves_into_the_folder_and_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every entry, key and row of facts, and in two goes; the anchor of the first book stays good."""
    monkeypatch.chdir(tmp_path)

    def everything(book: cm.Casebook) -> list[Any]:
        store, end = book.store, book.store.head().position
        facts = [list(book.facts(table, known_at=at).rows()) for table in book.tables for at in range(end + 1)]
        return [store.log(limit=1000), [store.keys(entry.matter_id) for entry in store.log()], facts]

    with cm.open_casebook("sqlite:///cases.db", plugins=["jsonl-folder"]) as book:
        for half in (range(6), range(6, 12)):
            for seed in half:
                case = book.save(strategies.lived_case(strategies.Random(seed), id=f"c{seed}"))
                book.save(
                    case.correct(1, case.events[0], at=cm.When.unknown(), by="desk"), keys=[Key("old", str(seed))]
                )
            book.erase(f"c{half[0]}", reason="asked for", by="desk")
            book.copy_to("jsonl:///folder")
        anchor, known = book.anchor(), everything(book)
    with cm.open_casebook("jsonl:///folder", plugins=["jsonl-folder"], create=False) as folder:
        assert everything(folder) == known
        assert folder.verify(anchor=anchor).findings == ()
        folder.copy_to("sqlite:///home.db")
    with cm.open_casebook("sqlite:///home.db", create=False) as home:
        assert everything(home) == known


@pytest.mark.parametrize("url", ["jsonl://host/cases", "jsonl:///", "jsonl:///cases?mode=x", "jsonl:///cases?mod=ro"])
def test_a_url_that_is_misspelt_is_refused(url: str) -> None:
    """Nothing of it is passed over."""
    with pytest.raises(StoreUnavailable):
        cm.open_casebook(url, plugins=["jsonl-folder"])


def test_it_lasts_and_says_nothing_more(store: JsonlFolderStore) -> None:
    """What it does not declare, the kit skips by name."""
    assert store.capabilities == {Capability.PERSISTENT}
    assert list(store.health()) == []


def test_a_commit_is_one_line(store: JsonlFolderStore, path: str) -> None:
    """However many changes it has."""
    store.commit([change(f"m{number}") for number in range(50)])
    store.commit([change("m1", 1)])
    assert len(Path(path, "journal.jsonl").read_bytes().splitlines()) == 3


@pytest.mark.parametrize("kept", range(1, 60, 7))
def test_a_line_that_was_cut_off_never_was(store: JsonlFolderStore, path: str, kept: int) -> None:
    """Wherever the crash cut it; the next commit goes on behind the last whole line."""
    store.commit([change("m1")])
    size = Path(path, "journal.jsonl").stat().st_size
    store.commit([change("m2", private={"p": "x" * 100})])
    store.close()
    os.truncate(Path(path, "journal.jsonl"), size + kept)
    again = JsonlFolderStore.open(path)
    assert again.head().position == 1
    assert again.commit([change("m3")]).first == 2
    again.close()
    again = JsonlFolderStore.open(path)
    assert [entry.matter_id for entry in again.log()] == ["m1", "m3"]
    again.close()


def test_a_folder_without_a_whole_header_is_made_anew(path: str) -> None:
    """The crash came while it was made."""
    Path(path).mkdir()
    Path(path, "journal.jsonl").write_bytes(b'{"jsonl-fold')
    store = JsonlFolderStore.open(path)
    assert store.head().position == 0
    store.close()


def test_a_full_disk_changes_nothing(store: JsonlFolderStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in memory nor in the file; when there is room, the commit succeeds."""
    store.commit([change("m1", private={"p": "x"})])
    before = Path(path, "journal.jsonl").read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for write in (lambda: store.commit([change("m2")]), lambda: store.erase("p"), lambda: store.replace_facts([])):
            with pytest.raises(StoreFull) as caught:
                write()
            assert path not in str(caught.value)
            assert caught.value.__cause__ is None
    assert store.head().position == 1
    assert store.entries("m2") == []
    assert Path(path, "journal.jsonl").read_bytes() == before
    assert store.commit([change("m2")]).first == 2


def test_a_second_opening_is_kept_out(store: JsonlFolderStore, path: str) -> None:
    """Until the first is closed; looking is allowed."""
    with pytest.raises(StoreLocked):
        JsonlFolderStore.open(path)
    store.commit([change("m1")])
    looking = JsonlFolderStore.open(path, readonly=True)
    assert looking.head().position == 1
    for write in (lambda: looking.commit([]), lambda: looking.erase("p"), lambda: looking.replace_facts([])):
        with pytest.raises(StoreReadOnly):
            write()
    looking.close()
    store.close()
    JsonlFolderStore.open(path).close()


def test_an_erased_value_is_in_no_file(store: JsonlFolderStore, path: str) -> None:
    """Not even in what was written before."""
    store.commit([change("m1", private={"p": "孙某-canary", "q": "stays"}, keys=[Key("id", "canary-key", "p")])])
    assert store.erase("p") == 1
    store.close()
    assert all(b"canary" not in file.read_bytes() for file in Path(path).iterdir())
    assert sorted(file.name for file in Path(path).iterdir()) == ["journal.jsonl", "lock"]


def test_a_key_that_one_matter_took_twice_goes_with_its_first_holder(store: JsonlFolderStore, path: str) -> None:
    """In memory and in the file alike."""
    store.commit([change("m1", keys=[Key("id", "1", "p"), Key("id", "2")])])
    store.commit([change("m1", 1, keys=[Key("id", "1"), Key("id", "2", "p")])])
    store.erase("p")
    assert (store.key("id", "1"), store.key("id", "2")) == (None, "m1")
    store.close()
    again = JsonlFolderStore.open(path)
    assert (again.key("id", "1"), again.key("id", "2")) == (None, "m1")
    again.close()


def test_a_key_that_was_given_up_is_free_and_goes_from_the_file_too(store: JsonlFolderStore, path: str) -> None:
    """Its value stood in the line that took it and in the one that gave it up."""
    personal = Key("id", "canary-key", "p")
    store.commit([change("m1", keys=[personal, Key("id", "2", "p")])])
    store.commit([change("m1", 1, release=[personal, Key("id", "canary-never-held", "p")])])
    store.commit([change("m2", keys=[Key("id", "2x")]), change("m1", 2, release=[Key("id", "2")])])
    store.commit([change("m2", 1, keys=[Key("id", "2")])])
    store.erase("p")
    wanted: tuple[list[Key], list[Key]] = ([], [Key("id", "2"), Key("id", "2x")])
    assert (list(store.keys("m1")), list(store.keys("m2"))) == wanted
    store.close()
    assert b"canary" not in Path(path, "journal.jsonl").read_bytes()
    again = JsonlFolderStore.open(path)
    assert (list(again.keys("m1")), list(again.keys("m2"))) == wanted
    again.close()


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda lines: [b"not json", *lines[1:]], NotACasebook),
        (lambda lines: [b'{"jsonl-folder-store": 2}', *lines[1:]], StoreTooNew),
        (lambda lines: [lines[0], b"not json", *lines[1:]], StoreDamaged),
        (lambda lines: [lines[0], b"{}", *lines[1:]], StoreDamaged),
        (lambda lines: [lines[0], *lines[2:]], StoreDamaged),
        (lambda lines: [lines[0], lines[1].replace(b"garden", b"kitchen"), *lines[2:]], StoreDamaged),
    ],
)
def test_a_journal_that_was_changed_is_not_opened(
    store: JsonlFolderStore, path: str, damage: Any, error: type[Exception]
) -> None:
    """And not touched: the hash of each line covers all before it."""
    store.commit([change("m1")])
    store.commit([change("m1", 1)])
    store.close()
    journal = Path(path, "journal.jsonl")
    broken = b"".join(line + b"\n" for line in damage(journal.read_bytes().splitlines()))
    journal.write_bytes(broken)
    with pytest.raises(error):
        JsonlFolderStore.open(path)
    assert journal.read_bytes() == broken


def test_what_is_no_casebook_is_not_touched(tmp_path: Path) -> None:
    """A folder with other files, a file, and a folder whose journal is another's."""
    (tmp_path / "letter.txt").write_text("dear")
    other = tmp_path / "other"
    other.mkdir()
    (other / "journal.jsonl").write_text("no line ends here")
    for place in (tmp_path, tmp_path / "letter.txt", other):
        with pytest.raises(NotACasebook):
            JsonlFolderStore.open(str(place))
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["journal.jsonl", "letter.txt", "other"]
    assert (other / "journal.jsonl").read_text() == "no line ends here"


@pytest.mark.parametrize("how", [{"create": False}, {"readonly": True}])
def test_a_missing_folder_is_made_only_when_asked_for(path: str, how: dict[str, Any]) -> None:
    with pytest.raises(StoreUnavailable):
        JsonlFolderStore.open(path, **how)
    assert not Path(path).exists()


@pytest.mark.parametrize("place", ["no/such/folder/book", "nul\0", "x" * 300])
def test_a_place_that_cannot_be_reached_is_unavailable(tmp_path: Path, place: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        JsonlFolderStore.open(str(tmp_path / place))
    assert str(tmp_path) not in str(caught.value)


def test_the_header_says_the_version(store: JsonlFolderStore, path: str) -> None:
    assert json.loads(Path(path, "journal.jsonl").read_bytes().splitlines()[0]) == HEADER


def test_a_closed_store_gives_the_folder_free(store: JsonlFolderStore, path: str) -> None:
    """And says that it is closed, also to a commit of nothing."""
    store.close()
    with pytest.raises(StoreClosed):
        store.commit([])
    JsonlFolderStore.open(path).close()
