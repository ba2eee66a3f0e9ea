"""The charts: each figure with its counts, Chinese as Chinese, hostile texts as texts."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from community_mediation.errors import InvalidInput, InvalidQuery, MissingExtra, SetupError
from community_mediation.metrics import survival, table
from community_mediation.reports import Chart, charts, proportions_chart, survival_chart, write_chart
from tests.reports.helpers import HOSTILE, outcomes, studio, unknown

SVG = "{http://www.w3.org/2000/svg}"


def texts(chart: Chart) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(chart.svg).iter(f"{SVG}text")]


def test_each_share_is_drawn_with_its_denominator_and_counts() -> None:
    figure = (drawn := outcomes())["agreement_of_begun"]
    found = texts(proportions_chart(drawn, title="t"))
    assert "Agreement, of mediations begun" in found
    assert f"{figure.numerator} / {figure.denominator}  =  {figure.percent()} %" in found


def test_the_interval_is_told_to_those_who_cannot_see_it() -> None:
    assert "(75.8–93.1 %)" in proportions_chart(outcomes(), title="t").description


def test_shares_without_a_figure_are_counted_and_not_drawn() -> None:
    facts = studio().with_columns(begun=pl.lit("unknown"), joint_session=pl.lit("unknown"))
    facts = facts.with_columns(agreed_to_mediate=pl.lit("unknown"))
    found = texts(proportions_chart(table(facts, on_the_spot="as_recorded"), title="t"))
    assert any("without a figure, not drawn" in text for text in found)


def test_nothing_known_is_nothing_to_draw() -> None:
    with pytest.raises(InvalidQuery):
        proportions_chart(unknown(), title="t")


def test_chinese_stays_text_in_the_picture() -> None:
    assert "调解成功率（以启动调解为分母）" in texts(proportions_chart(outcomes(lang="zh"), title="工作室"))


def test_a_hostile_title_is_a_text_of_the_picture() -> None:
    chart = proportions_chart(outcomes(), title=HOSTILE)
    assert any("<script>alert(1)</script>" in text for text in texts(chart))
    assert "<script" not in chart.svg


def test_the_same_figures_give_the_same_picture() -> None:
    assert proportions_chart(outcomes(), title="t") == proportions_chart(outcomes(), title="t")


def test_the_curve_carries_both_medians_and_says_which_is_too_short() -> None:
    found = survival(studio(), unit="days")
    told = texts(survival_chart(found, title="t"))
    assert "median 5.0 days" in told
    assert "closed cases alone 5.0 days, too short" in told


def test_a_curve_that_nobody_observed_is_not_drawn() -> None:
    facts = studio().with_columns(observed_at=None, observed_on=None)
    with pytest.raises(InvalidQuery, match="observed_through"):
        survival_chart(survival(facts), title="t")


def test_a_png_is_written_beside_an_svg(tmp_path: Path) -> None:
    chart = proportions_chart(outcomes(), title="t")
    assert write_chart(chart, tmp_path / "c.svg").read_text("utf-8") == chart.svg
    assert write_chart(chart, tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.svg or \.png"):
        write_chart(Chart(title="t", description="", svg=""), tmp_path / "c.gif")


def test_a_png_of_boxes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without a Chinese font."""
    monkeypatch.setattr(charts, "has_chinese_font", lambda: False)
    with pytest.raises(SetupError, match=r"\.svg"):
        write_chart(Chart(title="t", description="", svg="<svg>调</svg>"), tmp_path / "c.png")


@pytest.mark.parametrize("package", ["altair", "vl_convert"])
def test_without_its_packages_the_extra_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r"community-mediation\[charts\]"):
        proportions_chart(outcomes(), title="t")
