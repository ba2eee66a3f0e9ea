"""What an earlier state of the library wrote opens in this one; a migration that is killed goes on or rolls back."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import gzip
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.errors import StoreFull, StoreReadOnly, StoreUnavailable
from community_mediation.ports import Key
from community_mediation.stores import SqliteStore, _sqlite_file
from community_mediation.stores._sqlite_schema import MIGRATIONS, SCHEMA_VERSION
from community_mediation.testing.stores.gardens import PLOT, TOOL, chain_fault, change, plot, ref, rows_of

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = range(1, SCHEMA_VERSION)
HOUR = dt.timedelta(hours=1)


def old_book(version: int, path: Path) -> Path:
    """A copy of the casebook that an earlier version left."""
    path.write_bytes(gzip.decompress((GOLDEN / f"version-{version}.db.gz").read_bytes()))
    return path


def told(store: SqliteStore) -> dict[str, Any]:
    """Everything that a store reads, as JSON has it."""
    names = [("no", "2024-1"), ("id", "a digest of p1"), ("id", "a digest of p2")]
    answer = {
        "log": [{**attrs.asdict(entry), "recorded_at": entry.recorded_at.isoformat()} for entry in store.log()],
        "keys": {f"{kind} {value}": store.key(kind, value) for kind, value in names},
        "facts": {
            table: [[list(map(str, row)) for row in rows_of(store, table, known_at=number)] for number in range(6)]
            for table in ("plot", "tool")
        },
    }
    return dict(json.loads(json.dumps(answer)))


def expected(version: int) -> dict[str, Any]:
    return dict(json.loads((GOLDEN / f"version-{version}.json").read_text()))


def version_of(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("PRAGMA user_version").fetchone()[0])


def shape_of(path: Path) -> set[tuple[str, ...]]:
    """What the file's tables and indexes are."""
    with contextlib.closing(sqlite3.connect(path)) as raw:
        return set(raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_earlier_version_has_its_golden_file(version: int) -> None:
    """Of just that version: a later library that had touched it would prove nothing."""
    header = gzip.decompress((GOLDEN / f"version-{version}.db.gz").read_bytes())[:100]
    assert int.from_bytes(header[60:64], "big") == version
    assert set(MIGRATIONS) == {number + 1 for number in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_casebook_is_read_as_it_was_written(tmp_path: Path, version: int) -> None:
    """Entries, private parts, keys, and the facts at every position, to the letter; then it is of this version."""
    path = old_book(version, tmp_path / "book.db")
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert store.prepare([PLOT, TOOL]) == ()
        assert told(store) == expected(version)
        assert chain_fault(store.log()) is None
    assert version_of(path) == SCHEMA_VERSION
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT, TOOL])
        assert told(store) == expected(version)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_casebook_is_used_like_a_new_one(tmp_path: Path, version: int) -> None:
    """It is written, searched, erased, leased from and copied."""
    with contextlib.closing(SqliteStore.open(old_book(version, tmp_path / "book.db"))) as store:
        store.prepare([PLOT, TOOL])
        assert list(store.keys("m1")) == [Key("id", "a digest of p1", "p1"), Key("no", "2024-1")]
        store.commit(
            [change("m1", 3, close=[ref()], add=[plot(beds=9)], keys=[Key("no", "2")], release=[Key("no", "2024-1")])]
        )
        assert [key.value for key in store.keys("m1")] == ["a digest of p1", "2"]
        assert list(store.search("孙某").matters) == ["m1"]
        assert store.erase("p1") == 3
        assert list(store.search("孙某").matters) == []
        assert store.lease("ann", "post", HOUR) is not None
        assert store.backup(tmp_path / "copy.db") == store.head()
        assert chain_fault(store.log()) is None
    assert "孙某".encode() not in (tmp_path / "book.db").read_bytes() + (tmp_path / "copy.db").read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_casebook_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    """Not only enough of them."""
    for path in (old_book(version, tmp_path / "old.db"), tmp_path / "new.db"):
        with contextlib.closing(SqliteStore.open(path)) as store:
            store.prepare([PLOT, TOOL])
    assert shape_of(tmp_path / "old.db") == shape_of(tmp_path / "new.db")


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_casebook_that_is_opened_for_reading_only_stays_as_it_is(tmp_path: Path, version: int) -> None:
    """Not a byte of it changes; all of it is read, searched and copied; what is to be written is refused."""
    path = old_book(version, tmp_path / "book.db")
    before = path.read_bytes()
    with contextlib.closing(SqliteStore.open(path, readonly=True)) as store:
        store.prepare([PLOT, TOOL])
        assert told(store) == expected(version)
        assert [key.kind for key in store.keys("m1")] == ["id", "no"]
        assert list(store.search("孙某").matters) == ["m1"]
        with pytest.raises(StoreReadOnly):
            store.lease("ann", "post", HOUR)
        store.backup(tmp_path / "copy.db")
        assert "old-tables" in {finding.code for finding in store.health()}
    assert path.read_bytes() == before
    assert version_of(tmp_path / "copy.db") == version
    with contextlib.closing(SqliteStore.open(tmp_path / "copy.db")) as copy:
        copy.prepare([PLOT, TOOL])
        assert told(copy) == expected(version)
        assert "old-tables" not in {finding.code for finding in copy.health()}


# A migration that is killed


