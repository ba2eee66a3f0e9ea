"""The family of times: how long until it ended."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.metrics._measures import Within
from community_mediation.ports import Label

milestone_labels: Final = {
    "reported": Label("report", "登记"),
    "accepted": Label("acceptance", "受理"),
    "agreed_to_mediate": Label("consent", "同意调解"),
    "begun": Label("the beginning", "启动调解"),
    "first_session": Label("the first session", "首次调解"),
    "joint_session": Label("a joint session", "面对面调解"),
    "agreed": Label("agreement", "达成协议"),
    "concluded": Label("conclusion", "办结"),
    "first_concluded": Label("the first conclusion", "首次办结"),
    "closed": Label("closing", "归档"),
    "effective": Label("taking effect", "生效"),
    "failed": Label("failure", "违约或反悔"),
    "breached": Label("breach", "违约"),
    "repudiated": Label("repudiation", "反悔"),
    "complied": Label("full compliance", "全部履行"),
    "confirmed": Label("confirmation", "司法确认"),
    "held": Label("the session", "召开"),
    "left": Label("leaving", "退出"),
    "raised": Label("notice of a danger", "发现"),
    "answered": Label("the answer", "答复"),
    "returned": Label("the same pair's next case", "同一双方再次来访"),
}
"""Milestones in words."""

days_to_conclusion: Final = Duration(
    name="days_to_conclusion",
    label=Label("Days to conclusion, median", "办结用时中位数（天）"),
    source="Kaplan and Meier 1958: from report to first conclusion of any kind, open cases censored",
)
minutes_to_conclusion: Final = attrs.evolve(
    days_to_conclusion,
    name="minutes_to_conclusion",
    label=Label("Minutes to conclusion, median", "办结用时中位数（分钟）"),
    unit=Unit.MINUTES,
)


def _until(name: str, end: str, label: Label, source: str) -> Duration:
    return Duration(name=name, label=label, end=end, competing="first_concluded", source=source)


_AALEN: Final = "Aalen and Johansen 1978: cases that end otherwise do not get there any more, and are no open ones"
days_to_acceptance: Final = _until(
    "days_to_acceptance",
    "accepted",
    Label("Days to acceptance, median of all", "受理用时中位数（天，含未受理）"),
    _AALEN,
)
days_to_first_session: Final = _until(
    "days_to_first_session",
    "first_session",
    Label("Days to the first session, median of all", "首次调解用时中位数（天，含未召开）"),
    _AALEN,
)
days_to_agreement: Final = _until(
    "days_to_agreement",
    "agreed",
    Label("Days to agreement, median of all", "达成协议用时中位数（天，含未达成）"),
    _AALEN,
)
days_to_closing: Final = attrs.evolve(
    days_to_conclusion,
    name="days_to_closing",
    label=Label("Days to the closing of the file, median", "归档用时中位数（天）"),
    end="closed",
    source="Kaplan and Meier 1958: from report to the closing of the file, open files censored",
)


def milestone_label(milestone: str) -> Label:
    """A milestone in words; its name where there are none."""
    return milestone_labels.get(milestone, Label(milestone, milestone))


def on_time(days: int, *, start: str = "accepted", end: str = "first_concluded", source: str) -> Within:
    """The share that met a limit of calendar days, of those that met it, missed it, or let it pass.

    Cases still within their time are in neither number. Limits in working days need the calendar of a region: compute
    the deadline there, and count with a column of your own.
    """
    return Within(
        name=f"on_time_{days}_days_from_{start}_to_{end}",
        label=Label(
            f"Within {days} days from {milestone_label(start).en} to {milestone_label(end).en}",
            f"{milestone_label(start).zh}至{milestone_label(end).zh}{days}天内按时率",
        ),
        start=start,
        end=end,
        days=days,
        settle=True,
        numerator_label=Label(
            f"cases that came from {milestone_label(start).en} to {milestone_label(end).en} within {days} days",
            f"{days}天内的案件",
        ),
        denominator_label=Label("cases that got there, or whose time has passed", "已办结或已逾期的案件"),
        source=source,
    )


on_time_30: Final = on_time(
    30,
    source="Shenzhen, 深圳经济特区矛盾纠纷多元化解条例, art. 25: 30 days unless the parties agree otherwise; Supreme "
    "People's Court, 法释〔2016〕14号, art. 27: 30 days for mediation entrusted before filing",
)

TIMES: Final = (
    days_to_conclusion,
    minutes_to_conclusion,
    days_to_acceptance,
    days_to_first_session,
    days_to_agreement,
    days_to_closing,
    on_time_30,
)
