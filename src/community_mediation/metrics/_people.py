"""The family of people: how many were served, whether they come again, and what they say of it."""

from __future__ import annotations

from typing import Final

from community_mediation.metrics._conditions import EVERYTHING, NOTHING, Condition, col
from community_mediation.metrics._definitions import Basis, Count, Proportion
from community_mediation.metrics._measures import Distinct, Mean, PairedMean, Ratio, Repeat, Scale, Total
from community_mediation.metrics._milestones import in_period, reached
from community_mediation.ports import Label

PARTY: Final = "case_party"
ANSWER: Final = "case_answer"
NATURAL: Final = col("kind") == "natural"
SATISFACTION: Final = col("question") == "satisfaction"
JUSTICE: Final = ("voice", "respect", "neutrality", "fairness")
"""The questions of procedural justice, asked so that 5 is best."""
PRESSURE: Final = "pressure"
"""Felt pushed to settle: 5 is worst."""
_SURVEYS: Final = "Community Mediation Center survey; Arizona Attorney General; RSI model surveys"
_STUDY: Final = "Maryland Administrative Office of the Courts, Impact of ADR on responsibility, 2016"

people_served: Final = Distinct(
    name="people_served",
    label=Label("People served", "服务人数"),
    grain=PARTY,
    filter=NATURAL,
    column="person",
    what=Label("different natural persons among the parties", "当事人中的自然人（去重）"),
    source="New York State Community Dispute Resolution Centers Program: individuals served. Parties that are linked "
    "to no person cannot be told apart, and are counted beside as participations",
)
participations: Final = Count(
    name="participations",
    label=Label("Participations of persons", "参与人次"),
    grain=PARTY,
    filter=NATURAL,
    counted=in_period("reported"),
    milestone="reported",
    what=Label("natural persons as parties, each case for itself", "自然人当事人（按案件计）"),
    basis=Basis.COHORT,
    source="Washington Resolution: participants; who comes twice is counted twice",
)
people_involved: Final = Total(
    name="people_involved",
    label=Label("People involved", "涉及人数"),
    column="people",
    unit_label=Label("persons", "人"),
    what=Label("natural persons that the parties are, groups with all whom they stand for", "涉及当事人数"),
    source="China, form 人民调解案件情况统计表: 涉及当事人数",
)
repeat_users: Final = Repeat(
    name="repeat_users",
    label=Label("In two cases or more, of persons", "重复当事人占比"),
    grain=PARTY,
    filter=NATURAL,
    column="person",
    what=Label("persons who are a party in two cases or more", "两件以上案件的当事人"),
    denominator_label=Label("different persons who are linked", "已关联的不同自然人"),
    source="LTIA II.B.2; Maryland returnees. It needs parties linked to persons",
)
parties_who_left: Final = Proportion(
    name="left_of_parties",
    label=Label("Left before the end, of parties", "中途退出的当事人占比"),
    grain=PARTY,
    numerator=reached("left"),
    numerator_label=Label("parties who left the case", "退出案件的当事人"),
    denominator=EVERYTHING,
    denominator_label=Label("parties", "当事人"),
    pending=NOTHING,
    source="Derived",
)


def satisfaction_of(question: str, label: Label, what: Label, name: str, source: str) -> Proportion:
    """The share that answers a question of five points with one of the two best."""
    return Proportion(
        name=name,
        label=label,
        grain=ANSWER,
        basis=Basis.EVENT,
        numerator=col("score").is_in([4, 5], not_in=[1, 2, 3]),
        numerator_label=what,
        denominator=col("score").is_in([1, 2, 3, 4, 5]),
        denominator_label=Label("answers on the scale of five", "五分制有效回答"),
        pending=NOTHING,
        milestone="answered",
        filter=col("question") == question,
        source=source,
    )


