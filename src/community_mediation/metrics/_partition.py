"""The parts of a figure: into which of them each case of the basis falls."""

from __future__ import annotations

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._conditions import (
    AT,
    NOT_REACHED,
    All,
    Among,
    AnyOf,
    Condition,
    Context,
    Days,
    Empty,
    Not,
)
from community_mediation.metrics._definitions import Basis, Count, Metric, Proportion
from community_mediation.metrics._measures import Distinct, Mean, PairedMean, Placed, Repeat, Total
from community_mediation.metrics._milestones import InPeriod, Undated


def basis_of(metric: Metric, milestone: str, context: Context) -> tuple[Condition, Condition]:
    """The cases that the figure is about, and those of which that is not known.

    With a period, its cases passed the milestone within it. Without one, a cohort is every
    case of the frame, and an event is every case that is not known to lack it.
    """
    if context.period is None:
        never = Among(milestone, (NOT_REACHED,))
        within: Condition = Not(never) if metric.basis is Basis.EVENT else All(())
        unplaced: Condition = AnyOf(())
    else:
        within = InPeriod(milestone).split(context)[0]
        unknown = Not(Among(milestone, (AT, NOT_REACHED)))
        unplaced = AnyOf((unknown, Undated(milestone).split(context)[0]))
    yes, no = metric.filter.split(context)
    basis = All((within, yes))
    return basis, All((AnyOf((within, unplaced)), Not(no), Not(basis)))


def count_parts(metric: Count, context: Context) -> dict[str, Condition]:
    """The conditions of a count's parts, by name."""
    counted, never = (metric.counted & metric.filter).split(context)
    undated = Undated(metric.milestone).split(context)[0]
    excluded, included = _exclusions(metric, context)
    return {
        "counted": All((counted, included)),
        "undated": All((Not(counted), Not(never), undated, included)),
        "unknown": All((Not(counted), Not(never), Not(undated), included)),
        **{name: All((counted, when)) for name, when in excluded.items()},
    }


def proportion_parts(metric: Proportion, context: Context) -> dict[str, Condition]:
    """The conditions of a proportion's parts, by name."""
    basis, undated = basis_of(metric, metric.milestone, context)
    excluded, included = _exclusions(metric, context)
    inside, outside = metric.denominator.split(context)
    yes, no = metric.numerator.split(context)
    pending = metric.pending.split(context)[0]
    stays = All((basis, included))
    unplaced = All((Not(inside), Not(outside)))
    return {
        "basis": basis,
        "undated": undated,
        "numerator": All((stays, inside, yes)),
        "other": All((stays, inside, no)),
        "open": All((stays, inside, pending)),
        "unknown_outcome": All((stays, inside, Not(yes), Not(no), Not(pending))),
        "unknown_place": All((stays, unplaced)),
        "outside": All((stays, outside, yes)),
        "elsewhere": All((stays, outside, Not(yes))),
        **{name: All((basis, when)) for name, when in excluded.items()},
    }


def placed_parts(metric: Placed, context: Context) -> dict[str, Condition]:
    """The conditions of the parts of a sum, a mean or a number of distinct ones, by name.

    ``stays`` are the rows that it is made of; the engine adds them up, or tells them apart.
    """
    basis, undated = _placed(metric, context)
    excluded, included = _exclusions(metric, context)
    rows = All((basis, included))
    found = {"basis": basis, "undated": undated, **{name: All((basis, when)) for name, when in excluded.items()}}
    if isinstance(metric, PairedMean):
        return {**found, **_paired(metric, rows, context)}
    assert isinstance(metric, Total | Mean | Distinct | Repeat)
    empty = Empty(metric.column)
    found |= {"missing": All((rows, empty)), "stays": All((rows, Not(empty)))}
    if isinstance(metric, Mean):
        on_scale = _on_scale(metric)
        stays = All((rows, on_scale))
        turned = All((stays, metric.reversed.split(context)[0]))
        found |= {"off_scale": All((rows, Not(empty), Not(on_scale))), "stays": stays, "turned": turned}
    return found


def _on_scale(metric: Mean | PairedMean) -> Condition:
    return Among(metric.column, tuple(range(metric.lowest, metric.highest + 1)))


def _paired(metric: PairedMean, rows: Condition, context: Context) -> dict[str, Condition]:
    """The answers of either wave; one of both is without its other, for nobody knows which it is."""
    before, after = (each.split(context)[0] for each in (metric.before, metric.after))
    asked, both = All((rows, AnyOf((before, after)))), All((before, after))
    empty, on_scale = Empty(metric.column), _on_scale(metric)
    stays = All((asked, on_scale, Not(both)))
    return {
        "missing": All((asked, AnyOf((empty, All((on_scale, both)))))),
        "off_scale": All((asked, Not(empty), Not(on_scale))),
        "stays": stays,
        "before": All((stays, before)),
        "after": All((stays, after)),
    }


def _placed(metric: Placed, context: Context) -> tuple[Condition, Condition]:
    if metric.milestone is not None:
        return basis_of(metric, metric.milestone, context)
    yes, no = metric.filter.split(context)
    if context.period is None:
        return yes, All((Not(yes), Not(no)))
    if metric.span is None:
        raise InvalidQuery(f"Metric {metric.name} counts rows without a date; it cannot be asked for a period.")
    # A number for a quarter says nothing of its months: what lies across the edge cannot be placed.
    first, last = metric.span
    whole = All(tuple(Days(day, context.period.first, context.period.last) for day in (first, last)))
    begun, over = Days(first, None, context.period.last), Days(last, context.period.first, None)
    apart = AnyOf((All((Not(Empty(first)), Not(begun))), All((Not(Empty(last)), Not(over)))))
    basis = All((whole, yes))
    return basis, All((Not(apart), Not(no), Not(basis)))


def _exclusions(metric: Metric, context: Context) -> tuple[dict[str, Condition], Condition]:
    """Each named exclusion without those before it, and what none of them takes."""
    found: dict[str, Condition] = {}
    before: tuple[Condition, ...] = ()
    for exclusion in metric.exclusions:
        when = exclusion.when.split(context)[0]
        found[f"excluded:{exclusion.name}"] = All((when, *map(Not, before)))
        before = (*before, when)
    return found, All(tuple(Not(when) for when in before))
