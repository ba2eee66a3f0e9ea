"""Papers of one case that are built in: its summary, and the agreement of people's mediation.

Both are personal: whoever prints one records first that it leaves the book (``book.record_disclosure``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.people import MediatorDetails, Party
from community_mediation.domain.record import Centre, Mediator
from community_mediation.domain.resolution import Resolution
from community_mediation.errors import InvalidQuery
from community_mediation.ports import Block, DocumentRequest, Label, Paper, Part
from community_mediation.reports.paper_words import day, joined, money, passed, said

_TITLE: Final = Label("Case summary", "案件摘要")
_MILESTONES: Final = {
    "reported": Label("Reported", "登记"),
    "accepted": Label("Accepted", "受理"),
    "agreed_to_mediate": Label("Agreed to mediate", "同意调解"),
    "begun": Label("Mediation begun", "启动调解"),
    "first_session": Label("First session", "首次调解会"),
    "joint_session": Label("First joint session", "首次面对面调解"),
    "agreed": Label("Agreement reached", "达成协议"),
    "concluded": Label("Concluded", "办结"),
    "closed": Label("File closed", "归档"),
}


class Writing:
    """The parts of a paper, as they are put down; for authors of papers.

    Args:
        request: What is asked for.
        kind: The name of the kind of document, for errors.

    Raises:
        InvalidQuery: The matter is no case.
    """

    def __init__(self, request: DocumentRequest, kind: str) -> None:
        if not isinstance(request.matter, Case):
            raise InvalidQuery(f"Document {kind} is about a case. Give the id of a case.")
        self.case, self.lang, self._request = request.matter, request.lang, request
        self.parts: list[Part] = []

    def heading(self, en: str, zh: str) -> None:
        """A heading."""
        self.parts.append(Part(Block.HEADING, Label(en, zh).text(self.lang)))

    def field(self, en: str, zh: str, text: str | None) -> None:
        """A labelled field; ``None`` leaves a blank."""
        self.parts.append(Part(Block.FIELD, Label(en, zh).text(self.lang), (text or "").strip() or None))

    def paragraph(self, text: str | None) -> None:
        """A paragraph, if there is one."""
        if text and text.strip():
            self.parts.append(Part(Block.PARAGRAPH, text=text.strip()))

    def signature(self, en: str, zh: str, text: str | None = None) -> None:
        """A line to sign on; *text* says who has signed it."""
        self.parts.append(Part(Block.SIGNATURE, Label(en, zh).text(self.lang), text))

    def said(self, code: object) -> str | None:
        """A code in words."""
        return said(code, self.lang)

    def centre(self) -> str | None:
        """The centre's name, or its id."""
        found = self._request.related(self.case.centre)
        name = found.details.name if isinstance(found, Centre) and isinstance(found.details, CentreDetails) else None
        return name or self.case.centre

    def mediator(self, id: str) -> str:
        """A mediator's name, or the id."""
        found = self._request.related(id)
        details = found.details if isinstance(found, Mediator) else None
        return (details.name if isinstance(details, MediatorDetails) else None) or id

    def party(self, id: str | None) -> str | None:
        """A party's name, or its side and id: someone whose name was erased is still that party."""
        party = next((each for each in self.case.parties if each.id == id), None)
        return id if party is None else party.name or f"{party.side}/{party.id}"

    def parties(self) -> Iterator[tuple[str, str, Party]]:
        """Each party with its heading, in English and Chinese: its side, and its role if it has one."""
        for party in self.case.parties:
            en, zh = said(party.role, "en"), said(party.role, "zh")
            yield (
                f"Party {party.side}" + (f" ({en})" if en else ""),
                f"{party.side} 方" + (f"（{zh}）" if zh else ""),
                party,
            )


@attrs.frozen
class CaseSummary:
    """``case-summary``: what is known of a case, on one or two pages, for those who work on it.

    Options: none. What is not known stays blank.
    """

    name: str = "case-summary"
    version: int = 1
    title: Label = _TITLE
    sources: tuple[str, ...] = (
        "Acceptance form and record of people's mediation (人民调解受理登记表、调解笔录)",
        "GB/T 31000-2015, 5.58",
    )

    def compose(self, request: DocumentRequest) -> Paper:
        """Write the summary.

        Raises:
            InvalidQuery: The matter is no case, or an option was given.
        """
        refuse_options(request, self.name)
        at = Writing(request, self.name)
        _about(at)
        _parties(at)
        _course(at)
        for number, resolution in enumerate(at.case.resolutions, 1):
            _resolution(at, resolution, number)
        _follow_ups(at)
        return Paper(kind=self.name, title=self.title.text(request.lang), parts=tuple(at.parts), lang=request.lang)


