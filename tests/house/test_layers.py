"""A room imports only from the rooms below it, and a new room takes its place in the order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
KEEPS = "import attrs\nfrom community_mediation import errors"


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of a project."""
    env = {**os.environ, "PYTHONPATH": str(project / "src")}
    return subprocess.run([sys.executable, "-c", LINT], cwd=project, env=env, capture_output=True, text=True)


@pytest.fixture
def small(tmp_path: Path, root: Path) -> Path:
    """A project with the real contracts and modules that keep them."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    package = tmp_path / "src" / "community_mediation"
    package.mkdir(parents=True)
    for name, source in {"__init__": "", "errors": "", "domain": "", "ports": KEEPS}.items():
        (package / f"{name}.py").write_text(source)
    return tmp_path


def test_the_import_contracts_hold(root: Path) -> None:
    done = lint(root)
    assert done.returncode == 0, done.stdout


def test_a_small_project_that_keeps_them_passes(small: Path) -> None:
    done = lint(small)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "source", "contract"),
    [
        ("errors", "from community_mediation import ports", "A room imports only from the rooms below it"),
        ("errors", "def later():\n    import community_mediation.ports", "A room imports only from the rooms below it"),
        ("settings", "from community_mediation import ports", "A room imports only from the rooms below it"),
        ("utils", "", "A room imports only from the rooms below it"),
        ("domain", "import pluggy", "The domain imports attrs and nothing else from outside"),
        ("ports", "from cattrs import Converter", "Only the codec and the registers import cattrs"),
        ("ports", "import pluggy", "Only the hooks, the plugins and what is built in import pluggy"),
        ("ports", "def later():\n    import pytest", "Only the conformance kit imports pytest and Hypothesis"),
        ("settings", "import click.testing", "Only the command line imports click and Rich"),
    ],
)
def test_a_broken_contract_is_named(small: Path, module: str, source: str, contract: str) -> None:
    """Upwards, sideways, at a room that nobody placed, and at each library that has its room."""
    (small / "src" / "community_mediation" / f"{module}.py").write_text(source)
    done = lint(small)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout
