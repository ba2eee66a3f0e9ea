"""The risk table: how many cases ended, or were last seen open, after which time.

The engine computes it, so that only times and counts leave it. An instant is compared
with an instant; where one end is known to the day, both are days, and the cases are
counted. Nothing is dropped without a name.
"""

from __future__ import annotations

import functools
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.metrics._collected import MOST_TIMES, collected, plain, streamed
from community_mediation.metrics._conditions import AT, NOT_REACHED, Among, Condition, Context
from community_mediation.metrics._definitions import Duration
from community_mediation.metrics._engine import Frame, predicate
from community_mediation.metrics._measures import Within
from community_mediation.metrics._numbers import Integers, nothing, together, total
from community_mediation.metrics._packed import (
    ENDED,
    LATER,
    LEAVING,
    LONGEST,
    OTHER,
    arrival,
    packed,
    unpacked,
)
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
    "never seen",
    "ends that cannot be compared",
    "ended before it began",
)


FEW: Final = 4_000_000
"""So many rows may leave the engine as they are."""


@attrs.frozen(eq=False)
class RiskTable:
    """What happened after which time, in columns; and how many were left out, by name.

    Attributes:
        time: The different times in their order, in microseconds.
        counts: ``{"ended": …, "other": …, "open": …, "later": …}``: how many cases of each kind after each time; and
            under ``came`` how many came under observation then, where some did so late. Kinds without cases may lack.
        numbers: How many were left out, by name.
        by_day: How many of the others are known to the day only.
    """

    time: Integers = attrs.field(factory=lambda: array("q"))
    counts: Mapping[str, Integers] = attrs.field(factory=dict)
    numbers: Mapping[str, int] = attrs.field(factory=dict)
    by_day: int = 0

    def cases(self, *kinds: str) -> Integers:
        """How many cases of these kinds together after each time."""
        columns = [self.counts[kind] for kind in kinds if kind in self.counts]
        return functools.reduce(together, columns) if columns else nothing(len(self.time))

    def number(self, what: str) -> int:
        """How many were left out under that name."""
        return self.numbers.get(what, 0)

    def left_out(self, metric: Duration | Within) -> tuple[tuple[str, int], ...]:
        """Those left out, by name."""
        names = (*(exclusion.name for exclusion in metric.exclusions), *LEFT_OUT)
        return tuple((name, self.number(name)) for name in names if self.number(name))

    @property
    def basis_cases(self) -> int:
        """The rows of the basis."""
        rows = sum(self.numbers.values()) + sum(total(self.cases(kind)) for kind in LEAVING)
        return rows - self.number("undated") - self.number("elsewhere")


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
    import narwhals.stable.v2 as nw

    names, numbers = _counted(frame, metric, context, watch, by_day, horizon)
    if not frame.by:
        return {(): _table(names, *_rising(numbers))}
    numbers = numbers.sort("__number")
    parts: dict[Group, list[nw.DataFrame[Any]]] = {}
    for keys, rows in numbers.group_by(*frame.keys):
        parts.setdefault(tuple(map(plain, keys)), []).append(rows)
    # Values that differ to the engine alone are one group.
    sorted_ = {group: nw.concat(rows).sort("__number") if len(rows) > 1 else rows[0] for group, rows in parts.items()}
    tables = {group: _table(names, *_arrays(rows)) for group, rows in sorted_.items()}
    return {**tables, (): _table(names, *_arrays(numbers))}


def _arrays(numbers: nw.DataFrame[Any]) -> tuple[Any, Any]:
    return numbers["__number"].to_numpy(), numbers["__cases"].to_numpy()


def _rising(numbers: nw.DataFrame[Any]) -> tuple[Any, Any]:
    """The numbers in their order, and how many cases each stands for; both as arrays of NumPy."""
    import numpy as np

    found, cases = _arrays(numbers)
    if (cases == 1).all():
        return np.sort(found), cases
    return _arrays(numbers.sort("__number"))


def _table(names: Sequence[str], numbers: Any, cases: Any) -> RiskTable:
    """The table of numbers that rise, each of which stands for so many cases."""
    found = unpacked(numbers, cases)
    left_out = {names[-1 - number]: count for number, count in found.left_out.items()}
    return RiskTable(found.time, found.counts, left_out, found.by_day)


