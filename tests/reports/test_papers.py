"""Papers of one case: what is known stands there, what is not is a blank, and what is missing is told."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from community_mediation.domain.attempt import AttemptKind, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Dispute, Issue
from community_mediation.domain.matter import Matter
from community_mediation.domain.papers import Signature, SignatureKind
from community_mediation.domain.people import MediatorDetails, Party, Role
from community_mediation.domain.record import Centre, Mediator
from community_mediation.domain.resolution import AgreementForm, Resolution, ResolutionKind, Term, TermKind
from community_mediation.domain.values import Code, Money, When
from community_mediation.errors import InvalidInput, InvalidQuery
from community_mediation.ports import Block, DocumentKind, DocumentRequest, Finding, Paper, Part, Severity
from community_mediation.reports import AGREEMENT, CASE_SUMMARY, write_paper
from community_mediation.reports.paper_files import BLANK, paper_page, paper_text
from community_mediation.testing import DocumentKindConformance, strategies
from tests.reports.helpers import HOSTILE

ZONE = "Asia/Shanghai"
DAY = dt.date(2022, 5, 14)


def on(days: int) -> When:
    return When.on(DAY + dt.timedelta(days=days), ZONE)


def lived(**dispute: Any) -> Case:
    """A case in mediation."""
    given = {"type": Code("demo", "neighbour"), "title": "围墙", "brief": "围墙越界。", **dispute}
    parties = [
        Party(id="p1", side="A", role=Role.APPLICANT, name="孙某"),
        Party(id="p2", side="B", role=Role.RESPONDENT, name="周某某"),
        Party(id="p3", side="B", role=Role.REPRESENTATIVE, name="叶某", represents=("p2",)),
    ]
    case = Case.report(
        id="case-1", centre="centre-1", reference="2022-7", dispute=Dispute(**given), parties=parties, at=on(0), by="x"
    )
    case = case.accept(at=on(1), by="x").begin_attempt(at=on(2), by="x", kind=AttemptKind.PEOPLE)
    case = case.assign(at=on(2), by="x", mediator="mediator-1")
    return case.hold_session(at=on(3), by="x", format=SessionFormat.SEPARATE)


def settled(**resolution: Any) -> Case:
    """A case with an agreement, as that is recorded when everything is known, but for *resolution*."""
    case = lived(issues=(Issue(id="i1", text="围墙归属"),)).resolve(at=on(4), by="x", form=AgreementForm.WRITTEN)
    clause = Term(
        id="t1", kind=TermKind.PAYMENT, debtor="p2", creditor="p1", amount=_money("1200.50"), due=on(30), text="转账"
    )
    words = {"facts": "围墙占地。", "responsibilities": "周某某负责拆除。"}
    given = {"number": "调字7号", "copies": 3, **words, "clauses": (clause,), **resolution}
    return attrs.evolve(case, frontier=None, resolutions=(attrs.evolve(case.resolutions[-1], **given),))


def _money(amount: str) -> Money:
    return Money.parse(f"{amount} CNY")


def signed(case: Case, *signatures: Signature) -> Case:
    return attrs.evolve(case, frontier=None, items=signatures)


PARTIES = (Signature(paper="agreement", party="p1"), Signature(paper="agreement", party="p2", kind=SignatureKind.SEAL))
OFFICIALS = (Signature(paper="agreement", mediator="mediator-1"), Signature(paper="agreement"))


def composed(kind: DocumentKind, case: Matter, **asked: Any) -> Paper:
    return kind.compose(DocumentRequest(matter=case, **asked))


def fields(paper: Paper) -> dict[str, str | None]:
    return {part.label: part.text for part in paper.parts if part.block in (Block.FIELD, Block.SIGNATURE)}


def codes(case: Case) -> list[str]:
    return [finding.code for finding in composed(AGREEMENT, case).findings]


# ---- the summary


def test_the_summary_holds_what_is_known() -> None:
    found = fields(composed(CASE_SUMMARY, settled()))
    wanted = {
        "Case number": "2022-7",
        "Type": "demo:neighbour",
        "In brief": "围墙越界。",
        "Party A (applicant)": "孙某, natural person",
        "Accepted": "2022-05-15",
        "First joint session": "not reached",
        "Session 1": "2022-05-17, separate",
        "Conclusion": "settled",
        "Kind": "agreement, written, in full",
        "Term 1": "payment, 周某某 → 孙某, 1,200.50 CNY, until 2022-06-13, 转账",
    }
    assert {label: found[label] for label in wanted} == wanted


def test_the_summary_speaks_chinese() -> None:
    paper = composed(CASE_SUMMARY, settled(), lang="zh_CN")
    found = fields(paper)
    assert paper.title == "案件摘要"
    assert found["A 方（申请人）"] == "孙某，自然人"
    assert (found["结果"], found["种类"]) == ("调解成功", "调解协议，书面，全部")


def test_a_blank_is_left_for_what_nobody_knows() -> None:
    found = fields(composed(CASE_SUMMARY, lived(brief=None)))
    assert [found[label] for label in ("In brief", "Nature", "Channel", "Conclusion", "Amount claimed")] == [None] * 5


def test_names_of_centre_and_mediator_come_from_the_book_where_it_has_them() -> None:
    centre = Centre.create(id="centre-1", details=CentreDetails(name="调解室"), at=on(0), by="x")
    mediator = Mediator.create(id="mediator-1", details=MediatorDetails(name="吴某"), at=on(0), by="x")
    known = {"centre-1": centre, "mediator-1": mediator}
    found = fields(composed(CASE_SUMMARY, lived(), related=known.get))
    assert (found["Centre"], found["Mediator"]) == ("调解室", "吴某, lead mediator")
    without = fields(composed(CASE_SUMMARY, lived()))
    assert (without["Centre"], without["Mediator"]) == ("centre-1", "mediator-1, lead mediator")


def test_a_party_whose_name_was_erased_is_a_blank_and_in_a_term_still_that_party() -> None:
    case = settled()
    parties = tuple(attrs.evolve(party, name=None) for party in case.parties)
    found = fields(composed(CASE_SUMMARY, attrs.evolve(case, frontier=None, parties=parties)))
    assert found["Party A (applicant)"] is None
    assert "B/p2 → A/p1" in str(found["Term 1"])


@pytest.mark.parametrize("kind", [CASE_SUMMARY, AGREEMENT])
def test_an_option_that_there_is_not_is_refused(kind: DocumentKind) -> None:
    with pytest.raises(InvalidQuery, match="'colour'"):
        composed(kind, settled(), options={"colour": "red"})


# ---- the agreement


def test_an_agreement_with_everything_and_signed_by_all_lacks_nothing() -> None:
    assert codes(signed(settled(), *PARTIES, *OFFICIALS)) == []


def test_unsigned_it_says_who_has_not_signed() -> None:
    """Whoever only represents a party is not bound, and need not sign."""
    paper = composed(AGREEMENT, settled())
    assert [each.code for each in paper.findings] == [
        "agreement.unsigned", "agreement.unsigned", "agreement.no_mediator", "agreement.no_seal",
    ]  # fmt: skip
    assert "Party p1" in paper.findings[0].message and "art. 29" in paper.findings[0].message


@pytest.mark.parametrize(("missing", "code"), [
    (0, "agreement.unsigned"), (1, "agreement.unsigned"), (2, "agreement.no_mediator"), (3, "agreement.no_seal"),
])  # fmt: skip
def test_each_signature_that_is_missing_is_told(missing: int, code: str) -> None:
    signatures = [each for number, each in enumerate((*PARTIES, *OFFICIALS)) if number != missing]
    assert codes(signed(settled(), *signatures)) == [code]


def test_who_signs_to_attest_is_not_bound_by_it() -> None:
    attests = attrs.evolve(PARTIES[0], attests=True)
    assert codes(signed(settled(), attests, PARTIES[1], *OFFICIALS)) == ["agreement.unsigned"]


def test_a_signature_under_another_paper_does_not_count() -> None:
    other = attrs.evolve(PARTIES[0], paper="record")
    assert codes(signed(settled(), other, PARTIES[1], *OFFICIALS)) == ["agreement.unsigned"]


def test_a_party_that_refused_to_sign_is_an_error() -> None:
    refused = attrs.evolve(PARTIES[0], kind=SignatureKind.REFUSED)
    paper = composed(AGREEMENT, signed(settled(), refused, PARTIES[1], *OFFICIALS))
    assert [(each.code, each.severity) for each in paper.findings] == [("agreement.refused", Severity.ERROR)]


@pytest.mark.parametrize(("change", "code"), [
    ({"responsibilities": None}, "agreement.no_responsibilities"),
    ({"clauses": (), "terms": None}, "agreement.no_terms"),
    ({"copies": 2}, "agreement.copies"),
    ({"form": AgreementForm.ORAL}, "agreement.oral"),
    ({"clauses": (Term(id="t1", kind=TermKind.APOLOGY),)}, "agreement.no_due_date"),
])  # fmt: skip
def test_each_thing_that_the_law_lists_and_the_paper_lacks_is_told(change: Mapping[str, Any], code: str) -> None:
    assert codes(signed(settled(**change), *PARTIES, *OFFICIALS)) == [code]


def test_the_amount_agreed_stands_on_the_paper_where_no_term_holds_it() -> None:
    """And a paper of an agreement without money has no such line."""
    found = fields(composed(AGREEMENT, settled(amount=_money("2000"), clauses=(), terms="pay, and be friends")))
    assert "2000" in str(found["Amount"]).replace(",", "")
    assert "Amount" not in fields(composed(AGREEMENT, settled()))


def test_what_a_chinese_paper_lacks_is_told_in_chinese() -> None:
    """But for the ids, which are what they are."""
    bare = settled(responsibilities=None, copies=1, form=AgreementForm.ORAL, clauses=(), terms=None)
    paper = AGREEMENT.compose(DocumentRequest(matter=bare, lang="zh"))
    assert len(paper.findings) > 6
    for finding in paper.findings:
        words = finding.message.replace("p1", "").replace("p2", "")
        assert not any(each.isascii() and each.isalpha() for each in words), finding.message
        assert "《人民调解法》第二十" in words


def test_leaving_something_undone_needs_no_day() -> None:
    term = Term(id="t1", kind=TermKind.FORBEARANCE, text="不再堆放。")
    assert codes(signed(settled(clauses=(term,)), *PARTIES, *OFFICIALS)) == []


def test_facts_may_stand_in_the_brief_of_the_dispute() -> None:
    assert codes(signed(settled(facts=None), *PARTIES, *OFFICIALS)) == []


def test_the_agreement_is_laid_out_as_the_law_lists_it() -> None:
    paper = composed(AGREEMENT, signed(settled(), *PARTIES), lang="zh")
    headings = [part.label for part in paper.parts if part.block is Block.HEADING]
    assert paper.title == "人民调解协议书"
    assert headings == [
        "当事人基本情况", "纠纷主要事实、争议事项及责任", "达成协议内容、履行方式和期限", "签名、盖章或者按指印",
    ]  # fmt: skip
    lines = {part.label: part.text for part in paper.parts if part.block is Block.SIGNATURE}
    assert lines == {
        "A 方（申请人）": "签名", "B 方（被申请人）": "盖章", "人民调解员": None, "人民调解委员会（印章）": None,
    }  # fmt: skip


def test_a_case_without_an_agreement_has_no_such_paper() -> None:
    for case in (lived(), settled(kind=ResolutionKind.AWARD)):
        with pytest.raises(InvalidQuery, match="has no agreement"):
            composed(AGREEMENT, case)


def test_one_of_several_agreements_can_be_asked_for() -> None:
    case = settled()
    earlier = Resolution(id="r0", number="调字1号")
    both = attrs.evolve(case, frontier=None, resolutions=(earlier, *case.resolutions))
    assert fields(composed(AGREEMENT, both))["Number"] == "调字7号"
    assert fields(composed(AGREEMENT, both, options={"resolution": "r0"}))["Number"] == "调字1号"
    with pytest.raises(InvalidQuery, match="r0"):
        composed(AGREEMENT, both, options={"resolution": "none"})


def test_findings_name_no_one() -> None:
    paper = composed(AGREEMENT, settled(clauses=(), terms=None))
    assert not any(name in repr(paper) for name in ("孙某", "周某某", "叶某"))


# ---- files


def test_a_paper_is_written_as_a_page_and_as_text_for_its_owner_only(tmp_path: Path) -> None:
    paper = composed(AGREEMENT, settled(), lang="zh")
    page, text = (write_paper(paper, tmp_path / name) for name in ("a.html", "a.txt"))
    assert "<h1>人民调解协议书</h1>" in page.read_text("utf-8") and 'lang="zh-CN"' in page.read_text("utf-8")
    assert text.read_text("utf-8").startswith("人民调解协议书\n")
    assert "编号：调字7号" in text.read_text("utf-8")
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (page, text)} == {0o600}


def test_blanks_are_lines_to_write_on() -> None:
    paper = Paper(kind="k", title="T", parts=(Part(Block.FIELD, "Name"), Part(Block.SIGNATURE, "Signed")))
    assert f"Name: {BLANK}" in paper_text(paper) and f"Signed: {BLANK}" in paper_text(paper)
    assert f'<dd class="blank">{BLANK}</dd>' in paper_page(paper) and "None" not in paper_page(paper)


def test_what_is_missing_is_told_and_not_printed_on_paper() -> None:
    finding = Finding("k.missing", Severity.WARNING, "Something is missing.")
    paper = Paper(kind="k", title="T", parts=(Part(Block.PARAGRAPH, text="x"),), findings=(finding,))
    page = paper_page(paper)
    assert "Something is missing." in paper_text(paper)
    assert '<aside class="missing"' in page and ".missing { display: none; }" in page.partition("@media print")[2]


def test_no_text_becomes_markup() -> None:
    parts = tuple(Part(block, HOSTILE, HOSTILE) for block in Block)
    page = paper_page(Paper(kind="k", title=HOSTILE, parts=parts))
    assert "<script" not in page and "\u202e" not in page and "\0" not in page
    assert page.count("&lt;script&gt;") >= len(parts)


def test_lines_of_a_text_stay_lines() -> None:
    paper = Paper(kind="k", title="T", parts=(Part(Block.PARAGRAPH, text="one\ntwo"),))
    assert "one\ntwo" in paper_text(paper) and "one\ntwo" in paper_page(paper)


def test_another_ending_is_refused_and_no_file_is_written_over(tmp_path: Path) -> None:
    paper = Paper(kind="k", title="T", parts=())
    with pytest.raises(InvalidInput, match="html, txt"):
        write_paper(paper, tmp_path / "a.docx")
    path = write_paper(paper, tmp_path / "a.bin", form="txt")
    with pytest.raises(InvalidInput, match="already"):
        write_paper(paper, path, form="txt")
    assert write_paper(paper, path, form="html", overwrite=True).read_text("utf-8").startswith("<!DOCTYPE")


class TestCaseSummary(DocumentKindConformance):
    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        return CASE_SUMMARY


class TestAgreement(DocumentKindConformance):
    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        return AGREEMENT

    @pytest.fixture
    def matters(self) -> st.SearchStrategy[Matter]:
        """Half of them with an agreement, whatever else the case has."""
        agreed = st.builds(lambda copies: settled(copies=copies), st.none() | st.integers(0, 5))
        return agreed | strategies.cases()
