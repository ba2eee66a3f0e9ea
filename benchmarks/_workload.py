"""Cases to measure with: 2-4 KB of JSON each, made by the public moves of the domain, the same for the same seed.

2-4 parties, 1-3 mediators, 1-4 sessions, an agreement with 1-3 terms, 0-3 return visits, 5-12 events, Chinese text.
All people are invented; identity numbers have an area code that was never given out.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import Final

import community_mediation as cm
from community_mediation.domain.attempt import PanelChoice
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import Term, TermKind
from community_mediation.domain.values import ExternalId

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
ZONE: Final = "Asia/Shanghai"
FIRST_DAY: Final = dt.date(2022, 1, 4)
CENTRE: Final = "centre-1"
BY: Final = "account-1"
MOST_EVENTS: Final = 12

_SURNAMES: Final = "孙周吴郑冯陈褚卫蒋沈韩杨"
_TYPES: Final = ("neighbour", "marriage_family", "contract", "labour", "house_and_homestead", "traffic")
_PLACES: Final = ("东街社区3号院", "南关村口小卖部旁", "北环路农贸市场", "幸福里小区7栋")
_BRIEFS: Final = (
    "双方因院墙滴水和采光问题多次发生口角，申请人称墙体裂缝系对方施工所致，要求修复并赔偿损失。",
    "因拖欠装修尾款产生争执，被申请人认为工程质量不合格，拒绝支付，双方在工地发生推搡。",
    "楼上漏水浸泡楼下天花板和木地板，物业多次协调未果，双方情绪激动，邻里关系紧张。",
)
_RECORD: Final = "调解员先背对背听取双方意见，核实事实后组织面对面协商，讲明相邻关系的有关规定，双方各退一步。"
_VISIT: Final = "回访时双方均表示已按约定履行，关系缓和。"


class _Days:
    """Times that go forward: mostly moments, some known to the day."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._now = dt.datetime.combine(
            FIRST_DAY + dt.timedelta(days=dice.randrange(700)), dt.time(8, dice.randrange(60)), CHINA
        )

    def next(self) -> cm.When:
        self._now += dt.timedelta(days=self._dice.randrange(1, 6), minutes=self._dice.randrange(90))
        if self._dice.random() < 0.2:
            return cm.When.on(self._now.date(), ZONE)
        return cm.When.at(self._now)


def _party(number: int, dice: random.Random) -> cm.Party:
    applicant = number % 2 == 0
    return cm.Party(
        id=f"p{number + 1}",
        side="AB"[number % 2],
        role=cm.Role.APPLICANT if applicant else cm.Role.RESPONDENT,
        sex=dice.choice((cm.Sex.MALE, cm.Sex.FEMALE)),
        name=f"{dice.choice(_SURNAMES)}某{'某' if applicant else ''}",
        birth_date=dt.date(1950 + dice.randrange(50), 1 + dice.randrange(12), 1 + dice.randrange(28)),
        contact=f"+1-202-555-01{dice.randrange(100):02}",
        identity=f"99{dice.randrange(10**15):015}X",
        identity_kind="resident_card",
        occupation=dice.choice(("务农", "个体经营", "退休", "教师")),
        address=dice.choice(_PLACES),
    )


def _dispute(dice: random.Random) -> cm.Dispute:
    return cm.Dispute(
        type=cm.Code("moj_stat_18", dice.choice(_TYPES)),
        nature=cm.Nature.CIVIL,
        since=cm.When.on(FIRST_DAY - dt.timedelta(days=dice.randrange(1000)), ZONE),
        scale="small",
        difficulty=dice.choice(tuple(cm.Difficulty)),
        people_involved=dice.randrange(2, 9),
        units_involved=dice.randrange(2),
        amount_claimed=cm.Money.parse(f"{dice.randrange(500, 90_000)}.50 CNY"),
        issues=(cm.Issue(id="i1", text="墙体修复"), cm.Issue(id="i2", text="赔偿数额")),
        own=(cm.OwnValue(name="grid", public=f"G{dice.randrange(100):03}"),),
        title="相邻关系纠纷",
        brief=dice.choice(_BRIEFS),
        place=dice.choice(_PLACES),
    )


def _term(number: int, dice: random.Random, due: cm.When) -> Term:
    pays = number == 0
    return Term(
        id=f"t{number + 1}",
        kind=TermKind.PAYMENT if pays else TermKind.ACT,
        debtor="p2",
        creditor="p1",
        amount=cm.Money.parse(f"{dice.randrange(100, 9_000)} CNY") if pays else None,
        due=due,
        text="一次性付清赔偿款" if pays else "三十日内修复墙体并清理现场",
    )


def case(number: int, seed: int = 1) -> cm.Case:
    """Case *number* of the workload that *seed* makes, unsaved."""
    dice = random.Random(f"{seed}/{number}")
    days = _Days(dice)
    mediators, sessions, visits = dice.randrange(1, 4), dice.randrange(1, 5), dice.randrange(4)
    while 4 + mediators + sessions + visits > MOST_EVENTS:
        sessions, visits = max(1, sessions - 1), max(0, visits - 1)
    made = cm.Case.report(
        id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        centre=CENTRE,
        reference=f"样调字[2022]第{seed}-{number:07}号",
        external=ExternalId("old_register", f"{seed}-{number:09}"),
        dispute=_dispute(dice),
        parties=[_party(each, dice) for each in range(dice.randrange(2, 5))],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="walk_in"),
        at=days.next(),
        by=BY,
    )
    made = made.accept(at=days.next(), by=BY)
    for each in range(mediators):
        role = cm.PanelRole.MEMBER if each else cm.PanelRole.LEAD
        made = made.assign(mediator=f"mediator-{dice.randrange(40)}", role=role, at=days.next(), by=BY)
    made = made.begin_attempt(kind=cm.AttemptKind.PEOPLE, chosen=PanelChoice.AGREED, at=days.next(), by=BY)
    for each in range(sessions):
        made = made.hold_session(
            format=cm.SessionFormat.JOINT if each == sessions - 1 else cm.SessionFormat.SEPARATE,
            medium=cm.Medium.IN_PERSON,
            attended=["p1", "p2"],
            minutes=dice.randrange(20, 180),
            record=_RECORD,
            at=days.next(),
            by=BY,
        )
    when = days.next()
    made = made.resolve(
        form=cm.AgreementForm.WRITTEN,
        amount=cm.Money.parse(f"{dice.randrange(100, 9_000)} CNY"),
        clauses=[_term(each, dice, days.next()) for each in range(dice.randrange(1, 4))],
        terms="双方自愿达成如下协议，今后互不追究。",
        number=f"协议{number:07}",
        at=when,
        by=BY,
    )
    for _ in range(visits):
        made = made.follow_up(
            kept=cm.Compliance.KEPT,
            satisfaction=[cm.Satisfaction(score=dice.randrange(3, 6), side="A", party="p1")],
            sued=False,
            note=_VISIT,
            at=days.next(),
            by=BY,
        )
    return made


def cases(count: int, *, seed: int = 1, first: int = 0) -> list[cm.Case]:
    """So many cases of the workload."""
    return [case(number, seed) for number in range(first, first + count)]


def histories(count: int, *, seed: int = 1) -> list[tuple[str, Sequence[Event]]]:
    """The id and the events of so many cases."""
    return [(each.id, each.pending) for each in cases(count, seed=seed)]
