"""The family of prevention: dangers noted, reported, averted and come true; tallies of what has no case.

*Averted* is a claim: nobody sees the crime that did not happen. So it is never a share of success.
"""

from __future__ import annotations

from typing import Final

from community_mediation.metrics._conditions import EVERYTHING, Condition, col
from community_mediation.metrics._definitions import Basis, Count
from community_mediation.metrics._measures import Distinct, Total
from community_mediation.metrics._milestones import noted
from community_mediation.ports import Label

RISK: Final = "case_risk"
_FORM: Final = "China, form 人民调解组织队伍经费保障情况统计表 and 案件情况统计表: 防止…件/人"
PERSONS: Final = Label("persons", "人")


def _risk(name: str, label: Label, what: Label, condition: Condition | None) -> tuple[Count, Distinct, Total]:
    counted = noted("raised") if condition is None else noted("raised") & condition
    dangers = Count(
        name=name,
        label=label,
        grain=RISK,
        basis=Basis.EVENT,
        counted=counted,
        milestone="raised",
        what=what,
        source=_FORM,
    )
    filter_ = EVERYTHING if condition is None else condition
    cases = Distinct(
        name=f"{name}_cases",
        label=Label(f"{label.en}: cases", f"{label.zh}：件"),
        grain=RISK,
        basis=Basis.EVENT,
        milestone="raised",
        filter=filter_,
        column="matter_id",
        what=Label(f"cases with {what.en}", f"{what.zh}的案件"),
        source=_FORM,
    )
    persons = Total(
        name=f"{name}_persons",
        label=Label(f"{label.en}: persons", f"{label.zh}：人"),
        grain=RISK,
        basis=Basis.EVENT,
        milestone="raised",
        filter=filter_,
        column="persons",
        unit_label=PERSONS,
        what=Label(f"persons in {what.en}", f"{what.zh}所涉人数"),
        source=_FORM,
    )
    return dangers, cases, persons


RISKS: Final = (
    *_risk("risks_raised", Label("Dangers noted", "发现风险"), Label("dangers noted", "发现的风险"), None),
    *_risk(
        "risks_reported",
        Label("Dangers reported to the authority", "报告风险"),
        Label("dangers that were reported", "已报告的风险"),
        col("reported").is_in([True], not_in=[False]),
    ),
    *_risk(
        "risks_averted_claimed",
        Label("Dangers said to be averted (claimed)", "防止激化（自报）"),
        Label("dangers said to be averted", "自报防止的风险"),
        col("averted").is_in([True], not_in=[False]),
    ),
    *_risk(
        "risks_materialised",
        Label("Dangers that came true", "已发生的风险"),
        Label("dangers that came true", "已发生的风险"),
        col("materialised").is_in([True], not_in=[False]),
    ),
)

STANDING: Final = (col("status") == "active") & col("valid_to").is_null()
"""What a tally says now. Its earlier rows say what it said before it was changed, and would count twice."""


def tally_of(column: str) -> Total:
    """What centres counted by hand, without cases. Break it down by ``measure``: different ones do not add up."""
    of_persons = column == "persons"
    return Total(
        name=f"tallied_{column}",
        label=Label("Tallied: persons", "台账统计：人") if of_persons else Label("Tallied: times", "台账统计：件次"),
        grain="tally",
        basis=Basis.EVENT,
        milestone=None,
        span=("first", "last"),
        filter=STANDING,
        exclusions=(),
        column=column,
        unit="measure",
        what=Label(f"{column} by the centres' own tallies, by what was counted", "各单位自行统计，按统计项目分列"),
        source=_FORM,
    )


PREVENTION: Final = (*RISKS, tally_of("cases"), tally_of("persons"))
