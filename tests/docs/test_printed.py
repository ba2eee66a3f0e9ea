"""The README and the pages show what is really printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(home: Path) -> subprocess.CompletedProcess[str]:
    """Run the pages of a folder as those of ``docs`` are run."""
    shutil.copy(ROOT / "docs" / "conftest.py", home)
    options = ["-p", "no:cacheprovider", "--rootdir", str(home), "-c", "/dev/null", "-o", f"pythonpath={ROOT / 'src'}"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "."], cwd=home, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.mark.parametrize(("name", "blocks"), [("README.md", 8), ("README.zh-CN.md", 6)])
def test_the_readme_prints_what_it_shows(name: str, blocks: int, tmp_path: Path) -> None:
    """In an empty folder, from top to bottom, in either language."""
    shutil.copy(ROOT / name, tmp_path)
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert f" {blocks} passed" in done.stdout


@pytest.mark.parametrize(
    "page",
    [
        "```python\nprint(1)\n```\n\n```output\n2\n```\n",
        "```python\nprint(1)\n```\n\n```output\n```\n",
        "```python\nx = 1\n```\n\n```output\n1\n```\n",
        "```console\n$ community-mediation metrics --list --lang xx\n```\n",
        "```console\n$ community-mediation schema nothing\nfine\n```\n",
    ],
)
def test_an_output_that_is_not_so_is_caught(tmp_path: Path, page: str) -> None:
    (tmp_path / "page.md").write_text(page)
    done = run(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "something else than was printed" in done.stdout


def test_an_output_that_is_so_passes(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text('```python\nprint("a ")\nprint("汉")\n```\n\n```output\na\n汉\n```\n')
    assert run(tmp_path).returncode == 0
