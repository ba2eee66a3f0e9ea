"""The scripts in ``examples`` run as they are."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_script_runs_and_prints_something(
    script: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies an example gets what it says."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_every_script_stands_in_the_list() -> None:
    """The README of the examples names them all."""
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    assert SCRIPTS
    assert [path.name for path in SCRIPTS if f"`{path.name}`" not in listed] == []
