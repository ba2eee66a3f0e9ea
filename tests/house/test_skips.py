"""Nothing is skipped in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SAID = {"said": "@pytest.mark.skip(reason='the moon is full')\ndef test_it(): pass"}
UNSAID = {
    "mark": "@pytest.mark.skip\ndef test_it(): pass",
    "inside": "def test_it(): pytest.skip()",
    "file": "pytest.skip(allow_module_level=True)",
    "xfail": "@pytest.mark.xfail\ndef test_it(): assert False",
}


def run(home: Path, root: Path, tests: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a small project, guarded as this one is; all that runs in it passes."""
    shutil.copy(root / "tests" / "conftest.py", home)
    (home / "pytest.ini").write_text("[pytest]\naddopts = -ra -p no:cacheprovider\n")
    (home / "test_passes.py").write_text("def test_it(): pass\n")
    for name, body in tests.items():
        (home / f"test_{name}.py").write_text(f"import pytest\n\n{body}\n")
    return subprocess.run([sys.executable, "-m", "pytest", *options], cwd=home, capture_output=True, text=True)


def test_skips_without_a_reason_fail_the_run_and_are_named(tmp_path: Path, root: Path) -> None:
    done = run(tmp_path, root, UNSAID)
    assert done.returncode == 1, done.stdout
    _, _, section = done.stdout.partition("skipped without a reason")
    assert [name for name in UNSAID if f"test_{name}.py" not in section] == []


def test_a_skip_without_a_reason_fails_the_run_in_parallel_too(tmp_path: Path, root: Path) -> None:
    assert run(tmp_path, root, {"mark": UNSAID["mark"]}, "-n", "1").returncode == 1


def test_a_skip_with_a_reason_prints_it_and_passes(tmp_path: Path, root: Path) -> None:
    done = run(tmp_path, root, SAID)
    assert done.returncode == 0, done.stdout
    assert "the moon is full" in done.stdout
