"""What the core brings keeps the laws that it holds plugins to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path

import pytest

from community_mediation.deliveries import FolderChannel
from community_mediation.metrics import Metric, catalogue
from community_mediation.ports import Channel, DocumentKind, ReportFormat
from community_mediation.reports import AGREEMENT, CASE_SUMMARY, OUTCOMES
from community_mediation.testing import (
    Arrived,
    ChannelConformance,
    DocumentKindConformance,
    MetricConformance,
    ReportFormatConformance,
)


class TestFolderChannel(ChannelConformance):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> Channel:
        return FolderChannel(tmp_path)

    @pytest.fixture
    def good_address(self) -> str:
        return "sun@example.org"

    @pytest.fixture
    def bad_address(self) -> str | None:
        return "nobody at all"

    @pytest.fixture
    def delivered(self, tmp_path: Path) -> Callable[[], Sequence[Arrived]]:
        def read(path: Path) -> Arrived:
            mail = BytesParser(policy=SMTP).parsebytes(path.read_bytes())
            body = mail.get_body(("plain",))
            assert body is not None
            text = str(body.get_content()).replace("\r\n", "\n")
            return Arrived(str(mail["To"]), str(mail["Subject"]), text.removesuffix("\n"))

        return lambda: [read(path) for path in sorted(tmp_path.glob("*.eml"))]

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> Channel | None:
        return FolderChannel(tmp_path / "no" / "such")


class TestOutcomes(ReportFormatConformance):
    @pytest.fixture
    def report_format(self) -> ReportFormat:
        return OUTCOMES

    @pytest.fixture
    def true_noughts(self) -> frozenset[str]:
        """What was left out, and why: that is known, whatever became of the cases."""
        return frozenset({"void", "undated"})


class TestCaseSummary(DocumentKindConformance):
    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        return CASE_SUMMARY


class TestAgreement(DocumentKindConformance):
    @pytest.fixture
    def document_kind(self) -> DocumentKind:
        return AGREEMENT


class TestMetrics(MetricConformance):
    @pytest.fixture(params=catalogue().values(), ids=list(catalogue()))
    def metric(self, request: pytest.FixtureRequest) -> Metric:
        metric: Metric = request.param
        return metric
