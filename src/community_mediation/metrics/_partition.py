"""The parts of a figure: into which of them each case of the basis falls."""

from __future__ import annotations

from community_mediation.metrics._conditions import AT, NOT_REACHED, All, Among, AnyOf, Condition, Context, Not
from community_mediation.metrics._definitions import Basis, Count, Metric, Proportion
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


def _exclusions(metric: Metric, context: Context) -> tuple[dict[str, Condition], Condition]:
    """Each named exclusion without those before it, and what none of them takes."""
    found: dict[str, Condition] = {}
    before: tuple[Condition, ...] = ()
    for exclusion in metric.exclusions:
        when = exclusion.when.split(context)[0]
        found[f"excluded:{exclusion.name}"] = All((when, *map(Not, before)))
        before = (*before, when)
    return found, All(tuple(Not(when) for when in before))
