"""The scripts in ``examples`` run as they are."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
# Plugins to copy are no scripts: they have tests of their own.
SCRIPTS = sorted([*EXAMPLES.glob("*.py"), *EXAMPLES.glob("histories/*.py"), *EXAMPLES.glob("notebooks/*.py")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_script_runs_and_prints_something(
    script: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies an example gets what it says."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_every_script_stands_in_the_list() -> None:
    """The README of its folder names it."""
    assert {path.parent.name for path in SCRIPTS} >= {"examples", "histories", "notebooks"}
    assert unlisted(SCRIPTS) == []


def unlisted(scripts: list[Path]) -> list[str]:
    """Scripts that the list of their folder does not name."""
    return [path.name for path in scripts if f"`{path.name}`" not in (path.parent / "README.md").read_text("utf-8")]


def test_a_script_that_no_list_names_is_caught(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("| `one.py` | shows something |", "utf-8")
    assert unlisted([tmp_path / "one.py", tmp_path / "two.py"]) == ["two.py"]
