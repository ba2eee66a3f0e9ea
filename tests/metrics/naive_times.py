"""What became of each case, and after which time: once more, by looking at one case after the other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import attrs

from community_mediation.domain.values import Period
from community_mediation.metrics import cumulative_incidence, kaplan_meier
from tests.metrics import naive
from tests.metrics.frames import Cells
from tests.metrics.worlds import World

Moment = dt.date | dt.datetime
TICK = dt.timedelta(microseconds=1)
ONE = dt.timedelta(days=1)
NOT_LEFT_OUT = {"ended", "other", "open", "undated", "elsewhere", "unobserved", "not due"}
"""What becomes of those that are in a figure, or are told beside it."""


@attrs.frozen
class Time:
    """A milestone: the instant and the day, as far as they are known."""

    at: dt.datetime | None
    on: dt.date | None

    @classmethod
    def of(cls, row: Cells, name: str) -> Time:
        if name == "failed":
            return _earlier(row)
        return cls(row[f"{name}_at"], row[f"{name}_on"])

    @property
    def is_known(self) -> bool:
        return self.at is not None or self.on is not None

    def since(self, other: Time, by_day: bool) -> int | None:
        """Microseconds since the other: between instants, or else between days."""
        if self.at is not None and other.at is not None and not by_day:
            return (self.at - other.at) // TICK
        return None if self.on is None or other.on is None else (self.on - other.on) // TICK

    def is_after(self, other: Time) -> bool:
        if self.at is not None and other.at is not None:
            return self.at > other.at
        return self.on is not None and other.on is not None and self.on > other.on


def _earlier(row: Cells) -> Time:
    ends = [Time(row[f"{name}_at"], row[f"{name}_on"]) for name in ("breached", "repudiated") if row[name] == "at"]
    days = [end.on for end in ends if end.on is not None]
    instants = [end.at for end in ends if end.at is not None]
    on = min(days) if days and len(days) == len(ends) else None
    return Time(min(instants) if instants and len(instants) == len(ends) else None, on)


def _watched(given: Any, centre: str | None) -> tuple[Time, bool] | None:
    """The moment for this centre, and whether it is an instant; if one of several is a day, all are."""
    if given is None:
        return None
    moments = given if isinstance(given, dict) else {None: given}
    chosen = moments.get(centre, moments.get(None))
    if chosen is None:
        return None
    exact = all(isinstance(each, dt.datetime) for each in moments.values())
    day = chosen.date() if isinstance(chosen, dt.datetime) else chosen
    return Time(chosen if exact else None, day), isinstance(chosen, dt.datetime)


def fate(
    metric: Any, row: Cells, period: Period | None, through: Any, since: Any, days: int | None
) -> tuple[str, int, int]:
    """What became of the case, after which time, and when it came under observation. With *days*, by whole days."""
    if (place := naive.where(_Placed(metric), row, period)) != "in":
        return ("undated" if place == "undated" else "elsewhere"), 0, 0
    if name := naive.excluded(metric, row, period):
        return name, 0, 0
    start, by_day = Time.of(row, metric.start), days is not None
    if row[metric.start] != "at" or not start.is_known:
        return "start unknown", 0, 0
    got = row[metric.end] == "at"
    never = row[metric.end] == "not_reached"
    otherwise = never and metric.competing is not None and row[metric.competing] == "at"
    may = never and (metric.competing is None or row[metric.competing] == "not_reached")
    if not got and not otherwise and not may:
        return "end unknown", 0, 0
    end = Time.of(row, metric.end if got else metric.competing) if got or otherwise else None
    if end is not None and not end.is_known:
        return "end undated", 0, 0
    own = Time.of(row, metric.seen)
    watched = _watched(through, row["centre"])
    later = end is not None and not own.is_known and watched is not None and end.is_after(watched[0])
    stop = end if end is not None and not later else own if own.is_known else watched[0] if watched else None
    if stop is None:
        return "unobserved", 0, 0
    time = stop.since(start, by_day)
    if time is None:
        return "ends that cannot be compared", 0, 0
    if time < 0:
        return ("ended before it began" if end is not None and not later else "begun after observation"), 0, 0
    came = _watched(since, row["centre"])
    entry = 0
    if came is not None:
        instants = start.at is not None and stop.at is not None and not by_day and came[0].at is not None
        entry = max(0, came[0].since(start, not instants) or 0)
    if entry and time <= entry:
        return "ended before observation", 0, 0
    if entry and by_day:
        return "came under observation late", 0, 0
    what = "open" if end is None or later else "ended" if got else "other"
    if days is not None and not metric.settle:
        last = own.on if own.is_known and metric.seen == "observed" else None
        if metric.seen != "observed" or not own.is_known:
            if watched is None:
                last = own.on if own.is_known else None
                if last is None:
                    return "unobserved", 0, 0
            else:
                last = watched[0].on - ONE if watched[1] and watched[0].on else watched[0].on
        if last is None or start.on is None or (last - start.on).days < days:
            return "not due", 0, 0
    return what, time, entry


class _Placed:
    """A time, placed by its start."""

    def __init__(self, metric: Any) -> None:
        self.milestone, self.basis, self.filter, self.span = metric.start, metric.basis, metric.filter, None


def fates(metric: Any, world: World, period: Any, through: Any, since: Any, days: int | None) -> Any:
    """Those of all cases."""
    return [fate(metric, row, period, through, since, days) for row in naive.rows_of(world, metric.grain)]


def estimate(metric: Any, found: list[tuple[str, int, int]]) -> Any:
    """The curve of these fates."""
    times = {what: Counter(time for each, time, _ in found if each == what) for what in ("ended", "other", "open")}
    entries = Counter(entry for what, _, entry in found if what in times and entry) or None
    if metric.competing is None:
        return kaplan_meier(times["ended"], times["open"], entries=entries)
    return cumulative_incidence(
        {"reached": times["ended"], "otherwise": times["other"]}, times["open"], entries=entries
    )


def share(metric: Any, found: list[tuple[str, int, int]]) -> tuple[int, int, int]:
    """How many of how many by the day, and how many are not due."""
    limit = metric.days * ONE // TICK
    yes = sum(what == "ended" and time <= limit for what, time, _ in found)
    no = sum((what == "ended" and time > limit) or what == "other" for what, time, _ in found)
    passed = sum(what == "open" and (time > limit if metric.settle else time >= limit) for what, time, _ in found)
    young = sum(what == "not due" or (metric.settle and what == "open" and time <= limit) for what, time, _ in found)
    unseen = metric.seen != "observed" and any(what == "open" and time < limit for what, time, _ in found)
    if unseen and not metric.settle and not no + passed:
        yes = 0
    whole = yes + no + passed
    return (whole - yes if metric.without else yes), whole, young
