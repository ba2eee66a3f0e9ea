"""All metrics that the library ships, and finding them by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._agreement import AGREEMENTS
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._flow import FLOWS
from community_mediation.metrics._keeping import KEEPING
from community_mediation.metrics._load import LOAD
from community_mediation.metrics._people import PEOPLE
from community_mediation.metrics._prevention import PREVENTION
from community_mediation.metrics._time import TIMES, days_to_conclusion
from community_mediation.metrics._volume import AMOUNTS, VOLUMES

FAMILIES: Final[Mapping[str, tuple[Metric, ...]]] = {
    "volume": (*VOLUMES, *AMOUNTS),
    "outcome": (*AGREEMENTS, *FLOWS),
    "keeping": KEEPING,
    "time": TIMES,
    "people": PEOPLE,
    "prevention": PREVENTION,
    "load": LOAD,
}
"""The shipped metrics by what they are about."""


def catalogue() -> dict[str, Metric]:
    """Every shipped metric by its name, family by family."""
    return {metric.name: metric for family in FAMILIES.values() for metric in family}


def chosen(metrics: str | Metric | Iterable[str | Metric] | None) -> tuple[Metric, ...]:
    """The metrics asked for; by default all, and the time to conclusion in days.

    Raises:
        InvalidQuery: An unknown name, a name twice, none at all, or something that is no metric.
    """
    if metrics is None:
        return (*VOLUMES, *AGREEMENTS, days_to_conclusion)
    found = tuple(_find(metric) for metric in ((metrics,) if isinstance(metrics, str | Metric) else metrics))
    names = [metric.name for metric in found]
    if not found:
        raise InvalidQuery("No metric is asked for. Name some, or leave metrics= out for all.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidQuery(f"Asked for twice: {', '.join(twice)}. Give each metric once, or another name.")
    return found


def _find(metric: object) -> Metric:
    if isinstance(metric, Metric):
        return metric
    if not isinstance(metric, str):
        raise InvalidQuery(f"A {type(metric).__name__} is no metric. Give a name of the catalogue or a Metric.")
    known = catalogue()
    if metric in known:
        return known[metric]
    if metric in ("resolution_rate", "settlement_rate", "success_rate", "agreement_rate"):
        hint = "A rate is named by its denominator: " + ", ".join(name for name in known if "agreement" in name)
    elif near := difflib.get_close_matches(metric, known, n=4, cutoff=0.5):
        hint = f"Did you mean {', '.join(near)}?"
    else:
        hint = f"There are: {', '.join(known)}."
    raise InvalidQuery(f"No metric {metric!r}. {hint}")
