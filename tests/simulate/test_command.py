"""The command `simulate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import community_mediation as cm
from community_mediation import samples
from tests.cli.helpers import as_json, ok, process, run, url


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COMMUNITY_MEDIATION_STORE", raising=False)
    monkeypatch.delenv("COMMUNITY_MEDIATION_SETTINGS", raising=False)
    monkeypatch.chdir(tmp_path)


def test_it_writes_a_whole_book_with_the_times_of_the_simulation(tmp_path: Path) -> None:
    done = ok("simulate", "--cases", 40, "--seed", 7, "--store", url(tmp_path / "a.db"))
    assert done.stdout.startswith("40 invented cases in 1 centre, saved ")
    assert done.stdout.endswith("19 centres, mediators and persons. Seed 7.\n")
    new, last = done.stderr.splitlines()
    assert new == f"A new book was made: {tmp_path / 'a.db'}"
    assert last == "Go on: community-mediation metrics, with the same --store."
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        assert book.verify().is_whole
        assert {entry.recorded_at.year for entry in book.log()} == {2021, 2022}
        assert sum(1 for _ in book.matters("case")) == 40


def test_json_is_all_there_is_on_stdout(tmp_path: Path) -> None:
    told = as_json("simulate", "--cases", 5, "--seed", 3, "--store", url(tmp_path / "a.db"))
    assert told["cases"] == 5
    assert told["seed"] == 3
    assert set(told) == {"cases", "records", "saves", "seed", "source"}


def test_the_same_options_give_the_same_cases(tmp_path: Path) -> None:
    def told(name: str, *more: object) -> list[object]:
        ok("simulate", "--cases", 8, "--store", url(tmp_path / name), *more)
        with cm.open_casebook(url(tmp_path / name), readonly=True) as book:
            return [case.events for case in book.matters("case")]

    assert told("a.db") == told("b.db")
    assert told("c.db", "--seed", 2) != told("d.db")


def test_at_once_every_case_is_one_entry(tmp_path: Path) -> None:
    told = as_json("simulate", "--cases", 12, "--at-once", "--runs-on", 500, "--store", url(tmp_path / "a.db"))
    assert told["saves"] == told["cases"] == 12
    assert "\t0" not in ok("metrics", "--store", url(tmp_path / "a.db"), "--json").stdout


def test_a_country_in_a_period(tmp_path: Path) -> None:
    ok(
        "simulate",
        "--cases",
        20,
        "--centres",
        10,
        "--period",
        "2023-Q1",
        "--at-once",
        "--store",
        url(tmp_path / "a.db"),
    )
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        days = book.facts("case").to_polars()["reported_on"].to_list()
        assert {(day.year, (day.month - 1) // 3) for day in days} == {(2023, 0)}
        assert sum(1 for _ in book.matters("centre")) == 10


def test_fitted_to_a_file_it_has_as_many_cases_as_were_published(tmp_path: Path) -> None:
    counts = tmp_path / "counts.toml"
    counts.write_text('source = "invented"\n[endings]\nsettled = 9\nrefused = 3\n', "utf-8")
    told = as_json("simulate", "--fit", counts, "--at-once", "--store", url(tmp_path / "a.db"))
    assert (told["cases"], told["source"]) == (12, "invented")
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        ends = sorted(book.facts("case").to_polars()["conclusion"].to_list())
        assert ends == ["refused"] * 3 + ["settled"] * 9


def test_fitted_to_the_shipped_table_with_fewer_cases(tmp_path: Path) -> None:
    sample = samples.path("china_2000.toml")
    ok("simulate", "--fit", sample, "--cases", 50, "--at-once", "--store", url(tmp_path / "a.db"))
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        kinds = book.facts("case").to_polars()["dispute_type"].to_list()
        assert (kinds.count("marriage"), kinds.count("neighbour"), len(kinds)) == (9, 7, 50)


def test_a_book_that_holds_cases_is_refused_and_left_alone(tmp_path: Path) -> None:
    ok("simulate", "--cases", 3, "--store", url(tmp_path / "a.db"))
    before = ok("verify", "--store", url(tmp_path / "a.db")).stdout
    again = run("simulate", "--cases", 3, "--store", url(tmp_path / "a.db"))
    assert again.exit_code == 1
    assert "the book holds cases already" in again.stderr
    assert "--add" in again.stderr and "@" not in again.stderr
    assert ok("verify", "--store", url(tmp_path / "a.db")).stdout == before
    ok("simulate", "--cases", 3, "--seed", 2, "--add", "--store", url(tmp_path / "a.db"))


def test_stopped_half_way_it_says_what_the_book_holds_and_to_begin_anew(tmp_path: Path) -> None:
    """And does not advise to add the rest, which has the same ids."""
    code = (
        "import os, signal\n"
        "from community_mediation.casebook import Casebook\n"
        "whole, calls = Casebook.add_all, []\n"
        "def add_all(self, matters):\n"
        "    calls.append(whole(self, matters))\n"
        "    if len(calls) == 60:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return calls[-1]\n"
        "Casebook.add_all = add_all\n"
    )
    done = process("simulate", "--cases", 600, "--store", url(tmp_path / "a.db"), code=code)
    assert (done.returncode, done.stdout) == (1, "")
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        held = sum(1 for _ in book.matters("case"))
    assert f"Stopped. The book holds {held} cases now, and half a simulation" in done.stderr
    assert "begin anew, in another book" in done.stderr
    assert "--add" not in done.stderr and "Traceback" not in done.stderr


def test_a_region_that_nobody_brings_is_refused(tmp_path: Path) -> None:
    result = run("simulate", "--cases", 3, "--region", "atlantis", "--store", url(tmp_path / "a.db"))
    assert result.exit_code == 1
    assert "There is no region 'atlantis'. There are: neutral." in result.stderr
    assert not (tmp_path / "a.db").exists(), "an empty book was left"


def test_the_centres_name_the_region(tmp_path: Path) -> None:
    ok("simulate", "--cases", 3, "--region", "neutral", "--store", url(tmp_path / "a.db"))
    with cm.open_casebook(url(tmp_path / "a.db"), readonly=True) as book:
        assert [centre.details.region for centre in book.matters("centre")] == ["neutral"]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--cases", "many"), 2, "not a valid integer"),
        (("--cases", -1), 1, "@ $.cases."),
        (("--seed", -1), 1, "@ $.seed."),
        (("--centres", 0), 1, "@ $.centres."),
        (("--period", "soon"), 2, "Not a period"),
        (("--fit", "nowhere.toml"), 1, "nowhere.toml: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    tmp_path: Path, options: tuple[object, ...], code: int, says: str
) -> None:
    result = run("simulate", *options, "--store", url(tmp_path / "a.db"))
    assert result.exit_code == code
    assert says in result.stderr
    assert not (tmp_path / "a.db").exists()


def test_as_a_program_it_keeps_data_and_talk_apart(tmp_path: Path) -> None:
    done = process("simulate", "--cases", 2, "--json", "--store", url(tmp_path / "a.db"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["cases"] == 2
    assert done.stderr == f"A new book was made: {tmp_path / 'a.db'}\n"
