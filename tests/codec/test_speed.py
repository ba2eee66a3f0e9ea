"""A book of 100,000 cases is folded in minutes, not hours: bounds far above what is measured."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from community_mediation.domain.case import Case
from tests.codec.histories import HISTORIES
from tests.codec.wire import CODEC, encode

EVENTS = HISTORIES["case-1"]()[:10]
ENCODED = encode("case-1", EVENTS)


@pytest.mark.parametrize(
    ("call", "most"),
    [
        (lambda: Case.fold("case-1", EVENTS), 0.02),
        (lambda: encode("case-1", EVENTS), 0.02),
        (lambda: CODEC.decode(ENCODED.body, ENCODED.private), 0.02),
    ],
    ids=["fold", "encode", "decode"],
)
def test_a_case_of_ten_events_takes_no_time_worth_mentioning(call: Callable[[], object], most: float) -> None:
    """The quickest of many, so that a busy machine does not count."""
    times = []
    for _ in range(50):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    assert min(times) < most
