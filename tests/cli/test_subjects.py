"""subjects: holds and restrictions on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import as_json, ok, run, url

WHY = ("--reason", "why")


@pytest.fixture
def about(book: Path) -> tuple[str, ...]:
    """What names a subject of the book, and the book."""
    case = as_json("cases", "show", "2022-2", "--centre", "studio", "--store", url(book))["id"]
    return ("--person", case, "--store", url(book))


def test_a_hold_refuses_an_erasure_until_it_is_lifted(about: tuple[str, ...]) -> None:
    """The error is one line, with the name of the hold and what to do."""
    ok("subjects", "hold", *about, "--hold", "court-17", *WHY)
    assert as_json("subjects", "holds", *about[2:]) == [{"subject": about[1], "hold": "court-17"}]
    assert ok("subjects", "state", *about).stdout == "active, hold court-17\n"
    refused = run("erase", *about, *WHY, "--yes")
    assert refused.exit_code == 1 and refused.output.startswith("LegalHold: ") and "court-17" in refused.output
    ok("subjects", "lift-hold", *about, "--hold", "court-17", *WHY)
    ok("erase", *about, *WHY, "--yes")
    assert as_json("subjects", "state", *about) == {"state": "erased", "holds": []}


def test_a_restriction_is_put_on_and_lifted(about: tuple[str, ...]) -> None:
    ok("subjects", "restrict", *about, *WHY)
    assert as_json("subjects", "state", *about)["state"] == "restricted"
    ok("subjects", "lift-restriction", *about, *WHY)
    assert as_json("subjects", "state", *about)["state"] == "active"


def test_what_does_not_stand_cannot_be_lifted(about: tuple[str, ...]) -> None:
    for words in (("lift-hold", "--hold", "x"), ("lift-restriction",)):
        refused = run("subjects", words[0], *about, *words[1:], *WHY)
        assert refused.exit_code == 1 and refused.output.startswith("NotFound: ")


def test_a_restricted_party_is_in_no_identified_view(book: Path, about: tuple[str, ...]) -> None:
    """Neither in ``cases show`` nor in an export, with whatever reason; before, both have the name."""

    def views(name: str) -> list[str]:
        out = book.parent / name
        ok("export", "--store", url(book), "--out", str(out), "--identified", "why")
        shown = ok("cases", "show", about[1], "--store", url(book), "--identified", "why").stdout
        return [shown, out.read_text("utf-8")]

    case = as_json("cases", "show", about[1], "--store", url(book), "--identified", "why")
    (name,) = {each["name"] for each in case["parties"]}
    assert all(name in view for view in views("before.csv"))
    for party in case["parties"]:
        ok("subjects", "restrict", "--person", f"{about[1]}/{party['id']}", "--store", url(book), *WHY)
    assert not any(name in view for view in views("after.csv"))
