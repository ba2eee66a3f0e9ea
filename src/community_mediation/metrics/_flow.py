"""The families of flow: who comes into mediation, who is turned away, who leaves, and what goes out of the door."""

from __future__ import annotations

from typing import Final

from community_mediation.metrics._agreement import AGREED, AGREEMENT, agreement_of_reported_and_concluded
from community_mediation.metrics._conditions import EVERYTHING, Condition, answered, col
from community_mediation.metrics._definitions import RUNG_LABELS, Proportion
from community_mediation.metrics._measures import Ratio, Scale
from community_mediation.metrics._milestones import reached, rung
from community_mediation.metrics._volume import concluded, reported
from community_mediation.ports import Label

REFERRED: Final = col("source").is_in(["referral"], not_in=["application", "proactive"])
_OPEN: Final = ~reached("concluded")
"""Whether a case is still open, whatever it has got to."""
_UNDECIDED: Final = _OPEN & col("conclusion").is_null()

WITHOUT: Final = {
    "withdrawn": Label("withdrawn", "撤回"),
    "refused": Label("refused by a party", "当事人拒绝"),
    "no_response": Label("no response", "无回应"),
    "unsuitable": Label("found unsuitable", "不适宜调解"),
    "referred_out": Label("referred out", "移送"),
    "declined": Label("declined by the centre", "不予受理"),
    "lapsed": Label("lapsed", "逾期终止"),
}
"""The endings of cases that were not mediated to an end, and their names."""
_OTHERWISE: Final = ("settled", "settled_in_part", "not_settled", "resolved_before_session")


def _uptake(name: str, label: Label, rung_name: str, filter_: Condition | None, source: str) -> Proportion:
    held = rung(rung_name)
    return Proportion(
        name=name,
        label=label,
        numerator=answered(held, no=~held & ~_OPEN),
        numerator_label=RUNG_LABELS[rung_name],
        denominator=rung("reported"),
        denominator_label=Label("cases referred", "转介的案件") if filter_ is not None else RUNG_LABELS["reported"],
        pending=~held & _OPEN,
        filter=EVERYTHING if filter_ is None else filter_,
        source=source,
    )


uptake_of_reported: Final = _uptake(
    "uptake_of_reported",
    Label("Uptake: begun, of cases reported", "调解启动率（以登记为分母）"),
    "begun",
    None,
    "IDEA 618, dispute resolution: mediations held / mediation requests (New Jersey: 727 of 884)",
)
uptake_of_referred: Final = _uptake(
    "uptake_of_referred",
    Label("Uptake: begun, of cases referred", "调解启动率（以转介为分母）"),
    "begun",
    REFERRED,
    "Singapore Community Mediation Centre: fewer than 30 % of those referred take it up",
)

effective_reach_of_referred: Final = Proportion(
    name="effective_reach_of_referred",
    label=Label("Effective reach: agreement, of cases referred", "有效覆盖率（转介案件中达成协议的比例）"),
    numerator=AGREED,
    numerator_label=AGREEMENT,
    denominator=rung("reported"),
    denominator_label=Label("cases referred", "转介的案件"),
    filter=REFERRED,
    counts_open=True,
    source="Derived: uptake x agreement, one number against cherry-picking (Singapore: about 0.3 x 0.8)",
)

resolved_of_referred: Final = Proportion(
    name="resolved_of_referred_and_concluded",
    label=Label("Resolved in any way, of cases referred and concluded", "化解率（以转介并办结为分母）"),
    numerator=col("conclusion").is_in(
        ["settled", "settled_in_part", "resolved_before_session"], not_in=["not_settled", *WITHOUT]
    ),
    numerator_label=Label("cases settled, or resolved before a session", "调解成功或会前自行解决的案件"),
    denominator=reached("concluded"),
    denominator_label=Label("cases referred and concluded", "转介并已办结的案件"),
    pending=_OPEN,
    filter=REFERRED,
    source="Neighborhood Justice Centers Field Test, 1980: 45 % of all referred against 82 % of those mediated",
)


def _refusal(code: str | None) -> Proportion:
    """Not taken on. What is refused was received: the denominator is not that of what is broken off later."""
    codes = list(WITHOUT) if code is None else [code]
    others = [each for each in (*WITHOUT, *_OTHERWISE) if each not in codes]
    never = ~reached("accepted")
    told = col("conclusion").is_in(codes, not_in=others)
    what = Label("cases ended without being accepted", "未受理即终结的案件")
    if code is not None:
        what = Label(f"cases not accepted: {WITHOUT[code].en}", f"未受理：{WITHOUT[code].zh}")
    return Proportion(
        name="refusal_of_reported" if code is None else f"refusal_{code}_of_reported",
        label=Label("Refusal, of cases reported", "未受理率（以登记为分母）")
        if code is None
        else Label(f"Refusal ({WITHOUT[code].en}), of cases reported", f"未受理率：{WITHOUT[code].zh}（以登记为分母）"),
        numerator=answered(never & told, no=reached("accepted") | (never & ~told & reached("concluded"))),
        numerator_label=what,
        denominator=rung("reported"),
        denominator_label=RUNG_LABELS["reported"],
        pending=never & _UNDECIDED,
        source="Directive 2013/11/EU, art. 7(2)(c): complaints refused, by ground, of those received",
    )


def _discontinuation(code: str | None) -> Proportion:
    codes = list(WITHOUT) if code is None else [code]
    others = [each for each in (*WITHOUT, *_OTHERWISE) if each not in codes]
    what = Label("cases broken off after they were accepted", "受理后终止的案件")
    if code is not None:
        what = Label(f"accepted cases broken off: {WITHOUT[code].en}", f"受理后终止：{WITHOUT[code].zh}")
    return Proportion(
        name="discontinuation_of_accepted" if code is None else f"discontinuation_{code}_of_accepted",
        label=Label("Discontinuation, of cases accepted", "终止率（以受理为分母）")
        if code is None
        else Label(
            f"Discontinuation ({WITHOUT[code].en}), of cases accepted", f"终止率：{WITHOUT[code].zh}（以受理为分母）"
        ),
        numerator=col("conclusion").is_in(codes, not_in=others),
        numerator_label=what,
        denominator=rung("accepted"),
        denominator_label=RUNG_LABELS["accepted"],
        pending=_UNDECIDED,
        source="Directive 2013/11/EU, art. 7(2)(e): procedures discontinued, by reason, of those accepted",
    )


refusal_of_reported: Final = _refusal(None)
discontinuation_of_accepted: Final = _discontinuation(None)
REFUSALS: Final = (refusal_of_reported, *map(_refusal, WITHOUT))
DISCONTINUATIONS: Final = (discontinuation_of_accepted, *map(_discontinuation, WITHOUT))

clearance: Final = Ratio(
    name="clearance",
    label=Label("Clearance: concluded, by reported", "办结与登记之比"),
    numerator=concluded,
    denominator=reported,
    scale=Scale.PERCENT,
    source="Kenya court-annexed mediation, Rwanda Abunzi: concluded / referred. No settlement rate; may exceed 100 %",
)

FLOWS: Final = (
    agreement_of_reported_and_concluded,
    uptake_of_reported,
    uptake_of_referred,
    effective_reach_of_referred,
    resolved_of_referred,
    *REFUSALS,
    *DISCONTINUATIONS,
    clearance,
)
