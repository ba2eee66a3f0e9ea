"""import and export, as people and scripts call them."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

import community_mediation as cm
from community_mediation import simulate
from community_mediation.cli import common
from community_mediation.cli import registers as command
from community_mediation.registers import read_register
from tests.cli.helpers import REGISTER, SECRET, as_json, ok, process, run, tree, url

HEAD = "case_no,reported_at,dispute_type,sessions\n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(f"{HEAD}1,2022-05-01,x,1\n2,2022-05-01,x,叶某鹦鹉\n3,2022-05-01,x,3\n", "utf-8")
    return path


def test_an_import_counts_on_stdout_and_talks_on_stderr(register: Path, tmp_path: Path) -> None:
    result = run("import", register, "--store", url(tmp_path / "b.db"), "--zone", "UTC")
    assert result.exit_code == 1
    assert result.stdout == "in.csv: 3 rows. 2 added, 0 amended, 0 unchanged, 1 rejected.\n"
    new, rejected = result.stderr.splitlines()
    assert new == f"A new book was made: {tmp_path / 'b.db'}"
    assert rejected.startswith("RowRejected: in.csv row 3, column 'sessions': ")
    assert SECRET not in result.output


def test_running_it_twice_adds_nothing(tmp_path: Path, book: Path) -> None:
    register = tmp_path / "again.csv"
    register.write_text(REGISTER, "utf-8")
    before = as_json("verify", "--store", url(book))["entries"]
    found = as_json("import", register, "--store", url(book), "--zone", "Asia/Shanghai")
    assert (found["added"], found["unchanged"]) == (0, 5)
    assert as_json("verify", "--store", url(book))["entries"] == before


def test_a_book_that_was_not_there_is_told_and_one_that_was_is_not(register: Path, tmp_path: Path, book: Path) -> None:
    """A mistyped URL makes a book too: whoever sees the line sees the name."""
    words = ["import", register, "--zone", "UTC", "--centre", "studio", "--store"]
    typed = url(tmp_path / "tp%20yo.db")
    assert f"A new book was made: {tmp_path / 'tp yo.db'}\n" in run(*words, typed).stderr
    assert "new" not in run(*words, typed).stderr + run(*words, url(book)).stderr


def test_a_file_that_is_empty_is_told_to_be_a_new_book(register: Path, tmp_path: Path) -> None:
    """It was no book before."""
    (tmp_path / "b.db").touch()
    assert "A new book was made: " in run("import", register, "--zone", "UTC", "--store", url(tmp_path / "b.db")).stderr


def test_a_dry_run_tells_of_no_new_book(register: Path, tmp_path: Path) -> None:
    """It makes none."""
    result = run("import", register, "--zone", "UTC", "--dry-run", "--store", url(tmp_path / "b.db"))
    assert "new" not in result.stderr


def test_in_another_store_an_empty_journal_is_a_new_book(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether a database was there says nothing of the book in it."""
    with cm.open_casebook("memory:") as opened:
        centre = next(each for each in simulate.matters(simulate.Scenario(cases=1)))
        common._tell_new("postgresql:///mediation", opened, is_new=False)
        assert capsys.readouterr().err == "The book is new: nothing was in it.\n"
        opened.save(centre)
        common._tell_new("postgresql:///mediation", opened, is_new=False)
        assert capsys.readouterr().err == ""


