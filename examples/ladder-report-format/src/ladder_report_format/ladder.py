"""The format: columns, rules, and how a case falls into them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from community_mediation.ports import (
    Audience,
    CrossFoot,
    Figure,
    Finding,
    Label,
    Relation,
    Report,
    ReportColumn,
    ReportRequest,
    ReportTable,
    Severity,
    SumOfRows,
)

Case = Mapping[str, Any]
SOURCE: Final = "An invented form: how far cases came"
TOTAL: Final = "(total)"

COLUMNS: Final = (
    ReportColumn(name="centre", label=Label("Centre", "调委会")),
    ReportColumn(name="reported", label=Label("Reported", "登记"), unit="件", doc="Cases, void ones left out."),
    ReportColumn(name="accepted", label=Label("Accepted", "受理"), unit="件"),
    ReportColumn(name="begun", label=Label("Mediation begun", "启动调解"), unit="件"),
    ReportColumn(name="concluded", label=Label("Concluded", "办结"), unit="件"),
    ReportColumn(name="settled", label=Label("Settled", "达成协议"), unit="件", doc="In full or in part."),
    ReportColumn(name="not_settled", label=Label("Not settled", "未达成协议"), unit="件"),
    ReportColumn(name="ended_unknown", label=Label("Ended, unknown how", "结果不明"), unit="件"),
    ReportColumn(name="open", label=Label("Open", "未结"), unit="件"),
    ReportColumn(name="unknown", label=Label("Unknown whether it ended", "是否办结不明"), unit="件"),
)
FIGURES: Final = tuple(column.name for column in COLUMNS if column.unit)
ENDINGS: Final = {"full": "settled", "partial": "settled", "none": "not_settled"}
RULES: Final = (
    CrossFoot(column="reported", relation=Relation.EQUALS, parts=("concluded", "open", "unknown"), source=SOURCE),
    CrossFoot(
        column="concluded", relation=Relation.EQUALS, parts=("settled", "not_settled", "ended_unknown"), source=SOURCE
    ),
)


class LadderReport:
    """How far the cases of each centre came."""

    name: Final = "example.ladder"
    version: Final = 1
    title: Final = Label("How far cases came", "案件进展表")
    audience: Final = Audience.INTERNAL
    sources: Final = (SOURCE,)

    def render(self, request: ReportRequest) -> Report:
        """One row for each centre, and a total."""
        cases, findings = chosen(request)
        centres = sorted({str(case["centre"]) for case in cases})
        rows: list[dict[str, Figure]] = [
            {"centre": centre, **row_of([case for case in cases if case["centre"] == centre])} for centre in centres
        ]
        rows.append({"centre": TOTAL, **row_of(cases)})
        table = ReportTable(
            name="ladder",
            title=self.title,
            columns=COLUMNS,
            rows=tuple(rows),
            rules=RULES,
            sums=(SumOfRows(total=len(centres), parts=tuple(range(len(centres))), columns=FIGURES, source=SOURCE),),
        )
        return Report(
            format=self.name,
            version=self.version,
            title=self.title,
            audience=self.audience,
            period=request.period,
            lang=request.lang,
            tables=(table,),
            sources=self.sources,
            generated_from="the facts table case",
            findings=tuple(findings),
        )


def chosen(request: ReportRequest) -> tuple[list[Case], list[Finding]]:
    """The cases that the report is about, and what was left out of them."""
    left_out: Counter[str] = Counter()
    cases = []
    for case in request.rows("case"):
        if request.centres and case["centre"] not in request.centres:
            continue
        day: dt.date | None = case["reported_on"]
        if case["conclusion"] == "void":
            left_out["void"] += 1
        elif request.period is not None and day is None:
            left_out["reported nobody knows when"] += 1
        elif request.period is None or day in request.period:
            cases.append(case)
    told = [
        Finding("ladder.left_out", Severity.INFO, f"Left out: {why}: {number}.")
        for why, number in sorted(left_out.items())
    ]
    return cases, told


def row_of(cases: Iterable[Case]) -> dict[str, Figure]:
    """The figures of some cases."""
    cases = list(cases)
    ended = [case for case in cases if case["concluded"] == "at"]
    unknown = sum(1 for case in cases if case["concluded"] not in ("at", "not_reached"))
    how = Counter(
        {"full": "settled", "partial": "settled", "none": "not_settled"}.get(c["agreement"], "") for c in ended
    )
    return {
        "reported": len(cases),
        "accepted": reached(cases, "accepted"),
        "begun": reached(cases, "begun"),
        "concluded": known(len(ended), unknown),
        "settled": known(how["settled"], unknown + how[""]),
        "not_settled": known(how["not_settled"], unknown + how[""]),
        "ended_unknown": known(how[""], unknown),
        "open": known(len(cases) - len(ended) - unknown, unknown),
        "unknown": unknown,
    }


def reached(cases: Iterable[Case], milestone: str) -> int | None:
    """How many are known to have reached a milestone."""
    states = Counter(case[milestone] for case in cases)
    return known(states["at"], states.total() - states["at"] - states["not_reached"])


def known(number: int, unknown: int) -> int | None:
    """The number; nothing where none is known and some may be."""
    return number if number or not unknown else None
