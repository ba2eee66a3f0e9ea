"""The agreement of people's mediation (人民调解协议书), and what it lacks.

Source: People's Mediation Law of the PRC (2010), art. 28 (an oral agreement is noted down by the mediator) and
art. 29 (what an agreement may state; it takes effect once every party has signed, sealed or put a fingerprint to it,
and the mediator has signed and the committee sealed it; each party keeps one copy, and the committee one).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.outcome import bindable
from community_mediation.domain.papers import Signature, SignatureKind
from community_mediation.domain.people import Party
from community_mediation.domain.resolution import AgreementForm, Resolution, ResolutionKind, TermKind
from community_mediation.errors import InvalidQuery
from community_mediation.ports import DocumentRequest, Finding, Label, Paper, Severity
from community_mediation.reports.paper_words import day, joined, money
from community_mediation.reports.papers import Writing, refuse_options, terms

LAW: Final = "People's Mediation Law of the PRC (2010), art. {}"
_TITLE: Final = Label("Agreement of people's mediation", "人民调解协议书")


@attrs.frozen
class Agreement:
    """``agreement``: the paper that the parties sign.

    Options: ``resolution``, the id of the agreement; without it, the latest one.
    """

    name: str = "agreement"
    version: int = 1
    title: Label = _TITLE
    sources: tuple[str, ...] = (LAW.format(28), LAW.format(29))

    def compose(self, request: DocumentRequest) -> Paper:
        """Write the agreement. What art. 29 asks for and is not there is a finding.

        Raises:
            InvalidQuery: The matter is no case, the case has no agreement (of that id), or an option is wrong.
        """
        refuse_options(request, self.name, "resolution")
        at = Writing(request, self.name)
        resolution = _chosen(at.case, request.options.get("resolution"))
        bound = _bound(at.case, resolution)
        _body(at, resolution)
        signed = [each for each in at.case.noted(Signature) if _is_under(each, resolution)]
        _signatures(at, bound, signed)
        return Paper(
            kind=self.name,
            title=self.title.text(request.lang),
            parts=tuple(at.parts),
            lang=request.lang,
            findings=tuple(_Lacks(request.lang, at.case, resolution, bound, signed)),
        )


AGREEMENT: Final = Agreement()
"""The kind of document, ready to be registered."""


def _chosen(case: Case, wanted: str | None) -> Resolution:
    there = [each for each in case.resolutions if each.kind is ResolutionKind.AGREEMENT]
    found = [each for each in there if wanted is None or each.id == wanted]
    if not found:
        ids = ", ".join(each.id for each in there)
        raise InvalidQuery(
            f"The case has no such agreement. Its agreements are {ids}." if ids else "The case has no agreement."
        )
    return found[-1]


def _bound(case: Case, resolution: Resolution) -> list[Party]:
    if resolution.parties:
        return [party for party in case.parties if party.id in resolution.parties]
    return bindable(case.parties)


def _is_under(signature: Signature, resolution: Resolution) -> bool:
    return signature.paper == "agreement" and signature.resolution in (None, resolution.id)


def _body(at: Writing, resolution: Resolution) -> None:
    at.field("Number", "编号", resolution.number or at.case.reference)
    at.heading("Parties", "当事人基本情况")
    for en, zh, party in at.parties():
        born = None if party.birth_date is None else party.birth_date.isoformat()
        told = [party.name, at.said(party.sex), born, party.ethnicity, party.occupation, party.employer]
        at.field(en, zh, joined([*told, party.address, party.contact, party.identity], at.lang))
    at.heading("Facts, points in dispute and responsibilities", "纠纷主要事实、争议事项及责任")
    at.field("Facts", "主要事实", resolution.facts or at.case.dispute.brief)
    issues = [text for each in at.case.dispute.issues if (text := each.text or (str(each.kind) if each.kind else None))]
    at.field("Points in dispute", "争议事项", joined([*issues], at.lang))
    at.field("Responsibilities", "各方责任", resolution.responsibilities)
    at.heading("Agreement", "达成协议内容、履行方式和期限")
    at.paragraph(
        Label(
            "The parties have agreed of their own free will as follows.", "经调解，双方当事人自愿达成如下协议："
        ).text(at.lang)
    )
    if resolution.amount is not None:
        at.field("Amount", "协议金额", money(resolution.amount))
    terms(at, resolution)
    at.field("Copies", "份数", None if resolution.copies is None else str(resolution.copies))


def _signatures(at: Writing, bound: list[Party], signed: list[Signature]) -> None:
    at.heading("Signatures", "签名、盖章或者按指印")
    for en, zh, party in at.parties():
        if party in bound:
            mine = [each for each in signed if each.party == party.id and not each.attests]
            at.signature(en, zh, _how(at, mine))
    at.signature("Mediator", "人民调解员", _how(at, [each for each in signed if each.mediator is not None]))
    at.signature("Seal of the committee", "人民调解委员会（印章）", _how(at, _seals(signed)))
    at.field("Date", "日期", day(at.case.agreed.when))


def _how(at: Writing, mine: list[Signature]) -> str | None:
    return None if not mine else joined([at.said(mine[-1].kind), day(mine[-1].when)], at.lang)


def _seals(signed: list[Signature]) -> list[Signature]:
    return [each for each in signed if each.party is None and each.mediator is None]


@attrs.frozen
class _Lacks:
    """What an agreement lacks, told in one language."""

    lang: str
    case: Case
    resolution: Resolution
    bound: list[Party]
    signed: list[Signature]

    def __iter__(self) -> Iterator[Finding]:
        if self.resolution.form is AgreementForm.ORAL:
            yield self._told(
                "oral",
                Label(
                    "The agreement was oral: the mediator notes it down, and no paper is needed.",
                    "口头协议由调解员记录，无需制作协议书。",
                ),
                article=28,
            )
        yield from self._content()
        yield from self._signatures()
        copies, needed = self.resolution.copies, len(self.bound) + 1
        if copies is not None and copies < needed:
            problem = Label(
                f"There are {copies} copies: each of {needed - 1} parties keeps one, and the committee one.",
                f"一式 {copies} 份不足：{needed - 1} 方当事人各执一份，调委会留存一份。",
            )
            yield self._told("copies", problem)

    def _signatures(self) -> Iterator[Finding]:
        for party in self.bound:
            mine = [each for each in self.signed if each.party == party.id and not each.attests]
            if any(each.kind is SignatureKind.REFUSED for each in mine[-1:]):
                refused = Label(f"Party {party.id} refused to sign.", f"当事人 {party.id} 拒绝签名。")
                yield self._told("refused", refused, Severity.ERROR)
            elif not mine:
                problem = Label(
                    f"Party {party.id} has not signed, sealed or put a fingerprint to it.",
                    f"当事人 {party.id} 尚未签名、盖章或者按指印。",
                )
                yield self._told("unsigned", problem)
        if not any(each.mediator is not None and each.kind is not SignatureKind.REFUSED for each in self.signed):
            yield self._told("no_mediator", Label("No mediator has signed it.", "调解员尚未签名。"))
        if not _seals(self.signed):
            yield self._told("no_seal", Label("The committee has not sealed it.", "尚未加盖调委会印章。"))

    def _content(self) -> Iterator[Finding]:
        resolution, dispute = self.resolution, self.case.dispute
        if any(party.name is None for party in self.bound):
            yield self._told("party_unknown", Label("A party's name is not known.", "有当事人姓名不详。"))
        if resolution.facts is None and dispute.brief is None:
            yield self._told("no_facts", Label("It does not state the main facts.", "未载明纠纷的主要事实。"))
        if not dispute.issues and resolution.facts is None:
            yield self._told("no_issues", Label("It does not state the points in dispute.", "未载明争议事项。"))
        if resolution.responsibilities is None:
            problem = Label("It does not state the responsibilities of the parties.", "未载明各方当事人的责任。")
            yield self._told("no_responsibilities", problem)
        if resolution.terms is None and not resolution.clauses:
            problem = Label("It does not state what was agreed.", "未载明达成协议的内容。")
            yield self._told("no_terms", problem, Severity.ERROR)
        for number, term in enumerate(resolution.clauses, 1):
            if term.kind is not TermKind.FORBEARANCE and term.due is None:
                problem = Label(
                    f"Term {number} does not say until when it is to be kept.", f"条款 {number} 未载明履行期限。"
                )
                yield self._told("no_due_date", problem)

    def _told(self, code: str, problem: Label, severity: Severity = Severity.WARNING, article: int = 29) -> Finding:
        source = Label(f" Source: {LAW.format(article)}.", f"依据：《人民调解法》第{_ARTICLES[article]}条。")
        return Finding(f"agreement.{code}", severity, problem.text(self.lang) + source.text(self.lang))


_ARTICLES: Final = {28: "二十八", 29: "二十九"}
