"""The family of volumes: how many cases came, went and stood."""

from __future__ import annotations

from typing import Final

from community_mediation.metrics._conditions import col
from community_mediation.metrics._definitions import Basis, Count
from community_mediation.metrics._measures import Total
from community_mediation.metrics._milestones import by_end, in_period
from community_mediation.ports import Label

_COURT_MATRIX: Final = "NCSC ADR matrix: begin pending, incoming, outgoing, end pending"
_IDEA: Final = "IDEA 618, dispute resolution: requests and mediations held"


def _milestone(name: str, label: Label, what: Label, source: str) -> Count:
    return Count(
        name=name,
        label=label,
        counted=in_period(name),
        milestone=name,
        what=what,
        basis=Basis.COHORT if name == "reported" else Basis.EVENT,
        source=source,
    )


reported: Final = _milestone(
    "reported", Label("Reported", "登记"), Label("cases reported in the period", "期内登记的案件"), _COURT_MATRIX
)
accepted: Final = _milestone(
    "accepted", Label("Accepted", "受理"), Label("cases accepted in the period", "期内受理的案件"), _COURT_MATRIX
)
begun: Final = _milestone(
    "begun", Label("Mediation begun", "启动调解"), Label("mediations begun in the period", "期内启动调解的案件"), _IDEA
)
concluded: Final = _milestone(
    "concluded", Label("Concluded", "办结"), Label("cases concluded in the period", "期内办结的案件"), _COURT_MATRIX
)
closed: Final = _milestone(
    "closed", Label("File closed", "归档"), Label("files closed in the period", "期内归档的案件"), _COURT_MATRIX
)
open_at_end: Final = Count(
    name="open_at_end",
    label=Label("Open at the end", "期末未结"),
    counted=by_end("reported") & ~by_end("concluded"),
    milestone="reported",
    what=Label("cases reported and not concluded when the period ended", "期末已登记而未办结的案件"),
    basis=Basis.STOCK,
    source=_COURT_MATRIX,
)

amount_agreed: Final = Total(
    name="amount_agreed",
    label=Label("Amount agreed", "协议金额"),
    basis=Basis.EVENT,
    milestone="agreed",
    column="amount_agreed",
    unit="amount_agreed_currency",
    filter=col("agreement").is_in(["full", "partial"], not_in=["none"]),
    what=Label("amounts of the agreements reached in the period, by currency", "期内达成协议的涉及金额"),
    source="China, form 人民调解案件情况统计表: 协议涉及金额",
)

AMOUNTS: Final = (amount_agreed,)
VOLUMES: Final = (reported, accepted, begun, concluded, closed, open_at_end)
