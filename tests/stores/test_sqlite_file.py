"""Opening a file: what is not a casebook is not touched, what is one is whole."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.errors import InvalidValue, NotACasebook, StoreReadOnly, StoreTooNew, StoreUnavailable
from community_mediation.ports import Capability, Lease
from community_mediation.stores import SqliteStore
from community_mediation.stores._sqlite_schema import SCHEMA_VERSION
from community_mediation.testing.stores.gardens import NOON, PLOT, TOOL, HandClock, change, plot, rows_of, tool

HOUR = dt.timedelta(hours=1)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder: its bytes, and when it was written."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir() if path.is_file()}


def filled(path: Path, matters: int = 3) -> Path:
    """A closed casebook with some gardens."""
    with contextlib.closing(SqliteStore.open(path, clock=HandClock())) as store:
        store.prepare([PLOT, TOOL])
        store.commit([change(f"m{number}", add=[plot(f"m{number}", beds=number)]) for number in range(matters)])
    return path


def other_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE entry (position); INSERT INTO entry VALUES (1);")


def shortened(path: Path, size: int | None = None) -> None:
    os.truncate(filled(path), path.stat().st_size // 2 if size is None else size)


FOREIGN: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("case,opened\n1,2024-01-01\n" * 500),
    "short": lambda path: path.write_bytes(b"SQLite format 3"),
    "one byte": lambda path: path.write_bytes(b"\0"),
    "noise": lambda path: path.write_bytes(bytes((i * 7919) % 251 for i in range(40_000))),
    "zeros": lambda path: path.write_bytes(bytes(40_000)),
    "another database": other_database,
    "half a casebook": shortened,
    "a casebook's first page": lambda path: shortened(path, 16384),
    "a header only": lambda path: shortened(path, 100),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_casebook_is_not_touched(tmp_path: Path, make: Callable[[Path], object], readonly: bool) -> None:
    """Not a byte of it changes, and no file is left beside it."""
    make(tmp_path / "book.db")
    before = contents(tmp_path)
    with pytest.raises(NotACasebook):
        SqliteStore.open(tmp_path / "book.db", readonly=readonly)
    assert contents(tmp_path) == before


def test_another_database_in_use_is_not_touched(tmp_path: Path) -> None:
    """Its log stays as it is."""
    other = sqlite3.connect(tmp_path / "other.db")
    other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    folder = tmp_path / "copy"
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / f"other.db{suffix}", folder / f"other.db{suffix}")
    other.close()
    before = contents(folder)
    with pytest.raises(NotACasebook):
        SqliteStore.open(folder / "other.db")
    assert contents(folder) == before


@pytest.mark.parametrize("readonly", [False, True])
def test_a_casebook_of_a_later_version_is_not_touched(tmp_path: Path, readonly: bool) -> None:
    """The library says to upgrade it."""
    path = filled(tmp_path / "book.db")
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = contents(tmp_path)
    with pytest.raises(StoreTooNew):
        SqliteStore.open(path, readonly=readonly)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("how", [{"create": False}, {"readonly": True}])
def test_a_missing_file_is_made_only_when_asked_for(tmp_path: Path, how: dict[str, Any]) -> None:
    """Otherwise it is unavailable, and nothing is made."""
    with pytest.raises(StoreUnavailable):
        SqliteStore.open(tmp_path / "book.db", **how)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["no/such/folder/book.db", "file.txt/book.db", "nul\0.db", "half\ud800.db", "x" * 300])
def test_a_path_that_cannot_be_reached_is_unavailable(tmp_path: Path, path: str) -> None:
    """And nothing is made."""
    (tmp_path / "file.txt").write_text("a")
    before = contents(tmp_path)
    with pytest.raises(StoreUnavailable):
        SqliteStore.open(tmp_path / path)
    assert contents(tmp_path) == before
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("name", ["nul\0.db", "half\ud800.db"])
def test_a_copy_that_no_file_can_be_called_is_not_said_to_be_there_already(tmp_path: Path, name: str) -> None:
    """The name is what is wrong, and another one the remedy."""
    with (
        contextlib.closing(SqliteStore.open(filled(tmp_path / "book.db"))) as store,
        pytest.raises(StoreUnavailable, match="no file can have that name"),
    ):
        store.backup(tmp_path / name)


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "案件.db", "'x';.db", "%41.db", ":memory:"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    """It is made under just that name."""
    filled(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_path_may_be_text_or_bytes(tmp_path: Path) -> None:
    """As everywhere else."""
    path = filled(tmp_path / "book.db")
    for given in (str(path), os.fsencode(path)):
        with contextlib.closing(SqliteStore.open(given)) as store:  # type: ignore[arg-type]
            assert store.head().position == 3


def test_an_empty_file_becomes_a_casebook(tmp_path: Path) -> None:
    """It is what a creation that was killed at once leaves behind."""
    path = tmp_path / "book.db"
    path.touch()
    with pytest.raises(NotACasebook):
        SqliteStore.open(path, create=False)
    assert path.stat().st_size == 0
    filled(path)


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    """Entries, facts and keys; nothing is left beside the file."""
    path = filled(tmp_path / "book.db")
    assert [file.name for file in tmp_path.iterdir()] == ["book.db"]
    with contextlib.closing(SqliteStore.open(path, create=False)) as store:
        assert store.prepare([PLOT, TOOL]) == ()
        assert len(rows_of(store)) == store.head().position == 3
        assert store.capabilities == set(Capability)


def test_the_file_is_set_up_to_last(tmp_path: Path) -> None:
    """Large pages, a write-ahead log, a name of its own in its header."""
    with contextlib.closing(sqlite3.connect(filled(tmp_path / "book.db"))) as raw:
        asked = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "journal_mode", "user_version")]
    header = (tmp_path / "book.db").read_bytes()[:100]
    assert asked == [16384, "wal", SCHEMA_VERSION]
    assert header[68:72] == b"CMDB"
    assert header[60:64] == bytes([0, 0, 0, SCHEMA_VERSION])


def test_people_and_other_programs_read_the_facts(tmp_path: Path) -> None:
    """A view named by the table has the current rows, in plain text and numbers, without the store's own columns."""
    store = SqliteStore.open(tmp_path / "book.db")
    store.prepare([PLOT, TOOL])
    store.commit([change("m1", add=[plot(beds=1, fenced=True, watered_at=NOON, sown_on=NOON.date())])])
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "book.db")) as raw:
        cursor = raw.execute("SELECT * FROM plot")
        assert tuple(column[0] for column in cursor.description) == PLOT.names
        assert cursor.fetchall() == [("m1", "", None, 1, None, 1, None, "2024-05-01", "2024-05-01T12:00:00.000000Z")]
        assert raw.execute("SELECT known_from, known_to FROM plot_versions").fetchall() == [(1, None)]
        assert raw.execute('SELECT "group", "order" FROM tool').fetchall() == []