def test_json_holds_the_counts_and_each_rejection_and_no_name(register: Path, tmp_path: Path) -> None:
    result = run("import", register, "--store", url(tmp_path / "b.db"), "--zone", "UTC", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {name: found[name] for name in ("rows", "added", "rejected", "stored", "dry_run")} == {
        "rows": 3, "added": 2, "rejected": 1, "stored": True, "dry_run": False,
    }  # fmt: skip
    assert [(each["row"], each["column"]) for each in found["rejections"]] == [(3, "sessions")]
    assert SECRET not in result.output


def test_a_dry_run_makes_no_file(register: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    result = run("import", register, "--store", url(tmp_path / "b.db"), "--zone", "UTC", "--dry-run")
    assert result.exit_code == 1
    assert result.stdout == "in.csv: 3 rows. Would be: 2 added, 0 amended, 0 unchanged, 1 rejected.\n"
    assert tree(tmp_path) == before


def test_a_dry_run_changes_no_byte_of_a_book_that_is_there(register: Path, book: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    run("import", register, "--store", url(book), "--zone", "UTC", "--dry-run")
    assert tree(tmp_path) == before


def test_an_empty_file_is_a_book_that_is_not_there_yet(register: Path, tmp_path: Path) -> None:
    place = tmp_path / "b.db"
    place.touch()
    dry = run("import", register, "--store", url(place), "--zone", "UTC", "--dry-run", "--json")
    assert place.stat().st_size == 0
    real = run("import", register, "--store", url(place), "--zone", "UTC", "--json")
    assert json.loads(dry.stdout)["added"] == json.loads(real.stdout)["added"] == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nowhere.csv", "--zone", "UTC"], "UnreadableFile"),
        (["in.csv"], "InvalidMapping"),
        (["in.csv", "--zone", "Mars/Olympus"], "InvalidMapping"),
        (["in.csv", "--mapping", "nowhere.toml"], "InvalidMapping"),
        (["in.csv", "--mapping", "in.csv"], "InvalidMapping"),
        (["b", "--zone", "UTC"], "UnreadableFile"),
        ([".", "--zone", "UTC"], "UnreadableFile"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_no_book_behind(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").write_bytes(b"\x1f\x8b")
    before = tree(tmp_path)
    result = run("import", *arguments, "--store", "sqlite:///b.db")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{error}: ")
    assert tree(tmp_path) == before


def test_all_or_nothing_says_that_nothing_was_stored(register: Path, tmp_path: Path) -> None:
    store = url(tmp_path / "b.db")
    result = run("import", register, "--store", store, "--zone", "UTC", "--all-or-nothing")
    assert result.exit_code == 1 and "Nothing was stored; it would have been: 2 added" in result.stdout
    assert as_json("cases", "list", "--store", store)["rows"] == []


def test_rejects_can_be_mended_and_imported_with_the_same_command(register: Path, tmp_path: Path) -> None:
    rejects, store = tmp_path / "rejects.csv", url(tmp_path / "b.db")
    result = run("import", register, "--store", store, "--zone", "UTC", "--rejects", rejects)
    assert "rejects.csv: mend them there" in result.stderr
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert run("import", register, "--store", store, "--zone", "UTC", "--rejects", rejects).exit_code == 1
    rejects.write_text(rejects.read_text("utf-8-sig").replace("叶某鹦鹉", "2"), "utf-8")
    assert as_json("import", rejects, "--store", store, "--zone", "UTC")["added"] == 1


def test_many_rejections_are_told_in_part_and_counted_in_full(tmp_path: Path) -> None:
    register = tmp_path / "bad.csv"
    register.write_text(HEAD + "".join(f"{number},2022-05-01,x,?\n" for number in range(50)), "utf-8")
    result = run("import", register, "--store", url(tmp_path / "b.db"), "--zone", "UTC")
    assert result.stderr.count("RowRejected") == command.SHOWN
    assert "… and 30 more problems. --rejects OUT.csv writes them all." in result.stderr


def test_the_name_of_a_file_is_no_markup() -> None:
    """A bar is drawn on a terminal; its label may be any name."""
    seen: list[str] = []

    class Recorded(Progress):
        def __init__(self, *columns: object, **options: object) -> None:
            self.text = Console(record=True, force_terminal=True, width=80, file=io.StringIO())
            super().__init__(*columns, console=self.text, transient=False)  # type: ignore[arg-type]

        def stop(self) -> None:
            super().stop()
            seen.append(self.text.export_text())

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("rich.progress.Progress", Recorded)
        patched.setattr("sys.stderr.isatty", lambda: True, raising=False)
        with common.progress_bar("Reading [/b][red]\x1b[31m.csv") as bar:
            bar(1, 2)
    assert "[/b][red]?[31m.csv" in seen[0]


# ---------------------------------------------------------------- export


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_an_export_is_without_names_and_changes_nothing(book: Path, tmp_path: Path, ending: str) -> None:
    before = book.read_bytes()
    out = tmp_path / f"out.{ending}"
    result = ok("export", "--store", url(book), "--out", out)
    assert result.stdout == f"{out}: 5 rows, without names.\n"
    assert book.read_bytes() == before
    with read_register(out) as file:
        assert SECRET not in str([dict(each.cells) for each in file])


def test_an_export_with_a_reason_names_people_and_is_recorded(book: Path, tmp_path: Path) -> None:
    found = as_json("export", "--store", url(book), "--out", tmp_path / "out.csv", "--identified", "the court asked")
    assert found["identified"] is True
    assert SECRET in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert as_json("verify", "--store", url(book))["whole"] is True
    again = as_json("import", tmp_path / "out.csv", "--store", url(book), "--zone", "Asia/Shanghai")
    assert (again["unchanged"], again["rejected"]) == (5, 0)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--out", "out.csv", "--identified", " "], 1),
        (["--out", "there.csv"], 1),
        (["--out", "out.pdf"], 1),
        (["--out", "nowhere/out.csv"], 1),
        (["--out", "out.csv", "--facts", "cases"], 1),
        (["--out", "out.csv", "--format", "xlsx"], 2),
        (["--out", "out.csv", "--format", "pdf"], 2),
        (["--out", "out.csv", "--facts", "case", "--identified", "why"], 2),
        ([], 2),
    ],
)
def test_an_export_that_cannot_be_leaves_no_file(
    book: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(book.parent)
    (book.parent / "there.csv").write_text("mine")
    before = set(tree(book.parent))
    result = run("export", "--store", url(book), *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert "Traceback" not in result.stderr and result.stderr
    assert set(tree(book.parent)) == before and (book.parent / "there.csv").read_text() == "mine"


def test_another_ending_is_refused_with_every_format_that_there_is(book: Path, tmp_path: Path) -> None:
    """All that --format takes is named."""
    result = run("export", "--store", url(book), "--out", tmp_path / "out.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert all(f".{kind}" in result.stderr for kind in (*command.TEXTS, *command.TABLES))
    assert "--format" in result.stderr


def test_a_file_that_is_there_sends_to_the_option_that_replaces_it(book: Path, tmp_path: Path) -> None:
    """By its name on the command line."""
    (tmp_path / "out.csv").write_text("mine")
    result = run("export", "--store", url(book), "--out", tmp_path / "out.csv")
    assert result.exit_code == 1 and "--overwrite" in result.stderr


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_an_export_shows_how_far_it_is_of_how_much(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """From its beginning: reading the cases for their columns counts too."""
    seen: list[tuple[int, int]] = []

    @contextmanager
    def bar(label: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: seen.append((done, total))

    monkeypatch.setattr(command, "progress_bar", bar)
    ok("export", "--store", url(book), "--out", tmp_path / f"out.{ending}")
    assert (seen[0], seen[-1]) == ((0, 10), (10, 10))


def test_a_table_of_facts_is_exported(book: Path, tmp_path: Path) -> None:
    ok("export", "--store", url(book), "--out", tmp_path / "facts.csv", "--facts", "case_party")
    text = (tmp_path / "facts.csv").read_text("utf-8-sig")
    assert "matter_id" in text.splitlines()[0] and SECRET not in text


# ---------------------------------------------------------------- as a program


def test_an_interrupted_import_says_what_stays(tmp_path: Path) -> None:
    register = tmp_path / "in.csv"
    register.write_text(HEAD + "".join(f"{number},2022-05-01,x,\n" for number in range(1200)), "utf-8")
    code = (
        "import os, signal\n"
        "from community_mediation.registers import importing\n"
        "whole = importing._Run._item\n"
        "def item(self, ahead, *known):\n"
        "    if ahead.row.number == 900:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return whole(self, ahead, *known)\n"
        "importing._Run._item = item\n"
    )
    done = process("import", register, "--store", url(tmp_path / "b.db"), "--zone", "UTC", code=code)
    assert done.returncode == 1 and "What was committed before stays" in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert as_json("verify", "--store", url(tmp_path / "b.db"))["entries"] == 500
