"""Forms and papers from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import SECRET, as_json, ok, run, url
from tests.cli.test_parts import Install, install
from tests.plugins.sources import HEAD

__all__ = ["install"]

FORM = (
    HEAD
    + """
from community_mediation.ports import (
    Audience, CrossFoot, Label, Relation, Report, ReportColumn, ReportTable,
)

COLUMNS = tuple(ReportColumn(name=each, label=Label(each)) for each in ("total", "one", "two"))


class Form:
    name, version, title, audience, sources = "form", 1, Label("Form"), Audience.PUBLIC, ("an invented form",)

    def render(self, request):
        if "fail" in request.options:
            raise RuntimeError("canary")
        row = {"total": 3, "one": 1, "two": int(request.options.get("two", "2"))}
        rule = CrossFoot(column="total", relation=Relation.EQUALS, parts=("one", "two"), source="note 1")
        table = ReportTable(name="t", title=Label("Table"), columns=COLUMNS, rows=(row,), rules=(rule,))
        return Report(format=self.name, version=1, title=self.title, audience=self.audience, period=request.period,
                      tables=(table,))


@hookimpl
def mediation_report_formats():
    return [Form()]
"""
)


def case_id(book: Path) -> str:
    """The id of the first case."""
    (row,) = as_json("cases", "list", "--store", url(book), "--where", "dispute_type=neighbour", "--limit", "1")["rows"]
    return str(row["matter_id"])


def test_the_formats_of_the_core_are_listed() -> None:
    rows = {row["name"]: row["what"] for row in as_json("formats")}
    assert {"report", "document"} == {*rows.values()}


@pytest.mark.parametrize("form", ["xlsx", "html", "json", "csv"])
def test_every_report_format_of_the_core_is_written(book: Path, tmp_path: Path, form: str) -> None:
    for row in as_json("formats"):
        if row["what"] == "report":
            out = tmp_path / f"{row['name']}.{form}"
            shown = ok("report", row["name"], "--store", url(book), "--period", "2022", "--out", out).stdout
            assert all(Path(line).stat().st_size for line in shown.splitlines())
            assert SECRET not in out.read_bytes().decode("utf-8", "replace") or form == "xlsx"


def test_every_paper_of_the_core_is_written_and_its_disclosure_recorded(book: Path, tmp_path: Path) -> None:
    """A paper names people: the journal says that it left the book."""
    id = case_id(book)
    before = as_json("verify", "--store", url(book))["entries"]
    papers = [row["name"] for row in as_json("formats") if row["what"] == "document"]
    written = 0
    for name in papers:
        result = run("document", name, "--case", id, "--store", url(book), "--out", tmp_path / f"{name}.html")
        if result.exit_code == 0:
            written += 1
            assert (tmp_path / f"{name}.html").stat().st_size
    assert written
    assert as_json("verify", "--store", url(book))["entries"] == before + written


def test_a_paper_is_asked_for_by_the_number_on_the_papers_too(book: Path, tmp_path: Path) -> None:
    """As a case is shown by it."""
    words = ("document", "case-summary", "--store", url(book))
    id = as_json("cases", "show", "2022-1", "--centre", "studio", "--store", url(book))["id"]
    ok(*words, "--case", id, "--out", tmp_path / "id.txt")
    ok(*words, "--case", "2022-1", "--centre", "studio", "--out", tmp_path / "number.txt")
    assert (tmp_path / "number.txt").read_bytes() == (tmp_path / "id.txt").read_bytes()


def test_a_report_that_does_not_foot_is_written_and_told(install: Install, book: Path, tmp_path: Path) -> None:
    install("forms", FORM)
    common = ("report", "form", "--store", url(book), "--plugin", "forms")
    good = ok(*common, "--check")
    assert good.stderr == ""
    result = run(*common, "--option", "two=3", "--out", tmp_path / "form.json", "--check")
    assert result.exit_code == 1
    assert "total must equal one + two" in result.stderr
    assert (tmp_path / "form.json").exists()
    # Without --check it is told, and is no failure.
    shown = as_json(*common, "--option", "two=3", "--out", tmp_path / "again.json")
    assert [each["code"] for each in shown["findings"]] == ["report.does_not_foot"]
    assert json.loads((tmp_path / "again.json").read_text("utf-8"))


def test_a_centre_that_the_book_does_not_know_is_told_and_fails_the_check(book: Path, tmp_path: Path) -> None:
    """A misspelt name gave an empty report that looked sound."""
    common = ("report", "outcomes", "--store", url(book), "--out", tmp_path / "out.json", "--overwrite")
    row = as_json("cases", "list", "--store", url(book), "--limit", "1")["rows"][0]
    known = as_json(*common, "--centre", row["centre"])["findings"]
    shown = as_json(*common, "--centre", "nope")["findings"]
    assert "report.unknown_centre" not in [each["code"] for each in known]
    assert shown[0]["code"] == "report.unknown_centre"
    assert "'nope'" in shown[0]["message"]
    assert run(*common, "--centre", "nope", "--check").exit_code == 1


def test_a_format_that_fails_names_its_plugin(install: Install, book: Path) -> None:
    install("forms", FORM)
    result = run("report", "form", "--store", url(book), "--plugin", "forms", "--option", "fail=1", "--check")
    assert result.exit_code == 1
    assert "'form', which plugin 'forms' brings, failed: RuntimeError" in result.stderr
    assert "canary" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["report", "nothing", "--check"], 1, "There is no report format 'nothing'. There are: "),
        (["report", "outcomes"], 2, "Say with --out where to write"),
        (["report", "outcomes", "--check", "--option", "by"], 2, "--option takes NAME=VALUE"),
        (["document", "nothing", "--case", "x", "--out", "x.html"], 1, "There is no kind of document 'nothing'"),
        (["document", "case-summary", "--case", "no-such", "--out", "x.html"], 1, "The book has no matter 'no-such'"),
    ],
)
def test_what_cannot_be_asked_is_told(book: Path, arguments: list[str], code: int, says: str) -> None:
    result = run(*arguments, "--store", url(book))
    assert (result.exit_code, says in result.stderr) == (code, True), result.stderr
    assert not Path("x.html").exists()