# Creation that was killed


class Photographed(sqlite3.Connection):
    """A connection that copies the file, and what lies beside it, before each of its statements."""

    path: Path
    pages = 0

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if self.pages and sql.startswith("BEGIN"):
            super().execute(f"PRAGMA cache_size = {self.pages}")
        image = self.path.parent / "images" / f"{len(list((self.path.parent / 'images').iterdir())):03}"
        image.mkdir()
        for file in self.path.parent.glob("book.db*"):
            shutil.copy(file, image / file.name)
        return super().execute(sql, values)


@pytest.mark.parametrize("pages", [0, 1])
def test_a_creation_that_was_killed_is_finished(tmp_path: Path, pages: int) -> None:
    """Whichever statement it had come to, and also with some of its pages on the disk already."""
    path = tmp_path / "book.db"
    (tmp_path / "images").mkdir()
    factory = type("Photographer", (Photographed,), {"path": path, "pages": pages})
    store = SqliteStore.open(path, connect=functools.partial(sqlite3.connect, factory=factory))
    store.prepare([PLOT])
    store.close()
    images = sorted((tmp_path / "images").iterdir())
    assert len(images) > 20
    began = [image for image in images if (image / "book.db-journal").exists()]
    assert bool([image for image in began if (image / "book.db").stat().st_size]) is bool(pages)
    # Most statements change nothing on the disk: each state is opened once.
    states = {tuple(sorted((file.name, file.read_bytes()) for file in image.iterdir())): image for image in images}
    for image in states.values():
        filled(image / "book.db")
        with contextlib.closing(SqliteStore.open(image / "book.db", readonly=True)) as again:
            again.prepare([PLOT])
            assert len(rows_of(again)) == 3


def test_pages_without_the_first_are_a_creation_that_was_killed(tmp_path: Path) -> None:
    """The disk may take them in any order; the journal beside them undoes them."""
    path = tmp_path / "book.db"
    raw = sqlite3.connect(tmp_path / "raw.db", isolation_level=None)
    raw.executescript("PRAGMA page_size = 16384; PRAGMA cache_size = 1; BEGIN IMMEDIATE;")
    for number in range(20):
        raw.execute(f"CREATE TABLE t{number} (a)")
    journal = (tmp_path / "raw.db-journal").read_bytes()
    raw.close()
    path.write_bytes(bytes(16384 * 5))
    (tmp_path / "book.db-journal").write_bytes(journal)
    filled(path)


def test_two_programs_may_make_the_same_casebook_at_once(tmp_path: Path) -> None:
    """The one that comes second finds it made, at whatever point it looks."""
    path = tmp_path / "book.db"
    second: list[int] = []

    class Interrupting(sqlite3.Connection):
        def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
            if sql.startswith("BEGIN IMMEDIATE") and not second:
                second.append(0)
                filled(path)
            return super().execute(sql, values)

    with contextlib.closing(
        SqliteStore.open(path, connect=functools.partial(sqlite3.connect, factory=Interrupting))
    ) as store:
        assert store.head().position == 3