CASE_SUMMARY: Final = CaseSummary()
"""The kind of document, ready to be registered."""


def refuse_options(request: DocumentRequest, kind: str, *known: str) -> None:
    """Refuse an option that the kind does not have.

    Raises:
        InvalidQuery: There is one.
    """
    if unknown := sorted(request.options.keys() - set(known)):
        takes = f"It takes {', '.join(known)}." if known else "It takes none."
        raise InvalidQuery(f"Document {kind} has no option {unknown[0]!r}. {takes}")


def _about(at: Writing) -> None:
    case, dispute, intake = at.case, at.case.dispute, at.case.intake
    at.field("Case number", "案号", case.reference)
    at.field("Centre", "调解组织", at.centre())
    at.heading("Dispute", "纠纷")
    at.field("Title", "名称", dispute.title)
    at.field("Type", "类型", str(dispute.type))
    at.field("Nature", "性质", at.said(dispute.nature))
    at.field("Since", "发生时间", day(dispute.since))
    at.field("Place", "地点", dispute.place)
    at.field("Difficulty", "难易程度", at.said(dispute.difficulty))
    people = dispute.people_involved
    at.field("People involved", "涉及人数", None if people is None else f"{people:,}")
    at.field("Amount claimed", "诉求金额", money(dispute.amount_claimed))
    at.field("In brief", "简要情况", dispute.brief)
    for number, issue in enumerate(dispute.issues, 1):
        at.field(f"Issue {number}", f"争议事项 {number}", issue.text or (str(issue.kind) if issue.kind else None))
    at.heading("Intake", "受理登记")
    at.field("Source", "来源", at.said(intake.source))
    at.field("Channel", "渠道", at.said(intake.channel))
    at.field("Referred by", "移送单位", at.said(intake.referrer_kind))


def _parties(at: Writing) -> None:
    at.heading("Parties", "当事人")
    for en, zh, party in at.parties():
        kind = joined([at.said(party.kind), at.said(party.sex)], at.lang)
        at.field(en, zh, None if party.name is None else joined([party.name, kind], at.lang))
        if party.contact is not None:
            at.field("Contact", "联系方式", party.contact)


def _course(at: Writing) -> None:
    case = at.case
    at.heading("Course", "经过")
    for name, label in _MILESTONES.items():
        at.field(label.en, label.zh, passed(getattr(case, name), at.lang))
    for each in case.assignments:
        at.field("Mediator", "调解员", joined([at.mediator(each.mediator), at.said(each.role)], at.lang))
    for number, session in enumerate(case.sessions, 1):
        told = [day(session.held), at.said(session.format), at.said(session.medium)]
        at.field(f"Session {number}", f"第 {number} 次调解会", joined(told, at.lang))
        at.paragraph(session.record)
    at.field("Stands at", "进度", at.said(case.process))
    at.field("Conclusion", "结果", at.said(case.conclusion))


def _resolution(at: Writing, resolution: Resolution, number: int) -> None:
    at.heading(f"Resolution {number}", f"调解结果 {number}")
    told = [at.said(resolution.kind), at.said(resolution.form), at.said(resolution.extent)]
    at.field("Kind", "种类", joined(told, at.lang))
    at.field("Number", "编号", resolution.number)
    at.field("Agreed", "达成时间", passed(resolution.agreed, at.lang))
    at.field("Amount", "金额", money(resolution.amount))
    terms(at, resolution)
    at.field("Stands at", "状态", at.said(resolution.stage))
    at.field("Kept", "履行情况", at.said(resolution.compliance))


def terms(at: Writing, resolution: Resolution) -> None:
    """What was agreed: in words, and term by term."""
    if resolution.terms is not None or not resolution.clauses:
        at.field("Terms", "协议内容", resolution.terms)
    for number, term in enumerate(resolution.clauses, 1):
        owed = joined([at.party(term.debtor), at.party(term.creditor)], at.lang) if term.creditor else None
        who = f"{at.party(term.debtor) or '…'} → {at.party(term.creditor)}" if owed else at.party(term.debtor)
        due = day(term.due)
        until = None if due is None else Label(f"until {due}", f"{due} 前").text(at.lang)
        told = [at.said(term.kind), who, money(term.amount), at.said(term.method), until, term.text]
        at.field(f"Term {number}", f"条款 {number}", joined(told, at.lang))


def _follow_ups(at: Writing) -> None:
    if not at.case.follow_ups:
        return
    at.heading("Return visits", "回访")
    for each in at.case.follow_ups:
        scores = [f"{answer.side} {answer.score}/5" for answer in each.satisfaction]
        told = [at.said(each.kept), *scores, each.note]
        when = day(each.when) or Label("day not known", "日期不明").text(at.lang)
        at.field(when, when, joined(told, at.lang))
