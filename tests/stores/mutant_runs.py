"""Runs the whole kit against stores with a planted fault, each in a pytest of its own, and tells what failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from community_mediation.testing import StoreConformance
from tests.testing.outside import REPORTER, Found, sorted_out

HERE = Path(__file__).parent
MACHINE_TEST = "test_it_answers_as_memory_does_whatever_is_done"


def run(module: str, names: Iterable[str], folder: Path, *, only: str = "") -> dict[str, Found]:
    """What the kit finds, by the names of the stores.

    Args:
        module: A module of this folder with a class ``Test<name>`` for each store.
        names: The stores.
        folder: An empty folder.
        only: A choice of tests, as pytest takes it by ``-k``.
    """
    (folder / "conftest.py").write_text(REPORTER)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\npython_files = mutant_*.py\n")
    (folder / module).write_text((HERE / module).read_text("utf-8"), "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)])}
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", *(f"{module}::Test{name}" for name in names)]
    done = subprocess.run(
        [*command, *(["-k", only] if only else [])], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = sorted_out(json.loads((folder / "found.json").read_text("utf-8")))
    return {name: found[f"Test{name}"] for name in names}


def law_of(test: str) -> str:
    """The law that a test holds, as its docstring begins."""
    return str(getattr(StoreConformance, test).__doc__).partition(":")[0]


def table(faults: Mapping[str, str], found: Mapping[str, Found]) -> str:
    """Which law each fault breaks, by which test it is found, by how many others, and whether by the machine."""
    lines = [f"{'store with the fault':<22} {'law':<8} {'failed':>6} {'machine':<8} test that names it"]
    for name, test in faults.items():
        failed = found[name].failed
        machine = "caught" if MACHINE_TEST in failed else "-"
        lines.append(f"{name:<22} {law_of(test):<8} {len(failed):>6} {machine:<8} {test}")
    return "\n".join(lines)
