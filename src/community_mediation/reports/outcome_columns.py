"""The columns of the report ``outcomes``, in the order of the paper."""

from __future__ import annotations

from typing import Final

from community_mediation.ports import Label, ReportColumn

_COURSE: Final = Label("Of these", "其中")
_OUTCOME: Final = Label("What came of them", "调解结果")
_PEOPLE: Final = Label("People involved", "涉及人数")
_APART: Final = Label("Counted apart", "另计")
_CASES: Final = "件"


def _column(name: str, en: str, zh: str, group: Label | None, doc: str, unit: str = _CASES) -> ReportColumn:
    return ReportColumn(name=name, label=Label(en, zh), unit=unit, group=group, doc=doc)


_FIGURES: Final = (
    _column("reported", "Reported", "登记", None, "Cases reported in the period, void ones left out."),
    _column("accepted", "Accepted", "受理", _COURSE, "Those that the centre took on."),
    _column("accepted_unknown", "Not known whether accepted", "是否受理不明", _COURSE, "Nobody recorded it."),
    _column("mediation_begun", "Mediation begun", "启动调解", _COURSE, "Those in which mediation began."),
    _column("mediation_begun_unknown", "Not known whether begun", "是否启动不明", _COURSE, "Nobody recorded it."),
    _column("joint_session", "Joint session", "面对面调解", _COURSE, "Those with a session of all parties."),
    _column("joint_session_unknown", "Not known whether joint", "是否面对面不明", _COURSE, "Nobody recorded it."),
    _column("on_the_spot", "On the spot", "当场调解", _COURSE, "Those settled at once, with no attempt begun."),
    _column("agreed_full", "Agreed in full", "全部达成协议", _OUTCOME, "Every live issue is resolved."),
    _column("agreed_part", "Agreed in part", "部分达成协议", _OUTCOME, "Some issues are resolved."),
    _column("not_agreed", "Not agreed", "调解不成", _OUTCOME, "Mediated, and concluded without an agreement."),
    _column("other_endings", "Other endings", "其他终结", _OUTCOME, "Withdrawn, declined, referred out, …"),
    _column("open", "Open", "未结", _OUTCOME, "Not concluded yet."),
    _column("outcome_unknown", "Not known", "结果不明", _OUTCOME, "Nobody recorded how they ended."),
    _column("people", "People", "人数", _PEOPLE, "The people involved in the cases in which they were counted.", "人"),
    _column("people_uncounted", "Cases without a count", "未计人数案件", _PEOPLE, "Nobody counted the people."),
    _column("void", "Void", "作废", _APART, "Entered by mistake, or absorbed by another case: in no other figure."),
    _column("undated", "Day not known", "日期不明", _APART, "Nobody knows on which day they were reported."),
)
COUNTED: Final = tuple(column.name for column in _FIGURES)
"""The columns that hold figures; a total is their sum."""


def columns(by: str) -> tuple[ReportColumn, ...]:
    """All columns of the report by *by*."""
    if by == "centre":
        return (_column("centre", "Centre", "调解组织", None, "Its id.", ""), *_FIGURES)
    return (
        _column("dispute_scheme", "List", "分类体系", None, "The list that the type stands in.", ""),
        _column("dispute_type", "Type of dispute", "纠纷类型", None, "A code of that list.", ""),
        *_FIGURES,
    )


def title_of(by: str) -> Label:
    """The heading of the table."""
    if by == "centre":
        return Label("By centre", "按调解组织")
    return Label("By type of dispute", "按纠纷类型")
