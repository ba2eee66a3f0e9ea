"""The page: whole in itself, and nothing from outside is more than text."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from community_mediation.errors import InvalidInput, InvalidValue
from community_mediation.reports import Chart, OutcomeReport, to_html, write_html
from tests.reports.helpers import HOSTILE, Page, hostile, outcomes, report, unknown


def test_every_tag_is_closed_in_its_order() -> None:
    assert Page(to_html(report())).unclosed == []


def test_hostile_texts_are_text_and_nothing_else() -> None:
    page = Page(to_html(hostile()))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "main", "section", "div",
        "table", "caption", "thead", "tbody", "tr", "th", "td", "sup", "a", "ol", "ul", "li", "footer",
    }  # fmt: skip
    assert any(tag == "th" and "<script>alert(1)</script> {{ 7*7 }}" in text for tag, text in page.texts)


def test_what_is_not_seen_is_made_visible() -> None:
    assert not {"\u202e", "\x00"} & set(to_html(hostile()))


def test_nothing_is_loaded_and_nothing_can_be() -> None:
    page = Page(to_html(hostile()))
    links = [value for _, names in page.tags for key, value in names.items() if key in ("src", "href", "xlink:href")]
    assert all(str(link).startswith("#") for link in links)
    assert any("default-src 'none'" in str(names.get("content")) for tag, names in page.tags if tag == "meta")
    assert not re.search(r"url\(|@import", to_html(report()))


def test_every_mark_leads_to_its_note() -> None:
    page = Page(to_html(report(outcomes(), unknown())))
    ids = [names["id"] for _, names in page.tags if "id" in names]
    assert len(ids) == len(set(ids))
    assert {str(names["href"])[1:] for tag, names in page.tags if tag == "a"} <= set(ids)


@pytest.mark.parametrize(("lang", "code", "heading"), [("en", "en", "Metric"), ("zh", "zh-CN", "指标")])
def test_the_page_says_its_language_and_speaks_it(lang: str, code: str, heading: str) -> None:
    page = Page(to_html(report(outcomes(lang=lang), lang=lang)))
    assert dict(page.tags)["html"] == {"lang": code}
    assert ("th", heading) in page.texts


def test_a_share_stands_with_both_counts_its_denominator_and_interval() -> None:
    figure = (table := outcomes(metrics="agreement_of_begun"))["agreement_of_begun"]
    texts = [text for tag, text in Page(to_html(report(table))).texts if tag == "td"]
    assert texts[:4] == ["mediations begun", str(figure.numerator), str(figure.denominator), f"{figure.percent()} %"]
    assert "–" in texts[4]


def test_what_has_no_figure_says_why() -> None:
    assert any(
        tag == "td" and re.fullmatch(r"unknown: \d+", text) for tag, text in Page(to_html(report(unknown()))).texts
    )


@pytest.mark.parametrize(("lang", "words"), [("en", "the period is not finished"), ("zh", "该期间尚未结束")])
def test_a_period_that_was_not_watched_to_its_end_says_so_on_paper(lang: str, words: str) -> None:
    """As the table does on a screen; a period that was does not."""
    for period, said in (("2022", True), ("2021", False)):
        found = outcomes(metrics="reported", period=period, observed_through=dt.date(2022, 3, 20), lang=lang)
        assert (words in to_html(report(found, lang=lang))) is said


def test_a_chart_stands_in_its_section_and_is_told_in_words() -> None:
    chart = Chart(title="t", description=HOSTILE, svg="<svg></svg>", section="Table 2")
    source = to_html(report(outcomes(), unknown()), charts=[chart])
    assert source.index('id="s2"') < source.index("<figure") < source.rindex("<table")
    told = dict(Page(source).tags)["figure"]
    assert told["role"] == "img" and "<script>" in str(told["aria-label"])


def test_a_chart_without_a_section_of_the_report_is_refused() -> None:
    with pytest.raises(InvalidInput):
        to_html(report(), charts=[Chart(title="t", description="", svg="", section="elsewhere")])


def test_the_file_holds_the_page(tmp_path: Path) -> None:
    assert write_html(report(), tmp_path / "r.html").read_text("utf-8") == to_html(report())


def test_a_report_needs_a_table() -> None:
    with pytest.raises(InvalidInput):
        OutcomeReport(title="t", sections=())


def test_a_report_has_headings_in_two_languages_only() -> None:
    with pytest.raises(InvalidValue, match="language"):
        report(lang="fr")
