"""Runs the kit against stores with a planted fault, in a pytest of its own, and tells what failed."""

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


def run(module: str, chosen: Mapping[str, Iterable[str]], folder: Path) -> dict[str, Found]:
    """What the kit finds, by the names of the stores.

    Args:
        module: A module of this folder with a class ``Test<name>`` for each store.
        chosen: By the name of a store, the tests to run; the whole kit for none.
        folder: An empty folder.
    """
    (folder / "conftest.py").write_text(REPORTER)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\npython_files = mutant_*.py\n")
    (folder / module).write_text((HERE / module).read_text("utf-8"), "utf-8")
    _install_plugin(folder)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)])}
    nodes = [
        "::".join([module, f"Test{name}", *filter(None, [test])])
        for name, tests in chosen.items()
        for test in tests or [""]
    ]
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", *nodes]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = sorted_out(json.loads((folder / "found.json").read_text("utf-8")))
    return {name: found[f"Test{name}"] for name in chosen}


def _install_plugin(folder: Path) -> None:
    # As the installer of a distribution writes it: other programs find the plugin by its name.
    told = folder / "mutants-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: mutants\nVersion: 1\n")
    (told / "entry_points.txt").write_text("[community_mediation.plugins]\nmutants = tests.stores.mutant_plugin\n")


def law_of(test: str) -> str:
    """The law that a test holds, as its docstring begins."""
    return str(getattr(StoreConformance, test).__doc__).partition(":")[0]


def table(faults: Mapping[str, str], found: Mapping[str, Found]) -> str:
    """Which law each fault breaks, the test that is named for it, and whether the machine catches it unaided."""
    lines = [f"{'store with the fault':<20} {'law':<8} {'machine':<8} test that names it"]
    for name, test in faults.items():
        looked = {*found[name].failed, *found[name].passed}
        machine = "caught" if MACHINE_TEST in found[name].failed else "missed" if MACHINE_TEST in looked else "-"
        lines.append(f"{name:<20} {law_of(test):<8} {machine:<8} {test if test in found[name].failed else 'MISSED'}")
    return "\n".join(lines)