satisfied_of_answers: Final = satisfaction_of(
    "satisfaction",
    Label("Satisfied (4 or 5 of 5), of answers", "满意率（五分制4分以上）"),
    Label("answers of 4 or 5", "4分或5分的回答"),
    "satisfied_of_answers",
    f"{_SURVEYS}. Mostly 85 to 95 %; who settled answers more often, so read it with its response rate, by side",
)
response_of_parties: Final = Ratio(
    name="response_of_parties",
    label=Label("Parties who answered, by parties of concluded cases", "回访应答率"),
    numerator=Distinct(
        name="parties_who_answered",
        label=Label("Parties who answered", "已应答的当事人"),
        grain=ANSWER,
        filter=SATISFACTION & ~col("score").is_null() & reached("concluded"),
        column="respondent",
        what=Label("different parties of concluded cases who answered", "已应答的已办结案件当事人"),
        source=_SURVEYS,
    ),
    denominator=Count(
        name="parties_of_concluded_cases",
        label=Label("Parties of concluded cases", "已办结案件的当事人"),
        grain=PARTY,
        counted=in_period("reported") & reached("concluded"),
        milestone="reported",
        what=Label("parties of cases that are concluded", "已办结案件的当事人"),
        source=_SURVEYS,
    ),
    scale=Scale.PERCENT,
    source=f"{_SURVEYS}: no satisfaction without the response rate",
)


def _justice(name: str, label: Label, condition: Condition | None) -> Mean:
    asked = col("question").is_in([*JUSTICE, PRESSURE])
    return Mean(
        name=name,
        label=label,
        grain=ANSWER,
        basis=Basis.EVENT,
        milestone="answered",
        filter=asked if condition is None else asked & condition,
        reversed=col("question") == PRESSURE,
        what=Label(
            "voice, respect, neutrality, fairness, and not pushed to settle, 1 to 5",
            "陈述、尊重、中立、公正、未受压力（1至5分）",
        ),
        source=f"{_STUDY}; RSI; E. A. Lind and T. R. Tyler, The Social Psychology of Procedural Justice, 1988",
    )


procedural_justice: Final = _justice(
    "procedural_justice", Label("Procedural justice, mean of 1 to 5", "程序公正感（1至5分均值）"), None
)
procedural_justice_without: Final = _justice(
    "procedural_justice_without_agreement",
    Label("Procedural justice where nothing was agreed, mean of 1 to 5", "未达成协议者的程序公正感（1至5分均值）"),
    col("agreement") == "none",
)


def relationship_change_at(wave: str, name: str, label: Label) -> PairedMean:
    """The mean change of the relationship from before mediation to a later wave, of those who answered both.

    It is asked of the cases reported in a period: the two answers of a pair are seldom given in the same one.
    """
    return PairedMean(
        name=name,
        label=label,
        grain=ANSWER,
        filter=col("question") == "relationship",
        before=col("wave") == "before",
        after=col("wave") == wave,
        what=Label("later less earlier answer of the same party, points of 5", "同一当事人事后与事前评分之差"),
        source=f"{_STUDY}: paired answers only",
    )


relationship_change: Final = relationship_change_at(
    "exit", "relationship_change", Label("Change of the relationship at the end, mean", "关系变化（结案时，均值）")
)
relationship_change_later: Final = tuple(
    relationship_change_at(
        wave, f"relationship_change_{wave}", Label(f"Change of the relationship after {en}, mean", zh)
    )
    for wave, en, zh in (
        ("three_months", "three months", "关系变化（三个月后，均值）"),
        ("six_months", "six months", "关系变化（六个月后，均值）"),
    )
)
would_use_again: Final = Proportion(
    name="would_mediate_again_of_answers",
    label=Label("Handled a conflict alone or would mediate again, of answers", "愿再次调解或自行化解的占比"),
    grain=ANSWER,
    basis=Basis.EVENT,
    numerator=col("choice").is_in(["yes"], not_in=["no", "not_sure"]),
    numerator_label=Label("answers of yes", "肯定回答"),
    denominator=col("choice").is_in(["yes", "no", "not_sure"]),
    denominator_label=Label("answers", "有效回答"),
    pending=NOTHING,
    milestone="answered",
    filter=col("question").is_in(["self_sufficiency", "again"]),
    source="NAFCM; 16 CCR § 3635(b)(4). Weak evidence: what people say they would do",
)

PEOPLE: Final = (
    people_served,
    participations,
    people_involved,
    repeat_users,
    parties_who_left,
    satisfied_of_answers,
    response_of_parties,
    procedural_justice,
    procedural_justice_without,
    relationship_change,
    *relationship_change_later,
    would_use_again,
)
