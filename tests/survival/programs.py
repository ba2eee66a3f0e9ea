"""Starting programs of this folder beside the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program; it is given the paths that the test has."""
    return subprocess.Popen(
        [sys.executable, str(HERE / program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def result(program: subprocess.Popen[str]) -> str:
    """What it printed; any trouble of it is the test's."""
    out, problems = program.communicate()
    assert (program.returncode, problems) == (0, "")
    return out
