"""What is counted beyond cases is counted on Spark as elsewhere: every metric shipped, and every kind of result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import polars as pl
import pytest

from community_mediation.metrics import catalogue, table
from tests.metrics.objects import OBJECTS
from tests.metrics.worlds import a_world, in_polars

THROUGH: Final = dt.date(2022, 4, 20)
FRAMES: Final = in_polars(a_world(7, 60, 80))


@pytest.fixture(scope="module")
def frames(in_spark: Callable[[pl.DataFrame], Any]) -> dict[str, Any]:
    """The tables on Spark."""
    return {name: in_spark(frame) for name, frame in FRAMES.items()}


def test_the_whole_catalogue_is_the_same_on_spark(frames: dict[str, Any]) -> None:
    """All at once, by centre, in a period."""
    question: dict[str, Any] = {"metrics": list(catalogue()), "by": "centre", "observed_through": THROUGH}
    expected = table(FRAMES, period="2022-03", **question)
    assert sum(row.figure.value is not None for row in expected.rows) > 120
    assert table(frames, period="2022-03", **question).to_json() == expected.to_json()


@pytest.mark.parametrize("name", OBJECTS)
def test_every_kind_of_result_is_the_same_on_spark(frames: dict[str, Any], name: str) -> None:
    found, expected = OBJECTS[name](frames), OBJECTS[name](FRAMES)
    assert str(found) == str(expected)
    assert found.to_frame().rows() == expected.to_frame().rows()
