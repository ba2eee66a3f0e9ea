"""Plugins whose objects and errors set traps: each is told as a fault of that plugin, and stops nothing else."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from community_mediation.plugins import GROUP, Plugins
from community_mediation.plugins.verdicts import CHECK_FAILED, asked
from community_mediation.ports import Objection, Weight

TRAPS = {
    "exits": "class Trap:\n    def __getattr__(self, name): raise SystemExit(1)\nthing = Trap()\n",
    "speechless": "from community_mediation.errors import MediationError\n"
    "class Speechless(MediationError):\n    def __str__(self): raise ValueError\n"
    "raise Speechless('no words')\n",
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    importlib.invalidate_caches()


def put(place: Path, name: str, source: str, value: str) -> None:
    module = f"trap_{name}"
    (place / f"{module}.py").write_text(source, encoding="utf-8")
    info = place / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {value}\n")
    importlib.invalidate_caches()


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_told_and_the_rest_goes_on(install: Path, name: str) -> None:
    put(install, name, TRAPS[name], f"trap_{name}:thing")
    plugins = Plugins([name], strict=False)
    plugins.everything()
    assert [each.plugin for each in plugins.problems] == [name]
    assert name not in [each.name for each in plugins.loaded]
    assert "case" in plugins.kinds()


def test_an_entry_point_that_is_written_wrongly_is_told(install: Path) -> None:
    put(install, "wrong", "", "not a value!")
    (problem,) = Plugins(["wrong"], strict=False).problems
    assert "cannot be imported" in problem.message


def test_an_objection_without_words_blocks_as_a_check_that_failed() -> None:
    wordless = Objection(code="some.code", weight=Weight.WARN, reason=None)  # type: ignore[arg-type]
    (found,) = asked("some-plugin", lambda: [wordless], "some_plugin").objections
    assert (found.code, found.weight) == (CHECK_FAILED, Weight.BLOCK)
