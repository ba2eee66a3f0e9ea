"""What ``pip install 'community-mediation[testing]'`` brings is enough for the kit: nothing else is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
GUARD = """
import importlib.abc, json, os, sys

class Guard(importlib.abc.MetaPathFinder):
    absent = frozenset(json.loads(os.environ["ABSENT"]))

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in self.absent:
            raise ModuleNotFoundError(f"not installed here: {top}", name=top)
        return None

sys.meta_path.insert(0, Guard())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
STORE = """
import pytest
from community_mediation.stores import MemoryStore
from community_mediation.testing import StoreConformance, strategies

class TestMemoryStore(StoreConformance):
    machine_examples = 3

    @pytest.fixture
    def open_store(self):
        return MemoryStore
"""


def brought(extra: str) -> set[str]:
    """The distributions that an installer brings for the library with one extra, as ``pyproject.toml`` has it."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    waiting = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else ())]
    found: set[str] = set()
    while waiting:
        one = Requirement(waiting.pop())
        name = canonicalize_name(one.name)
        if name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += requires(name) or ()
    return found


def run(folder: Path, allowed: set[str], code: str) -> str:
    """What pytest says of a module where only *allowed* distributions and the standard library can be imported."""
    (folder / "test_alone.py").write_text(code)
    (folder / "guarded.py").write_text(GUARD)
    absent = sorted(
        module
        for module, names in packages_distributions().items()
        if not {canonicalize_name(name) for name in names} & allowed
    )
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "ABSENT": json.dumps(absent),
    }
    command = [sys.executable, "guarded.py", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    done = subprocess.run([*command, "test_alone.py"], cwd=folder, env=env, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_the_kit_needs_what_its_extra_brings_and_nothing_else(tmp_path: Path) -> None:
    """All laws of a store run."""
    said = run(tmp_path, brought("testing"), STORE)
    assert " passed" in said
    assert " failed" not in said and " error" not in said, said


@pytest.mark.parametrize(("extra", "missing"), [("", "pytest"), ("testing", "polars")])
def test_what_was_not_brought_cannot_be_imported_there(tmp_path: Path, extra: str, missing: str) -> None:
    """A control: without the extra there is no pytest, and a law that took polars would fail."""
    said = run(tmp_path, brought(extra), f"import {missing}\n{STORE}")
    assert f"not installed here: {missing}" in said
    assert " passed" not in said
