"""verify, health, rebuild-facts, erase, schema and doctor; streams, exit codes and stores."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from rich.console import Console

from community_mediation.builtins import CASE_EVENTS, RECORD_EVENTS
from community_mediation.cli import care, common, doctor, verifying
from community_mediation.codec import json_schema
from tests.cli.helpers import SECRET, as_json, ok, process, run, tree, url

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
READING = [
    "cases list",
    "cases show 2022-1 --centre studio",
    "cases history book",
    "metrics",
    "verify",
    "health",
    "doctor",
    "export --out {out}",
]
WITH_JSON = [*READING, "rebuild-facts", "metrics --list", "erase --person {case} --reason why --yes"]


def tampered(book: Path) -> None:
    """Change a conclusion in the journal, behind the library's back."""
    with sqlite3.connect(book) as connection:
        changed = connection.execute("UPDATE entry SET body = replace(body, 'settled', 'refused')").rowcount
    connection.close()
    assert changed


def filled(line: str, book: Path) -> list[str]:
    """A command line on this book."""
    case = as_json("cases", "show", "2022-2", "--centre", "studio", "--store", url(book))["id"]
    words = shlex.split(line.format(out=book.parent / "out.csv", case=case))
    return words if "--list" in words else [*words, "--store", url(book)]


# ---------------------------------------------------------------- streams and files


@pytest.mark.parametrize("line", WITH_JSON)
def test_json_is_all_there_is_on_stdout(book: Path, line: str) -> None:
    result = run(*filled(line, book), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) is not None
    assert "\x1b" not in result.output


@pytest.mark.parametrize("line", READING)
def test_what_only_reads_changes_no_byte(book: Path, line: str) -> None:
    words = filled(line, book)
    before = {name: data for name, data in tree(book.parent).items() if name != "out.csv"}
    ok(*words)
    assert {name: data for name, data in tree(book.parent).items() if name != "out.csv"} == before


@pytest.mark.parametrize("line", [*READING, "rebuild-facts", "erase --person x --reason y --yes"])
def test_what_needs_a_book_makes_none(tmp_path: Path, line: str) -> None:
    words = shlex.split(line.format(out=tmp_path / "out.csv", case="x"))
    result = run(*words, "--store", url(tmp_path / "nowhere.db"))
    assert result.exit_code == 1 and "There is no casebook at this path" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["cases list", "metrics", "verify", "cases show 2022-1 --centre studio"])
