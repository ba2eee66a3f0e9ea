"""The curve over a million different times, against lifelines over the same times in the same process.

Ours begins at the facts: checking, classifying and the limits of the median are in it. Where the facts are in Parquet,
both read them there, lifelines by way of a few lines of Polars that make its two arrays; where they are in a frame, it
begins at the arrays. For its Aalen-Johansen the variance is left out, since it takes the square of the number of times;
ours has it.

lifelines says that it needs an older pandas than is tested here, and works beside the newer one all the same:
``pip install --no-deps lifelines==0.30.3 autograd autograd-gamma``.
"""

from __future__ import annotations

import math
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import Result, benchmark, interleaved
from benchmarks._facts import write
from benchmarks._timing import missing
from benchmarks.metrics import MILLION, timer
from community_mediation.metrics import survival

Arrays = tuple[Any, Any]
"""The time of each case, and how it ended: 0 for not at all."""


def arrays(folder: Path) -> Arrays:
    """The times that lifelines is given: 1 for an agreement, 2 for another end."""
    frame = pl.read_parquet(folder).filter(pl.col("conclusion").ne_missing("void"))
    last = pl.coalesce("first_concluded_at", "observed_at")
    ended, agreed = pl.col("first_concluded") == "at", pl.col("agreed") == "at"
    found = frame.select(
        time=(last - pl.col("reported_at")).dt.total_microseconds().cast(pl.Float64),
        cause=pl.when(agreed).then(1).when(ended).then(2).otherwise(0),
    )
    return found["time"].to_numpy(), found["cause"].to_numpy()


def kaplan_meier(given: Arrays) -> Any:
    """The fitted curve of lifelines, with the limits of its median."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    time, cause = given
    fitted = KaplanMeierFitter().fit(time, cause > 0)
    limits = median_survival_times(fitted.confidence_interval_).iloc[0]
    return fitted, (fitted.median_survival_time_, *limits)


def aalen_johansen(given: Arrays) -> Any:
    """The fitted incidence of agreements."""
    from lifelines import AalenJohansenFitter

    return AalenJohansenFitter(calculate_variance=False).fit(*given, event_of_interest=1)


def check_survival(figure: Any, theirs: Any) -> None:
    """The same median with the same limits, and the same curve at a thousand of its times."""
    fitted, medians = theirs
    estimate = figure.estimate
    if (estimate.median, estimate.lower, estimate.upper) != medians:
        raise AssertionError("other medians")
    curve = fitted.survival_function_.iloc[:, 0]
    for step in estimate.steps[:: max(1, len(estimate.steps) // 1000)]:
        if not math.isclose(step.survival, curve.loc[float(step.time)], abs_tol=1e-9):
            raise AssertionError("another curve")


def check_incidence(figure: Any, theirs: Any) -> None:
    """The same curve at a thousand of its times."""
    curve = theirs.cumulative_density_.iloc[:, 0]
    steps = figure.incidence.steps
    for step in steps[:: max(1, len(steps) // 1000)]:
        at = curve.index.searchsorted(step.time, side="right") - 1
        if not math.isclose(step.incidence[0], curve.iloc[at], abs_tol=1e-6):
            raise AssertionError("another curve")


def curves(
    folder: Path, ends: Mapping[str, tuple[str, Callable[[Arrays], Any], Callable[[Any, Any], None]]]
) -> Iterator[Result]:
    """Each curve over both, after looking that it is the same."""
    given = arrays(folder)
    frame = pl.read_parquet(folder)
    for name, (end, theirs, check) in ends.items():
        check(survival(frame, end=end).total, theirs(given))
        sources: dict[str, tuple[Callable[[], Any], Callable[[], Arrays]]] = {
            "Parquet": (lambda: pl.scan_parquet(folder), lambda: arrays(folder)),
            "Polars": (lambda: frame, lambda: given),
        }
        for where, (opened, read) in sources.items():
            ours = timer(lambda end=end, opened=opened: survival(opened(), end=end))  # type: ignore[misc]
            reference = timer(lambda theirs=theirs, read=read: theirs(read()))  # type: ignore[misc]
            yield interleaved(
                f"{name} ({where})", ours, reference, target=5, stretch=8, higher_is_better=True, rounds=7
            )


@benchmark("survival")
def survival_benchmark() -> Iterator[Result]:
    """The share still open, and the incidence of agreements, over a million cases."""
    if missing("survival", "lifelines", "The curve"):
        return
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        # lifelines moves causes that fall on the same time, and says so.
        warnings.simplefilter("ignore")
        folder = write(Path(place, "case"), MILLION, exact=True)
        yield from curves(
            folder,
            {
                "Kaplan-Meier": ("first_concluded", kaplan_meier, check_survival),
                "Aalen-Johansen": ("agreed", aalen_johansen, check_incidence),
            },
        )
