"""The risk table: how many cases ended, or were last seen open, after which time.

The engine computes it, so that only times and counts leave it. An instant is compared
with an instant; where one end is known to the day, both are days, and the cases are
counted. Nothing is dropped without a name.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._conditions import AT, NOT_REACHED, Among, Condition, Context
from community_mediation.metrics._definitions import Duration, Unit
from community_mediation.metrics._engine import Frame, plain, predicate, rows_of
from community_mediation.metrics._figures import DurationFigure
from community_mediation.metrics._kaplan_meier import kaplan_meier, plain_median
from community_mediation.metrics._partition import basis_of
from community_mediation.metrics._signatures import Group

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LEFT_OUT: Final = (
    "start unknown",
    "end unknown",
    "end undated",
    "begun after observation",
    "ends that cannot be compared",
    "ended before it began",
)
_KEPT: Final = {"ended": "ended", "open": "censored", "later": "censored"}


@attrs.frozen
class Through:
    """Up to when open cases were watched, unless they say it themselves: a day, and an instant if it is that exact."""

    day: int | None = None
    instant: int | None = None

    @classmethod
    def of(cls, value: object) -> Through:
        """From what the caller gave.

        Raises:
            InvalidQuery: A datetime without a zone, or something else.
        """
        if value is None:
            return cls()
        if isinstance(value, dt.datetime):
            if value.utcoffset() is None:
                raise InvalidQuery("observed_through has no zone. Give an aware datetime, or a date.")
            instant = _microseconds(value)
            return cls(_midnight(value), instant)
        if isinstance(value, dt.date):
            return cls(_midnight(value))
        raise InvalidQuery("observed_through is neither a date nor an aware datetime.")


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def _midnight(day: dt.date) -> int:
    return (day.toordinal() - _EPOCH.toordinal()) * Unit.DAYS.microseconds


RiskTable = dict[str, Counter[int]]
"""Counts by what became of the case, then by time; the time of those left out is 0."""


def durations(frame: Frame, metric: Duration, context: Context, through: Through) -> dict[Group, DurationFigure]:
    """The figure of each group, and the total under ``()`` if there are groups."""
    tables = _risk_tables(frame, metric, context, through)
    total: RiskTable = {}
    for table in tables.values():
        for what, times in table.items():
            total.setdefault(what, Counter()).update(times)
    found = {group: figure_of(metric, table) for group, table in tables.items() if frame.by}
    return {**found, (): figure_of(metric, total)}


def figure_of(metric: Duration, table: RiskTable) -> DurationFigure:
    """The estimate from a risk table."""
    ended: Counter[int] = Counter()
    censored: Counter[int] = Counter()
    by_day = later = 0
    for what, times in table.items():
        kind, _, grain = what.partition("/")
        if kind not in _KEPT:
            continue
        (ended if _KEPT[kind] == "ended" else censored).update(times)
        by_day += times.total() if grain == "day" else 0
        later += times.total() if kind == "later" else 0
    counts = {what: times.total() for what, times in table.items()}
    names = (*(exclusion.name for exclusion in metric.exclusions), *_LEFT_OUT)
    return DurationFigure(
        metric=metric,
        estimate=kaplan_meier(ended, censored),
        closed_only=plain_median(ended),
        known_to_day=by_day,
        ended_later=later,
        left_out=tuple((name, counts[name]) for name in names if counts.get(name)),
        unobserved=counts.get("unobserved", 0),
        basis_cases=sum(counts.values()) - counts.get("undated", 0) - counts.get("elsewhere", 0),
        undated=counts.get("undated", 0),
    )


def _risk_tables(frame: Frame, metric: Duration, context: Context, through: Through) -> dict[Group, RiskTable]:
    import narwhals.stable.v2 as nw

    times = {
        f"__{short}_{part}": nw.col(f"{name}_{part}")
        for short, name in (("start", metric.start), ("end", metric.end), ("seen", "observed"))
        for part in ("at", "on")
    }
    flags = {"__ended": Among(metric.end, (AT,)), "__open": Among(metric.end, (NOT_REACHED,))}
    flags["__started"] = Among(metric.start, (AT,))
    basis, undated = basis_of(metric, metric.start, context)
    outs: dict[str, Condition] = {"undated": undated, "elsewhere": ~basis}
    outs |= {exclusion.name: exclusion.when.split(context)[0] for exclusion in metric.exclusions}
    keys = frame.keys
    ready = frame.lazy.select(
        *keys,
        **times,
        **{name: predicate(flag) for name, flag in flags.items()},
        **{f"__out{index}": predicate(out) for index, out in enumerate(outs.values())},
    )
    ready = _with_limits(ready, through)
    what, time = _classified(list(outs))
    small = ready.select(what.alias("__what"), time.alias("__time"), *keys)
    small = small.with_columns(nw.when(nw.col("__what").is_in(_SPANS)).then(nw.col("__time")).otherwise(nw.lit(0)))
    found: dict[Group, RiskTable] = {}
    counted = small.group_by("__what", "__time", *keys).agg(nw.len().alias("__cases"))
    for row in rows_of(counted, keys):
        group = tuple(plain(row[key]) for key in keys)
        table = found.setdefault(group, {})
        table.setdefault(row["__what"], Counter())[int(row["__time"])] += int(row["__cases"])
    return found


_SPANS: Final = [f"{kind}/{grain}" for kind in _KEPT for grain in ("exact", "day")]


def _with_limits(ready: nw.LazyFrame[Any], through: Through) -> nw.LazyFrame[Any]:
    """Where each case's time stops: at its end, or where it was last seen open."""
    import narwhals.stable.v2 as nw

    own = ~nw.col("__seen_at").is_null() | ~nw.col("__seen_on").is_null()

    def last(part: str, given: int | None) -> nw.Expr:
        seen = nw.col(f"__seen_{part}")
        return seen if given is None else nw.when(own).then(seen).otherwise(nw.lit(given))

    ready = ready.with_columns(__own=own, __last_at=last("at", through.instant), __last_on=last("on", through.day))
    after_at = (nw.col("__end_at") > nw.col("__last_at")).fill_null(False)
    comparable = ~nw.col("__end_at").is_null() & ~nw.col("__last_at").is_null()
    after_on = (nw.col("__end_on") > nw.col("__last_on")).fill_null(False)
    after = (comparable & after_at) | (~comparable & after_on)
    ready = ready.with_columns(__later=nw.col("__ended") & ~nw.col("__own") & after)
    stays = nw.col("__ended") & ~nw.col("__later")
    return ready.with_columns(
        __stop_at=nw.when(stays).then(nw.col("__end_at")).otherwise(nw.col("__last_at")),
        __stop_on=nw.when(stays).then(nw.col("__end_on")).otherwise(nw.col("__last_on")),
    )


def _classified(outs: Sequence[str]) -> tuple[nw.Expr, nw.Expr]:
    """What became of each case, in words, and after which time."""
    import narwhals.stable.v2 as nw

    def lacks(name: str) -> nw.Expr:
        return nw.col(f"__{name}_at").is_null() & nw.col(f"__{name}_on").is_null()

    exact = ~nw.col("__start_at").is_null() & ~nw.col("__stop_at").is_null()
    daily = ~nw.col("__start_on").is_null() & ~nw.col("__stop_on").is_null()
    span_at, span_on = nw.col("__stop_at") - nw.col("__start_at"), nw.col("__stop_on") - nw.col("__start_on")
    time = nw.when(exact).then(span_at).otherwise(span_on)
    backwards = (time < 0).fill_null(False)
    ended, later = nw.col("__ended"), nw.col("__later")
    cases = [
        *((nw.col(f"__out{index}"), name) for index, name in enumerate(outs)),
        (~nw.col("__started") | lacks("start"), "start unknown"),
        (~ended & ~nw.col("__open"), "end unknown"),
        (ended & lacks("end"), "end undated"),
        (~ended & lacks("last"), "unobserved"),
        (~exact & ~daily, "ends that cannot be compared"),
        (backwards & ended & ~later, "ended before it began"),
        (backwards, "begun after observation"),
        (ended & ~later & exact, "ended/exact"),
        (ended & ~later, "ended/day"),
        (later & exact, "later/exact"),
        (later, "later/day"),
        (exact, "open/exact"),
    ]
    what = nw.lit("open/day")
    for condition, name in reversed(cases):
        what = nw.when(condition).then(nw.lit(name)).otherwise(what)
    return what, time
