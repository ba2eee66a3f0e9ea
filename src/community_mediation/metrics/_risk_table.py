"""The risk table: how many cases ended, or were last seen open, after which time.

The engine computes it, so that only times and counts leave it. An instant is compared
with an instant; where one end is known to the day, both are days, and the cases are
counted. Nothing is dropped without a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.metrics._conditions import AT, NOT_REACHED, Among, Condition, Context
from community_mediation.metrics._definitions import Duration
from community_mediation.metrics._engine import Frame, plain, predicate, rows_of
from community_mediation.metrics._measures import Within
from community_mediation.metrics._partition import basis_of
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._watch import Watch, exact

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

LEFT_OUT: Final = (
    "start unknown",
    "end unknown",
    "end undated",
    "begun after observation",
    "ended before observation",
    "came under observation late",
    "ends that cannot be compared",
    "ended before it began",
)
ENDED, OTHER, OPEN, LATER = "ended", "other", "open", "later"
KINDS: Final = (ENDED, OTHER, OPEN, LATER)
"""It got there; it ended otherwise; it was last seen open; it ended after it was last seen, and counts as open then."""
_SPANS: Final = [f"{kind}/{grain}" for kind in KINDS for grain in ("exact", "day")]


@attrs.frozen
class RiskTable:
    """Counts by what became of the case, then by time in microseconds; the time of those left out is 0.

    Attributes:
        counts: ``{"ended/exact": {time: cases}, …}``.
        entries: How many came under observation after which time; those watched from their start are in it under 0.
    """

    counts: dict[str, Counter[int]] = attrs.field(factory=dict)
    entries: Counter[int] = attrs.field(factory=Counter)

    def add(self, what: str, time: int, entry: int, cases: int) -> None:
        """Count some more."""
        self.counts.setdefault(what, Counter())[time] += cases
        if what in _SPANS:
            self.entries[entry] += cases

    def update(self, other: RiskTable) -> None:
        """Count those of another group too."""
        for what, times in other.counts.items():
            self.counts.setdefault(what, Counter()).update(times)
        self.entries.update(other.entries)

    def times(self, *kinds: str) -> Counter[int]:
        """How many after which time, of these kinds together."""
        found: Counter[int] = Counter()
        for kind in kinds:
            for grain in ("exact", "day"):
                found.update(self.counts.get(f"{kind}/{grain}", Counter()))
        return found

    def number(self, what: str) -> int:
        """How many of that sort."""
        return self.counts[what].total() if what in self.counts else 0

    @property
    def by_day(self) -> int:
        """How many are known to the day only."""
        return sum(self.number(f"{kind}/day") for kind in KINDS)

    @property
    def late(self) -> dict[int, int]:
        """Those that came under observation after their start; empty if none did."""
        return {time: cases for time, cases in self.entries.items() if time > 0}

    def left_out(self, metric: Duration | Within) -> tuple[tuple[str, int], ...]:
        """Those left out, by name."""
        names = (*(exclusion.name for exclusion in metric.exclusions), *LEFT_OUT)
        return tuple((name, self.number(name)) for name in names if self.number(name))

    @property
    def basis_cases(self) -> int:
        """The rows of the basis."""
        total = sum(times.total() for times in self.counts.values())
        return total - self.number("undated") - self.number("elsewhere")


def risk_tables(
    frame: Frame,
    metric: Duration | Within,
    context: Context,
    watch: Watch,
    *,
    by_day: bool = False,
    horizon: int | None = None,
) -> dict[Group, RiskTable]:
    """The risk table of each group, and over all under ``()``.

    With *by_day*, all times are differences of dates. With a *horizon* in microseconds, those who began less than so
    long before their observation ended are "not due", whatever has become of them.
    """
    tables = _by_group(frame, metric, context, watch, by_day, horizon)
    total = RiskTable()
    for table in tables.values():
        total.update(table)
    return {**(tables if frame.by else {}), (): total}


def _by_group(
    frame: Frame, metric: Duration | Within, context: Context, watch: Watch, by_day: bool, horizon: int | None
) -> dict[Group, RiskTable]:
    import narwhals.stable.v2 as nw

    names = {"start": metric.start, "end": metric.end, "seen": metric.seen}
    flags = {"__ended": Among(metric.end, (AT,)), "__open": Among(metric.end, (NOT_REACHED,))}
    flags["__started"] = Among(metric.start, (AT,))
    if metric.competing is not None:
        names["other"] = metric.competing
        flags |= {"__other": Among(metric.competing, (AT,)), "__going": Among(metric.competing, (NOT_REACHED,))}
    times = {f"__{short}_{part}": nw.col(f"{name}_{part}") for short, name in names.items() for part in ("at", "on")}
    basis, undated = basis_of(metric, metric.start, context)
    outs: dict[str, Condition] = {"undated": undated, "elsewhere": ~basis}
    outs |= {exclusion.name: exclusion.when.split(context)[0] for exclusion in metric.exclusions}
    keys = frame.keys
    ready = frame.lazy.select(
        *keys,
        **times,
        **watch.limits(),
        **{name: predicate(flag) for name, flag in flags.items()},
        **{f"__out{index}": predicate(out) for index, out in enumerate(outs.values())},
    )
    ready = _with_limits(ready, watch, by_day=by_day, competing=metric.competing is not None)
    due = None if horizon is None else _due(metric, watch, horizon)
    what, time, entry = _classified(list(outs), watch, due, by_day=by_day, competing=metric.competing is not None)
    small = ready.select(what.alias("__what"), time.alias("__time"), entry.alias("__entry"), *keys)
    spans = nw.col("__what").is_in(_SPANS)
    small = small.with_columns(
        __time=nw.when(spans).then(nw.col("__time")).otherwise(nw.lit(0)),
        __entry=nw.when(spans).then(nw.col("__entry")).otherwise(nw.lit(0)),
    )
    small = small.with_columns(__cases=nw.lit(1, nw.Int64()))
    found: dict[Group, RiskTable] = {}
    counted = small.group_by("__what", "__time", "__entry", *keys).agg(nw.col("__cases").sum())
    for row in rows_of(counted, keys):
        group = tuple(plain(row[key]) for key in keys)
        table = found.setdefault(group, RiskTable())
        table.add(row["__what"], int(row["__time"]), int(row["__entry"]), int(row["__cases"]))
    return found


def _with_limits(ready: nw.LazyFrame[Any], watch: Watch, *, by_day: bool, competing: bool) -> nw.LazyFrame[Any]:
    """Where each case's time stops: at its end, or where it was last seen open."""
    import narwhals.stable.v2 as nw

    own = ~nw.col("__seen_at").is_null() | ~nw.col("__seen_on").is_null()

    def last(part: str) -> nw.Expr:
        seen = nw.col(f"__seen_{part}")
        if not watch.through or (part == "at" and not exact(watch.through)):
            return seen
        through = nw.col(f"__through_{part}")
        if by_day and part == "on":
            # Of a share by a fixed day, days count that were over; on the first one no time has passed.
            start = nw.col("__start_on")
            begun = ((start > nw.col("__till_on")) & (start <= through)).fill_null(False)
            through = nw.when(begun).then(start).otherwise(nw.col("__till_on"))
        return nw.when(own).then(seen).otherwise(through)

    ready = ready.with_columns(__own=own, __last_at=last("at"), __last_on=last("on"))
    if competing:
        otherwise = ~nw.col("__ended") & nw.col("__open") & nw.col("__other")
        ready = ready.with_columns(__otherwise=otherwise)
        ready = ready.with_columns(
            __end_at=nw.when(otherwise).then(nw.col("__other_at")).otherwise(nw.col("__end_at")),
            __end_on=nw.when(otherwise).then(nw.col("__other_on")).otherwise(nw.col("__end_on")),
            __over=nw.col("__ended") | otherwise,
        )
    else:
        ready = ready.with_columns(__over=nw.col("__ended"))
    after = nw.lit(False)
    if watch.through:
        after = (nw.col("__end_on") > nw.col("__through_on")).fill_null(False)
    if exact(watch.through):
        comparable = ~nw.col("__end_at").is_null() & ~nw.col("__through_at").is_null()
        after_at = (nw.col("__end_at") > nw.col("__through_at")).fill_null(False)
        after = (comparable & after_at) | (~comparable & after)
    ready = ready.with_columns(__later=nw.col("__over") & ~nw.col("__own") & after)
    stays = nw.col("__over") & ~nw.col("__later")
    return ready.with_columns(
        __stop_at=nw.when(stays).then(nw.col("__end_at")).otherwise(nw.col("__last_at")),
        __stop_on=nw.when(stays).then(nw.col("__end_on")).otherwise(nw.col("__last_on")),
    )


