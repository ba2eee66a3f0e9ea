"""What a metric says of itself, line by line: for lists on a terminal, for the reference, for a footnote."""

from __future__ import annotations

from typing import Any, Final

from community_mediation.metrics._catalogue import FAMILIES, chosen
from community_mediation.metrics._definitions import Count, Duration, Metric, Proportion
from community_mediation.metrics._measures import (
    Distinct,
    Mean,
    PairedMean,
    Placed,
    Ratio,
    Repeat,
    Shared,
    Total,
    Within,
)

Described = tuple[tuple[str, str], ...]
"""What is said, and how it is: ``("denominator", "mediations begun")``."""

KINDS: Final[dict[type[Metric], str]] = {
    Count: "count",
    Proportion: "share",
    Duration: "time",
    Within: "share by a fixed day",
    Total: "sum",
    Shared: "sum of parts",
    Mean: "mean",
    PairedMean: "mean change",
    Distinct: "number of different ones",
    Repeat: "share of different ones",
    Ratio: "ratio",
}
_ATTRIBUTION: Final = {
    "each": "in full for each who worked on it",
    "lead": "for the one who led",
    "shared": "in part, 1/n for each of n who worked on it",
}


def describe(metric: Metric | str, lang: str = "en") -> Described:
    """The definition of a metric: kind, table, numerator, denominator, basis, what is left out, source, version.

    Args:
        metric: A name of the catalogue, or a metric of your own.
        lang: ``en`` or ``zh``, for the labels.

    Raises:
        InvalidQuery: No such metric.
    """
    (metric,) = chosen([metric])
    rows: list[tuple[str, str]] = [("name", metric.name), ("kind", KINDS.get(type(metric), type(metric).__name__))]
    if family := family_of(metric):
        rows.append(("family", family))
    rows.append(("table", metric.grain))
    rows += _of_kind(metric, lang)
    if not isinstance(metric, Ratio):
        rows.append(("basis", metric.basis.value))
        left_out = ", ".join(each.label.text(lang) for each in metric.exclusions)
        rows.append(("left out by name", left_out or "nothing"))
    if metric.attribution is not None:
        rows.append(("attribution", _ATTRIBUTION[metric.attribution.value]))
    return (*rows, ("source", metric.source), ("version", str(metric.version)))


def denominator_of(metric: Metric, lang: str = "en") -> str:
    """What a share or ratio is counted over; empty for what has no denominator."""
    if isinstance(metric, Proportion | Within | Repeat):
        return metric.denominator_label.text(lang)
    return metric.denominator.label.text(lang) if isinstance(metric, Ratio) else ""


def family_of(metric: Metric) -> str:
    """The family that the library ships it in; empty for one of somebody's own."""
    return next((name for name, members in FAMILIES.items() if metric in members), "")


def _of_kind(metric: Any, lang: str) -> list[tuple[str, str]]:
    if isinstance(metric, Proportion):
        pending = "stand in the denominator" if metric.counts_open else "left out, and counted beside it"
        return [
            ("numerator", metric.numerator_label.text(lang)),
            ("denominator", metric.denominator_label.text(lang)),
            ("open", pending),
            ("placed by", metric.milestone),
        ]
    if isinstance(metric, Within):
        young = "those not watched for so long are in neither number"
        return [
            ("numerator", metric.numerator_label.text(lang)),
            ("denominator", metric.denominator_label.text(lang)),
            ("from, to", f"{metric.start}, {metric.end}, within {metric.days} days"),
            ("not due yet", young),
        ]
    if isinstance(metric, Duration):
        method = "Kaplan-Meier" if metric.competing is None else f"Aalen-Johansen; {metric.competing} competes"
        rows = [("from, to", f"{metric.start}, {metric.end}"), ("unit", metric.unit.value), ("method", method)]
        return rows if metric.seen == "observed" else [*rows, ("watched until", metric.seen)]
    if isinstance(metric, Ratio):
        return [("numerator", metric.numerator.label.text(lang)), ("denominator", metric.denominator.label.text(lang))]
    if isinstance(metric, Count):
        return [("counts", metric.what.text(lang)), ("placed by", metric.milestone)]
    rows = []
    if isinstance(metric, Placed):
        rows = [("counts", metric.what.text(lang))]
        placed = metric.milestone or (" to ".join(metric.span) if metric.span else "")
        rows += [("placed by", placed)] if placed else []
    if isinstance(metric, Repeat):
        rows.append(("denominator", metric.denominator_label.text(lang)))
    if isinstance(metric, Mean):
        rows.append(("scale", f"{metric.lowest} to {metric.highest}; limits clustered by case"))
    if isinstance(metric, PairedMean):
        rows.append(("limits", "clustered by case"))
    return rows