@pytest.mark.parametrize("setting", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_a_pipe_gets_no_escape_codes(book: Path, line: str, setting: dict[str, str]) -> None:
    result = run(*filled(line, book), env=setting)
    assert "\x1b" not in result.output


def test_a_terminal_without_colours_gets_none(book: Path) -> None:
    """Through a real terminal, with NO_COLOR."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NO_COLOR": "1", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "community_mediation", "cases", "list", "--store", url(book)]
    done = subprocess.run(command, stdout=follower, stderr=subprocess.PIPE, env=environment)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert done.returncode == 0
    # Bold is no colour.
    assert re.findall(r"\x1b\[(?!1m|0m)", shown) == []


def test_a_narrow_terminal_does_not_cut_the_ids(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that ends in dots cannot be shown, or asked for."""
    (case,) = as_json("cases", "list", "--store", url(book), "--limit", "1")["rows"]
    monkeypatch.setattr(common, "Console", lambda **how: Console(force_terminal=True, width=40, **how))
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    shown = ok("cases", "list", "--store", url(book), "--limit", "1").stdout
    assert case["matter_id"] in shown and "…" not in shown


@pytest.mark.parametrize("line", ["cases list --limit 1000", "schema events", "metrics --list", "--help"])
def test_a_reader_that_goes_away_ends_it_without_a_traceback(book: Path, line: str) -> None:
    words = shlex.split(line) + (["--store", url(book)] if "cases" in line else [])
    command = [sys.executable, "-c", "from community_mediation.cli import main; main()", *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment, text=True)
    os.close(writer)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr, done.stderr


# ---------------------------------------------------------------- stores


@pytest.mark.parametrize(
    ("store", "code", "says"),
    [
        ("cases.db", 2, "Write sqlite:///cases.db"),
        ("folder/cases.db", 2, "Write sqlite:///folder/cases.db"),
        ("postgresql://user:geheim@host/db", 1, "No enabled plugin opens stores of scheme 'postgresql'"),
        ("foo:bar", 1, "No enabled plugin opens stores of scheme 'foo'"),
        ("sqlite://cases.db", 1, "three slashes"),
        ("sqlite:///", 1, "three slashes"),
        ("sqlite:///x.db?mod=ro", 1, "mode=ro"),
        ("sqlite:///.", 1, "not a casebook"),
        ("memory:x", 1, "no name"),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_with_the_remedy(store: str, code: int, says: str) -> None:
    result = run("cases", "list", "--store", store)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr and "geheim" not in result.stderr


def test_a_file_that_is_something_else_is_not_touched(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("mine " * 1000)
    register = tmp_path / "in.csv"
    register.write_text("case_no,reported_at,dispute_type\n1,2022-05-01,x\n")
    for words in (
        ["cases", "list"],
        ["import", str(register), "--zone", "UTC"],
        ["erase", "--person", "x", "--reason", "y", "--yes"],
    ):
        result = run(*words, "--store", url(other))
        assert result.exit_code == 1 and result.stderr.startswith("NotACasebook: ")
    assert other.read_text() == "mine " * 1000


def test_the_store_may_come_from_the_environment(book: Path) -> None:
    assert ok("cases", "list", env={"COMMUNITY_MEDIATION_STORE": url(book)}).stdout


def test_a_plugin_that_is_not_installed_is_named(book: Path) -> None:
    result = run("cases", "list", "--store", url(book), "--plugin", "nothing")
    assert result.exit_code == 1 and "nothing" in result.stderr and result.stderr.startswith("PluginFailed: ")


# ---------------------------------------------------------------- integrity


def test_a_whole_book_verifies_and_gives_an_anchor_that_it_still_keeps(book: Path) -> None:
    found = as_json("verify", "--store", url(book))
    assert found["whole"] is True and found["findings"] == []
    assert ok("verify", "--store", url(book), "--anchor", found["anchor"]).exit_code == 0


@pytest.mark.parametrize(
    "line",
    ["verify --store {book}", "copy --from {book} --to {book}.copy", "backup --store {book} --to {out} --verify"],
)
def test_a_line_that_tells_an_anchor_is_taken_for_it(book: Path, line: str) -> None:
    """As it comes out of a file into which it was printed; what it says is looked at all the same."""
    printed = ok(*line.format(book=url(book), out=book.parent / "out.db").split()).stdout
    assert ok("verify", "--store", url(book), "--anchor", printed).exit_code == 0
    later = run("verify", "--store", url(book), "--anchor", printed.replace("Anchor: ", "Anchor: 9"))
    assert later.exit_code == 1 and "its end is gone" in later.stdout


def test_a_tampered_book_does_not_verify(book: Path) -> None:
    tampered(book)
    result = run("verify", "--store", url(book), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["whole"], found["anchor"]) == (False, None) and found["findings"]
    plain = run("verify", "--store", url(book), "--no-facts")
    assert plain.exit_code == 1 and "was recorded" in plain.stdout


def test_a_book_without_its_end_does_not_keep_the_anchor(book: Path) -> None:
    anchor = as_json("verify", "--store", url(book))["anchor"]
    result = run("verify", "--store", url(book), "--anchor", "9999:" + anchor.partition(":")[2])
    assert result.exit_code == 1 and "its end is gone" in result.stdout


@pytest.mark.parametrize("anchor", ["", "x", "1:2", ":", "-1:" + "0" * 64, "Anchor: x"])
def test_an_anchor_that_is_none_is_refused(book: Path, anchor: str) -> None:
    result = run("verify", "--store", url(book), "--anchor", anchor)
    assert result.exit_code == 1 and result.stderr.startswith("InvalidQuery: ")
    assert "the command verify prints" in result.stderr


def test_facts_are_rebuilt_to_what_they_were(book: Path) -> None:
    before = ok("metrics", "--store", url(book), "--json").stdout
    assert as_json("rebuild-facts", "--store", url(book))["rows"] > 0
    assert ok("metrics", "--store", url(book), "--json").stdout == before


@pytest.mark.parametrize(
    ("line", "label", "times"),
    [
        ("verify", "Verifying", 2),
        ("verify --no-facts", "Verifying", 1),
        ("rebuild-facts", "Rebuilding", 1),
        ("backup --to {out} --verify", "Verifying", 2),
    ],
)
def test_what_takes_minutes_shows_how_far_it_is(
    book: Path, monkeypatch: pytest.MonkeyPatch, line: str, label: str, times: int
) -> None:
    """Its bar is at its end when the work is."""
    total = times * int(as_json("verify", "--store", url(book))["entries"])
    told: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(label: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: told.append((label, done, total))

    for module in (care, verifying):
        monkeypatch.setattr(module, "progress_bar", bar)
    ok(*filled(line, book))
    assert (label, total, total) in told
    assert {each for *_, each in told} == {total}


def test_health_says_each_weakness_with_its_remedy(book: Path) -> None:
    for finding in as_json("health", "--store", url(book)):
        assert finding["code"] and finding["message"] and finding["remedy"]


# ---------------------------------------------------------------- erasure


def erase(book: Path) -> list[object]:
    """Erase the words of the first case."""
    case = as_json("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))["id"]
    return ["erase", "--person", case, "--reason", "asked for", "--store", url(book)]


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_erasing_asks_and_no_is_no(book: Path, answer: str) -> None:
    before = as_json("verify", "--store", url(book))["anchor"]
    result = run(*erase(book), input=answer)
    assert result.exit_code == 1 and result.stdout == ""
    assert "for good?" in result.stderr
    assert as_json("verify", "--store", url(book))["anchor"] == before


@pytest.mark.parametrize("how", [{"input": "y\n"}, {}])
def test_erasing_removes_the_words_and_the_book_still_verifies(book: Path, how: dict[str, str]) -> None:
    words = erase(book) if how else [*erase(book), "--yes"]
    result = ok(*words, **how)
    assert result.stdout.startswith("Erased ") and "Proof" in result.stderr
    shown = ok("cases", "show", "2022-1", "--centre", "studio", "--store", url(book), "--identified", "check").stdout
    assert "漏水的鹦鹉" not in shown and "旧账鹦鹉" not in shown
    assert "漏水的鹦鹉".encode() not in book.read_bytes()
    assert as_json("verify", "--store", url(book))["whole"] is True


def test_erasing_nobody_is_an_error(book: Path) -> None:
    result = run("erase", "--person", "nobody", "--reason", "why", "--yes", "--store", url(book))
    assert result.exit_code == 1 and result.stderr.startswith("NotFound: ")


def test_erasing_needs_a_reason(book: Path) -> None:
    assert run("erase", "--person", "x", "--yes", "--store", url(book)).exit_code == 2


# ---------------------------------------------------------------- what is there


@pytest.mark.parametrize("what", ["events", "facts", "register"])
def test_schemas_are_json(what: str) -> None:
    assert json.loads(ok("schema", what).stdout)
    assert json.loads(ok("schema").stdout)["$schema"]


def test_the_events_schema_is_that_of_the_codec() -> None:
    named = set(re.findall(r'"((?:case|record)\.[a-z_]+)"', ok("schema", "events").stdout))
    assert {*CASE_EVENTS, *RECORD_EVENTS} <= named
    assert json_schema(dict(CASE_EVENTS))


def test_a_schema_that_is_none_is_a_wrong_call() -> None:
    assert run("schema", "cases").exit_code == 2


def test_the_doctor_does_not_send_for_a_backup_where_nothing_could_be_looked_at(tmp_path: Path) -> None:
    """A server that is down, or a path that is wrong, says nothing of the book."""
    result = run("doctor", "--store", url(tmp_path / "nowhere.db"), "--json")
    (told,) = (each for each in json.loads(result.stdout) if each["severity"] == "error")
    assert "Nothing is known of the book itself" in told["remedy"] and "backup" not in told["remedy"]


def test_the_doctor_finds_a_sound_book_sound(book: Path) -> None:
    found = as_json("doctor", "--store", url(book))
    assert "verify" in {each["code"] for each in found}
    assert not [each for each in found if each["severity"] == "error"]


@pytest.mark.parametrize("harm", ["tampered", "cut", "text", "missing"])
def test_the_doctor_names_what_is_wrong_with_a_book(book: Path, harm: str) -> None:
    if harm == "tampered":
        tampered(book)
    elif harm == "cut":
        book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])
    elif harm == "text":
        book.write_text("no book")
    else:
        book.unlink()
    result = run("doctor", "--store", url(book), "--json")
    assert result.exit_code == 1, result.output
    wrong = [each for each in json.loads(result.stdout) if each["severity"] == "error"]
    assert wrong and all(each["message"] and each["remedy"] for each in wrong)
    assert SECRET not in result.output


def test_the_doctor_says_which_extras_are_missing() -> None:
    code = (
        "import importlib.util as u\n"
        "whole = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'openpyxl' else whole(name, *more)"
    )
    done = process("doctor", code=code)
    assert done.returncode == 0 and "community-mediation[xlsx]" in done.stdout


def test_the_doctor_looks_at_every_extra_that_users_choose() -> None:
    """And at every module that an extra brings."""
    extras: dict[str, list[str]] = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"]

    def modules(extra: str) -> Iterator[str]:
        for requirement in map(Requirement, extras[extra]):
            if requirement.name == "community-mediation":
                for each in requirement.extras:
                    yield from modules(each)
            else:
                yield {"vl-convert-python": "vl_convert"}.get(requirement.name, requirement.name)

    wanted = {each: set(modules(each)) for each in extras.keys() - {"all", "bench", "dev", "docs", "test"}}
    assert {extra: set(brought) for extra, brought in doctor.EXTRAS.items()} == wanted


def test_the_doctor_shows_how_far_its_verifying_is(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes minutes on a large book."""
    seen: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(label: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: seen.append((label, done, total))

    monkeypatch.setattr(verifying, "progress_bar", bar)
    last = as_json("verify", "--store", url(book))["entries"]
    ok("doctor", "--store", url(book))
    label, done, total = seen[-1]
    assert (label, done) == ("Verifying", total) and total >= last


def test_the_doctor_does_not_verify_where_that_is_not_wanted(book: Path) -> None:
    """And says so."""
    tampered(book)
    told = {each["code"]: each for each in as_json("doctor", "--store", url(book), "--no-verify")}
    assert told["verify"]["message"] == "The book was not verified."


def test_figures_without_their_packages_name_the_extra(book: Path) -> None:
    code = "import sys\nsys.modules['narwhals'] = sys.modules['polars'] = None"
    done = process("metrics", "--store", url(book), code=code)
    assert done.returncode == 1 and done.stdout == ""
    assert "community-mediation[metrics]" in done.stderr and "Traceback" not in done.stderr
