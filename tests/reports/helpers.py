"""Tables, reports and pages that the tests of this room share."""

from __future__ import annotations

import functools
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from community_mediation import samples
from community_mediation.casebook import open_casebook
from community_mediation.metrics import ResultTable, table
from community_mediation.registers import import_register
from community_mediation.reports import OutcomeReport, Sheet

HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script> {{ 7*7 }} https://example.org \u202e\x00'
"""A text that tries to be a formula, a script, a template, a link and a text in the other direction."""


@functools.cache
def studio() -> pl.DataFrame:
    """The facts of the sample register."""
    with open_casebook("memory:") as book:
        import_register(book, samples.path("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
        frame: pl.DataFrame = book.facts("case").to_polars()
        return frame


def outcomes(**options: Any) -> ResultTable:
    """The outcome table of the sample register."""
    return table(studio(), **options)


def unknown() -> ResultTable:
    """Cases of which nobody knows how they ended."""
    facts = studio().with_columns(
        agreement=pl.lit("unknown"), conclusion=pl.when(pl.col("concluded") == "at").then(pl.lit("unknown"))
    )
    return table(facts, metrics="agreement_of_reported")


def report(*tables: ResultTable, **texts: Any) -> OutcomeReport:
    """A report of these tables."""
    sections = tuple(Sheet(f"Table {i}", each, ("A note.",)) for i, each in enumerate(tables or (outcomes(),), 1))
    return OutcomeReport(**{"title": "A title", "sections": sections, **texts})


def hostile() -> OutcomeReport:
    """A report whose every text is hostile, groups included."""
    facts = studio().with_columns(channel=pl.lit(HOSTILE))
    found = table(facts, by="channel", metrics=["reported", "agreement_of_reported"])
    return OutcomeReport(
        title=HOSTILE,
        subtitle=HOSTILE,
        sections=(Sheet(HOSTILE, found, (HOSTILE,)),),
        sources=(HOSTILE,),
        generated_from=HOSTILE,
    )


def first_sheet(path: Path) -> Any:
    """The first sheet of a workbook."""
    return openpyxl.load_workbook(path).worksheets[0]


def cells(path: Path) -> list[Any]:
    """Every cell of the first sheet that holds something."""
    return [cell for row in first_sheet(path).iter_rows() for cell in row if cell.value is not None]


class Page(HTMLParser):
    """A page taken apart: its tags with their attributes, and its text by the tag around it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.unclosed: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.unclosed[-1] if self.unclosed else "", data))
