"""What a reader sees: never a bare percentage."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from html.parser import HTMLParser
from typing import Any

import pytest

from community_mediation.errors import InvalidQuery, MissingExtra
from community_mediation.metrics import ResultTable, table
from community_mediation.metrics._text import methods, width
from tests.metrics.frames import DAY, case, in_pandas, in_polars
from tests.metrics.worlds import a_world
from tests.metrics.worlds import in_polars as in_worlds

BOOK = [
    *[case(begun=DAY, concluded=DAY, conclusion="settled", agreement="full", centre="east")] * 30,
    *[case(begun=DAY, concluded=DAY, conclusion="not_settled", agreement="none", centre="西城")] * 12,
    *[case(begun=DAY, concluded="not_reached", agreement="open", centre="east")] * 3,
    *[case(agreement="unknown", centre=None)] * 2,
    case(begun="not_reached", concluded=DAY, conclusion="settled", agreement="full", centre="east"),
    case(begun=DAY, conclusion="void", agreement="none", centre="east"),
]
LATE = dt.date(2023, 1, 1)
METRICS = ["reported", "agreement_of_begun", "days_to_conclusion"]


@pytest.fixture(scope="module")
def result() -> ResultTable:
    return table(in_polars(BOOK), metrics=METRICS, by="centre", observed_through=DAY)


def test_a_share_is_printed_with_all_that_a_reader_needs_to_doubt_it(result: ResultTable) -> None:
    total = next(line for line in str(result).splitlines() if line.startswith("total") and "mediations" in line)
    assert re.search(r"30\s+42\s+71\.4 %\s+56\.4–82\.8 %\s+\[\d+\]$", total)
    mark = total.split()[-1]
    note = next(line for line in str(result).splitlines() if line.startswith(mark))
    for words in (
        "counted over: mediations begun (cohort)",
        "open 3 (left out)",
        "unknown whether in the denominator 2",
        "the outcome outside the denominator 1",
        "excluded: void 1",
    ):
        assert words in note
    assert "Wilson 95 %" in str(result)


def test_the_columns_stand_under_each_other_whatever_the_width_of_the_letters(result: ResultTable) -> None:
    for lang in ("en", "zh"):
        lines = str(result.with_lang(lang)).splitlines()
        rows = [line for line in lines[2:] if re.search(r"\[\d+\]$", line) and "%" in line]
        assert len({width(line.partition("[")[0]) for line in rows}) == 1


def test_an_empty_cell_is_a_group_of_its_own_called_unknown(result: ResultTable) -> None:
    assert "(unknown)" in str(result) and "(未知)" in str(result.with_lang("zh"))


def test_it_prints_in_chinese(result: ResultTable) -> None:
    text = str(result.with_lang("zh"))
    for words in ("调解成功率（以启动调解为分母）", "合计", "分母之外的协议 1", "排除: 作废 1"):
        assert words in text


@pytest.mark.parametrize("interval", ["wilson", "exact"])
def test_methods_are_told_in_chinese_but_for_their_inventors(interval: str) -> None:
    """Of shares, of shares and means clustered by case, and of both kinds of times."""
    names = [
        "agreement_of_reported",
        "left_of_parties",
        "procedural_justice",
        "days_to_conclusion",
        "days_to_agreement",
    ]
    found = table(in_worlds(a_world(1, 80, 240)), metrics=names, by="centre", interval=interval, observed_through=LATE)
    told = re.sub(
        "Wilson|Clopper|Pearson|Korn|Graubard|Brookmeyer|Crowley|Aalen|Johansen", "", methods(found.with_lang("zh"))
    )
    assert told.count("%") == len(methods(found).split("; ")) > 4
    assert not re.search("[A-Za-z]", told.replace("t 分布", ""))


def test_a_cell_cannot_steer_the_terminal() -> None:
    text = str(table(in_polars([case(centre="\x1b[31mred\u202e")]), metrics="reported", by="centre"))
    assert "\x1b" not in text and "\u202e" not in text


class Tags(HTMLParser):
    """Collects tags, attributes and text, and checks that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_notebook_gets_one_whole_table_and_nothing_from_elsewhere(result: ResultTable) -> None:
    page = Tags(result._repr_html_())
    assert page.open == [] and page.tags.count("table") == 1
    assert {"caption", "thead", "tbody", "tfoot", "th", "td"} <= set(page.tags)
    assert page.names == {"lang", "style", "scope", "colspan"}
    assert "71.4 %" in page.text and "excluded: void 1" in page.text


