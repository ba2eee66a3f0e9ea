"""What every report format keeps."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest

from community_mediation.casebook import Casebook
from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery
from community_mediation.ports import Audience, Finding, Report, ReportFormat
from community_mediation.testing._missing import missing
from community_mediation.testing.books import CANARY, BookFixtures, request_for


class ReportFormatConformance(BookFixtures):
    """What every report format keeps.

    Inherit it in a class ``Test…`` and give the fixture ``report_format``; ``asked`` where the form
    cannot do without options or a period; ``true_noughts`` for columns whose 0 is knowledge, unknown outcomes or not.
    """

    @pytest.fixture
    def report_format(self) -> ReportFormat:
        """The format."""
        raise missing(self, "report_format", "the report format")

    @pytest.fixture
    def asked(self) -> Mapping[str, Any]:
        """What else the request says: ``period``, ``options``, ``centres``, …; by default nothing."""
        return {}

    @pytest.fixture
    def true_noughts(self) -> frozenset[str]:
        """Columns that say 0 for cases of which only report and type are known, and are right: counts by type."""
        return frozenset()

    def test_it_says_what_it_is(self, report_format: ReportFormat) -> None:
        """A name without blanks, a version from 1, a title in English and Chinese, an audience, its sources."""
        assert isinstance(report_format, ReportFormat)
        assert report_format.name and report_format.name.isprintable() and " " not in report_format.name
        assert type(report_format.version) is int and report_format.version >= 1
        assert report_format.title.en.strip() and report_format.title.zh.strip()
        assert isinstance(report_format.audience, Audience)
        assert_sources(report_format.sources)

    def test_an_empty_book_is_rendered(
        self, report_format: ReportFormat, empty: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """Into a report that says from what and for whom it is."""
        report = report_format.render(request_for(empty, **asked))
        assert isinstance(report, Report)
        said = (report.format, report.version, report.audience, tuple(report.sources))
        wanted = (report_format.name, report_format.version, report_format.audience, tuple(report_format.sources))
        assert said == wanted
        assert report.title.en.strip()
        assert report.tables

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_a_book_of_all_kinds_of_lives_is_rendered(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any], lang: str
    ) -> None:
        """Whatever is missing, late, corrected or void in it."""
        report = report_format.render(request_for(sample, lang=lang, **asked))
        assert all(isinstance(finding, Finding) for finding in report.all_findings())

    def test_every_row_names_every_column(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """And every column has a name of its own and a heading."""
        for table in report_format.render(request_for(sample, **asked)).tables:
            names = [column.name for column in table.columns]
            assert len(set(names)) == len(names)
            assert all(column.label.en.strip() for column in table.columns)
            assert [sorted(row) for row in table.rows] == [sorted(names)] * len(table.rows)

    def test_every_rule_is_about_columns_that_are_there(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """A rule about none would be kept by every row."""
        for table in report_format.render(request_for(sample, **asked)).tables:
            names = {column.name for column in table.columns}
            for rule in table.rules:
                assert {rule.column, *rule.parts} <= names
                assert rule.parts

    def test_every_rule_of_the_form_holds(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """The figures of a sound book foot: a form that counts a case twice, or not at all, does not."""
        report = report_format.render(request_for(sample, **asked))
        wrong = [each.message for each in report.all_findings() if each.code == "report.does_not_foot"]
        assert wrong == []

    def test_cells_are_figures(self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]) -> None:
        """Whole numbers, finite decimals, texts, or ``None``: never a float, whose digits nobody meant."""
        for table in report_format.render(request_for(sample, **asked)).tables:
            for row in table.rows:
                for name, cell in row.items():
                    assert cell is None or type(cell) in (int, Decimal, str), (table.name, name)
                    assert not isinstance(cell, Decimal) or cell.is_finite(), (table.name, name)

    def test_what_is_unknown_is_never_nought(
        self,
        report_format: ReportFormat,
        unknown: Casebook,
        asked: Mapping[str, Any],
        true_noughts: frozenset[str],
    ) -> None:
        """Of cases that were reported, and of which nothing else is known, no column says 0: it says ``None``."""
        for table in report_format.render(request_for(unknown, **asked)).tables:
            for row in table.rows:
                noughts = {
                    name for name, cell in row.items() if isinstance(cell, int | Decimal) and cell == 0
                } - true_noughts
                assert noughts == set(), f"{table.name}: give None, or name the column in the fixture true_noughts"

    def test_the_same_book_gives_the_same_report(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """Twice over, and in whatever order its rows are read."""
        first = report_format.render(request_for(sample, **asked))
        assert report_format.render(request_for(sample, **asked)) == first
        assert report_format.render(request_for(sample, backwards=True, **asked)).tables == first.tables

    def test_it_names_no_one(self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]) -> None:
        """No personal text of the book stands in a cell, a note, a finding or anywhere else."""
        report = report_format.render(request_for(sample, **asked))
        for text in texts_of(attrs.asdict(report)):
            assert CANARY not in text

    def test_a_period_is_taken_or_refused_by_a_typed_error(
        self, report_format: ReportFormat, sample: Casebook, asked: Mapping[str, Any]
    ) -> None:
        """With ``InvalidQuery``: a form by half-years cannot be asked for a week."""
        for text in ("2022", "2022-H1", "2022-03", "2022-03-01..2022-03-07", "1999"):
            period = Period.parse(text)
            try:
                report = report_format.render(request_for(sample, **{**asked, "period": period}))
            except InvalidQuery:
                continue
            assert report.period == period


def texts_of(value: Any) -> list[str]:
    """Every text inside mappings and sequences, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for pair in value.items() for each in pair for text in texts_of(each)]
    if isinstance(value, tuple | list):
        return [text for each in value for text in texts_of(each)]
    return []


def assert_sources(sources: Any) -> None:
    """There is a source, and each says something; one text is not a list of its letters."""
    assert not isinstance(sources, str)
    assert sources and all(isinstance(source, str) and source.strip() for source in sources)
