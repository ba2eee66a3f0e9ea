"""The sentences of ``explain`` say the same in both languages."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import attrs
import polars as pl
import pytest

from community_mediation.facts.tables import CASE_SPELL
from community_mediation.metrics import (
    Count,
    Distinct,
    Label,
    Mean,
    Total,
    catalogue,
    compare,
    concentration,
    funnel,
    ladder,
    survival,
    table,
    trend,
)
from community_mediation.metrics import _words as words
from community_mediation.metrics._conditions import MILESTONES, OTHER_MILESTONES
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import Figure
from community_mediation.metrics._sentences import SENTENCES
from community_mediation.metrics._time import milestone_label
from tests.metrics.frames import TYPES, case
from tests.metrics.frames import in_polars as cases_in_polars
from tests.metrics.test_funnel import BOOK
from tests.metrics.worlds import a_row, a_world, in_polars

END: Final = dt.date(2023, 1, 1)
FIXED: Final = "on_time_30_days_from_accepted_to_first_concluded"
LETTERS: Final = re.compile(r"[A-Za-z]+")
NUMBERS: Final = re.compile(r"\d+(?:[.,]\d+)*")
NAMES: Final = ("Kaplan-Meier", "Aalen-Johansen", "observed_through")
"""What has no other name in Chinese: methods, and the argument to be given."""
IT: Final = Label("what is counted", "统计内容")
CELLS: Final = ("CNY", "PHP", "screenings", "prevented")
"""In the column that says what an amount is in."""


def _results() -> Iterator[Any]:
    metrics = list(catalogue().values())
    asked: list[dict[str, Any]] = [
        {"period": "2022"},
        {"period": "2022", "observed_through": dt.date(2022, 4, 1)},
        {"period": "2022-03", "observed_through": END},
        {"observed_through": END},
    ]
    for seed, size in ((1, 150), (2, 20)):
        world = in_polars(a_world(seed, size, 4 * size))
        yield from (table(world, metrics=metrics, **ask) for ask in asked)
        yield ladder(world, on_the_spot="both", period="2022")
        yield concentration(world, by=("centre", "source"), period="2022")
        yield survival(world, end="agreed", observed_through=END)
        yield survival(world, end="closed", unit="hours", observed_through=END)
        yield trend(
            world, ["reported", "agreement_of_reported", "durability", "people_served", FIXED], every="quarter",
            first="2021", last="2022", observed_through=dt.date(2022, 5, 20), breaks={"2022": "也含法院移送"},
        )  # fmt: skip
        for name in ("left_of_parties", "agreement_of_reported"):
            yield funnel(world, name, minimum=1, target="rest", period="2022", observed_through=dt.date(2022, 4, 1))
        yield compare(world, "agreement_of_reported", strata=("on_the_spot", "source"), minimum=1, against="rest")
    yield table(in_polars(a_world(1, 0, 0)) | {"case": cases_in_polars([case()])}, metrics=metrics)
    yield table(cases_in_polars([case(reported="not_reached")]), metrics=["days_to_conclusion", "clearance"])
    yield table({"tally": in_polars(a_world(1, 5, 40))["tally"]}, metrics="tallied_cases")
    yield ladder(cases_in_polars([]))
    yield concentration(cases_in_polars(BOOK), "centre", period="2022")
    yield funnel(cases_in_polars(BOOK), target=0.7)
    yield funnel(cases_in_polars(BOOK), widen="additive")
    yield compare(cases_in_polars(BOOK), strata="agreement", minimum=20)
    book = in_polars(a_world(1, 150, 600))
    yield funnel(book, "mediator_agreement_of_begun", by="mediator", minimum=1)
    yield compare(book, "mediator_agreement_of_begun", by="mediator", strata="role", minimum=1)
    of_each_table = {metric.grain: metric for metric in metrics if isinstance(metric, Count | Total | Mean)}
    yield trend(book, of_each_table.values(), every="half", first="2022", last="2022")
    own = [
        Distinct(name=f"of_{grain}", label=IT, what=IT, grain=grain, column="matter_id", source="x")
        for grain in ("case_term", "case_spell")
    ]
    spells = pl.DataFrame(schema={column.name: TYPES[column.type] for column in CASE_SPELL.columns})
    yield trend(book | {"case_spell": spells}, own, every="half", first="2022", last="2022")
    nobody = a_row(random.Random(1), "case_party", "m0", "0") | {"person": None, "kind": "natural"}
    yield table(in_polars({"case": [case() | {"matter_id": "m0"}], "case_party": [nobody]}), metrics="people_served")
    yield trend(book, "reported", every="year", first="2022", last="2022")
    again = attrs.evolve(catalogue()["reported"], version=2)
    yield trend(book, "reported", every="month", first="2022", last="2022", breaks={"2022-04": again})


@pytest.fixture(scope="module")
def results() -> list[Any]:
    return list(_results())


def metrics_of(found: Any) -> list[Metric]:
    """All metrics that a result tells of, with the parts of ratios."""
    if hasattr(found, "rungs"):
        return list({each.agreement.metric.name: each.agreement.metric for each in found.rungs}.values())
    named = getattr(found, "table", found)
    told = getattr(named, "metrics", None) or [point.metric for point in getattr(named, "points", ())]
    told = list(told) or [found.total.metric]
    return [*told, *(part for metric in told for part in metric.parts)]


def without_names(found: Any, lang: str) -> str:
    """The sentences without what metrics, columns and periods are called, and where they come from."""
    text: str = found.with_lang(lang).explain()
    metrics = metrics_of(found)
    labels = [value.text(lang) for each in metrics for value in attributes(each) if isinstance(value, Label)]
    columns = [*getattr(found, "by", ()), *getattr(found, "stratified", ())]
    periods = [str(each) for each in (getattr(found, "period", None), *getattr(found, "periods", ())) if each]
    for metric in metrics:
        # A name is one only where its version follows: the rows of a table may be called the same.
        text = re.sub(rf"\b{metric.name}(?= \(v|: v|（第|：第)", "※", text)
    sources = [metric.source for metric in metrics]
    for name in sorted([*sources, *labels, *columns, *periods, *CELLS], key=len, reverse=True):
        text = text.replace(name, "※")
    return text


def attributes(metric: Metric) -> list[Any]:
    return [getattr(metric, name, None) for name in ("label", "what", "numerator_label", "denominator_label")]


def english_in(found: Any) -> set[str]:
    """The English words that the Chinese sentences keep."""
    text = without_names(found, "zh")
    for name in NAMES:
        text = text.replace(name, "")
    return set(LETTERS.findall(text))


def numbers_in(found: Any, lang: str) -> Counter[str]:
    """The numbers in the sentences."""
    return Counter(NUMBERS.findall(without_names(found, lang)))


def test_every_kind_of_figure_is_explained_with_a_value_and_without(results: list[Any]) -> None:
    """The results below hold them all."""
    kinds = {(type(row.figure), bool(row.figure.reason)) for each in results for row in getattr(each, "rows", ())}
    assert kinds == {(kind, absent) for kind in Figure.__args__ for absent in (False, True)}


def test_chinese_sentences_keep_no_english(results: list[Any]) -> None:
    """But for names: of metrics, methods and columns, of sources, and what stands in the cells of a register."""
    for found in results:
        assert not english_in(found), found.with_lang("zh").explain()


def test_the_numbers_are_the_same_in_both_languages(results: list[Any]) -> None:
    """None is lost, and none is added."""
    for found in results:
        assert numbers_in(found, "en") == numbers_in(found, "zh"), found.with_lang("zh").explain()


def test_chinese_sentences_end_and_pause_in_chinese(results: list[Any]) -> None:
    """No comma, semicolon, bracket or stop of the other language stands between Chinese letters."""
    for found in results:
        text = without_names(found, "zh")
        assert not re.search(r"[一-鿿※][,;:.()]|[,;:()][一-鿿※]", text), text
        assert all(line.endswith("。") for line in text.splitlines())


def test_every_milestone_has_a_name_in_both_languages() -> None:
    for name in (*MILESTONES, *OTHER_MILESTONES):
        label = milestone_label(name)
        assert label.en and label.zh and not LETTERS.search(label.zh), name


def test_a_change_of_language_changes_the_sentence_and_not_the_figures(results: list[Any]) -> None:
    for found in results:
        there = found.with_lang("zh")
        assert there.explain() != found.explain() == there.with_lang("en").explain()


# ------------------------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize("phrase", sorted(text for text in SENTENCES if LETTERS.search(text)))
def test_a_phrase_without_translation_is_caught(
    results: list[Any], phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: each in its turn; so each is told of some result."""
    monkeypatch.delitem(words._ZH, phrase)
    assert any(english_in(found) for found in results)


def test_a_number_that_is_lost_in_translation_is_caught(results: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: how many are open when last seen."""
    phrase = next(text for text in SENTENCES if "by Kaplan-Meier" in text)
    monkeypatch.setitem(words._ZH, phrase, words._ZH[phrase].replace("仍未结（删失）{}", "仍未结", 1))
    assert any(numbers_in(found, "en") != numbers_in(found, "zh") for found in results)