class Photographed(sqlite3.Connection):
    """A connection that copies the file, and what lies beside it, before each of its statements."""

    path: Path

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        images = self.path.parent / "images"
        image = images / f"{len(list(images.iterdir())):03}"
        image.mkdir()
        for file in self.path.parent.glob("book.db*"):
            shutil.copy(file, image / file.name)
        return super().execute(sql, values)


def images_of_a_migration(version: int, folder: Path) -> list[Path]:
    """The casebook and its log as they lie on the disk before each statement of an opening."""
    path = old_book(version, folder / "book.db")
    (folder / "images").mkdir()
    factory = type("Photographer", (Photographed,), {"path": path})
    SqliteStore.open(path, connect=functools.partial(sqlite3.connect, factory=factory)).close()
    return sorted((folder / "images").iterdir())


def half_done(images: list[Path], version: int) -> list[Path]:
    """Those in which the tables are neither those of the version nor those of the one that it says it is."""
    wrong = []
    for image in images:
        seen = (
            version_of(image / "book.db"),
            bool([each for each in shape_of(image / "book.db") if each[1] == "lease"]),
        )
        if seen not in ((version, False), (SCHEMA_VERSION, True)):
            wrong.append(image)
    return wrong


@pytest.mark.parametrize("version", VERSIONS)
def test_a_migration_that_was_killed_goes_on_or_was_never_begun(tmp_path: Path, version: int) -> None:
    """Whichever statement it had come to: it is of the old version or the new one, and opens with all it held."""
    images = images_of_a_migration(version, tmp_path)
    assert len(images) > 10
    assert half_done(images, version) == []
    assert {version_of(image / "book.db") for image in images} == {version, SCHEMA_VERSION}
    for image in images:
        with contextlib.closing(SqliteStore.open(image / "book.db")) as store:
            store.prepare([PLOT, TOOL])
            assert told(store) == expected(version)
            assert store.lease("ann", "post", HOUR) is not None
        assert version_of(image / "book.db") == SCHEMA_VERSION


def piecemeal(connection: Any) -> None:
    """The planted fault: every statement is a transaction of its own."""
    version = connection.value("PRAGMA user_version") + 1
    connection.rows(f"PRAGMA user_version = {version}")
    for statement in MIGRATIONS[version]:
        connection.rows(statement)


def test_a_migration_in_pieces_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: killed in between, it says that it is what it is not."""
    monkeypatch.setattr(_sqlite_file, "_migrate", piecemeal)
    assert half_done(images_of_a_migration(1, tmp_path), 1) != []


class Failing(sqlite3.Connection):
    """A connection whose n-th statement fails."""

    left: list[int]
    code: int

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        self.left[0] -= 1
        if self.left[0] == 0:
            error = sqlite3.OperationalError("planted")
            error.sqlite_errorcode = self.code
            raise error
        return super().execute(sql, values)


@pytest.mark.parametrize(
    ("code", "error"), [(sqlite3.SQLITE_FULL, StoreFull), (sqlite3.SQLITE_IOERR, StoreUnavailable)]
)
def test_a_migration_that_fails_rolls_back(tmp_path: Path, code: int, error: type[Exception]) -> None:
    """At whichever statement; the next opening does it."""
    failed = 0
    while True:
        path = old_book(1, tmp_path / "book.db")
        factory = type("Planted", (Failing,), {"left": [failed + 1], "code": code})
        try:
            SqliteStore.open(path, connect=functools.partial(sqlite3.connect, factory=factory)).close()
            break
        except error:
            failed += 1
        assert half_done([tmp_path], 1) == []
        with contextlib.closing(SqliteStore.open(path)) as store:
            store.prepare([PLOT, TOOL])
            assert told(store) == expected(1)
    assert failed > 10


def test_two_programs_may_migrate_the_same_casebook_at_once(tmp_path: Path) -> None:
    """The one that comes second finds it done."""
    path = old_book(1, tmp_path / "book.db")
    second: list[int] = []

    class Interrupting(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            if sql.startswith("BEGIN IMMEDIATE") and not second:
                second.append(0)
                SqliteStore.open(path).close()
            return super().execute(sql, values)

    connect = functools.partial(sqlite3.connect, factory=Interrupting)
    with contextlib.closing(SqliteStore.open(path, connect=connect)) as store:
        store.prepare([PLOT, TOOL])
        assert told(store) == expected(1)
    assert second == [0]
    assert version_of(path) == SCHEMA_VERSION


def test_a_program_of_the_old_version_may_go_on_meanwhile(tmp_path: Path) -> None:
    """Its statements, as version 1 had them, leave the new tables and indexes right."""
    path = old_book(1, tmp_path / "book.db")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("SELECT count(*) FROM entry").fetchall()
        with contextlib.closing(SqliteStore.open(path)) as new:
            old.execute(
                'INSERT INTO "key" (kind, value, matter_id, subject, kept, digest) VALUES (?, ?, ?, ?, 1, ?)',
                ("no", "by the old one", "m3", None, 7),
            )
            assert list(new.keys("m3")) == [Key("no", "by the old one")]
        assert old.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_keys_of_a_matter_are_found_by_an_index(tmp_path: Path) -> None:
    """However many keys the casebook holds."""
    SqliteStore.open(tmp_path / "book.db").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db")) as raw:
        plan = raw.execute('EXPLAIN QUERY PLAN SELECT kind FROM "key" WHERE kept AND matter_id = ?', ("m1",)).fetchall()
    assert "USING INDEX key_matter" in plan[0][3]
