"""Runs the examples of the documentation, each page in a folder of its own.

A ``python`` block is executed. An ``output`` block after it must say what it printed. A ``console``
block holds commands after ``$`` with what they say; those of ``community-mediation`` are run.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.myst import CodeBlockParser

PRINTED = "_printed_by_the_block_before"


def run_python(example: Example) -> None:
    """Run the block, and keep what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        PythonEvaluator()(example)
    example.namespace[PRINTED] = printed.getvalue()


def compare_output(example: Example) -> str | None:
    """Say what differs from what the block before printed."""
    return difference(example.parsed, example.namespace.get(PRINTED, ""))


def run_console(example: Example) -> str | None:
    """Run each command of this library, and compare what it says: stdout before stderr."""
    shown, said = [], []
    for part in example.parsed.split("$ ")[1:]:
        command, _, output = part.partition("\n")
        words = shlex.split(command)
        if words and words[0] == "community-mediation":
            shown.append(output)
            said.append(run_command(words[1:]))
    return difference("".join(shown), "".join(said))


def run_command(words: list[str]) -> str:
    """What a command of this library says, run as this interpreter imports it."""
    package = find_spec("community_mediation")
    assert package is not None
    assert package.origin is not None
    env = {**os.environ, "PYTHONPATH": str(Path(package.origin).parents[1]), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "community_mediation", *words]
    done = subprocess.run(command, check=False, env=env, capture_output=True, text=True, encoding="utf-8")
    return done.stdout + done.stderr


def difference(shown: str, said: str) -> str | None:
    """``None`` if both are the same but for spaces at the ends of lines."""
    wanted, found = ([line.rstrip() for line in text.rstrip().splitlines()] for text in (shown, said))
    return None if wanted == found else "the page shows something else than was printed:\n" + "\n".join(found)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty working directory, so that an example may write `cases.db`."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("example")
        patch.chdir(home)
        yield home


SPARK = "national-table-on-spark.md"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the page that needs Spark to ``make test-spark``."""
    for item in items:
        if item.path.name == SPARK:
            item.add_marker("spark")


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser("python", run_python),
        CodeBlockParser("output", compare_output),
        CodeBlockParser("console", run_console),
    ],
    patterns=["*.md"],
    excludes=["_build/*"],
    fixtures=["workplace"],
).pytest()
