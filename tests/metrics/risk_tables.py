"""Risk tables for the tests of curves: from lists of cases, and from the stored values of another library."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Case = tuple[int, int, int]
"""Entry (0: watched from the start), time, cause (0: last seen open)."""


def _late(case: Case) -> bool:
    return case[0] < case[1]


CASES = st.lists(st.tuples(st.just(0), st.integers(1, 15), st.integers(0, 3)), min_size=1, max_size=60)
LATE_CASES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 15), st.integers(0, 2)).filter(_late), min_size=1, max_size=60
)


def by_cause(cases: list[Case], causes: int) -> dict[str, Counter[int]]:
    """How many ended after each time, by cause, named by its number."""
    return {str(which): Counter(time for _, time, cause in cases if cause == which) for which in range(1, causes + 1)}


def ended(cases: list[Case]) -> Counter[int]:
    """How many ended, in whatever way."""
    return Counter(time for _, time, cause in cases if cause)


def censored(cases: list[Case]) -> Counter[int]:
    """How many were last seen open."""
    return Counter(time for _, time, cause in cases if not cause)


def entries(cases: list[Case]) -> Counter[int]:
    """How many came late."""
    return Counter(entry for entry, _, _ in cases if entry)


def stored() -> dict[str, Any]:
    """What lifelines gave for the invented tables."""
    text = (Path(__file__).parent / "reference" / "lifelines.json").read_text("utf-8")
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
