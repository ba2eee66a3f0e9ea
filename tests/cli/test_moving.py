"""backup, copy, cases search, and export of tables: where books and facts go, as people and scripts call them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import community_mediation as cm
from community_mediation.casebook import Casebook
from community_mediation.stores import SqliteStore
from tests.casebook.hazard import found
from tests.casebook.moving import with_hazards
from tests.cli.helpers import SECRET, as_json, ok, process, run, tree, url


def anchor_of(book: Path) -> str:
    return str(as_json("verify", "--store", url(book))["anchor"])


def assert_same(book: Path, copy: Path) -> None:
    """The journals with their private parts, the keys, and the facts with their versions."""
    with closing(sqlite3.connect(book)) as one, closing(sqlite3.connect(copy)) as other:
        names = [name for (name,) in one.execute("SELECT name FROM facts_schema")]
        for sql in (
            "SELECT * FROM entry ORDER BY position",
            "SELECT position, subject, data FROM private WHERE kept ORDER BY place",
            'SELECT kind, value, matter_id, subject FROM "key" WHERE kept ORDER BY kind, value',
            *(f'SELECT * FROM "{name}_versions" ORDER BY 1, 2, known_from' for name in names),
        ):
            assert other.execute(sql).fetchall() == one.execute(sql).fetchall()


# ---------------------------------------------------------------- copy


def test_a_book_is_copied_and_says_with_which_anchor(book: Path, tmp_path: Path) -> None:
    before = tree(book.parent)[book.name]
    result = ok("copy", "--from", url(book), "--to", url(tmp_path / "copy.db"))
    entries = anchor_of(book).partition(":")[0]
    assert result.stdout == f"{entries} entries, {entries} of them new, verified. Anchor: {anchor_of(book)}\n"
    assert result.stderr == ""
    assert tree(book.parent)[book.name] == before
    assert anchor_of(tmp_path / "copy.db") == anchor_of(book)
    assert_same(book, tmp_path / "copy.db")


def test_a_copy_that_is_called_again_copies_what_is_new(book: Path, tmp_path: Path) -> None:
    copied = as_json("copy", "--from", url(book), "--to", url(tmp_path / "copy.db"))
    assert (copied["new"], copied["verified"], copied["unread"]) == (copied["entries"], True, {})
    ok("cases", "search", "x", "--reason", "why", "--store", url(book))
    again = as_json("copy", "--from", url(book), "--to", url(tmp_path / "copy.db"), "--no-verify")
    assert (again["entries"], again["new"], again["verified"]) == (copied["entries"] + 1, 1, False)
    assert again["anchor"] == anchor_of(book)
    assert_same(book, tmp_path / "copy.db")


@pytest.mark.parametrize("kills", [(1,), (2,), (3,), (5,), (2, 1, 2)])
def test_a_copy_that_is_killed_goes_on(book: Path, tmp_path: Path, kills: Sequence[int]) -> None:
    """SIGKILL in the middle of the n-th commit; nothing is there by half, and calling it again ends it."""
    with cm.open_casebook(url(book)) as filled:
        for number in range(4):
            filled.record_disclosure("export", reason=f"why {number}", by="account-1")
    copy = tmp_path / "copy.db"
    for number in kills:
        code = (
            "import os, signal\n"
            "from community_mediation.stores import _sqlite_commit as commits\n"
            "whole, left = commits.Commit.write, [{number}]\n"
            "def write(self, group):\n"
            "    whole(self, group)\n"
            "    left[0] -= 1\n"
            "    if not left[0]:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "commits.Commit.write = write"
        ).replace("{number}", str(number))
        assert process("copy", "--from", url(book), "--to", url(copy), code=code).returncode == -9
    ok("copy", "--from", url(book), "--to", url(copy))
    assert_same(book, copy)


def test_a_copy_that_is_stopped_says_what_stays(book: Path, tmp_path: Path) -> None:
    """Control-C."""
    code = (
        "from community_mediation.casebook import copying\n"
        "def stop(self, entry):\n"
        "    raise KeyboardInterrupt\n"
        "copying._Move._change = stop"
    )
    done = process("copy", "--from", url(book), "--to", url(tmp_path / "copy.db"), code=code)
    assert done.returncode == 1
    assert "What was copied stays; call it again to go on." in done.stderr
    assert "Traceback" not in done.stderr


def test_kinds_that_nobody_brings_are_copied_and_told(tmp_path: Path) -> None:
    """With what to do to have their facts."""
    with Casebook(SqliteStore.open(tmp_path / "book.db"), with_hazards().values()) as book:
        book.save_all([found("h1"), found("h2")])
    result = ok("copy", "--from", url(tmp_path / "book.db"), "--to", url(tmp_path / "copy.db"))
    assert "2 entries of kind 'hazard' were copied as they are" in result.stderr and "rebuild-facts" in result.stderr
    told = as_json("copy", "--from", url(tmp_path / "book.db"), "--to", url(tmp_path / "other.db"))
    assert told["unread"] == {"hazard": 2}
    with Casebook(SqliteStore.open(tmp_path / "copy.db"), with_hazards().values()) as copy:
        assert [row["matter_id"] for row in copy.facts("hazard").rows()] == ["h1", "h2"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--from", "{book}", "--to", "copy.db"], 2, "--to takes a URL"),
        (["--from", "book.db", "--to", "sqlite:///copy.db"], 2, "--from takes a URL"),
        (["--from", "{book}"], 2, "--to"),
        (["--to", "{book}"], 2, "--from"),
        (
            ["--from", "sqlite:///nowhere.db", "--to", "sqlite:///copy.db"],
            1,
            "The book to copy from: There is no casebook",
        ),
        (["--from", "sqlite:///notes.txt", "--to", "sqlite:///copy.db"], 1, "NotACasebook: The book to copy from: "),
        (
            ["--from", "{book}", "--to", "foo:bar"],
            1,
            "The store to copy into: No enabled plugin opens stores of scheme",
        ),
        (["--from", "{book}", "--to", "sqlite:///notes.txt"], 1, "NotACasebook: The store to copy into: "),
        (["--from", "{book}", "--to", "memory:"], 2, "would be gone when the command ends"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why_and_leaves_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / "notes.txt").write_text("mine " * 1000)
    before = tree(book.parent)
    result = run("copy", *(word.replace("{book}", url(book)) for word in words))
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr and "Traceback" not in result.stderr
    assert tree(book.parent) == before


def test_a_copy_into_another_book_is_refused(book: Path, tmp_path: Path) -> None:
    """Not a byte of it is changed."""
    register = tmp_path / "in.csv"
    register.write_text("case_no,reported_at,dispute_type\n1,2022-05-01,x\n")
    ok("import", register, "--zone", "UTC", "--store", url(tmp_path / "other.db"))
    before = tree(tmp_path)
    result = run("copy", "--from", url(book), "--to", url(tmp_path / "other.db"))
    assert result.exit_code == 1 and result.stderr.startswith("AnotherBook: ")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("way", ["the same", "a dot", "a link"])
def test_a_book_is_not_copied_into_itself(book: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """By whatever name: nobody is to believe that there are two."""
    monkeypatch.chdir(book.parent)
    (book.parent / "link.db").symlink_to(book)
    target = {"the same": url(book), "a dot": "sqlite:///./book.db", "a link": "sqlite:///link.db"}[way]
    before = tree(book.parent)
    result = run("copy", "--from", url(book), "--to", target)
    assert result.exit_code == 1 and "that of the book itself" in result.stderr
    assert tree(book.parent) == before


def test_a_damaged_book_does_not_copy(book: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(book)) as connection, connection:
        connection.execute("UPDATE private SET data = replace(data, '某', '木') WHERE kept")
    result = run("copy", "--from", url(book), "--to", url(tmp_path / "copy.db"))
    assert result.exit_code == 1 and result.stderr.startswith("StoreDamaged: The book to copy from: Entry 2 ")
    assert SECRET not in result.output


# ---------------------------------------------------------------- backup


def test_a_backup_is_the_book_and_verifies(book: Path, tmp_path: Path) -> None:
    """Its anchor is that of the book; the book is only read."""
    before, copy = book.read_bytes(), tmp_path / "backup.db"
    result = ok("backup", "--store", url(book), "--to", copy, "--verify")
    entries = anchor_of(book).partition(":")[0]
    assert result.stdout == f"{copy}: {entries} entries, whole. Anchor: {anchor_of(book)}\n"
    assert book.read_bytes() == before
    assert_same(book, copy)


def test_a_backup_tells_the_same_in_json(book: Path, tmp_path: Path) -> None:
    told = as_json("backup", "--store", url(book), "--to", tmp_path / "one.db")
    assert told == {"path": str(tmp_path / "one.db"), "anchor": anchor_of(book), "whole": None, "findings": []}
    assert as_json("backup", "--store", url(book), "--to", tmp_path / "two.db", "--verify")["whole"] is True


def test_a_backup_whose_verification_is_stopped_says_its_anchor(book: Path, tmp_path: Path) -> None:
    """Control-C: the copy is complete and stays."""
    code = (
        "from community_mediation.casebook import verifying\n"
        "def stop(*given, **how):\n"
        "    raise KeyboardInterrupt\n"
        "verifying.verify = stop"
    )
    copy = tmp_path / "backup.db"
    done = process("backup", "--store", url(book), "--to", copy, "--verify", code=code)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{copy} is complete; verifying it. Anchor: {anchor_of(copy)}\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_backup_of_a_damaged_book_says_so_when_it_is_looked_at(book: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(book)) as connection, connection:
        connection.execute("UPDATE entry SET body = replace(body, 'settled', 'refused')")
    assert ok("backup", "--store", url(book), "--to", tmp_path / "unseen.db").exit_code == 0
    result = run("backup", "--store", url(book), "--to", tmp_path / "seen.db", "--verify", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["whole"]) == (1, False) and told["findings"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--to", "there.db"], 1, "at this path already"),
        (["--to", "nowhere/backup.db"], 1, "cannot be written"),
        (["--to", "sqlite:///backup.db"], 2, "--to takes a path, not a URL"),
        ([], 2, "--to"),
    ],
)
def test_a_backup_that_cannot_be_made_leaves_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, says: str
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / "there.db").write_text("mine")
    before = tree(book.parent)
    result = run("backup", "--store", url(book), *words)
    assert (result.exit_code, result.stdout) == (code, "") and says in result.stderr
    assert tree(book.parent) == before


def test_a_store_that_makes_no_backups_is_told(tmp_path: Path) -> None:
    result = run("backup", "--store", "memory:", "--to", tmp_path / "backup.db")
    assert result.exit_code == 1 and "no backups" in result.stderr
    assert run("backup", "--store", "memory:", "--to", tmp_path / "x.db", "--verify").exit_code == 2


# ---------------------------------------------------------------- search


def test_a_search_gives_ids_and_no_names(book: Path) -> None:
    result = ok("cases", "search", SECRET, "--reason", "asked by phone", "--store", url(book))
    heading, *lines = result.stdout.splitlines()
    case = as_json("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))["id"]
    assert heading.split("\t") == ["matter_id", "kind", "subjects"]
    assert case in {line.split("\t")[0] for line in lines}
    assert SECRET not in result.output


def test_a_search_is_recorded_with_its_reason_and_without_its_text(book: Path) -> None:
    ok("cases", "search", SECRET, "--reason", "asked by phone", "--account", "clerk-1", "--store", url(book))
    with cm.open_casebook(url(book), readonly=True) as opened:
        event = (opened.history("book")[-1].events or ())[-1]
    assert (event.what, event.reason, event.by) == ("search", "asked by phone", "clerk-1")  # type: ignore[attr-defined]
    assert SECRET not in repr(event)


def test_a_search_comes_in_pages(book: Path) -> None:
    words = ["cases", "search", SECRET, "--reason", "why", "--store", url(book), "--limit", "1"]
    first = as_json(*words)
    result = ok(*words)
    assert "More: --after " in result.stderr
    second = as_json(*words, "--after", first["after"])
    assert first["matches"][0]["id"] != second["matches"][0]["id"]


@pytest.mark.parametrize(
    ("words", "code"),
    [(["x"], 2), (["", "--reason", "why"], 1), (["x", "--reason", "why", "--after", "nothing"], 1), ([], 2)],
)
def test_what_is_no_search_is_refused_and_not_recorded(book: Path, words: list[str], code: int) -> None:
    before = anchor_of(book)
    result = run("cases", "search", *words, "--store", url(book))
    assert (result.exit_code, result.stdout) == (code, "")
    assert anchor_of(book) == before


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("kind", ["parquet", "duckdb", "sqlite"])
@pytest.mark.parametrize("named", [True, False])
def test_tables_are_exported_by_their_format_or_ending(book: Path, tmp_path: Path, kind: str, named: bool) -> None:
    """Nobody is named, and the book is only read."""
    before = book.read_bytes()
    out = tmp_path / ("facts" if named else f"facts.{kind}")
    how = ["--format", kind] if named else []
    result = ok("export", "--store", url(book), "--out", out, *how, "--versions")
    assert result.stdout.startswith(f"{out}: ") and result.stdout.endswith("rows, without names.\n")
    assert book.read_bytes() == before
    assert SECRET.encode() not in b"".join(tree(tmp_path)[name] for name in tree(tmp_path) if name.startswith("facts"))


def test_one_table_at_a_past_moment_is_exported(book: Path, tmp_path: Path) -> None:
    words = ["export", "--store", url(book), "--facts", "case"]
    ok(*words, "--out", tmp_path / "now.parquet")
    ok(*words, "--out", tmp_path / "then.parquet", "--valid-at", "2022-05-01")
    ok(*words, "--out", tmp_path / "unknown.parquet", "--known-at", "2022-05-02")
    ok(*words, "--out", tmp_path / "then.csv", "--valid-at", "2022-05-01")
    counts = [pq.read_table(tmp_path / name / "case").num_rows for name in ("now.parquet", "then.parquet")]
    assert counts == [5, 1]
    assert pq.read_table(tmp_path / "unknown.parquet" / "case").num_rows == 0
    assert len((tmp_path / "then.csv").read_text("utf-8-sig").splitlines()) == 2
    assert {path.name for path in (tmp_path / "now.parquet").iterdir()} == {"_book", "_columns", "_export.json", "case"}


def test_tables_that_are_there_are_replaced_only_when_asked_for(book: Path, tmp_path: Path) -> None:
    words = ["export", "--store", url(book), "--out", tmp_path / "facts.parquet"]
    ok(*words)
    result = run(*words)
    assert result.exit_code == 1 and "already" in result.stderr
    assert as_json(*words, "--overwrite")["identified"] is False


def test_a_folder_with_a_file_of_ones_own_is_not_replaced(book: Path, tmp_path: Path) -> None:
    """Although it has the name of a part of an export, and overwriting was asked for."""
    words = ["export", "--store", url(book), "--out", tmp_path / "facts.parquet"]
    ok(*words)
    mine = tmp_path / "facts.parquet" / "mine" / "part-0.parquet"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    result = run(*words, "--overwrite")
    assert result.exit_code == 1 and "Choose another name, or remove the folder." in result.stderr
    assert mine.read_bytes() == b"mine"


@pytest.mark.parametrize(
    "words",
    [
        ["--out", "facts.parquet", "--identified", "why"],
        ["--out", "facts.csv", "--format", "parquet"],
        ["--out", "facts.sqlite", "--format", "duckdb"],
        ["--out", "out.csv", "--versions"],
        ["--out", "out.csv", "--facts", "case", "--versions"],
        ["--out", "facts.sqlite", "--versions", "--valid-at", "2022-05-02"],
        ["--out", "out.csv", "--known-at", "2022-05-02"],
        ["--out", "out.csv", "--valid-at", "2022-05-02"],
    ],
)
def test_what_does_not_go_together_is_a_wrong_call(
    book: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(book.parent)
    before = tree(book.parent)
    result = run("export", "--store", url(book), *words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert tree(book.parent) == before


@pytest.mark.parametrize(("kind", "missing"), [("parquet", "pyarrow"), ("duckdb", "duckdb")])
def test_tables_without_their_packages_name_the_extra(book: Path, tmp_path: Path, kind: str, missing: str) -> None:
    code = f"import sys\nsys.modules[{missing!r}] = None"
    done = process("export", "--store", url(book), "--out", tmp_path / f"facts.{kind}", code=code)
    assert done.returncode == 1 and done.stdout == ""
    assert f"community-mediation[{kind}]" in done.stderr and "Traceback" not in done.stderr
