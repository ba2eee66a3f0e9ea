"""Every kind of result over the same tables, as text and as data: what an engine says must not depend on the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from community_mediation.metrics import compare, concentration, funnel, ladder, survival, trend

OBJECTS: Mapping[str, Callable[[Any], Any]] = {
    "ladder": lambda frames: ladder(frames, by="centre"),
    "trend": lambda frames: trend(
        frames, ["reported", "agreement_of_reported", "participations"], first="2022-02", last="2022-04", by="centre"
    ),
    "funnel": lambda frames: funnel(frames, "agreement_of_reported", by="centre", minimum=1),
    "funnel of parties": lambda frames: funnel(frames, "left_of_parties", by="centre", minimum=1),
    "compare": lambda frames: compare(frames, "agreement_of_reported", by="centre", strata="on_the_spot", minimum=1),
    "concentration": lambda frames: concentration(frames, by="mediator"),
    "survival": lambda frames: survival(frames, end="agreed", by="centre", observed_through=dt.date(2022, 4, 20)),
}
