"""What every metric keeps."""

from __future__ import annotations

from typing import Any

import pytest

from community_mediation.casebook import Casebook
from community_mediation.facts.tables import CASE, CASE_PARTY
from community_mediation.metrics import (
    CountFigure,
    DistinctFigure,
    DurationFigure,
    IncidenceFigure,
    MeanFigure,
    Metric,
    ProportionFigure,
    RatioFigure,
    ShareFigure,
    TotalFigure,
    table,
)
from community_mediation.metrics.printing import GRAINS
from community_mediation.ports import MetricDefinition
from community_mediation.testing._missing import missing
from community_mediation.testing.books import BookFixtures


class MetricConformance(BookFixtures):
    """What every metric keeps. Inherit it in a class ``Test…`` and give the fixture ``metric``."""

    @pytest.fixture
    def metric(self) -> Metric:
        """The metric."""
        raise missing(self, "metric", "the metric")

    def test_it_says_what_it_is(self, metric: Metric) -> None:
        """A name without blanks, a label, the table that it counts, a source, a version from 1."""
        assert isinstance(metric, MetricDefinition)
        assert metric.name and metric.name.isidentifier()
        assert metric.label.en.strip()
        assert metric.source.strip()
        assert type(metric.version) is int and metric.version >= 1

    def test_it_reads_columns_that_are_there(self, metric: Metric) -> None:
        """Those of the facts table whose rows it counts."""
        assert metric.grain in GRAINS
        assert metric.columns <= GRAINS[metric.grain].names

    def test_an_empty_book_gives_no_value(self, metric: Metric, empty: Casebook) -> None:
        """A share of nothing is no share; only a count is 0."""
        figure = counted(metric, empty)
        assert figure.value == 0 if isinstance(figure, CountFigure | DistinctFigure) else figure.value is None

    def test_a_book_of_all_kinds_of_lives_is_counted(self, metric: Metric, sample: Casebook) -> None:
        """The numerator is never above the denominator, nor the denominator above the rows of its table."""
        figure = counted(metric, sample)
        cases = sum(1 for _ in sample.facts(metric.grain).rows())
        if isinstance(figure, CountFigure):
            assert 0 <= figure.counted <= figure.counted + figure.unknown <= cases
        elif isinstance(figure, ProportionFigure):
            assert 0 <= figure.numerator <= figure.denominator <= figure.basis_cases <= cases
            assert figure.value is None or 0 <= figure.value <= 1
        elif isinstance(figure, DurationFigure):
            assert 0 <= figure.estimate.cases <= figure.basis_cases <= cases
        elif isinstance(figure, IncidenceFigure):
            assert 0 <= sum(figure.incidence.ended) <= figure.incidence.cases <= figure.basis_cases <= cases
        elif isinstance(figure, ShareFigure):
            assert 0 <= figure.numerator <= figure.denominator <= figure.basis_cases <= cases
        elif isinstance(figure, DistinctFigure):
            assert 0 <= figure.named <= figure.rows <= figure.basis_cases <= cases
        elif isinstance(figure, MeanFigure):
            assert 0 <= figure.clusters <= figure.answers <= figure.basis_cases <= cases
        elif isinstance(figure, TotalFigure):
            assert 0 <= figure.counted <= figure.basis_cases <= cases
        else:
            assert isinstance(figure, RatioFigure)
            assert (figure.value is None) == bool(figure.reason)

    def test_what_is_unknown_gives_no_value(self, metric: Metric, unknown: Casebook) -> None:
        """Of cases that were reported, and of which nothing else is known, a metric says a true count or nothing.

        Rows of other tables are counted as they are on record, and none is: there 0 is true.
        """
        figure = counted(metric, unknown)
        if metric.grain != CASE.table and isinstance(figure, CountFigure | DistinctFigure):
            assert figure.value == 0
            return
        assert figure.value is None or figure.value > 0

    def test_the_same_book_gives_the_same_figure(self, metric: Metric, sample: Casebook) -> None:
        """In whatever order its rows are read."""
        frames = tables(metric, sample)
        backwards = {name: frame.reverse() for name, frame in frames.items()}
        one, other = (table(each, metrics=[metric], **THROUGH)[metric.name] for each in (frames, backwards))
        assert one == other

    def test_it_is_told_in_both_languages(self, metric: Metric, sample: Casebook) -> None:
        """Printed and explained, by name."""
        frames = tables(metric, sample)
        for lang in ("en", "zh"):
            found = table(frames, metrics=[metric], lang=lang, **THROUGH)
            assert metric.label.text(lang) in str(found)
            assert found.explain().strip()


THROUGH: dict[str, Any] = {"observed_through": None}


def counted(metric: Metric, book: Casebook) -> Any:
    """The figure over all cases of a book."""
    return table(tables(metric, book), metrics=[metric], **THROUGH)[metric.name]


def tables(metric: Metric, book: Casebook) -> dict[str, Any]:
    """The tables that a metric counts, as frames, with the cases and their parties beside them."""
    names = {CASE.table, CASE_PARTY.table, metric.grain, *(part.grain for part in metric.parts)}
    return {name: book.facts(name).to_polars() for name in sorted(names)}
