"""A sound report format, and formats with one planted fault each."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import pytest

from community_mediation.ports import (
    Audience,
    CrossFoot,
    Figure,
    Finding,
    Label,
    Relation,
    Report,
    ReportColumn,
    ReportFormat,
    ReportRequest,
    ReportTable,
    Severity,
)
from community_mediation.testing import ReportFormatConformance
from community_mediation.testing.books import CANARY

Rows = Sequence[Mapping[str, Any]]
TITLE = Label("Cases and endings", "案件与结案")


class Endings:
    """How many cases there are, and how many of them are known to have ended."""

    name = "test.endings"
    version = 1
    title = TITLE
    audience = Audience.SUPERVISOR
    sources: Sequence[str] = ("An invented form, line 3",)

    def render(self, request: ReportRequest) -> Report:
        rows = list(request.rows("case"))
        table = ReportTable(
            name="endings",
            title=TITLE,
            columns=tuple(ReportColumn(name=name, label=Label(name)) for name in self.row(rows)),
            rows=(self.row(rows),),
            rules=self.rules(),
        )
        return Report(
            format=self.name,
            version=self.version,
            title=self.title,
            audience=self.audience,
            period=request.period,
            tables=(table,),
            sources=tuple(self.sources),
            generated_from=self.origin(),
            findings=self.findings(rows),
        )

    def row(self, rows: Rows) -> dict[str, Figure]:
        ended = self.ended(rows)
        return {"cases": len(rows) or None, "ended": ended, "rest": None if ended is None else len(rows) - ended}

    def ended(self, rows: Rows) -> int | None:
        known = [row for row in rows if row["concluded"] != "unknown"]
        return sum(row["concluded"] == "at" for row in known) if known else None

    def rules(self) -> tuple[CrossFoot, ...]:
        return (CrossFoot(column="cases", relation=Relation.EQUALS, parts=("ended", "rest")),)

    def origin(self) -> str:
        return "the book"

    def findings(self, rows: Rows) -> tuple[Finding, ...]:
        return ()


class Noughts(Endings):
    def ended(self, rows: Rows) -> int | None:
        return sum(1 for row in rows if row["concluded"] == "at")


class Shares(Endings):
    def row(self, rows: Rows) -> dict[str, Figure]:
        return {**super().row(rows), "share": (self.ended(rows) or 0) / (len(rows) or 1)}  # type: ignore[dict-item]


class Truths(Endings):
    def row(self, rows: Rows) -> dict[str, Figure]:
        return {**super().row(rows), "any": bool(rows)}


class Double(Endings):
    def row(self, rows: Rows) -> dict[str, Figure]:
        row = super().row(rows)
        return {**row, "cases": len(rows) + len(rows)}


class Dividing(Endings):
    def origin(self) -> str:
        return "the book"

    def row(self, rows: Rows) -> dict[str, Figure]:
        return {**super().row(rows), "percent": 100 * (self.ended(rows) or 0) // len(rows)}


class Strict(Endings):
    def ended(self, rows: Rows) -> int | None:
        days: list[dt.date] = [row["concluded_on"] for row in rows if row["concluded"] == "at"]
        return sum(day.year > 2000 for day in days) or None


class Ordered(Endings):
    def row(self, rows: Rows) -> dict[str, Figure]:
        return {**super().row(rows), "first": rows[0]["matter_id"] if rows else None}


class Counting(Endings):
    runs = itertools.count()

    def origin(self) -> str:
        return f"run {next(self.runs)}"


class Naming(Endings):
    def findings(self, rows: Rows) -> tuple[Finding, ...]:
        return (Finding("odd", Severity.INFO, f"{CANARY} has two cases."),) if rows else ()


class Foreign(Endings):
    title = Label("Cases and endings")


class Unsourced(Endings):
    sources = ()


class Letters(Endings):
    sources = "Form 3"


class Other(Endings):
    def render(self, request: ReportRequest) -> Report:
        return attrs.evolve(super().render(request), format="something else")


class NoParts(Endings):
    def rules(self) -> tuple[CrossFoot, ...]:
        return (CrossFoot(column="cases", relation=Relation.AT_LEAST, parts=()),)


class Timeless(Endings):
    def render(self, request: ReportRequest) -> Report:
        return attrs.evolve(super().render(request), period=None)


class Sound(ReportFormatConformance):
    kind: type[Endings] = Endings

    @pytest.fixture
    def report_format(self) -> ReportFormat:
        return self.kind()


class TestSound(Sound):
    pass


class TestTrueNoughts(Sound):
    """What is a true nought is named."""

    kind = Noughts

    @pytest.fixture
    def true_noughts(self) -> frozenset[str]:
        return frozenset({"ended"})


class TestNothing(ReportFormatConformance):
    """Gives nothing."""


for _kind in Endings.__subclasses__():
    _name = f"Test{_kind.__name__}"
    globals()[_name] = type(_name, (Sound,), {"kind": _kind})
