"""A period that was not watched to its end says so, whatever the question."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest

from community_mediation.casebook import Casebook, open_casebook
from community_mediation.metrics import _shown as shown
from community_mediation.metrics import compare, concentration, funnel, ladder, survival, table
from tests.metrics.frames import DAY, case, in_polars
from tests.metrics.pictures import texts
from tests.metrics.test_funnel import BOOK
from tests.metrics.test_known_at import Clock, settled

STOPPED: Final = dt.date(2022, 3, 20)
SAID: Final = "watched through 2022-03-20: the period is not finished"
IN_CHINESE: Final = "观察截至 2022-03-20：该期间尚未结束"

ENDED: Final = [case(first_concluded=DAY + dt.timedelta(days=3))] * 3

OBSERVED: Final[Mapping[str, Callable[..., Any]]] = {
    "table": lambda **asked: table(in_polars(BOOK), metrics=["reported", "open_at_end"], **asked),
    "survival": lambda **asked: survival(in_polars(ENDED), **asked),
    "funnel": lambda **asked: funnel(in_polars(BOOK), **asked),
    "compare": lambda **asked: compare(in_polars(BOOK), strata="agreement", **asked),
}
"""What takes ``observed_through=``."""


@pytest.mark.parametrize("kind", OBSERVED)
@pytest.mark.parametrize("period", ["2022-03", "2022", "2022-03-01..2031-12-31"])
def test_a_period_that_was_not_watched_to_its_end_says_so(kind: str, period: str) -> None:
    """On the terminal, in a notebook and in each sentence, in both languages."""
    found = OBSERVED[kind](period=period, observed_through=STOPPED)
    assert told_by(found) == (True, True, True)
    assert getattr(found, "table", found).unfinished


def told_by(found: Any) -> tuple[bool, bool, bool]:
    """Whether the print, the notebook and every sentence say it; each does so in both languages or in none."""
    there = found.with_lang("zh")
    said = [
        (SAID in one, IN_CHINESE in other)
        for one, other in (
            (str(found), str(there)),
            (found._repr_html_(), there._repr_html_()),
            *zip(found.explain().splitlines(), there.explain().splitlines(), strict=True),
        )
    ]
    assert all(one == other for one, other in said)
    return said[0][0], said[1][0], all(one for one, _ in said[2:])


@pytest.mark.parametrize("kind", OBSERVED)
@pytest.mark.parametrize(("period", "through"), [("2022-03", dt.date(2022, 3, 31)), (None, STOPPED), ("2022", None)])
def test_one_that_was_and_one_of_which_nobody_said_it_do_not(kind: str, period: str | None, through: Any) -> None:
    if kind == "survival" and through is None:
        through = dt.date(2023, 1, 1)
    found = OBSERVED[kind](period=period, observed_through=through)
    assert not getattr(found, "table", found).unfinished
    assert "not finished" not in f"{found}{found._repr_html_()}{found.explain()}"


@pytest.mark.parametrize("kind", OBSERVED)
def test_a_chart_says_so_too(kind: str) -> None:
    """It is what is cut out and passed on."""
    metrics = {"metrics": "agreement_of_accepted"} if kind == "table" else {}
    ask = OBSERVED[kind] if kind != "table" else lambda **asked: table(in_polars(BOOK), **asked)
    for period, said in (("2022", True), ("2022-03-01..2022-03-20", False)):
        found = ask(period=period, observed_through=STOPPED, **metrics)
        assert any(SAID in text for text in texts(found.plot())) is said


@pytest.mark.parametrize("kind", ["table", "funnel", "compare"])
def test_json_says_until_when_it_was_watched(kind: str) -> None:
    """A date, or nothing if nobody said; and whether the period goes on after it."""
    asks: list[tuple[str | None, Any]] = [("2022", STOPPED), ("2022-02", STOPPED), (None, STOPPED), ("2022", None)]
    asks = [ask for ask in asks if ask[0] != "2022-02" or kind == "table"]
    for period, through in asks:
        found = OBSERVED[kind](period=period, observed_through=through)
        head = json.loads(found.to_json())
        assert head["watched_through"] == (through and "2022-03-20")
        assert head["unfinished"] is found.unfinished is (period == "2022" and through is not None)


@pytest.fixture
def written() -> Iterator[Casebook]:
    """A book whose last entry is of noon, 22 March: the 20th is over everywhere."""
    clock = Clock()
    with open_casebook("memory:", clock=clock) as book:
        clock.on(3, 22, 11)
        book.save(settled())
        yield book


def test_a_book_knows_how_long_it_was_watched(written: Casebook) -> None:
    """So that also the questions that are told of no end of observation say it of a book."""
    asked: dict[str, Any] = {"period": "2022-03"}
    for found in (
        ladder(written, **asked),
        ladder(written, on_the_spot="both", **asked),
        concentration(written, **asked),
        table(written, metrics="agreement_of_reported", **asked),
    ):
        assert found.watched_through == STOPPED and told_by(found) == (True, True, True)
        assert any(SAID in text for text in texts(found.plot()))
    head = json.loads(ladder(written, **asked).to_json())
    assert (head["watched_through"], head["unfinished"]) == ("2022-03-20", True)


def test_a_period_of_a_book_that_is_over_is_finished(written: Casebook) -> None:
    for found in (ladder(written, period="2022-01-01..2022-03-20"), concentration(written)):
        assert found.watched_through == STOPPED and not found.unfinished
        assert "not finished" not in f"{found}{found._repr_html_()}{found.explain()}"


def test_frames_do_not_say_how_long_they_were_watched() -> None:
    """Then a ladder and a load keep silent, and their JSON has nothing."""
    found = ladder(in_polars([case()]), period="2022")
    assert (found.watched_through, found.unfinished) == (None, False)
    assert json.loads(found.to_json())["watched_through"] is None


def test_a_result_that_keeps_silent_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what ends before the period ends has watched all of it."""
    monkeypatch.setattr(shown.Watched, "unfinished", False)
    for ask in OBSERVED.values():
        assert told_by(ask(period="2022", observed_through=STOPPED)) == (False, False, False)
