"""Run all benchmarks but the longest, or those that are named: ``python -m benchmarks [NAME …]``."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import benchmarks
from benchmarks import ON_REQUEST, REGISTRY, Result


def machine() -> str:
    """What ran, on what, when."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line[:10] == "model name"]
        cpu = models[0] if models else cpu
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{now}  {python}  {platform.system()} {platform.release()}  {cpu} x {os.cpu_count()}"


def line(result: Result) -> str:
    """One result, in one line."""
    sign = ">=" if result.higher_is_better else "<="
    unit, scale = ("ms", 1e3) if min(result.reference) < 1 else ("s", 1.0)
    return (
        f"{result.name:<24} {result.ratio():6.2f}  (target {sign} {result.target:g}, stretch {result.stretch:g}: "
        f"{'met' if result.met() else 'MISSED'})  minima {result.ratio_of_minima():.2f}  "
        f"A/A {result.control_ratio():.2f}  best {min(result.ours) * scale:.1f} {unit} "
        f"against {min(result.reference) * scale:.1f} {unit}  rounds {len(result.ours)}"
    )


def main(names: Sequence[str]) -> int:
    """Run the named benchmarks, or all that need not be named, and print a line for each result."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"benchmarks.{module.name}")
    if unknown := sorted(set(names) - set(REGISTRY)):
        print(
            f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(sorted(REGISTRY))}.", file=sys.stderr
        )
        return 2
    print(machine(), flush=True)
    for name in names or sorted(REGISTRY.keys() - ON_REQUEST):
        for result in REGISTRY[name]():
            print(line(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