def _counted(
    frame: Frame, metric: Duration | Within, context: Context, watch: Watch, by_day: bool, horizon: int | None
) -> tuple[Sequence[str], nw.DataFrame[Any]]:
    """Names of what was left out; and how many cases were so, or ended and were last seen after which time."""
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
    competing, looked = metric.competing is not None, metric.seen != "observed"
    ready = _with_limits(ready, watch, by_day=by_day, competing=competing, looked=looked)
    due = None if horizon is None else _due(metric, watch, horizon)
    cases, kinds, exactly, time, entry = _classified(
        list(outs), watch, due, by_day=by_day, competing=competing, looked=looked
    )
    # No number is below zero but those of cases left out, which say why.
    told = nw.when(cases[-1][0]).then(nw.lit(-len(cases), nw.Int64())).otherwise(time)
    for index, (condition, _) in reversed(list(enumerate(cases[:-1], 1))):
        told = nw.when(condition).then(nw.lit(-index, nw.Int64())).otherwise(told)
    entries = {"__entry": entry} if watch.since else {}
    ready = ready.select(*keys, __time=told, **entries, **kinds, __day=~exactly)
    return [name for _, name in cases], _numbered(frame, ready, list(entries), list(kinds))


def _numbered(frame: Frame, ready: nw.LazyFrame[Any], entries: list[str], kinds: list[str]) -> nw.DataFrame[Any]:
    """How many cases have each number, and each one's arrival, if it came late, as a number of its own."""
    import narwhals.stable.v2 as nw

    keys = frame.keys
    # In pandas what has gaps is no whole number until then.
    time, inside = nw.col("__time").cast(nw.Int64()), nw.col("__time") >= 0
    number = packed(time, {name: nw.col(name) for name in kinds}, nw.col("__day"))
    none = nw.lit(0, nw.Int64())
    ready = ready.select(
        *keys,
        *(nw.when(inside).then(nw.col(name)).otherwise(none).alias(name) for name in entries),
        __number=nw.when(inside).then(number).otherwise(time),
    )
    # To count numbers that are mostly different takes longer than to sort them; but there is room only for so many.
    if not keys and ready.implementation.is_polars() and frame.rows is not None and frame.rows <= FEW:
        found = streamed(ready).with_columns(__cases=nw.lit(1, nw.Int64()))
    else:
        counted = ready.group_by("__number", *entries, *keys).agg(nw.len().alias("__cases"))
        found = collected(counted, keys, MOST_TIMES)
    found = found.with_columns(nw.col("__number", *entries, "__cases").cast(nw.Int64()))
    for name in entries:
        late = found.filter((nw.col("__number") >= 0) & (nw.col(name) > 0))
        late = late.with_columns(arrival(nw.col(name)).alias("__number"))
        columns = ("__number", "__cases", *keys)
        found = nw.concat([found.select(*columns), late.select(*columns)])
    return found


def _with_limits(
    ready: nw.LazyFrame[Any], watch: Watch, *, by_day: bool, competing: bool, looked: bool
) -> nw.LazyFrame[Any]:
    """Where each case's time stops: at its end, or where it was last seen open.

    What has to be looked after is not seen by the book that goes on.
    """
    import narwhals.stable.v2 as nw

    own = ~nw.col("__seen_at").is_null() | ~nw.col("__seen_on").is_null()

    def last(part: str) -> nw.Expr:
        seen = nw.col(f"__seen_{part}")
        if looked or not watch.through or (part == "at" and not exact(watch.through)):
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
    outs: Sequence[str], watch: Watch, due: nw.Expr | None, *, by_day: bool, competing: bool, looked: bool
) -> tuple[list[tuple[nw.Expr, str]], dict[str, nw.Expr], nw.Expr, nw.Expr, nw.Expr]:
    """Who is left out, and why; and of the others what became of them, and when.

    The latter: of which kind each is (if of none, it was last seen open), whether its time is known to the instant,
    that time, and from which time on it was watched.
    """
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
        (~over & lacks("last"), "never seen" if looked else "unobserved"),
        ((~to_the_instant & ~daily) | (time > LONGEST).fill_null(False), "ends that cannot be compared"),
        (backwards & over & ~later, "ended before it began"),
        (backwards, "begun after observation"),
        (late, "ended before observation"),
        (unseen, "came under observation late"),
    ]
    if due is not None:
        cases += [*([] if looked else [(lacks("last"), "unobserved")]), (~due, "not due")]
    otherwise = nw.col("__otherwise") if competing else nw.lit(False)
    kinds = {ENDED: over & ~later & ~otherwise}
    if competing:
        kinds[OTHER] = otherwise & ~later
    if watch.through:
        kinds[LATER] = later
    return cases, kinds, to_the_instant, time, entry
