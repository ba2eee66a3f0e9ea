"""A period that was not watched to its end says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from community_mediation.metrics import table
from tests.metrics.frames import case, in_polars

SAID = "watched through 2022-03-20: the period is not finished"


def asked(period: str | None, through: Any = dt.date(2022, 3, 20)) -> Any:
    return table(in_polars([case()]), metrics=["reported", "open_at_end"], period=period, observed_through=through)


@pytest.mark.parametrize("period", ["2022-03", "2022", "2031"])
def test_a_period_that_was_not_watched_to_its_end_says_so(period: str) -> None:
    """What was open when the watching stopped is not what is open at the end."""
    found = asked(period)
    assert found.unfinished
    assert SAID in str(found) and SAID in found._repr_html_()
    assert "观察截至 2022-03-20：该期间尚未结束" in str(found.with_lang("zh"))


@pytest.mark.parametrize(
    ("period", "through"), [("2022-02", dt.date(2022, 3, 20)), (None, dt.date(2022, 3, 20)), ("2022", None)]
)
def test_one_that_was_and_one_of_which_nobody_said_it_do_not(period: str | None, through: Any) -> None:
    found = asked(period, through)
    assert not found.unfinished and "watched through" not in str(found)
