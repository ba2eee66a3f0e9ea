"""The plugins under ``examples``, built and installed as an outsider would, and tested there."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(file.parent for file in ROOT.glob("examples/*/pyproject.toml"))
PUBLIC = {
    "community_mediation",
    "community_mediation.domain.matter",
    "community_mediation.domain.validators",
    "community_mediation.errors",
    "community_mediation.facts.schema",
    "community_mediation.metrics",
    "community_mediation.ports",
    "community_mediation.stores.kit",
    "community_mediation.regions",
    "community_mediation.registers",
    "community_mediation.samples",
    "community_mediation.stores",
    "community_mediation.testing",
}


def run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command without anything of this project on the path."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "COVERAGE"))}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8")


@attrs.frozen
class Outside:
    """An environment that was made from wheels, and what is installed in it."""

    python: Path
    packages: Path


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Outside:
    """A fresh environment with the core and every example, from wheels, without a network."""
    home = tmp_path_factory.mktemp("outside")
    for project in (ROOT, *PLUGINS):
        done = run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(home / "wheels")], project)
        assert done.returncode == 0, done.stdout + done.stderr
    venv.create(home / "venv", with_pip=False, symlinks=True)
    python = home / "venv" / "bin" / "python"
    packages = Path(
        run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], home).stdout.strip()
    )
    wheels = sorted(map(str, (home / "wheels").iterdir()))
    assert len(wheels) == len(PLUGINS) + 1
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(packages)]
    done = run([*install, *wheels], home)
    assert done.returncode == 0, done.stdout + done.stderr
    # What the core needs comes from the environment of these tests; what is installed there by reference does not.
    (packages / "needed.pth").write_text(
        "\n".join(dict.fromkeys(sysconfig.get_path(one) for one in ("purelib", "platlib")))
    )
    return Outside(python, packages)


def test_the_environment_has_the_wheel_and_not_the_checkout(outside: Outside, tmp_path: Path) -> None:
    """Otherwise what follows would prove nothing."""
    done = run([str(outside.python), "-c", "import community_mediation; print(community_mediation.__file__)"], tmp_path)
    assert done.stdout.strip() == str(outside.packages / "community_mediation" / "__init__.py"), done.stderr


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_its_own_tests_pass_where_it_is_installed(outside: Outside, plugin: Path, tmp_path: Path) -> None:
    """From a copy of its tests, far from its sources."""
    shutil.copytree(plugin / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    command = [str(outside.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    done = run([*command, "--rootdir", str(tmp_path), "-W", "error", "tests"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_fault_in_a_plugin_is_seen(outside: Outside, tmp_path: Path) -> None:
    """A control: a test that fails, fails the run."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_planted.py").write_text(
        "import jsonl_folder_store\n\ndef test_it():\n    assert False\n"
    )
    done = run(
        [str(outside.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "tests"], tmp_path
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout


def test_the_command_lists_them_all_as_installed(outside: Outside, tmp_path: Path) -> None:
    """By the names that they are enabled by."""
    done = run([str(outside.python), "-m", "community_mediation", "plugins", "--json"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {each["name"] for each in json.loads(done.stdout)}
    assert set(entry_points()) <= listed


def entry_points() -> dict[str, str]:
    """The plugins' names, and the modules that they name."""
    found: dict[str, str] = {}
    for plugin in PLUGINS:
        settings = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))
        found |= settings["project"]["entry-points"]["community_mediation.plugins"]
    return found


def private(folder: Path) -> Iterator[str]:
    """What a plugin imports of the core beyond its public names."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                # ``from community_mediation import regions`` takes a module too.
                modules = [node.module]
                if node.module == "community_mediation":
                    modules += [f"community_mediation.{alias.name}" for alias in node.names if is_room(alias.name)]
            else:
                continue
            for module in modules:
                if module.partition(".")[0] == "community_mediation" and module not in PUBLIC:
                    yield f"{file.name}:{node.lineno} imports {module}"


def is_room(name: str) -> bool:
    """Whether a name of the package is a module of it."""
    package = ROOT / "src" / "community_mediation"
    return (package / name).is_dir() or (package / f"{name}.py").is_file()


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_it_uses_public_names_only(plugin: Path) -> None:
    """Those of the documentation for authors of plugins."""
    assert list(private(plugin)) == []


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("from community_mediation.stores._staging import Staging", True),
        ("from community_mediation.domain.case import Case", True),
        ("from community_mediation import casebook", True),
        ("import community_mediation.codec", True),
        ("def later():\n    from community_mediation.builtins import case_keys", True),
        ("from community_mediation import Case, testing, errors", False),
        ("import community_mediation.ports as ports", False),
        ("import community_mediation_of_another", False),
    ],
)
def test_a_private_import_is_caught(tmp_path: Path, source: str, caught: bool) -> None:
    (tmp_path / "plugin.py").write_text(source)
    assert bool(list(private(tmp_path))) is caught


def test_the_public_names_are_those_of_the_guide() -> None:
    """Authors read them there."""
    page = (ROOT / "docs" / "how-to" / "test-your-plugin.md").read_text("utf-8").partition("## Public names")[2]
    assert set(re.findall(r"^\| `([\w.]+)` \|", page, re.M)) == PUBLIC


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_it_is_a_small_distribution_of_its_own(plugin: Path) -> None:
    """With a README, tests, one entry point, and the core as its one requirement."""
    settings = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))
    project = settings["project"]
    assert project["name"] == plugin.name
    assert [one.partition(">")[0] for one in project["dependencies"]] == ["community-mediation"]
    assert len(project["entry-points"]["community_mediation.plugins"]) == 1
    assert 10 <= len((plugin / "README.md").read_text("utf-8").splitlines()) <= 30
    assert list((plugin / "tests").glob("test_*.py"))