def _due(metric: Duration | Within, watch: Watch, horizon: int) -> nw.Expr:
    """Whether a case began so long before its observation ended.

    Where somebody has to look, the book goes on longer than the looking: who is old enough and was not looked at
    then is not young.
    """
    import narwhals.stable.v2 as nw

    last = nw.col("__seen_on")
    if watch.through:
        over = nw.col("__over_on")
        last = over if metric.seen != "observed" else nw.when(nw.col("__own")).then(last).otherwise(over)
    return (last - nw.col("__start_on") >= horizon).fill_null(False)


def _classified(
    outs: Sequence[str], watch: Watch, due: nw.Expr | None, *, by_day: bool, competing: bool
) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """What became of each case, in words, after which time, and from which time on it was watched."""
    import narwhals.stable.v2 as nw

    def lacks(name: str) -> nw.Expr:
        return nw.col(f"__{name}_at").is_null() & nw.col(f"__{name}_on").is_null()

    there = ~nw.col("__start_at").is_null() & ~nw.col("__stop_at").is_null()
    to_the_instant = there & nw.lit(False) if by_day else there
    daily = ~nw.col("__start_on").is_null() & ~nw.col("__stop_on").is_null()
    span_at, span_on = nw.col("__stop_at") - nw.col("__start_at"), nw.col("__stop_on") - nw.col("__start_on")
    time = nw.when(to_the_instant).then(span_at).otherwise(span_on)
    entry = nw.lit(0, nw.Int64())
    late = unseen = nw.lit(False)
    if watch.since:
        came = nw.col("__since_on") - nw.col("__start_on")
        if exact(watch.since):
            came = nw.when(to_the_instant).then(nw.col("__since_at") - nw.col("__start_at")).otherwise(came)
        entry = nw.when((came > 0).fill_null(False)).then(came).otherwise(nw.lit(0, nw.Int64()))
        late = (entry > 0) & (time <= entry).fill_null(False)
        if by_day:
            # Those that came late are there because they had not ended before: no fair part of a share by a fixed day.
            unseen, entry = (entry > 0) & ~late, nw.lit(0, nw.Int64())
    backwards = (time < 0).fill_null(False)
    over, later = nw.col("__over"), nw.col("__later")
    open_ = nw.col("__open") & nw.col("__going") if competing else nw.col("__open")
    cases = [
        *((nw.col(f"__out{index}"), name) for index, name in enumerate(outs)),
        (~nw.col("__started") | lacks("start"), "start unknown"),
        (~over & ~open_, "end unknown"),
        (over & lacks("end"), "end undated"),
        (~over & lacks("last"), "unobserved"),
        (~to_the_instant & ~daily, "ends that cannot be compared"),
        (backwards & over & ~later, "ended before it began"),
        (backwards, "begun after observation"),
        (late, "ended before observation"),
        (unseen, "came under observation late"),
    ]
    if due is not None:
        cases += [(lacks("last"), "unobserved"), (~due, "not due")]
    if competing:
        otherwise = nw.col("__otherwise") & ~later
        cases += [(otherwise & to_the_instant, "other/exact"), (otherwise, "other/day")]
    cases += [
        (over & ~later & to_the_instant, "ended/exact"),
        (over & ~later, "ended/day"),
        (later & to_the_instant, "later/exact"),
        (later, "later/day"),
        (to_the_instant, "open/exact"),
    ]
    what = nw.lit("open/day")
    for condition, name in reversed(cases):
        what = nw.when(condition).then(nw.lit(name)).otherwise(what)
    return what, time, entry
