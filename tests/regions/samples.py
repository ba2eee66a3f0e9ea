"""Two regions in small, from laws that anybody can look up, and invented cases to judge by them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from community_mediation.domain.attempt import AttemptKind, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.events import AttemptBegun, Resolved
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.people import Party, Role
from community_mediation.domain.resolution import AgreementForm
from community_mediation.domain.stages import Process
from community_mediation.domain.values import Code, When
from community_mediation.ports import Label, Weight
from community_mediation.regions import (
    NEUTRAL,
    Calendar,
    Counting,
    Crosswalk,
    Deadline,
    Extension,
    FiscalYear,
    ReferencePattern,
    Region,
    Rule,
    SourceStatus,
    Taxonomy,
    TaxonomyEntry,
    Trigger,
    Unit,
    YearName,
)

BY: Final = "account-1"
SHANGHAI, MANILA = "Asia/Shanghai", "Asia/Manila"


def on(day: str, zone: str = SHANGHAI) -> When:
    """A local day, known to the day."""
    return When.on(dt.date.fromisoformat(day), zone)


def at(text: str) -> When:
    """A moment."""
    return When.at(dt.datetime.fromisoformat(text))


def reported(when: When, **given: Any) -> Case:
    """A case that has just come in: two neighbours, both invented."""
    return Case.report(
        **{
            "id": "case-1",
            "centre": "centre-1",
            "dispute": Dispute(type=Code("neutral", "neighbour")),
            "parties": (
                Party(id="p1", side="A", role=Role.APPLICANT, name="孙某"),
                Party(id="p2", side="B", role=Role.RESPONDENT, name="周某某"),
            ),
            "at": when,
            "by": BY,
            **given,
        }
    )


def begun(when: When, kind: AttemptKind = AttemptKind.PEOPLE, **given: Any) -> Case:
    """A case in mediation from its first day on."""
    return reported(when, **given).accept(at=when, by=BY).begin_attempt(at=when, by=BY, kind=kind)


def agreed(when: When, form: AgreementForm | None = AgreementForm.WRITTEN, **given: Any) -> Case:
    """A case that was settled on its first day."""
    return begun(when, **given).resolve(at=when, by=BY, form=form)


def label(text: str) -> Label:
    """A name for people."""
    return Label(text)


def taxonomy(scheme: str, *codes: str | tuple[str, str]) -> Taxonomy:
    """A list of codes; a pair is a code with its parent."""
    pairs = [(each, None) if isinstance(each, str) else each for each in codes]
    return Taxonomy(
        scheme=scheme,
        title=label(scheme),
        version="1",
        source="a test",
        entries=[TaxonomyEntry(code=code, parent=parent, label=label(code)) for code, parent in pairs],
    )


def rule(name: str, says: str | None = "no", /, **given: Any) -> Rule:
    """A rule that always says the same."""
    return Rule(
        **{
            "name": name,
            "label": label(name),
            "source": "a test",
            "objection": lambda before, event, after: says,
            **given,
        }
    )


def deadline(name: str = "d", limit: Any = 10, **given: Any) -> Deadline:
    """A deadline from the report on."""
    return Deadline(
        **{"name": name, "label": label(name), "trigger": "reported", "limit": limit, "source": "a test", **given}
    )


# ---------------------------------------------------------------- China in small

PUBLIC_ORDER = "公安机关办理行政案件程序规定 (2020)"


def _joint_sessions(case: Case, number: int) -> list[tuple[str, When]]:
    """The *number*-th session of a mediation by the police."""
    kinds = {attempt.id: attempt.kind for attempt in case.attempts}
    held = [each for each in case.sessions if kinds.get(each.attempt or "") is AttemptKind.PUBLIC_ORDER]
    return [("", held[number - 1].held)] if len(held) >= number else []


def _refused_by_a_party(before: Matter | None, event: Event, after: Matter) -> str | None:
    if isinstance(before, Case) and before.process is Process.CONCLUDED:
        return "mediation had ended"
    return None


def _oral(before: Matter | None, event: Event, after: Matter) -> str | None:
    assert isinstance(event, Resolved)
    return "the agreement has no form" if event.form is None else None


HOLIDAYS_2026: Final = Calendar(
    name="cn",
    # The days off of the national day of 2026 and one make-up day, cut down to what the tests need.
    holidays={dt.date(2026, 10, day): Label("National Day", "国庆节") for day in range(1, 8)},
    makeup={dt.date(2026, 10, 10): Label("Made up for the National Day", "调休")},
    years={2026},
    source="国务院办公厅关于2026年部分节假日安排的通知",
)

CN: Final = Region(
    name="cn_sample",
    title=Label("China, in small", "中国（示例）"),
    parent=NEUTRAL,
    calendar=HOLIDAYS_2026,
    counting=Counting(rolls=True, source="民事诉讼法 (2023) art. 85; 民法典 (2020) art. 201-203"),
    triggers=(
        Trigger(
            name="first_police_mediation",
            label=Label("First mediation by the police", "首次治安调解"),
            moments=lambda case: _joint_sessions(case, 1),
        ),
        Trigger(
            name="second_police_mediation",
            label=Label("Second mediation by the police", "再次治安调解"),
            moments=lambda case: _joint_sessions(case, 2),
        ),
    ),
    deadlines=(
        Deadline(
            name="joint_confirmation",
            label=Label("Joint application for judicial confirmation", "共同申请司法确认"),
            trigger="effective",
            limit=30,
            satisfied_by="confirmation_applied",
            weight=Weight.BLOCK,
            source="人民调解法 (2010) art. 33",
            valid_from=dt.date(2011, 1, 1),
        ),
        Deadline(
            name="second_police_mediation",
            label=Label("Second mediation by the police", "再次治安调解"),
            trigger="first_police_mediation",
            limit=7,
            unit=Unit.WORKING_DAYS,
            satisfied_by=("second_police_mediation", "agreed", "concluded"),
            source=f"{PUBLIC_ORDER} art. 183",
        ),
        Deadline(
            name="mediation",
            label=Label("Mediation as a whole", "调解期限"),
            trigger="accepted",
            limit=1,
            unit=Unit.MONTHS,
            satisfied_by="concluded",
            extension=Extension(
                limit=1,
                unit=Unit.MONTHS,
                label=Label("if both sides ask", "双方当事人要求的"),
                source="宁波市人民调解条例 art. 27",
            ),
            source="人民调解工作若干规定 (2002) art. 33",
        ),
    ),
    rules=(
        Rule(
            name="form_is_known",
            label=Label("An agreement is oral or written", "协议应为口头或者书面"),
            source="人民调解法 (2010)",
            article="art. 28",
            weight=Weight.BLOCK,
            applies_to=(Resolved,),
            valid_from=dt.date(2011, 1, 1),
            objection=_oral,
            remedy="Say which.",
        ),
        Rule(
            name="no_second_life",
            label=Label("What has ended is not begun again", "已办结的不再开始"),
            source="a test",
            applies_to=(AttemptBegun,),
            objection=_refused_by_a_party,
        ),
    ),
    patterns=(
        ReferencePattern(
            name="people",
            template="{place}人调字[{year}]{serial:03}号",
            alternatives=("{place}人调字〔{year}〕{serial:03}号",),
            source="人民调解文书格式 (司发通〔2010〕239号)",
        ),
    ),
    labels={Process: {Process.REPORTED: Label("Docketed", "已登记受理"), "concluded": Label("Wound up")}},
)

# ---------------------------------------------------------------- the Philippines in small

KP = "Republic Act 7160 (1991)"

PH: Final = Region(
    name="ph_sample",
    title=Label("Philippines, in small"),
    parent=NEUTRAL,
    deadlines=(
        Deadline(
            name="mediation",
            label=Label("Mediation by the punong barangay"),
            trigger="first_session",
            limit=15,
            satisfied_by=("agreed", "concluded"),
            source=f"{KP}, sec. 410(b)",
        ),
        Deadline(
            name="repudiation",
            label=Label("Repudiation of a settlement"),
            trigger="resolution_agreed",
            limit=10,
            satisfied_by="repudiated",
            weight=Weight.BLOCK,
            source=f"{KP}, sec. 418",
        ),
    ),
    patterns=(ReferencePattern(name="case", template="LP-{year}-{serial:04}", source="a lupon's own docket"),),
    fiscal_year=FiscalYear(start_month=1, named=YearName.START, prefix="FY"),
)

SETTING: Final = SourceStatus.SETTING
CROSSWALK: Final = Crosswalk(
    source="a", target="b", rows={"a1": "b1", "a2": ["b1", "b2"]}, without=("a3",), source_of="a test"
)
JOINT: Final = SessionFormat.JOINT
