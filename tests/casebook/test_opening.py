"""Opening a book: what a URL may say, and what happens when opening fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from community_mediation.casebook import Casebook, open_casebook
from community_mediation.errors import NotACasebook, NotFound, StoreClosed, StoreReadOnly, StoreUnavailable
from community_mediation.plugins import Plugins
from community_mediation.stores import MemoryStore, SqliteStore
from tests.casebook.conftest import TickingClock
from tests.casebook.samples import reported


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///cases.db", "cases.db"),
        ("sqlite:///folder/cases.db", "folder/cases.db"),
        ("sqlite:///./cases.db", "cases.db"),
        ("sqlite:///{here}/cases.db", "cases.db"),
        ("sqlite:///%E6%A1%88%E4%BB%B6.db", "案件.db"),
        ("sqlite:///案件.db", "案件.db"),
        ("sqlite:///a%20b%23c%3Fd.db", "a b#c?d.db"),
        ("sqlite:///cases.db?timeout=1.5", "cases.db"),
        ("sqlite:///cases.db?mode=rw", "cases.db"),
        ("SQLITE:///cases.db", "cases.db"),
    ],
)
def test_a_sqlite_url_names_a_file(here: Path, url: str, file: str) -> None:
    """Relative with three slashes, absolute with four, anything odd in the name percent-encoded."""
    (here / "folder").mkdir()
    with open_casebook(url.format(here=here)) as book:
        book.save(reported())
    assert (here / file).exists()
    with open_casebook(url.format(here=here), create=False) as book:
        assert book.get("case-1").id == "case-1"


@pytest.mark.parametrize("path", ["cases.db", "./cases.db", "/var/cases.db", "C:\\cases.db"])
def test_a_path_is_told_from_a_url(path: str) -> None:
    with pytest.raises(StoreUnavailable, match="That is a path"):
        open_casebook(path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cases.db",
        "/var/cases.db",
        "sqlite:",
        "sqlite:///",
        "sqlite:cases.db",
        "sqlite://cases.db",
        "sqlite://host/cases.db",
        "sqlite:///folder-that-is-not-there/cases.db",
        "sqlite:///cases.db#part",
        "sqlite:///cases#1.db",
        "sqlite:///cases.db?mod=ro",
        "sqlite:///cases.db?mode=RO",
        "sqlite:///cases.db?mode=",
        "sqlite:///cases.db?timeout=",
        "sqlite:///cases.db?timeout=nan",
        "sqlite:///cases.db?timeout=inf",
        "sqlite:///cases.db?timeout=-1",
        "sqlite:///cases.db?timeout=1e99",
        "sqlite:///cases.db?cache=shared",
        "sqlite:///a%00b.db",
        "memory:cases",
        "memory://cases.db",
        "memory:?mode=ro",
        "http://[::1/cases",
        "nothing://x",
        None,
        3,
        b"memory:",
        Path("cases.db"),
    ],
)
def test_a_url_that_is_none_is_refused(here: Path, url: Any) -> None:
    """With an error of the library, and no file is made: what is misspelt is not passed over."""
    with pytest.raises(StoreUnavailable):
        open_casebook(url)
    assert list(here.iterdir()) == []


def test_a_book_that_is_not_there_is_not_made_unasked(here: Path) -> None:
    """``create=False`` and reading only make no file."""
    for asked in ({"create": False}, {"readonly": True}):
        with pytest.raises(StoreUnavailable):
            open_casebook("sqlite:///cases.db", **asked)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        open_casebook("sqlite:///cases.db?mode=ro")
    assert list(here.iterdir()) == []


def test_another_file_is_left_alone(here: Path) -> None:
    """It is no casebook, and it is not touched."""
    (here / "letter.txt").write_text("dear neighbour")
    with pytest.raises(NotACasebook):
        open_casebook("sqlite:///letter.txt")
    assert (here / "letter.txt").read_text() == "dear neighbour"
    with pytest.raises(StoreUnavailable):
        open_casebook(f"sqlite:///{here}")


@pytest.mark.parametrize(("url", "readonly"), [("sqlite:///cases.db?mode=ro", False), ("sqlite:///cases.db", True)])
def test_a_book_that_is_only_read_is_not_written(here: Path, url: str, readonly: bool) -> None:
    """It answers, and refuses what would change it; not a byte of the file changes."""
    with open_casebook("sqlite:///cases.db") as book:
        book.save(reported())
    before = (here / "cases.db").read_bytes()
    with open_casebook(url, readonly=readonly) as book:
        assert book.get("case-1").id == "case-1"
        assert book.verify().is_whole
        assert [row["matter_id"] for row in book.find("case").rows] == ["case-1"]
        for call in (
            lambda: book.save(reported("case-2")),
            lambda: book.erase("case-1", reason="asked", by="account-1"),
            lambda: book.keyed("name", "叶某"),
        ):
            with pytest.raises(StoreReadOnly):
                call()
    assert (here / "cases.db").read_bytes() == before


def test_the_clock_is_an_argument(here: Path) -> None:
    """It gives the time of recording, in whatever zone it shows it."""
    clock = TickingClock()
    with open_casebook("sqlite:///cases.db", clock=clock) as book:
        book.save(reported())
        (entry,) = book.log()
        assert entry.recorded_at == clock.now


@pytest.mark.parametrize("store", [MemoryStore, SqliteStore])
def test_a_failing_opening_closes_the_store(
    here: Path, monkeypatch: pytest.MonkeyPatch, store: type[MemoryStore] | type[SqliteStore]
) -> None:
    """Whatever fails after the store was opened, nothing stays open behind it."""
    opened: list[MemoryStore | SqliteStore] = []

    def prepare(self: MemoryStore | SqliteStore, schemas: object) -> None:
        opened.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "prepare", prepare)
    with pytest.raises(KeyboardInterrupt):
        open_casebook("memory:" if store is MemoryStore else "sqlite:///cases.db")
    with pytest.raises(StoreClosed):
        opened[0].head()
    if store is SqliteStore and Path("/proc/self/fd").exists():
        links = (os.path.realpath(link) for link in Path("/proc/self/fd").iterdir())
        assert not [link for link in links if "cases.db" in link]


def test_leaving_the_block_closes_the_book() -> None:
    """Also when it is left by an error; making one over a store of one's own does not need a URL."""
    with pytest.raises(NotFound), open_casebook("memory:") as book:
        book.get("nothing")
    with pytest.raises(StoreClosed):
        book.get("nothing")
    with Casebook(MemoryStore(), Plugins().kinds().values()) as other:
        other.save(reported())
