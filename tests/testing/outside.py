"""Runs the tests of a plugin's author, in a pytest of their own, and tells what came of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

HERE: Final = Path(__file__).parent
REPORTER: Final = """
import json
from pathlib import Path

from hypothesis import Phase, settings

# What fails is looked at by name only: nothing needs to shrink.
PHASES = [Phase.explicit, Phase.generate]
settings.register_profile("few", derandomize=True, database=None, deadline=None, max_examples=25, phases=PHASES)
settings.load_profile("few")
FOUND = []

def pytest_runtest_logreport(report):
    if report.outcome != "passed" or report.when == "call":
        FOUND.append([report.nodeid, report.when, report.outcome, str(report.longrepr or "")])

def pytest_sessionfinish(session):
    Path(session.config.invocation_params.dir, "found.json").write_text(json.dumps(FOUND))
"""


@attrs.frozen
class Found:
    """What came of one test class: its tests by outcome, and what was said."""

    passed: frozenset[str]
    failed: frozenset[str]
    skipped: frozenset[str]
    said: str


def run(file: str, folder: Path, faults: Mapping[str, str], *whole: str) -> dict[str, Found]:
    """Run classes of a module beside this one, and give what was found, by the name of the class.

    Args:
        file: The module.
        folder: An empty folder.
        faults: By the name of a faulty class, without its ``Test``, the law that it is to fail: that alone is run.
        whole: The classes that are run with all their tests.
    """
    (folder / "conftest.py").write_text(REPORTER)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\npython_files = *_faults.py\n")
    (folder / file).write_text((HERE / file).read_text("utf-8"), "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    chosen = [f"{file}::Test{name}::{law}" for name, law in faults.items()]
    command = [sys.executable, "-m", "pytest", "-q", *chosen, *(f"{file}::{name}" for name in whole)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return sorted_out(json.loads((folder / "found.json").read_text("utf-8")))


def sorted_out(reports: Iterable[tuple[str, str, str, str]]) -> dict[str, Found]:
    """What was reported, by the name of the class. The names of tests are without their parameters."""
    classes: dict[str, Any] = defaultdict(lambda: defaultdict(set))
    said: dict[str, str] = defaultdict(str)
    for node, _when, outcome, text in reports:
        _, name, test = node.split("::", 2)
        classes[name][outcome].add(test.partition("[")[0])
        said[name] += text
    return {
        name: Found(
            passed=frozenset(by["passed"] - by["failed"]),
            failed=frozenset(by["failed"]),
            skipped=frozenset(by["skipped"]),
            said=said[name],
        )
        for name, by in classes.items()
    }
