"""What is erased is in no file any more."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from pathlib import Path

import pytest

from community_mediation.errors import StoreLocked
from community_mediation.ports import Change, Key
from community_mediation.stores import SqliteStore
from community_mediation.testing.stores.gardens import chain_fault, change


def found_in(folder: Path, texts: list[str]) -> list[str]:
    """Which of *texts* stand in any file of a folder."""
    blob = b"".join(path.read_bytes() for path in folder.iterdir())
    return [text for text in texts if text.encode() in blob]


def test_an_erased_value_is_in_no_file(tmp_path: Path) -> None:
    """Neither in the file nor in the log, while the store is open and after."""
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db")) as store:
        store.commit([change(private={"p": "张三-canary-part", "q": "stays"}, keys=[Key("id", "canary-key", "p")])])
        assert found_in(tmp_path, ["张三-canary-part", "canary-key"]) == ["张三-canary-part", "canary-key"]
        assert store.erase("p") == 1
        assert found_in(tmp_path, ["canary"]) == []
        assert store.entries("m1")[0].private == {"q": "stays"}
    assert found_in(tmp_path, ["canary"]) == []


class Forgetful(SqliteStore):
    """The planted fault: the log is left as it is."""

    def erase(self, subject: str) -> int:
        with self._writer.transaction() as connection:
            connection.rows("UPDATE private SET data = '' WHERE subject = ?", (subject,))
            connection.rows("UPDATE \"key\" SET value = '' WHERE subject = ?", (subject,))
        return 0


def leaks(store: SqliteStore, folder: Path, seed: int, steps: int) -> int:
    """How many erased values are still in the files, over a life of writing and erasing in every order and size."""
    chance = random.Random(seed)
    alive: dict[str, list[str]] = {}
    leaked = count = 0
    for _ in range(steps):
        if chance.random() < 0.6 or not alive:
            changes: list[Change] = []
            for _ in range(chance.choice([1, 1, 5, 40])):
                count += 1
                subject = f"s{chance.randrange(400)}"
                canaries = [f"canary-{seed}-{count}-{kind}-{chance.randrange(10**12):012}" for kind in ("part", "key")]
                alive.setdefault(subject, []).extend(canaries)
                part = canaries[0] + "y" * chance.choice([10, 300, 3000, 5000, 20_000])
                value = canaries[1] + "k" * chance.choice([5, 60, 900])
                changes.append(
                    change(f"{chance.randrange(10**12):012}", private={subject: part}, keys=[Key("id", value, subject)])
                )
            store.commit(changes)
        else:
            subject = chance.choice(sorted(alive))
            store.erase(subject)
            leaked += len(found_in(folder, alive.pop(subject)))
    assert chain_fault(store.log(limit=100_000)) is None
    store.close()
    return leaked


@pytest.mark.parametrize("seed", range(2))
def test_no_life_of_a_casebook_leaves_an_erased_value_behind(tmp_path: Path, seed: int) -> None:
    """Not even in the gaps that SQLite leaves when it moves rows from page to page."""
    assert leaks(SqliteStore.open(tmp_path / "book.db"), tmp_path, seed, 100) == 0


def test_the_search_finds_what_a_log_that_is_kept_leaves_behind(tmp_path: Path) -> None:
    """A control."""
    assert leaks(Forgetful.open(tmp_path / "book.db"), tmp_path, 0, 60) > 0


def test_a_log_that_another_program_reads_is_cleared_by_calling_again(tmp_path: Path) -> None:
    """Until then the error says so; the values are already out of reach of every reading."""
    store = SqliteStore.open(tmp_path / "book.db", timeout=0.02)
    store.commit([change(private={"p": "canary"})])
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM entry").fetchall()
        with pytest.raises(StoreLocked, match="Call erase again"):
            store.erase("p")
        assert store.entries("m1")[0].private == {}
        assert found_in(tmp_path, ["canary"]) == ["canary"]
        other.execute("ROLLBACK")
    assert store.erase("p") == 0
    assert found_in(tmp_path, ["canary"]) == []
    store.close()


@pytest.mark.parametrize("text", ["", "x", "汉", "a\0b", "汉字\0" * 999, "🌽" * 20_000], ids=len)
def test_a_value_of_any_length_is_overwritten_in_its_place(tmp_path: Path, text: str) -> None:
    """As many bytes stand there as before, all of them blank."""
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db")) as store:
        store.commit([change(private={"p": text}, keys=[Key("id", text, "p")])])
        assert store.erase("p") == 1
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db")) as raw:
        blanks = raw.execute('SELECT data FROM private UNION ALL SELECT value FROM "key"').fetchall()
    assert blanks == [("0" * len(text.encode()),)] * 2
