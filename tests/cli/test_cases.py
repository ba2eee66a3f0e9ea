"""cases list, show and history; metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import SECRET, as_json, ok, run, url


def numbers(book: Path, *arguments: object) -> list[str]:
    """The numbers of a page."""
    return [row["case_no"] for row in as_json("cases", "list", "--store", url(book), *arguments)["rows"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ([], ["2022-5", "2022-4", "2022-3", "2022-2", "2022-1"]),
        (["centre=studio"], ["2022-3", "2022-2", "2022-1"]),
        (["centre=studio", "dispute_type=family"], ["2022-2"]),
        (["conclusion="], ["2022-5", "2022-3"]),
        (["reported_on=2022-05-01..2022-06-01"], ["2022-2", "2022-1"]),
        (["reported_on=2022-06-02.."], ["2022-5", "2022-4"]),
        (["reported_on=..2022-05-02"], ["2022-1"]),
        (["reported_on=2022-06-01"], ["2022-3"]),
        (["parties=2"], ["2022-2", "2022-1"]),
        (["parties=1..3"], ["2022-3", "2022-2", "2022-1"]),
        (["on_the_spot=no", "centre=other"], ["2022-5", "2022-4"]),
        (["centre=nowhere"], []),
        (["centre=a=b"], []),
    ],
)
def test_conditions_filter_by_value_emptiness_and_range(book: Path, where: list[str], found: list[str]) -> None:
    assert numbers(book, *(word for each in where for word in ("--where", each))) == found


@pytest.mark.parametrize(
    "where",
    ["nothing", "=x", "cases=1", "parties=two", "reported_on=2022", "reported_at=2022-05-01", "on_the_spot=maybe",
     "amount_claimed=NaN", "amount_claimed=sNaN", f"parties={'9' * 5000}", f"parties={'9' * 30}", "parties=1..x",
     "reported_on=2022-05-01..x", "parties=\x00"],
)  # fmt: skip
def test_a_condition_that_fits_no_column_is_a_typed_error(book: Path, where: str) -> None:
    result = run("cases", "list", "--store", url(book), "--where", where)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert result.stderr.startswith("InvalidQuery: ")


def test_pages_go_on_by_their_cursor_until_the_end(book: Path) -> None:
    seen: list[str] = []
    after: list[object] = []
    while True:
        page = as_json("cases", "list", "--store", url(book), "--limit", 2, "--order-by", "reported_on", *after)
        seen += [row["case_no"] for row in page["rows"]]
        if page["after"] is None:
            break
        after = ["--after", page["after"]]
    assert seen == ["2022-1", "2022-2", "2022-3", "2022-4", "2022-5"]
    shown = ok("cases", "list", "--store", url(book), "--limit", 2)
    assert "More: --after " in shown.stderr and len(shown.stdout.splitlines()) == 3


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "1001"], ["--limit", "x"]])
def test_a_page_has_one_to_a_thousand_rows(book: Path, arguments: list[str]) -> None:
    assert run("cases", "list", "--store", url(book), *arguments).exit_code == 2


def test_a_cursor_that_is_none_is_refused(book: Path) -> None:
    result = run("cases", "list", "--store", url(book), "--after", "xyz")
    assert result.exit_code == 1 and result.stderr.startswith("InvalidQuery: ")


def test_a_case_is_shown_without_names_unless_a_reason_is_given_and_recorded(book: Path) -> None:
    before = as_json("verify", "--store", url(book))["entries"]
    show = ("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))
    for shown in (ok(*show).stdout, ok(*show, "--json").stdout):
        assert SECRET not in shown and "1980" not in shown
        assert "settled" in shown and "neighbour" in shown
    assert as_json("verify", "--store", url(book))["entries"] == before
    shown = ok(*show, "--identified", "the court asked", "--account", "office").stdout
    assert shown.count(SECRET) >= 3
    (event,) = [
        each for each in as_json("cases", "history", "book", "--store", url(book)) if each["event"] == "Disclosed"
    ]
    assert event["by"] == "office"
    assert "the court asked" not in ok("cases", "history", "book", "--store", url(book)).output


def test_a_case_is_shown_as_it_was_and_as_it_was_known(book: Path) -> None:
    show = ("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))
    assert as_json(*show)["conclusion"] == "settled"
    then: dict[str, Any] = as_json(*show, "--valid-at", "2022-05-02")
    assert then["conclusion"] is None and then["process"] == "accepted"
    assert run(*show, "--known-at", "2022-05-02").exit_code == 1
    assert run(*show, "--valid-at", "2021-01-01").exit_code == 1


@pytest.mark.parametrize("point", ["yesterday", "2022-13-01", "2022-05-01T10:00", "", "unknown"])
def test_a_point_in_time_that_is_none_is_a_wrong_call(book: Path, point: str) -> None:
    result = run("cases", "show", "x", "--store", url(book), "--valid-at", point)
    assert result.exit_code == 2 and "Times look like" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "nobody"],
        ["history", "nobody"],
        ["show", "2022-1", "--centre", "none"],
        ["history", "2022-1", "--centre", "none"],
    ],
)
def test_a_case_that_is_not_there_is_not_found(book: Path, arguments: list[str]) -> None:
    result = run("cases", *arguments, "--store", url(book))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("NotFound: ")


def test_a_name_that_was_asked_for_in_vain_is_not_disclosed_in_the_journal(book: Path) -> None:
    before = book.read_bytes()
    assert run("cases", "show", "nobody", "--identified", "why", "--store", url(book)).exit_code == 1
    assert as_json("verify", "--store", url(book))["whole"] is True
    assert len(before) == book.stat().st_size


def test_the_history_says_what_when_and_by_whom(book: Path) -> None:
    case = as_json("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))
    (event,) = as_json("cases", "history", case["id"], "--store", url(book))
    assert (event["number"], event["event"], event["by"]) == (1, "Registered", "command-line")
    assert event["at"] == "2022-05-01[Asia/Shanghai]"
    table = ok("cases", "history", case["id"], "--store", url(book)).stdout.splitlines()
    assert table[0].split("\t")[:3] == ["number", "event", "at"] and len(table) == 2


def test_a_history_is_asked_for_by_the_number_on_the_papers_too(book: Path) -> None:
    """As a case is shown by it."""
    named = ("2022-1", "--centre", "studio", "--store", url(book))
    case = as_json("cases", "show", *named)
    assert as_json("cases", "history", *named) == as_json("cases", "history", case["id"], "--store", url(book))


# ---------------------------------------------------------------- metrics


def metrics(book: Path, *arguments: object) -> str:
    """What metrics prints."""
    return ok("metrics", "--store", url(book), *arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--period", "2022-Q2"],
        ["--period", "2022", "--by", "dispute_type", "--by", "centre"],
        ["--valid-at", "2022-05-10"],
        ["--known-at", "2099-01-01"],
        ["--metric", "agreement_of_concluded", "--interval", "exact", "--on-the-spot", "as_recorded"],
        ["--lang", "zh"],
    ],
)
def test_figures_are_the_same_to_the_byte_on_every_run(book: Path, arguments: list[str]) -> None:
    assert metrics(book, *arguments) == metrics(book, *arguments)
    first = metrics(book, *arguments, "--json")
    assert first == metrics(book, *arguments, "--json")
    assert json.loads(first)


def test_the_outcome_before_and_after_the_ending_differ(book: Path) -> None:
    assert metrics(book, "--valid-at", "2022-05-02", "--json") != metrics(book, "--json")


def test_a_book_known_as_of_before_it_began_has_no_cases(book: Path) -> None:
    found = metrics(book, "--known-at", "2020-01-01", "--metric", "reported", "--json")
    assert json.loads(found)


def test_the_catalogue_is_listed_without_a_book() -> None:
    listed = json.loads(ok("metrics", "--list", "--json").stdout)
    assert {"agreement_of_concluded", "reported"} <= {each["name"] for each in listed}
    assert len(ok("metrics", "--list").stdout.splitlines()) == len(listed) + 1


def test_explaining_goes_to_stdout_with_the_figures(book: Path) -> None:
    assert len(metrics(book, "--explain")) > len(metrics(book))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--period", "2022-Q9"], 2), (["--by", "nothing"], 1), (["--metric", "nothing"], 1), (["--interval", "x"], 2)],
)
def test_a_question_that_cannot_be_answered_is_told(book: Path, arguments: list[str], code: int) -> None:
    result = run("metrics", "--store", url(book), *arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output


def test_without_a_store_the_call_is_wrong() -> None:
    result = run("metrics")
    assert result.exit_code == 2 and "--store" in result.stderr
