"""``make`` says what it needs, and does nothing twice."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Path:
    """A project with the real Makefile, whose environment is complete."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)
    venv = tmp_path / ".venv"
    venv.mkdir()
    for stamp in (".made", ".made-demo", ".made-test", ".made-spark", ".made-bench", ".made-dev"):
        (venv / stamp).touch()
    return tmp_path


def make(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make as it is run by hand, whatever make runs the tests."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *words], cwd=project, env=env, capture_output=True, text=True)


def test_an_old_python_is_refused_by_name_and_with_the_remedy(clone: Path) -> None:
    """Before anything is made."""
    shutil.rmtree(clone / ".venv")
    old = clone / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make(clone, "demo", "PYTHON=./old-python")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make PYTHON=python3.12 demo" in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("goal", ["demo", "test", "test-spark", "check", "docs", "bench", "test-long"])
def test_a_second_run_does_not_call_pip(clone: Path, goal: str) -> None:
    done = make(clone, "--dry-run", goal)
    assert done.returncode == 0, done.stderr
    assert " pip " not in done.stdout


def test_a_changed_pin_or_a_new_plugin_installs_again(clone: Path) -> None:
    """With the core and all plugins in one call, so that pip settles them together."""
    plugin = clone / "plugins" / "one"
    plugin.mkdir(parents=True)
    (plugin / "pyproject.toml").write_text("")
    os.utime(plugin / "pyproject.toml", (2**33, 2**33))
    done = make(clone, "--dry-run", "test")
    assert '-e ".[test]" -e "./plugins/one[test]"' in done.stdout, done.stdout
    assert "-c constraints.txt" in done.stdout


def test_the_demo_installs_no_tools(clone: Path) -> None:
    (clone / ".venv" / ".made-demo").unlink()
    done = make(clone, "--dry-run", "demo")
    assert '-e ".[cli,metrics,xlsx,charts]"' in done.stdout, done.stdout


def test_types_are_checked_in_plugins_and_in_those_under_examples(clone: Path) -> None:
    """The latter are not installed: the tests build and install them as outsiders do."""
    for folder in ("plugins/one", "examples/two"):
        (clone / folder).mkdir(parents=True)
        (clone / folder / "pyproject.toml").write_text("")
        os.utime(clone / folder / "pyproject.toml", (0, 0))
    done = make(clone, "--dry-run", "types")
    assert "for plugin in plugins/one examples/two; do" in done.stdout, done.stdout + done.stderr
    (clone / ".venv" / ".made-test").unlink()
    assert "examples/two" not in make(clone, "--dry-run", "test").stdout
