"""The family of times: how long until it ended."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.ports import Label

days_to_conclusion: Final = Duration(
    name="days_to_conclusion",
    label=Label("Days to conclusion, median", "办结用时中位数（天）"),
    source="Kaplan and Meier 1958: from report to first conclusion of any kind, open cases censored",
)
minutes_to_conclusion: Final = attrs.evolve(
    days_to_conclusion,
    name="minutes_to_conclusion",
    label=Label("Minutes to conclusion, median", "办结用时中位数（分钟）"),
    unit=Unit.MINUTES,
)

TIMES: Final = (days_to_conclusion, minutes_to_conclusion)
