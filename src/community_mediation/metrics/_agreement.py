"""The family of agreement rates: one outcome, every honest denominator, each by its name.

An award is not an agreement. There is no metric called ``resolution_rate``: the same
cases give many rates, and a name that does not say its denominator hides which.
"""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.metrics._conditions import LADDER, col
from community_mediation.metrics._definitions import (
    RUNG_LABELS,
    VOID,
    Basis,
    Exclusion,
    Proportion,
)
from community_mediation.metrics._milestones import reached, rung
from community_mediation.ports import Label

AGREED: Final = col("agreement").is_in(["full", "partial"], not_in=["none"])
FULLY: Final = col("agreement").is_in(["full"], not_in=["partial", "none"])
AGREEMENT: Final = Label("cases with an agreement, in full or in part", "达成（全部或部分）调解协议的案件")
_SUBSTANTIVE: Final = ("settled", "settled_in_part", "not_settled")
_LEFT_OUT: Final = {
    "withdrawn": Label("withdrawn", "撤回"),
    "declined": Label("declined", "不予受理"),
    "lapsed": Label("lapsed", "逾期终止"),
    "refused": Label("refused by a party", "当事人拒绝"),
    "no_response": Label("no response", "无回应"),
    "unsuitable": Label("unsuitable", "不适宜调解"),
    "referred_out": Label("referred out", "移送"),
    "resolved_before_session": Label("resolved before a session", "会前自行解决"),
}
_SOURCES: Final = {
    "reported": "Philippine KP forms: settled / filed, pending cases in the denominator",
    "accepted": "Derived; accepted is the denominator of EU Directive 2013/11 art. 7(2)(e)",
    "agreed_to_mediate": "Derived from IDEA 618 B16; the requests to which both sides agreed",
    "begun": "Nebraska Office of Dispute Resolution, annual report: mediations or facilitations attempted",
    "joint_session": "IDEA 618 B16 and the Maryland District Court: at least one joint session held",
}
_ZH: Final = {
    "reported": "以登记为分母",
    "accepted": "以受理为分母",
    "agreed_to_mediate": "以双方同意调解为分母",
    "begun": "以启动调解为分母",
    "joint_session": "以召开面对面调解会为分母",
}


def _over(name: str) -> Proportion:
    return Proportion(
        name=f"agreement_of_{name}",
        label=Label(f"Agreement, of {RUNG_LABELS[name].en}", f"调解成功率（{_ZH[name]}）"),
        numerator=AGREED,
        numerator_label=AGREEMENT,
        denominator=rung(name),
        denominator_label=RUNG_LABELS[name],
        counts_open=name == "reported",
        source=_SOURCES[name],
    )


by_rung: Final = {name: _over(name) for name in LADDER}

full_agreement_of_begun: Final = attrs.evolve(
    by_rung["begun"],
    name="full_agreement_of_begun",
    label=Label("Full agreement, of mediations begun", "全部达成协议率（以启动调解为分母）"),
    numerator=FULLY,
    numerator_label=Label("cases with a full agreement", "全部达成调解协议的案件"),
    source="NCSC ADR matrix: settled, told apart from settled in part",
)

agreement_of_concluded: Final = Proportion(
    name="agreement_of_concluded",
    label=Label("Agreement, of cases concluded", "调解成功率（以办结为分母）"),
    numerator=AGREED,
    numerator_label=AGREEMENT,
    denominator=reached("concluded"),
    denominator_label=Label("cases concluded, however", "办结的案件"),
    basis=Basis.EVENT,
    milestone="concluded",
    source="Derived from the KP forms: settled / (filed - pending); drifts with the age of the book",
)

agreement_of_reported_and_concluded: Final = attrs.evolve(
    agreement_of_concluded,
    name="agreement_of_reported_and_concluded",
    label=Label("Agreement, of cases reported that are concluded", "调解成功率（以登记并已办结为分母）"),
    denominator_label=Label("cases reported in the period that are concluded", "期内登记且已办结的案件"),
    basis=Basis.COHORT,
    milestone="reported",
    source="Philippine KP forms: settled / (filed - pending), 84.01 % in 2013; it drifts while cases are open",
)

agreement_of_substantively_concluded: Final = attrs.evolve(
    agreement_of_concluded,
    name="agreement_of_substantively_concluded",
    label=Label("Agreement, of cases settled or not settled", "调解成功率（以实质办结为分母）"),
    denominator=reached("concluded") & col("conclusion").is_in(_SUBSTANTIVE, not_in=["void", *_LEFT_OUT]),
    denominator_label=Label("cases concluded as settled or as not settled", "实质办结（成功或不成功）的案件"),
    exclusions=(VOID, *(Exclusion(name, col("conclusion") == name, label) for name, label in _LEFT_OUT.items())),
    source="Philippine LTIA assessment: settled / (settled + certified to file action), the rest left out and listed",
)

AGREEMENTS: Final = (
    *by_rung.values(),
    full_agreement_of_begun,
    agreement_of_concluded,
    agreement_of_substantively_concluded,
)