def test_a_cell_cannot_become_markup() -> None:
    found = table(in_polars([case(centre="<script>alert(1)</script>")]), metrics="reported", by="centre")
    page = Tags(found._repr_html_())
    assert "script" not in page.tags and "<script>" in page.text


def test_the_same_input_gives_the_same_json(result: ResultTable) -> None:
    again = table(in_pandas(reversed(BOOK)), metrics=METRICS, by="centre", observed_through=DAY)
    assert again.to_json() == result.to_json()


def test_json_carries_the_whole_figure(result: ResultTable) -> None:
    found = json.loads(result.to_json())
    assert (found["format"], found["version"]) == ("community-mediation/outcome-table", 1)
    share = next(row for row in found["rows"] if row["total"] and row["kind"] == "proportion")
    assert (share["numerator"], share["denominator"], share["percent"]) == (30, 42, "71.4")
    assert share["denominator_name"] == "mediations begun" and share["excluded"] == {"void": 1}
    parts = ("numerator", "other", "open", "unknown_outcome", "unknown_place", "outside", "elsewhere")
    assert sum(share[name] for name in parts) + sum(share["excluded"].values()) == share["basis_cases"] == len(BOOK)


def test_each_metric_is_explained_in_a_sentence(result: ResultTable) -> None:
    lines = result.explain().splitlines()
    assert [line.partition(" ")[0] for line in lines] == METRICS
    assert "30 of 42, 71.4 %" in lines[1] and "between 68.2 % and 72.7 % whatever the unknown cases are" in lines[1]
    assert all("Source: " in line for line in lines)


def test_a_count_that_is_less_than_the_denominator_of_its_rate_is_told_apart() -> None:
    """A settlement on the spot stands on the rung of the rate, and was not recorded to have begun."""
    spot = case(agreement="full", on_the_spot=True, begun="not_reached")
    book = in_polars([case(begun=DAY, agreement="full"), spot])
    found = table(book, metrics=["begun", "agreement_of_begun"])
    assert (found["begun"].counted, found["agreement_of_begun"].denominator) == (1, 2)
    assert (
        "mediations begun in the period: 1; recorded ones only, while a rate over mediations begun counts 2, with "
        "settlements on the spot implied to stand on that rung. Source"
    ) in found.explain()


@pytest.mark.parametrize("on_the_spot", ["implied", "as_recorded"])
def test_a_count_that_is_the_denominator_of_its_rate_needs_no_words(on_the_spot: str) -> None:
    """Nor is anything implied where that was not asked for."""
    spot = case(agreement="full", on_the_spot=True, begun=DAY if on_the_spot == "implied" else "not_reached")
    book = in_polars([case(begun=DAY, agreement="full"), spot])
    found = table(book, metrics=["begun", "agreement_of_begun"], on_the_spot=on_the_spot)
    assert found["begun"].counted == found["agreement_of_begun"].denominator
    assert "recorded ones only" not in found.explain()


def test_an_absent_figure_is_explained_by_its_reason() -> None:
    assert "no figure (unknown: 1)" in table(in_polars([case()]), metrics="agreement_of_begun").explain()


def test_a_figure_is_found_by_its_name(result: ResultTable) -> None:
    assert result["reported"].value == 48
    with pytest.raises(KeyError):
        _ = result["resolution_rate"]


@pytest.mark.parametrize("by", [(), "centre"])
def test_a_chart_of_the_shares_is_built(by: Any) -> None:
    chart = table(in_polars(BOOK), by=by, observed_through=DAY).plot().to_dict()
    (points,) = chart["datasets"].values()
    assert any(point["counts"] == "30 / 42" for point in points)
    assert all(point["lower"] <= point["share"] <= point["upper"] for point in points)
    assert "without a value" in str(chart["title"]["subtitle"])


def test_nothing_known_is_not_drawn() -> None:
    with pytest.raises(InvalidQuery, match="Nothing to draw"):
        table(in_polars([case()])).plot()


def test_a_chart_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch, result: ResultTable) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtra, match=r"\[charts\]"):
        result.plot()
