"""The examples of the documentation and the README run as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"^[ \t]*(```+|~~~+|:::+)[ \t]*(?:py|python3|pycon|\{code(?:-block)?\}[ \t]*python\S+)[ \t]*$", re.M)


def collected(home: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Run the pages of a folder as those of ``docs`` are run."""
    shutil.copy(root / "docs" / "conftest.py", home)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(home), "-c", "/dev/null", "."]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, encoding="utf-8")


def test_an_example_that_lies_is_caught(tmp_path: Path, root: Path) -> None:
    (tmp_path / "page.md").write_text("# A page\n\n```python\nx = 2\n```\n\n```python\nassert x == 3\n```\n")
    done = collected(tmp_path, root)
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed" in done.stdout


def unrun(root: Path) -> list[str]:
    """Python blocks under a name that the runner does not know, and would pass over."""
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    found = [(page, match[0]) for page in pages for match in BLOCK.finditer(page.read_text("utf-8"))]
    return [f"{page.relative_to(root)}: {line}" for page, line in found]


def test_every_python_block_has_the_name_that_is_run(root: Path) -> None:
    assert unrun(root) == []


def test_a_block_that_would_not_run_is_caught(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("```py\n1 / 0\n```\n\n```python\nx = 1\n```\n\n```text\npython\n```\n")
    assert unrun(tmp_path) == ["page.md: ```py"]
