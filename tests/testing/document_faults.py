"""A sound kind of document, and kinds with one planted fault each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from community_mediation.domain.case import Case
from community_mediation.errors import InvalidQuery
from community_mediation.ports import Block, DocumentKind, DocumentRequest, Finding, Label, Paper, Part, Severity
from community_mediation.testing import DocumentKindConformance


class Summary:
    """Who quarrels, and since when the centre knows."""

    name = "test-summary"
    version = 1
    title = Label("Summary", "摘要")
    sources: Sequence[str] = ("An invented form",)

    def compose(self, request: DocumentRequest) -> Paper:
        case = request.matter
        if not isinstance(case, Case):
            raise InvalidQuery("This is a paper of a case. Name a case.")
        parts = [self.heading(), *(Part(Block.FIELD, f"Party {party.id}", party.name) for party in case.parties)]
        parts.append(Part(Block.FIELD, "Accepted", self.accepted(case)))
        return Paper(
            kind=self.name, title=self.heading_of(case), parts=tuple(parts), lang=request.lang, findings=self.lack(case)
        )

    def heading(self) -> Part:
        return Part(Block.HEADING, "", "Summary")

    def heading_of(self, case: Case) -> str:
        return f"Summary of {case.id}"

    def accepted(self, case: Case) -> str | None:
        return str(case.accepted.when) if case.accepted.is_reached else None

    def lack(self, case: Case) -> tuple[Finding, ...]:
        return () if case.parties else (Finding("no_party", Severity.WARNING, "Nobody is named."),)


class Programmed(Summary):
    def accepted(self, case: Case) -> str | None:
        return str(case.accepted.when if case.accepted.is_reached else None)


class Empty(Summary):
    def accepted(self, case: Case) -> str | None:
        return super().accepted(case) or ""


class Fragile(Summary):
    def heading_of(self, case: Case) -> str:
        return f"Summary of {case.parties[0].side}"


class Titled(Summary):
    def heading_of(self, case: Case) -> str:
        return " / ".join(["Summary", *(party.name or "?" for party in case.parties)])


class Told(Summary):
    def lack(self, case: Case) -> tuple[Finding, ...]:
        return tuple(Finding("x", Severity.INFO, f"{party.name} has no side.") for party in case.parties)


class Numbered(Summary):
    numbers = itertools.count()

    def heading(self) -> Part:
        return Part(Block.HEADING, "", f"No. {next(self.numbers)}")


class Taking(Summary):
    def compose(self, request: DocumentRequest) -> Paper:
        if isinstance(request.matter, Case):
            return super().compose(request)
        return Paper(kind=self.name, title="Summary", parts=(self.heading(),))


class Unsourced(Summary):
    sources = ()


class Sound(DocumentKindConformance):
    kind: type[Summary] = Summary

    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        return self.kind()


class TestSound(Sound):
    pass


class TestNothing(DocumentKindConformance):
    """Gives nothing."""


for _kind in Summary.__subclasses__():
    _name = f"Test{_kind.__name__}"
    globals()[_name] = type(_name, (Sound,), {"kind": _kind})
