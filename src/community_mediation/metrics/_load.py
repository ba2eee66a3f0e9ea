"""The family of load: how much there is to do for each mediator, and what came of it."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.metrics._agreement import AGREED, AGREEMENT
from community_mediation.metrics._conditions import EVERYTHING, Condition, col
from community_mediation.metrics._definitions import RUNG_LABELS, Attribution, Basis, Count, Proportion
from community_mediation.metrics._measures import Distinct, Ratio, Shared, Total
from community_mediation.metrics._milestones import by_end, in_period, noted, rung
from community_mediation.ports import Label

MEDIATOR: Final = "case_mediator"
SESSION: Final = "case_session"
_VOLUNTEERS: Final = "Washington Resolution: 42,520 hours by 1,247 volunteers, 34.1 each"

mediators: Final = Distinct(
    name="mediators_at_work",
    label=Label("Mediators on record", "有记录的办案调解员"),
    grain=MEDIATOR,
    column="mediator",
    attribution=Attribution.EACH,
    what=Label("different mediators who were assigned to the cases", "参与办案的不同调解员"),
    source="Derived from the assignments",
)
assignments: Final = Count(
    name="assignments",
    label=Label("Assignments on record", "有记录的调解员办案件次"),
    grain=MEDIATOR,
    counted=in_period("reported"),
    milestone="reported",
    attribution=Attribution.EACH,
    what=Label("cases, in full for each mediator who worked on them", "案件（每位参与的调解员各计一件）"),
    source="Derived from the assignments",
)
cases_per_mediator: Final = Ratio(
    name="cases_per_mediator",
    label=Label("Cases per mediator", "人均办案件数"),
    numerator=assignments,
    denominator=mediators,
    attribution=Attribution.EACH,
    source="Derived; each case in full for each who worked on it",
)


def _shared(name: str, label: Label, what: Label, filter_: Condition = EVERYTHING) -> Shared:
    return Shared(
        name=name,
        label=label,
        grain=MEDIATOR,
        filter=filter_,
        attribution=Attribution.SHARED,
        unit_label=Label("cases", "件"),
        what=what,
        source="Derived from the assignments; each of n mediators of a case is given 1/n",
    )


shared_cases: Final = _shared(
    "cases_shared",
    Label("Cases, shared among their mediators", "办案件数（按人均摊）"),
    Label("cases, 1/n for each of n mediators who worked on them", "案件（n名调解员各计1/n件）"),
)
shared_begun: Final = _shared(
    "mediations_shared",
    Label("Mediations begun with a known outcome, shared among their mediators", "启动调解且结果已知件数（按人均摊）"),
    Label(
        "mediations begun that ended in agreement or without, 1/n for each of n mediators",
        "启动调解且已有结果的案件（n名调解员各计1/n件）",
    ),
    rung("begun") & col("agreement").is_in(["full", "partial", "none"], not_in=["open"]),
)
shared_agreements: Final = _shared(
    "agreements_shared",
    Label("Agreements in mediations begun, shared among their mediators", "启动调解后达成协议件数（按人均摊）"),
    Label(
        "mediations begun that ended in agreement, 1/n for each of n mediators",
        "启动调解后达成协议的案件（n名调解员各计1/n件）",
    ),
    rung("begun") & col("agreement").is_in(["full", "partial"], not_in=["none", "open"]),
)
mediator_agreement: Final = Proportion(
    name="mediator_agreement_of_begun",
    label=Label(
        "Agreement, of mediations begun, for each who worked on them", "调解员调解成功率（以启动调解为分母，各计一件）"
    ),
    grain=MEDIATOR,
    numerator=AGREED,
    numerator_label=AGREEMENT,
    denominator=rung("begun"),
    denominator_label=RUNG_LABELS["begun"],
    attribution=Attribution.EACH,
    source="Kenya, court-annexed mediation; D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202: look at "
    "it in a funnel, never as a ranking, and never in a public report",
)
mediator_agreement_lead: Final = attrs.evolve(
    mediator_agreement,
    name="lead_mediator_agreement_of_begun",
    label=Label("Agreement, of mediations begun, for who led them", "首席调解员调解成功率（以启动调解为分母）"),
    filter=col("role") == "lead",
    attribution=Attribution.LEAD,
)

sessions: Final = Count(
    name="sessions_held",
    label=Label("Sessions on record", "有记录的调解场次"),
    grain=SESSION,
    counted=noted("held"),
    milestone="held",
    what=Label("sessions that are recorded one by one, held in the period", "期内召开并逐次记录的调解会"),
    source="IDEA 618; China, form 人民调解案件情况统计表",
)
session_minutes: Final = Total(
    name="session_minutes",
    label=Label("Minutes in session", "调解时长"),
    grain=SESSION,
    milestone="held",
    column="minutes",
    unit_label=Label("minutes", "分钟"),
    what=Label("minutes of the sessions held", "调解会时长"),
    source=_VOLUNTEERS,
)
minutes_per_mediator: Final = Ratio(
    name="session_minutes_per_mediator",
    label=Label("Minutes in session per mediator", "人均调解时长（分钟）"),
    numerator=session_minutes,
    denominator=mediators,
    source=f"{_VOLUNTEERS}. Sessions in the period by the mediators of cases reported in it",
)

waiting: Final = Count(
    name="waiting_at_end",
    label=Label("Waiting at the end: accepted, not begun", "期末待调解"),
    counted=by_end("accepted") & ~by_end("begun") & ~by_end("concluded"),
    milestone="reported",
    what=Label(
        "cases accepted in which mediation had neither begun nor ended when the period did", "期末已受理而未启动的案件"
    ),
    basis=Basis.STOCK,
    source="Derived from the NCSC ADR matrix: the part of the cases pending in which nothing has begun",
)

LOAD: Final = (
    waiting,
    mediators,
    assignments,
    cases_per_mediator,
    shared_cases,
    shared_begun,
    shared_agreements,
    mediator_agreement,
    mediator_agreement_lead,
    sessions,
    session_minutes,
    minutes_per_mediator,
)
