"""A sound metric of each family, and metrics with one planted fault each."""

from __future__ import annotations

import attrs
import pytest

from community_mediation.metrics import Count, Duration, Label, Metric, Proportion, col, reached, rung
from community_mediation.testing import MetricConformance

SHARE = Proportion(
    name="no_agreement_of_begun",
    label=Label("No agreement, of mediations begun", "未达成协议率"),
    numerator=col("agreement").is_in(["none"], not_in=["full", "partial"]),
    numerator_label=Label("no agreement", "未达成协议"),
    denominator=rung("begun"),
    denominator_label=Label("mediations begun", "启动调解"),
    source="An invented definition",
)
COUNT = Count(
    name="accepted_here",
    label=Label("Accepted", "受理"),
    counted=reached("accepted"),
    milestone="accepted",
    what=Label("cases accepted", "受理的案件"),
    source="An invented definition",
)
TIME = Duration(
    name="days_to_begin",
    label=Label("Days to the beginning", "启动用时"),
    start="reported",
    end="begun",
    source="An invented definition",
)


class TestShare(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return SHARE


class TestCount(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return COUNT


class TestTime(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return TIME


class TestUnsourced(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return attrs.evolve(COUNT, source=" ")


class TestUnlabelled(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return attrs.evolve(SHARE, label=Label(""))


class TestColumnless(MetricConformance):
    @pytest.fixture
    def metric(self) -> Metric:
        return attrs.evolve(SHARE, numerator=col("weather") == "fine")


class TestOverlapping(MetricConformance):
    """Open and decided at once: the parts do not add up."""

    @pytest.fixture
    def metric(self) -> Metric:
        return attrs.evolve(SHARE, numerator=col("agreement") == "none")


class TestNothing(MetricConformance):
    """Gives nothing."""