# Reading only


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may read."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Be nobody for a while, if we are root, whom no right stops."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def check_reads_only(store: SqliteStore) -> None:
    assert store.prepare([PLOT, TOOL]) == ()
    assert len(rows_of(store)) == store.head().position == 3
    for write in (
        lambda: store.commit([change("m9")]),
        lambda: store.commit([]),
        lambda: store.replace_facts([]),
        lambda: store.erase("p"),
        lambda: store.lease("ann", "post", HOUR),
        lambda: store.release(Lease("ann", "post", 1, NOON)),
    ):
        with pytest.raises(StoreReadOnly):
            write()
    assert store.head().position == 3


def test_a_casebook_may_be_opened_for_reading_only(tmp_path: Path) -> None:
    """It reads, and refuses to write; the file stays as it is."""
    path = filled(tmp_path / "book.db")
    before = path.read_bytes()
    with contextlib.closing(SqliteStore.open(path, readonly=True)) as store:
        check_reads_only(store)
    assert path.read_bytes() == before


@pytest.mark.parametrize("folder_rights", [0o555, 0o777])
def test_a_file_that_may_not_be_written_is_read(folder: Path, folder_rights: int) -> None:
    """Without being asked to, in a folder that may be written or not."""
    path = filled(folder / "book.db")
    path.chmod(0o444)
    folder.chmod(folder_rights)
    with without_rights(), contextlib.closing(SqliteStore.open(path)) as store:
        check_reads_only(store)
    folder.chmod(0o755)


def test_a_reader_sees_what_is_written_meanwhile(tmp_path: Path) -> None:
    """Reading only does not mean reading once."""
    path = filled(tmp_path / "book.db")
    with (
        contextlib.closing(SqliteStore.open(path, readonly=True)) as reader,
        contextlib.closing(SqliteStore.open(path)) as writer,
    ):
        reader.prepare([PLOT])
        writer.prepare([PLOT])
        writer.commit([change("m9", add=[plot("m9")])])
        assert len(rows_of(reader)) == 4


def test_a_reader_makes_no_table_and_says_which_is_missing(tmp_path: Path) -> None:
    """Opening it once for writing makes it."""
    path = tmp_path / "book.db"
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT])
        store.commit([change()])
    with contextlib.closing(SqliteStore.open(path, readonly=True)) as store:
        assert store.prepare([PLOT, TOOL]) == ()
        assert rows_of(store) == []
        for ask in (store.facts, store.find):
            with pytest.raises(StoreReadOnly):
                ask("tool")
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert store.prepare([PLOT, TOOL]) == ("tool",)


# Facts tables of others


@pytest.mark.parametrize(
    "name", ["entry", "head", "private", "key", "store", "facts_schema", "lease", "sqlite_x", "plot_versions"]
)
def test_a_table_cannot_take_a_name_of_the_store(tmp_path: Path, name: str) -> None:
    """It would overwrite what is there."""
    with contextlib.closing(SqliteStore.open(tmp_path / "book.db")) as store, pytest.raises(InvalidValue):
        store.prepare([PLOT, attrs.evolve(TOOL, table=name)])


def test_a_program_with_older_tables_cannot_write_into_newer_ones(tmp_path: Path) -> None:
    """Its rows would mean something else; it is told to open the casebook again."""
    path = filled(tmp_path / "book.db")
    newer = attrs.evolve(PLOT, version=2)
    with (
        contextlib.closing(SqliteStore.open(path)) as old,
        contextlib.closing(SqliteStore.open(path)) as new,
    ):
        old.prepare([PLOT])
        assert new.prepare([newer]) == ("plot",)
        for write in (lambda: old.commit([change("m9", add=[plot("m9")])]), lambda: old.replace_facts([])):
            with pytest.raises(StoreUnavailable):
                write()
        assert new.head().position == 3
        new.prepare([attrs.evolve(TOOL, table="shed")])
        new.commit([change("m9", add=[plot("m9")])])


def test_tables_of_a_plugin_that_is_not_here_stay(tmp_path: Path) -> None:
    """A rebuild without it leaves its rows alone."""
    path = tmp_path / "book.db"
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT, TOOL])
        store.commit([change(add=[plot(), tool()])])
    with contextlib.closing(SqliteStore.open(path)) as store:
        store.prepare([PLOT])
        assert store.replace_facts([]) == 0
    with contextlib.closing(SqliteStore.open(path)) as store:
        assert store.prepare([PLOT, TOOL]) == ()
        assert (len(rows_of(store)), len(rows_of(store, "tool"))) == (0, 1)
