"""The report format that is built in: what came of the cases, by type of dispute or by centre.

It counts rows of the facts table ``case`` in plain Python, as any format may, and needs no
extra. Its definitions are those of ``community_mediation.metrics``, and its figures agree with
that room's for the same cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.ports import (
    Audience,
    CrossFoot,
    Figure,
    Finding,
    Label,
    Relation,
    Report,
    ReportRequest,
    ReportTable,
    Severity,
    SumOfRows,
)
from community_mediation.reports.outcome_columns import COUNTED, columns, title_of

BY: Final = ("dispute_type", "centre")
"""What the option ``by`` takes."""
_RULE: Final = "Definition of this report"
_RULES: Final = (
    CrossFoot(
        column="reported",
        relation=Relation.EQUALS,
        parts=("agreed_full", "agreed_part", "not_agreed", "other_endings", "open", "outcome_unknown"),
        source=_RULE,
    ),
    *(
        CrossFoot(column="reported", relation=Relation.AT_LEAST, parts=(name, f"{name}_unknown"), source=_RULE)
        for name in ("accepted", "mediation_begun", "joint_session")
    ),
    CrossFoot(column="on_the_spot", relation=Relation.AT_MOST, parts=("reported",), source=_RULE),
    CrossFoot(column="people_uncounted", relation=Relation.AT_MOST, parts=("reported",), source=_RULE),
)
_HIDDEN_BY: Final = {
    "outcome_unknown": ("agreed_full", "agreed_part", "not_agreed", "other_endings", "open", "on_the_spot"),
    "people_uncounted": ("people",),
    **{f"{name}_unknown": (name,) for name in ("accepted", "mediation_begun", "joint_session")},
}
_TITLE: Final = Label("Cases and what came of them", "案件及调解结果")
_MILESTONES: Final = {"accepted": "accepted", "begun": "mediation_begun", "joint_session": "joint_session"}


@attrs.frozen
class Outcomes:
    """``outcomes``: one row a type of dispute (or a centre), and their total.

    The cases are those *reported* in the period, each in exactly one outcome as it is known now
    (``agreement_of_reported`` of the metrics counts the same cases). Cases that are void are no cases, and
    stand apart; so do those whose day of reporting nobody knows, when a period is asked for. What is not known has
    columns of its own.

    Options: ``by`` is ``dispute_type`` (the default) or ``centre``.
    """

    name: str = "outcomes"
    version: int = 1
    title: Label = _TITLE
    audience: Audience = Audience.PUBLIC
    sources: tuple[str, ...] = (
        "NCSC ADR matrix: incoming cases, and settled told apart from settled in part",
        "Philippine KP forms: settled / filed, pending cases in the denominator",
        "IDEA 618 B16: mediations begun and joint sessions held",
    )

    def render(self, request: ReportRequest) -> Report:
        """Count the cases of the request.

        Raises:
            InvalidQuery: An option is wrong.
        """
        by = _by(request.options)
        groups: dict[tuple[str | None, ...], _Group] = {}
        cases = 0
        for row in request.rows("case"):
            if request.centres and row["centre"] not in request.centres:
                continue
            cases += 1
            key = _key(row, by)
            if key not in groups:
                groups[key] = _Group()
            groups[key].add(row, request.period)
        total = _Group.sum(groups.values())
        found = {key: group for key, group in groups.items() if group.is_shown}
        head = columns(by)
        names = [column.name for column in head if column.name not in COUNTED]
        rows = [
            {**dict(zip(names, key, strict=True)), **group.figures()}
            for key, group in sorted(found.items(), key=lambda each: [(text is None, text or "") for text in each[0]])
        ]
        last: dict[str, Figure] = dict.fromkeys(names, "")
        last[names[-1]] = Label("Total", "合计").text(request.lang)
        table = ReportTable(
            name="outcomes",
            title=title_of(by),
            columns=head,
            rows=(*rows, {**last, **total.figures()}),
            rules=_RULES,
            sums=(SumOfRows(total=len(rows), parts=tuple(range(len(rows))), columns=COUNTED, source=_RULE),),
            notes=tuple(note.text(request.lang) for note in _NOTES),
        )
        return Report(
            format=self.name,
            version=self.version,
            title=self.title,
            audience=self.audience,
            period=request.period,
            tables=(table,),
            sources=self.sources,
            generated_from=_generated(cases, request),
            lang=request.lang,
            findings=tuple(_findings(total, request.lang)),
        )


OUTCOMES: Final = Outcomes()
"""The format, ready to be registered."""

_NOTES: Final = (
    Label(
        "The cases are those reported in the period, with what is known of them now; each is in one outcome only.",
        "统计范围为期内登记的案件，结果以目前所知为准；每件案件只计入一种结果。",
    ),
    Label(
        "Other endings: withdrawn, declined, referred out, unsuitable, refused, no response, lapsed, resolved before a"
        " session. An award is not an agreement.",
        "其他终结：撤回、不予受理、移送、不适宜调解、当事人拒绝、无回应、逾期终止、会前自行解决。裁决不计为协议。",
    ),
    Label(
        "Milestones are counted as they were recorded: what was settled on the spot may have been neither accepted nor"
        " begun.",
        "各环节按记录统计：当场调解的案件可能没有受理或启动记录。",
    ),
    Label(
        "A dash stands for a figure that is not known. It is never nought. A total is the sum of what is known.",
        "“—”表示未知，不等于零。合计为已知数值之和。",
    ),
)


def _by(options: Mapping[str, str]) -> str:
    if unknown := sorted(options.keys() - {"by"}):
        raise InvalidQuery(f"Report outcomes has no option {unknown[0]!r}. It takes by.")
    if (by := options.get("by", BY[0])) not in BY:
        raise InvalidQuery(f"Report outcomes cannot be made by {by!r}. It takes {' or '.join(BY)}.")
    return by


def _key(row: Mapping[str, Any], by: str) -> tuple[str | None, ...]:
    # One code may stand in two lists, and mean another thing in each.
    names = ("dispute_scheme", "dispute_type") if by == "dispute_type" else ("centre",)
    return tuple(None if row[name] is None else str(row[name]) for name in names)


@attrs.define
class _Group:
    """The counts of one row."""

    counts: Counter[str] = attrs.field(factory=Counter)
    people: int = 0

    @classmethod
    def sum(cls, groups: Iterable[_Group]) -> _Group:
        total = cls()
        for each in groups:
            total.counts.update(each.counts)
            total.people += each.people
        return total

    @property
    def is_shown(self) -> bool:
        return any(self.counts[name] for name in ("reported", "void", "undated"))

    def add(self, row: Mapping[str, Any], period: Period | None) -> None:
        """Count one case, if it is one of the period."""
        if (place := _place(row, period)) is None:
            return
        # A case that goes on in another is no case of its own any more.
        if row["conclusion"] == "void" or row.get("counted") is False:
            # Whether a void case without a date would have belonged to the period says nothing to anybody.
            self.counts["void"] += place == "reported"
            return
        self.counts[place] += 1
        if place != "reported":
            return
        self.counts[_outcome(row)] += 1
        for column, name in _MILESTONES.items():
            if row[column] == "at":
                self.counts[name] += 1
            elif row[column] != "not_reached":
                self.counts[f"{name}_unknown"] += 1
        self.counts["on_the_spot"] += row["on_the_spot"] is True
        if row["people_involved"] is None:
            self.counts["people_uncounted"] += 1
        else:
            self.people += int(row["people_involved"])

    def figures(self) -> dict[str, Figure]:
        """The cells of its row. Where nothing is known of any case there is no figure: 0 would say that there is."""
        found: dict[str, Figure] = {name: self.counts[name] for name in COUNTED}
        found["people"] = self.people
        for unknown, hidden in _HIDDEN_BY.items():
            if self.counts["reported"] and self.counts[unknown] == self.counts["reported"]:
                found.update(dict.fromkeys(name for name in hidden if not found[name]))
        return found


def _place(row: Mapping[str, Any], period: Period | None) -> str | None:
    """``reported`` for a case of the period, ``undated`` if nobody can tell, ``None`` for any other."""
    if row["reported"] == "not_reached":
        return None
    if row["reported"] != "at":
        return "undated"
    if period is None:
        return "reported"
    if (day := row["reported_on"]) is None:
        return "undated"
    return "reported" if day in period else None


def _outcome(row: Mapping[str, Any]) -> str:
    agreement = row["agreement"]
    if agreement == "none":
        return "not_agreed" if row["conclusion"] == "not_settled" else "other_endings"
    return {"full": "agreed_full", "partial": "agreed_part", "open": "open"}.get(agreement, "outcome_unknown")


def _generated(cases: int, request: ReportRequest) -> str:
    known = (
        Label(f"; the book up to entry {request.known_at:,}", f"；案件簿截至第 {request.known_at:,} 条")
        if (request.known_at is not None)
        else Label("")
    )
    then = (
        Label(f", as they stood at {request.valid_at}", f"，以 {request.valid_at} 的状态为准")
        if (request.valid_at is not None)
        else Label("")
    )
    lang = request.lang
    return f"{Label(f'{cases:,} cases', f'{cases:,} 件案件').text(lang)}{then.text(lang)}{known.text(lang)}"


def _findings(total: _Group, lang: str) -> Iterable[Finding]:
    if undated := total.counts["undated"]:
        text = Label(
            f"{undated:,} cases stand in no period, because the day on which they were reported is not known.",
            f"{undated:,} 件案件登记日期不明，未计入任何期间。",
        )
        remedy = Label("Record the day, or ask for the report without a period.", "请补录日期，或不限期间出具报表。")
        yield Finding("report.undated", Severity.WARNING, text.text(lang), remedy.text(lang))
    if unknown := total.counts["outcome_unknown"]:
        cases = total.counts["reported"]
        text = Label(
            f"How {unknown:,} of {cases:,} cases ended is not known.", f"{cases:,} 件案件中有 {unknown:,} 件结果不明。"
        )
        remedy = Label("Record what came of them.", "请补录调解结果。")
        yield Finding("report.outcome_unknown", Severity.INFO, text.text(lang), remedy.text(lang))
