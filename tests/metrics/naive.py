"""Every kind of metric once more, in plain Python over single rows, written apart from the library's.

Conditions are answered here by Kleene's tables over one row, and not split into a yes and a no.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from community_mediation.domain.values import Period
from community_mediation.metrics import Count, Metric, Proportion, clustered, clustered_mean
from community_mediation.metrics import _conditions as c
from community_mediation.metrics import _milestones as m
from community_mediation.metrics._clusters import ClusterSums
from community_mediation.metrics._measures import Distinct, Mean, PairedMean, Repeat, Shared, Total
from tests.metrics import oracle
from tests.metrics.frames import Cells
from tests.metrics.worlds import World

Answer = bool | None
Asked = Period | None


def _all(answers: Iterable[Answer]) -> Answer:
    found = list(answers)
    return False if False in found else None if None in found else True


def _any(answers: Iterable[Answer]) -> Answer:
    found = list(answers)
    return True if True in found else None if None in found else False


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer


def passed(row: Cells, name: str, period: Asked) -> Answer:
    """Whether a milestone was passed in the period."""
    state, day = row[name], row[f"{name}_on"]
    if state not in ("at", "not_reached"):
        return None
    if period is None or state == "not_reached":
        return bool(state == "at")
    return None if day is None else day in period


def _by_end(row: Cells, name: str, period: Asked) -> Answer:
    if period is None:
        return passed(row, name, None)
    state, day = row[name], row[f"{name}_on"]
    if state == "at":
        return None if day is None else day <= period.last
    seen = row["observed_on"]
    return False if state == "not_reached" and (seen is None or seen >= period.last) else None


def answer(condition: c.Condition, row: Cells, period: Asked) -> Answer:
    """Yes, no, or nobody knows."""
    match condition:
        case c.Constant(value):
            return value
        case c.Among(column, values):
            return row[column] in values
        case c.Told(column, yes, no):
            return True if row[column] in yes else False if row[column] in no else None
        case c.Empty(column):
            return row[column] is None
        case c.All(parts):
            return _all(answer(part, row, period) for part in parts)
        case c.AnyOf(parts):
            return _any(answer(part, row, period) for part in parts)
        case c.Not(part):
            return _not(answer(part, row, period))
        case c.Answered(yes, no):
            return True if answer(yes, row, period) else False if answer(no, row, period) else None
        case m.Rung(name):
            return oracle.stands(row, name, implied=True)
        case m.Noted(name):
            return True if period is None else passed(row, name, period)
        case m.InPeriod(name):
            return passed(row, name, period)
        case m.ByEnd(name):
            return _by_end(row, name, period)
    raise AssertionError(condition)


def rows_of(world: World, table: str) -> list[Cells]:
    """The rows of a table, each with what it does not say itself from its case."""
    cases = {row["matter_id"]: row for row in world["case"]}
    found = [{**cases.get(row["matter_id"], {}), **row} for row in world[table]]
    for row in found:
        if table == "case":
            row |= returned(row, world)
        if table == "case_answer":
            row["respondent"] = None if row["party"] is None else (row["matter_id"], row["party"])
        if table == "case_resolution":
            row["failed"] = failed(row)
            row["last_contact_at"] = None
    return found


def failed(row: Cells) -> str:
    """Whether an agreement failed: broken or repudiated."""
    states = [row["breached"], row["repudiated"]]
    return "at" if "at" in states else "not_reached" if states == ["not_reached"] * 2 else "unknown"


def returned(row: Cells, world: World) -> Cells:
    """When two linked persons of a case next came with another one."""

    def pairs(matter: str) -> set[tuple[str, str]]:
        names = {each["person"] for each in world["case_party"] if each["matter_id"] == matter} - {None}
        return {(one, two) for one in names for two in names if one < two}

    mine = pairs(row["matter_id"])
    others = [
        each
        for each in world["case"]
        if each["matter_id"] != row["matter_id"] and each["conclusion"] != "void" and mine & pairs(each["matter_id"])
    ]
    ended = row["first_concluded_on"]
    came = [each["reported_on"] for each in others if each["reported"] == "at" and each["reported_on"] is not None]
    days = [day for day in came if ended is not None and day >= ended]
    vague = any(each["reported"] != "not_reached" and each["reported_on"] is None for each in others)
    state = "at" if days else "unknown" if not mine or vague else "not_reached"
    return {"returned": state, "returned_at": None, "returned_on": min(days, default=None)}


def where(metric: Any, row: Cells, period: Asked) -> str:
    """``in`` the basis, ``out`` of it, or ``undated``: nobody knows."""
    if getattr(metric, "span", None):
        within: Answer = True if period is None else _spanned(row, metric.span, period)
    elif period is None:
        within = not (metric.basis.value == "event" and row[metric.milestone] == "not_reached")
    else:
        within = passed(row, metric.milestone, period)
    both = _all([within, answer(metric.filter, row, period)])
    return "in" if both else "undated" if both is None else "out"


def _spanned(row: Cells, span: tuple[str, str], period: Period) -> Answer:
    first, last = (row[name] for name in span)
    if (first is not None and first > period.last) or (last is not None and last < period.first):
        return False
    inside = first is not None and last is not None and first >= period.first and last <= period.last
    return True if inside else None


def excluded(metric: Metric, row: Cells, period: Asked) -> str:
    """The name of the first exclusion that takes the row; empty if none does."""
    return next((each.name for each in metric.exclusions if answer(each.when, row, period)), "")


def placed(metric: Any, rows: Iterable[Cells], period: Asked) -> tuple[list[Cells], dict[str, Any]]:
    """The rows that stay, and what is said of the others."""
    found = [(row, where(metric, row, period)) for row in rows]
    basis = [row for row, place in found if place == "in"]
    names = Counter(name for row in basis if (name := excluded(metric, row, period)))
    ordered = tuple((each.name, names[each.name]) for each in metric.exclusions if names[each.name])
    said = {"undated": sum(place == "undated" for _, place in found), "excluded": ordered, "basis_cases": len(basis)}
    return [row for row in basis if not excluded(metric, row, period)], said


def count(metric: Count, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """How many, and for how many nobody knows."""
    found: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for row in rows:
        fits = _all([answer(metric.counted, row, period), answer(metric.filter, row, period)])
        name = excluded(metric, row, period)
        if name:
            names[name] += fits is True
        elif fits:
            found["counted"] += 1
        elif fits is None:
            dateless = period is not None and row[metric.milestone] == "at" and row[f"{metric.milestone}_on"] is None
            found["undated" if dateless else "unknown"] += 1
    ordered = tuple((each.name, names[each.name]) for each in metric.exclusions if names[each.name])
    parts = {name: found[name] for name in ("counted", "undated", "unknown")}
    return {**parts, "excluded": ordered, "cases": len(rows)}


def proportion(metric: Proportion, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """The parts of a share."""
    stays, said = placed(metric, rows, period)
    names = ("numerator", "other", "open", "unknown_outcome", "unknown_place", "outside", "elsewhere")
    found: dict[str, Any] = dict.fromkeys(names, 0)
    by_case: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in stays:
        inside, yes = answer(metric.denominator, row, period), answer(metric.numerator, row, period)
        pending = answer(metric.pending, row, period) is True
        if inside is None:
            part = "unknown_place"
        elif not inside:
            part = "outside" if yes else "elsewhere"
        elif pending:
            part = "open"
        else:
            part = "unknown_outcome" if yes is None else "numerator" if yes else "other"
        found[part] += 1
        if part in ("numerator", "other") or (part == "open" and metric.counts_open):
            by_case[row["matter_id"]][0] += 1
            by_case[row["matter_id"]][1] += part == "numerator"
    if metric.grain != "case" and found["numerator"] + found["other"]:
        sums = ClusterSums.of((n, y) for n, y in by_case.values())
        found |= {"clusters": sums.clusters, "interval": clustered(sums).interval}
    return {**found, **said}


def total(metric: Total, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """Sums by unit."""
    stays, said = placed(metric, rows, period)
    there = [row for row in stays if row[metric.column] is not None]
    amounts: dict[Any, Fraction] = defaultdict(Fraction)
    for row in there:
        amounts[row[metric.unit] if metric.unit else None] += Fraction(Decimal(row[metric.column]))
    return {"amounts": dict(amounts), "counted": len(there), "missing": len(stays) - len(there), **said}


def shared(metric: Shared, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """Each case in part, by how many rows there are of it at all."""
    stays, said = placed(metric, rows, period)
    amounts = {None: sum((Fraction(1, row["size"]) for row in stays), Fraction(0))} if stays else {}
    return {"amounts": amounts, "counted": len(stays), "missing": 0, **said}


def distinct(metric: Distinct, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """How many different ones."""
    stays, said = placed(metric, rows, period)
    names = [row[metric.column] for row in stays if row[metric.column] is not None]
    return {"named": len(set(names)), "rows": len(names), "unnamed": len(stays) - len(names), **said}


def repeat(metric: Repeat, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """Who comes again."""
    stays, said = placed(metric, rows, period)
    cases: dict[Any, set[str]] = defaultdict(set)
    for row in stays:
        if row[metric.column] is not None:
            cases[row[metric.column]].add(row["matter_id"])
    nameless = sum(row[metric.column] is None for row in stays)
    left_out = (*said.pop("excluded"), *([("not linked", nameless)] if nameless else []))
    often = sum(len(each) >= metric.times for each in cases.values())
    return {"numerator": often, "denominator": len(cases), "left_out": left_out, **said}


def _mean_of(values: dict[str, list[int]]) -> dict[str, Any]:
    sums = ClusterSums.of((len(each), sum(each)) for each in values.values())
    found = clustered_mean(sums)
    return {
        "answers": sum(map(len, values.values())),
        "clusters": len(values),
        "total": sum(map(sum, values.values())),
        "limits": (found.lower, found.upper),
    }


def mean(metric: Mean, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """A mean by case."""
    stays, said = placed(metric, rows, period)
    values: dict[str, list[int]] = defaultdict(list)
    missing = off = 0
    for row in stays:
        score = row[metric.column]
        if score is None:
            missing += 1
        elif not metric.lowest <= score <= metric.highest:
            off += 1
        else:
            turned = answer(metric.reversed, row, period)
            values[row["matter_id"]].append(metric.lowest + metric.highest - score if turned else score)
    return {**_mean_of(values), "missing": missing, "off_scale": off, **said}


def paired(metric: PairedMean, rows: list[Cells], period: Asked) -> dict[str, Any]:
    """The change of those who answered twice."""
    stays, said = placed(metric, rows, period)
    waves: dict[tuple[Any, ...], dict[str, list[int]]] = defaultdict(lambda: {"before": [], "after": []})
    alone = off = 0
    for row in stays:
        before, after = answer(metric.before, row, period), answer(metric.after, row, period)
        if not before and not after:
            continue
        score = row[metric.column]
        key = (row["matter_id"], *(row[name] for name in metric.pair))
        if score is not None and not metric.lowest <= score <= metric.highest:
            off += 1
        elif score is None or None in key or (before and after):
            alone += 1
        else:
            waves[key]["before" if before else "after"].append(score)
    values: dict[str, list[int]] = defaultdict(list)
    for key, found in waves.items():
        if len(found["before"]) == len(found["after"]) == 1:
            values[key[0]].append(found["after"][0] - found["before"][0])
        else:
            alone += len(found["before"]) + len(found["after"])
    return {**_mean_of(values), "missing": alone, "off_scale": off, **said}


KINDS: dict[type[Metric], Callable[[Any, list[Cells], Asked], dict[str, Any]]] = {
    Count: count,
    Proportion: proportion,
    Total: total,
    Shared: shared,
    Distinct: distinct,
    Repeat: repeat,
    Mean: mean,
    PairedMean: paired,
}


def figures(metric: Metric, world: World, by: tuple[str, ...], period: Asked) -> dict[tuple[Any, ...], dict[str, Any]]:
    """What the metric says of each group, and over all under ``()``."""
    rows = rows_of(world, metric.grain)
    sizes = Counter(row.get("matter_id") for row in rows)
    groups: dict[tuple[Any, ...], list[Cells]] = {(): [{**row, "size": sizes[row.get("matter_id")]} for row in rows]}
    for row in groups[()] if by else ():
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    return {group: KINDS[type(metric)](metric, rows, period) for group, rows in groups.items()}


def moment(day: dt.date) -> dt.datetime:
    """Noon of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
