"""Compute the reference values of ``lifelines.json``; the README beside it says with what."""

from __future__ import annotations

import json
import random
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any


def tables() -> dict[str, list[tuple[int, int, int]]]:
    """Invented cases as (entry, time, cause): cause 0 is last seen open, entry 0 from the start.

    Times of cause *c* leave the remainder *c* when divided by 4, entries 3: no two kinds meet.
    """
    draw = random.Random(20240229)
    found = {}
    for name, size, late in (("small", 12, 0.0), ("ties", 150, 0.0), ("late", 150, 0.6), ("early_gap", 40, 0.9)):
        cases = []
        for _ in range(size):
            cause = draw.choice([0, 1, 1, 2])
            time = 4 * draw.randint(1, 8 if name == "ties" else 40) + cause
            entry = 4 * draw.randint(0, time // 4 - 1) + 3 if draw.random() < late else 0
            cases.append((entry, time, cause))
        found[name] = cases
    return found


def reference(cases: list[tuple[int, int, int]]) -> dict[str, Any]:
    """The curve of all ends, and the incidence of each cause with its variance, at every time of the table."""
    lifelines: Any = import_module("lifelines")

    warnings.simplefilter("ignore")
    entry, time, cause = ([case[i] for case in cases] for i in range(3))
    entries = entry if any(entry) else None
    curve = lifelines.KaplanMeierFitter().fit(time, [int(c > 0) for c in cause], entry=entries)
    limits = curve.confidence_interval_survival_function_
    found: dict[str, Any] = {
        "cases": cases,
        "survival": {int(t): float(s) for t, s in curve.survival_function_.iloc[:, 0].items()},
        "lower": {int(t): float(s) for t, s in limits.iloc[:, 0].items()},
        "upper": {int(t): float(s) for t, s in limits.iloc[:, 1].items()},
        "incidence": {},
        "variance": {},
    }
    for which in (1, 2):
        # Ties of one cause are no ties to the estimate; the check that would move them at random is passed by.
        fitter = lifelines.AalenJohansenFitter()
        fitter._check_for_duplicates = lambda **_: False
        fitter.fit(time, cause, event_of_interest=which, entry=entries)
        found["incidence"][which] = {int(t): float(s) for t, s in fitter.cumulative_density_.iloc[:, 0].items()}
        found["variance"][which] = {int(t): float(s) for t, s in fitter.variance_.items()}
    return found


def main() -> None:
    """Write the file."""
    values = {name: reference(cases) for name, cases in tables().items()}
    text = json.dumps(values, sort_keys=True).replace("NaN", "null").replace("Infinity", "null")
    Path(__file__).with_name("lifelines.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
