"""What every kind of document keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_mediation.domain.matter import Matter
from community_mediation.errors import InvalidQuery
from community_mediation.ports import Block, DocumentKind, DocumentRequest, Finding, Paper
from community_mediation.testing import strategies
from community_mediation.testing._missing import missing
from community_mediation.testing.books import CANARY, unknown_cases, with_canaries
from community_mediation.testing.reports import assert_sources

# Fixtures are the same for every example, and one law is tried in the classes of several authors.
LENIENT = settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
    deadline=None,
)


class DocumentKindConformance:
    """What every kind of document keeps.

    Inherit it in a class ``Test…`` and give the fixture ``document_kind``; ``options`` where it cannot do
    without; ``matters`` and ``bare_matter`` where it is about something else than a case.
    """

    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        """The kind of document."""
        raise missing(self, "document_kind", "the kind of document")

    @pytest.fixture
    def matters(self) -> st.SearchStrategy[Matter]:
        """The matters that it is tried on: cases that have lived."""
        return strategies.cases()

    @pytest.fixture
    def bare_matter(self) -> Matter:
        """A matter of which almost nothing is known."""
        return unknown_cases(1)[0]

    @pytest.fixture
    def other_matter(self) -> Matter:
        """A matter of a kind that it is not about; a mediator, unless it is about those."""
        return strategies.some_mediator(strategies.Random(1))

    @pytest.fixture
    def options(self) -> Mapping[str, str]:
        """What else it needs to be asked for; by default nothing."""
        return {}

    def test_it_says_what_it_is(self, document_kind: DocumentKind) -> None:
        """A name without blanks, a version from 1, a title in English, its sources."""
        assert isinstance(document_kind, DocumentKind)
        assert document_kind.name and document_kind.name.isprintable() and " " not in document_kind.name
        assert type(document_kind.version) is int and document_kind.version >= 1
        assert document_kind.title.en.strip()
        assert_sources(document_kind.sources)

    @LENIENT
    @given(data=st.data())
    def test_it_is_written_for_any_matter(
        self,
        document_kind: DocumentKind,
        matters: st.SearchStrategy[Matter],
        options: Mapping[str, str],
        data: st.DataObject,
    ) -> None:
        """Or refused with ``InvalidQuery``; what makes it invalid is a finding."""
        matter = data.draw(matters)
        lang = data.draw(st.sampled_from(["en", "zh", "zh_CN", "xx"]))
        paper = composed(document_kind, DocumentRequest(matter=matter, lang=lang, options=options))
        if paper is None:
            return
        assert paper.kind == document_kind.name
        assert paper.title.strip() and paper.parts
        assert all(isinstance(finding, Finding) for finding in paper.findings)
        for part in paper.parts:
            assert isinstance(part.block, Block)
            assert part.text is None or isinstance(part.text, str)

    def test_what_is_not_known_stays_blank(
        self, document_kind: DocumentKind, bare_matter: Matter, options: Mapping[str, str]
    ) -> None:
        """A blank is ``None``: no program's word for it is printed, and no empty text stands in its place."""
        paper = composed(document_kind, DocumentRequest(matter=bare_matter, options=options))
        for part in paper.parts if paper else ():
            assert part.block is not Block.FIELD or part.text is None or part.text.strip()
            for word in ("None", "null", "NaN", "When(", "Milestone("):
                assert word not in (part.text or ""), part.label

    @LENIENT
    @given(data=st.data())
    def test_the_same_matter_gives_the_same_paper(
        self,
        document_kind: DocumentKind,
        matters: st.SearchStrategy[Matter],
        options: Mapping[str, str],
        data: st.DataObject,
    ) -> None:
        """No clock and no chance is in it."""
        request = DocumentRequest(matter=data.draw(matters), options=options)
        assert composed(document_kind, request) == composed(document_kind, request)

    @LENIENT
    @given(data=st.data())
    def test_only_its_texts_name_people(
        self,
        document_kind: DocumentKind,
        matters: st.SearchStrategy[Matter],
        options: Mapping[str, str],
        data: st.DataObject,
    ) -> None:
        """Personal values stand in the texts of parts, which are hidden from ``repr``, and in no finding or title."""
        matter = with_canaries(data.draw(matters))
        paper = composed(document_kind, DocumentRequest(matter=matter, options=options))
        if paper is not None:
            assert CANARY not in repr(paper)
            assert all(CANARY not in part.label and CANARY not in repr(part) for part in paper.parts)

    def test_a_matter_of_another_kind_is_refused(
        self, document_kind: DocumentKind, other_matter: Matter, options: Mapping[str, str]
    ) -> None:
        """With ``InvalidQuery``."""
        with pytest.raises(InvalidQuery):
            document_kind.compose(DocumentRequest(matter=other_matter, options=options))


def composed(kind: DocumentKind, request: DocumentRequest) -> Paper | None:
    """The paper, or ``None`` if it is refused with ``InvalidQuery``; then the error names no one."""
    refused = ""
    paper: Any = None
    try:
        paper = kind.compose(request)
    except InvalidQuery as error:
        refused = f"{error} {error!r}"
    assert CANARY not in refused
    assert refused or isinstance(paper, Paper)
    return cast("Paper | None", paper)
